"""What is known from the bytes alone is what the whole way through would say."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from envfix.errors import EnvfixError
from envfix.planning import Request, make
from envfix.quick import nothing_to_do
from envfix.records import Plan

COMPOSE = """\
services:
  web:
    image: example.org/web:1.2
    restart: unless-stopped
    environment:
      DATABASE_URL: ${DATABASE_URL}
      LOG: "${LOG:-info}"
    depends_on:
      db:
        condition: service_healthy
    ports:
      - "8080:80"
    networks:
      - back
  worker:
    build: ./worker
    command: run --all
    environment:
      - QUEUE=jobs
      - LOG
    depends_on:
      - db
      - web
    volumes:
      - data:/data
      - ./src:/app/src
  db:
    image: postgres:17
    container_name: the-db
    healthcheck:
      test: pg_isready -h localhost
      interval: 5s
      retries: 3
volumes:
  data:
networks:
  back:
"""
ENV = "# settings\nDATABASE_URL=postgres://app:pw@db:5432/app\nLOG=\"debug\"\n\nSECRET='x y'\n"


def project(folder: Path, compose: str = COMPOSE, env: str | None = ENV, **others: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "compose.yaml").write_text(compose, encoding="utf-8")
    if env is not None:
        (folder / ".env").write_text(env, encoding="utf-8")
    for name, text in others.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return folder


def whole_way(folder: Path) -> Plan | None:
    """What the whole way through says, if it finds nothing to say."""
    try:
        plan = make(Request(str(folder), environ={})).plan
    except EnvfixError:
        return None
    if plan.references or plan.warnings or len(plan.env_files) != 1:
        return None
    return plan


def test_an_ordinary_project_without_an_address_needs_no_yaml(tmp_path: Path) -> None:
    folder = project(tmp_path / "shop")
    assert nothing_to_do(str(folder), {}) == whole_way(folder) != None  # noqa: E711


UNSURE = {
    "an address in the env file": {"env": "URL=http://localhost:80\n"},
    "an address in its long form": {"env": "URL=http://[0:0:0:0:0:0:0:1]:80\n"},
    "an address in the compose file": {"compose": COMPOSE.replace("QUEUE=jobs", "QUEUE=redis://127.0.0.1")},
    "a service's name with the published port": {"env": "WEB=http://web:8080\n"},
    "no env file": {"env": None},
    "another env file": {"compose": COMPOSE.replace("    command: run --all\n", "    env_file: [more.env]\n")},
    "an unknown key, which is warned about": {"compose": COMPOSE.replace("restart:", "restrat:")},
    "an undefined dependency": {"compose": COMPOSE.replace("      - web\n", "      - wbe\n")},
    "services that wait for one another": {
        "compose": COMPOSE.replace("  db:\n    image", "  db:\n    depends_on:\n      - worker\n    image")
    },
    "an undefined network": {"compose": COMPOSE.replace("      - back\n", "      - bakc\n")},
    "an undefined volume": {"compose": COMPOSE.replace("data:/data", "date:/data")},
    "a key twice": {"compose": COMPOSE.replace("    command: run --all\n", "    build: .\n")},
    "malformed YAML": {"compose": "services: [\n"},
    "a tab": {"compose": COMPOSE.replace("    image: postgres", "\timage: postgres")},
    "a required variable": {"compose": COMPOSE.replace("${DATABASE_URL}", "${DATABASE_URL:?}")},
    "a line that Compose refuses": {"env": "A B=c\n"},
    "an unclosed quote": {"env": "A='b\n"},
    "a template in the env file": {"env": "A=${B\n"},
    "the project's name by variable": {"env": "COMPOSE_PROJECT_NAME=x\n"},
    "a configuration": {"_envfix_toml": "kep = []\n"},
    "a second compose file": {"docker-compose_yml": "services: {}\n"},
    "an override": {"compose_override_yaml": "services: {}\n"},
}


@pytest.mark.parametrize("files", UNSURE.values(), ids=UNSURE)
def test_whatever_is_not_certain_goes_the_whole_way(tmp_path: Path, files: dict[str, str | None]) -> None:
    folder = project(tmp_path / "shop", **files)  # type: ignore[arg-type]
    assert nothing_to_do(str(folder), {}) is None


def test_the_shell_may_name_another_project(tmp_path: Path) -> None:
    assert nothing_to_do(str(project(tmp_path / "shop")), {"COMPOSE_FILE": "other.yaml"}) is None


@st.composite
def damaged(draw: st.DrawFn, text: str) -> str:
    """The text with a few lines lost, doubled, moved or changed."""
    lines = text.splitlines(keepends=True)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["drop", "double", "move", "indent", "dedent", "insert", "cut"]))
        line = lines[at]
        if what == "drop" and len(lines) > 1:
            del lines[at]
        elif what == "double":
            lines.insert(at, line)
        elif what == "move":
            lines.insert(draw(st.integers(0, len(lines) - 1)), lines.pop(at))
        elif what == "indent":
            lines[at] = draw(st.sampled_from([" ", "  ", "- "])) + line
        elif what == "dedent":
            lines[at] = line[draw(st.integers(1, 2)) :]
        elif what == "cut":
            lines[at] = line[: draw(st.integers(0, len(line)))] + "\n"
        else:
            place = draw(st.integers(0, len(line)))
            piece = draw(
                st.sampled_from(
                    [
                        ":",
                        " ",
                        "#",
                        " #",
                        "'",
                        '"',
                        "- ",
                        "$",
                        "{",
                        "&",
                        "*",
                        "!",
                        "x",
                        "0",
                        "%",
                        ",",
                        "?",
                        "~",
                        "é",
                        "=",
                    ]
                )
            )
            lines[at] = line[:place] + piece + line[place:]
    return "".join(lines)


@settings(max_examples=400, deadline=None)
@given(damaged(COMPOSE), damaged(ENV))
@example(COMPOSE, ENV)
def test_where_the_short_way_is_sure_the_whole_way_says_the_same(compose: str, env: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = project(Path(scratch, "shop"), compose, env)
        quick = nothing_to_do(str(folder), {})
        if quick is not None:
            assert quick == whole_way(folder)
