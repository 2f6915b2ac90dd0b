"""What happens to the port that belongs to a host that changes?

A port stands behind its host (`localhost:5433`), apart in the same value (`host=... port=...`), in another binding
(`DB_PORT`), or nowhere. Host and port change together or not at all.
"""

from __future__ import annotations

from typing import NamedTuple

from envfix.addresses import Address
from envfix.knowledge.schemes import scheme_of
from envfix.readers import Found, Reading
from envfix.resolver.needs import port_of
from envfix.targets import Served
from envfix.texts import Leaf, Run


class PortPlace(NamedTuple):
    """Where the port of an address stands: `joined` is the text between host and port where they stand together (":"),
    else None; `run` the place of the digits, None where there is none that could be changed; `number` the port."""

    number: int | None
    joined: str | None
    run: Run | None
    name: str = ""


def place_of(reading: Reading, found: Found) -> PortPlace:
    """Where the port that goes with this address is written."""
    address, text = found.address, found.use.text
    if address.port is not None and address.port_start is not None and address.port_end is not None:
        run = text.locate(address.port_start, address.port_end)
        between = text.value[address.end : address.port_start] if address.port_start > address.end else ""
        whole = text.locate(address.start, address.port_end) if between else None
        joined = (
            between if whole is not None and len(between) <= 5 and not between.isalnum() and _tight(between) else None
        )
        return PortPlace(address.port, joined, run)
    port = port_of(reading, found)
    if port.origin == "sibling" and port.text is not None:
        blanks = len(port.text.value) - len(port.text.value.lstrip())
        digits = len(port.text.value.strip())
        return PortPlace(port.number, None, port.text.locate(blanks, blanks + digits), port.name)
    return PortPlace(None, None, None)


def _tight(between: str) -> bool:
    return between in (":", ",") or between.lower().startswith("%")


def written(host: str, address: Address, served: Served, place: PortPlace) -> str:
    """What stands in the address's place after the rewrite: `host:port` where a port stood behind it, the bare host where
    none did, unless the target's port is not the scheme's default."""
    if place.joined is not None:
        return f"{host}{place.joined}{served.container_port}"
    if place.number is None:
        scheme = scheme_of(address.scheme)
        if scheme is not None and scheme.port is not None and scheme.port != served.container_port:
            return f"{host}:{served.container_port}"
    return host


def obstacle(reading: Reading, place: PortPlace, judged: frozenset[str]) -> str:
    """Why the port, standing apart, cannot change with its host; "" if it can."""
    run = place.run
    name = place.name or "the port"
    if run is None:
        return f"{name} comes from outside the env file"
    leaf: Leaf = run.leaf
    if leaf.index < 0:
        return f"{name} is written in the compose file"
    if leaf.path not in judged:
        return f"{name} stands in another env file"
    feeds = [use for use in reading.infrastructure.get((leaf.path, leaf.index), ()) if use.place[:1] == ("ports",)]
    if feeds:
        written_name = reading.documents[leaf.path].bindings[leaf.index].name
        return (
            f"{written_name} also feeds ports: of {feeds[0].service}, which would publish another port; "
            f"give the container a variable of its own for the port"
        )
    return ""
