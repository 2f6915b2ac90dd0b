"""Is a value only handed to browsers and other programs outside, or is a connection opened with it?

Looked at are the lines that say the variable, and those that say the name which such a line gives its value: a
constant, a field of the settings, a key of the configuration. One step, no more.
"""

import re
from collections.abc import Iterable, Iterator
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


def usage(found: Iterable[Mention], files: Iterable[SourceFile], variable: str) -> Usage:
    """What the program does with the value of `variable`: `found` are its mentions in `files`."""
    found = [one for one in found if not _COMMENT.match(one.text)][:_MAX_LINES]
    lines = list(found)
    given = dict.fromkeys((name, one.path) for one in found if (name := _given(one.text, variable)))
    for name, path in islice(given, _MAX_NAMES):
        places = [file for file in files if name.lower() not in _COMMON or file.path == path]
        lines += islice(_lines(places, name), _MAX_LINES)
    lines = list(dict.fromkeys(lines))[: 2 * _MAX_LINES]
    outside, connects = [], False
    for one in lines:
        text = one.text.replace(variable, " ")
        connects = connects or _CONNECTING.search(text) is not None
        if _OUTSIDE.search(text):
            outside.append(one)
    return Usage(tuple(dict.fromkeys(outside)), connects)


def _given(text: str, variable: str) -> str | None:
    """The name that the line gives the variable's value, if it is another."""
    given = _GIVEN.match(text)
    return given["name"] if given is not None and given["name"] != variable else None


def _lines(files: Iterable[SourceFile], name: str) -> Iterator[Mention]:
    sought = name.encode("utf-8", "surrogateescape")
    pattern = re.compile(rb"(?<![A-Za-z0-9_])" + re.escape(sought) + rb"(?![A-Za-z0-9_])")
    for file in files:
        if sought not in file.data:
            continue
        for number, line in enumerate(file.data.split(b"\n"), start=1):
            if sought in line and len(line) <= MAX_LINE and pattern.search(line):
                text = line.decode("utf-8", "replace").strip("\r")
                if not _COMMENT.match(text):
                    yield Mention(file.path, number, text, False)
