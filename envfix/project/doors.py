"""Which ports of the machine lead to which services? A service may publish every port that there is, and be asked for
each address: so each question is a look-up."""

from collections.abc import Mapping
from functools import cached_property

from envfix.project.namespaces import HOST, NONE
from envfix.project.publications import Publication, publications
from envfix.project.topology import Topology

_MOST_DOORS = 20  # of one port of the machine to one service; the engine opens one


class Doors:
    """The ports of the machine of a project's services, worked out once and only as far as they are asked for."""

    def __init__(self, topology: Topology) -> None:
        self.topology = topology
        self.project = topology.project
        self.services = topology.services
        self._publications: dict[str, tuple[Publication, ...]] = {}
        self._by_number: dict[str, dict[int, Publication]] = {}
        self._behind: dict[str, dict[int, int]] = {}
        self._leading: dict[str, dict[int, Publication]] = {}

    def publications(self, name: str) -> tuple[Publication, ...]:
        """What leads from the machine to the service. Without a network of its own nothing does: on the host's network
        `ports:` is discarded (https://docs.docker.com/engine/network/drivers/host/)."""
        if name not in self._publications:
            cut_off = self.topology.mode(name) in (HOST, NONE)
            self._publications[name] = () if cut_off else tuple(publications(self.services[name]))
        return self._publications[name]

    def doors(self, name: str) -> Mapping[int, Publication]:
        """What leads to the service, by the port of the machine; where several do, the first."""
        if name not in self._by_number:
            self._by_number[name] = {one.published: one for one in reversed(self.publications(name))}
        return self._by_number[name]

    def published(self, name: str) -> dict[int, int]:
        """Ports of the machine that lead to the service, with their container ports, on whatever address."""
        if name not in self._behind:
            self._behind[name] = {number: one.container_port for number, one in self.doors(name).items()}
        return self._behind[name]

    def leading_to(self, name: str, port: int) -> Publication | None:
        """What leads from the machine to the service's container port, else what has this number on the machine; where
        several do, one that a program there finds at localhost."""
        if name not in self._leading:
            ordered = sorted(self.publications(name), key=lambda one: not one.answers("localhost"))
            by_number = {one.published: one for one in reversed(ordered)}
            self._leading[name] = by_number | {one.container_port: one for one in reversed(ordered)}
        return self._leading[name].get(port)

    @cached_property
    def by_published(self) -> dict[int, list[tuple[str, Publication]]]:
        """For each port of the machine the services that publish it, active ones first."""
        found: dict[int, list[tuple[str, Publication]]] = {}
        for name in self.topology.rank:
            for one in dict.fromkeys(self.publications(name)):
                there = found.setdefault(one.published, [])
                if len(there) < _MOST_DOORS or there[-_MOST_DOORS][0] != name:
                    there.append((name, one))
        return found

    def discarded(self, port: int) -> tuple[str, int] | None:
        """The first service on the host's network whose `ports:` would publish the port on any other, with the port on
        which it listens instead."""
        return self._discarded.get(port)

    @cached_property
    def _discarded(self) -> dict[int, tuple[str, int]]:
        found: dict[int, tuple[str, int]] = {}
        for name in filter(self.topology.on_host, self.services):
            for one in publications(self.services[name]):
                if one.published != one.container_port:
                    found.setdefault(one.published, (name, one.container_port))
        return found
