"""What does a service's own `environment:` set, by whatever a rule looks for?

A rule that asks for a variable beside the one in hand asks once an address, so that a look through all entries each
time would cost the square of them.
"""

from collections.abc import Iterable, Sequence, Set
from functools import cached_property

from envfix.compose.model import EnvEntry
from envfix.knowledge.names import words_of
from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.project.hosts import Hosts
from envfix.project.provenance import EMPTY, Text, Texts


class PortEntry(NamedTuple):
    """An entry whose value is a port that stands in a binding of an env file: its place among the entries, its `name`,
    and the `text` and `number` that it hands over."""

    place: int
    name: str
    text: Text
    number: int


class OwnEntries:
    """The entries of one `environment:`; of a name that is set twice the last."""

    def __init__(self, entries: Sequence[EnvEntry], texts: Texts, hosts: Hosts) -> None:
        self._entries = entries
        self._texts = texts
        self._hosts = hosts
        self._at = {entry.name: number for number, entry in enumerate(entries)}

    @property
    def names(self) -> Set[str]:
        """The names that are set, which no env file can."""
        return self._at.keys()

    def entry(self, name: str) -> EnvEntry | None:
        """The entry that sets the variable."""
        at = self._at.get(name)
        return None if at is None else self._entries[at]

    def among(self, names: Set[str]) -> list[EnvEntry]:
        """The entries of these names, in their order."""
        return [self._entries[at] for at in sorted(self._at[name] for name in names & self._at.keys())]

    def names_a_service(self, word: tuple[str, ...], variable: str) -> bool:
        """Whether an entry other than the variable's, and with this first word, has the name of a service in it."""
        return any(name != variable for name in self._naming.get(word, ()))

    @cached_property
    def _naming(self) -> dict[tuple[str, ...], list[str]]:
        """For each first word the entries that have the name of a service in them, two at the most."""
        found: dict[tuple[str, ...], list[str]] = {}
        for entry in self._entries:
            known = found.setdefault(words_of(entry.name)[:1], [])
            if len(known) < 2 and entry.name not in known:
                text = self._texts.entry(entry) or EMPTY
                if any(address.kind == "name" for address in self._hosts.of(text)):
                    known.append(entry.name)
        return found

    def port_of(self, names: Iterable[str]) -> PortEntry | None:
        """The first entry whose value is a port, as a binding of one of these names in an env file has it."""
        found = [self._ports[name] for name in names if name in self._ports]
        return min(found, key=lambda one: one.place, default=None)

    @cached_property
    def _ports(self) -> dict[str, PortEntry]:
        found: dict[str, PortEntry] = {}
        for place, entry in enumerate(self._entries):
            text = self._texts.entry(entry)
            run = text.locate(0, len(text.value)) if text is not None and text.value else None
            number = port_number(text.value.strip()) if text is not None and run is not None else None
            if text is not None and run is not None and number is not None and run.leaf.binding >= 0:
                found.setdefault(self._texts.name_at(run.leaf), PortEntry(place, entry.name, text, number))
        return found
