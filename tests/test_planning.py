"""The way through as a library: what one run read is no answer for the next."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import envfix
from envfix import planning
from envfix.addresses import find_addresses
from envfix.compose import load_project
from envfix.planning import Request, make
from envfix.project.hints import hint_of

if TYPE_CHECKING:
    from envfix.compose.model import Project
    from envfix.envfile import EnvDocument
    from envfix.project.topology import Topology

COMPOSE = """\
services:
  api: {{image: example.org/api, environment: {{DATABASE_URL: "{space}postgres://u:p@localhost:5433/x"}}}}
  db: {{image: "postgres:17", ports: ["5433:5432"]}}
"""


def test_a_compose_file_that_changed_is_read_again_in_the_same_process(tmp_path: Path) -> None:
    file = tmp_path / "compose.yaml"
    request = Request(str(tmp_path), environ={}, compose=True)
    for space in ("", "     "):
        file.write_text(COMPOSE.format(space=space))
        (patch,) = make(request).plan.patches
        assert patch.after.decode() == COMPOSE.format(space=space).replace("localhost:5433", "db:5432")


FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
PROJECTS = sorted(path.parent for path in FIXTURES.glob("*/compose.yaml"))


@pytest.mark.parametrize("project", PROJECTS, ids=lambda path: path.name)
def test_a_project_that_was_looked_at_leaves_nothing_to_the_collector(project: Path) -> None:
    request = Request(str(project), environ={})
    make(request)  # what is loaded or compiled once
    gc.collect()
    gc.disable()
    try:
        make(request)
        assert gc.collect() == 0
    finally:
        gc.enable()


NAMES = ("db", "App-1", "a.b", "x", "my_redis")
KNOWN = frozenset(map(str.lower, NAMES))
PIECES = [*NAMES, "localhost", "LocalHost.", "127.0.0.1", "[::1]", "0:0:0:0:0:0:0:1", "0.0.0.0", "host.docker.internal"]
PIECES += ["http://", "u:p@", ":5433", ",", " ", "/", "-", "_", ".", "é", "K", "\n", "%3A", "%2F%2F"]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
@example("K127.0.0.1")
@example("%3Adb:5433")
def test_every_text_with_a_loopback_address_is_worth_a_look(text: str) -> None:
    topology = cast("Topology", SimpleNamespace(names_known=KNOWN))
    found = {address.kind for address in find_addresses(text, frozenset(NAMES))}
    for to in ("container", "host"):
        assert not found - {"name"} or hint_of(topology, to)(text)
    whole = text.removesuffix(":5433") in NAMES
    assert not whole or hint_of(topology, "container")(text)
    assert "name" not in found or hint_of(topology, "host")(text)


@pytest.mark.parametrize("text", ["", "info", "some value", "adb:5432", "db.x:1", "local host", "12.7.0.0", "mydb"])
def test_a_text_without_any_is_not(text: str) -> None:
    assert not hint_of(cast("Topology", SimpleNamespace(names_known=KNOWN)), "container")(text)


PAIR = """\
services:
  web: {build: ., env_file: .env, environment: {CACHE_URL: "redis://localhost:6379"}}
  db: {image: "postgres:17", ports: ["5433:5432"]}
  cache: {image: "redis:7"}
"""


@pytest.fixture
def folder(tmp_path: Path, clean_environ: Path) -> Path:
    (tmp_path / "compose.yaml").write_text(PAIR)
    (tmp_path / ".env").write_text("DB_HOST=localhost\nDB_PORT=5433\n")
    return tmp_path


def test_what_is_applied_is_named_and_can_be_taken_back(folder: Path) -> None:
    before = (folder / ".env").read_bytes()
    written = envfix.apply(envfix.plan(folder, compose=True))
    assert sorted(written) == [str(folder / ".env"), str(folder / "compose.yaml")]
    assert (folder / ".env").read_text() == "DB_HOST=db\nDB_PORT=5432\n"
    assert "redis://cache:6379" in (folder / "compose.yaml").read_text()
    assert sorted(envfix.restore(folder)) == sorted(written)
    assert (folder / ".env").read_bytes() == before
    with pytest.raises(envfix.EnvfixError):
        envfix.restore(folder)


def test_the_way_back_is_a_plan_too(folder: Path) -> None:
    (folder / ".env").write_text("DB_HOST=db\nDB_PORT=5432\n")
    (patch,) = envfix.plan(folder, to="host").patches
    assert patch.after == b"DB_HOST=localhost\nDB_PORT=5433\n"
    with pytest.raises(envfix.EnvfixError, match="container"):
        envfix.plan(folder, to="there")  # type: ignore[arg-type]


def test_of_a_compose_file_with_a_byte_order_mark_the_right_place_changes(folder: Path) -> None:
    file = folder / "compose.yaml"
    file.write_text(PAIR, encoding="utf-8-sig")
    plan = envfix.plan(folder, compose=True)
    assert {one.variable for one in plan.changes} == {"DB_HOST", "DB_PORT", "CACHE_URL"}
    (patch,) = (patch for patch in plan.patches if patch.path == str(file))
    assert patch.after.decode() == "\ufeff" + PAIR.replace("localhost:6379", "cache:6379")
    assert "cache:6379" in patch.diff()


def test_the_public_names_are_shown() -> None:
    assert set(envfix.__all__) <= set(dir(envfix))
    assert all(getattr(envfix, name).__doc__ for name in envfix.__all__)


TEMPLATES = {
    "compose.yaml": "services:\n  web: {image: 'x:${TAG}', env_file: [{path: web.env, required: false}, .env]}\n"
    "  db: {image: 'postgres:17', ports: ['5433:5432']}\n",
    ".env": "TAG=1\n",
    ".env.example": "TAG=2\nDATABASE_URL=postgres://localhost:5433/a\n",
    ".env.sample": "TAG=3\nDATABASE_URL=postgres://localhost:5433/b\n",
    "web.env.example": "DATABASE_URL=postgres://localhost:5433/c\n",
    ".env.ci.example": "DATABASE_URL=postgres://localhost:5433/d\n",
    "other.env.example": "DATABASE_URL=postgres://localhost:5433/e\n",
    "more.env.example": "DATABASE_URL=postgres://localhost:5433/f\n",
}


def test_a_project_is_loaded_once_for_all_templates_of_files_that_it_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in TEMPLATES.items():
        (tmp_path / name).write_text(text)
    loaded: list[list[str]] = []

    def counted(directory: str, *, documents: dict[str, EnvDocument], **options: Any) -> Project:
        loaded.append(sorted(map(os.path.basename, documents)))
        return load_project(directory, documents=documents, **options)

    monkeypatch.setattr(planning, "load_project", counted)
    named = [str(tmp_path / name) for name in TEMPLATES if name.endswith(("example", "sample"))]
    together = make(Request(str(tmp_path), environ={}, named=tuple(named)))
    assert loaded == [[".env"], [".env"], ["web.env"], [".env.ci"]]
    assert [part.project.services["web"].image for part in together.parts] == ["x:2", "x:3", "x:1", "x:1", "x:1", "x:1"]
    assert [one.decision for one in together.plan.references] == ["rewrite"] * 3 + ["keep"] * 3
    for name, part in zip(named, together.parts, strict=True):
        alone = make(Request(str(tmp_path), environ={}, named=(name,)))
        assert (part.plan.references, part.documents) == (alone.plan.references, alone.documents)
