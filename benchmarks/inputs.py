"""What is measured: projects from the fixtures, or made by a seed."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
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
            data = path.read_bytes().replace(b"localhost", b"app.example.org")
            # `ports:` takes addresses, no names; this one is for examples (RFC 5737).
            path.write_bytes(re.sub(rb"127\.0\.0\.1|0\.0\.0\.0", b"192.0.2.7", data))
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


# What the programs of a project print while all is well, by their services; of a database, an application in Node that
# runs on a terminal (its lines end in CRLF), a server in Java with nginx before it, a worker in Go with its cache.
_ORDINARY = {
    "db": (
        "<date> UTC [<number>] LOG:  connection received: host=<ip> port=<number>",
        "<date> UTC [<number>] LOG:  connection authorized: user=<user> database=shop application_name=api",
        "<date> UTC [<number>] LOG:  disconnection: session time: 0:00:<two>.<number> user=<user> host=<ip>",
        "<date> UTC [<number>] LOG:  duration: <number>.<two> ms  statement: SELECT * FROM orders WHERE id = '<uuid>'",
        "<date> UTC [<number>] LOG:  checkpoint complete: wrote <number> buffers; 0 WAL file(s) added, 0 removed, "
        "<two> recycled; write=<two>.<number> s, sync=0.<number> s, total=<two>.<number> s; sync files=<two>",
        '<date> UTC [<number>] ERROR:  duplicate key value violates unique constraint "orders_pkey"',
    ),
    "s0": (
        '{"level":30,"time":17066952<number>,"pid":1,"hostname":"<id>","reqId":"<uuid>","req":{"method":"GET",'
        '"url":"<path>","remoteAddress":"<ip>"},"msg":"incoming request"}\r',
        '{"level":30,"time":17066952<number>,"pid":1,"hostname":"<id>","reqId":"<uuid>","res":{"statusCode":200},'
        '"responseTime":<two>.<number>,"msg":"request completed"}\r',
        "\x1b[32m[Nest] 1  - \x1b[39m<date> \x1b[32m    LOG\x1b[39m \x1b[38;5;3m[Orders] \x1b[39m<uuid> stored\r",
        'prisma:query SELECT "public"."Order"."id" FROM "public"."Order" WHERE id = $1 LIMIT $2 -- <id>\r',
        "\x1b[0mGET <path> \x1b[32m200\x1b[0m <two>.<number> ms - <number>\x1b[0m\r",
    ),
    "s1": (
        '<ip> - - [31/Jan/2024:10:<two>:<two> +0000] "GET <path> HTTP/1.1" 200 <number> "https://example.org/<id>" '
        '"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/<two>.0.0.0 Safari/537.36" "-"',
        '<ip> - <user> [31/Jan/2024:10:<two>:<two> +0000] "POST /orders/<number> HTTP/1.1" 201 <number> "-" "okhttp/4"',
        "<date>  INFO 1 --- [nio-8080-exec-<two>] o.s.web.servlet.DispatcherServlet : Completed 200 OK [<id>,<id>]",
        "<date> DEBUG 1 --- [ scheduling-<two>] o.example.search.Indexer : indexed <number> in <two> ms",
        "<date>  WARN 1 --- [l-1 housekeeper] com.zaxxer.hikari.pool.HikariPool : Pool stats (total=<two>, waiting=0)",
    ),
    "s2": (
        'time="<date>" level=info msg="job finished" id=<id> queue=mail duration=<number>ms',
        '{"ts":"<date>","level":"debug","caller":"worker/run.go:<two>","msg":"picked up","job":"<uuid>","attempt":1}',
        '[GIN] <date> | 200 | <two>.<number>µs | <ip> | GET      "<path>"',
        'level=warn msg="slow query" took=<two>.<number>s trace_id=<id><id>',
        "1:M <date> * <two> changes in 60 seconds. Saving...",
    ),
}


def _fillings(draw: random.Random) -> dict[str, Callable[[], str]]:
    """What stands in the places of an ordinary line."""

    def identifier() -> str:
        return f"{draw.getrandbits(64):016x}"

    def uuid() -> str:
        return f"{draw.getrandbits(32):08x}-{draw.getrandbits(16):04x}-4{draw.getrandbits(12):03x}-{identifier()}"

    def date() -> str:
        at = draw.getrandbits(30)
        return f"2024-01-31 10:{at % 60:02}:{at // 60 % 60:02}.{at % 1000:03}"

    users = [f"{name}{number}" for name in ("anna", "ben", "carla", "emeka", "fatima") for number in range(40)]
    return {
        "number": lambda: str(draw.getrandbits(14)),
        "two": lambda: str(10 + draw.getrandbits(5)),
        "ip": lambda: f"172.18.0.{2 + draw.getrandbits(3)}",
        "user": lambda: draw.choice(users),
        "path": lambda: draw.choice(("/api/items", "/health", f"/orders/{uuid()}", f"/static/{identifier()}.js")),
        "id": identifier,
        "uuid": uuid,
        "date": date,
    }


def log(folder: Path, megabytes: int, failures: int) -> Path:
    """A project with the log of its containers: ordinary lines, and so many refused connections."""
    home = each_its_own(folder, 3)
    draw = random.Random(_SEED)
    fillings = _fillings(draw)
    shapes = [re.split("<([a-z]+)>", f"{name}-1  | {text}\n") for name, texts in _ORDINARY.items() for text in texts]
    refused = "s1-1  | Error: connect ECONNREFUSED 127.0.0.1:5433\n"
    size, wanted, told = 0, megabytes << 20, 0
    with (home / "containers.log").open("w", encoding="utf-8", newline="") as file:
        while size < wanted:
            if told < failures and size >= told * wanted / failures:
                size += file.write(refused)
                told += 1
            shape = draw.choice(shapes)
            size += file.write("".join(part if at % 2 == 0 else fillings[part]() for at, part in enumerate(shape)))
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
