"""What a person should know before a file is written, or a patch applied."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Envfix

Project = Callable[..., Path]
COMPOSE = """\
services:
  web:
    image: example.org/web
    env_file: [.env, conf/web.env]
    depends_on: [db]
  db: {image: "postgres:17", ports: ["5433:5432"]}
"""
SECRET, PLAIN = "postgres://app:x9!Kq2zz@localhost:5433/app", "http://localhost:5433"
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git")


@pytest.fixture
def folder(project: Project) -> Path:
    top = project(**{"app/compose.yaml": COMPOSE, "app/.env": f"DATABASE_URL={SECRET}\n", "app/conf/web.env": "A=1\n"})
    if shutil.which("git"):
        subprocess.run(["git", "init", "-q"], cwd=top, check=True)
    return top / "app"


WRITING = (["--override", "own.yaml"], [".env", "--output", "own.yaml"])


@needs_git
@pytest.mark.parametrize("words", WRITING)
def test_a_file_that_git_would_take_is_named_with_the_line(words: list[str], folder: Path, envfix: Envfix) -> None:
    line = "own.yaml may hold passwords, and git does not ignore it. The line for .gitignore: /app/own.yaml"
    assert line in envfix(*words, cwd=folder).err.splitlines()


@needs_git
@pytest.mark.parametrize("words", WRITING)
@pytest.mark.parametrize(
    ("where", "rule"), [("../.gitignore", "/app/own.yaml"), (".gitignore", "own.*"), ("../.gitignore", "app/")]
)
def test_one_that_git_ignores_is_not(words: list[str], where: str, rule: str, folder: Path, envfix: Envfix) -> None:
    (folder / where).write_text(f"{rule}\n")
    assert "gitignore" not in envfix(*words, cwd=folder).err


@needs_git
@pytest.mark.parametrize("words", WRITING)
def test_one_without_secrets_is_not(words: list[str], folder: Path, envfix: Envfix) -> None:
    (folder / ".env").write_text(f"SEARCH_URL={PLAIN}\nMODE=production\nPORT=8080\n")
    done = envfix(*words, cwd=folder)
    assert "gitignore" not in done.err


@needs_git
def test_a_dry_run_of_an_override_names_it_before(folder: Path, envfix: Envfix) -> None:
    done = envfix("--override", "own.yaml", "--dry-run", cwd=folder)
    assert "/app/own.yaml" in done.err
    assert "stands in a compose file" not in done.err
    assert "1 address to rewrite." in done.err


@needs_git
@pytest.mark.parametrize("below", ["..", ".", "conf"])
@pytest.mark.parametrize("tool", ["git", "patch"])
def test_a_patch_applies_from_above_and_from_below(below: str, tool: str, folder: Path, envfix: Envfix) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"no {tool}")
    (folder / "conf" / "web.env").write_text(f"OTHER_URL={SECRET}\n")
    at = folder / below
    done = envfix("--show-secrets", *(["app"] if below == ".." else []), cwd=at)
    base = at / ".." if below == "conf" else at
    assert ("The paths of this patch count from ..: git -C .. apply" in done.err) == (below == "conf")
    words = ["git", "apply"] if tool == "git" else ["patch", "-p1"]
    subprocess.run(words, input=done.out.encode(), cwd=base, check=True, capture_output=True)
    for name in (".env", "conf/web.env"):
        assert "@db:5432/app" in (folder / name).read_text()


def test_a_missing_project_directory_is_named(folder: Path, envfix: Envfix) -> None:
    for words in (["--project-directory", "nowhere"], ["--project-directory", "nowhere", "--restore"]):
        done = envfix(*words, cwd=folder)
        assert (done.status, done.out) == (2, "")
        assert done.err.startswith("envfix: nowhere: there is no such folder")


def test_backups_that_are_listed_say_how_many_are_kept(folder: Path, envfix: Envfix) -> None:
    assert envfix("--write", cwd=folder).status == 0
    done = envfix("--restore", "--list", cwd=folder)
    assert done.status == 0
    assert "The last 20 writes of a project are kept." in done.err
    assert "envfix --restore --forget" in done.err


def test_what_compose_files_hold_is_not_called_nothing(project: Project, envfix: Envfix) -> None:
    literal = '    environment: {DATABASE_URL: "postgres://localhost:5433/app"}\n'
    compose = COMPOSE.replace("    env_file: [.env, conf/web.env]\n", literal)
    done = envfix(cwd=project(**{"compose.yaml": compose}))
    assert done.status == 1
    assert "This project has no .env file." in done.err
    assert "nothing to repair" not in done.err
