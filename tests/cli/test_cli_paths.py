"""Which project does a path mean, and which of its files are changed?"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import growth
import pytest
from conftest import Envfix

from envfix import cli
from envfix.cli.asked import Options
from envfix.cli.paths import wanted
from envfix.compose.sources import Sources

Project = Callable[..., Path]
COMPOSE = """services:
  app:
    image: example.org/app
    env_file: .env
    depends_on: [db]
  db:
    image: postgres:17
    ports: ["5433:5432"]
"""
WRONG = "DATABASE_URL=postgres://app:pw@localhost:5433/app\n"
RIGHT = "DATABASE_URL=postgres://app:pw@db:5432/app\n"
OTHER = "STORE_URL=postgres://app:pw@localhost:5434/app\n"
# A root project that hands out the env file of a folder which has a compose file of its own.
ROOT = COMPOSE.replace("env_file: .env", "env_file: backend/.env")
OWN = "services:\n  app: {image: example.org/app, env_file: .env}\n"

ROWS: list[tuple[str, dict[str, str], str, list[str], set[str]]] = [
    ("the current folder's project", {"compose.yaml": COMPOSE, ".env": WRONG}, ".", [], {".env"}),
    ("a project above the current folder", {"compose.yaml": COMPOSE, ".env": WRONG, "src/x": ""}, "src", [], {".env"}),
    ("a folder", {"a/compose.yaml": COMPOSE, "a/.env": WRONG}, ".", ["a"], {"a/.env"}),
    (
        "a compose file with a default name",
        {"a/compose.yaml": COMPOSE, "a/.env": WRONG},
        ".",
        ["a/compose.yaml"],
        {"a/.env"},
    ),
    (
        "its override stands for the project too",
        {"compose.yaml": COMPOSE, "compose.override.yaml": "services: {}\n", ".env": WRONG},
        ".",
        ["compose.override.yaml"],
        {".env"},
    ),
    ("a compose file with another name", {"a/stack.yml": COMPOSE, "a/.env": WRONG}, ".", ["a/stack.yml"], {"a/.env"}),
    (
        "with env files named only those are changed",
        {"compose.yaml": COMPOSE.replace(".env", "[.env, b.env]"), ".env": WRONG, "b.env": WRONG},
        ".",
        ["b.env", "compose.yaml"],
        {"b.env"},
    ),
    (
        "an env file in a folder without a compose file",
        {"compose.yaml": COMPOSE.replace(".env", "conf/app.env"), "conf/app.env": WRONG},
        ".",
        ["conf/app.env"],
        {"conf/app.env"},
    ),
    (
        "an env file named from another folder",
        {"a/compose.yaml": COMPOSE, "a/.env": WRONG, "b/x": ""},
        "b",
        ["../a/.env"],
        {"a/.env"},
    ),
    (
        "a template stands for its file",
        {"compose.yaml": COMPOSE, ".env.example": WRONG},
        ".",
        [".env.example"],
        {".env.example"},
    ),
    (
        "a template beside the file it stands for",
        {"compose.yaml": COMPOSE, ".env": WRONG, ".env.sample": WRONG},
        ".",
        [".env.sample"],
        {".env.sample"},
    ),
    (
        "a file with a template's name that the project reads itself",
        {
            "compose.yaml": COMPOSE.replace(".env", "[.env.dist, app.env.example]"),
            ".env.dist": WRONG,
            "app.env.example": "",
        },
        ".",
        [".env.dist"],
        {".env.dist"},
    ),
    (
        "of several templates each is judged alone",
        {"compose.yaml": COMPOSE, ".env.example": WRONG, ".env.dist": WRONG + "A=1\n"},
        ".",
        [".env.example", ".env.dist"],
        {".env.example", ".env.dist"},
    ),
    ("a file that the project does not read", {"compose.yaml": COMPOSE, "other.env": WRONG}, ".", ["other.env"], set()),
    (
        "a file that only --env-file makes the project's",
        {"compose.yaml": COMPOSE.replace("env_file: .env", "environment: [DATABASE_URL]"), "dev.env": WRONG},
        ".",
        ["--env-file", "dev.env"],
        {"dev.env"},
    ),
    (
        "the root's project, which hands the file out, although its folder has a compose file too",
        {"compose.yaml": ROOT, "backend/.env": WRONG, "backend/compose.yaml": OWN},
        ".",
        ["backend/.env", "compose.yaml"],
        {"backend/.env"},
    ),
    (
        "the same from the root, without its compose file named",
        {"compose.yaml": ROOT, "backend/.env": WRONG, "backend/compose.yaml": OWN},
        ".",
        ["backend/.env"],
        {"backend/.env"},
    ),
    (
        "from the folder itself the folder's own project is meant",
        {"compose.yaml": ROOT, "backend/.env": WRONG, "backend/compose.yaml": OWN},
        "backend",
        [".env"],
        set(),
    ),
    (
        "the folder's own project where the root's does not read the file",
        {"compose.yaml": OWN, "backend/.env": WRONG, "backend/compose.yaml": COMPOSE},
        ".",
        ["backend/.env"],
        {"backend/.env"},
    ),
    (
        "the template of a file that the root's project hands out",
        {"compose.yaml": ROOT, "backend/.env.example": WRONG, "backend/compose.yaml": OWN},
        ".",
        ["backend/.env.example", "compose.yaml"],
        {"backend/.env.example"},
    ),
    (
        "several projects in one run",
        {
            "a/compose.yaml": COMPOSE,
            "a/.env": WRONG,
            "b/compose.yml": COMPOSE,
            "b/.env": WRONG,
            "c/compose.yaml": COMPOSE,
        },
        ".",
        ["a/.env", "b/compose.yml", "c/compose.yaml"],
        {"a/.env", "b/.env"},
    ),
    (
        "two stacks over the same file: the second sees what the first has written",
        {"one.yaml": COMPOSE, "two.yaml": COMPOSE.replace("5433", "5434"), ".env": WRONG + OTHER},
        ".",
        ["one.yaml", "two.yaml"],
        {".env"},
    ),
    (
        "-f with an env file",
        {"x/stack.yml": COMPOSE, "x/.env": WRONG},
        ".",
        ["-f", "x/stack.yml", "x/.env"],
        {"x/.env"},
    ),
    (
        "a project directory",
        {"deploy/stack.yml": COMPOSE, ".env": WRONG},
        ".",
        ["-f", "deploy/stack.yml", "--project-directory", "."],
        {".env"},
    ),
]


@pytest.mark.parametrize(
    ("files", "here", "words", "changed"), [pytest.param(*row, id=sentence) for sentence, *row in ROWS]
)
def test_what_is_changed_when_these_paths_are_named(
    files: dict[str, str], here: str, words: list[str], changed: set[str], project: Project, envfix: Envfix
) -> None:
    folder = project(**files)
    (folder / ".git").mkdir()
    done = envfix("--write", *words, cwd=folder / here)
    assert done.status == 0, done.err
    assert {name for name, text in files.items() if (folder / name).read_text() != text} == changed
    for name in changed:
        assert "localhost:5433" not in (folder / name).read_text()
    again = envfix("--write", "--exit-non-zero-on-fix", *words, cwd=folder / here)
    assert again.status == 0, again


@pytest.mark.parametrize(
    ("words", "there", "shown"),
    [
        pytest.param(["--output", ".env"], set(), True, id="a repaired file is made of the template"),
        pytest.param(["--output", ".env"], {".env"}, False, id="an existing one is refused"),
        pytest.param(["--output", ".env", "--force"], {".env"}, True, id="unless that is meant"),
    ],
)
def test_a_repaired_file_from_a_template(
    words: list[str], there: set[str], shown: bool, project: Project, envfix: Envfix
) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env.example": WRONG, **dict.fromkeys(there, "OLD=1\n")})
    (folder / ".env.example").chmod(0o640)
    done = envfix(".env.example", *words, cwd=folder)
    assert done.status == (0 if shown else 2)
    assert (folder / ".env.example").read_text() == WRONG
    assert (folder / ".env").read_text() == (RIGHT if shown else "OLD=1\n")
    if shown:
        assert (folder / ".env").stat().st_mode & 0o777 == 0o640
        assert "set right in .env" in done.err


def test_without_an_env_file_the_hint_names_the_command_that_works(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env.example": WRONG})
    done = envfix(cwd=folder)
    assert (done.status, done.out) == (0, "")
    words = done.err.strip().splitlines()[-1].partition("template: envfix ")[2].split()
    assert words == [".env.example", "--output", ".env"]
    assert envfix(*words, cwd=folder).status == 0
    assert (folder / ".env").read_text() == RIGHT
    assert envfix(cwd=folder).status == 0


def test_without_an_env_file_templates_of_other_files_are_named(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env.dev.example": WRONG, ".env.prod.example": WRONG})
    done = envfix(cwd=folder)
    assert done.status == 0
    assert "(.env.dev.example, .env.prod.example): copy the one that is meant to .env" in done.err


def test_templates_are_named_as_a_shell_takes_them(project: Project, envfix: Envfix) -> None:
    folder = project(**{"app here/compose.yaml": COMPOSE, "app here/.env.dev $(x).example": WRONG})
    done = envfix("--project-directory", "app here", "-f", "app here/compose.yaml", cwd=folder)
    assert "('app here/.env.dev $(x).example'): copy the one that is meant to 'app here/.env'" in done.err
    project(**{"-app/compose.yaml": COMPOSE, "-app/.env.example": WRONG})
    done = envfix("--project-directory=-app", "-f", "-app/compose.yaml", cwd=folder)
    assert "./-app/.env.example --output" in done.err


def test_output_on_standard_output_is_the_file_alone_and_in_full(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    done = envfix("--output", "-", cwd=folder)
    assert (done.status, done.out, (folder / ".env").read_text()) == (0, RIGHT, WRONG)


@pytest.mark.parametrize("text", [WRONG, RIGHT])
def test_output_of_a_file_that_compose_would_refuse_and_does_not_read(
    text: str, project: Project, envfix: Envfix
) -> None:
    folder = project(
        **{
            "compose.yaml": COMPOSE.replace("env_file: .env", "build: app"),
            "app/Dockerfile": 'FROM ruby:3.4\nWORKDIR /srv\nCOPY . .\nCMD ["ruby", "main.rb"]\n',
            "app/Gemfile": 'gem "dotenv"\n',
            "app/.env": "no binding\n" + text,
        }
    )
    done = envfix("app/.env", "--output", "app/.env.inside", cwd=folder)
    assert done.status == 0, done.err
    assert (folder / "app/.env.inside").read_text() == "no binding\n" + RIGHT


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        pytest.param({".env": RIGHT, "b.env": WRONG}, ["--output", "x"], "2 of them", id="several env files"),
        pytest.param({".env": RIGHT, "b.env": WRONG}, [".env", "--output", ".env"], "--write", id="the file itself"),
    ],
)
def test_output_goes_with_one_env_file_and_another_target(
    files: dict[str, str], words: list[str], said: str, project: Project, envfix: Envfix
) -> None:
    folder = project(**{"compose.yaml": COMPOSE.replace(".env", "[.env, b.env]"), **files})
    done = envfix(*words, cwd=folder)
    assert done.status == 2
    assert said in done.err
    assert {name: (folder / name).read_text() for name in files} == files


# -- restore ----------------------------------------------------------------------------------------------------------


def test_restore_goes_back_one_write_at_a_time(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    envfix("--write", cwd=folder)
    second = RIGHT + WRONG.replace("DATABASE", "OTHER").replace("/app", "/other")
    (folder / ".env").write_text(second)
    envfix("--write", cwd=folder)
    listed = envfix("--restore", "--list", cwd=folder)
    assert (listed.status, listed.out.count("\n"), listed.out.count("  .env  ")) == (0, 2, 2)
    assert envfix("--restore", cwd=folder).out == "Restored .env\n"
    assert (folder / ".env").read_text() == second
    refused = envfix("--restore", cwd=folder)
    assert (refused.status, (folder / ".env").read_text()) == (2, second)
    assert "--force" in refused.err
    assert envfix("--restore", "--force", cwd=folder).status == 0
    assert (folder / ".env").read_text() == WRONG
    assert envfix("--restore", cwd=folder).status == 1


@pytest.mark.parametrize(
    ("here", "write", "restore", "broken"),
    [
        pytest.param(".", [], [], {}, id="the same folder"),
        pytest.param("src", [], [], {}, id="from a folder below"),
        pytest.param(".", ["."], ["compose.yaml"], {}, id="by the compose file's path"),
        pytest.param(".", [".env"], [".env"], {}, id="by the env file's path"),
        pytest.param(".", [], [], {"compose.yaml": "services: ["}, id="with a compose file that is broken by now"),
        pytest.param(".", ["-f", "stack.yml"], ["-f", "stack.yml"], {}, id="with -f"),
        pytest.param(".", ["--backup-dir", "../kept"], ["--backup-dir", "../kept"], {}, id="with a folder for backups"),
    ],
)
def test_restore_finds_the_project_as_compose_does(
    here: str, write: list[str], restore: list[str], broken: dict[str, str], project: Project, envfix: Envfix
) -> None:
    folder = project(
        **{"p/compose.yaml": COMPOSE, "p/stack.yml": COMPOSE, "p/.env": WRONG, "p/src/x": "", "kept/x": ""}
    )
    folder = folder / "p"
    assert envfix("--write", *write, cwd=folder / here).status == 0
    assert (folder / ".env").read_text() == RIGHT
    for name, text in broken.items():
        (folder / name).write_text(text)
    done = envfix("--restore", *restore, cwd=folder / here)
    assert (done.status, (folder / ".env").read_text()) == (0, WRONG), done.err


@pytest.mark.parametrize(
    "words",
    [["a/.env"], ["a"], ["a", "b", "c"], ["a/compose.yaml", "b/.env"], ["-f", "b/compose.yaml"], ["b/.env", "c/.env"]],
    ids=" ".join,
)
def test_the_command_that_the_report_gives_restores(words: list[str], project: Project, envfix: Envfix) -> None:
    stacks = {f"{name}/compose.yaml": COMPOSE for name in "abc"}
    folder = project(**stacks, **{"a/.env": WRONG, "b/.env": WRONG, "c/.env": RIGHT})
    done = envfix("--write", *words, cwd=folder)
    assert RIGHT in ((folder / "a" / ".env").read_text(), (folder / "b" / ".env").read_text())
    given = done.err.partition("To take it back: envfix ")[2].splitlines()[0].split()
    assert envfix(*given, cwd=folder).status == 0
    assert [(folder / name / ".env").read_text() for name in "abc"] == [WRONG, WRONG, RIGHT]


@pytest.mark.slow
def test_projects_named_beside_as_many_env_files_take_time_in_proportion(project: Project) -> None:
    def seconds(number: int) -> float:
        paths = [f"{i}/compose.yaml" for i in range(number)], [f"env/{i}.env" for i in range(number)]
        service = "services: {web: {image: example.org/web, env_file: web.env}}\n"
        folder = project(**dict.fromkeys(paths[0], service), **dict.fromkeys(paths[1], ""))
        options = Options(**cli.command.make_context("envfix", ["--hook", "--", *paths[0], *paths[1]]).params)
        began = time.process_time()
        found = wanted(options, str(folder), Sources())
        assert len(found) == number
        return time.process_time() - began

    growth.assert_in_proportion(seconds, 75)


def test_the_patch_with_secrets_is_one_that_git_applies(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG.replace("\n", "\r\n")})
    patch = envfix("--show-secrets", cwd=folder).out
    (folder / "p.patch").write_bytes(patch.encode())
    subprocess.run(["git", "apply", "p.patch"], cwd=folder, check=True)
    assert (folder / ".env").read_bytes() == RIGHT.replace("\n", "\r\n").encode()


def test_backups_can_be_removed(project: Project, envfix: Envfix) -> None:
    folder = project(**{"compose.yaml": COMPOSE, ".env": WRONG})
    envfix("--write", cwd=folder)
    assert envfix("--forget", cwd=folder).status == 2
    told = envfix("--restore", "--forget", cwd=folder)
    assert (told.status, "1 backup" in told.out) == (0, True)
    assert (folder / ".env").read_text() == RIGHT
    assert envfix("--restore", cwd=folder).status == envfix("--restore", "--forget", cwd=folder).status == 1


@pytest.mark.parametrize("hook", [True, False])
def test_on_windows_no_name_that_a_hook_is_given_is_taken_for_a_pattern(
    hook: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file may be called `~` or `%HOME%` there. What a person types is expanded, since cmd does not do it."""
    given: dict[str, object] = {}
    monkeypatch.setattr(cli.command, "main", lambda *arguments, **options: given.update(options))
    monkeypatch.setattr("sys.argv", ["envfix", *(["--hook"] if hook else []), "--", "~/.env"])
    with pytest.raises(SystemExit):
        cli.main()
    assert given["windows_expand_args"] is not hook
