"""Has the processor been busy for so long? A thread that looks, for a system without a timer for it (Windows).

One call of C that keeps the interpreter to itself for long it does not see; this package makes none.
"""

from __future__ import annotations

import _thread
import signal
import threading
import time

SIGNAL = signal.SIGABRT
"""What tells the main thread. Of the few signals that Python can handle on Windows each of the others has another
meaning: Ctrl-C, Ctrl-Break, the end of a process, or a fault, from which a handler cannot return. This one is raised by
abort() alone, which ends the process all the same. https://docs.python.org/3/library/signal.html#signal.signal
"""

_LOOK = 0.2  # seconds


class Watch:
    """`set` is `signal.setitimer` for processor time; what it is over is told by SIGNAL."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a handler sets anew what its own signal has interrupted
        self._due: float | None = None
        self._again = 0.0
        self._thread: threading.Thread | None = None

    def set(self, seconds: float, again: float = 0.0) -> tuple[float, float]:
        """Give the signal in so many seconds of processor time, and from then on as often `again`; 0 is never. What was
        left, and how often, of that which was set before; to be called in the main thread."""
        with self._lock:
            now = time.process_time()
            left = (0.0, 0.0) if self._due is None else (max(self._due - now, 1e-6), self._again)
            self._due, self._again = now + seconds if seconds else None, again
            if seconds and (self._thread is None or not self._thread.is_alive()):
                self._thread = threading.Thread(target=self._look, daemon=True)
                self._thread.start()
            return left

    def _look(self) -> None:
        while True:
            time.sleep(_LOOK)
            with self._lock:
                if self._due is None:
                    self._thread = None
                    return
                if time.process_time() >= self._due:
                    self._due = time.process_time() + self._again if self._again else None
                    _thread.interrupt_main(SIGNAL)
