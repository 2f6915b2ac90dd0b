"""`--logs FILE`: what is to blame is named, and with `--write` that alone is repaired."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import Envfix, command

from envfix.report import schema_text

Project = Callable[..., Path]
INCIDENT = (
    "langfuse-web-1  | error: failed to open database: dial tcp [::1]:9000: connect: connection refused\n"
    "langfuse-web-1  | Applying clickhouse migrations failed.\n"
)


@pytest.fixture
def folder(project: Project) -> Path:
    folder = project("langfuse")
    (folder / "incident.log").write_text(INCIDENT * 3)
    (folder / "fine.log").write_text("langfuse-web-1  | ready\n")
    return folder


def test_the_incident_is_explained(folder: Path, envfix: Envfix) -> None:
    done = envfix("--logs", "incident.log", cwd=folder)
    assert done.status == 1
    assert done.out.count("CLICKHOUSE_MIGRATION_URL") == 1
    assert "localhost:9000 -> clickhouse:9000" in done.out
    assert "envfix --write --logs incident.log" in done.err


def test_only_what_is_to_blame_is_written_and_can_be_taken_back(folder: Path, envfix: Envfix) -> None:
    before = (folder / ".env").read_bytes()
    done = envfix("--logs", "incident.log", "--write", cwd=folder)
    assert done.status == 1  # a failure was found
    assert (folder / ".env").read_bytes() == before.replace(b"localhost:9000", b"clickhouse:9000")
    assert "up -d langfuse-web langfuse-worker" in done.err
    assert envfix("--restore", cwd=folder).status == 0
    assert (folder / ".env").read_bytes() == before


def test_a_project_without_an_address_is_read_for_its_log(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": "services:\n  app:\n    image: example.org/app\n", ".env": "A=1\n"})
    (folder / "a.log").write_text("app-1 | dial tcp 127.0.0.1:5432: connect: connection refused\n")
    done = envfix("--logs", "a.log", cwd=folder)
    assert (done.status, "app" in done.out) == (1, True)


def test_a_log_without_a_failure_is_status_0(folder: Path, envfix: Envfix) -> None:
    done = envfix("--logs", "fine.log", cwd=folder)
    assert (done.status, done.out) == (0, "")
    assert "No failed connection" in done.err
    assert envfix("--logs", "fine.log", "-q", cwd=folder) == (0, "", "")


@pytest.mark.parametrize(
    ("words", "status", "failures"),
    [(["incident.log"], 1, 1), (["fine.log"], 0, 0), (["other.log"], 2, 0), (["fine.log", "-f", "other.yaml"], 2, 0)],
)
def test_json_follows_the_schema(words: list[str], status: int, failures: int, folder: Path, envfix: Envfix) -> None:
    done = envfix("--format", "json", "--logs", *words, cwd=folder)
    jsonschema.validate(done.json, json.loads(schema_text()))
    assert (done.status, len(done.json["failures"]), bool(done.json["errors"])) == (status, failures, status == 2)
    if failures:
        (one,) = done.json["failures"]
        named = {name: one[name] for name in ("service", "address", "kind", "log_line", "variable", "path", "line")}
        assert named == {
            "service": "langfuse-web",
            "address": "[::1]:9000",
            "kind": "refused",
            "log_line": 1,
            "variable": "CLICKHOUSE_MIGRATION_URL",
            "path": ".env",
            "line": 12,
        }
        assert one["replacement"] == "clickhouse:9000"


def test_a_pipe_is_read_and_no_bar_is_drawn_into_it(folder: Path, clean_environ: Path) -> None:
    done = command("--logs", "-", "--write", cwd=folder, stdin=INCIDENT)
    assert done.status == 1
    assert b"clickhouse://clickhouse:9000" in (folder / ".env").read_bytes()
    assert "\r" not in done.out + done.err
    assert "\x1b" not in done.out + done.err


def test_no_secret_of_the_project_or_the_log_is_told(folder: Path, envfix: Envfix) -> None:
    secret = "langfuse-web-1 | postgresql://u:hunter2@localhost:5432/x failed: connect ECONNREFUSED 127.0.0.1:5432\n"
    (folder / "secret.log").write_text(secret)
    for words in ([], ["--format", "json"]):
        done = envfix("--logs", "secret.log", *words, cwd=folder)
        assert "DATABASE_URL" in done.out
        assert "hunter2" not in done.out + done.err
        assert "langfuse:langfuse" not in done.out + done.err


ASKED = """\
name: kiosk
services:
  app:
    image: acme/kiosk
    environment: {QUOTES_URL: "${QUOTES_URL}", PRICES_PUBLIC_URL: "${PRICES_PUBLIC_URL}"}
  stock: {image: acme/stock, ports: ["8100:8000"]}
  prices: {image: acme/prices, ports: ["8200:8000"]}
"""


@pytest.mark.parametrize(
    ("env", "written"),
    [
        ("QUOTES_URL=http://localhost:8100\n", "QUOTES_URL=http://stock:8000\n"),
        ("PRICES_PUBLIC_URL=http://localhost:8200\n", None),
    ],
)
def test_a_question_that_the_log_answers_is_answered(
    project: Project, envfix: Envfix, env: str, written: str | None
) -> None:
    """A word for outside keeps the question open: a browser could not use the name."""
    folder = project(**{"compose.yaml": ASKED, ".env": env})
    port = env.strip().rpartition(":")[2]
    (folder / "a.log").write_text(f"app-1 | Error: connect ECONNREFUSED 127.0.0.1:{port}\n")
    done = envfix("--logs", "a.log", "--write", cwd=folder)
    assert done.status == 1
    assert (folder / ".env").read_text() == (written or env)
    assert ("cannot use that name" in done.out) is (written is not None)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("to", ["/dev/zero", "/proc/self/pagemap", "/dev/tty", "pipe"])
def test_a_log_of_the_project_that_may_have_no_end_is_refused(to: str, folder: Path, envfix: Envfix) -> None:
    if to.startswith("/proc") and not os.path.exists(to):
        pytest.skip("no files of the system on this one")
    os.mkfifo(folder / "pipe")
    (folder / "app.log").symlink_to(to)
    done = envfix("--logs", "app.log", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert "app.log: this log is a pipe, a device" in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
@pytest.mark.parametrize("to", ["/dev/zero", "pipe", "away/pipe"])
@pytest.mark.parametrize("absolute", [False, True])
def test_a_log_beside_the_current_folder_is_anybodys_too(
    to: str, absolute: bool, folder: Path, tmp_path: Path, envfix: Envfix
) -> None:
    """Nothing says where an unpacked archive ends."""
    (tmp_path / "away").mkdir()
    for name in ("pipe", "away/pipe"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "app.log").symlink_to(to)
    done = envfix("--logs", str(tmp_path / "app.log") if absolute else "../app.log", cwd=folder)
    assert (done.status, done.out) == (2, "")
    assert "app.log: this log is a pipe, a device" in done.err


def test_a_folder_is_no_log(folder: Path, envfix: Envfix) -> None:
    (folder / "logs").mkdir()
    for name in ("logs", str(folder / "logs"), "."):
        done = envfix("--logs", name, cwd=folder)
        assert (done.status, done.out) == (2, "")
        assert "a folder is no log: name a file in it." in done.err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_pipe_that_a_person_made_is_read(folder: Path, tmp_path: Path, envfix: Envfix) -> None:
    os.mkfifo(tmp_path / "pipe")
    log = (folder / "incident.log").read_bytes()
    writer = threading.Thread(target=(tmp_path / "pipe").write_bytes, args=(log,), daemon=True)
    writer.start()
    assert envfix("--logs", str(tmp_path / "pipe"), cwd=folder).status == 1
    writer.join()


@pytest.mark.skipif(shutil.which("bash") is None or not os.path.exists("/dev/fd"), reason="no bash, or no /dev/fd")
@pytest.mark.parametrize("log", ["<(cat incident.log)", "/dev/stdin < incident.log", "/dev/fd/0 < incident.log"])
def test_what_a_shell_hands_over_is_read(log: str, folder: Path, clean_environ: Path) -> None:
    line = f"'{sys.executable}' -m envfix --logs {log}"
    done = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "localhost:9000 -> clickhouse:9000" in done.stdout) == (1, True), done


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no devices on this system")
def test_a_device_and_a_link_that_a_person_names_are_read(folder: Path, envfix: Envfix) -> None:
    assert envfix("--logs", "/dev/null", "-q", cwd=folder) == (0, "", "")
    (folder / "link.log").symlink_to("incident.log")
    assert envfix("--logs", "link.log", cwd=folder).status == 1
