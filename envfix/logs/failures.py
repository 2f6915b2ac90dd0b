"""Which connections failed, by the lines of a log?

A message may take several lines: the failure on one, its address on another. Of each service only what its current
message still lacks is remembered, so that a log of any size is read in bounded memory.
"""

import re
from collections.abc import Callable, Iterable, Iterator

from envfix.logs.blocks import BEFORE, BEHIND, MESSAGE, Line, Repeated, lines
from envfix.logs.lines import NOTHING, Failure, WantedHosts, addresses, called, canonical, is_loopback, named, recognise
from envfix.logs.shapes import DETAILS
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

MAX_FAILURES = 10_000
"""After so many different failures no further ones are reported: the log is then one of a port scan, or hostile."""

_MAX_SERVICES = 1000
_SAID = 4096  # characters of a message that are kept for its words

_ANSI = regex(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")
_PREFIX = regex(r"\A\ufeff?(?:\d{4}-\d\d-\d\dT\S+\s+)?\[?([A-Za-z0-9][\w.@-]*)\]?\s*\| ?")
_LABEL = regex(r'"com\.docker\.compose\.service":"([\w.-]+)"')
_BUILD = regex(r"#\d+ \d+\.\d+ |\d{1,4}\.\d{3} ")
_ESCAPE = regex(r"""\\(?:u([0-9a-fA-F]{4})|([nrt"'/\\]))""")
_PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
_ENCODED = regex(r"%(5[Bb]|5[Dd]|3[Aa])")
_DECODED = {"5b": "[", "5d": "]", "3a": ":"}
# A console of Symfony's (Laravel's, Drupal's, Composer's too) breaks an exception's text where its width ends, within
# words and numbers; it takes 80 columns where it has no terminal, less one and its margins. A tab has no width to it.
# https://github.com/symfony/symfony/blob/7.3/src/Symfony/Component/Console/Application.php (doRenderThrowable)
_PIECE = regex(r"\A(?:\d{4}-\d\d-\d\dT[\d:.]{8,18}Z )?  (\t?[^\t]{75})  \Z")
_FULL = 74  # of its 75 characters: the last may be the blank between two words
_TIME = regex(r"(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\b\d\d:\d\d:\d\d(?:[.,]\d+)?Z?")

ServiceOf = Callable[[str], str | None]
WantedOf = Callable[[str | None], WantedHosts]


def failures(
    pieces: Iterable[bytes], service_of: ServiceOf | None = None, wanted_of: WantedOf | None = None
) -> Iterator[Failure]:
    """The failed connections of a log, each (service, host, port, kind) once, where it first stands.

    `pieces` are the log's bytes, cut anywhere (a binary file's lines, or blocks of it). `service_of` names the service
    of a container's name before `|`, or None if that is none and the text part of the message; by default the name
    without its replica's number. `wanted_of` says where the variables of a service lead. One without an address comes
    out only once its message has ended, so they are not strictly in the order of lines.
    """
    seen: set[tuple[object, ...]] = set()
    reader = _Reader(service_of or _without_number, wanted_of or (lambda service: NOTHING))
    for failure in reader.read(lines(pieces, reader.repeated)):
        key = (failure.service, failure.host and canonical(failure.host), failure.port or failure.default_port,
               failure.kind)  # fmt: skip
        if key not in seen:
            seen.add(key)
            yield failure
            if len(seen) >= MAX_FAILURES:
                return


class _Begun(NamedTuple):
    """The pieces, so far, of a line that a console broke, and what else there is to know of it."""

    text: str
    where: Failure
    told: bool
    wanted: WantedHosts


class _Message:
    """What is known of a service's current message: a failure that lacks its address, with the lines that followed it,
    the last failure that has one, the last lines read, and the line that is not at its end."""

    __slots__ = ("before", "begun", "last", "lines", "open")

    def __init__(self) -> None:
        self.begun: _Begun | None = None
        self.open: Failure | None = None
        self.last: Failure | None = None
        self.lines: list[str] = []
        self.before: list[tuple[int, str]] = []

    def near(self, number: int) -> list[str]:
        """The lines right before line `number`."""
        return [text for before, text in self.before if number - before <= BEFORE * 2]


class _Reader:
    """Reads lines, and keeps the messages of services that write at once apart. `repeated` are those that tell the
    whole of a failure by themselves: to read them again tells nothing."""

    def __init__(self, service_of: ServiceOf, wanted_of: WantedOf) -> None:
        self.repeated = Repeated()
        self._service_of = service_of
        self._wanted_of = wanted_of
        self._messages: dict[tuple[str | None, bool], _Message] = {}
        self._wanted: dict[str | None, WantedHosts] = {}

    def read(self, found: Iterable[Line]) -> Iterator[Failure]:
        for line in found:
            text = clean(line.text)
            service, building, start = self._origin(clean(line.head), text)
            message = self._messages.get((service, building))
            if message is None:
                if not line.told:
                    message = _Message() if len(self._messages) < _MAX_SERVICES else None
                elif len(self._messages) >= _MAX_SERVICES:
                    yield from _finished(self._messages.pop(next(iter(self._messages))))
                message = message or _Message()
                self._messages[service, building] = message
            if (wanted := self._wanted.get(service)) is None:
                if len(self._wanted) >= _MAX_SERVICES:  # a log may name any number
                    self._wanted.pop(next(iter(self._wanted)))
                wanted = self._wanted[service] = self._wanted_of(service)
            parts = re.split(r"[\r\n]+", text[start:])
            if line.told and len(parts) == 1 and _is_whole(parts[0], wanted):
                self.repeated.add(line.text)
            for part in parts:
                where = Failure(line.number, service, "", None, None, "", building=building)
                yield from _read(message, part, where, line.told, wanted)
        for message in self._messages.values():
            yield from _finished(message)

    def _origin(self, head: str, text: str) -> tuple[str | None, bool, int]:
        """Whose line it is, whether an image build printed it, and where the message begins in its text."""
        prefix = _PREFIX.match(head)
        if prefix and (service := self._service_of(prefix[1])):
            return service, False, prefix.end() if text.startswith(prefix[0]) else 0
        label = _LABEL.search(text) if "com.docker.compose.service" in text else None
        return (label[1] if label else None), bool(_BUILD.match(head)), 0


def _read(message: _Message, text: str, where: Failure, told: bool, wanted: WantedHosts) -> Iterator[Failure]:
    """What a line tells; of one that a console broke, once its last piece is there."""
    piece, begun = _PIECE.match(text), message.begun
    message.begun = None
    if begun and piece and where.log_line - begun.where.log_line <= BEHIND:
        text, where, told = begun.text + piece[1], begun.where, told or begun.told
    elif begun:
        yield from _read_whole(message, begun)
        begun = None
    if piece and len(piece[1].rstrip()) >= _FULL and len(text) < _SAID:
        message.begun = _Begun(text if begun else piece[1], where, told, wanted)
    else:
        yield from _read_whole(message, _Begun(text, where, told, wanted))


def _read_whole(message: _Message, line: _Begun) -> Iterator[Failure]:
    text, where, told, wanted = line
    number = where.log_line
    if message.open and number - message.open.log_line > MESSAGE:
        yield from _ended(message)
    if message.last and number - message.last.log_line > MESSAGE:
        message.last = None
    for found in recognise(_TIME.sub("", text), wanted) if told else ():
        failure = found._replace(log_line=number, service=where.service, building=where.building,
                                 said="\n".join(filter(None, (*message.near(number), text)))[:_SAID])  # fmt: skip
        yield from _with_address(message, failure) if failure.host else _without_address(message, failure, wanted)
    if message.open:
        yield from _detail(message, text)
    if message.open and message.open.log_line != number:
        yield from _behind(message, text, number, wanted)
    message.before = [*message.before[-BEFORE + 1 :], (number, text[:_SAID])]


def _is_whole(text: str, wanted: WantedHosts) -> bool:
    """Whether the line tells of failures with all that there is to know of their addresses, whatever stands around."""
    found = recognise(_TIME.sub("", text), wanted)
    return bool(found) and all(failure.host and failure.port and failure.kind for failure in found)


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


def _without_address(message: _Message, failure: Failure, wanted: WantedHosts) -> Iterator[Failure]:
    """The lines right before may have named it: `Connecting to localhost:8000 ([::1]:8000)`."""
    opened = message.open
    for text in reversed(message.near(failure.log_line)):
        if not opened and not _explained(message, failure) and (found := _named(text, failure, wanted)):
            yield from _with_address(message, failure._replace(host=found[0], port=found[1]))
            return
    if (
        opened
        and not _explained(message, opened)
        and (_same_message(failure, opened) or _same_message(opened, failure))
    ):
        known = opened if opened.default_port or not failure.default_port else failure
        message.open = known._replace(
            log_line=opened.log_line, kind=opened.kind or failure.kind, said=f"{opened.said}\n{failure.said}"[:_SAID]
        )
    else:
        yield from _ended(message)
        message.open, message.lines = failure, []


def _named(text: str, failure: Failure, wanted: WantedHosts) -> tuple[str, int | None] | None:
    """The address in a line near a failure, as far as a variable names it."""
    return (called(text, wanted) if failure.kind == "unresolved" else None) or named(text, wanted)


def _behind(message: _Message, text: str, number: int, wanted: WantedHosts) -> Iterator[Failure]:
    """A line behind one that lacks its address may name it, or another with it (host and port on a line each)."""
    opened = message.open
    assert opened is not None
    if number - opened.log_line > BEHIND or len(message.lines) > BEHIND:
        return
    message.lines.append(text[:_SAID])
    message.open = opened = opened._replace(said=f"{opened.said}\n{text}"[:_SAID])
    if not _explained(message, opened) and (found := _named("\n".join(message.lines[-3:]), opened, wanted)):
        yield from _with_address(message, opened._replace(host=found[0], port=found[1]))


def _same_message(vague: Failure, other: Failure) -> bool:
    if vague.kind and other.kind and vague.kind != other.kind:
        return False
    return vague.default_port in (None, other.port, other.default_port) or vague.client == other.client


def _detail(message: _Message, text: str) -> Iterator[Failure]:
    """A further line of the open message may tell its host, its port, or with the second of them the whole address."""
    for shape in DETAILS:
        opened = message.open
        if opened and shape.client in (opened.client, _KINDRED.get(opened.client)) and shape.needle in text:
            match = re.search(shape.pattern, text)
            groups = match.groupdict() if match else {}
            opened = opened._replace(
                host=(groups.get("host") or "").strip("[]") or opened.host,
                port=int(groups.get("port") or 0) or opened.port,
            )
            message.open = opened
            if opened.host and opened.port:
                yield from _with_address(message, opened)


# Clients that stand on another, and print its details.
_KINDRED = {"fetch": "node"}


def _finished(message: _Message) -> Iterator[Failure]:
    """What the log's end leaves of a message."""
    if message.begun:
        yield from _read_whole(message, message.begun)
    yield from _ended(message)


def _ended(message: _Message) -> Iterator[Failure]:
    """A message without an address counts only if no other line near it has one."""
    if message.open and not _explained(message, message.open):
        yield _settled(message.open)
    message.open = None


def _explained(message: _Message, failure: Failure) -> bool:
    return bool(message.last and _same_message(failure, message.last))


def _settled(failure: Failure) -> Failure:
    return failure if failure.kind else failure._replace(kind="refused")


def _without_number(name: str) -> str:
    return re.sub(r"[-_]\d+$", "", name)


def clean(data: bytes) -> str:
    """The text without colours, and with what JSON or a program's quoting escaped (twice, in a JSON log's JSON)."""
    text = data.decode("utf-8", "replace")
    for _ in range(3):
        if "\\" not in text:
            break
        text = _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else _PLAIN.get(match[2], match[2]), text)
    if "%" in text:
        text = _ENCODED.sub(lambda match: _DECODED[match[1].lower()], text)
    return _ANSI.sub("", text) if "\x1b" in text else text


__all__ = ["MAX_FAILURES", "Failure", "WantedHosts", "addresses", "canonical", "failures", "is_loopback"]
