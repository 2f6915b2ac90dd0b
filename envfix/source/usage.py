"""Is a value only handed to browsers and other programs outside, or is a connection opened with it?

Looked at are the lines that say the variable, and those that say the name which such a line gives its value: a
constant, a field of the settings, a key of the configuration. One step, no more.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

from envfix.knowledge.calls import CONNECTING_CALLS, OUTSIDE_CALLS
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.source.files import SourceFile
from envfix.source.mentions import MAX_LINE, Mention


class Usage(NamedTuple):
    """The mentions by which the value goes outside, and whether a connection is opened with it anywhere."""

    outside: tuple[Mention, ...]
    connects: bool


_OUTSIDE = regex("|".join(word for words in OUTSIDE_CALLS.values() for word in words), re.IGNORECASE)
_CONNECTING = regex("|".join(word for words in CONNECTING_CALLS.values() for word in words), re.IGNORECASE)
# More than these no program has of one variable: what follows is somebody's jest.
_MAX_LINES, _MAX_NAMES = 500, 20
_COMMENT = regex(r"\s*(?://|#|\*|/\*|<!--|--\s|;;)")
# `const shopUrl = ...`, `shopUrl: ...`, `self.shop_url = ...`, `'shop_url' => ...`, `ShopURL string `env:...``.
_GIVEN = regex(r"""^\s*
    (?:export\s+|const\s+|let\s+|var\s+|public\s+|private\s+|readonly\s+|static\s+|this\.|self\.|\$)*+
    ["']?(?P<name>[A-Za-z_]\w{3,})["']?(?:\s*+\??\s*+(?::=|=>|[:=](?![=:]))|\s++\w++\s++`)""", re.VERBOSE)  # fmt: skip
# Names that say too little to be followed beyond their file.
_COMMON = frozenset(
    {"url", "host", "port", "baseurl", "base_url", "endpoint", "value", "address", "name", "config", "options",
     "default", "origin", "client", "server", "domain", "target", "path", "link"}
)  # fmt: skip


Lines = dict[tuple[str, str], tuple[Mention, ...]]
"""The lines of a file, by its path, that say a name: found once for all programs that share the file."""


def usage(found: Iterable[Mention], files: Iterable[SourceFile], variable: str, known: Lines) -> Usage:
    """What the program does with the value of `variable`: `found` are its mentions in `files`; `known` are lines that
    were found before, to which others are added."""
    found = list(islice((one for one in found if not _is_comment(one.text)), _MAX_LINES))
    lines = list(found)
    given = dict.fromkeys((name, one.path) for one in found if (name := _given(one.text, variable)))
    for name, path in islice(given, _MAX_NAMES):
        places = [file for file in files if name.lower() not in _COMMON or file.path == path]
        lines += islice(_lines(places, name, known), _MAX_LINES)
    lines = list(dict.fromkeys(lines))[: 2 * _MAX_LINES]
    outside: list[Mention] = []
    connects = False
    for one in lines:
        goes_outside, opens = _speaks_of(one.text.replace(variable, " "))
        connects = connects or opens
        outside += [one] if goes_outside else []
    return Usage(tuple(dict.fromkeys(outside)), connects)


# Services whose programs share source ask of the same lines.
_REMEMBERED = 10_000


@lru_cache(_REMEMBERED)
def _is_comment(text: str) -> bool:
    return _COMMENT.match(text) is not None


@lru_cache(_REMEMBERED)
def _speaks_of(text: str) -> tuple[bool, bool]:
    """Whether the line hands a value outside, and whether it opens a connection."""
    return _OUTSIDE.search(text) is not None, _CONNECTING.search(text) is not None


@lru_cache(_REMEMBERED)
def _given(text: str, variable: str) -> str | None:
    """The name that the line gives the variable's value, if it is another."""
    given = _GIVEN.match(text)
    return given["name"] if given is not None and given["name"] != variable else None


def _lines(files: Iterable[SourceFile], name: str, known: Lines) -> Iterator[Mention]:
    for file in files:
        key = (file.path, name)
        if key not in known:
            known[key] = tuple(islice(_lines_in(file, name), _MAX_LINES))
        yield from known[key]


def _lines_in(file: SourceFile, name: str) -> Iterator[Mention]:
    sought = name.encode("utf-8", "surrogateescape")
    data, number, counted = file.data, 1, 0
    at = data.find(sought)
    pattern = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(sought) + rb"(?![A-Za-z0-9_])") if at >= 0 else None
    while pattern is not None and at >= 0:
        start, end = data.rfind(b"\n", 0, at) + 1, data.find(b"\n", at)
        end = end if end >= 0 else len(data)
        number += data.count(b"\n", counted, start)
        counted, line = start, data[start:end]
        at = data.find(sought, end)
        if len(line) <= MAX_LINE and pattern.search(line):
            text = line.decode("utf-8", "replace").strip("\r")
            if not _is_comment(text):
                yield Mention(file.path, number, text, False)
