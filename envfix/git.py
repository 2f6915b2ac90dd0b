"""Which folders below the given ones hold a Compose project? Those that git ignores are left out (gitignore(5)),
without asking git, which the settings of a repository that is not trusted could make run a program."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from envfix.compose.discovery import BASE_NAMES

# What is never a project of one's own: dependencies, and the tools' own folders.
_NEVER = frozenset({"node_modules", ".git", "vendor", ".venv", "venv", "__pycache__", ".tox", "site-packages"})
_MAX_IGNORE_BYTES = 1 << 20


class Rule(NamedTuple):
    """One line of an ignore file in the folder `base`: paths below it that match are ignored, or no longer."""

    base: str
    pattern: re.Pattern[str]
    ignores: bool


def projects_below(root: str) -> Iterator[str]:
    """The folders at and below `root` (absolute) with a compose file of a default name, in order; links are not
    followed, and what cannot be read is passed over."""
    yield from _walk(root, _rules_above(root))


def _walk(folder: str, rules: tuple[Rule, ...]) -> Iterator[str]:
    pending = [(folder, rules)]
    while pending:
        folder, rules = pending.pop()
        files, folders = _entries(folder)
        if ".git" in files or ".git" in folders:
            rules = _rules(os.path.join(folder, ".git", "info", "exclude"), folder)
        if ".gitignore" in files:
            rules += _rules(os.path.join(folder, ".gitignore"), folder)
        present = [name for name in BASE_NAMES if name in files]
        if present and not _is_emptied(folder, present[0], rules):
            yield folder
        inner = (os.path.join(folder, name) for name in sorted(folders - _NEVER, reverse=True))
        pending += [(path, rules) for path in inner if not is_ignored(path, rules)]


def _entries(folder: str) -> tuple[set[str], set[str]]:
    files: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                (folders if entry.is_dir(follow_symlinks=False) else files).add(entry.name)
    except OSError:
        pass
    return files, folders


def _is_emptied(folder: str, name: str, rules: tuple[Rule, ...]) -> bool:
    """Whether git ignores all that is in the folder (`folder/**`), the file among it; one that is ignored by its own
    name is there on purpose."""
    return is_ignored(os.path.join(folder, "\0"), rules) and is_ignored(os.path.join(folder, name), rules)


def is_ignored(path: str, rules: tuple[Rule, ...]) -> bool:
    """Whether git ignores the path, whose parents it does not: the last rule that matches decides."""
    for rule in reversed(rules):
        if rule.pattern.fullmatch(path[len(rule.base) + 1 :].replace(os.sep, "/")):
            return rule.ignores
    return False


def _rules_above(root: str) -> tuple[Rule, ...]:
    """The rules that hold in `root`: those of the folders above it, up to the root of its git work tree."""
    folders = []
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ()
        folders.append(above)
        folder = above
    rules = _rules(os.path.join(folder, ".git", "info", "exclude"), folder)
    for above in reversed(folders):
        rules += _rules(os.path.join(above, ".gitignore"), above)
    return rules


def _rules(path: str, base: str) -> tuple[Rule, ...]:
    try:
        if not os.path.isfile(path):
            return ()
        with open(path, "rb") as file:
            text = file.read(_MAX_IGNORE_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return ()
    found = (_rule(line, base) for line in text.removeprefix("\ufeff").splitlines())
    return tuple(rule for rule in found if rule is not None)


def _rule(line: str, base: str) -> Rule | None:
    line = re.sub(r"(?<!\\)[ \t]+$", "", line)
    if not line or line.startswith("#"):
        return None
    ignores = not line.startswith("!")
    words = (line if ignores else line[1:]).rstrip("/")
    if not words:
        return None
    anchored = "/" in words
    try:
        pattern = re.compile(("" if anchored else "(?:.*/)?") + _translated(words.removeprefix("/")), re.DOTALL)
    except re.error:
        return None
    return Rule(base, pattern, ignores)


_PART = re.compile(r"^\*\*/|/\*\*/|/\*\*$|\*+|\?|\[(!|\^)?(\]?[^\]]*)\]|\\(.)|(.)", re.DOTALL)


def _translated(words: str) -> str:
    return "".join(_regex(match) for match in _PART.finditer(words))


def _regex(match: re.Match[str]) -> str:
    text = match[0]
    known = {"**/": "(?:.*/)?", "/**/": "/(?:.*/)?", "/**": "/.+", "?": "[^/]"}
    if text in known:
        return known[text]
    if text.startswith("*"):
        return "[^/]*"
    if match[2] is not None:
        inside = match[2].replace("\\", "\\\\").replace("[", "\\[")
        return f"(?!/)[{'^' if match[1] else ''}{inside}]"
    return re.escape(match[3] or match[4])
