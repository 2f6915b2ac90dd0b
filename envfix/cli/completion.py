"""What does the shell offer when TAB is hit? Words of the project at hand; one that cannot be read offers none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from shlex import quote
from typing import TYPE_CHECKING, Any

from envfix.compose import load_project
from envfix.errors import EnvfixError
from envfix.shown import as_written

if TYPE_CHECKING:
    from envfix.compose.model import Project


def profiles(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The profiles that the project's services name; none into which a variable is filled, whose value is not told."""
    project = _project(given)
    if project is None:
        return []
    services = (*project.services.values(), *project.inactive.values())
    named = {profile for service in services for profile in service.profiles}
    return _beginning({profile for profile in named if as_written(profile) == profile}, incomplete)


def variables(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The variables of the project's env files, by name alone."""
    project = _project(given)
    if project is None:
        return []
    names = {binding.name for document in project.documents.values() for binding in document.bindings}
    return _beginning(names, incomplete)


def _beginning(words: set[str], incomplete: str) -> list[str]:
    """Those that a shell takes as they are: bash puts a completion on the command line without quoting it, where
    `$(...)` would be run with the line."""
    return sorted(word for word in words if word.startswith(incomplete) and quote(word) == word)


def _project(given: Mapping[str, Any]) -> Project | None:
    folders = [path for path in given.get("paths") or () if os.path.isdir(path)]
    files = () if folders else given.get("files") or ()
    try:
        return load_project(
            folders[0] if folders else ".",
            files=files,
            project_directory=given.get("project_directory"),
            env_files=given.get("env_files") or (),
            profiles=("*",),
        )
    except EnvfixError:
        return None
