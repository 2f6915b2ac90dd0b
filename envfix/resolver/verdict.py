"""What is decided where several readers have a say?"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from envfix.project.classes import Members
from envfix.project.ports import Endpoint
from envfix.project.topology import Topology
from envfix.project.uses import Found
from envfix.reasons import KEEP_ORDER, MEANINGS, WAYS, Decision, Reason, Way
from envfix.records import Reader, Readers
from envfix.resolver.needs import ReaderNeed


class Verdict(NamedTuple):
    """The settled decision: `target` for a rewrite, `choices` for an ask, `lead` the use whose dialect it is written
    in."""

    decision: Decision
    reason: Reason
    why: str
    lead: Found | None
    target: Endpoint | None = None
    choices: tuple[Endpoint, ...] = ()


Each = Callable[[Iterable[ReaderNeed]], list[ReaderNeed]]


def settle(reader_needs: list[ReaderNeed], topology: Topology, each: Each) -> Verdict:
    """One decision for all readers of an address; readers that disagree make it an ask. `each` tells what those of a
    class need in the words of every single one."""
    rewrites = [reader_need for reader_need in reader_needs if reader_need.need.verdict == "rewrite"]
    asks = [reader_need for reader_need in reader_needs if reader_need.need.verdict == "ask"]
    asks = [one for one in asks if not _is_part_of(one, rewrites)]
    keeps = [reader_need for reader_need in reader_needs if reader_need.need.verdict == "keep"]
    objecting = [reader_need for reader_need in keeps if _objects(reader_need)]
    if asks and not objecting and not rewrites:
        return _ask(asks, asks[0].need.reason, asks[0].need.why, topology)
    if asks and (
        rewrites or not all(reader_need.need.reason in ("browser", "bind", "host-network") for reader_need in objecting)
    ):
        return _ask([*asks, *rewrites], asks[0].need.reason, asks[0].need.why, topology)
    if rewrites:
        return _rewrite(rewrites, objecting, topology, each)
    first = min(keeps, key=lambda reader_need: KEEP_ORDER.index(reader_need.need.reason))
    return Verdict("keep", first.need.reason, first.need.why, first.found)


def _is_part_of(undecided: ReaderNeed, rewrites: list[ReaderNeed]) -> bool:
    """Whether the use is a bare host whose whole is decided: `DB_URL=postgres://${DB_HOST}/x` says what DB_HOST is for,
    which the reader gets by itself as well. It does not hold the whole up, unless it means another server."""
    choices = {choice.service for choice in undecided.need.choices}
    if undecided.found.address.scheme or undecided.need.reason != "ambiguous":
        return False
    return any(
        whole.found.address.scheme
        and whole.found.host.leaf == undecided.found.host.leaf
        and whole.need.target is not None
        and (not choices or whole.need.target.service in choices)
        for whole in rewrites
    )


def _objects(reader_need: ReaderNeed) -> bool:
    """Whether the reader would lose something by a change. The target itself, which gets the file with everyone else,
    would not; it would where `environment:` gives it the address by which browsers know it."""
    return MEANINGS[reader_need.need.reason].objects and not reader_need.need.passive


def _rewrite(rewrites: list[ReaderNeed], objecting: list[ReaderNeed], topology: Topology, each: Each) -> Verdict:
    targets = {
        (topology.owner(_target(reader_need).service), _target(reader_need).container_port) for reader_need in rewrites
    }
    lead = rewrites[0]
    if objecting:
        return _ask(rewrites, "conflict", _disagreement(rewrites, each(objecting), topology), topology)
    if len(targets) > 1:
        return _ask(rewrites, "conflict", _disagreement(rewrites, [], topology), topology)
    target, readers = _target(lead), [one.found.use.service for one in rewrites]
    host = topology.common_name(readers, target.service)
    if host is None:
        return _ask(rewrites, "conflict", _disagreement(rewrites, [], topology), topology)
    return Verdict("rewrite", lead.need.reason, lead.need.why, lead.found, target._replace(host=host))


def _target(reader_need: ReaderNeed) -> Endpoint:
    assert reader_need.need.target is not None
    return reader_need.need.target


def host_for(topology: Topology, reader: str, service: str) -> str:
    """What the reader must call the service; the service's own name where no name is sure, or nobody reads."""
    if service not in topology.services:
        return service
    name = topology.host_for([reader], service) if reader in topology.services else None
    return name or topology.owner(service)


def _disagreement(rewrites: list[ReaderNeed], objecting: list[ReaderNeed], topology: Topology) -> str:
    wants: dict[str, str] = {}
    for reader_need in rewrites:
        target = _target(reader_need)
        for reader in reader_need.found.use.services:
            need = f"{reader} needs {host_for(topology, reader, target.service)}:{target.container_port}"
            wants.setdefault(need, reader)
    ranked = sorted(wants, key=lambda need: topology.rank[wants[need]])
    stays = [f"{reader_need.found.use.service} needs it as it is ({reader_need.need.why})" for reader_need in objecting]
    return "; ".join(dict.fromkeys((*ranked, *stays)))


def _ask(reader_needs: list[ReaderNeed], reason: Reason, why: str, topology: Topology) -> Verdict:
    """The choices with the name that serves all who want one; where none does, one choice for each reader's name."""
    wanted: dict[tuple[str, int], tuple[Endpoint, list[str]]] = {}
    for reader_need in reader_needs:
        for endpoint in (*((reader_need.need.target,) if reader_need.need.target else ()), *reader_need.need.choices):
            key = (endpoint.service, endpoint.container_port)
            wanted.setdefault(key, (endpoint, []))[1].append(reader_need.found.use.service)
    choices: dict[tuple[str, int], Endpoint] = {}
    for endpoint, readers in wanted.values():
        common = topology.host_for(readers, endpoint.service)
        for host in [common] if common else [host_for(topology, reader, endpoint.service) for reader in readers]:
            choices.setdefault((host, endpoint.container_port), endpoint._replace(host=host))
    return Verdict("ask", reason, why, reader_needs[0].found, choices=tuple(choices.values()))


def readers_of(reader_needs: Iterable[ReaderNeed], topology: Topology) -> Readers:
    """The active readers, one entry each with its strongest way, sorted by service."""
    active = [one.found for one in reader_needs if topology.active(one.found.use.service)]
    ways = [(WAYS.index(way), found, way) for found in active if (way := _way(found)) is not None]
    groups: list[tuple[Members, Reader]] = []
    for _, found, way in sorted(ways, key=lambda one: one[0]):
        services = found.use.services
        for known, _ in groups:
            if not known.among.isdisjoint(services):
                services = Members(name for name in services if name not in known.among)
        if services:
            groups.append((services, _reader(found, way)))
    return Readers((services.by_name, reader) for services, reader in groups)


def _way(found: Found) -> Way | None:
    way = found.use.way
    return None if way == "infrastructure" or way == "unread" else way


def _reader(found: Found, way: Way) -> Reader:
    """The reader with the place of a compose file that hands it the value, where there is one."""
    entry = found.use.entry
    if entry is None:
        return Reader(found.use.service, way)
    through = f"${{{found.host.via}}}" if found.host.via else ""
    return Reader(found.use.service, way, entry.origin.path, entry.origin.line, through)
