"""How long may one project take? Its files may be anybody's, and made to keep a machine busy."""

from __future__ import annotations

import signal
import threading
from types import FrameType
from typing import Any, NoReturn

from envfix.errors import EnvfixError
from envfix.planning import Made, Request, make

SECONDS = 60.0
"""Of processor time; a project of thousands of services takes some five."""


class _TooLong(BaseException):
    """No Exception, so that nothing on its way takes it for a file that cannot be read."""


def made_of(request: Request, seconds: float = SECONDS) -> Made:
    """What `planning.make` makes of the request, ended with an EnvfixError once it has taken that many `seconds` of
    processor time. Where there is no timer for that (Windows, or another thread than the first), it may take longer."""
    timer: Any = getattr(signal, "setitimer", None)
    if timer is None or threading.current_thread() is not threading.main_thread():
        return make(request)
    before = signal.signal(signal.SIGVTALRM, _give_up)
    # Again each second, should the first one be lost in a callback, which hands on no exception.
    timer(signal.ITIMER_VIRTUAL, seconds, 1.0)
    try:
        try:
            return make(request)
        finally:
            timer(signal.ITIMER_VIRTUAL, 0)
    except _TooLong:
        message = f"this project keeps the processor busy for over {seconds:g} seconds: look at a part of it, with -f"
        raise EnvfixError(message, path=request.directory) from None
    finally:
        timer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _give_up(number: int, frame: FrameType | None) -> NoReturn:
    raise _TooLong
