"""Which lines say the name of a variable, in which spelling, and what many names of the same letters cost."""

from __future__ import annotations

import pytest

from envfix.source.files import SourceFile
from envfix.source.mentions import MAX_LINE, Mentions

LINES = """\
cellar_url = read()
const cellarUrl = cellar.url || "cellar-url"
CELLAR_URLS; ACELLAR_URL
read("CELLAR")
cellars.url
"""


def said(text: str, name: str) -> list[tuple[int, bool]]:
    return [(one.line, one.exact) for one in Mentions().of([SourceFile("/main.js", text.encode())], name)]


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        (LINES, "CELLAR_URL", [(1, False), (2, False)]),
        (LINES, "CELLARS_URL", [(5, False)]),
        (LINES, "cellar_url", [(1, True)]),
        (f"{LINES}x = CELLAR_URL", "CELLAR_URL", [(6, True)]),
        (f"{LINES}x = CELLAR_URLS", "CELLAR_URL", [(1, False), (2, False)]),
        ("CELLARURL\nCELLAR_URL CELLAR_URL\nCELLAR_URL\n", "CELLAR_URL", [(2, True), (3, True)]),
        (f"A_B{' ' * MAX_LINE}\na.b\n", "A_B", [(2, False)]),
        ("a_b\n\na_b", "A_B", [(1, False), (3, False)]),
        ("", "A_B", []),
        ("___\n_", "__", []),
        ("a-b\r\n", "__A__B_", [(1, False)]),
    ],
)
def test_the_lines_that_say_it(text: str, name: str, expected: list[tuple[int, bool]]) -> None:
    assert said(text, name) == expected


def test_names_of_the_same_letters_share_what_is_found() -> None:
    file, mentions = SourceFile("/main.js", b"abc\n" * 5000), Mentions()
    first, *others = (list(mentions.of([file], name)) for name in ("ABC", "A_BC", "AB_C", "A_B_C"))
    assert [one.line for one in first] == list(range(1, 1001))
    for other in others:
        assert all(one is another for one, another in zip(first, other, strict=True))


def test_what_was_found_is_kept_in_proportion_to_the_source() -> None:
    letters = "abcdefghijkl"
    file, mentions = SourceFile("/main.js", f"{letters}\n".encode() * 100), Mentions()
    found = {f"{letters[:cut]}_{letters[cut:]}": 0 for cut in range(1, 12)}
    found |= {letters[start:]: 0 for start in range(12)}
    for name in found:
        found[name] = len(list(mentions.of([file], name)))
    assert set(found.values()) == {0, 100}
    (lines,) = mentions._lines.values()
    assert sum(len(held.text) for held in lines._held.values()) <= 4 * len(file.data)
