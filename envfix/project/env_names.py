"""Is this env file a template, and of which file; is it one for containers; and which others lie beside it?

Projects keep one env file for programs on the machine and another for containers, side by side: `.env.docker`,
`.env.compose.example`, `docker.env`. What the other one says of a variable is evidence, never more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from contextlib import suppress

from envfix.compose.model import Project
from envfix.compose.sources import Sources
from envfix.envfile import EnvDocument, read_env
from envfix.errors import EnvfixError
from envfix.files import RealPaths
from envfix.patterns import regex

# Names of templates: what stands before the mark is the file that the template is of (`.env.example`, `sample.env`).
_TEMPLATE = regex(
    r"^(?P<before>.*?)[._-]?(?:example|sample|template|dist|tmpl|tpl|defaults?)(?P<after>(?:[._-][\w-]++(?:\.[\w-]++)*+)?)$",
    re.IGNORECASE,
)


def is_template(path: str) -> bool:
    """Whether the name is that of a template of an env file, such as `.env.example`."""
    name = os.path.basename(path)
    return "env" in name.lower() and _TEMPLATE.match(name) is not None


def stands_for(path: str) -> str:
    """The env file that a template is of: `.env.local.example` gives `.env.local`, `env.sample` and `sample.env` give
    `.env`. A path that is no template is its own."""
    folder, name = os.path.split(path)
    match = _TEMPLATE.match(name)
    if match is None or "env" not in name.lower():
        return path
    stem = (match["before"] + match["after"]).strip("._-")
    if not stem or stem == "env":
        return os.path.join(folder, ".env")
    dotted = stem if not name.startswith(".") else "." + stem
    return os.path.join(folder, dotted)


def template_of(path: str) -> str | None:
    """The template of the env file at `path` that lies beside it, None if there is none."""
    return next((one for one in templates_in(os.path.dirname(path)) if stands_for(one) == path), None)


def templates_in(folder: str) -> list[str]:
    """The templates of env files in a folder, in the order of their names."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    beside = (os.path.join(folder, name) for name in names if is_template(name))
    return [path for path in beside if os.path.isfile(path)]


def awaited(project: Project, sources: Sources) -> Mapping[str, EnvDocument]:
    """The env files that services list and that are not there yet, by their paths, each as its template has it: those
    without which Compose starts nothing (https://docs.docker.com/reference/compose-file/services/#required), so that
    they will be there when a container reads anything."""
    listed = (file for service in project.every_service for file in service.env_files)
    missing = dict.fromkeys(file.path for file in listed if file.required and not file.found)
    templates: dict[str, str] = {}
    for folder in dict.fromkeys(map(os.path.dirname, missing)):
        for template in templates_in(folder):
            templates.setdefault(stands_for(template), template)
    found = {}
    for path in missing:
        if path in templates:
            with suppress(EnvfixError):
                found[path] = sources.env(templates[path])
    return found


_ENV_NAME = regex(r"\.env(\..+)?$|[\w-]+(\.[\w-]+)*\.env(\..+)?$|env\.[\w.-]+$", re.IGNORECASE)
_LEFT_OVER = regex(r".*(\.(bak|backup|orig|old|save|swp|tmp|enc|gpg|age|vault)|~)$", re.IGNORECASE)
_FOR_CONTAINERS = regex(
    r"(^|.*[._-])(docker|compose|dockercompose|containers?|containeri[sz]ed)([._-].*|$)", re.IGNORECASE
)
_MOST = 24


def env_files_in(folder: str, judged: Collection[str] = ()) -> tuple[EnvDocument, ...]:
    """The env files of a folder, in the order of their names, of many the first; those that cannot be read are left
    out, and so are the `judged` ones (real paths), by whatever name: a repair must not become the evidence for
    another."""
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return ()
    found: list[EnvDocument] = []
    real = RealPaths()
    for name in filter(_is_env_file, names):
        path = os.path.join(folder, name)
        if len(found) < _MOST and not (judged and real.of(path) in judged):
            with suppress(EnvfixError):
                found.append(read_env(path))
    return tuple(found)


def _is_env_file(name: str) -> bool:
    return _ENV_NAME.match(name) is not None and _LEFT_OVER.match(name) is None


def is_for_containers(path: str) -> bool:
    """Whether the name of an env file says that it is the one for containers."""
    return _FOR_CONTAINERS.match(os.path.basename(path)) is not None
