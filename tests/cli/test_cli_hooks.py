"""The hooks, run by the real pre-commit and by prek, in a real git repository, from the package of this checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sysconfig
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import FIXTURES, Done, Envfix

CHECKOUT = Path(__file__).parents[2]
SCRIPTS = sysconfig.get_path("scripts")
RUNNERS = [name for name in ("pre-commit", "prek") if shutil.which(name, path=SCRIPTS)]
ENV = (FIXTURES / "published-port" / ".env").read_bytes()
REPAIRED = (FIXTURES / "published-port" / "expected.env").read_bytes()
COMPOSE = (FIXTURES / "published-port" / "compose.yaml").read_text()

pytestmark = [
    pytest.mark.slow,  # the first of each runner waits until the hook is installed
    pytest.mark.skipif(shutil.which("git") is None, reason="no git"),
    pytest.mark.skipif(len(RUNNERS) < 2, reason="no pre-commit or no prek (pip install -e '.[test]')"),
]


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main"]
    return subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for all processes of this test run: installing a hook takes a while, so it is done once."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def package(shared: Path) -> Path:
    """This checkout's package as a repository of hooks, as a person names it in a configuration."""
    folder, ready = shared / "hooks", shared / "hooks-are-ready"
    try:
        folder.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 60
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.1)
        return folder
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(CHECKOUT / name, folder)
    shutil.copytree(CHECKOUT / "docs", folder / "docs")
    shutil.copytree(CHECKOUT / "envfix", folder / "envfix", ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "x")
    git(folder, "tag", "v1")
    ready.touch()
    return folder


@pytest.fixture(scope="session")
def homes(shared: Path) -> Path:
    """Where the runners keep the installed hook."""
    return shared / "homes"


Repository = Callable[..., Path]


@pytest.fixture
def repository(tmp_path: Path, package: Path) -> Repository:
    """A git repository with the hook configured; files are committed, but those that .gitignore names."""

    def make(hook: str, **files: str | bytes) -> Path:
        folder = tmp_path / "repository"
        folder.mkdir()
        config = f"repos:\n- repo: {package.as_uri()}\n  rev: v1\n  hooks:\n  - id: {hook}\n"
        for name, content in {".pre-commit-config.yaml": config, **files}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "x")
        return folder

    return make


@pytest.fixture(params=RUNNERS)
def runner(request: pytest.FixtureRequest, homes: Path, clean_environ: Path) -> Callable[..., Done]:
    def run(folder: Path, *words: str) -> Done:
        state = {"XDG_STATE_HOME": str(clean_environ), "HOME": str(clean_environ)}
        home = {"PRE_COMMIT_HOME": str(homes / "pre-commit"), "PREK_HOME": str(homes / "prek")}
        cache = {"PIP_CACHE_DIR": str(homes / "pip"), "UV_CACHE_DIR": str(homes / "uv")}
        done = subprocess.run(
            [shutil.which(request.param, path=SCRIPTS), "run", "--color", "never", *words],
            cwd=folder,
            env={**os.environ, **state, **home, **cache},
            capture_output=True,
            text=True,
            timeout=300,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    return run


def test_a_tracked_file_is_repaired_and_that_fails_once(repository: Repository, runner: Callable[..., Done]) -> None:
    folder = repository("envfix", **{".env.example": ENV, "compose.yaml": COMPOSE})

    first = runner(folder, "--all-files")
    assert (folder / ".env.example").read_bytes() == REPAIRED
    assert first.status == 1
    assert "Failed" in first.out
    assert "reports-db:5432" in first.out
    assert "pw%40home" not in first.out
    second = runner(folder, "--all-files")
    assert (second.status, "Passed" in second.out) == (0, True)


def test_the_check_tells_and_changes_nothing(repository: Repository, runner: Callable[..., Done]) -> None:
    folder = repository("envfix-check", **{".env.example": ENV, "compose.yaml": COMPOSE})

    assert runner(folder, "--all-files").status == 1
    assert (folder / ".env.example").read_bytes() == ENV
    assert git(folder, "status", "--porcelain") == ""


@pytest.mark.parametrize("hook", ["envfix", "envfix-check"])
def test_a_changed_compose_file_fails_for_the_ignored_env_that_no_hook_changes(
    hook: str, repository: Repository, runner: Callable[..., Done]
) -> None:
    folder = repository(hook, **{".gitignore": ".env\n", ".env": ENV, "compose.yaml": COMPOSE})
    (folder / "compose.yaml").write_text(COMPOSE + "# changed\n")
    git(folder, "add", "compose.yaml")

    done = runner(folder)
    assert done.status == 1
    assert ".env is not in git" in done.out
    assert "envfix --write" in done.out
    assert (folder / ".env").read_bytes() == ENV


def test_a_repaired_ignored_env_passes(repository: Repository, runner: Callable[..., Done]) -> None:
    folder = repository("envfix", **{".gitignore": ".env\n", ".env": REPAIRED, "compose.yaml": COMPOSE})
    assert runner(folder, "--all-files").status == 0


@pytest.mark.parametrize("hook", ["envfix", "envfix-check"])
def test_a_clone_without_an_env_file_passes(hook: str, repository: Repository, runner: Callable[..., Done]) -> None:
    folder = repository(hook, **{"compose.yaml": COMPOSE, "front/.env.example": "API=http://localhost:9200\n"})
    assert runner(folder, "--all-files").status == 0


HOOK = ("--hook", "--write")


@pytest.fixture
def in_git(project: Callable[..., Path]) -> Callable[..., Path]:
    def make(**files: str | bytes) -> Path:
        folder = project(**files)
        git(folder, "init", "-q")
        git(folder, "add", "-A")
        git(folder, "commit", "-qm", "x")
        return folder

    return make


def test_files_of_one_project_are_one_run_that_also_looks_at_the_ignored_env(
    in_git: Callable[..., Path], envfix: Envfix
) -> None:
    folder = in_git(**{".gitignore": "/.env\n", "compose.yaml": COMPOSE, ".env.example": ENV, ".env": ENV})
    done = envfix(*HOOK, "compose.yaml", ".env.example", cwd=folder)
    assert (folder / ".env.example").read_bytes() == REPAIRED
    assert (folder / ".env").read_bytes() == ENV
    assert done.status == 1
    assert done.out.count("--- a/.env\n") == done.out.count("--- a/.env.example\n") == 1
    assert ".env is not in git" in done.err


def test_a_hook_of_a_linked_work_tree_knows_what_is_tracked(
    in_git: Callable[..., Path], envfix: Envfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = in_git(**{"api/compose.yaml": COMPOSE, "api/.env.example": ENV})
    monkeypatch.setenv("GIT_DIR", str(folder / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(folder / ".git" / "index"))
    assert envfix(*HOOK, "api/.env.example", cwd=folder).status == 1
    assert (folder / "api" / ".env.example").read_bytes() == REPAIRED


@pytest.mark.parametrize(
    ("files", "words"),
    [
        pytest.param({"compose.yaml": COMPOSE}, ["compose.yaml"], id="no env file in this clone"),
        pytest.param({"web/.env.example": ENV}, ["web/.env.example"], id="a template with no compose file around it"),
        pytest.param(
            {"compose.yaml": COMPOSE, ".env": REPAIRED, "tests/broken.env": "not an env file\n"},
            ["tests/broken.env"],
            id="a broken file that the project does not read",
        ),
        pytest.param({"compose.yaml": COMPOSE, ".env": REPAIRED}, ["compose.yaml", ".env"], id="all is right"),
    ],
)
def test_the_hook_is_silent_where_there_is_nothing_to_say(
    files: dict[str, str | bytes], words: list[str], in_git: Callable[..., Path], envfix: Envfix
) -> None:
    assert envfix(*HOOK, *words, cwd=in_git(**files)) == (0, "", "")


BUILT = """services:
  app: {build: ./api, depends_on: [db]}
  db: {image: "postgres:17", ports: ["5433:5432"]}
"""


@pytest.mark.parametrize("name", ["api/Dockerfile", "api/.dockerignore", "compose.yaml"])
def test_what_builds_an_image_stands_for_all_env_files_of_the_project(
    name: str, in_git: Callable[..., Path], envfix: Envfix
) -> None:
    dockerfile = "FROM node:22\nWORKDIR /app\nCOPY . .\nCMD node --env-file=.env server.js\n"
    files = {"compose.yaml": BUILT, "api/Dockerfile": dockerfile, "api/.dockerignore": "x\n"}
    folder = in_git(**files, **{"api/.env": "DATABASE_URL=postgres://localhost:5433/app\n"})
    assert envfix(*HOOK, name, cwd=folder).status == 1
    assert (folder / "api" / ".env").read_text() == "DATABASE_URL=postgres://db:5432/app\n"


def test_a_dockerfile_without_a_project_is_no_failure(in_git: Callable[..., Path], envfix: Envfix) -> None:
    assert envfix(*HOOK, "x/Dockerfile", cwd=in_git(**{"x/Dockerfile": "FROM x\n"})) == (0, "", "")


@pytest.mark.parametrize("name", [".env", ".env.example"])
def test_a_broken_env_file_of_the_project_fails_with_its_line(
    name: str, in_git: Callable[..., Path], envfix: Envfix
) -> None:
    done = envfix(*HOOK, name, cwd=in_git(**{"compose.yaml": COMPOSE, name: "A=1\nnot an env file\n"}))
    assert (done.status, done.out) == (2, "")
    assert f"{name}:2" in done.err


def test_a_broken_compose_file_fails_with_its_line(in_git: Callable[..., Path], envfix: Envfix) -> None:
    folder = in_git(**{"compose.yaml": "services:\n  a: [\n", "b/compose.yaml": COMPOSE, "b/.env": ENV})
    done = envfix(*HOOK, "compose.yaml", "b/compose.yaml", cwd=folder)
    assert (done.status, (folder / "b" / ".env").read_bytes()) == (2, REPAIRED)
    assert "compose.yaml:" in done.err


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("compose.yaml", True),
        ("deploy/docker-compose.prod.yml", True),
        (".env", True),
        ("api/.env.local.example", True),
        ("env.sample", True),
        ("sample.env", True),
        ("prod.env", True),
        (".envrc", False),
        ("src/env.d.ts", False),
        (".env.d.ts", False),
        (".compose-lint.yml", False),
        ("compose-lint.yml", False),
        ("composer.yml", False),
        ("Dockerfile", True),
        ("api/Dockerfile.dev", True),
        ("api.Dockerfile", True),
        ("web/.dockerignore", True),
        ("Dockerfile.dockerignore", True),
        ("docs/dockerfiles.md", False),
    ],
)
def test_the_hooks_look_at_env_and_compose_files_alone(name: str, wanted: bool) -> None:
    text = (CHECKOUT / ".pre-commit-hooks.yaml").read_text()
    pattern = re.search(r"files: &files >-\n(.*?)\n  \w", text, re.DOTALL)
    assert pattern is not None
    assert (re.search(" ".join(pattern[1].split()), name) is not None) == wanted


def test_no_file_name_of_a_clone_is_taken_for_an_option(
    repository: Repository, runner: Callable[..., Done], clean_environ: Path
) -> None:
    names = ("--no-backup", "--restore.env", "--write.env", "-f.env", "--help.env")
    folder = repository("envfix-check", **{"compose.yaml": COMPOSE, **dict.fromkeys(names, ENV)})
    done = runner(folder, "--all-files")
    assert "Usage" not in done.out + done.err
    assert (folder / "--write.env").read_bytes() == ENV
    assert git(folder, "status", "--porcelain") == ""


def test_what_a_clone_s_own_repository_says_runs_nothing(in_git: Callable[..., Path], envfix: Envfix) -> None:
    """A bare repository in a subfolder, whose settings name a program: harmless here, it would leave a mark."""
    folder = in_git(**{"deploy/compose.yaml": COMPOSE, "deploy/.env.example": ENV})
    mark = folder.parent / "mark"
    settings = f"[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = touch {mark}\n\tpager = touch {mark}\n"
    for name, text in {"HEAD": "ref: refs/heads/main\n", "config": settings, "objects/x": "", "refs/x": ""}.items():
        (folder / "deploy" / name).parent.mkdir(exist_ok=True)
        (folder / "deploy" / name).write_text(text)
    assert envfix(*HOOK, "deploy/.env.example", cwd=folder).status == 1
    assert ((folder / "deploy" / ".env.example").read_bytes(), mark.exists()) == (REPAIRED, False)
