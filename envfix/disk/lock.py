"""Is another envfix writing here? A lock on each folder that a write touches.

Where the system can lock a folder itself (flock: Linux, macOS) nothing is left behind, no killed run leaves it locked,
and other users see it. Elsewhere (Windows, some network file systems) a file in the folder for temporary files is
locked instead; where even that cannot be had, the comparison just before each replacement is the only guard.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from envfix.errors import EnvfixError

PATIENCE = 10.0  # seconds; a write takes a fraction of one, and hooks run several envfix at once


class Locked(EnvfixError):
    """Another program holds the lock."""


@contextmanager
def locked(folders: Iterable[str], patience: float | None = None) -> Iterator[None]:
    """Hold the lock of each of the absolute `folders`; Locked if one is not free within `patience` seconds."""
    held: list[int] = []
    deadline = time.monotonic() + (PATIENCE if patience is None else patience)
    try:
        for folder in dict.fromkeys(folders):
            descriptor = _lock(folder, deadline)
            if descriptor is not None:
                held.append(descriptor)
        yield
    finally:
        for descriptor in held:
            with suppress(OSError):  # the lock goes with the process at the latest
                os.close(descriptor)


def _lock(folder: str, deadline: float) -> int | None:
    for opened, take in ((_open_folder, _take_folder), (_open_file, _take_bytes)):
        try:
            descriptor = opened(folder)
        except OSError:
            continue
        try:
            _wait(take, descriptor, folder, deadline)
            return descriptor
        except (OSError, ImportError):
            os.close(descriptor)
        except BaseException:
            os.close(descriptor)
            raise
    return None


def _wait(take: Callable[[int], None], descriptor: int, folder: str, deadline: float) -> None:
    while True:
        try:
            return take(descriptor)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK):
                raise
        if time.monotonic() >= deadline:
            raise Locked("another envfix is writing here: let it finish and run again", path=folder)
        time.sleep(0.02)


def _open_folder(folder: str) -> int:
    return os.open(folder, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))


def _take_folder(descriptor: int) -> None:
    import fcntl

    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _open_file(folder: str) -> int:
    import tempfile

    name = hashlib.sha256(os.path.normcase(folder).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    path = os.path.join(tempfile.gettempdir(), f"envfix-{name}.lock")
    return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)


def _take_bytes(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:
        _take_windows_bytes(descriptor)
        return
    try:
        fcntl.lockf(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except PermissionError:  # POSIX leaves open whether a held lock is EAGAIN or EACCES
        raise BlockingIOError(errno.EAGAIN, "held") from None


def _take_windows_bytes(descriptor: int) -> None:
    import msvcrt

    try:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except PermissionError:
        raise BlockingIOError(errno.EAGAIN, "held") from None
