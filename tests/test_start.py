"""What does a run load? Start-up is most of it, so what is not needed stays away; no test here looks at a clock."""

from __future__ import annotations

import re
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
    assert not loaded & {"difflib", "json", "subprocess", "locale", "envfix.logs", "envfix.override"}


def test_modules_with_records_evaluate_their_annotations() -> None:
    """An annotation that is a text is compiled when its NamedTuple is made: nearly half of what the class costs."""
    texts = {str(path.relative_to(PACKAGE)): path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    assert not [
        name
        for name, text in texts.items()
        if re.search(r"\(NamedTuple\):", text) and "from __future__ import annotations" in text
    ]
