"""Does the network agree with a decision? Each reason code claims who is reached from where; here it is tried.

Nothing in this file asks envfix. A claim is held against connections made from inside the reading containers and from
the engine's host, and against what the engine says of its containers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from .command import Decision
from .compose import Attempt, Container, Stack

OUTSIDE = ""  # stands for a program on the engine's host, where a service's name would stand


class Network:
    """What a started stack's network answers. Each container is entered once, for all that is tried in it."""

    def __init__(self, stack: Stack, decisions: Iterable[Decision]) -> None:
        self.containers = stack.containers()
        wanted: dict[str, dict[str, None]] = defaultdict(dict)
        for decision in decisions:
            for place in (OUTSIDE, *decision.readers):
                wanted[place].update(dict.fromkeys(self.candidates(decision, place)))
        self.tried: dict[tuple[str, str], Attempt] = {}
        for place, addresses in wanted.items():
            if place == OUTSIDE or place in self.containers:
                found = stack.probe(place, *addresses) if place else stack.probe_outside(*addresses)
                self.tried.update({(place, attempt.address): attempt for attempt in found})

    def candidates(self, decision: Decision, place: str) -> Iterator[str]:
        """The addresses worth trying: the old one, the new one, and the old port at every service by name and by IP."""
        if decision.before is None:
            return
        yield decision.before
        yield from filter(None, [decision.after])
        yield from (choice_address(choice, decision) for choice in decision.choices)
        if place == OUTSIDE:
            return
        port = int(decision.before.rpartition(":")[2])
        for container in self.containers.values():
            for inside in {port, container.published.get(port, port)}:
                yield f"{container.service}:{inside}"
                yield from (f"{address}:{inside}" for address in container.addresses)

    def connects(self, place: str, address: str) -> bool:
        return self.tried[place, address].outcome == "connected"

    def reaches(self, reader: str, address: str, service: str) -> bool:
        """The address, tried from the reader, leads into the service's own network namespace."""
        attempt = self.tried[reader, address]
        if service not in self.containers:
            return False
        namespace = self.containers[service].namespace
        owners = [other for other in self.containers.values() if other.namespace == namespace or other.id == namespace]
        return attempt.outcome == "connected" and any(attempt.peer in owner.addresses for owner in owners)

    def shared(self, *services: str) -> bool:
        """The services' containers are up, and use one network namespace."""
        return len({self.containers[name].namespace if name in self.containers else name for name in services}) == 1

    def publisher(self, port: int) -> Container | None:
        """The container that the engine lets answer on this port of the host."""
        return next((found for found in self.containers.values() if port in found.published), None)


def choice_address(choice: str, decision: Decision) -> str:
    host, _, port = choice.partition(":")
    return f"{host}:{port or decision.container_port}"


def contradictions(network: Network, decisions: Iterable[Decision]) -> list[str]:
    """A sentence for each claim of a decision that the network contradicts."""
    return [f"{decision.variable} {sentence}" for decision in decisions for sentence in objections(network, decision)]


def unsettled(network: Network, decision: Decision, outside: bool = False) -> bool:
    """No one value connects from every reader, nor, if `outside` wants it too, from there."""
    places = [*decision.readers, *[OUTSIDE] * outside]
    values = [str(decision.before), *(choice_address(choice, decision) for choice in decision.choices)]
    return not any(all(network.connects(place, value) for place in places) for value in values)


def objections(network: Network, decision: Decision) -> Iterator[str]:
    if decision.before is None or decision.decision == "ask":
        return  # a port variable is judged with its host; an ask claims nothing that holds for all (see `unsettled`)
    claim = CLAIMS.get(decision.decision) or CLAIMS.get(decision.reason)
    if claim is None:
        yield f"has a reason that nothing here can try: {decision.reason}"
    else:
        yield from claim(network, decision, decision.before)


def rewritten(network: Network, decision: Decision, before: str) -> Iterator[str]:
    """The old address reaches nothing from the readers, the new one the named service."""
    after, service = str(decision.after), str(decision.service)
    for reader in decision.readers:
        if network.connects(reader, before):
            yield f"is rewritten, but {before} connects from {reader} as it is"
        if not network.reaches(reader, after, service):
            yield f"is rewritten to {after}, which {reader} does not reach: {network.tried[reader, after].outcome}"
    if decision.reason == "published":
        found = network.publisher(int(decision.published_port or 0))
        if found is None or not network.shared(found.service, service):
            yield f"is said to be published by {service}, which the engine does not know of"


def its_own(network: Network, decision: Decision, before: str) -> Iterator[str]:
    """The address answers from inside every reader."""
    for reader in decision.readers:
        if not network.connects(reader, before):
            yield f"stays as {decision.reason}, but nothing answers {before} in {reader}"


def on_host_network(network: Network, decision: Decision, before: str) -> Iterator[str]:
    yield from its_own(network, decision, before)
    for reader in decision.readers:
        if network.containers[reader].namespace != "host":
            yield f"stays as host-network, but {reader} has a network of its own"


def cut_off(network: Network, decision: Decision, _: str) -> Iterator[str]:
    """No reader reaches the port: neither at loopback, nor at any service's name or IP."""
    for reader in decision.readers:
        for address in network.candidates(decision, reader):
            if network.connects(reader, address):
                yield f"stays as {decision.reason}, but {reader} reaches {address}"


def unreachable(network: Network, decision: Decision, before: str) -> Iterator[str]:
    """Cut off, though some service of the project does publish the port."""
    yield from cut_off(network, decision, before)
    if network.publisher(int(before.rpartition(":")[2])) is None:
        yield "stays as unreachable, but no container publishes the port"


def unread(network: Network, decision: Decision, _: str) -> Iterator[str]:
    for container in network.containers.values():
        if decision.variable in container.environment:
            yield f"stays as {decision.reason}, but is in {container.service}'s environment"


def for_outside(network: Network, decision: Decision, before: str) -> Iterator[str]:
    """The address answers outside, where browsers are."""
    if not network.connects(OUTSIDE, before):
        yield f"stays as {decision.reason}, but nothing answers {before} on the host"


def nothing_to_try(*_: object) -> Iterator[str]:
    yield from ()


CLAIMS: dict[str, Callable[[Network, Decision, str], Iterator[str]]] = {
    "rewrite": rewritten,
    "self": its_own,
    "bind": its_own,
    "host-network": on_host_network,
    "unreachable": unreachable,
    "no-target": cut_off,
    "unread": unread,
    "infrastructure": unread,
    "browser": for_outside,
    "default": for_outside,
    "not-an-address": nothing_to_try,
}
