"""The names by which Docker Compose finds files and calls projects, for all who need not load the reader itself."""

from __future__ import annotations

import re

# In the order in which compose-go looks for them (cli/options.go, DefaultFileNames and DefaultOverrideFileNames).
BASE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


def normalized(name: str) -> str:
    """A text as a project name: lower case, nothing but letters, digits, `_` and `-`, none of these two in front."""
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")
