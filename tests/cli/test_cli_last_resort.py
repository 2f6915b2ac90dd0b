"""A run whose main thread takes no signal, as one that waits for a file system which is gone, ends all the same."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading

import pytest

from envfix.cli import last_resort, patience

pytestmark = pytest.mark.skipif(not hasattr(signal, "sigpending"), reason="the system does not tell of pending signals")

# What is blocked in the main thread stays as pending as it does while the system waits there.
RUN = """
import os, signal, sys, threading, time
from envfix.cli import last_resort, patience
last_resort._LOOK = 0.05
with last_resort.ended_at_last():
    with {around}:
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.{name}])
        os.kill(os.getpid(), signal.{name})
        time.sleep({seconds})
        print("written", flush=True)
    time.sleep(20)
"""


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_that_nobody_takes_ends_the_run(name: str) -> None:
    done = run(name, "patience.of_run()", 20)
    assert (done.returncode, done.stdout) == (128 + getattr(signal, name), "")


def test_what_is_being_written_is_written() -> None:
    done = run("SIGTERM", "patience.undisturbed()", 0.5)
    assert (done.returncode, done.stdout) == (128 + signal.SIGTERM, "written\n")


def run(name: str, around: str, seconds: float) -> subprocess.CompletedProcess[str]:
    code = RUN.format(name=name, around=around, seconds=seconds)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=15)


def test_it_ends_with_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_resort, "_LOOK", 60.0)
    before = set(threading.enumerate())
    with last_resort.ended_at_last(), patience.of_run():
        (thread,) = set(threading.enumerate()) - before
    thread.join(5)
    assert not thread.is_alive()


def test_where_there_can_be_no_thread_a_run_goes_without(monkeypatch):
    def none_left(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", none_left)
    done = []
    with last_resort.ended_at_last():
        done.append(True)
    assert done
