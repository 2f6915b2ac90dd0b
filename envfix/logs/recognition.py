"""Which connections failed, by the lines of a log?

`failures` reads a log of any size in bounded memory: only lines with one of the shapes' literals are looked at, and
of a service only what the current message still lacks is remembered.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from envfix.logs.shapes import ADDRESSED, BARE, BESIDES, DETAILS, HARMLESS, KINDS, NEARBY, Shape
from envfix.patterns import regex


class Failure(NamedTuple):
    """A connection that failed.

    `log_line` counts from 1; `service` is whose container said so, None where the log does not tell; `kind` is
    "refused", "unresolved" or "timeout"; `host` and `port` stand as in the log, None where it names none;
    `default_port` is the client's own, `client` its name, "" if unknown; `building`: it was said while an image was
    built.
    """

    log_line: int
    service: str | None
    kind: str
    host: str | None
    port: int | None
    client: str
    default_port: int | None = None
    building: bool = False


MAX_FAILURES = 10_000
"""After so many different failures no further ones are reported: the log is then one of a port scan, or hostile."""

_LONGEST = 1 << 16  # bytes of a line without an end that are kept
_WINDOW, _OVERLAP = 1 << 14, 1 << 10  # a longer line is looked at in windows of so many bytes, which overlap
_HEAD = 256  # bytes of a line's beginning that tell its service
_MESSAGE = 300  # lines from the first to the last line of one message with its stack traces
_MAX_SERVICES = 1000

_ANSI = regex(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_PREFIX = regex(r"\ufeff?(?:\d{4}-\d\d-\d\dT\S+\s+)?\[?([A-Za-z0-9][\w.@-]*)\]?\s*\| ?")
_LABEL = regex(r'"com\.docker\.compose\.service":"([\w.-]+)"')
_BUILD = regex(r"#\d+ \d+\.\d+ |\d{1,4}\.\d{3} ")
_ESCAPE = regex(r"""\\(?:u([0-9a-fA-F]{4})|([nrt"'/\\]))""")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_TIME = regex(r"(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\b\d\d:\d\d:\d\d(?:[.,]\d+)?Z?")
_BESIDES = regex(BESIDES)
_HARMLESS = regex(HARMLESS)


def failures(pieces: Iterable[bytes], service_of: Callable[[str], str | None] | None = None) -> Iterator[Failure]:
    """The failed connections of a log, each (service, host, port, kind) once, where it first stands.

    `pieces` are the log's bytes, cut anywhere (a binary file's lines, or blocks of it). `service_of` names the service
    of a container's name before `|`, or None if that is none and the text part of the message; by default the name
    without its replica's number. One without an address comes out only once its message has ended, so they are not
    strictly in the order of lines.
    """
    seen: set[tuple[object, ...]] = set()
    for failure in _messages(_lines(pieces), service_of or _without_number):
        key = (failure.service, _canonical(failure.host), failure.port or failure.default_port, failure.kind)
        if key not in seen:
            seen.add(key)
            yield failure
            if len(seen) >= MAX_FAILURES:
                return


def is_loopback(host: str) -> bool:
    """Whether a host as a log writes it is the container itself: all of these fail alike, whichever was configured."""
    host = host.lower()
    return host in ("localhost", "::1", "0.0.0.0", "::", "0:0:0:0:0:0:0:1") or (
        host.removeprefix("::ffff:").startswith("127.") and host != "127.0.0.11"
    )


@lru_cache(maxsize=128)
def recognise(text: str) -> tuple[Failure, ...]:
    """The failures that one line tells of by itself, with line 0 and no service; without a host if it names none.

    A program that tries again says the same again: the last lines' answers are kept.
    """
    text = _BESIDES.sub("", text)
    return _addressed(text) or _bare(text)


def _addressed(text: str) -> tuple[Failure, ...]:
    found = [
        (match.start(), _failure(shape, match, text))
        for shape in ADDRESSED
        if shape.needle in text
        for match in re.finditer(shape.pattern, text)
    ]
    found.sort(key=lambda place: place[0])
    return tuple(failure for _, failure in found)


def _bare(text: str) -> tuple[Failure, ...]:
    for shape in BARE:
        if shape.needle in text and (match := re.search(shape.pattern, text)) and not _HARMLESS.search(text):
            found = [place for pattern in NEARBY if (place := re.search(pattern, text))]
            return (_failure(shape, found[0] if found else match, text, match),)
    return ()


def _failure(shape: Shape, match: re.Match[str], text: str, said: re.Match[str] | None = None) -> Failure:
    groups = match.groupdict()
    host = "localhost" if "socket" in groups else _host(groups.get("host"))
    port = int(groups["port"]) if groups.get("port") else None
    kind = shape.kind or _kind(text, said or match)
    return Failure(0, None, kind, host, port, shape.client, shape.port)


def _host(written: str | None) -> str | None:
    """The host of `[::1]`, `localhost/127.0.0.1`, `/127.0.0.1`, `cache/<unresolved>`: the name before the address."""
    if not written:
        return None
    name, slash, address = written.partition("/")
    return (name or address if slash else written).strip("[]")


def _kind(text: str, match: re.Match[str]) -> str:
    near = text[max(0, match.start() - 200) : match.end() + 300]
    return next((kind for kind, words in KINDS if re.search(words, near)), "")


def _canonical(host: str | None) -> str | None:
    return "localhost" if host and is_loopback(host) else host and host.lower()


# --- one message over several lines


class _Message:
    """What is open of a service's current message: a failure that lacks its address, and the last one that has it."""

    __slots__ = ("last", "open")

    def __init__(self) -> None:
        self.open: Failure | None = None
        self.last: Failure | None = None


def _messages(lines: Iterable[tuple[int, bytes, bytes]], service_of: Callable[[str], str | None]) -> Iterator[Failure]:
    messages: dict[tuple[str | None, bool], _Message] = {}
    for number, head, piece in lines:
        text = _clean(piece)
        service, building = _origin(_clean(head), text, service_of)
        message = messages.get((service, building))
        if message is None:
            if len(messages) >= _MAX_SERVICES:
                yield from _ended(messages.pop(next(iter(messages))))
            message = messages[service, building] = _Message()
        for line in re.split(r"[\r\n]+", text):
            yield from _read(message, line, number, service, building)
    for message in messages.values():
        yield from _ended(message)


def _read(message: _Message, line: str, number: int, service: str | None, building: bool) -> Iterator[Failure]:
    if message.open and number - message.open.log_line > _MESSAGE:
        yield from _ended(message)
    if message.last and number - message.last.log_line > _MESSAGE:
        message.last = None
    for found in recognise(_TIME.sub("", line)):
        failure = found._replace(log_line=number, service=service, building=building)
        yield from _with_address(message, failure) if failure.host else _without_address(message, failure)
    if message.open:
        yield from _detail(message, line)


def _with_address(message: _Message, failure: Failure) -> Iterator[Failure]:
    """An address ends an open message that it can belong to: a driver's name above a `Caused by:` tells the port."""
    opened, portless = message.open, failure.port is None and failure.default_port is None
    if opened and opened.kind in ("", failure.kind) and (portless or _same_message(opened, failure)):
        message.open = None
        if portless:
            failure = failure._replace(default_port=opened.default_port, client=opened.client or failure.client)
    yield from _ended(message)
    message.last = failure
    yield _settled(failure)


def _without_address(message: _Message, failure: Failure) -> Iterator[Failure]:
    opened = message.open
    if opened and not _explained(message) and (_same_message(failure, opened) or _same_message(opened, failure)):
        known = opened if opened.default_port or not failure.default_port else failure
        message.open = known._replace(log_line=opened.log_line, kind=opened.kind or failure.kind)
    else:
        yield from _ended(message)
        message.open = failure


def _same_message(vague: Failure, other: Failure) -> bool:
    if vague.kind and other.kind and vague.kind != other.kind:
        return False
    return vague.default_port in (None, other.port, other.default_port) or vague.client == other.client


def _detail(message: _Message, line: str) -> Iterator[Failure]:
    """A further line of the open message may tell its host, its port, or with the second of them the whole address."""
    for shape in DETAILS:
        opened = message.open
        if opened and opened.client == shape.client and shape.needle in line:
            match = re.search(shape.pattern, line)
            groups = match.groupdict() if match else {}
            opened = opened._replace(
                host=_host(groups.get("host")) or opened.host, port=int(groups.get("port") or 0) or opened.port
            )
            message.open = opened
            if opened.host and opened.port:
                yield from _with_address(message, opened)


def _ended(message: _Message) -> Iterator[Failure]:
    """A message without an address counts only if no other line near it has one."""
    if message.open and not _explained(message):
        yield _settled(message.open)
    message.open = None


def _explained(message: _Message) -> bool:
    return bool(message.open and message.last and _same_message(message.open, message.last))


def _settled(failure: Failure) -> Failure:
    return failure if failure.kind else failure._replace(kind="refused")


# --- whose line it is, and what it says


def _origin(head: str, text: str, service_of: Callable[[str], str | None]) -> tuple[str | None, bool]:
    prefix = _PREFIX.match(head)
    if prefix and (service := service_of(prefix[1])):
        return service, False
    label = _LABEL.search(text) if "com.docker.compose.service" in text else None
    return (label[1] if label else None), bool(_BUILD.match(head))


def _without_number(name: str) -> str:
    return re.sub(r"[-_]\d+$", "", name)


def _clean(data: bytes) -> str:
    """The text without colours, and with what JSON or a program's quoting escaped (twice, in a JSON log's JSON)."""
    text = data.decode("utf-8", "replace")
    for _ in range(3):
        if "\\" not in text:
            break
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _PLAIN.get(match[2], match[2]), text)
    return _ANSI.sub("", text) if "\x1b" in text else text


# --- from bytes to the lines that matter


def _needles() -> tuple[bytes, ...]:
    every = {shape.needle.strip() for shape in (*ADDRESSED, *BARE, *DETAILS)}  # blanks are everywhere: slow to search
    return tuple(needle.encode() for needle in sorted(every) if not any(o != needle and o in needle for o in every))


_NEEDLES = _needles()


def _lines(pieces: Iterable[bytes]) -> Iterator[tuple[int, bytes, bytes]]:
    """The lines that hold a needle, as (number, the line's beginning, a window of it)."""
    number, head, rest = 1, b"", b""
    for piece in pieces:
        block = rest + piece if rest else piece
        cut = block.rfind(b"\n") + 1
        if cut:
            yield from _hits(block[:cut], number, head)
            number, head = number + block.count(b"\n", 0, cut), b""
        rest = block[cut:]
        if len(rest) > _LONGEST:
            head = head or rest[:_HEAD]
            yield from _hits(rest, number, head)
            rest = rest[-_OVERLAP:]
    yield from _hits(rest, number, head)


def _hits(block: bytes, number: int, head: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    counted = end = 0
    for offset in _offsets(block):
        if offset < end:
            continue
        start = block.rfind(b"\n", 0, offset) + 1
        number += block.count(b"\n", counted, start)
        counted, end = start, (block.find(b"\n", offset) + 1) or len(block)
        beginning = head if head and start == 0 else block[start : min(start + _HEAD, end)]
        for window in range(start, end, _WINDOW - _OVERLAP):
            yield number, beginning, block[window : min(window + _WINDOW, end)]


def _offsets(block: bytes) -> list[int]:
    """Where needles stand, one of each kind a line."""
    found = []
    for needle in _NEEDLES:
        offset = block.find(needle)
        while offset >= 0:
            found.append(offset)
            end = block.find(b"\n", offset)
            offset = block.find(needle, end) if end >= 0 else -1
    return sorted(found)
