"""What does one reader need this address to be?

A `Need` is the answer for one use of an address in one service: to become a target, to stay for a reason, or undecided
with the targets that come into question. The rules stand in the order of the design's section 4.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from envfix.addresses import Address
from envfix.knowledge.names import NameSays, name_says, port_names, words_of
from envfix.knowledge.schemes import scheme_of
from envfix.readers import Found, Reading
from envfix.resolver.evidence import (
    Defaults,
    Named,
    comment_says,
    default_of,
    has_external_twin,
    has_internal_twin,
)
from envfix.targets import Served, Topology
from envfix.texts import Text

# Words that name no service in particular, so that a service called so is not meant by them.
_GENERIC = frozenset(
    {"API", "APP", "WEB", "BACKEND", "SERVER", "FRONTEND", "SERVICE", "CLIENT", "UI", "SITE", "MAIN", "CORE", "DEV", "PROD", "URL",
     "URI", "HOST", "BASE", "ENDPOINT", "ADDR", "ADDRESS", "PORT", "HTTP", "HTTPS", "AUTH", "ADMIN", "DB", "DATABASE", "NODE", "ROOT",
     "LOCAL", "TEST", "DOCKER", "CONTAINER", "SERVICES", "PUBLIC", "EXTERNAL", "GATEWAY", "PROXY", "NGINX", "DASHBOARD", "PORTAL"}
)  # fmt: skip
# Servers that people open in a browser as much as programs call them: their name alone does not say which is meant.
_FOR_PEOPLE = frozenset(
    {"keycloak", "admin", "proxy", "grafana", "kibana", "jaeger", "smtp", "redis-http", "kong", "envoy"}
)
_SIGNED = frozenset({"s3", "azurite"})
_BROWSER_PATH = re.compile(r"/(callback|oauth2?/|auth/callback|redirect|login|logout|signin)", re.IGNORECASE)
_DOTENV_WORD = re.compile(r"\d+")


class Need(NamedTuple):
    """`verdict` is "rewrite", "keep" or "ask"; `reason` a code of the design; `target` the service for a rewrite (`port`
    is what would be written); `choices` what comes into question for an ask; `why` one sentence; `evidence` the facts.
    `passive`: the service receives the value and need not be asked."""

    verdict: str
    reason: str
    why: str
    target: Served | None = None
    choices: tuple[Served, ...] = ()
    evidence: tuple[str, ...] = ()
    passive: bool = False


class Port(NamedTuple):
    """The port of an address: as it stands in the text, by a variable beside it, by the scheme, or unknown."""

    number: int | None
    origin: str
    text: Text | None = None
    name: str = ""


class Case(NamedTuple):
    """One use of an address, with what its rules look at."""

    found: Found
    says: NameSays
    port: Port
    family: str
    specific: bool
    default: Defaults
    comment: str


def port_of(reading: Reading, found: Found) -> Port:
    """The port that a connection through this address goes to, and how that is known."""
    address, use = found.address, found.use
    if address.port is not None:
        return Port(address.port, "address")
    scheme = scheme_of(address.scheme)
    if address.dialect in ("host", "host-port") or scheme is None:
        service = reading.topology.services.get(use.service)
        for name in port_names(use.variable):
            text = reading.container_variable(service, name) if service is not None else None
            if text is not None and text.value.strip().isdigit() and 0 < int(text.value) < 65536:
                return Port(int(text.value), "sibling", text, name)
    if scheme is not None and scheme.port is not None:
        return Port(scheme.port, "scheme")
    return Port(None, "name")


def family_of(address: Address, says: NameSays) -> tuple[str, bool]:
    """The family of servers that the address speaks to ("http", "postgres", ...; "" unknown), and whether that is sure
    enough that no browser can be meant."""
    scheme = scheme_of(address.scheme)
    if scheme is not None:
        return scheme.kind, scheme.kind not in ("http", "grpc")
    return "", bool(says.kinds) and not address.scheme


class Judge:
    """The rules, over one reading of a project."""

    def __init__(
        self,
        reading: Reading,
        literals: dict[str, set[tuple[str, int | None]]],
        comments: dict[tuple[str, int], tuple[str, ...]],
    ) -> None:
        self.reading = reading
        self.topology: Topology = reading.topology
        self.literals = literals
        self.comments = comments
        self._known: dict[tuple[object, ...], Need] = {}
        self._serving: dict[tuple[int, int], frozenset[str]] = {}
        self._stands: dict[str, int | None] = {}
        self._places: dict[tuple[object, ...], int] = {}
        self.names = frozenset(
            words_of(name)
            for document in reading.documents.values()
            for name in (binding.name for binding in document.bindings)
        ) | frozenset(words_of(entry.name) for service in self.topology.services.values() for entry in service.entries)

    def need(self, found: Found) -> Need:
        """What the service of this use needs the address to be; asked once of services that stand alike towards it."""
        key = self._alike(found)
        if key is None:
            return self._need(found)
        if key not in self._known:
            self._known[key] = self._need(found)
        return self._known[key]

    def _alike(self, found: Found) -> tuple[object, ...] | None:
        """What decides for a service that an env file alone gives the variable to: where it stands in the networks. None
        for one that must be asked itself: the compose file says more, or it serves the port, or is a server."""
        use = found.use
        stand = None if use.entry is not None else self._stand(use.service)
        if stand is None:
            return None
        # Services that an env file gives a variable to share its text, which lives as long as the reading.
        about = (id(use.text), found.address.start)
        serving = self._serving.get(about)
        if serving is None:
            serving = self._serving[about] = self._concerned(found)
        own = self.reading.own_names(self.topology.services[use.service])
        if use.service in serving or (own and not own.isdisjoint(port_names(use.variable))):
            return None
        return (stand, use.way, use.variable, about)

    def _stand(self, name: str) -> int | None:
        """A number that services share which stand in the same networks; None for a well-known server."""
        if name not in self._stands:
            service = self.topology.services[name]
            place = (self.topology.networks(name), self.topology.owner(name) == name, service.network_mode)
            known = self.topology.image(name) is not None
            self._stands[name] = None if known else self._places.setdefault(place, len(self._places))
        return self._stands[name]

    def _concerned(self, found: Found) -> frozenset[str]:
        """The services that serve the port themselves, or that another service's literal names."""
        number = port_of(self.reading, found).number
        published, container = self.topology.serving(number) if number else ([], [])
        told = {service for service, _ in self.literals.get(found.use.variable, ())}
        return frozenset({one.service for one in (*published, *container)} | told)

    def _need(self, found: Found) -> Need:
        case = self._case(found)
        for rule in (self._bind, self._host_network, self._browser, self._default):
            answer = rule(case)
            if answer is not None:
                return answer
        return self._by_topology(case)

    def _case(self, found: Found) -> Case:
        name = found.use.variable or self._written_name(found)
        says = name_says(name)
        family, specific = family_of(found.address, says)
        leaf = found.host.leaf
        comment = comment_says(self.comments.get((leaf.path, leaf.index), ()))
        return Case(
            found, says, port_of(self.reading, found), family, specific, default_of(self.reading, found), comment
        )

    def _written_name(self, found: Found) -> str:
        leaf = found.host.leaf
        if leaf.index >= 0:
            return self.reading.documents[leaf.path].bindings[leaf.index].name
        return ""

    # -- what stays -------------------------------------------------------------------------------------------------

    def _bind(self, case: Case) -> Need | None:
        address, says = case.found.address, case.says
        if case.default.named is not None:
            return None
        scheme = scheme_of(address.scheme)
        if says.bind and not case.specific and (scheme is None or address.kind == "wildcard"):
            return Need("keep", "bind", f"{case.found.use.variable or says.bind} is an address to listen on")
        if address.kind == "wildcard" and not case.specific and (scheme is None) and not says.internal:
            return Need("keep", "bind", f"{address.host} without a server's name is an address to listen on")
        return None

    def _host_network(self, case: Case) -> Need | None:
        service = case.found.use.service
        if self.topology.on_host(service):
            return Need("keep", "host-network", f"{service} runs on the host's network, where localhost is right")
        return None

    def _browser(self, case: Case) -> Need | None:
        says, address = case.says, case.found.address
        if case.specific and not (says.prefix and not address.scheme):
            return None
        if says.internal:
            return None
        name = case.found.use.variable
        if says.prefix:
            return Need("keep", "browser", f"{says.prefix} puts {name} into the page that browsers load")
        if case.default.named is not None:
            return None
        if says.browser:
            return Need(
                "keep", "browser", f"{name} ({says.browser}) is for browsers or other programs outside the project"
            )
        if address.path and _BROWSER_PATH.search(address.path):
            return Need("keep", "browser", f"the path of {name or address.host} is one that a browser is sent to")
        if has_internal_twin(name, self.names):
            return Need("keep", "browser", f"{name} has a twin for inside, so it is the public one")
        if case.comment == "browser":
            return Need("keep", "browser", f"the comment above {name} says that it is used from outside")
        return None

    def _default(self, case: Case) -> Need | None:
        if case.default.loopback and not (case.specific or case.says.internal):
            service = case.found.use.service
            return Need("keep", "default", f"the compose file's own default for {service} is a loopback address")
        return None

    # -- who serves it ----------------------------------------------------------------------------------------------

    def _by_topology(self, case: Case) -> Need:
        reader = case.found.use.service
        named = self._named(case)
        if not self.topology.networks(reader) and self.topology.owner(reader) == reader:
            mode = self.topology.services[reader].network_mode
            return Need("keep", "unreachable", f"{reader} has no network of the project (network_mode: {mode})")
        if case.port.number is None:
            return self._without_port(case, named)
        published, container = self._fitting(case, case.port.number)
        own = [served for served in (*published, *container) if self._own(reader, served.service)]
        others = [served for served in published if not self._own(reader, served.service)]
        inside = [served for served in container if not self._own(reader, served.service)]
        if named is not None:
            return self._confirmed(case, named, [*others, *inside], bool(own))
        return self._matched(case, own, others, inside)

    def _own(self, reader: str, service: str) -> bool:
        return self.topology.owner(reader) == self.topology.owner(service)

    def _named(self, case: Case) -> Named | None:
        """The service that the compose file's own words name for this value."""
        if case.default.named is not None:
            return case.default.named
        use = case.found.use
        if use.way == "interpolation" and case.found.host.via == "":
            return None
        told = self.literals.get(use.variable, set())
        if len(told) == 1:
            service, port = next(iter(told))
            if service != use.service:
                return Named(service, port, f"another service is told {use.variable} with the host {service}")
        return None

    def _fitting(self, case: Case, port: int) -> tuple[list[Served], list[Served]]:
        """The services that serve the port and can answer the protocol; those that are up before those of a profile."""
        published, container = self.topology.serving(port)
        fits = [served for served in published if self._speaks(case, served.service)]
        inside = [served for served in container if self._speaks(case, served.service)]
        found = {served.service for served in fits}
        return self._up_first(fits), self._up_first([served for served in inside if served.service not in found])

    def _up_first(self, served: list[Served]) -> list[Served]:
        up = [one for one in served if self.topology.active(one.service)]
        return up or served

    def _speaks(self, case: Case, service: str) -> bool:
        """Whether nothing known of the service's image contradicts the protocol, or the product that the name says."""
        image = self.topology.image(service)
        if image is None or case.family == "grpc":
            return True
        kinds = {image.kind, *image.kinds}
        if case.family == "http":
            return "http" in kinds or self._is_web_port(case, service)
        if case.family:
            return case.family in kinds
        return not case.says.exact or bool(kinds & case.says.kinds)

    def _is_web_port(self, case: Case, service: str) -> bool:
        image = self.topology.image(service)
        number = case.port.number
        target = self.topology.published(service).get(number or 0, number)
        return image is not None and target in image.ports[1:]

    def _confirmed(self, case: Case, named: Named, candidates: list[Served], own: bool) -> Need:
        """A decision where the compose file names the service."""
        reader = case.found.use.service
        if self._own(reader, named.service):
            return self._matched(case, [], candidates, [])
        match = next((served for served in candidates if served.service == named.service), None)
        number = case.port.number
        if match is None and named.port is not None and number == named.port:
            match = Served(
                named.service, named.port, None, "container", f"{named.where} says {named.service}:{named.port}"
            )
        if match is None and case.port.origin in ("scheme", "name") and named.port is not None:
            match = Served(
                named.service, named.port, None, "container", f"{named.where} says {named.service}:{named.port}"
            )
        if (
            match is None
            and number is not None
            and named.port is None
            and number in self.topology.container_ports(named.service)
        ):
            match = Served(named.service, number, None, "container", f"{named.where} says {named.service}")
        if match is not None:
            if not self.topology.reaches(reader, match.service):
                return self._unreachable(case, match)
            return self._rewrite(case, match, named.where)
        if named.service not in self.topology.services:
            return Need("keep", "no-target", f"nothing in the project serves port {number}")
        main = named.port or min(self.topology.container_ports(named.service), default=0)
        choice = Served(named.service, main, None, "container", named.where)
        why = f"{named.where} names {named.service}, which does not serve port {number}"
        return Need("ask", "ambiguous", why, choices=(choice,) if main else ())

    def _matched(self, case: Case, own: list[Served], published: list[Served], inside: list[Served]) -> Need:
        reader = case.found.use.service
        number = case.port.number
        own_published = [served for served in own if served.evidence == "published"]
        if own_published and not published:
            return self._self(case, own_published[0])
        reachable = [served for served in published if self.topology.reaches(reader, served.service)]
        if published and not reachable:
            return self._unreachable(case, published[0])
        if own and reachable and not self._decided(case, reachable):
            why = f"{number} is the own port of {reader}, and {reachable[0].service} publishes it too"
            return Need("ask", "ambiguous", why, choices=tuple(reachable))
        if not published and own:
            better = [
                served
                for served in inside
                if self._decided(case, [served]) and self.topology.reaches(reader, served.service)
            ]
            if not better or not case.specific:
                return self._self(case, own[0])
        if not published:
            reachable = [served for served in inside if self.topology.reaches(reader, served.service)]
            if inside and not reachable:
                return self._unreachable(case, inside[0])
        if not reachable:
            return Need("keep", "no-target", self._nobody(case))
        return self._one_of(case, reachable)

    def _nobody(self, case: Case) -> str:
        number = case.port.number
        return f"nothing in the project serves port {number}" if number else "nothing in the project serves it"

    def _self(self, case: Case, served: Served) -> Need:
        reader = case.found.use.service
        passive = case.found.use.way == "env_file" or case.found.use.way in ("mount", "image")
        return Need("keep", "self", f"it is {reader}'s own port ({served.detail})", passive=passive)

    def _unreachable(self, case: Case, served: Served) -> Need:
        reader = case.found.use.service
        if self.topology.on_host(served.service):
            why = f"{served.service} runs on the host's network, where no name reaches it"
        else:
            why = f"{served.service} serves it, but shares no network with {reader}"
        return Need("keep", "unreachable", why, passive=True)

    def _one_of(self, case: Case, candidates: list[Served]) -> Need:
        best = candidates
        if len({served.service for served in best}) > 1:
            best = [served for served in best if self._names(case, served.service)] or best
        owners = {(self.topology.owner(served.service), served.container_port) for served in best}
        if len(owners) > 1:
            names = " and ".join(sorted({served.service for served in best}))
            return Need("ask", "ambiguous", f"{names} serve port {case.port.number} equally", choices=tuple(best))
        served = best[0]
        return self._is_inside(case, served) or self._rewrite(case, served, "")

    def _is_inside(self, case: Case, served: Served) -> Need | None:
        """None where the evidence says that a program inside uses the address; else the question."""
        image = self.topology.image(served.service)
        kind = image.kind if image else ""
        use = case.found.use
        outside = has_external_twin(use.variable, self.names)
        if kind in _SIGNED and not (case.says.internal or outside or case.comment == "inside"):
            why = (
                f"{served.service} is an object store: its address goes into signed URLs, which browsers open too, "
                f"and nothing says whether {use.variable or 'this'} is used so"
            )
            return Need("ask", "ambiguous", why, choices=(served,))
        if case.specific or case.says.internal or outside or case.comment == "inside":
            return None
        if kind not in _FOR_PEOPLE and self._names(case, served.service):
            return None
        why = f"{served.service} serves port {case.port.number}, but nothing says whether {use.variable or 'this'} is for a program inside or for a browser"
        return Need("ask", "ambiguous", why, choices=(served,))

    def _decided(self, case: Case, candidates: list[Served]) -> bool:
        """Whether scheme or name says that one of these is meant rather than the reader's own port."""
        return case.specific or any(self._names(case, served.service) for served in candidates)

    def _names(self, case: Case, service: str) -> bool:
        """Whether the variable's name names the service, by its own words or by those of its image."""
        words = set(case.says.words)
        own = [word for word in words_of(service) if word not in _GENERIC and len(word) > 1]
        if own and any(word in words for word in own):
            return True
        whole = words_of(service)
        if len(whole) > 1 and any(case.says.words[at : at + len(whole)] == whole for at in range(len(case.says.words))):
            return True
        image = self.topology.image(service)
        return image is not None and any(word.upper() in words for word in image.words)

    def _without_port(self, case: Case, named: Named | None) -> Need:
        """A host without a port: the one service that the name of the variable means."""
        reader = case.found.use.service
        if named is not None and not self._own(reader, named.service):
            ports = self.topology.container_ports(named.service)
            port = named.port or self._main_port(named.service) or min(ports, default=0)
            served = Served(named.service, port, None, "container", named.where)
            return (
                self._rewrite(case, served, named.where)
                if self.topology.reaches(reader, named.service)
                else self._unreachable(case, served)
            )
        if not case.says.kinds:
            return self._by_word(case)
        fits = [
            name
            for name in self.topology.services
            if (image := self.topology.image(name)) is not None
            and {image.kind, *image.kinds} & case.says.kinds
            and not self._own(reader, name)
        ]
        fits = [name for name in fits if self.topology.active(name)] or fits
        served = [
            Served(
                name, self._main_port(name), None, "container", f"the name says {case.says.role}, and {name} is the one"
            )
            for name in fits
        ]
        reachable = [one for one in served if self.topology.reaches(reader, one.service)]
        if served and not reachable:
            return self._unreachable(case, served[0])
        if not reachable:
            return Need("keep", "no-target", f"the name says {case.says.role}, and the project has no such service")
        return self._one_of(case, reachable)

    def _main_port(self, service: str) -> int:
        image = self.topology.image(service)
        ports = self.topology.container_ports(service)
        if image is not None:
            return next((port for port in image.ports if port in ports), min(ports, default=0))
        return min(ports, default=0)

    def _by_word(self, case: Case) -> Need:
        reader = case.found.use.service
        fits = [
            Served(name, self._main_port(name), None, "container", f"the variable's name says {name}")
            for name in self.topology.services
            if not self._own(reader, name) and self._names(case, name) and self.topology.reaches(reader, name)
        ]
        fits = self._up_first(fits)
        if len(fits) == 1 and case.says.names_a_host and case.found.address.dialect == "host":
            return self._one_of(case, fits)
        if fits:
            return Need("ask", "ambiguous", "it has no port, and several services may be meant", choices=tuple(fits))
        return Need("keep", "no-target", "it has no port, and its name means no service of the project")

    def _rewrite(self, case: Case, served: Served, where: str) -> Need:
        evidence = (served.detail, *((where,) if where else ()))
        kafka = self._through_listener(case, served)
        if isinstance(kafka, Need):
            return kafka
        served = kafka
        reason = served.evidence
        if case.port.origin == "scheme":
            reason = "scheme"
        elif case.port.number is None:
            reason = "default" if where else "name"
        return Need(
            "rewrite",
            reason,
            f"{case.found.use.service} connects to {served.service}: {served.detail}",
            target=served,
            evidence=evidence,
        )

    def _through_listener(self, case: Case, served: Served) -> Served | Need:
        """A Kafka broker sends its clients on to what it advertises: the listener for inside decides the port."""
        image = self.topology.image(served.service)
        if image is None or image.kind != "kafka":
            return served
        listeners = self.topology.advertised(served.service)
        if not listeners:
            return served
        inside = [one for one in listeners if self.topology.names.get(one.host) == served.service]
        if not inside:
            why = f"{served.service} advertises only {listeners[0].host or 'itself'}:{listeners[0].port} to its clients, so no address helps until its advertised listener names {served.service}"
            return Need("ask", "ambiguous", why, choices=(served,))
        ports = {one.port for one in inside}
        port = served.container_port if served.container_port in ports else inside[0].port
        if len(ports) > 1 and served.container_port not in ports:
            return Need(
                "ask",
                "ambiguous",
                f"{served.service} advertises several listeners inside",
                choices=tuple(served._replace(container_port=one) for one in sorted(ports)),
            )
        return served._replace(
            container_port=port, detail=f"{served.service} advertises {inside[0].host}:{port} to clients inside"
        )
