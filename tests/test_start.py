"""What does a run load? Start-up is most of it, so what is not needed stays away; no test here looks at a clock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "envfix"
PROJECT = PACKAGE.parent / "fixtures" / "langfuse"
# What Python loads to find the module that `-m` names.
STARTED = frozenset(
    subprocess.run(
        [sys.executable, "-c", "import runpy, sys; print(*sys.modules)"], capture_output=True, text=True, check=True
    ).stdout.split()
)


def answered(code: str, folder: Path = PROJECT) -> str:
    """The last line that a fresh interpreter prints for this code."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def loaded_by(words: list[str]) -> set[str]:
    return set(
        answered(
            "import sys\nfrom envfix.cli import main\ntry:\n"
            f"    main({words!r})\nexcept SystemExit:\n    print(*sys.modules)"
        ).split()
    )


def test_a_dry_run_leaves_alone_what_other_modes_need() -> None:
    loaded = loaded_by(["--dry-run"])
    assert "ruamel.yaml.parser" in loaded
    assert not loaded & {"shutil", "dotenv", "envfix.source.defaults"}
    assert not loaded & {
        "difflib",
        "json",
        "subprocess",
        "locale",
        "envfix.logs",
        "envfix.override",
        "envfix.disk.backups",
    }


def test_nothing_is_imported_from_the_current_folder(tmp_path: Path) -> None:
    """With `-m` Python looks there first: a project that holds modules named as Python's own must not have them run."""
    for name in sorted(sys.stdlib_module_names - {"site", "sitecustomize", "usercustomize"}):
        # What Python itself imports for -m, before it comes to the package, is Python's own affair.
        if name not in STARTED:
            (tmp_path / f"{name}.py").write_text("raise SystemExit('run by envfix: ' + __name__)\n")
    environ = {name: value for name, value in os.environ.items() if name not in ("PYTHONSAFEPATH", "PYTHONPATH")}
    command = [sys.executable, "-m", "envfix", "--version"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
