"""What is a file of a project's source, and in which folders does it lie?"""

import os
from collections.abc import Iterable

from envfix.named_tuples import NamedTuple

MAX_FILES = 2_500


class SourceFile(NamedTuple):
    """A text file of the project: `path` is absolute, `data` its bytes."""

    path: str
    data: bytes


class SourceFiles(NamedTuple):
    """The source below the folders that were asked for, in the order of the paths; `gaps` are absolute paths of what
    belongs to it and was not read: submodules, what is not checked out, and what is beyond the bounds."""

    files: tuple[SourceFile, ...]
    gaps: tuple[str, ...]


def outermost(folders: Iterable[str]) -> tuple[str, ...]:
    """The folders without those that lie in another of them."""
    found: list[str] = []
    for folder in sorted(set(folders), key=lambda folder: (len(folder), folder)):
        if not lies_in(folder, found):
            found.append(folder)
    return tuple(found)


def lies_in(path: str, folders: Iterable[str]) -> bool:
    """Whether the path is one of the folders, or below one."""
    return any(path == folder or path.startswith(folder.rstrip(os.sep) + os.sep) for folder in folders)
