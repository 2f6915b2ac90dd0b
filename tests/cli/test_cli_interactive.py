"""`--interactive` in a real terminal: what is asked, what is written, and that nothing is where a person leaves."""

from __future__ import annotations

import os
import re
import select
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import FIXTURES, Envfix, read_some

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")

INTERRUPT, END = "\x03", "\x04"
CONFIRM, CHOOSE, WRITE = "Change it?", "Which?", "Write it?"


def in_a_terminal(folder: Path, words: Sequence[str], answers: Sequence[tuple[str, str]]) -> tuple[int, str]:
    """Runs the command on a terminal; each answer is typed once its question stands there. (status, what was shown)"""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execv(sys.executable, [sys.executable, "-m", "envfix", *words])
    shown, seen, deadline = "", 0, time.monotonic() + 60
    pending = list(answers)
    pressed, pressed_at = "", 0.0
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            data = read_some(terminal)
            if not data:
                break
            shown += data.decode("utf-8", "replace")
        if pending and (at := shown.find(pending[0][0], seen)) >= 0 and shown.endswith(": "):
            seen = at + len(pending[0][0])
            pressed, pressed_at = pending.pop(0)[1], time.monotonic()
            os.write(terminal, pressed.encode())
        elif pressed == INTERRUPT and time.monotonic() > pressed_at + 2:
            # A signal between the question and the waiting for keys is seen at the next key: a person presses again.
            pressed_at = time.monotonic()
            os.write(terminal, pressed.encode())
    os.close(terminal)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert not pending, f"never asked: {pending}\n{shown}"
    return status, re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", shown).replace("\r\n", "\n")


@pytest.fixture
def langfuse(project: Callable[..., Path], clean_environ: Path) -> Path:
    return project("langfuse")


def lines(folder: Path) -> dict[str, str]:
    pairs = (line.partition("=")[::2] for line in (folder / ".env").read_text().splitlines() if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def test_all_that_is_left_and_a_choice_are_written(langfuse: Path) -> None:
    answers = [(CONFIRM, "a\r"), (CHOOSE, "1\r"), (WRITE, "y\r")]
    status, shown = in_a_terminal(langfuse, ["--interactive"], answers)
    assert status == 0
    wanted = (FIXTURES / "langfuse" / "expected.env").read_text()
    media = "S3_MEDIA_UPLOAD_ENDPOINT=http://"
    assert (langfuse / ".env").read_text() == wanted.replace(f"{media}localhost:9090", f"{media}minio:9000")
    assert "This will be written:" in shown
    assert "envfix --restore" in shown


def test_only_what_was_confirmed_is_written(langfuse: Path) -> None:
    answers = [
        (CONFIRM, "y\r"),
        (CONFIRM, "n\r"),
        (CONFIRM, "what\r"),
        ("Please answer", "n\r"),
        (CONFIRM, "n\r"),
        (CONFIRM, "n\r"),
        (CHOOSE, "2\r"),
        (CONFIRM, "\r"),
        (WRITE, "\r"),
    ]
    before = lines(langfuse)
    status, shown = in_a_terminal(langfuse, ["--interactive"], answers)
    assert status == 0, shown
    changed = {name: value for name, value in lines(langfuse).items() if before[name] != value}
    assert changed.keys() == {"DATABASE_URL", "S3_BATCH_EXPORT_ENDPOINT"}


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        pytest.param([(CONFIRM, INTERRUPT)], 130, id="Ctrl-C at the first question"),
        pytest.param([(CONFIRM, "a\r"), (CHOOSE, INTERRUPT)], 130, id="Ctrl-C at a choice"),
        pytest.param([(CONFIRM, "a\r"), (CHOOSE, "1\r"), (WRITE, INTERRUPT)], 130, id="Ctrl-C at the summary"),
        pytest.param([(CONFIRM, END)], 130, id="Ctrl-D"),
        pytest.param([(CONFIRM, "q\r")], 1, id="quit at the first question"),
        pytest.param([(CONFIRM, "a\r"), (CHOOSE, "q\r")], 1, id="quit at a choice"),
        pytest.param([(CONFIRM, "a\r"), (CHOOSE, "1\r"), (WRITE, "q\r")], 1, id="quit at the summary"),
        pytest.param([(CONFIRM, "s\r")], 0, id="skip all"),
        pytest.param([(CONFIRM, "y\r"), (CONFIRM, "s\r"), (WRITE, "n\r")], 0, id="no to the summary"),
    ],
)
@pytest.mark.slow
def test_nothing_is_written_by_who_leaves(langfuse: Path, answers: list[tuple[str, str]], status: int) -> None:
    before = (langfuse / ".env").read_bytes()
    assert in_a_terminal(langfuse, ["--interactive"], answers)[0] == status
    assert (langfuse / ".env").read_bytes() == before


def test_a_dry_run_asks_and_writes_nothing(langfuse: Path) -> None:
    before = (langfuse / ".env").read_bytes()
    status, shown = in_a_terminal(langfuse, ["--interactive", "--dry-run"], [(CONFIRM, "a\r"), (CHOOSE, "1\r")])
    assert (status, (langfuse / ".env").read_bytes()) == (1, before)
    assert "+ S3_MEDIA_UPLOAD_ENDPOINT=http://minio:9000" in shown


def test_a_host_takes_its_port_along(project: Callable[..., Path], clean_environ: Path) -> None:
    folder = project(
        **{
            "compose.yaml": (
                "services:\n"
                "  app: {image: example.org/app, env_file: .env, depends_on: [one, two]}\n"
                "  one: {image: postgres:17, ports: ['5433:5432']}\n"
                "  two: {image: 'example.org/two', ports: ['5433:7000']}\n"
            ),
            ".env": "STORE_HOST=localhost\nSTORE_PORT=5433\nOTHER=x\n",
        }
    )
    status, shown = in_a_terminal(folder, ["--interactive"], [(CHOOSE, "2\r"), (WRITE, "y\r")])
    assert status == 0, shown
    assert (folder / ".env").read_text() == "STORE_HOST=two\nSTORE_PORT=7000\nOTHER=x\n"


def test_one_address_of_several_is_chosen_by_itself(project: Callable[..., Path], clean_environ: Path) -> None:
    folder = project(
        **{
            "compose.yaml": (
                "services:\n"
                "  app: {image: example.org/app, env_file: .env, depends_on: [one, two, three]}\n"
                "  one: {image: example.org/one, ports: ['7001:7001']}\n"
                "  two: {image: example.org/two, ports: ['7002:80']}\n"
                "  three: {image: example.org/three, ports: ['7002:81']}\n"
            ),
            ".env": "PEERS=tcp://localhost:7001,tcp://localhost:7002\n",
        }
    )
    answers = [(CONFIRM, "y\r"), (CHOOSE, "1\r"), (WRITE, "y\r")]
    status, shown = in_a_terminal(folder, ["--interactive"], answers)
    assert status == 0, shown
    assert (folder / ".env").read_text() == "PEERS=tcp://one:7001,tcp://two:80\n"


def test_a_template_is_asked_about_as_the_file_it_stands_for(langfuse: Path) -> None:
    (langfuse / ".env").rename(langfuse / ".env.example")
    answers = [(CONFIRM, "a\r"), (CHOOSE, "1\r"), (WRITE, "y\r")]
    status, shown = in_a_terminal(langfuse, ["--interactive", ".env.example"], answers)
    assert status == 0, shown
    wanted = (FIXTURES / "langfuse" / "expected.env").read_text()
    media = "S3_MEDIA_UPLOAD_ENDPOINT=http://"
    changed = wanted.replace(f"{media}localhost:9090", f"{media}minio:9000")
    assert (langfuse / ".env.example").read_text() == changed
    assert not (langfuse / ".env").exists()


def test_where_there_is_nothing_nothing_is_asked(project: Callable[..., Path], clean_environ: Path) -> None:
    folder = project(**{"compose.yaml": "services:\n  app:\n    image: example.org/app\n", ".env": "A=1\n"})
    status, shown = in_a_terminal(folder, ["--interactive"], [])
    assert (status, "Nothing to change" in shown) == (0, True)


def test_without_a_terminal_it_is_wrong_usage(langfuse: Path, envfix: Envfix) -> None:
    done = envfix("--interactive", cwd=langfuse)
    assert (done.status, done.out) == (2, "")
    assert "terminal" in done.err


COUNTED = """\
services:
  app: {image: example.org/app, env_file: .env, depends_on: [one, two]}
  one: {image: postgres:17, ports: ['5433:5432']}
  two: {image: 'example.org/two', ports: ['5433:7000']}
  three: {image: "redis:7", ports: ["6380:6379"]}
"""
ENV = "STORE_URL=tcp://localhost:5433\nCACHE_URL=redis://localhost:6380\n"
CHOICE = [(CHOOSE, "2\r"), (CONFIRM, "n\r")]


@pytest.fixture
def counted(project: Callable[..., Path], clean_environ: Path) -> Path:
    return project(**{"compose.yaml": COUNTED, ".env": ENV})


def test_each_change_is_shown_once_and_counted(counted: Path) -> None:
    status, shown = in_a_terminal(
        counted, ["--interactive"], [(CHOOSE, "?\r"), (CHOOSE, "2\r"), (CONFIRM, "y\r"), (WRITE, "y\r")]
    )
    assert status == 0, shown
    assert "1 of 2" in shown
    assert "2 of 2" in shown
    assert "leave this and all that is left" in shown
    assert shown.count("+ CACHE_URL=redis://three:6379") == 1
    assert shown.count("three listens on 6379 inside") == 1
    assert (counted / ".env").read_text() == "STORE_URL=tcp://two:7000\nCACHE_URL=redis://three:6379\n"


def test_answers_become_comments_that_the_next_run_follows(counted: Path, envfix: Envfix) -> None:
    status, shown = in_a_terminal(counted, ["--interactive"], [*CHOICE, (WRITE, "c\r")])
    assert status == 0, shown
    written = "# envfix: two:7000\nSTORE_URL=tcp://two:7000\n# envfix: keep\nCACHE_URL=redis://localhost:6380\n"
    assert (counted / ".env").read_text() == written
    again = envfix("--format", "json", cwd=counted).json
    assert again["summary"] == {"rewrite": 0, "keep": 1, "ask": 0}
    assert again["projects"][0]["warnings"] == []
    assert envfix("--restore", cwd=counted).status == 0
    assert (counted / ".env").read_text() == ENV


CONFIGURATIONS = [
    ("none yet", None, 'map = { "STORE_URL" = "two:7000" }\nkeep = ["CACHE_URL"]\n'),
    ("other keys", 'browser = ["X"]\n', 'map = { "STORE_URL" = "two:7000" }\nkeep = ["CACHE_URL"]\nbrowser = ["X"]\n'),
    (
        "the same keys",
        'keep = ["A"] # mine\n[map]\n"localhost:1" = "one:1"\n',
        'keep = [ "CACHE_URL", "A"] # mine\n[map]\n"STORE_URL" = "two:7000"\n"localhost:1" = "one:1"\n',
    ),
    (
        "lines of Windows",
        'browser = ["X"]\r\n[map]\r\n"a:1" = "one:1"\r\n',
        'keep = ["CACHE_URL"]\r\nbrowser = ["X"]\r\n[map]\r\n"STORE_URL" = "two:7000"\r\n"a:1" = "one:1"\r\n',
    ),
    ("empty ones", "keep = []\nmap = {}\n", 'keep = [ "CACHE_URL" ]\nmap = { "STORE_URL" = "two:7000" }\n'),
]


@pytest.mark.parametrize(
    ("before", "after"), [row[1:] for row in CONFIGURATIONS], ids=[row[0] for row in CONFIGURATIONS]
)
def test_answers_become_entries_of_the_configuration(before: str | None, after: str, counted: Path) -> None:
    if before is not None:
        (counted / ".envfix.toml").write_bytes(before.encode())
    status, shown = in_a_terminal(counted, ["--interactive"], [*CHOICE, (WRITE, "t\r")])
    assert status == 0, shown
    assert (counted / ".envfix.toml").read_bytes() == after.encode()
    assert (counted / ".env").read_text() == ENV.replace("localhost:5433", "two:7000")


def test_a_pyproject_is_never_changed(counted: Path) -> None:
    (counted / "pyproject.toml").write_text('[tool.envfix]\nbrowser = ["X"]\n')
    status, shown = in_a_terminal(counted, ["--interactive"], [*CHOICE, (WRITE, "t\r")])
    assert status == 0, shown
    assert (counted / "pyproject.toml").read_text() == '[tool.envfix]\nbrowser = ["X"]\n'
    assert not (counted / ".envfix.toml").exists()
    assert 'keep = ["CACHE_URL"]' in shown


def test_a_comment_stands_above_a_value_of_several_lines_that_was_answered_as_one(
    counted: Path, envfix: Envfix
) -> None:
    value = 'BOTH="tcp://localhost:5433\ntcp://localhost:5433"\n'
    (counted / ".env").write_text(value)
    status, shown = in_a_terminal(counted, ["--interactive"], [(CHOOSE, "2\r"), (CHOOSE, "2\r"), (WRITE, "c\r")])
    assert status == 0, shown
    assert (counted / ".env").read_text() == "# envfix: two:7000\n" + value.replace("localhost:5433", "two:7000")


def test_of_answers_that_differ_about_one_value_no_comment_tells(counted: Path) -> None:
    (counted / ".env").write_text('BOTH="tcp://localhost:5433\ntcp://localhost:5433"\n')
    status, shown = in_a_terminal(counted, ["--interactive"], [(CHOOSE, "1\r"), (CHOOSE, "2\r"), (WRITE, "c\r")])
    assert status == 0, shown
    assert "#" not in (counted / ".env").read_text()


SHELF = """\
services:
  {app}: {{image: example.org/app, env_file: [.env, ../shared.env]}}
  {app}-store: {{image: example.org/store, ports: ['5433:7000']}}
  {app}-other: {{image: example.org/other, ports: ['5433:7000']}}
"""


@pytest.fixture
def neighbours(project: Callable[..., Path], clean_environ: Path) -> Path:
    """Two projects under one configuration that both read one env file, each with a question of its own about it."""
    files = {f"{app}/compose.yaml": SHELF.format(app=app) for app in ("desk", "hall")}
    files |= {f"{app}/.env": f"{app.upper()}_URL=tcp://localhost:5433\n" for app in ("desk", "hall")}
    return project(
        **{**files, "shared.env": "X=1\n", ".envfix.toml": 'browser = ["Y"]\n', ".git/HEAD": "", ".git/config": ""}
    )


def test_what_was_answered_for_one_project_stands_beside_the_answers_for_the_next(neighbours: Path) -> None:
    answers = [(CHOOSE, "3\r"), (CHOOSE, "3\r"), ("Write your answers down?", "t\r")]
    status, shown = in_a_terminal(neighbours, ["--interactive", "desk", "hall"], answers)
    assert status == 0, shown
    assert (neighbours / ".envfix.toml").read_text() == 'keep = [ "HALL_URL", "DESK_URL"]\nbrowser = ["Y"]\n'


def test_no_answer_for_one_project_ends_the_runs_over_another(neighbours: Path, envfix: Envfix) -> None:
    answers = [(CHOOSE, "1\r"), (CHOOSE, "3\r"), (WRITE, "t\r")]
    status, shown = in_a_terminal(neighbours, ["--interactive", "desk", "hall"], answers)
    assert status == 0, shown
    assert "not written down (DESK_URL: desk-store:7000), since the configuration is hall's too" in " ".join(
        shown.split()
    )
    assert (neighbours / ".envfix.toml").read_text() == 'keep = ["HALL_URL"]\nbrowser = ["Y"]\n'
    assert (neighbours / "desk" / ".env").read_text() == "DESK_URL=tcp://desk-store:7000\n"
    assert envfix("desk", "hall", cwd=neighbours).status == 0


@pytest.mark.parametrize(
    ("how", "written"),
    [
        ("y", "ONE=tcp://desk-store:7000\nTWO=tcp://hall-store:7000\n"),
        (
            "c",
            "# envfix: desk-store:7000\nONE=tcp://desk-store:7000\n# envfix: keep\nTWO=tcp://hall-store:7000\n",
        ),
    ],
)
def test_of_a_file_that_projects_share_each_changes_its_part(neighbours: Path, how: str, written: str) -> None:
    for app in ("desk", "hall"):
        (neighbours / app / ".env").write_text("")
    (neighbours / "shared.env").write_text("ONE=tcp://localhost:5433\nTWO=tcp://localhost:5433\n")
    answers = [*((CHOOSE, f"{number}\r") for number in (1, 3, 3, 1)), (WRITE, f"{how}\r")]
    status, shown = in_a_terminal(neighbours, ["--interactive", "desk", "hall"], answers)
    assert status == 0, shown
    assert (neighbours / "shared.env").read_text() == written
    assert shown.count("is not written down") == (2 if how == "c" else 0), shown


def test_a_place_that_two_projects_change_differently_is_an_error_of_the_second(neighbours: Path) -> None:
    (neighbours / "shared.env").write_text("ONE=tcp://localhost:5433\n")
    for app in ("desk", "hall"):
        (neighbours / app / ".env").write_text("")
    answers = [(CHOOSE, "1\r"), (CHOOSE, "1\r"), (WRITE, "y\r")]
    status, shown = in_a_terminal(neighbours, ["--interactive", "desk", "hall"], answers)
    assert status == 2
    assert "two changes overlap" in shown
    assert (neighbours / "shared.env").read_text() == "ONE=tcp://desk-store:7000\n"


def test_no_comment_is_put_where_a_program_would_read_it(counted: Path) -> None:
    """Deno takes the line below a blank value for the value."""
    deno = (
        "  desk: {image: denoland/deno, working_dir: /srv, command: deno run --env-file main.ts, volumes: ['.:/srv']}\n"
    )
    (counted / "compose.yaml").write_text(COUNTED + deno)
    (counted / ".env").write_text("EMPTY= \nSTORE_URL=tcp://localhost:5433\n")
    status, shown = in_a_terminal(counted, ["--interactive"], [(CHOOSE, "2\r"), (WRITE, "c\r")])
    assert status == 0, shown
    assert (counted / ".env").read_text() == "EMPTY= \nSTORE_URL=tcp://two:7000\n"
    assert ".env:2: your answer is not written down (STORE_URL: two:7000), since Deno would read" in " ".join(
        shown.split()
    )


def test_where_the_env_file_cannot_be_written_no_answer_is_either(counted: Path) -> None:
    (counted / ".env").chmod(0o444)
    status, shown = in_a_terminal(counted, ["--interactive"], [*CHOICE, (WRITE, "t\r")])
    assert status == 2
    assert "read-only" in shown
    assert not (counted / ".envfix.toml").exists()


def test_a_pipe_or_a_broken_link_in_the_configurations_place_is_never_waited_for(counted: Path) -> None:
    os.mkfifo(counted / ".envfix.toml")
    for said in ("this is a pipe", "there is no such configuration"):
        status, shown = in_a_terminal(counted, ["--interactive"], [*CHOICE, (WRITE, "t\r")])
        assert (status, said in shown) == (2, True), shown
        assert (counted / ".env").read_text() == ENV
        (counted / ".envfix.toml").unlink()
        (counted / ".envfix.toml").symlink_to("nowhere.toml")
