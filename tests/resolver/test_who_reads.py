"""Who reads a variable: by which ways it reaches a container, and what is received without being used."""

from __future__ import annotations

from pathlib import Path

from resolver.situations import Situation, check, plan_of, services, table

DB = "db: {image: 'postgres:16', ports: ['5433:5432']}"
URL = "DATABASE_URL=postgres://u:p@localhost:5433/app\n"
CHANGED = "DATABASE_URL rewrite published db:5432"
UNREAD = "DATABASE_URL keep unread"


@table(
    Situation(
        "interpolated under another name",
        services("web: {build: ., environment: {DSN: '${DATABASE_URL}'}}", DB),
        URL,
        CHANGED,
    ),
    Situation("passed through", services("web: {build: ., environment: [DATABASE_URL]}", DB), URL, CHANGED),
    Situation("in the command", services("web: {build: ., command: 'serve --db ${DATABASE_URL}'}", DB), URL, CHANGED),
    Situation(
        "through another variable",
        services("web: {build: ., environment: {A: '${B}'}}", DB),
        URL + "B=${DATABASE_URL}\n",
        CHANGED,
    ),
    Situation(
        "in the content of a config",
        services("web: {build: ., configs: [app]}", DB, rest="configs: {app: {content: 'url=${DATABASE_URL}'}}\n"),
        URL,
        CHANGED,
    ),
    Situation(
        "only in a healthcheck",
        services("web: {build: ., healthcheck: {test: 'ping ${DATABASE_URL}'}}", DB),
        URL,
        "DATABASE_URL keep infrastructure",
    ),
    Situation(
        "a later env file sets it again",
        services("web: {build: ., env_file: [.env, late.env]}", DB),
        URL,
        UNREAD,
        {"late.env": "DATABASE_URL=postgres://db:5432/app\n"},
    ),
    Situation(
        "a mounted source tree shows the app its .env",
        services("web: {image: 'php:8', volumes: ['.:/var/www/html']}", DB),
        URL,
        CHANGED,
    ),
    Situation(
        "a real variable wins over the mounted file",
        services(
            "web: {image: 'php:8', volumes: ['.:/var/www/html'], environment: {DATABASE_URL: 'postgres://db/app'}}", DB
        ),
        URL,
        UNREAD,
    ),
    Situation(
        "a migration tool connects to the database whose tables it changes, and to nothing else",
        services(
            "tables: {build: ., env_file: .env, command: npx knex migrate:latest}",
            DB,
            "broker: {image: 'rabbitmq:3', ports: ['5672:5672']}",
            "rates: {build: rates, ports: ['7070:7070']}",
        ),
        URL + "AMQP_URL=amqp://localhost:5672\nRATES_URL=http://localhost:7070\n",
        CHANGED + "\nAMQP_URL keep unread\nRATES_URL keep unread",
    ),
    Situation(
        "a script that is called after the migrations is such a tool, and the server with its code is none of its own",
        services(
            "tables: {build: ., env_file: .env, entrypoint: [bash, scripts/db-migrate_prod.sh]}",
            "ledger: {build: ., ports: ['7070:7070']}",
            DB,
            "cache: {image: 'redis:7', ports: ['6379:6379']}",
        ),
        URL + "GRPC_HOST=localhost\nGRPC_PORT=7070\nREDIS_HOST=localhost\nAMQP_URL=amqp://localhost\n",
        CHANGED + "\nGRPC_HOST keep unread\nREDIS_HOST keep unread\nAMQP_URL keep unread",
    ),
    Situation(
        "a script that does more by its name is none",
        services(
            "tables: {build: ., env_file: .env, command: sh migrate_and_serve.sh}",
            "cache: {image: 'redis:7', ports: ['6379:6379']}",
        ),
        "REDIS_HOST=localhost\n",
        "REDIS_HOST rewrite name cache",
    ),
    Situation(
        "what starts the server behind it is no such tool, nor is one that the compose file hands the variable",
        services(
            "web: {build: ., env_file: .env, command: sh -c 'knex migrate:latest && node server.js'}",
            "tables: {build: ., command: npm run db:migrate, environment: {CACHE_URL: '${CACHE_URL}'}}",
            "broker: {image: 'rabbitmq:3', ports: ['5672:5672']}",
            "cache: {image: 'redis:7', ports: ['6379:6379']}",
        ),
        "AMQP_URL=amqp://localhost:5672\nCACHE_URL=redis://localhost:6379\n",
        "AMQP_URL rewrite published broker:5672\nCACHE_URL rewrite published cache:6379",
    ),
    Situation(
        "a framework connects to no server of a driver that it is not told to use",
        services("shop: {image: 'php:8', volumes: ['.:/var/www/html']}", DB),
        "CACHE_STORE=file\nSESSION_DRIVER=database\nQUEUE_CONNECTION=sync\nMAIL_MAILER=log\n"
        "MEMCACHED_HOST=127.0.0.1\nREDIS_HOST=127.0.0.1\nREDIS_PORT=6379\nMAIL_HOST=127.0.0.1\nMAIL_PORT=2525\n",
        "MEMCACHED_HOST keep unread\nREDIS_HOST keep unread\nMAIL_HOST keep unread",
    ),
    Situation(
        "where one setting says it, or none is there, it is dialled in vain; a server that is there is found",
        services(
            "shop: {image: 'php:8', volumes: ['.:/var/www/html'], environment: {QUEUE_CONNECTION: redis}}",
            "post: {image: axllent/mailpit, ports: ['1026:1025']}",
        ),
        "CACHE_STORE=file\nQUEUE_CONNECTION=sync\nREDIS_HOST=127.0.0.1\nREDIS_PORT=6379\n"
        "MAIL_MAILER=log\nMAIL_HOST=127.0.0.1\nMAIL_PORT=1026\n",
        "REDIS_HOST keep no-target\nMAIL_HOST rewrite published post\nMAIL_PORT rewrite sibling 1025",
    ),
    Situation(
        "of two services that share the file each has its own settings",
        services(
            "shop: {build: ., env_file: .env}",
            "clerk: {build: clerk, env_file: .env, environment: {CACHE_DRIVER: memcached}}",
        ),
        "CACHE_DRIVER=array\nMEMCACHED_HOST=localhost\n",
        "MEMCACHED_HOST keep no-target",
    ),
    Situation(
        "a connection for test runs, beside the one of the app that loads both, stays",
        "services:\n  app: {image: 'python:3.12', working_dir: /srv, volumes: ['.:/srv'], command: python app.py}\n"
        "  db: {image: 'postgres:16', ports: ['5433:5432']}\n",
        "LEDGER_URL=postgres://localhost:5433/app\nLEDGER_TEST_URL=postgres://localhost:5433/app_test\n"
        "TEST_BED_URL=postgres://localhost:5433/bed\n",
        "LEDGER_URL rewrite published db:5432\nLEDGER_TEST_URL keep unread\nTEST_BED_URL rewrite published db:5432",
    ),
    Situation(
        "but not for the service that runs the tests",
        "services:\n  app: {image: 'python:3.12', working_dir: /srv, volumes: ['.:/srv'], command: python -m pytest}\n"
        "  db: {image: 'postgres:16', ports: ['5433:5432']}\n",
        "LEDGER_URL=postgres://localhost:5433/app\nLEDGER_TEST_URL=postgres://localhost:5433/app_test\n",
        "LEDGER_URL rewrite published db:5432\nLEDGER_TEST_URL rewrite published db:5432",
    ),
    Situation(
        "mounted where no app looks for it",
        services("web: {image: 'php:8', volumes: ['./.env:/backup/.env'], working_dir: /app}", DB),
        URL,
        UNREAD,
    ),
    Situation(
        "copied into the image",
        services("web: {build: .}", DB),
        URL,
        CHANGED,
        {"Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n"},
    ),
    Situation(
        "kept out of the image by .dockerignore",
        services("web: {build: .}", DB),
        URL,
        UNREAD,
        {"Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n", ".dockerignore": ".env*\n"},
    ),
    Situation(
        "left behind in an earlier stage",
        services("web: {build: .}", DB),
        URL,
        UNREAD,
        {"Dockerfile": "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nFROM nginx\nCOPY --from=build /app/dist /srv\n"},
    ),
    Situation(
        "the database beside the app does not object",
        services("web: {build: ., env_file: .env}", "db: {image: postgres, env_file: .env, ports: ['5433:5432']}"),
        URL,
        CHANGED,
    ),
    Situation(
        "a script on the image of a database is a client of one, and of nothing else that it is handed",
        services(
            "dumps: {image: 'postgres:16', env_file: .env, command: /scripts/nightly.sh}",
            DB,
            "cache: {image: 'redis:7', ports: ['6379:6379']}",
        ),
        URL + "CACHE_URL=redis://localhost:6379\n",
        CHANGED + "\nCACHE_URL keep unread",
    ),
    Situation(
        "unless the script that stands there whole has not the name, or looks for loopback itself",
        services(
            "ping: {image: 'postgres:16', env_file: .env, command: [sh, -c, 'pg_isready -h db']}",
            "seed: {image: 'postgres:16', env_file: .env, command: [sh, -c, 'H=\"$$LEDGER_DB_HOST\"; "
            'if [ "$$LEDGER_DB_HOST" = "localhost" ]; then H=db; fi; psql -h "$$H" -f /seed.sql\']}',
            DB,
        ),
        "LEDGER_DB_HOST=localhost\n" + URL,
        "LEDGER_DB_HOST keep unread\n" + UNREAD,
    ),
    Situation(
        "a program of one's own that is built upon the image of a server is no such server",
        services("sync: {build: sync, env_file: .env}", DB, "cache: {image: 'redis:7', ports: ['6379:6379']}"),
        URL + "CACHE_URL=redis://localhost:6379\n",
        CHANGED + "\nCACHE_URL rewrite published cache:6379",
        {"sync/Dockerfile": 'FROM postgres:16\nRUN apk add python3\nCOPY sync.py /\nCMD ["python3", "/sync.py"]\n'},
    ),
    Situation(
        "one that sets up the server and starts it is",
        services("ledger: {build: ledger, env_file: .env}", DB),
        URL,
        UNREAD,
        {"ledger/Dockerfile": "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n"},
    ),
    Situation(
        "a web server with configuration or pages of its own connects to no database",
        services("door: {build: door, env_file: .env}", DB),
        URL,
        UNREAD,
        {"door/Dockerfile": "FROM nginx:1.27-alpine\nCOPY site.conf /etc/nginx/templates/site.conf.template\n"},
    ),
    Situation(
        "but what starts another program in its image may, and so may one whose configuration holds programs",
        services("desk: {build: desk, env_file: .env}", "gate: {build: gate, env_file: .env}", DB),
        URL,
        CHANGED,
        {
            "desk/Dockerfile": 'FROM nginx:1.27\nCOPY . /srv\nCMD ["python3", "/srv/desk.py"]\n',
            "gate/Dockerfile": "FROM openresty/openresty\nCOPY gate.lua /etc/\n",
        },
    ),
    Situation(
        "a jdbc: URL is of no use to Python",
        services("web: {image: 'python:3', env_file: .env}", DB),
        "DATABASE_URL=jdbc:postgresql://localhost:5433/app\n",
        UNREAD,
    ),
    Situation(
        "an admin page reads what its image documents",
        services("admin: {image: mongo-express, env_file: .env}", "mongo: {image: mongo}"),
        "ME_CONFIG_MONGODB_SERVER=localhost\nMONGO_URL=mongodb://localhost/app\n",
        "ME_CONFIG_MONGODB_SERVER rewrite name mongo\nMONGO_URL keep unread",
    ),
    Situation(
        "the services of a profile that is not active are asked for",
        services("web: {build: ., env_file: .env, profiles: [app]}", DB),
        URL,
        "DATABASE_URL ask ambiguous",
    ),
    Situation(
        "a variable that is set twice counts where it is set last",
        services("web: {build: ., env_file: .env}", DB),
        URL + URL,
        f"{UNREAD}\n{CHANGED}",
    ),
    Situation(
        "set again below its use, the first one is read by the lines between",
        services("web: {build: ., env_file: app.env}", DB),
        "",
        "DB_HOST rewrite published db\nDATABASE_URL rewrite sibling 5432",
        {"app.env": "DB_HOST=localhost\nDATABASE_URL=postgres://${DB_HOST}:5433/app\nDB_HOST=db\n"},
    ),
)
def test_ways(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def test_readers_are_those_that_count_once_each_by_their_strongest_way(tmp_path: Path) -> None:
    situation = Situation(
        "",
        services(
            "web: {build: ., env_file: .env, environment: {DSN: '${DATABASE_URL}'}}",
            "job: {build: ., env_file: .env, profiles: [jobs]}",
            "api: {build: ., env_file: .env}",
            "db: {image: postgres, env_file: .env, ports: ['5433:5432']}",
        ),
        URL,
        "",
    )
    reference = plan_of(tmp_path, situation).references[0]
    assert [(reader.service, reader.way) for reader in reference.readers] == [
        ("api", "env_file"),
        ("web", "interpolation"),
    ]


def test_an_ask_names_no_target_but_its_choices(tmp_path: Path) -> None:
    situation = Situation(
        "",
        services("web: {build: ., env_file: .env}", "api: {build: a, ports: ['80:8000']}"),
        "API_URL=http://localhost:80\n",
        "",
    )
    (reference,) = plan_of(tmp_path, situation).references
    assert (reference.decision, reference.replacement, reference.service) == ("ask", None, None)
    assert (reference.published_port, reference.container_port) == (None, None)
    assert [(choice.replacement, choice.service, choice.container_port) for choice in reference.choices] == [
        ("api:8000", "api", 8000)
    ]


def test_a_service_with_an_underscore_is_called_by_its_alias_without(tmp_path: Path) -> None:
    db = "my_db: {image: postgres, networks: {default: {aliases: [my_other, mydb]}}}"
    situation = Situation("", services("web: {build: ., env_file: .env}", db), "DB_URL=postgres://localhost/app\n", "")
    (reference,) = plan_of(tmp_path, situation).references
    assert reference.replacement == "mydb"


def test_an_underscore_without_an_alias_is_warned_about(tmp_path: Path) -> None:
    situation = Situation(
        "",
        services("web: {build: ., env_file: .env}", "my_db: {image: postgres}"),
        "DB_URL=postgres://localhost/app\n",
        "",
    )
    (reference,) = plan_of(tmp_path, situation).references
    assert reference.replacement == "my_db"
    assert "underscore" in reference.explanation
