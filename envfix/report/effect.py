"""Which containers have to be made anew for a change to take effect, and which others that takes along?

Compose recreates a container whose configuration changed, and with it those that share its namespaces or volumes, but
of the services that a command names only these and what they depend on
(https://docs.docker.com/reference/cli/docker/compose/up/). So `up -d READER` alone leaves a sidecar behind in a network
namespace that is gone, and does not restart who asked for it with `depends_on: {READER: {restart: true}}`.
"""

import re
from collections.abc import Callable, Collection, Iterable

from envfix.compose.model import Project, Service
from envfix.project.topology import Topology

_SHARED = ("ipc", "pid")


def to_name(project: Project, readers: Iterable[str]) -> tuple[str, ...]:
    """The services for `up -d`: the readers, those that share a namespace or volumes with one of them and would be cut
    off, and those that want to be restarted with one; sorted."""
    topology = Topology(project)

    def goes_with(service: Service, other: str) -> bool:
        shared = topology.lender(service.name) == other or any(
            service.raw.get(key) == f"service:{other}" for key in _SHARED
        )
        volumes = any(str(item).partition(":")[0] == other for item in service.raw.get("volumes_from") or ())
        return shared or volumes or _restarts_with(service, other)

    return _grown(project, readers, goes_with)


def taken_along(
    project: Project, named: Collection[str], paths: Collection[str], variables: Collection[str]
) -> tuple[str, ...]:
    """The services that `up -d` with these `named` recreates too, since they are depended on and get changed values: by
    an env file at one of `paths`, or through one of the `variables` anywhere in their configuration (labels too)."""
    mention = re.compile(rf"\$\{{?(?:{'|'.join(map(re.escape, variables))})\b") if variables else None

    def changes(service: Service) -> bool:
        texts = [template.text for template in service.templates]
        texts += [entry.template for entry in service.entries if entry.template is not None]
        by_file = any(file.path in paths for file in service.env_files)
        return by_file or (mention is not None and any(map(mention.search, texts)))

    needed = _grown(project, named, lambda service, other: service.name in project.services[other].depends_on)
    return tuple(name for name in needed if name not in named and changes(project.services[name]))


def lends(project: Project, services: Iterable[str]) -> bool:
    """Whether one of the services lends its network namespace to another of the project."""
    topology = Topology(project)
    return not {topology.lender(name) for name in project.services}.isdisjoint(services)


def _restarts_with(service: Service, other: str) -> bool:
    wanted = service.raw.get("depends_on")
    condition = wanted.get(other) if isinstance(wanted, dict) else None
    return isinstance(condition, dict) and condition.get("restart") in (True, "true")


def _grown(project: Project, names: Iterable[str], goes_with: Callable[[Service, str], bool]) -> tuple[str, ...]:
    """The services, and all that go with one of them, one after the other."""
    found = [name for name in dict.fromkeys(names) if name in project.services]
    named = frozenset(found)
    left = [service for service in project.services.values() if service.name not in named]
    for name in found:
        joining = {other.name for other in left if goes_with(other, name)}
        if joining:
            found += sorted(joining)
            left = [other for other in left if other.name not in joining]
    return tuple(sorted(found))
