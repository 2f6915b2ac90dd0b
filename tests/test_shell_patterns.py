"""Names and shell patterns: the same answers as the standard library gives word by word."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest

from envfix.shell_patterns import Names

WORDS = (
    "CART_URL",
    "CART_*",
    "*_URL",
    "*",
    "C*_URL",
    "C?RT_URL",
    "[CD]ART_URL",
    "[!C]*",
    "CART_[*",
    "**",
    "*_URL*",
    "",
)
NAMES = ("CART_URL", "CART_", "CART", "DART_URL", "cart_url", "_URL", "URL", "CART_[", "CART_URLS", "é_URL", "*", "")


@pytest.mark.parametrize("word", WORDS)
def test_a_word_stands_for_the_names_that_it_does_for_a_shell(word: str) -> None:
    names = Names([word])
    assert [name for name in NAMES if names.first(name) == word] == [one for one in NAMES if fnmatchcase(one, word)]
    assert names.fitting(NAMES) == ({word} if any(fnmatchcase(name, word) for name in NAMES) else set())


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_the_name_itself_counts_and_then_the_first_pattern(name: str, turned: bool) -> None:
    words = WORDS[::-1] if turned else WORDS
    first = next((word for word in words if fnmatchcase(name, word)), None)
    assert Names(words).first(name) == (name if name in words else first)
    assert Names(words).fitting(NAMES) == {word for word in words if any(fnmatchcase(one, word) for one in NAMES)}


def test_what_is_tried_word_by_word() -> None:
    assert Names(WORDS).tried == ("C*_URL", "C?RT_URL", "[CD]ART_URL", "[!C]*", "CART_[*", "**", "*_URL*")
