"""`--only NAME`: these variables alone, a HOST with its PORT."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Envfix

COMPOSE = """\
services:
  web: {build: ., env_file: .env}
  db: {image: "postgres:16", ports: ["5433:5432"]}
  cache: {image: "redis:7", ports: ["6380:6379"]}
"""
ENV = "DB_HOST=localhost\nDB_PORT=5433\nCACHE_URL=redis://localhost:6380\nQUEUE_URL=redis://localhost:6380\n"


@pytest.fixture
def folder(project: Callable[..., Path]) -> Path:
    return project(**{"compose.yaml": COMPOSE, ".env": ENV})


@pytest.mark.parametrize(
    ("names", "changed"),
    [
        (["DB_HOST"], "DB_HOST DB_PORT"),
        (["DB_PORT"], "DB_HOST DB_PORT"),
        (["CACHE_URL"], "CACHE_URL"),
        (["*_URL"], "CACHE_URL QUEUE_URL"),
        (["CACHE_URL", "DB_*"], "DB_HOST DB_PORT CACHE_URL"),
    ],
)
def test_only_these_are_decided_and_written(names: list[str], changed: str, folder: Path, envfix: Envfix) -> None:
    words = [word for name in names for word in ("--only", name)]
    told = envfix(*words, "--format", "json", cwd=folder)
    assert [one["variable"] for one in told.json["projects"][0]["references"]] == changed.split()
    assert told.status == 1
    assert told.json["summary"]["rewrite"] == len(changed.split())
    assert envfix(*words, "--write", cwd=folder).status == 0
    lines = zip(ENV.splitlines(), (folder / ".env").read_text().splitlines(), strict=True)
    assert " ".join(old.partition("=")[0] for old, new in lines if old != new) == changed


@pytest.mark.parametrize("words", [[], ["--recursive"]])
def test_a_name_that_there_is_not_is_an_error_with_the_nearest(words: list[str], folder: Path, envfix: Envfix) -> None:
    told = envfix("--only", "DB_HOTS", *words, cwd=folder)
    assert told.status == 2
    assert "DB_HOTS" in told.err
    assert words or "DB_HOST" in told.err
    assert (folder / ".env").read_text() == ENV


def test_a_pattern_that_matches_nothing_is_a_warning(folder: Path, envfix: Envfix) -> None:
    told = envfix("--only", "X_*", cwd=folder)
    assert told.status == 0
    assert "X_*" in told.err


def test_the_command_that_writes_says_it_again(folder: Path, envfix: Envfix) -> None:
    assert "--only 'DB_*'" in envfix("--only", "DB_*", cwd=folder).err


def test_an_override_holds_these_alone(folder: Path, envfix: Envfix) -> None:
    envfix("--only", "CACHE_URL", "--override", "o.yaml", cwd=folder)
    text = (folder / "o.yaml").read_text()
    assert "CACHE_URL" in text
    assert "DB_HOST" not in text


@pytest.mark.parametrize("other", [["--restore"], ["--logs", "-"], ["--live"], ["--schema"]])
def test_it_means_nothing_beside(other: list[str], folder: Path, envfix: Envfix) -> None:
    assert envfix("--only", "X", *other, cwd=folder).status == 2


@pytest.mark.parametrize("flag", ["--check", "--diff"])
def test_a_dry_run_by_its_other_names(flag: str, folder: Path, envfix: Envfix) -> None:
    told = envfix(flag, cwd=folder)
    assert told.status == 1
    assert (told.status, told.out) == envfix("--dry-run", cwd=folder)[:2]
    assert envfix(flag, "--write", cwd=folder).status == 2
