"""Relative paths made absolute, on the directory of the project, include or extended file where they stand
(compose-go's paths package)."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from envfix.compose.discovery import is_url
from envfix.compose.nodes import Expanded, at_place_of
from envfix.compose.short_syntax import is_path
from envfix.files import local
from envfix.patterns import regex

_WINDOWS = regex(r"[A-Za-z]:[\\/]|\\\\")


def absolute_model(model: dict[str, Any], directory: str, home: str | None) -> dict[str, Any]:
    """The model with the paths of its services, configs and secrets absolute. `home` is what `~` stands for."""

    def absolute(text: str) -> str:
        return absolute_path(text, directory, home)

    changed = {}
    for kind, rule in (("services", _service), ("configs", _file), ("secrets", _file)):
        if isinstance(model.get(kind), dict):
            changed[kind] = {name: rule(value, absolute) for name, value in model[kind].items()}
    return {**model, **changed}


def absolute_path(text: str, directory: str, home: str | None) -> str:
    """One path, `~` and relative ones resolved; its origin is kept. One on another machine is a URL (`files.local`)."""
    path, folder = text, directory
    if path.startswith("~") and home:
        path, folder = os.path.join(home, path[1:].lstrip("/")), home
    if not path.startswith("/") and not _WINDOWS.match(path):
        path = os.path.normpath(os.path.join(directory, path))
    return at_place_of(text, local(path, folder))


def _service(service: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(service, dict):
        return service
    changed = {name: rule(service[name], absolute) for name, rule in _RULES.items() if service.get(name)}
    return {**service, **changed} if changed else service


def _file(value: Any, absolute: Callable[[str], str]) -> Any:
    return _with(value, "file", absolute)


def _build(build: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(build, dict):
        return build
    changed = {}
    if isinstance(context := build.get("context"), str):
        changed["context"] = _context(context, absolute)
    if isinstance(named := build.get("additional_contexts"), dict):
        changed["additional_contexts"] = {name: _context(text, absolute) for name, text in named.items()}
    elif isinstance(named, list):
        pairs = [(item, *item.partition("=")) for item in named]
        changed["additional_contexts"] = [
            at_place_of(item, f"{name}={_context(text, absolute)}") if text else item for item, name, _, text in pairs
        ]
    return {**build, **changed}


def _context(text: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(text, str) or is_url(text) or text.startswith("service:"):
        return text
    return absolute(text)


def _env_files(entries: Any, absolute: Callable[[str], str]) -> Any:
    return [_with(entry, "path", absolute) for entry in entries] if isinstance(entries, list) else entries


def _volumes(entries: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(entries, list):
        return entries
    return [
        _with(entry, "source", absolute)
        if isinstance(entry, dict) and entry.get("type") == "bind" and is_local(entry.get("source"))
        else entry
        for entry in entries
    ]


def is_local(source: Any) -> bool:
    """Whether the source of a mount is a path of the host."""
    return isinstance(source, str) and bool(source) and (is_path(source) or not is_url(source))


def _extends(entry: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(entry, dict) or is_url(str(entry.get("file"))):
        return entry
    return _with(entry, "file", absolute)


def _develop(develop: Any, absolute: Callable[[str], str]) -> Any:
    if not isinstance(develop, dict) or not isinstance(develop.get("watch"), list):
        return develop
    return {**develop, "watch": [_with(rule, "path", absolute) for rule in develop["watch"]]}


def _with(entry: Any, key: str, absolute: Callable[[str], str]) -> Any:
    """The entry with one of its paths absolute; what it was written as is kept."""
    if not isinstance(entry, dict) or not isinstance(entry.get(key), str):
        return entry
    if not isinstance(entry, Expanded):
        return {**entry, key: absolute(entry[key])}
    changed = Expanded(entry)
    changed.written = entry.written
    changed[key] = absolute(entry[key])
    return changed


_RULES: dict[str, Callable[[Any, Callable[[str], str]], Any]] = {
    "build": _build,
    "env_file": _env_files,
    "volumes": _volumes,
    "extends": _extends,
    "develop": _develop,
}
