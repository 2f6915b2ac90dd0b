"""A path that a project names on another machine: Windows sends it the user's login as soon as it is looked at."""

from __future__ import annotations

import ntpath
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from envfix import files
from envfix.planning import Made, Request, make

Project = Callable[..., Path]
HERE = r"C:\Users\me\shop"
ON_A_SHARE = r"\\nas\work\shop"


@pytest.mark.parametrize(
    ("path", "folder", "elsewhere"),
    [
        (r"\\192.0.2.7\x\.env", HERE, True),
        ("//192.0.2.7/x/.env", HERE, True),
        (r"/\192.0.2.7\x", HERE, True),
        (r"\\192.0.2.7", HERE, True),
        (r"\\?\UNC\192.0.2.7\x\.env", HERE, True),
        (r"\\.\UNC\192.0.2.7\x\.env", HERE, True),
        (r"\??\UNC\192.0.2.7\x\.env", HERE, True),
        (r"\\?\GLOBALROOT\Device\Mup\192.0.2.7\x", HERE, True),
        (r"\\.\pipe\x", HERE, True),
        (r"\\.\COM1", HERE, True),
        (r"\\?\C:\x", HERE, True),
        (r"\\nas\work\other\.env", HERE, True),
        (r"\\nas\private\.env", ON_A_SHARE, True),
        (r"\\192.0.2.7\work\.env", ON_A_SHARE, True),
        (r"\\nas\work\other\.env", ON_A_SHARE, False),
        ("//NAS/Work/other/.env", ON_A_SHARE, False),
        (r"\\?\UNC\nas\work\other\.env", ON_A_SHARE, False),
        (r"\\nas\work\.env", r"\\?\UNC\nas\work\shop", False),
        (r"\\wsl.localhost\Ubuntu\home\me\.env", r"\\wsl.localhost\Ubuntu\home\me\shop", False),
        (r"D:\x\.env", HERE, False),
        (r"C:\x//y", HERE, False),
        (r"\x\.env", HERE, False),
        ("/x/.env", HERE, False),
        ("x/.env", HERE, False),
        ("", HERE, False),
    ],
)
def test_what_lies_on_another_machine(path: str, folder: str, elsewhere: bool) -> None:
    assert files.is_elsewhere(path, folder, windows=True) is elsewhere
    assert not files.is_elsewhere(path, folder, windows=False)


@pytest.mark.parametrize(
    "parts", [(r"\\192.0.2.7\x",), ("//192.0.2.7/x",), ("a", r"\\192.0.2.7", "x"), ("//192.0.2.7/x/y/..",)]
)
def test_nothing_has_the_name_that_is_made_of_it(parts: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "os", type("Windows", (), {"path": ntpath}))
    monkeypatch.setattr(files.is_elsewhere, "__defaults__", (True,))
    made = files.located(HERE, *parts)
    assert made.rstrip("/") == "file://192.0.2.7/x"
    assert ntpath.splitdrive(ntpath.join(HERE, made, ".env"))[0] == "C:"
    assert files.located(HERE, "a", "..", ".env") == HERE + r"\.env"


# Each place of a project where a path stands, and what is said of it. Linux takes two slashes for one, and so this is
# tried with the one question "is it Windows?" answered otherwise.
STRANGE = "//192.0.2.7/x"
WATCH = f"    develop: {{watch: [{{path: {STRANGE}, action: sync, target: /app}}]}}\n"
INNER = {"c.yaml": "services: {}\n"}
API = "services:\n  db: {image: postgres, ports: ['5433:5432']}\n  api:\n    image: acme/api\n    env_file: [.env]\n"
PLACES: list[Any] = [
    pytest.param({"compose.yaml": f"{API}    volumes: ['{STRANGE}:/app']\n    working_dir: /app\n"}, "", id="volume"),
    pytest.param({"compose.yaml": f"{API}    build: {STRANGE}\n"}, "", id="context"),
    pytest.param({"compose.yaml": f"{API}    build: {{context: ., dockerfile: {STRANGE}/D}}\n"}, "", id="dockerfile"),
    pytest.param(
        {"compose.yaml": f"{API}    build: {{context: ., additional_contexts: {{x: {STRANGE}}}}}\n"}, "", id="contexts"
    ),
    pytest.param({"compose.yaml": API + WATCH}, "", id="watch"),
    pytest.param(
        {"compose.yaml": API.replace("[.env]", f"[.env, {STRANGE}/.env]")},
        "the env_file file://192.0.2.7/x/.env lies on another machine",
        id="env_file",
    ),
    pytest.param(
        {"compose.yaml": API.replace("[.env]", f"[.env, {{path: {STRANGE}/.env, required: false}}]")},
        "the env_file file://192.0.2.7/x/.env lies on another machine",
        id="env_file that need not be there",
    ),
    pytest.param(
        {"compose.yaml": API.replace("[.env]", f"[.env, '${{WHERE:-{STRANGE}}}/.env']")},
        "the env_file ${WHERE:-//192.0.2.7/x}/.env lies on another machine",
        id="env_file by a variable",
    ),
    pytest.param(
        {"compose.yaml": f"{API}    extends: {{file: {STRANGE}/c.yaml, service: a}}\n"},
        "c.yaml is remote and not fetched: api is read without it",
        id="extends",
    ),
    pytest.param(
        {"compose.yaml": f"include: [{STRANGE}/c.yaml]\n{API}"},
        "//192.0.2.7/x/c.yaml is remote and not fetched",
        id="include",
    ),
    pytest.param(
        {"compose.yaml": f"include: [{{path: c.yaml, project_directory: {STRANGE}}}]\n{API}", **INNER},
        "//192.0.2.7/x is remote and not fetched",
        id="include's folder",
    ),
    pytest.param(
        {"compose.yaml": f"include: [{{path: c.yaml, env_file: {STRANGE}/.env}}]\n{API}", **INNER},
        "//192.0.2.7/x/.env is remote and not fetched",
        id="include's env file",
    ),
    pytest.param({"compose.yaml": f"{API}configs: {{a: {{file: {STRANGE}/.env}}}}\n"}, "", id="config"),
]


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is asked of the system by paths of another machine, as Windows would take them."""
    seen: list[str] = []

    def watched(name: str) -> None:
        before = getattr(os, name)

        def call(path: Any = ".", *given: Any, **more: Any) -> Any:
            if str(path).startswith(("//", "\\\\")):
                seen.append(f"{name} {path}")
            return before(path, *given, **more)

        monkeypatch.setattr(os, name, call)

    for name in ("stat", "lstat", "open", "readlink", "listdir", "scandir", "access"):
        watched(name)
    monkeypatch.setattr(files.is_elsewhere, "__defaults__", (True,))
    return seen


def made_of(folder: Path) -> Made:
    return make(Request(str(folder), environ={}))


@pytest.mark.skipif(os.name == "nt", reason="says what Windows would do, where that does nothing")
class TestNothingOfAProjectIsLookedForElsewhere:
    @pytest.mark.parametrize(("given", "warning"), PLACES)
    def test_by_compose(self, given: dict[str, str], warning: str, project: Project, looked_at: list[str]) -> None:
        folder = project(
            **given, **{".env": "DATABASE_URL=postgres://app@localhost:5433/app\n", "Dockerfile": "FROM x\n"}
        )
        plan = made_of(folder).plan
        assert looked_at == []
        assert [one.replacement for one in plan.references] == ["db:5432"]
        assert any(warning in one.message for one in plan.warnings) or not warning

    @pytest.mark.parametrize("line", ["COPY {} /app/", "COPY a /app\nRUN mv {} /app/.env", "WORKDIR {}\nCOPY . ."])
    @pytest.mark.parametrize("strange", [STRANGE, "\\\\192.0.2.7\\x"])
    def test_by_a_dockerfile(self, line: str, strange: str, project: Project, looked_at: list[str]) -> None:
        text = f"FROM node:22\nWORKDIR /app\n{line.format(strange + '/.env')}\nCMD node index.js\n"
        made_of(
            project(**{"compose.yaml": API.replace("image: acme/api", "build: ."), "Dockerfile": text, ".env": "A=1\n"})
        )
        assert looked_at == []

    def test_by_an_env_file(self, project: Project, looked_at: list[str]) -> None:
        folder = project(**{"compose.yaml": API, ".env": f"COMPOSE_FILE={STRANGE}/compose.yaml\n"})
        with pytest.raises(files.EnvfixError, match="a remote compose file is not fetched"):
            made_of(folder)
        assert looked_at == []
