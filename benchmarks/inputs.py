"""What is measured: projects from the fixtures, or made by a seed."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURES = ROOT / "fixtures"
_SEED = 20_240_131
_DATABASE = "  db:\n    image: postgres:17\n    ports: ['5433:5432']\n"
_URL = "postgres://app:pw@localhost:5433/app"


def fixtures() -> list[Path]:
    """The small projects that README and tests share."""
    return sorted(path.parent for path in FIXTURES.glob("*/*compose*.y*ml") if path.parent.name != "overrides")


def copied(source: Path, folder: Path) -> Path:
    """A fixture where it may be written to."""
    return Path(shutil.copytree(source, folder))


def settled(source: Path, folder: Path) -> Path:
    """A fixture with every loopback address taken out, so that there is nothing to do."""
    home = copied(source, folder)
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            path.write_bytes(re.sub(rb"localhost|127\.0\.0\.1|0\.0\.0\.0|\[?::1\]?", b"app.example.org", data))
    return home


def _project(folder: Path, compose: str, **env: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "compose.yaml").write_text(compose, encoding="utf-8")
    for name, text in env.items():
        (folder / f"{'' if name == 'dot' else name}.env").write_text(text, encoding="utf-8")
    return folder


def _bindings(count: int, url: str = _URL) -> str:
    return "".join(f"DB_{number}_URL={url}\n" for number in range(count))


def shared_env_file(folder: Path, services: int, addresses: int) -> Path:
    """Services that all list one env file of addresses."""
    blocks = "".join(f"  s{n}:\n    image: example.org/app\n    env_file: [shared.env]\n" for n in range(services))
    return _project(folder, f"services:\n{blocks}{_DATABASE}", shared=_bindings(addresses))


def shared_anchor(folder: Path, services: int, variables: int) -> Path:
    """Services that all take their variables from one anchor."""
    common = "".join(f"  DB_{n}_URL: ${{DB_{n}_URL}}\n" for n in range(variables))
    blocks = "".join(f"  s{n}:\n    image: example.org/app\n    environment: *env\n" for n in range(services))
    return _project(folder, f"x-env: &env\n{common}services:\n{blocks}{_DATABASE}", dot=_bindings(variables))


def interpolated(folder: Path, services: int, variables: int) -> Path:
    """Services that all list one env file, whose every value is put together of others."""
    blocks = "".join(f"  s{n}:\n    image: example.org/app\n    env_file: [shared.env]\n" for n in range(services))
    text = "PG_HOST=localhost\nPG_PORT=5433\n" + _bindings(variables, "postgres://app:pw@${PG_HOST}:${PG_PORT}/app")
    return _project(folder, f"services:\n{blocks}{_DATABASE}", shared=text)


def each_its_own(folder: Path, services: int) -> Path:
    """Services with a variable each."""
    block = "  s{0}:\n    image: example.org/app\n    environment:\n      DATABASE_URL: ${{DB_{0}_URL}}\n"
    blocks = "".join(block.format(number) for number in range(services))
    return _project(folder, f"services:\n{blocks}{_DATABASE}", dot=_bindings(services))


def many_variables(folder: Path, variables: int, addresses: int, services: int) -> Path:
    """One large env file, a part of it addresses."""
    plain = "".join(f"PLAIN_{number}=some value {number}\n" for number in range(variables - addresses))
    home = shared_env_file(folder, services, addresses)
    with (home / "shared.env").open("a", encoding="utf-8") as file:
        file.write(plain)
    return home


def tree(folder: Path, count: int) -> Path:
    """So many projects: the fixtures, again and again."""
    sources = fixtures()
    for number in range(count):
        copied(sources[number % len(sources)], folder / f"p{number:04}")
    return folder


def log(folder: Path, megabytes: int, failures: int) -> Path:
    """A project with the log of its containers: ordinary lines, and so many refused connections."""
    home = each_its_own(folder, 3)
    draw = random.Random(_SEED)
    words = [
        "GET /api/items 200",
        "POST /jobs 201",
        "/health",
        "user",
        "session",
        "cached",
        "rendered in 12 ms",
        "done",
    ]
    lines = [
        f"s{draw.randrange(3)}-1  | 2024-01-31T10:{draw.randrange(60):02}:{draw.randrange(60):02}Z "
        f"{' '.join(draw.choices(words, k=draw.randint(6, 16)))} {draw.randrange(10**6)}\n"
        for _ in range(5000)
    ]
    refused = "s1-1  | Error: connect ECONNREFUSED 127.0.0.1:5433\n"
    size, wanted, told = 0, megabytes << 20, 0
    with (home / "containers.log").open("w", encoding="utf-8") as file:
        while size < wanted:
            if told < failures and size >= told * wanted / failures:
                size += file.write(refused)
                told += 1
            size += file.write(draw.choice(lines))
    return home


SOUGHT = 8  # variables of a project that hold loopback: of 248 public ones nine in ten have no more


def with_source(folder: Path, files: int, *, empty: bool) -> Path:
    """A project that builds a program from so many files, or from none. Like those of large public projects, they are
    5 kB long on average, most of them shorter, and settings in one of them name the variables, all but one."""
    compose = f"services:\n  api:\n    build: ./src\n    env_file: [shared.env]\n{_DATABASE}"
    home = _project(folder, compose, shared=_bindings(SOUGHT))
    source = home / "src"
    source.mkdir()
    (source / "Dockerfile").write_text("FROM node:22\nCOPY . .\nCMD node index.js\n", encoding="utf-8")
    read = "".join(f"connect(process.env.DB_{number}_URL)\n" for number in range(SOUGHT - 1))
    (source / "index.js").write_text(read, encoding="utf-8")
    draw = random.Random(_SEED)
    words = ["const", "function", "return", "await", "items", "value", "error", "request", "map", "user", "name", "id"]
    for number in range(0 if empty else files):
        lines = min(int(draw.expovariate(1 / 90)), 2000)
        text = "".join(f"  {' '.join(draw.choices(words, k=9))};\n" for _ in range(lines))
        (source / f"part{number:04}.js").write_text(text, encoding="utf-8")
    return home
