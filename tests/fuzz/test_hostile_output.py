"""A hostile project as the command tells of it, in every format and mode: within seconds and some hundred MB."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import watchdog

pytestmark = pytest.mark.slow  # generated input, and much of it

Envfix = Callable[..., Any]
Project = Callable[..., Path]

DB = "  db: {image: 'postgres:17', ports: ['5433:5432']}\n"


def _shared(services: int, addresses: int) -> dict[str, str]:
    """So many services that get so many addresses by one env file."""
    receivers = "".join(f"  s{i}: {{image: x, env_file: .env}}\n" for i in range(services))
    variables = "".join(f"A{i}=postgres://localhost:5433/x{i}\n" for i in range(addresses))
    return {"compose.yaml": f"services:\n{DB}{receivers}", ".env": variables}


# What is asked for; "" where it is told, else what is said of a project of which there is too much to tell.
MODES: list[tuple[tuple[str, ...], str]] = [
    ((), ""),
    (("-v",), ""),
    (("--format", "sarif"), ""),
    (("--format", "github"), ""),
    (("--explain", "A*"), ""),
    (("--format", "json"), "over 250,000 readers in all"),
    (("--format", "mermaid"), "over 250,000 variables in all"),
    (("--override", "own.yaml"), "over 50,000 values of their own"),
    (("--write", "--format", "json"), "over 250,000 readers in all"),
    (("--recursive", "--format", "json"), "over 250,000 readers in all"),
]


@pytest.mark.parametrize(("words", "said"), [pytest.param(*row, id=" ".join(row[0]) or "dry run") for row in MODES])
def test_thousands_of_services_that_share_hundreds_of_addresses(
    words: tuple[str, ...], said: str, envfix: Envfix, project: Project
) -> None:
    folder = project(**_shared(2000, 200))
    with watchdog.bounded(30, 400):
        done = envfix(*words)
    assert (done.status, said in done.out + done.err) == (2 if said else 1, True)
    assert len(done.out + done.err) < 1_000_000
    assert (folder / ".env").read_text().startswith("A0=postgres://localhost:5433")


def test_json_names_every_reader_where_they_are_fewer(envfix: Envfix, project: Project) -> None:
    project(**_shared(300, 100))
    with watchdog.bounded(30, 400):
        done = envfix("--format", "json")
    assert done.status == 1
    assert [len(one["readers"]) for one in done.json["projects"][0]["references"]] == [300] * 100


def test_people_are_told_the_first_readers_and_how_many_there_are(envfix: Envfix, project: Project) -> None:
    project(**_shared(2000, 1))
    told = envfix("--explain", "A0").out
    assert "s1000 (env_file)" in told
    assert "and 1980 more" in told


def test_of_the_names_of_a_server_the_first_are_told(envfix: Envfix, project: Project) -> None:
    names = ", ".join(f"al{i}" for i in range(2000))
    files = _shared(1, 1000)
    more = f"ports: ['5433:5432'], networks: {{default: {{aliases: [{names}]}}}}"
    project(**{**files, "compose.yaml": files["compose.yaml"].replace("ports: ['5433:5432']", more)})
    with watchdog.bounded(30, 400):
        done = envfix("--explain", "*")
    assert (done.status, "al5" in done.out) == (1, True)
    assert len(done.out) < 2_000_000
