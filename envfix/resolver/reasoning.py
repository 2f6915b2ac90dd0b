"""By which lines does `--explain` tell how an address was decided? Of many services the first are named."""

from collections.abc import Iterator, Sequence

from envfix.project.classes import Members
from envfix.project.ports import Endpoint
from envfix.project.topology import Topology
from envfix.project.uses import Reading
from envfix.records import Reader
from envfix.resolver.case import Need, ReaderNeed
from envfix.resolver.places import Place
from envfix.shown import listed

NAMED_READERS = 5
_TOLD = 100


def told_readers(readers: Sequence[Reader]) -> str:
    """The first readers as part of a sentence, "" where there are none."""
    named = ", ".join(f"{reader.service} ({reader.way})" for reader in readers[:NAMED_READERS])
    return f"read by {named}{_and_more(len(readers))}" if readers else ""


def reasoning(reading: Reading, place: Place, reader_needs: list[ReaderNeed]) -> tuple[str, ...]:
    """What each reader needs, who merely receives the value, who could serve the address, and by which names."""
    said: dict[tuple[str, str, Need], list[Members]] = {}
    for reader_need in reader_needs:
        use = reader_need.found.use
        name = use.variable if use.variable != place.binding.name else ""
        said.setdefault((use.way, name, reader_need.need), []).append(use.services)
    topology = reading.topology
    lines = [
        f"{_subject(topology, services)} by {way}{' as ' + name if name else ''}: {need.verdict}, {need.reason}: "
        f"{need.why}"
        for (way, name, need), services in said.items()
    ]
    silent = _silent(place, reader_needs)
    lines += [f"{service} receives it and does not use it" for service in silent[:NAMED_READERS]]
    lines += [f"{len(silent) - NAMED_READERS} more receive it and do not use it"] if len(silent) > NAMED_READERS else []
    for use in reading.infrastructure.get((place.path, place.number), ()):
        lines.append(f"{'.'.join(use.place)} of {use.service} is filled from it")
    candidates = [one.need.target for one in reader_needs if one.need.target is not None]
    if place.own.port is not None:
        published, container = reading.ports.serving(place.own.port, place.own.host)
        candidates += [*published, *container]
    lines += [f"candidate: {endpoint.detail}{_written_at(reading, endpoint)}" for endpoint in candidates[:_TOLD]]
    lines += _by_which_name(topology, reader_needs)
    return tuple(dict.fromkeys(lines))


def _written_at(reading: Reading, endpoint: Endpoint) -> str:
    """The line of `ports:` that names the target's port, where there is one."""
    known = endpoint.service in reading.topology.services
    origin = reading.ports.written_at(endpoint.service, endpoint.container_port) if known else None
    return f" (ports:, {reading.in_project(origin.path)}:{origin.line})" if origin else ""


def _silent(place: Place, reader_needs: list[ReaderNeed]) -> list[str]:
    """The services that receive the value and have no say."""
    received = [found.use.services for found in place.found if found.use.way != "infrastructure"]
    heard = [one.found.use.services for one in reader_needs]
    if sum(map(len, received)) == sum(map(len, heard)):
        return []
    return sorted(frozenset().union(*received) - frozenset().union(*heard))


def _by_which_name(topology: Topology, reader_needs: list[ReaderNeed]) -> Iterator[str]:
    firsts = [(reader, one.need) for one in reader_needs for reader in one.found.use.services[:NAMED_READERS]]
    for reader, need in sorted(firsts, key=lambda one: topology.rank[one[0]])[:NAMED_READERS]:
        meant = dict.fromkeys(one.service for one in (need.target, *need.choices) if one is not None)
        for service in meant:
            if service not in topology.services or not topology.reaches(reader, service):
                continue
            names = topology.names(reader, service)
            if not names:
                yield topology.shadow(reader, service)
            told = listed(topology.known_as(reader, service))
            yield f"{reader} reaches {service} as {told or 'nothing'}"


def _subject(topology: Topology, classes: Sequence[Members]) -> str:
    """Services as the subject of a sentence, the first of many."""
    firsts = [name for services in classes for name in services[:NAMED_READERS]]
    first = ", ".join(sorted(firsts, key=topology.rank.__getitem__)[:NAMED_READERS])
    count = sum(map(len, classes))
    return f"{first}{_and_more(count)} {'reads' if count == 1 else 'read'} it"


def _and_more(count: int) -> str:
    return f" and {count - NAMED_READERS} more" if count > NAMED_READERS else ""
