"""Who serves an address: published ports before container ports, the scheme, the name, and the compose file's own
words."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, plan_of, services, table

WEB = "web: {build: ., env_file: .env, ports: ['8000:8000']}"


@table(
    Situation(
        "a published port leads to the container port behind it",
        services(WEB, "db: {image: 'postgres:16', ports: ['5433:5432']}"),
        "DATABASE_URL=postgres://u:p@localhost:5433/app\n",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a database that publishes nothing is found by the port that its image documents",
        services(WEB, "db: {image: 'postgres:16'}"),
        "DATABASE_URL=postgres://u:p@127.0.0.1:5432/app\n",
        "DATABASE_URL rewrite container db:5432",
    ),
    Situation(
        "a URL without a port takes it from its scheme, and gets none",
        services(WEB, "cache: {image: 'redis:7'}"),
        "REDIS_URL=redis://localhost/0\n",
        "REDIS_URL rewrite scheme cache",
    ),
    Situation(
        "a port is written where the server's is not the scheme's",
        services(WEB, "cache: {image: 'redis:7', command: redis-server --port 6380, ports: ['6379:6380']}"),
        "REDIS_URL=redis://localhost/0\n",
        "REDIS_URL rewrite scheme cache:6380",
    ),
    Situation(
        "published beats container: MinIO's inner 9000 is not what localhost:9000 means",
        services(
            WEB,
            "clickhouse: {image: clickhouse/clickhouse-server, ports: ['9000:9000']}",
            "minio: {image: minio/minio, ports: ['9090:9000']}",
        ),
        "CLICKHOUSE_MIGRATION_URL=clickhouse://localhost:9000\n",
        "CLICKHOUSE_MIGRATION_URL rewrite published clickhouse:9000",
    ),
    Situation(
        "a server of another protocol is no candidate, whatever its port",
        services(WEB, "db: {image: 'mysql:8', ports: ['5432:3306']}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL keep no-target",
    ),
    Situation(
        "of two databases of one kind the port decides",
        services(
            WEB, "db: {image: postgres, ports: ['5432:5432']}", "test-db: {image: postgres, ports: ['5433:5432']}"
        ),
        "DATABASE_URL=postgres://localhost:5432/app\nTEST_DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL rewrite published db:5432\nTEST_DATABASE_URL rewrite published test-db:5432",
    ),
    Situation(
        "two services that serve a port equally are asked about",
        services(WEB, "one: {image: postgres}", "two: {image: postgres}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "of several the one that the variable names is meant",
        services(WEB, "cache: {image: redis}", "sessions: {image: redis}"),
        "SESSIONS_URL=redis://localhost:6379\n",
        "SESSIONS_URL rewrite container sessions:6379",
    ),
    Situation(
        "nothing serves the port: the server runs somewhere else",
        services(WEB, "db: {image: postgres}"),
        "MONGO_URL=mongodb://localhost:27017/app\n",
        "MONGO_URL keep no-target",
    ),
    Situation(
        "a service that is only commented out is no target",
        services(WEB, "# db: {image: postgres, ports: ['5432:5432']}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL keep no-target",
    ),
    Situation(
        "a port that is published on another address than loopback does not count as published",
        services(WEB, "db: {image: postgres, ports: ['10.0.0.5:5433:5432']}"),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "the command of a server moves its port",
        services(WEB, "db: {image: postgres, command: postgres -p 5440}"),
        "DATABASE_URL=postgres://localhost:5440/app\nOLD_DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL rewrite container db:5440\nOLD_DATABASE_URL ask ambiguous",
    ),
    Situation(
        "a variable that a program is told its port by says where it listens",
        services(WEB, "billing-service: {image: example/billing, environment: {PORT: '4003'}}"),
        "BILLING_SERVICE_URL=http://localhost:4003\n",
        "BILLING_SERVICE_URL rewrite container billing-service:4003",
    ),
    Situation(
        "the EXPOSE of a Dockerfile says where a built service listens",
        services(WEB, "ranker: {build: ranker}"),
        "RANKER_URL=http://localhost:7001\n",
        "RANKER_URL rewrite container ranker:7001",
        {"ranker/Dockerfile": "FROM python:3.12\nEXPOSE 7001\n"},
    ),
    Situation(
        "a healthcheck that calls its own port says where the service listens",
        services(WEB, "ranker: {image: example/ranker, healthcheck: {test: curl -f http://localhost:7001/health}}"),
        "RANKER_URL=http://localhost:7001\n",
        "RANKER_URL rewrite container ranker:7001",
    ),
    Situation(
        "a service of a profile counts only where no other serves the port, and is named",
        services(WEB, "db: {image: postgres, profiles: [data], ports: ['5432:5432']}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a default for the whole of a driver's address is the reader's own, where nobody serves the port",
        services(
            "web: {build: ., environment: {STORE_URL: '${STORE_URL:-mysql://u:p@store:3306/shop}'}}",
            "store: {image: 'mysql:8'}",
        ),
        "STORE_URL=mysql://u:p@localhost:13306/shop\n",
        "STORE_URL rewrite container store:3306",
    ),
    Situation(
        "no such thing where another serves that port, or where the default's is not one of the service's",
        services(
            "web: {build: ., environment: {STORE_URL: '${STORE_URL:-mysql://u:p@store:3306/shop}'}}",
            "old: {image: 'mysql:5', ports: ['13306:3306']}",
            "store: {image: 'mysql:8'}",
            "app: {build: ., environment: {QUEUE: '${QUEUE:-amqp://mq:5999}'}}",
            "mq: {image: 'rabbitmq:3'}",
        ),
        "STORE_URL=mysql://u:p@localhost:13306/shop\nQUEUE=amqp://localhost:5998\n",
        "STORE_URL ask ambiguous\nQUEUE ask ambiguous",
    ),
    Situation(
        "an http default stays a question: who knows which page the other port shows",
        services(
            "web: {build: ., environment: {SEARCH: '${SEARCH:-http://search:9200}'}}",
            "search: {image: 'elasticsearch:8.11.0'}",
        ),
        "SEARCH=http://localhost:19200\n",
        "SEARCH ask ambiguous",
    ),
    Situation(
        "the compose file's own default names the service, though its port is published nowhere",
        services(
            "web: {build: ., environment: {SEARCH_URL: '${SEARCH_URL:-http://finder:7000}'}}",
            "finder: {image: example/finder}",
        ),
        "SEARCH_URL=http://localhost:7000\n",
        "SEARCH_URL rewrite container finder:7000",
    ),
    Situation(
        "a default and a port that do not fit together are asked about",
        services(
            "web: {build: ., environment: {SEARCH_URL: '${SEARCH_URL:-http://finder:7000}'}}",
            "finder: {image: example/finder}",
        ),
        "SEARCH_URL=http://localhost:9999\n",
        "SEARCH_URL ask ambiguous",
    ),
    Situation(
        "what one service is told of a database speaks for the others",
        services(
            "web: {build: ., environment: {DATABASE_URL: 'postgres://data/app'}}",
            "worker: {build: worker, environment: {DATABASE_URL: '${DATABASE_URL}'}}",
            "data: {image: example/postgres-like}",
        ),
        "DATABASE_URL=postgres://localhost/app\n",
        "DATABASE_URL rewrite scheme data",
    ),
    Situation(
        "what one service is told of an http address may be meant otherwise for the next",
        services(
            "worker: {build: worker, environment: {API_URL: 'http://api:8000'}}",
            "page: {build: ., environment: {API_URL: '${API_URL}'}}",
            "api: {build: api, ports: ['8000:8000']}",
        ),
        "API_URL=http://localhost:8000\n",
        "API_URL ask ambiguous",
    ),
    Situation(
        "several addresses in one value are decided one by one",
        services(
            WEB,
            "mongo1: {image: mongo, ports: ['27017:27017']}",
            "mongo2: {image: mongo, ports: ['27018:27017']}",
        ),
        "MONGO_URL=mongodb://localhost:27017,localhost:27018/app?replicaSet=rs0\n",
        "MONGO_URL rewrite published mongo1:27017\nMONGO_URL rewrite published mongo2:27017",
    ),
    Situation(
        "a driver's string is for no browser, even where nothing names the product",
        services(WEB, "store: {image: example/store, ports: ['5433:5432']}"),
        'ConnectionStrings__Default="Host=localhost;Port=5433;Database=app"\n',
        "ConnectionStrings__Default rewrite published store\nConnectionStrings__Default rewrite sibling 5432",
    ),
    Situation(
        "a Phoenix URL is a database's",
        services(WEB, "db: {image: postgres}"),
        "DATABASE_URL=ecto://u:p@localhost/app\n",
        "DATABASE_URL rewrite scheme db",
    ),
    Situation(
        "a wildcard with a database's scheme is a destination",
        services(WEB, "db: {image: postgres}"),
        "DATABASE_URL=postgres://u:p@0.0.0.0:5432/app\n",
        "DATABASE_URL rewrite container db:5432",
    ),
)
def test_who_serves(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


NAMED = services(WEB, "catalog: {build: catalog, ports: ['4001:4000']}")


@table(
    Situation(
        "an http address of a service that the variable names is changed",
        NAMED,
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4000",
    ),
    Situation(
        "an http address whose name says no service may be a browser's",
        NAMED,
        "API_URL=http://localhost:4001\n",
        "API_URL ask ambiguous",
    ),
    Situation(
        "a word for inside settles it",
        NAMED,
        "INTERNAL_API_URL=http://localhost:4001\n",
        "INTERNAL_API_URL rewrite published catalog:4000",
    ),
    Situation(
        "so does a comment that says inside",
        NAMED,
        "# used from inside the containers\nAPI_URL=http://localhost:4001\n",
        "API_URL rewrite published catalog:4000",
    ),
    Situation(
        "the word SERVICE behind a name that is generic otherwise makes it a service's name",
        services("gateway: {build: ., env_file: .env}", "auth: {build: auth, ports: ['4001:4000']}"),
        "AUTH_SERVICE_URL=http://localhost:4001\nAUTH_URL=http://localhost:4001\n",
        "AUTH_SERVICE_URL rewrite published auth:4000\nAUTH_URL ask ambiguous",
    ),
    Situation(
        "what people look at may be linked to, though the variable names the service",
        services(WEB, "stats-panel: {build: stats, ports: ['3001:3000']}"),
        "STATS_PANEL_URL=http://localhost:3001\n",
        "STATS_PANEL_URL ask ambiguous",
    ),
    Situation(
        "a broker's management page is a screen, its protocol port is none",
        services(WEB, "rabbitmq: {image: 'rabbitmq:3-management', ports: ['5672:5672', '15672:15672']}"),
        "RABBITMQ_API=http://localhost:15672\nRABBITMQ_URL=amqp://localhost:5672\n",
        "RABBITMQ_API ask ambiguous\nRABBITMQ_URL rewrite published rabbitmq:5672",
    ),
    Situation(
        "a tracer's collector is for programs, its page for people",
        services(WEB, "jaeger: {image: jaegertracing/all-in-one, ports: ['16686:16686', '14268:14268', '4318:4318']}"),
        "JAEGER_ENDPOINT=http://localhost:14268/api/traces\nJAEGER_PAGE=http://localhost:16686\n"
        "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318\n",
        "JAEGER_ENDPOINT rewrite published jaeger:14268\nJAEGER_PAGE ask ambiguous\n"
        "OTEL_EXPORTER_OTLP_ENDPOINT rewrite published jaeger:4318",
    ),
    Situation(
        "keys to check tokens by are fetched by programs, the issuer is compared as a name",
        services(WEB, "keycloak: {image: keycloak/keycloak, ports: ['8080:8080']}"),
        "JWKS_URI=http://localhost:8080/realms/a/certs\nOIDC_ISSUER=http://localhost:8080/realms/a\n",
        "JWKS_URI rewrite published keycloak:8080\nOIDC_ISSUER keep browser",
    ),
    Situation(
        "an address for gRPC is no browser's",
        services(WEB, "ledger: {build: ledger, ports: ['50051:50051']}"),
        "GRPC_TARGET=localhost:50051\n",
        "GRPC_TARGET rewrite published ledger:50051",
    ),
    Situation(
        "a websocket is a browser's, as far as nothing says otherwise",
        services(WEB, "realtime: {build: rt, ports: ['6001:6001']}"),
        "REALTIME_WS=ws://localhost:6001\nREALTIME_INTERNAL=ws://localhost:6001\n",
        "REALTIME_WS ask ambiguous\nREALTIME_INTERNAL rewrite published realtime:6001",
    ),
    Situation(
        "a worker with the server's own code gets the application's URL for links, unless the name speaks of a call",
        services(
            "web: {build: ., env_file: .env, command: puma, ports: ['9292:9292']}",
            "jobs: {build: ., env_file: .env, command: rake jobs}",
        ),
        "PLACE=http://localhost:9292\nLIVE=ws://localhost:9292/live\nAPI_URL=http://localhost:9292\n",
        "PLACE keep browser\nLIVE keep browser\nAPI_URL ask ambiguous",
    ),
    Situation(
        "so does one that starts from the image which the server builds",
        services(
            "web: {build: ., image: shop, env_file: .env, ports: ['9292:9292']}",
            "jobs: {image: shop, env_file: .env, command: rake jobs}",
        ),
        "PLACE=http://localhost:9292\n",
        "PLACE keep browser",
    ),
    Situation(
        "two programs in one language's image, or of two builds, are none",
        services(
            "web: {image: 'ruby:3', env_file: .env, volumes: ['./web:/srv'], ports: ['9292:9292']}",
            "jobs: {image: 'ruby:3', env_file: .env, volumes: ['./jobs:/srv']}",
        ),
        "PLACE=http://localhost:9292\n",
        "PLACE ask ambiguous",
    ),
    Situation(
        "one build with another folder mounted over it is another program",
        services(
            "web: {build: base, env_file: .env, volumes: ['./web:/srv'], ports: ['9292:9292']}",
            "jobs: {build: base, env_file: .env, volumes: ['./jobs:/srv']}",
        ),
        "PLACE=http://localhost:9292\n",
        "PLACE ask ambiguous",
    ),
)
def test_program_or_browser(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


MINIO = services(WEB, "minio: {image: minio/minio, ports: ['9000:9000']}")


@table(
    Situation(
        "an object store's address goes into signed URLs: asked about",
        MINIO,
        "S3_ENDPOINT=http://localhost:9000\n",
        "S3_ENDPOINT ask ambiguous",
    ),
    Situation(
        "with a variable for outside beside it the other is for inside",
        MINIO,
        "S3_ENDPOINT=http://localhost:9000\nS3_EXTERNAL_ENDPOINT=http://localhost:9000\n",
        "S3_ENDPOINT rewrite published minio:9000\nS3_EXTERNAL_ENDPOINT keep browser",
    ),
    Situation(
        "no browser reaches a store that publishes nothing, so a client library's host:port is for inside",
        services(WEB, "minio: {image: minio/minio}"),
        "MINIO_ENDPOINT=localhost:9000\n",
        "MINIO_ENDPOINT rewrite container minio:9000",
    ),
    Situation(
        "a queue of a cloud's emulator signs nothing",
        services(WEB, "localstack: {image: localstack/localstack, ports: ['4566:4566']}"),
        "SQS_ENDPOINT=http://localhost:4566\nAWS_ENDPOINT_URL=http://localhost:4566\n",
        "SQS_ENDPOINT rewrite published localstack:4566\nAWS_ENDPOINT_URL ask ambiguous",
    ),
    Situation(
        "the URL of a queue is a program's: an account and a name are its path, and no file of a bucket lies there",
        services(WEB, "cloud: {image: localstack/localstack, ports: ['4600:4566']}"),
        "ORDERS_URL=http://localhost:4600/000000000000/orders.fifo\nCOVERS_URL=http://localhost:4600/covers/1.png\n",
        "ORDERS_URL rewrite published cloud:4566\nCOVERS_URL ask ambiguous",
    ),
)
def test_object_stores(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def broker(advertised: str) -> str:
    told = f"environment: {{KAFKA_ADVERTISED_LISTENERS: '{advertised}'}}"
    kafka = f"kafka: {{image: apache/kafka, ports: ['9092:9092'], {told}}}"
    return services(WEB, kafka)


@table(
    Situation(
        "clients inside need the listener that the broker advertises inside",
        broker("PLAINTEXT://kafka:29092,PLAINTEXT_HOST://localhost:9092"),
        "KAFKA_BROKERS=localhost:9092\n",
        "KAFKA_BROKERS rewrite published kafka:29092",
    ),
    Situation(
        "a broker that advertises its name needs that port",
        broker("PLAINTEXT://kafka:9092"),
        "KAFKA_BROKERS=localhost:9092\n",
        "KAFKA_BROKERS rewrite published kafka:9092",
    ),
    Situation(
        "no address helps while the broker sends its clients to localhost",
        broker("PLAINTEXT://localhost:9092"),
        "KAFKA_BROKERS=localhost:9092\n",
        "KAFKA_BROKERS ask ambiguous",
    ),
    Situation(
        "what the broker itself is told to advertise stays",
        services(
            WEB,
            "kafka: {image: apache/kafka, environment: {KAFKA_ADVERTISED_LISTENERS: '${KAFKA_ADVERTISED_LISTENERS}'}}",
        ),
        "KAFKA_ADVERTISED_LISTENERS=PLAINTEXT://localhost:9092\n",
        "KAFKA_ADVERTISED_LISTENERS keep bind",
    ),
)
def test_kafka(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a word that several services share tells none from another",
        services(
            WEB,
            "trace-web: {image: example/trace-web, ports: ['3030:3000']}",
            "trace-worker: {image: example/trace-worker}",
        ),
        "TRACE_ADDR=http://localhost:3030\n",
        "TRACE_ADDR ask ambiguous",
    ),
    Situation(
        "but a service that has nothing else for a name is meant by it",
        services(WEB, "orders: {build: o, ports: ['4001:4000']}", "orders-db: {image: postgres}"),
        "ORDERS_URL=http://localhost:4001\n",
        "ORDERS_URL rewrite published orders:4000",
    ),
    Situation(
        "the project's own name says nothing either",
        services("worker: {build: ., env_file: .env}", "app-server: {build: s, ports: ['4001:4000']}"),
        "APP_ADDR=http://localhost:4001\n",
        "APP_ADDR ask ambiguous",
    ),
    Situation(
        "a site that people open is known outside by its address, though programs call it too",
        services(WEB, "gitea: {image: gitea/gitea, ports: ['3000:3000']}"),
        "GITEA_URL=http://localhost:3000\nGITEA_INTERNAL_URL=http://localhost:3000\n",
        "GITEA_URL keep browser\nGITEA_INTERNAL_URL rewrite published gitea:3000",
    ),
    Situation(
        "a proxy's host is the name by which the project is known",
        services(WEB, "nginx: {image: nginx, ports: ['80:80']}"),
        "NGINX_HOST=localhost\n",
        "NGINX_HOST ask ambiguous",
    ),
    Situation(
        "the service that is told its own address by the compose file is known by it outside",
        services(
            "page: {build: ., environment: {CATALOG_URL: '${CATALOG_URL}'}}",
            "catalog: {build: c, ports: ['4001:4001'], environment: {CATALOG_URL: '${CATALOG_URL}'}}",
        ),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL ask conflict",
    ),
    Situation(
        "one that merely gets the shared file has no say",
        services("page: {build: ., env_file: .env}", "catalog: {build: c, ports: ['4001:4001'], env_file: .env}"),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4001",
    ),
    Situation(
        "a ready-made image that nobody knows is read as an application",
        services("tool: {image: example/tool, env_file: .env}", "db: {image: postgres}"),
        "DATABASE_URL=postgres://localhost/app\n",
        "DATABASE_URL rewrite scheme db",
    ),
    Situation(
        "a server bound to its own loopback is reached by nobody",
        services(
            "tool: {image: example/tool, env_file: .env}",
            "db: {image: redis, command: redis-server --bind 127.0.0.1, ports: ['6379:6379']}",
        ),
        "CACHE_URL=redis://localhost:6379\n",
        "CACHE_URL keep no-target",
    ),
    Situation(
        "one bound to another address too is reached",
        services(
            "tool: {image: example/tool, env_file: .env}",
            "db: {image: redis, command: redis-server --bind 127.0.0.1 0.0.0.0, ports: ['6379:6379']}",
        ),
        "CACHE_URL=redis://localhost:6379\n",
        "CACHE_URL rewrite published db:6379",
    ),
    Situation(
        "loopback in its long form is loopback",
        services("tool: {image: example/tool, env_file: .env}", "db: {image: postgres}"),
        "DATABASE_URL=postgres://[0:0:0:0:0:0:0:1]:5432/app\n",
        "DATABASE_URL rewrite container db:5432",
    ),
    Situation(
        "an emulator's host is read by client libraries",
        services(WEB, "pubsub: {image: example/emulators, command: 'start --host-port=0.0.0.0:8085'}"),
        "PUBSUB_EMULATOR_HOST=localhost:8085\n",
        "PUBSUB_EMULATOR_HOST rewrite container pubsub:8085",
    ),
)
def test_which_service_a_name_means(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a port in a file that several applications share is no one's own",
        services(
            "web: {build: ., env_file: .env}",
            "job: {build: job, env_file: .env}",
            "finder: {image: example/finder, expose: ['3000']}",
        ),
        "PORT=3000\nFINDER_URL=http://localhost:3000\n",
        "FINDER_URL rewrite container finder:3000",
    ),
    Situation(
        "in a file of its own it is",
        services("web: {build: ., env_file: .env}", "finder: {image: example/finder, expose: ['3000']}"),
        "PORT=3000\nINTERNAL_URL=http://localhost:3000\n",
        "INTERNAL_URL keep self",
    ),
    Situation(
        "a port that is named after another service is that one's",
        services("worker: {build: ., environment: {API_PORT: '8000', API_URL: '${API_URL}'}}", "api: {build: a}"),
        "API_URL=http://localhost:8000\n",
        "API_URL keep no-target",
    ),
    Situation(
        "a range in expose: counts for each of its ports",
        services(WEB, "mixer: {image: example/mixer, expose: ['7000-7002']}"),
        "MIXER_URL=http://localhost:7001\n",
        "MIXER_URL rewrite container mixer:7001",
    ),
)
def test_own_ports(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def test_of_a_port_that_nobody_serves_it_is_told_where_the_service_listens_that_the_name_means(tmp_path: Path) -> None:
    compose = services("site: {build: ., env_file: .env}", "paper: {image: gotenberg/gotenberg:8}")
    situation = Situation("", compose, "GOTENBERG_URL=http://localhost:3100\nLETTERS_URL=http://localhost:3100\n", "")
    paper, letters = plan_of(tmp_path, situation).references
    nobody = "nothing in the project serves port 3100"
    assert (paper.reason, letters.reason) == ("no-target", "no-target")
    assert paper.explanation.startswith(f"{nobody}; paper, which GOTENBERG_URL names, listens on 3000")
    assert letters.explanation.startswith(nobody)
    assert "listens on" not in letters.explanation
