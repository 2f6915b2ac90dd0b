"""The way back (`--to host`): what does a program outside the containers need this address to be?

A service's name becomes `localhost` with the published port. Who reads the variable does not matter here: the file is
being made for a program on the host.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from envfix.addresses import Address
from envfix.envfile import Binding, column
from envfix.knowledge.names import name_says, port_names
from envfix.knowledge.schemes import scheme_of
from envfix.readers import Reading
from envfix.records import Reference
from envfix.resolver.beforehand import pinned_to_stay
from envfix.resolver.reporting import Decided
from envfix.settings import Settings
from envfix.targets import Topology
from envfix.texts import Leaf

HOST = "localhost"


class Stand(NamedTuple):
    """Where a port is written: the leaf of its digits, their number, and whether it stands right behind the host."""

    number: int | None
    leaf: Leaf | None
    length: int
    joined: bool


def decide_to_host(reading: Reading, paths: Sequence[str], settings: Settings) -> list[Decided]:
    """Every address of the files that names a service, with what it is from outside."""
    found: dict[tuple[str, int, int], Decided] = {}
    for path in paths:
        for one in _of_file(reading, path, settings):
            key = (one.reference.path, one.reference.start, one.reference.end)
            found.setdefault(key, one)
    return sorted(found.values(), key=lambda one: (paths.index(one.path), one.reference.start))


def _of_file(reading: Reading, path: str, settings: Settings) -> Iterator[Decided]:
    for index, binding in enumerate(reading.documents[path].bindings):
        if binding.value is None:
            continue
        text = reading.texts.binding(path, index, 0, inside=False)
        for address in reading.addresses(text):
            host = text.locate(address.start, address.end)
            if host is None or host.leaf.path != path or host.leaf.binding < 0 or not _is_address(address, binding):
                continue
            yield from _one(reading, host.leaf, address, binding, settings)


def _is_address(address: Address, binding: Binding) -> bool:
    if address.kind != "name" or address.refusal:
        return False
    return address.dialect != "host" or name_says(binding.name).names_a_host


def _one(reading: Reading, leaf: Leaf, address: Address, binding: Binding, settings: Settings) -> Iterator[Decided]:
    topology = reading.topology
    service = topology.names.get(address.host)
    if service is None:
        return
    stand = _stand(reading, leaf, address, binding)
    inside = stand.number or _usual_port(topology, service, address)
    outside = _published(topology, service, inside) if inside else None
    owner = reading.documents[leaf.path].bindings[leaf.binding]
    stays = pinned_to_stay(owner, settings, reading.documents[leaf.path].path)
    if outside is None or stays:
        why = (
            stays or f"{service} does not publish {inside or 'its port'}, so nothing outside the containers reaches it"
        )
        yield _decided(
            reading,
            leaf,
            address,
            stand,
            "keep",
            "pinned" if stays else "unpublished",
            why,
            None,
            service,
            None,
            inside,
        )
        return
    why = f"{service} publishes {outside}:{inside}"
    yield _decided(
        reading,
        leaf,
        address,
        stand,
        "rewrite",
        "published",
        why,
        _written(address, stand, outside),
        service,
        outside,
        inside,
    )
    if stand.leaf is not None and not stand.joined and stand.number != outside:
        yield _port(reading, stand, service, outside, inside)


def _written(address: Address, stand: Stand, outside: int) -> str:
    if stand.joined:
        return f"{HOST}:{outside}"
    scheme = scheme_of(address.scheme)
    usual = scheme.port if scheme else None
    if stand.leaf is None and usual is not None and usual != outside:
        return f"{HOST}:{outside}"
    return HOST


def _stand(reading: Reading, leaf: Leaf, address: Address, binding: Binding) -> Stand:
    text = reading.texts.binding(leaf.path, _index_of(reading, leaf.path, binding), 0, inside=False)
    if address.port is not None and address.port_start is not None and address.port_end is not None:
        run = text.locate(address.port_start, address.port_end)
        joined = address.port_start == address.end + 1 and text.locate(address.start, address.port_end) is not None
        return Stand(address.port, run.leaf if run else None, address.port_end - address.port_start, joined)
    last = reading.texts.last[leaf.path]
    for name in port_names(binding.name):
        if name in last:
            port = reading.texts.binding(leaf.path, last[name], 0, inside=False)
            run = port.locate(0, len(port.value)) if port.value.isdigit() else None
            if run is not None and run.leaf.binding >= 0 and 0 < int(port.value) < 65536:
                return Stand(int(port.value), run.leaf, len(port.value), False)
    return Stand(None, None, 0, False)


def _index_of(reading: Reading, path: str, binding: Binding) -> int:
    bindings = reading.documents[path].bindings
    low, high = 0, len(bindings)
    while low < high:
        middle = (low + high) // 2
        if bindings[middle].start < binding.start:
            low = middle + 1
        else:
            high = middle
    return low


def _usual_port(topology: Topology, service: str, address: Address) -> int | None:
    scheme = scheme_of(address.scheme)
    if scheme is not None and scheme.port is not None:
        return scheme.port
    image = topology.image(service)
    return image.ports[0] if image is not None and image.ports else None


def _published(topology: Topology, service: str, inside: int) -> int | None:
    """The port of the host that leads to the service's port; for Kafka the advertised listener that is meant for
    outside."""
    published = topology.published(service)
    image = topology.image(service)
    if image is not None and image.kind == "kafka":
        for listener in topology.advertised(service):
            if listener.host in (HOST, "127.0.0.1") and listener.port in published:
                return listener.port
    for number, target in published.items():
        if target == inside:
            return number
    return inside if inside in published else None


def _decided(
    reading: Reading, leaf: Leaf, address: Address, stand: Stand, decision: str, reason: str, why: str,
    replacement: str | None, service: str, outside: int | None, inside: int | None,
) -> Decided:  # fmt: skip
    length = address.end - address.start
    if stand.joined and address.port_end is not None:
        length = address.port_end - address.start
    kept = decision == "keep"
    reference = _reference(reading, leaf, length)._replace(
        decision=decision,
        reason=reason,
        replacement=replacement,
        service=None if kept else service,
        published_port=outside,
        container_port=None if kept else inside,
        explanation=why,
    )
    edits = ((reference.start, reference.end, replacement),) if replacement is not None else ()
    return Decided(reference, edits, leaf.path, leaf.binding)


def _port(reading: Reading, stand: Stand, service: str, outside: int, inside: int | None) -> Decided:
    assert stand.leaf is not None
    reference = _reference(reading, stand.leaf, stand.length)._replace(
        decision="rewrite",
        reason="sibling",
        replacement=str(outside),
        service=service,
        published_port=outside,
        container_port=inside,
        explanation=f"the port by which {service} is reached from outside",
    )
    return Decided(reference, ((reference.start, reference.end, str(outside)),), stand.leaf.path, stand.leaf.binding)


def _reference(reading: Reading, leaf: Leaf, length: int) -> Reference:
    document = reading.documents[leaf.path]
    binding = document.bindings[leaf.binding]
    start, end = binding.at(leaf.offset), binding.at(leaf.offset + length - 1) + 1
    return Reference(
        path=document.path,
        line=binding.line + document.text.count("\n", binding.start, start),
        column=column(document.text, start),
        variable=binding.name,
        address=document.text[start:end],
        decision="keep",
        reason="unpublished",
        start=start,
        end=end,
    )
