"""How do several processes share the projects of a run, and end with it?

Each gets its tasks over a connection of its own. Whatever ends the run, its own end, a signal or a kill, closes the
other end of that, and with it the process ends: at once, or when what it is writing is written.
"""

from __future__ import annotations

import _thread
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, wait
from multiprocessing.resource_tracker import ensure_running
from queue import SimpleQueue
from typing import Any, Generic, NoReturn, TypeVar

from envfix.cli.last_resort import ENDING
from envfix.cli.patience import WRITING

Task = TypeVar("Task")
Outcome = TypeVar("Outcome")

_AT_ONCE = 2  # tasks of a process: the one at work, and the next
_MOST_DONE = 64  # outcomes for each process that wait for one before them
_SOON, _LATE = 1.0, 12.0  # seconds to finish a write, and to take back one that waits for another program


def shared(
    work: Callable[[Task], Outcome], tasks: Iterator[Task], lost: Callable[[Task], Outcome], many: int
) -> Generator[Outcome, None, None]:
    """The outcomes of the `tasks`, in their order, which `many` processes `work` out. A task is taken when a process is
    free for it. `lost` gives the outcome of one in which its process was killed. What is handed over can be pickled."""
    pool = _Pool(work, lost, many)
    try:
        yield from pool.outcomes(tasks)
    finally:
        pool.end()


class _Worker(Generic[Task]):
    """A process, this end of its connection, and the tasks that it has, with their numbers."""

    def __init__(self, work: Callable[[Task], Any], others: list[Connection]) -> None:
        context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self.connection: Connection
        self.connection, theirs = context.Pipe()
        forked = context.get_start_method() == "fork"
        # A fork holds all that this process has open; a connection is closed only when nobody holds it any more.
        held = [*others, self.connection] if forked else []
        if not forked and os.name != "nt":
            ensure_running()  # else the first process starts it, which lets in the signals that wait
        self.process = context.Process(target=_serve, args=(work, theirs, held), daemon=True)
        with _signals_waiting():
            self.process.start()
        theirs.close()
        self.tasks: deque[tuple[int, Task]] = deque()


class _Pool(Generic[Task, Outcome]):
    def __init__(self, work: Callable[[Task], Outcome], lost: Callable[[Task], Outcome], many: int) -> None:
        self._work = work
        self._lost = lost
        self._workers: list[_Worker[Task]] = []
        self._many = many
        self._again: deque[tuple[int, Task]] = deque()  # of a process that was killed
        self._done: dict[int, Outcome] = {}

    def outcomes(self, tasks: Iterator[Task]) -> Iterator[Outcome]:
        """All of them, in the order of the tasks."""
        numbered, told = enumerate(tasks), 0
        while True:
            self._hand_out(numbered)
            while told in self._done:
                yield self._done.pop(told)
                told += 1
            busy = [worker.connection for worker in self._workers if worker.tasks]
            if not busy and not self._done:
                return
            ready = set(wait(busy))
            for worker in [worker for worker in self._workers if worker.connection in ready]:
                self._take(worker)

    def _hand_out(self, numbered: Iterator[tuple[int, Task]]) -> None:
        while len(self._workers) < self._many:
            self._workers.append(_Worker(self._work, [worker.connection for worker in self._workers]))
        for _ in range(_AT_ONCE):
            for worker in self._workers:
                if len(worker.tasks) < _AT_ONCE and len(self._done) < _MOST_DONE * self._many:
                    one = self._again.popleft() if self._again else next(numbered, None)
                    if one is None:
                        return
                    worker.tasks.append(one)
                    with suppress(OSError):  # of one that was killed, which is seen when it should answer
                        worker.connection.send(one)

    def _take(self, worker: _Worker[Task]) -> None:
        """Take the outcome that the worker has; one that was killed goes, and another one gets its other tasks."""
        try:
            number, outcome = worker.connection.recv()
            worker.tasks.popleft()
            self._done[number] = outcome
        except (EOFError, OSError):
            number, task = worker.tasks.popleft()
            self._done[number] = self._lost(task)
            self._again.extend(worker.tasks)
            self._workers.remove(worker)
            worker.connection.close()
            worker.process.join()

    def end(self) -> None:
        """Let all processes end, and wait for it."""
        for worker in self._workers:
            worker.connection.close()
        processes = [worker.process for worker in self._workers]
        for seconds, force in ((2 * _SOON, _ask_to_end), (_LATE, _kill)):
            until = time.monotonic() + seconds
            for process in processes:
                process.join(max(0.0, until - time.monotonic()))
                if process.is_alive():
                    force(process)


def _ask_to_end(process: Any) -> None:
    if os.name != "nt":  # where this would be a kill
        process.terminate()


def _kill(process: Any) -> None:
    process.kill()


@contextmanager
def _signals_waiting() -> Iterator[None]:
    """A signal that ends the run waits while a process begins, which could not take it in order yet."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# In the other process.


def _serve(work: Callable[[Task], Any], connection: Connection, held: list[Connection]) -> None:
    """Do the tasks that come in, until there is an end to it."""
    try:
        for other in held:
            other.close()
        _take_signals_in_order()
        tasks: SimpleQueue[tuple[int, Task]] = SimpleQueue()
        threading.Thread(target=_listen, args=(connection, tasks), daemon=True).start()
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        while True:
            number, task = tasks.get()
            connection.send((number, work(task)))
    finally:
        os._exit(1)


def _take_signals_in_order() -> None:
    """Ctrl-C and the end of the terminal reach every process of it: the first one ends the run, and with it the others.
    SIGTERM ends one alone, rolled back."""
    for number in ENDING:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _leave)


def _leave(number: int, frame: object) -> NoReturn:
    signal.signal(number, signal.SIG_IGN)  # a second one would disturb what is rolled back
    sys.exit(128 + number)


def _listen(connection: Connection, tasks: SimpleQueue[Any]) -> None:
    """Hand on the tasks; with the end of the connection end the process, but not in the middle of a write."""
    with suppress(Exception):
        while True:
            tasks.put(connection.recv())
    if not WRITING.acquire(timeout=_SOON):
        _thread.interrupt_main(signal.SIGTERM)
        WRITING.acquire()
    os._exit(0)
