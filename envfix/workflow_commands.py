"""What of the output would a runner of GitHub Actions take for a command? Nothing that stands in a file may be one.

It takes a line that begins with `::`, behind any blanks, of standard output and of standard error; and one with `##[`
anywhere (https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs).
"""

import os
import re
from typing import IO

from envfix.patterns import regex

_COMMAND = regex(r"(?:^|(?<=\r))[^\S\r\n]*::|##\[", re.MULTILINE)


def no_command(text: str) -> str:
    """Text for people, with blanks in what would be a command of a job."""
    return _COMMAND.sub(lambda found: " ".join(found[0]), text) if _in_a_job() else text


def stopped(text: str, stream: IO[str]) -> str:
    """Text that must stay as it is, such as a patch, for which a job's commands are turned off where it holds one (and
    the `stream` leads to a runner and to no file): what reads a patch passes over the lines around it."""
    if not _in_a_job() or _COMMAND.search(text) is None or _is_file(stream):
        return text
    token = os.urandom(16).hex()
    return f"::stop-commands::{token}\n{text}{'' if text.endswith(chr(10)) else chr(10)}::{token}::\n"


def in_data(text: str) -> str:
    """The data of a command, which holds no other."""
    return text.replace("##[", "# # [")


def in_json(text: str) -> str:
    """JSON that says the same, wherever it is printed. No line of it begins with a colon."""
    return text.replace("##[", "#\\u0023[")


def _in_a_job() -> bool:
    return os.environ.get("GITHUB_ACTIONS") == "true"


def _is_file(stream: IO[str]) -> bool:
    try:
        return os.path.isfile(stream.fileno())
    except (OSError, ValueError):
        return False
