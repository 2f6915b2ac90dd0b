"""Small projects and what is decided about their addresses, as rows of a table.

A row says in a sentence what it teaches, and holds a compose file, a `.env` beside it (other files where they matter),
and the decisions: one line for each, `VARIABLE decision reason [replacement]`, in the order of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from envfix.planning import Request, make
from envfix.records import Plan


class Situation(NamedTuple):
    lesson: str
    compose: str
    env: str
    decisions: str
    files: Mapping[str, str] = {}


def table(*rows: Situation) -> pytest.MarkDecorator:
    """The rows as cases of a test, each named by its lesson."""
    return pytest.mark.parametrize("situation", rows, ids=[row.lesson for row in rows])


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def plan_of(folder: Path, situation: Situation, **options: object) -> Plan:
    """The plan of the situation's project, written to `folder`, with no shell around it."""
    write(folder, {"compose.yaml": situation.compose, ".env": situation.env, **situation.files})
    return make(Request(str(folder), environ={}, **options)).plan  # type: ignore[arg-type]


def told(plan: Plan) -> list[str]:
    """The decisions about env files, as a row writes them."""
    return [
        " ".join(filter(None, (one.variable, one.decision, one.reason, one.replacement)))
        for one in plan.references
        if "compose" not in Path(one.path).name
    ]


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def check(folder: Path, situation: Situation, **options: object) -> None:
    assert told(plan_of(folder, situation, **options)) == lines(situation.decisions)


def services(*parts: str, rest: str = "") -> str:
    """A compose file of services, each written `name: {...}` as YAML in flow style."""
    return "name: app\nservices:\n" + "".join(f"  {part}\n" for part in parts) + rest


def env(*pairs: str | Iterable[str]) -> str:
    return "".join(f"{pair}\n" for pair in pairs)
