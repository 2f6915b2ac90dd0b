"""In a job of GitHub Actions nothing that is printed is a command to its runner, whatever stands in the files."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Envfix, command

from envfix import workflow_commands

Project = Callable[..., Path]

REGISTERED = {"set-env", "set-output", "add-path", "add-mask", "stop-commands", "error", "warning", "notice", "debug"}
COMMANDS = ["::set-output name=a::b", "##[set-output name=a]b", "##[add-path]/x"]
BEFORE = ["", " ", "   ", "\t", "\u00a0", "\u2003 ", "\u2028", "\x0b"]


def obeyed(text: str) -> list[str]:
    """The commands that the runner takes from an output, as its ActionCommand.cs and ActionCommandManager.cs do: one
    with colons behind the blanks of a line, one with `##[` anywhere; none between `stop-commands` and its
    token."""
    found: list[str] = []
    token: str | None = None
    for line in re.split(r"\r\n|\r|\n", text):
        colons = re.match(r"::([^ :]*)(?: [^:]*)?::(.*)", line.lstrip(), re.DOTALL)
        hashes = re.search(r"##\[([^ \]]*)(?: [^\]]*)?\]", line)
        names = [match[1] for match in (colons, hashes) if match and match[1] in {*REGISTERED, token}]
        if token is not None:
            token = None if token in names else token
        elif names == ["stop-commands"] and colons:
            token = colons[2]
        else:
            found += names
    return found


@pytest.fixture(autouse=True)
def job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")


@pytest.mark.parametrize("before", BEFORE, ids=repr)
@pytest.mark.parametrize("one", COMMANDS)
def test_text_for_people(one: str, before: str) -> None:
    for text in (before + one, f"x\n{before}{one}\n", f"x\r{before}{one}", f"{before}{one}\n{before}{one}"):
        assert obeyed(text)
        assert obeyed(workflow_commands.no_command(text)) == []
        assert obeyed(workflow_commands.stopped(text, io.StringIO())) == []


@pytest.mark.parametrize("text", ["a::b", "C::d::e", "# [x]", "#[x]", "##x", "https://[::1]:5432", "+X=::1"])
def test_what_is_none_stays(text: str) -> None:
    assert workflow_commands.no_command(text) == workflow_commands.stopped(text, io.StringIO()) == text


def test_outside_of_a_job_all_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")
    for text in COMMANDS:
        assert workflow_commands.no_command(text) == workflow_commands.stopped(text, io.StringIO()) == text


def test_a_file_gets_the_text_alone(tmp_path: Path) -> None:
    with (tmp_path / "x.patch").open("w") as stream:
        assert workflow_commands.stopped(COMMANDS[0], stream) == COMMANDS[0]


STRANGE = "##[set-output name=a]b"
COMPOSE = "services:\n  db: {image: postgres, ports: ['5433:5432']}\n  api: {image: acme/api, env_file: .env}\n"
URL = f"DATABASE_URL=postgres://app@localhost:5433/app # {STRANGE}"
ENV = f"A={STRANGE}\nB='\n::set-output name=a::b\n  ::add-path::/x\n'\n{URL}\n"


@pytest.fixture
def folder(project: Project) -> Path:
    log = f"api | dial tcp 127.0.0.1:5433: connect: connection refused {STRANGE}\n"
    return project(**{f"{STRANGE}/compose.yaml": COMPOSE, f"{STRANGE}/.env": ENV, "log": log})


WORDS = [
    *([], ["-v"], ["--explain", "*"], ["-r"], ["--format", "json"], ["--format", "sarif"], ["--format", "github"]),
    *(["--format", "mermaid"], ["-r", "--format", "json"], ["--strict"], ["--logs", "../log"], ["--only", STRANGE]),
    *(["--logs", "../log", "--format", "json"], ["-f", f"{STRANGE}.yaml"], [f"{STRANGE}.env"], ["--no::x", STRANGE]),
]


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
@pytest.mark.parametrize("secrets", [[], ["--show-secrets"]], ids=["masked", "shown"])
@pytest.mark.parametrize("words", WORDS, ids=" ".join)
def test_no_output_is_a_command(words: list[str], secrets: list[str], folder: Path, envfix: Envfix) -> None:
    for where in (folder / STRANGE, folder):
        place = [f"./{STRANGE}"] if where == folder and not {"-r", "-f"} & {*words} else []
        done = envfix(*words, *secrets, *place, cwd=where)
        assert done.out + done.err
        own = {"error", "warning", "notice"} if "github" in words else set()
        assert set(obeyed(done.out)) <= own
        assert obeyed(done.err) == []
        if "json" in words or "sarif" in words:
            json.loads(done.out)
        if words == ["--format", "json"] and where == folder:
            assert json.loads(done.out)["projects"][0]["directory"] == STRANGE


@pytest.mark.skipif(os.name == "nt", reason="no such names on Windows")
def test_a_patch_is_applied_byte_for_byte(project: Project) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": ENV})
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    done = command("--show-secrets", cwd=folder)
    assert "::stop-commands::" in done.out
    subprocess.run(["git", "apply"], cwd=folder, input=done.out.encode(), check=True)
    assert (folder / ".env").read_text() == ENV.replace("localhost:5433", "db:5432")
