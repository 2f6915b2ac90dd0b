"""What stays, and beside each reason what does not."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, services, table

WEB = "web: {build: ., env_file: .env, ports: ['8000:8000']}"
DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"
API = "catalog: {build: catalog, ports: ['4001:4000']}"


@table(
    Situation(
        "no service reads it: the file serves a program on the host",
        services("web: {build: .}", DB),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep unread",
    ),
    Situation(
        "only the database itself receives the file, and it uses nothing of that",
        services("web: {build: .}", "db: {image: postgres, env_file: .env, ports: ['5433:5432']}"),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep unread",
    ),
    Situation(
        "what environment: sets for the only receiver is read from the env file by nobody",
        services("web: {build: ., env_file: .env, environment: {DATABASE_URL: 'postgres://db:5432/app'}}", DB),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep unread",
    ),
    Situation(
        "a service that is not covered by a literal still reads it",
        services(
            "web: {build: ., env_file: .env, environment: {DATABASE_URL: 'postgres://db:5432/app'}}",
            "worker: {build: ., env_file: .env}",
            DB,
        ),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "it fills only a label and a port",
        services(
            "web: {build: ., labels: {host: '${APP_HOST}'}, ports: ['${APP_ADDR}:8000:8000']}",
        ),
        "APP_HOST=localhost\nAPP_ADDR=127.0.0.1\n",
        "APP_HOST keep infrastructure\nAPP_ADDR keep infrastructure",
    ),
)
def test_unread(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a framework's public prefix puts the value into the page",
        services(WEB, API),
        "VITE_CATALOG_URL=http://localhost:4001\n",
        "VITE_CATALOG_URL keep browser",
    ),
    Situation(
        "but not where the framework reads it on the server",
        services(WEB, API),
        "VITE_CATALOG_URL_SERVER=http://localhost:4001\n",
        "VITE_CATALOG_URL_SERVER rewrite published catalog:4000",
    ),
    Situation(
        "a development server is one that browsers load from",
        services(WEB, API),
        "VITE_DEV_SERVER=http://localhost:4001\n",
        "VITE_DEV_SERVER keep browser",
    ),
    Situation(
        "a callback is opened by the user's browser",
        services(WEB, API),
        "CATALOG_CALLBACK_URL=http://localhost:4001/cb\n",
        "CATALOG_CALLBACK_URL keep browser",
    ),
    Situation(
        "an origin to allow is the browser's word for the page",
        services(WEB, API),
        "CORS_ORIGINS=http://localhost:4001,http://localhost:3000\n",
        "CORS_ORIGINS keep browser\nCORS_ORIGINS keep browser",
    ),
    Situation(
        "a public word settles it, though the name says the service too",
        services(WEB, API),
        "CATALOG_PUBLIC_URL=http://localhost:4001\n",
        "CATALOG_PUBLIC_URL keep browser",
    ),
    Situation(
        "beside a twin for inside the other one is public",
        services(WEB, API),
        "CATALOG_URL=http://localhost:4001\nCATALOG_INTERNAL_URL=http://localhost:4001\n",
        "CATALOG_URL keep browser\nCATALOG_INTERNAL_URL rewrite published catalog:4000",
    ),
    Situation(
        "a comment directly above says browser",
        services(WEB, API),
        "# opened in the browser\nCATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL keep browser",
    ),
    Situation(
        "a section's banner is no word about the variable below it",
        services(WEB, API),
        "# === PUBLIC ENDPOINTS ===\nCATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4000",
    ),
    Situation(
        "nor is a heading that only names what is external",
        services(WEB, API),
        "# External services\nCATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4000",
    ),
    Situation(
        "nor a comment above a blank line, nor a line that is commented out",
        services(WEB, API),
        "# opened in the browser\n\n# CATALOG_PUBLIC_ADDRESS=http://public address\nCATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4000",
    ),
    Situation(
        "a database's protocol is never a browser's, whatever the name says",
        services(WEB, DB),
        "FRONTEND_DATABASE_URL=postgres://localhost:5433/app\n",
        "FRONTEND_DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "what a mail server calls itself is no host of one",
        services(WEB, "mailhog: {image: mailhog/mailhog, ports: ['1025:1025']}"),
        "SMTP_HOST=localhost\nSMTP_PORT=1025\nSMTP_DOMAIN=localhost\n",
        "SMTP_HOST rewrite published mailhog\nSMTP_DOMAIN keep not-an-address",
    ),
    Situation(
        "a host by which a cache is known outside stays outside",
        services(WEB, "cache: {image: redis}"),
        "REDIS_EXTERNAL_HOST=localhost\nREDIS_HOST=localhost\n",
        "REDIS_EXTERNAL_HOST keep browser\nREDIS_HOST rewrite name cache",
    ),
)
def test_browser(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a mail address and a list of hosts to allow are no destinations",
        services(WEB, DB),
        "MAIL_FROM=no-reply@localhost\nALLOWED_HOSTS=localhost,127.0.0.1\n",
        "MAIL_FROM keep not-an-address\nALLOWED_HOSTS keep not-an-address\nALLOWED_HOSTS keep not-an-address",
    ),
    Situation(
        "a database called localhost is a name",
        services(WEB, DB),
        "DB_NAME=localhost\nDB_HOST=localhost\n",
        "DB_NAME keep not-an-address\nDB_HOST rewrite name db",
    ),
    Situation(
        "a transport that goes nowhere names no host",
        services(WEB, DB),
        "MAILER_DSN=null://localhost\nLOCK_DSN=sqlite://localhost/x\n",
        "MAILER_DSN keep not-an-address\nLOCK_DSN keep not-an-address",
    ),
    Situation(
        "from where a user may log in is no host to connect to",
        services(WEB, "mysql: {image: 'mysql:8'}"),
        "MYSQL_ROOT_HOST=localhost\nMYSQL_HOST=localhost\n",
        "MYSQL_ROOT_HOST keep not-an-address\nMYSQL_HOST rewrite name mysql",
    ),
)
def test_no_address(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a host to listen on that bears a server's name, at a port at which that server is not",
        services(
            "shop: {build: ., env_file: .env}",
            "watch: {image: prom/prometheus, ports: ['9190:9090']}",
            "feed: {image: 'redis:7', ports: ['6380:6379']}",
        ),
        "PROMETHEUS_HTTP_HOST=localhost\nPROMETHEUS_HTTP_PORT=2112\n"
        "PROMETHEUS_SERVER_HOST=0.0.0.0\nPROMETHEUS_SERVER_PORT=2113\n"
        "REDIS_SERVER_HOST=localhost\nREDIS_SERVER_PORT=6380\nREDIS_HTTP_HOST=localhost\n",
        "PROMETHEUS_HTTP_HOST keep bind\nPROMETHEUS_SERVER_HOST keep bind\n"
        "REDIS_SERVER_HOST rewrite published feed\nREDIS_SERVER_PORT rewrite sibling 6379\n"
        "REDIS_HTTP_HOST rewrite name feed",
    ),
    Situation(
        "an address to listen on stays, whatever it says",
        services(WEB, API),
        "HOST=0.0.0.0\nHTTP_HOST=127.0.0.1\nLISTEN_ADDR=localhost:4001\nGRPC_BROADCAST_ADDRESS=localhost:4001\n",
        "HOST keep bind\nHTTP_HOST keep bind\nLISTEN_ADDR keep bind\nGRPC_BROADCAST_ADDRESS keep bind",
    ),
    Situation(
        "a wildcard with no more to it is to listen on, with a server's name it is a destination",
        services(WEB, API, DB),
        "GATEWAY_ADDR=0.0.0.0:4001\nDB_HOST=0.0.0.0\n",
        "GATEWAY_ADDR keep bind\nDB_HOST rewrite name db",
    ),
    Situation(
        "a broker's own name and the vote for itself are no destinations, nor where a hub lets pages come from",
        services(
            "things: {image: 'emqx/emqx:5', environment: {EMQX_HOST: '${EMQX_HOST}'}}",
            "log: {image: 'apache/kafka:3.9.0', environment: {KAFKA_CONTROLLER_QUORUM_VOTERS: '${VOTERS}'}}",
            "hub: {image: dunglas/mercure, environment: {MERCURE_EXTRA_DIRECTIVES: '${DIRECTIVES}'}}",
        ),
        "EMQX_HOST=127.0.0.1\nVOTERS=1@localhost:9093\nDIRECTIVES=cors_origins http://localhost:5173\n",
        "EMQX_HOST keep bind\nVOTERS keep bind\nDIRECTIVES keep browser",
    ),
    Situation(
        "a server's own variable of that name is what it listens on",
        services("ollama: {image: ollama/ollama, environment: {OLLAMA_HOST: '${OLLAMA_HOST}'}}"),
        "OLLAMA_HOST=0.0.0.0\n",
        "OLLAMA_HOST keep bind",
    ),
    Situation(
        "what environment: tells another service to be open to everyone at is where that one listens",
        services(
            "crawler: {build: crawler, env_file: .env, environment: {CRAWLER_RPC: '0.0.0.0:7001'}, "
            "ports: ['7001:7001']}",
            WEB,
        ),
        "CRAWLER_RPC=127.0.0.1:7001\n",
        "CRAWLER_RPC keep bind",
    ),
    Situation(
        "not so a URL, nor the host and port of a known product",
        services(
            "cache: {image: 'redis:7', environment: {REDIS_ADDR: '0.0.0.0:6379', CATALOG_URL: '0.0.0.0:4000'}}",
            API,
            WEB,
        ),
        "REDIS_ADDR=127.0.0.1:6379\nCATALOG_URL=http://127.0.0.1:4001\n",
        "REDIS_ADDR rewrite container cache:6379\nCATALOG_URL rewrite published catalog:4000",
    ),
)
def test_bind(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "on the host's network localhost is right",
        services("web: {build: ., env_file: .env, network_mode: host}", DB),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep host-network",
    ),
    Situation(
        "a reader there beside one in a container: they need different values",
        services("agent: {build: ., env_file: .env, network_mode: host}", WEB, DB),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL ask conflict",
    ),
    Situation(
        "a target there has no name that reaches it",
        services(WEB, "db: {image: postgres, network_mode: host}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL keep unreachable",
    ),
    Situation(
        "no shared network, no way",
        services(
            "web: {build: ., env_file: .env, networks: [front]}",
            "db: {image: postgres, ports: ['5433:5432'], networks: [back]}",
            rest="networks: {front: {}, back: {}}\n",
        ),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep unreachable",
    ),
    Situation(
        "one shared network of several is enough",
        services(
            "web: {build: ., env_file: .env, networks: [front, back]}",
            "db: {image: postgres, ports: ['5433:5432'], networks: [back]}",
            rest="networks: {front: {}, back: {}}\n",
        ),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL rewrite published db:5432",
    ),
    Situation(
        "a container without a network reaches nobody",
        services("web: {build: ., env_file: .env, network_mode: none}", DB),
        "DATABASE_URL=postgres://localhost:5433/app\n",
        "DATABASE_URL keep unreachable",
    ),
    Situation(
        "in one namespace localhost is the neighbour",
        services("web: {build: ., env_file: .env, network_mode: 'service:db'}", DB),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL keep self",
    ),
    Situation(
        "a target in another's namespace is reached by that one's name",
        services(WEB, "vpn: {image: example/vpn}", "db: {image: postgres, network_mode: 'service:vpn'}"),
        "DATABASE_URL=postgres://localhost:5432/app\n",
        "DATABASE_URL rewrite container vpn:5432",
    ),
)
def test_networks(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "the reader's own port is itself",
        services(WEB, DB),
        "INTERNAL_API_URL=http://localhost:8000\n",
        "INTERNAL_API_URL keep self",
    ),
    Situation(
        "its own port inside, published by another: asked about",
        services("web: {build: ., env_file: .env, expose: ['3000']}", "shop: {build: shop, ports: ['3000:80']}"),
        "INTERNAL_API=http://localhost:3000\n",
        "INTERNAL_API ask ambiguous",
    ),
    Situation(
        "a name decides between its own port and another's",
        services("web: {build: ., env_file: .env, expose: ['3000']}", "catalog: {build: c, ports: ['3000:80']}"),
        "CATALOG_URL=http://localhost:3000\n",
        "CATALOG_URL rewrite published catalog:80",
    ),
    Situation(
        "the compose file's own default is loopback: meant so for what browsers can use",
        services("web: {build: ., environment: {CATALOG_URL: '${CATALOG_URL:-http://localhost:4001}'}}", API),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL keep default",
    ),
    Situation(
        "never for a database's protocol",
        services("web: {build: ., environment: {DB_URL: '${DB_URL:-postgres://localhost:5433/app}'}}", DB),
        "DB_URL=postgres://localhost:5433/app\n",
        "DB_URL rewrite published db:5432",
    ),
    Situation(
        "two readers, two defaults, loopback and a name: they need different values",
        services(
            "page: {build: ., environment: {CATALOG_URL: '${CATALOG_URL:-http://localhost:4001}'}}",
            "job: {build: ., environment: {CATALOG_URL: '${CATALOG_URL:-http://catalog:4000}'}}",
            API,
        ),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL ask conflict",
    ),
)
def test_self_and_default(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a web server with a site in it may put what it is told into the pages",
        services("page: {build: page, env_file: .env}", API),
        "CATALOG_URL=http://localhost:4001\nCATALOG_INTERNAL_ADDR=http://localhost:4001\n",
        "CATALOG_URL ask ambiguous\nCATALOG_INTERNAL_ADDR rewrite published catalog:4000",
        {"page/Dockerfile": "FROM node AS build\nCOPY . .\nFROM nginx\nCOPY --from=build /dist /srv\n"},
    ),
    Situation(
        "a server of one's own making connects by itself",
        services("page: {build: page, env_file: .env}", API),
        "CATALOG_URL=http://localhost:4001\n",
        "CATALOG_URL rewrite published catalog:4000",
        {"page/Dockerfile": "FROM node:22\nCOPY . .\nCMD node server.js\n"},
    ),
)
def test_pages(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)
