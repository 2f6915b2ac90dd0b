"""How do new bytes take the place of a file, whole or not at all?

The content is written into a temporary folder beside the file (0700, with a `.gitignore` of its own, so that a killed
run leaves nothing that git would pick up or another user could read), with the mode, owner and extended attributes of
the original set before the first byte; it is flushed to disk and renamed over the original. What a killed run left is
known by its name and removed by the next one.
"""

import errno
import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import chain

from envfix.disk.anchor import FileChanged, anchored, elsewhere, entered
from envfix.disk.guard import CONTENT, LEFTOVER
from envfix.disk.system_errors import explained
from envfix.errors import EnvfixError
from envfix.files import count_read
from envfix.named_tuples import NamedTuple

_IGNORE = ".gitignore"
_NO_SUPPORT = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NONBLOCK", 0)  # no pipe in its place
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class PartlyWritten(EnvfixError):
    """A run failed after some files were swapped, and not all of them could be put back."""


class Change(NamedTuple):
    """New bytes for the real file `path`: `before` must stand there (None: no file), `mode` is that of a new one."""

    path: str
    before: bytes | None
    after: bytes
    mode: int = 0o600


class Waiting(NamedTuple):
    """A temporary folder and the content that waits in it to take its place."""

    folder: str
    content: str


def read_regular(path: str, limit: int = -1) -> bytes | None:
    """The bytes of the regular file `path` (no link is followed, at most `limit` read), None if there is none.

    OSError as the system gives it; a folder, fifo or device is an OSError too, and never waited for.
    """
    try:
        descriptor = os.open(path, _READ)
    except FileNotFoundError:
        return None
    try:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EISDIR if stat.S_ISDIR(info.st_mode) else errno.EINVAL, "it is no regular file")
        chunks, size = [], 0
        while (limit < 0 or size < limit) and (chunk := os.read(descriptor, 1 << 20)):
            chunks.append(chunk)
            size += len(chunk)
            count_read(chunk)
        return b"".join(chunks)
    finally:
        os.close(descriptor)


def create(path: str, data: bytes, mode: int = 0o600, like: str | None = None) -> None:
    """Make the new file `path` with `data`, flushed to disk; OSError if anything stands there.

    Mode and, with `like`, the owner and extended attributes of that file are set before the first byte.
    """
    descriptor = os.open(path, _CREATE, 0o600)
    try:
        if like is not None:
            _take_owner(descriptor, like)
            _take_attributes(descriptor, like)
        if hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        _flush(descriptor)
    finally:
        os.close(descriptor)


def _take_owner(descriptor: int, like: str) -> None:
    wanted, given = os.stat(like), os.fstat(descriptor)
    if (wanted.st_uid, wanted.st_gid) == (given.st_uid, given.st_gid) or not hasattr(os, "fchown"):
        return
    try:
        os.fchown(descriptor, wanted.st_uid, wanted.st_gid)
    except PermissionError:
        raise EnvfixError("would lose its owner or group by a change: run envfix as its owner", path=like) from None


def _take_attributes(descriptor: int, like: str) -> None:
    """Extended attributes, access control lists among them; a folder may have handed down some that `like` has not."""
    if not hasattr(os, "listxattr"):
        return
    try:
        wanted = {name: os.getxattr(like, name) for name in os.listxattr(like)}
        given = {name: os.getxattr(descriptor, name) for name in os.listxattr(descriptor)}
        for name in sorted(given.keys() | wanted.keys()):
            if given.get(name) != wanted.get(name):
                _set_attribute(descriptor, name, wanted.get(name))
    except OSError as error:
        if error.errno not in _NO_SUPPORT:
            raise


def _set_attribute(descriptor: int, name: str, value: bytes | None) -> None:
    try:
        if value is None:
            os.removexattr(descriptor, name)
        else:
            os.setxattr(descriptor, name, value)
    except PermissionError:
        if not name.startswith(("security.", "trusted.")):  # the system's own marks, which only it may set
            raise


def _flush(descriptor: int) -> None:
    try:
        import fcntl

        if hasattr(fcntl, "F_FULLFSYNC"):  # macOS: fsync alone stops at the drive's cache
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    except (ImportError, OSError):
        pass
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_SUPPORT:
            raise


def sync_folder(folder: str) -> None:
    """Flush the names in `folder` to disk, where the system can (Windows cannot open a folder)."""
    if os.name == "nt":
        return
    try:
        descriptor = os.open(folder, _FOLDER)
    except PermissionError:  # a folder may be writable and not readable
        return
    try:
        _flush(descriptor)
    finally:
        os.close(descriptor)


def beside(path: str) -> Waiting:
    """A temporary folder, not made yet, beside the file whose new content it will hold."""
    folder = os.path.join(os.path.dirname(path), f".envfix-{os.urandom(6).hex()}.tmp")
    return Waiting(folder, os.path.join(folder, CONTENT))


def reached(waiting: Waiting, path: str) -> Waiting:
    """The same beside `path`, by which its file's folder is reached."""
    folder = os.path.join(os.path.dirname(path), os.path.basename(waiting.folder))
    return Waiting(folder, os.path.join(folder, CONTENT))


def prepare(fresh: Waiting, data: bytes, mode: int, like: str | None) -> None:
    """Make the folder, and write `data` into it with the mode and, with `like`, owner and attributes of that file."""
    os.mkdir(fresh.folder, 0o700)
    with entered(fresh.folder) as folder:
        create(os.path.join(folder, _IGNORE), b"*\n")
        create(os.path.join(folder, CONTENT), data, mode, like)


def take_place(waiting: Waiting, path: str) -> None:
    """Move the content that waits to the file `path`."""
    with entered(waiting.folder) as folder:
        os.replace(os.path.join(folder, CONTENT), path)


def _discard(folder: str) -> None:
    """Remove a temporary folder as far as it can be; its `.gitignore` never before the content that it hides."""
    with suppress(OSError):
        with entered(folder) as held:
            for name in (CONTENT, _IGNORE):
                with suppress(FileNotFoundError):
                    os.unlink(os.path.join(held, name))
        os.rmdir(folder)


def discard_all(*made: Iterable[Waiting]) -> None:
    """Remove all of them. The callers call again after Ctrl-C, which may come before the first line here is reached."""
    for each in chain(*made):
        with suppress(OSError, FileChanged), anchored(each.folder) as folder:
            _discard(folder)


def tidy(folders: Iterable[str]) -> None:
    """Remove what killed runs left in `folders`, whose lock must be held: only what bears envfix's own names."""
    for folder in folders:
        inside = os.path.join(folder, "")
        with suppress(OSError, FileChanged), anchored(inside) as held, os.scandir(held) as entries:
            for entry in list(entries):
                if LEFTOVER.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False):
                    _discard(entry.path)


def replace_all(changes: Sequence[Change]) -> None:
    """Give every file its new bytes, or none of them, as far as the process lives.

    Each is compared with its `before` just before the swap: FileChanged if it differs. Other failures are EnvfixErrors;
    after any of them, Ctrl-C included, all files are as they were, or it is a PartlyWritten that names those
    that are not.
    """
    fresh = [beside(change.path) for change in changes]
    undo = [beside(change.path) for change in changes[:-1]]  # once the last one is swapped there is no way back to go
    try:
        for change, new in zip(changes, fresh, strict=True):
            with explained(change.path), anchored(change.path) as path:
                prepare(reached(new, path), change.after, *_origin(change, path))
        for change, old in zip(changes, undo, strict=False):
            if change.before is not None:
                with explained(change.path), anchored(change.path) as path:
                    prepare(reached(old, path), change.before, *_origin(change, path))
        _swap_all(changes, fresh, undo)
    finally:
        try:
            discard_all(fresh, undo)
        except KeyboardInterrupt:
            discard_all(fresh, undo)
            raise
    for folder in {os.path.dirname(change.path) for change in changes}:
        with suppress(OSError):  # the swap stands either way, and each file is whole either way
            sync_folder(folder)


def _swap_all(changes: Sequence[Change], fresh: Sequence[Waiting], undo: Sequence[Waiting]) -> None:
    begun = 0
    try:
        for change, new in zip(changes, fresh, strict=True):
            with explained(change.path), anchored(change.path) as path:
                _ensure_unchanged(change, path)
                take_place(reached(new, path), path)
            begun += 1
    except BaseException as error:
        swapped = begun + sum(map(_was_moved, changes[begun : begun + 1], fresh[begun : begun + 1]))
        if swapped < len(changes):
            _put_back(list(zip(changes, undo, strict=False))[:swapped])
            raise
        if not isinstance(error, EnvfixError):
            raise


def _was_moved(change: Change, new: Waiting) -> bool:
    """Whether the content that waited took its place, at whatever moment an interruption came. Where a folder of the
    path became a link, it is only out of sight."""
    try:
        with anchored(change.path) as path, entered(reached(new, path).folder) as folder:
            os.lstat(os.path.join(folder, CONTENT))
    except FileNotFoundError:
        return True
    except (OSError, FileChanged):
        return False
    return False


def _put_back(swapped: Sequence[tuple[Change, Waiting]]) -> None:
    stuck = []
    for change, old in swapped:
        try:
            with anchored(change.path) as path:
                # What someone else wrote here since is the newer word.
                if read_regular(path, len(change.after) + 1) != change.after:
                    stuck.append(change.path)
                elif change.before is None:
                    os.unlink(path)
                else:
                    take_place(reached(old, path), path)
        except (OSError, FileChanged):
            stuck.append(change.path)
    if stuck:
        raise PartlyWritten(
            f"the run failed half-way and {', '.join(stuck)} could not be put back: envfix --restore does it once the "
            "cause is mended",
            path=stuck[0],
        )


def _origin(change: Change, path: str) -> tuple[int, str | None]:
    if change.before is None:
        return change.mode, None
    info = os.lstat(path)
    if not stat.S_ISREG(info.st_mode):
        raise elsewhere(change.path)
    return stat.S_IMODE(info.st_mode), path


def _ensure_unchanged(change: Change, path: str) -> None:
    limit = len(change.before or b"") + 1
    if read_regular(path, limit) != change.before:
        raise FileChanged("was changed by another program since it was read: run envfix again", path=change.path)
