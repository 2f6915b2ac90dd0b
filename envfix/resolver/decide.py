"""The way from the judged files to references and edits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from envfix.readers import Found, Reading
from envfix.resolver.beforehand import Judged, pinned, refusal, unread
from envfix.resolver.half_made import gateway, service_name
from envfix.resolver.judge import Judge
from envfix.resolver.reporting import Decided, report, unsettled
from envfix.resolver.settle import Verdict, Voice, settle
from envfix.resolver.spots import Spot, spots, users
from envfix.settings import Settings


def judge_of(reading: Reading, paths: Sequence[str]) -> Judge:
    """The rules over this reading, with the comments above the bindings of the files at `paths`."""
    comments = {
        (path, number): binding.comments
        for path in paths
        for number, binding in enumerate(reading.documents[path].bindings)
        if binding.comments
    }
    return Judge(reading, comments)


def decide(reading: Reading, judged: Judged, judge: Judge) -> list[Decided]:
    """Every address of the judged env files, in the order of files and lines, with its decision. Raises an EnvfixError
    for a comment that pins an address to a service that there is not."""
    decided: list[Decided] = []
    for path in judged.paths:
        there = [one for spot in spots(reading, path) for one in _of_spot(reading, judged, judge, spot)]
        decided += sorted(there, key=lambda one: (one.reference.start, one.reference.end))
    return _once(decided)


def _of_spot(reading: Reading, judged: Judged, judge: Judge, spot: Spot) -> Iterator[Decided]:
    receivers = users(reading, spot, judged.settings)
    if spot.own.kind in ("name", "gateway"):
        yield from _of_other_host(reading, judged, spot, receivers)
        return
    voices = [Voice(found, judge.need(found)) for found in receivers]
    yield from report(reading, judged, spot, _verdict(reading, judged.settings, spot, voices), voices)


def _of_other_host(reading: Reading, judged: Judged, spot: Spot, receivers: list[Found]) -> Iterator[Decided]:
    """A host that is no loopback one: told where a rule has a word for it, and what the user said of it counts."""
    said = pinned(reading, spot, judged.settings, spot.found[0] if spot.found else None)
    if spot.own.kind == "gateway":
        if said is not None and said.decision == "rewrite":
            yield from report(reading, judged, spot, said, [])
            return
        found = list(gateway(reading, judged, spot, receivers))
    else:
        found = list(service_name(reading, judged, spot, receivers))
    if found and said is not None and said.decision == "keep":
        yield from report(reading, judged, spot, said, [])
    else:
        yield from found


def _verdict(reading: Reading, settings: Settings, spot: Spot, voices: list[Voice]) -> Verdict:
    """The decision about a loopback address: what the user said, then what needs no reader, then what the readers
    need."""
    lead = spot.found[0] if spot.found else None
    said = pinned(reading, spot, settings, voices[0].found if voices else lead)
    if said is not None:
        return said
    refused = refusal(spot)
    if refused:
        return Verdict("keep", "not-an-address", refused, lead)
    if not voices:
        return unread(reading, spot, lead)
    if settings.is_browser(spot.binding.name):
        return Verdict("keep", "browser", "the configuration says so (browser)", lead)
    return _among_readers(reading, voices)


def _among_readers(reading: Reading, voices: list[Voice]) -> Verdict:
    topology = reading.topology
    active = [voice for voice in voices if topology.active(voice.found.use.service)]
    verdict = settle(active or voices, topology)
    if active or verdict.decision == "keep":
        return verdict
    profiles = sorted({name for voice in voices for name in topology.services[voice.found.use.service].profiles})
    why = (
        f"only services of the profile {', '.join(profiles)} read it, which is not active: without it the file serves "
        f"programs on the host"
    )
    choices = (verdict.target,) if verdict.target else verdict.choices
    return Verdict("ask", "ambiguous", why, verdict.lead, choices=choices)


def _once(decided: list[Decided]) -> list[Decided]:
    """Each place once; two hosts that share a port which they would change differently are asked about."""
    seen: dict[tuple[str, int, int], Decided] = {}
    for one in decided:
        key = (one.reference.path, one.reference.start, one.reference.end)
        known = seen.get(key)
        if known is None:
            seen[key] = one
        elif known.reference.replacement != one.reference.replacement:
            seen[key] = unsettled(known, "conflict", "two hosts share this port and need different values")
    return list(seen.values())
