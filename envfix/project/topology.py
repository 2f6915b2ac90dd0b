"""Who reaches whom, by which names, and does anything else answer to them?

A container asks its hosts file first, then its links, then its networks one after the other, in the order of their
names. The first that knows the name answers alone; where several containers bear it there, each of them does, in turn.
Letter case does not count, nor does a dot at the end, and `.NETWORK` behind a name asks that network only.

Sources: https://docs.docker.com/engine/network/#dns-services, and moby's libnetwork (`Sandbox.ResolveName`, `epHeap`,
`etchosts.Build`); what an engine answers is tried in tests/engine/test_names.py.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice

from envfix.compose.model import Project, Service
from envfix.compose.nodes import at_place_of, parted, together
from envfix.named_tuples import NamedTuple
from envfix.project.namespaces import BRIDGE, NAMELESS, Namespaces, Up, container_names
from envfix.shown import as_written, may_be_a_host

# What the engine writes into every hosts file (moby, libnetwork/etchosts).
_LOOPBACK_NAMES = frozenset({"localhost", "ip6-localhost", "ip6-loopback"})
_MOST_NAMES = 20  # of a service that are tried for a reader: one of the first does
_LONGEST_NAME = 253  # no longer one is ever asked for (RFC 1035, 2.3.4)
HOST_GATEWAY = "host-gateway"
"""What `extra_hosts` says for the machine itself (https://docs.docker.com/reference/cli/docker/container/run/)."""


class Attachment(NamedTuple):
    """A service on a network. `network` is the engine's name of it; `names` are those that the compose file gives the
    service there, in the order in which they are preferred; `defaults` those that Compose makes up from the project's
    name; `address` is the fixed one, "" where there is none."""

    service: str
    network: str
    names: tuple[str, ...]
    defaults: tuple[str, ...]
    address: str = ""


class Answer(NamedTuple):
    """What a name leads to in a container: `services` are those in whose namespace it ends, in turn where they are
    several, and () where it is none of the project's. `source` is "hosts" (the hosts file), "link", "network" or ""
    (nothing knows the name), `where` the network's name or the address that the hosts file has."""

    services: tuple[str, ...] = ()
    source: str = ""
    where: str = ""


class NamesKnown(frozenset[str]):
    """Names of one project, of which there may be a hundred thousand: as a part of a key they stand for themselves, and
    are not compared with the equal ones of another plan, name by name."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


class Topology(Namespaces):
    """The namespaces, networks and names of a project's services. Services are named by strings, names of the network
    are compared in lower case, and whatever is asked twice is answered alike."""

    def __init__(self, project: Project) -> None:
        super().__init__(project)
        self._all = Up(frozenset(self.services))
        self._linked: dict[str, Mapping[str, str]] = {}
        self._hosts_files: dict[str, Mapping[str, str]] = {}
        self._answered: dict[tuple[frozenset[str], str, str, Up], tuple[tuple[str, ...], str]] = {}
        self._asked: dict[str, tuple[tuple[str, str], ...]] = {}
        self._names: dict[tuple[object, str], tuple[str, ...]] = {}
        self._default_names: dict[tuple[object, str], tuple[str, ...]] = {}
        self._every: dict[tuple[object, str], frozenset[str]] = {}
        self._hosts: dict[tuple[object, str, tuple[frozenset[str], ...]], str | None] = {}
        self._known_as: dict[tuple[str, str], tuple[str, ...]] = {}

    # --- where a service stands

    def standing(self, name: str) -> tuple[object, ...]:
        """Everything that decides whom the service reaches, by which names: services that stand alike reach alike."""
        owner = self.services[self.owner(name)]
        return (self.networks(name), owner.network_mode, owner.hostname, owner.extra_hosts, owner.links)

    def networks(self, name: str) -> frozenset[str]:
        """The networks of the namespace that the service stands in, as the engine calls them."""
        return self._networks[self.owner(name)]

    @cached_property
    def _networks(self) -> dict[str, frozenset[str]]:
        return {name: frozenset(one.network for one in attachments) for name, attachments in self._attachments.items()}

    def attachments(self, name: str) -> tuple[Attachment, ...]:
        """The namespace's places on its networks, in the order in which the engine asks them."""
        return self._attachments[self.owner(name)]

    @cached_property
    def _attachments(self) -> dict[str, tuple[Attachment, ...]]:
        return {
            name: tuple(sorted(self._attached(service), key=lambda one: one.network))
            for name, service in self.services.items()
        }

    def _attached(self, service: Service) -> Iterator[Attachment]:
        given = tuple(filter(None, (service.container_name, service.hostname)))
        made_up = container_names(self.project.name, service)
        mode = service.network_mode
        if mode:
            # A container whose mode is the name of a network has no alias there.
            if ":" not in mode and mode not in NAMELESS:
                yield Attachment(service.name, mode, given, made_up)
            return
        joined: dict[str, list[str]] = {}
        addresses: dict[str, str] = {}
        for key, own in service.networks.items():
            network = self.network_name(key)
            joined.setdefault(network, []).extend(own)
            addresses.setdefault(network, _fixed_address(service, key))
        for network, aliases in joined.items():
            plain = [alias for alias in aliases if "_" not in alias] if "_" in service.name else []
            names = tuple(dict.fromkeys((*plain, service.name, *aliases, *given)))
            yield Attachment(service.name, network, names, made_up, addresses[network])

    def network_name(self, key: str) -> str:
        """The name by which the engine knows the network that compose files call `key`."""
        network = self.project.networks.get(key)
        return network["name"] if network else together(self.project.name, "_", key)

    def reaches(self, reader: str, target: str) -> bool:
        """Whether the reader can open a connection to a container of the target's namespace, another than its own."""
        if self.is_own(reader, target):
            return False
        return bool(self.networks(reader) & self.networks(target)) or self._is_linked(reader, target)

    def _is_linked(self, reader: str, target: str) -> bool:
        """Whether a link leads from one container on the engine's default bridge to another, the only way there."""
        return self.mode(reader) == self.mode(target) == BRIDGE and self.owner(target) in self._links(reader).values()

    def _links(self, reader: str) -> Mapping[str, str]:
        """The names that `links` give the reader's namespace, in lower case, each with its service."""
        owner = self.owner(reader)
        if owner not in self._linked:
            found: dict[str, str] = {}
            for link in self.services[owner].links:
                target, _, alias = parted(link, ":")
                if target in self.services:
                    found[_lower(alias or target)] = self.owner(target)
            self._linked[owner] = found
        return self._linked[owner]

    # --- what a name leads to

    def answer(self, reader: str, name: str, *also: str) -> Answer:
        """What the name leads to in the reader's container while all is up that is up with it and with `also`; where
        nothing of that knows the name, what it leads to once every profile is up."""
        return self._answer(reader, name, self._beside(reader, *also)) or Answer()

    def leads_to(self, reader: str, name: str) -> str | None:
        """The one service that the name leads to in the reader's container, itself included; None if none or several
        do. A service that only another profile brings up counts where nothing else answers."""
        found = self._answer(reader, name, self._beside(reader)) or self._answer(reader, name, self._all)
        return found.services[0] if found is not None and len(found.services) == 1 else None

    def _answer(self, reader: str, name: str, up: Up) -> Answer | None:
        word = name.lower()
        found = self._by_hosts_file(reader, word)
        if found is not None:
            return found
        links = self._links(reader)
        for asked, network in self._known_questions(word.rstrip(".")):
            linked = links.get(asked)
            if linked is not None and linked in up and self._leads_over(reader, linked, network):
                return Answer((linked,), "link")
            bearers, where = self._on_networks(reader, asked, network, up)
            if bearers:
                return Answer(bearers, "network", where)
        return None

    def _known_questions(self, word: str) -> tuple[tuple[str, str], ...]:
        """The readings of a name that some container of the project knows."""
        if word not in self._asked:
            self._asked[word] = tuple(one for one in _questions(word) if one[0] in self._known)
        return self._asked[word]

    def _on_networks(self, reader: str, asked: str, network: str, up: Up) -> tuple[tuple[str, ...], str]:
        """Who of those that are up answers to the name on the reader's networks, and the name of the first network on
        which one does; on the one network that is asked for, if one is."""
        key = (self.networks(reader), asked, network, up)
        if key not in self._answered:
            self._answered[key] = (), ""
            for place in self.attachments(reader):
                if network in ("", place.network.lower()):
                    bearers = tuple(one for one in self._bearers.get((place.network, asked), ()) if one in up)
                    if bearers:
                        self._answered[key] = bearers, place.network
                        break
        return self._answered[key]

    def _leads_over(self, reader: str, linked: str, network: str) -> bool:
        """Whether a link leads to the service, on the network that is asked for, if one is."""
        shared = {one.network.lower() for one in self._shared(reader, linked)}
        return network in shared if network else bool(shared) or self._is_linked(reader, linked)

    def _by_hosts_file(self, reader: str, word: str) -> Answer | None:
        """The hosts file knows nothing of a dot at the end."""
        owner = self.services[self.owner(reader)]
        address = self._hosts_file(owner).get(word)
        if address is not None:
            return Answer(self._at(owner.name, address.strip("[]")), "hosts", address)
        if word in _LOOPBACK_NAMES or (owner.hostname and word == owner.hostname.lower() and self.attachments(reader)):
            return Answer((owner.name,), "hosts")
        return None

    def _hosts_file(self, owner: Service) -> Mapping[str, str]:
        """The names that `extra_hosts` gives a namespace, in lower case, each with its address; the first counts."""
        if owner.name not in self._hosts_files:
            lines = (parted(line, "=") for line in reversed(owner.extra_hosts))
            self._hosts_files[owner.name] = {
                name.strip().lower(): at_place_of(address, address.strip()) for name, _, address in lines
            }
        return self._hosts_files[owner.name]

    def _at(self, owner: str, address: str) -> tuple[str, ...]:
        """Whose container has the address, as far as the compose file says."""
        if address.startswith("127.") or address == "::1":
            return (owner,)
        networks = self.networks(owner)
        return tuple(one.service for one in self._by_address.get(address, ()) if one.network in networks)

    @cached_property
    def _by_address(self) -> dict[str, list[Attachment]]:
        """The attachments that have a fixed address, by it."""
        found: dict[str, list[Attachment]] = {}
        for attachments in self._attachments.values():
            for one in attachments:
                if one.address:
                    found.setdefault(one.address, []).append(one)
        return found

    @cached_property
    def _bearers(self) -> dict[tuple[str, str], tuple[str, ...]]:
        """The services that answer to a name, in lower case, on a network."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for attachments in self._attachments.values():
            for one in attachments:
                for name in (*one.names, *one.defaults):
                    found.setdefault((one.network, name.lower()), {})[one.service] = None
        return {key: tuple(bearers) for key, bearers in found.items()}

    @cached_property
    def _known(self) -> Mapping[str, tuple[str, ...]]:
        """Every name, in lower case, that resolves in some container of the project, each with the services that bear
        it; a service's own name is the service's alone, since a person who writes it means that one."""
        found: dict[str, dict[str, None]] = {}
        for attachments in self._attachments.values():
            for one in attachments:
                for name in map(str.lower, (*one.names, *one.defaults)):
                    found.setdefault(name, {})[one.service] = None
                    found.setdefault(f"{name}.{one.network.lower()}", {})[one.service] = None
        for name in self.services:
            for alias, target in self._links(name).items():
                found.setdefault(alias, {})[target] = None
        known = {name: tuple(services) for name, services in found.items()}
        return known | {name.lower(): (name,) for name in self.services}

    @cached_property
    def names_known(self) -> NamesKnown:
        """Every name, in lower case, by which some container of the project may know a service."""
        return NamesKnown(self._known)

    def bearer(self, name: str) -> str | None:
        """The one service of the project that bears the name, whoever asks; None if none or several do."""
        services = self.bearers(name)
        return services[0] if len(services) == 1 else None

    def bearers(self, name: str) -> tuple[str, ...]:
        """All services of the project that bear the name, whoever asks; a service's own name is its alone."""
        return self._known.get(name.lower().rstrip("."), ())

    # --- which name to write

    def names(self, reader: str, target: str) -> tuple[str, ...]:
        """The names that the compose file gives the target and that lead the reader there and nowhere else, the best
        first: the service's own name, or before it an alias without an underscore, which some HTTP and URI libraries
        refuse in a host (RFC 1123, 2.1)."""
        key = (self._alike(reader), target)
        if key not in self._names:
            self._names[key] = self._sure(reader, target, self._given_names(reader, target))
        return self._names[key]

    def _alike(self, reader: str) -> object:
        """What stands for all readers that know the same names: the networks of those that are up and have nothing of
        their own to say, else the reader itself."""
        owner = self.services[self.owner(reader)]
        plain = not (owner.hostname or owner.extra_hosts or owner.links or owner.network_mode)
        return self.networks(reader) if plain and self.is_up(reader) else reader

    def default_names(self, reader: str, target: str) -> tuple[str, ...]:
        """The like of the names that Compose makes up from the project's name, which changes with the folder's."""
        key = (self._alike(reader), target)
        if key not in self._default_names:
            self._default_names[key] = self._made_up_names(reader, target)
        return self._default_names[key]

    def known_as(self, reader: str, target: str) -> tuple[str, ...]:
        """All of these names, as the compose file writes them."""
        known = self._known_as.get((reader, target))
        if known is None:
            names = (*self.names(reader, target), *self.default_names(reader, target))
            known = self._known_as[reader, target] = tuple(dict.fromkeys(map(as_written, names)))
        return known

    def _made_up_names(self, reader: str, target: str) -> tuple[str, ...]:
        places = self._shared(reader, target)
        containers = {name for one in places for name in one.defaults}
        behind = (together(name, ".", one.network) for one in places for name in one.names)
        return self._sure(reader, target, chain(containers, behind) if len(containers) == 1 else behind)

    def common_name(self, readers: Sequence[str], target: str) -> str | None:
        """The best name that leads all of these readers to the target, None if there is no such name."""
        return _first_common([self.names(reader, target) for reader in readers])

    def host_for(self, readers: Sequence[str], target: str) -> str | None:
        """As `common_name` for a person who decides: a name that Compose makes up is offered, too, rather than none."""
        first, *others = readers
        known = tuple(dict.fromkeys(self._every_name(one, target) for one in others))
        key = (self._alike(first), target, known)
        if key not in self._hosts:
            offered = (name for offer in (self.names, self.default_names) for name in offer(first, target))
            self._hosts[key] = next((name for name in offered if all(name in names for names in known)), None)
        return self._hosts[key]

    def _every_name(self, reader: str, target: str) -> frozenset[str]:
        key = (self._alike(reader), target)
        if key not in self._every:
            self._every[key] = frozenset((*self.names(reader, target), *self.default_names(reader, target)))
        return self._every[key]

    def _sure(self, reader: str, target: str, names: Iterable[str]) -> tuple[str, ...]:
        owner, offered = self.owner(target), dict.fromkeys(islice(filter(may_be_a_host, names), _MOST_NAMES))
        return tuple(name for name in offered if self.answer(reader, name, target).services == (owner,))

    def _given_names(self, reader: str, target: str) -> Iterator[str]:
        for place in self._shared(reader, target):
            yield from place.names
        yield from (alias for alias, service in self._links(reader).items() if service == self.owner(target))

    def _shared(self, reader: str, target: str) -> list[Attachment]:
        networks = self.networks(reader)
        return [place for place in self.attachments(target) if place.network in networks]

    def shadow(self, reader: str, target: str) -> str:
        """Why no name that the compose file gives the target leads the reader there, as a sentence."""
        owner = self.owner(target)
        given = next(self._given_names(reader, target), "")
        found = self.answer(reader, given, target) if given else Answer()
        name, where = as_written(given), as_written(found.where)
        if found.source == "hosts":
            what = f"extra_hosts put it at {where}" if found.where else "it is the container's own name"
            return f"{name} is not {owner} inside {reader}: {what}"
        if found.source == "link":
            return f"{name} is not {owner} inside {reader}: its links make it {found.services[0]}"
        if len(found.services) > 1:
            return f"{name} answers for {' and '.join(found.services)} in turn on the network {where}"
        if found.services:
            return f"{name} is {found.services[0]} inside {reader}, whose network {where} is asked first"
        return f"{owner} has no name there but its container's, since its network_mode names the network"


def _first_common(offers: Sequence[tuple[str, ...]]) -> str | None:
    first, *others = dict.fromkeys(offers)
    if all(names[:1] == first[:1] for names in others):
        return next(iter(first), None)  # nearly always
    known = [frozenset(names) for names in others]
    return next((name for name in first if all(name in names for names in known)), None)


def _lower(name: str) -> str:
    return at_place_of(name, name.lower())


def _fixed_address(service: Service, key: str) -> str:
    networks = service.raw.get("networks")
    settings = networks.get(key) if isinstance(networks, dict) else None
    return str(settings.get("ipv4_address") or "") if isinstance(settings, dict) else ""


def _questions(word: str) -> Iterator[tuple[str, str]]:
    """The readings of a name: as it stands, on any network, and as NAME.NETWORK for every dot in it."""
    if len(word) > _LONGEST_NAME:
        return
    yield word, ""
    at = word.rfind(".")
    while at > 0:
        yield word[:at], word[at + 1 :]
        at = word.rfind(".", 0, at)
