"""Which hosts do the objects of a JSON or Python literal name, and with which port beside them?"""

import re

from envfix.named_tuples import NamedTuple
from envfix.numerals import port_number
from envfix.patterns import regex

from .records import PortSpan

_TOKEN = regex(
    r"\"(?:[^\"\\]|\\(?:.|\Z))*+(?:\"|\Z)|'(?:[^'\\]|\\(?:.|\Z))*+(?:'|\Z)|[{}\[\]:,]|[A-Za-z0-9_.]++", re.DOTALL
)
_HOST_KEY = regex(r"(?i:host(?:name)?|server(?:name)?|addr(?:ess)?|endpoint)$")
_PORT_KEY = regex(r"(?i:port)$")
_ANY_HOST_KEY = regex(r"(?i)(?:host(?:name)?|server(?:name)?|addr(?:ess)?|endpoint)[\"']\s*+:")
_LONGEST_KEY = 64


class _Object(NamedTuple):
    """One `{...}` while it is read: its hosts and ports by what their keys begin with (`redis_` of `redis_host`)."""

    hosts: list[tuple[str, int]]
    ports: dict[str, PortSpan]


def literal_hosts(value: str) -> dict[int, PortSpan | None]:
    """The strings of `value` that stand for a host key of an object, by the offset at which their text begins, with the
    port of the same object whose key begins alike."""
    found: dict[int, PortSpan | None] = {}
    if "{" not in value or not _ANY_HOST_KEY.search(value):
        return found
    open_objects: list[_Object] = []
    key: str | None = None
    last = ""
    for token in _TOKEN.finditer(value):
        text = token[0]
        if text == ":":
            key = _key(last)
            continue
        if text == "{":
            open_objects.append(_Object([], {}))
        elif text == "}" and open_objects:
            found.update(_paired(open_objects.pop()))
        elif key and open_objects:
            _note(open_objects[-1], key, token)
        key, last = None, text
    for left_open in open_objects:
        found.update(_paired(left_open))
    return found


def _paired(closed: _Object) -> dict[int, PortSpan | None]:
    return {start: closed.ports.get(prefix) for prefix, start in closed.hosts}


def _key(text: str) -> str | None:
    return text.strip("\"'") if len(text) <= _LONGEST_KEY and text not in "{}[]," else None


def _note(into: _Object, key: str, token: re.Match[str]) -> None:
    start = token.start() + (token[0][0] in "\"'")
    if host := _HOST_KEY.search(key):
        into.hosts.append((key[: host.start()].lower(), start))
    elif port := _PORT_KEY.search(key):
        digits = token[0].strip("\"'")
        if number := port_number(digits):
            into.ports[key[: port.start()].lower()] = PortSpan(number, start, start + len(digits), start + len(digits))
