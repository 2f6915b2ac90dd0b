"""Processes that share the projects of a run end with it, whatever ends it, and leave nothing half written."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Project = Callable[..., Path]
COMPOSE = "services:\n  app: {image: x, env_file: .env}\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n"
WRONG, RIGHT = (f"DATABASE_URL=postgres://app@{place}/app\n" for place in ("localhost:5433", "db:5432"))
PATIENCE = 60.0  # seconds, on a machine that is busy with other things

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name == "nt", reason="signals of POSIX"),
]

# The run with processes that begin as they do on the system that is named; what stands in for a part of it holds in
# them, too: a process that is not forked runs this file first.
PROGRAM = """\
import multiprocessing, os, signal, sys, time
from functools import partial
import envfix.disk.backups
from envfix import __main__
from envfix.cli import recursive

def leave(folder, word):
    open(os.path.join(folder, f"{word}-{os.getpid()}"), "w").close()

WHAT
if __name__ == "__main__":
    method = sys.argv.pop(1)
    multiprocessing.get_context = partial(lambda get, _: get(method), multiprocessing.get_context)
    os.sched_getaffinity = lambda _: range(3)
    os.cpu_count = lambda: 3
    __main__.main()
"""
BUSY = """\
def make(request):
    leave(request.directory, "begun")
    while True:
        sum(range(1000))
recursive.make = make
"""
# A write that waits in the middle, as for a slow disk, and is taken back when it is disturbed.
WRITING = """\
replace_all = envfix.disk.backups.replace_all
def slow(changes):
    directory = os.path.dirname(changes[0].path)
    leave(directory, "begun")
    try:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            time.sleep(0.01)
        replace_all(changes)
        leave(directory, "ended")
    except BaseException:
        leave(directory, "ended")
        raise
envfix.disk.backups.replace_all = slow
"""
KILLED = """\
make = recursive.make
def killed(request):
    if request.directory.endswith(("07", "30")):
        os.kill(os.getpid(), signal.SIGKILL)
    return make(request)
recursive.make = killed
"""


class Run:
    """The program in a folder of 40 projects, and what it left there."""

    def __init__(self, folder: Path, program: Path, what: str, method: str, *words: str) -> None:
        program.write_text(PROGRAM.replace("WHAT", what), encoding="utf-8")
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, program, method, "-r", *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def left(self, word: str) -> dict[str, int]:
        """The projects in which a process left the word, and its number."""
        return {path.parent.name: int(path.name.partition("-")[2]) for path in self.folder.glob(f"*/{word}-*")}

    def wait_for_two(self) -> list[int]:
        """The numbers of two processes that are at work."""
        until = time.monotonic() + PATIENCE
        while len(numbers := set(self.left("begun").values())) < 2:
            assert self.process.poll() is None, self.process.communicate()
            assert time.monotonic() < until
            time.sleep(0.01)
        return sorted(numbers)

    def end(self) -> tuple[int, str]:
        """The status, and what was said; all processes that were begun are gone."""
        _, said = self.process.communicate(timeout=PATIENCE)
        until = time.monotonic() + PATIENCE
        while any(map(is_running, set(self.left("begun").values()))):
            assert time.monotonic() < until
            time.sleep(0.01)
        return self.process.returncode, said


def is_running(number: int) -> bool:
    """Whether there is such a process, and not only what nobody has asked for of one that ended."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{number}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")


@pytest.fixture
def start(
    project: Project, clean_environ: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Run]]:
    """Starts the run."""
    runs: list[Run] = []

    def started(what: str, method: str, *words: str) -> Run:
        texts = {"compose.yaml": COMPOSE, ".env": WRONG}
        folder = project(**{f"p{at:02}/{name}": text for at in range(40) for name, text in texts.items()})
        runs.append(Run(folder, tmp_path_factory.mktemp("program") / "program.py", what, method, *words))
        return runs[-1]

    yield started
    for run in runs:
        if run.process.poll() is None:
            os.killpg(run.process.pid, signal.SIGKILL)
            run.process.communicate()


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize(
    ("ended_by", "status"),
    [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGKILL, -9)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_processes_end_with_the_run_however_busy_they_are(
    method: str, ended_by: signal.Signals, status: int, start: Callable[..., Run]
) -> None:
    run = start(BUSY, method)
    run.wait_for_two()
    begun = run.left("begun")
    run.process.send_signal(ended_by)
    found, said = run.end()
    assert found == status
    assert "Traceback" not in said
    assert len(run.left("begun")) <= len(begun) + 1  # the third process may have begun its first one


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_ctrl_c_reaches_every_process_of_the_terminal(method: str, start: Callable[..., Run]) -> None:
    run = start(BUSY, method)
    run.wait_for_two()
    os.killpg(run.process.pid, signal.SIGINT)
    status, said = run.end()
    assert (status, said.strip()) == (130, "envfix: interrupted")


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.parametrize("ended_by", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("seconds", ["0.2", "600"])
def test_what_is_being_written_is_finished_or_taken_back(
    seconds: str, ended_by: signal.Signals, method: str, start: Callable[..., Run]
) -> None:
    run = start(WRITING.replace("SECONDS", seconds), method, "--write")
    run.wait_for_two()
    run.process.send_signal(ended_by)
    run.end()
    assert run.left("begun") == run.left("ended")
    texts = {name: (run.folder / name / ".env").read_text() for name in run.left("begun")}
    assert set(texts.values()) <= ({WRONG, RIGHT} if seconds == "0.2" else {WRONG})
    assert not list(run.folder.glob("*/.envfix*"))


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_a_process_that_is_killed_takes_one_project_with_it(method: str, start: Callable[..., Run]) -> None:
    run = start(KILLED, method, "--write")
    status, said = run.end()
    assert status == 2
    lines = re.findall(r"^p\d+: .*", said, re.MULTILINE)
    assert lines == [
        f"p{at:02}: {'cannot be read' if at in (7, 30) else '1 rewritten'}"
        for at in range(40)
    ]  # fmt: skip
    assert len(re.findall("^envfix: p(?:07|30): the process that looked at this project was killed", said, re.M)) == 2


def test_one_process_that_is_asked_to_end_takes_one_project_with_it(start: Callable[..., Run]) -> None:
    run = start(BUSY.replace("while True", "while request.directory.endswith('00')"), "fork")
    until = time.monotonic() + PATIENCE
    while "p00" not in (begun := run.left("begun")):
        assert time.monotonic() < until
        time.sleep(0.01)
    os.kill(begun["p00"], signal.SIGTERM)
    status, said = run.end()
    assert status == 2
    assert said.count("was killed") == 1
