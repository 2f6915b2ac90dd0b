"""Addresses in the compose files themselves: literals of `environment:`, commands, and defaults that are in force."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from envfix.compose.model import EnvEntry, Origin, Template
from envfix.compose.sources import Sources
from envfix.named_tuples import NamedTuple
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.records import Choice, Reference
from envfix.resolver.case import ReaderNeed, Scene, keep
from envfix.resolver.other_hosts import Outcome, gateway, service_name
from envfix.resolver.places import PortPlace, port_place_of
from envfix.resolver.protocol import is_for_drivers
from envfix.resolver.reasoning import NAMED_READERS
from envfix.resolver.rewrite import Decided, rewritten, undecided, written
from envfix.resolver.verdict import Judge, Verdict, host_for, readers_of, settle
from envfix.shown import as_written


def decide_in_compose(reading: Reading, judge: Judge, sources: Sources, *, host_gateway: bool = False) -> list[Decided]:
    """Every address that a compose file hands to a container, in the order of files and lines: loopback ones, and those
    that `other_hosts` knows to be wrong. `sources` holds the files' texts."""
    groups: dict[tuple[str, int, int], list[Found]] = {}
    for (path, index, scalar, offset), found in reading.by_leaf.items():
        if index >= 0:
            continue
        origin = reading.texts.scalars[scalar].origin
        for one in found:
            if one.use.way != "infrastructure":
                groups.setdefault((path, origin.start, offset), []).append(one)
    spelled = _Spelled(sources)
    decided = [_one(reading, judge, group, spelled, host_gateway=host_gateway) for group in groups.values()]
    return sorted(filter(None, decided), key=lambda one: (one.reference.path, one.reference.line, one.reference.column))


def _one(
    reading: Reading, judge: Judge, found: list[Found], spelled: _Spelled, *, host_gateway: bool
) -> Decided | None:
    if found[0].address.refusal:
        return None
    outcome = _outcome(reading, judge, found, host_gateway=host_gateway)
    if outcome is None:
        return None
    verdict, reader_needs = outcome
    lead = verdict.lead or found[0]
    scalar = reading.texts.scalars[lead.host.leaf.scalar]
    port_place = port_place_of(reading, lead)
    sources = spelled.sources
    span = _span(spelled, scalar, lead, port_place.joined is not None)
    verdict = _in_place(verdict, port_place, span)

    def write(endpoint: Endpoint) -> str:
        host = endpoint.host or host_for(reading.topology, lead.use.service, endpoint.service)
        return written(host, lead.address, endpoint, port_place)

    def settled(verdict: Verdict) -> Reference:
        endpoint = verdict.target
        if endpoint is None:
            return base._replace(decision=verdict.decision, reason=verdict.reason, explanation=verdict.why)
        reference = rewritten(base, write(endpoint), endpoint)
        return reference._replace(reason=verdict.reason, explanation=endpoint.detail, known=(endpoint.detail,))

    def choice(endpoint: Endpoint) -> Choice:
        chosen = _in_place(Verdict("rewrite", "pinned", endpoint.detail, lead, endpoint), port_place, span)
        port = endpoint.container_port
        return Choice(write(endpoint), endpoint.service, port, endpoint.detail, (settled(chosen),))

    line, column = _position(scalar.origin, span, sources)
    mark = sources.mark(scalar.origin.path)
    start, end = span or (scalar.origin.start, scalar.origin.end)
    name = as_written(scalar.name)
    address = _address(lead, port_place.joined is not None)
    base = undecided(scalar.origin.path, name, address, line, column, (mark + start, mark + end))._replace(
        readers=readers_of(reader_needs, reading),
        reasoning=tuple(
            f"{service}: {reader_need.need.verdict}, {reader_need.need.reason}"
            for reader_need in reader_needs
            for service in reader_need.found.use.services[:NAMED_READERS]
        ),
    )
    reference = settled(verdict)._replace(choices=tuple(map(choice, verdict.choices)))
    return Decided(reference, tuple(reader_needs))


def _outcome(reading: Reading, judge: Judge, found: list[Found], *, host_gateway: bool) -> Outcome | None:
    """What is decided, None where there is nothing to say."""
    kind = found[0].address.kind
    if kind == "gateway":
        return gateway(reading, found, wanted=host_gateway)
    if kind == "name":
        return service_name(judge, found, found[0].use.variable)

    def believed(some: list[ReaderNeed]) -> list[ReaderNeed]:
        return [_believed(judge.scene, one) for one in some]

    needs = believed(judge.needs(found))
    return Outcome(settle(needs, reading.topology, lambda some: believed(judge.each(some))), needs)


def _in_place(verdict: Verdict, port_place: PortPlace, span: tuple[int, int] | None) -> Verdict:
    """The verdict, turned into an ask where the text cannot be changed where it stands, or the port stands apart."""
    endpoint = verdict.target
    if endpoint is None or (span is not None and not _apart(port_place, endpoint)):
        return verdict
    why = f"{verdict.why}; it cannot be changed in place here, so change it by hand"
    return Verdict("ask", "conflict", why, verdict.lead, choices=(endpoint,))


def _apart(port_place: PortPlace, endpoint: Endpoint) -> bool:
    return port_place.joined is None and port_place.number not in (None, endpoint.container_port)


def _believed(scene: Scene, said: ReaderNeed) -> ReaderNeed:
    """What the reader needs; where only the port speaks for a target, the compose file's author is believed, who wrote
    loopback for this very service. So is one who gives another service the target's name under the same variable, if
    browsers reach the target too: a front end hands them what it is told."""
    if said.need.verdict == "rewrite" and _is_told_apart(scene, said):
        why = f"the compose file tells others {said.found.use.variable} with the service's name, and this one loopback"
        return said._replace(need=keep("default", why))
    if said.need.verdict != "ask":
        return said
    why = f"the compose file says so for {said.found.use.service}, and nothing speaks against it"
    return said._replace(need=keep("default", why))


def _is_told_apart(scene: Scene, said: ReaderNeed) -> bool:
    target = said.need.target
    told = scene.literals.get(said.found.use.variable, ())
    if target is None or not any(service == target.service for service, _ in told):
        return False
    image = scene.ports.image(target.service)
    return image is None or not is_for_drivers(image, target)


def _address(found: Found, joined: bool) -> str:
    end = found.address.port_end if joined and found.address.port_end else found.address.end
    return found.use.text.value[found.address.start : end]


class _Spelling(NamedTuple):
    """A template as it stands in its file from `at` on: there each of its `quotes` takes `more` characters."""

    at: int
    quotes: tuple[int, ...]
    more: int

    def place(self, offset: int) -> int:
        """Where the template's character at the offset stands."""
        return self.at + offset + self.more * bisect_left(self.quotes, offset)


class _Spelled:
    """How templates stand in their files, looked for once each: thousands of addresses may stand in one."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._known: dict[tuple[Origin, str], tuple[_Spelling, ...]] = {}

    def of(self, origin: Origin, template: str) -> tuple[_Spelling, ...]:
        """The ways in which the template may stand there."""
        key = origin, template
        if key not in self._known:
            self._known[key] = tuple(self._found(origin, template)) if template else ()
        return self._known[key]

    def _found(self, origin: Origin, template: str) -> Iterator[_Spelling]:
        for quote, escaped in _QUOTES:
            at = _last(self.sources.text(origin.path), template.replace(quote, escaped), origin.start, origin.end)
            if at >= 0:
                places = tuple(found.start() for found in re.finditer(quote, template)) if quote != escaped else ()
                yield _Spelling(at, places, len(escaped) - len(quote))


def _last(text: str, part: str, start: int, end: int) -> int:
    """As `text.rfind`, which takes as many steps as the product of both lengths where much of them is alike, and which
    no signal ends; `find` has a way without (https://docs.python.org/3/whatsnew/3.10.html#optimizations)."""
    at = text[start:end][::-1].find(part[::-1])
    return -1 if at < 0 else min(end, len(text)) - at - len(part)


def _span(spelled: _Spelled, scalar: EnvEntry | Template, found: Found, joined: bool) -> tuple[int, int] | None:
    """Where the address stands in the file, if the scalar stands there as its template reads, but for the escapes of
    quotes (no folding, no other escapes)."""
    template = scalar.template or ""
    shown, text = _address(found, joined), spelled.sources.text(scalar.origin.path)
    for spelling in spelled.of(scalar.origin, template):
        start = spelling.place(found.host.leaf.offset)
        if text.startswith(shown, start):
            return start, start + len(shown)
    return None


# How a quote is written within quotes of its kind (https://yaml.org/spec/1.2.2/#73-flow-scalar-styles).
_QUOTES = (("'", "'"), ("'", "''"), ('"', '\\"'))


def _position(origin: Origin, span: tuple[int, int] | None, sources: Sources) -> tuple[int, int]:
    if span is None:
        return origin.line, origin.column
    text = sources.text(origin.path)
    line = origin.line + text.count("\n", origin.start, span[0])
    return line, span[0] - (text.rfind("\n", 0, span[0]) + 1) + 1
