"""Which paths does a pattern with `*`, `**`, `?` and `[a-z]` name, in a `.gitignore`, a `.dockerignore`, a COPY?

The dialects differ in what the characters mean, not in how the meaning is matched: every pattern becomes a row of
pieces, and they go over the path once, at all its places at a time. None costs more than its length times the path's,
where a regular expression would make a hostile one cost years.
"""

import posixpath
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from functools import cached_property, lru_cache
from operator import itemgetter

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

# No longer pattern fits the path of a file.
MAX_PATTERN = 4096


class Wild(Enum):
    """A piece that stands for more than one character: a part of a name, any folders (none too), all that follows."""

    PART = "*"
    FOLDERS = "**/"
    REST = "**"


class CharacterSet(NamedTuple):
    """`[a-z]`: one character of these ranges, or one of no range of them; never a slash."""

    ranges: tuple[tuple[str, str], ...]
    others: bool = False

    def hold(self, character: str) -> bool:
        """Whether the character is one of them."""
        within = any(low <= character <= high for low, high in self.ranges)
        return within != self.others and character != "/"


_ANY = CharacterSet((), others=True)
_NONE = CharacterSet(())
Piece = str | Wild | CharacterSet


class Path:
    """A path (with `/`) as bit masks, bit n for its character n."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def masks(self) -> dict[str, int]:
        """Where each character stands."""
        masks: dict[str, int] = {}
        for at, character in enumerate(self.text):
            masks[character] = masks.get(character, 0) | 1 << at
        return masks

    @cached_property
    def slashes(self) -> int:
        """Where a slash stands."""
        return self.masks.get("/", 0)

    @cached_property
    def others(self) -> int:
        """Where something else stands."""
        return ((1 << len(self.text)) - 1) & ~self.slashes

    def places(self, piece: str | CharacterSet) -> int:
        """The places of the characters for which a piece of one character stands."""
        if isinstance(piece, str):
            return self.masks.get(piece, 0)
        if piece is _ANY:
            return self.others
        return sum(mask for character, mask in self.masks.items() if piece.hold(character))


class Glob:
    """A pattern of any dialect, as its pieces. What fits it begins with `head`, ends with `tail`, and holds each of
    `between`."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces
        plain = [""]
        for piece in pieces:
            if isinstance(piece, str):
                plain[-1] += piece
            else:
                plain.append("")
        self.head, self.tail = plain[0], plain[-1] if len(plain) > 1 else ""
        self.between = tuple(filter(None, plain[1:-1]))
        # Most patterns of ignore files are plain names or endings.
        self._is_name = len(plain) == 1
        self._is_ending = len(plain) == 2 and pieces[0] is Wild.PART

    def _may_fit(self, text: str) -> bool:
        """Whether what stands in the pattern as it is stands in the text, in its order."""
        if not (text.startswith(self.head) and text.endswith(self.tail)):
            return False
        at = len(self.head)
        for run in self.between:
            at = text.find(run, at) + len(run)
            if at < len(run):
                return False
        return at + len(self.tail) <= len(text)

    def fits(self, path: Path) -> bool:
        """Whether the pattern stands for the whole path."""
        if not self._may_fit(path.text):
            return False
        if self._is_name:
            return len(path.text) == len(self.head)
        if self._is_ending:
            return "/" not in path.text[: len(path.text) - len(self.tail)]
        # Bit n: the pieces so far may have taken the first n characters.
        reached = 1
        for piece in self._pieces:
            if piece is Wild.REST:
                return True
            if piece is Wild.FOLDERS:
                least = (reached & -reached).bit_length() - 1
                reached |= path.slashes >> least << least + 1
            elif piece is Wild.PART:
                # The carry of the addition runs through each run of characters from the first place reached in it.
                others = path.others
                reached |= ((reached & others) + others) ^ others
            else:
                reached = (reached & path.places(piece)) << 1
            if not reached:
                return False
        return bool(reached >> len(path.text) & 1)


class Rule(NamedTuple):
    """One line of an ignore file: its pattern, only for `folders` or for all, and whether it `ignores` what it names or
    takes it back in."""

    glob: Glob
    folders: bool
    ignores: bool


class _Tried(NamedTuple):
    """A rule, its number, and a text that whatever fits it holds."""

    held: str
    number: int
    rule: Rule


# From so many rules on the texts that they hold are looked up in a path; below that each is sought.
_MANY = 64


class _Alike:
    """Rules that begin or end alike, by the texts that they hold, where many are of one length."""

    def __init__(self, rules: list[_Tried]) -> None:
        count = Counter(len(one.held) for one in rules)
        self._few = [one for one in rules if not one.held or count[len(one.held)] < _MANY]
        self._many: dict[int, dict[str, list[_Tried]]] = {}
        for one in rules:
            if one.held and count[len(one.held)] >= _MANY:
                self._many.setdefault(len(one.held), {}).setdefault(one.held, []).append(one)

    def likely(self, text: str) -> Iterator[list[_Tried]]:
        yield self._few
        for length, by_held in self._many.items():
            for start in range(len(text) - length + 1):
                if (tried := by_held.get(text[start : start + length])) is not None:
                    yield tried


class RulesByEnds:
    """Rules with their numbers, by how that begins or ends for which they stand: a path is tried with few of many."""

    def __init__(self, rules: Iterable[tuple[int, Rule]]) -> None:
        heads: dict[str, list[_Tried]] = {}
        tails: dict[str, list[_Tried]] = {}
        for number, rule in rules:
            head, tail, between = rule.glob.head, rule.glob.tail, rule.glob.between
            end, by_end = (head, heads) if head else (tail, tails)
            held = max(between + (tail,) * bool(head), key=len, default="")
            by_end.setdefault(end, []).append(_Tried(held, number, rule))
        self._heads = {end: _Alike(rules) for end, rules in heads.items()}
        self._tails = {end: _Alike(rules) for end, rules in tails.items()}
        self._head_lengths = sorted(set(map(len, self._heads)))
        self._tail_lengths = sorted(set(map(len, self._tails)))

    def last(self, path: Path, *, folder: bool) -> tuple[int, bool]:
        """The number of the last rule that fits, and whether it ignores the path; -1 where none does."""
        best, text = (-1, False), path.text
        for tried in self._likely(text):
            for held, number, rule in reversed(tried):
                if held not in text:
                    continue
                if number < best[0]:
                    break
                if (folder or not rule.folders) and rule.glob.fits(path):
                    best = (number, rule.ignores)
                    break
        return best

    def _likely(self, text: str) -> Iterator[list[_Tried]]:
        for length in self._head_lengths[: bisect_right(self._head_lengths, len(text))]:
            if (alike := self._heads.get(text[:length])) is not None:
                yield from alike.likely(text)
        for length in self._tail_lengths[: bisect_right(self._tail_lengths, len(text))]:
            if (alike := self._tails.get(text[len(text) - length :])) is not None:
                yield from alike.likely(text)


_DOCKER = regex(r"\*\*/?|\*|\?|\\.|\[\^?\]?[^\]]*\]|.", re.DOTALL)
_RANGE = regex(r"(.)(?:-(.))?", re.DOTALL)


@lru_cache(maxsize=8192)
def docker(pattern: str, *, deep: bool = True) -> Glob:
    """A pattern of a `.dockerignore` (moby's patternmatcher), without `deep` of a COPY (Go's path.Match), which knows
    no `**`. One that is longer than any path fits none."""
    return _compiled(pattern, deep)


def _compiled(pattern: str, deep: bool = True) -> Glob:
    return Glob((_NONE,) if len(pattern) > MAX_PATTERN else tuple(_docker(pattern, deep)))


def _docker(pattern: str, deep: bool) -> Iterator[Piece]:
    for found in _DOCKER.finditer(pattern):
        token = found[0]
        if token.startswith("**") and deep:
            yield Wild.REST if found.end() == len(pattern) else Wild.FOLDERS
        elif token.startswith("*"):
            yield Wild.PART
            if token.endswith("/"):
                yield "/"
        elif token == "?":
            yield _ANY
        elif len(token) == 1 or token.startswith("\\"):
            yield token[-1]
        else:
            members = _RANGE.findall(token[1:-1].removeprefix("^"))
            yield CharacterSet(tuple((low, high or low) for low, high in members), token.startswith("[^"))


@lru_cache(maxsize=4096)
def git(pattern: str) -> Glob:
    """A pattern of a `.gitignore` without its `!` and its slashes at both ends (git's wildmatch.c, with WM_PATHNAME).
    One that git takes for malformed fits nothing."""
    if len(pattern) > MAX_PATTERN:
        return Glob((_NONE,))
    return Glob(tuple(_git(pattern)))


def _git(pattern: str) -> Iterator[Piece]:
    at = 0
    while at < len(pattern):
        character = pattern[at]
        if character == "*":
            end = at + len(pattern[at:]) - len(pattern[at:].lstrip("*"))
            alone = end - at == 2 and (at == 0 or pattern[at - 1] == "/") and pattern[end : end + 1] in ("", "/")
            if alone and end == len(pattern):
                yield Wild.REST
            elif alone:
                yield Wild.FOLDERS
                end += 1
            else:
                yield Wild.PART
            at = end
        elif character == "[":
            members, at = _git_members(pattern, at + 1)
            yield members
        elif character == "?":
            yield _ANY
            at += 1
        elif character == "\\":
            yield pattern[at + 1] if at + 1 < len(pattern) else _NONE
            at += 2
        else:
            yield character
            at += 1


_ASCII = [chr(number) for number in range(128)]
_NAMED = {
    "alpha": "".join(filter(str.isalpha, _ASCII)),
    "digit": "0123456789",
    "alnum": "".join(filter(str.isalnum, _ASCII)),
    "lower": "".join(filter(str.islower, _ASCII)),
    "upper": "".join(filter(str.isupper, _ASCII)),
    "punct": "".join(one for one in _ASCII if one.isprintable() and not one.isalnum() and one != " "),
    "space": " \t\n\r\v\f",
    "blank": " \t",
    "xdigit": "0123456789abcdefABCDEF",
    "print": "".join(filter(str.isprintable, _ASCII)),
    "graph": "".join(one for one in _ASCII if one.isprintable() and one != " "),
    "cntrl": "".join(one for one in _ASCII if not one.isprintable()),
}


def _git_members(pattern: str, at: int) -> tuple[CharacterSet, int]:
    """What stands in the brackets whose content begins at `at`, and where what follows them begins."""
    others = pattern[at : at + 1] in ("!", "^")
    at += others
    ranges: list[tuple[str, str]] = []
    first = at
    while at < len(pattern):
        if pattern[at] == "]" and at > first:
            return CharacterSet(tuple(ranges), others), at + 1
        if pattern.startswith("[:", at) and (end := pattern.find(":]", at)) > 0:
            known = _NAMED.get(pattern[at + 2 : end])
            if known is None:
                break
            ranges += [(one, one) for one in known]
            at = end + 2
            continue
        low, at = _member(pattern, at)
        high = low
        if pattern.startswith("-", at) and pattern[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(pattern, at + 1)
        ranges.append((low, high))
    return _NONE, len(pattern)


def _member(pattern: str, at: int) -> tuple[str, int]:
    at += pattern[at] == "\\"
    return (pattern[at], at + 1) if at < len(pattern) else ("", at)


def matches(pattern: str, path: str, *, deep: bool = True) -> bool:
    """Whether the whole `path` fits `pattern`: `*` and `?` stay within a folder, `**` (where `deep`) crosses them."""
    return docker(pattern, deep=deep).fits(Path(path))


# Many builds can have one ignore file, and ask for the same few files.
@lru_cache(maxsize=1024)
def is_ignored(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether the patterns of an ignore file leave the file `path` (relative, `/`) out of the build context. The last
    pattern that fits the file or one of its folders wins; `!` takes back in."""
    folders, rules = path.split("/"), _by_ends(patterns)
    ancestry = (Path("/".join(folders[: depth + 1])) for depth in range(len(folders)))
    return max((rules.last(one, folder=True) for one in ancestry), default=(-1, False))[1]


# Their compiled patterns would take the place of all others in the cache of `docker`, again and again.
@lru_cache(maxsize=4)
def _by_ends(patterns: tuple[str, ...]) -> RulesByEnds:
    last = {pattern.removeprefix("!"): number for number, pattern in enumerate(patterns)}
    return RulesByEnds(
        (number, Rule(_compiled(words), folders=False, ignores=not patterns[number].startswith("!")))
        for words, number in sorted(last.items(), key=itemgetter(1))
    )


@lru_cache(maxsize=4)
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
