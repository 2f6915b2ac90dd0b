"""No value that `${}` brings into a compose file in any output, wherever it stands: the template is told, as written.

The places come from the table by which compose files are checked, so that a key that is learned there is tried here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import Envfix

from envfix.compose.schema import Items, Place, Table
from envfix.compose.specification import PROJECT, SERVICE

# Lower case and digits, so that a project, a profile and a host may have it for a name.
SECRET = "zq7x5k3v9w2qz"
CANARY = re.compile("zq7x5|5k3v9|9w2qz", re.IGNORECASE)
ANYTHING = "${TOKEN}"

# How a value is written around a variable, by the key that has it. Other keys have the variable alone.
FORMS: dict[str, tuple[str, ...]] = {
    "build": ("./${TOKEN}", "https://user:${TOKEN}@example.org/app.git", "https://${TOKEN}@example.org/app.git#main"),
    "command": ("serve --db db --port ${TOKEN}", "serve --bind 127.0.0.1:${TOKEN}", "${TOKEN} 'open"),
    "entrypoint": ("sh -c 'run ${TOKEN}'", "${TOKEN} 'open"),
    "env_file": ("./${TOKEN}", "${TOKEN}/app.env", "../${TOKEN}.env"),
    "environment": (
        "${TOKEN}=x",
        "${TOKEN}=http://localhost:5433/",
        "$TOKEN=http://db:5432/",
        "URL=${TOKEN}",
        "URL=http://${TOKEN}:5433/",
        "DB_HOST=${TOKEN}",
        "${TOKEN}",
    ),
    "expose": ("${TOKEN}/tcp",),
    "extends": ("${TOKEN}",),
    "extra_hosts": ("db:${TOKEN}", "db=${TOKEN}", "${TOKEN}:127.0.0.1", "queue:${TOKEN}", "${TOKEN}=127.0.0.1"),
    "image": ("redis:${TOKEN}", "${TOKEN}/postgres:16", "postgres@sha256:${TOKEN}"),
    "labels": ("${TOKEN}=x", "traefik.http.services.x.loadbalancer.server.port=${TOKEN}"),
    "links": ("db:${TOKEN}", "${TOKEN}:db", "web:${TOKEN}", "queue:db"),
    "network_mode": ("service:${TOKEN}", "container:${TOKEN}", "none${NOTHING}"),
    "ports": ("${TOKEN}:5432", "5433:${TOKEN}", "${TOKEN}:5433:5432", "5433:5432/${TOKEN}", "5433-${TOKEN}:5432"),
    "volumes": ("${TOKEN}:/data", "./${TOKEN}:/app", "data:/x:${TOKEN}", "${TOKEN}:${TOKEN}:${TOKEN}:${TOKEN}"),
    "volumes_from": ("container:${TOKEN}", "${TOKEN}:ro"),
    "pid": ("service:${TOKEN}",),
    "ipc": ("service:${TOKEN}",),
}
ENV = """\
DATABASE_URL=postgres://app:pw@localhost:5433/app
REDIS_URL=redis://localhost:6380/0
HALF_URL=postgres://app:pw@db:5433/app
SELF_URL=http://localhost:8080/
WEB_URL=http://localhost:8081/
NOBODY_URL=http://localhost:9999/
DB_HOST=localhost
DB_PORT=5433
BROKERS=localhost:9092
"""
LOG = """\
web-1  | Error: connect ECONNREFUSED 127.0.0.1:5433
web-1  | Error: getaddrinfo ENOTFOUND db
web-1  | Error: getaddrinfo ENOTFOUND queue
web-1  | Error: getaddrinfo ENOTFOUND nowhere
web-1  | dial tcp 172.18.0.9:5432: connect: connection refused
web-1  | dial tcp: lookup db on 127.0.0.11:53: no such host
web-1  | Error: connect ECONNREFUSED 127.0.0.1:6380
db-1   | Error: connect ECONNREFUSED 127.0.0.1:8080
db-1   | Error: getaddrinfo ENOTFOUND web
"""


Compose = dict[str, Any]
TURNS = 6  # of the forms of all keys of a table, side by side


def values(place: Place, key: str) -> list[Any]:
    """What may stand at a place, with a variable in each text of it: each form alone, each key of a table in turn."""
    found: list[Any] = []
    forms = (ANYTHING, *FORMS.get(key, ()))
    for kind, rule in place.items():
        if isinstance(rule, Items):
            found += ([value] for value in values(rule.item, key))
        elif isinstance(rule, Table):
            free = values(rule.other, "") if rule.other is not None else []
            found += ({name: value} for name in ("default", "db") for value in free)
            inner = {name: values(one, name) for name, one in rule.keys.items()}
            for turn in range(min(TURNS, max(map(len, inner.values()), default=0))):
                found.append({name: them[turn % len(them)] for name, them in inner.items() if them})
        elif kind in ("string", "number", "integer", "boolean"):
            found += forms
    return list({json.dumps(one): one for one in found}.values())


# Where envfix reasons with what stands there: tried of the reader alone, of the target alone, and of a target whose own
# name is another's inside the reader. All else is tried of both.
REASONED = frozenset(
    ["build", "command", "container_name", "depends_on", "env_file", "environment", "expose", "extends", "extra_hosts",
     "healthcheck", "hostname", "image", "links", "network_mode", "networks", "ports", "profiles", "volumes"]
)  # fmt: skip


def project(web: Compose | None = None, db: Compose | None = None, **top: Any) -> Compose:
    """Programs that read an env file, servers behind published ports, and one that is not up."""
    services = {
        "web": {"image": "registry/web", "env_file": "app.env", "ports": ["8080:8080"], **(web or {})},
        "jobs": {"image": "registry/jobs", "environment": {"DATABASE_URL": "${DATABASE_URL}"}, "hostname": "web"},
        "db": {"image": "postgres", "ports": ["5433:5432"], **(db or {})},
        "queue": {"image": "redis", "ports": ["6380:6379"], "profiles": [ANYTHING]},
        "pages": {"image": "registry/pages", "ports": ["8081:80"], "networks": ["other"]},
    }
    return {"services": services, "networks": {"other": {}}, **top}


def broker(listener: str) -> Compose:
    return project(db={"image": "apache/kafka", "environment": {"KAFKA_ADVERTISED_LISTENERS": listener}})


def of_service(key: str, place: Place) -> Iterator[Compose]:
    for value in values(place, key):
        here = {key: value}
        yield project(web=here, db=here)
        if key in REASONED:
            yield project(web=here)
            yield project(db=here)
            yield project(web={"hostname": "db"}, db=here)


def of_project(key: str, place: Place) -> Iterator[Compose]:
    for value in values(place, key):
        yield project(**{key: value})
        if key in ("networks", "secrets", "configs") and isinstance(value, dict):
            used = {key: list(value)}
            yield project(web=used, db=used, **{key: value})


def keys_of(place: Place) -> dict[str, Place]:
    rule = place["object"]
    assert isinstance(rule, Table)
    return rule.keys


def write(folder: Path, compose: Compose) -> None:
    folder.mkdir(parents=True)
    (folder / "compose.yaml").write_text(json.dumps(compose, indent=1))
    (folder / ".env").write_text(f"TOKEN={SECRET}\n{ENV}")
    (folder / "app.env").write_text(ENV)
    (folder / "log").write_text(LOG)


def told(output: str) -> list[str]:
    return [line for line in output.splitlines() if CANARY.search(line)]


def judge(envfix: Envfix, folder: Path, *words: str) -> str:
    """What a run says, in which no canary is, nor a fault of envfix."""
    done = envfix(*words, cwd=folder)
    said = done.out + done.err
    assert done.status in (0, 1, 2)
    assert told(said) == []
    assert "Traceback" not in said
    assert "envfix itself is at fault" not in said
    return said


RUNS = (
    ("-v", "--explain", "*"),
    ("-v", "--format", "json"),
    ("--format", "mermaid"),
    ("--logs", "log"),
    ("--override", "made.yaml", "-v"),
)
OVER_ALL = (
    ("--format", "github"),
    ("--format", "sarif"),
    ("--to", "host"),
    ("--write", "--host-gateway", "--compose"),
)
SERVICE_KEYS = keys_of(SERVICE)
PROJECT_KEYS = {key: place for key, place in keys_of(PROJECT).items() if key != "services"}


@pytest.mark.slow
@pytest.mark.parametrize("key", [*SERVICE_KEYS, *(f"{key}:" for key in PROJECT_KEYS)])
def test_a_value_that_a_variable_brings_is_nowhere_told(envfix, tmp_path, key):
    """Every value of a key, in two runs over each project, then in runs over all of them together."""
    top = key.removesuffix(":")
    made = of_service(key, SERVICE_KEYS[key]) if key in SERVICE_KEYS else of_project(top, PROJECT_KEYS[top])
    reasoned = key in REASONED or key.endswith(":")
    for number, compose in enumerate(made):
        folder = tmp_path / str(number)
        write(folder, compose)
        # One of the others, too, in turn: each of them meets a value at each of its four places after some rounds.
        others = RUNS[1:][(number + number // 4) % 4 :][:1] if reasoned else ()
        for words in (RUNS[0], *others):
            judge(envfix, folder, *words)
        (folder / "made.yaml").unlink(missing_ok=True)
    for words in OVER_ALL if reasoned else OVER_ALL[:1]:
        judge(envfix, tmp_path, "-r", "-v", *words)


ONE_OF_EACH = {
    "a profile of the reader": (project(web={"profiles": [ANYTHING]}), "only services of the profile ${TOKEN} read it"),
    "a profile of the target": (project(db={"profiles": [ANYTHING]}), "comes up only with the profile ${TOKEN}"),
    "the project's name": (project(name=ANYTHING), "project ${TOKEN}"),
    "a shared namespace": (project(web={"network_mode": "service:${TOKEN}"}), "network_mode: service:${TOKEN}"),
    "a network that is not declared": (project(db={"networks": [ANYTHING]}), "`networks: [${TOKEN}, default]`"),
    "a network's name": (project(networks={"default": {"name": ANYTHING}, "other": {}}), "web reaches db as db, "),
    "an alias": (project(db={"networks": {"default": {"aliases": [ANYTHING]}}}), "web reaches db as db, "),
    "a host name": (project(web={"hostname": "db"}, db={"hostname": ANYTHING}), "db is not db inside web"),
    "a container's name": (project(db={"container_name": ANYTHING}), "web reaches db as db, db."),
    "an address of extra_hosts": (project(web={"extra_hosts": ["db:${TOKEN}"]}), "extra_hosts put it at ${TOKEN}"),
    "a listener of a broker": (broker("PLAINTEXT://${TOKEN}:9092"), "advertises only ***:9092 to its clients"),
    "a link": (project(web={"links": ["db:${TOKEN}"]}), "web reaches db as db, "),
}


@pytest.mark.parametrize(("compose", "words"), ONE_OF_EACH.values(), ids=ONE_OF_EACH)
def test_what_is_told_instead_is_the_template(envfix, tmp_path, compose, words):
    write(tmp_path / "here", compose)
    said = " ".join(judge(envfix, tmp_path / "here", "-v", "--explain", "*").split())
    assert words in said + " ".join(judge(envfix, tmp_path / "here", "-v").split())


@pytest.mark.parametrize("words", RUNS, ids=" ".join)
def test_a_name_that_no_variable_brings_is_told_so_that_these_tests_can_fail(envfix, tmp_path, words):
    here = {"profiles": [SECRET], "networks": {"default": {"aliases": [SECRET]}}}
    write(tmp_path / "here", project(web={"hostname": "db"}, db=here))
    done = envfix(*words, cwd=tmp_path / "here")
    assert told(done.out + done.err)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("ledger-db", True),
        ("db_2", True),
        ("eu-west-1.ledger", True),
        ("a8f3c2d19b", False),
        ("ghp_ledger", False),
        ("xkcdqwrt", False),
        (SECRET, False),
    ],
)
def test_a_name_that_a_variable_brings_is_written_where_it_reads_as_words_do(envfix, tmp_path, name, written):
    write(tmp_path / "here", project(web={"hostname": "db"}, db={"hostname": "${TOKEN}"}))
    (tmp_path / "here" / ".env").write_text(f"TOKEN={name}\n{ENV}")
    done = envfix("--format", "json", "app.env", cwd=tmp_path / "here")
    (url, *_) = done.json["projects"][0]["references"]
    choices = [choice["replacement"] for choice in url["choices"]]
    assert (url["replacement"], choices) == ((f"{name}:5432", []) if written else (None, ["here-db-1:5432"]))
    assert written or name not in done.out


PIN_COMPOSE = """\
services:
  web:
    image: registry/web
    env_file: app.env
    environment: {HERE_URL: "http://localhost:${PIN}/x", FAR: "${FAR_URL}"}
  jobs: {image: registry/jobs, environment: {LEDGER_URL: "${LEDGER_URL:-postgres://ledger:5555/x}"}}
  ledger: {image: registry/ledger, ports: ["5433:5432"]}
"""
PIN_ENV = """\
PIN=48213
FAR_URL=http://localhost:${PIN}/far
LEDGER_URL=postgres://localhost:${PIN}/x
"""
PIN_APP = """\
INNER=48213
A_URL=http://localhost:${INNER}/
B_URL=http://localhost:${PIN}/
C_URL=http://localhost:48${UNSET:-213}/
DB_HOST=localhost
DB_PORT=${INNER}
E_URL=http://ledger:${PIN}/
"""


@pytest.mark.parametrize("args", [["-v", "--explain", "*"], ["-v"], ["--format", "json"], ["--to", "host", "-v"]])
def test_a_port_that_a_variable_brings_is_told_as_the_variable(envfix, tmp_path, args):
    """It may be a number that opens a door: only one that stands with its host, or in a PORT, is known for a port."""
    for name, text in {"compose.yaml": PIN_COMPOSE, ".env": PIN_ENV, "app.env": PIN_APP}.items():
        (tmp_path / name).write_text(text)
    done = envfix(*args, cwd=tmp_path)
    assert "48213" not in done.out + done.err
    if "host" not in args:
        assert "nothing in the project serves port ${PIN}" in done.out + done.err


def test_a_port_that_is_known_for_one_is_told(envfix, tmp_path):
    (tmp_path / "compose.yaml").write_text("services: {web: {image: registry/web, env_file: .env}}\n")
    (tmp_path / ".env").write_text("LEDGER_PORT=48213\nURL=http://localhost:${LEDGER_PORT}/\nREDIS_HOST=localhost\n")
    assert "nothing in the project serves port 48213" in envfix("-v", cwd=tmp_path).err
