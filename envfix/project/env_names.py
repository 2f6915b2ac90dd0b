"""Is this env file a template, and of which file; is it one for containers; and which others lie beside it?

Projects keep one env file for programs on the machine and another for containers, side by side: `.env.docker`,
`.env.compose.example`, `docker.env`. What the other one says of a variable is evidence, never more.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection

from envfix.envfile import EnvDocument, read_env
from envfix.errors import EnvfixError
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


_ENV_NAME = regex(r"\.env(\..+)?$|[\w-]+(\.[\w-]+)*\.env(\..+)?$|env\.[\w.-]+$", re.IGNORECASE)
_LEFT_OVER = regex(r".*(\.(bak|backup|orig|old|save|swp|tmp|enc|gpg|age|vault)|~)$", re.IGNORECASE)
_FOR_CONTAINERS = regex(
    r"(^|.*[._-])(docker|compose|dockercompose|containers?|containeri[sz]ed)([._-].*|$)", re.IGNORECASE
)
_MOST = 24


def siblings(path: str, judged: Collection[str] = ()) -> tuple[EnvDocument, ...]:
    """The other env files of the folder, in the order of their names; those that cannot be read are left out, and so
    are the `judged` ones (real paths), by whatever name: a repair must not become the evidence for another."""
    folder, own = os.path.split(path)
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return ()
    found = []
    for name in names:
        if name != own and _ENV_NAME.match(name) and not _LEFT_OVER.match(name):
            beside = os.path.join(folder, name)
            if judged and os.path.realpath(beside) in judged:
                continue
            try:
                found.append(read_env(beside))
            except EnvfixError:
                continue
    return tuple(found[:_MOST])


def is_for_containers(path: str) -> bool:
    """Whether the name of an env file says that it is the one for containers."""
    return _FOR_CONTAINERS.match(os.path.basename(path)) is not None
