"""What does the shell offer when TAB is hit? Words of the project at hand; one that cannot be read offers none."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from shlex import quote
from typing import TYPE_CHECKING, Any

from envfix.cli.patience import of_project
from envfix.compose import load_project
from envfix.errors import EnvfixError
from envfix.shown import as_written

if TYPE_CHECKING:
    from envfix.compose.model import Project

_SECONDS = 5.0  # of processor time, of which a project takes some 0.05: nobody waits longer for words


def profiles(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The profiles that the project's services name; none into which a variable is filled, whose value is not told."""
    return _beginning(given, incomplete, _profiles)


def variables(given: Mapping[str, Any], incomplete: str) -> list[str]:
    """The variables of the project's env files, by name alone."""
    return _beginning(given, incomplete, _variables)


def _profiles(project: Project) -> Iterable[str]:
    named = {profile for service in project.every_service for profile in service.profiles}
    return (profile for profile in named if as_written(profile) == profile)


def _variables(project: Project) -> Iterable[str]:
    return (binding.name for document in project.documents.values() for binding in document.bindings)


def _beginning(given: Mapping[str, Any], incomplete: str, words_of: Callable[[Project], Iterable[str]]) -> list[str]:
    """Those of the project's words that begin so, and that a shell takes as they are: bash puts a completion on the
    command line without quoting it, where `$(...)` would be run with the line. None where it cannot be read, or not
    soon: who hits TAB asked for no run."""
    folders = [path for path in given.get("paths") or () if os.path.isdir(path)]
    folder = folders[0] if folders else "."
    try:
        with of_project(folder, _SECONDS):
            words = set(words_of(_project(given, folder, () if folders else given.get("files") or ())))
            return sorted(word for word in words if word.startswith(incomplete) and quote(word) == word)
    except EnvfixError:
        return []


def _project(given: Mapping[str, Any], folder: str, files: Iterable[str]) -> Project:
    return load_project(
        folder,
        files=tuple(files),
        project_directory=given.get("project_directory"),
        env_files=given.get("env_files") or (),
        profiles=("*",),
    )
