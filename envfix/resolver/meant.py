"""Which services may an address be about, so that each of them must be asked for itself?

What a reader needs hangs on whether it is itself the service that a rule comes upon, by a port, by a name, or by the
compose file's word for it. For all others of its class there is one answer.
"""

from __future__ import annotations

from collections.abc import Iterator

from envfix.addresses import find_addresses
from envfix.knowledge.names import dialect_names, port_names
from envfix.project.uses import Found
from envfix.resolver.case import Case, Scene
from envfix.resolver.choose import STEM, names_service, telling_words
from envfix.resolver.readers import WHOLE


class Meant:
    """The services that an address may be about."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self._by_word: dict[str, list[str]] | None = None

    def of(self, case: Case) -> frozenset[str]:
        """Every service of the project that a rule may come upon when it looks at this use, and those whose
        `environment:` says more of the variable."""
        scene, found = self.scene, case.found
        services = {service for service, _ in scene.literals.get(found.use.variable, ())}
        services.update(scene.topology.bearers(found.address.host))
        if case.default.named is not None:
            services.add(case.default.named.service)
            services.update(scene.topology.bearers(case.default.named.service))
        if case.port.number is not None:
            published, container = scene.ports.serving(case.port.number, found.address.host)
            services.update(one.service for one in (*published, *container))
        services.update(scene.ports.of_kinds(case.kinds | {case.family}))
        services.update(name for name in self._named(case) if names_service(scene, case, name))
        if found.use.entry is None:
            companions = (*port_names(case.name), *dialect_names(case.name), *WHOLE)
            services |= scene.reading.setting(case.name, companions)
        return frozenset(services)

    def beside(self, found: Found) -> frozenset[str]:
        """The services that env files beside the judged one name in the same variable."""
        leaf, topology = found.host.leaf, self.scene.topology
        if leaf.binding < 0:
            return frozenset()
        name = self.scene.reading.documents[leaf.path].bindings[leaf.binding].name
        values = (
            one.value for sibling in self.scene.siblings(leaf.path) for one in sibling.bindings if one.name == name
        )
        there = (address for value in values if value for address in find_addresses(value, topology.names_known))
        return frozenset(service for address in there for service in topology.bearers(address.host))

    def _named(self, case: Case) -> Iterator[str]:
        """The services that have a word in common with the variable, by which alone it can name them."""
        if self._by_word is None:
            self._by_word = {}
            for name in self.scene.topology.services:
                for word in self._words(name):
                    self._by_word.setdefault(word, []).append(name)
        said = case.says.words
        for word in {*said, *(one[:STEM] + "*" for one in said if len(one) >= STEM)}:
            yield from self._by_word.get(word, ())

    def _words(self, service: str) -> set[str]:
        """Words of which a variable that names the service has one: each telling one, and its beginning; one that all
        its other spellings have; and those of its image."""
        telling, whole = telling_words(self.scene.ports, service)
        image = self.scene.ports.image(service)
        words = {*telling, *(word[:STEM] + "*" for word in telling if len(word) >= STEM)}
        seldom = next((word for word in whole if word not in self.scene.ports.common_words), *whole[:1])
        return words | {seldom} | {word.upper() for word in (image.words if image is not None else ())}
