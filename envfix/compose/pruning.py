"""Taking parts out of a model, many at once and without changing it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Tree = dict[str, Any]


def tree_of(paths: Iterable[tuple[str, ...]]) -> Tree:
    """The paths as a tree of keys (indexes of lists as texts), in which None means that all of it goes."""
    tree: Tree = {}
    for path in paths:
        node: Tree | None = tree if path else None
        for key in path[:-1]:
            node = None if node is None else node.setdefault(key, {})
        if node is not None:
            node[path[-1]] = None
    return tree


def without(value: Any, tree: Tree, *, lists: bool = True) -> Any:
    """A value without what stands at the tree's paths; with `lists` False lists are left whole."""
    if isinstance(value, dict):
        kept = {}
        for key, item in value.items():
            if key not in tree:
                kept[key] = item
            elif tree[key] is not None:
                kept[key] = without(item, tree[key], lists=lists)
        return kept
    if not isinstance(value, list) or not lists:
        return value
    return [
        without(item, tree.get(str(index), {}), lists=lists) if str(index) in tree else item
        for index, item in enumerate(value)
        if tree.get(str(index), ()) is not None
    ]
