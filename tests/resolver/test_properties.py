"""Whatever the project: only what the report names changes, a second run changes nothing, and there is a way back."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envfix.planning import Request, apply, make, plan
from envfix.records import Plan, together
from resolver.situations import services, write

QUIET = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
HOSTS = st.sampled_from(
    ["localhost", "127.0.0.1", "[::1]", "0.0.0.0", "LOCALHOST", "db", "cache", "example.org", "x.localhost"]
)
PORTS = st.sampled_from(["", ":5432", ":5433", ":6379", ":8000", ":9", ":0", ":99999"])
VALUES = st.one_of(
    st.builds("postgres://u:p@{}{}/app".format, HOSTS, PORTS),
    st.builds("redis://{}{}".format, HOSTS, PORTS),
    st.builds("http://{}{}/x?next=y#z".format, HOSTS, PORTS),
    st.builds("{}{},{}{}".format, HOSTS, PORTS, HOSTS, PORTS),
    st.builds("host={} port=5433 dbname=app".format, HOSTS),
    st.builds("{}{}".format, HOSTS, PORTS),
    st.sampled_from(["5433", "6379", "${DB_HOST}", "postgres://${DB_HOST}:${DB_PORT}/app", "pgsql", ""]),
    st.text(st.characters(exclude_characters="'\"\n\r$\\#`\x00", exclude_categories=["Cs"]), max_size=20),
)
NAMES = st.sampled_from(
    ["DATABASE_URL", "DB_HOST", "DB_PORT", "REDIS_URL", "REDIS_HOST", "REDIS_PORT", "API_URL", "CACHE_URL",
     "VITE_API_URL", "HOST", "KAFKA_BROKERS", "X"]
)  # fmt: skip
QUOTES = st.sampled_from(["", "'", '"'])
BINDINGS = st.lists(
    st.builds(
        lambda name, value, quote, behind: f"{name}={quote}{value}{quote}{behind}",
        NAMES,
        VALUES,
        QUOTES,
        st.sampled_from(["", " # localhost:5433 in words", "   "]),
    ),
    max_size=8,
)
COMPOSE = st.sampled_from(
    [
        services(
            "web: {build: ., env_file: .env, environment: {URL: 'postgres://${DB_HOST}:${DB_PORT}/a'}}",
            "db: {image: postgres, ports: ['5433:5432']}",
            "cache: {image: redis, ports: ['6379:6380'], command: redis-server --port 6380}",
        ),
        services(
            "web: {build: ., environment: [DATABASE_URL, REDIS_HOST, REDIS_PORT, API_URL]}",
            "db: {image: postgres, ports: ['${DB_PORT}:5432']}",
            "cache: {image: redis}",
        ),
        services("web: {build: ., env_file: .env, network_mode: host}", "db: {image: postgres, ports: ['5433:5432']}"),
    ]
)


def project(folder: str, compose: str, bindings: list[str]) -> Path:
    root = Path(folder)
    write(root, {"compose.yaml": compose})
    (root / ".env").write_bytes("\n".join(bindings).encode())
    return root / ".env"


def spared(text: str, plan: Plan, ends: str) -> str:
    """The text with the addresses that the plan changes cut out; `ends` says whether by their old or their new
    length."""
    parts, at, shift = [], 0, 0
    for one in sorted((one for one in plan.references if one.decision == "rewrite"), key=lambda one: one.start):
        start = one.start + (shift if ends == "new" else 0)
        parts.append(text[at:start])
        at = start + len(one.replacement or "" if ends == "new" else one.address)
        shift += len(one.replacement or "") - len(one.address)
    return "\0".join([*parts, text[at:]])


@pytest.mark.slow
@QUIET
@given(COMPOSE, BINDINGS)
def test_only_what_the_report_names_changes(compose: str, bindings: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = project(folder, compose, bindings)
        made = make(Request(folder, environ={})).plan
        before = path.read_bytes().decode()
        after = made.patches[0].after.decode() if made.patches else before
        assert spared(before, made, "old") == spared(after, made, "new")
        assert bool(made.patches) == any(one.decision == "rewrite" for one in made.references)


@pytest.mark.slow
@QUIET
@given(COMPOSE, BINDINGS)
def test_a_second_run_changes_nothing(compose: str, bindings: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = project(folder, compose, bindings)
        made = make(Request(folder, environ={})).plan
        for patch in made.patches:
            path.write_bytes(patch.after)
        again = make(Request(folder, environ={})).plan
        assert not again.patches
        assert not [one for one in again.references if one.decision == "rewrite"]


@QUIET
@given(BINDINGS)
@pytest.mark.slow
def test_every_rewrite_is_complete(bindings: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project(
            folder, services("web: {build: ., env_file: .env}", "db: {image: postgres, ports: ['5433:5432']}"), bindings
        )
        for one in make(Request(folder, environ={})).plan.references:
            assert (one.decision == "rewrite") == (one.replacement is not None)
            assert (one.service is None) == (one.replacement is None)
            assert one.explanation


@QUIET
@given(COMPOSE, BINDINGS, st.sampled_from(["container", "host"]))
def test_what_is_linked_changes_together(compose: str, bindings: list[str], to: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        project(folder, compose, bindings)
        made = make(Request(folder, environ={}, to=to)).plan
        edits = {edit for patch in made.patches for edit in patch.edits}
        assert edits == {edit for one in made.references for edit in one.edits}
        for one in made.references:
            assert bool(one.edits) == (one.decision == "rewrite")
            assert one.link is None or {other.decision for other in together(one, made.references)} == {"rewrite"}


@QUIET
@given(
    st.sampled_from(["postgres://u:p@localhost:5433/app", "localhost:5433", "host=localhost port=5433 dbname=app"]),
    st.sampled_from(["DATABASE_URL", "DB_ADDR", "POSTGRES_DSN"]),
)
def test_to_the_container_and_back(value: str, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        compose = services("web: {build: ., env_file: .env}", "db: {image: postgres, ports: ['5433:5432']}")
        path = project(folder, compose, [f'{name}="{value}"'])
        before = path.read_bytes()
        there = make(Request(folder, environ={})).plan
        path.write_bytes(there.patches[0].after)
        back = make(Request(folder, environ={}, to="host")).plan
        assert back.patches[0].after == before


def test_apply_writes_what_was_planned(tmp_path: Path) -> None:
    compose = services("web: {build: ., env_file: .env}", "db: {image: postgres, ports: ['5433:5432']}")
    path = project(str(tmp_path), compose, ["DB_HOST=localhost", "DB_PORT=5433"])
    apply(plan(tmp_path))
    assert path.read_text() == "DB_HOST=db\nDB_PORT=5432"
