"""What a person sees, taken from a real terminal: `python docs/captures.py` writes README.md's and docs/terminal.svg.

The command runs on a copy of fixtures/langfuse in a pseudo-terminal of 80 columns, so it needs a POSIX system, and rich
for the picture.
"""

from __future__ import annotations

import os
import pty
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FIXTURE = ROOT / "fixtures" / "langfuse"
BLOCK = re.compile(r"(<!-- capture -->\n```text\n)(.*?)^```$", re.DOTALL | re.MULTILINE)
COLUMNS = 80


def captured(words: list[str]) -> str:
    """What `envfix WORDS` prints on a terminal, colours included, in the fixture's folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(FIXTURE, Path(scratch) / "langfuse")
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(folder)
            os.environ.update(COLUMNS=str(COLUMNS), TERM="xterm-256color", XDG_STATE_HOME=scratch)
            os.environ.pop("NO_COLOR", None)
            os.execv(sys.executable, [sys.executable, "-m", "envfix", *words])
        chunks = []
        while True:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:  # Linux says so at the end of a pseudo-terminal
                break
            if not chunk:
                break
            chunks.append(chunk)
        os.waitpid(process, 0)
        os.close(terminal)
    return b"".join(chunks).decode().replace("\r\n", "\n")


def plain(text: str) -> str:
    """The text without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def picture(text: str) -> str:
    """The terminal as an SVG."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
    console.print(Text.from_ansi(f"$ envfix\n{text}"))
    return console.export_svg(title="envfix", unique_id="envfix")


def main() -> None:
    """Write both."""
    text = captured([])
    readme = ROOT / "README.md"
    readme.write_text(
        BLOCK.sub(lambda found: f"{found[1]}{plain(text)}```", readme.read_text(encoding="utf-8")), encoding="utf-8"
    )
    (ROOT / "docs" / "terminal.svg").write_text(picture(text), encoding="utf-8")


if __name__ == "__main__":
    main()
