"""The options as one record, grouped for `--help`, and which of them exclude each other."""

from __future__ import annotations

from collections.abc import Callable
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


_MODES = ("dry_run", "write", "restore", "output", "schema")
# (one, other): a pair that means nothing together.
_APART = (
    *((one, other) for at, one in enumerate(_MODES) for other in _MODES[at + 1 :]),
    ("interactive", "restore"), ("interactive", "output"), ("interactive", "dry_run"), ("interactive", "override"),
    ("interactive", "logs"), ("interactive", "recursive"),
    ("override", "restore"), ("override", "output"), ("override", "recursive"), ("override", "logs"),
    ("logs", "restore"), ("logs", "output"), ("logs", "recursive"),
    ("recursive", "restore"), ("recursive", "output"), ("recursive", "files"), ("recursive", "project_directory"),
    ("no_backup", "backup_dir"), ("no_backup", "restore"), ("explain", "write"), ("explain", "restore"), ("explain", "output"),
    ("explain", "override"), ("explain", "interactive"), ("explain", "logs"), ("quiet", "verbose"),
)  # fmt: skip
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
    for one, other in _APART:
        if getattr(options, one) and getattr(options, other):
            raise click.UsageError(f"{_flag(one)} and {_flag(other)} exclude each other.", context)
    if options.list_backups and not options.restore:
        raise click.UsageError("--list goes with --restore.", context)
    if options.force and not (options.restore or options.output or options.override):
        raise click.UsageError("--force goes with --restore, --output or --override.", context)
    if options.to == "host" and (options.override or options.logs or options.compose or options.host_gateway):
        raise click.UsageError("--to host goes with none of --override, --logs, --compose and --host-gateway.", context)
    if options.logs is not None and options.format_ not in ("text", "json"):
        raise click.UsageError("--logs has the formats text and json.", context)
    if options.restore and options.format_ != "text":
        raise click.UsageError("--restore has the format text only.", context)
    if options.interactive and options.format_ != "text":
        raise click.UsageError("--interactive has the format text only.", context)
    if options.explain and options.format_ != "text":
        raise click.UsageError("--explain has the format text only.", context)
    return options


def _flag(name: str) -> str:
    return _FLAG.get(name, "--" + name.replace("_", "-"))
