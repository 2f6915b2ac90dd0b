"""Writes the man page from the command's own help: `python docs/manual.py > docs/envfix.1`."""

from __future__ import annotations

import re
import sys

import click

from envfix import __version__
from envfix.cli import command
from envfix.cli.options import GROUPS

DETAILS = """
.SH FILES
.TP
.I .envfix.toml\\fR, \\fI[tool.envfix] of pyproject.toml
What stays, what browsers use, which address is which service.
.TP
.I $XDG_STATE_HOME/envfix/backups
What \\fB\\-\\-restore\\fR puts back (\\fI~/.local/state\\fR without the variable).
.SH ENVIRONMENT
.TP
.B COMPOSE_FILE\\fR, \\fBCOMPOSE_PROFILES\\fR, \\fBCOMPOSE_ENV_FILES\\fR, \\fBCOMPOSE_PROJECT_NAME\\fR, ...
As Docker Compose has them.
.TP
.B NO_COLOR\\fR, \\fBFORCE_COLOR
No colours; colours, terminal or not. \\fB\\-\\-color\\fR wins over both.
.TP
.B _ENVFIX_COMPLETE
Completion: \\fBeval "$(_ENVFIX_COMPLETE=bash_source envfix)"\\fR, or \\fBzsh_source\\fR, \\fBfish_source\\fR.
.SH SEE ALSO
.BR docker\\-compose (1)
"""


def escaped(text: str) -> str:
    """Text as roff takes it."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def manual() -> str:
    """The man page."""
    context = click.Context(command, info_name="envfix")
    paragraphs = [escaped(" ".join(part.split())) for part in (command.help or "").split("\n\n")]
    summary, *rest = paragraphs
    lines = [
        f'.TH ENVFIX 1 "" "envfix {__version__}" "User Commands"',
        ".SH NAME",
        f"envfix \\- {summary[0].lower()}{summary[1:].rstrip('.')}",
        ".SH SYNOPSIS",
        ".B envfix",
        "[\\fIOPTIONS\\fR] [\\fIPATHS\\fR]...",
        ".SH DESCRIPTION",
        "\n.PP\n".join(rest),
        ".SH OPTIONS",
    ]
    for group, title in GROUPS.items():
        lines.append(f".SS {escaped(title)}")
        for parameter in command.get_params(context):
            record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
            if record is not None and getattr(parameter, "group", "about") == group:
                lines += [".TP", f".B {escaped(record[0])}", escaped(record[1])]
    lines += _epilog(command.epilog or "")
    return "\n".join(lines) + DETAILS


def _epilog(text: str) -> list[str]:
    lines: list[str] = []
    for block in text.replace("\b\n", "").strip("\n").split("\n\n"):
        title, *rows = block.splitlines()
        lines += [f".SH {escaped(title.rstrip(':').upper())}", ".nf", *(escaped(row.strip()) for row in rows), ".fi"]
    return lines


if __name__ == "__main__":
    sys.stdout.write(manual())
