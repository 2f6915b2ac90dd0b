"""Addresses that name no loopback and are wrong all the same: a service's name with the published port, and the host's
gateway with the port of a service of this very project."""

from __future__ import annotations

from collections.abc import Iterator

from envfix.knowledge.names import name_says
from envfix.project.topology import Endpoint
from envfix.project.uses import Found, Reading
from envfix.records import Edit
from envfix.resolver.beforehand import Scope
from envfix.resolver.needs import Need
from envfix.resolver.places import Place
from envfix.resolver.ports import place_of
from envfix.resolver.rewrite import Decided, report
from envfix.resolver.verdict import ReaderNeed, Verdict


def service_name(reading: Reading, scope: Scope, place: Place, users: list[Found]) -> Iterator[Decided]:
    """`db:5433` where db publishes 5433:5432: the port becomes the container's, the name stays as the person wrote it
    (it may be an alias)."""
    service = reading.topology.names.get(place.own.host)
    if service is None or place.own.refusal:
        return
    if place.own.port is None and not name_says(place.binding.name).names_a_host:
        return
    for found in users:
        endpoint = _by_published_port(reading, found, service)
        if endpoint is None:
            continue
        need = Need("rewrite", "published-port-on-service", endpoint.detail, endpoint)
        reader_needs = [ReaderNeed(one, need) for one in users]
        verdict = Verdict("rewrite", "published-port-on-service", endpoint.detail, found, endpoint)
        for one in report(reading, scope, place, verdict, reader_needs):
            yield from _keeping_name(place, one)
        return


def _by_published_port(reading: Reading, found: Found, service: str) -> Endpoint | None:
    """What the reader should reach, if it names the service with a port that leads to it only from the host."""
    topology, reader = reading.topology, found.use.service
    number = place_of(reading, found).number
    inside = topology.published(service).get(number or 0)
    if inside is None or number in topology.container_ports(service):
        return None
    if not topology.active(reader) or not topology.reaches(reader, service):
        return None
    detail = f"{service} publishes {number}:{inside}, and inside it listens on {inside}"
    return Endpoint(service, inside, number, "published", detail)


def _keeping_name(place: Place, one: Decided) -> Iterator[Decided]:
    reference = one.reference
    if reference.reason == "sibling":
        yield one._replace(reference=reference._replace(reason="published-port-on-service"))
    elif reference.decision == "ask":
        yield one
    elif reference.address != place.own.host and reference.replacement is not None:
        length = len(reference.replacement) - len(reference.replacement.rpartition(str(reference.container_port))[0])
        between = reference.address[len(place.own.host) : len(reference.address) - len(str(place.own.port))]
        replacement = f"{place.own.host}{between}{reference.replacement[-length:]}"
        edits = (Edit(reference.start, reference.end, replacement),)
        yield one._replace(reference=reference._replace(replacement=replacement, edits=edits))


def gateway(reading: Reading, scope: Scope, place: Place, users: list[Found]) -> Iterator[Decided]:
    """host.docker.internal with the published port of a service of the same project: told, and changed if asked for."""
    if place.own.port is None or not users:
        return
    published, _ = reading.topology.serving(place.own.port)
    reachable = [
        one for one in published if any(reading.topology.reaches(user.use.service, one.service) for user in users)
    ]
    if not reachable:
        return
    endpoint = reachable[0]
    reader_needs = [ReaderNeed(found, Need("rewrite", "host-gateway", endpoint.detail, endpoint)) for found in users]
    if scope.host_gateway and len(reachable) == 1:
        verdict = Verdict("rewrite", "host-gateway", endpoint.detail, users[0], endpoint)
    else:
        here = f"{endpoint.service}:{endpoint.container_port}"
        why = f"{endpoint.service} of this project serves it as {here}; --host-gateway changes it"
        verdict = Verdict("keep", "host-gateway", why, users[0])
    yield from report(reading, scope, place, verdict, reader_needs)
