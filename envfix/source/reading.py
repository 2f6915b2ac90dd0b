"""Which files of a project are its source, and what stands in them?

Those that git tracks; where nothing is tracked, those that no ignore file excludes. Each is read once, within bounds;
what is left out for that is known, so that nobody takes its silence for an answer. No link is followed.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from itertools import islice

from envfix.files import count_read
from envfix.git.ignore import unignored
from envfix.git.index import tracked
from envfix.knowledge.runtimes import COMMON_SUFFIXES, RUNTIMES
from envfix.source.files import MAX_FILES, SourceFile, SourceFiles, lies_in, outermost

MAX_BYTES = 16 << 20
_MAX_FILE_BYTES = 1 << 20  # a person's source is smaller: what is larger was generated
_MAX_SEEN = 100_000
_NEVER = frozenset({"node_modules", "vendor", ".venv", "venv", ".git", "__pycache__", ".tox", "site-packages", ".next"})
_SUFFIXES = COMMON_SUFFIXES.union(*(runtime.suffixes for runtime in RUNTIMES))
_GENERATED = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "composer.lock", "CHANGELOG"})


def read_source(top: str, folders: Iterable[str]) -> SourceFiles:
    """The text files at and below `folders`, existing ones at or below the folder `top`; all absolute, without links,
    as `os.path.realpath` gives them. `top` is the git work tree, or the project's folder where there is none."""
    folders = outermost(folders)
    listed = tracked(top)
    if listed.files:
        paths = _below_one_of(folders, top, listed.files)
    else:
        paths = (_below(folder, name) for folder in folders for name in islice(unignored(folder, _NEVER), _MAX_SEEN))
    gaps = [path for name in listed.submodules if lies_in(path := _below(top, name), folders)]
    return _read(top, (path for path in paths if _is_source(path)), gaps)


def _below_one_of(folders: Iterable[str], top: str, names: Iterable[str]) -> Iterator[str]:
    """The paths of the names below `top`, as git says them, that lie in one of the folders; asked once a folder."""
    known: dict[str, bool] = {}
    for name in names:
        above = name.rpartition("/")[0]
        if above not in known:
            known[above] = _NEVER.isdisjoint(above.split("/")) and lies_in(_below(top, name), folders)
        if known[above]:
            yield _below(top, name)


def _below(folder: str, name: str) -> str:
    return f"{folder.rstrip(os.sep)}{os.sep}{name.replace('/', os.sep)}"


def _is_source(path: str) -> bool:
    name = path.rpartition(os.sep)[2]
    if name in _GENERATED or name.startswith(".env"):
        return False
    stem, dot, suffix = name.rpartition(".")
    return not dot or not stem or suffix.lower() in _SUFFIXES or name.startswith("requirements")


def _read(top: str, paths: Iterable[str], gaps: list[str]) -> SourceFiles:
    """The text files among the paths, all below `top`, which is no link; `gaps` are those known before."""
    files: list[SourceFile] = []
    left = MAX_BYTES
    real = {top: True}
    for path in paths:
        if len(files) >= MAX_FILES:
            gaps.append(path)
        elif _is_real(os.path.dirname(path), real) and not (_FOLLOWS and os.path.islink(path)):
            data = _bytes(path, min(left, _MAX_FILE_BYTES))
            if data is None:
                gaps += [] if os.path.islink(path) else [path]
            elif data.find(b"\0", 0, 8000) < 0:
                left -= len(data)
                files.append(SourceFile(path, data))
    return SourceFiles(tuple(files), tuple(gaps))


def _is_real(folder: str, known: dict[str, bool]) -> bool:
    """Whether no link, in the place of the folder or of one above it, leads there; `known` is what was asked before.
    One look at each folder on the way, however deep it lies."""
    way = []
    while folder not in known:
        way.append(folder)
        if (above := os.path.dirname(folder)) == folder:
            known[above] = False
        folder = above
    real = known[folder]
    for step in reversed(way):
        # Windows has junctions besides links.
        itself = os.path.realpath(step) == step if os.name == "nt" else not os.path.islink(step)
        real = known[step] = real and itself and os.path.basename(step) != os.pardir
    return real


_FOLLOWS = not hasattr(os, "O_NOFOLLOW")
_FLAGS = os.O_RDONLY
for _name in ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY", "O_CLOEXEC"):
    _FLAGS |= getattr(os, _name, 0)


def _bytes(path: str, limit: int) -> bytes | None:
    """The bytes of a regular file that is no link; None where it is another thing, not readable, or longer."""
    try:
        handle = os.open(path, _FLAGS)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > limit:
            return None
        # One read of the file's own size: a buffer of the limit's costs more than the file.
        data = os.read(handle, status.st_size + 1)
        while len(data) < status.st_size and (more := os.read(handle, status.st_size - len(data))):
            data += more
        count_read(data)
        return data if len(data) <= limit else None
    except OSError:
        return None
    finally:
        os.close(handle)
