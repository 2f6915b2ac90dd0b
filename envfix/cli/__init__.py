"""What did the user ask for, and with which status do we leave?

This module holds the options and the way out; what a run does is `run`'s and its neighbours', imported when it is known
that they are needed, since start-up is most of a run: `--version` and `--help` import click alone.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import Any

try:
    import click

    from envfix.cli.options import (
        FilePath,
        GroupedCommand,
        at_once,
        option,
        print_help,
        print_version,
        profiles_at_hand,
        variables_at_hand,
    )
    from envfix.errors import Ended, unforeseen
    from envfix.formats import FORMATS, PLAIN
except KeyboardInterrupt:
    sys.exit(130)

EPILOG = """\b
Examples:
  envfix                              show what would change in this project
  envfix --write                      change it (a backup is made first)
  envfix --restore                    take the last change back
  envfix --explain DATABASE_URL       why it is changed, or not
  envfix .env.example --output .env   a repaired .env from the template
  docker compose logs | envfix --logs -
  envfix --live                       what fails right now, and why

\b
In an env file, on the line above a variable:
  # envfix: keep             it stays as it is
  # envfix: postgres:5432    it is that service, by its port inside
The same for a whole project in .envfix.toml (keep, browser, map, readers,
env_files). All of it: https://github.com/envfix/envfix

\b
Exit status:
  0    nothing to change, or all of it was written
  1    a dry run found something to change
  2    wrong usage, or a file that cannot be read, parsed or written
  130  interrupted by Ctrl-C; 143 and 129: ended by SIGTERM, SIGHUP"""

FILE = FilePath()


@click.command(
    cls=GroupedCommand,
    epilog=EPILOG,
    add_help_option=False,
    context_settings={"max_content_width": 100},
)
@click.argument("paths", nargs=-1, type=FILE)
@option(
    "mode",
    "--dry-run",
    "--check",
    "--diff",
    "dry_run",
    is_flag=True,
    help="Show what would change, write nothing (the default).",
)
@option("mode", "--write", is_flag=True, help="Change the files, a backup first.")
@option("mode", "--restore", is_flag=True, help="Put back what the last --write of this project changed.")
@option("mode", "--list", "list_backups", is_flag=True, help="With --restore: show the backups, change nothing.")
@option("mode", "--forget", is_flag=True, help="With --restore: remove this project's backups, restore nothing.")
@option("mode", "--output", metavar="FILE", type=FILE, help="Write the repaired env file there (-: standard output).")
@option(
    "mode",
    "--override",
    metavar="FILE",
    type=FILE,
    help="Write a compose override file that gives each service its own value; the env files stay.",
)
@option("mode", "--interactive", is_flag=True, help="Choose for each question, confirm each change, then write.")
@option(
    "mode",
    "--logs",
    metavar="FILE",
    type=FILE,
    help="Read container logs (-: standard input) and name the variable behind each refused connection.",
)
@option(
    "mode",
    "--live",
    is_flag=True,
    help="Ask the engine (docker compose ps and logs) which services fail, and do the same with their logs.",
)
@option(
    "project", "-f", "--file", "files", metavar="FILE", type=FILE, multiple=True, help="Compose file, may be repeated."
)
@option("project", "--project-directory", metavar="DIR", type=FILE, help="Folder that relative paths count from.")
@option("project", "-p", "--project-name", metavar="NAME", help="Name of the project.")
@option(
    "project",
    "--profile",
    "profiles",
    metavar="NAME",
    multiple=True,
    shell_complete=profiles_at_hand,
    help="Profile to enable ('*': all), may be repeated.",
)
@option(
    "project",
    "--env-file",
    "env_files",
    metavar="FILE",
    type=FILE,
    multiple=True,
    help="Env file of the project instead of .env, may be repeated.",
)
@option("project", "-r", "--recursive", is_flag=True, help="Every Compose project below the given folders.")
@option(
    "change",
    "--only",
    metavar="NAME",
    multiple=True,
    shell_complete=variables_at_hand,
    help="Decide on these variables alone (a HOST brings its PORT); a pattern too, may be repeated.",
)
@option(
    "change",
    "--to",
    type=click.Choice(["container", "host"]),
    default="container",
    help="Direction: for programs in containers (the default), or back, for programs on the host.",
)
@option(
    "change", "--compose", "compose", is_flag=True, help="Also repair the compose file's own literals and defaults."
)
@option("change", "--host-gateway", is_flag=True, help="Also repair host.docker.internal:PORT of this project.")
@option("change", "--no-backup", is_flag=True, help="Write without a backup.")
@option("change", "--backup-dir", metavar="DIR", type=FILE, help="Folder for backups instead of your own state folder.")
@option("change", "--force", is_flag=True, help="Replace an existing FILE; restore over newer content.")
@option("change", "--hook", is_flag=True, hidden=True, help="As a pre-commit hook: change only what git tracks.")
@option(
    "report",
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default=PLAIN,
    help="Form of the report.",
)
@option(
    "report",
    "--explain",
    metavar="VARIABLE",
    multiple=True,
    shell_complete=variables_at_hand,
    help="The whole reasoning about a variable, or a pattern ('*': all); may be repeated.",
)
@option("report", "--show-secrets", is_flag=True, help="Show values in full; the diff is then a patch.")
@option("report", "--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Colours.")
@option("report", "-q", "--quiet", is_flag=True, help="Say less: the change itself, and what is left to decide.")
@option("report", "-v", "--verbose", is_flag=True, help="Say more: also what is kept, and why.")
@option("report", "--strict", is_flag=True, help="Status 1 where something is left to decide.")
@option("report", "--exit-non-zero-on-fix", is_flag=True, help="Status 1 where --write changed something.")
@option("about", "--schema", is_flag=True, help="Print the JSON Schema of --format json.")
@option("about", "--version", help="Print the version.", **at_once(print_version))
@option("about", "-h", "--help", help="Print this help.", **at_once(print_help))
@click.pass_context
def command(context: click.Context, /, **given: Any) -> int:
    """Repair the localhost addresses in the .env files of a Docker Compose project.

    Inside a container localhost is the container itself. envfix works out which service serves each address and writes
    its name and container port there, and leaves alone what browsers, the host and listeners use.

    PATHS are env files, compose files or folders; none means the project of the current folder.
    """
    from envfix.cli.asked import check

    options = check(context, given)
    if options.schema:
        from envfix.report import schema_text

        sys.stdout.write(schema_text())
        return 0
    from envfix.cli.switch import run

    return run(options)


def main(arguments: list[str] | None = None) -> None:
    """The entry point: runs the command and leaves with its status."""
    sys.exit(_status(arguments))


def _status(arguments: list[str] | None) -> int:
    _open_streams()
    try:
        if "_ENVFIX_COMPLETE" in os.environ:
            import envfix.cli.shells  # noqa: F401 (so that click knows it)
        # On Windows click expands what cmd leaves as it is; a hook is given names of files, which are no patterns.
        typed = "--hook" not in sys.argv
        status = command.main(arguments, prog_name="envfix", standalone_mode=False, windows_expand_args=typed)
        sys.stdout.flush()
        return int(status or 0)
    except click.ClickException as error:
        with suppress(OSError):
            click.UsageError(_printable(error.format_message()), getattr(error, "ctx", None)).show()
        return 2
    except (click.Abort, KeyboardInterrupt) as end:
        _close_quietly()
        _tell("envfix: interrupted")
        # Of a prompt click tells no cause.
        cause = end.__cause__ or end.__context__ if isinstance(end, click.Abort) else end
        return cause.status if isinstance(cause, Ended) else 130
    except BrokenPipeError:
        _close_quietly()
        return 1
    except OSError as error:
        _close_quietly()
        where = f"{error.filename}: cannot be used" if error.filename else "the output cannot be written"
        _tell(_printable(f"envfix: {where}: {error.strerror or type(error).__name__}"))
        return 2
    except Exception as error:
        _close_quietly()
        _tell(f"envfix: {unforeseen(error)}")
        return 2


def _tell(line: str) -> None:
    """A last line on standard error, whose terminal may be gone, or its disk full."""
    with suppress(OSError):
        print(line, file=sys.stderr)


def _printable(text: str) -> str:
    from envfix.shown import clean
    from envfix.workflow_commands import no_command

    return no_command(clean(text))


def _open_streams() -> None:
    """A stream that the caller closed (`>&-`) is None in Python: what is said there goes nowhere. A terminal without
    all characters gets escapes for those that it lacks."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _close_quietly() -> None:
    """Nobody reads standard output any more: what is still buffered must not raise once more at exit."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # of a process, say, that may open no more files
        sys.stdout = io.StringIO()
