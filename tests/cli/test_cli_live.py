"""`--live`: the engine is asked by a command line, which a script stands for here."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest
from conftest import Envfix

from envfix import engine
from envfix.report import schema_text

Project = Callable[..., Path]
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the script that stands for docker needs a #! line")

COMPOSE = """\
name: market
services:
  web:
    image: acme/web
    environment: {CATALOGUE_DSN: "${CATALOGUE_DSN}"}
  db:
    image: postgres:17
    ports: ["5599:5432"]
"""
ENV = "CATALOGUE_DSN=postgres://app:hunter2@localhost:5599/market\n"
REFUSED = "web-1  | dial tcp 127.0.0.1:5599: connect: connection refused\n"
ROWS = [
    {"Service": "web", "State": "restarting", "ExitCode": 3, "Health": "", "Status": "Restarting (3) 2 seconds ago"},
    {"Service": "db", "State": "running", "ExitCode": 0, "Health": "healthy", "Status": "Up 3 minutes (healthy)"},
]

# It writes down how it was called, and says what the test wants it to.
SCRIPT = """\
#!{python}
import json, os, sys, time
told = json.load(open({told!r}))
with open({calls!r}, "a") as calls:
    json.dump([sys.argv, os.listdir("."), [name for name in os.environ if name.startswith("COMPOSE_")]], calls)
    calls.write("\\n")
verb = next(word for word in sys.argv[2:] if word in ("version", "ps", "logs"))
answer = told.get(verb, {{}})
sys.stderr.write(answer.get("err", ""))
sys.stdout.write(answer.get("out", ""))
sys.stdout.flush()
exec(answer.get("code", ""))
while answer.get("for_ever"):
    sys.stdout.write("x" * 100_000 + "\\n")
time.sleep(answer.get("sleep", 0))
sys.exit(answer.get("status", 0))
"""


class Tool:
    """The script under the name of a tool, and what was asked of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told = folder / "told.json"
        self.calls_at = folder / "calls"

    def says(self, name: str = "docker", **answers: dict[str, Any]) -> None:
        bin_ = self.folder / "bin"
        bin_.mkdir(exist_ok=True)
        self.told.write_text(json.dumps(answers))
        script = bin_ / name
        script.write_text(SCRIPT.format(python=sys.executable, told=str(self.told), calls=str(self.calls_at)))
        script.chmod(script.stat().st_mode | stat.S_IXUSR)

    @property
    def calls(self) -> list[tuple[list[str], list[str], list[str]]]:
        return [tuple(json.loads(line)) for line in self.calls_at.read_text().splitlines()]  # type: ignore[misc]


@pytest.fixture
def tool(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Tool:
    folder = tmp_path_factory.mktemp("tool")
    (folder / "bin").mkdir()
    monkeypatch.setenv("PATH", str(folder / "bin"))
    return Tool(folder)


@pytest.fixture
def market(project: Project) -> Path:
    return project(**{"compose.yaml": COMPOSE, ".env": ENV})


def rows(found: list[dict[str, Any]]) -> dict[str, str]:
    return {"out": "".join(json.dumps(row) + "\n" for row in found)}


def test_what_fails_now_is_told_with_its_cause_and_repair(tool: Tool, market: Path, envfix: Envfix) -> None:
    tool.says(ps=rows(ROWS), logs={"out": "web-1  | starting\n" + REFUSED * 3})
    done = envfix("--live", cwd=market)
    assert done.status == 1
    assert done.out == (
        "web: restarting (exit code 3)\n"
        "\n"
        "web: connection refused by 127.0.0.1:5599  (log line 2)\n"
        "  .env:1 CATALOGUE_DSN  localhost:5599 -> db:5432\n"
        "    db publishes 5599:5432; read by web (interpolation)\n"
    )
    assert "envfix --write --live" in done.err
    assert "hunter2" not in done.out + done.err


def test_the_tool_is_asked_by_the_projects_name_alone_from_an_empty_folder(
    tool: Tool, market: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPOSE_PROFILES", "")
    tool.says(ps=rows(ROWS), logs={"out": REFUSED})
    envfix("--live", "-f", "compose.yaml", cwd=market)
    version, ps, logs = tool.calls
    assert version[0][1:] == ["compose", "version"]
    assert ps[0][1:] == ["compose", "-p", "market", "ps", "--all", "--format", "json"]
    assert logs[0][1:] == ["compose", "-p", "market", "logs", "--no-color", "--tail", "5000", "--", "web"]
    assert [(files, names) for _, files, names in (version, ps, logs)] == [([], [])] * 3


def test_with_write_the_repair_is_done_and_the_last_line_makes_it_take_effect(
    tool: Tool, market: Path, envfix: Envfix
) -> None:
    tool.says(ps=rows(ROWS), logs={"out": REFUSED})
    done = envfix("--live", "--write", cwd=market)
    assert done.status == 1
    assert (market / ".env").read_text() == ENV.replace("localhost:5599", "db:5432")
    assert "docker compose up -d web" in done.err.rstrip().rsplit("\n", 1)[1]


def test_json_has_the_states_and_the_failures(tool: Tool, market: Path, envfix: Envfix) -> None:
    tool.says(ps={"out": json.dumps(ROWS)}, logs={"out": REFUSED})  # an array, as Compose before 2.21 has it
    done = envfix("--live", "--format", "json", cwd=market)
    jsonschema.validate(done.json, json.loads(schema_text()))
    assert done.json["services"] == [
        {"service": "db", "state": "running", "exit_code": None, "health": "healthy"},
        {"service": "web", "state": "restarting", "exit_code": 3, "health": None},
    ]
    assert [(one["variable"], one["replacement"]) for one in done.json["failures"]] == [("CATALOGUE_DSN", "db:5432")]


@pytest.mark.parametrize(
    ("row", "told", "asked"),
    [
        ({"State": "exited", "ExitCode": 0, "Status": "Exited (0) 1 minute ago"}, None, None),
        ({"State": "exited", "ExitCode": 137, "Status": "Exited (137) 1 minute ago"}, "exited (exit code 137)", []),
        ({"State": "running", "Health": "unhealthy", "Status": "Up 2 hours (unhealthy)"}, "unhealthy", ["10800s"]),
        ({"State": "running", "Health": "", "Status": "Up 9 seconds"}, None, []),
        ({"State": "running", "Health": "", "Status": "Up About a minute"}, None, []),
        ({"State": "running", "Health": "", "Status": "Up 3 days"}, None, ["345600s"]),
        ({"State": "running", "Health": "healthy", "Status": "Up 3 days (healthy)"}, None, None),
        ({"State": "paused", "Health": "unhealthy", "Status": "Up 3 days (Paused)"}, "paused, unhealthy", []),
    ],
)
def test_each_state_is_told_and_its_last_starts_are_read(
    tool: Tool, market: Path, envfix: Envfix, row: dict[str, Any], told: str | None, asked: list[str] | None
) -> None:
    tool.says(ps=rows([{"Service": "web", **row}]), logs={"out": "web-1  | fine\n"})
    done = envfix("--live", cwd=market)
    assert done.status == 0
    assert f"web: {told}" in done.out if told else "that is up" in done.out
    logs = [words for words, _, _ in tool.calls if "logs" in words]
    assert [words[words.index("5000") + 1 : words.index("--")][1:] for words in logs] == (
        [asked] if asked is not None else []
    )


def test_a_tool_that_the_project_brings_along_is_not_run(
    tool: Tool, market: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in (market, market / "bin"):
        folder.mkdir(exist_ok=True)
        for name in ("docker", "docker-compose", "podman"):
            (folder / name).write_text(f"#!/bin/sh\ntouch {market / 'ran'}\n")
            (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join(("", ".", "bin", str(tool.folder / "bin"))))
    assert envfix("--live", cwd=market).status == 2
    tool.says(ps=rows(ROWS), logs={"out": REFUSED})
    assert envfix("--live", cwd=market).status == 1
    assert os.path.dirname(tool.calls[0][0][0]) == str(tool.folder / "bin")
    assert not (market / "ran").exists()


def test_podman_is_asked_where_docker_is_not_there(tool: Tool, market: Path, envfix: Envfix) -> None:
    tool.says("podman", ps=rows(ROWS), logs={"out": REFUSED})
    assert envfix("--live", cwd=market).status == 1
    assert os.path.basename(tool.calls[0][0][0]) == "podman"


def test_a_project_that_is_not_up_is_no_failure(tool: Tool, market: Path, envfix: Envfix) -> None:
    tool.says(ps={"out": ""})
    done = envfix("--live", cwd=market)
    assert (done.status, done.out) == (0, "")
    assert "No container of the project market" in done.err


DOWN = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n"


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        (None, "needs docker compose or podman compose"),
        ({"version": {"status": 1, "err": "docker: unknown command: docker compose\n"}}, "unknown command"),
        ({"ps": {"status": 1, "err": DOWN}}, "Cannot connect to the Docker daemon"),
        ({"ps": {"status": 1, "err": "Get http://admin:hunter2@192.0.2.7/v1\n"}}, "Get http://***@192.0.2.7/v1"),
        ({"ps": {"sleep": 60}}, "no answer within"),
    ],
)
@pytest.mark.parametrize("format_", ["text", "json"])
def test_without_an_engine_it_is_one_sentence(
    tool: Tool,
    market: Path,
    envfix: Envfix,
    monkeypatch: pytest.MonkeyPatch,
    answers: dict[str, Any] | None,
    words: str,
    format_: str,
) -> None:
    monkeypatch.setattr(engine, "_SECONDS", 1)
    if answers is not None:
        tool.says(**answers)
    done = envfix("--live", "--format", format_, cwd=market)
    assert done.status == 2
    assert words in done.err
    assert done.err.count("\n") == 1
    if format_ == "json":
        jsonschema.validate(done.json, json.loads(schema_text()))
        assert (done.json["failures"], done.json["services"]) == ([], [])
        assert words in done.json["errors"][0]["message"]


def test_without_a_temporary_folder_it_is_one_sentence(
    tool: Tool, market: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool.says(ps=rows(ROWS))
    monkeypatch.setattr(tempfile, "tempdir", str(market / "none"))
    done = envfix("--live", cwd=market)
    assert (done.status, done.err.count("\n")) == (2, 1)
    assert "docker cannot be run: " in done.err


@pytest.mark.parametrize("bounded", [{"for_ever": True}, {"sleep": 60}])
@pytest.mark.slow
def test_a_log_without_an_end_is_read_as_far_as_time_and_size_go(
    tool: Tool, market: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch, bounded: dict[str, Any]
) -> None:
    monkeypatch.setattr(engine, "_SECONDS", 2)
    monkeypatch.setattr(engine, "_BYTES", 1 << 20)
    tool.says(ps=rows(ROWS), logs={"out": REFUSED, **bounded})
    before = time.monotonic()
    assert envfix("--live", cwd=market).status == 1
    assert time.monotonic() - before < 20


@pytest.mark.parametrize("format_", ["text", "json"])
def test_logs_for_which_no_time_is_left_are_named(
    tool: Tool, project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch, format_: str
) -> None:
    """All together have a time, too, however many services a stranger's project has."""
    names = [f"s{number}" for number in range(6)]
    services = "".join(f"  {name}: {{image: acme/web, env_file: .env}}\n" for name in names)
    market = project(**{"compose.yaml": COMPOSE + services, ".env": ENV})
    tool.says(ps=rows([{**ROWS[0], "Service": name} for name in ["web", *names]]), logs={"out": REFUSED})
    now = iter(range(0, 10_000, 20))
    monkeypatch.setattr(engine, "time", SimpleNamespace(monotonic=lambda: float(next(now))))
    done = envfix("--live", "--format", format_, cwd=market)
    assert done.status == 2
    assert "not all logs were read, those of s3, s4, s5 and others are left: read them one by one" in (
        done.err if format_ == "text" else done.json["errors"][0]["message"]
    )
    assert sum("logs" in call[0] for call in tool.calls) == 3
    assert done.out.count("s0: connection refused") == (format_ == "text")


# What a tool may answer: to which question, the code that says it, the status, whether something is told of the log.
LINGERS = "import subprocess; child = subprocess.Popen(['{}', '-c', 'import time; time.sleep(60)'], {}); "
ODD = {
    "states without an end, on one line": ("ps", "while True: sys.stdout.write('x' * 9999)", 0),
    "states that are no text": ("ps", "sys.stdout.buffer.write(bytes(range(128, 256)) * 9)", 0),
    "states nested deeply": ("ps", "sys.stdout.write('[' * 200_000)", 0),
    "a number of very many digits": (
        "ps",
        "sys.stdout.write('{\"Service\": \"web\", \"ExitCode\": ' + '9' * 9999 + '}')",
        0,
    ),
    "words of another kind": (
        "ps",
        "print(json.dumps({'Service': 'web', 'State': [1], 'ExitCode': True, 'Health': {}}))",
        1,
    ),
    "control characters in states": (
        "ps",
        "print(json.dumps({'Service': 'web', 'State': '\\x1b[2J', 'Health': '\\x9b'}))",
        1,
    ),
    "an error after the states": ("ps", "sys.exit(3)", 2),
    "control characters in an error": ("ps", "sys.stderr.write('\\x1b]0;x\\x07\\x9b' * 99); sys.exit(3)", 2),
    "errors without an end": ("ps", "while True: sys.stderr.write('x' * 9999)", 2),
    "a log of control characters": ("logs", "print('web-1  | \\x1b]0;x\\x07 connection refused \\x9b')", 1),
    "a log on one line without an end": ("logs", "while True: sys.stdout.write('x' * 9999)", 1),
    "a child that keeps the pipe open": ("logs", LINGERS.format(sys.executable, ""), 1),
    "a child that is left behind": (
        "logs",
        LINGERS.format(sys.executable, "stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"),
        1,
    ),
    "one that has left the group": ("logs", LINGERS.format(sys.executable, "start_new_session=True"), 1),
}


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.slow
def test_whatever_a_tool_answers_the_run_ends_and_leaves_nothing_behind(
    tool: Tool, market: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch, odd: str
) -> None:
    monkeypatch.setattr(engine, "_SECONDS", 2)
    monkeypatch.setattr(engine, "_BYTES", 1 << 20)
    verb, code, status = ODD[odd]
    left = tool.folder / "left"
    code += f"; open({str(left)!r}, 'w').write(str(child.pid))" * ("child" in code)
    answers: dict[str, dict[str, Any]] = {"ps": rows(ROWS), "logs": {"out": REFUSED}}
    answers[verb] = {**(answers[verb] if verb == "logs" else {}), "code": code}
    tool.says(**answers)
    before = time.monotonic()
    done = envfix("--live", cwd=market)
    assert time.monotonic() - before < 20
    assert done.status == status, done.err
    told = done.out + done.err
    assert not [one for one in told if one != "\n" and not one.isprintable()]
    assert "Traceback" not in told
    if left.exists() and "left the group" not in odd:
        assert _ends(int(left.read_text()))


def _ends(process: int) -> bool:
    """Whether the process is no more; one that nobody has waited for yet does nothing."""
    for _ in range(50):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        with suppress(OSError):
            if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        time.sleep(0.1)
    return False


@pytest.mark.parametrize(
    "words",
    [
        ["--logs", "-"],
        ["--interactive"],
        ["--override", "o.yaml"],
        ["--output", "x.env"],
        ["--restore"],
        ["--recursive"],
        ["--to", "host"],
        ["--schema"],
        ["--explain", "X"],
        ["--format", "sarif"],
    ],
)
def test_what_has_no_meaning_beside_it_is_wrong_usage(market: Path, envfix: Envfix, words: list[str]) -> None:
    assert envfix("--live", *words, cwd=market).status == 2
