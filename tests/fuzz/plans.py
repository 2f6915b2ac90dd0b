"""Whole projects, small and odd, that the bytes of an input choose from tables; and what must hold of every plan."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from typing import Any, TypeVar

from envfix import planning
from envfix.errors import EnvfixError
from envfix.formats import FORMATS
from envfix.records import Patch, Plan
from envfix.report import Part, Report, render

from .folders import project, split, write

T = TypeVar("T")
# A secret stands behind every user's name. It reads as no word, no scheme and no number.
SECRET = "Zq7x4v9K1w8Xw2k8j5P3t"

SERVICES = ("db", "cache", "api", "web", "my_db", "minio", "kafka", "redis")
USUAL: tuple[tuple[str, dict[str, Any]], ...] = (
    ("db", {"image": "postgres:16", "ports": ["5433:5432"]}),
    ("redis", {"image": "redis:7", "ports": ["6380:6379"]}),
    ("api", {"image": "example.org/api", "env_file": ".env", "ports": ["3000:3000"]}),
    ("web", {"build": ".", "environment": {"A": "${A:-http://localhost:3000}", "API_URL": "${API_URL}"}}),
    ("minio", {"image": "minio/minio", "ports": ["9090:9000", "9091:9001"]}),
    ("kafka", {"image": "apache/kafka", "ports": ["9092:9092"], "env_file": "app.env"}),
)
IMAGES = (
    "postgres:16",
    "redis:7",
    "nginx",
    "minio/minio",
    "apache/kafka",
    "clickhouse/clickhouse-server",
    "example.org/app",
    "mongo:7",
    "${IMAGE:-mysql:8}",
    None,
)
PORTS = (
    "5432:5432",
    "5433:5432",
    "127.0.0.1:6380:6379",
    "8080:80",
    "9000",
    "9000:9000",
    "9090:9000",
    "${DB_PORT:-5433}:5432",
    "${PORT}:3000",
    "53:53/udp",
    "3000-3001:3000-3001",
    "10.0.0.1:8081:80",
)
HOSTS = (
    "localhost",
    "localhost",
    "localhost",
    "127.0.0.1",
    "0.0.0.0",
    "[::1]",
    "::1",
    "host.docker.internal",
    "db",
    "redis",
    "kafka",
    "example.org",
    "${DB_HOST}",
    "LOCALHOST.",
)
NUMBERS = ("", ":5432", ":5433", ":6380", ":6379", ":8080", ":3000", ":9000", ":9090", ":${DB_PORT}", ":0", ":80")
VALUES = (
    "postgresql://postgres:{secret}@{host}{port}/postgres",
    "{host}{port}",
    "{host}",
    "http://{host}{port}",
    "http://{host}{port}/api,http://{host}:3000",
    "redis://:{secret}@{host}{port}/0",
    "host={host} port=5433 password={secret}",
    "Server={host},5433;Password={secret}",
    "mongodb://u:{secret}@{host}{port},{host}:27018/x",
    "jdbc:postgresql://{host}{port}/x?password={secret}",
    '{{"host":"{host}","port":5433,"password":"{secret}"}}',
    "PLAINTEXT://kafka:29092,PLAINTEXT_HOST://{host}:9092",
    "5433",
    "{secret}",
    "u:{secret}@tcp({host}{port})/x",
    "me@{host}",
    "http%3A%2F%2F{host}",
    "",
)
NAMES = (
    "DATABASE_URL",
    "DB_HOST",
    "DB_PORT",
    "REDIS_URL",
    "REDIS_HOST",
    "REDIS_PORT",
    "PORT",
    "S3_ENDPOINT",
    "S3_EXTERNAL_ENDPOINT",
    "NEXT_PUBLIC_API_URL",
    "KAFKA_BROKERS",
    "KAFKA_ADVERTISED_LISTENERS",
    "API_URL",
    "BIND",
    "A",
    "SECRET_KEY",
)
COMMENTS = (
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "# envfix: keep",
    "# envfix: db:5432",
    "# used by the browser",
    "# inside Docker",
    "#",
    "# x=localhost",
)
QUOTINGS = ("{}", '"{}"', "'{}'", "{} # a note", " {} ", '"{}\\n"', "export", "{}\r")
REFERRING = (
    "${{{0}}}",
    "${{{0}:-{1}}}",
    "${{{0}-{1}}}",
    "{1}",
    "${{{0}:?}}",
    "http://${{{0}}}:5432",
    "${0}",
    "${{{0}:+{1}}}",
)
NETWORKS: tuple[Any, ...] = (
    None,
    None,
    None,
    ["front"],
    ["back"],
    ["front", "back"],
    {"front": {"aliases": ["postgres"]}},
)
MODES = (None, None, None, None, None, "host", "none", "service:db", "service:api", "bridge")
ENV_FILES: tuple[Any, ...] = (
    None,
    None,
    ".env",
    ["app.env"],
    [".env", "app.env"],
    [{"path": "no.env", "required": False}],
)
VOLUMES: tuple[Any, ...] = (None, None, None, ["./.env:/app/.env:ro"], [".:/app"], ["data:/var/lib/data"])
COMMANDS: tuple[Any, ...] = (
    None,
    None,
    None,
    "serve --port 3000",
    ["sh", "-c", "wait-for localhost:5433 && serve"],
    "redis-server --port 6380",
    "app --db ${DATABASE_URL}",
)
SETTINGS = (
    "",
    "",
    "",
    "",
    "",
    "",
    'keep = ["PAYMENT_*", "A"]\n',
    'map = { "localhost:5433" = "db:5432" }\n',
    'readers = { "A" = [] }\n',
)
DOCKERFILES = (
    "FROM node:20\nWORKDIR /app\nCOPY . .\nEXPOSE 3000\n",
    "FROM python:3\nCOPY .env /app/\n",
    "FROM scratch\n",
)


class Choices:
    """The bytes of an input, each a choice; when they are used up, the first of each table."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self, below: int) -> int:
        self._at += 1
        return self._data[self._at - 1] % below if self._at <= len(self._data) else 0

    def one(self, table: Sequence[T]) -> T:
        return table[self.number(len(table))]

    def some(self, table: Sequence[T], most: int) -> list[T]:
        return [self.one(table) for _ in range(self.number(most + 1))]


def chosen(choices: Choices) -> dict[str, bytes]:
    """The files of a project."""
    files = {".env": _env_file(choices), "app.env": _env_file(choices)}
    files["compose.yaml"] = _compose(choices)
    files["Dockerfile"] = choices.one(DOCKERFILES).encode()
    settings = choices.one(SETTINGS)
    if settings:
        files[".envfix.toml"] = settings.encode()
    if choices.number(4) == 3:
        files[".env.example"] = _env_file(choices)
    if choices.number(4) == 3:
        files["compose.override.yaml"] = _compose(choices)
    return files


def _env_file(choices: Choices) -> bytes:
    lines = ["\ufeff"] if choices.number(16) == 15 else []
    for _ in range(choices.number(10)):
        comment, name, quoting, value = (
            choices.one(COMMENTS),
            choices.one(NAMES),
            choices.one(QUOTINGS),
            _value(choices),
        )
        quoting = "'{}'" if '"' in value else quoting
        lines.append(comment and comment + "\n")
        lines.append(f"{name}\n" if quoting == "export" else f"{name}={quoting.format(value)}\n")
    return "".join(lines).encode()


def _value(choices: Choices) -> str:
    return choices.one(VALUES).format(host=choices.one(HOSTS), port=choices.one(NUMBERS), secret=SECRET)


def _compose(choices: Choices) -> bytes:
    services = {name: service for name, service in USUAL if choices.number(3)}
    services |= {choices.one(SERVICES): _service(choices) for _ in range(choices.number(4))}
    document = {
        "services": services,
        "networks": {"front": {}, "back": {}},
        "volumes": {"data": {}},
    }
    return (json.dumps(document, indent=1) if choices.number(2) else _yaml(document, "", choices)).encode()


def _service(choices: Choices) -> dict[str, Any]:
    image = choices.one(IMAGES)
    mode = choices.one(MODES)
    service = {
        "image": image,
        "build": None if image else ".",
        "ports": choices.some(PORTS, 2) if mode is None else [],
        "networks": choices.one(NETWORKS) if mode is None else None,
        "network_mode": mode,
        "env_file": choices.one(ENV_FILES),
        "environment": _environment(choices),
        "volumes": choices.one(VOLUMES),
        "command": choices.one(COMMANDS),
        "profiles": ["tools"] if choices.number(12) == 11 else None,
        "healthcheck": {"test": "curl -f http://localhost:3000"} if choices.number(8) == 7 else None,
        "expose": ["7000"] if choices.number(8) == 7 else None,
    }
    return {key: value for key, value in service.items() if value not in (None, [])}


def _environment(choices: Choices) -> Any:
    entries: dict[str, str | None] = {}
    for _ in range(choices.number(6)):
        name = choices.one(NAMES)
        entries[name] = (
            choices.one(REFERRING).format(choices.one(NAMES), _value(choices)) if choices.number(5) else None
        )
    if choices.number(2):
        return entries or None
    return [name if value is None else f"{name}={value}" for name, value in entries.items()]


def _yaml(value: Any, indent: str, choices: Choices) -> str:
    """Block style, with scalars quoted in either way or plain."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        return "".join(f"\n{indent}{key}: {_yaml(one, inner, choices)}" for key, one in value.items())
    if isinstance(value, list) and value:
        return "".join(f"\n{indent}- {_yaml(one, inner, choices).lstrip()}" for one in value)
    if isinstance(value, str):
        return _scalar(value, choices)
    return json.dumps(value)


def _scalar(text: str, choices: Choices) -> str:
    style = choices.number(3)
    if style == 0 and re.fullmatch(r"[A-Za-z./$][\w./:@{}$?,%=-]*(?<!:)", text):
        return text
    return json.dumps(text) if style == 1 else "'" + text.replace("'", "''") + "'"


def plan(data: bytes) -> None:
    """A project: no exception, no secret in any report, and a repaired project needs no repair."""
    choices = Choices(data)
    files = split(data) if data.startswith(b"# file: ") else chosen(choices)
    with project(files) as folder:
        request = planning.Request(
            folder,
            environ={"HOME": "/home/me"} | ({"DB_HOST": "localhost"} if choices.number(8) == 7 else {}),
            profiles=("*",) if choices.number(4) == 3 else (),
            named=(os.path.join(folder, ".env.example"),) if ".env.example" in files else (),
            host_gateway=choices.number(4) == 3,
            compose=choices.number(3) == 2,
            to="host" if choices.number(4) == 3 else "container",
        )
        try:
            made = planning.make(request)
        except EnvfixError as error:
            _assert_hidden(str(error))
            return
        assert_honest(made)
        assert_no_secret(made, request)
        assert_settled(made.plan, request)


def assert_honest(made: planning.Made) -> None:
    """Every reference is where it says, and every patch changes its file."""
    for reference in made.plan.references:
        document = made.reading.documents.get(reference.path)
        if document is not None:
            assert document.text[reference.start : reference.end] == reference.address, reference
        assert (reference.replacement is not None) or reference.decision != "rewrite", reference
    for patch in made.plan.patches:
        assert patch.before != patch.after, patch


def assert_no_secret(made: planning.Made, request: planning.Request) -> None:
    report = Report((Part(made.plan, made.project),), request.directory, to=request.to, verbose=True)
    for format in FORMATS:
        _assert_hidden("".join(said.text for said in render(format, report)))


def _assert_hidden(told: str) -> None:
    assert SECRET not in told, told


def assert_settled(plan: Plan, request: planning.Request) -> None:
    """A second run, over the files that the first one wrote, changes nothing; but what was an ask may be decided then,
    since a repaired value can be the evidence that it lacked."""
    for patch in plan.patches:
        with open(patch.path, "rb") as file:
            assert file.read() == patch.before, patch
        write(request.directory, os.path.relpath(patch.path, request.directory), patch.after)
    again = planning.make(request).plan
    asked = {(one.path, one.line, one.variable) for one in plan.references if one.decision == "ask"}
    left = [one for one in again.references if one.decision == "rewrite"]
    settled = all((one.path, one.line, one.variable) in asked for one in left if one.path in _paths(again.patches))
    assert settled or not (again.patches and plan.patches), left


def _paths(patches: tuple[Patch, ...]) -> set[str]:
    return {patch.path for patch in patches}
