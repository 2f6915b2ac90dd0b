"""How is a file reached while others may put links in the place of its folders? Through a folder that is held open, to
which no link led."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from envfix.errors import EnvfixError

_HELD = "/proc/self/fd"  # proc_pid_fd(5): Linux alone reaches what lies below an open folder by a path
_FLAGS = getattr(os, "O_PATH", 0) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


class FileChanged(EnvfixError):
    """A file is no longer what it was when it was read."""


@contextmanager
def anchored(path: str) -> Iterator[str]:
    """The real path `path`, as one that leads to the same folder whatever takes its name's place meanwhile.

    FileChanged if a link stands where a folder of the path was; OSError as the system gives it. Where no folder can be
    held so (macOS, Windows), it is the path itself, and that no link leads elsewhere is known of this moment alone.
    """
    folder, name = os.path.split(path)
    if not hasattr(os, "O_PATH") or not os.path.isdir(_HELD):
        if os.path.realpath(folder) != folder:
            raise elsewhere(path)
        yield path
        return
    held = os.open("/", _FLAGS)
    try:
        for part in filter(None, folder.split("/")):
            try:
                below = os.open(part, _FLAGS, dir_fd=held)
            except NotADirectoryError:
                raise elsewhere(path) from None
            _let_go(held)
            held = below
        yield f"{_HELD}/{held}/{name}"
    finally:
        _let_go(held)


@contextmanager
def entered(folder: str) -> Iterator[str]:
    """The `folder`, as a path that leads to it whatever takes its name's place meanwhile. OSError as the system gives
    it, also where it is a link."""
    if not hasattr(os, "O_PATH") or not os.path.isdir(_HELD):
        if os.path.islink(folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        yield folder
        return
    held = os.open(folder, _FLAGS)
    try:
        yield f"{_HELD}/{held}"
    finally:
        _let_go(held)


def _let_go(held: int) -> None:
    with suppress(OSError):  # nothing was written through it, so nothing is lost if that fails
        os.close(held)


def elsewhere(path: str) -> FileChanged:
    """The failure of a path that is no longer the real one."""
    return FileChanged("now leads elsewhere than when it was read: run envfix again", path=path)
