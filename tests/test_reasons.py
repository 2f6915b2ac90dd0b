"""The table of reasons holds every reason that there is, and what is written elsewhere of them agrees with it."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path
from typing import Any, get_args

import pytest

from envfix.reasons import KEEP_ORDER, MEANINGS, REPORTED, WAYS, Decision, Reason, level
from envfix.report import schema_text

ROOT = Path(__file__).resolve().parents[1]


def enumerated(name: str) -> list[str]:
    """What the JSON's schema allows for the property, wherever it stands."""
    found: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node, dict):
            here = node.get("properties", {}).get(name)
            if isinstance(here, dict):
                found.extend(here.get("enum", ()))
            for one in node.values():
                walk(one)
        elif isinstance(node, list):
            for one in node:
                walk(one)

    walk(json.loads(schema_text()))
    return found


def test_the_table_has_a_row_for_every_reason() -> None:
    assert set(MEANINGS) == set(get_args(Reason))


def test_the_schema_names_every_reason_way_and_decision() -> None:
    assert set(enumerated("reason")) == set(get_args(Reason))
    assert set(enumerated("way")) == set(WAYS)
    assert set(enumerated("decision")) == set(get_args(Decision))


def test_the_documentation_lists_what_is_reported() -> None:
    text = (ROOT / "docs/decisions.md").read_text(encoding="utf-8").partition("## Reasons of what is reported")[2]
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \| (.+) \|$", text, re.MULTILINE)
    assert rows == [(meaning.code, meaning.level, meaning.short) for meaning in REPORTED]


@pytest.mark.parametrize("reason", get_args(Reason))
def test_a_reason_can_be_told(reason: Reason) -> None:
    meaning = MEANINGS[reason]
    assert meaning.stays or meaning.level
    assert (meaning.level is None) == (not meaning.short) == (not meaning.help)
    places = {name for _, name, _, _ in string.Formatter().parse(meaning.in_log) if name}
    assert places <= {"who", "instead", "instead_is"}
    assert level(reason, "ask") == "note"


def test_only_a_reader_that_stays_can_object() -> None:
    assert {meaning.code for meaning in MEANINGS.values() if meaning.objects} <= set(KEEP_ORDER)
