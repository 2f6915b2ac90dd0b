"""Which mode is it? The options choose one, and only that one is loaded: start-up is most of a run."""

from __future__ import annotations

import os
from importlib import import_module

import click

from envfix.cli.asked import Options
from envfix.cli.last_resort import ended_at_last
from envfix.cli.patience import of_run
from envfix.cli.telling import fail
from envfix.errors import EnvfixError, unforeseen

# Options that choose a mode, the first that is given; a module with a function of its name each. Without any of them
# the projects are shown, and with --write changed.
MODES = ("restore", "logs", "live", "recursive", "interactive", "output", "override", "explain", "hook")
PLAIN = "show"


def run(options: Options) -> int:
    """Do what the options ask; the exit status. EnvfixError never leaves here, it is told."""
    try:
        cwd = os.getcwd()
    except OSError:
        gone = EnvfixError("the current folder is gone or may not be entered: change to another one")
        return fail(options, os.sep, gone)
    name = next((mode for mode in MODES if getattr(options, mode) not in (None, False, ())), PLAIN)
    try:
        with ended_at_last(), of_run():
            status: int = getattr(import_module(f"envfix.cli.{name}"), name)(options, cwd)
            return status
    except EnvfixError as error:
        return fail(options, cwd, error)
    except (OSError, click.ClickException, click.Abort):
        raise
    except Exception as error:
        return fail(options, cwd, unforeseen(error))
