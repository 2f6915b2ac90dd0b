"""What is to blame for each failed connection, and what mends it?"""

import re
from collections.abc import Callable, Iterable, Iterator

from envfix.compose.model import Project
from envfix.logs.destinations import Destination, Destinations
from envfix.logs.lines import Failure, canonical, is_loopback
from envfix.logs.sentences import Sentences, doubtful, of_build
from envfix.logs.suspects import answered, suspects
from envfix.named_tuples import NamedTuple
from envfix.records import Choice, Evidence, Reference, together
from envfix.source.defaults import Default, default_for

_MOST_LOOKS = 200_000  # at destinations and services
_MOST_SOUGHT = 50  # failures for which all code is searched for a default
NO_NAME = "the log does not say which name: look for one that is no service's, or whose service is not up"


class Blame(NamedTuple):
    """One failed connection and one variable behind it: the fields of the JSON, each None where there is none. `path`
    is absolute; `reference` is the plan's, for whoever writes only what is to blame, `choice` the answer that the log
    gives to its question."""

    service: str | None
    address: str | None
    kind: str
    log_line: int
    variable: str | None
    path: str | None
    line: int | None
    replacement: str | None
    explanation: str
    evidence: tuple[Evidence, ...] = ()
    reference: Reference | None = None
    choice: Choice | None = None


def blame(failures: Iterable[Failure], every: Destinations) -> tuple[Blame, ...]:
    """What is behind the failures, in the log's order: one entry for each variable, or one with none for a failure that
    no variable explains. A failure is told once for each service, address and kind; one without an address only where
    it names a variable that no other does. Of thousands in a project of thousands of addresses the first are told.
    """
    found: list[Blame] = []
    told: set[tuple[object, ...]] = set()
    looks = 0
    for failure in sorted(failures, key=lambda failure: (failure.host is None, not failure.sure, failure.log_line)):
        failure = _said_of_a_name(failure, every)
        where = (failure.service, failure.host and canonical(failure.host), failure.port)
        if failure.host and ((*where, failure.kind) in told or (not failure.sure and where in told)):
            continue
        if looks > _MOST_LOOKS:
            break
        blames = tuple(_blames(failure, every))
        looks += 1 + every.found + len(every.reading.topology.services)
        named = {(one.service, one.kind, one.variable, one.path, one.line) for one in blames if one.variable}
        if failure.host or not named or not named <= told:
            told.update((where, (*where, failure.kind), *named))
            found += blames
    return tuple(sorted(found, key=lambda one: one.log_line))


def service_names(project: Project) -> Callable[[str], str | None]:
    """A function from a container's name, as logs show it (`web-1`, `web_1`, `shop-web-1`, `web-run-3f2a`, a
    container_name, Swarm's `shop_web.1.x@node`), to its service; None for other words."""
    services = {**project.inactive, **project.services}
    known = {service.container_name: name for name, service in services.items() if service.container_name}
    known.update({name: name for name in services})

    def service_of(name: str) -> str | None:
        for prefix in ("", f"{project.name}-", f"{project.name}_"):
            rest = name.removeprefix(prefix)
            replica = re.sub(r"[-_]run[-_][0-9a-f]+$|[-_]\d+$|\.\d+\.\w+(?:@\S+)?$", "", rest)
            if rest in known or replica in known:
                return known.get(rest) or known[replica]
        return None

    return service_of


def _blames(failure: Failure, every: Destinations) -> Iterator[Blame]:
    if failure.building:
        yield _blame(failure, of_build())
        return
    sentences = Sentences(failure, every)
    found = suspects(failure, every.of(failure.service), every.reading)
    seen: set[tuple[object, ...]] = set()
    for destination in found:
        reference = destination.reference
        assert reference is not None  # suspects have one
        if (reference.path, reference.start) not in seen:
            seen.add((reference.path, reference.start))
            many = len({(one.path, one.line) for one in found})
            yield from _of_suspect(sentences, destination, reference, many)
    if not found:
        yield from _without_suspect(failure, sentences, every)


def _of_suspect(sentences: Sentences, destination: Destination, reference: Reference, many: int) -> Iterator[Blame]:
    failure, every = sentences.failure, sentences.every
    replacement, explanation = sentences.of_suspect(destination, reference, many)
    choice = answered(failure, destination, every.reading)
    yield _named(failure, reference, replacement, explanation)._replace(choice=choice)
    along = together(reference, every.plan.references) if reference.decision == "rewrite" else ()
    for other in choice.outcome if choice is not None else along:
        if (other.path, other.start) != (reference.path, reference.start):
            yield _named(failure, other, other.replacement, f"it changes with {reference.variable}")


def _without_suspect(failure: Failure, sentences: Sentences, every: Destinations) -> Iterator[Blame]:
    """What is likeliest where no variable that can be repaired says the address."""
    host = failure.host
    own = every.of(failure.service) if failure.service else ()
    if failure.kind == "unresolved" and host is None:
        doubted = {one.host: one for one in doubtful(own, failure.service, every.reading)}
        for one in doubted.values():
            replacement, explanation = Sentences(failure._replace(host=one.host), every).of_name(one.host, True)
            said = f"the log does not say which name; {one.host} can be it: {explanation}"
            yield _placed(failure, one, replacement, said)
        if not doubted:
            yield _blame(failure, NO_NAME)
    elif host is None or is_loopback(host):
        default = _default(failure, every)
        yield _of_default(failure, default) if default is not None else _blame(failure, sentences.of_loopback())
    elif failure.kind == "unresolved" or _is_nobodys(host, every):
        saying = {(one.path, one.line): one for one in own if one.host.lower() == host.lower()}
        for one in saying.values():
            yield _placed(failure, one, *sentences.of_name(host, True))
        if not saying:
            said = sentences.of_name(host, False)[1] if failure.kind == "unresolved" else sentences.of_server(host)
            yield _blame(failure, said)
    else:
        yield _blame(failure, sentences.of_server(host))


def _default(failure: Failure, every: Destinations) -> Default | None:
    """The default in the service's own code that says the port, where its container is not given the variable."""
    service, port = failure.service, failure.port
    if every.code is None or service not in every.reading.topology.services or failure.host is None or port is None:
        return None
    own_port = every.reading.ports.listens(service, port) and not every.reading.ports.by_published.get(port)
    every.sought += not own_port
    if own_port or every.sought > _MOST_SOUGHT:
        return None
    return default_for(every.code, every.reading, service, port, every.defaults)


def _of_default(failure: Failure, default: Default) -> Blame:
    value = f": {default.replacement}" if default.replacement else ""
    serves = f"; {default.endpoint.detail}" if default.endpoint is not None else ""
    said = (
        f"the code of {failure.service} has {default.address} as the default of {default.variable}, which its "
        f"container is not given: set {default.variable}{value} in `environment:` of {failure.service}{serves}"
    )
    return _blame(failure, said)._replace(
        variable=default.variable,
        path=default.path,
        line=default.line,
        replacement=default.replacement,
        evidence=(Evidence(default.path, default.line, "default"),),
    )


def _said_of_a_name(failure: Failure, every: Destinations) -> Failure:
    """The failure; as one of an unknown name where all that is said is that a program could not connect, and nobody
    bears the name that it says."""
    host = failure.host
    if failure.sure or failure.kind != "refused" or host is None or is_loopback(host) or not _is_nobodys(host, every):
        return failure
    return failure._replace(kind="unresolved")


def _is_nobodys(host: str, every: Destinations) -> bool:
    """Whether a name can only be one that has no address here, whatever the client says of it."""
    return "." not in host and ":" not in host and every.reading.topology.bearer(host) is None


def _named(failure: Failure, reference: Reference, replacement: str | None, explanation: str) -> Blame:
    return _blame(failure, explanation)._replace(
        variable=reference.variable,
        path=reference.path,
        line=reference.line,
        replacement=replacement,
        evidence=reference.evidence,
        reference=reference,
    )


def _placed(failure: Failure, one: Destination, replacement: str | None, explanation: str) -> Blame:
    return _blame(failure, explanation)._replace(
        variable=one.written, path=one.path, line=one.line, replacement=replacement
    )


def _blame(failure: Failure, explanation: str) -> Blame:
    return Blame(
        failure.service, address_of(failure), failure.kind, failure.log_line, None, None, None, None, explanation
    )


def address_of(failure: Failure) -> str | None:
    """`host:port` or the host alone, an IPv6 address in brackets; None where the log names none."""
    if failure.host is None:
        return None
    host = f"[{failure.host}]" if ":" in failure.host else failure.host
    return f"{host}:{failure.port}" if failure.port is not None else host
