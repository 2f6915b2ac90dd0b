"""What is known of a value as a whole, each part worked out once and only when a dialect asks for it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from envfix.patterns import regex

from .keywords import Keyed, keyed_hosts
from .literals import literal_hosts
from .records import Address, PortSpan
from .urls import Urls

_COMMENT = regex(r"(?:^|(?<=\s))#[^\n]*+", re.MULTILINE)
_OUTSIDE = " \t\r\n\f\v\"'"
_AROUND_ELEMENTS = " \t\r\"'()[]{}"
# What stands behind such a word is a secret, whatever it looks like.
_SECRET = regex(
    r"(?:password|passwd|passphrase|(?<![A-Za-z])(?:pwd|pass)|secret|token|(?:api|access|account|private)[_-]?key)"
    r"(?:[\"']?\s{0,4}=\s{0,4}|[\"']\s{0,4}:\s{0,4}|:\s{1,4}|(?<=-password)\s{1,4}|(?<=-pass)\s{1,4})"
    r"(?![\"']?(?:https?|wss?)://)(?:\"[^\"]*+\"|'[^']*+'|[^;&\s\"',)}\]]*+)",
    re.IGNORECASE,
)
_SECRET_WORDS = ("pass", "pwd", "secret", "token", "key")
_SEPARATORS = regex(r"[,;|\n]")
_HOST = regex(r"[\w.\-*:/\]]++")
_WITH_PORT = regex(r"(?:[\w.\-]++|[0-9A-Fa-f:.]++\]):[0-9]++(?::\w++)?")


class Value:
    """A value and its structure: URLs, host keys, objects, comments, lists."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.inner_start = len(value) - len(value.lstrip(_OUTSIDE))
        self.inner_end = len(value.rstrip(_OUTSIDE))

    def before(self, position: int) -> str:
        """The character before `position`, "" at the start."""
        return self.value[position - 1 : position] if position else ""

    @cached_property
    def urls(self) -> Urls:
        return Urls(self.value)

    @cached_property
    def keyed(self) -> dict[int, Keyed]:
        return keyed_hosts(self.value)

    @cached_property
    def literal(self) -> dict[int, PortSpan | None]:
        return literal_hosts(self.value)

    @cached_property
    def _comments(self) -> list[tuple[int, int]]:
        return [match.span() for match in _COMMENT.finditer(self.value)] if "#" in self.value else []

    @cached_property
    def _secrets(self) -> list[tuple[int, int]]:
        folded = self.value.casefold()
        if not any(word in folded for word in _SECRET_WORDS):
            return []  # the usual case, without the expression, which takes long to compile
        return [match.span() for match in _SECRET.finditer(self.value)]

    def in_secret(self, position: int) -> bool:
        """Whether `position` is in what a key such as `password=` gives."""
        index = bisect_right(self._secrets, (position, len(self.value))) - 1
        return index >= 0 and position < self._secrets[index][1]

    def in_comment(self, position: int) -> bool:
        """Whether `position` is behind a `#` that begins a word, as in an unquoted value that still has its comment."""
        index = bisect_right(self._comments, (position, len(self.value))) - 1
        return index >= 0 and position < self._comments[index][1]

    @cached_property
    def _elements(self) -> list[str]:
        parts = (part.strip(_AROUND_ELEMENTS) for part in _SEPARATORS.split(self.value))
        return [part for part in parts if part]

    @cached_property
    def is_list_of_hosts(self) -> bool:
        """Several hosts, networks or patterns and nothing else."""
        return len(self._elements) > 1 and all(map(_HOST.fullmatch, self._elements))

    @cached_property
    def is_list_of_addresses(self) -> bool:
        """Several hosts of which one at least has a port: `localhost,other:9092`."""
        return self.is_list_of_hosts and any(map(_WITH_PORT.fullmatch, self._elements))

    def marked(self, place: Address) -> Address:
        """`place`, with `whole` set where nothing but it is in the value."""
        end = place.end if place.port_end is None else place.port_end
        whole = place.start == self.inner_start and end == self.inner_end and not place.refusal
        return place._replace(whole=True) if whole else place
