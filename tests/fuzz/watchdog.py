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


_TIMERS = {signal.ITIMER_PROF: signal.SIGPROF, signal.ITIMER_REAL: signal.SIGALRM} if resource else {}


class Hang(BaseException):
    """An input took too long; no `except Exception` swallows it."""


@contextmanager
def bounded(seconds: float = SECONDS, megabytes: int = MEGABYTES) -> Iterator[None]:
    """Raises Hang after so many seconds of processor time (ten times as long on the clock, for what waits), and
    MemoryError where the process grows by more than `megabytes`; in the main thread, and where the system has timers
    and limits."""
    if resource is None:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    before = [signal.signal(number, _hang) for number in _TIMERS.values()]
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * 10)
    grown = _size() + megabytes * 1024 * 1024
    if grown > megabytes * 1024 * 1024 and hard in (resource.RLIM_INFINITY, max(hard, grown)):
        resource.setrlimit(resource.RLIMIT_AS, (grown, hard))
    try:
        yield
    finally:
        for (timer, number), handler in zip(_TIMERS.items(), before, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(number, handler)
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
