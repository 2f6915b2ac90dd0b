"""Which services stand alike as readers, so that what is found out about one of them holds for all?

Where an env file or an anchor gives many variables to many services, work would grow with the product of the two. The
services of a class are one reader with several names: whatever a rule asks of a reader, apart from its name, has one
answer for all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property, lru_cache

from envfix.compose.model import Service
from envfix.knowledge.images import NOT_JAVA
from envfix.project.listening import command_line
from envfix.project.ports import Ports
from envfix.records import Reader, Readers


class Members(tuple[str, ...]):
    """The services of a class, in the order of the project; sorted and as a set where that is asked for."""

    @cached_property
    def by_name(self) -> tuple[str, ...]:
        """The same, sorted."""
        return tuple(sorted(self))

    @cached_property
    def among(self) -> frozenset[str]:
        """The same as a set."""
        return frozenset(self)


class Classes:
    """The classes of a project's services. `alone`: each service is one of its own, which is the plain way, by which
    tests check the other."""

    def __init__(self, ports: Ports, *, alone: bool = False) -> None:
        self.ports = ports
        self.topology = ports.topology
        self._alone = alone
        self._standings: dict[str, tuple[object, ...]] = {}
        self._kept: dict[tuple[str, ...], Members] = {}
        self._readers: dict[tuple[tuple[int, Reader], ...], tuple[tuple[tuple[Members, Reader], ...], Readers]] = {}

    def of(self, services: Iterable[Service]) -> list[Members]:
        """The classes of services that get the same (which the caller sees to), in the order of their first ones.

        Invariant: two services of a class are started without a further profile, have a network namespace each, and no
        fixed address or name of the hosts file that is their own; they agree in networks, links, `extra_hosts`,
        `depends_on` and who depends on them, in the row of their well-known image, in build, mounts and command, and in
        their image's name where the project builds some. What they listen on and publish may differ: who could be meant
        by an address is asked alone (`resolver.meant`)."""
        classes: dict[tuple[object, ...], list[str]] = {}
        names = [service.name for service in services]
        for name in names:
            classes.setdefault((name,) if self._alone or len(names) == 1 else self._standing(name), []).append(name)
        return [self.members(members) for members in classes.values()]

    def members(self, names: Iterable[str]) -> Members:
        """These services as a class; the same object for the same services."""
        key = tuple(names)
        return self._kept.setdefault(key, Members(key))

    def readers(self, ways: Iterable[tuple[Members, Reader]]) -> Readers:
        """The services of these classes as readers, each with the first of its ways; the same object for the same
        classes, since thousands of addresses may be read by the same thousands of services."""
        kept = tuple(ways)  # with the result, so that no other object gets the id of one of them
        key = tuple((id(services), reader) for services, reader in kept)
        if key not in self._readers:
            told: set[str] = set()
            groups = []
            for services, reader in kept:
                left = services if told.isdisjoint(services) else Members(n for n in services if n not in told)
                groups += [(left.by_name, reader)] if left else []
                told.update(left)
            self._readers[key] = (kept, Readers(groups))
        return self._readers[key][1]

    def without(self, members: Members, apart: frozenset[str]) -> Members:
        """The members but for those in `apart`."""
        if apart.isdisjoint(members.among):
            return members
        # Not kept: thousands of addresses may each set another one apart of a class of thousands.
        return Members(name for name in members if name not in apart)

    def split(self, members: Members, apart: frozenset[str], crowds: Iterable[Iterable[str]] = ()) -> list[Members]:
        """The members that stay together, each of those in `apart` alone, but for those of the `crowds`, each of which
        stays together too; in the order of the first of each."""
        if len(members) == 1 or apart.isdisjoint(members.among):
            return [members]
        rest = self.without(members, apart)
        together = [self.members(crowd) for crowd in crowds]
        crowded = frozenset[str]().union(*together)
        parts = [self.members((name,)) for name in members if name in apart and name not in crowded] + together
        return sorted([*parts, rest] if rest else parts, key=lambda part: self.topology.rank[part[0]])

    def ranked(self, names: Iterable[str]) -> list[str]:
        """The services in the order of the project."""
        return sorted(names, key=self.topology.rank.__getitem__)

    def _standing(self, name: str) -> tuple[object, ...]:
        if name not in self._standings:
            self._standings[name] = (name,) if self._is_apart(name) else self._looks(name)
        return self._standings[name]

    def _is_apart(self, name: str) -> bool:
        """Whether something of the service's own decides what a name leads to in it."""
        topology, service = self.topology, self.topology.services[name]
        own_hosts = (line.partition("=")[2].strip().strip("[]") for line in service.extra_hosts)
        return (
            not topology.is_up(name)
            or self._sharing[topology.owner(name)] > 1
            or bool(service.hostname)
            or any(host.startswith("127.") or host == "::1" for host in own_hosts)
            or any(place.address for place in topology.attachments(name))
        )

    def _looks(self, name: str) -> tuple[object, ...]:
        ports, service, build = self.ports, self.topology.services[name], self.topology.services[name].build
        built = build and (
            build.context, build.dockerfile, build.inline, build.target, tuple(build.args.items()),
            tuple(build.additional_contexts.items()),
        )  # fmt: skip
        return (
            self.topology.standing(name),
            tuple(service.depends_on),
            self._dependents.get(name),
            id(ports.image(name)),  # a row of the table, which stays
            is_not_java(ports, name),
            built,
            service.image if ports.some_are_built or service.volumes else None,
            (service.volumes, service.command, service.entrypoint, service.working_dir),
        )

    @cached_property
    def _sharing(self) -> Counter[str]:
        """For each namespace the number of services in it."""
        return Counter(map(self.topology.owner, self.topology.services))

    @cached_property
    def _dependents(self) -> dict[str, frozenset[tuple[str, str]]]:
        found: dict[str, set[tuple[str, str]]] = {}
        for name, service in self.topology.services.items():
            for other, condition in service.depends_on.items():
                found.setdefault(other, set()).add((name, condition))
        return {name: frozenset(others) for name, others in found.items()}


def is_not_java(ports: Ports, name: str) -> bool:
    """Whether the service's image, command or name says that it runs in another runtime than Java's."""
    if name not in ports.not_java:
        service = ports.services[name]
        dockerfile = ports.dockerfile(name)
        base = (dockerfile.base if dockerfile is not None else service.image) or ""
        said = (base.rpartition("/")[2].partition(":")[0], name, command_line(service))
        ports.not_java[name] = any(map(_names_another_runtime, said))
    return ports.not_java[name]


@lru_cache(maxsize=256)
def _names_another_runtime(text: str) -> bool:
    return not NOT_JAVA.isdisjoint(map(str.lower, re.split(r"[^A-Za-z]+", text)))
