"""HOST and PORT apart: both change or neither; and the host that has no port at all."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from resolver.situations import Situation, check, plan_of, services, table

WEB = "web: {build: ., env_file: .env, ports: ['8000:8000']}"
DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"


@table(
    Situation(
        "a published port beside the host changes with it",
        services(WEB, DB),
        "DB_HOST=localhost\nDB_PORT=5433\n",
        "DB_HOST rewrite published db\nDB_PORT rewrite sibling 5432",
    ),
    Situation(
        "a container port beside it is right already",
        services(WEB, DB),
        "DB_HOST=localhost\nDB_PORT=5432\n",
        "DB_HOST rewrite container db",
    ),
    Situation(
        "every spelling of the pair",
        services(WEB, DB),
        "PGHOST=localhost\nPGPORT=5433\nPOSTGRES_SERVER=localhost\nPOSTGRES_PORT=5433\nDBHOST=localhost\nDBPORT=5433\n"
        "dbHost=localhost\ndbPort=5433\nDATABASE_HOSTNAME=localhost\nDATABASE_PORT=5433\n"
        "SPRING_DATASOURCE_HOST=localhost\nSPRING_DATASOURCE_PORT=5433\nDB__Host=localhost\nDB__Port=5433\n",
        "PGHOST rewrite published db\nPGPORT rewrite sibling 5432\n"
        "POSTGRES_SERVER rewrite published db\nPOSTGRES_PORT rewrite sibling 5432\n"
        "DBHOST rewrite published db\nDBPORT rewrite sibling 5432\n"
        "dbHost rewrite published db\ndbPort rewrite sibling 5432\n"
        "DATABASE_HOSTNAME rewrite published db\nDATABASE_PORT rewrite sibling 5432\n"
        "SPRING_DATASOURCE_HOST rewrite published db\nSPRING_DATASOURCE_PORT rewrite sibling 5432\n"
        "DB__Host rewrite published db\nDB__Port rewrite sibling 5432",
    ),
    Situation(
        "a URL without a port takes the one of the variable beside it",
        services(WEB, "elastic: {image: elasticsearch, ports: ['9201:9200']}"),
        "ELASTIC_HOST=http://localhost\nELASTIC_PORT=9201\n",
        "ELASTIC_HOST rewrite published elastic\nELASTIC_PORT rewrite sibling 9200",
    ),
    Situation(
        "a port that also feeds ports: would publish another one",
        services(WEB, "db: {image: postgres, ports: ['${DB_PORT}:5432']}"),
        "DB_HOST=localhost\nDB_PORT=5433\n",
        "DB_HOST ask conflict",
    ),
    Situation(
        "unless it holds the container port already",
        services(WEB, "db: {image: postgres, ports: ['${DB_PORT}:5432']}"),
        "DB_HOST=localhost\nDB_PORT=5432\n",
        "DB_HOST rewrite published db",
    ),
    Situation(
        "a port that the compose file itself sets cannot change here",
        services("web: {build: ., env_file: .env, environment: {DB_PORT: '5433'}}", DB),
        "DB_HOST=localhost\n",
        "DB_HOST ask conflict",
    ),
    Situation(
        "one port for two hosts that need different ones",
        services(
            WEB,
            "redis: {image: redis, ports: ['7000:6379']}",
            "keydb: {image: eqalpha/keydb, ports: ['7000:6380'], command: keydb-server --port 6380, profiles: [other]}",
        ),
        "REDIS_HOST=localhost\nREDIS_PORT=7000\n",
        "REDIS_HOST rewrite published redis\nREDIS_PORT rewrite sibling 6379",
    ),
    Situation(
        "hosts that share a port and need different ones stay, and so does the port",
        services(
            "web: {build: ., environment: {A: 'postgres://${DB_HOST}:${P}/x', B: 'redis://${CACHE_HOST}:${P}'}}",
            DB,
            "cache: {image: redis}",
        ),
        "DB_HOST=localhost\n# envfix: cache:6379\nCACHE_HOST=localhost\nP=5433\n",
        "DB_HOST ask conflict\nCACHE_HOST ask conflict\nP ask conflict",
    ),
    Situation(
        "a port whose line its reader's loader does not see holds its host back",
        services("web: {image: 'python:3.12', working_dir: /srv, volumes: ['./.env:/srv/.env']}", DB),
        "DB_HOST=localhost\nDB_PORT: 5433\n",
        "DB_HOST ask ambiguous\nDB_PORT ask ambiguous",
    ),
    Situation(
        "a loader that does not read the file decides nothing",
        services("web: {build: ., environment: {DB_HOST: '${DB_HOST}', DB_PORT: '${DB_PORT}'}}", DB),
        "DB_HOST=localhost\nDB_PORT: 5433\n",
        "DB_HOST rewrite published db\nDB_PORT rewrite sibling 5432",
    ),
    Situation(
        "a pair by the env file's names alone, which the container knows by others, changes as one",
        services("ledger: {image: example/ledger, environment: {STORE_SEEDS: '${PGHOST}', DB_PORT: '${PGPORT}'}}", DB),
        "PGHOST=localhost\nPGPORT=5433\n",
        "PGHOST rewrite published db\nPGPORT rewrite sibling 5432",
    ),
    Situation(
        "a number that the env file names otherwise is not the host's port",
        services("ledger: {image: example/ledger, environment: {PG_SEEDS: '${PGHOST}', DB_PORT: '${RETRIES}'}}", DB),
        "PGHOST=localhost\nRETRIES=5433\n",
        "PGHOST rewrite name db",
    ),
    Situation(
        "a URL that nests host and port is changed at the leaves",
        services("web: {build: ., environment: {DATABASE_URL: 'postgres://u:p@${DB_HOST}:${DB_PORT}/app'}}", DB),
        "DB_HOST=localhost\nDB_PORT=5433\n",
        "DB_HOST rewrite published db\nDB_PORT rewrite sibling 5432",
    ),
    Situation(
        "in the env file too, and the ${} stay",
        services(WEB, DB),
        "DB_HOST=localhost\nDB_PORT=5433\nDATABASE_URL=postgres://u@${DB_HOST}:${DB_PORT}/app\n",
        "DB_HOST rewrite published db\nDB_PORT rewrite sibling 5432",
    ),
    Situation(
        "a port that stands behind the host in another variable changes too",
        services(WEB, DB),
        "DB_HOST=localhost\nDB_PORT=5433\nDATABASE_URL=postgres://u@${DB_HOST}:5433/app\n",
        "DB_HOST rewrite published db\nDB_PORT rewrite sibling 5432\nDATABASE_URL rewrite sibling 5432",
    ),
    Situation(
        "so it does where the host is pinned",
        services(WEB, DB),
        "# envfix: db:5432\nDB_HOST=localhost\nDATABASE_URL=postgres://u@${DB_HOST}:5433/app\n",
        "DB_HOST rewrite pinned db\nDATABASE_URL rewrite sibling 5432",
    ),
    Situation(
        "where it stands in the compose file the host waits for it",
        services(
            "web: {build: ., env_file: .env, environment: {DATABASE_URL: 'postgres://u@${DB_HOST}:5433/app'}}", DB
        ),
        "DB_HOST=localhost\n",
        "DB_HOST ask conflict",
    ),
    Situation(
        "one host for two URLs that lead to different services",
        services(
            "web: {build: ., environment: {DATABASE_URL: 'postgres://${HOST_NAME}:5432/a', REDIS_URL: 'redis://${HOST_NAME}:6379'}}",
            "db: {image: postgres}",
            "cache: {image: redis}",
        ),
        "HOST_NAME=localhost\n",
        "HOST_NAME ask conflict",
    ),
    Situation(
        "apart in one value they change together",
        services(WEB, DB),
        'DSN="host=localhost user=u password=p dbname=app port=5433"\n',
        "DSN rewrite published db\nDSN rewrite sibling 5432",
    ),
    Situation(
        "a list that names things by words of its own holds labels, though one of them is a service's name",
        services("grid: {build: ., env_file: .env}", "billing: {image: 'postgres:16', ports: ['9460:5432']}"),
        "SCRAPE_JOBS=billing:9460,process:9256\n",
        "",
    ),
    Situation(
        "a list of services' names with published ports is repaired",
        services(
            "grid: {build: ., env_file: .env}",
            "one: {image: 'memcached:1', ports: ['11212:11211']}",
            "two: {image: 'memcached:1', ports: ['11213:11211']}",
        ),
        "MEMCACHED_SERVERS=one:11212,two:11213\n",
        "MEMCACHED_SERVERS rewrite published-port-on-service one:11211\n"
        "MEMCACHED_SERVERS rewrite published-port-on-service two:11211",
    ),
    Situation(
        "a service's name with its published port is the same mistake half made",
        services(WEB, DB),
        "DATABASE_URL=postgres://u:p@db:5433/app\nOTHER_URL=postgres://u:p@db:5432/app\n",
        "DATABASE_URL rewrite published-port-on-service db:5432",
    ),
    Situation(
        "so it is where the port stands apart",
        services(WEB, DB),
        "DB_HOST=db\nDB_PORT=5433\n",
        "DB_PORT rewrite published-port-on-service 5432",
    ),
    Situation(
        "an alias stays as it is written",
        services(WEB, "db: {image: postgres, ports: ['5433:5432'], networks: {default: {aliases: [database]}}}"),
        "DATABASE_URL=postgres://u:p@database:5433/app\n",
        "DATABASE_URL rewrite published-port-on-service database:5432",
    ),
    Situation(
        "a link's alias is a name too",
        services("web: {build: ., env_file: .env, links: ['db:database']}", DB),
        "DATABASE_URL=postgres://u:p@database:5433/app\n",
        "DATABASE_URL rewrite published-port-on-service database:5432",
    ),
    Situation(
        "defaults for a host and its port are the reader's own, where nobody serves the port that stands there",
        services(
            "web: {build: ., environment: {REDIS_HOST: '${REDIS_HOST:-cache}', REDIS_PORT: '${REDIS_PORT:-6379}'}}",
            "cache: {image: 'redis:7'}",
        ),
        "REDIS_HOST=localhost\nREDIS_PORT=6390\n",
        "REDIS_HOST rewrite container cache\nREDIS_PORT rewrite sibling 6379",
    ),
    Situation(
        "not so where another server is published there, or the port has no default",
        services(
            "web: {build: ., environment: {REDIS_HOST: '${REDIS_HOST:-cache}', REDIS_PORT: '${REDIS_PORT:-6379}'}}",
            "jobs: {build: ., environment: {MYSQL_HOST: '${MYSQL_HOST:-store}', MYSQL_PORT: '${MYSQL_PORT}'}}",
            "cache: {image: 'redis:7'}",
            "store: {image: 'mysql:8'}",
            "sessions: {image: 'redis:7', ports: ['6390:6379']}",
        ),
        "REDIS_HOST=localhost\nREDIS_PORT=6390\nMYSQL_HOST=localhost\nMYSQL_PORT=13306\n",
        "REDIS_HOST ask ambiguous\nMYSQL_HOST ask ambiguous",
    ),
    Situation(
        "a pair whose port nobody serves may mean the one database that there is",
        services(WEB, "store: {image: 'mysql:8'}"),
        "DB_HOST=localhost\nDB_PORT=13306\n",
        "DB_HOST ask ambiguous",
    ),
    Situation(
        "but no database that the name does not mean, and none of two",
        services(WEB, "one: {image: 'mysql:8'}", "two: {image: 'mysql:8'}"),
        "DB_HOST=localhost\nDB_PORT=13306\nMONGO_HOST=localhost\nMONGO_PORT=37017\n",
        "DB_HOST keep no-target\nMONGO_HOST keep no-target",
    ),
)
def test_pairs(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


PAIRS = ("DB_READ_HOST=localhost", "DB_READ_PORT=5433", "DB_HOST=localhost", "DB_PORT=5433")


@pytest.mark.parametrize("order", list(permutations(range(4))), ids=str)
def test_each_port_bears_the_link_of_its_own_host(tmp_path: Path, order: tuple[int, ...]) -> None:
    lines = "".join(f"{PAIRS[at]}\n" for at in order)
    plan = plan_of(tmp_path, Situation("", services(WEB, DB), lines, ""))
    links = {one.variable: one.link for one in plan.references}
    assert links["DB_READ_HOST"] == links["DB_READ_PORT"] != links["DB_HOST"] == links["DB_PORT"]
    assert None not in links.values()


def test_hosts_that_share_one_of_their_ports_change_together(tmp_path: Path) -> None:
    urls = "A=postgres://${DB_HOST}:${P}\nB=postgres://${RO_HOST}:${Q}\nC=postgres://${RO_HOST}:${P}\n"
    text = f"DB_HOST=localhost\nRO_HOST=localhost\nQ=5433\nP=5433\n{urls}"
    plan = plan_of(tmp_path, Situation("", services(WEB, DB), text, ""))
    changed = {one.variable: one.replacement for one in plan.changes}
    assert changed == {"DB_HOST": "db", "RO_HOST": "db", "Q": "5432", "P": "5432"}
    assert len({one.link for one in plan.changes}) == 1


@pytest.mark.parametrize(
    ("ports", "outcome"),
    [("5433:5432", "DB_HOST rewrite db, DB_PORT rewrite 5432"), ("${DB_PORT}:5432", "DB_HOST ask None")],
)
def test_a_choice_holds_what_it_leads_to(tmp_path: Path, ports: str, outcome: str) -> None:
    """Host and port of the service that is chosen, or that the port cannot follow."""
    compose = services(
        WEB, "tool: {build: ., env_file: .env, network_mode: host}", f"db: {{image: postgres, ports: ['{ports}']}}"
    )
    plan = plan_of(tmp_path, Situation("", compose, "DB_HOST=localhost\nDB_PORT=5433\n", ""))
    (ask,) = plan.references
    (choice,) = ask.choices
    assert ", ".join(f"{one.variable} {one.decision} {one.replacement}" for one in choice.outcome) == outcome


@table(
    Situation(
        "the product's name and the one server of it",
        services(WEB, "db: {image: postgres}", "cache: {image: redis}"),
        "REDIS_HOST=localhost\nPOSTGRES_HOST=localhost\n",
        "REDIS_HOST rewrite name cache\nPOSTGRES_HOST rewrite name db",
    ),
    Situation(
        "a role comes down to the one server that plays it",
        services(WEB, "mysql: {image: 'mysql:8'}"),
        "DB_HOST=localhost\n",
        "DB_HOST rewrite name mysql",
    ),
    Situation(
        "of two databases the driver beside the host decides",
        services(WEB, "pg: {image: postgres}", "my: {image: mysql}"),
        "DB_CONNECTION=pgsql\nDB_HOST=127.0.0.1\n",
        "DB_HOST rewrite name pg",
    ),
    Situation(
        "with no driver named they are asked about",
        services(WEB, "pg: {image: postgres}", "my: {image: mysql}"),
        "DB_HOST=127.0.0.1\n",
        "DB_HOST ask ambiguous",
    ),
    Situation(
        "an engine's module names the product",
        services(WEB, "pg: {image: postgres}", "my: {image: mysql}"),
        "DB_ENGINE=django.db.backends.mysql\nDB_HOST=127.0.0.1\n",
        "DB_HOST rewrite name my",
    ),
    Situation(
        "no such server in the project",
        services(WEB, "db: {image: postgres}"),
        "REDIS_HOST=localhost\n",
        "REDIS_HOST keep no-target",
    ),
    Situation(
        "a client's own name in its variable is not the server that it asks for",
        services(
            "admin: {image: phpmyadmin, environment: {PMA_HOST: '${PMA_HOST}'}}",
            "other-admin: {image: adminer}",
            "db: {image: mysql}",
        ),
        "PMA_HOST=localhost\n",
        "PMA_HOST rewrite name db",
    ),
    Situation(
        "a word that is no host's may be anything",
        services(WEB, "broker: {image: rabbitmq}"),
        "RABBITMQ_VHOST=localhost\nRABBITMQ_GROUP=localhost\nRABBITMQ=localhost\n",
        "RABBITMQ_VHOST keep not-an-address\nRABBITMQ_GROUP ask ambiguous\nRABBITMQ rewrite name broker",
    ),
    Situation(
        "a program's own host for outside is no address of it for the others",
        services("flow: {image: example/flow, env_file: .env}", "flow-worker: {image: example/flow, env_file: .env}"),
        "FLOW_HOST=localhost\n",
        "FLOW_HOST ask ambiguous",
    ),
    Situation(
        "the word SERVICE makes it one",
        services(WEB, "billing: {build: b}"),
        "BILLING_SERVICE_HOST=localhost\n",
        "BILLING_SERVICE_HOST rewrite name billing",
    ),
)
def test_no_port(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)
