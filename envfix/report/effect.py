"""Which containers have to be made anew for a change to take effect, and which others that takes along?

Compose recreates a container whose configuration changed, and with it those that share its namespaces or volumes, but
of the services that a command names only these and what they depend on
(https://docs.docker.com/reference/cli/docker/compose/up/). So `up -d READER` alone leaves a sidecar behind in a network
namespace that is gone, and does not restart who asked for it with `depends_on: {READER: {restart: true}}`.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from envfix.compose.model import Project, Service
from envfix.interpolation import variables as variables_in
from envfix.project.topology import Topology

_SHARED = ("ipc", "pid")


def to_name(project: Project, readers: Iterable[str]) -> tuple[str, ...]:
    """The services for `up -d`: the readers, those that share a namespace or volumes with one of them and would be cut
    off, and those that want to be restarted with one; sorted."""
    topology = Topology(project)
    going: dict[str, list[str]] = {}
    for name, service in project.services.items():
        for other in dict.fromkeys(_going_with(service, topology)):
            going.setdefault(other, []).append(name)
    return _grown(project, readers, lambda name: going.get(name, ()))


def _going_with(service: Service, topology: Topology) -> Iterator[str]:
    """The services with which this one goes."""
    lender = topology.lender(service.name)
    if lender is not None:
        yield lender
    for mode in (str(service.raw.get(key)) for key in _SHARED):
        if mode.startswith("service:"):
            yield mode.removeprefix("service:")
    for item in service.raw.get("volumes_from") or ():
        yield str(item).partition(":")[0]
    wanted = service.raw.get("depends_on")
    for other, condition in wanted.items() if isinstance(wanted, dict) else ():
        if isinstance(condition, dict) and condition.get("restart") in (True, "true"):
            yield str(other)


def taken_along(
    project: Project, named: Collection[str], paths: Collection[str], variables: Collection[str]
) -> tuple[str, ...]:
    """The services that `up -d` with these `named` recreates too, since they are depended on and get changed values: by
    an env file at one of `paths`, or through one of the `variables` anywhere in their configuration (labels too)."""
    changed = frozenset(variables)

    def changes(service: Service) -> bool:
        texts = [scalar.template for scalar in service.templates]
        texts += [entry.template for entry in service.entries if entry.template is not None]
        by_file = any(file.path in paths for file in service.env_files)
        return by_file or not all(changed.isdisjoint(variables_in(text)) for text in texts)

    needed = _grown(project, named, lambda name: project.services[name].depends_on)
    return tuple(name for name in needed if name not in named and changes(project.services[name]))


def lends(project: Project, services: Iterable[str]) -> bool:
    """Whether one of the services lends its network namespace to another of the project."""
    topology = Topology(project)
    return not {topology.lender(name) for name in project.services}.isdisjoint(services)


def _grown(project: Project, names: Iterable[str], going: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The services, and all that are `going` with one of them, one after the other."""
    found = [name for name in dict.fromkeys(names) if name in project.services]
    named = set(found)
    for name in found:
        joining = [other for other in going(name) if other in project.services and other not in named]
        named.update(joining)
        found += joining
    return tuple(sorted(named))
