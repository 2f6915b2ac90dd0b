"""Where does source say the name of a variable, and in which spelling?

A program may say `DATABASE_URL`, `database_url` (a field), `databaseUrl` (a key) or `database-url`; it may put the name
together from a prefix and a rest. Whether a name can be there at all is a plain search in the files' bytes without
separators and letter case; regular expressions look only at what that has found.
"""

import re
from collections.abc import Iterable, Iterator

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


class Squeezed(NamedTuple):
    """A file, and its bytes in small letters without separators, in which a name is sought whatever its spelling."""

    file: SourceFile
    data: bytes


def squeeze(file: SourceFile) -> Squeezed:
    """The file, made ready for the search."""
    return Squeezed(file, file.data.translate(_LOWER, _SEPARATORS))


def needle(name: str) -> bytes:
    """What is sought for a name in squeezed bytes."""
    return name.encode("utf-8", "surrogateescape").translate(_LOWER, _SEPARATORS)


def mentions(files: Iterable[Squeezed], name: str) -> Iterator[Mention]:
    """The lines that say the name as a word of its own, in any spelling."""
    sought = needle(name)
    pattern = None
    for one in files:
        if sought not in one.data:
            continue
        pattern = pattern or _spelled(name)
        yield from _in_file(one.file, pattern, name.encode("utf-8", "surrogateescape"))


def _spelled(name: str) -> re.Pattern[bytes]:
    words = [re.escape(word) for word in name.encode("utf-8", "surrogateescape").split(b"_") if word]
    return re.compile(rb"(?<![A-Za-z0-9])" + rb"[_.-]?".join(words) + rb"(?![A-Za-z0-9])", re.IGNORECASE)


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


# `"POSTGRES_"`, `"POSTGRES_${kind}`; `${kind}_HOST"`, `"_HOST"`.
_HEAD = regex(rb"""["'`]([\w.\-\[\]\x80-\xff]++)(?<=_)(?=["'`]|\$?\{|%s|\#\{)""")
_TAIL = regex(rb"""(?:\}|%s|%v|\)|["'`])_([\w.\-\[\]\x80-\xff]++)(?=["'`])""")


def parts(files: Iterable[SourceFile]) -> Parts:
    """The pieces in the files from which names can be put together."""
    heads: set[bytes] = set()
    tails: set[bytes] = set()
    for file in files:
        heads.update(found.translate(_LOWER)[:-1] for found in _HEAD.findall(file.data))
        tails.update(found.translate(_LOWER) for found in _TAIL.findall(file.data))
    return Parts(frozenset(heads), frozenset(tails))
