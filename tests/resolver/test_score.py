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


def score(cases: Path, *options: str) -> dict[str, float]:
    """The scorer's figures for envfix, run as a person runs it, on every case."""
    out = cases.with_suffix(".figures")
    command = [sys.executable, str(SHARED / "tools" / "score.py"), str(cases), str(SHARED / "corpus" / "files")]
    subprocess.run([*command, "--tool", TOOL, "--json", str(out), *options], capture_output=True, check=True)
    figures: dict[str, float] = json.loads(out.read_text())
    return figures


@needs_corpus
def test_real_projects_come_out_right(tmp_path: Path) -> None:
    cases = [json.loads(line) for line in (SHARED / "corpus" / "cases.jsonl").read_text().splitlines()]
    everything, open_to_doubt = tmp_path / "all.jsonl", tmp_path / "doubtful.jsonl"
    everything.write_text("".join(json.dumps(case) + "\n" for case in cases))
    doubtful = [{**case, "refs": refs} for case in cases if (refs := [ref for ref in case["refs"] if not sure(ref)])]
    open_to_doubt.write_text("".join(json.dumps(case) + "\n" for case in doubtful))

    figures = score(everything, "--decidable")
    assert figures["broken"] == 0
    assert figures["precision"] >= 0.99
    assert figures["recall"] >= 0.95
    assert figures.get("harmed", 0) + score(open_to_doubt).get("harmed", 0) <= 3


def sure(label: dict[str, object]) -> bool:
    """Whether the label rests on more than a guess or the application's code."""
    return bool(label.get("sure", True) and label.get("decidable", True))
