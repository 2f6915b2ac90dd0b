"""The way back (`--to host`): what does a program outside the containers need this address to be?

A service's name becomes `localhost` with the published port. Who reads the variable does not matter here: the file is
being made for a program on the host.
"""

from collections.abc import Iterator, Sequence

from envfix.addresses import Address
from envfix.envfile import Binding
from envfix.knowledge.names import name_says, port_names
from envfix.knowledge.schemes import scheme_of
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.project.ports import Endpoint, Ports
from envfix.project.provenance import Leaf, Text
from envfix.project.publications import Publication
from envfix.project.uses import Reading
from envfix.records import Choice, Reference
from envfix.resolver.case import port_in_words
from envfix.resolver.pins import pinned_to_stay
from envfix.resolver.places import span_at
from envfix.resolver.rewrite import Decided, each_once, reference_at, rewritten
from envfix.settings import Settings

HOST = "localhost"
_MOST_BEARERS, _MOST_CHOICES = 100, 20  # services of one name that are looked at, and that are told


class PortDigits(NamedTuple):
    """Where the port of an address is written: the place of its digits and their number (None where there are none),
    and whether it stands right behind the host."""

    number: int | None = None
    leaf: Leaf | None = None
    length: int = 0
    joined: bool = False


class NamedAddress(NamedTuple):
    """An address that names `service`: the place of its host, its port, the port that it means inside, and the one that
    leads there from outside (None where nothing does) on `at`, an address of the machine."""

    leaf: Leaf
    address: Address
    port: PortDigits
    service: str
    inside: int | None
    outside: int | None
    at: str = HOST


def decide_to_host(reading: Reading, paths: Sequence[str], settings: Settings) -> list[Decided]:
    """Every address of the files that names a service, with what it is from outside."""
    found = [one for path in paths for named in _of_file(reading, path) for one in _decide(reading, named, settings)]
    return sorted(each_once(found), key=lambda one: (paths.index(one.path), one.reference.start))


def _of_file(reading: Reading, path: str) -> Iterator[list[NamedAddress]]:
    """The addresses of the file, each as all services that bear its name."""
    topology, ports = reading.topology, reading.ports
    for number, binding in enumerate(reading.documents[path].bindings):
        text = reading.texts.binding(path, number, 0, inside=False)
        for address in reading.addresses(text) if binding.value is not None else ():
            host = text.locate(address.start, address.end)
            services = topology.bearers(address.host)[:_MOST_BEARERS]
            if host is None or not services or host.leaf.path != path or not _is_address(address, binding):
                continue
            port = _port_of(reading, path, text, address, binding.name)
            yield [_named(ports, host.leaf, address, port, service) for service in services]


def _named(ports: Ports, leaf: Leaf, address: Address, port: PortDigits, service: str) -> NamedAddress:
    inside = port.number or _usual_port(ports, service, address)
    outside = _published(ports, service, inside) if inside else None
    at = HOST if outside is None or outside.answers(HOST) or not outside.host_ip else outside.host_ip
    return NamedAddress(leaf, address, port, service, inside, outside.published if outside else None, at)


def _is_address(address: Address, binding: Binding) -> bool:
    says = name_says(binding.name)
    if address.kind != "name" or address.refusal or says.listens:  # a server's own listeners are dialled by nobody
        return False
    return address.dialect != "host" or says.names_a_host


def _decide(reading: Reading, every: list[NamedAddress], settings: Settings) -> Iterator[Decided]:
    named = next((one for one in every if one.outside is not None), every[0])
    document = reading.documents[named.leaf.path]
    stays = pinned_to_stay(document.bindings[named.leaf.binding], settings, document.path)
    reference = _reference(reading, named.leaf, _length(named))
    if stays or named.outside is None:
        digits = named.port.leaf if named.port.number is not None else named.leaf
        told = port_in_words(reading, named.leaf, digits, named.inside) if named.inside and digits else "its port"
        what = f"{named.service} does not publish {told}"
        why = stays or f"{what}, so nothing outside the containers reaches it"
        kept = reference._replace(reason="pinned" if stays else "unpublished", explanation=why)
        yield Decided(kept, (), named.leaf.path, named.leaf.binding)
        return
    if len(every) > 1:
        choices = tuple(
            Choice(_written(one), one.service, one.inside, f"{one.service} publishes {one.outside}:{one.inside}")
            for one in every
            if one.outside is not None
        )[:_MOST_CHOICES]
        more = [f"{len(every) - _MOST_CHOICES} more"] if len(every) > _MOST_CHOICES else []
        why = f"{named.address.host} is a name of {' and '.join([one.service for one in every][:_MOST_CHOICES] + more)}"
        asked = reference._replace(decision="ask", reason="ambiguous", explanation=why, choices=choices)
        yield Decided(asked, (), named.leaf.path, named.leaf.binding)
        return
    why = f"{named.service} publishes {named.outside}:{named.inside}"
    reference = reference._replace(reason="published", explanation=why)
    port = named.port
    if port.leaf is None or port.joined or port.number == named.outside:
        yield _changed(reference, named, named.leaf, _written(named))
        return
    why = f"the port by which {named.service} is reached from outside"
    beside = _reference(reading, port.leaf, port.length)
    beside = beside._replace(reason="sibling", explanation=why, link=(beside.path, beside.start))
    yield _changed(reference._replace(link=beside.link), named, named.leaf, _written(named))
    yield _changed(beside, named, port.leaf, str(named.outside))


def _changed(reference: Reference, named: NamedAddress, leaf: Leaf, replacement: str) -> Decided:
    endpoint = Endpoint(named.service, named.inside or 0, named.outside, "published", "")
    return Decided(rewritten(reference, replacement, endpoint), (), leaf.path, leaf.binding)


def _written(named: NamedAddress) -> str:
    outside, at = named.outside, f"[{named.at}]" if ":" in named.at else named.at
    if named.port.joined:
        return f"{at}:{outside}"
    scheme = scheme_of(named.address.scheme)
    usual = scheme.port if scheme else None
    return f"{at}:{outside}" if named.port.leaf is None and usual not in (None, outside) else at


def _length(named: NamedAddress) -> int:
    address = named.address
    end = address.port_end if named.port.joined and address.port_end is not None else address.end
    return end - address.start


def _port_of(reading: Reading, path: str, text: Text, address: Address, name: str) -> PortDigits:
    if address.port is not None and address.port_start is not None and address.port_end is not None:
        run = text.locate(address.port_start, address.port_end)
        together = address.port_start == address.end + 1 and text.locate(address.start, address.port_end) is not None
        return PortDigits(address.port, run.leaf if run else None, address.port_end - address.port_start, together)
    last = reading.texts.last[path]
    for beside in port_names(name):
        if beside in last:
            port = reading.texts.binding(path, last[beside], 0, inside=False)
            number = port_number(port.value)
            run = port.locate(0, len(port.value)) if number is not None else None
            if run is not None and run.leaf.binding >= 0:
                return PortDigits(number, run.leaf, len(port.value))
    return PortDigits()


def _usual_port(ports: Ports, service: str, address: Address) -> int | None:
    scheme = scheme_of(address.scheme)
    if scheme is not None and scheme.port is not None:
        return scheme.port
    image = ports.image(service)
    return next(iter(image.ports), None) if image is not None else None


def _published(ports: Ports, service: str, inside: int) -> Publication | None:
    """What leads from the machine to the service's port; for Kafka the advertised listener that is for outside."""
    image = ports.image(service)
    if image is not None and image.kind == "kafka":
        doors = ports.doors(service)
        for listener in ports.advertised(service):
            if listener.host in (HOST, "127.0.0.1") and listener.port in doors:
                return doors[listener.port]
    return ports.leading_to(service, inside)


def _reference(reading: Reading, leaf: Leaf, length: int) -> Reference:
    document = reading.documents[leaf.path]
    binding = document.bindings[leaf.binding]
    return reference_at(document, binding, *span_at(binding, leaf.offset, length))
