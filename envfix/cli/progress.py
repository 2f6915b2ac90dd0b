"""How far is it? A bar on standard error, where that is a terminal; it makes way for every line that is printed."""

from __future__ import annotations

import os
import sys
import time

_WIDTH = 30
_PAUSE = 0.1  # seconds between two drawings


class Bar:
    """A bar of `total` steps; silent where nobody looks, or asked for quiet."""

    def __init__(self, total: int, quiet: bool) -> None:
        self._total = total
        self._at = 0
        self._shown = False
        self._drawn = time.monotonic()
        self._wanted = not quiet and total > 1 and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def advance(self) -> None:
        """One step more."""
        self._at += 1
        now = time.monotonic()
        if self._wanted and now - self._drawn >= _PAUSE:
            self._drawn = now
            filled = _WIDTH * self._at // self._total
            bar = "#" * filled + "-" * (_WIDTH - filled)
            sys.stderr.write(f"\r\x1b[K[{bar}] {self._at} of {self._total}")
            sys.stderr.flush()
            self._shown = True

    def clear(self) -> None:
        """Take the bar away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False
