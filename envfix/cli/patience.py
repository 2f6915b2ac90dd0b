"""How long may it take? What is read may be anybody's, and made to keep a machine busy.

It may take as long as befits the bytes that were read for it. All seconds are of processor time.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from types import FrameType
from typing import Any

from envfix import files
from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple

SECONDS = 60.0
"""The most for a project, and for all that a run does besides."""

_AT_LEAST = 6.0  # a project takes some 0.05 to 0.3, and one of thousands of services some five
_BYTES_A_SECOND = 5_000  # so many that were read are worth a second; they take some 0.05

_OF_ALL, _OF_EACH = 600.0, 1.0  # a project takes some 0.05
_A_MEGABYTE = 20.0  # of a log: one of nothing but failures, no two alike, takes some four
_A_TICK = 0.01  # what a timer can tell apart
_AGAIN = 1.0  # should an exception be lost in a callback, which hands on none


class _Timer(NamedTuple):
    """`set(seconds, again)` as `signal.setitimer` has it, and the number of the signal that it gives."""

    set: Callable[..., tuple[float, float]]
    number: int


def _timer_of_system() -> _Timer:
    system: Any = signal
    if hasattr(signal, "setitimer"):
        return _Timer(partial(system.setitimer, system.ITIMER_PROF), system.SIGPROF)
    from envfix.cli.watch import SIGNAL, Watch  # only where it is needed

    return _Timer(Watch().set, SIGNAL)


_timer = _timer_of_system()

WRITING = threading.RLock()
"""Held while something is written."""


class _TooLong(BaseException):
    """No Exception, so that nothing on its way takes it for a file that cannot be read."""


class _Account:
    """The seconds that something may take: as many as what was read is worth, at most `most`, and what was allowed
    besides. It is given the first when the timer is set, and more when that goes off."""

    def __init__(self, most: float) -> None:
        self.allowed = 0.0
        self._most = most
        self._given = 0.0
        self._read = files.bytes_read()

    def next(self) -> float:
        """The seconds that are not given yet; 0 if it has had them all."""
        earned = _AT_LEAST + (files.bytes_read() - self._read) / _BYTES_A_SECOND
        due = min(self._most, earned) + self.allowed
        more, self._given = due - self._given, max(due, self._given)
        return more if more > _A_TICK else 0.0


class _Now:
    account = _Account(SECONDS)  # of the innermost `patient`


@contextmanager
def patient(seconds: float, message: str, path: str | None = None) -> Iterator[None]:
    """What is done within is ended with an EnvfixError (`message`, `path`) once it has taken more seconds than what it
    read is worth, or than so many, those apart that were spent in another one within. In another thread than the first
    it may take longer."""
    if not _is_first_thread():
        yield
        return
    before, around, _Now.account = signal.signal(_timer.number, _give_up), _Now.account, _Account(seconds)
    told, sys.unraisablehook = sys.unraisablehook, _but_for_ours(sys.unraisablehook)
    left = _timer.set(_Now.account.next(), _AGAIN)
    try:
        try:
            yield
        finally:
            _timer.set(0)
    except _TooLong:
        raise EnvfixError(message, path=path) from None
    finally:
        _Now.account = around
        sys.unraisablehook = told
        signal.signal(_timer.number, before)
        _go_on(left)


def _but_for_ours(told: Callable[[sys.UnraisableHookArgs], object]) -> Callable[[sys.UnraisableHookArgs], object]:
    """The hook for exceptions that are lost in a callback; of ours, which comes again, nobody needs to be told."""
    return lambda lost: None if lost.exc_type is _TooLong else told(lost)


def of_run() -> AbstractContextManager[None]:
    """Patience with what a run does besides its projects: finding them, and telling of them."""
    return patient(SECONDS, "this run keeps the processor busy for far longer than it should: name a part of it")


def of_project(directory: str, seconds: float = SECONDS) -> AbstractContextManager[None]:
    """Patience with one project."""
    message = "this project keeps the processor busy for "
    if seconds < SECONDS:
        message += "long, after others that did so, too: look at it alone"
    else:
        message += "far longer than one of its size should: look at a part of it, with -f"
    return patient(seconds, message, directory)


def of_report() -> AbstractContextManager[None]:
    """Patience with the report of what was written."""
    message = "the files were changed, and to tell of it keeps the processor busy for far longer than it should"
    return patient(SECONDS, f"{message}: what was changed is in the backup (envfix --restore --list)")


def of_log(name: str, path: str | None = None) -> AbstractContextManager[None]:
    """Patience with a log, besides what `in_proportion` allows."""
    message = f"{name} keeps the processor busy for far longer than one of its size should: look at a part of it"
    return patient(SECONDS, message, path)


@contextmanager
def undisturbed() -> Iterator[None]:
    """What is done within, a write, is not ended, and what it takes counts for nothing."""
    with WRITING:
        if not _is_first_thread():
            yield
            return
        left = _timer.set(0)
        try:
            yield
        finally:
            _go_on(left)


def allow(seconds: float) -> None:
    """Give so much more to that within which this is called, since there is more to do."""
    _Now.account.allowed += seconds


def in_proportion(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a log; each allows what it may take."""
    for piece in pieces:
        allow(len(piece) * _A_MEGABYTE / 1e6)
        yield piece


class Purse:
    """What a run over several projects may take for them all: ten minutes, and a second more for each. One may take
    SECONDS of it; where others have taken all, a second is left for it."""

    def __init__(self, seconds: float = _OF_ALL) -> None:
        self._left = seconds

    def of_next(self) -> float:
        """What the next project may take."""
        return min(SECONDS, max(self._left, 0.0) + _OF_EACH)

    def pay(self, seconds: float) -> None:
        """Take what a project took."""
        self._left += _OF_EACH - seconds

    @contextmanager
    def paying(self) -> Iterator[float]:
        """What the project may take that is looked at within."""
        start = time.process_time()
        try:
            yield self.of_next()
        finally:
            self.pay(time.process_time() - start)


def _is_first_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _go_on(left: tuple[float, float]) -> None:
    """Let the timer go on where it was."""
    seconds, again = left
    _timer.set(max(seconds, 1e-6) if again else 0, again)


def _give_up(number: int, frame: FrameType | None) -> None:
    more = _Now.account.next()
    if not more:
        raise _TooLong
    _timer.set(more, _AGAIN)
