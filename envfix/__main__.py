"""`python -m envfix`, and the command `envfix`."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # With -m Python puts the current folder first among the places to import from. It may be anybody's.
    del sys.path[0]

import gc
import os
import signal
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from envfix.errors import Ended


def main() -> None:
    """Run the command line. Loading it takes most of a short run, so Ctrl-C is waited for from here on."""
    collect_seldom()
    try:
        end_in_order()
        from envfix.cli import main as run
    except KeyboardInterrupt as end:
        print("envfix: interrupted", file=sys.stderr)
        sys.exit(end.status if isinstance(end, Ended) else 130)
    try:
        run()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        _leave(end.code)


def collect_seldom() -> None:
    """Let Python's collector look seldom: nearly all that a run makes is code and tuples without cycles, and looking
    through them often costs a twentieth of a short run and a sixth of a large one."""
    gc.set_threshold(100_000, 20, 20)


def end_in_order() -> None:
    """Let the signals that ask a program to end do what Ctrl-C does, so that nothing is left half done. One that is
    ignored stays so: `nohup` does that with SIGHUP."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    raise Ended(number)


def _leave(status: int) -> NoReturn:
    """End the process at once: to take the interpreter apart would be a tenth of a short run, and everything that was
    written is closed or flushed here."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
