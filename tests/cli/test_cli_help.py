"""Help, version, schema, the man page and completion: what is said before anything is read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import click
import jsonschema
import pytest
from conftest import Envfix

from envfix import __version__
from envfix.cli import command as cli
from envfix.cli import completion
from envfix.cli.options import GROUPS

Project = Callable[..., Path]
CHECKOUT = Path(__file__).parents[2]
# Of its own, a run needs these for --help and --version; whatever click loads does not count.
OWN = {"envfix", "envfix.errors", "envfix.formats", "envfix.named_tuples", "envfix.cli", "envfix.cli.options"}
LOADED = """
import sys, click
before = set(sys.modules)
from envfix.cli import main
try:
    main(sys.argv[1:])
except SystemExit as left:
    assert not left.code
print("\\n" + " ".join(sorted(set(sys.modules) - before)))
"""


def test_help_shows_every_option_once_under_its_purpose(envfix: Envfix) -> None:
    done = envfix("--help")
    assert (done.status, done.err) == (0, "")
    titles = [line.rstrip(":") for line in done.out.splitlines() if re.fullmatch(r"\S.*:", line)]
    assert titles == [*GROUPS.values(), "Examples", "In an env file, on the line above a variable", "Exit status"]
    for parameter in cli.params:
        flags = [flag for flag in parameter.opts if flag.startswith("--")]
        shown = len(re.findall(rf"^  (?:-\w, )?{re.escape(flags[0])}(?:[ ,]|$)", done.out, re.M)) if flags else 0
        assert shown == (0 if getattr(parameter, "hidden", False) or not flags else 1), parameter.name
    assert not re.search(r"^  (\[?PATHS|-\w, )?\]?\.\.\.", done.out, re.MULTILINE)
    assert max(map(len, done.out.splitlines())) <= 100


def test_every_option_has_a_sentence() -> None:
    for parameter in cli.params:
        if isinstance(parameter, click.Option):
            assert (parameter.help or "").endswith((".", ")")), parameter.name


def test_examples_of_the_help_are_commands_that_are_understood() -> None:
    for line in re.findall(r"^  (envfix\b.*?)(?:  |$)", cli.epilog or "", re.MULTILINE):
        cli.make_context("envfix", line.split()[1:], resilient_parsing=False)


def test_the_version(envfix: Envfix) -> None:
    assert envfix("--version").out == f"envfix, version {__version__}\n"


def test_the_schema_is_one(envfix: Envfix) -> None:
    jsonschema.Draft202012Validator.check_schema(json.loads(envfix("--schema").out))


@pytest.mark.parametrize("words", [["--version"], ["--help"]], ids=" ".join)
def test_help_and_version_load_nothing_but_click_and_the_options(words: list[str], clean_environ: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED, *words], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert {name for name in loaded if name.startswith("envfix")} == OWN
    for heavy in ("ruamel", "dotenv", "json", "difflib", "tempfile", "subprocess", "tomllib", "logging"):
        assert not any(name == heavy or name.startswith(heavy + ".") for name in loaded), heavy


def test_the_man_page_is_up_to_date() -> None:
    made = subprocess.run([sys.executable, CHECKOUT / "docs" / "manual.py"], capture_output=True, check=True).stdout
    assert made == (CHECKOUT / "docs" / "envfix.1").read_bytes(), "python docs/manual.py > docs/envfix.1"


@pytest.mark.skipif(shutil.which("man") is None, reason="no man")
def test_the_man_page_is_read_without_a_warning() -> None:
    done = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", CHECKOUT / "docs" / "envfix.1"], capture_output=True
    )
    assert (done.returncode, done.stderr) == (0, b"")


# -- completion --------------------------------------------------------------------------------------------------------

STACK = """services:
  app: {image: x, env_file: app.env, profiles: [tools]}
  db: {image: postgres:17, profiles: [data, debug]}
"""
FILES = {"compose.yaml": STACK, ".env": "DATABASE_URL=x\nDB_HOST=y\n", "app.env": "DEBUG=1\n", "odd.yml": STACK}
FILES["sly.yml"] = "services: {a: {image: x, profiles: [plain, 'two words', '$$(id)', 'a;b', '*', '`id`']}}\n"

COMPLETIONS: list[tuple[str, list[str], str, set[str]]] = [
    ("options", [], "--rec", {"--recursive"}),
    ("a choice", ["--format"], "s", {"sarif"}),
    ("variables of all env files", ["--explain"], "D", {"DATABASE_URL", "DB_HOST", "DEBUG"}),
    ("variables that begin so", ["--explain"], "DB", {"DB_HOST"}),
    ("profiles, those of services that are not up too", ["--profile"], "", {"tools", "data", "debug"}),
    ("profiles that begin so", ["--profile"], "d", {"data", "debug"}),
    ("none that a shell would not take as it is", ["-f", "sly.yml", "--profile"], "", {"plain"}),
    ("with a file given before", ["-f", "odd.yml", "--profile"], "t", {"tools"}),
    ("no project", ["-f", "none.yml", "--profile"], "", set()),
]


@pytest.mark.parametrize(
    ("words", "last", "offered"), [pytest.param(*row, id=sentence) for sentence, *row in COMPLETIONS]
)
def test_the_shell_is_offered_the_words_of_the_project(
    words: list[str], last: str, offered: set[str], project: Project, clean_environ: Path
) -> None:
    folder = project(**FILES)
    line = ["envfix", *words, last]
    environ = {"_ENVFIX_COMPLETE": "bash_complete", "COMP_WORDS": " ".join(line), "COMP_CWORD": str(len(line) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "envfix"],
        cwd=folder,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    assert {row.partition(",")[2] for row in done.stdout.splitlines() if row} == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_there_is_a_script_for_the_shell(shell: str, clean_environ: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "envfix"],
        env={**os.environ, "_ENVFIX_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
    )
    assert "_ENVFIX_COMPLETE" in done.stdout
    if shutil.which(shell):
        script = tmp_path / "script"
        script.write_text(done.stdout)
        assert subprocess.run([shell, "-n", script], capture_output=True).stderr == b""


@pytest.mark.skipif(os.name == "nt", reason="a program of the test is a shell script")
def test_no_bash_is_run_for_its_script(clean_environ: Path, tmp_path: Path) -> None:
    """Windows would take the one of the current folder."""
    (tmp_path / "bash").write_text(f"#!/bin/sh\n: > '{tmp_path}/run'\n")
    (tmp_path / "bash").chmod(0o755)
    environ = {"_ENVFIX_COMPLETE": "bash_source", "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([sys.executable, "-m", "envfix"], env={**os.environ, **environ}, capture_output=True)
    assert (done.returncode, done.stderr, (tmp_path / "run").exists()) == (0, b"", False)


def test_a_project_that_keeps_the_processor_busy_offers_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*_: object, **__: object) -> NoReturn:
        while True:
            sum(range(1000))

    monkeypatch.setattr(completion, "_SECONDS", 0.1)
    monkeypatch.setattr(completion, "load_project", forever)
    assert completion.profiles({}, "") == []


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_a_line(project: Project, clean_environ: Path) -> None:
    folder = project(**FILES)
    (folder / "bin").mkdir()
    (folder / "bin" / "envfix").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m envfix "$@"\n')
    (folder / "bin" / "envfix").chmod(0o755)
    script = """
    export PATH="$PWD/bin:$PATH"
    eval "$(_ENVFIX_COMPLETE=bash_source envfix)"
    COMP_WORDS=(envfix --explain DB) COMP_CWORD=2
    _envfix_completion envfix DB --explain
    echo "${COMPREPLY[@]}"
    complete -p envfix
    """
    done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.stdout.splitlines()[0] == "DB_HOST", done
    assert "_envfix_completion" in done.stdout.splitlines()[1]


@pytest.mark.slow
def test_fish_completes_a_line(project: Project, clean_environ: Path) -> None:
    if shutil.which("fish") is None:
        pytest.skip("no fish on this machine")
    folder = project(**FILES)
    (folder / "bin").mkdir()
    (folder / "bin" / "envfix").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m envfix "$@"\n')
    (folder / "bin" / "envfix").chmod(0o755)
    script = """
    set -x PATH $PWD/bin $PATH
    _ENVFIX_COMPLETE=fish_source envfix | source
    complete -C "envfix --explain DB"
    """
    done = subprocess.run(["fish", "--no-config", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["DB_HOST"], done
