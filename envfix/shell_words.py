"""How is a word of a command written, so that the shell into which a person pastes it takes it for that word, and runs
nothing of it? Which shell that is, nobody knows: bash, zsh, fish or PowerShell, and on Windows cmd as well.

How, the other way round, are the words that start a container looked through? As one line.
"""

import os
from collections.abc import Iterable
from itertools import islice

from envfix.patterns import regex

# Nothing in it means anything to a shell. In zsh a word that begins with `=` would be the path of a command.
_BARE = regex(r"[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*")
# What ends a word in single quotes, or escapes its end: in fish a backslash does
# (https://fishshell.com/docs/current/language.html#quotes), in PowerShell a typographic quote
# (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules).
_ENDS = regex(r"['\\\u2018-\u201f]")
# What is alive in double quotes: in PowerShell and Git's bash, and the percent sign in cmd.
_ALIVE = regex(r'["$`%!\u2018-\u201f\x00-\x1f]')


def word(text: str, *, windows: bool = os.name == "nt") -> str:
    """The text as one word of a command. Where no quotes are safe in all shells, it stands in `$'...'` as bash and zsh
    read it, which others refuse or take for another word; on Windows a `?` stands for what is alive there, which no
    name of a file holds, so that such a command finds nothing."""
    if _BARE.fullmatch(text):
        return text
    if windows:
        return f'"{_ALIVE.sub("?", text)}"'
    if text.isprintable() and not _ENDS.search(text):
        return f"'{text}'"
    return f"$'{''.join(map(_escaped, text))}'"


def words(*texts: str) -> str:
    """A command line of these words."""
    return " ".join(map(word, texts))


MOST = 1 << 15
"""Characters of a command that are looked at: one of a hundred times as many may be that of thousands of services."""


def line_of(texts: Iterable[str]) -> str:
    """What a container is started with, as one line; of a very long one the beginning, of MOST characters."""
    return " ".join(islice(texts, MOST))[:MOST]


def _escaped(character: str) -> str:
    """A character as bash and zsh read it in `$'...'`; the bytes of a name that is no UTF-8 as bytes."""
    if character.isprintable() and not _ENDS.match(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
