"""What would Docker Compose see? `load_project` reads a project as the real one does (compose-go's rules).

Importing this package loads neither its records nor the loader with ruamel.yaml: each waits until it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from envfix.compose.loader import load_project
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
        from envfix.compose.loader import load_project as found
    elif name in __all__:
        from envfix.compose import model

        found = getattr(model, name)
    else:
        raise AttributeError(f"module 'envfix.compose' has no attribute {name!r}")
    globals()[name] = found
    return found
