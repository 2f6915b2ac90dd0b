"""With which status does a run end, and what stands on which stream?"""

from __future__ import annotations

import builtins
import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import jsonschema
import pytest
from conftest import Envfix, command, read_to_the_end

from envfix import cli
from envfix.errors import Ended
from envfix.report import schema_text

Project = Callable[..., Path]
COMPOSE = """services:
  app:
    image: example.org/app
    env_file: .env
    depends_on: [db]
  db:
    image: postgres:17
    ports: ["5433:5432"]
"""
WRONG = "DATABASE_URL=postgres://app:hunter2@localhost:5433/app\n"
RIGHT = "DATABASE_URL=postgres://app:hunter2@db:5432/app\n"
ASKS = "THING_URL=http://localhost:7000\n"
TWO = "  one: {image: example.org/one, ports: ['7000:80']}\n  two: {image: example.org/two, ports: ['7000:81']}\n"

STATUS: list[tuple[str, dict[str, str], list[str], int]] = [
    ("nothing to change", {".env": RIGHT}, [], 0),
    ("no env file at all: hooks run in every clone", {}, [], 0),
    ("something to change", {".env": WRONG}, [], 1),
    ("the default said aloud", {".env": WRONG}, ["--dry-run"], 1),
    ("all of it written", {".env": WRONG}, ["--write"], 0),
    ("written, and told to fail for it", {".env": WRONG}, ["--write", "--exit-non-zero-on-fix"], 1),
    ("nothing written, and told to fail for it", {".env": RIGHT}, ["--write", "--exit-non-zero-on-fix"], 0),
    ("a question alone does not count", {".env": ASKS}, [], 0),
    ("a question counts for the strict", {".env": ASKS}, ["--strict"], 1),
    ("a question is left after a write", {".env": ASKS + WRONG}, ["--write"], 0),
    ("a question is left after a strict write", {".env": ASKS + WRONG}, ["--write", "--strict"], 1),
    ("explained, and something to change", {".env": WRONG}, ["--explain", "DATABASE_URL"], 1),
    ("explained, and nothing to change", {".env": RIGHT}, ["--explain", "*"], 0),
    ("nothing to restore", {".env": RIGHT}, ["--restore"], 1),
    ("no backups to list", {".env": RIGHT}, ["--restore", "--list"], 1),
    ("the schema", {}, ["--schema"], 0),
    ("the version", {}, ["--version"], 0),
    ("help", {}, ["--help"], 0),
    ("short help", {}, ["-h"], 0),
    ("a path that is missing", {".env": RIGHT}, ["other.env"], 2),
    ("an env file that is named and missing", {".env": RIGHT}, ["--env-file", "other.env"], 2),
    ("a compose file that is named and missing", {".env": RIGHT}, ["-f", "other.yaml"], 2),
    ("an env file that Compose refuses", {".env": 'A="b\n'}, [], 2),
    ("a log that is missing", {".env": RIGHT}, ["--logs", "other.log"], 2),
    ("an option that is none", {}, ["--no-such-option"], 2),
]


@pytest.mark.parametrize(("files", "words", "status"), [pytest.param(*row, id=sentence) for sentence, *row in STATUS])
def test_the_status_says_how_it_went(
    files: dict[str, str], words: list[str], status: int, project: Project, envfix: Envfix
) -> None:
    folder = project(**{"compose.yaml": COMPOSE + TWO, **files})
    done = envfix(*words, cwd=folder)
    assert done.status == status, done
    assert "Traceback" not in done.err
    assert "hunter2" not in done.out + done.err
    if status == 2:
        assert done.err.strip().count("\n") <= 3


def test_every_way_leaves_the_files_alone_but_write(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE + TWO, ".env": WRONG})
    for words in ([], ["-v"], ["--explain", "*"], ["--format", "json"], ["--show-secrets"], ["--output", "-"], ["-r"]):
        envfix(*words, cwd=folder)
        assert (folder / ".env").read_text() == WRONG
    assert sorted(os.listdir(folder)) == [".env", "compose.yaml"]


EXCLUDED = [
    ["--dry-run", "--write"],
    ["--write", "--restore"],
    ["--write", "--output", "x"],
    ["--restore", "--output", "x"],
    ["--schema", "--write"],
    ["--interactive", "--restore"],
    ["--override", "x", "--output", "y"],
    ["--override", "x", "--restore"],
    ["--logs", "x", "--restore"],
    ["--logs", "x", "--output", "y"],
    ["--logs", "x", "--format", "sarif"],
    ["--list"],
    ["--force"],
    ["--to", "host", "--compose"],
    ["--to", "host", "--override", "x"],
    ["--to", "nowhere"],
    ["-q", "-v"],
    ["-r", "-f", "compose.yaml"],
    ["-r", "--restore"],
    ["--no-backup", "--backup-dir", "x"],
    ["--explain", "A", "--write"],
    ["--explain", "A", "--format", "json"],
    ["--output", "-", "--format", "json"],
    ["--format", "xml"],
]


@pytest.mark.parametrize("words", EXCLUDED, ids=" ".join)
def test_a_meaningless_combination_is_wrong_usage(words: list[str], project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    done = envfix(*words, cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("Usage: envfix [OPTIONS] [PATHS]...")
    assert (folder / ".env").read_text() == WRONG


@pytest.mark.parametrize(
    ("files", "words", "place"),
    [
        pytest.param({}, [], ("", None), id="no compose file"),
        pytest.param({"compose.yaml": "services: [\n"}, [], ("compose.yaml", 2), id="malformed YAML"),
        pytest.param({"compose.yaml": COMPOSE, ".env": "A=1\nB='x\n"}, [], (".env", 2), id="malformed env file"),
        pytest.param({"compose.yaml": COMPOSE}, ["x.env"], ("x.env", None), id="a path that is missing"),
        pytest.param({"compose.yaml": COMPOSE}, ["-r", "x"], ("x", None), id="a folder that is missing"),
    ],
)
def test_json_has_the_reason_of_a_failure_too(
    files: dict[str, str], words: list[str], place: tuple[str, int | None], project: Project, envfix: Envfix
) -> None:
    done = envfix("--format", "json", *words, cwd=project(**files))
    jsonschema.validate(done.json, json.loads(schema_text()))
    assert done.status == 2
    (error,) = done.json["errors"]
    assert (error["path"] or "").endswith(place[0])
    assert error["line"] in (place[1], None if place[1] is None else place[1] - 1)
    assert error["message"] in " ".join(done.err.split())


def test_addresses_in_a_compose_file_are_told_and_changed_only_when_asked_for(project: Project, envfix: Envfix) -> None:
    literal = COMPOSE.replace("env_file: .env", "environment:\n      URL: postgres://u:pw@localhost:5433/x  # here")
    folder = project(**{"compose.yaml": literal})
    told = envfix(cwd=folder)
    assert (told.status, "compose.yaml:5 URL  localhost:5433 -> db:5432" in told.err) == (1, True)
    assert "envfix --write --compose" in told.err
    left = envfix("--write", "--exit-non-zero-on-fix", cwd=folder)
    assert (left.status, (folder / "compose.yaml").read_text()) == (0, literal)
    assert "1 address left in compose files" in left.err
    assert "rewritten" not in left.err
    assert "take effect" not in left.err
    assert envfix("--compose", cwd=folder).status == 1
    assert envfix("--compose", "--write", cwd=folder).status == 0
    assert (folder / "compose.yaml").read_text() == literal.replace("localhost:5433", "db:5432")
    assert envfix("--restore", cwd=folder).status == 0
    assert (folder / "compose.yaml").read_text() == literal


def test_of_several_projects_those_that_can_be_read_are_done(project: Project, envfix: Envfix) -> None:
    folder = project(**{"a/compose.yaml": COMPOSE, "a/.env": WRONG, "b/compose.yaml": "services: [", "b/.env": WRONG})
    done = envfix("--write", "a", "b", cwd=folder)
    assert done.status == 2
    assert (folder / "a" / ".env").read_text() == RIGHT
    assert (folder / "b" / ".env").read_text() == WRONG
    assert "b/compose.yaml:" in done.err


# -- streams -----------------------------------------------------------------------------------------------------------


def test_the_output_and_the_talk_go_their_ways(project: Project, envfix: Envfix) -> None:
    done = envfix(cwd=project(**{"compose.yaml": COMPOSE, ".env": WRONG}))
    assert done.out.startswith("--- a/.env\n+++ b/.env\n")
    assert done.err.startswith("Read compose.yaml, .env (project ")
    assert "envfix --write" in done.err


def test_quiet_leaves_the_change_and_nothing_where_there_is_none(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    changed = envfix("-q", "--write", cwd=folder)
    assert (changed.err, changed.out.count("\n")) == ("", 5)
    assert envfix("-q", cwd=folder) == (0, "", "")


def test_verbose_tells_what_is_kept(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": "FRONTEND_URL=http://localhost:3000\n"})
    assert "FRONTEND_URL" not in envfix(cwd=folder).err
    assert "FRONTEND_URL" in envfix("-v", cwd=folder).err


@pytest.mark.parametrize(
    ("words", "environ", "coloured"),
    [
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        ([], {"FORCE_COLOR": "1", "TERM": "dumb"}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_who_decides_about_colours(
    words: list[str],
    environ: dict[str, str],
    coloured: bool,
    project: Project,
    envfix: Envfix,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in envfix(*words, cwd=folder).out) == coloured


@pytest.mark.parametrize(("term", "coloured"), [("xterm", True), ("dumb", False)])
def test_a_terminal_has_colours_unless_it_is_dumb(
    term: str, coloured: bool, project: Project, clean_environ: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    monkeypatch.setenv("TERM", term)
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execv(sys.executable, [sys.executable, "-m", "envfix"])
    shown = read_to_the_end(child, terminal)
    assert b"DATABASE_URL" in shown
    assert (b"\x1b[" in shown) == coloured


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no folder that is in use")
def test_a_folder_that_is_gone_is_told(project: Project, clean_environ: Path) -> None:
    folder = project(**{"x/compose.yaml": COMPOSE})
    line = f'cd x && rm -r ../x && exec "{sys.executable}" -m envfix'
    done = subprocess.run(["sh", "-c", line], cwd=folder, capture_output=True, timeout=60)
    assert done.returncode == 2
    assert b"the current folder is gone" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_terminal_without_all_characters_gets_escapes(project: Project, clean_environ: Path) -> None:
    folder = project(**{"b\u00fc/compose.yaml": COMPOSE, "b\u00fc/.env": WRONG})
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    assert command("--write", "b\u00fc", cwd=folder, environ=ascii_only).status == 0
    done = command("--restore", "b\u00fc", cwd=folder, environ=ascii_only)
    assert (done.status, done.out.strip()) == (0, "Restored b\\xfc/.env")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
@pytest.mark.slow
def test_ctrl_c_while_a_log_is_read(project: Project, clean_environ: Path) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    process = subprocess.Popen(
        [sys.executable, "-m", "envfix", "--logs", "-"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(b"app-1 | fine\n" * 1000)
    process.stdin.flush()
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err


def test_the_command_is_the_same_as_a_process(project: Project, clean_environ: Path) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    assert command(cwd=folder).status == 1
    assert command("--write", cwd=folder).status == 0
    assert (folder / ".env").read_text() == RIGHT


def test_a_run_that_may_open_no_more_files_ends_without_one(monkeypatch):
    def full(*given, **named):
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(sys, "stdout", sys.stdout)  # put back by it
    with monkeypatch.context() as limited:
        limited.setattr(os, "open", full)
        limited.setattr(builtins, "open", full)
        cli._close_quietly()
    assert sys.stdout.write("nobody reads this") == 17


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_a_prompt_has_its_status(monkeypatch, number):
    def ended(text):
        raise Ended(number)

    monkeypatch.setattr("click.termui.visible_prompt_func", ended)
    monkeypatch.setattr(cli.command, "main", lambda *given, **named: click.prompt("Change it?"))
    monkeypatch.setattr(cli, "_close_quietly", lambda: None)
    with pytest.raises(SystemExit) as left:
        cli.main([])
    assert left.value.code == 128 + number
