"""What is handed to a container, and still is for a browser, a phone, a program on the machine, or nobody."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, services, table

HUB = "hub: {image: example/hub, ports: ['8400:80']}"
BARE = "stock: {image: example/stock, ports: ['8700:8700']}"
LEDGER = "ledger: {image: 'mariadb:11', ports: ['3310:3306']}"


def gets(*pairs: str) -> str:
    """A service that the compose file hands variables under names of its own."""
    return "desk: {image: example/desk, environment: {" + ", ".join(pairs) + "}}"


@table(
    Situation(
        "a word for outside in the env file's own name counts, whatever the container calls it",
        services(gets("HUB_URL: '${HUB_PUBLIC_URL}'"), HUB),
        "HUB_PUBLIC_URL=http://localhost:8400\n",
        "HUB_PUBLIC_URL keep browser",
    ),
    Situation(
        "a public prefix in the env file's own name counts as well",
        services(gets("HUB_URL: '${VITE_HUB_URL}'"), HUB),
        "VITE_HUB_URL=http://localhost:8400\n",
        "VITE_HUB_URL keep browser",
    ),
    Situation(
        "a word for inside in the env file's own name counts",
        services(gets("CONTENT_URL: '${CONTENT_INTERNAL_URL}'"), HUB),
        "CONTENT_INTERNAL_URL=http://localhost:8400\n",
        "CONTENT_INTERNAL_URL rewrite published hub:80",
    ),
    Situation(
        "one name says inside and the other outside: a person says",
        services(gets("HUB_INTERNAL_URL: '${HUB_EXTERNAL_URL}'"), HUB),
        "HUB_EXTERNAL_URL=http://localhost:8400\n",
        "HUB_EXTERNAL_URL ask ambiguous",
    ),
    Situation(
        "a twin is another binding: then the plain one is for inside",
        services(gets("CONTENT_URL: '${CONTENT_URL}'", "CONTENT_PUBLIC_URL: '${CONTENT_PUBLIC_URL}'"), HUB),
        "CONTENT_URL=http://localhost:8400\nCONTENT_PUBLIC_URL=http://localhost:8400\n",
        "CONTENT_URL rewrite published hub:80\nCONTENT_PUBLIC_URL keep browser",
    ),
    Situation(
        "a twin for inside that a container has makes the plain one public",
        services(gets("CONTENT_URL: '${CONTENT_URL}'", "CONTENT_URL_INTERNAL: '${CONTENT_URL_INTERNAL}'"), HUB),
        "CONTENT_URL=http://localhost:8400\nCONTENT_URL_INTERNAL=http://localhost:8400\n",
        "CONTENT_URL keep browser\nCONTENT_URL_INTERNAL rewrite published hub:80",
    ),
    Situation(
        "one that no container has is for programs on the machine, and says nothing of those in containers",
        services(gets("HUB_URL: '${HUB_URL}'"), HUB),
        "HUB_URL=http://localhost:8400\nHUB_URL_INTERNAL=http://localhost:8400\n",
        "HUB_URL rewrite published hub:80\nHUB_URL_INTERNAL keep unread",
    ),
    Situation(
        "a database's driver is no browser, whatever the name says",
        services(gets("LEDGER_DSN: '${LEDGER_PUBLIC_DSN}'"), LEDGER),
        "LEDGER_PUBLIC_DSN=mysql://u:p@localhost:3310/x\n",
        "LEDGER_PUBLIC_DSN rewrite published ledger:3306",
    ),
    Situation(
        "of the endpoints of one authorization server browsers are sent to the first and the last",
        services("desk: {image: example/desk, env_file: .env}", "idp: {image: example/idp, ports: ['9400:9400']}"),
        "SSO_AUTH_URI=http://localhost:9400/x/authorize\nSSO_TOKEN_URI=http://localhost:9400/x/token\n"
        "SSO_JWKS_URI=http://localhost:9400/x/jwks\nSSO_LEAVE_URI=http://localhost:9400/x/endsession\n",
        "SSO_AUTH_URI keep browser\nSSO_TOKEN_URI ask ambiguous\n"
        "SSO_JWKS_URI rewrite published idp:9400\nSSO_LEAVE_URI keep browser",
    ),
    Situation(
        "an endpoint that authorizes, with none for tokens beside it, may be asked by a program",
        services("desk: {image: example/desk, env_file: .env}", "guard: {image: example/guard, ports: ['9400:9400']}"),
        "GUARD_AUTHORIZE_ENDPOINT=http://localhost:9400/v1/authorize\nGUARD_URL=http://localhost:9400/v1/sessions\n",
        "GUARD_AUTHORIZE_ENDPOINT rewrite published guard:9400\nGUARD_URL rewrite published guard:9400",
    ),
    Situation(
        "two servers of their own for logins and for tokens",
        services(
            "desk: {image: example/desk, env_file: .env}",
            "logins: {image: example/logins, ports: ['9400:9400']}",
            "mint: {image: example/mint, ports: ['9500:9500']}",
        ),
        "INTERNAL_AUTH_URL=http://localhost:9400\nINTERNAL_TOKEN_URL=http://localhost:9500\n"
        "AUTH_API=http://localhost:9400/\nTOKEN_API=http://localhost:9500/\n",
        "INTERNAL_AUTH_URL rewrite published logins:9400\nINTERNAL_TOKEN_URL rewrite published mint:9500\n"
        "AUTH_API ask ambiguous\nTOKEN_API ask ambiguous",
    ),
    Situation(
        "a value kept in a comment for containers, by the machine's name as they know it",
        services("desk: {image: example/desk, env_file: .env}", BARE),
        "#API_URL=http://host.docker.internal:8700\nAPI_URL=http://localhost:8700\n",
        "API_URL rewrite published stock:8700",
    ),
    Situation(
        "a value kept in a comment for containers, by the name of a service",
        services("desk: {image: example/desk, env_file: .env}", BARE),
        "API_URL=http://localhost:8700\n# export API_URL = 'http://stock:8700'  # compose\n",
        "API_URL rewrite published stock:8700",
    ),
    Situation(
        "one of another variable, one that names neither, and one in a sentence say nothing",
        services("desk: {image: example/desk, env_file: .env}", BARE),
        "#APP_URL=http://stock:8700\n#API_URL=https://api.example.org\n# an API_URL=http://stock:8700 of old\n"
        "API_URL=http://localhost:8700\n",
        "API_URL ask ambiguous",
    ),
    Situation(
        "one for containers and one for a phone",
        services("desk: {image: example/desk, env_file: .env}", BARE),
        "#API_URL=http://stock:8700\n#API_URL=http://192.168.1.20:8700\nAPI_URL=http://localhost:8700\n",
        "API_URL keep browser",
    ),
    Situation(
        "one for containers takes nothing from a name that says outside",
        services("desk: {image: example/desk, env_file: .env}", BARE),
        "#SITE_URL=http://stock:8700\nSITE_URL=http://localhost:8700\n",
        "SITE_URL keep browser",
    ),
    Situation(
        "a value kept beside it for another device of the network",
        services(gets("SYNC_URL: '${SYNC_URL}'"), "sync: {image: example/sync, ports: ['8700:8700']}"),
        "SYNC_URL=http://localhost:8700\n#SYNC_URL=http://192.168.1.20:8700\n",
        "SYNC_URL keep browser",
    ),
    Situation(
        "a comment that speaks of phones",
        services(gets("SYNC_URL: '${SYNC_URL}'"), "sync: {image: example/sync, ports: ['8700:8700']}"),
        "# the Android emulator needs 10.0.2.2 here\nSYNC_URL=http://localhost:8700\n",
        "SYNC_URL keep browser",
    ),
    Situation(
        "a value kept beside it for another variable says nothing",
        services(gets("SYNC_URL: '${SYNC_URL}'"), "sync: {image: example/sync, ports: ['8700:8700']}"),
        "SYNC_URL=http://localhost:8700\n#OTHER_SYNC_URL=http://192.168.1.20:8700\n",
        "SYNC_URL rewrite published sync:8700",
    ),
    Situation(
        "an http target that waits for its reader is a front end",
        services(
            "shelf: {build: ., env_file: .env, ports: ['9300:9300']}",
            "reading-room: {build: room, ports: ['9400:9400'], depends_on: [shelf]}",
        ),
        "READING_ROOM_URL=http://localhost:9400\n",
        "READING_ROOM_URL ask ambiguous",
    ),
    Situation(
        "unless the name says inside",
        services(
            "shelf: {build: ., env_file: .env, ports: ['9300:9300']}",
            "reading-room: {build: room, ports: ['9400:9400'], depends_on: [shelf]}",
        ),
        "READING_ROOM_INTERNAL_URL=http://localhost:9400\n",
        "READING_ROOM_INTERNAL_URL rewrite published reading-room:9400",
    ),
    Situation(
        "the machine's own door beside the inner one",
        services("shelf: {build: ., env_file: .env}", LEDGER),
        "DATABASE_URL=mysql://u:p@ledger:3306/x\nADMIN_DATABASE_URL=mysql://u:p@localhost:3310/x\n",
        "ADMIN_DATABASE_URL ask ambiguous",
    ),
    Situation(
        "two databases of one server are two connections",
        services("shelf: {build: ., env_file: .env}", LEDGER),
        "DATABASE_URL=mysql://u:p@ledger:3306/x\nAUDIT_DATABASE_URL=mysql://u:p@localhost:3310/audit\n",
        "AUDIT_DATABASE_URL rewrite published ledger:3306",
    ),
)
def test_for_outside(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a stock server's documented listen variable, in a file that others get",
        services("crawler: {build: ., env_file: .env}", "find: {image: getmeili/meilisearch, env_file: .env}"),
        "MEILI_HTTP_ADDR=0.0.0.0:7700\n",
        "MEILI_HTTP_ADDR keep bind",
    ),
    Situation(
        "0.0.0.0 with a port on which one of the receivers listens",
        services("crawler: {build: ., env_file: .env}", "pages: {build: pages, env_file: .env, expose: ['6100']}"),
        "PAGES_GRPC=0.0.0.0:6100\n",
        "PAGES_GRPC keep bind",
    ),
    Situation(
        "0.0.0.0 with a port of a server that does not get it is a destination",
        services("crawler: {build: ., env_file: .env}", "lines: {image: nats}"),
        "NATS_ADDR=0.0.0.0:4222\n",
        "NATS_ADDR rewrite container lines:4222",
    ),
    Situation(
        "a port variable that holds a host as well is what a server listens on",
        services("crawler: {build: ., env_file: .env}", "pages: {build: pages, env_file: .env, ports: ['3100:3100']}"),
        "APP_PORT=127.0.0.1:3100\n",
        "APP_PORT keep bind",
    ),
)
def test_where_a_server_listens(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a script on a server's image is no server",
        services("crawler: {build: ., env_file: .env}", "load-terms: {image: 'arangodb:3.12', command: sh load.sh}"),
        "ARANGO_URL=http://localhost:8529\n",
        "ARANGO_URL keep no-target",
    ),
    Situation(
        "a client on a server's image is none",
        services(
            "crawler: {build: ., env_file: .env}",
            "ledger: {image: mysql}",
            "make-ledger: {image: mysql, command: ['mysql', '-h', 'ledger', '-e', 'create database x']}",
        ),
        "LEDGER_DSN=mysql://localhost/x\n",
        "LEDGER_DSN rewrite scheme ledger",
    ),
    Situation(
        "a shell that starts the server is one",
        services(
            "crawler: {build: ., env_file: .env}",
            "store: {image: valkey/valkey, command: ['sh', '-c', 'exec valkey-server --save 60 1']}",
        ),
        "STORE_URL=redis://localhost:6379\n",
        "STORE_URL rewrite container store:6379",
    ),
    Situation(
        "what others wait for to end serves nothing",
        services(
            "crawler: {build: ., env_file: .env, depends_on: {fill: {condition: service_completed_successfully}}}",
            "fill: {image: mongo}",
            "docs: {image: mongo}",
        ),
        "MONGO_URL=mongodb://localhost:27017/x\n",
        "MONGO_URL rewrite container docs:27017",
    ),
    Situation(
        "the EXPOSE of a Dockerfile is the server's, not the worker's that shares it",
        services(
            "crawler: {build: other, env_file: .env}",
            "pages: {build: pages, ports: ['6100:6100']}",
            "pages-jobs: {build: pages, command: bin/jobs}",
        ),
        "PAGES_JOBS_URL=http://localhost:6100\n",
        "PAGES_JOBS_URL rewrite published pages:6100",
        {"pages/Dockerfile": "FROM ruby:3\nEXPOSE 6100\n", "other/Dockerfile": "FROM ruby:3\n"},
    ),
    Situation(
        "nor the worker's where the server's command names the port, and nothing is published",
        services(
            "crawler: {build: other, env_file: .env}",
            "pages: {build: pages, command: puma -p 6100}",
            "jobs: {build: pages, command: bin/jobs}",
        ),
        "INTERNAL_RENDERING_URL=http://localhost:6100\n",
        "INTERNAL_RENDERING_URL rewrite container pages:6100",
        {"pages/Dockerfile": "FROM ruby:3\nEXPOSE 6100\n", "other/Dockerfile": "FROM ruby:3\n"},
    ),
)
def test_who_is_no_server(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "a pulled image that is no part of the application, given the whole file beside what is built",
        services(
            "relay: {image: 'acme/webhook-cli:2', env_file: .env}",
            "shelf: {build: ., environment: {X: '1'}}",
            LEDGER,
        ),
        "DATABASE_URL=mysql://u:p@localhost:3310/x\n",
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "what its documentation says that it reads",
        services(
            "charts: {image: 'metabase/metabase', env_file: .env}",
            "shelf: {build: ., environment: {X: '1'}}",
            LEDGER,
        ),
        "MB_DB_HOST=localhost\nMB_DB_PORT=3310\nSHELF_DB_HOST=localhost\n",
        "MB_DB_HOST rewrite published ledger\nMB_DB_PORT rewrite sibling 3306\nSHELF_DB_HOST keep unread",
    ),
    Situation(
        "the application itself may be pulled",
        services("shelf: {image: 'ghcr.io/acme/shelf:2', env_file: .env}", LEDGER),
        "DATABASE_URL=mysql://u:p@localhost:3310/x\n",
        "DATABASE_URL rewrite published ledger:3306",
    ),
    Situation(
        "one who is given the whole connection does not need the bare host",
        services("shelf: {build: ., env_file: .env, environment: {DATABASE_URL: 'mysql://u:p@ledger/x'}}", LEDGER),
        "DB_HOST=localhost\nDB_PORT=3310\n",
        "DB_HOST keep unread",
    ),
    Situation(
        "the whole connection to another server is no reason",
        services(
            "shelf: {build: ., env_file: .env, environment: {DATABASE_URL: 'postgres://u:p@main/x'}}",
            "main: {image: postgres}",
            LEDGER,
        ),
        "MYSQL_HOST=localhost\nMYSQL_PORT=3310\n",
        "MYSQL_HOST rewrite published ledger\nMYSQL_PORT rewrite sibling 3306",
    ),
)
def test_who_uses_it(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


BOARD = "board: {image: metabase/metabase, ports: ['8500:3000']}"
TOLD = "mailer: {image: example/mailer, environment: {METABASE_URL: 'http://board:3000'}}"


@table(
    Situation(
        "a server with pages for people: nothing says who opens them",
        services("stats: {build: ., env_file: .env}", BOARD),
        "METABASE_URL=http://localhost:8500\n",
        "METABASE_URL ask ambiguous",
    ),
    Situation(
        "another service is told the same variable with the server's name inside, which no browser knows",
        services("stats: {build: ., env_file: .env}", BOARD, TOLD),
        "METABASE_URL=http://localhost:8500\n",
        "METABASE_URL rewrite published board:3000",
    ),
    Situation(
        "one that the server itself waits for, as a front end does, may hand it on",
        services("stats: {build: ., env_file: .env}", BOARD.replace("}", ", depends_on: [stats]}"), TOLD),
        "METABASE_URL=http://localhost:8500\n",
        "METABASE_URL ask ambiguous",
    ),
    Situation(
        "a job that the server waits to end for is no back end of it",
        services(
            "fill: {build: fill, env_file: .env}",
            "rooms: {build: rooms, ports: ['9400:9400'], depends_on: {fill: {condition: service_started}}}",
            "desk: {image: example/desk, depends_on: {fill: {condition: service_completed_successfully}}}",
        ),
        "ROOMS_URL=http://localhost:9400\n",
        "ROOMS_URL rewrite published rooms:9400",
    ),
    Situation(
        "what is told of another server says nothing",
        services("stats: {build: ., env_file: .env}", BOARD, TOLD.replace("board", "hub"), HUB),
        "METABASE_URL=http://localhost:8500\n",
        "METABASE_URL ask ambiguous",
    ),
)
def test_literal_for_another_service(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)
