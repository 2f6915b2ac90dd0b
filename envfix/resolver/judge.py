"""What does one reader need this address to be?"""

from __future__ import annotations

from collections.abc import Iterable

from envfix.envfile import EnvDocument
from envfix.project.uses import Found, Reading
from envfix.resolver.beside import named_beside
from envfix.resolver.case import Case, Siblings, case_of, scene_of
from envfix.resolver.choose import rewrite
from envfix.resolver.keep import stays
from envfix.resolver.meant import Meant
from envfix.resolver.needs import Need, ReaderNeed
from envfix.resolver.readers import beside_the_whole, of_a_stranger, of_a_test_run
from envfix.resolver.target import need_by_target


class Judge:
    """The rules over one reading of a project: first whether the address stays (`keep`), then who serves it
    (`target`). `comments` are the comment lines above the judged bindings, by file and number of the binding."""

    def __init__(self, reading: Reading, comments: dict[tuple[str, int], tuple[str, ...]], siblings: Siblings) -> None:
        self.reading = reading
        self.topology = reading.topology
        self.ports = reading.ports
        self._read_siblings = siblings
        self._beside_asked = False
        self.scene = scene_of(reading, comments, self._siblings)
        self._meant = Meant(self.scene)

    def needs(self, uses: Iterable[Found]) -> list[ReaderNeed]:
        """What the services of these uses of an address need it to be, in the order of the project."""
        rank = self.topology.rank
        return sorted(
            (need for found in uses for need in self._needs(found)), key=lambda one: rank[one.found.use.service]
        )

    def _needs(self, found: Found) -> list[ReaderNeed]:
        """One answer for all of a class, but for those that the address may be about, each of which is asked for
        itself."""
        case = case_of(self.scene, found)
        if len(found.use.services) == 1:
            return [ReaderNeed(found, self._need(case))]
        self._beside_asked = False
        apart = self._meant.of(case)
        needs = self._answers(case, apart)
        if self._beside_asked:
            needs = self._answers(case, apart | self._meant.beside(found))
        return needs

    def _answers(self, case: Case, apart: frozenset[str]) -> list[ReaderNeed]:
        needs = []
        for part in self._parts(case.found, apart):
            same = part.use.service == case.reader
            needs.append(ReaderNeed(part, self._need(case if same else case_of(self.scene, part))))
        return needs

    def each(self, needs: Iterable[ReaderNeed]) -> list[ReaderNeed]:
        """The same in the words of every single service, in the order of the project."""
        found: list[ReaderNeed] = []
        for one in needs:
            if len(one.found.use.services) == 1:
                found.append(one)
                continue
            for part in self._parts(one.found, one.found.use.services.among):
                found.append(ReaderNeed(part, self._need(case_of(self.scene, part))))
        rank = self.topology.rank
        return sorted(found, key=lambda one: rank[one.found.use.service])

    def apart(self, found: Found) -> list[Found]:
        """A use of a host by its name as those of the services that bear the name, and of all others together."""
        return self._parts(found, frozenset(self.topology.bearers(found.address.host)))

    def _parts(self, found: Found, apart: frozenset[str]) -> list[Found]:
        parts = self.reading.classes.split(found.use.services, apart)
        return [found._replace(use=found.use._replace(services=part)) for part in parts] if len(parts) > 1 else [found]

    def _siblings(self, path: str) -> tuple[EnvDocument, ...]:
        self._beside_asked = True
        return self._read_siblings(path)

    def _need(self, case: Case) -> Need:
        need = stays(self.scene, case) or need_by_target(self.scene, case)
        need = self._as_beside(case, need)
        for rule in (beside_the_whole, of_a_test_run, of_a_stranger):
            need = rule(self.scene, case, need) or need
        return need

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
