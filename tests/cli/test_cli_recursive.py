"""`--recursive`: which projects are found, and how they are told."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from conftest import Envfix, command, read_to_the_end

from envfix.cli.below import folders_below
from envfix.report import schema_text

Project = Callable[..., Path]
COMPOSE = """services:
  app:
    image: x
    env_file: .env
    depends_on: [db]
  db:
    image: postgres:17
    ports: ["5433:5432"]
"""
WRONG = "DATABASE_URL=postgres://app:hunter2@localhost:5433/app\n"
RIGHT = "DATABASE_URL=postgres://app:hunter2@db:5432/app\n"


def stack(name: str, env: str = WRONG) -> dict[str, str]:
    return {f"{name}/compose.yaml": COMPOSE, f"{name}/.env": env}


def projects_below(root: Path) -> list[str]:
    """The projects at and below a folder, relative to it."""
    found = (below.path for below in folders_below(str(root)) if below.is_project)
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in found]


DIFF = """--- a/{0}/.env
+++ b/{0}/.env
@@ -1 +1 @@
-DATABASE_URL=postgres://app:***@localhost:5433/app
+DATABASE_URL=postgres://app:***@db:5432/app
"""


def test_what_a_single_run_shows_a_summary_and_one_status(project: Project, envfix: Envfix) -> None:
    folder = project(**{**stack("b"), **stack("a/deep", RIGHT), **stack("c/d"), "e/compose.yaml": "services: ["})
    done = envfix("-r", cwd=folder)
    assert done.status == 2
    assert done.out == DIFF.format("b") + DIFF.format("c/d")
    lines = done.err.splitlines()
    assert "a/deep: nothing to change" in lines
    assert "b: 1 to rewrite" in lines
    assert "Read b/compose.yaml, b/.env (project b)" in lines
    assert [line for line in lines if line.startswith("b/.env:1 DATABASE_URL  localhost:5433 -> db:5432  published: ")]
    assert "e: cannot be read" in lines
    assert "e/compose.yaml:" in done.err
    assert "4 projects: 2 addresses to rewrite in 2 of them" in done.err
    assert envfix("--recursive", "c", "a", cwd=folder).out == DIFF.format("c/d")


def test_questions_are_told_with_their_reasons_and_choices(project: Project, envfix: Envfix) -> None:
    compose = COMPOSE.replace("image: postgres:17", "image: example.org/db")
    two = compose + "  other:\n    image: example.org/other\n    ports: ['5433:7000']\n"
    done = envfix("-r", cwd=project(**{"a/compose.yaml": two, "a/.env": "STORE=localhost:5433\n"}))
    assert (done.status, done.out) == (0, "")
    assert "a: 1 yours to decide" in done.err
    assert "   1. " in done.err
    assert "# envfix: keep" in done.err
    assert "envfix --interactive FOLDER" in done.err


def test_folders_that_are_passed_over_are_named(project: Project, envfix: Envfix) -> None:
    folder = project(**{**stack("a"), "b/docker-compose.dev.yml": COMPOSE, "c/compose.override.yml": COMPOSE})
    for number in range(1, 6):
        project(**{f"d/compose.{number}.yml": COMPOSE})
    done = envfix("-r", cwd=folder)
    assert done.status == 1
    assert "b: passed over, docker-compose.dev.yml has a name that Compose does not look for." in done.err
    assert "envfix -f b/docker-compose.dev.yml" in done.err
    assert "c: " not in done.err
    assert "d: passed over, compose.1.yml, compose.2.yml, compose.3.yml and 2 more have names that" in done.err
    assert "To look at one of them: envfix -f d/compose.1.yml" in done.err
    assert "passed over" not in envfix("-r", "-q", cwd=folder).err


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="no folder is closed to this user")
def test_a_closed_folder_is_named(project: Project, envfix: Envfix) -> None:
    folder = project(**{**stack("a", RIGHT), **stack("shut")})
    (folder / "shut").chmod(0)
    try:
        done = envfix("-r", cwd=folder)
    finally:
        (folder / "shut").chmod(0o700)
    assert (done.status, "shut: passed over, this folder may not be read" in done.err) == (0, True)


def test_a_broken_project_stops_no_other_from_being_written(project: Project, envfix: Envfix) -> None:
    folder = project(**{"a/compose.yaml": "services: [", **stack("b"), **stack("c")})
    assert envfix("-r", "--write", cwd=folder).status == 2
    assert [(folder / name / ".env").read_text() for name in "bc"] == [RIGHT, RIGHT]
    assert envfix("-r", "b", "c", "--write", "--exit-non-zero-on-fix", cwd=folder).status == 0
    assert envfix("--restore", "b", cwd=folder).status == 0
    assert [(folder / name / ".env").read_text() for name in "bc"] == [WRONG, RIGHT]


@pytest.mark.parametrize(
    ("words", "status"), [([], 1), (["--write"], 0), (["--write", "--exit-non-zero-on-fix"], 1), (["--strict"], 1)]
)
def test_the_status_is_that_of_all(words: list[str], status: int, project: Project, envfix: Envfix) -> None:
    assert envfix("-r", *words, cwd=project(**{**stack("a", RIGHT), **stack("b")})).status == status


def test_what_is_left_in_compose_files_is_not_told_as_written(project: Project, envfix: Envfix) -> None:
    compose = COMPOSE.replace(
        "    depends_on", "    environment: {OTHER: 'postgres://u:p@localhost:5433/x'}\n    depends_on"
    )
    folder = project(**{"a/compose.yaml": compose, "a/.env": WRONG})
    assert "a: 2 to rewrite\n" in envfix("-r", cwd=folder).err
    assert "a: 1 rewritten, 1 left in compose files\n" in envfix("-r", "--write", cwd=folder).err
    assert "a: 1 rewritten\n" in envfix("-r", "--write", "--compose", cwd=folder).err


def test_no_project_is_no_failure(project: Project, envfix: Envfix) -> None:
    done = envfix("-r", cwd=project(**{"x/.env": WRONG}))
    assert (done.status, done.out) == (0, "")
    assert "No Compose project" in done.err


def test_json_has_all_projects_in_one_object(project: Project, envfix: Envfix) -> None:
    folder = project(**{**stack("a"), **stack("b", RIGHT), "c/compose.yaml": "services: ["})
    done = envfix("-r", "--format", "json", cwd=folder)
    jsonschema.validate(done.json, json.loads(schema_text()))
    assert [one["directory"] for one in done.json["projects"]] == ["a", "b"]
    assert done.json["summary"] == {"rewrite": 1, "keep": 0, "ask": 0}
    assert [one["path"] for one in done.json["errors"]] == ["c/compose.yaml"]
    alone = envfix("--format", "json", "a", "b", cwd=folder).json
    assert {**done.json, "errors": []} == alone


@pytest.mark.parametrize("form", ["sarif", "github", "mermaid"])
def test_the_other_formats_tell_of_all_projects(form: str, project: Project, envfix: Envfix) -> None:
    folder = project(**{**stack("a"), **stack("b"), **stack("c", RIGHT)})
    done = envfix("-r", "--format", form, cwd=folder)
    assert done.status == 1
    assert done.out == envfix("--format", form, "a", "b", "c", cwd=folder).out


@pytest.mark.slow
def test_many_projects_are_shared_among_processes_and_told_in_order(project: Project, clean_environ: Path) -> None:
    names = [f"p{number:03}" for number in range(60)]
    folder = project(**{name: text for at in names for name, text in stack(at).items()})
    done = command("-r", "--write", cwd=folder)
    assert done.status == 0, done.err
    assert done.out == "".join(map(DIFF.format, names))
    assert re.findall(r"^p\d+: .*", done.err, re.MULTILINE) == [f"{name}: 1 rewritten" for name in names]
    assert {(folder / name / ".env").read_text() for name in names} == {RIGHT}
    assert "\x1b" not in done.err


# As on macOS and Windows, where a process is started anew.
SPAWNING = """import multiprocessing
from functools import partial
if __name__ == "__main__":
    multiprocessing.get_context = partial(lambda get, method: get("spawn"), multiprocessing.get_context)
    from envfix.cli import main
    main(["-r", "-q"])
"""


@pytest.mark.slow
def test_the_processes_import_nothing_from_the_current_folder(
    project: Project, clean_environ: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = project(**{name: text for at in range(30) for name, text in stack(f"p{at}").items()})
    for name in ("multiprocessing.py", "envfix.py", "pickle.py"):
        (folder / name).write_text("open('imported', 'w').close()\n", encoding="utf-8")
    program = tmp_path_factory.mktemp("program") / "spawning.py"
    program.write_text(SPAWNING, encoding="utf-8")
    done = subprocess.run([sys.executable, program], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert done.stdout.count("+DATABASE_URL=postgres://app:***@db:5432/app") == 30
    assert not (folder / "imported").exists()


def test_verbose_shows_each_change_masked(project: Project, envfix: Envfix) -> None:
    done = envfix("-r", "-v", cwd=project(**stack("a")))
    assert "+DATABASE_URL=postgres://app:***@db:5432/app" in done.out
    assert "hunter2" not in done.out + done.err


def test_a_terminal_gets_a_bar_that_leaves_no_trace(project: Project, clean_environ: Path) -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
    folder = project(**{name: text for at in range(30) for name, text in stack(f"p{at}").items()})
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "envfix", "-r", "-v"])
    shown = read_to_the_end(child, terminal)
    text = shown.decode()
    assert "/30" in text
    for piece in text.split("\r\x1b[K"):  # every bar is taken away before anything else is printed
        _, end, behind = piece.rpartition("/30")
        assert not end or not behind.strip(), piece


# -- which folders ----------------------------------------------------------------------------------------------------

IGNORES = [
    "build",
    "build/",
    "/build",
    "a/build",
    "a/**/build",
    "**/build",
    "build/**",
    "a/*",
    "*\n!a",
    "a/*\n!a/keep",
    "b?ild",
    "[bc]uild",
    "[!b]uild",
    "b*d/",
    "# build",
    "\\#odd",
    "\\!odd",
    "  build",
    "build  ",
    "a/b/../build",
    "*.d",
    "**/a/b/**",
    "/*\n!/a\n/a/*\n!/a/b",
    "a\nb\nc",
    "build\n\n\n!build",
    "/**/b",
    "a/b/",
    "uild",
]
FOLDERS = [
    "build", "a/build", "a/b/build", "a/b", "a/keep", "guild", "cuild", "#odd", "!odd", "  build", "x.d/y", "c/a/b/d",
    "b", "a/b/c/build",
]  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
@pytest.mark.parametrize("ignore", IGNORES)
@pytest.mark.parametrize("place", [".gitignore", "a/.gitignore", ".git/info/exclude"])
def test_folders_are_ignored_as_git_ignores_them(ignore: str, place: str, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    for name in FOLDERS:
        (tmp_path / name).mkdir(parents=True, exist_ok=True)
        (tmp_path / name / "compose.yaml").write_text("")
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text(ignore + "\n")
    asked = "\0".join(("a/", *(f"{name}/compose.yaml" for name in FOLDERS)))
    out = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin"], cwd=tmp_path, input=asked.encode(), capture_output=True
    )
    ignored = {os.path.dirname(name) for name in out.stdout.decode().split("\0") if name}
    found = set(projects_below(tmp_path))
    assert found == set(FOLDERS) - ignored
    if "a" not in ignored:
        below = {os.path.normpath(f"a/{name}") for name in projects_below(tmp_path / "a")}
        assert below == {name for name in found if name.startswith("a/")}


def test_dependencies_and_links_are_left_out_and_a_repository_within_has_its_own_rules(project: Project) -> None:
    folder = project(
        **{
            ".git/HEAD": "",
            ".gitignore": "build\n",
            **stack("a/node_modules/x"),
            **stack("vendor/x"),
            **stack(".venv/x"),
            **stack("build"),
            "inner/.git/HEAD": "",
            **stack("inner/build"),
            **stack("kept"),
        }
    )
    if hasattr(os, "symlink"):
        (folder / "link").symlink_to(folder / "kept")
        (folder / "round").symlink_to(folder)
    assert projects_below(folder) == ["inner/build", "kept"]


# -- commands to copy -------------------------------------------------------------------------------------------------


def test_no_name_of_a_project_is_run_or_taken_for_an_option(project: Project, envfix: Envfix) -> None:
    folder = project(**stack("--forget"), **stack("a"), **stack("b$(touch made)"), **{"here/x": ""})
    dry = envfix("-r", "--show-secrets", "../b$(touch made)", cwd=folder / "here")
    assert "git -C '../b$(touch made)' apply\n" in dry.err
    done = envfix("--write", "--", "--forget", "a", cwd=folder)
    assert "To take it back: envfix --restore ./--forget a\n" in done.err
    assert envfix("--restore", "./--forget", "a", cwd=folder).status == 0
    assert {(folder / name / ".env").read_text() for name in ("--forget", "a")} == {WRONG}


def test_a_service_whose_name_begins_with_a_dash_is_no_option(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE.replace("  app:", '  "-V":'), ".env": WRONG})
    assert "To make it take effect: docker compose up -d -- -V\n" in envfix("--write", cwd=folder).err


def test_a_job_of_github_takes_no_talk_for_a_command(
    project: Project, envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"compose.yaml": "services: [\n"}
    files = {f"{name}/{file}": text for name in ("::x::y", "##[x]y") for file, text in broken.items()}
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    done = envfix("-r", "--format", "github", cwd=project(**files, **stack("a")))
    assert "x" in done.err
    assert not re.search(r"^\s*::|##\[", done.err, re.MULTILINE)
    assert "::error file=a/.env" in done.out
