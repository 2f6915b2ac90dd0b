"""What is decided where several readers have a say?"""

from typing import NamedTuple

from envfix.readers import WAYS, Found
from envfix.records import Reader
from envfix.resolver.needs import Need
from envfix.targets import Served, Topology

# Of several reasons to stay the first that holds is named (design, section 4).
KEEP_ORDER = (
    "pinned", "not-an-address", "unread", "infrastructure", "bind", "host-network", "browser", "default", "self",
    "no-target", "unreachable",
)  # fmt: skip
# A reader that stays for one of these would lose something by a change.
_OBJECTS = frozenset({"browser", "default", "self", "host-network", "bind"})


class Voice(NamedTuple):
    """What one reader says."""

    found: Found
    need: Need


class Verdict(NamedTuple):
    """The settled decision: `target` for a rewrite, `choices` for an ask, `lead` the use whose dialect it is written
    in."""

    decision: str
    reason: str
    why: str
    lead: Found | None
    target: Served | None = None
    choices: tuple[Served, ...] = ()


def settle(voices: list[Voice], topology: Topology) -> Verdict:
    """One decision for all readers of an address; readers that disagree make it an ask."""
    rewrites = [voice for voice in voices if voice.need.verdict == "rewrite"]
    asks = [voice for voice in voices if voice.need.verdict == "ask"]
    keeps = [voice for voice in voices if voice.need.verdict == "keep"]
    objecting = [voice for voice in keeps if _objects(voice)]
    if asks and not objecting and not rewrites:
        return _ask(asks, asks[0].need.reason, asks[0].need.why)
    if asks and (rewrites or not all(voice.need.reason in ("browser", "bind", "host-network") for voice in objecting)):
        return _ask([*asks, *rewrites], asks[0].need.reason, asks[0].need.why)
    if rewrites:
        return _rewrite(rewrites, objecting, topology)
    first = min(keeps, key=lambda voice: (KEEP_ORDER.index(voice.need.reason), voice.found.use.service))
    return Verdict("keep", first.need.reason, first.need.why, first.found)


def _objects(voice: Voice) -> bool:
    """Whether the reader would lose something by a change. The target itself, which gets the file with everyone else,
    would not; it would where `environment:` gives it the address by which browsers know it."""
    return voice.need.reason in _OBJECTS and not voice.need.passive


def _rewrite(rewrites: list[Voice], objecting: list[Voice], topology: Topology) -> Verdict:
    targets = {(topology.owner(_target(voice).service), _target(voice).container_port) for voice in rewrites}
    lead = rewrites[0]
    if objecting:
        return _ask(rewrites, "conflict", _disagreement(rewrites, objecting))
    if len(targets) > 1:
        return _ask(rewrites, "conflict", _disagreement(rewrites, []))
    return Verdict("rewrite", lead.need.reason, lead.need.why, lead.found, lead.need.target)


def _target(voice: Voice) -> Served:
    assert voice.need.target is not None
    return voice.need.target


def _disagreement(rewrites: list[Voice], objecting: list[Voice]) -> str:
    wants = [
        f"{voice.found.use.service} needs {_target(voice).service}:{_target(voice).container_port}"
        for voice in rewrites
    ]
    stays = [f"{voice.found.use.service} needs it as it is ({voice.need.why})" for voice in objecting]
    return "; ".join(dict.fromkeys((*wants, *stays)))


def _ask(voices: list[Voice], reason: str, why: str) -> Verdict:
    choices: dict[tuple[str, int], Served] = {}
    for voice in voices:
        for served in (*((voice.need.target,) if voice.need.target else ()), *voice.need.choices):
            choices.setdefault((served.service, served.container_port), served)
    return Verdict("ask", reason, why, voices[0].found, choices=tuple(choices.values()))


def readers_of(voices: list[Voice], topology: Topology) -> tuple[Reader, ...]:
    """The active readers, one entry each with its strongest way, sorted by service."""
    ways: dict[str, str] = {}
    for voice in voices:
        use = voice.found.use
        if topology.active(use.service):
            best = ways.get(use.service)
            if best is None or WAYS.index(use.way) < WAYS.index(best):
                ways[use.service] = use.way
    return tuple(Reader(service, ways[service]) for service in sorted(ways))
