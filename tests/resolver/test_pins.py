"""What the user said wins: the comment above a binding, then the configuration, then the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.errors import EnvfixError
from resolver.situations import Situation, check, plan_of, services, table

WEB = "web: {build: ., env_file: .env, ports: ['8000:8000']}"
DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"
OTHER = "other: {image: 'postgres:16'}"
BOTH = services(WEB, DB, OTHER)
URL = "DATABASE_URL=postgres://localhost:5433/app\n"


def configured(text: str) -> dict[str, str]:
    return {".envfix.toml": text}


@table(
    Situation("a comment keeps", BOTH, "# envfix: keep\n" + URL, "DATABASE_URL keep pinned"),
    Situation("a comment sends", BOTH, "# envfix: other:5432\n" + URL, "DATABASE_URL rewrite pinned other:5432"),
    Situation(
        "a comment holds for its binding alone",
        BOTH,
        "# envfix: keep\n" + URL + "SECOND_URL=postgres://localhost:5433/x\n",
        "DATABASE_URL keep pinned\nSECOND_URL rewrite published db:5432",
    ),
    Situation(
        "on a HOST it carries the PORT along",
        BOTH,
        "# envfix: other:5432\nDB_HOST=localhost\nDB_PORT=5433\n",
        "DB_HOST rewrite pinned other\nDB_PORT rewrite sibling 5432",
    ),
    Situation(
        "it wins over every rule: a browser's variable, one that nobody reads",
        services("web: {build: .}", DB),
        "# envfix: db:5432\nVITE_X=http://localhost:1\n",
        "VITE_X rewrite pinned db:5432",
    ),
    Situation(
        "it wins over the configuration",
        BOTH,
        "# envfix: other:5432\n" + URL,
        "DATABASE_URL rewrite pinned other:5432",
        configured('keep = ["DATABASE_*"]\n'),
    ),
    Situation("keep", BOTH, URL, "DATABASE_URL keep pinned", configured('keep = ["DATABASE_*"]\n')),
    Situation(
        "browser",
        services(WEB, "catalog: {build: c, ports: ['4001:4000']}"),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL keep browser",
        configured('browser = ["CATALOG_URL"]\n'),
    ),
    Situation(
        "map of an address",
        BOTH,
        URL,
        "DATABASE_URL rewrite pinned other:5432",
        configured('map = {"localhost:5433" = "other:5432"}\n'),
    ),
    Situation(
        "map of a variable",
        BOTH,
        URL,
        "DATABASE_URL rewrite pinned other:5432",
        configured('map = {"DATABASE_URL" = "other:5432"}\n'),
    ),
    Situation(
        "readers: nobody in the project",
        BOTH,
        URL,
        "DATABASE_URL keep unread",
        configured("readers = {DATABASE_URL = []}\n"),
    ),
    Situation(
        "env_files: who reads a file that compose does not hand out",
        services("web: {build: .}", DB),
        URL,
        "DATABASE_URL rewrite published db:5432",
        configured('env_files = {".env" = ["web"]}\n'),
    ),
)
def test_pins(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a service's name with its published port stays where the user says so",
        services(WEB, DB),
        "# envfix: keep\nDATABASE_URL=postgres://db:5433/app\n",
        "DATABASE_URL keep pinned",
    ),
    Situation(
        "so does the configuration's word",
        services(WEB, DB),
        "DATABASE_URL=postgres://db:5433/app\n",
        "DATABASE_URL keep pinned",
        configured('keep = ["DATABASE_URL"]\n'),
    ),
    Situation(
        "a port that is to stay keeps its host from changing",
        services(WEB, DB),
        "DB_HOST=localhost\n# envfix: keep\nDB_PORT=5433\n",
        "DB_HOST ask conflict",
    ),
    Situation(
        "the gateway becomes what the user says, without being asked for",
        services(WEB, DB),
        "# envfix: db:5432\nDATABASE_URL=postgres://host.docker.internal:5433/app\n",
        "DATABASE_URL rewrite pinned db:5432",
    ),
    Situation(
        "a pin that is fulfilled asks for nothing more",
        services(WEB, DB),
        "# envfix: db:5432\nDATABASE_URL=postgres://db:5432/app\n",
        "",
    ),
)
def test_pins_of_other_hosts(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def test_a_comment_that_names_no_service_is_an_error_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(EnvfixError, match="'bd'") as error:
        plan_of(tmp_path, Situation("", BOTH, "A=1\n# envfix: bd:5432\n" + URL, ""))
    assert error.value.line in (2, 3)


def test_the_gateway_changes_only_when_asked_for(tmp_path: Path) -> None:
    url = "DATABASE_URL=postgres://host.docker.internal:5433/app\n"
    kept = Situation("", services(WEB, DB), url, "DATABASE_URL keep host-gateway")
    check(tmp_path, kept)
    check(tmp_path, kept._replace(decisions="DATABASE_URL rewrite host-gateway db:5432"), host_gateway=True)
