"""Where do the variables of a service lead, and where does a Kafka broker send its clients?

Each variable is asked as the service's container has it, so that two files that set one name are not mixed up.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import islice

from envfix.addresses import Address, find_addresses
from envfix.compose.model import Service
from envfix.errors import EnvfixError
from envfix.logs.lines import Failure, WantedHosts, canonical, is_loopback
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.classes import Members
from envfix.project.provenance import Run, Text
from envfix.project.uses import Found, Reading, Use, key_of
from envfix.records import Plan, Reference
from envfix.resolver.case import port_of
from envfix.resolver.places import line_of
from envfix.shown import as_written
from envfix.source import Code
from envfix.source.defaults import Known

# Each takes some 0.1 ms to find; and a log's lines are searched for each name.
_MOST_FOUND, _MOST_NAMES = 20_000, 200
GATEWAY = "host.docker.internal"
# Where a value names a host that may be nobody's: behind `://`, before a port, as the whole of a variable called HOST.
_IN_URL = regex(r"://(?:[^\s/@]*@)?([A-Za-z0-9][\w.-]*)(?=[:/?,#]|$)")
_BEFORE_PORT = regex(r"(?:^|[,(@\s])([A-Za-z][\w.-]*):\d{1,5}(?=$|[,/)\s])")
_ALONE = regex(r"\s*([A-Za-z][\w.-]*)\s*")
_HOST_NAME = regex(r"(?i:host|hostname|server|addr|address|node)s?\d*$")


class Destination(NamedTuple):
    """One address in one variable of a service's container: `variable` is the name there, `port` the one that a
    connection goes to and `origin` how that is known ("address", "sibling", "scheme" or "name", then None); `path` and
    `line` where the host is written, `written` under which name; `reference` what the plan decided about it, `beside`
    the variable that holds the port, with its place."""

    service: str
    variable: str
    host: str
    port: int | None
    origin: str
    scheme: str | None
    path: str
    line: int
    written: str
    reference: Reference | None
    beside: tuple[str, str, int] | None

    @property
    def says(self) -> str:
        """The address as a person would say it."""
        return f"{self.host}:{self.port}" if self.port else self.host


_Named = tuple[str, Text, Address, Run | None]
"""A variable of a container, its value, an address in it, and where that is written, if it is at one place."""


class Destinations:
    """The destinations of a project's services, found when they are asked for (`found` counts them); `code` is what
    their source says, `sought` how often a default was looked for in it, `defaults` those that were found."""

    def __init__(self, plan: Plan, reading: Reading, code: Code | None = None) -> None:
        self.plan = plan
        self.reading = reading
        self.code = code
        self.found = self.sought = 0
        self.defaults: Known = {}
        self._of: dict[str, tuple[Destination, ...]] = {}
        self._hosts: dict[tuple[str, str], tuple[str, ...]] = {}
        self._alike: dict[object, tuple[_Named, ...]] = {}
        self._seen: dict[tuple[str, frozenset[str]], tuple[Address, ...]] = {}
        self._at = {(reference.path, reference.start): reference for reference in plan.references}
        self._named: dict[tuple[str, str], list[Reference]] = {}
        for reference in plan.references:
            self._named.setdefault((reference.path, reference.variable), []).append(reference)

    def of(self, service: str | None) -> tuple[Destination, ...]:
        """The destinations of a service; of all where the log does not say whose line it is."""
        if service is None:
            return tuple(one for name in self.reading.topology.services for one in self.of(name))
        known = self.reading.topology.services.get(service)
        if known is None:
            return ()
        if service not in self._of:
            found = dict.fromkeys(self._found(known))
            self._of[service] = tuple(sorted(found, key=lambda one: (one.path, one.line)))
            self.found += len(found)
            if self.found > _MOST_FOUND:
                what = f"the services of this log get over {_MOST_FOUND:,} addresses: take the log of one of them"
                raise EnvfixError(what, path=self.reading.project.files[0])
        return self._of[service]

    def wanted(self, service: str | None) -> WantedHosts:
        """What a line of the service's log is searched for."""
        every = self.of(service)
        names = dict.fromkeys(one.host.lower() for one in every if not is_loopback(one.host))
        pairs = frozenset((canonical(one.host), one.port) for one in every if one.port)
        return WantedHosts(frozenset(islice(names, _MOST_NAMES)), pairs)

    def _found(self, service: Service) -> Iterator[Destination]:
        for named in self._in_variables(service):
            yield from self._destination(service, *named)
        for found in self._commands(service.name):
            yield from self._destination(service, "", found.use.text, found.address, found.host)

    def _in_variables(self, service: Service) -> tuple[_Named, ...]:
        """The addresses in the variables of a service, found once for all services that get the same variables: by one
        `environment:`, the same env files, by which what they are handed is kept, and the same that programs find."""
        shown = tuple(self.reading.shown.get(service.name, ()))
        key = id(service.entries), id(self.reading.handed(service)), shown
        if key not in self._alike:
            self._alike[key] = tuple(self._named_in(dict(self._texts(service))))
        return self._alike[key]

    def _named_in(self, texts: Mapping[str, Text]) -> Iterator[_Named]:
        names = frozenset(one for name, text in texts.items() for one in self._candidates(name, text.value))
        names -= self.reading.topology.names_known
        for name, text in texts.items():
            for address in self._addresses(text.value, names):
                if not address.refusal:
                    yield name, text, address, text.locate(address.start, address.end)

    def _candidates(self, name: str, value: str) -> tuple[str, ...]:
        """As the function has them, in lower case, once for all services that share a value, which may be long."""
        key = name, value
        if key not in self._hosts:
            self._hosts[key] = tuple(dict.fromkeys(map(str.lower, _candidates(name, value))))
        return self._hosts[key]

    def _addresses(self, value: str, names: frozenset[str]) -> tuple[Address, ...]:
        """With these names, beside those of the project, of which there may be too many to put both together."""
        key = value, names
        if key not in self._seen:
            self._seen[key] = find_addresses(value, names, self.reading.topology.names_known)
        return self._seen[key]

    def _texts(self, service: Service) -> Iterator[tuple[str, Text]]:
        reading = self.reading
        names = {*(entry.name for entry in service.entries), *reading.handed(service)}
        names.update(name for path in reading.visible(service) for name in reading.texts.last[path])
        for name in sorted(names):
            text = reading.container_variable(service, name)
            if text is not None and text.value:
                yield as_written(name), text

    def _commands(self, service: str) -> Iterator[Found]:
        yield from self._by_command.get(service, ())

    @cached_property
    def _by_command(self) -> dict[str, list[Found]]:
        """For each service the addresses in its command and configs."""
        told: dict[str, list[Found]] = {}
        for found in (one for every in self.reading.by_leaf.values() for one in every if not one.use.variable):
            for service in found.use.services if found.use.way != "infrastructure" else ():
                told.setdefault(service, []).append(found)
        return told

    def _destination(
        self, service: Service, name: str, text: Text, address: Address, run: Run | None
    ) -> Iterator[Destination]:
        reading = self.reading
        host = address.host.strip("[]")
        if run is None:  # from the shell, or put together of several places: told by the name alone
            entry = next((entry for entry in service.entries if as_written(entry.name) == name), None)
            if entry is not None:
                yield Destination(service.name, name, host, address.port, "address", address.scheme, entry.origin.path,
                               entry.origin.line, name, None, None)  # fmt: skip
            return
        found = Found(Use(Members((service.name,)), "interpolation", name, (), text, None, 0), address, run)
        port = port_of(reading, found)
        path, line, written, reference = self._place(found, name)
        beside = self._beside(port.name, port.text) if port.origin == "sibling" and port.text else None
        yield Destination(service.name, name, host, port.number, port.origin, address.scheme, path, line, written,
                       reference, beside)  # fmt: skip

    def _place(self, found: Found, name: str) -> tuple[str, int, str, Reference | None]:
        """Where the host is written, under which name, and what was decided about that place."""
        path, index, scalar, offset = key_of(found.host.leaf)
        if index >= 0:
            document = self.reading.documents[path]
            binding = document.bindings[index]
            start = binding.at(offset)
            reference = self._at.get((document.path, start))
            return document.path, line_of(document, binding, start), binding.name, reference
        said = self.reading.texts.scalars[scalar]
        origin = said.origin
        variable = said.name
        same = [
            one
            for one in self._named.get((origin.path, variable), ())
            if one.line >= origin.line and one.address.startswith(found.address.host)
        ]
        reference = min(same, key=lambda one: one.line, default=None)
        return origin.path, reference.line if reference else origin.line, variable, reference

    def _beside(self, name: str, text: Text) -> tuple[str, str, int] | None:
        """The port's variable as it is written, with its place."""
        run = text.locate(0, len(text.value.strip()))
        if run is None:
            return None
        path, index, scalar, offset = key_of(run.leaf)
        if index >= 0:
            document = self.reading.documents[path]
            binding = document.bindings[index]
            return binding.name, document.path, line_of(document, binding, binding.at(offset))
        origin = self.reading.texts.scalars[scalar].origin
        return name, origin.path, origin.line


def _candidates(name: str, value: str) -> Iterator[str]:
    """The words of a value that may be hosts; which of them are, the dialects decide."""
    for match in (*_IN_URL.finditer(value), *_BEFORE_PORT.finditer(value)):
        yield match[1]
    if _HOST_NAME.search(name) and (alone := _ALONE.fullmatch(value)):
        yield alone[1]


def of_listeners(failure: Failure, reading: Reading) -> str:
    """Which listener of the broker a client inside has to use, or that there is none yet, and which binding says so."""
    ports, port = reading.ports, failure.port
    for broker in ports.of_kinds(frozenset({"kafka"})):
        listeners = ports.advertised(broker)
        if not any(one.port == port and is_loopback(one.host) for one in listeners):
            continue
        if any(reading.topology.bearer(one.host) == broker for one in listeners):
            break
        said = " and ".join(_places(reading, broker))
        return (
            f"no listener of {broker} names {broker} yet{f', as {said} says' if said else ''}; give it two, such as "
            f"PLAINTEXT://{broker}:29092 for containers and PLAINTEXT_HOST://localhost:{port} for the machine"
        )
    return "it has to use the broker's port whose listener names the service"


def _places(reading: Reading, broker: str) -> dict[str, None]:
    """The bindings of env files that are a part of what the broker tells its clients."""
    found: dict[str, None] = {}
    for (path, number, _, _), uses in reading.by_leaf.items():
        if number >= 0 and _advertises(uses, broker):
            document = reading.documents[path]
            binding = document.bindings[number]
            found[f"{os.path.basename(document.path)}:{binding.line} ({binding.name})"] = None
    return found


def _advertises(uses: Iterable[Found], broker: str) -> bool:
    return any(broker in found.use.services and "ADVERTISED" in found.use.variable for found in uses)
