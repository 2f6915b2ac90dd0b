"""Services that get one env file and stand apart in the networks each have a need of their own."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, services, table

DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"
WEB = "web: {build: ., env_file: .env}"
NETWORKS = "networks: {front: {}, back: {}}\n"
STRANGERS = ("left: {image: example/left, expose: [7700]}", "right: {image: example/right, expose: [7700]}")
URL = "DATABASE_URL=postgres://localhost:5433/app\n"


@table(
    Situation(
        "one on the host's network beside one that is not",
        services(WEB, "tool: {build: ., env_file: .env, network_mode: host}", DB),
        URL,
        "DATABASE_URL ask conflict",
    ),
    Situation(
        "the same, the other way round",
        services("tool: {build: ., env_file: .env, network_mode: host}", WEB, DB),
        URL,
        "DATABASE_URL ask conflict",
    ),
    Situation(
        "one without a network has no need",
        services(WEB, "tool: {build: ., env_file: .env, network_mode: none}", DB),
        URL,
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "two networks with a database each",
        services(
            "web: {build: ., env_file: .env, networks: [front]}",
            "worker: {build: ., env_file: .env, networks: [back]}",
            "db: {image: 'postgres:16', ports: ['5433:5432'], networks: [front]}",
            "other: {image: 'postgres:16', ports: ['127.0.0.1:5433:5432'], networks: [back]}",
            rest=NETWORKS,
        ),
        URL,
        "DATABASE_URL ask conflict",
    ),
    Situation(
        "the one that serves the port beside one that calls it",
        services("web: {build: ., env_file: .env, ports: ['3000:3000']}", "worker: {build: ., env_file: .env}"),
        "API_URL=http://localhost:3000\n",
        "API_URL ask ambiguous",
    ),
    Situation(
        "only readers of inactive profiles",
        services(
            "web: {build: ., env_file: .env, profiles: [x]}", "worker: {build: ., env_file: .env, profiles: [y]}", DB
        ),
        URL,
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "its own port for one, another service's for the other",
        services(
            "web: {build: ., env_file: .env, ports: ['3000:3000']}",
            "worker: {build: ., env_file: .env, networks: [back]}",
            "api: {build: api, ports: ['127.0.0.1:3000:3000'], networks: [back, default]}",
            rest=NETWORKS,
        ),
        "API_URL=http://localhost:3000\n",
        "API_URL ask ambiguous",
    ),
    Situation(
        "the one that all others mean gets the file too, and need not tell two strangers apart",
        services(WEB, "stock: {build: stock, env_file: .env}", *STRANGERS),
        "STOCK_URL=http://localhost:7700\n",
        "STOCK_URL rewrite container stock:7700",
        {".env.docker": "STOCK_URL=http://stock:7700\n"},
    ),
    Situation(
        "one that the others do not mean has to",
        services(
            "web: {build: ., env_file: .env, networks: [default, back]}",
            "stock: {build: stock, networks: [back]}",
            "worker: {build: ., env_file: .env}",
            *STRANGERS,
            rest="networks: {back: {}}\n",
        ),
        "STOCK_URL=http://localhost:7700\n",
        "STOCK_URL ask ambiguous",
        {".env.docker": "STOCK_URL=http://stock:7700\n"},
    ),
    Situation(
        "so has one that the compose file hands the address itself",
        services(WEB, "stock: {build: stock, environment: {STOCK_URL: '${STOCK_URL}'}}", *STRANGERS),
        "STOCK_URL=http://localhost:7700\n",
        "STOCK_URL ask ambiguous",
        {".env.docker": "STOCK_URL=http://stock:7700\n"},
    ),
    Situation(
        "what another service is told names the host",
        services(WEB, "worker: {build: ., environment: {QUEUE_HOST: broker}}", "broker: {image: 'example.org/mq'}"),
        "QUEUE_HOST=localhost\n",
        "QUEUE_HOST rewrite default broker",
    ),
    Situation(
        "encoded once or twice, the colon stays as it is",
        services(WEB, DB),
        "A_URL=x%3A%2F%2Flocalhost%3A5433\nB_URL=x%253A%252F%252Flocalhost%253A5433\n",
        "A_URL rewrite published db%3A5432\nB_URL rewrite published db%253A5432",
    ),
)
def test_each_reader_stands_for_itself(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


HALF = "DATABASE_URL=postgres://db:5433/app\n"


@table(
    Situation(
        "a service's name with the published port, alone and apart",
        services(WEB, DB),
        HALF + "DB_HOST=db\nDB_PORT=5433\nC_HOST=db\nRIGHT=postgres://db:5432/app\n",
        """
        DATABASE_URL rewrite published-port-on-service db:5432
        DB_PORT rewrite published-port-on-service 5432
        """,
    ),
    Situation(
        "a port that it publishes and listens on is right",
        services(WEB, "db: {image: 'postgres:16', ports: ['5433:5432', '5434:5433']}"),
        HALF,
        "",
    ),
    Situation(
        "a server whose own variables say that it listens on that port inside is named right",
        services(
            "web: {build: ., env_file: .env}",
            "schemas: {image: 'confluentinc/cp-schema-registry:7.6.1', ports: ['8085:8081'], "
            "environment: {SCHEMA_REGISTRY_LISTENERS: 'http://0.0.0.0:8085/,https://0.0.0.0:8086'}}",
        ),
        "SCHEMAS_URL=http://schemas:8085\n",
        "",
    ),
    Situation(
        "a service out of reach is not corrected",
        services("web: {build: ., env_file: .env, networks: [front]}", DB, rest=NETWORKS),
        HALF,
        "",
    ),
)
def test_the_published_port_behind_a_services_name(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


GATEWAY = "DATABASE_URL=postgres://host.docker.internal:5433/app\n"


@table(
    Situation(
        "one service publishes the port",
        services(WEB, DB),
        GATEWAY,
        "DATABASE_URL rewrite host-gateway db:5432",
    ),
    Situation(
        "two services publish it on different addresses",
        services(WEB, DB, "other: {image: 'postgres:16', ports: ['127.0.0.1:5433:5432']}"),
        GATEWAY,
        "DATABASE_URL keep host-gateway",
    ),
    Situation(
        "the one that publishes it is out of reach",
        services("web: {build: ., env_file: .env, networks: [front]}", DB, rest=NETWORKS),
        GATEWAY,
        "",
    ),
)
def test_the_hosts_gateway_is_changed_where_asked(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation, host_gateway=True)
