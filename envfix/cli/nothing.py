"""The short way for a run that finds nothing to do (see `envfix.quick`): the same report, without reading YAML."""

import os
from typing import TYPE_CHECKING, NamedTuple

from envfix.cli.asked import Options
from envfix.cli.paths import Wanted
from envfix.records import Plan

if TYPE_CHECKING:
    from envfix.planning import Made


class _Unread(NamedTuple):
    """What stands for `planning.Made` where there was no need to read the project."""

    plan: Plan
    project: None = None
    reading: None = None


def unread(options: Options, asked: list[Wanted]) -> "Made | None":
    """The empty plan of the one project that is asked for, if its bytes say that nothing is to be done there."""
    told_otherwise = (
        options.files, options.project_directory, options.project_name, options.profiles, options.env_files,
        options.output, options.override, options.logs, options.explain, options.hook, options.to != "container",
        options.format_ != "text",
    )  # fmt: skip
    if any(told_otherwise) or len(asked) != 1 or asked[0].files:
        return None
    directory = asked[0].directory
    if asked[0].named not in ((), (os.path.join(directory, ".env"),)):
        return None
    from envfix.quick import nothing_to_do

    plan = nothing_to_do(directory, os.environ)
    return None if plan is None else _Unread(plan)  # type: ignore[return-value]
