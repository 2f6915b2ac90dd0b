"""The pages of docs/frameworks say what is so: each project that a page shows is repaired as the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Envfix

PAGES = sorted((Path(__file__).resolve().parents[1] / "docs" / "frameworks").glob("*.md"))


def files(page: str) -> dict[str, str]:
    """The files that a page shows: a fenced block below a line that holds nothing but the file's name."""
    return dict(re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.stem))
def test_the_change_shown_is_the_change_made(path: Path, tmp_path: Path, envfix: Envfix) -> None:
    page = path.read_text(encoding="utf-8")
    for name, text in files(page).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (shown,) = re.findall(r"^```diff\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    done = envfix(cwd=tmp_path)

    assert done.out == shown
    assert done.status == 1
