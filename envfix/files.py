"""How do the bytes of a file that somebody else wrote get in? Bounded, and without ever blocking."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import NoReturn

from envfix.errors import EnvfixError

_MAX_TEXT = 1 << 20
SHARE = "file://"
"""How a path begins that lies on another machine: no file of this one has such a name, and nothing looks there."""


def inside(path: str, folder: str) -> bool:
    """Whether the absolute `path` is `folder` or lies below it, by their names alone."""
    path, folder = os.path.normcase(path), os.path.normcase(folder).rstrip(os.sep)
    return path == folder or path.startswith(folder + os.sep)


def located(folder: str, *parts: str) -> str:
    """Where the `parts` of a path that a project names lead from its `folder`, in normal form (see `local`)."""
    return local(os.path.normpath(os.path.join(folder, *parts)), folder)


def local(path: str, folder: str) -> str:
    """A path that a project in `folder` names; one that `is_elsewhere` as a URL (RFC 8089, appendix E.3), of which
    nothing is read."""
    return SHARE + path.replace("\\", "/").lstrip("/") if is_elsewhere(path, folder) else path


def is_elsewhere(path: str, folder: str, windows: bool = os.name == "nt") -> bool:
    """Whether a path leads to another machine, or to a device, than the one on which the `folder` of a project lies.
    Windows sends whoever is named there the user's name, and what a password can be guessed by, as soon as such a file
    is looked at: https://learn.microsoft.com/dotnet/standard/io/file-path-formats#unc-paths has their spellings."""
    return windows and _share(path) not in ("", _share(folder))


def _share(path: str) -> str:
    """Machine and share of `\\\\machine\\share\\path`; "" for other paths."""
    path = path.replace("/", "\\").lower()
    if not path.startswith(("\\\\", "\\??\\")):
        return ""
    unc = next((start for start in _SPELLINGS if path.startswith(start)), "\\\\")
    return "\\".join(path[len(unc) :].split("\\")[:2])


_SPELLINGS = ("\\\\?\\unc\\", "\\\\.\\unc\\", "\\??\\unc\\")


class RealPaths:
    """What `os.path.realpath` gives for absolute paths. Each folder on their ways is looked at once: to ask the system
    for a file that lies a thousand folders deep costs it a thousand steps, and for each of these folders as many."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """The path without links; one whose links lead to further ones by the thousand, of which no system follows more
        than some forty, as it is."""
        if os.name == "nt":  # where folders have short names, too
            return os.path.realpath(path)
        way, known = [], self._known
        while path not in known and (above := os.path.dirname(path)) != path:
            way.append(path)
            path = above
        real = known.setdefault(path, path)
        for step in reversed(way):
            real = known[step] = _below(real, os.path.basename(step))
        return real


def _below(folder: str, name: str) -> str:
    """The real path of what the real `folder` has under the name."""
    if name == os.pardir:
        return os.path.dirname(folder)
    path = os.path.join(folder, name) if name not in ("", os.curdir) else folder
    try:
        return os.path.realpath(path) if os.path.islink(path) else path
    except RecursionError:
        return path


class OneName:
    """One path for each file, by whatever names it is reached: links are followed, and where the file system does not
    tell upper from lower case, the first spelling counts."""

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._first: dict[str, str] = {}
        self._spelled: dict[str, dict[str, str]] = {}
        self._known: dict[str, str] = {}
        self._listings: dict[str, Collection[str]] = {}
        self._real = RealPaths()
        for path in paths:
            self.of(path)

    def of(self, path: str) -> str:
        """The real path, as it was first spelled."""
        return self.known(self._real.of(path))

    def known(self, real: str) -> str:
        """The same of a path that is a real one."""
        if real not in self._known:
            self._known[real] = self._first_spelling(real)
        return self._known[real]

    def _first_spelling(self, real: str) -> str:
        folded = real.casefold()
        first = self._first.setdefault(folded, real)
        if first == real:
            return real
        if folded not in self._spelled:
            self._spelled[folded] = {spelled(first, self._listings): first}
        return self._spelled[folded].setdefault(spelled(real, self._listings), real)


def spelled(path: str, listings: dict[str, Collection[str]] | None = None) -> str:
    """The absolute path with each name as its folder spells it, where the file system does not tell upper from lower
    case; else as it is. `listings` keeps what stands in the folders."""
    listings = {} if listings is None else listings
    folder, below = path, list[str]()
    while name := os.path.basename(folder):
        folder = os.path.dirname(folder)
        below.append(name)
    for name in reversed(below):
        folder = os.path.join(folder, _spelled(name, folder, listings))
    return folder


def _spelled(name: str, folder: str, listings: dict[str, Collection[str]]) -> str:
    """The name as `folder` spells it."""
    other = name.swapcase()
    if other != name and os.path.lexists(os.path.join(folder, other)):
        with suppress(OSError):
            names = listings.get(folder) or listings.setdefault(folder, frozenset(os.listdir(folder)))
            if name not in names:
                return next((one for one in sorted(names) if one.casefold() == name.casefold()), name)
    return name


class _Read:
    bytes = 0


def bytes_read() -> int:
    """How many bytes of files this process has read."""
    return _Read.bytes


def count_read(data: bytes) -> None:
    """Add what was read of a file elsewhere than here."""
    _Read.bytes += len(data)


def read_bounded(path: str, limit: int, kind: str) -> bytes:
    """The bytes of the regular file at `path`, links followed; `kind` names it in messages ("env file").

    Raises EnvfixError for one that is missing, not permitted, larger than `limit` bytes, or no regular file: a pipe or
    a device is never read, and so cannot block.
    """
    try:
        _check_kind(os.stat(path), path, limit, kind)
        flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
        with open(os.open(path, flags), "rb") as file:
            # Once more, since another file may stand there by now.
            _check_kind(os.fstat(file.fileno()), path, limit, kind)
            data = file.read(limit + 1)
        if data is None:  # of a file that the system makes up, and has nothing to tell by now
            raise EnvfixError(f"the {kind} cannot be read: it has nothing to tell yet", path=path)
        count_read(data)
    except FileNotFoundError:
        raise EnvfixError(f"there is no such {kind}: create it, or name another", path=path) from None
    except PermissionError:
        raise EnvfixError(f"the {kind} may not be read: give yourself the permission", path=path) from None
    except OSError as error:
        raise EnvfixError(f"the {kind} cannot be read: {error.strerror or 'input error'}", path=path) from None
    except ValueError:
        raise EnvfixError(f"no {kind} can have such a name: correct the path", path=path.replace("\0", "?")) from None
    if len(data) > limit:
        _refuse_size(path, limit, kind)
    return data


def _check_kind(status: os.stat_result, path: str, limit: int, kind: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise EnvfixError(f"this is a folder, no {kind}: name the file in it", path=path)
    if not stat.S_ISREG(status.st_mode):
        raise EnvfixError(f"this is a pipe or a device, no {kind}: copy it to a regular file", path=path)
    if status.st_size > limit:
        _refuse_size(path, limit, kind)


def _refuse_size(path: str, limit: int, kind: str) -> NoReturn:
    raise EnvfixError(f"the {kind} is larger than {limit >> 20} MiB: split it, or name another", path=path)


def text_if_readable(path: str) -> str | None:
    """The text of the regular file at `path`; None where there is none."""
    data = bytes_if_readable(path, _MAX_TEXT)
    return None if data is None else data.decode("utf-8", "surrogateescape")


def bytes_if_readable(path: str, limit: int) -> bytes | None:
    """The bytes of the regular file at `path`, of at most `limit`; None where there is none."""
    try:
        return read_bounded(path, limit, "file")
    except EnvfixError:
        return None
