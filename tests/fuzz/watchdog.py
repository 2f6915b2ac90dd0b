"""A bound on what one input may take, so that a hang or a hoard fails like anything else."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Never

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

SECONDS = 10
MEGABYTES = 1024


class Hang(BaseException):
    """An input took too long; no `except Exception` swallows it."""


@contextmanager
def bounded(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Iterator[None]:
    """Raises Hang after so many seconds, and MemoryError where the process grows by more than `megabytes`; in the main
    thread, and where the system has a timer and limits."""
    if resource is None or not hasattr(signal, "setitimer"):
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = signal.signal(signal.SIGALRM, _hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    grown = _size() + megabytes * 1024 * 1024
    if grown > megabytes * 1024 * 1024 and hard in (resource.RLIM_INFINITY, max(hard, grown)):
        resource.setrlimit(resource.RLIMIT_AS, (grown, hard))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _hang(number: int, frame: FrameType | None) -> Never:
    raise Hang("the input takes too long")


def _size() -> int:
    """The bytes of address space that the process has now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * resource.getpagesize()
    except OSError:
        return 0
