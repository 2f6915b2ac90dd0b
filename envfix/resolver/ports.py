"""What happens to the port that belongs to a host that changes?

A port stands behind its host (`localhost:5433`), apart in the same value (`host=... port=...`), in another binding
(`DB_PORT`), or nowhere. Host and port change together or not at all.
"""

from typing import NamedTuple

from envfix.addresses import Address
from envfix.knowledge.schemes import scheme_of
from envfix.readers import Found, Reading
from envfix.resolver.beforehand import Judged, pinned_to_stay
from envfix.resolver.cases import port_of
from envfix.resolver.spots import is_tight
from envfix.targets import Served
from envfix.texts import Run


class PortPlace(NamedTuple):
    """Where the port of an address stands: `joined` is the text between host and port where they stand together (":"),
    else None; `run` the place of the digits, None where there is none that could be changed; `number` the port; `name`
    the variable that holds it."""

    number: int | None
    joined: str | None
    run: Run | None
    name: str = ""

    def moves_to(self, port: int) -> bool:
        """Whether digits apart from the host must become `port`."""
        return self.joined is None and self.run is not None and self.number != port


def place_of(reading: Reading, found: Found) -> PortPlace:
    """Where the port that goes with this address is written."""
    address, text = found.address, found.use.text
    if address.port is not None and address.port_start is not None and address.port_end is not None:
        run = text.locate(address.port_start, address.port_end)
        between = text.value[address.end : address.port_start] if address.port_start > address.end else ""
        together = is_tight(between) and text.locate(address.start, address.port_end) is not None
        return PortPlace(address.port, between if together else None, run)
    port = port_of(reading, found)
    if port.origin == "sibling" and port.text is not None:
        blanks = len(port.text.value) - len(port.text.value.lstrip())
        digits = len(port.text.value.strip())
        return PortPlace(port.number, None, port.text.locate(blanks, blanks + digits), port.name)
    return PortPlace(None, None, None)


def written(host: str, address: Address, served: Served, place: PortPlace) -> str:
    """What stands in the address's place after the rewrite: `host:port` where a port stood behind it, the bare host
    where none did, unless the target's port is not the scheme's default."""
    if place.joined is not None:
        return f"{host}{place.joined}{served.container_port}"
    scheme = scheme_of(address.scheme) if place.number is None else None
    if scheme is not None and scheme.port not in (None, served.container_port):
        return f"{host}:{served.container_port}"
    return host


def obstacle(reading: Reading, place: PortPlace, judged: Judged) -> str:
    """Why the port, standing apart, cannot change with its host; "" if it can."""
    name = place.name or "the port"
    if place.run is None:
        return f"{name} comes from outside the env file"
    leaf = place.run.leaf
    if leaf.binding < 0:
        return f"{name} is written in the compose file"
    if leaf.path not in judged.paths:
        return f"{name} stands in another env file"
    document = reading.documents[leaf.path]
    pinned = pinned_to_stay(document.bindings[leaf.binding], judged.settings, document.path)
    if pinned:
        return f"{name} stays, since {pinned}"
    uses = reading.infrastructure.get((leaf.path, leaf.binding), ())
    feeds = next((use for use in uses if use.place[:1] == ("ports",)), None)
    if feeds is None:
        return ""
    holder = reading.documents[leaf.path].bindings[leaf.binding].name
    return (
        f"{holder} also feeds ports: of {feeds.service}, which would publish another port; "
        f"give the container a variable of its own for the port"
    )
