"""Each small project of fixtures/ teaches one lesson (its README): what is decided, written, taken back, and what the
real Docker Compose hands out then. `expected.json` is the JSON without sentences, `expected.env` the repaired file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import real_compose
from conftest import FIXTURES, Envfix

from envfix.report import schema_text

NAMES = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())
Project = Callable[..., Path]


def expected(name: str) -> Any:
    return json.loads((FIXTURES / name / "expected.json").read_text())


def without_sentences(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_sentences(inner) for key, inner in value.items() if key != "explanation"}
    return [without_sentences(inner) for inner in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", NAMES)
def test_a_dry_run_tells_what_is_expected_and_changes_nothing(name: str, project: Project, envfix: Envfix) -> None:
    folder = project(name)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    done = envfix("--format", "json", cwd=folder)

    assert without_sentences(done.json) == expected(name)
    jsonschema.validate(done.json, json.loads(schema_text()))
    assert all(one["explanation"] for one in done.json["projects"][0]["references"])
    assert done.status == int(done.json["projects"][0]["env_files"][0]["changed"])
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("name", NAMES)
def test_write_writes_that_once_and_restore_takes_it_back(name: str, project: Project, envfix: Envfix) -> None:
    folder = project(name)
    env, before = folder / ".env", (folder / ".env").read_bytes()
    after = (FIXTURES / name / "expected.env").read_bytes()

    assert envfix("--write", cwd=folder).status == 0
    assert env.read_bytes() == after
    written = env.stat().st_mtime_ns
    assert envfix("--write", "--exit-non-zero-on-fix", cwd=folder).status == 0
    assert envfix(cwd=folder).status == 0
    assert (env.read_bytes(), env.stat().st_mtime_ns) == (after, written)
    assert envfix("--restore", cwd=folder).status == int(before == after)  # 1: nothing to put back
    assert env.read_bytes() == before


@real_compose.needs_compose
@pytest.mark.parametrize("name", [name for name in NAMES if expected(name)["summary"]["rewrite"]])
def test_docker_compose_hands_the_new_values_to_the_readers(name: str, project: Project, envfix: Envfix) -> None:
    folder = project(name)
    before = config(folder)
    references = envfix("--format", "json", "--write", cwd=folder).json["projects"][0]["references"]
    after = config(folder)

    rewritten = [one for one in references if one["decision"] == "rewrite"]
    changed: set[tuple[str, str]] = set()
    for one in rewritten:
        for service in (reader["service"] for reader in one["readers"] if reader["way"] not in ("mount", "image")):
            new = differing(before[service], after[service])
            assert any(one["replacement"] in after[service][variable] for variable in new), (service, one["variable"])
            changed |= {(service, variable) for variable in new}
    assert all(
        not differing(before[service], after[service]) or any(service == reader for reader, _ in changed)
        for service in set(after) - bystanders(name)
    )


def config(folder: Path) -> dict[str, dict[str, str]]:
    """Each service's environment, as the real Docker Compose sees it."""
    output = real_compose.run(folder, "config", "--format", "json", shell={})
    assert output is not None
    return {service: one.get("environment") or {} for service, one in json.loads(output)["services"].items()}


def differing(before: dict[str, str], after: dict[str, str]) -> set[str]:
    assert before.keys() == after.keys()
    return {name for name in after if before[name] != after[name]}


def bystanders(name: str) -> set[str]:
    """Services that get the whole env file and use nothing of it."""
    return {"db"} if name == "shared-env-file" else set()


DRESSES: dict[str, Callable[[bytes], bytes]] = {
    "with the line ends of Windows": lambda data: data.replace(b"\n", b"\r\n"),
    "with a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "without the last line end": lambda data: data.rstrip(b"\n"),
    "with a byte that is not UTF-8": lambda data: data.replace(b"not-a-real-secret", b"not-\xe9-secret"),
}


@pytest.mark.parametrize("dress", DRESSES)
def test_the_incident_in_other_dress(dress: str, project: Project, envfix: Envfix) -> None:
    folder = project("langfuse")
    env, dressed = folder / ".env", DRESSES[dress]
    before, after = dressed(env.read_bytes()), dressed((FIXTURES / "langfuse" / "expected.env").read_bytes())
    env.write_bytes(before)

    assert envfix("--write", cwd=folder).status == 0
    assert env.read_bytes() == after
    assert envfix("--write", "--exit-non-zero-on-fix", cwd=folder).status == 0
    assert envfix("--restore", cwd=folder).status == 0
    assert env.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither modes nor links for everyone")
def test_the_incident_with_a_private_file_behind_a_link(project: Project, envfix: Envfix) -> None:
    folder = project("langfuse")
    env, real = folder / ".env", folder / "settings" / "host.env"
    real.parent.mkdir()
    env.rename(real)
    real.chmod(0o600)
    env.symlink_to(os.path.join("settings", "host.env"))
    before = real.read_bytes()

    assert envfix("--write", cwd=folder).status == 0
    assert real.read_bytes() == (FIXTURES / "langfuse" / "expected.env").read_bytes()
    assert (env.is_symlink(), real.stat().st_mode & 0o777) == (True, 0o600)
    assert envfix("--restore", cwd=folder).status == 0
    assert (real.read_bytes(), env.is_symlink(), real.stat().st_mode & 0o777) == (before, True, 0o600)
