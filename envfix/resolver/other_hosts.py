"""Addresses that name no loopback and are wrong all the same: a service's name with the published port, and the host's
gateway with the port of a service of this very project."""

from __future__ import annotations

from collections.abc import Iterator

from envfix.knowledge.names import name_says
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.reasons import Reason
from envfix.resolver.beforehand import Scope
from envfix.resolver.needs import Need
from envfix.resolver.places import Place
from envfix.resolver.ports import place_of
from envfix.resolver.rewrite import Decided, report
from envfix.resolver.verdict import ReaderNeed, Verdict


def service_name(reading: Reading, scope: Scope, place: Place, users: list[Found]) -> Iterator[Decided]:
    """`db:5433` where db publishes 5433:5432: the port becomes the container's, the name stays as the person wrote it
    (it may be any that leads the reader to db)."""
    host = place.own.host
    if place.own.refusal or (place.own.port is None and not name_says(place.binding.name).names_a_host):
        return
    asked = [(found, _by_published_port(reading, found, host)) for found in users]
    wrong = [(found, endpoint) for found, endpoint in asked if endpoint is not None]
    if not wrong:
        return
    lead, endpoint = wrong[0]
    needs = [ReaderNeed(found, Need("rewrite", _HALF_MADE, one.detail, one)) for found, one in wrong]
    right = [found.use.service for found, one in asked if one is None and _leads_elsewhere(reading, found, endpoint)]
    verdict = Verdict("rewrite", _HALF_MADE, endpoint.detail, lead, endpoint)
    if right or any(one[:2] != endpoint[:2] for _, one in wrong):
        why = f"{endpoint.detail}; but {host} is not {endpoint.service} inside {', '.join(right) or 'every reader'}"
        choices = tuple(dict.fromkeys(one for _, one in wrong))
        verdict = Verdict("ask", "conflict", why, lead, choices=choices)
    for one in report(reading, scope, place, verdict, needs):
        if one.reference.reason == "sibling":
            yield one._replace(reference=one.reference._replace(reason=_HALF_MADE))
        elif one.reference.decision == "ask" or one.reference.replacement != one.reference.address:
            yield one


_HALF_MADE: Reason = "published-port-on-service"


def _by_published_port(reading: Reading, found: Found, host: str) -> Endpoint | None:
    """What the reader should reach, if it names a service with a port that leads there only from the machine."""
    topology, ports, reader = reading.topology, reading.ports, found.use.service
    service = topology.leads_to(reader, host)
    if service is None or not topology.active(reader) or not topology.reaches(reader, service):
        return None
    number = place_of(reading, found).number or 0
    inside = ports.published(service).get(number)
    if inside is None or ports.listens(service, number):
        return None
    detail = f"{service} publishes {number}:{inside}, and inside it listens on {inside}"
    return Endpoint(service, inside, number, "published", detail, host)


def _leads_elsewhere(reading: Reading, found: Found, endpoint: Endpoint) -> bool:
    """Whether the same host is something else to this reader, such as the machine itself by its `extra_hosts`."""
    answer = reading.topology.answer(found.use.service, found.address.host)
    return bool(answer.source) and answer.services != (endpoint.service,)


def gateway(reading: Reading, scope: Scope, place: Place, users: list[Found]) -> Iterator[Decided]:
    """host.docker.internal with the published port of a service of the same project: told, and changed if asked for."""
    if place.own.port is None or not users:
        return
    published, _ = reading.ports.serving(place.own.port)
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
