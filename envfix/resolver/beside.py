"""What does an env file beside this one call the server? `.env.docker` says `db` where `.env` says localhost."""

import os

from envfix.addresses import find_addresses
from envfix.knowledge.names import port_names, words_of
from envfix.knowledge.schemes import scheme_of
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.project.env_names import is_for_containers
from envfix.project.ports import Endpoint
from envfix.resolver.case import Case, Scene, Sibling

# A file for tests or for production may name a server that this one does not mean.
_APART = frozenset({"TEST", "TESTS", "TESTING", "CI", "E2E", "PROD", "PRODUCTION", "STAGING", "STAGE"})


class ServiceBeside(NamedTuple):
    """A service that a sibling file names for the variable, with the port that it gives it, if any."""

    service: str
    port: int | None
    path: str


def named_beside(scene: Scene, case: Case) -> Endpoint | None:
    """The one service, with a port that fits, that the files beside this one name for the same variable: the files for
    containers if they name any, else all of them alike; never one that is there for tests or for production."""
    leaf = case.found.host.leaf
    if leaf.binding < 0:
        return None
    document = scene.reading.documents[leaf.path]
    name = document.bindings[leaf.binding].name
    said = [one for sibling in scene.siblings(leaf.path) for one in _said(scene, case, sibling, name)]
    told = [one for one in said if is_for_containers(one.path)] or said
    if len({one.service for one in told}) != 1:
        return None
    first = told[0]
    if _is_apart(scene, first.service):
        return None
    own = scene.topology.is_own(case.reader, first.service)
    if not own and not scene.topology.reaches(case.reader, first.service):
        return None
    return _endpoint(scene, case, first)


def _said(scene: Scene, case: Case, sibling: Sibling, name: str) -> list[ServiceBeside]:
    """The services that the last binding of the name in the file leads the reader to."""
    value = next(filter(None, reversed(sibling.values.get(name, ()))), None)
    if value is None:
        return []
    found = []
    for address in find_addresses(value, scene.topology.names_known):
        service = scene.topology.leads_to(case.reader, address.host) if address.kind == "name" else None
        if service is None or address.refusal:
            continue
        scheme = scheme_of(address.scheme)
        port = address.port or _port_beside(sibling, name) or (scheme.port if scheme is not None else None)
        found.append(ServiceBeside(service, port, sibling.path))
    return found


def _port_beside(sibling: Sibling, name: str) -> int | None:
    """The port that the same file gives in a variable of its own."""
    values = (sibling.values[other][-1] for other in port_names(name) if other in sibling.values)
    return next((port for value in values if (port := port_number(value.strip()))), None)


def _is_apart(scene: Scene, service: str) -> bool:
    aliases = (alias for one in scene.topology.attachments(service) for alias in one.names)
    return any(not _APART.isdisjoint(words_of(name)) for name in (service, *aliases))


def _endpoint(scene: Scene, case: Case, said: ServiceBeside) -> Endpoint | None:
    """The service with the port: what it publishes or serves by the number that stands here, else the sibling's own if
    nothing is known against it."""
    number, known = case.port.number, scene.ports.container_ports(said.service)
    detail = f"{os.path.basename(said.path)} beside it says {said.service}"
    if number is not None:
        inside = scene.ports.published(said.service).get(number)
        if inside is not None and said.port in (None, inside):
            return Endpoint(said.service, inside, number, "published", detail)
    port = said.port or number or scene.ports.main_port(said.service)
    if port and (not known or port in known):
        return Endpoint(said.service, port, None, "container", detail)
    return None
