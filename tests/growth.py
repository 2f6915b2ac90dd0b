"""How the cost of something grows with its size."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from envfix import __main__ as command

ROUNDS = 5


def assert_in_proportion(seconds: Callable[[int], float], few: int, times: int = 8, soon: float = 0.2) -> None:
    """`times` as many take at most twice as many times the `seconds` of processor time that `few` take, or less than
    `soon`; a square would take `times` * `times`. The best of some rounds counts, since a busy machine only adds."""
    first = last = float("inf")
    with _collected_as_the_command_does():
        for _ in range(ROUNDS):
            first, last = min(first, seconds(few)), min(last, seconds(few * times))
            if last < max(soon, 2 * times * first):
                return
    raise AssertionError(f"{few:,} take {first:.3f} s, {few * times:,} take {last:.3f} s")


@contextmanager
def _collected_as_the_command_does() -> Iterator[None]:
    """Python's collector looks through what a test runner holds, and the more often the more there is."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    command.collect_seldom()
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
