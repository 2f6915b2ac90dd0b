"""Real runs of `envfix --write` in a project of their own: killed from outside, or by strace at a system call."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import envfix.disk.backups
import envfix.planning  # noqa: F401  (loaded once, for all children)
from envfix.cli import main

COMPOSE = b"""\
services:
  web:
    build: .
    env_file: [.env, worker/.env]
    depends_on: [db]
  db:
    image: postgres:16
    ports: ["5433:5432"]
"""
TRACED = "%file,%desc"
CHANGING = ("openat", "write", "fsync", "close", "mkdir", "rmdir", "unlink", "rename", "fchmod", "fchown", "flock")


class Project(NamedTuple):
    """A Compose project in `root` with two env files; `old` and `new` are their contents before and after a write."""

    root: str
    old: tuple[bytes, ...]
    new: tuple[bytes, ...]

    @property
    def paths(self) -> list[str]:
        return [os.path.join(self.root, "project", name) for name in (".env", "worker/.env")]

    def reset(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        os.makedirs(os.path.join(self.root, "project", "worker"))
        for path, data in zip(self.paths, self.old, strict=True):
            _put(path, data)
        _put(os.path.join(self.root, "project", "compose.yaml"), COMPOSE)

    def command(self, *options: str) -> list[str]:
        return [sys.executable, "-m", "envfix", *options]

    def settings(self) -> dict[str, Any]:
        environ = {**os.environ, "XDG_STATE_HOME": os.path.join(self.root, "state"), "PYTHONHASHSEED": "0"}
        environ["PYTHONPATH"] = os.getcwd()
        return {"cwd": os.path.join(self.root, "project"), "env": environ}

    def run(self, *options: str) -> tuple[int, str]:
        """A run without faults: status and standard error. In a child that need not load all modules anew."""
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            _run_in_child(options, self.settings(), writer)
        os.close(writer)
        with os.fdopen(reader) as pipe:
            said = pipe.read()
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), said

    def state(self) -> str:
        """ "old", "new" or "mixed" (each file whole); AssertionError for a file that is neither."""
        kinds = set()
        for path, old, new in zip(self.paths, self.old, self.new, strict=True):
            data = _get(path)
            assert data in (old, new), f"{path} is neither old nor new ({len(data)} bytes)"
            kinds.add("old" if data == old else "new")
        return kinds.pop() if len(kinds) == 1 else "mixed"

    def check(self) -> str:
        """The state, with a backup for whatever is new; the next runs reach the goal, tidy up and lead back."""
        state = self.state()
        kept = _kept(os.path.join(self.root, "state"))
        for path, old in zip(self.paths, self.old, strict=True):
            assert _get(path) == old or old in kept, f"{path} is new, and no backup has its old content"
        status, said = self.run("--write")
        assert (status, self.state()) == (0, "new"), f"the next run: {said}"
        status, said = self.run("--restore")
        if state == "mixed":
            status, said = self.run("--restore")
        assert (status, self.state()) == (0, "old"), f"--restore: {said}"
        left = sorted(os.listdir(os.path.join(self.root, "project")))
        assert left == [".env", "compose.yaml", "worker"], left
        return state


def _run_in_child(options: tuple[str, ...], settings: dict[str, Any], writer: int) -> None:
    status = 70
    try:
        os.chdir(settings["cwd"])
        os.environ.update(settings["env"])
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(writer, 2)
        # Streams of their own: those of this process may belong to files, and would seek in the pipe.
        sys.stdout, sys.stderr = (os.fdopen(at, "w", closefd=False) for at in (1, 2))
        main(list(options))
    except SystemExit as left:
        status = int(left.code or 0)
    finally:
        sys.stderr.flush()
        os._exit(status)


def _put(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
    os.chmod(path, 0o600)


def _get(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _kept(state: str) -> list[bytes]:
    return [
        _get(os.path.join(at, name)) for at, _, names in os.walk(state) for name in names if re.match(r"\d+-", name)
    ]


def project(root: str, size: int) -> Project:
    """A project whose first env file has about `size` bytes."""
    padding = b"".join(b"PAD_%06d=%s\n" % (number, b"x" * 50) for number in range(size // 62))
    old = (
        b"DATABASE_URL=postgres://u:secret@localhost:5433/app\n" + padding,
        b"QUEUE_URL=postgres://localhost:5433/q\n",
    )
    fresh = Project(root, old, old)
    fresh.reset()
    status, said = fresh.run("--write")
    assert status == 0, said
    new = tuple(map(_get, fresh.paths))
    assert all(b"db:5432" in data for data in new)
    return fresh._replace(new=new)


def killed_at_random(project: Project, runs: int, seed: int) -> Counter[str]:
    """Kill run after run: half of them at any moment of the whole run, half within 20 ms of the first temporary file or
    backup. How often which state was left."""
    chance, found = random.Random(seed), Counter[str]()
    project.reset()
    start = time.monotonic()
    subprocess.run(
        project.command("--write"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **project.settings()
    )
    length = time.monotonic() - start
    for number in range(runs):
        project.reset()
        running = subprocess.Popen(
            project.command("--write"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **project.settings()
        )
        if number % 2:
            time.sleep(chance.uniform(0, length * 1.1))
        else:
            _wait_for_a_trace(project, running)
            time.sleep(chance.uniform(0, 0.02))
        running.send_signal(signal.SIGKILL)
        ended = running.wait() >= 0
        found[("ended before the kill, " if ended else "killed, ") + project.check()] += 1
    return found


def _wait_for_a_trace(project: Project, running: subprocess.Popen[bytes]) -> None:
    state = os.path.join(project.root, "state")
    while running.poll() is None and not os.path.exists(state):
        time.sleep(0.0005)


class Call(NamedTuple):
    """A system call of a run: its name, the how manieth of that name it is (from 1), and whether it is about a file of
    the project or a backup (and not one of Python's own, whose failing import is Python's to tell)."""

    name: str
    number: int
    ours: bool


def recorded(project: Project) -> tuple[list[Call], int]:
    """The calls of one run that touch files, and the place in the list at which writing begins."""
    log = os.path.join(os.path.dirname(project.root), "strace.log")
    project.reset()
    subprocess.run(
        ["strace", "-f", "-y", "-o", log, "-e", f"trace={TRACED}", *project.command("--write")],
        capture_output=True,
        check=True,
        **project.settings(),
    )
    calls, counts, begins = [], Counter[str](), None
    for line in _get(log).decode("utf-8", "replace").splitlines():
        match = re.match(r"\d+\s+(\w+)\(", line)
        if match:
            counts[match[1]] += 1
            if begins is None and os.path.join(project.root, "state") in line and "execve" not in line:
                begins = len(calls)
            ours = project.root in re.sub(r"AT_FDCWD<[^>]*>", "", line) and match[1] != "execve"
            calls.append(Call(match[1], counts[match[1]], ours))
    assert begins is not None
    return calls, begins


def injected(project: Project, calls: list[Call], what: str) -> Iterator[tuple[Call, str]]:
    """One run for each call, with strace's injection `what` ("signal=KILL", "error=ENOSPC") at it; what it left."""
    for call in calls:
        project.reset()
        done = subprocess.run(
            [
                *("strace", "-f", "-o", os.devnull, "-e", f"trace={call.name}"),
                *("-e", f"inject={call.name}:{what}:when={call.number}", *project.command("--write")),
            ],
            capture_output=True,
            text=True,
            **project.settings(),
        )
        state = project.state()
        if what.startswith("error="):
            _judge_message(call, done, state, what.removeprefix("error="))
        yield call, project.check()


def _judge_message(call: Call, done: subprocess.CompletedProcess[str], state: str, error: str) -> None:
    told = f"{call}, {error}: status {done.returncode}, {state}, {done.stderr!r}"
    assert "Traceback" not in done.stderr, told
    assert "secret" not in done.stderr + done.stdout, told
    if done.returncode == 0:
        assert state == "new", told
    else:  # what fails after the write is the report
        assert state == "old" or "output cannot be written" in done.stderr, told
        assert done.returncode == 2, told
        assert done.stderr.count("envfix: ") == 1, told
