"""What did this user configure, in a file or in the comment above a binding?"""

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cached_property, lru_cache

from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shell_patterns import ByName, Names
from envfix.shown import without_login

_MAX_WORD = 100  # characters of a word that a message repeats

_TARGET = regex(r"(?P<service>[A-Za-z0-9._-]+):(?P<port>[0-9]{1,5})")
_DIRECTIVE = regex(r"envfix\s*:\s*(?P<word>.*)", re.IGNORECASE | re.DOTALL)
_COMMENTED_OUT = regex(r"(export\s+)?[A-Za-z_][A-Za-z0-9_.-]*\s*=")
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
        hint = nearest(service, services) or f"; its services are {', '.join(sorted(services)) or 'none'}"
        raise EnvfixError(f"{where}{cut(service)!r} is no service of this project{hint}", path=path, line=line)


def inline(
    comments: tuple[str, ...], *, path: str | None = None, line: int | None = None, services: Collection[str] = ()
) -> Pin | None:
    """The pin in the comment lines directly above a binding (without their `#`), None if there is none.

    The nearest one counts; one above a binding that is commented out belongs to that. `line` is the binding's, for the
    message of the EnvfixError that a malformed pin raises; `services` are those that it may have meant.
    """
    if not _speak_of_it(comments):
        return None
    for distance, comment in enumerate(reversed(comments), start=1):
        if _COMMENTED_OUT.match(comment):
            return None
        directive = _DIRECTIVE.fullmatch(comment)
        if directive:
            return _pin(directive["word"].strip(), path, None if line is None else line - distance, services)
    return None


@lru_cache(maxsize=64)
def _speak_of_it(comments: tuple[str, ...]) -> bool:
    """Asked for each address of a value, and thousands of lines may stand above it."""
    return any("envfix" in comment.lower() for comment in comments)


def _pin(word: str, path: str | None, line: int | None, services: Collection[str]) -> Pin:
    if word == "keep":
        return Pin(line=line)
    meant_target = target(word)
    if meant_target is None:
        name, _, port = word.partition(":")
        meant = nearest(name, ("keep", *services))
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
    return Pin(*meant_target, line)


def is_directive(comment: str) -> bool:
    """Whether a comment (without its `#`) is one for envfix."""
    return _DIRECTIVE.fullmatch(comment) is not None


def is_commented_out(comment: str) -> bool:
    """Whether a comment (without its `#`) is a binding that is out of use."""
    return _COMMENTED_OUT.match(comment) is not None


def cut(word: str) -> str:
    """A word of the configuration as a message repeats it: without the login of a URL, a long one cut."""
    return without_login(word)[:_MAX_WORD] + ("..." if len(word) > _MAX_WORD else "")


def target(text: str) -> Target | None:
    """The service and the port that `service:port` says; None where that is not what the text is."""
    match = _TARGET.fullmatch(text)
    port = int(match["port"]) if match else 0
    return (match["service"], port) if match and 0 < port < 65536 else None


def _same_host(address: str) -> str:
    """The address with every spelling of the loopback host made one, and in lower case."""
    return _LOOPBACK.sub("localhost", address, count=1).lower() if _LOOPBACK.match(address) else address.lower()


def nearest(word: str, words: Collection[str]) -> str:
    """The end of a sentence that asks for the nearest of the `words`, "" where none is near."""
    if len(word) > _MAX_WORD:
        return ""
    from difflib import get_close_matches

    close = get_close_matches(word, words, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
