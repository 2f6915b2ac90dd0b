"""The reference and the edits that a verdict comes down to. Host and port change together or not at all."""

from collections.abc import Iterator, Mapping, Sequence

from envfix.addresses import Address
from envfix.envfile import Binding, EnvDocument, column
from envfix.knowledge.schemes import scheme_of
from envfix.named_tuples import NamedTuple
from envfix.project.ports import Endpoint
from envfix.project.topology import Topology
from envfix.project.uses import Found, Reading
from envfix.reasons import Reason
from envfix.records import Choice, Edit, Evidence, Reference
from envfix.resolver.case import ReaderNeed
from envfix.resolver.pins import pinned_to_stay
from envfix.resolver.places import (
    Place,
    PortPlace,
    Scope,
    Span,
    line_of,
    port_place_of,
    span_at,
    span_of,
    standalone,
)
from envfix.resolver.reasoning import reasoning, told_readers
from envfix.resolver.verdict import Verdict, host_for, readers_of
from envfix.shown import listed


class Decided(NamedTuple):
    """A reference, what each of its readers needs, and where its binding stands: the path by which the project knows
    the file, and the binding's number (-1 in a compose file)."""

    reference: Reference
    needs: tuple[ReaderNeed, ...] = ()
    path: str = ""
    number: int = -1


class _Site(NamedTuple):
    """Where a verdict is written down: the place, its span, the port that goes with it, and what readers need. `lead`
    is the use in whose dialect it is written; `others` are the ports that go with the host in its other uses; `told`
    names the first readers, "" where there are none."""

    reading: Reading
    scope: Scope
    place: Place
    needs: tuple[ReaderNeed, ...]
    lead: Found
    span: Span
    port: PortPlace
    others: tuple[PortPlace, ...]
    told: str

    def write(self, endpoint: Endpoint) -> str:
        """What would stand in the address's place."""
        port = self.port if self.span.joined else self.port._replace(joined=None)
        host = endpoint.host or host_for(self.reading.topology, self.lead.use.service, endpoint.service)
        return written(host, self.place.own, endpoint, port)


def report(
    reading: Reading,
    scope: Scope,
    place: Place,
    verdict: Verdict,
    reader_needs: list[ReaderNeed],
    evidence: tuple[Evidence, ...] = (),
) -> Iterator[Decided]:
    """The reference of the place, and that of a port variable that changes with it; `evidence` is what code says."""
    lead = verdict.lead or standalone(reading, place)
    port = port_place_of(reading, lead)
    others = _other_ports(reading, verdict, reader_needs, lead)
    readers = readers_of(reader_needs, reading)
    needs, span, told = tuple(reader_needs), span_of(reading, place), told_readers(readers)
    site = _Site(reading, scope, place, needs, lead, span, port, others, told)
    verdict = _with_port(site, verdict)
    why = reasoning(reading, place, reader_needs) if scope.reasons else ()
    base = reference_at(reading.documents[place.path], place.binding, span.start, span.end)
    base = base._replace(readers=readers, reasoning=why, evidence=evidence)
    for reference, number in _settled(site, base, verdict):
        choices = tuple(_choice(site, base, one) for one in verdict.choices)
        yield Decided(reference._replace(choices=choices), site.needs, *number)


def _settled(site: _Site, base: Reference, verdict: Verdict) -> Iterator[tuple[Reference, tuple[str, int]]]:
    """The reference with its decision, then that of its port where both change; each with the binding it stands in."""
    here = (site.place.path, site.place.number)
    reference = base._replace(decision=verdict.decision, reason=verdict.reason, explanation=verdict.why)
    endpoint = verdict.target
    if endpoint is None:
        yield reference, here
        return
    text = site.write(endpoint)
    detail = _detail(site.reading.topology, endpoint)
    reference = rewritten(reference, text, endpoint)._replace(
        explanation="; ".join(filter(None, (detail, site.told, *_of_host(text)))),
        known=(endpoint.detail, *_caveats(site.reading.topology, endpoint), *_of_host(text)),
    )
    moved = [one for one in (site.port, *site.others) if one.moves_to(endpoint.container_port)]
    beside = [_sibling(site.reading, one, endpoint, reference) for one in moved]
    link = beside[0][0].link if beside else None
    yield reference._replace(link=link), here
    for port, there in dict(beside).items():
        yield port._replace(link=link), there


def _other_ports(
    reading: Reading, verdict: Verdict, reader_needs: Sequence[ReaderNeed], lead: Found
) -> tuple[PortPlace, ...]:
    """The ports that go with the host where other uses than the lead have it: `${DB_HOST}:5433` in another variable."""
    if verdict.target is not None and verdict.target.container_port == 0:
        return ()
    said = verdict.reason == "pinned"
    uses = [one.found for one in reader_needs if one.found is not lead and (said or one.need.verdict != "keep")]
    return tuple(dict.fromkeys(port for one in uses if (port := port_place_of(reading, one)).joined is None))


def _choice(site: _Site, base: Reference, endpoint: Endpoint) -> Choice:
    """One way to settle an ask, with what it leads to: where its port cannot follow, an ask again that says why."""
    chosen = Verdict("rewrite", "pinned", endpoint.detail, site.lead, endpoint)
    outcome = _settled(site, base, _with_port(site, chosen))
    detail = _detail(site.reading.topology, endpoint)
    port = endpoint.container_port or None
    return Choice(site.write(endpoint), endpoint.service, port, detail, tuple(one for one, _ in outcome))


def reference_at(document: EnvDocument, binding: Binding, start: int, end: int) -> Reference:
    """The reference of a place in a binding, nothing decided about it yet."""
    line, at = line_of(document, binding, start), column(document.text, start)
    return undecided(document.path, binding.name, document.text[start:end], line, at, (start, end))


def undecided(path: str, variable: str, address: str, line: int, column: int, span: tuple[int, int]) -> Reference:
    """A reference about which nothing is decided yet."""
    return Reference(
        path=path,
        line=line,
        column=column,
        variable=variable,
        address=address,
        decision="keep",
        reason="unread",
        start=span[0],
        end=span[1],
    )


def rewritten(reference: Reference, replacement: str, endpoint: Endpoint) -> Reference:
    """The reference as one that changes to `replacement`, which names the endpoint, with the edit that does it."""
    return reference._replace(
        decision="rewrite",
        replacement=replacement,
        service=endpoint.service,
        published_port=endpoint.published,
        container_port=endpoint.container_port or None,
        edits=(Edit(reference.start, reference.end, replacement),),
    )


def _with_port(site: _Site, verdict: Verdict) -> Verdict:
    """The verdict with its port filled in, turned into an ask where a port beside the host would have to change with it
    and cannot."""
    endpoint = verdict.target
    if endpoint is None:
        return verdict
    if endpoint.container_port == 0:  # pinned to a service alone: the port stays
        return verdict._replace(target=endpoint._replace(container_port=site.port.number or 0))
    apart = (one for one in (site.port, *site.others) if one.joined is None)
    changing = (one for one in apart if one.number not in (None, endpoint.container_port))
    why = next(filter(None, (_obstacle(site.reading, one, site.scope) for one in changing)), "")
    if not why:
        return verdict
    said = (
        f"{endpoint.service} serves it on {endpoint.container_port}, so the port must change with the host, but {why}"
    )
    return Verdict("ask", "conflict", said, verdict.lead, choices=(endpoint,))


def _sibling(
    reading: Reading, port_place: PortPlace, endpoint: Endpoint, host: Reference
) -> tuple[Reference, tuple[str, int]]:
    """The reference of the port that changes with its host, and the binding in which it stands."""
    assert port_place.run is not None  # a port that cannot be changed is an obstacle
    leaf = port_place.run.leaf
    document = reading.documents[leaf.path]
    binding = document.bindings[leaf.binding]
    start, end = span_at(binding, leaf.offset, port_place.run.length)
    port = str(endpoint.container_port)
    reference = rewritten(reference_at(document, binding, start, end), port, endpoint)._replace(
        reason="sibling",
        readers=host.readers,
        explanation=f"the port of {host.variable}: {endpoint.service} listens on {port} inside",
        reasoning=host.reasoning,
        evidence=host.evidence,
        link=(document.path, start),
    )
    return reference, (leaf.path, leaf.binding)


def each_once(decided: list[Decided]) -> list[Decided]:
    """Each place once; hosts that share a port which they would change differently are asked about. What is linked
    through one place changes together."""
    seen: dict[tuple[str, int, int], Decided] = {}
    torn: dict[tuple[str, int, int], str] = {}
    same: dict[tuple[str, int], tuple[str, int]] = {}

    def first(link: tuple[str, int]) -> tuple[str, int]:
        while link in same:
            link = same[link]
        return link

    for one in decided:
        known = seen.setdefault(place_key(one), one)
        if known.reference.replacement != one.reference.replacement:
            torn[place_key(one)] = "two hosts share this port and need different values"
        if (
            known.reference.link
            and one.reference.link
            and (link := first(one.reference.link)) != first(known.reference.link)
        ):
            same[link] = first(known.reference.link)
    found = list(seen.values())
    if same:
        found = [
            one._replace(reference=one.reference._replace(link=first(one.reference.link)))
            if one.reference.link
            else one
            for one in found
        ]
    return unsettled(found, "conflict", torn)


def place_key(decided: Decided) -> tuple[str, int, int]:
    """What identifies the place of a decision: file and span."""
    return (decided.reference.path, decided.reference.start, decided.reference.end)


def unsettled(decided: list[Decided], reason: Reason, why: Mapping[tuple[str, int, int], str]) -> list[Decided]:
    """The places in `why` (by `place_key`, with a sentence each) as asks, with nothing to change; so is each that
    changes only together with one of them."""
    links = {one.reference.link: why[place_key(one)] for one in decided if place_key(one) in why}
    links.pop(None, None)

    def sentence(one: Decided) -> str | None:
        return why.get(place_key(one)) or (links.get(one.reference.link) if one.reference.link else None)

    return [_unsettled(one, reason, said) if (said := sentence(one)) else one for one in decided]


def _unsettled(decided: Decided, reason: Reason, why: str) -> Decided:
    reference = decided.reference._replace(
        decision="ask",
        reason=reason,
        replacement=None,
        service=None,
        published_port=None,
        container_port=None,
        explanation=why,
        known=(),
        edits=(),
        link=None,
    )
    return decided._replace(reference=reference)


def _detail(topology: Topology, endpoint: Endpoint) -> str:
    """How it is known that the service serves the address, and why it may not be there."""
    return "; ".join((endpoint.detail, *_caveats(topology, endpoint)))


def _caveats(topology: Topology, endpoint: Endpoint) -> Iterator[str]:
    """Why the service may not be there."""
    if endpoint.service not in topology.services or topology.is_up(endpoint.service):
        return
    if topology.active(endpoint.service):
        yield f"no container of {endpoint.service} is started (0 replicas)"
        return
    profiles = listed(topology.profiles(endpoint.service))
    yield f"{endpoint.service} comes up only with the profile {profiles}"


def _of_host(replacement: str) -> Iterator[str]:
    if "_" in replacement:
        yield "some libraries refuse a host with an underscore: a network alias without one helps them"


def written(host: str, address: Address, endpoint: Endpoint, port_place: PortPlace) -> str:
    """What stands in the address's place after the rewrite: `host:port` where a port stood behind it, the bare host
    where none did, unless the target's port is not the scheme's default."""
    if port_place.joined is not None:
        return f"{host}{port_place.joined}{endpoint.container_port}"
    scheme = scheme_of(address.scheme) if port_place.number is None else None
    if scheme is not None and scheme.port not in (None, endpoint.container_port):
        return f"{host}:{endpoint.container_port}"
    return host


def _obstacle(reading: Reading, port_place: PortPlace, scope: Scope) -> str:
    """Why the port, standing apart, cannot change with its host; "" if it can."""
    name = port_place.name or "the port"
    if port_place.run is None:
        return f"{name} comes from outside the env file"
    leaf = port_place.run.leaf
    if leaf.binding < 0:
        return f"{name} is written in the compose file"
    if leaf.path not in scope.paths:
        return f"{name} stands in another env file"
    document = reading.documents[leaf.path]
    pinned = pinned_to_stay(document.bindings[leaf.binding], scope.settings, document.path)
    if pinned:
        return f"{name} stays, since {pinned}"
    uses = reading.infrastructure.get((leaf.path, leaf.binding), ())
    feeds = next((use for use in uses if use.place[:1] == ("ports",)), None)
    if feeds is None:
        return ""
    holder = reading.documents[leaf.path].bindings[leaf.binding].name
    return (
        f"{holder} also feeds ports: of {feeds.service}, which would publish another port; "
        f"give the container a variable of its own for the port"
    )
