"""The reference and the edits that a verdict comes down to."""

from collections.abc import Iterator
from typing import NamedTuple

from envfix.envfile import Binding, EnvDocument, column
from envfix.readers import Reading
from envfix.records import Choice, Reader, Reference
from envfix.resolver.beforehand import Judged
from envfix.resolver.needs import Need
from envfix.resolver.ports import PortPlace, obstacle, place_of, written
from envfix.resolver.settle import Verdict, Voice, readers_of
from envfix.resolver.spots import Spot, line_of, span_at, span_of, standalone
from envfix.targets import Served, Topology

_NAMED_READERS = 5


class Decided(NamedTuple):
    """A reference, the edits of it in its document ((start, end, new text) in the document's text), and where its
    binding stands: the path by which the project knows the file, and the binding's number."""

    reference: Reference
    edits: tuple[tuple[int, int, str], ...]
    path: str = ""
    number: int = -1


def report(reading: Reading, judged: Judged, spot: Spot, verdict: Verdict, voices: list[Voice]) -> Iterator[Decided]:
    """The reference of the place, and that of a port variable that changes with it."""
    lead = verdict.lead or standalone(reading, spot)
    place = place_of(reading, lead)
    verdict = _with_port(reading, judged, verdict, place)
    span = span_of(reading, spot)
    here = place if span.joined else place._replace(joined=None)

    def write(served: Served) -> str:
        return written(host_for(reading.topology, lead.use.service, served.service), spot.own, served, here)

    readers = readers_of(voices, reading.topology)
    reference = reference_at(reading.documents[spot.path], spot.binding, span.start, span.end)._replace(
        decision=verdict.decision,
        reason=verdict.reason,
        readers=readers,
        choices=tuple(
            Choice(write(one), one.service, one.container_port or None, _detail(reading.topology, one))
            for one in verdict.choices
        ),
        explanation=verdict.why,
        evidence=_evidence(reading, spot, voices),
    )
    served = verdict.target
    if served is None:
        yield Decided(reference, (), spot.path, spot.number)
        return
    reference = reference._replace(
        replacement=write(served),
        service=served.service,
        published_port=served.published,
        container_port=served.container_port or None,
        explanation=_explain(reading.topology, served, write(served), readers),
    )
    yield Decided(reference, ((span.start, span.end, write(served)),), spot.path, spot.number)
    if place.moves_to(served.container_port):
        yield _sibling(reading, place, served, reference)


def reference_at(document: EnvDocument, binding: Binding, start: int, end: int) -> Reference:
    """The reference of a place in a binding, nothing decided about it yet."""
    return Reference(
        path=document.path,
        line=line_of(document, binding, start),
        column=column(document.text, start),
        variable=binding.name,
        address=document.text[start:end],
        decision="keep",
        reason="unread",
        start=start,
        end=end,
    )


def host_for(topology: Topology, reader: str, service: str) -> str:
    """The name by which the reader reaches the service; the service's own for what no service reads."""
    return topology.host_name(reader, service) if reader in topology.services else topology.owner(service)


def _with_port(reading: Reading, judged: Judged, verdict: Verdict, place: PortPlace) -> Verdict:
    """The verdict with its port filled in, turned into an ask where the port beside the host would have to change with
    it and cannot."""
    served = verdict.target
    if served is None:
        return verdict
    if served.container_port == 0:  # pinned to a service alone: the port stays
        return verdict._replace(target=served._replace(container_port=place.number or 0))
    if place.number in (None, served.container_port) or place.joined is not None:
        return verdict
    why = obstacle(reading, place, judged)
    if not why:
        return verdict
    said = f"{served.service} serves it on {served.container_port}, so the port must change with the host, but {why}"
    return Verdict("ask", "conflict", said, verdict.lead, choices=(served,))


def _sibling(reading: Reading, place: PortPlace, served: Served, host: Reference) -> Decided:
    assert place.run is not None  # a port that cannot be changed is an obstacle
    leaf = place.run.leaf
    document = reading.documents[leaf.path]
    binding = document.bindings[leaf.binding]
    start, end = span_at(binding, leaf.offset, place.run.length)
    port = str(served.container_port)
    reference = reference_at(document, binding, start, end)._replace(
        decision=host.decision,
        reason="sibling",
        replacement=port,
        service=host.service,
        published_port=host.published_port,
        container_port=host.container_port,
        readers=host.readers,
        explanation=f"the port of {host.variable}: {served.service} listens on {port} inside",
        evidence=host.evidence,
    )
    return Decided(reference, ((start, end, port),), leaf.path, leaf.binding)


def unsettled(decided: Decided, reason: str, why: str) -> Decided:
    """The same place as an ask, with nothing to change."""
    reference = decided.reference._replace(
        decision="ask",
        reason=reason,
        replacement=None,
        service=None,
        published_port=None,
        container_port=None,
        explanation=why,
    )
    return decided._replace(reference=reference, edits=())


def _detail(topology: Topology, served: Served) -> str:
    """How it is known that the service serves the address, and the profile without which it is not there."""
    if served.service not in topology.services or topology.active(served.service):
        return served.detail
    profiles = ", ".join(topology.services[served.service].profiles)
    return f"{served.detail}; {served.service} comes up only with the profile {profiles}"


def _explain(topology: Topology, served: Served, replacement: str, readers: tuple[Reader, ...]) -> str:
    parts = [_detail(topology, served)]
    if readers:
        named = ", ".join(f"{reader.service} ({reader.way})" for reader in readers[:_NAMED_READERS])
        parts.append(f"read by {named}{_and_more(len(readers))}")
    if "_" in replacement:
        parts.append("some libraries refuse a host with an underscore: a network alias without one helps them")
    return "; ".join(parts)


def _evidence(reading: Reading, spot: Spot, voices: list[Voice]) -> tuple[str, ...]:
    said: dict[tuple[str, str, Need], list[str]] = {}
    for voice in voices:
        use = voice.found.use
        name = use.variable if use.variable != spot.binding.name else ""
        said.setdefault((use.way, name, voice.need), []).append(use.service)
    lines = [
        f"{_listed(services)} by {way}{' as ' + name if name else ''}: {need.verdict}, {need.reason}: {need.why}"
        for (way, name, need), services in said.items()
    ]
    heard = {voice.found.use.service for voice in voices}
    silent = sorted({found.use.service for found in spot.found if found.use.way != "infrastructure"} - heard)
    lines += [f"{service} receives it and does not use it" for service in silent]
    for use in reading.infrastructure.get((spot.path, spot.number), ()):
        lines.append(f"{'.'.join(use.place)} of {use.service} is filled from it")
    if spot.own.port is not None:
        published, container = reading.topology.serving(spot.own.port)
        lines += [f"candidate: {served.detail}" for served in (*published, *container)]
    return tuple(dict.fromkeys(lines))


def _listed(services: list[str]) -> str:
    """Services as the subject of a sentence, the first of many."""
    first = ", ".join(services[:_NAMED_READERS])
    return f"{first}{_and_more(len(services))} {'reads' if len(services) == 1 else 'read'} it"


def _and_more(count: int) -> str:
    return f" and {count - _NAMED_READERS} more" if count > _NAMED_READERS else ""
