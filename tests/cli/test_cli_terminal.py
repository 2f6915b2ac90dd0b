"""Every mode on a real terminal of 80 and of 120 columns: no line is broken inside a word."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import read_to_the_end

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
pytestmark = pytest.mark.slow

MODES = [
    ("a dry run", []),
    ("more of it", ["-v"]),
    ("a write", ["--write"]),
    ("a restore with nothing to put back", ["--restore"]),
    ("the backups", ["--restore", "--list"]),
    ("a file of its own", [".env", "--output", ".env.docker"]),
    ("an override", ["--override", "own.yaml"]),
    ("an override, shown", ["--override", "own.yaml", "--dry-run"]),
    ("a log", ["--logs", "app.log"]),
    ("every project", ["--recursive"]),
    ("the reasoning", ["--explain", "*"]),
    ("the way back", ["--to", "host"]),
    ("a patch", ["--show-secrets"]),
    ("a name that there is not", ["--only", "A_NAME_OF_FORTY_CHARACTERS_THAT_NO_FILE_OF_THIS_RUN_SETS"]),
    ("a file that there is not", ["--project-directory", "a/folder/that/is/not/there/and/has/a/rather/long/name"]),
]
LOG = "langfuse-web-1  | Error: connect ECONNREFUSED 127.0.0.1:5432\n"


def on_a_terminal(folder: Path, words: list[str], columns: int) -> list[str]:
    """The rows that the command writes to a terminal so wide, without colours and the bar."""
    import fcntl
    import struct
    import termios

    child, terminal = pty.fork()
    if child == 0:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 60, columns, 0, 0))
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [sys.executable, "-m", "envfix", *words])
    shown = read_to_the_end(child, terminal)
    text = re.sub(r"[^\n]*\r\x1b\[K", "", shown.decode().replace("\r\n", "\n"))
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).split("\n")


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("words", [row[1] for row in MODES], ids=[row[0] for row in MODES])
def test_prose_is_broken_between_words(
    words: list[str], columns: int, project: Callable[..., Path], clean_environ: Path
) -> None:
    if shutil.which("stty") is None:
        pytest.skip("no terminal to measure")
    folder = project("langfuse", **{"app.log": LOG})
    rows = on_a_terminal(folder, words, columns)
    assert any(rows)
    assert not any("Traceback" in row for row in rows)
    # A line of a file, a command to be copied and a path stand whole, however long.
    prose = [
        row for row in rows if not re.match(r"\s*(\d+ )?[-+# @]|\s*(envfix|docker) |.*/tmp/|.*://|\s+[A-Z_]+:", row)
    ]
    assert [row for row in prose if len(row) > columns] == []
