"""Every error that a person can meet, through the real command: one line, the way out, status 2, nothing changed."""

from __future__ import annotations

import contextlib
import gzip
import itertools
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from envfix.errors import EnvfixError

SECRET = "hunter2"
COMPOSE = "services:\n  web: {build: ., env_file: .env}\n  db: {image: postgres, ports: ['5433:5432']}\n"
ENV = f"DATABASE_URL=postgres://u:{SECRET}@localhost:5433/app\n"
ROOT = Path(__file__).parents[1]
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions, links and signals")
NOBODY = 65534


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    put(folder / "compose.yaml", COMPOSE)
    put(folder / ".env", ENV)
    return folder


def put(path: Path, text: str | bytes, mode: int = 0o644) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    path.chmod(mode)
    return path


def environment(project: Path, **more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COMPOSE_", "XDG_"))}
    home = str(project.parent / "home")
    return {**kept, "HOME": home, "XDG_STATE_HOME": home + "/state", "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


def envfix(project: Path, *args: str, environ: dict[str, str] | None = None, **options):
    return subprocess.run(
        [sys.executable, "-m", "envfix", *args],
        cwd=project,
        env=environ or environment(project),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
        **options,
    )


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def within(project, monkeypatch, capsys):
    """As `envfix`, in this process: for what needs no process of its own, in a tenth of the time."""

    def run(*args: str) -> Done:
        from envfix.cli import main

        capsys.readouterr()
        with monkeypatch.context() as here:
            here.chdir(project)
            for name in os.environ.keys() - environment(project).keys():
                here.delenv(name)
            for name, value in environment(project).items():
                here.setenv(name, value)
            with pytest.raises(SystemExit) as left:
                main(list(args))
        return Done(int(left.value.code or 0), *capsys.readouterr())

    return run


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes | str]]:
    """Kind, mode, size and content of everything in `folder`."""
    found = {}
    for path in sorted(folder.rglob("*")):
        info = path.lstat()
        content: bytes | str = b""
        if stat.S_ISLNK(info.st_mode):
            content = os.readlink(path)
        elif stat.S_ISREG(info.st_mode) and info.st_size < 1 << 20:
            content = path.read_bytes()
        found[str(path.relative_to(folder))] = (info.st_mode, info.st_size if not path.is_dir() else 0, content)
    return found


def sparse(path: Path, size: int) -> None:
    with open(path, "wb") as file:
        file.truncate(size)


class Case(NamedTuple):
    """What is wrong, how it comes about, the arguments, and what the one line says."""

    lesson: str
    prepare: Callable[[Path], object]
    args: str
    sentence: str
    status: int = 2


def env(text: str | bytes, mode: int = 0o644) -> Callable[[Path], object]:
    return lambda project: put(project / ".env", text, mode)


def instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    def prepare(project: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            (project / name).unlink()
        make(project / name)

    return prepare


def compose(text: str | bytes) -> Callable[[Path], object]:
    return lambda project: put(project / "compose.yaml", text)


def configured(text: str) -> Callable[[Path], object]:
    return lambda project: put(project / ".envfix.toml", text + "\n")


def broken(at: int) -> bytes:
    """A gzip file with one byte that is another."""
    data = bytearray(gzip.compress(bytes(range(256)) * 8, mtime=0))
    data[at] ^= 0xFF
    return bytes(data)


def nothing(project: Path) -> None:
    """Everything is as it should be."""


def backup_exists(project: Path) -> None:
    assert envfix(project, "--write").returncode == 0
    put(project / ".env", "DATABASE_URL=edited\n")


CASES = [
    # compose files
    Case(
        "no compose file, and another of a like name nearby",
        lambda p: (p / "compose.yaml").rename(p / "my-compose.yml"),
        "",
        r"compose\.yaml.*my-compose\.yml",
    ),
    Case("a compose file that was named is missing", nothing, "-f none.yaml", r"none\.yaml"),
    Case("a compose file is a folder", instead("compose.yaml", Path.mkdir), "", r"compose\.yaml.*folder"),
    Case("a compose file is a fifo", instead("compose.yaml", os.mkfifo), "", r"compose\.yaml"),
    Case("malformed YAML", compose("services:\n  web: [1\n"), "", r"compose\.yaml:\d+(:\d+)?: "),
    Case("a tab in YAML", compose("services:\n\tweb: {}\n"), "", r"compose\.yaml:2"),
    Case("a compose file that is no map", compose("[1, 2]\n"), "", r"compose\.yaml"),
    Case("a compose file that is not UTF-8", compose(COMPOSE.encode() + b"# \xff\n"), "", r"compose\.yaml"),
    Case("a compose file over 4 MB", instead("compose.yaml", lambda p: sparse(p, 5 << 20)), "", r"compose\.yaml.*4 M"),
    Case("a billion laughs in YAML", compose("a: &a [1]\nb: &b [*a,*a]\nservices: 3\n"), "", r"compose\.yaml"),
    Case("an include that is missing", compose(COMPOSE + "include: [gone.yaml]\n"), "", r"gone\.yaml"),
    # env files
    Case("an env file that was named is missing", nothing, "none.env", r"none\.env"),
    Case("an --env-file is missing", nothing, "--env-file none.env", r"none\.env"),
    Case("an env file is a folder", instead(".env", Path.mkdir), "--env-file .env", r"\.env.*folder"),
    Case("an env file is a fifo", instead(".env", os.mkfifo), ".env", r"\.env.*(fifo|pipe)"),
    Case("an env file is a device", nothing, "--env-file /dev/zero", r"/dev/zero.*device"),
    Case("an env file is a broken link", instead(".env", lambda p: p.symlink_to("gone")), ".env", r"\.env"),
    Case("an env file is a link in a circle", instead(".env", lambda p: p.symlink_to(".env")), ".env", r"\.env"),
    Case("UTF-16, as PowerShell writes it", env(ENV.encode("utf-16")), "", r"\.env.*UTF-16"),
    Case("NUL bytes", env(b"A=1\0\n"), "", r"\.env.*NUL"),
    Case("100 MB", instead(".env", lambda p: sparse(p, 100 << 20)), "", r"\.env.*16 M"),
    Case("an unclosed quote", env(f'A=1\nB="{SECRET}\n'), "", r"\.env:2(:\d+)?: .*quote"),
    Case("a stray line", env(f"A=1\n{SECRET} {SECRET}\n"), "", r"\.env:2(:\d+)?: "),
    Case("a malformed template in a value", env(f"A=${{{SECRET}\nB=1\n"), "", r"\.env:1(:\d+)?: "),
    # configuration
    Case("an unknown key", lambda p: put(p / ".envfix.toml", "kept = []\n"), "", r"\.envfix\.toml.*kept.*keep"),
    Case("a wrong type", lambda p: put(p / ".envfix.toml", "keep = 3\n"), "", r"\.envfix\.toml.*keep"),
    Case("broken TOML", lambda p: put(p / ".envfix.toml", "keep = [\n"), "", r"\.envfix\.toml"),
    Case(
        "a map to a service that is not there",
        lambda p: put(p / ".envfix.toml", 'map = {"localhost:5433" = "dbb:5432"}\n'),
        "",
        r"\.envfix\.toml.*dbb",
    ),
    Case("TOML that nests without end", configured("keep = " + "[" * 5000), "", r"\.envfix\.toml.*nests too deeply"),
    Case("TOML with a number without end", configured("keep = " + "9" * 5000), "", r"\.envfix\.toml.*too long"),
    Case("a key without end", configured("k" * 5000 + " = []"), "", r"\.envfix\.toml:1: unknown key .{,200}$"),
    Case("a table in a table", configured("[readers.a]\nb = 1"), "", r"\.envfix\.toml.*'a' must be a list"),
    Case("a configured path with NUL", configured('env_files = {"a\\u0000b" = []}'), "", r"\.envfix\.toml.*no name"),
    Case("a pin to a service that is not there", env("# envfix: dbb:5432\n" + ENV), "", r"\.env:\d(:\d+)?: .*dbb"),
    # writing
    Case("a read-only file", env(ENV, 0o444), "--write", r"\.env: is read-only"),
    Case("several hard links", lambda p: os.link(p / ".env", p / "twin"), "--write", r"\.env: has 2 hard links"),
    Case(
        "a link out of the project",
        instead(".env", lambda p: p.symlink_to(put(p.parent.parent / "far" / ".env", ENV))),
        "--write",
        r"far/\.env: lies outside the project's folder",
    ),
    Case(
        "a home folder that takes no backup",
        lambda p: put(p.parent / "home", ""),
        "--write",
        r"backup cannot be made: .*--backup-dir.*--no-backup",
    ),
    Case(
        "a backup folder that is a file",
        lambda p: put(p.parent / "taken", ""),
        "--write --backup-dir ../taken",
        r"backup cannot be made",
    ),
    Case(
        "a backup folder that an image build would copy",
        lambda p: put(p / "Dockerfile", "FROM x\nCOPY . .\n"),
        "--write --backup-dir kept",
        r"image build in .* could copy these backups",
    ),
    # restoring
    Case("nothing to restore", nothing, "--restore", r"no write of envfix to undo", status=1),
    Case("no backups to list", nothing, "--restore --list", r"no backups", status=1),
    Case("newer content", backup_exists, "--restore", r"\.env: was changed after the write .*--force"),
    # files of their own
    Case("an output that exists", lambda p: put(p / "out", ""), ".env --output out", r"out: exists already.*--force"),
    Case("an output in a folder that is missing", nothing, ".env --output none/out", r"none/out: its folder"),
    Case("an output that is a folder", lambda p: (p / "out").mkdir(), ".env --output out --force", r"out: is a folder"),
    Case("an output that is the source", nothing, ".env --output .env --force", r"\.env: .*--write"),
    Case("an override that exists", lambda p: put(p / "o.yaml", ""), "--override o.yaml", r"o\.yaml: exists already"),
    Case("an override that is read", nothing, "--override compose.yaml --force", r"compose\.yaml: is read for this"),
    Case("an override that is the env file", nothing, "--override .env --force", r"\.env: is read for this"),
    Case("an output that is read", nothing, ".env --output compose.yaml --force", r"compose\.yaml: is read for this"),
    # logs
    Case("logs that are missing", nothing, "--logs none.log", r"none\.log"),
    Case(
        "logs whose gzip ends too early", lambda p: put(p / "l", gzip.compress(b"x")[:12]), "--logs l", r"l: .*damaged"
    ),
    Case("logs whose gzip is broken", lambda p: put(p / "l", broken(20)), "--logs l", r"l: .*damaged"),
    Case("logs whose gzip has a wrong sum", lambda p: put(p / "l", broken(-6)), "--logs l", r"l: .*damaged"),
    Case(
        "logs with more behind the gzip",
        lambda p: put(p / "l", gzip.compress(b"x") + b"hunter2"),
        "--logs l",
        "damaged",
    ),
    Case("logs that are a folder", lambda p: (p / "logs").mkdir(), "--logs logs", r"logs"),
]


@posix
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.lesson)
def test_an_error_is_one_line_with_the_way_out(project, within, case):
    case.prepare(project)
    before = snapshot(project)
    done = within(*case.args.split())
    told = done.stderr + done.stdout
    assert "Traceback" not in told
    assert done.returncode == case.status, told
    line = re.search(rf"^envfix: .*(?:{case.sentence}).*$", done.stderr, re.MULTILINE)
    assert line, told
    assert [one for one in done.stderr.splitlines() if one.startswith("envfix: ")] == [line[0]]
    assert SECRET not in told
    assert str(ROOT) not in told
    assert snapshot(project) == before


JSON_CASES = [case for case in CASES if case.status == 2 and not {"--restore", "--logs"} & set(case.args.split())]


@posix
@pytest.mark.parametrize("case", JSON_CASES, ids=lambda case: case.lesson)
def test_an_error_stands_in_the_json_too(project, within, case):
    import json

    case.prepare(project)
    done = within(*case.args.split(), "--format", "json")
    assert done.returncode == 2, done.stderr
    errors = json.loads(done.stdout)["errors"]
    assert len(errors) == 1
    assert set(errors[0]) == {"path", "line", "message"}
    assert SECRET not in done.stdout + done.stderr


HARMLESS = {
    "a line of 10 MB": (b"A=" + b"x" * (10 << 20) + b"\n" + ENV.encode(), 1),
    "bytes that are not UTF-8": (b"A=\xff\xfe\n" + ENV.encode(), 1),
    "an empty file": (b"", 0),
    "a byte-order mark and nothing else": (b"\xef\xbb\xbf", 0),
    "a missing last newline": (ENV.encode().rstrip(), 1),
}


@pytest.mark.parametrize(("data", "status"), HARMLESS.values(), ids=HARMLESS)
def test_what_only_looks_like_an_error_is_read(project, within, data, status):
    put(project / ".env", data)
    done = within()
    assert (done.returncode, "Traceback" in done.stderr) == (status, False), done.stderr[-2000:]
    assert SECRET not in done.stdout + done.stderr


# Each is read for the number that it may be: Python takes ² and ٣ for digits, and refuses to convert 5,000 of them.
NUMBERS = ["²", "٣", "8²", "9" * 5000, "-1", "0", "65536", "1e4", "0x50", " 80 ", "+80", "8_0"]
NUMBER_PLACES = {
    "a port variable": ("", "DB_HOST=localhost\nDB_PORT={n}\n"),
    "expose": ("  web: {{image: x, env_file: .env, expose: ['{n}']}}", ENV),
    "a range of expose": ("  web: {{image: x, env_file: .env, expose: ['1-{n}']}}", ENV),
    "published": ("  web: {{image: x, env_file: .env, ports: [{{target: 80, published: '{n}'}}]}}", ENV),
    "an environment": ("  web: {{image: x, env_file: .env, environment: {{PORT: '{n}', A: ':{n}'}}}}", ENV),
    "a label": ("  web: {{image: x, labels: {{traefik.http.services.a.loadbalancer.server.port: '{n}'}}}}", ENV),
    "a command": ("  web: {{image: x, command: 'serve --port {n} --bind :{n}', env_file: .env}}", ENV),
    "a healthcheck": ("  web: {{image: x, healthcheck: {{test: 'curl localhost:{n}'}}}}", ENV),
    "an advertised listener": (
        "  k: {{image: apache/kafka, environment: {{KAFKA_ADVERTISED_LISTENERS: 'A://k:{n}'}}}}",
        ENV,
    ),
    "an address": ("", "A=http://localhost:{n}\nB=localhost:{n}\nC=127.0.0.{n}:80\nD=http://{n}/\n"),
}


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number[:5])
@pytest.mark.parametrize(("service", "text"), NUMBER_PLACES.values(), ids=NUMBER_PLACES)
def test_a_number_that_is_none_is_no_reason_for_a_traceback(project, monkeypatch, capsys, number, service, text):
    from envfix.cli import main

    put(project / ".env", text.format(n=number))
    put(project / "compose.yaml", COMPOSE + service.format(n=number) + "\n")
    monkeypatch.chdir(project)
    for args in ([], ["--to", "host"], ["--override", "o.yaml", "--dry-run"]):
        with pytest.raises(SystemExit) as left:
            main(args)
        told = capsys.readouterr()
        assert left.value.code in (0, 1, 2)
        assert "ENVFIX_DEBUG" not in told.err, told.err
        assert SECRET not in told.err + told.out


def test_an_override_for_a_template_is_one_for_the_file_that_it_stands_for(project):
    (project / ".env").rename(project / ".env.example")
    done = envfix(project, "--override", "o.yaml", ".env.example")
    assert (done.returncode, "db:5432" in (project / "o.yaml").read_text()) == (0, True), done.stderr


# What no sentence was written for


def test_an_error_that_nothing_foresaw_is_one_sentence_without_its_text(project, monkeypatch, capsys):
    from envfix import planning
    from envfix.cli import main

    def fails(*_: object, **more: object) -> None:
        raise ValueError(f"{SECRET} is no number")

    monkeypatch.setattr(planning, "load_project", fails)
    monkeypatch.chdir(project)
    for debug in ("", "1"):
        monkeypatch.setenv("ENVFIX_DEBUG", debug)
        for args in ([], ["--format", "json"], ["--write"], ["--logs", "compose.yaml"], ["-r"], ["-r", "--write"]):
            with pytest.raises(SystemExit) as left:
                main(args)
            told = capsys.readouterr()
            assert left.value.code == 2
            assert told.err.count("envfix: ") == 1
            assert re.search("envfix itself is at fault here.*ValueError.*ENVFIX_DEBUG=1.*https://", told.err)
            assert ("planning.py:" in told.err, "Traceback" in told.err) == (debug == "1", False)
            assert SECRET not in told.err + told.out


@pytest.mark.parametrize("args", [[], ["-r"], ["--explain", "A"]], ids=str)
def test_memory_that_runs_out_is_let_go_before_it_is_told(args, project, monkeypatch, capsys):
    from envfix import planning
    from envfix.cli import main, telling

    class Filled(list):
        """What can be asked for after it is gone."""

    filled = []

    def fails(*_: object, **more: object) -> None:
        much = Filled("much")
        filled.append(weakref.ref(much))
        try:
            raise MemoryError
        except MemoryError:
            raise MemoryError from None  # as the next that is tried, a module to import, does not fit either

    def told(error: EnvfixError, cwd: str, real: Callable[[EnvfixError, str], str] = telling.told) -> str:
        return f"{real(error, cwd)} ({len([one for one in filled if one() is not None])} held)"

    monkeypatch.setattr(planning, "load_project", fails)
    monkeypatch.setattr("envfix.cli.telling.told", told)
    monkeypatch.setattr("envfix.cli.recursive.told", told)
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit) as left:
        main(args)
    assert (left.value.code, len(filled)) == (2, 1)
    assert re.search(r"^envfix: .*more memory than there is.*\(0 held\)$", capsys.readouterr().err, re.MULTILINE)


def test_one_project_that_fails_is_no_reason_to_leave_out_the_others(project, monkeypatch, capsys):
    from envfix import planning
    from envfix.cli import main

    shutil.copytree(project, project / "b")
    real = planning.load_project

    def fails(directory: str, **more: object) -> object:
        if directory == str(project):
            raise ValueError(SECRET)
        return real(directory, **more)

    monkeypatch.setattr(planning, "load_project", fails)
    monkeypatch.chdir(project)
    with pytest.raises(SystemExit) as left:
        main(["-r", "--write", "--no-backup"])
    assert left.value.code == 2
    assert ((project / ".env").read_text(), "db:5432" in (project / "b" / ".env").read_text()) == (ENV, True)
    assert SECRET not in "".join(capsys.readouterr())


# What only the system itself can do: a full disk, permissions of others, streams that close, interruptions


@pytest.fixture
def open_place():
    """A folder that every user may enter (pytest's own is closed to others)."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    (folder / "project").mkdir()
    put(folder / "project" / "compose.yaml", COMPOSE)
    put(folder / "project" / ".env", ENV)
    yield folder / "project"
    subprocess.run(["chmod", "-R", "u+rwx", str(folder)], check=False)
    shutil.rmtree(folder)


# Root may do anything, so as root the command gives its rights away first; others may not reach its modules.
AS_NOBODY = f"""
import importlib, os, pkgutil, envfix
for module in pkgutil.walk_packages(envfix.__path__, "envfix."):
    if module.name != "envfix.__main__":
        importlib.import_module(module.name)
import difflib, dotenv, hashlib, json, locale, ruamel.yaml, shlex, tempfile, tomllib
from envfix.cli import main
os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})
main()
"""


def as_somebody(project: Path, *args: str):
    """The command as a user whom permissions bind."""
    if os.geteuid() != 0:
        return envfix(project, *args)
    for path in (project.parent, *project.parent.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    return subprocess.run(
        [sys.executable, "-c", AS_NOBODY, *args],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=60,
    )


PERMISSIONS = {
    "an env file that may not be read": ((".env", 0o000), "", r"\.env: .*permission"),
    "a compose file that may not be read": (("compose.yaml", 0o000), "", r"compose\.yaml.*permission"),
    "a file that may not be written": ((".env", 0o444), "--write", r"\.env: is read-only"),
    "a folder that may not be written": ((".", 0o555), "--write", r"\.env: lies in a read-only folder"),
}


@posix
@pytest.mark.parametrize(("closed", "args", "sentence"), PERMISSIONS.values(), ids=PERMISSIONS)
def test_permissions_that_are_missing_are_told(open_place, closed, args, sentence):
    (open_place / closed[0]).chmod(closed[1])
    done = as_somebody(open_place, *args.split())
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert re.search(f"^envfix: .*{sentence}", done.stderr, re.MULTILINE), done.stderr


@posix
@pytest.mark.parametrize("mode", [0o000, 0o644], ids=["closed", "not to be searched"])
@pytest.mark.parametrize("args", ["--write inner", "-r inner", "--hook inner", "--write --project-directory inner"])
def test_a_folder_that_may_not_be_entered_is_not_taken_for_the_project_around_it(open_place, args, mode):
    inner = open_place / "inner"
    shutil.copytree(open_place, inner)
    for path in (inner, *inner.iterdir()):
        os.chown(path, open_place.stat().st_uid, open_place.stat().st_gid)
    inner.chmod(mode)
    done = as_somebody(open_place, *args.split())
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert "inner" in done.stderr.splitlines()[-1]
    inner.chmod(0o700)
    assert (open_place / ".env").read_text() == (inner / ".env").read_text() == ENV


@posix
def test_a_home_that_may_not_be_written_is_told_with_the_ways_out(open_place):
    (open_place.parent / "home").mkdir(mode=0o555)
    done = as_somebody(open_place, "--write")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert re.search(r"^envfix: .*backup cannot be made: .*permission.*--no-backup", done.stderr, re.MULTILINE)
    assert (open_place / ".env").read_text() == ENV
    assert as_somebody(open_place, "--write", "--no-backup").returncode == 0


@posix
@pytest.mark.parametrize("full", ["the project's disk", "the backups' disk"])
def test_a_disk_that_is_really_full_is_told_and_changes_nothing(open_place, full):
    place = open_place if full.startswith("the project") else open_place.parent / "home" / "state"
    place.mkdir(parents=True, exist_ok=True)
    script = f"""
        mount -t tmpfs -o size=64k none {place} || exit 77
        cp {open_place.parent}/kept/* {open_place.parent}/kept/.env {open_place} 2>/dev/null
        head -c 1000000 /dev/zero > {place}/filling 2>/dev/null
        cd {open_place}; {sys.executable} -m envfix --write; echo status $?; cat .env; ls -A
    """
    shutil.copytree(open_place, open_place.parent / "kept")
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script],
        env=environment(open_place),
        capture_output=True,
        text=True,
        timeout=60,
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no file system may be mounted here: {done.stderr.strip()}")
    assert "Traceback" not in done.stderr
    assert re.search(r"^envfix: .*the disk is full: free some space", done.stderr, re.MULTILINE), done.stderr
    assert "status 2\n" + ENV in done.stdout
    assert "envfix-" not in done.stdout


@posix
@pytest.mark.parametrize("args", ["", "--format json", "-v", "--help", "--schema", "--write", "--explain *"])
def test_standard_output_that_nobody_reads_ends_quietly(project, args):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "envfix", *args.split()],
        cwd=project,
        env=environment(project),
        stdout=writer,
        stderr=subprocess.PIPE,
        text=True,
    )
    os.close(writer)
    assert "Traceback" not in done.stderr
    assert "Broken pipe" not in done.stderr
    assert "Exception ignored" not in done.stderr


@posix
@pytest.mark.parametrize("streams", ["1>&-", "2>&-", "1>&- 2>&-", "0<&-"])
def test_streams_that_are_closed_are_no_reason_for_a_traceback(project, streams):
    command = f"exec {sys.executable} -m envfix --write {streams}"
    done = subprocess.run(["sh", "-c", command], cwd=project, env=environment(project), capture_output=True, text=True)
    assert "Traceback" not in done.stderr
    assert "db:5432" in (project / ".env").read_text()


@posix
def test_questions_need_a_standard_input(project):
    command = f"exec {sys.executable} -m envfix --interactive 0<&-"
    done = subprocess.run(["sh", "-c", command], cwd=project, env=environment(project), capture_output=True, text=True)
    assert (done.returncode, "--interactive needs a terminal" in done.stderr) == (2, True)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
def test_an_output_that_cannot_be_written_is_one_line(project):
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "envfix"],
            cwd=project,
            env=environment(project),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    assert re.search("^envfix: .*(disk is full|No space left)", done.stderr, re.MULTILINE)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")
@pytest.mark.parametrize("words", ["", "--write", "--output o.env", "--logs", "--nothing"])
def test_where_nothing_can_be_told_the_status_still_is(project, words):
    command = f"exec {sys.executable} -m envfix {words} >/dev/full 2>/dev/full"
    done = subprocess.run(["sh", "-c", command], cwd=project, env=environment(project), check=False)
    assert done.returncode == 2


# Runs the command in this interpreter, with Ctrl-C pressed when the n-th function of envfix is entered.
PRESSED = """
import os, sys, signal
at, number, count = int(sys.argv.pop(1)), int(sys.argv.pop(1)), 0
def watch(frame, event, argument):
    global count
    # Not in generators: what is raised while one is closed Python itself drops.
    if event == "call" and "/envfix/" in frame.f_code.co_filename and not frame.f_code.co_flags & 0x20:
        count += 1
        if count == at:
            sys.setprofile(None)
            os.kill(os.getpid(), number)
from envfix.__main__ import end_in_order
from envfix.cli import main
end_in_order()
sys.setprofile(watch)
try:
    main()
finally:
    sys.setprofile(None)
    print("entered", count, file=sys.stderr)
"""


def heard() -> None:
    """In a child: no signal is ignored, as it is where the tests run in the background of a shell."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


@posix
@pytest.mark.slow
def test_a_signal_in_every_phase_ends_a_run_with_all_or_nothing_written(project):
    def pressed(at: int, number: int):
        put(project / ".env", ENV)
        return subprocess.run(
            [sys.executable, "-c", PRESSED, str(at), str(int(number)), "--write"],
            cwd=project,
            env=environment(project),
            capture_output=True,
            text=True,
            preexec_fn=heard,
        )

    total = int(re.search(r"entered (\d+)", pressed(-1, 0).stderr)[1])
    new = (project / ".env").read_text()
    assert total > 200
    found = set()
    numbers = itertools.cycle((signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
    # The first few lead to where Ctrl-C is waited for.
    for at, number in zip(range(5, total, total // 24), numbers, strict=False):
        done = pressed(at, number)
        assert done.returncode == 128 + number, (at, done.stderr)
        assert "Traceback" not in done.stderr, (at, done.stderr)
        assert "envfix: interrupted" in done.stderr
        assert SECRET not in done.stderr
        state = (project / ".env").read_text()
        assert state in (ENV, new), at
        assert sorted(os.listdir(project)) == [".env", "compose.yaml"]
        found.add(state == new)
    assert found == {False, True}


LOADING = """
import os, runpy, signal, sys
class Press:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "click":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Press)
runpy.run_module("envfix", run_name="__main__")
"""


@posix
def test_ctrl_c_while_the_command_is_loading_ends_with_130(project):
    done = subprocess.run(
        [sys.executable, "-c", LOADING],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        preexec_fn=heard,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (130, False)


@posix
def test_a_signal_that_is_ignored_stays_so(project):
    script = f"trap '' HUP; {sys.executable} -c \"$1\" 300 1 --write"
    done = subprocess.run(
        ["sh", "-c", script, "sh", PRESSED], cwd=project, env=environment(project), capture_output=True
    )
    assert (done.returncode, "db:5432" in (project / ".env").read_text()) == (0, True), done.stderr


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_a_run_whose_messages_nobody_reads(project, number):
    read, write = os.pipe()
    os.set_blocking(write, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(write, b"x" * 4096):
            pass
    os.set_blocking(write, True)
    words = [sys.executable, "-m", "envfix", "--format", "json", "no-such-file"]
    given = {"cwd": project, "env": environment(project), "stdout": subprocess.PIPE, "stderr": write}
    with subprocess.Popen(words, preexec_fn=heard, **given) as run:
        try:
            assert run.stdout is not None
            run.stdout.readline()  # after which it tells of the same on standard error, and waits
            run.send_signal(number)
            assert run.wait(60) == 128 + number
        finally:
            run.kill()
            os.close(read)
            os.close(write)


@posix
@pytest.mark.slow
def test_a_run_over_many_projects_that_is_ended_leaves_no_file_half_written_and_no_process(project):
    for number in range(60):
        shutil.copytree(project, project / f"p{number}", ignore=shutil.ignore_patterns("p*"))
    words = [sys.executable, "-m", "envfix", "-r", "--write", "--no-backup"]
    run = subprocess.Popen(words, cwd=project, env=environment(project), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert run.stdout is not None
    run.stdout.readline()
    run.send_signal(signal.SIGTERM)
    _, told = run.communicate(timeout=60)  # the pipes close when the last process is gone
    assert (run.returncode, b"Traceback" in told) in ((143, False), (0, False)), told
    new = (project / ".env").read_text()
    assert "db:5432" in new
    assert {path.read_text() for path in project.rglob(".env")} <= {ENV, new}
    assert not [path for path in project.rglob("*") if path.name.endswith(".tmp")]


# What is planted in the current folder


def test_nothing_is_imported_from_the_current_folder(project):
    """Whatever the interpreter itself has loaded before the first line of envfix is not ours to guard."""
    put(project / "bare.py", "import sys\nprint(*sys.modules)\n")
    words = [sys.executable, "-m", "bare"]
    loaded = subprocess.run(words, cwd=project, capture_output=True, text=True, check=True).stdout.split()
    names = {*sys.stdlib_module_names, "click", "ruamel", "dotenv", "sitecustomize"} - set(loaded)
    for name in names:
        put(project / f"{name}.py", f"open({str(project.parent / 'mark')!r}, 'a').write({name!r} + ' ')\n")
    done = envfix(project, "--write")
    assert not (project.parent / "mark").exists(), (project.parent / "mark").read_text()
    assert (done.returncode, "db:5432" in (project / ".env").read_text()) == (0, True), done.stderr


# Files that change while envfix runs

MEANWHILE = """
import os, sys
from envfix import planning
real, change = planning.make, sys.argv.pop(1)
def make(request):
    made = real(request)
    exec(change)
    return made
planning.make = make
from envfix.cli import main
main()
"""
CHANGES = {
    "removed": ("os.unlink('.env')", r"\.env.*(does not exist|removed)"),
    "edited": ("open('.env', 'a').write('B=1\\n')", r"\.env: was changed by another program"),
    "replaced by a folder": ("os.unlink('.env'); os.mkdir('.env')", r"\.env: is a folder"),
    "replaced by a link": ("os.rename('.env', 'x'); os.symlink('gone', '.env')", r"\.env: is a symbolic link"),
    "made read-only": ("os.chmod('.env', 0o444)", r"\.env: is read-only"),
    "replaced by a fifo": ("os.unlink('.env'); os.mkfifo('.env')", r"\.env: is a fifo"),
}


@posix
@pytest.mark.parametrize(("change", "sentence"), CHANGES.values(), ids=CHANGES)
def test_a_file_that_changes_while_envfix_runs_is_told_and_left(project, change, sentence):
    done = subprocess.run(
        [sys.executable, "-c", MEANWHILE, change, "--write"],
        cwd=project,
        env=environment(project),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "Traceback" in done.stderr) == (2, False), done.stderr
    assert re.search(f"^envfix: {sentence}", done.stderr, re.MULTILINE), done.stderr
    assert not (project.parent / "home").exists() or not list((project.parent / "home").rglob("manifest.json"))


@posix
def test_a_second_envfix_is_told_apart_from_a_broken_one(project):
    code = "import sys; from envfix.disk import lock; lock.PATIENCE = 0.1; from envfix.cli import main; main()"
    hold = f"import time\nfrom envfix.disk.lock import locked\nwith locked([{str(project)!r}]):\n print(flush=True)\n"
    with subprocess.Popen([sys.executable, "-c", hold + " time.sleep(60)"], stdout=subprocess.PIPE, cwd=ROOT) as other:
        other.stdout.readline()
        done = subprocess.run(
            [sys.executable, "-c", code, "--write"],
            cwd=project,
            env=environment(project),
            capture_output=True,
            text=True,
        )
        other.kill()
    assert done.returncode == 2
    assert re.search(r"^envfix: .*another envfix is writing here", done.stderr, re.MULTILINE)
    assert (project / ".env").read_text() == ENV
