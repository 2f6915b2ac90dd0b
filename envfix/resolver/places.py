"""The places of an env file where an address is written, and its port."""

from collections.abc import Collection, Iterator, Sequence

from envfix.addresses import Address
from envfix.envfile import Binding, EnvDocument
from envfix.named_tuples import NamedTuple
from envfix.project.bystanders import is_bystander
from envfix.project.classes import Members
from envfix.project.provenance import Run
from envfix.project.uses import Found, Reading, Use
from envfix.resolver.case import port_of
from envfix.settings import Settings
from envfix.shell_patterns import Names
from envfix.source import Code


class Scope(NamedTuple):
    """What is judged: the documents by the path that the project knows them by, and whether host.docker.internal is to
    be repaired too; `code` is what the source of the services says, None where it is not asked, `explained` names the
    variables (shell patterns) of which it is shown whatever is decided; `reasons`: references hold their reasoning."""

    paths: Sequence[str]
    settings: Settings
    host_gateway: bool = False
    code: Code | None = None
    explained: Names = Names()
    reasons: bool = True

    def explains(self, name: str) -> bool:
        """Whether the variable is one of those to be explained."""
        return self.explained.first(name) is not None


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


class Place(NamedTuple):
    """A place in binding number `number` of the file at `path`, at `offset` of its value: `found` are its uses, `own`
    the address as the binding alone shows it."""

    path: str
    number: int
    offset: int
    own: Address
    binding: Binding
    found: tuple[Found, ...]


class Span(NamedTuple):
    """Where an address stands in its document; `joined` if its port is part of that."""

    start: int
    end: int
    joined: bool


def places(reading: Reading, path: str) -> Iterator[Place]:
    """Every address of the file, at the binding in which its host is written."""
    for number, binding in enumerate(reading.documents[path].bindings):
        if binding.value is None:
            continue
        text = reading.texts.binding(path, number, 0, inside=False)
        for address in reading.addresses(text):
            host = text.locate(address.start, address.end)
            if host is None or host.leaf.path != path or host.leaf.binding != number:
                continue
            offset = host.leaf.offset
            found = tuple(reading.by_leaf.get((path, number, -1, offset), ()))
            yield Place(path, number, offset, address, binding, found)


def standalone(reading: Reading, place: Place) -> Found:
    """The place as a use of its own, for one that no service has."""
    text = reading.texts.binding(place.path, place.number, 0, inside=False)
    host = text.locate(place.own.start, place.own.end)
    assert host is not None  # spots are found by it
    return Found(Use(Members(("",)), "unread", place.binding.name, (), text, None, 0), place.own, host)


def span_of(reading: Reading, place: Place) -> Span:
    """The span of the address in the document, its port included where it stands right behind in the same binding."""
    own, binding = place.own, place.binding
    length, joined = own.end - own.start, False
    if own.port_end is not None and port_stands_behind(reading, place):
        length, joined = own.port_end - own.start, True
    return Span(*span_at(binding, place.offset, length), joined)


def span_at(binding: Binding, offset: int, length: int) -> tuple[int, int]:
    """Where `length` characters of the value from `offset` on stand in the document."""
    return binding.at(offset), binding.at(offset + length - 1) + 1


def port_stands_behind(reading: Reading, place: Place) -> bool:
    """Whether host and port stand together in the binding itself."""
    own = place.own
    if own.port_start is None or own.port_end is None or own.port_start <= own.end:
        return False
    text = reading.texts.binding(place.path, place.number, 0, inside=False)
    return is_tight(text.value[own.end : own.port_start]) and text.locate(own.start, own.port_end) is not None


def is_tight(between: str) -> bool:
    """Whether the text between a host and its port joins them: a colon, SQL Server's comma, an encoded colon."""
    return between in (":", ",") or (between[:1] == "%" and between[-2:].lower() == "3a" and len(between) <= 7)


def line_of(document: EnvDocument, binding: Binding, start: int) -> int:
    """The line of a place of the binding, from 1."""
    return binding.line + document.text.count("\n", binding.start, start)


def _told_to(reading: Reading, place: Place, services: list[str]) -> Iterator[Found]:
    """The place as a use of services that compose does not hand it to: the user says that they read it."""
    found = standalone(reading, place)
    use = found.use._replace(way="configured", variable=place.binding.name)
    for members in reading.classes.of(reading.topology.services[name] for name in services):
        yield found._replace(use=use._replace(services=members))


def users(reading: Reading, place: Place, settings: Settings) -> list[Found]:
    """The uses that count: what the configuration says, else all but those of bystanders."""
    real = [found for found in place.found if found.use.way != "infrastructure"]
    chosen = settings.readers_of(place.binding.name)
    if chosen is not None:
        told = [one for found in real for one in _of_these(reading, found, chosen)]
        heard = frozenset().union(*(one.use.services for one in told))
        missing = [name for name in chosen if name not in heard and name in reading.topology.services]
        return [*told, *_told_to(reading, place, missing)]
    claimed = settings.env_files.get(place.path)
    if claimed is not None:
        other = [found for found in real if found.use.way != "interpolation"]
        named = {id(found): _of_these(reading, found, claimed) for found in other}
        return [one for found in real for one in named.get(id(found), [found])]
    return [found for found in real if not is_bystander(reading.ports, found)]


def _of_these(reading: Reading, found: Found, services: Collection[str]) -> list[Found]:
    """The use as one of these services alone; none where none of them has it."""
    others = frozenset(found.use.services) - frozenset(services)
    left = reading.classes.without(found.use.services, others)
    return [found._replace(use=found.use._replace(services=left))] if left else []


def port_place_of(reading: Reading, found: Found) -> PortPlace:
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
