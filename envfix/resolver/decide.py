"""The way from the judged files to references and edits."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from envfix.envfile import EnvDocument
from envfix.files import RealPaths
from envfix.project.env_names import env_files_in
from envfix.project.uses import Found, Reading
from envfix.records import Evidence
from envfix.resolver.by_source import weighed
from envfix.resolver.case import ReaderNeed, Sibling
from envfix.resolver.keep import no_destination, unread
from envfix.resolver.other_hosts import HALF_MADE, gateway, service_name
from envfix.resolver.pins import pinned
from envfix.resolver.places import Place, Scope, places, users
from envfix.resolver.rewrite import Decided, each_once, report
from envfix.resolver.verdict import Judge, Verdict, settle
from envfix.settings import Settings
from envfix.shown import listed


def judge_of(reading: Reading, paths: Sequence[str], named: Iterable[str] = ()) -> Judge:
    """The rules over this reading, with the comments above the bindings of the files at `paths`, and with the env files
    beside them, which are read only when a rule asks. Those that the project reads, or that the run `named`, are judged
    themselves, and no evidence: what one run writes there the next would take for a person's word."""
    comments = {
        (path, number): binding.comments
        for path in paths
        for number, binding in enumerate(reading.documents[path].bindings)
        if binding.comments
    }

    @lru_cache(maxsize=1)
    def judged() -> frozenset[str]:
        read = (document.path for document in reading.documents.values())
        return frozenset(map(RealPaths().of, (*reading.documents, *read, *named)))

    @lru_cache(maxsize=64)
    def in_folder(folder: str) -> tuple[Sibling, ...]:
        return tuple(map(_sibling, env_files_in(folder, judged())))

    def beside(path: str) -> tuple[Sibling, ...]:
        return tuple(one for one in in_folder(os.path.dirname(path)) if one.path != path)

    return Judge(reading, comments, beside)


def _sibling(document: EnvDocument) -> Sibling:
    values: dict[str, list[str]] = {}
    for binding in document.bindings:
        values.setdefault(binding.name, []).append(binding.value or "")
    return Sibling(document.path, values)


def decide(reading: Reading, scope: Scope, judge: Judge) -> list[Decided]:
    """Every address of the judged env files, in the order of files and lines, with its decision. Raises an EnvfixError
    for a comment that pins an address to a service that there is not."""
    decided: list[Decided] = []
    for path in scope.paths:
        there = [one for place in places(reading, path) for one in _at_place(reading, scope, judge, place)]
        decided += sorted(there, key=lambda one: (one.reference.start, one.reference.end))
    return each_once(decided)


def _at_place(reading: Reading, scope: Scope, judge: Judge, place: Place) -> Iterator[Decided]:
    receivers = users(reading, place, scope.settings)
    if place.own.kind in ("name", "gateway"):
        yield from _of_other_host(reading, scope, judge, place, receivers)
        return
    reader_needs = judge.needs(receivers)
    verdict = _verdict(judge, scope.settings, place, reader_needs)
    verdict = _own_door(reading, place, verdict) or verdict
    evidence: tuple[Evidence, ...] = ()
    if scope.code is not None and (verdict.decision != "keep" or scope.explains(place.binding.name)):
        verdict, evidence = weighed(verdict, reader_needs, scope.code, claimed=_is_claimed(scope.settings, place))
    yield from report(reading, scope, place, verdict, reader_needs, evidence)


def _is_claimed(settings: Settings, place: Place) -> bool:
    """Whether the user said who reads it, which no search in code takes back."""
    return settings.readers_of(place.binding.name) is not None or place.path in settings.env_files


def _own_door(reading: Reading, place: Place, verdict: Verdict) -> Verdict | None:
    """A question where the whole value would become what another variable of the file already says: the same server's
    door for the machine (`MIGRATE_URL` at the published port) beside the inner one (`DATABASE_URL`)."""
    target, own, value = verdict.target, place.own, place.binding.value
    if verdict.reason == "pinned" or target is None or value is None or not own.scheme or own.port_end is None:
        return None
    if target.published in (None, target.container_port) or any(one.use.entry is not None for one in place.found):
        return None
    host = target.host or target.service
    changed = f"{value[: own.start]}{host}:{target.container_port}{value[own.port_end :]}"
    other = next((name for name in reading.texts.names_of(place.path, changed) if name != place.binding.name), None)
    if other is None:
        return None
    why = f"it would become what {other} says already, so it may be the way in for programs on the machine"
    return Verdict("ask", "ambiguous", why, verdict.lead, choices=(target,))


def _of_other_host(
    reading: Reading, scope: Scope, judge: Judge, place: Place, receivers: list[Found]
) -> Iterator[Decided]:
    """A host that is no loopback one: told where a rule has a word for it, and what the user said of it counts."""
    said = pinned(reading, place, scope.settings, place.found[0] if place.found else None)
    if place.own.kind == "gateway":
        if said is not None and said.decision == "rewrite":
            yield from report(reading, scope, place, said, [])
            return
        found = gateway(reading, receivers, wanted=scope.host_gateway)
    else:
        found = service_name(judge, receivers, place.binding.name)
    if found is None:
        return
    if said is not None and said.decision == "keep":
        yield from report(reading, scope, place, said, [])
        return
    for one in report(reading, scope, place, found.verdict, found.needs):
        if one.reference.reason == "sibling" and found.verdict.reason == HALF_MADE:
            yield one._replace(reference=one.reference._replace(reason=HALF_MADE))
        elif one.reference.decision != "rewrite" or one.reference.replacement != one.reference.address:
            yield one


def _verdict(judge: Judge, settings: Settings, place: Place, reader_needs: list[ReaderNeed]) -> Verdict:
    """The decision about a loopback address: what the user said, then what needs no reader, then what the readers
    need."""
    reading, lead = judge.reading, place.found[0] if place.found else None
    said = pinned(reading, place, settings, reader_needs[0].found if reader_needs else lead)
    if said is not None:
        return said
    stays = no_destination(place) or (None if reader_needs else unread(reading, place))
    if stays is not None:
        return Verdict("keep", stays.reason, stays.why, lead)
    if settings.is_browser(place.binding.name):
        return Verdict("keep", "browser", "the configuration says so (browser)", lead)
    return _among_readers(judge, reader_needs)


def _among_readers(judge: Judge, reader_needs: list[ReaderNeed]) -> Verdict:
    topology = judge.topology
    active = [reader_need for reader_need in reader_needs if topology.active(reader_need.found.use.service)]
    verdict = settle(active or reader_needs, topology, judge.each)
    if active or verdict.decision == "keep":
        return verdict
    profiles = sorted({name for one in reader_needs for name in topology.profiles(one.found.use.service)})
    why = (
        f"only services of the profile {listed(profiles)} read it, which is not active: without it the file serves "
        f"programs on the host"
    )
    choices = (verdict.target,) if verdict.target else verdict.choices
    return Verdict("ask", "ambiguous", why, verdict.lead, choices=choices)
