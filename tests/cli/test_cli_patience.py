"""A project that would keep the processor busy for long is given up."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from envfix.cli import patience
from envfix.errors import EnvfixError
from envfix.planning import Request

Project = Callable[..., Path]
FILES = {
    "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n  api: {image: y, env_file: .env}\n",
    ".env": "DATABASE_URL=postgres://app@localhost:5433/app\n",
}

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer of processor time on this system")


def forever(request: Request) -> None:
    """Keeps busy, and takes every error for a file that cannot be read."""
    while True:
        try:
            sum(range(1000))
        except Exception:
            continue


def test_a_project_that_takes_too_long_is_given_up(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(project(**FILES))
    before = signal.getsignal(signal.SIGVTALRM)
    with monkeypatch.context() as patched:
        patched.setattr(patience, "make", forever)
        with pytest.raises(EnvfixError, match=r"busy for over 0\.2 seconds: look at a part of it, with -f"):
            patience.made_of(Request(folder), seconds=0.2)
    assert signal.getsignal(signal.SIGVTALRM) == before
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert [one.replacement for one in patience.made_of(Request(folder, environ={})).plan.references] == ["db:5432"]
