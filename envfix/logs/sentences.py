"""In which words is a person told what is behind a failed connection, and what to do?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from envfix.knowledge.names import words_of
from envfix.logs.destinations import GATEWAY, Destination, Destinations, of_listeners
from envfix.logs.lines import Failure, is_loopback
from envfix.logs.suspects import answered, is_container_ip, is_for_outside, says_address
from envfix.project.uses import Reading
from envfix.reasons import MEANINGS
from envfix.records import Choice, Reference
from envfix.resolver.verdict import host_for

Advice = tuple[str | None, str]
"""replacement, explanation"""

# Variables that programs commonly read for a server of this kind (knowledge.images), as examples of what to set.
_EXAMPLES = {
    "postgres": "DATABASE_URL or PGHOST", "mysql": "DATABASE_URL or DB_HOST", "redis": "REDIS_URL or REDIS_HOST",
    "mongodb": "MONGO_URL or MONGO_HOST", "rabbitmq": "AMQP_URL or RABBITMQ_HOST", "kafka": "KAFKA_BROKERS",
    "elasticsearch": "ELASTICSEARCH_URL", "clickhouse": "CLICKHOUSE_URL or CLICKHOUSE_HOST", "smtp": "SMTP_HOST",
    "s3": "S3_ENDPOINT", "memcached": "MEMCACHED_HOST", "nats": "NATS_URL",
}  # fmt: skip

# What is said instead where the reason is another reader's: this service is not on the host's network.
_ANOTHERS = "But {who} does not: give it its own value in its `environment:`{instead}."

_MOST_COMPARED = 4000  # letters of a name, by services: more take long to compare, and a person is not helped
_UNSET = frozenset({"undefined", "null", "none", "nil"})


def of_build() -> str:
    """A failure that an image build printed."""
    return (
        "this ran while an image was built: no service is up then, and no address helps; run it when the container "
        "starts (in its command or entrypoint)"
    )


class Sentences:
    """What is told of one failure; `every` are the project's destinations."""

    def __init__(self, failure: Failure, every: Destinations) -> None:
        self.failure = failure
        self.every = every
        self._reading: Reading = every.reading
        self._who = failure.service or "the container"
        self._port = failure.port or failure.default_port
        self._serving = serving(failure.service, self._port, every.reading) if self._port else []

    # --- a variable that says the address

    def of_suspect(self, destination: Destination, reference: Reference, many: int) -> Advice:
        """Of a variable that says the address (one of `many`)."""
        vague = self.failure.host is None and many > 1
        before = f"the log names no address; this is one of {many} that could be meant: " if vague else ""
        if reference.decision == "rewrite":
            apart = self._apart(self.failure.service, reference.service)
            return reference.replacement, f"{before}{reference.explanation}{f'; but {apart}' if apart else ''}"
        if reference.decision == "ask":
            return self._of_ask(destination, reference, before)
        if reference.reason == "self" and (way := self._own_published()):
            return None, f"{before}yours to decide ({reference.explanation}): {way}"
        kept = self._kept(reference).format(**self._words())
        return None, f"{before}it stays as it is ({reference.reason}): {reference.explanation}. {kept}".rstrip()

    def _of_ask(self, destination: Destination, reference: Reference, before: str) -> Advice:
        """The log may know more than the files: that a container itself goes there, and by the client's port who."""
        choice = answered(self.failure, destination, self._reading)
        if choice is not None:
            return choice.replacement, self._of_answer(destination, choice)
        if reference.reason == "conflict":
            return None, f"{before}{self._of_conflict(destination, reference)}"
        ports = {self.failure.port, self.failure.default_port} - {None}
        servers = {name for port in ports for name, _ in serving(self.failure.service, port or 0, self._reading)}
        fitting = [choice for choice in reference.choices if choice.service in servers]
        if len(fitting) == 1 and len(reference.choices) > 1 and not is_for_outside(destination):
            said = f"the client's port says {fitting[0].service}, but the files leave it open ({reference.explanation})"
            return fitting[0].replacement, before + said
        return None, f"{before}yours to decide ({reference.explanation}){_choices(reference)}"

    def _of_answer(self, destination: Destination, choice: Choice) -> str:
        why = f" ({choice.explanation})" if choice.explanation else ""
        said = f"the log shows that {self._who} itself connects to it, and inside that is {choice.replacement}{why}"
        image = self._reading.ports.image(choice.service) if choice.service else None
        if destination.scheme not in (None, "http", "https", "ws", "wss") or (image and "http" not in image.families):
            return said
        return f"{said}; a browser that is handed {destination.variable} cannot use that name: give it one of its own"

    def _of_conflict(self, destination: Destination, reference: Reference) -> str:
        """A conflict: what this reader needs, and the ways to give each reader its own value."""
        target = self._target()
        needs = f"{self._who} needs {target} here" if target else f"{self._who} needs another address here"
        return (
            f"its readers need different values ({reference.explanation}): {needs}; set {destination.variable} in "
            f"`environment:` of {self._who}, or let `envfix --override FILE` give each reader its own"
        )

    def _own_published(self) -> str:
        """What the container calls the port that it publishes and does not listen on, "" if that is not what failed."""
        service, port, topology = self.failure.service, self.failure.port, self._reading.topology
        if service not in topology.services or port is None or self._reading.ports.listens(service, port):
            return ""
        owner = topology.owner(service)
        inside = self._reading.ports.published(owner).get(port)
        return f"{host_for(topology, service, owner)}:{inside}" if inside else ""

    def _kept(self, reference: Reference) -> str:
        """What it means that the variable was kept, for this service: the reason may be another reader's."""
        service = self.failure.service
        if service and self.failure.port and self._is_own_port(service, self.failure.port):
            return MEANINGS["self"].in_log
        if reference.reason == "host-network" and service and not self._reading.topology.on_host(service):
            return _ANOTHERS
        # What stands on the host's network shares none, and publishes nothing: the reference itself says the way.
        ports, port = self._reading.ports, self.failure.port or 0
        hosted = any(self._reading.topology.on_host(one.service) for kind in ports.serving(port) for one in kind)
        if (reference.reason == "unreachable" and hosted) or (
            reference.reason == "host-network" and ports.discarded(port)
        ):
            return ""
        return MEANINGS[reference.reason].in_log

    # --- no variable says it: the container itself

    def of_loopback(self) -> str:
        """The container itself was dialled, and no variable of its own says so."""
        failure, who = self.failure, self._who
        if failure.client == "kafka-advertised":
            return (
                f"the broker itself told {who} to go there, by an advertised listener (KAFKA_ADVERTISED_LISTENERS): "
                + of_listeners(failure, self._reading)
            )
        if failure.service and failure.port and self._is_own_port(failure.service, failure.port):
            return f"{failure.port} is {who}'s own port: its own server was not listening there (yet)"
        if mapped := self._mapped_to_loopback():
            return mapped
        if right := self._right():
            return right
        address = f"{failure.host}:{failure.port}" if failure.port else "a loopback address"
        return f"no variable that {who} receives says {address}: {self._default()}{self._set()}"

    def _mapped_to_loopback(self) -> str:
        """A name that `extra_hosts` of the service maps to loopback."""
        service = self._reading.topology.services.get(self.failure.service or "")
        entries = (entry.partition("=") for entry in reversed(service.extra_hosts if service else ()))
        mapped = {name: address for name, _, address in entries if is_loopback(address)}
        for one in self.every.of(self.failure.service) if mapped else ():
            if one.host in mapped and one.port == self.failure.port:
                return (
                    f"{one.variable} ({_place(one)}) says {one.says}, and `extra_hosts` of {self._who} maps {one.host} "
                    f"to {mapped[one.host]}, the container itself: take that entry away"
                )
        return ""

    def _right(self) -> str:
        """A variable of the service that already says what it should, for the port that failed."""
        if not self._port:
            return ""
        for one in self.every.of(self.failure.service) if self.failure.service else ():
            if is_loopback(one.host) or one.host == GATEWAY:
                continue
            target = self._reading.topology.bearer(one.host)
            if target is not None and self._port in (one.port, self._on_machine(target, one.port)):
                return (
                    f"{self._who}'s {one.variable} ({_place(one)}) already says {one.says}: the program does not use "
                    "it (a default in its code, a cached configuration, another variable), or the log is older"
                )
        return ""

    def _on_machine(self, service: str, port: int | None) -> int | None:
        """The port that failed, where it leads from the machine to this one of the service; it may publish all."""
        leads = port is not None and self._reading.ports.published(service).get(self._port or 0) == port
        return self._port if leads else None

    def _default(self) -> str:
        others = (name for name in self._reading.topology.services if name != self.failure.service)
        there = (one for name in others for one in self.every.of(name) if is_loopback(one.host))
        one = next((one for one in there if says_address(self.failure, one, self._reading)), None)
        if one is not None:
            named, does, them = (f" and {one.beside[0]}", "do", "them") if one.beside else ("", "does", "it")
            return (
                f"{one.written}{named} ({_place(one)}) {does}, but {self._who} does not receive {them}, so that the "
                "program's own default applies"
            )
        return (
            f"likeliest it is the program's own default, because a variable for it{self._example()} is not set "
            f"for {self._who}; or it is baked into the image, or the log is older than the repair"
        )

    def _set(self) -> str:
        if not self._serving:
            return f"; nothing that {self._who} reaches serves port {self._port}" if self._port else ""
        targets = " or ".join(f"{name} with port {target}" for name, target in self._serving)
        return f". Set it in `environment:` of {self._who}: {targets} serves it"

    def _is_own_port(self, service: str, port: int) -> bool:
        ports = self._reading.ports
        known = service in self._reading.topology.services
        return known and ports.listens(service, port) and not ports.by_published.get(port)

    # --- a name that has no address

    def of_name(self, host: str, is_said: bool) -> Advice:
        """A name that has no address; `is_said`: a variable of the service says it."""
        topology, who = self._reading.topology, self._who
        if host.lower() in _UNSET:
            return None, f"the host is the word {host!r}: the variable that should name it is not set for {who}"
        if host == GATEWAY:
            return None, self._of_gateway() or (
                f'on Linux {who} needs `extra_hosts: ["host.docker.internal:host-gateway"]`'
            )
        target = topology.bearer(host)
        if target is not None:
            return None, self._absent(host, target)
        meant = self._meant(host)
        default = "" if is_said or not meant else f"; no variable of {who} says {host}: it is the program's default"
        if len(meant) == 1:
            return meant[0], f"no service of this project is called {host}; {meant[0]} is likely meant{default}"
        if meant:
            return None, f"no service of this project is called {host}; {' or '.join(meant)} may be meant{default}"
        return None, f"no service of this project is called {host}, nor has one that alias"

    def _absent(self, host: str, target: str) -> str:
        """Why the name of a service has no address."""
        topology = self._reading.topology
        if not topology.active(target):
            profiles = " or ".join(topology.profiles(target))
            return f"{target} is up only with the profile {profiles}: `docker compose --profile ...`"
        if not topology.is_up(target):
            return f"no container of {target} is started (0 replicas), so that its name resolves nowhere"
        if topology.on_host(target):
            return f"{target} runs on the host's network, where it has no name: to others it is host.docker.internal"
        reader = self._reader()
        names = topology.names(reader, target) if reader and not topology.answer(reader, host).source else ()
        if names:
            return f"{host} is no name of {target} on a network of {reader}: there it is {names[0]}"
        up = f"the name is right, but {target} was not up: a name resolves only while its container runs"
        return self._apart(self.failure.service, target) or up

    def _meant(self, host: str) -> list[str]:
        """The services that a name no service has may mean: a container's name, a slip, a part of the name, the kind
        of server, the port's server; those of the surest ground."""
        topology = self._reading.topology
        names = [name for name in topology.services if name != self.failure.service]
        plain = re.sub(rf"^{re.escape(self._reading.project.name)}[-_]|[-_]\d+$", "", host)
        if plain in names:
            return [plain]
        grounds = (
            get_close_matches(host, names, n=2, cutoff=0.75) if len(host) * len(names) <= _MOST_COMPARED else [],
            [name for name in names if set(words_of(host)) <= set(words_of(name))],
            [name for name in names if _kind(name, self._reading) == host.lower()],
            [name for name, _ in self._serving],
        )
        return next((found for found in grounds if found), [])

    # --- a server that said no

    def of_server(self, host: str) -> str:
        """A host that is no loopback one, and has an address."""
        failure, topology = self.failure, self._reading.topology
        if host == GATEWAY:
            return self._of_gateway() or (
                "the address is right; on the host nothing took it: is that program up, and does it listen on more "
                "than 127.0.0.1?"
            )
        if failure.resolved is not None and is_loopback(failure.resolved):
            return (
                f"{host} resolves to {failure.resolved} in {self._who}, the container itself: an `extra_hosts` entry "
                "or the image's hosts file says so; take it away"
            )
        reader = self._reader()
        target = topology.leads_to(reader, host) if reader else topology.bearer(host)
        if reader and target is None and (bearer := topology.bearer(host)) and topology.reaches(reader, bearer):
            return topology.shadow(reader, bearer)
        if target is None and is_container_ip(host) and failure.port:
            found = serving(failure.service, failure.port, self._reading)
            target = topology.bearer(found[0][0]) if len(found) == 1 else None
        elif target is None and not is_container_ip(host):
            return f"{host} is no service of this project: nothing here to mend"
        name = target or "the service"
        inside = self._reading.ports.published(target).get(failure.port or 0) if target else None
        if target and inside and not self._reading.ports.listens(target, failure.port or 0):
            return f"{failure.port} is {target}'s port on the host: inside the project it is {target}:{inside}"
        if apart := self._apart(failure.service, target):
            return apart
        if failure.kind == "timeout":
            return f"the address is right; {name} did not answer: is it up, and does it listen on this port?"
        return (
            f"the address is right; {name} refused: is it up (`docker compose ps`), does it listen on 0.0.0.0 and on "
            "this port? If it was only slow to start: `depends_on` with `condition: service_healthy`"
        )

    def _of_gateway(self) -> str | None:
        found = serving(self.failure.service, self.failure.port, self._reading) if self.failure.port else []
        if not found:
            return None
        return f"a service of this project serves it: {found[0][0]}:{found[0][1]} instead of the way over the host"

    # --- what the sentences share

    def _apart(self, service: str | None, target: str | None) -> str:
        """That two services do not reach each other by name, "" if they do or are one."""
        topology = self._reading.topology
        if service not in topology.services or target not in topology.services:
            return ""
        if topology.owner(service) == topology.owner(target):
            return ""
        if topology.on_host(service):
            return f"{service} runs on the host's network, where the names of services mean nothing"
        together = topology.reaches(service, target)
        return "" if together else f"{service} and {target} share no network: give both the same one"

    def _reader(self) -> str | None:
        service = self.failure.service
        return service if service in self._reading.topology.services else None

    def _example(self) -> str:
        for name, _ in self._serving:
            if example := _EXAMPLES.get(_kind(name, self._reading) or ""):
                return f" (such as {example})"
        return ""

    def _target(self) -> str:
        return f"{self._serving[0][0]}:{self._serving[0][1]}" if len(self._serving) == 1 else ""

    def _words(self) -> dict[str, str]:
        target = self._target()
        return {
            "who": self._who,
            "instead": f", with {target}" if target else "",
            "instead_is": f": there it is {target}" if target else "",
        }


def serving(service: str | None, port: int, reading: Reading) -> list[tuple[str, int]]:
    """Who serves the port to the service, each with its container port: who publishes it, else who listens on it."""
    topology = reading.topology
    known = service if service in topology.services else None
    for endpoints in reading.ports.serving(port):
        found = dict.fromkeys(
            (host_for(topology, known or "", one.service), one.container_port)
            for one in endpoints
            if topology.active(one.service) and (not known or topology.reaches(known, one.service))
        )
        if found:
            return list(found)
    return []


def _place(destination: Destination) -> str:
    """File and line, the file by its name alone."""
    name = re.split(r"[/\\]", destination.path)[-1]
    beside = destination.beside
    more = f" and {beside[2]}" if beside and beside[1] == destination.path and beside[2] != destination.line else ""
    return f"{name}:{destination.line}{more}"


def _choices(reference: Reference) -> str:
    told = "; ".join(_choice(choice) for choice in reference.choices)
    return f": {told}" if told else ""


def _choice(choice: Choice) -> str:
    return f"{choice.replacement} ({choice.explanation})" if choice.explanation else choice.replacement


def _kind(name: str, reading: Reading) -> str | None:
    """The kind of server that bears the name, which need not be the service's own."""
    service = reading.topology.bearer(name)
    image = reading.ports.image(service) if service else None
    return image.kind if image else None


def doubtful(destinations: Iterable[Destination], service: str | None, reading: Reading) -> Iterator[Destination]:
    """Those whose host no network of the service resolves: no service's, or one out of reach; of names with a dot,
    which may be anywhere, only Docker's name of the host."""
    topology = reading.topology
    if service not in topology.services:
        return
    for one in destinations:
        resolves = bool(topology.answer(service, one.host).source)
        outside = "." in one.host and one.host != GATEWAY
        if not (is_loopback(one.host) or resolves or outside):
            yield one
