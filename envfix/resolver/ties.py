"""Which of several servers that could be meant is it? The first evidence that leaves one decides."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from envfix.addresses import find_addresses
from envfix.knowledge.names import words_of
from envfix.project.ports import Endpoint
from envfix.project.provenance import EMPTY
from envfix.resolver.beside import named_beside
from envfix.resolver.case import Case, Scene

Evidence = Callable[[Scene, Case, list[Endpoint]], list[Endpoint]]
# Words that set a server apart from the one that is meant where nothing is said.
_APART = frozenset({"TEST", "TESTS", "TESTING", "CI", "E2E", "SHADOW", "REPLICA", "SLAVE", "SECONDARY", "BACKUP"})


def unbroken(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """What is left of the candidates: one where some evidence names it, else all; and all where the compose file tells
    the reader of servers of the kind in another way (`REDIS_SENTINELS`), which may be the one that it uses."""
    if _told_otherwise(scene, case):
        return tied
    for evidence in _EVIDENCE:
        left = evidence(scene, case, tied)
        if len({scene.topology.owner(one.service) for one in left}) == 1:
            return left
    return tied


def _depended_on(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that the reader waits for by `depends_on`."""
    waits = scene.topology.services[case.reader].depends_on
    return [one for one in tied if one.service in waits]


def _told_otherwise(scene: Scene, case: Case) -> bool:
    for entry in scene.topology.services[case.reader].entries:
        if entry.name != case.found.use.variable and words_of(entry.name)[:1] == case.says.words[:1]:
            text = scene.reading.entry_text(entry) or EMPTY
            if any(one.kind == "name" for one in find_addresses(text.value, scene.topology.names_known)):
                return True
    return False


def _beside(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """The one that an env file beside this one names."""
    said = named_beside(scene, case)
    return [one for one in tied if said is not None and one.service == said.service]


def _database(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that are told to create the database that the address names: `POSTGRES_DB`, `MYSQL_DATABASE`, ..."""
    wanted = case.address.path.strip("/").partition("/")[0]
    if not wanted:
        return []
    return [one for one in tied if wanted in _created(scene, one.service)]


def _created(scene: Scene, service: str) -> Iterator[str]:
    for name, value in scene.topology.services[service].environment.items():
        if value and words_of(name)[-1:] in (("DB",), ("DATABASE",), ("DATABASES",)):
            yield value


def _not_apart(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that are not set apart by a word which the variable does not have (`db` beside `db-test`)."""
    apart = _APART - set(case.says.words)
    return [one for one in tied if apart.isdisjoint(words_of(one.service))]


def _alike(scene: Scene, case: Case, tied: list[Endpoint]) -> list[Endpoint]:
    """Those that share most words with the variable, generic ones included."""
    said = set(case.says.words)
    shared = [len(said & set(words_of(one.service))) for one in tied]
    return [one for one, count in zip(tied, shared, strict=True) if count == max(shared) > 0]


_EVIDENCE: tuple[Evidence, ...] = (_depended_on, _beside, _database, _alike, _not_apart)
