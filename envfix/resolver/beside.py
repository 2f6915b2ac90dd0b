"""What does an env file beside this one call the server? `.env.docker` says `db` where `.env` says localhost."""

import os
from collections.abc import Iterable

from envfix.addresses import find_addresses
from envfix.knowledge.names import port_names, words_of
from envfix.knowledge.schemes import scheme_of
from envfix.numerals import port_number
from envfix.project.env_names import is_for_containers
from envfix.project.ports import Endpoint
from envfix.resolver.case import Case, Scene, ServiceBeside, Sibling

# A file for tests or for production may name a server that this one does not mean.
_APART = frozenset({"TEST", "TESTS", "TESTING", "CI", "E2E", "PROD", "PRODUCTION", "STAGING", "STAGE"})


def named_beside(scene: Scene, case: Case) -> Endpoint | None:
    """The one service, with a port that fits, that the files beside this one name for the same variable: the files for
    containers if they name any, else all of them alike; never one that is there for tests or for production."""
    leaf = case.found.host.leaf
    if leaf.binding < 0:
        return None
    siblings = scene.siblings(leaf.path)
    key = case.reader, leaf.path, scene.reading.documents[leaf.path].bindings[leaf.binding].name
    if key not in scene.beside:  # a value may hold thousands of addresses, here and there
        scene.beside[key] = _told(scene, case.reader, siblings, key[2])
    told = scene.beside[key]
    return None if told is None else _endpoint(scene, case, told)


def _told(scene: Scene, reader: str, siblings: Iterable[Sibling], name: str) -> ServiceBeside | None:
    said = [one for sibling in siblings for one in _said(scene, reader, sibling, name)]
    told = [one for one in said if is_for_containers(one.path)] or said
    if len({one.service for one in told}) != 1:
        return None
    first = told[0]
    if _is_apart(scene, first.service):
        return None
    own = scene.topology.is_own(reader, first.service)
    return first if own or scene.topology.reaches(reader, first.service) else None


def _said(scene: Scene, reader: str, sibling: Sibling, name: str) -> list[ServiceBeside]:
    """The services that the last binding of the name in the file leads the reader to."""
    value = next(filter(None, reversed(sibling.values.get(name, ()))), None)
    if value is None:
        return []
    found = []
    for address in find_addresses(value, scene.topology.names_known):
        service = scene.topology.leads_to(reader, address.host) if address.kind == "name" else None
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
