"""Which references of the plan say the address that failed?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from envfix.compose.model import EnvEntry
from envfix.logs.recognition import Failure, is_loopback
from envfix.patterns import regex
from envfix.project.provenance import Text
from envfix.project.uses import Reading
from envfix.records import Plan, Reference

GATEWAY = "host.docker.internal"
_ADDRESS = regex(r"(\[[^\]]*\]|[^:]*):(\d+)")
_CONTAINER_IP = regex(r"(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+")
_HOST_IN_URL = regex(r"://(?:[^\s/@]*@)?([A-Za-z][\w-]*|host\.docker\.internal)(?=[:/?,]|$)")
_HOST_ALONE = regex(r"^([A-Za-z][\w-]*|host\.docker\.internal)(?=:\d+$|$)")
_SURE, _LIKELY, _POSSIBLE = 3, 2, 1


def culprits(failure: Failure, plan: Plan, reading: Reading) -> tuple[Reference, ...]:
    """The references behind the failure: those that say its address most exactly, rewrites before asks; kept ones only
    where there is neither. () if no variable that the service receives says that address."""
    heard = [reference for reference in plan.references if is_heard(reference, failure.service, reading)]
    graded = [(_grade(failure, reference, reading), reference) for reference in heard if reference.reason != "sibling"]
    for grade in (_SURE, _LIKELY, _POSSIBLE):
        found = [reference for given, reference in graded if given == grade]
        rewrites, asks, kept = (
            tuple(reference for reference in found if reference.decision == word) for word in ("rewrite", "ask", "keep")
        )
        if grade == _POSSIBLE:  # no word of the line speaks for one of them: only what is broken anyway
            return rewrites or asks
        if found:
            return (*rewrites, *asks) or kept
    return ()


def is_heard(reference: Reference, service: str | None, reading: Reading) -> bool:
    """Whether the service receives the reference's variable; any service's does where the log does not say which."""
    if service is None:
        return bool(reference.readers) or reference.decision == "ask"
    return service in _receivers(reading).get((reference.path, reference.line), ()) or any(
        reader.service == service for reader in reference.readers
    )


@lru_cache(maxsize=1)
def _receivers(reading: Reading) -> dict[tuple[str, int], set[str]]:
    """Who gets what is written in which line, those included that are not up or use nothing of it, as far as the files
    know: the log knows better."""
    receivers: dict[tuple[str, int], set[str]] = {}
    for (path, index, scalar, _), found in reading.by_leaf.items():
        line = reading.documents[path].bindings[index].line if index >= 0 else reading.scalars[scalar].origin.line
        receivers.setdefault((path, line), set()).update(one.use.service for one in found)
    return receivers


def says_address(reference: Reference, failure: Failure, reading: Reading) -> bool:
    """Whether the reference, whoever reads it, says the failure's address."""
    return bool(failure.host) and reference.reason != "sibling" and _grade(failure, reference, reading) >= _LIKELY


def siblings(reference: Reference, plan: Plan) -> tuple[Reference, ...]:
    """The port's own reference that changes with this host: of several the one whose name begins most alike."""
    ports = [
        other
        for other in plan.references
        if (other.reason, other.path, other.service) == ("sibling", reference.path, reference.service)
        and (other.published_port, other.container_port) == (reference.published_port, reference.container_port)
    ]
    if reference.decision != "rewrite" or split(reference.address)[1] or not ports:
        return ()
    return (max(ports, key=lambda other: _common(other.variable, reference.variable)),)


def split(address: str) -> tuple[str, int | None]:
    """Host (no brackets) and port of a reference's address."""
    match = _ADDRESS.fullmatch(address)
    host, port = (match[1], int(match[2])) if match else (address, None)
    return host.strip("[]"), port


def is_container_ip(host: str) -> bool:
    """Whether it is an address of Docker's networks: the container's name was resolved, so the name is right."""
    return _CONTAINER_IP.fullmatch(host) is not None


def _grade(failure: Failure, reference: Reference, reading: Reading) -> int:
    host, port = split(reference.address)
    if failure.host is None:
        return _by_default(failure, reference) if failure.kind != "unresolved" or host == GATEWAY else 0
    if not _same_host(failure, host, reference):
        return 0
    if failure.port is None:
        return _by_default(failure, reference)
    if port is None:
        port = reference.published_port or reference.container_port
    if port is None:
        return _LIKELY if _may_serve(failure.port, reference, reading) else 0
    return _SURE if port == failure.port else 0


def _may_serve(port: int, reference: Reference, reading: Reading) -> bool:
    """Whether one of the services that an undecided host could mean serves the port; with none, any port may be."""
    topology, ports = reading.topology, reading.ports
    named = [choice.service for choice in reference.choices if choice.service in topology.services]
    return not named or any(
        port in ports.published(name) or port in ports.container_ports(name) for name in named if name
    )


def _by_default(failure: Failure, reference: Reference) -> int:
    """The line has no port: the client's own decides, or the kind of server behind the published one."""
    port = split(reference.address)[1] or reference.published_port
    if failure.default_port is None:
        return _SURE if failure.host is not None else _POSSIBLE
    known = {port, reference.container_port} - {None}
    if not known or failure.default_port in known:
        return _SURE if known else _LIKELY
    return 0 if known & _well_known() else _POSSIBLE


@cache
def _well_known() -> frozenset[int]:
    """Ports that say which kind of server answers, so that another client's failure is not theirs."""
    from envfix.knowledge.schemes import SCHEMES

    return frozenset(scheme.port for scheme in SCHEMES.values() if scheme.port)


def _same_host(failure: Failure, host: str, reference: Reference) -> bool:
    said = failure.host or ""
    if is_loopback(said):
        return is_loopback(host)
    if is_container_ip(said):  # the log has what the name resolved to: only the port can tell
        return failure.port is not None and not is_loopback(host) and split(reference.address)[1] == failure.port
    return said.lower() == host.lower()


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def sayers(failure: Failure, reading: Reading) -> Iterator[tuple[str, str, int]]:
    """The variables (name, path, line) of the failure's service whose value names its host, no loopback one."""
    service = reading.topology.services.get(failure.service or "")
    if service is None or not failure.host:
        return
    host = re.compile(rf"(?<![\w.-]){re.escape(failure.host)}(?![\w-]|\.\w)")
    texts: list[tuple[str, EnvEntry | None, Text | None]] = [
        (entry.name, entry, reading.entry_text(entry)) for entry in service.entries
    ]
    own = reading.own_names(service)
    for name, (path, index, context) in reading.handed(service).items():
        if name not in own:
            texts.append((name, None, reading.texts.binding(path, index, context, inside=True)))
    for name, entry, text in texts:
        match = host.search(text.value) if text else None
        run = text.locate(match.start(), match.end()) if text and match else None
        if run and run.leaf.binding >= 0:
            binding = reading.documents[run.leaf.path].bindings[run.leaf.binding]
            yield binding.name, run.leaf.path, binding.line
        elif match and entry:
            yield name, entry.origin.path, entry.origin.line


def doubtful_names(service: str | None, reading: Reading) -> Iterator[str]:
    """The hosts in the service's variables that no network of its own resolves: no service's, or one out of reach; of
    names with a dot, which may be anywhere, only Docker's name of the host."""
    known = reading.topology.services.get(service or "")
    values = known.environment.items() if known else ()
    hosts = [match[1] for name, value in values for match in _named_host(name).finditer(value or "")]
    for host in dict.fromkeys(hosts):
        if known and not is_loopback(host) and not _resolves(known.name, host, reading):
            yield host


def _named_host(variable: str) -> re.Pattern[str]:
    """Where a value names a host: behind `://`, or as the whole of a variable called HOST."""
    return _HOST_ALONE if variable.upper().endswith(("HOST", "HOSTNAME", "SERVER")) else _HOST_IN_URL


def _resolves(service: str, host: str, reading: Reading) -> bool:
    """Whether the host is a name to the service while no further profile is up."""
    return bool(reading.topology.answer(service, host).source)
