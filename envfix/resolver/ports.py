"""What happens to the port that belongs to a host that changes?

A port stands behind its host (`localhost:5433`), apart in the same value (`host=... port=...`), in another binding
(`DB_PORT`), or nowhere. Host and port change together or not at all.
"""

from typing import NamedTuple

from envfix.addresses import Address
from envfix.knowledge.schemes import scheme_of
from envfix.project.ports import Endpoint
from envfix.project.provenance import Run
from envfix.project.uses import Found, Reading
from envfix.resolver.beforehand import Scope, pinned_to_stay
from envfix.resolver.case import port_of
from envfix.resolver.places import is_tight


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


def written(host: str, address: Address, endpoint: Endpoint, port_place: PortPlace) -> str:
    """What stands in the address's place after the rewrite: `host:port` where a port stood behind it, the bare host
    where none did, unless the target's port is not the scheme's default."""
    if port_place.joined is not None:
        return f"{host}{port_place.joined}{endpoint.container_port}"
    scheme = scheme_of(address.scheme) if port_place.number is None else None
    if scheme is not None and scheme.port not in (None, endpoint.container_port):
        return f"{host}:{endpoint.container_port}"
    return host


def obstacle(reading: Reading, port_place: PortPlace, scope: Scope) -> str:
    """Why the port, standing apart, cannot change with its host; "" if it can."""
    name = port_place.name or "the port"
    if port_place.run is None:
        return f"{name} comes from outside the env file"
    leaf = port_place.run.leaf
    if leaf.binding < 0:
        return f"{name} is written in the compose file"
    if leaf.path not in scope.paths:
        return f"{name} stands in another env file"
    document = reading.documents[leaf.path]
    pinned = pinned_to_stay(document.bindings[leaf.binding], scope.settings, document.path)
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
