"""`python -m envfix`, and the command `envfix`."""

import sys

if __name__ == "__main__" and not sys.flags.safe_path:
    # With -m Python puts the current folder first among the places to import from. It may be anybody's.
    del sys.path[0]

import gc
import os
import select
import signal
from contextlib import suppress
from types import FrameType
from typing import NoReturn, TextIO

from envfix.errors import Ended


def main() -> None:
    """Run the command line. Loading it takes most of a short run, so Ctrl-C is waited for from here on."""
    collect_seldom()
    try:
        end_in_order()
        from envfix.cli import main as run

        run()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        _leave(end.code)
    except KeyboardInterrupt as end:  # before the command is loaded, or once more while it ends
        _leave(end.status if isinstance(end, Ended) else 130)


def collect_seldom() -> None:
    """Let Python's collector look seldom: nearly all that a run makes is code and tuples without cycles, and looking
    through them often costs a twentieth of a short run and a sixth of a large one."""
    gc.set_threshold(100_000, 20, 20)


def end_in_order() -> None:
    """Let the signals that ask a program to end do what Ctrl-C does, so that nothing is left half done. One that is
    ignored stays so: `nohup` does that with SIGHUP."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, _end)


def _end(number: int, frame: FrameType | None) -> NoReturn:
    if not _is_read(sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())
    raise Ended(number)


def _is_read(stream: TextIO | None) -> bool:
    """Whether a line would go out at once. A pipe that is full, or a terminal that stands still, lets who tells it that
    the run was ended wait as long as nobody reads."""
    try:
        return stream is None or bool(select.select([], [stream], [], 0)[1])
    except (OSError, ValueError):  # Windows knows it of sockets alone
        return True


def _leave(status: int) -> NoReturn:
    """End the process at once: to take the interpreter apart would be a tenth of a short run, and everything that was
    written is closed or flushed here."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
