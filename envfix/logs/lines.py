"""What does one line of a log tell: which connection failed, to which address?

What the project says comes first: on a line that tells of a failed connection, each host and port that a variable of
the service names is looked for as a word, in any punctuation. The shapes of clients' lines that are known (`shapes`)
add which of several addresses is meant, and what a line without any address is about.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from envfix.knowledge.schemes import scheme_of
from envfix.logs.shapes import (
    ADDRESSED,
    BARE,
    BESIDES,
    FAILED,
    HARMLESS,
    HOST_AND_PORT,
    KINDS,
    LOOPBACK_URL,
    NO_CONNECTION,
    NOT_CONNECTED,
    PROSE_AFTER,
    PROSE_BEFORE,
    PROSE_LINE,
    URL_AND_PORT,
    Shape,
)
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex


class Failure(NamedTuple):
    """A connection that failed.

    `log_line` counts from 1; `service` is whose container said so, None where the log does not tell; `kind` is
    "refused", "unresolved" or "timeout"; `host` and `port` stand as in the log, None where it names none;
    `default_port` is the client's own, `client` its name, "" if unknown; `building`: it was said while an image was
    built; `resolved` is the address that the log gives beside a name; `said` are the lines around it, for whoever looks
    for words in them; `sure`: the system's or a known client's words said so, not only a program's own.
    """

    log_line: int
    service: str | None
    kind: str
    host: str | None
    port: int | None
    client: str
    default_port: int | None = None
    building: bool = False
    resolved: str | None = None
    said: str = ""
    sure: bool = True


class WantedHosts(NamedTuple):
    """Where the variables of a service lead: `names` are the hosts, in lower case, that are no loopback ones; `pairs`
    hosts with ports, every loopback host as "localhost"."""

    names: frozenset[str] = frozenset()
    pairs: frozenset[tuple[str, int]] = frozenset()


NOTHING = WantedHosts()
_BESIDES = regex(BESIDES)
_HARMLESS = regex(HARMLESS)
_FAILED = tuple((kind, regex(words)) for kind, words in FAILED)
_NOT_CONNECTED = regex(NOT_CONNECTED)
_NO_CONNECTION = regex(NO_CONNECTION)
_LOOPBACK_URL = regex(LOOPBACK_URL)
_URL_AND_PORT = regex(URL_AND_PORT)
_PROSE_BEFORE, _PROSE_AFTER, _PROSE_LINE = regex(PROSE_BEFORE), regex(PROSE_AFTER), regex(PROSE_LINE)
_SPOKEN = regex(r"(?:(?i:\bat|\bto|\bon|\bhost|\bserver|\bfrom|\bfor|\baddress)[ :=]{1,2}['\"`‘(]?|['\"`‘(\[])$")


def is_loopback(host: str) -> bool:
    """Whether a host as a log writes it is the container itself: all of these fail alike, whichever was configured."""
    host = host.lower()
    return host in ("localhost", "::1", "0.0.0.0", "::", "0:0:0:0:0:0:0:1", "127,0,0,1") or (
        host.removeprefix("::ffff:").startswith("127.") and host != "127.0.0.11"
    )


def canonical(host: str) -> str:
    """One name for every loopback host, other hosts in lower case."""
    return "localhost" if is_loopback(host) else host.lower()


@lru_cache(maxsize=128)
def recognise(text: str, wanted: WantedHosts = NOTHING) -> tuple[Failure, ...]:
    """The failures that one line tells of by itself, with line 0 and no service; without a host if it names none.

    A program that tries again says the same again: the last lines' answers are kept.
    """
    text = _BESIDES.sub("", text)
    return _addressed(text) or _told(text, wanted)


def addresses(text: str, names: frozenset[str]) -> Iterator[tuple[int, str, int | None]]:
    """The loopback hosts of a text, and those of `names`, each with where it begins and its port if there is one."""
    for match in _hosts(names).finditer(text):
        host = match["host"] or match["six"]
        yield match.start(), host.strip("[]").replace("127,0,0,1", "127.0.0.1"), _number(match["port"])


def named(text: str, wanted: WantedHosts) -> tuple[str, int] | None:
    """The first host with port of a text that a variable names."""
    for _, host, port in addresses(text, wanted.names):
        if port is not None and (canonical(host), port) in wanted.pairs:
            return host, port
    return None


def called(text: str, wanted: WantedHosts) -> tuple[str, int | None] | None:
    """The first host of a text that a variable names, loopback ones aside."""
    return next(((host, port) for _, host, port in addresses(text, wanted.names) if not is_loopback(host)), None)


@lru_cache(maxsize=4096)  # for services that write in turn: one takes milliseconds to compile
def _hosts(names: frozenset[str]) -> re.Pattern[str]:
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile(HOST_AND_PORT.replace("NAMES", "|".join(map(re.escape, longest_first)) or r"(?!)"))


def _addressed(text: str) -> tuple[Failure, ...]:
    found = [
        (match.start(), _failure(shape, match, text))
        for shape in ADDRESSED
        if shape.needle in text
        for match in re.finditer(shape.pattern, text)
    ]
    found.sort(key=lambda place: place[0])
    with_port = {(failure.kind, canonical(failure.host)) for _, failure in found if failure.host and failure.port}
    return tuple(
        failure
        for _, failure in found
        if failure.port or not failure.host or (failure.kind, canonical(failure.host)) not in with_port
    )


def _told(text: str, wanted: WantedHosts) -> tuple[Failure, ...]:
    """A line of no client that is known with its address: do its words tell of a failed connection?"""
    if _HARMLESS.search(text):
        return ()
    found = _library(text) or _in_words(text)
    if found is None or _PROSE_LINE.match(text):
        return ()
    host, port = _address(text, wanted, found)
    failure = found
    if host is None and not failure.sure:
        return ()
    if port is None and host is not None:
        url = _LOOPBACK_URL.search(text)
        failure = failure._replace(default_port=failure.default_port or (_default_port(url["scheme"]) if url else None))
    return (failure._replace(host=host, port=port),)


def _library(text: str) -> Failure | None:
    """What a library says in words of its own that a connection failed."""
    for shape in BARE:
        if shape.needle in text and (match := re.search(shape.pattern, text)) and not _is_prose(text, match):
            return _failure(shape, match, text)
    return None


def _in_words(text: str) -> Failure | None:
    """What any program says: the system's own words, which are sure; else that it could not connect."""
    for kind, words in _FAILED:
        match = words.search(text)
        if match and not _is_prose(text, match):
            return Failure(0, None, kind, None, None, "")
    match = _NOT_CONNECTED.search(text)
    if match and not _NO_CONNECTION.search(text) and not _is_prose(text, match):
        return Failure(0, None, _kind(text, match), None, None, "", sure=False)
    return None


def _is_prose(text: str, match: re.Match[str]) -> bool:
    """Whether the words are spoken of, not said: `retries when ECONNREFUSED is thrown`."""
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return _PROSE_BEFORE.search(before) is not None or _PROSE_AFTER.match(after) is not None


def _address(text: str, wanted: WantedHosts, failure: Failure) -> tuple[str | None, int | None]:
    """Where the client of a line that tells of a failure tried to go."""
    if failure.host is not None:
        return failure.host, failure.port
    if found := named(text, wanted):
        return found
    if failure.kind == "unresolved":
        return called(text, wanted) or (None, None)
    every = list(addresses(text, wanted.names))
    for _, host, port in every:
        if port is not None and is_loopback(host):
            return host, port
    if _LOOPBACK_URL.search(text):
        return next((host for _, host, _ in every if is_loopback(host)), None), None
    if failure.sure and (at := _URL_AND_PORT.search(text)):
        return _host(at["host"])[0], int(at["port"])
    for start, host, port in every:
        spoken = _SPOKEN.search(text[max(0, start - 12) : start])
        if port is None and spoken and (failure.sure or not is_loopback(host)):
            return host, None
    return None, None


def _default_port(scheme: str) -> int | None:
    known = scheme_of(scheme.rpartition("+")[0] or scheme)
    return known.port if known else None


def _failure(shape: Shape, match: re.Match[str], text: str) -> Failure:
    groups = match.groupdict()
    host, resolved = ("localhost", None) if "socket" in groups else _host(groups.get("host"))
    kind = shape.kind or _kind(text, match)
    return Failure(0, None, kind, host, _number(groups.get("port")), shape.client, shape.port, resolved=resolved)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _host(written: str | None) -> tuple[str | None, str | None]:
    """Host and address of `[::1]`, `localhost/127.0.0.1`, `/127.0.0.1`, `cache/<unresolved>`."""
    if not written:
        return None, None
    name, slash, address = written.partition("/")
    return ((name or address if slash else written).strip("[]"), address if slash and name else None)


def _kind(text: str, match: re.Match[str]) -> str:
    near = text[max(0, match.start() - 200) : match.end() + 300]
    return next((kind for kind, words in KINDS if re.search(words, near)), "")
