"""How is it told? One renderer for each format, from the same record of a run; nothing here reads or writes a file."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from envfix.errors import EnvfixError
from envfix.formats import FORMATS
from envfix.named_tuples import NamedTuple
from envfix.records import Plan

if TYPE_CHECKING:
    from envfix.compose.model import Project


class Part(NamedTuple):
    """One project of a run. `project` is needed for the picture alone; `compose` are the words that name the project to
    `docker compose` (such as "-f", "docker-compose.yml"), for the command that makes a change take effect."""

    plan: Plan
    project: "Project | None" = None
    compose: tuple[str, ...] = ()


class Report(NamedTuple):
    """What a run did, and how it shall be told.

    `cwd` is absolute; paths below it are told relative to it. `options` are the words of this run that the next
    `envfix` command repeats (paths and options without the mode), `restore` those of `envfix --restore`, None where
    nothing was backed up. `override` is the compose override file that was written, `output` the repaired copy, None
    where none was (the env files stay as they are then). `to` is the direction. `podman`: this machine has Podman, and
    no Docker. `columns` is the width of the terminal that standard output is, 0 where it is none.
    `strict`: questions make the run fail.
    """

    parts: tuple[Part, ...]
    cwd: str
    errors: tuple[EnvfixError, ...] = ()
    written: bool = False
    override: str | None = None
    output: str | None = None
    to: str = "container"
    options: tuple[str, ...] = ()
    restore: tuple[str, ...] | None = ()
    show_secrets: bool = False
    colour: bool = False
    quiet: bool = False
    verbose: bool = False
    podman: bool = False
    columns: int = 0
    strict: bool = False


class Said(NamedTuple):
    """A piece of what is printed, ends of lines included: the run's output, or `talk` about it (standard error)."""

    text: str
    talk: bool = False


def renderer(format: str) -> Any:
    """The module that renders one of FORMATS, loaded when it is asked for: the others are not needed."""
    return import_module(f"envfix.report.{FORMATS[format].module}")


def render(format: str, report: Report) -> tuple[Said, ...]:
    """What to print, in this order, for one of FORMATS. Everything that came from a file is free of control characters;
    secrets are masked unless `show_secrets`, and only the diff of the text format knows of that."""
    said: tuple[Said, ...] = renderer(format).render(report)
    return said


def schema_text() -> str:
    """The JSON Schema (2020-12) of the JSON format, as text."""
    from importlib.resources import files

    return files(__name__).joinpath("schema.json").read_text(encoding="utf-8")
