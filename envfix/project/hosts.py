"""Which hosts does a text name?"""

from collections.abc import Collection, Mapping

from envfix.addresses import Address, count_hosts, find_addresses
from envfix.envfile import EnvDocument
from envfix.errors import EnvfixError
from envfix.project.provenance import Text

_MOST_HOSTS = 5000  # of one value; each costs up to a millisecond to judge


class Hosts:
    """The addresses in texts, found once for each value, the names of services without a port among them."""

    def __init__(self, documents: Mapping[str, EnvDocument], names: Collection[str]) -> None:
        self._documents = documents
        self._names = names
        self._found: dict[str, tuple[Address, ...]] = {}

    def of(self, text: Text) -> tuple[Address, ...]:
        """Those in one text. Raises EnvfixError for a value that names thousands."""
        known = self._found.get(text.value)
        if known is None:
            if len(text.value) > _MOST_HOSTS and count_hosts(text.value, self._names) > _MOST_HOSTS:
                raise self._boundless(text)
            known = self._found[text.value] = find_addresses(text.value, self._names)
        return known

    def _boundless(self, text: Text) -> EnvfixError:
        message = f"a value names over {_MOST_HOSTS:,} hosts: surely none that a program reads"
        first = text.locate(0, 1)
        if first is None or first.leaf.binding < 0:
            return EnvfixError(message, path=None if first is None else first.leaf.path)
        document = self._documents[first.leaf.path]
        return EnvfixError(message, path=document.path, line=document.bindings[first.leaf.binding].line)
