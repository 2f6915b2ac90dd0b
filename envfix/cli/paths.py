"""Which projects do the given paths mean? Env files, compose files and folders, grouped by project."""

from __future__ import annotations

import os
from typing import NamedTuple

from envfix.cli.options import Options
from envfix.errors import EnvfixError

# Names that Docker Compose finds by itself (compose-go, cli/options.go).
BASE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
DEFAULT_NAMES = frozenset((*BASE_NAMES, *(name.replace("compose.", "compose.override.") for name in BASE_NAMES)))


class Wanted(NamedTuple):
    """One project to look at: its folder, the compose files named for it, and the env files named (absolute)."""

    directory: str
    files: tuple[str, ...] = ()
    named: tuple[str, ...] = ()


def wanted(options: Options, cwd: str) -> list[Wanted]:
    """The projects that the command line means, in the order of its paths. EnvfixError for a path that is missing."""
    if not options.paths:
        return [Wanted(cwd, options.files)]
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for path in options.paths:
        absolute = os.path.abspath(os.path.join(cwd, path))
        if not os.path.lexists(absolute):
            raise EnvfixError("there is no such file or folder", path=path)
        directory, files, env = _meaning(absolute, options, cwd)
        named = found.setdefault((directory, files), [])
        if env and env not in named:
            named.append(env)
    return [Wanted(directory, files, tuple(named)) for (directory, files), named in found.items()]


def _meaning(path: str, options: Options, cwd: str) -> tuple[str, tuple[str, ...], str | None]:
    """(folder, compose files, env file) that a path means."""
    folder, name = os.path.split(path)
    if os.path.isdir(path):
        return (cwd, options.files, None) if options.files else (path, (), None)
    if name in DEFAULT_NAMES and not options.files:
        return folder, (), None
    if name.endswith((".yml", ".yaml")):
        return (cwd, (*options.files, path), None) if options.files else (folder, (path,), None)
    if options.files or options.project_directory:
        return cwd, options.files, path
    return _project_of(folder, cwd), (), path


def _project_of(folder: str, cwd: str) -> str:
    """The folder whose project an env file belongs to: its own or the nearest one above that has a compose file, else
    the current folder."""
    here = folder
    while True:
        if any(os.path.exists(os.path.join(here, name)) for name in BASE_NAMES):
            return here
        above = os.path.dirname(here)
        if above == here or os.path.exists(os.path.join(here, ".git")):
            return cwd
        here = above
