"""How much do the files of a project and the services in them hold, all together? A few of them can ask for any amount:
by `extends`, `include`, anchors and ranges of ports, of which each gives to many what stands there once."""

from typing import Any

from envfix.compose.canonical import MAX_PORTS
from envfix.compose.nodes import failure
from envfix.compose.yaml import CHARACTERS_OF_A_NODE

# Some fifty times what a large project has; Docker Compose has no bound, and runs out of memory.
MAX_VALUES = 200_000


class Tally:
    """Counts while a project is loaded, and raises EnvfixError where it gets too much."""

    def __init__(self) -> None:
        self._read = self._inherited = self._ports = 0
        # The values are kept, lest the id of one be given to another.
        self._sizes: dict[int, tuple[Any, int]] = {}

    def read(self, values: int, root: Any) -> None:
        """One more document, its aliases followed."""
        self._read += values
        if self._read > MAX_VALUES:
            raise failure(f"the compose files expand to more than {MAX_VALUES:,} YAML nodes: use fewer", root)

    def inherited(self, service: dict[str, Any]) -> None:
        """One more service that `extends` made; its ports are counted when they are expanded."""
        self._inherited += sum(self._size(value) for name, value in service.items() if name != "ports")
        if self._inherited > MAX_VALUES:
            raise failure(f"`extends` gives the services more than {MAX_VALUES:,} values: use fewer", service)

    def ports(self, ports: list[Any]) -> None:
        """The expanded ports of one more service."""
        self._ports += len(ports)
        if self._ports > MAX_PORTS:
            raise failure(f"the services expand to more than {MAX_PORTS:,} ports: use fewer", ports)

    def _size(self, value: Any) -> int:
        """How many values there are in one, itself included; counted once for all heirs that share it."""
        if not isinstance(value, dict | list):
            return 1 + (len(value) // CHARACTERS_OF_A_NODE if isinstance(value, str) else 0)
        known = self._sizes.get(id(value))
        if known is None:
            items = value.values() if isinstance(value, dict) else value
            known = self._sizes[id(value)] = value, 1 + sum(map(self._size, items))
        return known[1]
