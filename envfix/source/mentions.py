"""Where does source say the name of a variable, and in which spelling?

A program may say `DATABASE_URL`, `database_url` (a field), `databaseUrl` (a key) or `database-url`; it may put the name
together from a prefix and a rest. Whether a name can be there at all is a plain search in the files' bytes without
separators and letter case; regular expressions look only at what that has found.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.source.files import SourceFile

_LOWER = bytes(range(256)).lower()
_SEPARATORS = b"_-."
MAX_LINE = 2_000  # a longer one was not written by a person


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

    def of(self, files: Iterable[SourceFile], name: str) -> Iterator[Mention]:
        """Those of the files, which are told apart by their paths."""
        pattern = None
        for file in files:
            key = (file.path, name)
            if key not in self._known:
                pattern = pattern or _spelled(name)
                self._known[key] = tuple(_in_file(file, pattern, name.encode("utf-8", "surrogateescape")))
            yield from self._known[key]


def _spelled(name: str) -> re.Pattern[bytes]:
    words = [re.escape(word) for word in name.encode("utf-8", "surrogateescape").split(b"_") if word]
    return regex(rb"(?<![A-Za-z0-9])" + rb"[_.-]?".join(words) + rb"(?![A-Za-z0-9])", re.IGNORECASE)


def _in_file(file: SourceFile, pattern: re.Pattern[bytes], name: bytes) -> Iterator[Mention]:
    data, number, counted, after = file.data, 1, 0, -1
    for found in pattern.finditer(data):
        if found.start() < after:
            continue  # once more on the same line
        start = data.rfind(b"\n", 0, found.start()) + 1
        end = data.find(b"\n", found.end())
        after = end if end >= 0 else len(data)
        number += data.count(b"\n", counted, start)
        counted = start
        text = data[start:after]
        if len(text) <= MAX_LINE:
            yield Mention(file.path, number, text.decode("utf-8", "replace").strip("\r"), name in text)


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
