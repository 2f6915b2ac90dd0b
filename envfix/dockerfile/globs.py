"""Which files do the patterns of a `.dockerignore` or of a COPY name?

The source is moby's patternmatcher and Go's path.Match, which `.dockerignore` builds on. No pattern costs more than its
length times the path's: a regular expression would make a hostile one cost years.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from envfix.patterns import regex

# No longer one can fit the path of a file.
_MAX_PATTERN = 4096
_TOKEN = regex(r"\*\*/?|\*|\?|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)


def matches(pattern: str, path: str, *, deep: bool = True) -> bool:
    """Whether the whole `path` fits `pattern`: `*` and `?` stay within a folder, `**` (where `deep`) crosses them."""
    return len(pattern) <= _MAX_PATTERN and _fits(_TOKEN.findall(pattern), _Path(path), deep)


def is_ignored(path: str, patterns: Iterable[str]) -> bool:
    """Whether the patterns of an ignore file leave the file `path` (relative, `/`) out of the build context. The last
    pattern that fits the file or one of its folders wins; `!` takes back in."""
    folders = path.split("/")
    ancestry = [_Path("/".join(folders[: depth + 1])) for depth in range(len(folders))]
    ignored = False
    for pattern in patterns:
        excepts = pattern.startswith("!")
        # A pattern that would change nothing need not be tried.
        if excepts == ignored:
            tokens = _TOKEN.findall(pattern.removeprefix("!"))
            if any(_fits(tokens, part, deep=True) for part in ancestry):
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
        if pattern and len(pattern) <= _MAX_PATTERN:
            pattern = posixpath.normpath(pattern)
            patterns.append(mark + (pattern.lstrip("/") or "/"))
    return tuple(patterns)


class _Path:
    """A path as bit masks, bit n for its character n: the matching goes on at all places at once."""

    def __init__(self, text: str) -> None:
        self.length = len(text)
        self.masks: dict[str, int] = {}
        for at, char in enumerate(text):
            self.masks[char] = self.masks.get(char, 0) | 1 << at
        self.slashes = self.masks.get("/", 0)
        self.others = ((1 << self.length) - 1) & ~self.slashes

    def where(self, token: str) -> int:
        """The places of the characters that a token for one character stands for."""
        if token == "?":
            return self.others
        if len(token) == 1 or token.startswith("\\"):
            return self.masks.get(token[-1], 0)
        return sum(mask for char, mask in self.masks.items() if _in_class(char, token))


def _fits(tokens: list[str], path: _Path, deep: bool) -> bool:
    # Bit n: the tokens so far may have taken the first n characters.
    reached = 1
    for number, token in enumerate(tokens):
        if token.startswith("**") and deep:
            least = (reached & -reached).bit_length() - 1
            if number == len(tokens) - 1:
                return True
            reached |= path.slashes >> least << least + 1
        elif token.startswith("*"):
            # The carry of the addition runs through each run of characters from the first place reached in it.
            others = path.others
            reached |= ((reached & others) + others) ^ others
            if token.endswith("/"):
                reached = (reached & path.slashes) << 1
        else:
            reached = (reached & path.where(token)) << 1
        if not reached:
            return False
    return bool(reached >> path.length & 1)


def _in_class(char: str, token: str) -> bool:
    members = token[1:-1].removeprefix("^")
    within = any(low <= char <= (high or low) for low, high in re.findall(r"(.)(?:-(.))?", members, re.DOTALL))
    return within != token.startswith("[^")
