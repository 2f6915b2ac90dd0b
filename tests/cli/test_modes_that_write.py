"""The same change by every way to write it: the pure function, --write, --logs --write, --interactive, --override, the
hook. A HOST and its PORT change together or not at all, in whatever order they stand."""

from __future__ import annotations

import io
import itertools
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from conftest import Envfix
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envfix.cli.interactive import Answers, as_answered, groups
from envfix.override import own_values
from envfix.planning import Made, Request, make
from envfix.records import Reference

REFUSED = "web-1  | Error: connect ECONNREFUSED 127.0.0.1:{port}\n"
COMPOSE = """\
name: app
services:
  web: {{build: ., env_file: .env}}
  db: {{image: "postgres:16", ports: ["5433:5432"]}}
  cache: {{image: "redis:7", ports: ["6380:6379"]}}
{rest}"""


class Row(NamedTuple):
    """A `.env`, what comes of it, and the port of the connection that a log shows to fail."""

    lesson: str
    before: str
    after: str
    port: int = 5433
    rest: str = ""


PAIRS = ("DB_READ_HOST=localhost", "DB_READ_PORT=5433", "DB_HOST=localhost", "DB_PORT=5433")
ROWS = [
    Row("a URL", "DATABASE_URL=postgres://u:p@localhost:5433/app\n", "DATABASE_URL=postgres://u:p@db:5432/app\n"),
    Row("a pair", "DB_HOST=localhost\nDB_PORT=5433\n", "DB_HOST=db\nDB_PORT=5432\n"),
    Row("a pair, the port first", "DB_PORT=5433\nX=1\nDB_HOST=127.0.0.1\n", "DB_PORT=5432\nX=1\nDB_HOST=db\n"),
    Row("a port that is right already", "DB_HOST=localhost\nDB_PORT=5432\n", "DB_HOST=db\nDB_PORT=5432\n", 5432),
    Row(
        "host and port apart in one value",
        "DSN='host=localhost dbname=app port=5433'\n",
        "DSN='host=db dbname=app port=5432'\n",
    ),
    Row(
        "quotes, a byte-order mark and other line ends",
        "\ufeffDB_HOST='localhost'\r\nDB_PORT=\"5433\"\r\n",
        "\ufeffDB_HOST='db'\r\nDB_PORT=\"5432\"\r\n",
    ),
    *(
        Row(
            f"two pairs whose names are alike, in the order {order}",
            "".join(f"{PAIRS[at]}\n" for at in order),
            "".join(f"{PAIRS[at]}\n" for at in order).replace("localhost", "db").replace("5433", "5432"),
        )
        for order in itertools.permutations(range(4))
    ),
]


def table(rows: list[Row]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=[row.lesson for row in rows])


# Every order where the pairs are told apart by a log, some of them where the plan is written as it is.
SOME = [*ROWS[:6], *ROWS[6::7]]


def written(folder: Path, row: Row) -> Path:
    (folder / "compose.yaml").write_text(COMPOSE.format(rest=row.rest))
    (folder / ".env").write_bytes(row.before.encode())
    return folder / ".env"


def containers(text: str) -> dict[str, str]:
    """What a container gets of an env file, as far as these rows go."""
    lines = text.removeprefix("\ufeff").splitlines()
    return {name: value.strip("\"'") for name, _, value in (line.partition("=") for line in lines)}


@table(ROWS)
def test_the_pure_function(row: Row, tmp_path: Path) -> None:
    written(tmp_path, row)
    (patch,) = make(Request(str(tmp_path), environ={})).plan.patches
    assert patch.after.decode() == row.after


@table(SOME)
def test_write(row: Row, tmp_path: Path, envfix: Envfix) -> None:
    env = written(tmp_path, row)
    assert envfix("--write").status == 0
    assert env.read_bytes().decode() == row.after


@table(ROWS)
def test_logs(row: Row, tmp_path: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch) -> None:
    env = written(tmp_path, row)
    (tmp_path / "log").write_text(REFUSED.format(port=row.port))
    assert envfix("--logs", "log", "--write").status == 1
    assert env.read_bytes().decode() == row.after


@pytest.fixture
def answered(envfix: Envfix, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Runs `--interactive` with these answers."""

    def run(*answers: str) -> None:
        terminal = io.StringIO("".join(f"{answer}\n" for answer in answers))
        monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
        monkeypatch.setattr(sys, "stdin", terminal)
        monkeypatch.setattr(type(sys.stdout), "isatty", lambda self: True)
        assert envfix("--interactive", "--color", "never").status == 0

    return run


@table(SOME)
def test_interactive(row: Row, tmp_path: Path, answered: Callable[..., None]) -> None:
    env = written(tmp_path, row)
    answered("a", "y")
    assert env.read_bytes().decode() == row.after


@pytest.mark.parametrize("order", list(itertools.permutations(range(4)))[::5], ids=str)
def test_interactive_takes_one_pair_and_leaves_the_other(
    order: tuple[int, ...], tmp_path: Path, answered: Callable[..., None]
) -> None:
    lines = [PAIRS[at] for at in order]
    env = written(tmp_path, Row("", "".join(f"{line}\n" for line in lines), ""))
    answered("y", "n", "y")
    read = lines[0].startswith("DB_READ")
    expected = [
        line.replace("localhost", "db").replace("5433", "5432") if line.startswith("DB_READ") == read else line
        for line in lines
    ]
    assert env.read_text().splitlines() == expected


@table(SOME)
def test_override(row: Row, tmp_path: Path) -> None:
    written(tmp_path, row)
    values = own_values(make(Request(str(tmp_path), environ={}))).values
    assert {**containers(row.before), **values["web"]} == containers(row.after)


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
@table(ROWS[:6])
def test_hook(row: Row, tmp_path: Path, envfix: Envfix) -> None:
    env = written(tmp_path, row)
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    assert envfix("--hook", "--write", ".env").status == 1
    assert env.read_bytes().decode() == row.after


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_a_hook_leaves_a_host_whose_port_is_not_in_git(tmp_path: Path, envfix: Envfix) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services:\n  web: {build: ., env_file: [.env, local.env]}\n  db: {image: postgres, ports: ['5433:5432']}\n"
    )
    (tmp_path / ".env").write_text("DB_HOST=localhost\n")
    (tmp_path / "local.env").write_text("DB_PORT=5433\n")
    for words in (["init", "-q"], ["add", ".env", "compose.yaml"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)
    assert envfix("--hook", "--write", "compose.yaml").status == 1
    assert (tmp_path / ".env").read_text() == "DB_HOST=localhost\n"
    assert (tmp_path / "local.env").read_text() == "DB_PORT=5433\n"


# Whatever is chosen.

BINDINGS = st.lists(
    st.sampled_from(
        [*PAIRS, "REDIS_HOST=localhost", "REDIS_PORT=6380", "HOST_NAME=localhost", "PORT_NUMBER=5433",
         "URL=postgres://${HOST_NAME}:${PORT_NUMBER}/a", "OTHER=redis://${DB_HOST}:${PORT_NUMBER}",
         "DSN='host=localhost port=5433 dbname=app'"]
    ),
    unique=True,
    max_size=9,
)  # fmt: skip
TOOL = st.sampled_from(
    ["", "  tool: {build: ., env_file: .env, network_mode: host}\n", "  old: {image: mysql, ports: ['5433:3306']}\n"]
)


def answers_of(made: Made, draw: Callable[..., int]) -> Answers:
    confirmed: list[Reference] = []
    choices = {}
    for group in groups(made.plan):
        if group[0].decision == "rewrite":
            confirmed += group if draw(st.booleans()) else ()
        elif group[0].choices and draw(st.booleans()):
            choices[group[0]] = draw(st.sampled_from(group[0].choices))
    return Answers(tuple(confirmed), choices)


@pytest.mark.slow
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(BINDINGS, TOOL, st.data())
def test_a_host_and_its_port_change_together_or_not_at_all(bindings: list[str], tool: str, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        written(Path(folder), Row("", "".join(f"{one}\n" for one in bindings), "", rest=tool))
        made = make(Request(folder, environ={}))
        after, _ = as_answered(made, answers_of(made, data.draw))
        changed = {(patch.path, edit.start) for patch in after.plan.patches for edit in patch.edits}
        for one in made.plan.references:
            for outcome in (made.plan.references, *(choice.outcome for choice in one.choices)):
                for port in {other.link for other in outcome if other.link}:
                    hosts = [other for other in outcome if other.link == port]
                    assert len({(other.path, other.start) in changed for other in hosts}) == 1
