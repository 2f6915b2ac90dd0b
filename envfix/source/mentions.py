"""Where does source say the name of a variable, and in which spelling?

A program may say `DATABASE_URL`, `database_url` (a field), `databaseUrl` (a key) or `database-url`; it may put the name
together from a prefix and a rest. Whether a name can be there at all is a plain search in the files' bytes without
separators and letter case; regular expressions look only at what that has found.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate, islice

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.source.files import SourceFile

_LOWER = bytes(range(256)).lower()
_SEPARATORS = b"_-."
MAX_LINE = 2_000  # a longer one was not written by a person
_MOST_WORDS = 20
_MOST_LINES = 1_000  # of a file, which say a name otherwise than it is spelled
_TIMES_KEPT = 4  # of a file's text


class Mention(NamedTuple):
    """A line of a file, from 1, that says the name; `text` is the line, `exact` if it is spelled as the variable is."""

    path: str
    line: int
    text: str
    exact: bool


class Searched:
    """Source in which words are sought whatever their spelling: each word once, in the bytes of all files together, in
    small letters without separators."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._files = tuple(files)
        squeezed = [file.data.translate(_LOWER, _SEPARATORS) for file in self._files]
        self._text = b"\n".join(squeezed)
        self._starts = list(accumulate((len(one) + 1 for one in squeezed), initial=0))
        self._saying: dict[bytes, dict[str, SourceFile]] = {}

    def saying(self, word: str) -> dict[str, SourceFile]:
        """The files that say the word, perhaps as a part of another, by their paths."""
        sought = word.encode("utf-8", "surrogateescape").translate(_LOWER, _SEPARATORS)
        if sought not in self._saying:
            self._saying[sought] = {file.path: file for file in self._seek(sought)}
        return self._saying[sought]

    def _seek(self, sought: bytes) -> Iterator[SourceFile]:
        at = self._text.find(sought)
        while at >= 0:
            number = bisect_right(self._starts, at)
            if number > len(self._files):
                return  # behind the last file: only nothing at all is found there
            yield self._files[number - 1]
            at = self._text.find(sought, self._starts[number])


class Mentions:
    """The lines that say a name as a word of its own, in any spelling, found once for each file."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Mention, ...]] = {}
        self._lines: dict[str, _Lines] = {}

    def of(self, files: Iterable[SourceFile], name: str) -> Iterator[Mention]:
        """Those of the files, which are told apart by their paths; none for a name of underscores alone, or one that no
        person wrote, each word of which would be tried at each word of a line."""
        if not name.strip("_") or name.count("_") > _MOST_WORDS:
            return
        pattern = None
        for file in files:
            key = (file.path, name)
            if key not in self._known:
                pattern = pattern or _spelled(name)
                if file.path not in self._lines:
                    self._lines[file.path] = _Lines(file)
                self._known[key] = tuple(self._lines[file.path].saying(name, pattern))
            yield from self._known[key]


def _spelled(name: str) -> re.Pattern[bytes]:
    words = [re.escape(word) for word in name.encode("utf-8", "surrogateescape").split(b"_") if word]
    return regex(rb"(?<![A-Za-z0-9])" + rb"[_.-]?".join(words) + rb"(?![A-Za-z0-9])", re.IGNORECASE)


class _Held(NamedTuple):
    """Some lines of a file: their `numbers`, from 0, and their `text`, in which they begin at `starts`."""

    numbers: list[int]
    text: bytes
    starts: "array[int]"

    def rows(self, find: Callable[[int], int]) -> Iterator[int]:
        """Those in which something stands, which `find` gives the place of from another place on, -1 for none."""
        at = find(0)
        while at >= 0:
            row = bisect_right(self.starts, at) - 1
            yield row
            at = find(self.starts[row + 1])

    def line(self, row: int) -> tuple[bytes, int, int]:
        """The text, and where one of the lines begins and ends in it."""
        return self.text, self.starts[row], self.starts[row + 1] - 1


class _Lines:
    """The lines of a file, which are found by what stands in them in small letters without separators: thousands of
    names may stand in one file, and hundreds may be of the same letters."""

    def __init__(self, file: SourceFile) -> None:
        self._path, self._data = file
        self._squeezed = file.data.translate(_LOWER, _SEPARATORS)
        self._starts, self._squeezed_starts = _starts(self._data), _starts(self._squeezed)
        self._held: dict[bytes, _Held] = {}
        self._room = _TIMES_KEPT * len(file.data)
        self._mentions: dict[int, Mention] = {}

    def saying(self, name: str, pattern: re.Pattern[bytes]) -> Iterator[Mention]:
        """Those in which the pattern of the name is found: the lines that spell it as it is, else the first of those
        that spell it otherwise."""
        spelled = name.encode("utf-8", "surrogateescape")
        held = self._holding(spelled.translate(_LOWER, _SEPARATORS))
        exact = [row for row in held.rows(lambda at: held.text.find(spelled, at)) if pattern.search(*held.line(row))]
        if exact:
            yield from (self._mention(held.numbers[row])._replace(exact=True) for row in exact)
            return
        rows = held.rows(lambda at: found.start() if (found := pattern.search(held.text, at)) is not None else -1)
        yield from (self._mention(held.numbers[row]) for row in islice(rows, _MOST_LINES))

    def _mention(self, number: int) -> Mention:
        if number not in self._mentions:
            text = self._data[self._starts[number] : self._starts[number + 1] - 1]
            line = text.decode("utf-8", "replace").strip("\r")
            self._mentions[number] = Mention(self._path, number + 1, line, exact=False)
        return self._mentions[number]

    def _holding(self, sought: bytes) -> _Held:
        """The lines that hold these letters and were written by a person."""
        if sought not in self._held:
            numbers = [number for number in self._numbers(sought) if self._length(number) <= MAX_LINE]
            text = b"".join(self._data[self._starts[one] : self._starts[one + 1]] for one in numbers)
            starts = array("Q", accumulate((self._length(one) + 1 for one in numbers), initial=0))
            self._room -= len(text)
            if self._room < 0:
                self._held.clear()
                self._room = _TIMES_KEPT * len(self._data)
            self._held[sought] = _Held(numbers, text, starts)
        return self._held[sought]

    def _length(self, number: int) -> int:
        return self._starts[number + 1] - self._starts[number] - 1

    def _numbers(self, sought: bytes) -> Iterator[int]:
        at = self._squeezed.find(sought)
        while at >= 0:
            number = bisect_right(self._squeezed_starts, at) - 1
            yield number
            at = self._squeezed.find(sought, self._squeezed_starts[number + 1])


def _starts(data: bytes) -> "array[int]":
    """Where each line begins, and where one behind the last would."""
    return array("Q", accumulate((len(line) + 1 for line in data.split(b"\n")), initial=0))


class Parts(NamedTuple):
    """The pieces of names that source puts together, in small letters: the `heads` stand before a placeholder or at the
    end of a text, the `tails` behind a placeholder or at the beginning of a text."""

    heads: frozenset[bytes]
    tails: frozenset[bytes]

    def of(self, name: str) -> bool:
        """Whether the name can be put together from one of them and a rest."""
        words = name.encode("utf-8", "surrogateescape").translate(_LOWER).split(b"_")
        cuts = range(1, len(words))
        return any(b"_".join(words[:cut]) in self.heads or b"_".join(words[cut:]) in self.tails for cut in cuts)


# `"POSTGRES_"`, `"POSTGRES_${kind}`; `${kind}_HOST"`, `"_HOST"`. Each begins with the letter for which a plain search
# is made, since source is long and such places are few; a head is then read backwards.
_HEAD_ENDS = regex(rb"""_(?=["'`]|\$?\{|%s|\#\{)""")
_HEAD = regex(rb"""["'`]([\w.\-\[\]\x80-\xff]++)\Z""")
_TAIL = regex(rb"""_(?:(?<=[})"'`]_)|(?<=%[sv]_))([\w.\-\[\]\x80-\xff]++)(?=["'`])""")
_MAX_NAME = 200


def parts(file: SourceFile) -> Parts:
    """The pieces in the file from which names can be put together."""
    data = file.data
    ends = (found.start() for found in _HEAD_ENDS.finditer(data))
    heads = (_HEAD.search(data, max(0, end - _MAX_NAME), end) for end in ends)
    return Parts(
        frozenset(head[1].translate(_LOWER) for head in heads if head is not None),
        frozenset(found.translate(_LOWER) for found in _TAIL.findall(data)),
    )
