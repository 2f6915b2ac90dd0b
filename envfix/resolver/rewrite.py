"""The reference and the edits that a verdict comes down to."""

from collections.abc import Iterator
from typing import NamedTuple

from envfix.envfile import Binding, EnvDocument, column
from envfix.project.topology import Endpoint, Topology
from envfix.project.uses import Reading
from envfix.records import Choice, Reader, Reference
from envfix.resolver.beforehand import Scope
from envfix.resolver.needs import Need
from envfix.resolver.places import Place, line_of, span_at, span_of, standalone
from envfix.resolver.ports import PortPlace, obstacle, place_of, written
from envfix.resolver.verdict import ReaderNeed, Verdict, readers_of

_NAMED_READERS = 5


class Decided(NamedTuple):
    """A reference, the edits of it in its document ((start, end, new text) in the document's text), and where its
    binding stands: the path by which the project knows the file, and the binding's number."""

    reference: Reference
    edits: tuple[tuple[int, int, str], ...]
    path: str = ""
    number: int = -1


def report(
    reading: Reading, scope: Scope, place: Place, verdict: Verdict, reader_needs: list[ReaderNeed]
) -> Iterator[Decided]:
    """The reference of the place, and that of a port variable that changes with it."""
    lead = verdict.lead or standalone(reading, place)
    port_place = place_of(reading, lead)
    verdict = _with_port(reading, scope, verdict, port_place)
    span = span_of(reading, place)
    here = port_place if span.joined else port_place._replace(joined=None)

    def write(endpoint: Endpoint) -> str:
        return written(host_for(reading.topology, lead.use.service, endpoint.service), place.own, endpoint, here)

    readers = readers_of(reader_needs, reading.topology)
    reference = reference_at(reading.documents[place.path], place.binding, span.start, span.end)._replace(
        decision=verdict.decision,
        reason=verdict.reason,
        readers=readers,
        choices=tuple(
            Choice(write(one), one.service, one.container_port or None, _detail(reading.topology, one))
            for one in verdict.choices
        ),
        explanation=verdict.why,
        reasoning=_reasoning(reading, place, reader_needs),
    )
    endpoint = verdict.target
    if endpoint is None:
        yield Decided(reference, (), place.path, place.number)
        return
    reference = reference._replace(
        replacement=write(endpoint),
        service=endpoint.service,
        published_port=endpoint.published,
        container_port=endpoint.container_port or None,
        explanation=_explain(reading.topology, endpoint, write(endpoint), readers),
    )
    yield Decided(reference, ((span.start, span.end, write(endpoint)),), place.path, place.number)
    if port_place.moves_to(endpoint.container_port):
        yield _sibling(reading, port_place, endpoint, reference)


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


def _with_port(reading: Reading, scope: Scope, verdict: Verdict, port_place: PortPlace) -> Verdict:
    """The verdict with its port filled in, turned into an ask where the port beside the host would have to change with
    it and cannot."""
    endpoint = verdict.target
    if endpoint is None:
        return verdict
    if endpoint.container_port == 0:  # pinned to a service alone: the port stays
        return verdict._replace(target=endpoint._replace(container_port=port_place.number or 0))
    if port_place.number in (None, endpoint.container_port) or port_place.joined is not None:
        return verdict
    why = obstacle(reading, port_place, scope)
    if not why:
        return verdict
    said = (
        f"{endpoint.service} serves it on {endpoint.container_port}, so the port must change with the host, but {why}"
    )
    return Verdict("ask", "conflict", said, verdict.lead, choices=(endpoint,))


def _sibling(reading: Reading, port_place: PortPlace, endpoint: Endpoint, host: Reference) -> Decided:
    assert port_place.run is not None  # a port that cannot be changed is an obstacle
    leaf = port_place.run.leaf
    document = reading.documents[leaf.path]
    binding = document.bindings[leaf.binding]
    start, end = span_at(binding, leaf.offset, port_place.run.length)
    port = str(endpoint.container_port)
    reference = reference_at(document, binding, start, end)._replace(
        decision=host.decision,
        reason="sibling",
        replacement=port,
        service=host.service,
        published_port=host.published_port,
        container_port=host.container_port,
        readers=host.readers,
        explanation=f"the port of {host.variable}: {endpoint.service} listens on {port} inside",
        reasoning=host.reasoning,
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


def _detail(topology: Topology, endpoint: Endpoint) -> str:
    """How it is known that the service serves the address, and the profile without which it is not there."""
    if endpoint.service not in topology.services or topology.active(endpoint.service):
        return endpoint.detail
    profiles = ", ".join(topology.services[endpoint.service].profiles)
    return f"{endpoint.detail}; {endpoint.service} comes up only with the profile {profiles}"


def _explain(topology: Topology, endpoint: Endpoint, replacement: str, readers: tuple[Reader, ...]) -> str:
    parts = [_detail(topology, endpoint)]
    if readers:
        named = ", ".join(f"{reader.service} ({reader.way})" for reader in readers[:_NAMED_READERS])
        parts.append(f"read by {named}{_and_more(len(readers))}")
    if "_" in replacement:
        parts.append("some libraries refuse a host with an underscore: a network alias without one helps them")
    return "; ".join(parts)


def _reasoning(reading: Reading, place: Place, reader_needs: list[ReaderNeed]) -> tuple[str, ...]:
    said: dict[tuple[str, str, Need], list[str]] = {}
    for reader_need in reader_needs:
        use = reader_need.found.use
        name = use.variable if use.variable != place.binding.name else ""
        said.setdefault((use.way, name, reader_need.need), []).append(use.service)
    lines = [
        f"{_listed(services)} by {way}{' as ' + name if name else ''}: {need.verdict}, {need.reason}: {need.why}"
        for (way, name, need), services in said.items()
    ]
    heard = {reader_need.found.use.service for reader_need in reader_needs}
    silent = sorted({found.use.service for found in place.found if found.use.way != "infrastructure"} - heard)
    lines += [f"{service} receives it and does not use it" for service in silent]
    for use in reading.infrastructure.get((place.path, place.number), ()):
        lines.append(f"{'.'.join(use.place)} of {use.service} is filled from it")
    if place.own.port is not None:
        published, container = reading.topology.serving(place.own.port)
        lines += [f"candidate: {endpoint.detail}" for endpoint in (*published, *container)]
    return tuple(dict.fromkeys(lines))


def _listed(services: list[str]) -> str:
    """Services as the subject of a sentence, the first of many."""
    first = ", ".join(services[:_NAMED_READERS])
    return f"{first}{_and_more(len(services))} {'reads' if len(services) == 1 else 'read'} it"


def _and_more(count: int) -> str:
    return f" and {count - _NAMED_READERS} more" if count > _NAMED_READERS else ""
