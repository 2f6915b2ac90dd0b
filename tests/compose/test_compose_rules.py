"""Each rule by which Docker Compose reads a project, shown by a small project, and what the real one says of it now."""

from __future__ import annotations

from pathlib import Path

import pytest
from compared import Case, assert_alike, cases, fresh
from real_compose import needs_compose

CASES = [case for path in sorted((Path(__file__).parent / "projects").glob("*.txt")) for case in cases(path)]


@needs_compose
@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_reads_as_compose_does(case: Case, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    case.write(root)
    assert_alike(root, case.call, refused=case.refused)


def test_no_two_projects_show_the_same_rule() -> None:
    assert len({case.rule for case in CASES}) == len(CASES)
