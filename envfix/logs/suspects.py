"""Which of a service's addresses can be behind a failed connection?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cache

from envfix.knowledge.images import IMAGES
from envfix.knowledge.names import kinds_named, name_says, words_of
from envfix.knowledge.schemes import SCHEMES, scheme_of
from envfix.logs.destinations import GATEWAY, Destination
from envfix.logs.lines import Failure, is_loopback
from envfix.patterns import regex
from envfix.project.uses import Reading
from envfix.records import Choice

_SURE, _LIKELY, _POSSIBLE = 3, 2, 1
_CONTAINER_IP = regex(r"(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)[\d.]+")
# Words of HTTP clients in the lines around a failure: Python's, Node's, Perl's, Ruby's, Java's, PHP's, Rust's, Go's.
_HTTP_CLIENT = regex(
    r"\b(?:https?x?|httpcore|urllib3?|urlopen|requests|aiohttp|undici|fetch|axios|got|wget|curl|cURL|LWP|Mojo|UserAgent"
    r"|Faraday|HttpClient|OkHttp|Guzzle|reqwest|hyper|openai|WebSocket)\b"
)
_OUTSIDE = frozenset({"PUBLIC", "EXTERNAL", "BROWSER", "FRONTEND"})
_SIGNED = frozenset({"s3", "azurite"})  # their addresses go into URLs that browsers open, too


def suspects(failure: Failure, every: Iterable[Destination], reading: Reading) -> tuple[Destination, ...]:
    """The destinations behind the failure that something was decided about: those that say its address most exactly,
    changes and questions before what stays. Where the log names no address, all that could be meant, the likelier
    first. () if no variable of the service says that address."""
    graded = [(_grade(failure, one, reading), one) for one in every if one.reference is not None]
    for grade in (_SURE, _LIKELY, _POSSIBLE):
        found = [one for given, one in graded if given == grade]
        broken = [
            one for one in found if one.reference and (one.reference.decision != "keep" or _in_vain(failure, one))
        ]
        broken.sort(key=lambda one: one.reference is not None and one.reference.decision == "ask")
        if grade == _POSSIBLE or (broken and failure.host is None):
            return tuple(sorted(broken, key=lambda one: not _is_spoken_of(one, failure, reading)))
        if found:
            return tuple(broken or found)
    return ()


def says_address(failure: Failure, destination: Destination, reading: Reading) -> bool:
    """Whether the destination, whoever has it, says the failure's address."""
    return bool(failure.host) and _grade(failure, destination, reading) >= _LIKELY


def answered(failure: Failure, destination: Destination, reading: Reading) -> Choice | None:
    """The one choice of a question that the failure has answered: it is exactly the variable's address that a
    container could not reach. None where more than the target is in doubt: conflicts, what signed URLs or programs
    outside use, a port that would have to change elsewhere."""
    reference = destination.reference
    if reference is None or (reference.decision, reference.reason) != ("ask", "ambiguous"):
        return None
    if failure.host is None or failure.port is None or failure.port != destination.port or len(reference.choices) != 1:
        return None
    choice = reference.choices[0]
    image = reading.ports.image(choice.service) if choice.service in reading.topology.services else None
    signed = image is not None and not _SIGNED.isdisjoint(image.families)
    if signed or is_for_outside(destination) or any(one.what == "outside" for one in reference.evidence):
        return None
    return choice if choice.outcome and all(one.decision == "rewrite" for one in choice.outcome) else None


def is_for_outside(destination: Destination) -> bool:
    """Whether a word of the variable's names or of its file's says that programs outside use it."""
    names = (name_says(destination.variable), name_says(destination.written))
    in_file = _OUTSIDE & set(words_of(os.path.basename(destination.path)))
    return bool(in_file) or any(says.browser or says.prefix for says in names)


def is_container_ip(host: str) -> bool:
    """Whether it is an address of Docker's networks: the container's name was resolved, so the name is right."""
    return _CONTAINER_IP.fullmatch(host) is not None


def _grade(failure: Failure, destination: Destination, reading: Reading) -> int:
    if failure.host is None:
        dialled = failure.kind != "unresolved" and (is_loopback(destination.host) or _is_half_made(destination))
        return _by_default(failure, destination) if dialled or destination.host == GATEWAY else 0
    if not _same_host(failure, destination):
        return 0
    if failure.port is None:
        return _by_default(failure, destination)
    if destination.port is not None:
        return _SURE if destination.port == failure.port else 0
    return _LIKELY if _is_plausible(failure.port, destination, reading) else 0


def _decision(destination: Destination) -> str:
    return destination.reference.decision if destination.reference else "keep"


def _in_vain(failure: Failure, destination: Destination) -> bool:
    """Whether an address that stays would be dialled in vain: it can be meant by a log that names none."""
    reference = destination.reference
    return failure.host is None and reference is not None and reference.reason in ("no-target", "unreachable")


def _is_half_made(destination: Destination) -> bool:
    return _decision(destination) == "rewrite"


def _is_plausible(port: int, destination: Destination, reading: Reading) -> bool:
    """Whether a host without a port can mean this one: one of the services that were thought of, else of the products
    that the variable's name means."""
    reference, topology, serving = destination.reference, reading.topology, reading.ports
    services = {choice.service for choice in reference.choices} | {reference.service} if reference else set()
    known = [name for name in services if name in topology.services]
    if known:
        return any(port in serving.published(name) or port in serving.container_ports(name) for name in known)
    kinds = name_says(destination.variable).kinds
    return any(port in image.ports for image in IMAGES if image.kind in kinds)


def _by_default(failure: Failure, destination: Destination) -> int:
    """The line has no port: the client's own decides, or the kind of server behind the published one."""
    reference = destination.reference
    port = destination.port or (reference.published_port if reference else None)
    if failure.default_port is None:
        return _SURE if failure.host is not None else _POSSIBLE
    known = {port, reference.container_port if reference else None} - {None}
    if not known or failure.default_port in known:
        return _SURE if known else _LIKELY
    return 0 if known & _well_known() else _POSSIBLE


@cache
def _well_known() -> frozenset[int]:
    """Ports that say which kind of server answers, so that another client's failure is not theirs."""
    return frozenset(scheme.port for scheme in SCHEMES.values() if scheme.port)


def _same_host(failure: Failure, destination: Destination) -> bool:
    said = failure.host or ""
    if is_loopback(said):
        return is_loopback(destination.host)
    if is_container_ip(said):  # the log has what the name resolved to: only the port can tell
        return failure.port is not None and not is_loopback(destination.host) and destination.port == failure.port
    return said.lower() == destination.host.lower()


def _is_spoken_of(destination: Destination, failure: Failure, reading: Reading) -> bool:
    """Whether the lines around the failure speak of the kind of server that the destination leads to."""
    scheme, reference = scheme_of(destination.scheme), destination.reference
    service = reference.service if reference else None
    image = reading.ports.image(service) if service in reading.topology.services else None
    kinds = {scheme.kind} if scheme else set(name_says(destination.variable).kinds)
    kinds |= image.families if image and not scheme else set()
    if _HTTP_CLIENT.search(failure.said):
        return "http" in kinds or not kinds
    return not kinds.isdisjoint(kinds_named(failure.said[:2048]))
