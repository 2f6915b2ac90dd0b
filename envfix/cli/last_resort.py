"""What ends a run that waits for a file system which does not answer?

A signal is taken when the system's call is over, and on a file system that is gone (a network's, FUSE) that never is:
only a kill ends the wait (https://docs.kernel.org/filesystems/fuse.html, "Interrupting filesystem operations"). The
signal stays pending, which another thread can see (sigpending(2)).
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from envfix.cli.patience import WRITING

ENDING = frozenset(getattr(signal, name) for name in ("SIGINT", "SIGHUP", "SIGTERM") if hasattr(signal, name))
"""The signals that ask a run to end, of those that the system has."""

_LOOK = 2.0  # seconds; a signal that is still there at the next look is taken by nobody


@contextmanager
def ended_at_last() -> Iterator[None]:
    """While what is done within lasts, the process ends with a signal's status if the main thread does not take one
    that asks it to end; where it is writing, when that is done. To be called in the main thread."""
    if not hasattr(signal, "sigpending"):
        yield
        return
    over = threading.Event()
    asking = ENDING.difference(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
    with suppress(RuntimeError):  # where a user may have no more of them, the run goes without
        threading.Thread(target=_look, args=(asking, over), daemon=True).start()
    try:
        yield
    finally:
        over.set()


def _look(asking: frozenset[signal.Signals], over: threading.Event) -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, asking)  # in this thread
    before: set[signal.Signals] = set()
    while not (untaken := before & signal.sigpending()):
        before = signal.sigpending() & asking
        if over.wait(_LOOK):
            return
    with WRITING:
        os._exit(128 + min(untaken))
