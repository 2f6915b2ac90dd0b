"""The lean scanner and parser against those of ruamel.yaml that they stand for: the same events, or the same error."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import test_compose_yaml as snippets
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner

from envfix.compose.lean_yaml import LeanScanner
from envfix.compose.scanner import ComposeScanner, ParserOwner, parser_of

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "fixtures").rglob("*compose*.y*ml"))
QUEUE = [name for name, value in vars(LeanScanner).items() if callable(value) and hasattr(Scanner, name)]
PIECES = [*":-?{}[],#&*!|>'\"%~ \t\nab1é", "? ", ": ", "- ", "\n\n", "\n  ", "\r\n", "&a ", "*a", "!!str ", "a: b\n",
          "b:\n", "<<: ", "--- ", "...\n", "'a': ", '"b": ', "\u2028"]  # fmt: skip

# Possible keys on several levels at once: taken, on an earlier line, too far back, or missing their colon.
BRACKETS = [
    "[[[a]: b]: c]: d\n",
    "[[a,\n b]: c, {[d]: e}]: f\n",
    f"[{'a' * 500}, [{'b' * 500}, [{'c' * 500}]: d]: e]: f\n",
    f"{{a: [{'[b], ' * 300}[c]: d]}}\n",
    f"x:\n  [{'a' * 1020}]: b\n[c]: d\n",
    "[a]: b\n[c]\nd: e\n",
    "[" * 40 + "a: b" + "]" * 40 + ": c\n",
]


class PlainScanner(ComposeScanner):
    """With ruamel.yaml's own methods again, wherever a lean one stands for them."""


for method in QUEUE:
    if method != "__init__":
        setattr(PlainScanner, method, getattr(Scanner, method))


class PlainParser(Parser):
    scanner: Any = None


def plain(text: str) -> PlainParser:
    owner = ParserOwner(text)
    parser = PlainParser(owner)
    parser.scanner = PlainScanner(owner)
    return parser


def place(mark: Any) -> tuple[int, int, int] | None:
    return None if mark is None else (mark.index, mark.line, mark.column)


def events(parser: Any) -> list[Any]:
    """What the parser says of the text, event after event, the error last where there is one."""
    said: list[Any] = []
    try:
        while True:
            event = parser.get_event()
            if event is None:
                return said
            said.append((repr(event), place(event.start_mark), place(event.end_mark)))
    except MarkedYAMLError as error:
        said.append((error.context, error.problem, place(error.context_mark), place(error.problem_mark)))
    except (ValueError, OverflowError, IndexError) as error:
        said.append(repr(error))
    return said


def texts() -> list[str]:
    """The snippets that Docker Compose is asked about, the fixtures, these with pieces put into them, and a few pieces
    alone: 960 of them at least."""
    given = [snippets.flow([one]) for one in (*snippets.FLOW, *snippets.NOT_FLOW)]
    given += [snippets.block([one]) for one in (*snippets.BLOCK, *snippets.NOT_BLOCK)]
    given += [snippets.ANCHOR + "x: *z\n", "a" * 1024 + ": b\n", "a" * 1025 + ": b\n", "a:\n  " + "b" * 1030 + ": c\n"]
    given += BRACKETS
    given += [path.read_text(encoding="utf-8") for path in FILES]
    draw = random.Random(5)
    for text in tuple(given):
        at = draw.randrange(len(text) + 1)
        given.append(text[:at] + draw.choice(PIECES) + text[at + draw.randint(0, 2) :])
    return given + ["".join(draw.choices(PIECES, k=draw.randint(1, 14))) for _ in range(600)]


def test_lean_events_are_the_same() -> None:
    assert {"check_token", "peek_token", "get_token", "fetch_plain", "fetch_block_entry"} <= set(QUEUE)
    all_texts = texts()
    assert len(all_texts) >= 960
    refused = 0
    for text in all_texts:
        expected = events(plain(text))
        refused += not str(expected[-1]).startswith("('StreamEndEvent")
        assert events(parser_of(text)) == expected, text
    assert 100 < refused < 900  # both sides of it are looked at


@pytest.mark.parametrize("length", [1024, 1025])
def test_a_key_is_as_long_as_it_may_be(length: int) -> None:
    said = events(parser_of("a" * length + ": b\n"))
    assert str(said[-1]).startswith("('StreamEndEvent") == (length == 1024)
