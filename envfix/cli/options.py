"""The options as one record, grouped for `--help`, and which of them exclude each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

GROUPS = {
    "mode": "What to do",
    "project": "Which project",
    "change": "How to change",
    "report": "How to tell",
    "about": "About envfix",
}


class Options(NamedTuple):
    """The command line, with the names that the options have there."""

    paths: tuple[str, ...]
    dry_run: bool
    write: bool
    restore: bool
    list_backups: bool
    output: str | None
    override: str | None
    interactive: bool
    logs: str | None
    files: tuple[str, ...]
    project_directory: str | None
    project_name: str | None
    profiles: tuple[str, ...]
    env_files: tuple[str, ...]
    recursive: bool
    to: str
    compose: bool
    host_gateway: bool
    no_backup: bool
    backup_dir: str | None
    force: bool
    hook: bool
    format_: str
    explain: tuple[str, ...]
    show_secrets: bool
    color: str
    quiet: bool
    verbose: bool
    strict: bool
    exit_non_zero_on_fix: bool
    schema: bool


class GroupedOption(click.Option):
    """An option that stands under a heading of its own in `--help`."""

    def __init__(self, *arguments: Any, group: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose `--help` shows its options by purpose."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows: dict[str, list[tuple[str, str]]] = {group: [] for group in GROUPS}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                rows[getattr(parameter, "group", "about")].append(record)
        for group, records in rows.items():
            with formatter.section(GROUPS[group]):
                formatter.write_dl(records)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.epilog:
            formatter.write_paragraph()
            formatter.write_text(self.epilog)


def option(group: str, *names: str, **settings: Any) -> Callable[[F], F]:
    """A click option under one of GROUPS."""
    return click.option(*names, cls=GroupedOption, group=group, **settings)


def profiles_at_hand(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Shell completion of `--profile`."""
    from envfix.cli.completion import profiles

    return profiles(context.params, incomplete)


def variables_at_hand(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Shell completion of `--explain`."""
    from envfix.cli.completion import variables

    return variables(context.params, incomplete)


# An option, and those that mean nothing beside it.
_EXCLUDED = {
    "dry_run": ("write", "restore", "output", "schema"),
    "write": ("restore", "output", "schema", "explain"),
    "restore": ("output", "schema", "explain", "compose", "host_gateway", "no_backup"),
    "output": ("schema", "explain", "compose", "no_backup", "backup_dir"),
    "interactive": ("restore", "output", "schema", "override", "logs", "recursive", "explain", "hook"),
    "override": ("restore", "output", "schema", "logs", "recursive", "explain", "compose", "no_backup", "backup_dir"),
    "logs": ("restore", "output", "schema", "recursive", "explain", "hook"),
    "recursive": ("restore", "output", "schema", "explain", "files", "project_directory", "project_name", "hook"),
    "no_backup": ("backup_dir",),
    "quiet": ("verbose",),
}
# An option, and the formats that it has.
_FORMATS = {
    "logs": ("text", "json"),
    "restore": ("text",),
    "interactive": ("text",),
    "explain": ("text",),
    "hook": ("text",),
}
_FLAG = {
    "files": "-f/--file",
    "list_backups": "--list",
    "format_": "--format",
    "profiles": "--profile",
    "env_files": "--env-file",
}


def check(context: click.Context, given: dict[str, Any]) -> Options:
    """The options, or a UsageError in click's way for a combination that means nothing."""
    options = Options(**given)
    for problem in _problems(options):
        raise click.UsageError(problem, context)
    return options


def _problems(options: Options) -> Iterator[str]:
    for one, others in _EXCLUDED.items():
        for other in others:
            if _given(options, one) and _given(options, other):
                yield f"{_flag(one)} and {_flag(other)} exclude each other."
    for one, formats in _FORMATS.items():
        if _given(options, one) and options.format_ not in formats:
            yield f"{_flag(one)} has no --format {options.format_}, only {' and '.join(formats)}."
    if options.output == "-" and options.format_ != "text":
        yield "--output - leaves no room for another format on standard output: name a file."
    if options.list_backups and not options.restore:
        yield "--list goes with --restore."
    if options.force and not (options.restore or options.output is not None or options.override is not None):
        yield "--force goes with --restore, --output or --override."
    for other in ("override", "logs", "compose", "host_gateway", "restore"):
        if options.to == "host" and _given(options, other):
            yield f"--to host and {_flag(other)} exclude each other."


def _given(options: Options, name: str) -> bool:
    return getattr(options, name) not in (None, False, ())


def _flag(name: str) -> str:
    return _FLAG.get(name, "--" + name.replace("_", "-"))
