"""Does a compose file keep to the schema? A small checker over a table (see specification.py).

In Compose's schema the alternatives of a place differ by their YAML type, so a place is a dict from type to rule.
"""

import re
from typing import Any

from envfix.named_tuples import NamedTuple


class TextRule(NamedTuple):
    """A text that must be one of `words`, or match `pattern` where there are none; `wanted` says what that is."""

    pattern: str
    wanted: str
    words: tuple[str, ...] = ()


class Items(NamedTuple):
    """A list of `item`, each once if `unique`."""

    item: "Place"
    unique: bool = False


class Table(NamedTuple):
    """A mapping with the `keys` given, and `other` for keys that match `names`. If `extensible`, keys `x-...` are free,
    and so are those that match no `names`."""

    keys: "dict[str, Place]"
    required: tuple[str, ...] = ()
    other: "Place | None" = None
    names: str = ""
    extensible: bool = True


# Of a Table: every name but the empty one.
ANY_NAME = r"[\s\S]+"

Rule = TextRule | Items | Table | None
Place = dict[str, Rule]


def types(*names: str) -> Place:
    """Any value of these types."""
    return dict.fromkeys(names) | ({"integer": None} if "number" in names else {})


def text(pattern: str, wanted: str) -> Place:
    """A text that the pattern matches; `wanted` says in words what that is."""
    return {"string": TextRule(pattern, wanted)}


def words(*allowed: str) -> Place:
    """One of these texts."""
    return {"string": TextRule("", "one of " + ", ".join(allowed), allowed)}


def listed(item: Place, *, unique: bool = False) -> Place:
    """A list of such items, no two of them alike where they are to be `unique`."""
    return {"array": Items(item, unique)}


def table(keys: dict[str, Place], *required: str, extensible: bool = True) -> Place:
    """A mapping with these keys, of which it must have the `required` ones; `extensible`: with `x-` keys as well."""
    return {"object": Table(keys, required, extensible=extensible)}


def mapping(value: Place, names: str = "", *, extensible: bool = False) -> Place:
    """Free keys (that match `names`, if given), each with a `value`."""
    return {"object": Table({}, other=value, names=names, extensible=extensible)}


class Problem(NamedTuple):
    """Something that the schema refuses: the `path` to it, its `key` in the `container`, and why."""

    path: tuple[str, ...]
    container: Any
    key: Any
    message: str


_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


def type_of(value: Any) -> str:
    """The JSON type of a value ("integer" for a float without fraction, as JSON Schema has it)."""
    if value is None:
        return "null"
    for kind, name in _TYPES.items():
        if isinstance(value, kind):
            return _type_of_float(value) if isinstance(value, float) else name
    raise TypeError(type(value))


def _type_of_float(value: float) -> str:
    if value - value != 0:
        return "infinite"
    return "integer" if value.is_integer() else "number"


class Checker:
    """Finds what the schema refuses. A mapping or list in which nothing was found is not looked into again under the
    same rule, so that what many services share, or many documents leave as it is, is checked once."""

    def __init__(self) -> None:
        # The values are kept, lest the id of one be given to another.
        self._clean: dict[tuple[int, int], Any] = {}

    def problems(self, value: Any, place: Place) -> list[Problem]:
        """What the schema refuses in a value, which must not be changed afterwards."""
        found: list[Problem] = []
        self._check(value, place, (), None, None, found)
        return found

    def _check(
        self, value: Any, place: Place, path: tuple[str, ...], container: Any, key: Any, found: list[Problem]
    ) -> None:
        kind = type_of(value)
        if kind not in place:
            quotes = _IN_QUOTES if kind == "object" and "string" in place and isinstance(key, int) else ""
            found.append(Problem(path, container, key, f"must be {_wanted(place)}, and is {_NAMES[kind]}{quotes}"))
            return
        rule = place[kind]
        if rule is None:
            return
        if isinstance(rule, TextRule):
            if value not in rule.words if rule.words else not re.fullmatch(rule.pattern, value):
                found.append(Problem(path, container, key, f"must be {rule.wanted}"))
            return
        known = (id(value), id(rule))
        if known in self._clean:
            return
        before = len(found)
        if isinstance(rule, Items):
            self._check_items(value, rule, path, found)
            if rule.unique and len({(type_of(item), str(item)) for item in value}) < len(value):
                found.append(Problem(path, container, key, "names something twice"))
        else:
            self._check_table(value, rule, path, found)
            lacking = (name for name in rule.required if name not in value)
            found.extend(Problem(path, container, key, f"lacks `{name}`") for name in lacking)
        if len(found) == before:
            self._clean[known] = value

    def _check_items(self, value: list[Any], rule: Items, path: tuple[str, ...], found: list[Problem]) -> None:
        text_is_free = rule.item.get("string", rule) is None
        for index, item in enumerate(value):
            if not (text_is_free and isinstance(item, str)):
                self._check(item, rule.item, (*path, str(index)), value, index, found)

    def _check_table(self, value: dict[str, Any], rule: Table, path: tuple[str, ...], found: list[Problem]) -> None:
        for name, item in value.items():
            place = rule.keys.get(name)
            if place is None:
                place = rule.other
                if rule.extensible and name.startswith("x-"):
                    continue
                named = place is not None and _fits(name, rule.names)
                if not named and rule.other is not None and rule.extensible:
                    continue
                if place is None or not named:
                    found.append(Problem((*path, name), value, name, "is not known to Docker Compose here"))
                    continue
            if place.get("string", rule) is None and isinstance(item, str):
                continue
            self._check(item, place, (*path, name), value, name, found)


def _fits(name: str, names: str) -> bool:
    return bool(name) if names == ANY_NAME else not names or re.fullmatch(names, name) is not None


# An item of a list such as `- KEY=${KEY:?run: make keys}`.
_IN_QUOTES = ": put the item in quotes if it is one text, for a colon and a blank make a mapping of it"
_NAMES = {
    "infinite": "no finite number",
    "null": "empty",
    "boolean": "true or false",
    "integer": "a number",
    "number": "a number",
    "string": "a text",
    "array": "a list",
    "object": "a mapping",
}


def _wanted(place: Place) -> str:
    return " or ".join(dict.fromkeys(_NAMES[name] for name in place))
