"""Which services does the name of a variable name, by its words?"""

from __future__ import annotations

from collections import Counter
from functools import cached_property

from envfix.knowledge.frameworks import SETTINGS_PREFIXES
from envfix.knowledge.names import words_of
from envfix.knowledge.words import SCREEN_WORDS
from envfix.project.ports import Endpoint, Ports
from envfix.resolver.case import Case, Scene

# Words that name no service in particular, so that a service called so is not meant by them.
_GENERIC = SCREEN_WORDS | frozenset(
    {"API", "APP", "BACKEND", "SERVER", "SERVICE", "MAIN", "CORE", "DEV", "PROD", "URL", "URI", "HOST", "BASE",
     "ENDPOINT", "ADDR", "ADDRESS", "PORT", "HTTP", "HTTPS", "AUTH", "ADMIN", "DB", "DATABASE", "NODE", "ROOT",
     "LOCAL", "TEST", "DOCKER", "CONTAINER", "SERVICES", "PUBLIC", "EXTERNAL", "GATEWAY", "PROXY", "NGINX"}
)  # fmt: skip
# Words with which a variable says that what stands before them is a service: `AUTH_SERVICE_URL`.
SERVICE_WORDS = frozenset({"SERVICE", "SVC", "MICROSERVICE", "MS"})
_SERVICE_FILLERS = SERVICE_WORDS | {"API", "SERVER", "APP"}
# Two words that begin alike as far as this are one: `TRANSFORM` and `transformer`, `SCHEDULE` and `scheduler`.
_STEM = 6
_MOST_NEAR = 200  # services that share a word: where more do it says of none that it is meant


def is_meant(scene: Scene, case: Case, candidates: list[Endpoint]) -> bool:
    """Whether scheme or name says that one of these is meant rather than the reader's own port."""
    return case.specific or bool(named_by(scene, case, candidates))


def named_by(scene: Scene, case: Case, candidates: list[Endpoint]) -> list[Endpoint]:
    """Those that the variable's name names."""
    near = set(scene.near(case.says.words))
    return [one for one in candidates if one.service in near and names_service(scene, case, one.service)]


def names_service(scene: Scene, case: Case, service: str) -> bool:
    """Whether the variable's name names the service, by its own words or by those of its image."""
    said, own = _words_for_others(scene, case, service), words_of(service)
    telling, plain = _telling_words(scene.ports, service)
    if any(_says(word, said) for word in telling):
        return True
    if len(own) > 1 and _runs(own, said):
        return True
    if any(_runs((*plain, word), said) for word in SERVICE_WORDS & set(said)):
        return True
    image = scene.ports.image(service)
    return image is not None and any(word.upper() in said for word in image.words)


def _words_for_others(scene: Scene, case: Case, service: str) -> tuple[str, ...]:
    """The words of the variable's name, without the prefix of a framework's settings where the reader is a worker of
    that very program (`DJANGO_SITE_URL` of a celery beside a service called django)."""
    said = case.says.words
    if said[:1] and said[0] in SETTINGS_PREFIXES and scene.ports.is_one_program(case.reader, service):
        return said[1:]
    return said


def _telling_words(ports: Ports, service: str) -> tuple[list[str], tuple[str, ...]]:
    """The words of a service's name each of which alone says that it is meant, and those that do so all together."""
    own = words_of(service)
    plain = tuple(word for word in own if word not in _SERVICE_FILLERS) or own
    telling = plain if len(plain) == 1 else [word for word in own if word not in ports.common_words]
    return [word for word in telling if word not in _GENERIC and len(word) > 1], plain


def _says(word: str, said: tuple[str, ...]) -> bool:
    if word in said:
        return True
    return len(word) >= _STEM and any(one[:_STEM] == word[:_STEM] for one in said if one not in _GENERIC)


def _runs(words: tuple[str, ...], within: tuple[str, ...]) -> bool:
    return any(within[at : at + len(words)] == words for at in range(len(within) - len(words) + 1))


# So that not every service is asked for every variable.


class ServicesByWord:
    """Finds the services that words may name."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def near(self, said: tuple[str, ...]) -> list[str]:
        """The services that have a word in common with a variable's, by which alone it can name them, in their order;
        `names_service` says of no other that it is named."""
        words = {*said, *(one[:_STEM] + "*" for one in said if len(one) >= _STEM)}
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
        telling, whole = _telling_words(self._ports, service)
        image = self._ports.image(service)
        words = {*telling, *(word[:_STEM] + "*" for word in telling if len(word) >= _STEM)}
        seldom = min(whole, key=self._shared.__getitem__, default="")
        return words | {seldom} | {word.upper() for word in (image.words if image is not None else ())}
