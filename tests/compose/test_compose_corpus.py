"""Real projects beside this one, where they are there: each of their compose files read as Docker Compose reads it.

What a clone lacks is filled in first: a `.env` and the env files that services name are made of their examples, and
required variables get a value.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from compared import SHARED, Call, ours, real
from real_compose import needs_compose

CORPUS = SHARED / "corpus" / "files"
PROJECTS = sorted(path.name for path in CORPUS.glob("*") if path.is_dir())
EXAMPLES = (".example", ".sample", ".template", ".dist", ".local.example")
MADE_UP = (
    "FIRST=1\nSECOND='x ${FIRST}'\nexport THIRD=\"a\\n${FIRST:-2}\" # c\nPORT=8080\nURL=postgres://u:p@localhost/d\n"
)


@pytest.mark.slow
@needs_compose
@pytest.mark.skipif(not PROJECTS, reason=f"no corpus at {CORPUS}")
@pytest.mark.parametrize("name", PROJECTS)
def test_reads_real_projects_as_compose_does(name: str, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(CORPUS / name, root, copy_function=shutil.copyfile)
    for folder in (root, *(path for path in root.rglob("*") if path.is_dir())):
        folder.chmod(0o755)
    files = sorted(path for path in root.rglob("*compose*.y*ml") if path.is_file())
    for file in files:
        fill(file.parent / ".env", None)
    differences = {}
    for file in files:
        call, theirs = readable(root, file)
        mine = ours(root, call)
        alike = isinstance(mine, str) if isinstance(theirs, str) else mine == theirs
        if not alike:
            differences[str(file.relative_to(root))] = (theirs, mine)
    assert not differences


def readable(root: Path, file: Path) -> tuple[Call, Any]:
    """How Compose is called for this file, after what it missed was filled in; and its answer."""
    call = Call(("-f", str(file), "--profile", "*"), str(file.parent.relative_to(root)), {})
    while isinstance(answer := real(root, call), str):
        missing = re.search(r"env file (\S+) not found", answer)
        required = re.search(r"required variable (\S+) is missing", answer)
        if missing and missing[1].startswith(str(root)) and not Path(missing[1]).exists():
            fill(Path(missing[1]), MADE_UP)
        elif required and required[1] not in call.env:
            call = call._replace(env={**call.env, required[1]: "8123"})
        else:
            break
    return call, answer


def fill(path: Path, otherwise: str | None) -> None:
    """An env file made of its example, or of this text."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    example = next((one for end in EXAMPLES if (one := path.with_name(path.name + end)).exists()), None)
    if example is not None:
        shutil.copyfile(example, path)
    elif otherwise is not None:
        path.write_text(otherwise)
