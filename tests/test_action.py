"""The GitHub Action's own steps, run by the shell that GitHub runs them with."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
from conftest import FIXTURES
from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parents[1]
ACTION: Any = YAML(typ="safe", pure=True).load(ROOT / "action.yml")
STEPS = {step.get("name"): step for step in ACTION["runs"]["steps"]}

pytestmark = pytest.mark.skipif(
    shutil.which("bash") is None or shutil.which("envfix", path=sysconfig.get_path("scripts")) is None,
    reason="no bash, or envfix is not installed as a command",
)


def step(name: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does: its inputs are variables, the script stops at the first failure."""
    assert set(variables) == set(STEPS[name]["env"])
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
        cwd=folder,
        env={**os.environ, **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(FIXTURES / "langfuse", tmp_path / "app with a blank")
    return tmp_path


def test_what_would_change_fails_the_job_and_stands_at_its_line(folder: Path) -> None:
    done = step("check", folder, ROOT=".", STRICT="false")
    assert done.returncode == 1
    assert "::error file=app with a blank/.env,line=8," in done.stdout


@pytest.mark.parametrize(("strict", "status"), [("false", 0), ("true", 1)])
def test_a_question_fails_the_job_only_where_that_is_asked_for(folder: Path, strict: str, status: int) -> None:
    env = folder / "app with a blank" / ".env"
    shutil.copyfile(FIXTURES / "langfuse" / "expected.env", env)
    done = step("check", folder, ROOT="app with a blank", STRICT=strict)
    assert done.returncode == status


def test_sarif_is_written_and_does_not_fail_the_job(folder: Path) -> None:
    assert step("sarif", folder, ROOT=".", FILE="envfix.sarif").returncode == 0
    assert json.loads((folder / "envfix.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


@pytest.mark.parametrize("name", ["envfix.sarif", "out/envfix.sarif", "inner/out/envfix.sarif"])
@pytest.mark.parametrize("above", ["", "{root}/", "{root}//"])
def test_no_link_of_a_pull_request_leads_the_sarif_elsewhere(folder: Path, name: str, above: str) -> None:
    root, far = folder / "app with a blank", folder / "far"
    (root / "inner").mkdir()
    far.mkdir()
    (far / "envfix.sarif").write_text("theirs\n", encoding="utf-8")
    link = root / (name if "/" not in name else name.rpartition("/")[0])
    link.symlink_to(far / "envfix.sarif" if "/" not in name else far)
    done = step("sarif", root, ROOT=".", FILE=above.format(root=root) + name)
    assert done.returncode == 2
    assert done.stdout.startswith("::error title=envfix::The file for SARIF")
    assert (far / "envfix.sarif").read_text(encoding="utf-8") == "theirs\n"


@pytest.mark.parametrize("name", ["envfix.sarif", "./inner/envfix.sarif", "../envfix.sarif"])
def test_sarif_is_written_where_no_link_is_on_the_way(folder: Path, name: str) -> None:
    root = folder / "app with a blank"
    (root / "inner").mkdir()
    for path in (name, str(root / name)):
        assert step("sarif", root, ROOT=".", FILE=path).returncode == 0
        assert json.loads((root / name).read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_no_input_is_part_of_a_script() -> None:
    scripts = [one["run"] for one in ACTION["runs"]["steps"] if "run" in one]
    assert not any("${{" in script for script in scripts)


def test_the_installation_imports_nothing_of_the_pull_request(folder: Path) -> None:
    (folder / "pip.py").write_text("open('imported', 'w').close()\n", encoding="utf-8")
    words = shlex.split(STEPS["install"]["run"])
    before = words[1 : words.index("install")]
    subprocess.run([sys.executable, *before, "--version"], cwd=folder, check=True, capture_output=True)
    assert not (folder / "imported").exists()
