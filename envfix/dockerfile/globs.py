"""Which files do the patterns of a `.dockerignore` or of a COPY name?

The source is moby's patternmatcher and Go's path.Match, which `.dockerignore` builds on.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from envfix.globs import MAX_PATTERN, Path, docker


def matches(pattern: str, path: str, *, deep: bool = True) -> bool:
    """Whether the whole `path` fits `pattern`: `*` and `?` stay within a folder, `**` (where `deep`) crosses them."""
    return docker(pattern, deep=deep).fits(Path(path))


def is_ignored(path: str, patterns: Iterable[str]) -> bool:
    """Whether the patterns of an ignore file leave the file `path` (relative, `/`) out of the build context. The last
    pattern that fits the file or one of its folders wins; `!` takes back in."""
    folders = path.split("/")
    ancestry = [Path("/".join(folders[: depth + 1])) for depth in range(len(folders))]
    ignored = False
    for pattern in patterns:
        excepts = pattern.startswith("!")
        # A pattern that would change nothing need not be tried.
        if excepts == ignored:
            glob = docker(pattern.removeprefix("!"))
            if any(map(glob.fits, ancestry)):
                ignored = not excepts
    return ignored


def ignore_patterns(text: str) -> tuple[str, ...]:
    """The patterns of an ignore file, cleaned as Docker cleans them: comments and blanks out, paths from the root."""
    patterns = []
    for line in text.removeprefix("\ufeff").split("\n"):
        pattern = line.strip()
        if line.startswith("#") or not pattern:
            continue
        mark = "!" if pattern.startswith("!") else ""
        pattern = pattern.removeprefix("!").strip()
        if pattern and len(pattern) <= MAX_PATTERN:
            pattern = posixpath.normpath(pattern)
            patterns.append(mark + (pattern.lstrip("/") or "/"))
    return tuple(patterns)
