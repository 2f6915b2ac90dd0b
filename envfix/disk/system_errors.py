"""What is a person told of an error of the system? Why, in plain words, and the way out."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from envfix.errors import EnvfixError

_REASONS = {
    errno.ENOSPC: "the disk is full: free some space and run again",
    errno.EDQUOT: "the disk quota is used up: free some space and run again",
    errno.EROFS: "it lies on a read-only file system",
    errno.EACCES: "there is no permission for it: check the owner and the mode of the file and its folder",
    errno.EPERM: "it is not permitted: check the owner, the mode and the attributes of the file and its folder",
    errno.EBUSY: "something is mounted on it: run envfix where the file itself lies",
    errno.EIO: "the disk reports an input/output error",
    errno.ENOENT: "it does not exist, or was removed meanwhile",
    errno.EISDIR: "it is a folder, and a file is needed",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.ELOOP: "it is a symbolic link where none is followed, or one that leads back to itself",
    errno.ENAMETOOLONG: "its name is too long for the file system",
}


def system_failure(error: OSError, path: str, doing: str, way_out: str = "nothing was changed") -> EnvfixError:
    """What a person is told of an error of the system: `doing` as in "cannot be written", then why and the way out."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or type(error).__name__)
    return EnvfixError(f"{doing}: {reason}; {way_out}", path=path)


@contextmanager
def explained(path: str, doing: str = "cannot be written") -> Iterator[None]:
    """Turn an error of the system into one sentence about the file `path`; nothing may be changed when it comes."""
    try:
        yield
    except OSError as error:
        raise system_failure(error, path, doing) from None
