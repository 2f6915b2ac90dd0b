"""How a later file, an heir (`extends`) or an including project changes what came before
(compose-go's override package), and what of it they take away (its loader/reset.go).

Nothing is changed in place, since anchors and several users of one file share their containers. A path is the tuple of
keys from the root, such as ("services", "api", "environment").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from envfix.compose.nodes import NOWHERE, KeyPath, Scalar, printed, scalar
from envfix.compose.short_syntax import parse_volume

Rule = Callable[[Any, Any, KeyPath], Any]


class Refused(Exception):
    """Two values that do not go together, or an entry that cannot be told from others; `value` is where."""

    def __init__(self, message: str, path: KeyPath, value: Any) -> None:
        super().__init__(message)
        self.message = f"{'.'.join(path)} {message}"
        self.value = value


def merge(base: Any, over: Any, path: KeyPath = ()) -> Any:
    """`base` as changed by `over`. Raises Refused."""
    rule = _rule(path)
    if rule is not None:
        return rule(base, over, path)
    if over is None:
        return base
    if isinstance(base, dict):
        if not isinstance(over, dict):
            raise Refused("is a mapping, which this cannot override", path, over)
        merged = dict(base)
        for key, value in over.items():
            merged[key] = merge(base[key], value, (*path, key)) if key in base else value
        return merged
    if isinstance(base, list):
        if not isinstance(over, list):
            raise Refused("is a list, which this cannot override", path, over)
        return _append(base, over)
    return over


def _merge_maps(base: dict[str, Any], over: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    return {
        **base,
        **{key: merge(base[key], value, (*path, key)) if key in base else value for key, value in over.items()},
    }


def _append(base: list[Any], over: list[Any]) -> list[Any]:
    """Both lists, without what of the later one equals something before it."""
    seen = {identity(item) for item in base}
    merged = list(base)
    for item in over:
        key = identity(item)
        if key not in seen:
            seen.add(key)
            merged.append(item)
    return merged


def identity(value: Any) -> Any:
    """Something hashable that two values share just if they are deeply equal, types included."""
    if isinstance(value, dict):
        return ("object", frozenset((key, identity(item)) for key, item in value.items()))
    if isinstance(value, list):
        return ("array", tuple(identity(item) for item in value))
    kind = bool if isinstance(value, bool) else next((k for k in (int, float, str) if isinstance(value, k)), None)
    return (kind, value)


def _replace(base: Any, over: Any, path: KeyPath) -> Any:
    return over


def _sequences(base: Any, over: Any, path: KeyPath) -> list[Any]:
    return _append(as_sequence(base), as_sequence(over))


def _assignments(base: Any, over: Any, path: KeyPath) -> list[Any]:
    return unique([*as_sequence(base), *as_sequence(over)], path, name_of)


def as_sequence(value: Any) -> list[Any]:
    """The list form of a place that may be a mapping (`K=V`, sorted), one text, or empty."""
    if isinstance(value, dict):
        return sorted(_assigned(value))
    if isinstance(value, list):
        return value
    return [value] if isinstance(value, str) else []


def _assigned(value: dict[str, Any]) -> Iterable[Any]:
    for name, item in value.items():
        if item is None:
            yield name
        for one in item if isinstance(item, list) else [item]:
            if one is not None:
                yield assignment(name, one)


def assignment(name: Any, value: Any) -> Scalar:
    """`NAME=value` as an item of a list; its origin is the value's."""
    template = getattr(value, "template", None)
    origin = getattr(value, "origin", None) or getattr(name, "origin", None) or NOWHERE
    return scalar(
        f"{name}={printed(value)}",
        origin,
        template=None if template is None else f"{name}={template}",
        context=getattr(value, "context", 0),
    )


def _ulimit(base: Any, over: Any, path: KeyPath) -> Any:
    return _merge_maps(base, over, path) if isinstance(base, dict) and isinstance(over, dict) else over


def _logging(base: Any, over: Any, path: KeyPath) -> Any:
    for value in (base, over):
        if not isinstance(value, dict):
            raise Refused("must be a mapping", path, value)
    same = "driver" not in base or "driver" not in over or base["driver"] == over["driver"]
    return _merge_maps(base, over, path) if same else over


def _build(base: Any, over: Any, path: KeyPath) -> Any:
    base, over = ({"context": value} if isinstance(value, str) else value or {} for value in (base, over))
    if not isinstance(base, dict) or not isinstance(over, dict):
        raise Refused("must be a text or a mapping", path, over)
    return _merge_maps(base, over, path)


def _keyed(default: dict[str, Any] | None) -> Rule:
    def rule(base: Any, over: Any, path: KeyPath) -> Any:
        return _merge_maps(as_mapping(base, default, path), as_mapping(over, default, path), path)

    return rule


def as_mapping(value: Any, default: dict[str, Any] | None, path: KeyPath) -> dict[str, Any]:
    """The mapping form of a place that may be a list of names, each of which then has the `default`."""
    if value is None or isinstance(value, dict):
        return value or {}
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise Refused("must be a list of names or a mapping", path, value)
    return dict.fromkeys(names, default)


_MOST_SUBNETS = 200  # of a network, each of which is compared with each; it has one or two


def _subnets(base: Any, over: Any, path: KeyPath) -> list[Any]:
    for value in (base, over):
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise Refused("must be a list of mappings", path, value)
        if len(value) > _MOST_SUBNETS:
            raise Refused(f"has over {_MOST_SUBNETS} entries: use fewer", path, value)
    merged: dict[Any, Any] = {}
    for right in base:
        for left in over:
            if left.get("subnet") != right.get("subnet") and left.get("subnet") not in merged:
                merged[left.get("subnet")] = left
            else:
                together = _merge_maps(right, left, path)
                merged[together.get("subnet")] = together
    return list(merged.values())


STARTED = {"condition": "service_started", "required": True}

_OF_SERVICE: dict[KeyPath, Rule] = {
    **dict.fromkeys([("command",), ("entrypoint",), ("healthcheck", "test")], _replace),
    **dict.fromkeys(
        [
            ("annotations",),
            ("build", "args"),
            ("build", "additional_contexts"),
            ("build", "labels"),
            ("environment",),
            ("labels",),
            ("sysctls",),
            ("deploy", "labels"),
        ],
        _assignments,
    ),
    **dict.fromkeys(
        [
            ("build", "extra_hosts"),
            ("dns",),
            ("dns_opt",),
            ("dns_search",),
            ("env_file",),
            ("label_file",),
            ("extra_hosts",),
            ("tmpfs",),
        ],
        _sequences,
    ),
    ("build",): _build,
    ("depends_on",): _keyed(STARTED),
    ("logging",): _logging,
    ("models",): _keyed(None),
    ("networks",): _keyed(None),
}
_OF_RESOURCE: dict[KeyPath, Rule] = {
    ("networks", "ipam", "config"): _subnets,
    **{(kind, "labels"): _assignments for kind in ("networks", "volumes", "secrets", "configs")},
}


def _rule(path: KeyPath) -> Rule | None:
    if len(path) < 3:
        return None
    if path[0] not in ("services", "jobs"):
        return _OF_RESOURCE.get((path[0], *path[2:]))
    if len(path) == 4 and path[2] == "ulimits":
        return _ulimit
    return _OF_SERVICE.get(path[2:])


def unique(items: list[Any], path: KeyPath, key: Callable[[Any], Any]) -> list[Any]:
    """The list with a later entry of the same key in the place of the earlier. Raises Refused where there is no key."""
    kept: dict[Any, Any] = {}
    for item in items:
        found = key(item)
        if found is None:
            raise Refused("holds an entry that Docker Compose cannot read", path, item)
        kept[found] = item
    return list(kept.values()) if len(kept) < len(items) else items


def name_of(item: Any) -> str | None:
    """The name of a `NAME=value`, None for what is no text."""
    return item.partition("=")[0] if isinstance(item, str) else None


def _exposed(item: Any) -> str | None:
    return str(item) if isinstance(item, str) or (isinstance(item, int) and not isinstance(item, bool)) else None


def _env_file(item: Any) -> Any:
    return item.get("path") if isinstance(item, dict) else item if isinstance(item, str) else ""


def _port(item: Any) -> Any:
    if not isinstance(item, dict):
        return str(item)
    if "target" not in item:
        return None
    published = item.get("published")
    # An int and a text are told apart, as Go's formatting does by mistake.
    kind = "int" if isinstance(published, int) else "str"
    return (
        str(item.get("host_ip", "0.0.0.0")),
        kind,
        str(published),
        str(item["target"]),
        str(item.get("protocol", "tcp")),
    )


def _mount(item: Any) -> Any:
    if isinstance(item, dict):
        return item.get("target")
    return parse_volume(item)["target"] if isinstance(item, str) else ""


def _device(item: Any) -> Any:
    if isinstance(item, dict):
        return item.get("target")
    if not isinstance(item, str):
        return ""
    source, _, rest = item.partition(":")
    return rest.partition(":")[0] if rest or ":" in item else source


def _mounted(default: str) -> Callable[[Any], Any]:
    def key(item: Any) -> Any:
        if isinstance(item, dict):
            return item.get("target", f"{default}/{item.get('source')}")
        return f"{default}/{item}" if isinstance(item, str) else None

    return key


_UNIQUE: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "annotations",
            "cap_add",
            "cap_drop",
            "dns",
            "dns_opt",
            "dns_search",
            "environment",
            "labels",
            "links",
            "profiles",
            "sysctls",
            "tmpfs",
        ),
        name_of,
    ),
    "configs": _mounted(""),
    "devices": _device,
    "env_file": _env_file,
    "expose": _exposed,
    "ports": _port,
    "secrets": _mounted("/run/secrets"),
    "volumes": _mount,
}
_UNIQUE_IN: dict[str, tuple[str, ...]] = {
    "build": ("args", "additional_contexts", "platform", "tags", "labels"),
    "deploy": ("labels",),
}


def unique_service(service: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """A service with every list in which entries have a key reduced to the last of each. Raises Refused."""
    changed: dict[str, Any] = {}
    for name, value in service.items():
        place = (*path, name)
        if isinstance(value, list) and name in _UNIQUE:
            changed[name] = unique(value, place, _UNIQUE[name])
        elif isinstance(value, dict) and name in _UNIQUE_IN:
            changed[name] = _unique_within(value, place, _UNIQUE_IN[name])
        elif isinstance(value, dict) and name == "networks":
            changed[name] = {
                key: _unique_within(item, (*place, key), ("aliases", "link_local_ips"))
                if isinstance(item, dict)
                else item
                for key, item in value.items()
            }
    return {**service, **changed} if changed else service


def _unique_within(value: dict[str, Any], path: KeyPath, names: tuple[str, ...]) -> dict[str, Any]:
    return {
        key: unique(item, (*path, key), name_of) if key in names and isinstance(item, list) else item
        for key, item in value.items()
    }


Resets = tuple[KeyPath, ...]
_Tree = dict[str, Any]


def reset(model: dict[str, Any], resets: Resets) -> dict[str, Any]:
    """The model without what stands at the paths of `resets`; an item of a list cannot be reset."""
    return without(model, resets, lists=False)


def without(model: dict[str, Any], paths: Iterable[KeyPath], *, lists: bool = True) -> dict[str, Any]:
    """The model without what stands at these paths, the items of lists called by their index; with `lists` False lists
    are left whole."""
    tree = _tree_of(paths)
    return _pruned_mapping(model, tree, lists) if tree else model


def _tree_of(paths: Iterable[KeyPath]) -> _Tree:
    """The paths as a tree of keys (indexes of lists as texts), in which None means that all of it goes."""
    tree: _Tree = {}
    for path in paths:
        node: _Tree | None = tree if path else None
        for key in path[:-1]:
            node = None if node is None else node.setdefault(key, {})
        if node is not None:
            node[path[-1]] = None
    return tree


def _pruned_mapping(value: dict[str, Any], tree: _Tree, lists: bool) -> dict[str, Any]:
    kept = {}
    for key, item in value.items():
        if key not in tree:
            kept[key] = item
        elif tree[key] is not None:
            kept[key] = _pruned(item, tree[key], lists)
    return kept


def _pruned(value: Any, tree: _Tree, lists: bool) -> Any:
    if isinstance(value, dict):
        return _pruned_mapping(value, tree, lists)
    if not isinstance(value, list) or not lists:
        return value
    return [
        _pruned(item, tree.get(str(index), {}), lists) if str(index) in tree else item
        for index, item in enumerate(value)
        if tree.get(str(index), ()) is not None
    ]
