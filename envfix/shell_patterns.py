"""Which of many words, names of variables or shell patterns of names (`PAYMENT_*`), stands for this name?

A configuration may hold thousands of them, and a project thousands of variables: names, beginnings and endings are
looked up, and only what is left (`A_*_URL`, `A?`, `[AB]`) is tried word by word.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator
from fnmatch import translate
from functools import cached_property
from typing import TypeVar

from envfix.patterns import regex

Value = TypeVar("Value")

_LONGEST = 1000  # characters of a name that is tried word by word
_SPECIAL = regex(r"[*?\[]")


class Names(tuple[str, ...]):
    """Names and shell patterns, matched with case, in the order in which they were given."""

    @cached_property
    def _whole(self) -> frozenset[str]:
        return frozenset(self)

    @cached_property
    def _beginnings(self) -> "_Ends":
        return _Ends((word[:-1], number) for number, word in enumerate(self) if _is_beginning(word))

    @cached_property
    def _endings(self) -> "_Ends":
        return _Ends((word[:0:-1], number) for number, word in enumerate(self) if _is_ending(word))

    @cached_property
    def _others(self) -> "list[tuple[int, re.Pattern[str]]]":
        return [(number, re.compile(translate(self[number]))) for number in self._tried]

    @cached_property
    def _tried(self) -> list[int]:
        left = ((number, word) for number, word in enumerate(self) if _SPECIAL.search(word))
        return [number for number, word in left if not (_is_beginning(word) or _is_ending(word))]

    @property
    def tried(self) -> tuple[str, ...]:
        """The words that have to be tried one by one."""
        return tuple(self[number] for number in self._tried)

    def first(self, name: str) -> str | None:
        """The word that is `name`, else the first pattern that it matches, else None."""
        if not self:
            return None  # as without a configuration, for which each address asks
        if name in self._whole:
            return name
        number = min(self._matching(name), default=None)
        return None if number is None else self[number]

    def fitting(self, names: Collection[str]) -> frozenset[str]:
        """The words for which one of the names at least stands."""
        names = frozenset(names)
        numbers = {number for name in names for number in self._matching(name)}
        return frozenset(self._whole & names).union(self[number] for number in numbers)

    def _matching(self, name: str) -> Iterator[int]:
        """The numbers of the patterns that the name matches."""
        yield from self._beginnings.of(name)
        yield from self._endings.of(name[::-1])
        if len(name) <= _LONGEST:
            yield from (number for number, pattern in self._others if pattern.match(name))


class _Ends:
    """Words by which a name may begin, each with a number: of equal ones the first."""

    def __init__(self, words: Iterable[tuple[str, int]]) -> None:
        self._numbers: dict[str, int] = {}
        for word, number in words:
            self._numbers.setdefault(word, number)
        self._lengths = sorted({len(word) for word in self._numbers})

    def of(self, name: str) -> Iterator[int]:
        for length in self._lengths[: bisect_right(self._lengths, len(name))]:
            number = self._numbers.get(name[:length])
            if number is not None:
                yield number


class ByName(dict[str, Value]):
    """A table whose keys are `Names`."""

    @cached_property
    def names(self) -> Names:
        """The keys."""
        return Names(self)


def _is_beginning(word: str) -> bool:
    return word.endswith("*") and not _SPECIAL.search(word[:-1])


def _is_ending(word: str) -> bool:
    return word.startswith("*") and len(word) > 1 and not _SPECIAL.search(word[1:])
