"""Addresses that name no loopback and are wrong all the same: a service's name with the published port, and the host's
gateway with the port of a service of this very project."""

from __future__ import annotations

from collections.abc import Iterator

from envfix.knowledge.names import name_says
from envfix.readers import Found, Reading
from envfix.resolver.beforehand import Judged
from envfix.resolver.needs import Need
from envfix.resolver.ports import place_of
from envfix.resolver.reporting import Decided, report
from envfix.resolver.settle import Verdict, Voice
from envfix.resolver.spots import Spot
from envfix.targets import Served


def service_name(reading: Reading, judged: Judged, spot: Spot, users: list[Found]) -> Iterator[Decided]:
    """`db:5433` where db publishes 5433:5432: the port becomes the container's, the name stays as the person wrote it
    (it may be an alias)."""
    service = reading.topology.names.get(spot.own.host)
    if service is None or spot.own.refusal:
        return
    if spot.own.port is None and not name_says(spot.binding.name).names_a_host:
        return
    for found in users:
        served = _by_published_port(reading, found, service)
        if served is None:
            continue
        need = Need("rewrite", "published-port-on-service", served.detail, served)
        voices = [Voice(one, need) for one in users]
        verdict = Verdict("rewrite", "published-port-on-service", served.detail, found, served)
        for one in report(reading, judged, spot, verdict, voices):
            yield from _keeping_name(spot, one)
        return


def _by_published_port(reading: Reading, found: Found, service: str) -> Served | None:
    """What the reader should reach, if it names the service with a port that leads to it only from the host."""
    topology, reader = reading.topology, found.use.service
    number = place_of(reading, found).number
    inside = topology.published(service).get(number or 0)
    if inside is None or number in topology.container_ports(service):
        return None
    if not topology.active(reader) or not topology.reaches(reader, service):
        return None
    detail = f"{service} publishes {number}:{inside}, and inside it listens on {inside}"
    return Served(service, inside, number, "published", detail)


def _keeping_name(spot: Spot, one: Decided) -> Iterator[Decided]:
    reference = one.reference
    if reference.reason == "sibling":
        yield one._replace(reference=reference._replace(reason="published-port-on-service"))
    elif reference.decision == "ask":
        yield one
    elif reference.address != spot.own.host and reference.replacement is not None:
        length = len(reference.replacement) - len(reference.replacement.rpartition(str(reference.container_port))[0])
        between = reference.address[len(spot.own.host) : len(reference.address) - len(str(spot.own.port))]
        replacement = f"{spot.own.host}{between}{reference.replacement[-length:]}"
        edits = ((reference.start, reference.end, replacement),)
        yield one._replace(reference=reference._replace(replacement=replacement), edits=edits)


def gateway(reading: Reading, judged: Judged, spot: Spot, users: list[Found]) -> Iterator[Decided]:
    """host.docker.internal with the published port of a service of the same project: told, and changed if asked for."""
    if spot.own.port is None or not users:
        return
    published, _ = reading.topology.serving(spot.own.port)
    reachable = [
        one for one in published if any(reading.topology.reaches(user.use.service, one.service) for user in users)
    ]
    if not reachable:
        return
    served = reachable[0]
    voices = [Voice(found, Need("rewrite", "host-gateway", served.detail, served)) for found in users]
    if judged.host_gateway and len(reachable) == 1:
        verdict = Verdict("rewrite", "host-gateway", served.detail, users[0], served)
    else:
        here = f"{served.service}:{served.container_port}"
        why = f"{served.service} of this project serves it as {here}; --host-gateway changes it"
        verdict = Verdict("keep", "host-gateway", why, users[0])
    yield from report(reading, judged, spot, verdict, voices)
