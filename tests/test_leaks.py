"""No secret in any output: canaries in every place where secrets stand, through every format, option and error path.

Each canary begins with Zq and ends with qZ, and nothing else holds these letters: half a canary is found too.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from envfix.cli import main
from envfix.formats import FORMATS
from envfix.planning import Request, make

ROOT = Path(__file__).parents[1]
CANARY = re.compile(r"Z[\x00-\x20]*q|q[\x00-\x20]*Z|WnE|cVo")  # plain, split by a control character, in base64
# What must not come out of a file: escape sequences, and characters that are not seen or turn the line around.
FORGERY = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")

ENV = r"""
# once: OLD_URL=postgres://admin:Zq01aaaaaaqZ@localhost:5433/app
DATABASE_URL=postgres://app:Zq02bbbbbbqZ@localhost:5433/app  # the password is Zq03ccccccqZ
QUOTED_URL="postgres://app:Zq04dd\"dd\n$$ddqZ@localhost:5433/app"
SINGLE_URL='postgres://app:Zq05ee$eeeeqZ@localhost:5433/app'
export EXPORTED_URL=postgres://app:Zq06%40ffffqZ@localhost:5433/app?password=Zq07ggggggqZ&sslkey=Zq08hhhhhhqZ#Zq09iiiiiiqZ
TOKEN_URL=http://Zq10jjjjjjqZ@localhost:6382/hook/Zq11kkkkkkqZ/Zq12llllllqZ
AT_URL=postgres://app:Zq13@m/m?m#mqZ@localhost:5433/app
DECOY_URL=postgres://app:Zq14-localhost:5433-qZ@localhost:5433/app
MANY_URL=mongodb://app:Zq15oooooqZ@localhost:27018,localhost:27018/app?authSource=Zq16ppppppqZ
LIBPQ="host=localhost port=5433 user=app password=Zq17qqqqqZ dbname=app"
LIBPQ_QUOTED="host=localhost port=5433 password='Zq18 rrr rrqZ' dbname=app"
ADO="Server=localhost,1434;User Id=app;Password=Zq19sssssqZ;Database=app"
JDBC=jdbc:postgresql://localhost:5433/app?user=app&password=Zq20tttttqZ
GO_DSN=app:Zq21uuuuuqZ@tcp(localhost:3307)/app
PHP_DSN="pgsql:host=localhost;port=5433;dbname=app;password=Zq22vvvvvqZ"
JSON_URL='{"url": "postgres://app:Zq23wwwwwqZ@localhost:5433/app", "key": "Zq24xxxxxqZ"}'
LIST=http://localhost:6382,Zq25yyyyyqZ,postgres://a:Zq26zzzzzqZ@localhost:5433/b
FLAGS="--host localhost --port 5433 --password Zq27aaaaaqZ --token=Zq28bbbbbqZ"
HEADER="http://localhost:6382 Authorization: Bearer Zq29cccccqZ"
BASE64_NEAR=http://localhost:6382/?auth=WnEzMGRkZGRkcVo=
BASIC=http://WnEzMWVlZWVlOnFa@localhost:6382/
CACHE_HOST=localhost
CACHE_PORT=6380
CACHE_PASSWORD=Zq32fffffqZ
SECRET_KEY=Zq33gggggqZ
MULTILINE="-----BEGIN KEY-----
Zq34hhhhhqZ
http://localhost:6382/Zq35iiiiiqZ
-----END KEY-----"
COMPOSED=postgres://app:${SECRET_KEY}@localhost:5433/app
DEFAULTED=postgres://app:${NONE:-Zq36jjjjjqZ}@localhost:5433/app
NOT_UTF8=postgres://app:Zq37!!kkkqZ@localhost:5433/app
ESCAPES=postgres://app:Zq38]52;c;llqZ@localhost:5433/app
NEXT_PUBLIC_URL=http://localhost:8080/?key=Zq39mmmmmqZ
NO_TARGET_URL=http://app:Zq40nnnnnqZ@localhost:9999/
PUBLISHED_URL=postgres://app:Zq41oooooqZ@db:5433/app
GATEWAY_URL=postgres://app:Zq42pppppqZ@host.docker.internal:5433/app
HOST_WAY_URL=postgres://app:Zq43qqqqqZ@db:5432/app
ASKED_URL=http://app:Zq44rrrrrqZ@localhost:8080/
MAIL=Zq45sssssqZ@localhost
TWICE=postgres://app:Zq46tttttqZ@localhost:5433/app
TWICE=postgres://app:Zq47uuuuuqZ@localhost:5433/app
# envfix: keep
PINNED_URL=postgres://app:Zq48vvvvvqZ@localhost:5433/app
USER_KEY=http://Zq49wwwwwqZ:Zq50xxxxxqZ@localhost:6382/
"""
COMPOSE = """
x-secret: &secret Zq60aaaaaqZ
services:
  web:
    image: registry/Zq61bbbbbqZ
    env_file: [.env]
    ports: ["8080:8080"]
    environment:
      LITERAL: postgres://app:Zq62cccccqZ@localhost:5433/app
      DEFAULT: ${UNSET:-postgres://app:Zq63dddddqZ@localhost:5433/app}
      PASSWORD: *secret
      THROUGH: ${DATABASE_URL}
    command: ["serve", "--db", "postgres://app:Zq64eeeeeqZ@localhost:5433/app", "--token", "Zq65fffffqZ"]
    labels: {token: Zq66gggggqZ, url: "http://localhost:6382/${SECRET_KEY}"}
    healthcheck: {test: "curl http://u:Zq67hhhhhqZ@localhost:8080/"}
    build: {context: ., args: {TOKEN: Zq68iiiiiqZ, URL: "http://localhost:6382/Zq69jjjjjqZ"}}
    depends_on: [db]
  other: {build: other, env_file: .env, ports: ["8081:8080"]}
  db: {image: postgres, ports: ["5433:5432"], environment: {POSTGRES_PASSWORD: Zq70kkkkkqZ}}
  cache: {image: redis, ports: ["6380:6379"], command: redis-server --requirepass Zq71lllllqZ}
  mongo: {image: mongo, ports: ["27018:27017"]}
  search: {image: elasticsearch:8.15.0, ports: ["6382:9200"]}
  reports: {image: mcr.microsoft.com/mssql/server, ports: ["1434:1433"]}
  shop: {image: mysql, ports: ["3307:3306"]}
"""
LOGS = """\
web-1  | connect ECONNREFUSED 127.0.0.1:5433 postgres://app:Zq80aaaaaqZ@localhost:5433/app token=Zq81bbbbbqZ
web-1  | dial tcp [::1]:6380: connect: connection refused Authorization: Bearer Zq82cccccqZ
web-1  | \x1b[31mgetaddrinfo ENOTFOUND nowhere\x1b[0m password=Zq83dddddqZ
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaks") / "project"
    folder.mkdir()
    text = ENV.encode().replace(b"!!", b"\xff\xfe").replace(b"]52;c;", b"\x1b]52;c;\xe2\x80\xae\xc2\x9b")
    (folder / ".env").write_bytes(text)
    (folder / "compose.yaml").write_text(COMPOSE)
    (folder / "logs").write_text(LOGS)
    return folder


@pytest.fixture
def project(model, tmp_path):
    return Path(shutil.copytree(model, tmp_path / "project"))


@pytest.fixture
def envfix(monkeypatch, tmp_path):
    """The command line in this process: takes the folder and the arguments, gives the status and all that was said."""
    for key in [key for key in os.environ if key.startswith(("COMPOSE_", "XDG_", "NO_COLOR"))]:
        monkeypatch.delenv(key)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))

    def run(project: Path, *args: str) -> tuple[int, str]:
        streams = {
            "stdin": io.TextIOWrapper(io.BytesIO()),
            "stdout": io.TextIOWrapper(io.BytesIO(), "utf-8"),
            "stderr": io.TextIOWrapper(io.BytesIO(), "utf-8", "backslashreplace"),
        }
        with monkeypatch.context() as patch:
            patch.chdir(project)
            for name, stream in streams.items():
                patch.setattr(sys, name, stream)
            with pytest.raises(SystemExit) as left:
                main(list(args))
            for name in ("stdout", "stderr"):
                streams[name].flush()
        said = streams["stdout"].buffer.getvalue() + streams["stderr"].buffer.getvalue()
        return int(left.value.code or 0), said.decode("utf-8", "replace")

    return run


def drop(path: Path, start: bytes) -> None:
    path.write_bytes(b"".join(line for line in path.read_bytes().splitlines(True) if not line.startswith(start)))


def judge(output: str) -> None:
    """No canary, no traceback (it could hold one), nothing that forges what a person sees."""
    lines = [line for line in output.splitlines() if CANARY.search(line)]
    assert lines == []
    assert "Traceback" not in output
    plain = re.sub("\x1b\\[[0-9;]*m", "", output)  # envfix's own colours
    assert [line for line in plain.split("\n") if FORGERY.search(line)] == []


RUNS = [
    *(f"--format {name}" for name in FORMATS),
    *(f"--format {name} -v" for name in FORMATS),
    *(f"--format {name} --compose --host-gateway" for name in FORMATS),
    *(f"--format {name} --to host -v" for name in FORMATS),
    *(f"--write --format {name}" for name in FORMATS),
    "--color always",
    "-q",
    "--strict",
    "--explain '*'",
    "--explain DATABASE_URL --explain MULTILINE -v",
    "--write --compose --host-gateway -v",
    "--write --to host",
    "--write --no-backup -v",
    "--write --backup-dir ../kept",
    "-r",
    "-r -v --format json",
    ".env -v",
    "compose.yaml -v",
    "-f compose.yaml --profile '*' -v",
    ".env --output out.env",
    ".env --output out.env -v --format json",
    "--override override.yaml",
    "--override override.yaml --dry-run",
    "--override override.yaml --format json -v",
    "--logs logs",
    "--logs logs --format json",
    "--logs logs -v",
    "--interactive",
]


@pytest.mark.parametrize("args", RUNS)
def test_no_run_shows_a_secret(envfix, project, args):
    if "--override" in args:  # YAML cannot hold bytes that are not UTF-8, which is an error of its own
        drop(project / ".env", b"NOT_UTF8=")
    status, output = envfix(project, *shlex.split(args))
    assert status in ((0, 1) if args != "--interactive" else (2,)), output
    assert output
    judge(output)


def test_the_way_back_shows_no_secret(envfix, project):
    for args in ("--write", "--restore --list", "--restore", "--restore", "--write", "--restore --force -v"):
        _, output = envfix(project, *args.split())
        judge(output)


def test_show_secrets_shows_them_so_that_this_test_can_fail(envfix, project):
    status, output = envfix(project, "--show-secrets")
    assert status == 1
    assert "Zq02bbbbbbqZ" in output
    with pytest.raises(AssertionError):
        judge(output)


def test_an_output_that_was_asked_for_on_standard_output_is_whole(envfix, project):
    status, output = envfix(project, ".env", "--output", "-", "-q")
    assert status == 0
    assert "Zq33gggggqZ" in output


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_the_dialogue_shows_no_secret(project):
    import pty
    import time

    environ = {**os.environ, "XDG_STATE_HOME": str(project.parent / "state"), "PYTHONPATH": str(ROOT)}
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(project)
        os.execve(sys.executable, [sys.executable, "-m", "envfix", "--interactive"], environ)
    seen, deadline = b"", time.monotonic() + 30
    os.set_blocking(terminal, False)
    while time.monotonic() < deadline and os.waitpid(child, os.WNOHANG) == (0, 0):
        try:
            seen += os.read(terminal, 65536)
            os.write(terminal, b"\n")
        except (BlockingIOError, OSError):
            time.sleep(0.02)
    os.close(terminal)
    text = seen.decode("utf-8", "replace").replace("\r\n", "\n")
    assert len(text) > 200
    assert [line for line in text.splitlines() if CANARY.search(line)] == []
    assert "Traceback" not in text


# Errors and warnings (names of files, services and keys are told: they are names, and a person must find them)

BROKEN_ENV = {
    "an unclosed quote": 'A="Zq90aaaaaqZ\n',
    "an unclosed single quote": "A='Zq90aaaaaqZ\n",
    "a stray line": "Zq90aaaaaqZ Zq91bbbbbqZ\n",
    "a key with a bad character": "A Zq90aaaaaqZ=1\n",
    "text after a closing quote": 'A="b"Zq90aaaaaqZ\n',
    "an unclosed template": "A=${Zq90aaaaaqZ\n",
    "a template with a bad operator": "A=${X%Zq90aaaaaqZ}\n",
    "a required variable with a message": "A=${NONE:?Zq90aaaaaqZ}\n",
    "a required variable named in a default": "A=${NONE:-${NONE2:?Zq90aaaaaqZ}}\n",
    "NUL beside a secret": "A=Zq90aaaaaqZ\0\n",
    "a pin with a whole URL": "# envfix: postgres://u:Zq90aaaaaqZ@db:5432\nA=localhost\n",
    "a remote compose file with a login": "COMPOSE_FILE=https://u:Zq90aaaaaqZ@example.org/compose.yaml\n",
    "a remote compose file behind another": "COMPOSE_FILE=compose.yaml:https://u:Zq90aaaaaqZ@example.org/c.yaml\n",
    "a compose file from a variable": "S=Zq90aaaaaqZ\nCOMPOSE_FILE=${S}\n",
    "a compose file from a variable behind another": 'S=Zq90aaaaaqZ\nCOMPOSE_FILE="compose.yaml:$S"\n',
    "a folder from a variable": "S=Zq90aaaaaqZ\nCOMPOSE_FILE=/${S}/compose.yaml\n",
    "profiles from a variable": "S=Zq90aaaaaqZ\nCOMPOSE_PROFILES=x,${S}\n",
    "a byte that is not UTF-8 in a key": "Zq90\udcffaqZ=1\nB Zq90aaaaaqZ=1\n",
    "an escape sequence in a key": "A\x1b[31mB=Zq90aaaaaqZ\n",
}
BROKEN_COMPOSE = {
    "a port that is none": 'services: {a: {image: x, ports: ["Zq90aaaaaqZ:80"]}}',
    "a port from a variable": 'services: {a: {image: x, ports: ["${S}:80"]}}',
    "a target from a variable": 'services: {a: {image: x, ports: ["80:${S}"]}}',
    "a long port from a variable": "services: {a: {image: x, ports: [{target: '${S}'}]}}",
    "expose from a variable": 'services: {a: {image: x, expose: ["${S}"]}}',
    "a build context from a variable": "services: {a: {build: '${S}'}}",
    "a volume from a variable": "services: {a: {image: x, volumes: ['${S}:${S}:${S}:${S}']}}",
    "an undeclared volume from a variable": "services: {a: {image: x, volumes: ['${S}:/data', '${S:-x}:/more:ro']}}",
    "an undeclared volume at length": "services: {a: {image: x, volumes: [{type: volume, source: '${S}', target: /}]}}",
    "a required variable with a message": "services: {a: {image: '${NONE:?Zq90aaaaaqZ}'}}",
    "an invalid template": "services: {a: {image: 'x', environment: {A: '${Zq90aaaaaqZ!}'}}}",
    "an invalid template beside a value": "services: {a: {image: x, command: 'Zq90aaaaaqZ ${'}}",
    "a duration from a variable": "services: {a: {image: x, stop_grace_period: '${S}'}}",
    "a number from a variable": "services: {a: {image: x, scale: '${S}', deploy: {replicas: '${S}'}}}",
    "a boolean from a variable": "services: {a: {image: x, privileged: '${S}'}}",
    "an environment that is a scalar": "services: {a: {image: x, environment: Zq90aaaaaqZ}}",
    "an environment with a list in it": "services: {a: {image: x, environment: {A: [Zq90aaaaaqZ]}}}",
    "an environment entry that is a map": "services: {a: {image: x, environment: [{A: Zq90aaaaaqZ}]}}",
    "an unclosed string": 'services: {a: {image: x, environment: {A: "Zq90aaaaaqZ}}}\n',
    "a tab after a secret": "services:\n  a:\n    environment:\n      A: Zq90aaaaaqZ\n\tB: 1\n",
    "a bad indent under a secret": "services:\n  a:\n    image: Zq90aaaaaqZ\n   command: x\n",
    "a doubled key": "services: {a: {image: x, environment: {A: Zq90aaaaaqZ, A: Zq91bbbbbqZ}}}",
    "a custom tag": "services: {a: {image: x, environment: {A: !x Zq90aaaaaqZ}}}",
    "a whole file that is a scalar": "Zq90aaaaaqZ",
    "a profile from a variable": "services: {a: {image: x, profiles: ['${S}']}}",
    "a login of a remote include": "include: ['https://u:Zq90aaaaaqZ@example.org/c.yaml']\nservices: {a: {image: x}}",
    "a login of a remote base": "services: {a: {extends: {service: a, file: 'https://Zq90aaaaaqZ@example.org/c'}}}",
    "a login of a build's context": "services: {a: {build: 'https://u:Zq90aaaaaqZ@example.org/x.git#:a'}}",
    "a login of a context beside it": (
        "services: {a: {build: {context: ., additional_contexts: {b: 'https://u:Zq90aaaaaqZ@example.org/x'}}}}"
    ),
    "a login of a volume": "services: {a: {image: x, volumes: ['ssh://u:Zq90aaaaaqZ@h:/data']}}",
}
ERROR_RUNS = ["", "-v", "--format json", "--write", "--explain *", "--format sarif", "--format github -v"]


@pytest.mark.parametrize("text", BROKEN_ENV.values(), ids=BROKEN_ENV)
def test_a_broken_env_file_is_told_without_its_secrets(envfix, tmp_path, text):
    project = tmp_path / "project"
    project.mkdir()
    (project / ".env").write_bytes(text.encode("utf-8", "surrogateescape"))
    (project / "compose.yaml").write_text("services: {a: {image: x, env_file: .env}, db: {image: postgres}}\n")
    for args in ERROR_RUNS:
        status, output = envfix(project, *args.split())
        assert status in (0, 1, 2)
        judge(output)


def test_a_projects_name_from_a_variable_is_told_as_it_is_written(envfix, tmp_path, monkeypatch):
    monkeypatch.setenv("SHELLS_OWN", "0123abcd")
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=${SHELLS_OWN}\n")
    (tmp_path / "compose.yaml").write_text("services: {a: {image: x, env_file: .env}}\n")
    for args in ("-v", "--format json"):
        _, output = envfix(tmp_path, *args.split())
        assert "${SHELLS_OWN}" in output
        assert "0123abcd" not in output


@pytest.mark.parametrize("text", BROKEN_COMPOSE.values(), ids=BROKEN_COMPOSE)
def test_a_broken_compose_file_is_told_without_its_secrets(envfix, tmp_path, text):
    project = tmp_path / "project"
    project.mkdir()
    (project / ".env").write_text("S=Zq92cccccqZ\nA_URL=http://localhost:80/Zq93dddddqZ\n")
    (project / "compose.yaml").write_text(text)
    for args in ERROR_RUNS:
        status, output = envfix(project, *args.split())
        assert status in (0, 1, 2)
        judge(output)


BROKEN_SETTINGS = {
    "a whole URL as a target": 'map = { "localhost:80" = "postgres://u:Zq90aaaaaqZ@db:5432" }',
    "a whole URL as a name": 'keep = ["postgres://u:Zq90aaaaaqZ@db:5432/x"]',
    "a whole URL as a service": 'readers = { "A" = ["http://u:Zq90aaaaaqZ@db"] }',
    "a whole URL as a reader": 'readers = { "http://u:Zq90aaaaaqZ@db" = [] }',
    "a whole URL as a file": 'env_files = { "http://u:Zq90aaaaaqZ@db/x" = ["a"] }',
    "a connection string as a target": 'map = { "localhost:80" = "Server=db;Password=Zq90aaaaaqZ" }',
    "a value that is not closed": 'keep = ["Zq90aaaaaqZ',
    "a value of the wrong type": 'keep = "Zq90aaaaaqZ"',
}


@pytest.mark.parametrize("text", BROKEN_SETTINGS.values(), ids=BROKEN_SETTINGS)
def test_a_broken_configuration_is_told_without_its_secrets(envfix, tmp_path, text):
    project = tmp_path / "project"
    project.mkdir()
    (project / ".env").write_text("A_URL=http://localhost:80/\n")
    (project / "compose.yaml").write_text("services: {a: {image: x, env_file: .env}, db: {image: postgres}}\n")
    for name, table in ((".envfix.toml", ""), ("pyproject.toml", "[tool.envfix]\n")):
        (project / name).write_text(table + text)
        for args in ERROR_RUNS:
            status, output = envfix(project, *args.split())
            assert status in (0, 1, 2)
            judge(output)
        (project / name).unlink()


@pytest.mark.parametrize("name", ["a\x1b[31mb", "a\u202eb", "a\nb", "a\u200bb", "a\x9bb"], ids=ascii)
@pytest.mark.skipif(os.name == "nt", reason="such names cannot be on Windows")
def test_names_of_files_and_services_cannot_forge_what_is_printed(envfix, tmp_path, name):
    project = tmp_path / "project"
    project.mkdir()
    (project / name).mkdir()
    (project / name / ".env").write_text(f'URL=postgres://localhost:5433/x\n"{name}"=1\n')
    (project / ".env").write_text("URL=postgres://localhost:5433/x\n")
    (project / "compose.yaml").write_text(
        f'services: {{a: {{image: x, env_file: [.env, "{ascii(name)[1:-1]}/.env"]}}, '
        "db: {image: postgres, ports: ['5433:5432']}}\n"
    )
    for args in (*ERROR_RUNS, "--restore --list"):
        _, output = envfix(project, *args.split())
        judge(output)
    _, output = envfix(project, name)
    judge(output)


# The library


def test_what_the_library_hands_out_has_no_secret_in_its_repr(project, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(project.parent / "state"))
    import envfix as library
    import envfix.compose

    plan = library.plan(project)
    read = library.compose.load_project(project)
    assert plan.patches
    made = make(Request(str(project)))
    assert made.decided
    reprs = map(repr, (plan, plan.patches, plan.references, read, [*read.services.values()], read.contexts, made))
    for text in (*reprs, str(plan.patches[0]), plan.patches[0].diff()):
        judge(text)
    assert "Zq02bbbbbbqZ" in plan.patches[0].diff(show_secrets=True)


def test_an_exception_of_the_library_has_no_secret(tmp_path):
    import envfix as library
    import envfix.compose

    (tmp_path / "compose.yaml").write_text("services: {a: {image: x}}\n")
    (tmp_path / ".env").write_text('A="Zq90aaaaaqZ\n')
    with pytest.raises(library.EnvfixError) as caught:
        library.plan(tmp_path)
    judge(str(caught.value) + repr(caught.value) + repr(caught.value.args))
