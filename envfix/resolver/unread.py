"""Why does no container read this binding?"""

from __future__ import annotations

import os
from collections.abc import Iterator

from envfix.compose.model import EnvEntry, Service
from envfix.interpolation import variables
from envfix.project.uses import Reading

_NOBODY = "no service reads it: it is for programs on the host"


def unread_cause(reading: Reading, path: str, number: int) -> str:
    """The first that holds: the same file sets the variable again below; a service that receives the file sets it in
    its `environment:`, or gets it from a file that wins; or nobody gets it."""
    document = reading.documents[path]
    binding = document.bindings[number]
    last = reading.texts.last[path].get(binding.name, number)
    if last != number:
        return f"line {document.bindings[last].line} sets {binding.name} again, so this line is not read"
    return next(_set_again(reading, path, binding.name), _NOBODY)


def _set_again(reading: Reading, path: str, name: str) -> Iterator[str]:
    services = [service for service in reading.topology.services.values() if _receives(reading, service, path)]
    for service in services:
        entry = next((entry for entry in reversed(service.entries) if entry.name == name), None)
        if entry is not None:
            yield _by_environment(reading, service, entry, path)
    for service in services:
        winner = _winner(reading, service, name)
        if winner is not None and winner != path:
            file = _shown(reading, winner)
            yield f"{file}, which wins for {service.name}, sets {name} again, so this line is not read"
    for context in reading.project.contexts:
        if path in context.env_files and context.sources.get(name, path) != path:
            file = _shown(reading, context.sources[name])
            yield f"{file}, which is read later, sets {name} again, so this line is not read"


def _receives(reading: Reading, service: Service, path: str) -> bool:
    return any(file.path == path for file in service.env_files) or any(
        shown.path == path for shown in reading.shown.get(service.name, ())
    )


def _by_environment(reading: Reading, service: Service, entry: EnvEntry, path: str) -> str:
    origin = f"{_shown(reading, entry.origin.path)}:{entry.origin.line}"
    said = f"{service.name}'s environment: sets {entry.name} again ({origin}), so this line is not read"
    names = variables(entry.template or "")
    context = reading.project.contexts[entry.context]
    fed = [name for name in names if reading.texts.source(entry.context, name) != path]
    if entry.template is None or not fed:
        return said
    source = reading.texts.source(entry.context, fed[0])
    if source is not None:
        where = _shown(reading, source)
    elif fed[0] in context.shell:
        where = "the shell"
    else:
        where = "the project's .env or the shell"
    return f"{said}: ${{{fed[0]}}} there comes from {where}, not from this file"


def _winner(reading: Reading, service: Service, name: str) -> str | None:
    """The file from which the service gets the variable."""
    if service.env_files and name in reading.handed(service):
        return reading.handed(service)[name][0]
    shown = reading.shown.get(service.name, ())
    return next((one.path for one in shown if name in reading.texts.last[one.path]), None)


def _shown(reading: Reading, path: str) -> str:
    """A path as a person of the project writes it: relative to its folder where it lies below it."""
    folder = reading.project.directory.rstrip(os.sep) + os.sep
    return path.removeprefix(folder).replace(os.sep, "/")
