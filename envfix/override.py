"""What does each service need for itself, while the env file stays as it is?

A compose override file says it (Compose spec, merge: a later file's `environment` wins, variable by variable).
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from envfix.addresses import find_addresses
from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.planning import Made
from envfix.project.classes import Members
from envfix.project.ports import Endpoint
from envfix.project.uses import Found, Reading
from envfix.records import Reference
from envfix.resolver.places import port_place_of
from envfix.resolver.rewrite import Decided, written
from envfix.resolver.verdict import host_for
from envfix.shell_words import word
from envfix.shown import as_written, mask_value

Values = dict[str, dict[str, str]]
HEAD = "# Written by envfix"
"""How every override file begins."""

# What a YAML double-quoted scalar cannot hold as it is: quote, backslash, line breaks, whatever is not printable (YAML
# 1.2, 5.1); and the invisible characters, so that nothing hides in the file.
_SPECIAL = regex(r'["\\\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]')
_PLAIN = regex(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_PLAIN = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}


def override_text(
    values: Mapping[str, Mapping[str, str]], *, compose_files: Iterable[str] = (), name: str = "FILE"
) -> str:
    """The text of a compose override file that gives each service (key) the value of each variable (key, value).

    Docker Compose hands out exactly these values: `$` stands doubled, so that nothing is interpolated. `compose_files`
    and `name` are the files of the command in the header that uses it. EnvfixError for a value that no YAML file can
    hold (bytes that are not UTF-8, a NUL); the message names service and variable, never the value.
    """
    lines = [*_header(compose_files, name), "services:"]
    for service in sorted(values):
        if values[service]:
            lines += [f"  {_key(service)}:", "    environment:"]
            lines += [f"      {_key(key)}: {_scalar(service, key, value)}" for key, value in values[service].items()]
    return "\n".join(lines) + "\n" if lines[-1] != "services:" else "\n".join([*lines[:-1], "services: {}", ""])


def masked(values: Mapping[str, Mapping[str, str]], names: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """The same values as they may be shown: addresses and plain words, passwords and the rest as `***`. `names` are
    those of services, whose addresses may be shown."""
    known = frozenset(map(str.lower, (*values, *names)))

    def shown(value: str) -> str:
        if value.isdecimal():
            return value  # the port of a host beside it: nothing else that is given here is a number
        found = find_addresses(value, known)
        return mask_value(value, [(address.start, address.port_end or address.end) for address in found])

    return {service: {as_written(key): shown(value) for key, value in own.items()} for service, own in values.items()}


def _header(compose_files: Iterable[str], name: str) -> list[str]:
    files = " ".join(f"-f {word(file)}" for file in (*compose_files, name))
    return [
        f"{HEAD}: what these services need where the env file has what programs on the host need.",
        f"# Use it with: docker compose {_one_line(files)} up -d",
        "# It may hold passwords: keep it out of git and of images, as you do with .env.",
    ]


def _one_line(text: str) -> str:
    return _SPECIAL.sub(lambda match: match[0] if match[0] in '"\\' else "?", text).encode("utf-8", "replace").decode()


def _key(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and name.lower() not in _NOT_PLAIN else _quoted(name)


def _scalar(service: str, name: str, value: str) -> str:
    if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise EnvfixError(
            f"the value of {name} for {service} is not UTF-8 text, so no compose file can hold it: set it in "
            "an env file of that service instead"
        )
    return _quoted(value.replace("$", "$$"))


def _quoted(text: str) -> str:
    """A YAML double-quoted scalar on one line; its escapes are the ones that every YAML version knows."""
    return f'"{_SPECIAL.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return named.get(character) or (f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}")


# What each service needs.


_MOST_VALUES, _MOST_CHARACTERS = 50_000, 32 << 20


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
    """The values that settle the plan's rewrites and conflicts without a change of its files.

    Nothing is decided anew: a rewrite gives each of its readers the new address, and where readers disagree, each gets
    what its own need says. The values are the containers' variables as Compose hands them out, the addresses in them
    replaced. Raises EnvfixError where they are more than anybody reads.
    """
    changes: list[_Change] = []
    settled: dict[Reference, Reference] = {}
    notes: list[str] = []
    characters = 0
    for part in made.parts or (made,):
        for decided in part.decided:
            reference = decided.reference
            told: dict[str, list[str]] = {}
            for found, endpoint in _wanted(decided):
                if not found.use.variable:
                    notes.append(
                        f"{found.use.service} reads {reference.variable} in its {found.use.place[0]}, which no "
                        "environment: changes"
                    )
                    continue
                if len(changes) > _MOST_VALUES:
                    raise _too_much(f"the services need over {_MOST_VALUES:,} values of their own", made)
                mine = list(_changes(part.reading, found, endpoint))
                changes += mine
                characters += len(found.use.text.value)
                if characters > _MOST_CHARACTERS:
                    size = f"{_MOST_CHARACTERS >> 20} MB"
                    raise _too_much(f"the values that the services need are over {size} in all", made)
                told.setdefault(mine[0].text, []).append(found.use.service)
            if told:
                settled[reference] = _settled(reference, told)
        links = {reference.link for reference in settled if reference.link is not None}
        ports = (one.reference for one in part.decided if one.reference.reason == "sibling")
        settled.update((port, port) for port in ports if port.link in links)
    return Own(_values(changes), tuple(made.reading.topology.names_known), settled, tuple(dict.fromkeys(notes)))


def _too_much(what: str, made: Made) -> EnvfixError:
    return EnvfixError(f"{what}: choose variables with --only", path=made.plan.directory)


def _wanted(decided: Decided) -> Iterator[tuple[Found, Endpoint]]:
    """What each active reader needs the address to be, where a value of its own can settle that. A port that stands
    apart is settled with its host."""
    reference = decided.reference
    conflict = (reference.decision, reference.reason) == ("ask", "conflict")
    if reference.reason == "sibling" or not (reference.decision == "rewrite" or conflict):
        return
    readers = {reader.service for reader in reference.readers}
    for found, need in decided.needs:
        endpoint = _served(reference) if reference.decision == "rewrite" else need.target
        for service in found.use.services if endpoint is not None else ():
            if service in readers and endpoint is not None:
                yield found._replace(use=found.use._replace(services=Members((service,)))), endpoint


def _served(reference: Reference) -> Endpoint | None:
    if reference.service is None or reference.container_port is None:
        return None
    return Endpoint(reference.service, reference.container_port, reference.published_port, reference.reason, "")


def _changes(reading: Reading, found: Found, endpoint: Endpoint) -> Iterator[_Change]:
    """What the address becomes in the service's variable; its port, where that stands apart, changes with it."""
    use, address = found.use, found.address
    place = port_place_of(reading, found)
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
