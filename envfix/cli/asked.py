"""The options as one record, and which of them exclude each other. `--help` and `--version` do not load this."""

from collections.abc import Iterator
from typing import Any

import click

from envfix.formats import FORMATS, PLAIN, Format
from envfix.named_tuples import NamedTuple


class Options(NamedTuple):
    """The command line, with the names that the options have there."""

    paths: tuple[str, ...]
    dry_run: bool
    write: bool
    restore: bool
    list_backups: bool
    forget: bool
    output: str | None
    override: str | None
    interactive: bool
    logs: str | None
    live: bool
    files: tuple[str, ...]
    project_directory: str | None
    project_name: str | None
    profiles: tuple[str, ...]
    env_files: tuple[str, ...]
    recursive: bool
    only: tuple[str, ...]
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

    @property
    def form(self) -> Format:
        """What the format of the report is good for."""
        return FORMATS[self.format_]


# An option, and those that mean nothing beside it.
_EXCLUDED = {
    "dry_run": ("write", "restore", "output", "schema"),
    "write": ("restore", "output", "schema", "explain"),
    "restore": ("output", "schema", "explain", "compose", "host_gateway", "no_backup"),
    "output": ("schema", "explain", "compose", "no_backup", "backup_dir"),
    "interactive": ("restore", "output", "schema", "override", "logs", "recursive", "explain", "hook"),
    "override": ("restore", "output", "schema", "logs", "recursive", "explain", "compose", "no_backup", "backup_dir"),
    "logs": ("restore", "output", "schema", "recursive", "explain", "hook"),
    "live": (
        *("logs", "interactive", "override", "output", "restore", "recursive", "schema", "explain", "hook"),
        "exit_non_zero_on_fix",
    ),
    "recursive": ("restore", "output", "schema", "explain", "files", "project_directory", "project_name", "hook"),
    "only": ("restore", "logs", "live", "schema"),
    "forget": ("list_backups", "force"),
    "no_backup": ("backup_dir",),
    "quiet": ("verbose",),
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
    for one in FORMATS[PLAIN].modes:
        if _given(options, one) and one not in options.form.modes:
            formats = (row.name for row in FORMATS.values() if one in row.modes)
            yield f"{_flag(one)} has no --format {options.format_}, only {' and '.join(formats)}."
    if options.output == "-" and not options.form.for_people:
        yield "--output - leaves no room for another format on standard output: name a file."
    if options.list_backups and not options.restore:
        yield "--list goes with --restore."
    if options.forget and not options.restore:
        yield "--forget goes with --restore."
    if options.force and not (options.restore or options.output is not None or options.override is not None):
        yield "--force goes with --restore, --output or --override."
    for other in ("override", "logs", "live", "compose", "host_gateway", "restore"):
        if options.to == "host" and _given(options, other):
            yield f"--to host and {_flag(other)} exclude each other."


def _given(options: Options, name: str) -> bool:
    return getattr(options, name) not in (None, False, ())


def _flag(name: str) -> str:
    return _FLAG.get(name, "--" + name.replace("_", "-"))
