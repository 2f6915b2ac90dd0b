"""Which two things, many of each in one project, cost their product? A long run, by hand, from the project's folder:

    python -m tests.fuzz.products [--bytes 20000] [--seconds 5] [--together 2] [--mode host] [NAME ...]

Each ingredient adds so many of one thing to a small project. Each pair of them (with NAMEs: those of one of these), and
each alone, becomes a project of so many bytes in which both meet, in one service or one value where they can, and the
command runs over it. Those that take longer than the seconds (of processor time) are ended and listed, with the
functions of envfix that were seen at work. A project that envfix refuses, since its parts multiply to too many, is made
smaller until it is read. --together 6 has six at once, so that threes multiply, and all pairs in far fewer projects.
--mode says what the command is asked to do with each of them.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from itertools import combinations
from types import FrameType
from typing import Any, NamedTuple

from envfix.__main__ import collect_seldom
from envfix.cli import command

from .folders import project
from .watchdog import Hang

# What is added: "web" reads and "db" serves; "more" services, "top" of the compose file, what is "shared" by an anchor;
# one "value" of the env file with its "comment"; "files". Maps are united, lists and texts put behind each other.
Parts = dict[str, Any]

URL, X = "postgres://localhost:5433/x", {"image": "x"}
DEFAULT: Parts = {
    "db": {"image": "postgres:17", "ports": ["5433:5432"]},
    "web": {"build": ".", "env_file": [".env"]},
    "value": f"{URL},",
    "files": {
        "Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\n",
        ".dockerignore": "kept\n",
        "package.json": {"dependencies": {"dotenv": "1"}},
    },
}


def _each(n: int, text: Callable[[int], str]) -> str:
    return "".join(map(text, range(n)))


def _map(n: int, name: str, value: Any) -> dict[str, Any]:
    """So many entries; % in a name and in a value, if that is a text, stands for the number."""
    return {f"{name}{i}": value.replace("%", str(i)) if isinstance(value, str) else value for i in range(n)}


def _list(n: int, item: str) -> list[str]:
    return [item.replace("%", str(i)) for i in range(n)]


def _env(n: int, line: str) -> Parts:
    return {"files": {".env": "".join(_list(n, line))}}


def _file(name: str, n: int, line: str) -> Parts:
    return {"files": {name: "".join(_list(n, line))}}


INGREDIENTS: dict[str, Callable[[int], Parts]] = {
    # of the env file
    "variables": lambda n: _env(n, f"A%_URL={URL}\n"),
    "variables of one name": lambda n: _env(n, f"A_URL={URL}\n"),
    "hosts and ports": lambda n: _env(n, "A%_DB_HOST=localhost\nA%_DB_PORT=5433\n"),
    "ports alone": lambda n: _env(n, "A%_PORT=5433\n"),
    "variables of variables": lambda n: _env(n, "V%=$A0_URL\n"),
    "unset variables": lambda n: _env(n, "U%=http://localhost:5433/$X\n"),
    "pins": lambda n: _env(n, "# envfix: keep\nP%=http://localhost:5433\n"),
    "values in comments": lambda n: _env(n, "#A%_URL=http://db:5432\n"),
    "unserved addresses": lambda n: _env(n, "N%_URL=http://localhost:9%\n"),
    "addresses": lambda n: {"value": f"{URL}," * n},
    "names": lambda n: {"value": "db:5433," * n},
    "holes": lambda n: {"value": "$X" * n},
    "defaults": lambda n: {"value": "${X:-localhost:5433}" * n},
    "comment": lambda n: {"comment": "http://db:5432 " * n},
    "sibling": lambda n: _file(".env.docker", n, "A%_URL=postgres://db:5432/x\n"),
    "template": lambda n: _file(".env.example", n, f"A%_URL={URL}\n"),
    "env files": lambda n: {
        "web": {"env_file": _list(n, "e%.env")},
        "files": {f"e{i}.env": f"A{i}_URL={URL}\n" for i in range(n)},
    },
    # services
    "readers": lambda n: {"more": _map(n, "s", "*web")},
    "merged readers": lambda n: {"more": {f"r{i}": {"<<": "*web", "hostname": f"h{i}"} for i in range(n)}},
    "named readers": lambda n: {
        "more": {f"n{i}": {"<<": "*web", "container_name": f"c{i}", "domainname": "x.y"} for i in range(n)}
    },
    "servers": lambda n: {"more": _map(n, "t", "*db")},
    "services": lambda n: {"more": {f"u{i}": {"image": "x", "ports": [f"{6000 + i % 9999}:80"]} for i in range(n)}},
    "entries of services": lambda n: {
        "more": {f"v{i}": {"image": "x", "environment": {f"A{i}": URL}} for i in range(n)}
    },
    "heirs": lambda n: {"more": _map(n, "x", {"extends": {"service": "web"}})},
    "chain of namespaces": lambda n: {
        "more": {f"m{i}": {"image": "x", "network_mode": f"service:m{i - 1}" if i else "service:web"} for i in range(n)}
    },
    "one namespace": lambda n: {
        "more": {f"k{i}": {"image": "x", "network_mode": "service:web", "env_file": ".env"} for i in range(n)}
    },
    "dense waits": lambda n: {
        "shared": {"waits": _map(n, "l", {"condition": "service_started"})},
        "more": {**_map(n, "l", X), **_map(n, "o", {"image": "x", "depends_on": "*waits"})},
        "web": {"depends_on": _map(n, "o", {"condition": "service_healthy"})},
    },
    "mongo set": lambda n: {
        "more": {f"g{i}": {"image": "mongo:7", "command": ["mongod", "--replSet", "rs0"]} for i in range(n)}
    },
    "sentinels": lambda n: {"more": {f"y{i}": {"image": "redis", "command": "redis-sentinel"} for i in range(n)}},
    "profiles": lambda n: {
        "more": {f"p{i}": {"image": "x", "profiles": [f"p{i}"], "env_file": ".env"} for i in range(n)},
        "files": {".env": "COMPOSE_PROFILES=*\n"},
    },
    "replicas": lambda n: {"web": {"deploy": {"replicas": n}}},
    # of a service
    "ports": lambda n: {"db": {"ports": [f"{6000 + i}:{5000 + i}" for i in range(n)]}},
    "long ports": lambda n: {"db": {"ports": [{"target": 5000 + i, "published": 6000 + i} for i in range(n)]}},
    "range of ports": lambda n: {"db": {"ports": [f"1-{n * 8}:10001-{n * 8 + 10000}"]}},
    "exposed": lambda n: {"db": {"expose": [str(i + 1) for i in range(n)]}},
    "networks": lambda n: {
        "top": {"networks": _map(n, "n", {})},
        "web": {"networks": _map(n, "n", {})},
        "db": {"networks": _map(n, "n", {})},
    },
    "aliases": lambda n: {"db": {"networks": {"default": {"aliases": _list(n, "a%")}}}},
    "aliases of the reader": lambda n: {"web": {"networks": {"default": {"aliases": _list(n, "w%")}}}},
    "links": lambda n: {"web": {"links": _list(n, "db:l%")}},
    "external links": lambda n: {"web": {"external_links": _list(n, "q%:r%")}},
    "extra hosts": lambda n: {"web": {"extra_hosts": _list(n, "h%:10.0.0.1")}},
    "entries": lambda n: {"web": {"environment": _map(n, "E", URL)}},
    "entries of names": lambda n: {"web": {"environment": _map(n, "N", "http://db:5432/")}},
    "entries of variables": lambda n: {"web": {"environment": _map(n, "O", "${A%_URL}")}},
    "entries of defaults": lambda n: {"web": {"environment": _map(n, "D", "${D%:-http://localhost:5433}")}},
    "hosts and ports by defaults": lambda n: {
        "web": {
            "environment": {
                **{f"A{i}_DB_HOST": f"${{A{i}_DB_HOST:-db}}" for i in range(n)},
                **{f"A{i}_DB_PORT": f"${{A{i}_DB_PORT:-5432}}" for i in range(n)},
            }
        }
    },
    "holes of an entry": lambda n: {"web": {"environment": {"HOLES": "${X:-db:5432}" * n}}},
    "entries of the server": lambda n: {"db": {"environment": _map(n, "POSTGRES_DB", "x%")}},
    "listeners": lambda n: {
        "more": {
            "kafka": {
                "image": "apache/kafka",
                "environment": {"KAFKA_ADVERTISED_LISTENERS": _each(n, lambda i: f"L{i}://localhost:{9092 + i},")},
            }
        }
    },
    "traefik": lambda n: {"web": {"labels": _map(n, "traefik.http.services.s.loadbalancer.x", "80")}},
    "routers": lambda n: {"db": {"labels": _map(n, "traefik.http.routers.r", "Host(`h%.localhost`)")}},
    "labels": lambda n: {"web": {"labels": _map(n, "l", URL)}},
    "healthcheck": lambda n: {"web": {"healthcheck": {"test": "curl http://localhost:5433; " * n}}},
    "command": lambda n: {"web": {"command": _list(n, "word")}},
    "addresses of the command": lambda n: {"web": {"command": _list(n, "--url=http://localhost:5433")}},
    "files of the command": lambda n: {"web": {"command": ["node", *_list(n, "--env-file=f%")]}},
    "command of the server": lambda n: {"db": {"command": ["postgres", *_list(n, "--port=%")]}},
    "entrypoint": lambda n: {"web": {"entrypoint": _list(n, "sh -c 'uvicorn x --env-file=e'")}},
    "mounts": lambda n: {"web": {"volumes": _list(n, "./v%:/app/v%")}},
    "volumes": lambda n: {"top": {"volumes": _map(n, "d", {})}, "web": {"volumes": _list(n, "d%:/d%")}},
    "configs": lambda n: {"top": {"configs": _map(n, "c", {"content": URL})}, "web": {"configs": _list(n, "c%")}},
    # of the compose file and others
    "includes": lambda n: {
        "top": {"include": _list(n, "i%.yaml")},
        "files": {f"i{i}.yaml": f"services: {{i{i}: {{image: x}}}}\n" for i in range(n)},
    },
    "compose files": lambda n: {
        "files": {
            ".env": f"COMPOSE_FILE=compose.yaml{_each(n, lambda i: f':o{i}.yaml')}\n",
            **{f"o{i}.yaml": "services: {web: {labels: {a: b}}}\n" for i in range(n)},
        }
    },
    "shared text": lambda n: {
        "shared": {"text": "node x --url http://localhost:5433 " * n},
        "more": _map(n, "z", {"image": "x", "command": "*text", "env_file": ".env"}),
    },
    "ignored by docker": lambda n: _file(".dockerignore", n, "a%*b\n"),
    "ignored by git": lambda n: _file(".gitignore", n, "a%*b\n"),
    "stages": lambda n: {"files": {"Dockerfile": _each(n, lambda i: f"FROM node:22 AS s{i}\nCOPY --from={i} a b\n")}},
    "ENV": lambda n: _file("Dockerfile", n, f"ENV A%_URL={URL}\n"),
    "ARG": lambda n: _file("Dockerfile", n, "ARG B%=$A0_URL\n"),
    "EXPOSE": lambda n: {"files": {"Dockerfile": _each(n, lambda i: f"EXPOSE {i + 1}\n")}},
    "COPY": lambda n: _file("Dockerfile", n, "COPY f% /app/g%/\n"),
    "RUN": lambda n: _file("Dockerfile", n, "RUN cp .env /app/%/.env\n"),
    "CMD": lambda n: {"files": {"Dockerfile": f"CMD node main.js{' --port 80' * n}\n"}},
    "source files": lambda n: {"files": {f"f{i}.js": f"const u = process.env.A{i}_URL\n" for i in range(n)}},
    "names of source": lambda n: _file("main.js", n, "const u% = process.env.A%_URL; call(u%)\n"),
    "defaults of source": lambda n: _file("main.js", n, f"const u = process.env.A%_URL || '{URL}'\n"),
    "dependencies": lambda n: {"files": {"package.json": {"dependencies": _map(n, "d", "1")}}},
    "scripts": lambda n: {"files": {"package.json": {"scripts": _map(n, "s", "dotenv -e .env.% -- node main.js")}}},
    "requirements": lambda n: _file("requirements.txt", n, "r%==1\n"),
    "keep": lambda n: _file(".envfix.toml", 1, f"keep = {_list(n, 'K%_*')}\n"),
    "map": lambda n: _file(".envfix.toml", n, "map.'M%_*' = 'db:1'\n"),
    "map of addresses": lambda n: _file(".envfix.toml", n, "map.'localhost:%1' = 'db:1'\n"),
    "readers of the configuration": lambda n: _file(".envfix.toml", n, "readers.'A%_*' = ['web']\n"),
    # of a log
    "refusals": lambda n: _file("app.log", n, "Error: connect ECONNREFUSED 127.0.0.1:2%\n"),
    "one refusal": lambda n: _file("app.log", n, "Error: connect ECONNREFUSED 127.0.0.1:5433\n"),
    "refusals of services": lambda n: _file("app.log", n, "s%-1  | Error: connect ECONNREFUSED 127.0.0.1:5433\n"),
    "unknown names": lambda n: _file("app.log", n, "Error: getaddrinfo ENOTFOUND h%\n"),
}

# What the command is asked to do. With "logs" every project has a log, with "host" its addresses are those inside.
MODES: dict[str, tuple[str, ...]] = {
    "dry-run": (),
    "verbose": ("--verbose",),
    "compose": ("--compose", "--verbose"),
    "explain": ("--explain", "*"),
    "explain-one": ("--explain", "DATABASE_URLS"),
    "host": ("--to", "host", "--verbose"),
    "json": ("--format", "json"),
    "sarif": ("--format", "sarif"),
    "github": ("--format", "github"),
    "mermaid": ("--format", "mermaid"),
    "write": ("--write", "--compose", "--backup-dir", "kept"),
    "override": ("--override", "own.yaml"),
    "hook": ("--hook", "--write", "--no-backup", "--", "compose.yaml", ".env"),
    "recursive": ("--recursive",),
    "logs": ("--logs", "app.log"),
}

LOGGED = [name for name, make in INGREDIENTS.items() if "app.log" in make(1).get("files", {})]


def united(one: Any, other: Any) -> Any:
    """Both: maps united, lists and texts behind each other, of what cannot be both the other."""
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **{key: united(one[key], value) if key in one else value for key, value in other.items()}}
    both_lists, both_texts = (isinstance(one, kind) and isinstance(other, kind) for kind in (list, str))
    return one + other if both_lists or both_texts else other


def rendered(parts: Parts) -> dict[str, bytes]:
    """The files of a project. The compose file is JSON but for its anchors and aliases."""
    lines = [f"x-{name}: &{name} {_flow(shared)}" for name, shared in parts.get("shared", {}).items()]
    lines += [f"{name}: {_flow(value)}" for name, value in parts.get("top", {}).items()]
    lines += ["services:", *(f"  {name}: &{name} {_flow(parts[name])}" for name in ("db", "web"))]
    lines += [f"  {name}: {_flow(service)}" for name, service in parts.get("more", {}).items()]
    comment = f"# {parts['comment']}\n" if "comment" in parts else ""
    files = united(parts["files"], {".env": f"{comment}DATABASE_URLS={parts['value']}\n"})
    files["compose.yaml"] = "\n".join([*lines, ""])
    return {name: (text if isinstance(text, str) else json.dumps(text)).encode() for name, text in files.items()}


def _flow(value: Any) -> str:
    return re.sub(r'"\*(\w+)"', r"*\1 ", json.dumps(value))


def made(numbers: Mapping[str, int]) -> dict[str, bytes]:
    """The files of a project with so many of each ingredient."""
    parts = DEFAULT
    for name, number in numbers.items():
        parts = united(parts, INGREDIENTS[name](number))
    return rendered(parts)


def size(numbers: Mapping[str, int]) -> int:
    """The bytes of such a project."""
    return sum(map(len, made(numbers).values()))


def fitting(names: Sequence[str], most: int) -> dict[str, int]:
    """How many of each make a project of about so many bytes, an equal part of them each."""
    empty = size({})
    grown = {name: max((size({name: 200}) - empty) / 200, 2.0) for name in names}
    return {name: max(1, int((most - empty) / len(names) / grown[name])) for name in names}


class Run(NamedTuple):
    """What came of a run: its seconds of processor time, its status (None: it was ended), what it said last on
    standard error, and how often each function of envfix was seen at work, or what it calls."""

    seconds: float
    status: int | None
    said: str
    seen: Counter[str]


def run(files: Mapping[str, bytes], seconds: float, arguments: Sequence[str] = ()) -> Run:
    """The command over these files, the log of them if there is one and nothing else is asked."""
    seen: Counter[str] = Counter()
    if "app.log" in files:
        arguments = arguments or MODES["logs"]
    if arguments == MODES["host"]:
        files = {name: content.replace(b"localhost:5433", b"db:5432") for name, content in files.items()}
    told = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
    with project(files) as folder, chdir(folder), redirect_stdout(_nowhere()), redirect_stderr(told):
        start = time.process_time()
        try:
            with watched(seconds, seen):
                status = command.main(list(arguments), prog_name="envfix", standalone_mode=False)
        except Hang:
            status = None
        taken = time.process_time() - start
    told.seek(0)
    return Run(taken, status, told.read().strip().rpartition("\n")[2], seen)


def _nowhere() -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)


@contextmanager
def watched(seconds: float, seen: Counter[str]) -> Iterator[None]:
    """Look at what is at work, each time some processor time has gone; Hang after so many seconds of it."""
    end = time.process_time() + seconds

    def look(number: int, frame: FrameType | None) -> None:
        names = set()
        while frame is not None:
            names.add(f"{frame.f_globals.get('__name__')}.{frame.f_code.co_qualname}")
            frame = frame.f_back
        seen.update(name.removeprefix("envfix.") for name in names if name.startswith("envfix."))
        if time.process_time() > end:
            raise Hang

    before = signal.signal(signal.SIGVTALRM, look)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.02, 0.02)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def largest(names: Sequence[str], most: int, seconds: float, arguments: Sequence[str] = ()) -> tuple[Run, int]:
    """The run over the largest project with these that is not refused, or the longest, and its bytes."""
    numbers, runs = fitting(names, most), []
    for _ in range(12):
        files = made(numbers)
        runs.append((run(files, seconds, arguments), sum(map(len, files.values()))))
        if runs[-1][0].status != 2 or "--logs" in runs[-1][0].said:
            break
        numbers = {name: max(1, number * 2 // 3) for name, number in numbers.items()}
    return max(runs, key=lambda one: one[0].seconds) if runs[-1][0].status == 2 else runs[-1]


def groups(number: int) -> Iterator[tuple[str, ...]]:
    """So many ingredients each, until every pair has been in one."""
    pairs = list(combinations(INGREDIENTS, 2))
    random.Random(0).shuffle(pairs)
    left = dict.fromkeys(map(frozenset, pairs))
    while left:
        group = [*next(iter(left))]
        while len(group) < number:
            new = {name: sum(frozenset((name, one)) in left for one in group) for name in INGREDIENTS}
            group.append(max(new.keys() - {*group}, key=lambda name: (new[name], name)))
        for pair in combinations(group, 2):
            left.pop(frozenset(pair), None)
        yield tuple(group)


def inmost(seen: Counter[str]) -> list[tuple[str, int]]:
    """Those that were seen often, without what calls them all."""
    often = max(seen.values(), default=0) / 6
    return [one for one in seen.most_common() if one[1] > often][-6:]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.products", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of: " + ", ".join(INGREDIENTS))
    parser.add_argument("--bytes", type=int, default=20_000, help="of each project")
    parser.add_argument("--seconds", type=float, default=5, help="that one may take")
    parser.add_argument("--together", type=int, default=2, help="how many ingredients of a project")
    parser.add_argument("--mode", choices=MODES, default="dry-run", help="what the command is asked to do")
    options = parser.parse_args()
    collect_seldom()
    every = [*((name,) for name in INGREDIENTS), *groups(options.together)]
    wanted = [names for names in every if not options.names or {*options.names} & {*names}]
    slow = 0
    for number, names in enumerate(wanted):
        if options.mode == "logs" and not {*LOGGED} & {*names}:
            names = (*names, LOGGED[number % len(LOGGED)])
        one, many = largest(names, options.bytes, options.seconds, MODES[options.mode])
        above = one.seconds > options.seconds
        slow += above
        refused = f"  ({one.said[:90]})" if one.status == 2 else ""
        print(f"{one.seconds:7.2f} s {many:7,} bytes  {' x '.join(names)}{refused}", flush=True)
        for name, count in inmost(one.seen) if above else ():
            print(f"          {count:4} {name}", flush=True)
    print(f"{len(wanted)} projects, {slow} longer than {options.seconds:g} s")
    return int(slow > 0)


if __name__ == "__main__":
    sys.exit(main())
