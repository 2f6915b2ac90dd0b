"""What does one reader need this address to be?"""

from __future__ import annotations

from envfix.knowledge.names import dialect_names, port_names
from envfix.project.uses import Found, Reading
from envfix.resolver.beside import named_beside
from envfix.resolver.case import Case, Siblings, case_of, port_of, scene_of
from envfix.resolver.choose import names_service, rewrite
from envfix.resolver.keep import stays
from envfix.resolver.needs import Need
from envfix.resolver.readers import beside_the_whole, of_a_stranger
from envfix.resolver.target import need_by_target


class Judge:
    """The rules over one reading of a project: first whether the address stays (`keep`), then who serves it
    (`target`). `comments` are the comment lines above the judged bindings, by file and number of the binding."""

    def __init__(self, reading: Reading, comments: dict[tuple[str, int], tuple[str, ...]], siblings: Siblings) -> None:
        self.reading = reading
        self.topology = reading.topology
        self.ports = reading.ports
        self.scene = scene_of(reading, comments, siblings)
        self._known: dict[tuple[object, ...], Need] = {}
        self._involved: dict[tuple[object, ...], frozenset[str]] = {}
        self._standings: dict[str, tuple[object, ...] | None] = {}

    def need(self, found: Found) -> Need:
        """What the service of this use needs the address to be; asked once of services that stand alike towards it."""
        key = self._alike(found)
        if key is None:
            return self._need(found)
        if key not in self._known:
            self._known[key] = self._need(found)
        return self._known[key]

    def _need(self, found: Found) -> Need:
        case = case_of(self.scene, found)
        need = stays(self.scene, case) or need_by_target(self.scene, case)
        need = self._as_beside(case, need)
        return beside_the_whole(self.scene, case, need) or of_a_stranger(self.scene, case, need) or need

    def _as_beside(self, case: Case, need: Need) -> Need:
        """What is undecided, or nobody's, is decided by an env file beside this one that names the service; so is a
        wildcard that would else be taken for a place to listen on, which for the named service itself it is."""
        wildcard = need.reason == "bind" and case.address.kind == "wildcard" and not case.says.listens
        if need.verdict != "ask" and need.reason != "no-target" and not wildcard:
            return need
        said = named_beside(self.scene, case)
        if said is None:
            return need
        if self.topology.is_own(case.reader, said.service):
            return need._replace(passive=True) if wildcard else need
        return rewrite(self.scene, case, said, said.detail)

    def _alike(self, found: Found) -> tuple[object, ...] | None:
        """What decides for a service that an env file alone gives the variable to: where it stands in the networks.
        None for one that must be asked itself: the compose file says more, or it serves the port, or is a known
        server."""
        use, leaf = found.use, found.host.leaf
        standing = self._standing(use.service) if use.entry is None else None
        if standing is None:
            return None
        about = (use.way, use.place, use.variable, leaf.path, leaf.binding, leaf.offset, found.address.start)
        if about not in self._involved:
            self._involved[about] = self._serving(found)
        own = self.reading.own_names(self.topology.services[use.service])
        if use.service in self._involved[about] or (own and not own.isdisjoint(_beside(use.variable))):
            return None
        return (standing, about)

    def _standing(self, name: str) -> tuple[object, ...] | None:
        """What of a service counts for whom it reaches; None for a known server, which answers for itself."""
        if name not in self._standings:
            topology, ports = self.topology, self.ports
            alone = topology.owner(name) == name
            known = ports.image(name) is not None
            service = topology.services[name]
            own = (service.entries, tuple(service.depends_on), None if service.build else service.image)
            self._standings[name] = None if known else (topology.standing(name), alone, ports.serves_pages(name), own)
        return self._standings[name]

    def _serving(self, found: Found) -> frozenset[str]:
        """The services that the address may mean: what one of them needs is no answer for others."""
        told = {service for service, _ in self.scene.literals.get(found.use.variable, ())}
        number = port_of(self.reading, found).number
        if number is not None:
            published, container = self.ports.serving(number, found.address.host)
            return frozenset(told | {one.service for one in (*published, *container)})
        case = case_of(self.scene, found)
        told |= {name for name in self.topology.services if names_service(self.scene, case, name)}
        return frozenset(told | set(self.ports.of_kinds(case.kinds)))


def _beside(name: str) -> tuple[str, ...]:
    """The variables beside one that say its port or its product."""
    return (*port_names(name), *dialect_names(name))
