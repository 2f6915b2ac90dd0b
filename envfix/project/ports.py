"""Who serves this port, and by which evidence?

The answer for a port is a list of `Endpoint`, published ports first, then container ports; `Ports` holds what is known
of every service, worked out once and only as far as it is asked for. Who can reach them is the topology's to say.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property, reduce
from itertools import islice
from operator import or_
from typing import TYPE_CHECKING

from envfix.addresses import loopback_ips
from envfix.compose.model import Origin, Service
from envfix.compose.nodes import origin_of
from envfix.compose.short_syntax import port_of
from envfix.knowledge.images import Image
from envfix.knowledge.names import words_of
from envfix.knowledge.own_address import OWN_ADDRESS_NAMES, OWN_PORT_NAMES
from envfix.named_tuples import NamedTuple
from envfix.project.doors import Doors
from envfix.project.listening import (
    Advertised,
    advertised_by,
    command_line,
    ports_of_command,
    ports_of_environment,
    ports_of_expose,
    ports_of_healthcheck,
    ports_of_image,
    ports_of_labels,
)
from envfix.project.stock import Script, client_script, moved_ports, stock_image, web_server_of
from envfix.project.topology import Topology
from envfix.reasons import Reason

if TYPE_CHECKING:
    from envfix.dockerfile.stages import Dockerfile


_ENDED = "service_completed_successfully"
# So many characters are read of Dockerfiles, anew for each build with other arguments; a step counts for some.
_MOST_READ, _STEP = 2_000_000, 100
_MOST_SERVERS = 100  # of one kind, each of which is looked at for each address


class Endpoint(NamedTuple):
    """A service that serves a port. `published` is the port on the host by which it was found, None where it was found
    by its container port; `evidence` is "published" or "container", `detail` says how it is known.
    `host` is the name by which its readers reach it, "" as long as nobody has asked."""

    service: str
    container_port: int
    published: int | None
    evidence: Reason
    detail: str
    host: str = ""


class Ports(Doors):
    """What is known of the services of a project: images, what they listen on, what they publish."""

    def __init__(self, topology: Topology) -> None:
        super().__init__(topology)
        self._images: dict[str, Image | None] = {}
        self._main_ports: dict[str, int] = {}
        self._scripts: dict[str, Script | None] = {}
        self._dockerfiles: dict[str, Dockerfile | None] = {}
        self._built: dict[object, Dockerfile | None] = {}
        self._advertised: dict[str, tuple[Advertised, ...]] = {}
        self._container_ports: dict[str, dict[int, str]] = {}
        self._written: dict[str, dict[int, Origin | None]] = {}
        self._of_kinds: dict[frozenset[str], list[str]] = {}
        self._doors: dict[tuple[object, ...], list[Endpoint]] = {}
        self._inside: dict[int, list[Endpoint]] = {}
        self._named: dict[int, frozenset[str | None]] = {}
        self._waits: dict[str, int] = {}
        self._waiting_out: dict[str, int] = {}
        self._read = 0
        self.not_java: dict[str, bool] = {}  # kept for `classes.is_not_java`

    def up_first(self, found: list[Endpoint]) -> list[Endpoint]:
        """Those whose containers are started without a further profile; all where none is."""
        return [one for one in found if self.topology.is_up(one.service)] or found

    def may_listen_anywhere(self, name: str) -> bool:
        """Whether nothing at all is known of where the service listens."""
        return self.image(name) is None and self.serves(name) and not self.container_ports(name)

    def waits_for(self, name: str, other: str) -> bool:
        """Whether the service depends on the other one, by `depends_on`, directly or not."""
        return bool(self._ahead(name) & self._bit(other))

    def starts_after(self, name: str, job: str) -> bool:
        """Whether the service is started only when the job has ended, so that the job never finds it: it waits for that
        itself, or for another that does (https://docs.docker.com/reference/compose-file/services/#depends_on)."""
        if not self.ends(job):
            return False
        if job not in self._waiting_out:
            waiting = (one for one, service in self.services.items() if service.depends_on.get(job) == _ENDED)
            self._waiting_out[job] = sum(map(self._bit, waiting))
        return bool((self._ahead(name) | self._bit(name)) & self._waiting_out[job])

    def _bit(self, name: str) -> int:
        """A bit for each service, by its place in the project. Sets of services are such numbers here: thousands may
        depend on thousands, and be asked for each address."""
        return 1 << self.topology.rank[name] if name in self.services else 0

    def _ahead(self, name: str) -> int:
        """The services for which this one waits, directly or not."""
        if name not in self._waits:
            found, ahead = 0, self._depended_on[self.topology.rank[name]]
            while new := ahead & ~found:
                found, ahead = found | new, 0
                while new:
                    ahead |= self._depended_on[new.bit_length() - 1]
                    new ^= 1 << new.bit_length() - 1
            self._waits[name] = found
        return self._waits[name]

    @cached_property
    def _depended_on(self) -> list[int]:
        """For each service those that its `depends_on` names, in the order of the project."""
        return [reduce(or_, map(self._bit, self.services[name].depends_on), 0) for name in self.topology.rank]

    def serves(self, name: str) -> bool:
        """Whether the service is there to be connected to: no helper that runs once, such as a script or a client on a
        server's image, which other services wait for to end."""
        return not self.ends(name) and self.script(name) is None

    def ends(self, name: str) -> bool:
        """Whether the service is a job: others wait for it to end before they start."""
        return name in self._waited_out

    def script(self, name: str) -> Script | None:
        """The script or client that the service starts on the image of a server, if it does."""
        if name not in self._scripts:
            image = self.image(name)
            self._scripts[name] = client_script(self.services[name], image) if image is not None else None
        return self._scripts[name]

    @cached_property
    def _waited_out(self) -> frozenset[str]:
        """The services that others wait for to end (`condition: service_completed_successfully`)."""
        waits = (wait for service in self.services.values() for wait in service.depends_on.items())
        return frozenset(name for name, condition in waits if condition == _ENDED)

    def of_kinds(self, kinds: frozenset[str]) -> list[str]:
        """The services that are servers of one of these kinds, by their images: of hundreds the first."""
        if kinds.isdisjoint(self._families):
            return []
        if kinds not in self._of_kinds:
            servers = self._servers.items()
            fitting = (name for name, families in servers if not kinds.isdisjoint(families))
            self._of_kinds[kinds] = list(islice(fitting, _MOST_SERVERS))
        return self._of_kinds[kinds]

    @cached_property
    def _servers(self) -> dict[str, frozenset[str]]:
        """The servers from well-known images, each with the kinds of server that it is."""
        known = {name: image for name in self.services if (image := self.image(name)) is not None}
        return {name: image.families for name, image in known.items() if self.serves(name)}

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset().union(*self._servers.values())

    @cached_property
    def some_are_built(self) -> bool:
        """Whether the project builds an image."""
        return any(service.build is not None for service in self.services.values())

    def main_port(self, name: str) -> int:
        """The port that the service is there for, 0 where nothing says any."""
        if name not in self._main_ports:
            image, ports = self.image(name), self.container_ports(name)
            documented: Iterable[int] = image.ports if image is not None else ()
            self._main_ports[name] = next((port for port in documented if port in ports), min(ports, default=0))
        return self._main_ports[name]

    def image(self, name: str) -> Image | None:
        """The well-known image of a service, as `stock_image` has it."""
        if name not in self._images:
            self._images[name] = stock_image(self.services[name], self.dockerfile(name))
        return self._images[name]

    def serves_pages(self, name: str) -> bool:
        """Whether the service is a web server's image with a site copied into it: what it is told may go into the
        pages as well as into its own configuration."""
        return web_server_of(self.dockerfile(name)) is not None

    def dockerfile(self, name: str) -> "Dockerfile | None":
        """The Dockerfile that builds the service's image; None where none is built, or none can be read."""
        build = self.services[name].build
        if build is None:
            return None
        if name not in self._dockerfiles:
            from envfix.dockerfile.stages import read_dockerfile  # only for what is built

            if build.key not in self._built:
                words = (build.context, build.dockerfile, build.target, build.inline)
                built = read_dockerfile(*words, build.args) if self._read < _MOST_READ else None
                self._built[build.key] = built
                self._read += built.size + _STEP * sum(len(one.steps) for one in built.stages) if built else 0
            self._dockerfiles[name] = self._built[build.key]
        return self._dockerfiles[name]

    def written_at(self, name: str, port: int) -> Origin | None:
        """Where `ports:` names the service's container port; None where it does not."""
        if name not in self._written:
            entries = self.services[name].raw.get("ports") or ()
            named = [(one.target, entry) for entry in entries if (one := port_of(entry)) is not None]
            self._written[name] = {target: origin_of(entry) for target, entry in reversed(named)}
        return self._written[name].get(port)

    def container_ports(self, name: str) -> dict[int, str]:
        """The ports that the service listens on as far as anything says so, each with how it is known."""
        if name not in self._container_ports:
            self._container_ports[name] = self._listening(name)
        return self._container_ports[name]

    def listens(self, name: str, port: int) -> bool:
        """Whether a service of this one's network namespace is known to listen on the port."""
        return port in self._listened[self.topology.owner(name)]

    @cached_property
    def _listened(self) -> dict[str, set[int]]:
        """For each network namespace, by its owner, the ports that its services listen on."""
        found: dict[str, set[int]] = {}
        for name in self.services:
            found.setdefault(self.topology.owner(name), set()).update(self.container_ports(name))
        return found

    def _listening(self, name: str) -> dict[int, str]:
        """The surest way of knowing comes first and stands."""
        service, image, dockerfile = self.services[name], self.image(name), self.dockerfile(name)
        found = {port.target: "its ports: name it" for port in service.ports if port.protocol == "tcp"}
        told = {**ports_of_command(service), **ports_of_labels(service)}
        moved = moved_ports(image, service) if image is not None else ()
        if image is None:
            told = {**told, **ports_of_environment(self._of_its_own(service))}
        documented = image is not None and not (told and image.kind in _MOVED_BY_FLAG) and self.serves(name)
        exposed = dockerfile.exposes if dockerfile is not None and self._serves_its_build(name) else ()
        sources: tuple[dict[int, str], ...] = (
            ports_of_expose(service),
            told,
            {one.port: one.detail for one in moved},
            ports_of_healthcheck(service),
            dict.fromkeys(exposed, "its Dockerfile exposes it"),
            ports_of_image(image, service) if image is not None and documented else {},
        )
        for source in sources:
            for number, detail in source.items():
                found.setdefault(number, detail)
        return found

    def _serves_its_build(self, name: str) -> bool:
        """Whether what the Dockerfile exposes is this service's: not that of a worker, which starts another command on
        an image that it shares with the server, and publishes nothing."""
        service = self.services[name]
        if not self.serves(name):
            return False
        if service.ports or service.expose or not (service.command or service.entrypoint):
            return True
        return all(other == name for other in self._serving_builds[service.build and service.build.key][:2])

    @cached_property
    def _serving_builds(self) -> dict[object, list[str]]:
        """For each build the services that may serve what its Dockerfile exposes."""
        found: dict[object, list[str]] = {}
        for name, service in self.services.items():
            serving = found.setdefault(service.build and service.build.key, [])
            if len(serving) < 2 and self._may_serve(service, self.dockerfile(name)):
                serving.append(name)
        return found

    def _may_serve(self, service: Service, dockerfile: "Dockerfile | None") -> bool:
        if service.ports or service.expose or not (service.command or service.entrypoint):
            return True
        exposed = dockerfile.exposes if dockerfile is not None else ()
        return not ports_of_command(service).keys().isdisjoint(exposed)

    def is_one_program(self, name: str, other: str) -> bool:
        """Whether two services run one and the same code, as a server and its worker do: one image that is built here
        or, in a project that builds some, bears a namespace (official ones, of languages, have none:
        https://docs.docker.com/docker-hub/image-library/trusted-content/), with the same folders mounted into it."""
        one, two = self.services[name], self.services[other]
        if one.image is not None and one.image == two.image:
            built = one.build is not None or two.build is not None
            same = built or (self.some_are_built and "/" in one.image)
        else:
            same = one.build is not None and one.build == two.build
        mounted = {mount.target: mount.source for mount in one.volumes if mount.type == "bind"}
        return same and all(mounted.get(m.target, m.source) == m.source for m in two.volumes if m.type == "bind")

    def _of_its_own(self, service: Service) -> Mapping[str, str | None]:
        """The variables of a server's own port that speak of this service alone: what `environment:` sets, and an env
        file that no other application gets; none that begins with the name of another service (`API_PORT` of a worker
        beside the api)."""
        shared = any(self._applications_with[file.path] > 1 for file in service.env_files)
        set_here = {entry.name for entry in service.entries}
        own = set(words_of(service.name))
        return {
            name: service.environment[name]
            for name in OWN_PORT_NAMES | OWN_ADDRESS_NAMES
            if name in service.environment
            and (name in set_here or not shared)
            and self._name_words.isdisjoint(set(words_of(name)[:1]) - own)
        }

    @cached_property
    def _name_words(self) -> frozenset[str]:
        return frozenset(word for name in self.services for word in words_of(name))

    @cached_property
    def _applications_with(self) -> dict[str, int]:
        """For each env file how many services get it that are no stock image."""
        count: dict[str, int] = {}
        for name, service in self.services.items():
            for path in {file.path for file in service.env_files}:
                count[path] = count.get(path, 0) + (self.image(name) is None)
        return count

    @cached_property
    def by_container(self) -> dict[int, list[tuple[str, str]]]:
        """For each container port the services that listen on it, active ones first, each with how it is known."""
        found: dict[int, list[tuple[str, str]]] = {}
        for name in self.topology.rank:
            for number, detail in self.container_ports(name).items():
                found.setdefault(number, []).append((name, detail))
        return found

    @cached_property
    def common_words(self) -> frozenset[str]:
        """Words that tell no service from another: those of the project's name, and those that several services share
        (`langfuse-web`, `langfuse-worker`)."""
        seen: dict[str, int] = {}
        for name in self.services:
            for word in set(words_of(name)):
                seen[word] = seen.get(word, 0) + 1
        return frozenset(words_of(self.project.name)) | {word for word, count in seen.items() if count > 1}

    def serving(self, port: int, host: str = "localhost") -> tuple[list[Endpoint], list[Endpoint]]:
        """The services that publish the port where a program on the machine finds it at `host`, a loopback one, and
        those that listen on it inside, whoever reads. The lists are kept, and must not be changed."""
        doors = self.by_published.get(port, ())
        key = (port, self._as_asked(port, host))
        if key not in self._doors:
            published = [
                Endpoint(name, one.container_port, port, "published", f"{name} publishes {port}:{one.container_port}")
                for name, one in doors
                if one.answers(host)
            ]
            self._doors[key] = list(dict.fromkeys(published))
        if port not in self._inside:
            self._inside[port] = [
                Endpoint(name, port, None, "container", f"{name} listens on {port}: {detail}")
                for name, detail in self.by_container.get(port, ())
            ]
        return self._doors[key], self._inside[port]

    def _as_asked(self, port: int, host: str) -> tuple[object, ...]:
        """What of a loopback host decides who answers at the port: addresses that `ports:` names, else their kind."""
        if port not in self._named:
            self._named[port] = frozenset(one.host_ip for _, one in self.by_published.get(port, ()))
        return tuple(ip if ip in self._named[port] else ":" in ip for ip in loopback_ips(host))

    def candidates(self, port: int) -> int:
        """How many services at the most there are to choose from at the port."""
        return len(self.by_published.get(port, ())) + len(self.by_container.get(port, ()))

    def advertised(self, name: str) -> tuple[Advertised, ...]:
        """The listeners that a Kafka broker advertises to its clients, () where nothing says so."""
        if name not in self._advertised:
            service = self.services[name]
            self._advertised[name] = advertised_by(service.environment, command_line(service))
        return self._advertised[name]


# Servers whose one port moves when the command line names another; other images add to their ports.
_MOVED_BY_FLAG = frozenset({"postgres", "mysql", "redis", "memcached", "mongodb", "cockroach"})
