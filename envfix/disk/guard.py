"""Where may envfix write, and into which file behind a path? And the sentence for a place that is out of bounds."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from envfix.errors import EnvfixError
from envfix.patterns import regex

LEFTOVER = regex(r"\.envfix-[0-9a-f]{12}\.tmp")  # the name of a temporary folder beside the file
CONTENT = ".env"  # the new content in it, whatever the file is called: the name that most ignore files hide

_REASONS = {
    errno.ENOSPC: "the disk is full: free some space and run again",
    errno.EDQUOT: "the disk quota is used up: free some space and run again",
    errno.EROFS: "it lies on a read-only file system",
    errno.EACCES: "there is no permission for it: check the owner and the mode of the file and its folder",
    errno.EPERM: "it is not permitted: check the owner, the mode and the attributes of the file and its folder",
    errno.EIO: "the disk reports an input/output error",
    errno.ENOENT: "it does not exist, or was removed meanwhile",
    errno.EISDIR: "it is a folder, and a file is needed",
    errno.ENOTDIR: "a part of its path is no folder",
    errno.ELOOP: "it is a symbolic link where none is followed, or one that leads back to itself",
    errno.ENAMETOOLONG: "its name is too long for the file system",
}


def failure(error: OSError, path: str, doing: str, way_out: str = "nothing was changed") -> EnvfixError:
    """What a person is told of an error of the system: `doing` as in "cannot be written", then why and the way out."""
    reason = _REASONS.get(error.errno or 0) or (error.strerror or type(error).__name__)
    return EnvfixError(f"{doing}: {reason}; {way_out}", path=path)


@contextmanager
def told(path: str, doing: str = "cannot be written") -> Iterator[None]:
    """Turn an error of the system into one sentence about the file `path`; nothing may be changed when it comes."""
    try:
        yield
    except OSError as error:
        raise failure(error, path, doing) from None


def inside(path: str, folder: str) -> bool:
    """Whether the absolute `path` is `folder` or lies below it, by their names alone."""
    path, folder = os.path.normcase(path), os.path.normcase(folder).rstrip(os.sep)
    return path == folder or path.startswith(folder + os.sep)


def work_tree(directory: str) -> str | None:
    """The nearest folder at or above `directory` (absolute, links resolved) that git has as a work tree, or None."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        directory = parent
    return directory


def territory(directory: str) -> str:
    """The folder below which a run over the project in `directory` may write: its git work tree, else itself."""
    directory = os.path.realpath(directory)
    return work_tree(directory) or directory


def check_target(path: str, *, directory: str, named: bool) -> str:
    """The real file that writing `path` for the project in `directory` replaces: absolute, symbolic links followed.

    `named`: the user named this path, which frees a file that lies outside the git work tree (without git: outside the
    project's folder). It does not free one that only a link in the project leads to, since a project that is not
    trusted may have planted that link. EnvfixError for a file out of bounds, missing, read-only, with several hard
    links, or no regular file.
    """
    real = _followed(path)
    check_bounds(path, real, directory=directory, named=named)
    check_replaceable(real)
    return real


def _followed(path: str) -> str:
    try:
        return os.path.realpath(path, strict=True)
    except FileNotFoundError:
        if os.path.islink(path):
            raise EnvfixError("is a symbolic link to a file that does not exist: mend the link", path=path) from None
        raise EnvfixError("does not exist", path=path) from None
    except OSError as error:
        raise failure(error, path, "cannot be reached") from None
    except ValueError:  # a NUL character, which YAML can spell
        raise EnvfixError("is no name that a file can have", path=path) from None


def check_bounds(path: str, real: str, *, directory: str, named: bool) -> None:
    """Refuse with an EnvfixError the file `real` that `path` leads to, if it is out of bounds (see `check_target`)."""
    top = territory(directory)
    if inside(real, os.path.join(top, ".git")):
        raise EnvfixError("lies in git's own folder, in which envfix writes nothing", path=path)
    if inside(real, top):
        return
    stands = os.path.abspath(path)
    if not named:
        raise EnvfixError(_outside(top, directory) + "name it on the command line to change it", path=real)
    if inside(stands, top) or inside(stands, os.path.abspath(directory)):
        raise EnvfixError(f"leads to {real}, which " + _outside(top, directory) + "name that path itself", path=path)


def _outside(top: str, directory: str) -> str:
    kind = "git work tree" if work_tree(os.path.realpath(directory)) else "project's folder"
    return f"lies outside the {kind} {top}: "


def check_replaceable(real: str) -> None:
    """Refuse with an EnvfixError what an atomic replacement would not leave as a person expects it."""
    try:
        info, folder = os.lstat(real), os.stat(os.path.dirname(real))
    except OSError as error:
        raise failure(error, real, "cannot be reached") from None
    if not stat.S_ISREG(info.st_mode):
        raise EnvfixError(f"is {_kind(info.st_mode)}, and only a regular file can be changed", path=real)
    if info.st_nlink > 1 and info.st_nlink - _left_behind(real, info) > 1:
        raise EnvfixError(
            f"has {info.st_nlink} hard links, which a change would part: make it a file of its own, or a symbolic link",
            path=real,
        )
    # The mode of one file says that its owner does not want it changed, even where root could; in a tree without any
    # write bits, such as a copy of a read-only one, it says nothing of the kind.
    guarded = not info.st_mode & 0o222 and bool(folder.st_mode & 0o222)
    if guarded or not os.access(real, os.W_OK):
        raise EnvfixError("is read-only: make it writable to change it", path=real)
    if os.name != "nt" and not os.access(os.path.dirname(real), os.W_OK | os.X_OK):
        raise EnvfixError("lies in a read-only folder: make the folder writable to change the file", path=real)


def _left_behind(real: str, info: os.stat_result) -> int:
    """How many of the hard links are in temporary folders of killed runs, which the next write removes."""
    folder = os.path.dirname(real)
    with suppress(OSError):
        waiting = [os.path.join(folder, name, CONTENT) for name in _names(folder) if LEFTOVER.fullmatch(name)]
        return sum(os.path.samestat(os.lstat(path), info) for path in waiting if os.path.lexists(path))
    return 0


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFDIR: "a folder",
        stat.S_IFLNK: "a symbolic link",
        stat.S_IFIFO: "a fifo",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")


_DOCKERFILE = regex(r"(?i)(?:.*\.)?(?:docker|container)file(?:\.(?!dockerignore$).*)?")
_COMPOSE_FILE = regex(r"(?i).*compose.*\.ya?ml")
_BUILD = regex(rb"""(?m)(?:^|[\s{,"'])build["']?\s*:""")


def build_context(path: str, directory: str, top: str) -> str | None:
    """The folder, at or below `top`, from which an image build of the project in `directory` could copy `path`.

    None if `path` lies outside `top`, if nothing speaks for image builds (no Dockerfile and no `build:` in a compose
    file, in the folders above `path`, the project's and those in it), or if every folder that may be a build's context
    (the project's, those above it, and each with a Dockerfile) has a `.dockerignore` that hides it.
    """
    above = _above(path, top)
    if not above or not any(map(_builds, (*above, *_folders(directory)))):
        return None
    contexts = [
        folder for folder in above if inside(directory, folder) or any(map(_DOCKERFILE.fullmatch, _names(folder)))
    ]
    return next((folder for folder in contexts if not _hides(folder, path)), None)


def _above(path: str, top: str) -> list[str]:
    folders = []
    while (folder := os.path.dirname(path)) != path and inside(folder, top):
        folders.append(folder)
        path = folder
    return folders


def _folders(directory: str) -> list[str]:
    with suppress(OSError), os.scandir(directory) as entries:
        return [directory, *(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))]
    return [directory]


def _names(folder: str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []


def _builds(folder: str) -> bool:
    names = _names(folder)
    if any(map(_DOCKERFILE.fullmatch, names)):
        return True
    return any(_BUILD.search(_head(os.path.join(folder, name))) for name in filter(_COMPOSE_FILE.fullmatch, names))


def _head(path: str) -> bytes:
    with suppress(OSError):
        if os.path.isfile(path):
            with open(path, "rb") as file:
                return file.read(4 << 20)
    return b""


def _hides(context: str, path: str) -> bool:
    """Whether every ignore file in `context` hides `path` from builds, and lets nothing in again further down."""
    relative = os.path.relpath(path, context).replace(os.sep, "/").split("/")
    above = ["/".join(relative[: length + 1]) for length in range(len(relative))]
    names = [name for name in _names(context) if name.endswith(".dockerignore")]
    return ".dockerignore" in names and all(_ignores(os.path.join(context, name), above) for name in names)


def _ignores(file: str, above: list[str]) -> bool:
    lines = [line.strip() for line in _head(file).decode("utf-8", "replace").splitlines()]
    last = max((index for index, line in enumerate(lines) if line.startswith("!")), default=-1)
    patterns = [_pattern(line) for line in lines[last + 1 :] if line and not line.startswith("#")]
    return any(pattern.fullmatch(part) for pattern in patterns for part in above)


def _pattern(line: str) -> re.Pattern[str]:
    """A `.dockerignore` pattern: `**/` any folders, `*` and `?` within a name (Docker's reference, .dockerignore)."""
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", line.removeprefix("./").strip("/"))
    meaning = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return re.compile("".join(meaning.get(piece) or re.escape(piece) for piece in pieces))
