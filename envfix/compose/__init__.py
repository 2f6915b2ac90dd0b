"""What would Docker Compose see? `load_project` reads a project as the real one does (compose-go's rules).

Importing this package loads neither the loader nor ruamel.yaml: that waits until `load_project` is called.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from envfix.compose.model import (
    Build,
    Context,
    EnvEntry,
    EnvFile,
    Mount,
    Origin,
    Port,
    Project,
    Service,
    Template,
)

if TYPE_CHECKING:
    from envfix.compose.loader import load_project

__all__ = [
    "Build",
    "Context",
    "EnvEntry",
    "EnvFile",
    "Mount",
    "Origin",
    "Port",
    "Project",
    "Service",
    "Template",
    "load_project",
]


def __getattr__(name: str) -> object:
    if name == "load_project":
        from envfix.compose.loader import load_project as loaded

        globals()["load_project"] = loaded
        return loaded
    raise AttributeError(f"module 'envfix.compose' has no attribute {name!r}")
