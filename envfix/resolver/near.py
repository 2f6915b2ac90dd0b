"""Which services may the words of a variable's name mean? So that not every one is asked for every variable."""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from envfix.knowledge.names import words_of
from envfix.project.ports import Ports
from envfix.resolver.choose import STEM, telling_words

_MOST_NEAR = 200  # services that share a word: where more do it says of none that it is meant


class ServicesByWord:
    """Finds the services that words may name."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def near(self, said: tuple[str, ...]) -> list[str]:
        """The services that have a word in common with a variable's, by which alone it can name them, in their order;
        `names_service` says of no other that it is named."""
        words = {*said, *(one[:STEM] + "*" for one in said if len(one) >= STEM)}
        found = {place for word in words for place in self._places.get(word, ())[:_MOST_NEAR]}
        return [self._services[place] for place in sorted(found)]

    @cached_property
    def _services(self) -> list[str]:
        return [*self._ports.services]

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, name in enumerate(self._services):
            for word in self._words(name):
                found.setdefault(word, []).append(place)
        return found

    @cached_property
    def _shared(self) -> Counter[str]:
        """How many services have each word in their names."""
        return Counter(word for name in self._services for word in frozenset(words_of(name)))

    def _words(self, service: str) -> set[str]:
        """Words of which a variable that names the service has one: each telling one, and its beginning; one that all
        its other spellings have; and those of its image."""
        telling, whole = telling_words(self._ports, service)
        image = self._ports.image(service)
        words = {*telling, *(word[:STEM] + "*" for word in telling if len(word) >= STEM)}
        seldom = min(whole, key=self._shared.__getitem__, default="")
        return words | {seldom} | {word.upper() for word in (image.words if image is not None else ())}
