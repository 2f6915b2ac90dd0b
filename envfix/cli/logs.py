"""`--logs FILE`: which variable is behind each refused connection of a log, and its repair."""

from __future__ import annotations

import os
import stat
import sys

import click

from envfix.cli.asked import Options
from envfix.cli.patience import in_proportion, of_log
from envfix.cli.shared import read_all, write
from envfix.cli.telling import Result, colour, columns, report_of, say, talk
from envfix.disk.guard import led_out
from envfix.errors import EnvfixError
from envfix.files import inside
from envfix.git.worktree import around
from envfix.logs import Blame, Destinations, blame, failures, open_log, service_names
from envfix.patterns import regex
from envfix.planning import selected
from envfix.records import Reference, together
from envfix.report import Said, renderer
from envfix.report.after_write import after_write
from envfix.report.blames import render_text
from envfix.report.steps import command, to_decide


def logs(options: Options, cwd: str) -> int:
    """Name what is behind each failed connection, and with `--write` repair it; 1 if there was one, 0 if none."""
    assert options.logs is not None
    path = options.logs if options.logs == "-" else os.path.abspath(os.path.join(cwd, options.logs))
    _refuse_endless(path, options.logs, cwd)
    pieces = open_log(path)
    result = one_project(options, cwd)
    if options.logs == "-" and sys.stdin.isatty() and not options.quiet:
        talk("Reading the log from the terminal: end it with Ctrl-D, or pipe it in (docker compose logs | ...).")
    every = Destinations(result.made.plan, result.made.reading, result.made.code)
    with of_log("this log", None if options.logs == "-" else options.logs):
        blames = blame(failures(in_proportion(pieces), service_names(result.made.project), every.wanted), every)
    result, saved = repaired(options, result, blames)
    _tell(blames, options, cwd)
    if result.made.plan.references and options.form.for_people and not options.quiet:
        for line in steps(options, cwd, result, saved):
            talk(line)
    return int(bool(blames))


def _refuse_endless(path: str, named: str, cwd: str) -> None:
    """Refuse with an EnvfixError what may never end, a pipe, a device, or what the system makes up as it is read, if it
    bears a name (`named`; as an absolute path `path`) that anybody may have given it."""
    if named == "-":
        return
    try:
        real, mode = os.path.realpath(path), os.stat(path).st_mode
    except (OSError, ValueError):
        return  # which is told when it is opened
    made_up = inside(real, "/proc") or inside(real, "/sys")
    if stat.S_ISDIR(mode) or (stat.S_ISREG(mode) and not made_up):
        return
    if _OF_SYSTEM.fullmatch(os.path.dirname(path)) or (os.path.isabs(named) and _is_own_pipe(path, cwd)):
        return
    raise EnvfixError(
        "this log is a pipe, a device or a file of the system, which may have no end: if it is meant, "
        f"pipe it in, {command('envfix', '--logs', '-')} < FILE",
        path=path,
    )


# Folders with names that the system alone gives, such as /dev/stdin, and what `<(...)` of a shell becomes.
_OF_SYSTEM = regex(r"/dev(?:/fd|/pts)?|/proc/(?:self|\d+)/fd")


def _is_own_pipe(path: str, cwd: str) -> bool:
    """Whether it is a pipe itself, no link to one, and lies in no project: fish makes such a one for its `psub`."""
    ours = any(around(os.path.dirname(path))) or led_out(path) or (inside(path, cwd) and cwd != os.sep)
    return not ours and stat.S_ISFIFO(os.lstat(path).st_mode)


def one_project(options: Options, cwd: str) -> Result:
    """The project whose log it is. Raises click.UsageError where several are meant."""
    results, errors = read_all(options, cwd)
    if len(results) + len(errors) != 1:
        mode = "--live" if options.live else "--logs"
        raise click.UsageError(f"{mode} goes with one project: name the one that is meant.")
    return results[0]


def repaired(options: Options, result: Result, blames: tuple[Blame, ...]) -> tuple[Result, bool]:
    """The project with a plan of what is to blame alone, and of questions that the log has answered; written where that
    is asked for. Whether a backup was made."""
    behind: dict[Reference, None] = {}
    for one in blames:
        if one.choice is not None:
            behind.update(dict.fromkeys(one.choice.outcome))
        elif one.reference is not None:
            behind.update(dict.fromkeys(together(one.reference, result.made.plan.references)))
    result = result._replace(made=selected(result.made, behind))
    return result, write(options, result) if options.write else False


def steps(options: Options, cwd: str, result: Result, saved: bool) -> list[str]:
    """What takes effect how, or the command that writes the repair; an empty line first."""
    report = report_of(options, cwd, [result], [], written=options.write, saved=saved)
    lines = list(after_write(report)) if options.write else []
    if not options.write and result.made.plan.patches:
        prefix = "docker compose logs | " if options.logs == "-" else ""
        words = ("--live",) if options.live else ("--logs", options.logs or "-")
        lines.append(f"To write this: {prefix}{command('envfix', '--write', *words, *report.options)}")
    return ["", *(f"  {line}" for line in (*lines, *to_decide(report)))]


def _tell(blames: tuple[Blame, ...], options: Options, cwd: str) -> None:
    if not options.form.for_people:
        say(renderer(options.format_).render_failures(blames, (), cwd), options)
    elif blames:
        say((Said(render_text(blames, cwd, colour(options), columns())),), options)
    elif not options.quiet:
        talk("No failed connection was found in this log.")
