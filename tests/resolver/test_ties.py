"""Which of several servers is meant, and what an env file beside this one has to say of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envfix.project.env_names import env_files_in, is_for_containers
from resolver.situations import Situation, check, services, table

TILL = "till: {build: ., env_file: .env}"
TWO = ("orders-db: {image: postgres}", "stock-db: {image: postgres}")


@table(
    Situation(
        "the one that the reader waits for",
        services("till: {build: ., env_file: .env, depends_on: [stock-db]}", *TWO),
        "DATABASE_URL=postgres://u:p@localhost:5432/x\n",
        "DATABASE_URL rewrite container stock-db:5432",
    ),
    Situation(
        "one who waits for both is asked",
        services("till: {build: ., env_file: .env, depends_on: [stock-db, orders-db]}", *TWO),
        "DATABASE_URL=postgres://u:p@localhost:5432/x\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "one who is told of servers of the kind in another way is asked",
        services(
            "till: {build: ., env_file: .env, depends_on: [first], environment: {REDIS_SENTINELS: 'guard:26379'}}",
            "first: {image: redis}",
            "second: {image: redis}",
            "guard: {image: example/guard}",
        ),
        "REDIS_HOST=localhost\n",
        "REDIS_HOST ask ambiguous",
    ),
    Situation(
        "the one that creates the database of that name",
        services(
            TILL,
            "one: {image: mysql, environment: {MYSQL_DATABASE: shop}}",
            "two: {image: mysql, environment: {MYSQL_DATABASE: stock}}",
        ),
        "DATABASE_URL=mysql://u:p@localhost:3306/stock\n",
        "DATABASE_URL rewrite container two:3306",
    ),
    Situation(
        "not the one that is set apart for tests",
        services(TILL, "store: {image: mongo}", "store-test: {image: mongo}"),
        "MONGO_URL=mongodb://localhost:27017/x\nMONGO_TEST_URL=mongodb://localhost:27017/x\n",
        "MONGO_URL rewrite container store:27017\nMONGO_TEST_URL rewrite container store-test:27017",
    ),
    Situation(
        "one that is set apart and publishes nothing is asked about, as its tests would empty the one that publishes",
        services(TILL, "store: {image: mongo, ports: ['27017:27017']}", "store-test: {image: mongo}"),
        "MONGO_TEST_URL=mongodb://localhost:27017/x\nMONGO_URL=mongodb://localhost:27017/x\n",
        "MONGO_TEST_URL ask ambiguous\nMONGO_URL rewrite published store:27017",
    ),
    Situation(
        "where it publishes a port of its own, another port means another server",
        services(
            TILL, "store: {image: mongo, ports: ['27017:27017']}", "store-test: {image: mongo, ports: ['27018:27017']}"
        ),
        "MONGO_TEST_URL=mongodb://localhost:27017/x\n",
        "MONGO_TEST_URL rewrite published store:27017",
    ),
    Situation(
        "a word and one that begins alike are one",
        services(TILL, "scheduler: {image: example/scheduler, ports: ['7400:7400']}"),
        "SCHEDULE_URL=http://localhost:7400\n",
        "SCHEDULE_URL rewrite published scheduler:7400",
    ),
    Situation(
        "the setting beside it says another product than the default's",
        services(
            "till: {build: ., env_file: .env, environment: {DB_HOST: '${DB_HOST:-pg}'}}",
            "pg: {image: postgres}",
            "my: {image: mysql, profiles: [mysql]}",
        ),
        "DB_CONNECTION=mysql\nDB_HOST=localhost\nDB_PORT=3306\n",
        "DB_HOST rewrite container my",
    ),
    Situation(
        "the setting beside it says the default's product",
        services(
            "till: {build: ., env_file: .env, environment: {DB_HOST: '${DB_HOST:-pg}'}}",
            "pg: {image: postgres}",
            "my: {image: mysql, profiles: [mysql]}",
        ),
        "DB_CONNECTION=pgsql\nDB_HOST=localhost\nDB_PORT=5432\n",
        "DB_HOST rewrite container pg",
    ),
    Situation(
        "the setting beside it says which product",
        services(TILL, "one: {image: mysql}", "two: {image: postgres}"),
        "DB_CONNECTION=mysql\nDB_HOST=localhost\n",
        "DB_HOST rewrite name one",
    ),
)
def test_ties(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "the file for containers names the one of two",
        services(TILL, *TWO),
        "DATABASE_URL=postgres://u:p@localhost:5432/x\n",
        "DATABASE_URL rewrite container orders-db:5432",
        {".env.docker.example": "DATABASE_URL=postgres://u:p@orders-db:5432/x\n"},
    ),
    Situation(
        "it names a server that by the port alone nobody is known to be",
        services(TILL, "labels: {image: example/labels}"),
        "PRINT_API=http://localhost:9911\n",
        "PRINT_API rewrite container labels:80",
        {"docker.env": "PRINT_API=http://labels\n"},
    ),
    Situation(
        "0.0.0.0 where the file for containers has a name is a destination, for all but that service itself",
        services(TILL, "labels: {build: labels, env_file: .env, expose: ['9911']}"),
        "LABELS_HOST=0.0.0.0\nLABELS_PORT=9911\n",
        "LABELS_HOST rewrite container labels",
        {".env.compose": "LABELS_HOST=labels\nLABELS_PORT=9911\n"},
    ),
    Situation(
        "a port that does not fit is no evidence",
        services(TILL, "labels: {image: example/labels, expose: ['9911']}"),
        "PRINT_API=http://localhost:9000\n",
        "PRINT_API keep no-target",
        {".env.docker": "PRINT_API=http://labels:8000\n"},
    ),
    Situation(
        "never towards what is for browsers",
        services(TILL, "labels: {image: example/labels, ports: ['9911:9911']}"),
        "LABELS_PUBLIC_URL=http://localhost:9911\n",
        "LABELS_PUBLIC_URL keep browser",
        {".env.docker": "LABELS_PUBLIC_URL=http://labels:9911\n"},
    ),
    Situation(
        "files that disagree say nothing",
        services(TILL, *TWO),
        "DATABASE_URL=postgres://u:p@localhost:5432/x\n",
        "DATABASE_URL ask ambiguous",
        {
            ".env.local": "DATABASE_URL=postgres://u:p@orders-db:5432/x\n",
            ".env.other": "DATABASE_URL=postgres://u:p@stock-db:5432/x\n",
        },
    ),
    Situation(
        "a file that a container reads is judged itself, and is no evidence for another",
        services(TILL, *TWO, "clerk: {image: example/clerk, env_file: docker.env}"),
        "DATABASE_URL=postgres://u:p@localhost:5432/x\n",
        "DATABASE_URL ask ambiguous",
        {"docker.env": "DATABASE_URL=postgres://u:p@orders-db:5432/x\n"},
    ),
    Situation(
        "never towards a server for tests",
        services(TILL, "main-db: {image: postgres}", "test-db: {image: postgres}", "ci-db: {image: postgres}"),
        "APP_DSN=postgres://u:p@localhost:5432/x\n",
        "APP_DSN rewrite container main-db:5432",
        {".env.test": "APP_DSN=postgres://u:p@test-db:5432/x\n"},
    ),
)
def test_what_an_env_file_beside_it_says(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a service of which no port is known, and which the variable names, is a question",
        services(TILL, "printer: {image: example/printer}"),
        "PRINTER_URL=http://localhost:6200\n",
        "PRINTER_URL ask ambiguous",
    ),
    Situation(
        "that gets the variable of the port itself listens there",
        services(
            "till: {build: till, env_file: .env}",
            "printer: {build: printer, env_file: .env}",
            "price-labels: {build: labels, env_file: .env}",
        ),
        "PRINTER_HOST=localhost\nPRINTER_PORT=6200\nPRICE_LABELS_ADDR=127.0.0.1\nPRICE_LABELS_PORT=6201\n",
        "PRINTER_HOST rewrite container printer\nPRICE_LABELS_ADDR rewrite container price-labels",
    ),
    Situation(
        "unless the reader is named so as well",
        services(
            "label-printer: {build: labels, env_file: .env}",
            "printer: {build: printer, environment: {LABEL_PRINTER_PORT: '6201'}}",
        ),
        "LABEL_PRINTER_HOST=localhost\nLABEL_PRINTER_PORT=6201\n",
        "LABEL_PRINTER_HOST ask ambiguous",
    ),
    Situation(
        "that gets another port, or has a name that any server has, is a question",
        services(
            TILL,
            "printer: {build: printer, environment: {PRINTER_PORT: '6300'}}",
            "backend: {build: api, env_file: .env, command: ./serve}",
        ),
        "PRINTER_HOST=localhost\nPRINTER_PORT=6200\nBACKEND_HOST=localhost\nBACKEND_PORT=6400\n",
        "PRINTER_HOST ask ambiguous\nBACKEND_HOST keep no-target",
    ),
    Situation(
        "one of which a port is known is not",
        services(TILL, "printer: {image: example/printer, expose: ['6300']}"),
        "PRINTER_URL=http://localhost:6200\n",
        "PRINTER_URL keep no-target",
    ),
    Situation(
        "the one server that speaks the database's protocol is a question, whatever the port",
        services(TILL, "stock-db: {image: postgres, ports: ['5432:5432']}"),
        "DATABASE_URL=postgres://u:p@127.0.0.1:54320/x\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "of two such servers none",
        services(TILL, *TWO),
        "DATABASE_URL=postgres://u:p@127.0.0.1:54320/x\n",
        "DATABASE_URL keep no-target",
    ),
)
def test_who_is_not_known_to_serve(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@pytest.mark.parametrize(
    ("name", "for_containers"),
    [
        (".env.docker", True),
        (".env.docker.example", True),
        (".env.docker-compose", True),
        ("docker.env", True),
        (".env.containers", True),
        (".env.local", False),
        (".env.dockerless", False),
    ],
)
def test_which_names_are_for_containers(name: str, for_containers: bool) -> None:
    assert is_for_containers(f"/x/{name}") is for_containers


def test_the_files_beside_it_are_env_files_that_can_be_read(tmp_path: Path) -> None:
    for name in (".env", ".env.docker", "web.env", ".env.bak", "notes.txt", ".env.enc", "env.sample"):
        (tmp_path / name).write_text("A=1\n")
    (tmp_path / ".env.broken").write_text("A='\n")
    (tmp_path / ".env.folder").mkdir()
    found = [Path(one.path).name for one in env_files_in(str(tmp_path), [os.path.realpath(tmp_path / ".env")])]
    assert found == [".env.docker", "env.sample", "web.env"]
    assert env_files_in(str(tmp_path / "gone")) == ()
