"""What did this user configure? `.envfix.toml`, `[tool.envfix]`, and the comment above a binding."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property
from itertools import chain, islice
from typing import Any

from envfix.errors import EnvfixError
from envfix.files import inside, read_bounded
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shell_patterns import ByName, Names
from envfix.shown import MASK, without_login

MAX_CONFIG_BYTES = 1 << 20
_MAX_PYPROJECT_BYTES = 16 << 20  # of one that is most likely not about us
_MOST_PLACED, _MOST_LOOKS = 500, 1000  # words of which the line is looked up, and places where such a word may stand
_MAX_WORD = 100  # characters of a word that a message repeats
_MOST_TRIED = 100  # patterns of a key that are tried one by one

# Every way in which a pyproject.toml can hold a table tool.envfix.
_MAY_NAME_US = regex(
    rb"tool[\"']?[ \t]*+\.[ \t]*+[\"']?envfix|^[ \t]*+\[?[ \t]*+[\"']?tool[\"']?[ \t]*+[\]=]", re.MULTILINE
)
_TARGET = regex(r"(?P<service>[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
_WORD = regex(r"[A-Za-z0-9._:/-]*")
_SERVICE = regex(r"[A-Za-z0-9._-]+")
_DIRECTIVE = regex(r"envfix\s*:\s*(?P<word>.*)", re.IGNORECASE | re.DOTALL)
_COMMENTED_OUT = regex(r"(export\s+)?[A-Za-z_][A-Za-z0-9_.-]*\s*=")
_WORD_BEFORE, _WORD_BEHIND = regex(r"[\w.-]"), regex(r"\s{0,100}+=|[\"'\]]|:\d")
_LOOPBACK = regex(r"(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)(?=:\d+$|$)", re.IGNORECASE)


class Pin(NamedTuple):
    """What the comment above a binding asks for: `service:port`, or to keep it (both None); `line` is the comment's."""

    service: str | None = None
    port: int | None = None
    line: int | None = None

    @property
    def keep(self) -> bool:
        return self.service is None


Target = tuple[str, int]


class Targets(ByName[Target]):
    """A table from addresses and variables to services with their ports."""

    @cached_property
    def by_address(self) -> dict[str, Target]:
        """The table by addresses, every spelling of the loopback host made one; of two that are the same the first."""
        return {_same_host(word): target for word, target in reversed(self.items())}


class Settings(NamedTuple):
    """The configuration in force. Names are variables or shell patterns, matched with case.

    `map` takes an address or a variable to its service and port, `readers` a variable to the services that use it
    (none: nobody in the project), `env_files` an absolute path to the services that read it. `path` is the file that
    said so, None if there is none.
    """

    keep: Names = Names()
    browser: Names = Names()
    map: Targets = Targets()
    readers: ByName[tuple[str, ...]] = ByName()
    env_files: Mapping[str, tuple[str, ...]] = {}
    path: str | None = None
    lines: Mapping[str, int] = {}

    @property
    def lists(self) -> dict[str, Names]:
        """The keys whose words are matched with names."""
        return {"keep": self.keep, "browser": self.browser, "map": self.map.names, "readers": self.readers.names}

    def keeps(self, name: str) -> bool:
        """Whether the variable stays as it is."""
        return self.keep.first(name) is not None

    def is_browser(self, name: str) -> bool:
        """Whether browsers or other programs outside the project use the variable."""
        return self.browser.first(name) is not None

    def readers_of(self, name: str) -> tuple[str, ...] | None:
        """The services that use the variable, () for none of the project's; None if the configuration is silent."""
        word = self.readers.names.first(name)
        return None if word is None else self.readers[word]

    def mapped(self, name: str, address: str) -> Target | None:
        """Where the configuration sends `address` (host:port, or a bare host) of the variable, if it says so.

        A variable's own name wins over an address, and that over a pattern. `localhost`, `127.0.0.1`, `[::1]` and
        `0.0.0.0` are the same host.
        """
        if not self.map:
            return None
        target = None if name in self.map else self.map.by_address.get(_same_host(address))
        word = self.map.names.first(name) if target is None else None
        return target if word is None else self.map[word]

    def idle(self, names: Collection[str], addresses: Collection[str], paths: Collection[str]) -> Iterator[str]:
        """The words, each behind its key (`keep: OLD_*`), that match none of the variables `names`, the `addresses`
        (host:port) or the env files at `paths`."""
        hosts = set(map(_same_host, addresses)) if self.map else set()
        for key, words in self.lists.items():
            fitting = words.fitting(names)
            for word in words:
                if word not in fitting and (key != "map" or _same_host(word) not in hosts):
                    yield f"{key}: {word}"
        yield from (f"env_files: {path}" for path in self.env_files if path not in paths)

    def services(self) -> tuple[tuple[str, str], ...]:
        """Every service that the configuration names, each after the key that does."""
        targets = [("map", service) for service, _ in self.map.values()]
        lists = (("readers", self.readers), ("env_files", self.env_files))
        return (*targets, *((key, service) for key, table in lists for group in table.values() for service in group))

    def check(self, services: Collection[str]) -> None:
        """Raise an EnvfixError, with file and line, for the first service named that is none of `services`."""
        for key, service in self.services():
            check_service(service, services, where=f"{key}: ", path=self.path, line=self.lines.get(service))


def check_service(
    service: str, services: Collection[str], *, where: str = "", path: str | None = None, line: int | None = None
) -> None:
    """Raise an EnvfixError if `service` is none of `services`; `where` begins the sentence, as in "map: "."""
    if service not in services:
        hint = _nearest(service, services) or f"; its services are {', '.join(sorted(services)) or 'none'}"
        raise EnvfixError(f"{where}{_cut(service)!r} is no service of this project{hint}", path=path, line=line)


def inline(
    comments: tuple[str, ...], *, path: str | None = None, line: int | None = None, services: Collection[str] = ()
) -> Pin | None:
    """The pin in the comment lines directly above a binding (without their `#`), None if there is none.

    The nearest one counts; one above a binding that is commented out belongs to that. `line` is the binding's, for the
    message of the EnvfixError that a malformed pin raises; `services` are those that it may have meant.
    """
    if not any("envfix" in comment.lower() for comment in comments):
        return None
    for distance, comment in enumerate(reversed(comments), start=1):
        if _COMMENTED_OUT.match(comment):
            return None
        directive = _DIRECTIVE.fullmatch(comment)
        if directive:
            return _pin(directive["word"].strip(), path, None if line is None else line - distance, services)
    return None


def _pin(word: str, path: str | None, line: int | None, services: Collection[str]) -> Pin:
    if word == "keep":
        return Pin(line=line)
    target = _target(word)
    if target is None:
        name, _, port = word.partition(":")
        meant = _nearest(name, ("keep", *services))
        if meant and port and not meant.endswith("'keep'?"):
            meant = meant.replace("'?", f":{port}'?")
        if name in services:
            meant = f"; {name} needs its port inside the container behind it"
        raise EnvfixError(
            "this envfix comment says neither keep nor a service with its port: write `# envfix: keep`, or such as "
            f"`# envfix: postgres:5432`{meant}",
            path=path,
            line=line,
        )
    return Pin(*target, line)


def is_directive(comment: str) -> bool:
    """Whether a comment (without its `#`) is one for envfix."""
    return _DIRECTIVE.fullmatch(comment) is not None


def is_commented_out(comment: str) -> bool:
    """Whether a comment (without its `#`) is a binding that is out of use."""
    return _COMMENTED_OUT.match(comment) is not None


def load_settings(directory: str, root: str | None = None) -> Settings:
    """The settings for the project in `directory`: its `.envfix.toml` or the nearest above, up to `root`, that of the
    git work tree (only the folder itself where there is none); else the nearest pyproject.toml with `[tool.envfix]`.

    EnvfixError, with file and line: TOML that does not parse, an unknown key, a wrong type, a map's target without a
    port, an env file outside the work tree.
    """
    start = os.path.abspath(directory)
    folders = tuple(_upwards(start, root or start))
    root = folders[-1]
    for name in (".envfix.toml", "pyproject.toml"):
        for path in (os.path.join(folder, name) for folder in folders):
            text = _read(path)
            table = None if text is None else _table(text, path)
            if text is not None and table is not None:
                return _settings(table, _Source(path, text, root))
    return Settings()


def _upwards(folder: str, last: str) -> Iterator[str]:
    """The folders from `folder` to `last`, which lies above it by name, or once links are resolved."""
    last = os.path.realpath(last)
    if not any(os.path.realpath(one) == last for one in _above(folder)):
        folder = os.path.realpath(folder)
    for one in _above(folder):
        yield one
        if os.path.realpath(one) == last:
            return


def _above(folder: str) -> Iterator[str]:
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield above
        folder = above


# tomllib's time grows with the square of a key's parts, and each line below a header takes it five times the header's.
_MOST_STEPS, _STEPS_OF_HEADER = 20_000_000, 5


def _read(path: str) -> str | None:
    """The text of a configuration that may hold settings of ours; None if it is absent, or surely holds none."""
    if not os.path.isfile(path):
        return None
    data = read_bounded(path, _MAX_PYPROJECT_BYTES, "configuration")
    if path.endswith("pyproject.toml") and not _MAY_NAME_US.search(data):
        return None
    if len(data) > MAX_CONFIG_BYTES:
        raise EnvfixError("the configuration is over 1 MB: surely the wrong file", path=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvfixError("the configuration is not UTF-8: save it as UTF-8", path=path, line=line) from None


def _table(text: str, path: str) -> dict[str, Any] | None:
    import tomllib

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


def _cut(word: str) -> str:
    return without_login(word)[:_MAX_WORD] + ("..." if len(word) > _MAX_WORD else "")


def _settings(table: dict[str, Any], source: _Source) -> Settings:
    for key in table:
        if key not in _READ:
            hint = _nearest(key, _READ) or f"; the keys are {', '.join(_READ)}"
            raise source.error(f"unknown key {_cut(key)!r}{hint}", key)
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
        owner = key if of is None else f"{key}: {_cut(of)!r}"
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
            raise source.error(f"map: the target of {_cut(word)!r} must be text, such as {_EXAMPLES[key]}", word)
        target = _target(text)
        if target is None:
            example = f'"{_cut(text) if _SERVICE.fullmatch(text) else "postgres"}:5432"'
            told = _cut(text) if _WORD.fullmatch(text) else MASK  # a connection string may hold a password
            raise source.error(f"map: {told!r} is no service with its port, such as {example}", text)
        found[word] = target
    return found


def _readers(key: str, value: Any, source: _Source) -> ByName[tuple[str, ...]]:
    groups = _tables(key, value, source).items()
    return ByName({word: _words(key, group, source, of=word) for word, group in groups})


def _env_files(key: str, value: Any, source: _Source) -> dict[str, tuple[str, ...]]:
    folder = os.path.dirname(source.path)
    found: dict[str, tuple[str, ...]] = {}
    for word, group in _tables(key, value, source).items():
        if "\0" in word or "://" in word:
            raise source.error(f"env_files: {_cut(word)!r} is no name that a file can have", word)
        path = os.path.normpath(os.path.join(folder, word))
        if not (inside(path, source.root) and inside(os.path.realpath(path), os.path.realpath(source.root))):
            what = "lies outside the project, and such a file is never changed"
            raise source.error(f"env_files: {_cut(word)!r} {what}", word)
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


def _target(text: str) -> tuple[str, int] | None:
    match = _TARGET.fullmatch(text)
    port = int(match["port"]) if match else 0
    return (match["service"], port) if match and 0 < port < 65536 else None


def _same_host(address: str) -> str:
    """The address with every spelling of the loopback host made one, and in lower case."""
    return _LOOPBACK.sub("localhost", address, count=1).lower() if _LOOPBACK.match(address) else address.lower()


def _nearest(word: str, words: Collection[str]) -> str:
    if len(word) > _MAX_WORD:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
