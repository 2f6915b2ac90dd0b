"""What would Docker Compose see? `load_project` reads a project as the real one does (compose-go's rules), into the
records of `model`."""

from envfix.compose.loader import load_project
from envfix.compose.model import Build, Context, EnvEntry, EnvFile, Mount, Origin, Port, Project, Service, Template

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
