"""From what a run did to what is printed: the report's record, colours, errors, the commands to repeat."""

import os
import sys
from typing import TYPE_CHECKING, TextIO

from envfix.cli.asked import Options
from envfix.cli.paths import Wanted
from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.project.env_files import left_over
from envfix.project.env_names import template_of, templates_in
from envfix.report import Part, Report, Said, render, renderer
from envfix.report.steps import argument, command
from envfix.report.text import fitted
from envfix.report.wording import relative
from envfix.shown import clean, door
from envfix.workflow_commands import no_command, stopped

if TYPE_CHECKING:
    from envfix.planning import Made


class Result(NamedTuple):
    """A project that was read: what was wanted, and what came of it; `partial` if not all that was found is meant to be
    written."""

    wanted: Wanted
    made: "Made"
    partial: bool = False


def _is_podmans() -> bool:
    """Whether the machine has Podman and no Docker."""
    from shutil import which  # five modules for archives come with it

    return which("docker") is None and which("podman") is not None


def report_of(
    options: Options,
    cwd: str,
    results: list[Result],
    errors: list[EnvfixError],
    *,
    written: bool = False,
    saved: bool = False,
) -> Report:
    """The record that every format is rendered from."""
    parts = tuple(
        Part(result.made.plan, result.made.project, compose_words(options, result.wanted, cwd)) for result in results
    )
    return Report(
        parts=parts,
        cwd=cwd,
        errors=tuple(errors),
        written=written,
        to=options.to,
        options=repeated(options),
        restore=restore_words(options, results) if saved or not options.write else None,
        show_secrets=options.show_secrets,
        colour=colour(options),
        columns=columns(),
        strict=options.strict,
        quiet=options.quiet,
        verbose=options.verbose,
        podman=written and _is_podmans(),
    )


def tellable(result: Result, options: Options) -> Result:
    """The result as it is. Raises EnvfixError where the format would say more of the project than anybody reads."""
    if options.form.bounded and not (options.logs or options.live):
        renderer(options.format_).check(Part(result.made.plan, result.made.project))
    return result


def compose_words(options: Options, one: Wanted, cwd: str) -> tuple[str, ...]:
    """The words that name this project to `docker compose`, run in the current folder."""
    words: list[str] = []
    for path in one.files:
        words += ["-f", _relative(path, cwd)]
    directory = options.project_directory or (one.directory if one.directory != cwd and not one.files else None)
    if directory:
        words += ["--project-directory", _relative(directory, cwd)]
    if options.project_name:
        words += ["-p", options.project_name]
    for flag, values in (("--profile", options.profiles), ("--env-file", options.env_files)):
        for value in values:
            words += [flag, value]
    return tuple(words)


def repeated(options: Options) -> tuple[str, ...]:
    """The words of this run that the next envfix command repeats: project and paths, without mode and report."""
    words = list(_project_words(options))
    for flag, values in (("--profile", options.profiles), ("--env-file", options.env_files)):
        for value in values:
            words += [flag, value]
    words += [word for name in options.only for word in ("--only", name)]
    words += ["--to", "host"] if options.to == "host" else []
    words += ["--recursive"] if options.recursive else []
    words += ["--host-gateway"] if options.host_gateway else []
    words += ["--compose"] if options.compose else []
    return (*words, *map(argument, options.paths))


def restore_words(options: Options, results: list[Result]) -> tuple[str, ...]:
    """The words by which `envfix --restore` finds what was changed: of several projects each that was."""
    if len(results) == 1 or not options.paths:
        return (*_project_words(options), *map(argument, options.paths[:1]))
    changed = [result for result in results if result.made.plan.patches]
    cwd = os.getcwd()
    places = [(*result.wanted.files, result.made.plan.directory)[0] for result in changed]
    return (*_project_words(options), *(_relative(place, cwd) for place in places))


def _project_words(options: Options) -> tuple[str, ...]:
    words: list[str] = []
    for path in options.files:
        words += ["-f", path]
    if options.project_directory:
        words += ["--project-directory", options.project_directory]
    if options.project_name:
        words += ["-p", options.project_name]
    if options.backup_dir:
        words += ["--backup-dir", options.backup_dir]
    return tuple(words)


def _relative(path: str, cwd: str) -> str:
    return argument(os.path.relpath(path, cwd) if os.path.isabs(path) else path)


def colour(options: Options) -> bool:
    """Whether standard output is coloured: --color, NO_COLOR, FORCE_COLOR, the terminal, in this order."""
    if options.color != "auto":
        return options.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def columns(stream: TextIO | None = None) -> int:
    """The width of the terminal that a stream (standard output) is; 0 where it is none."""
    if not (stream or sys.stdout).isatty():
        return 0
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 40)


def say(pieces: tuple[Said, ...], options: Options) -> None:
    """Print the run's output to standard output, talk to standard error; a patch with secrets byte for byte where it
    goes to no terminal."""
    for piece in pieces:
        stream = sys.stderr if piece.talk else sys.stdout
        raw = getattr(stream, "buffer", None)
        text = piece.text
        if piece.talk or not (options.show_secrets or options.output == "-" or not options.form.for_people):
            text = no_command(text)
        elif options.output != "-" and options.form.for_people:
            text = stopped(text, stream)
        if raw is None or stream.isatty():
            stream.write(door(text, colour=colour(options)))
            stream.flush()
        else:
            stream.flush()
            raw.write(text.encode("utf-8", "surrogateescape"))
            raw.flush()


def show(text: str, *, colour: bool = False) -> None:
    """A line of output, or several, where there is no report to render; with `colour` it may hold envfix's own."""
    print(no_command(door(text, colour=colour)))


def talk(text: str) -> None:
    """A line of talk on standard error, free of control characters; on a terminal broken between words."""
    for line in fitted(clean(text), columns(sys.stderr)):
        print(no_command(line), file=sys.stderr)


def fail(options: Options, cwd: str, error: EnvfixError) -> int:
    """Tell a failure: one line on standard error, and where the format has a place for it, there."""
    if options.form.errors and (options.logs is not None or options.live):
        say(renderer(options.format_).render_failures((), (error,), cwd, () if options.live else None), options)
    elif options.form.errors:
        say(render(options.format_, Report(parts=(), cwd=cwd, errors=(error,), options=())), options)
    talk(f"envfix: {told(error, cwd)}")
    return 2


def told(error: EnvfixError, cwd: str) -> str:
    """The error as one line, its path relative to the current folder where it lies below it."""
    if error.path and os.path.isabs(error.path):
        path = relative(error.path, cwd)
        error = EnvfixError(error.message, path=path, line=error.line, column=error.column)
    return " ".join(str(error).split())


def hint(options: Options, cwd: str, result: Result) -> None:
    """With -v the env files that no container gets; where the project has no env file: say so, and the command that
    makes one of a template nearby."""
    plan = result.made.plan
    if options.verbose and options.form.for_people:
        left = left_over(result.made.reading.ports, tuple(result.made.reading.documents))
        if left:
            talk(f"No container gets {', '.join(_relative(path, cwd) for path in left)}")
    if plan.env_files or options.quiet or not options.form.for_people:
        return
    template = template_of(os.path.join(plan.directory, ".env"))
    line = "This project has no .env file" + ("." if plan.references else ", so there is nothing to repair.")
    if template is not None:
        target = _relative(os.path.join(plan.directory, ".env"), cwd)
        words = compose_words(options, result.wanted, cwd)
        made = command("envfix", *words, _relative(template, cwd), "--output", target)
        line += f" To make a repaired one from its template: {made}"
    elif others := templates_in(plan.directory):
        named = ", ".join(command(_relative(path, cwd)) for path in others)
        target = command(_relative(os.path.join(plan.directory, ".env"), cwd))
        line += f" There are templates ({named}): copy the one that is meant to {target}, and run envfix again."
    talk(line)
