"""How is a word of a command written, so that the shell into which a person pastes it takes it for that word, and runs
nothing of it? Which shell that is, nobody knows: bash, zsh, fish or PowerShell, and on Windows cmd as well.

How, the other way round, are the words that start a container looked through? As one line.
"""

import os
import re
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any

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


class Command(tuple[str, ...]):
    """The words of what starts a container. Services that have them by one text or one anchor share them, and with them
    the `line`: what is found out about it is kept by its hash, which a text knows once it has been asked for."""

    @cached_property
    def line(self) -> str:
        """The beginning as one line, MOST characters at the most."""
        return " ".join(islice(self, MOST))[:MOST]


def line_of(*commands: Command | None) -> str:
    """The entrypoint and the command of a container as one line; of a very long one the beginning, as above."""
    return " ".join(one.line for one in commands if one)[:MOST]


# Thousands of services can have one command, or be built alike.
@lru_cache(maxsize=64)
def found_in(line: str, pattern: re.Pattern[str]) -> tuple[Any, ...]:
    """All that the pattern finds in such a line."""
    return tuple(pattern.findall(line))


def _escaped(character: str) -> str:
    """A character as bash and zsh read it in `$'...'`; the bytes of a name that is no UTF-8 as bytes."""
    if character.isprintable() and not _ENDS.match(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
