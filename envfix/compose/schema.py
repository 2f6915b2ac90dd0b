"""Does a compose file keep to the schema? A small checker over a table (see specification.py).

In Compose's schema the alternatives of a place differ by their YAML type, so a place is a dict from type to rule.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple


class Text(NamedTuple):
    """A text that must match `pattern`; `wanted` says what that is."""

    pattern: str
    wanted: str


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


Rule = Text | Items | Table | None
Place = dict[str, Rule]


def types(*names: str) -> Place:
    """Any value of these types."""
    return dict.fromkeys(names) | ({"integer": None} if "number" in names else {})


def text(pattern: str, wanted: str) -> Place:
    return {"string": Text(pattern, wanted)}


def words(*allowed: str) -> Place:
    return text("|".join(map(re.escape, allowed)), "one of " + ", ".join(allowed))


def listed(item: Place, *, unique: bool = False) -> Place:
    return {"array": Items(item, unique)}


def table(keys: dict[str, Place], *required: str, extensible: bool = True) -> Place:
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


def problems(
    value: Any, place: Place, path: tuple[str, ...] = (), container: Any = None, key: Any = None
) -> Iterator[Problem]:
    """What the schema refuses in a value that stands in a `container` under a `key`."""
    kind = type_of(value)
    if kind not in place:
        yield Problem(path, container, key, f"must be {_wanted(place)}, and is {_NAMES[kind]}")
        return
    rule = place[kind]
    if rule is None:
        return
    if isinstance(rule, Text):
        if not re.fullmatch(rule.pattern, value):
            yield Problem(path, container, key, f"must be {rule.wanted}")
    elif isinstance(rule, Items):
        yield from _items(value, rule, path, container, key)
    else:
        yield from _table(value, rule, path, container, key)


def _items(value: list[Any], rule: Items, path: tuple[str, ...], container: Any, key: Any) -> Iterator[Problem]:
    for index, item in enumerate(value):
        if rule.item.get("string", rule) is None and isinstance(item, str):
            continue
        yield from problems(item, rule.item, (*path, str(index)), value, index)
    if rule.unique and len({(type_of(item), str(item)) for item in value}) < len(value):
        yield Problem(path, container, key, "names something twice")


def _table(value: dict[str, Any], rule: Table, path: tuple[str, ...], container: Any, key: Any) -> Iterator[Problem]:
    for name, item in value.items():
        place = rule.keys.get(name)
        if place is None:
            place = rule.other
            if rule.extensible and name.startswith("x-"):
                continue
            named = place is not None and (not rule.names or re.fullmatch(rule.names, name))
            if not named and rule.other is not None and rule.extensible:
                continue
            if place is None or not named:
                yield Problem((*path, name), value, name, "is not known to Docker Compose here")
                continue
        if place.get("string", rule) is None and isinstance(item, str):
            continue
        yield from problems(item, place, (*path, name), value, name)
    for name in rule.required:
        if name not in value:
            yield Problem(path, container, key, f"lacks `{name}`")


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
