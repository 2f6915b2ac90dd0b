"""Which projects a project includes, and how they come in: compose-go's loader/include.go."""

import os
from typing import Any

from envfix.compose.discovery import is_remote
from envfix.compose.merge import Refused, Resets, identity, merge, reset
from envfix.compose.nodes import Findings, at_place_of, failure, origin_of
from envfix.files import is_elsewhere
from envfix.named_tuples import NamedTuple
from envfix.shown import as_written

RESOURCES = ("services", "jobs", "volumes", "networks", "secrets", "configs", "models")


class Included(NamedTuple):
    """One entry of `include`, its paths absolute: the `files` to merge, the project `directory`, and the env files."""

    files: tuple[str, ...]
    directory: str
    env_files: tuple[str, ...]


def read_include(entries: Any, directory: str, findings: Findings) -> list[Included]:
    """The entries of `include` in a project in `directory`. Remote ones are told and left out. Raises EnvfixError for
    an env file that does not exist, Refused for what is no include."""
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise Refused("must be a list", ("include",), entries)
    found = []
    for entry in entries:
        included = _entry({"path": entry} if isinstance(entry, str) else entry, directory, findings)
        if included is not None:
            found.append(included)
    return found


def _entry(entry: Any, directory: str, findings: Findings) -> Included | None:
    if not isinstance(entry, dict) or not set(entry) <= {"path", "project_directory", "env_file"}:
        raise Refused("must be a path, or a mapping of path, project_directory and env_file", ("include",), entry)
    paths, env_files = _texts(entry.get("path")), _texts(entry.get("env_file"))
    inner = entry.get("project_directory") or ""
    if not paths or not isinstance(inner, str):
        raise Refused("needs a path", ("include",), entry)
    remote = [path for path in paths if is_remote(path, directory)]
    remote += [path for path in (inner, *env_files) if is_elsewhere(path, directory)]
    if remote:
        message = f"{as_written(remote[0])} is remote and not fetched: the project is read without it"
        findings.warn_at(message, origin_of(remote[0]))
        return None
    files = tuple(at_place_of(path, os.path.normpath(os.path.join(directory, path))) for path in paths)
    inside = os.path.normpath(os.path.join(directory, inner)) if inner else os.path.dirname(files[0])
    return Included(files, inside, _env_files(env_files, directory, inside))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    if not all(isinstance(item, str) for item in values):
        raise Refused("must hold texts", ("include",), value)
    return values


def _env_files(named: list[str], directory: str, inside: str) -> tuple[str, ...]:
    if not named:
        own = os.path.join(inside, ".env")
        return (own,) if os.path.exists(own) and not os.path.isdir(own) else ()
    files = []
    for name in named:
        if name == "/dev/null":
            continue
        path = os.path.normpath(os.path.join(directory, name))
        if not os.path.exists(path) or os.path.isdir(path):
            message = f"the env file {as_written(name)} of this include does not exist: create it, or name another"
            raise failure(message, name)
        files.append(path)
    return tuple(files)


def bring_in(imported: dict[str, Any], model: dict[str, Any], resets: Resets) -> dict[str, Any]:
    """The model with what an included one brings; where both name a thing, they merge and the including one wins."""
    result = dict(model)
    for kind in RESOURCES:
        if not isinstance(imported.get(kind), dict):
            continue
        target = result.get(kind) or {}
        if not isinstance(target, dict):
            raise Refused("must be a mapping", (kind,), target)
        result[kind] = _together(kind, imported[kind], target, resets)
    return result


def _together(kind: str, imported: dict[str, Any], target: dict[str, Any], resets: Resets) -> dict[str, Any]:
    together = dict(target)
    for name, value in imported.items():
        if name not in target:
            together[name] = value
        elif identity(value) != identity(target[name]):
            value = reset({kind: {name: value}}, resets)[kind].get(name)
            together[name] = merge(value, target[name], (kind, name))
    return together
