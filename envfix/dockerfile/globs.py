"""Which files do the patterns of a `.dockerignore` or of a COPY name?

The source is moby's patternmatcher and Go's path.Match, which `.dockerignore` builds on. No pattern costs more than its
length times the path's: a regular expression would make a hostile one cost years.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

_TOKEN = re.compile(r"\*\*/?|\*|\?|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)


def matches(pattern: str, path: str, *, deep: bool = True) -> bool:
    """Whether the whole `path` fits `pattern`: `*` and `?` stay within a folder, `**` (where `deep`) crosses them."""
    reached = {0}
    tokens = _TOKEN.findall(pattern)
    for number, token in enumerate(tokens):
        if token.startswith("**") and deep:
            reached = _any_depth(path, min(reached), reached, last=number == len(tokens) - 1)
        elif token.startswith("*"):
            reached = _any_run(path, reached)
            if token.endswith("/"):
                reached = _one(path, reached, "/")
        else:
            reached = _one(path, reached, token)
        if not reached:
            return False
    return len(path) in reached


def is_ignored(path: str, patterns: Iterable[str]) -> bool:
    """Whether the patterns of an ignore file leave the file `path` (relative, `/`) out of the build context. The last
    pattern that fits the file or one of its folders wins; `!` takes back in."""
    folders = path.split("/")
    ancestry = ["/".join(folders[: depth + 1]) for depth in range(len(folders))]
    ignored = False
    for pattern in patterns:
        excepts = pattern.startswith("!")
        # A pattern that would change nothing need not be tried.
        if excepts == ignored and any(matches(pattern.removeprefix("!"), part) for part in ancestry):
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
        if pattern:
            pattern = posixpath.normpath(pattern)
            patterns.append(mark + (pattern.lstrip("/") or "/"))
    return tuple(patterns)


def _one(path: str, reached: set[int], token: str) -> set[int]:
    return {at + 1 for at in reached if at < len(path) and _fits(path[at], token)}


def _fits(char: str, token: str) -> bool:
    if token == "?":
        return char != "/"
    if len(token) == 1 or token.startswith("\\"):
        return char == token[-1]
    members = token[1:-1].removeprefix("^")
    within = any(low <= char <= (high or low) for low, high in re.findall(r"(.)(?:-(.))?", members, re.DOTALL))
    return within != token.startswith("[^")


def _any_run(path: str, reached: set[int]) -> set[int]:
    wider = set(reached)
    for at in range(min(reached), len(path)):
        if at in wider and path[at] != "/":
            wider.add(at + 1)
    return wider


def _any_depth(path: str, first: int, reached: set[int], last: bool) -> set[int]:
    if last:
        return set(range(first, len(path) + 1))
    return reached | {at + 1 for at in range(first, len(path)) if path[at] == "/"}
