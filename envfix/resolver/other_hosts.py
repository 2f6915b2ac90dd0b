"""Addresses that name no loopback and are wrong all the same: a service's name with the published port, and the host's
gateway with the port of a service of this very project."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice

from envfix.knowledge.names import name_says
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.reasons import Reason
from envfix.resolver.case import Need, ReaderNeed, Scene, ask, case_of
from envfix.resolver.places import port_place_of
from envfix.resolver.protocol import documented, speaks
from envfix.resolver.verdict import Judge, Verdict
from envfix.shown import listed

HALF_MADE: Reason = "published-port-on-service"


class Outcome(NamedTuple):
    """What is decided about a host that is no loopback one, and what each of its readers needs."""

    verdict: Verdict
    needs: list[ReaderNeed]


def service_name(judge: Judge, users: Sequence[Found], name: str) -> Outcome | None:
    """`db:5433` where db publishes 5433:5432: the port becomes the container's, the host stays as the person wrote it
    (it may be any name that leads the reader to db). `name` is that of the variable in which the host stands."""
    address = users[0].address if users else None
    if address is None or address.refusal or (address.port is None and not name_says(name).names_a_host):
        return None
    host = address.host
    scene = judge.scene
    if _holds_labels(users[0].use.text.value, scene.topology.names_known):
        return None
    asked = [(found, _by_published_port(scene, found, host)) for one in users for found in judge.apart(one)]
    needs = [ReaderNeed(found, need) for found, need in asked if need is not None]
    if not needs:
        return None
    lead, need = needs[0]
    choices = tuple(dict.fromkeys(one for _, need in needs for one in (need.target, *need.choices) if one))
    if need.target is None:
        return Outcome(Verdict("ask", "ambiguous", need.why, lead, choices=choices), needs)
    target = need.target
    elsewhere = [found for found, need in asked if need is None and _leads_elsewhere(scene, found, target)]
    right = scene.reading.classes.ranked({name for found in elsewhere for name in found.use.services})
    if right or any(one[:2] != target[:2] for one in choices):
        why = f"{target.detail}; but {host} is not {target.service} inside {listed(right) or 'every reader'}"
        return Outcome(Verdict("ask", "conflict", why, lead, choices=choices), needs)
    return Outcome(Verdict("rewrite", HALF_MADE, target.detail, lead, target), needs)


_NAME_AND_PORT = regex(r"([A-Za-z_][\w-]{0,62}):\d{1,5}")


@lru_cache(maxsize=64)
def _holds_labels(value: str, known: frozenset[str]) -> bool:
    """Whether a list of NAME:PORT names things by words of its own (`api:9460,process:9256`, a monitor's list of jobs):
    then a name that is a service's by chance says nothing of where anyone connects."""
    found = [_NAME_AND_PORT.fullmatch(part.strip()) for part in value.split(",")]
    names = [one[1].lower() for one in found if one is not None]
    return len(names) == len(found) > 1 and any(name not in known and name != "localhost" for name in names)


def _by_published_port(scene: Scene, found: Found, host: str) -> Need | None:
    """What the reader needs, if it names a service with a port that leads there only from the machine."""
    topology, ports, reader = scene.topology, scene.ports, found.use.service
    service = topology.leads_to(reader, host)
    if service is None or not topology.active(reader) or not topology.reaches(reader, service):
        return None
    number = port_place_of(scene.reading, found).number or 0
    inside = ports.published(service).get(number)
    if inside is None or ports.listens(service, number):
        return None
    detail = f"{service} publishes {number}:{inside}, and inside it listens on {inside}"
    endpoint = Endpoint(service, inside, number, "published", detail, host)
    case = case_of(scene, found)
    if speaks(scene, case, endpoint):
        return Need("rewrite", HALF_MADE, detail, endpoint)
    meant = [one._replace(host=host) for one in documented(scene, case, [endpoint])]
    if len(meant) == 1 and case.family:
        return Need("rewrite", HALF_MADE, meant[0].detail, meant[0])
    why = meant[0].detail if meant else f"{number} leads to {inside} of {service}, which speaks another protocol"
    return ask(why, tuple(meant))


def _leads_elsewhere(scene: Scene, found: Found, endpoint: Endpoint) -> bool:
    """Whether the same host is something else to this reader, such as the machine itself by its `extra_hosts`."""
    answer = scene.topology.answer(found.use.service, found.address.host)
    return bool(answer.source) and answer.services != (endpoint.service,)


def gateway(reading: Reading, users: Sequence[Found], *, wanted: bool) -> Outcome | None:
    """host.docker.internal with the published port of a service of the same project: told, and changed if `wanted`."""
    if not users or users[0].address.port is None:
        return None
    published, _ = reading.ports.serving(users[0].address.port)
    # Of two services of a class one at most is the target itself, which does not reach itself.
    some = {name for user in users for name in user.use.services[:2]}
    reached = (one for one in published if any(reading.topology.reaches(name, one.service) for name in some))
    reachable = list(islice(reached, 2))
    if not reachable:
        return None
    endpoint = reachable[0]
    needs = [ReaderNeed(found, Need("rewrite", "host-gateway", endpoint.detail, endpoint)) for found in users]
    if wanted and len(reachable) == 1:
        return Outcome(Verdict("rewrite", "host-gateway", endpoint.detail, users[0], endpoint), needs)
    here = f"{endpoint.service}:{endpoint.container_port}"
    why = f"{endpoint.service} of this project serves it as {here}; --host-gateway changes it"
    return Outcome(Verdict("keep", "host-gateway", why, users[0]), needs)
