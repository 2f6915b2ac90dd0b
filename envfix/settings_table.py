"""What does the text of a configuration say, and what is wrong with it?"""

import os
import re
import tomllib
from collections.abc import Callable
from itertools import chain, islice
from typing import Any

from envfix.errors import EnvfixError
from envfix.files import inside
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.settings import Settings, Targets, cut, nearest, target
from envfix.shell_patterns import ByName, Names
from envfix.shown import MASK

_MOST_PLACED, _MOST_LOOKS = 500, 1000  # words of which the line is looked up, and places where such a word may stand
_MOST_TRIED = 100  # patterns of a key that are tried one by one
_WORD = regex(r"[A-Za-z0-9._:/-]*")
_SERVICE = regex(r"[A-Za-z0-9._-]+")
_WORD_BEFORE, _WORD_BEHIND = regex(r"[\w.-]"), regex(r"\s{0,100}+=|[\"'\]]|:\d")
# tomllib's time grows with the square of a key's parts, and each line below a header takes it five times the header's.
_MOST_STEPS, _STEPS_OF_HEADER = 20_000_000, 5


def settings_of(text: str, path: str, root: str) -> Settings | None:
    """What the configuration `text` of the file at `path` says; None for a pyproject.toml that says nothing of envfix.
    The env files that it names lie within `root`. EnvfixError, with file and line, for what cannot be meant."""
    table = _table(text, path)
    return None if table is None else _settings(table, _Source(path, text, root))


def _table(text: str, path: str) -> dict[str, Any] | None:
    if _steps(text) > _MOST_STEPS:
        raise EnvfixError("this configuration has keys of thousands of parts: surely the wrong file", path=path)
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)", str(error))
        at = place[1] if place else None
        reason = str(error).replace(place[0], "") if place else str(error)
        raise EnvfixError(
            f"this is not valid TOML: {reason}",
            path=path,
            line=int(at) if at else text.rstrip("\n").count("\n") + 1,
            column=int(place[2]) if place and at else None,
        ) from None
    except (ValueError, RecursionError) as error:  # a number of thousands of digits, tables in tables without end
        what = "nests too deeply" if isinstance(error, RecursionError) else "holds a number that is too long"
        raise EnvfixError(f"this configuration {what}: surely the wrong file", path=path) from None
    if not path.endswith("pyproject.toml"):
        return document
    tool = document.get("tool", {})
    table = tool.get("envfix") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise EnvfixError("tool.envfix must be a table, as in [tool.envfix]", path=path)
    return table


def _steps(text: str) -> int:
    """At most so many steps it takes tomllib to find the places of the keys."""
    steps = deepest = 0
    for line in text.split("\n"):
        dots = line.count(".")
        deepest = max(deepest, dots * line.lstrip(" \t").startswith("["))
        steps += dots * dots + _STEPS_OF_HEADER * deepest * (dots + 1)
    return steps


class _Source(NamedTuple):
    """The configuration file, to say where in it something is wrong; `root` bounds the paths that it may name."""

    path: str
    text: str
    root: str

    def line(self, word: str) -> int | None:
        """Where `word` stands as a key or a string: good enough for a message, without a TOML parser with positions."""
        at = max(self.text.find("tool.envfix"), 0) - 1
        for _ in range(_MOST_LOOKS):
            if (at := self.text.find(word, at + 1)) < 0:
                break
            if _WORD_BEHIND.match(self.text, at + len(word)) and not _WORD_BEFORE.match(self.text, max(at - 1, 0), at):
                return self.text.count("\n", 0, at) + 1
        return None

    def error(self, message: str, word: str) -> EnvfixError:
        return EnvfixError(message, path=self.path, line=self.line(word))


def _settings(table: dict[str, Any], source: _Source) -> Settings:
    for key in table:
        if key not in _READ:
            hint = nearest(key, _READ) or f"; the keys are {', '.join(_READ)}"
            raise source.error(f"unknown key {cut(key)!r}{hint}", key)
    values: dict[str, Any] = {key: _READ[key](key, value, source) for key, value in table.items()}
    settings = Settings(**values, path=source.path)
    for key, words in settings.lists.items():
        if len(words.tried) > _MOST_TRIED:
            raise source.error(f"{key} has over {_MOST_TRIED} patterns such as A_*_URL: surely the wrong file", key)
    tables = (settings.keep, settings.browser, settings.map, settings.readers, table.get("env_files", ()))
    placed = islice(dict.fromkeys((*(name for _, name in settings.services()), *chain(*tables))), _MOST_PLACED)
    lines = {word: line for word in placed if (line := source.line(word))}
    return settings._replace(lines=lines)


def _words(key: str, value: Any, source: _Source, of: str | None = None) -> Names:
    if not isinstance(value, list) or not all(isinstance(word, str) and word for word in value):
        owner = key if of is None else f"{key}: {cut(of)!r}"
        raise source.error(f"{owner} must be a list of names, such as {_EXAMPLES[key]}", of or key)
    return Names(value)


def _tables(key: str, value: Any, source: _Source) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise source.error(f"{key} must be a table, such as {_EXAMPLES[key]}", key)
    return value


def _map(key: str, value: Any, source: _Source) -> Targets:
    found = Targets()
    for word, text in _tables(key, value, source).items():
        if not isinstance(text, str):
            raise source.error(f"map: the target of {cut(word)!r} must be text, such as {_EXAMPLES[key]}", word)
        meant = target(text)
        if meant is None:
            example = f'"{cut(text) if _SERVICE.fullmatch(text) else "postgres"}:5432"'
            told = cut(text) if _WORD.fullmatch(text) else MASK  # a connection string may hold a password
            raise source.error(f"map: {told!r} is no service with its port, such as {example}", text)
        found[word] = meant
    return found


def _readers(key: str, value: Any, source: _Source) -> ByName[tuple[str, ...]]:
    groups = _tables(key, value, source).items()
    return ByName({word: _words(key, group, source, of=word) for word, group in groups})


def _env_files(key: str, value: Any, source: _Source) -> dict[str, tuple[str, ...]]:
    folder = os.path.dirname(source.path)
    found: dict[str, tuple[str, ...]] = {}
    for word, group in _tables(key, value, source).items():
        if "\0" in word or "://" in word:
            raise source.error(f"env_files: {cut(word)!r} is no name that a file can have", word)
        path = os.path.normpath(os.path.join(folder, word))
        if not (inside(path, source.root) and inside(os.path.realpath(path), os.path.realpath(source.root))):
            what = "lies outside the project, and such a file is never changed"
            raise source.error(f"env_files: {cut(word)!r} {what}", word)
        found[path] = _words(key, group, source, of=word)
    return found


_READ: dict[str, Callable[[str, Any, _Source], Any]] = {
    "keep": _words,
    "browser": _words,
    "map": _map,
    "readers": _readers,
    "env_files": _env_files,
}
_EXAMPLES = {
    "keep": 'keep = ["PAYMENT_*"]',
    "browser": 'browser = ["PORTAL_HOST"]',
    "map": 'map = { "localhost:5433" = "reports-db:5432" }',
    "readers": 'readers = { "JOBS_*" = ["worker"] }',
    "env_files": 'env_files = { "backend/.env" = ["api"] }',
}
