"""Which services are up together, and which of them share a network namespace?"""

from functools import cached_property

from envfix.compose.model import Project, Service
from envfix.compose.nodes import together
from envfix.shown import as_written

# Values of `network_mode` that stand for no network of the project; any other one is the name of a network
# (https://docs.docker.com/reference/compose-file/services/#network_mode).
HOST, NONE, BRIDGE = "host", "none", "bridge"
NAMELESS = {"host": HOST, "none": NONE, "bridge": BRIDGE, "default": BRIDGE}
_MOST_CONTAINERS = 50  # names beyond these are of no use to anyone, and a file may ask for any number


class Up:
    """The services that are up together: those that always are, and `more`."""

    def __init__(self, always: frozenset[str], more: frozenset[str] = frozenset()) -> None:
        self._always = always
        self._more = more

    def __contains__(self, name: object) -> bool:
        return name in self._always or name in self._more


class Namespaces:
    """The network namespaces of a project's services, which are named by strings: one that `network_mode` gives to
    another service is both's."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.services: dict[str, Service] = {**project.inactive, **project.services}
        self._up: dict[tuple[str, ...], Up] = {}
        self._owners: dict[str, str] = {}

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of each service in the project, the active ones first."""
        return {name: number for number, name in enumerate((*self.project.services, *self.project.inactive))}

    # --- what is up

    def active(self, name: str) -> bool:
        """Whether the service is brought up without a further profile."""
        return name in self.project.services

    def is_up(self, name: str) -> bool:
        """Whether `docker compose up` starts a container of it."""
        return self.active(name) and self.services[name].replicas > 0

    def _beside(self, *names: str) -> Up:
        """The services that are up when these are: the active ones, and all of an inactive one's profiles."""
        brought = tuple(name for name in names if not self.is_up(name))
        if brought not in self._up:
            profiles = {profile for name in brought for profile in self.services[name].profiles}
            more = {name for profile in profiles for name in self._of_profile.get(profile, ())}
            self._up[brought] = Up(self._always_up, frozenset(more.union(brought)))
        return self._up[brought]

    @cached_property
    def _always_up(self) -> frozenset[str]:
        return frozenset(filter(self.is_up, self.services))

    @cached_property
    def _of_profile(self) -> dict[str, list[str]]:
        """For each profile the services that it brings up."""
        found: dict[str, list[str]] = {}
        for name, service in self.services.items():
            for profile in service.profiles if service.replicas > 0 else ():
                found.setdefault(profile, []).append(name)
        return found

    # --- where a service stands

    def owner(self, name: str) -> str:
        """The service whose network namespace this one stands in: itself, or the one that its `network_mode` names, by
        `service:` or by the name of its container."""
        if name not in self._owners:
            path, owner = [name], name
            seen = {name}
            while (other := self.lender(owner)) and other not in seen:
                known = self._owners.get(other)
                if known is not None and self.lender(known) is None:
                    owner = known
                    break
                seen.add(other)
                path.append(other)
                owner = other
            # Whoever stands on the way has the same owner, but in a circle each another one.
            self._owners.update(dict.fromkeys(path if self.lender(owner) is None else (name,), owner))
        return self._owners[name]

    def lender(self, name: str) -> str | None:
        """The service whose network namespace this one is given, None where it has its own."""
        kind, _, other = (self.services[name].network_mode or "").partition(":")
        if kind == "service":
            return other if other in self.services else None
        return self._by_container.get(other) if kind == "container" else None

    def is_own(self, reader: str, service: str) -> bool:
        """Whether the two stand in one network namespace, so that localhost is both."""
        return self.owner(reader) == self.owner(service)

    def mode(self, name: str) -> str:
        """Where the service's namespace stands, if on no network by which names resolve: HOST, NONE, BRIDGE, or
        "container:..." and "service:..." for a container that is none of this project; else ""."""
        mode = self.services[self.owner(name)].network_mode or ""
        return mode if ":" in mode else NAMELESS.get(mode, "")

    def profiles(self, name: str) -> tuple[str, ...]:
        """The profiles that bring the service up, as the compose file writes them."""
        return tuple(map(as_written, self.services[name].profiles))

    def on_host(self, name: str) -> bool:
        """Whether the service runs in the host's network namespace."""
        return self.mode(name) == HOST

    @cached_property
    def _by_container(self) -> dict[str, str]:
        """The services by the names of their containers."""
        found: dict[str, str] = {}
        for name, service in self.services.items():
            for container in container_names(self.project.name, service):
                found.setdefault(container, name)
        return found


def container_names(project: str, service: Service) -> tuple[str, ...]:
    """The names of the service's containers: the one it is given, else PROJECT-SERVICE-1 and so on."""
    if service.container_name:
        return (service.container_name,)
    count = min(max(service.replicas, 1), _MOST_CONTAINERS)
    return tuple(together(project, f"-{service.name}-{number}") for number in range(1, count + 1))
