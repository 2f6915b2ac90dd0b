"""The way back: what a program outside the containers needs where the file names a service (`--to host`)."""

from __future__ import annotations

from pathlib import Path

import pytest

from resolver.situations import Situation, check, plan_of, services, table

WEB = "web: {build: ., env_file: .env, ports: ['8000:8000']}"
DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"


@table(
    Situation(
        "a service's name becomes localhost with the published port",
        services(WEB, DB),
        "DATABASE_URL=postgres://u:p@db:5432/app\n",
        "DATABASE_URL rewrite published localhost:5433",
    ),
    Situation(
        "a URL without a port gets one where the published port is not the scheme's",
        services(WEB, DB),
        "DATABASE_URL=postgres://u:p@db/app\n",
        "DATABASE_URL rewrite published localhost:5433",
    ),
    Situation(
        "host and port apart change together",
        services(WEB, DB),
        "DB_HOST=db\nDB_PORT=5432\n",
        "DB_HOST rewrite published localhost\nDB_PORT rewrite sibling 5433",
    ),
    Situation(
        "who reads it does not matter",
        services("web: {build: .}", DB),
        "DATABASE_URL=postgres://u:p@db:5432/app\n",
        "DATABASE_URL rewrite published localhost:5433",
    ),
    Situation(
        "what is not published cannot be reached from outside",
        services(WEB, "db: {image: 'postgres:16'}"),
        "DATABASE_URL=postgres://u:p@db:5432/app\n",
        "DATABASE_URL keep unpublished",
    ),
    Situation(
        "what the user pinned stays",
        services(WEB, DB),
        "# envfix: keep\nDATABASE_URL=postgres://u:p@db:5432/app\n",
        "DATABASE_URL keep pinned",
    ),
    Situation(
        "a broker has a listener of its own for outside",
        services(
            WEB,
            "kafka: {image: apache/kafka, ports: ['9094:9094'], environment: "
            "{KAFKA_ADVERTISED_LISTENERS: 'INSIDE://kafka:29092,OUTSIDE://localhost:9094'}}",
        ),
        "KAFKA_BROKERS=kafka:29092\n",
        "KAFKA_BROKERS rewrite published localhost:9094",
    ),
    Situation(
        "a broker's own listeners are dialled by nobody, and stay",
        services(WEB, "kafka: {image: apache/kafka, ports: ['9094:9094'], env_file: .env}"),
        "KAFKA_ADVERTISED_LISTENERS=INSIDE://kafka:29092,OUTSIDE://localhost:9094\nKAFKA_BROKERS=kafka:29092\n",
        "KAFKA_BROKERS rewrite published localhost:9094",
    ),
    Situation(
        "any name of the service, in any case",
        services(WEB, "db: {image: 'postgres:16', ports: ['5433:5432'], hostname: keeper}"),
        "A_URL=postgres://DB:5432/x\nB_URL=postgres://app-db-1:5432/x\nC_URL=postgres://db.app_default:5432/x\n"
        "D_URL=postgres://keeper:5432/x\n",
        """
        A_URL rewrite published localhost:5433
        B_URL rewrite published localhost:5433
        C_URL rewrite published localhost:5433
        D_URL rewrite published localhost:5433
        """,
    ),
    Situation(
        "a name that two services bear may be either",
        services(
            WEB,
            "db_a: {image: 'postgres:16', ports: ['5433:5432'], networks: {default: {aliases: [store]}}}",
            "db_b: {image: 'postgres:16', ports: ['5434:5432'], networks: {default: {aliases: [store]}}}",
        ),
        "DATABASE_URL=postgres://store:5432/app\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "what is published on one address of the machine is found there",
        services(
            WEB,
            "db: {image: 'postgres:16', ports: ['127.0.0.2:5433:5432']}",
            "six: {image: 'redis:7', ports: ['[fd00::1]:6400:6379']}",
        ),
        "DATABASE_URL=postgres://db:5432/app\nQUEUE_URL=redis://six:6379\n",
        "DATABASE_URL rewrite published 127.0.0.2:5433\nQUEUE_URL rewrite published [fd00::1]:6400",
    ),
    Situation(
        "a word that happens to be a service's name is no address",
        services(WEB, DB),
        "DB_NAME=db\nQUEUE=db\n",
        "",
    ),
)
def test_to_host(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation, to="host")


@pytest.mark.parametrize("env", ["DB_URL=postgres://db:5432/a\n", "# envfix: keep\nDB_URL=postgres://db:5432/a\n"])
def test_what_stays_names_no_target(tmp_path: Path, env: str) -> None:
    published = env.startswith("#")
    db = DB if published else "db: {image: 'postgres:16'}"
    (kept,) = plan_of(tmp_path, Situation("", services(WEB, db), env, ""), to="host").references
    assert (kept.replacement, kept.service, kept.published_port, kept.container_port) == (None, None, None, None)
