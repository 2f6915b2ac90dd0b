"""No link and no COMPOSE_FILE of a clone leads a write, a restore or a removal of backups to another project."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Envfix

COMPOSE = "services:\n  api: {image: alpine, env_file: .env}\n  queue: {image: rabbitmq, ports: ['5673:5672']}\n"
WRONG = "BROKER=amqp://u:hunter2@localhost:5673\n"
RIGHT = "BROKER=amqp://u:hunter2@queue:5672\n"

Project = Callable[..., Path]

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need a permission on Windows")


@pytest.fixture
def folders(project: Project) -> Path:
    """A work tree `own` that is the person's, and a `clone` that has been made beside it."""
    folder = project(**{"own/compose.yaml": COMPOSE, "own/.env": WRONG, "clone/.env": ""})
    for name in ("own", "clone"):
        subprocess.run(["git", "init", "-q", name], cwd=folder, check=True, capture_output=True)
        subprocess.run(["git", "add", "-A"], cwd=folder / name, check=True, capture_output=True)
    return folder


WRITES = [
    *(["--write"], ["--write", "."], ["--write", "--env-file", ".env"], ["--restore"], ["--restore", "--force"]),
    *(["--restore", "--list"], ["--restore", "--forget"], ["--hook", "--write", "--", "compose.yaml"]),
    ["--recursive", "--write"],
]


@pytest.mark.parametrize("words", WRITES, ids=" ".join)
def test_an_env_file_leads_to_no_project_out_of_its_work_tree(folders: Path, envfix: Envfix, words: list[str]) -> None:
    own, clone = folders / "own", folders / "clone"
    assert envfix("--write", cwd=own).status == 0
    (own / ".env").write_text(WRONG if "--write" in words else RIGHT)
    # It could as well say that a service of another name has the port, and would be sent the person's password.
    (clone / "more.yaml").write_text("services: {other: {image: alpine}}\n")
    (clone / "compose.yaml").write_text(COMPOSE)
    (clone / ".env").write_text(f"COMPOSE_FILE={own}/compose.yaml:{clone}/more.yaml\n")
    before = (own / ".env").read_text()
    done = envfix(*words, cwd=clone)
    assert done.status == 2
    assert "COMPOSE_FILE in an env file leads to a project that lies outside the git work tree" in done.err
    assert (own / ".env").read_text() == before
    assert envfix("--restore", "--list", cwd=own).status == 0


@pytest.mark.parametrize("words", [[], ["--format", "json"], ["--recursive"]], ids=" ".join)
def test_a_dry_run_says_that_the_project_is_another_one(folders: Path, envfix: Envfix, words: list[str]) -> None:
    """Docker Compose would read it, too."""
    own, clone = folders / "own", folders / "clone"
    (clone / "compose.yaml").write_text(COMPOSE)
    (clone / ".env").write_text(f"COMPOSE_FILE={own}/compose.yaml\n")
    told = f"in an env file leads out of {os.path.realpath(clone)}, to a project in which nothing is changed"
    done = envfix(*words, cwd=clone)
    assert told in " ".join((done.out + done.err).split())
    (own / "compose.yaml").rename(clone / "other.yaml")
    (clone / ".env").write_text("COMPOSE_FILE=other.yaml\n")
    done = envfix(*words, cwd=clone)
    assert told not in " ".join((done.out + done.err).split())


def test_a_compose_file_variable_within_the_work_tree_or_of_the_shell_is_followed(
    folders: Path, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    own, clone = folders / "own", folders / "clone"
    (own / "inner").mkdir()
    (own / "inner" / ".env").write_text("COMPOSE_FILE=../compose.yaml\n")
    assert envfix("--write", cwd=own / "inner").status == 0
    assert (own / ".env").read_text() == RIGHT
    assert envfix("--restore", cwd=own / "inner").status == 0
    monkeypatch.setenv("COMPOSE_FILE", str(own / "compose.yaml"))
    assert envfix("--write", cwd=clone).status == 0
    assert (own / ".env").read_text() == RIGHT
    assert envfix("--restore", cwd=clone).status == 0


def test_a_project_above_and_one_that_is_named_need_no_leave(folders: Path, envfix: Envfix) -> None:
    own, clone = folders / "own", folders / "clone"
    (clone / ".env").write_text(f"COMPOSE_FILE={own}/compose.yaml\n")
    assert envfix("--write", "-f", str(own / "compose.yaml"), cwd=clone).status == 0
    assert envfix("--restore", "-f", str(own / "compose.yaml"), cwd=clone).status == 0
    assert (own / ".env").read_text() == WRONG
    below = own / "module"
    below.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=below, check=True, capture_output=True)
    (own / ".env").write_text(WRONG + "COMPOSE_FILE=compose.yaml\n")
    assert envfix("--write", cwd=below).status == 0
    assert (own / ".env").read_text().startswith(RIGHT)


@pytest.mark.parametrize(
    "words",
    [
        *(["--write", "sub"], ["--write", "sub/.env"], ["--write", "-f", "sub/compose.yaml"], ["--restore", "sub"]),
        *(["--write", "--project-directory", "sub"], ["--restore", "--forget", "sub"], ["-r", "--write", "sub"]),
        *(["--override", "sub/new.yaml", "sub"], ["../own/.env", "--output", "sub/new.env"]),
        ["--override", "sub/new.yaml", "--project-directory", "../own", "-f", "../own/compose.yaml"],
    ],
    ids=" ".join,
)
def test_a_link_of_a_clone_leads_nothing_out_of_it(folders: Path, envfix: Envfix, words: list[str]) -> None:
    own, clone = folders / "own", folders / "clone"
    assert envfix("--write", cwd=own).status == 0
    (own / ".env").write_text(RIGHT if "--restore" in words else WRONG)
    (clone / "sub").symlink_to("../own")
    before = {path.name: path.read_bytes() for path in own.iterdir() if path.is_file()}
    done = envfix(*words, cwd=clone)
    assert done.status == 2
    assert f"sub: is a link out of its git work tree, to {os.path.realpath(own)}: name that path itself" in done.err
    assert {path.name: path.read_bytes() for path in own.iterdir() if path.is_file()} == before
    assert envfix("--restore", "--list", cwd=own).status == 0


def test_a_persons_own_link_to_a_work_tree_is_followed(folders: Path, envfix: Envfix) -> None:
    (folders / "shortcut").symlink_to("own")
    assert envfix("--write", "shortcut", cwd=folders).status == 0
    assert (folders / "own" / ".env").read_text() == RIGHT
