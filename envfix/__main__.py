"""`python -m envfix`, and the command `envfix`."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> None:
    """Run the command line. Loading it takes most of a short run, so Ctrl-C is waited for from here on,
    and none for a collector, which would find no garbage."""
    gc.disable()
    try:
        from envfix.cli import main as run
    except KeyboardInterrupt:
        print("envfix: interrupted", file=sys.stderr)
        sys.exit(130)
    try:
        run()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        _leave(end.code)


def _leave(status: int) -> NoReturn:
    """End the process at once: to take the interpreter apart would be a tenth of a short run, and everything that was
    written is closed or flushed here."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    main()
