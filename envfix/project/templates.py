"""Which env file is this template of? `.env.example`, `.env.local.dist` and `sample.env` stand for files that a person
makes of them."""

from __future__ import annotations

import os
import re

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
