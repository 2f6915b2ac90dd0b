"""How options stand in `--help`, grouped by purpose, and what the shell offers for them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from envfix import __version__

F = TypeVar("F", bound=Callable[..., Any])

GROUPS = {
    "mode": "What to do",
    "project": "Which project",
    "change": "How to change",
    "report": "How to tell",
    "about": "About envfix",
}


class FilePath(click.ParamType):  # type: ignore[type-arg]
    """A path. What stands there must be readable, since a folder that may not be searched looks like one without a
    project; all else is said by what reads it. (`click.Path` looks up its name in the user's language when it is made,
    which takes longer than to make all the options.)"""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        needed = os.R_OK | os.X_OK if os.path.isdir(value) else os.R_OK
        if os.path.exists(value) and not os.access(value, needed):
            self.fail(f"Path {click.format_filename(value)!r} is not readable.", param, ctx)
        return value

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[click.shell_completion.CompletionItem]:
        return click.Path().shell_complete(ctx, param, incomplete)


class GroupedOption(click.Option):
    """An option that stands under a heading of its own in `--help`."""

    def __init__(self, *arguments: Any, group: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.group = group


class GroupedCommand(click.Command):
    """A command whose `--help` shows its options by purpose, and that suggests none that it does not show."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            hidden = {name for one in self.get_params(ctx) if getattr(one, "hidden", False) for name in one.opts}
            near = [name for name in error.possibilities or () if name not in hidden]
            raise click.NoSuchOption(error.option_name, possibilities=near, ctx=error.ctx) from None

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


def at_once(tell: Callable[[click.Context], None]) -> dict[str, Any]:
    """The settings of a flag that prints something and ends the run, whatever else is asked. (Those that click has for
    the help and the version look up their sentences in the user's language on every start.)"""

    def callback(context: click.Context, parameter: click.Parameter, given: bool) -> None:
        if given and not context.resilient_parsing:
            tell(context)
            context.exit()

    return {"is_flag": True, "expose_value": False, "is_eager": True, "callback": callback}


def print_version(context: click.Context) -> None:
    """`--version`."""
    click.echo(f"envfix, version {__version__}")


def print_help(context: click.Context) -> None:
    """`--help`."""
    click.echo(context.get_help(), color=context.color)


def profiles_at_hand(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Shell completion of `--profile`."""
    from envfix.cli.completion import profiles

    return profiles(context.params, incomplete)


def variables_at_hand(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """Shell completion of `--explain`."""
    from envfix.cli.completion import variables

    return variables(context.params, incomplete)
