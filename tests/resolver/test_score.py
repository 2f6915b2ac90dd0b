"""Right on real projects: the labelled corpus beside this project, where there is one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
needs_corpus = pytest.mark.skipif(
    not (SHARED / "tools" / "score.py").exists(), reason="the labelled corpus is not beside this project"
)
TOOL = f"{sys.executable} -m envfix --write --no-backup --format json"


def score(out: Path, *options: str) -> dict[str, float]:
    """The scorer's figures for envfix, run as a person runs it, on every case."""
    corpus = SHARED / "corpus"
    command = [sys.executable, str(SHARED / "tools" / "score.py"), str(corpus / "cases.jsonl"), str(corpus / "files")]
    subprocess.run([*command, "--tool", TOOL, "--json", str(out), *options], capture_output=True, check=True)
    figures: dict[str, float] = json.loads(out.read_text())
    return figures


@needs_corpus
def test_what_can_be_decided_is_decided_rightly(tmp_path: Path) -> None:
    figures = score(tmp_path / "figures.json", "--decidable")
    assert figures["cases"] > 100
    assert figures["broken"] == 0
    assert figures["precision"] >= 0.99
    assert figures["recall"] >= 0.95


@needs_corpus
def test_hardly_a_working_value_is_harmed_whatever_the_label_rests_on(tmp_path: Path) -> None:
    assert score(tmp_path / "figures.json").get("harmed", 0) <= 3
