"""What do the settings of git say? Only the files that a user or an administrator wrote are believed in what they allow
(git's "protected configuration"): a repository cannot vouch for itself. The grammar is git-config(1)'s."""

import os
import re
from collections.abc import Iterator

from envfix.files import text_if_readable
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

_MAX_INCLUDES = 10  # git's own MAX_INCLUDE_DEPTH
_SECTION = regex(r'\[\s*([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*+)")?\s*\]')
_KEY = regex(r"\s*([A-Za-z][\w-]*)[ \t]*(=?)[ \t]*")
_ESCAPED = {"n": "\n", "t": "\t", "b": "\b", '"': '"', "\\": "\\"}


class Setting(NamedTuple):
    """One line: its key (`safe.directory`; section and name in lower case) and its value, None where none is given."""

    key: str
    value: str | None


def settings(text: str) -> Iterator[Setting]:
    """The settings in the text of a configuration file, as far as it is well formed."""
    section = ""
    lines = iter(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"))
    for line in lines:
        rest = line.lstrip()
        if found := _SECTION.match(rest):
            below = re.sub(r"\\(.)", r"\1", found[2]) if found[2] is not None else None
            section = found[1].lower() if below is None else f"{found[1].lower()}.{below}"
            rest = rest[found.end() :].lstrip()
        if section and (key := _KEY.match(rest)):
            value = _value(rest[key.end() :], lines) if key[2] else None
            yield Setting(f"{section}.{key[1].lower()}", value)


def _value(text: str, more: Iterator[str]) -> str:
    """The value that begins with `text`: quotes and escapes undone, comment and blanks at its end gone. A backslash at
    the end of a line takes in the next."""
    shown: list[str] = []
    solid = 0  # so much of it is no blank at its end
    quoted = False
    at = 0
    while True:
        if at == len(text):
            break
        character = text[at]
        at += 1
        if character == "\\" and at == len(text):
            text, at = next(more, ""), 0
        elif character == "\\":
            shown.append(_ESCAPED.get(text[at], text[at]))
            at += 1
            solid = len(shown)
        elif character == '"':
            quoted = not quoted
        elif character in "#;" and not quoted:
            break
        else:
            shown.append(character)
            solid = len(shown) if quoted or not character.isspace() else solid
    return "".join(shown[:solid])


def protected(key: str) -> list[str]:
    """The values of `key` in the machine's configuration, the user's and that of the environment, in this order."""
    found = [setting.value or "" for path in _files() for setting in _of_file(path) if setting.key == key]
    try:
        count = min(int(os.environ.get("GIT_CONFIG_COUNT", "0")), 1000)
    except ValueError:
        count = 0
    for number in range(count):
        if os.environ.get(f"GIT_CONFIG_KEY_{number}", "").lower() == key:
            found.append(os.environ.get(f"GIT_CONFIG_VALUE_{number}", ""))
    return found


def _files() -> list[str]:
    environ = os.environ
    machine = [environ["GIT_CONFIG_SYSTEM"]] if "GIT_CONFIG_SYSTEM" in environ else _machine()
    if environ.get("GIT_CONFIG_NOSYSTEM", "").lower() in ("1", "true", "yes", "on"):
        machine = []
    if "GIT_CONFIG_GLOBAL" in environ:
        return [*machine, environ["GIT_CONFIG_GLOBAL"]]
    return [*machine, os.path.join(user_folder(), "config"), os.path.expanduser("~/.gitconfig")]


def _machine() -> list[str]:
    """Where the usual packages of git look for the machine's settings."""
    if os.name == "nt":
        return [os.path.join(os.environ.get("PROGRAMFILES", r"C:\Program Files"), "Git", "etc", "gitconfig")]
    return ["/etc/gitconfig", "/usr/local/etc/gitconfig", "/opt/homebrew/etc/gitconfig"]


def user_folder() -> str:
    """The folder of the user's settings of git besides `~/.gitconfig`."""
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    return os.path.join(base, "git")


def _of_file(path: str, depth: int = 0) -> Iterator[Setting]:
    for setting in settings(text_if_readable(path) or ""):
        yield setting
        if setting.key == "include.path" and setting.value and depth < _MAX_INCLUDES:
            yield from _of_file(os.path.join(os.path.dirname(path), os.path.expanduser(setting.value)), depth + 1)
