"""Services that stand alike are taken as one reader: that changes no decision, and nothing that is printed."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from envfix.planning import Made, Request, make

IMAGES = ["example.org/app", "example.org/app:2", "postgres:17", "redis:7", "nginx", "adminer", "stripe/stripe-cli"]
NAMES = ["api", "worker", "web-app", "db", "cache", "mail", "auth_service", "search", "jobs", "db-test", "app-1"]
VARIABLES = [
    *("DATABASE_URL", "DB_HOST", "DB_PORT", "REDIS_URL", "CACHE_HOST", "APP_URL", "AUTH_SERVICE_URL", "PUBLIC_URL"),
    *("SEARCH_HOST", "SMTP_HOST", "API_BASE", "LISTEN", "INTERNAL_API_URL", "DB_CONNECTION"),
]
VALUES = [
    *("postgres://u:p@localhost:5432/app", "postgres://u:p@localhost:5433/app", "localhost", "127.0.0.1:6379"),
    *("redis://localhost", "http://localhost:3000", "http://localhost:8080/callback", "0.0.0.0:3000", "5433", "pgsql"),
    *("http://host.docker.internal:8080", "db:5433", "http://api:8080", "jdbc:postgresql://localhost:5433/x"),
    "mongodb://localhost",
]


def _kind(draw: random.Random, shared: bool) -> list[str]:
    """What several services of a project have alike."""
    lines = ["    build: ./src" if draw.random() < 0.25 else f"    image: {draw.choice(IMAGES[:2] * 3 + IMAGES)}"]
    if draw.random() < 0.8:
        lines.append("    env_file: [shared.env]" if draw.random() < 0.8 else "    env_file: [shared.env, other.env]")
    if shared and draw.random() < 0.8:
        lines.append("    environment: *common")
    for chance, text in (
        (0.1, "    extra_hosts: ['host.docker.internal:host-gateway']"),
        (0.1, "    profiles: [tools]"),
        (0.1, "    command: [java, -jar, app.jar]"),
    ):
        if draw.random() < chance:
            lines.append(text)
    if draw.random() < 0.25:
        lines.append(draw.choice(["    network_mode: host", "    networks: [front]", "    networks: [back]"]))
    return lines


def _service(draw: random.Random, name: str, others: list[str], kind: list[str]) -> list[str]:
    lines = [f"  {name}:", *kind]
    if draw.random() < 0.3:
        inside = draw.choice([80, 3000, 5432, 6379, 8080])
        lines.append(f"    ports: ['{draw.choice([3000, 5432, 5433, 6379, 8080])}:{inside}']")
    own = {
        "environment": f"{{{draw.choice(VARIABLES)}: {draw.choice(VALUES)!r}}}",
        "hostname": draw.choice(NAMES),
        "extra_hosts": f"['{draw.choice(NAMES)}:127.0.0.1']",
        "expose": f"['{draw.choice([3000, 8080])}']",
        "depends_on": f"[{draw.choice(others)}]" if others else "[]",
    }
    for key, text in own.items():
        if draw.random() < 0.1 and not any(line.startswith(f"    {key}:") for line in lines):
            lines.append(f"    {key}: {text}")
    return lines


def project(folder: Path, seed: int) -> Path:
    """A small project at random, in which services share env files and an anchor."""
    draw = random.Random(seed)
    names = draw.sample(NAMES, draw.randint(3, 8))
    shared = draw.random() < 0.6
    lines = []
    if shared:
        lines += ["x-common: &common", *(f"  {name}: ${{{name}:-}}" for name in draw.sample(VARIABLES, 3))]
        lines.append(f"  {draw.choice(VARIABLES)}_TOO: {draw.choice(VALUES)!r}")
    lines.append("services:")
    kinds = [_kind(draw, shared) for _ in range(draw.randint(1, 3))]
    for index, name in enumerate(names):
        lines += _service(draw, name, names[:index], draw.choice(kinds))
    lines += ["networks:", "  front: {}", "  back: {}"]
    (folder / "src").mkdir()
    (folder / "src" / "Dockerfile").write_text("FROM node:22\nCOPY index.js .\n", encoding="utf-8")
    (folder / "src" / "index.js").write_text("connect(process.env.DATABASE_URL)\n", encoding="utf-8")
    (folder / "compose.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for file in (".env", "shared.env", "other.env", *((".env.docker",) if draw.random() < 0.3 else ())):
        values = ["db:5432", "redis://cache:6379", "http://api:3000"] if file == ".env.docker" else VALUES
        bound = draw.sample(VARIABLES, draw.randint(1, 9))
        text = "".join(f"{name}={draw.choice(values)}\n" for name in bound)
        (folder / file).write_text(text, encoding="utf-8")
    return folder


def crowd(folder: Path, seed: int) -> Path:
    """A project of many services, of which several serve the same, and read the same."""
    draw = random.Random(seed)
    kinds = []
    for _ in range(draw.randint(1, 3)):
        lines = [f"    image: {draw.choice([*IMAGES[:2], *IMAGES])}", "    env_file: [.env]"]
        inside = draw.choice([3000, 5432, 6379, 8080])
        what = draw.choice([f"expose: ['{inside}']", f"ports: ['{draw.choice([3000, 5433])}:{inside}']", "tty: true"])
        kinds.append([*lines, f"    {what}"])
    names = draw.sample(NAMES, 4) + [f"{draw.choice(['part', 'api', 'db'])}-{number}" for number in range(12)]
    lines = ["services:"]
    for name in draw.sample(names, draw.randint(5, 14)):
        lines += [f"  {name}:", *draw.choice(kinds)]
        if draw.random() < 0.15:
            own = ("environment: {DB_HOST: part-1}", "depends_on: [part-2]", "command: [--port, '8080']", "hostname: x")
            lines.append(f"    {draw.choice(own)}")
    if "depends_on" in "".join(lines) and "  part-2:" not in lines:
        lines += ["  part-2:", "    image: example.org/app"]
    (folder / "compose.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    bound = [*draw.sample(VARIABLES, 8), "PART_1_URL", "PART_URL"]
    (folder / ".env").write_text("".join(f"{name}={draw.choice(VALUES)}\n" for name in bound), encoding="utf-8")
    if draw.random() < 0.3:
        (folder / ".env.docker").write_text("APP_URL=http://part-3:8080\nDB_HOST=db-4\n", encoding="utf-8")
    return folder


def told(made: Made) -> tuple[object, ...]:
    """Everything of a plan that is printed or written, but the lines of `--explain`, which tell a class in one."""
    references = tuple(one._replace(reasoning=(), choices=()) for one in made.plan.references)
    choices = [[choice[:4] for choice in one.choices] for one in made.plan.references]
    patches = [(patch.path, patch.after) for patch in made.plan.patches]
    return references, choices, patches, made.plan.warnings


SEEDS = [*range(60), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(60, 300))]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("generate", [project, crowd])
def test_services_taken_together_decide_as_each_alone_does(
    tmp_path: Path, generate: Callable[[Path, int], Path], seed: int
) -> None:
    folder = generate(tmp_path, seed)
    request = Request(str(folder), environ={})
    together, alone = make(request), make(request._replace(alone=True))
    assert told(together) == told(alone)


def test_some_of_the_random_projects_have_classes_of_several(tmp_path: Path) -> None:
    sizes = []
    for seed in range(30):
        (tmp_path / str(seed)).mkdir()
        reading = make(Request(str(project(tmp_path / str(seed), seed)), environ={})).reading
        sizes += [len(found.use.services) for every in reading.by_leaf.values() for found in every]
    assert sum(size > 1 for size in sizes) > len(sizes) / 10
