"""What would each service need of its own, where the env file cannot serve all of them?

Nothing is decided anew: a rewrite gives each of its readers the new address, and where readers disagree, each gets what
its own need says. The values are the containers' variables as Compose hands them out, the addresses in them replaced.
"""

from collections.abc import Iterator
from typing import NamedTuple

from envfix.planning import Made
from envfix.project.ports import Endpoint
from envfix.project.uses import Found
from envfix.records import Reference
from envfix.resolver import judge_of
from envfix.resolver.ports import place_of, written
from envfix.resolver.verdict import host_for

Values = dict[str, dict[str, str]]


class Own(NamedTuple):
    """`values` by service and variable; `names`: the project's services; `settled`: what each reference that these
    values settle looks like now; `notes`: what no `environment:` can settle."""

    values: Values
    names: tuple[str, ...]
    settled: dict[Reference, Reference]
    notes: tuple[str, ...]


class _Change(NamedTuple):
    """In the variable of a service: new text for a span of its value, which is `value`."""

    service: str
    variable: str
    value: str
    start: int
    end: int
    text: str


def own_values(made: Made) -> Own:
    """The values that settle the plan's rewrites and conflicts without a change of its files."""
    uses = _uses(made)
    judged = {state.path for state in made.plan.env_files}  # a template under its own, not the file it stands for
    judge = judge_of(made.reading, [path for path, one in made.reading.documents.items() if one.path in judged])
    changes: list[_Change] = []
    settled: dict[Reference, Reference] = {}
    notes: list[str] = []
    for reference in made.plan.references:
        if reference.reason == "sibling" or not _can_be_settled(reference):
            continue
        readers = {reader.service for reader in reference.readers}
        there = [found for found in _found(reference, uses) if found.use.service in readers]
        told: dict[str, list[str]] = {}
        for found in there:
            endpoint = _served(reference) if reference.decision == "rewrite" else judge.need(found).target
            if endpoint is None:
                continue
            if not found.use.variable:
                notes.append(
                    f"{found.use.service} reads {reference.variable} in its {found.use.place[0]}, which no "
                    "environment: changes"
                )
                continue
            mine = list(_changes(made, found, endpoint))
            changes += mine
            told.setdefault(mine[0].text, []).append(found.use.service)
        if told:
            settled[reference] = _settled(reference, told)
    return Own(_values(changes), tuple(made.reading.topology.names_known), settled, tuple(dict.fromkeys(notes)))


def _can_be_settled(reference: Reference) -> bool:
    return reference.decision == "rewrite" or (reference.decision, reference.reason) == ("ask", "conflict")


# The uses of each address, by file and place in the text; in a compose file by file, variable and the address itself.
Uses = dict[tuple[object, ...], list[Found]]


def _uses(made: Made) -> Uses:
    reading = made.reading
    places: Uses = {}
    for (path, index, number, offset), found in reading.by_leaf.items():
        if number < 0:
            document = reading.documents[path]
            places.setdefault((document.path, document.bindings[index].at(offset)), []).extend(found)
            continue
        for one in found:
            address = one.address
            shown = one.use.text.value[address.start : address.port_end or address.end]
            places.setdefault((reading.scalars[number].origin.path, one.use.variable, shown), []).append(one)
    return places


def _found(reference: Reference, uses: Uses) -> list[Found]:
    there = uses.get((reference.path, reference.start))
    return there or uses.get((reference.path, reference.variable, reference.address), [])


def _served(reference: Reference) -> Endpoint | None:
    if reference.service is None or reference.container_port is None:
        return None
    return Endpoint(reference.service, reference.container_port, reference.published_port, reference.reason, "")


def _changes(made: Made, found: Found, endpoint: Endpoint) -> Iterator[_Change]:
    """What the address becomes in the service's variable; its port, where that stands apart, changes with it."""
    use, address, reading = found.use, found.address, made.reading
    place = place_of(reading, found)
    host = address.host if address.kind == "name" else host_for(reading.topology, use.service, endpoint.service)
    value = use.text.value
    end = address.port_end if place.joined is not None and address.port_end is not None else address.end
    yield _Change(use.service, use.variable, value, address.start, end, written(host, address, endpoint, place))
    if place.joined is not None or place.number in (None, endpoint.container_port):
        return
    port = str(endpoint.container_port)
    if place.name:
        service = reading.topology.services[use.service]
        text = reading.container_variable(service, place.name)
        beside = text.value if text is not None else ""
        yield _Change(use.service, place.name, beside, 0, len(beside), port)
    elif address.port_start is not None and address.port_end is not None:
        yield _Change(use.service, use.variable, value, address.port_start, address.port_end, port)


def _values(changes: list[_Change]) -> Values:
    texts: dict[tuple[str, str], str] = {}
    for change in sorted(dict.fromkeys(changes), key=lambda change: change.start, reverse=True):
        text = texts.get((change.service, change.variable), change.value)
        texts[change.service, change.variable] = text[: change.start] + change.text + text[change.end :]
    values: Values = {}
    for (service, variable), text in sorted(texts.items()):
        values.setdefault(service, {})[variable] = text
    return values


def _settled(reference: Reference, told: dict[str, list[str]]) -> Reference:
    """The reference as the report tells it: with the services that get a value of their own."""
    services = {service for group in told.values() for service in group}
    return reference._replace(
        decision="rewrite",
        replacement=" / ".join(told),
        readers=tuple(reader for reader in reference.readers if reader.service in services),
        choices=(),
    )
