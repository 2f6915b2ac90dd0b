"""What does a run load? Start-up is most of it, so what is not needed stays away; no test here looks at a clock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "envfix"
PROJECT = PACKAGE.parent / "fixtures" / "langfuse"


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
        "unicodedata",
        "envfix.logs",
        "envfix.override",
        "envfix.disk.backups",
        "envfix.disk.guard",
        "envfix.compose.include",
        "envfix.report.after_write",
        "envfix.resolver.to_host",
        "envfix.settings_table",
    }


def test_a_project_that_shows_its_programs_no_file_of_the_host_leaves_alone_what_looks_for_them() -> None:
    loaded = loaded_by(["--dry-run"])
    assert not loaded & {
        "envfix.dockerfile.stages",
        "envfix.git.ignore",
        "envfix.git.index",
        "envfix.globs",
        "envfix.loaders.choice",
        "envfix.loaders.grammar",
        "envfix.project.discovery",
        "envfix.project.programs",
        "envfix.source.reading",
    }
