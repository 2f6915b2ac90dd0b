"""Projects made to fill the memory or to never end: each ends within seconds and some hundred MB, with a clear line."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import growth
import pytest

from envfix import planning
from envfix.errors import EnvfixError
from envfix.logs import Destinations, blame, failures, service_names
from envfix.override import own_values
from envfix.resolver import verdict

from . import folders, watchdog

pytestmark = pytest.mark.slow  # generated input, and much of it

API = "services: {api: {image: x, env_file: .env}, db: {image: 'postgres:17', ports: ['5433:5432']}}\n"


def _nine(template: str, item: str) -> str:
    return template % ", ".join([item] * 9)


LISTS = "x-0: &a0 [x]\n" + "".join(f"x-{i}: &a{i} {_nine('[%s]', f'*a{i - 1}')}\n" for i in range(1, 30))
MERGES = "x-0: &a0 {a: b}\n" + "".join(f"x-{i}: &a{i} {{<<: [*a{i - 1}, *a{i - 1}]}}\n" for i in range(1, 60))
DOUBLED = "A0=localhost:5433,\n" + "".join(f"A{i}=${{A{i - 1}}}${{A{i - 1}}}\n" for i in range(1, 64))
OFTEN = "A=" + "x" * 200_000 + "\n" + "B=${A}\n" * 100
TWICE = "include: [{path: ../%s.yaml, project_directory: ../a}, {path: ../%s.yaml, project_directory: ../b}]\n"
INCLUDES = {f"{i}.yaml": (TWICE % (i + 1, i + 1)).encode() for i in range(40)}

# The lesson, the compose file, the env file, and what is said (None: it is read).
PROJECTS: list[tuple[str, str, str, str | None]] = [
    ("aliases of aliases", LISTS + API, "", "aliases expand"),
    ("merges of merges", MERGES + API, "", "aliases expand"),
    ("nested lists", "x-a: " + "[" * 10_000 + "]" * 10_000 + "\n" + API, "", "nested"),
    ("nested mappings", "x-a: " + "{a: " * 10_000 + "}" * 10_000 + "\n" + API, "", "nested"),
    ("nested blocks", "x-a:\n" + "".join(" " * i + "a:\n" for i in range(1, 2000)) + API, "", "nested"),
    ("nested dashes", "x-a:\n " + "- " * 100_000 + "x\n" + API, "", "nested"),
    ("a long tag", "x-a: !" + "a" * 300_000 + " x\n" + API, "", "a tag must not be longer"),
    ("a long verbatim tag", "x-a: !<" + "a" * 300_000 + "> x\n" + API, "", "a tag must not be longer"),
    ("too many nodes", "x-a: [" + "a," * 120_000 + "]\n" + API, "", "100,000"),
    ("an include of itself", "include: [compose.yaml]\n" + API, "", "circle"),
    ("services that extend each other", "services: {a: {extends: b}, b: {extends: a}}\n", "", "circle"),
    ("a remote include", "include: ['https://example.org/x.git', 'oci://example.org/x']\n" + API, "", None),
    ("variables that double", API, DOUBLED, "expand to more than"),
    ("a long variable, often", API, OFTEN, "expand to more than"),
    ("a template of long variables", API + "x-a: '" + "${A}" * 9000 + "'\n", "A=" + "x" * 9000, "expand to more than"),
    ("nested defaults", API + "x-a: '" + "${A:-" * 50_000 + "}" * 50_000 + "'\n", "", None),
    ("a variable of itself", API + "x-a: '${A} ${B:-${A}}'\n", "A=${A}\nB=${A}${B}\n", None),
    ("every port", "services: {a: {image: x, ports: ['1-65535:1-65535'], env_file: .env}}\n", "A=localhost:1\n", None),
    (
        "namespaces in a circle",
        "services: {a: {network_mode: 'service:b', env_file: .env}, b: {network_mode: 'service:a'}}\n",
        "A=localhost:1\n",
        None,
    ),
    ("a value of URLs", API, "A=" + "http://localhost:3000," * 40_000 + "\n", "names over 5,000 hosts"),
    ("a value of hosts", API, "A=" + "localhost:" * 90_000 + "\n", "names over 5,000 hosts"),
    ("a value of names", API, "A=" + "db:1," * 90_000 + "\n", "names over 5,000 hosts"),
    ("a file of line breaks", "\n" * 500_000 + API, "", None),
    ("a file of comments", "# x\n" * 200_000 + API, "", None),
]
LONG = ("nested lists", "too many nodes")


@pytest.mark.parametrize(
    ("compose", "env", "said"),
    [pytest.param(*row[1:], id=row[0], marks=[pytest.mark.slow] * (row[0] in LONG)) for row in PROJECTS],
)
def test_a_hostile_project_ends_soon_and_small(compose: str, env: str, said: str | None) -> None:
    assert_ends({"compose.yaml": compose.encode(), ".env": env.encode()}, said)


def test_many_addresses_for_many_services_of_which_none_are_alike_are_refused_soon() -> None:
    networks = [f"n{number}" for number in range(400)]
    services = [
        f"  s{number}: {{image: x, env_file: .env, networks: [{name}]}}" for number, name in enumerate(networks)
    ]
    db = f"  db: {{image: 'postgres:17', ports: ['5433:5432'], networks: [{', '.join(networks)}]}}"
    declared = ", ".join(f"{name}: {{}}" for name in networks)
    compose = "\n".join(["services:", db, *services, f"networks: {{{declared}}}", ""])
    env = "".join(f"A{number}=postgres://localhost:5433/x\n" for number in range(400))
    assert_ends({"compose.yaml": compose.encode(), ".env": env.encode()}, "over 10,000 addresses")


# Services and variables of which so many are each other's concern, by number.
SQUARES: dict[str, tuple[Callable[[int], str], Callable[[int], str], int]] = {
    "an alias that is localhost": (
        lambda i: f"networks: {{default: {{aliases: [localhost]}}}}, ports: ['{6000 + i}:80']",
        lambda i: f"A{i}=http://localhost:{6000 + i}/\n",
        800,
    ),
    "whole connections of their own": (
        lambda i: f"environment: {{DATABASE_URL: x{i}}}",
        lambda i: f"A{i}=http://localhost:5433/\n",
        800,
    ),
    "one port, and another each": (
        lambda i: f"expose: ['80', '{1000 + i}']",
        lambda i: f"A{i}=http://localhost:80/{i}\n",
        800,
    ),
    "servers of one kind": (
        lambda i: f"environment: {{REDIS_ARGS: a{i}}}, expose: ['6379', '{7000 + i}']",
        lambda i: f"A{i}=redis://localhost:6379/{i}\n",
        800,
    ),
}


@pytest.mark.parametrize("shape", SQUARES)
def test_services_that_are_all_about_each_others_addresses_are_refused_soon(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a fifth of the steps: to take them all takes five times as long, and shows no more."""
    monkeypatch.setattr(verdict, "_MOST_STEPS", verdict._MOST_STEPS // 5)
    service, variable, number = SQUARES[shape]
    services = "".join(f"  s{i}: {{image: x, env_file: .env, {service(i)}}}\n" for i in range(number))
    compose = f"services:\n  db: {{image: 'postgres:17', ports: ['5433:5432']}}\n{services}"
    env = "".join(map(variable, range(number)))
    assert_ends({"compose.yaml": compose.encode(), ".env": env.encode()}, "too many to compare")


def test_one_alias_of_many_services_is_looked_up_once_an_address() -> None:
    def seconds(number: int) -> float:
        services = "".join(
            f"  s{i}: {{image: x, env_file: .env, networks: {{default: {{aliases: [api]}}}}}}\n" for i in range(number)
        )
        env = "".join(f"B{i}=http://api:80/\n" for i in range(number))
        with folders.project({"compose.yaml": f"services:\n{services}".encode(), ".env": env.encode()}) as folder:
            before = time.process_time()
            planning.make(planning.Request(folder, environ={}))
            return time.process_time() - before

    growth.assert_in_proportion(seconds, 100)


def test_includes_that_double_end() -> None:
    first = b"include: [{path: 0.yaml, project_directory: a}]\n"
    assert_ends({"compose.yaml": first, **INCLUDES, "40.yaml": b"services: {}\n"}, "include")


# A place in a service, what stands there once, and what each heir adds.
COPIED = [
    ("volumes: [%s]", "./a%d:/a%d", "/b"),
    ("extra_hosts: [%s]", "a%d:10.0.0.1", "b:10.0.0.2"),
    ("environment: [%s]", "A%d=localhost:%d", "B=b"),
    ("labels: [%s]", "a%d=b", "b=c"),
    ("expose: [%s]", "'%d'", "'80'"),
    ("build: {context: ., args: [%s]}", "A%d=b", "B=c"),
    ("networks: {default: {aliases: [%s]}}", "a%d", "b"),
    ("configs: [%s]", "{source: a, target: /a%d}", "{source: a, target: /b}"),
    ("deploy: {placement: {constraints: [%s]}}", "a%d", "b"),
]
HEIRS, HELD = 600, 600


@pytest.mark.parametrize("heirs_add", [True, False])
@pytest.mark.parametrize(("place", "item", "own"), [pytest.param(*row, id=row[0].partition(":")[0]) for row in COPIED])
def test_what_many_services_inherit_is_refused_soon(place: str, item: str, own: str, heirs_add: bool) -> None:
    held = ", ".join(item.replace("%d", str(number)) for number in range(HELD))
    heirs = "".join(
        f"  s{number}: {{extends: base{', ' + place % own if heirs_add else ''}}}\n" for number in range(HEIRS)
    )
    compose = (
        f"services:\n  db: {{image: x}}\n  base: {{image: x, {place % held}}}\n{heirs}configs: {{a: {{file: ./a}}}}\n"
    )
    assert_ends({"compose.yaml": compose.encode(), ".env": b"A=localhost:1\n"}, "more than 200,000 values")


def test_values_that_double_make_no_endless_override_file() -> None:
    services = "".join(f"  s{number}: *a\n" for number in range(300))
    compose = f"services:\n  db: {{image: x, ports: ['5433:5432']}}\n  api: &a {{image: x, env_file: .env}}\n{services}"
    doubled = "A0=xxxxxxxx\n" + "".join(f"A{i}=${{A{i - 1}}}${{A{i - 1}}}\n" for i in range(1, 15))
    files = {"compose.yaml": compose.encode(), ".env": f"{doubled}DB_URL=postgres://localhost:5433/$A14\n".encode()}
    with folders.project(files) as folder, watchdog.bounded(30, 600):
        made = planning.make(planning.Request(folder, environ={}))
        with pytest.raises(EnvfixError, match="over 32 MB"):
            own_values(made)


def test_subnets_that_two_documents_list_are_counted() -> None:
    listed = f"networks: {{a: {{ipam: {{config: [{'{}, ' * 3000}{{}}]}}}}}}\n"
    compose = f"services: {{db: {{image: x}}}}\n{listed}---\n{listed}"
    assert_ends({"compose.yaml": compose.encode(), ".env": b"A=localhost:1\n"}, "has over 200 entries")


def test_anchors_of_many_files_are_counted_together() -> None:
    held = ", ".join(f"./a{number}:/a{number}" for number in range(300))
    services = "".join(f"  s{number}: {{image: x, volumes: *a}}\n" for number in range(300))
    files = {f"{number}.yaml": f"x-a: &a [{held}]\nservices:\n{services}".encode() for number in range(40)}
    files["compose.yaml"] = f"include: [{', '.join(files)}]\n".encode()
    assert_ends({**files, ".env": b"A=localhost:1\n"}, "more than 200,000 YAML nodes")


DOCKERFILES = [
    ("variables that double", "ENV A0=xxxxx\n" + "".join(f"ENV A{i}=$A{i - 1}$A{i - 1}\n" for i in range(1, 60))),
    ("every port, often", "EXPOSE 1-65535\n" * 1000),
    ("a range, often", "EXPOSE " + "1-999 " * 100_000 + "\n"),
    ("a list of ranges, often", "ARG A='" + "1-999 " * 1000 + "'\nEXPOSE " + "$A " * 1000 + "\n"),
    ("a long value, often", "ENV B=" + "b" * 60_000 + "\n" + "".join(f"ENV A{i}=x$B\n" for i in range(20_000))),
    ("folders", "".join(f"COPY a{i} /x/a{i}/\n" for i in range(1000))),
    ("folders and names", "".join(f"COPY a{i} /x/a{i}/\nRUN cp x{i} .env\n" for i in range(500))),
    ("sources", "COPY " + " ".join(f"a{i}" for i in range(5000)) + " /x/\n"),
    (
        "sources of a stage",
        "".join(f"COPY . /d{i}/\n" for i in range(64)) + "FROM x\nCOPY --from=0 " + "d1 " * 50_000 + "/x/\n",
    ),
    ("copies to and fro", "COPY . /a/\nRUN cp -r /a /b && cp -r /b /a\n" * 500),
    ("sources and what they leave out", f"COPY {' '.join(f'--exclude=x{i}' for i in range(5000))} {'. ' * 10_000}./\n"),
    ("patterns of sources", f"COPY {' '.join(f'*.[a-z]{i}*' for i in range(20_000))} ./\n"),
    ("a command of one word", f"COPY . .\nCMD {['node'] * 100_000}\n".replace("'", '"')),
    ("a command with options", f"COPY . .\nCMD {['dotenv', '-x'] * 50_000}\n".replace("'", '"')),
    (
        "a command whose options name servers",
        f"FROM python\nCOPY . .\nCMD {['uvicorn'] + ['-uvicorn'] * 60_000}\n".replace("'", '"'),
    ),
    ("steps into folders", f"COPY . .\nRUN {'cd x && ' * 8000}rm a\n" * 20),
]


@pytest.mark.parametrize("dockerfile", [pytest.param(row[1], id=row[0]) for row in DOCKERFILES])
def test_a_hostile_dockerfile_ends_soon_and_small(dockerfile: str) -> None:
    files = {
        "compose.yaml": b"services: {a: {build: ., env_file: .env}}\n",
        "Dockerfile": b"FROM x\n" + dockerfile.encode(),
        ".dockerignore": b"**/*a*a*a*a*a*a*a*a*b\n" * 500,
        ".env": b"A=localhost:1\n",
    }
    assert_ends(files, None)


def test_a_name_that_many_others_hold_ends_soon() -> None:
    given = "".join(f"const shelf{i} = process.env.A\n" for i in range(20))
    uses = "; ".join(f"tidy(shelf{i})" for i in range(20)) + "\n"
    files = {
        "compose.yaml": API.replace("image: x", "build: .").encode(),
        "Dockerfile": b"FROM node:22\nCOPY . .\n",
        "main.js": (given + uses * 3000).encode(),
        ".env": b"A=postgres://localhost:5433/x\n",
    }
    assert_ends(files, None)


def test_many_names_beside_much_source_end_soon() -> None:
    files = {
        "compose.yaml": API.replace("image: x", "build: .").encode(),
        "Dockerfile": b"FROM node:22\nCOPY . .\n",
        "main.js": b"const shelf = 1; tidy(shelf)\n" * 15_000,
        ".env": b"".join(b"A_LONG_NAME_%d=postgres://localhost:5433/x\n" % number for number in range(1000)),
    }
    assert_ends(files, None)


def test_names_of_hundreds_of_words_end_soon() -> None:
    files = {
        "compose.yaml": API.replace("image: x", "build: .").encode(),
        "Dockerfile": b"FROM node:22\nCOPY . .\n",
        "main.js": (b"AA-" * 660 + b"\n") * 400,
        ".env": b"".join(b"A_" * number + b"A=postgres://localhost:5433/x\n" for number in range(200, 250)),
    }
    assert_ends(files, None)


def test_a_configuration_with_an_endless_key_is_refused_soon() -> None:
    files = {
        "compose.yaml": API.encode(),
        ".env": b"A=localhost:5433\n",
        ".envfix.toml": b"a" + b".a" * 50_000 + b" = 1\n",
    }
    assert_ends(files, "surely the wrong file")


def test_keys_below_an_endless_header_are_refused_soon() -> None:
    header = b"[a" + b".a" * 4000 + b"]\n"
    files = {
        "compose.yaml": API.encode(),
        ".env": b"A=localhost:5433\n",
        "pyproject.toml": b"[tool.envfix]\nkeep = ['A']\n" + header + b"".join(b"k%d=1\n" % n for n in range(50_000)),
    }
    assert_ends(files, "surely the wrong file")


def test_the_lines_of_many_words_are_found_soon() -> None:
    words = [f"w{number}" for number in range(500)] + [" " * number for number in range(1, 100)]
    files = {
        "compose.yaml": API.encode(),
        ".env": b"A=localhost:5433\n",
        ".envfix.toml": f"#{' ' * 800_000}\nkeep = {words}\n".encode(),
    }
    assert_ends(files, None)


def test_thousands_of_env_files_of_a_service_end_soon() -> None:
    names = [f"e{number}.env" for number in range(2000)]
    listed = ", ".join(names)
    compose = (
        f"services: {{api: {{image: x, env_file: [{listed}]}}, db: {{image: 'postgres:17', ports: ['5433:5432']}}}}\n"
    )
    assert_ends({"compose.yaml": compose.encode(), **dict.fromkeys(names, b"A=localhost:5433\n")}, None)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need a privilege there")
def test_links_that_go_round_in_a_circle_end() -> None:
    with folders.project({"compose.yaml": API.encode()}) as folder, watchdog.bounded():
        os.symlink("loop", os.path.join(folder, "loop"))
        os.symlink("loop", os.path.join(folder, ".env"))
        assert planning.make(planning.Request(folder, environ={})).plan.patches == ()


def _variables(count: int) -> str:
    return "".join(f"A{number}=postgres://localhost:5433/x\n" for number in range(count))


# A file with so many of something.
COSTS: dict[str, Callable[[int], str]] = {
    "pairs in a value": lambda n: "A=" + ",".join(f"localhost:{5000 + i % 1000}" for i in range(n)) + "\n",
    "URLs in a value": lambda n: "A=" + ",".join(f"postgres://u:p@localhost:5433/x{i}" for i in range(n)) + "\n",
    "hosts with their ports in a value": lambda n: "A=" + "host=localhost port=5433 " * n + "\n",
    "paths behind each other": lambda n: "A=" + "localhost:5433/=" * n * 4 + "\n",
    "objects in a value": lambda n: "A='[" + ",".join(['{"host":"localhost","port":5433}'] * n) + "]'\n",
    "variables": _variables,
    "variables of one name": lambda n: "A=postgres://localhost:5433/x\n" * n,
    "words of a comment": lambda n: "# " + "browser public inside Docker -- " * n * 20 + "\nA=localhost:5433\n",
    "dashes of a comment": lambda n: "# " + "-" * n * 200 + "x\nA=localhost:5433\n",
    "lines of a comment": lambda n: "# x y\n" * n * 20 + "A=localhost:5433\n",
    "lines of a value": lambda n: 'A="' + "x\n" * n * 20 + 'localhost:5433"\n',
}


@pytest.mark.parametrize("make", COSTS.values(), ids=COSTS)
def test_what_a_file_costs_is_in_proportion(make: Callable[[int], str]) -> None:
    assert_project_in_proportion(lambda many: {"compose.yaml": API, ".env": make(many)})


# A project with so many of something.
ENTRIES = "services:\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n  api:\n    image: x\n    environment:\n"
READ = "  api: {image: x, env_file: .env}\n"
NODE = {
    "Dockerfile": "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD node main.js\n",
    "package.json": '{"dependencies": {"dotenv": "16"}}',
}


def _each(n: int, line: Callable[[int], str]) -> str:
    return "".join(map(line, range(n)))


def _in_some_case(number: int) -> str:
    return "".join(one.upper() if number >> at & 1 else one for at, one in enumerate("abcdefghijkl")) + ".env"


def _two_apart(n: int, image: str, port: str, url: str) -> dict[str, str]:
    """Two readers, each of which knows the server by as many names on a network of its own."""
    return {
        "compose.yaml": f"services:\n  d_b:\n    image: '{image}'\n    ports: ['{port}']\n    networks:\n"
        + _each(2, lambda j: f"      n{j}: {{aliases: {[f'a{j}x{i}' for i in range(n)]}}}\n")
        + _each(2, lambda j: f"  api{j}: {{image: x, env_file: .env, networks: [n{j}]}}\n")
        + "networks: {n0: {}, n1: {}}\n",
        ".env": _each(n // 5, lambda i: f"A{i}={url}\n"),
    }


PROJECT_COSTS: dict[str, Callable[[int], dict[str, str]]] = {
    "addresses in one service's environment": lambda n: {
        "compose.yaml": ENTRIES + _each(n * 4, lambda i: f"      A{i}: http://localhost:{5000 + i}/\n")
    },
    "an address before spaces that a line break ends": lambda n: {
        "compose.yaml": f'{ENTRIES}      A: "  postgres://localhost:5433/x{" " * n * 100}\\\n{" " * n * 100}"\n'
    },
    "hosts with ports beside them in one service's environment": lambda n: {
        "compose.yaml": ENTRIES + _each(n, lambda i: f"      A{i}_HOST: localhost\n      A{i}_PORT: 5433\n")
    },
    "hosts whose ports the env file alone names": lambda n: {
        "compose.yaml": ENTRIES + _each(n, lambda i: f"      B{i}: ${{A{i}_HOST}}\n      C{i}: ${{A{i}_PORT}}\n"),
        ".env": _each(n, lambda i: f"A{i}_HOST=localhost\nA{i}_PORT=5433\n"),
    },
    "addresses that two servers could answer": lambda n: {
        "compose.yaml": ENTRIES.replace("  api:", "  other: {image: 'postgres:17'}\n  api:")
        + _each(n, lambda i: f"      A_{i}: postgres://localhost:5432/x\n")
    },
    "defaults of hosts and ports": lambda n: {
        "compose.yaml": ENTRIES
        + _each(
            n, lambda i: f"      A{i}_DB_HOST: ${{A{i}_DB_HOST:-db}}\n      A{i}_DB_PORT: ${{A{i}_DB_PORT:-5432}}\n"
        ),
        ".env": _each(n, lambda i: f"A{i}_DB_HOST=localhost\nA{i}_DB_PORT=7777\n"),
    },
    "variables beside a sibling file's": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n" + READ,
        ".env": _each(n, lambda i: f"A{i}_HOST=localhost\nB{i}=http://localhost:7000\n"),
        ".env.docker": _each(n, lambda i: f"A{i}_HOST=db\nB{i}=http://db:5432\n"),
    },
    "readers that the configuration names": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(n // 4, lambda i: f"  s{i}: {{image: y}}\n"),
        ".env": _each(n // 4, lambda i: f"A{i}=http://localhost:5433\n"),
        ".envfix.toml": f"readers = {{ 'A*' = {[f's{i}' for i in range(n // 4)]} }}\n",
    },
    "listeners that a broker advertises": lambda n: {
        "compose.yaml": "services:\n  kafka:\n    image: apache/kafka\n    ports: ['9092:9092']\n    environment:\n"
        + f"      KAFKA_ADVERTISED_LISTENERS: {','.join(f'L{i}://kafka:{9100 + i}' for i in range(n))}\n"
        + READ,
        ".env": _each(n, lambda i: f"A{i}_BROKERS=localhost:9092\n"),
    },
    "connections for tests": lambda n: {
        "compose.yaml": "services:\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n  api: {build: .}\n",
        ".env": _each(n, lambda i: f"A{i}_TEST_URL=postgres://localhost:5433/\n"),
        **NODE,
    },
    "a chain of shared namespaces": lambda n: {
        "compose.yaml": "services:\n  s0: {image: x, ports: ['5433:5432']}\n"
        + _each(n, lambda i: f"  s{i + 1}: {{image: x, network_mode: 'service:s{i}', env_file: .env}}\n"),
        ".env": "A=http://localhost:5433\nB=http://localhost:6000\n",
    },
    "services of one shared namespace": lambda n: {
        "compose.yaml": "services:\n  s0: {image: x, ports: ['5433:5432']}\n"
        + _each(n, lambda i: f"  s{i + 1}: {{image: x, network_mode: 'service:s0', env_file: .env}}\n"),
        ".env": "A=http://localhost:5433\nB=http://localhost:6000\n",
    },
    "links of one service": lambda n: {
        "compose.yaml": "services:\n"
        + _each(n, lambda i: f"  s{i}: {{image: x, ports: ['{6000 + i}:80']}}\n")
        + f"  web: {{image: w, env_file: .env, links: [{', '.join(f's{i}:l{i}' for i in range(n))}]}}\n",
        ".env": _each(n, lambda i: f"A{i}=http://localhost:{6000 + i}/\n"),
    },
    "extra hosts of one service": lambda n: {
        "compose.yaml": "services:\n"
        + _each(n, lambda i: f"  s{i}: {{image: x, ports: ['{6000 + i}:80']}}\n")
        + "  web:\n    image: w\n    env_file: .env\n    extra_hosts:\n"
        + _each(n, lambda i: f"      - h{i}:10.0.0.1\n"),
        ".env": _each(n, lambda i: f"A{i}=http://localhost:{6000 + i}/\n"),
    },
    "variables for a service with a long command": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n  api:\n    image: x\n    env_file: .env\n"
        + f"    command: '{'word ' * n * 20}'\n",
        ".env": _each(n, lambda i: f"A{i}=jdbc:postgresql://localhost:5433/x\n"),
    },
    "databases that two servers create": lambda n: {
        "compose.yaml": "services:\n"
        + "".join(
            f"  db{j}:\n    image: postgres\n    environment:\n" + _each(n, lambda i, j=j: f"      A{j}{i}_DB: x{i}\n")
            for j in range(2)
        )
        + READ,
        ".env": _each(n, lambda i: f"A{i}=postgres://localhost:5432/z{i}\n"),
    },
    "addresses of a value with a default as long": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n  api:\n    image: x\n    environment:\n"
        + f"      A: '${{B:-{'http://db:1,' * n}}}'\n",
        ".env": "B=" + "http://localhost:5433," * n + "\n",
    },
    "addresses of a value below a comment as long": lambda n: {
        "compose.yaml": API,
        ".env": "# " + "word some other " * n * 4 + "\nA=" + "http://localhost:5433," * n + "\n",
    },
    "clients among services": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  s{i}: {{image: x, ports: ['{6000 + i}:80']}}\n") + READ,
        ".env": _each(n, lambda i: f"A{i}_CLIENT_URL=http://localhost:{6000 + i}\n"),
    },
    "words of a name": lambda n: {"compose.yaml": API, ".env": "_".join(["AB"] * n * 4) + "=http://localhost:5433\n"},
    "env files whose names differ in case alone": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + f"  api: {{image: x, env_file: [{', '.join(_in_some_case(i) for i in range(n))}]}}\n",
        **{_in_some_case(i): "A=http://localhost:5433\n" for i in range(n)},
    },
    "env files that the command names, and mounts": lambda n: {
        "compose.yaml": "services:\n  api:\n    image: node\n    working_dir: /app\n    environment:\n"
        + _each(n, lambda i: f"      A{i}: b\n")
        + f"    command: 'node {_each(n, lambda i: f'--env-file=f{i} ')}'\n    volumes:\n"
        + _each(n, lambda i: f"      - ./f:/app/.env.{i}\n"),
        "f": "A=http://localhost:5433\n",
    },
    "builds of one Dockerfile": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(n // 5, lambda i: f"  s{i}: {{build: {{context: ., args: {{A: x{i}}}}}, env_file: .env}}\n"),
        "Dockerfile": "FROM node:22\n" + _each(n, lambda i: f"COPY f{i} /app/g{i}/\n"),
        ".env": "A=http://localhost:5433\n",
    },
    "services that read one host": lambda n: {
        "compose.yaml": "services:\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n"
        + _each(n, lambda i: f"  s{i}: {{image: x, environment: {{A{i}: 'http://${{DB_HOST}}:5433/'}}}}\n"),
        ".env": "DB_HOST=localhost\n",
    },
    "services each of a profile": lambda n: {
        "compose.yaml": "services:\n"
        + _each(n, lambda i: f"  s{i}: {{image: x, profiles: [p{i}], ports: ['{6000 + i}:80'], env_file: .env}}\n"),
        ".env": "A=http://localhost:6000/\nB=http://localhost:6001/\n",
    },
    "services that serve one port and read one file": lambda n: {
        "compose.yaml": "services:\n"
        + _each(n // 2 + 4, lambda i: f"  s{i}: {{image: x, expose: ['8080'], env_file: .env}}\n"),
        ".env": _each(10, lambda i: f"A{i}=http://localhost:8080/\n"),
    },
    "workers of one build": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  s{i}: {{build: ., command: work, env_file: .env}}\n"),
        ".env": "A=http://localhost:5433/\n",
        "Dockerfile": "FROM node:22\nEXPOSE 5433\n",
    },
    "programs that share source": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(n // 5, lambda i: f"  s{i}: {{build: {{context: b{i}}}, volumes: ['.:/app'], env_file: .env}}\n"),
        ".env": _each(4, lambda i: f"SHELF_{i}_URL=postgres://localhost:5433/x\n"),
        **{f"b{i}/Dockerfile": "FROM node:22\nCOPY . .\n" for i in range(n // 5)},
        **{f"f{j}.js": _each(4, lambda i: f"const shelf{i} = process.env.SHELF_{i}_URL\n") for j in range(20)},
    },
    "variables that no service gets": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  s{i}: {{image: x}}\n"),
        ".env": _each(n, lambda i: f"A{i}=http://localhost:9/\n"),
    },
    "addresses of a value beside as many values in comments": lambda n: {
        "compose.yaml": API,
        ".env": "#A=http://h:1\n" * n + "\nA=" + "http://localhost:5433," * n + "\n",
    },
    "addresses of a value beside those of a sibling file": lambda n: {
        "compose.yaml": API,
        ".env": "A=" + "http://localhost:77," * n + "\n",
        ".env.docker": "A=" + "http://db:1," * n + "\n",
    },
    "names of services with ports in one value": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n" + READ,
        ".env": "A=" + "db:5433," * n + "\n",
    },
    "hosts beside a whole connection of as many": lambda n: {
        "compose.yaml": ENTRIES.replace("x\n", "x\n    env_file: .env\n")
        + f"      DATABASE_URL: '{'postgres://other:1/,' * n}'\n  other: {{image: y}}\n",
        ".env": _each(n, lambda i: f"A{i}_DB_HOST=localhost\n"),
    },
    "aliases that two readers do not share": lambda n: _two_apart(
        n, "postgres:17", "5433:5432", "postgres://localhost:5433/x"
    ),
    "ports of a service that its name is written with": lambda n: {
        "compose.yaml": f"services:\n  db: {{image: x, ports: ['1-{n * 8}:10001-{10000 + n * 8}']}}\n" + READ,
        ".env": _each(n, lambda i: f"A{i}=http://db:{i + 1}/\n"),
    },
    "aliases that two undecided readers do not share": lambda n: _two_apart(
        n, "minio/minio", "9000:9000", "http://localhost:9000/x"
    ),
    "ports that the machine's network discards": lambda n: {
        "compose.yaml": "services:\n"
        + f"  s: {{image: x, network_mode: host, ports: ['1-{n * 2}:10001-{10000 + n * 2}'], env_file: .env}}\n",
        ".env": _each(n // 2, lambda i: f"A{i}=http://localhost:9/\n"),
    },
    "variables that nobody sets in changed values": lambda n: {
        "compose.yaml": API,
        ".env": _each(n * 2, lambda i: f"A{i}=postgres://localhost:5433/$X\n"),
    },
    "comments for nobody among quoted values": lambda n: {
        "compose.yaml": API,
        ".env": _each(n * 2, lambda i: f"# envfix: keep\n\nA{i}=''\n"),
    },
    "names in one file of source": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n  api: {build: ., env_file: .env}\n",
        ".env": _each(n // 2, lambda i: f"VAR_{i}=postgres://localhost:5433/x\n"),
        "main.js": _each(n // 2, lambda i: f"const shelf{i} = process.env.VAR_{i}\n" + "tidy()\n" * 2),
        **NODE,
    },
    "ignore rules of several builds": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(10, lambda i: f"  s{i}: {{build: {{context: ., args: {{A: x{i}}}}}, env_file: .env}}\n"),
        ".env": "A=http://localhost:5433\n",
        ".dockerignore": _each(n * 8, lambda i: f"a{i}*b\n"),
        **NODE,
    },
    "heirs beside as many resets": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n  base: {image: x}\n"
        + _each(n * 2, lambda i: f"  s{i}: {{extends: base}}\n")
        + f"x-left:\n{_each(n * 2, lambda i: f'  r{i}: !reset null{chr(10)}')}",
        ".env": "A=localhost:5433\n",
    },
    "addresses for test runs beside as many variables": lambda n: {
        "compose.yaml": "services:\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n"
        + "  api:\n    image: node:22\n    working_dir: /app\n    volumes: ['.:/app']\n    environment:\n"
        + _each(n * 4, lambda i: f"      E{i}: x\n"),
        ".env": f"DATABASE_URL=x\nDATABASE_TEST_URL={'postgres://localhost:5433/t,' * n}\n",
    },
    "env files of one service": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + f"  api: {{image: x, env_file: {[f'{i}.env' for i in range(n)]}}}\n",
        **{f"{i}.env": _each(10, lambda j, i=i: f"A{i}x{j}=1\n") for i in range(n)},
    },
    "addresses in a file whose loader is not known": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + "  api: {image: acme/api, working_dir: /app, volumes: ['.:/app']}\n",
        ".env": _each(n, lambda i: f"A{i}=localhost:5433\n"),
    },
    "files that a command names beside a long manifest": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + "  api:\n    image: node:22\n    working_dir: /app\n    volumes: ['.:/app']\n"
        + f"    command: node {' '.join(f'--env-file={i}.env' for i in range(n // 10))} main.js\n",
        **{f"{i}.env": "A=localhost:5433\n" for i in range(n // 10)},
        "package.json": '{"a": "' + '"n' * n * 50 + '"}',
    },
    "ignore rules and env files of one build": lambda n: {
        "compose.yaml": "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(n // 20, lambda i: f"  s{i}: {{build: ., working_dir: /app/d{i}}}\n"),
        "Dockerfile": "FROM python:3\nCOPY . /app/\nCMD python main.py\n",
        "requirements.txt": "python-dotenv\n",
        ".dockerignore": _each(n * 8, lambda i: f"a{i}\n"),
        **{f"d{i}/.env": "A=http://localhost:5433\n" for i in range(n // 20)},
    },
    "variables that the env file of included projects reads": lambda n: {
        "compose.yaml": f"include: {[f'{i}.yaml' for i in range(n // 4)]}\n" + API,
        **{f"{i}.yaml": f"services: {{i{i}: {{image: x}}}}\n" for i in range(n // 4)},
        ".env": f"A={'$X' * n * 4}\n",
    },
    "bindings that refer to themselves": lambda n: {
        "compose.yaml": API,
        ".env": "A=${A}\n" * n * 16 + "B=http://localhost:5433/${A}\n",
    },
    "servers of one kind": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  s{i}: {{image: 'postgres:17'}}\n") + READ,
        ".env": _each(n, lambda i: f"A{i}_DB_HOST=localhost\n"),
    },
    "services whose names are made of the same words": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  x-b{i % 25}-c{i // 25}: {{image: x}}\n") + READ,
        ".env": _each(n, lambda i: f"X_{i}_URL=http://localhost:9/\n"),
    },
    "comments above a value of many addresses": lambda n: {
        "compose.yaml": API,
        ".env": "#\n" * n * 8 + "A=" + "http://localhost:5433," * n + "\n",
    },
    "mounts that show one folder": lambda n: {
        "compose.yaml": f"x-v: &v {[f'./:/a{i}' for i in range(n // 2)]}\nservices:\n"
        + _each(20, lambda i: f"  s{i}: {{image: 'python:3', volumes: *v}}\n"),
        ".env": "A=http://localhost:5433\n",
        "package.json": '{"a": "' + "x y" * n * 10 + '"}',
    },
    "addresses in a quoted value of a compose file": lambda n: {
        "compose.yaml": ENTRIES + f"      HOSTS: '{'localhost:5433,' * n}{chr(39) * n * 80}'\n",
    },
    "variables in a value of many addresses": lambda n: {
        "compose.yaml": API,
        ".env": f"A=1\nDATABASE_URLS={'localhost:5433,' * n}{'$A' * n}\n",
    },
    "listeners of a broker beside many services": lambda n: {
        "compose.yaml": "services:\n  k: {image: apache/kafka, environment: {KAFKA_ADVERTISED_LISTENERS: '${L}'}}\n"
        + f"  c: &c {{image: x, environment: {{{', '.join(f'E{i}: x' for i in range(10))}}}}}\n"
        + _each(n // 4, lambda i: f"  s{i}: *c\n"),
        ".env": f"L={'localhost:9092,' * n}\n",
    },
    "variables that are filled into a port": lambda n: {
        "compose.yaml": ENTRIES
        + f"      POSTGRES_HOST: '${{H:-db}}'\n      POSTGRES_PORT: '${{P}}{'${A:+}' * n * 2}'\n",
        ".env": "H=localhost\nP=5555\n",
    },
    "services that share a command of a long value": lambda n: {
        "compose.yaml": "services:\n"
        + "  s: &s {image: 'x:${A}', command: 'serve ${A} --port 80', healthcheck: {test: '${A}'}, env_file: .env}\n"
        + _each(n, lambda i: f"  s{i}: *s\n"),
        ".env": f"A={'word ' * n * 4}\nB=http://localhost:80\n",
    },
    "services that wait for others which wait": lambda n: {
        "compose.yaml": "services:\n"
        + f"  front: {{image: f, ports: ['8080:80'], depends_on: {[f'm{i}' for i in range(20)]}}}\n"
        + f"  m0: &m {{image: m, depends_on: {[f'l{i}' for i in range(n)]}}}\n"
        + _each(20, lambda i: f"  m{i}: *m\n" * (i > 0))
        + _each(n, lambda i: f"  l{i}: {{image: l}}\n")
        + READ,
        ".env": f"UPSTREAMS={'http://localhost:8080,' * (n // 2)}\n",
    },
    "aliases for readers with a name of their own": lambda n: {
        "compose.yaml": "services:\n  db:\n    image: 'postgres:17'\n    ports: ['5433:5432']\n"
        + f"    networks: {{default: {{aliases: {[f'a{i}' for i in range(n)]}}}}}\n"
        + _each(n // 2, lambda i: f"  s{i}: {{image: x, hostname: h{i}, env_file: .env}}\n"),
        ".env": "DATABASE_URL=postgres://localhost:5433/x\n",
    },
    "services of one image with a long command": lambda n: {
        "compose.yaml": "services:\n  db: {image: 'postgres:17', ports: ['5433:5432']}\n"
        + _each(n, lambda i: f"  s{i}: {{build: ., env_file: .env, expose: ['{5000 + i}']}}\n"),
        "Dockerfile": f"FROM x\nWORKDIR /app\nCOPY . .\nCMD run {'-a ' * n * 40}\n",
        ".env": "DATABASE_URL=postgres://localhost:5433/x\n",
    },
    "services and variables that nobody serves": lambda n: {
        "compose.yaml": "services:\n" + _each(n, lambda i: f"  s{i}: {{image: x}}\n") + READ,
        ".env": _each(n, lambda i: f"A{i}=http://localhost:{9000 + i}/\nB{i}_HOST=localhost\n"),
    },
}


# The same on the way back to the machine.
HOST_COSTS: dict[str, Callable[[int], dict[str, str]]] = {
    "services that share a name": lambda n: {
        "compose.yaml": "services:\n"
        + _each(
            n, lambda i: f"  s{i}: {{image: x, ports: ['{6000 + i}:80'], networks: {{default: {{aliases: [q]}}}}}}\n"
        ),
        ".env": _each(n // 4, lambda i: f"A{i}=http://q:80/\n"),
    },
    "ports of a broker": lambda n: {
        "compose.yaml": f"services:\n  kafka:\n    image: apache/kafka\n    ports: ['1-{n * 8}:1-{n * 8}']\n"
        + "    environment:\n      KAFKA_ADVERTISED_LISTENERS: 'A://localhost:60000,B://localhost:60001'\n",
        ".env": _each(n, lambda i: f"A{i}=kafka:9092\n"),
    },
    "ports of a service": lambda n: {
        "compose.yaml": f"services:\n  db: {{image: x, ports: ['1-{n * 4}:1-{n * 4}']}}\n",
        ".env": _each(n, lambda i: f"A{i}=http://db:80/\n"),
    },
}


@pytest.mark.parametrize("make", HOST_COSTS.values(), ids=HOST_COSTS)
def test_what_the_way_back_costs_is_in_proportion(make: Callable[[int], dict[str, str]]) -> None:
    assert_project_in_proportion(make, to="host")


def test_a_default_of_dots_ends_soon_and_small() -> None:
    entry = f"services: {{api: {{image: x, environment: {{B: '${{A:-{'a.' * 200_000}}}'}}}}}}\n"
    assert_ends({"compose.yaml": entry.encode(), ".env": b"A=localhost:5433\n"}, None)


@pytest.mark.parametrize("make", PROJECT_COSTS.values(), ids=PROJECT_COSTS)
def test_what_a_project_costs_is_in_proportion(make: Callable[[int], dict[str, str]]) -> None:
    assert_project_in_proportion(make)


# A configuration with so many words, beside as many variables.
CONFIGURED: dict[str, Callable[[int], str]] = {
    "names in keep": lambda n: f"keep = {[f'A{i}' for i in range(n)]}",
    "beginnings in keep": lambda n: f"keep = {[f'B{i}_*' for i in range(n)]}",
    "endings in browser": lambda n: f"browser = {[f'*_{i}' for i in range(n)]}",
    "beginnings in map": lambda n: "[map]\n" + "".join(f"'B{i}_*' = 'db:1'\n" for i in range(n)),
    "addresses in map": lambda n: "[map]\n" + "".join(f"'127.0.0.1:{i}' = 'db:1'\n" for i in range(n)),
    "beginnings in readers": lambda n: "[readers]\n" + "".join(f"'B{i}_*' = ['api']\n" for i in range(n)),
}


@pytest.mark.parametrize("make", CONFIGURED.values(), ids=CONFIGURED)
def test_what_a_configuration_costs_is_in_proportion(make: Callable[[int], str]) -> None:
    assert_project_in_proportion(
        lambda many: {"compose.yaml": API, ".env": _variables(many), ".envfix.toml": make(many)}
    )


def assert_project_in_proportion(make: Callable[[int], dict[str, str]], to: str = "container") -> None:
    def seconds(many: int) -> float:
        files = {name: text.encode() for name, text in make(many).items()}
        with folders.project(files) as folder, watchdog.bounded(60):
            start = time.process_time()
            planning.make(planning.Request(folder, environ={}, to=to))
            return time.process_time() - start

    seconds(1)  # what is loaded once
    growth.assert_in_proportion(seconds, 100)


def assert_ends(files: dict[str, bytes], said: str | None) -> None:
    with folders.project(files) as folder, watchdog.bounded(30, 600):
        request = planning.Request(folder, environ={})
        if said is None:
            planning.make(request)
            return
        with pytest.raises(EnvfixError, match=said) as told:
            planning.make(request)
        assert "\n" not in str(told.value)


# A log with so many failures of a project with so many services or variables.
LOGS: dict[str, Callable[[int], tuple[str, str, str]]] = {
    "failures and variables": lambda n: (
        "services:\n  db: {image: x, ports: ['5433:5432']}\n" + READ,
        _each(n * 4, lambda i: f"A{i}=http://localhost:{20000 + i}\n"),
        _each(n * 8, lambda i: f"Error: connect ECONNREFUSED 127.0.0.1:{30000 + i}\n"),
    ),
    "services that share values which double": lambda n: (
        "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + "  api: &a {image: x, env_file: .env}\n"
        + _each(n, lambda i: f"  s{i}: *a\n"),
        "A0=xxxxxxxx\n"
        + "".join(f"A{i}=${{A{i - 1}}}${{A{i - 1}}}\n" for i in range(1, 15))
        + "U=http://localhost:5433/$A14\n",
        "Error: connect ECONNREFUSED 127.0.0.1:5433\n",
    ),
    "ports of a service that variables name": lambda n: (
        f"services:\n  db: {{image: x, ports: ['1-{n * 8}:10001-{10000 + n * 8}']}}\n" + READ,
        _each(n // 2, lambda i: f"A{i}=http://db:{30001 + i}/\nPOSTGRES_{i}_HOST=localhost\n"),
        _each(n // 4, lambda i: f"api-1 | Error: connect ECONNREFUSED 127.0.0.1:{40000 + i}\n"),
    ),
    "services that share variables": lambda n: (
        "services:\n" + _each(n // 8, lambda i: f"  s{i}: {{image: x, ports: ['{6000 + i}:80'], env_file: .env}}\n"),
        _each(n // 8, lambda i: f"A{i}=http://localhost:{6000 + i}/\n"),
        _each(n // 8, lambda i: f"s{i}-1  | Error: connect ECONNREFUSED 127.0.0.1:{6000 + i}\n"),
    ),
    "services that no project has": lambda n: (
        "services:\n  db: {image: x, ports: ['5433:5432']}\n"
        + _each(10, lambda i: f"  s{i}: {{image: x, env_file: .env}}\n"),
        _each(n, lambda i: f"A{i}=http://h{i}:1\n"),
        _each(n + 100, lambda i: f'{{"com.docker.compose.service":"x{i}"}} connect ECONNREFUSED 127.0.0.1:1\n')
        + _each(n * 8, lambda i: f"connection refused thing{i} zz\n"),
    ),
    "services that write in turn": lambda n: (
        "services:\n"
        + _each(n // 5, lambda i: f"  s{i}: {{image: x, environment: {{A: 'http://h{i}:1', B: 'http://g{i}:1'}}}}\n"),
        "",
        _each(n * 8, lambda i: f"s{i % (n // 5)}-1  | connection refused thing{i} zz\n"),
    ),
    "names of its own for each service, beside those of many networks": lambda n: (
        f"x-n: &n {{{', '.join(f'n{i}: {{}}' for i in range(n // 8))}}}\nservices:\n"
        + "  db: &db {image: 'postgres:17', ports: ['5433:5432'], networks: *n}\n"
        + _each(n // 4, lambda i: f"  t{i}: *db\n")
        + _each(n // 8, lambda i: f"  u{i}: {{image: x, environment: {{A: 'http://h{i}:1/'}}}}\n")
        + "networks: *n\n",
        "",
        "Error: connect ECONNREFUSED 127.0.0.1:5433\n",
    ),
    "variables without an address that services share": lambda n: (
        "services:\n  api: &a {image: x, env_file: .env}\n" + _each(n * 2, lambda i: f"  s{i}: *a\n"),
        _each(n * 3, lambda i: f"A{i}_PORT=5433\n"),
        "Error: connect ECONNREFUSED 127.0.0.1:5433\n",
    ),
    "names of hosts": lambda n: (
        "services:\n  db: {image: x, ports: ['5433:5432']}\n" + READ,
        _each(n * 4, lambda i: f"A{i}=http://h{i}.x:80\n"),
        _each(n * 4, lambda i: f"connection refused {i} hhhhh h h h h h1 h2 h3 h4h h5 h6 h7\n"),
    ),
}


@pytest.mark.parametrize("make", LOGS.values(), ids=LOGS)
def test_what_a_log_costs_is_bounded(make: Callable[[int], tuple[str, str, str]]) -> None:
    compose, env, log = make(1000)
    with folders.project({"compose.yaml": compose.encode(), ".env": env.encode()}) as folder, watchdog.bounded(30, 600):
        made = planning.make(planning.Request(folder, environ={}))
        every = Destinations(made.plan, made.reading, made.code)
        blame(failures([log.encode()], service_names(made.reading.project), every.wanted), every)
