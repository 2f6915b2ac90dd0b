"""Which env files programs find for themselves: three layouts a language, and who is no reader of a file that it sees."""
# ruff: noqa: E501

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from envfix.compose.sources import Sources
from envfix.planning import Made, Request, make
from envfix.project.discovery import discover
from envfix.project.env_files import left_over

QUEUE = "  queue: {image: rabbitmq:4, ports: ['5673:5672']}\n"
LINE = "BROKER_URL=amqp://guest@localhost:5673/jobs\n"
CHANGED = b"BROKER_URL=amqp://guest@queue:5672/jobs\n"


def made(folder: Path, services: str, files: Mapping[str, str], **options: object) -> Made:
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in {"compose.yaml": f"services:\n{QUEUE}{services}", **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return make(Request(str(folder), environ={}, **options))  # type: ignore[arg-type]


def changed(folder: Path, result: Made) -> dict[str, set[tuple[str, str]]]:
    """For each changed file who reads it, and how."""
    readers: dict[str, set[tuple[str, str]]] = {}
    for one in result.plan.references:
        if one.decision == "rewrite":
            path = os.path.relpath(one.path, folder).replace(os.sep, "/")
            readers.setdefault(path, set()).update((reader.service, reader.way) for reader in one.readers)
    return readers


NODE = '{"dependencies": {"dotenv": "^17"}}'
LARAVEL = '{"require": {"laravel/framework": "^12"}}'
# What lies where, and which files are changed for which readers.
LAYOUTS: dict[str, tuple[str, dict[str, str], dict[str, set[tuple[str, str]]]]] = {
    "node, copied whole": (
        "  api: {build: ./api}\n",
        {
            "api/Dockerfile": "FROM node:22\nWORKDIR /srv/api\nCOPY . .\nCMD [\"node\", \"main.js\"]\n",
            "api/package.json": NODE,
            "api/.env": LINE,
        },
        {"api/.env": {("api", "image")}},
    ),
    "node, mounted, one folder of a workspace": (
        "  api: {image: 'node:22', working_dir: /repo, command: npm run start --workspace=@acme/api, volumes: ['.:/repo']}\n",
        {"package.json": "{}", "packages/api/package.json": NODE, "packages/api/.env": LINE, ".env": "A=b\n"},
        {"packages/api/.env": {("api", "mount")}},
    ),
    "node, another name on the host": (
        "  api: {image: acme/api, working_dir: /srv, volumes: ['./deploy/api.env:/srv/.env:ro']}\n",
        {"deploy/api.env": LINE},
        {"deploy/api.env": {("api", "mount")}},
    ),
    "next, the file of its mode wins": (
        "  web: {image: 'node:22', working_dir: /srv, command: npm run dev, volumes: ['./web:/srv']}\n",
        {
            "web/package.json": '{"dependencies": {"next": "15"}}',
            "web/.env": LINE,
            "web/.env.development": LINE,
            "web/.env.production": LINE,
        },
        {"web/.env.development": {("web", "mount")}},
    ),
    "python, copied below the top": (
        "  worker: {build: {context: ., dockerfile: worker/Dockerfile}}\n",
        {
            "worker/Dockerfile": "FROM python:3.13\nWORKDIR /code\nCOPY worker/ .\nCMD python main.py\n",
            "worker/requirements.txt": "python-dotenv\n",
            "worker/.env": LINE,
        },
        {"worker/.env": {("worker", "image")}},
    ),
    "python, mounted, beside the module": (
        "  api: {image: 'python:3.13', working_dir: /code, command: uvicorn app.main:app, volumes: ['./backend:/code']}\n",
        {"backend/pyproject.toml": "[project]\n", "backend/app/.env": LINE},
        {"backend/app/.env": {("api", "mount")}},
    ),
    "python, synced while it is watched": (
        "  api: {build: ./api, develop: {watch: [{action: sync, path: ./api, target: /code}]}}\n",
        {
            "api/Dockerfile": "FROM python:3.13\nWORKDIR /code\nCOPY requirements.txt .\nCMD python main.py\n",
            "api/.env": LINE,
        },
        {"api/.env": {("api", "mount")}},
    ),
    "node, AdonisJS's local file wins over that of its mode": (
        "  shop: {image: 'node:22', working_dir: /srv, environment: {NODE_ENV: production}, volumes: ['./shop:/srv']}\n",
        {
            "shop/package.json": '{"dependencies": {"@adonisjs/core": "^6"}}',
            "shop/.env": LINE,
            "shop/.env.production": LINE,
            "shop/.env.local": LINE,
        },
        {"shop/.env.local": {("shop", "mount")}},
    ),
    "php, in the folder of its image": (
        "  app: {image: 'php:8.4-fpm', volumes: ['./shop:/var/www/html']}\n",
        {"shop/composer.json": LARAVEL, "shop/.env": LINE},
        {"shop/.env": {("app", "mount")}},
    ),
    "php, Symfony's local file wins": (
        "  app: {build: ./app, volumes: ['./app:/srv/app']}\n",
        {
            "app/Dockerfile": "FROM php:8.4-fpm\nWORKDIR /srv/app\n",
            "app/composer.json": '{"require": {"symfony/runtime": "7.3"}}',
            "app/.env": LINE,
            "app/.env.local": LINE,
        },
        {"app/.env.local": {("app", "mount")}},
    ),
    "php, the file of Laravel's mode alone": (
        "  app: {image: 'php:8.4-apache', environment: {APP_ENV: staging}, volumes: ['./shop:/var/www/html']}\n",
        {"shop/composer.json": LARAVEL, "shop/.env": LINE, "shop/.env.staging": LINE},
        {"shop/.env.staging": {("app", "mount")}},
    ),
    "go, copied from a stage": (
        "  svc: {build: ./svc}\n",
        {
            "svc/Dockerfile": "FROM golang:1.25 AS b\nWORKDIR /src\nCOPY . .\nRUN go build -o /out .\n"
            "FROM alpine\nWORKDIR /app\nCOPY --from=b /out /src/.env ./\nCMD [\"./out\"]\n",
            "svc/go.mod": "require github.com/joho/godotenv v1.5.1\n",
            "svc/.env": LINE,
        },
        {"svc/.env": {("svc", "image")}},
    ),
    "go, mounted": (
        "  svc: {image: 'golang:1.25', working_dir: /src, command: go run ., volumes: ['./svc:/src']}\n",
        {"svc/go.mod": "require github.com/joho/godotenv v1.5.1\n", "svc/.env": LINE},
        {"svc/.env": {("svc", "mount")}},
    ),
    "go, copied under its name": (
        "  svc: {build: .}\n",
        {"Dockerfile": "FROM alpine\nWORKDIR /app\nCOPY conf/.env.docker .env\nCMD [\"/app/svc\"]\n", "conf/.env.docker": LINE},
        {"conf/.env.docker": {("svc", "image")}},
    ),
    "ruby, copied whole": (
        "  web: {build: ./web}\n",
        {
            "web/Dockerfile": "FROM ruby:3.4\nWORKDIR /rails\nCOPY . .\nCMD bin/rails server\n",
            "web/Gemfile": "gem 'dotenv-rails'\n",
            "web/.env": LINE,
        },
        {"web/.env": {("web", "image")}},
    ),
    "ruby, the file of its mode wins": (
        "  web: {build: ./web, environment: {RAILS_ENV: production}}\n",
        {
            "web/Dockerfile": "FROM ruby:3.4\nWORKDIR /rails\nCOPY . .\nCMD bin/rails server\n",
            "web/Gemfile": "gem 'dotenv-rails'\n",
            "web/.env": LINE,
            "web/.env.production": LINE,
        },
        {"web/.env.production": {("web", "image")}},
    ),
    "ruby, mounted": (
        "  jobs: {image: 'ruby:3.4', working_dir: /srv, command: bundle exec sidekiq, volumes: ['./jobs:/srv']}\n",
        {"jobs/Gemfile": "gem 'dotenv'\n", "jobs/.env": LINE},
        {"jobs/.env": {("jobs", "mount")}},
    ),
    "java reads properties, and no env file of its own": (
        "  svc: {build: ./svc}\n",
        {
            "svc/Dockerfile": "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY . .\nCMD java -jar app.jar\n",
            "svc/pom.xml": "<project/>\n",
            "svc/application.properties": "broker=amqp://localhost:5673\n",
            "svc/.env": LINE,
        },
        {},
    ),
    "java with a library that does": (
        "  svc: {build: ./svc}\n",
        {
            "svc/Dockerfile": "FROM eclipse-temurin:21\nWORKDIR /app\nCOPY . .\nCMD java -jar app.jar\n",
            "svc/pom.xml": "<artifactId>spring-dotenv</artifactId>\n",
            "svc/.env": LINE,
        },
        {"svc/.env": {("svc", "image")}},
    ),
    "java that is shown the file itself": (
        "  svc: {image: 'eclipse-temurin:21', working_dir: /app, command: java -jar a.jar, volumes: ['./svc/.env:/app/.env']}\n",
        {"svc/.env": LINE},
        {"svc/.env": {("svc", "mount")}},
    ),
    ".NET reads JSON, and no env file of its own": (
        "  svc: {build: ./svc}\n",
        {
            "svc/Dockerfile": "FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /app\nCOPY Svc.csproj .\nCOPY . .\nCMD dotnet run\n",
            "svc/Svc.csproj": "<Project/>\n",
            "svc/appsettings.json": "{}\n",
            "svc/.env": LINE,
        },
        {},
    ),
    ".NET with a library that does": (
        "  svc: {build: ./svc}\n",
        {
            "svc/Dockerfile": "FROM mcr.microsoft.com/dotnet/sdk:9.0\nWORKDIR /app\nCOPY Svc.csproj .\nCOPY . .\nCMD dotnet run\n",
            "svc/Svc.csproj": '<PackageReference Include="DotNetEnv" />\n',
            "svc/.env": LINE,
        },
        {"svc/.env": {("svc", "image")}},
    ),
    ".NET that is shown the file itself": (
        "  svc: {image: 'mcr.microsoft.com/dotnet/aspnet:9.0', working_dir: /app, volumes: ['./svc/.env:/app/.env']}\n",
        {"svc/.env": LINE},
        {"svc/.env": {("svc", "mount")}},
    ),
    "an ignore file keeps it out of the image": (
        "  api: {build: ./api}\n",
        {
            "api/Dockerfile": "FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD node main.js\n",
            "api/.dockerignore": ".env*\n",
            "api/.env": LINE,
        },
        {},
    ),
    "a volume hides what the image has": (
        "  api: {build: ./api, volumes: ['data:/srv']}\nvolumes: {data: {}}\n",
        {"api/Dockerfile": "FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD node main.js\n", "api/.env": LINE},
        {},
    ),
    "a template that the image build makes the file of": (
        "  api: {build: ./api}\n",
        {
            "api/Dockerfile": "FROM node:22\nWORKDIR /srv\nCOPY . .\nRUN cp .env.example .env\nCMD node main.js\n",
            "api/.env.example": LINE,
        },
        {"api/.env.example": {("api", "image")}},
    ),
    "a builder of assets shares the folder": (
        "  app: {image: 'php:8.4-fpm', environment: {BROKER_URL: 'amqp://queue'}, volumes: ['./shop:/var/www/html']}\n"
        "  assets: {image: 'node:22', working_dir: /shop, command: npm run build, volumes: ['./shop:/shop']}\n"
        "  pages: {image: 'nginx:1', volumes: ['./shop:/var/www/html']}\n",
        {"shop/composer.json": LARAVEL, "shop/package.json": '{"devDependencies": {"vite": "7"}}', "shop/.env": LINE},
        {},
    ),
    "a container that installs and builds pages, and ends, beside an application that nothing tells of": (
        "  shop: {image: example.org/shop-fpm, environment: {BROKER_URL: 'amqp://queue'}, volumes: ['./shop:/srv/shop']}\n"
        "  pages:\n    image: node:22\n    working_dir: /srv/shop\n    entrypoint: [/bin/sh, -c]\n"
        "    command: [\"yarn install --frozen-lockfile\\nyarn build:prod\\n\"]\n    volumes: ['./shop:/srv/shop']\n",
        {"shop/.env": LINE},
        {},
    ),
    "a container that builds and then serves reads it": (
        "  web: {image: 'node:22', working_dir: /srv/web, command: sh -c 'npm ci && npm run build && npm start',"
        " volumes: ['./web:/srv/web']}\n",
        {"web/package.json": "{}", "web/.env": LINE},
        {"web/.env": {("web", "mount")}},
    ),
    "another service of the same build reads it still": (
        "  app: {build: ./shop, environment: {BROKER_URL: 'amqp://queue'}}\n  worker: {build: ./shop, command: php artisan queue:work}\n",
        {
            "shop/Dockerfile": "FROM php:8.4-cli\nWORKDIR /shop\nCOPY . .\n",
            "shop/composer.json": LARAVEL,
            "shop/.env": LINE,
        },
        {"shop/.env": {("worker", "image")}},
    ),
    "a program that starts elsewhere has the repository as a workspace": (
        "  timer: {image: acme/timer:2, volumes: ['.:/workspace']}\n",
        {"package.json": NODE, ".env": LINE},
        {},
    ),
    "a context of its own beside the main one": (
        "  api: {build: {context: ./api, additional_contexts: {conf: ./conf}}}\n",
        {
            "api/Dockerfile": "FROM node:22\nWORKDIR /srv\nCOPY --from=conf service.env .env\nCMD node main.js\n",
            "conf/service.env": LINE,
        },
        {"conf/service.env": {("api", "image")}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_files_that_programs_find_are_changed(layout: str, tmp_path: Path) -> None:
    services, files, expected = LAYOUTS[layout]
    result = made(tmp_path, services, files)
    assert changed(tmp_path, result) == expected
    assert {patch.after for patch in result.plan.patches} <= {CHANGED}
    read = {os.path.relpath(state.path, tmp_path).replace(os.sep, "/") for state in result.plan.env_files}
    assert expected.keys() <= read


def warned(result: Made) -> str:
    return "\n".join(notice.message for notice in result.plan.warnings)


MOUNTED = "  api: {image: 'node:22', working_dir: /srv, command: node main.js, volumes: ['./api:/srv']}\n"


def test_a_link_and_its_target_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api/.env").symlink_to("../shared.env")
    result = made(tmp_path, MOUNTED + "  two: {image: acme/two, env_file: ./shared.env}\n", {"shared.env": LINE})
    assert [os.path.basename(state.path) for state in result.plan.env_files] == ["shared.env"]
    assert changed(tmp_path, result) == {"shared.env": {("api", "mount"), ("two", "env_file")}}


def test_a_file_outside_the_work_tree_is_a_warning_and_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside.env"
    (inside / "api").mkdir(parents=True)
    outside.write_text(LINE)
    (inside / "api/.env").symlink_to(outside)
    result = made(inside, MOUNTED, {})
    assert (changed(inside, result), result.plan.env_files) == ({}, ())
    assert "api mounts" in warned(result)
    assert "outside" in warned(result)


def test_a_file_that_is_no_text_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "api/.env").write_bytes(b"\xff\xfeA\0=\0b\0")
    assert "UTF-16" in warned(made(tmp_path, MOUNTED, {}))


def test_compose_refuses_no_file_that_it_does_not_read(tmp_path: Path) -> None:
    text = "GREETING='it''s'\nTITLE=x/y z: 1\na line\n" + LINE
    result = made(tmp_path, MOUNTED, {"api/.env": text, "api/package.json": NODE})
    assert [patch.after.decode() for patch in result.plan.patches] == [text.replace("localhost:5673", "queue:5672")]
    again = made(tmp_path, MOUNTED, {"api/.env": text}, named=(str(tmp_path / "api/.env"),))
    assert len(again.plan.patches) == 1


def test_named_files_alone_are_judged_by_all_who_find_them(tmp_path: Path) -> None:
    files = {"api/.env": LINE, ".env": LINE.replace("BROKER", "OTHER")}
    result = made(tmp_path, MOUNTED, files, named=(str(tmp_path / "api/.env"),))
    assert changed(tmp_path, result) == {"api/.env": {("api", "mount")}}
    assert len(result.plan.env_files) == 1


READ_BY: dict[str, tuple[str, str, str, str]] = {
    # the loader's manifest, the file's text, what is decided, what is said
    "a hash in a password": (NODE, "BROKER_URL=amqp://me:a#b@localhost:5673\n", "ask", "put the value in quotes"),
    "in quotes": (NODE, 'BROKER_URL="amqp://me:a#b@localhost:5673"\n', "rewrite", ""),
    "a pin that cannot be followed": (
        NODE,
        "# envfix: queue:5672\nBROKER_URL=amqp://me:a#b@localhost:5673\n",
        "ask",
        "what was said of it is not followed",
    ),
}


@pytest.mark.parametrize("case", READ_BY)
def test_what_the_loader_does_not_see_is_asked_about(case: str, tmp_path: Path) -> None:
    manifest, text, decision, said = READ_BY[case]
    (one,) = made(tmp_path, MOUNTED, {"api/package.json": manifest, "api/.env": text}).plan.references
    assert one.decision == decision
    assert said in one.explanation


def test_where_a_reader_takes_the_first_all_of_one_name_are_decided_alike(tmp_path: Path) -> None:
    deno = "  api: {image: 'denoland/deno:2.5.0', working_dir: /srv, command: deno run --env-file -A main.ts, volumes: ['./api:/srv']}\n"
    result = made(tmp_path, deno, {"api/deno.json": "{}", "api/.env": LINE + LINE})
    assert [one.decision for one in result.plan.references] == ["rewrite", "rewrite"]


@pytest.mark.parametrize("option", ["--env-file main.ts", "--env-file=.env main.ts"])
def test_what_stands_behind_denos_option_is_its_program(tmp_path: Path, option: str) -> None:
    deno = f"  api: {{image: 'denoland/deno:2.5.0', working_dir: /srv, command: deno run {option}, volumes: ['./api:/srv']}}\n"
    result = made(tmp_path, deno, {"api/deno.json": "{}", "api/.env": LINE, "api/main.ts": LINE})
    assert [Path(one.path).name for one in result.plan.env_files] == [".env"]


def test_elsewhere_the_line_that_is_set_again_says_so(tmp_path: Path) -> None:
    first, second = made(tmp_path, MOUNTED, {"api/package.json": NODE, "api/.env": LINE + LINE}).plan.references
    assert (first.decision, second.decision) == ("keep", "rewrite")
    assert first.explanation == "line 2 sets BROKER_URL again, so this line is not read"


UNREAD: dict[str, tuple[str, dict[str, str], str]] = {
    "environment: sets it": (
        "  api:\n    image: acme/api\n    env_file: app.env\n    environment:\n      BROKER_URL: amqp://queue\n",
        {"app.env": LINE},
        "api's environment: sets BROKER_URL again (compose.yaml:7), so this line is not read",
    ),
    "environment: hands on what another file says": (
        "  api:\n    image: acme/api\n    env_file: app.env\n    environment: {BROKER_URL: '${BROKER_URL:-amqp://queue}'}\n",
        {"app.env": LINE},
        "${BROKER_URL} there comes from the project's .env or the shell, not from this file",
    ),
    "a later file": (
        "  api: {image: acme/api, env_file: [app.env, late.env]}\n",
        {"app.env": LINE, "late.env": "BROKER_URL=amqp://queue\n"},
        "late.env, which wins for api, sets BROKER_URL again, so this line is not read",
    ),
    "each service by a cause of its own, an anchor's line once": (
        "  api: &api\n    image: acme/api\n    env_file: app.env\n    environment: &set\n      BROKER_URL: amqp://queue\n"
        "  jobs: *api\n  late: {image: acme/late, env_file: [app.env, late.env]}\n",
        {"app.env": LINE, "late.env": "BROKER_URL=amqp://queue\n"},
        "api and jobs: environment: sets BROKER_URL again (compose.yaml:7), so this line is not read; late.env, which wins "
        "for late, sets BROKER_URL again, so this line is not read",
    ),
    "the server itself merely receives it, and whoever uses it has it from elsewhere": (
        "  mirror: {image: 'rabbitmq:4', env_file: app.env}\n"
        "  api: {image: acme/api, env_file: app.env, environment: {BROKER_URL: 'amqp://queue'}}\n",
        {"app.env": LINE},
        "only mirror receive it, and do not use it; api's environment: sets BROKER_URL again (compose.yaml:4)",
    ),
    "nobody gets it": ("", {".env": LINE}, "no service reads it: it is for programs on the host"),
}


@pytest.mark.parametrize("case", UNREAD)
def test_unread_tells_its_cause(case: str, tmp_path: Path) -> None:
    services, files, said = UNREAD[case]
    one = next(one for one in made(tmp_path, services, files).plan.references if one.address == "localhost:5673")
    assert (one.decision, one.reason) == ("keep", "unread")
    assert said in one.explanation


LISTED = "  api: {image: acme/api, env_file: [app.env, late.env]}\n"
TEMPLATE = "BROKER_URL=amqp://queue\n"
OPTIONAL = "  api:\n    image: acme/api\n    env_file: [app.env, {path: late.env, required: false}]\n"
# An env file that is listed and not there yet: what its template sets will not be read from another.
AWAITED: dict[str, tuple[str, dict[str, str], str]] = {
    "its template sets the variable": (LISTED, {"app.env": LINE, "late.env.example": TEMPLATE}, "keep"),
    "the template leaves the value to be filled in": (
        LISTED,
        {"app.env": LINE, "late.env.dist": "BROKER_URL=\n"},
        "keep",
    ),
    "the template sets others alone": (LISTED, {"app.env": LINE, "late.env.example": "A=b\n"}, "rewrite"),
    "there is no template": (LISTED, {"app.env": LINE}, "rewrite"),
    "the template is one of another file": (LISTED, {"app.env": LINE, "last.env.example": TEMPLATE}, "rewrite"),
    "the template cannot be read": (LISTED, {"app.env": LINE, "late.env.example": "'"}, "rewrite"),
    "Compose starts without the file": (OPTIONAL, {"app.env": LINE, "late.env.example": TEMPLATE}, "rewrite"),
    "it comes before the file that is there": (
        "  api: {image: acme/api, env_file: [late.env, app.env]}\n",
        {"app.env": LINE, "late.env.example": TEMPLATE},
        "rewrite",
    ),
    "another service lists what is there alone": (
        LISTED + "  jobs: {image: acme/jobs, env_file: app.env}\n",
        {"app.env": LINE, "late.env.example": TEMPLATE},
        "rewrite",
    ),
    "its program loads one for itself besides": (
        "  api: {image: 'node:22', working_dir: /srv, command: node main.js, env_file: late.env, volumes: ['./api:/srv']}\n",
        {"api/package.json": NODE, "api/.env": LINE, "late.env.example": TEMPLATE},
        "keep",
    ),
}


@pytest.mark.parametrize("case", AWAITED)
def test_what_a_file_will_set_that_is_not_there_yet_is_read_from_no_other(case: str, tmp_path: Path) -> None:
    services, files, decision = AWAITED[case]
    result = made(tmp_path, services, files)
    (one,) = [one for one in result.plan.references if one.address == "localhost:5673"]
    assert one.decision == decision
    if decision == "keep":
        template = next(name for name in files if name.startswith("late.env"))
        said = f"late.env, which wins for api and is not there yet, will set BROKER_URL as {template} does"
        assert (one.reason, one.explanation) == ("unread", said)
    elif "jobs" in services:
        assert [reader.service for reader in one.readers] == ["jobs"]


def test_many_services_cost_no_walk_over_their_contexts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a folder is listed")

    services = "".join(f"  s{n}: {{build: ./s{n}}}\n" for n in range(40))
    files = {f"s{n}/Dockerfile": "FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD node main.js\n" for n in range(40)}
    files |= {f"s{n}/.env": LINE for n in range(40)}
    result = made(tmp_path, services, files)
    monkeypatch.setattr(os, "scandir", refused)
    monkeypatch.setattr(os, "listdir", refused)
    monkeypatch.setattr(os, "walk", refused)
    found = discover(result.reading.ports, result.project.documents, Sources(), {}, ())
    assert len(found.paths) == len(result.plan.patches) == 40


def test_env_files_that_no_container_gets_are_known(tmp_path: Path) -> None:
    files = {"api/.env": LINE, "api/.env.test": LINE, ".env.old": LINE, "api/.env.example": LINE, "api/deep/.env": LINE}
    result = made(tmp_path, MOUNTED, files)
    left = left_over(result.reading.ports, tuple(result.reading.documents))
    assert [os.path.relpath(path, tmp_path).replace(os.sep, "/") for path in left] == [".env.old", "api/.env.test"]


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")
def test_a_link_and_its_target_that_compose_both_opens_are_one_file(tmp_path: Path) -> None:
    compose = "services:\n  web: {image: example.org/web, env_file: [.env, real.env]}\n"
    (tmp_path / "compose.yaml").write_text(compose + "  db: {image: 'postgres:16', ports: ['5433:5432']}\n")
    (tmp_path / "real.env").write_text("DATABASE_URL=postgres://localhost:5433/x\n")
    (tmp_path / ".env").symlink_to("real.env")
    for named in ((), ("real.env",)):
        plan = make(Request(str(tmp_path), named=tuple(str(tmp_path / one) for one in named))).plan
        assert [os.path.basename(one.path) for one in plan.env_files] == [".env"]
        assert [(one.decision, os.path.basename(one.path)) for one in plan.references] == [("rewrite", ".env")]
        assert len(plan.patches) == 1
