"""Every mode on a real terminal of 80 and of 120 columns: no line is broken inside a word."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
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


def on_a_terminal(folder: Path, words: list[str], columns: int, typed: str = "") -> list[str]:
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
    os.write(terminal, typed.encode())
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
    whole = rf"\s*(\d+ )?[-+# @]|\s*(envfix|docker) |.*{re.escape(tempfile.gettempdir())}|.*://|\s+[A-Z_]+:"
    prose = [row for row in rows if not re.match(whole, row)]
    assert [row for row in prose if len(row) > columns] == []


@pytest.mark.parametrize("columns", [80, 120])
def test_what_is_asked_is_broken_between_words(columns: int, project: Callable[..., Path], clean_environ: Path) -> None:
    folder = project("langfuse")
    before = (folder / ".env").read_bytes()
    rows = on_a_terminal(folder, ["--interactive"], columns, "?\nn\ny\ns\n?\nq\n")
    assert any(row.startswith("1 of ") for row in rows)
    assert rows[-2].endswith("Nothing was written.")
    # What was typed beforehand is not echoed behind a prompt, so that the next line stands there.
    lines = (line for row in rows for line in re.split(r"(?<=\]: )", row))
    prose = [line for line in lines if not re.match(r"\s*(\d+ )?[-+] ", line)]
    assert [line for line in prose if len(line) > columns] == []
    assert (folder / ".env").read_bytes() == before
