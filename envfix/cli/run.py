"""One run: plan each project, show it, write it where asked, and the status that follows."""

from __future__ import annotations

import os
import sys
from typing import NamedTuple

from envfix.cli.options import Options
from envfix.cli.paths import Wanted, wanted
from envfix.errors import EnvfixError
from envfix.planning import Made, Request, make
from envfix.records import Notice, Patch
from envfix.report import Part, Report, Said, render


class Result(NamedTuple):
    """A project that was read: what was wanted, and what came of it."""

    wanted: Wanted
    made: Made


def run(options: Options) -> int:
    """Do what the options ask; the exit status. EnvfixError never leaves here, it is told."""
    cwd = os.getcwd()
    try:
        return _dispatch(options, cwd)
    except EnvfixError as error:
        return fail(options, cwd, error)


def _dispatch(options: Options, cwd: str) -> int:
    if options.restore:
        from envfix.cli.restore import restore

        return restore(options, cwd)
    if options.logs is not None:
        from envfix.cli.logs import logs

        return logs(options, cwd)
    if options.recursive:
        from envfix.cli.recursive import recursive

        return recursive(options, cwd)
    results, errors = read_all(options, cwd)
    if options.output is not None:
        from envfix.cli.output import output

        return output(options, cwd, results)
    if options.override is not None:
        from envfix.cli.override import override

        return override(options, cwd, results)
    if options.interactive:
        from envfix.cli.interactive import interactive

        return interactive(options, cwd, results)
    if options.explain:
        return _explain(options, cwd, results)
    return finish(options, cwd, results, errors)


def read_all(options: Options, cwd: str) -> tuple[list[Result], list[EnvfixError]]:
    """The plans of every project that the options mean. One that cannot be read ends a run over one project with its
    EnvfixError; among several it is reported beside the others."""
    asked = wanted(options, cwd)
    results: list[Result] = []
    errors: list[EnvfixError] = []
    for one in asked:
        try:
            results.append(Result(one, make(request(options, one))))
        except EnvfixError as error:
            if len(asked) == 1:
                raise
            errors.append(error)
    return results, errors


def request(options: Options, one: Wanted) -> Request:
    """What is asked of one project."""
    return Request(
        directory=one.directory,
        files=one.files,
        project_directory=options.project_directory,
        project_name=options.project_name,
        env_files=options.env_files,
        profiles=options.profiles,
        named=one.named,
        host_gateway=options.host_gateway,
        compose=options.compose,
        to=options.to,
    )


def finish(options: Options, cwd: str, results: list[Result], errors: list[EnvfixError]) -> int:
    """Write where asked, report, and the status."""
    written = False
    saved = False
    for result in results if options.write else ():
        try:
            saved = write(options, result) or saved
            written = True
        except EnvfixError as error:
            if len(results) + len(errors) == 1:
                raise
            errors.append(error)
    say(render(options.format_, report_of(options, cwd, results, errors, written=written, saved=saved)), options)
    for result in results:
        hint(options, cwd, result)
    return status(options, results, errors)


def write(options: Options, result: Result) -> bool:
    """Write one project's patches; whether a backup was made."""
    plan = result.made.plan
    if not plan.patches:
        return False
    from envfix import backups

    named = {*result.wanted.named, *(os.path.abspath(path) for path in options.env_files)}
    for patch in plan.patches:
        backups.check_target(patch.path, directory=plan.directory, named=patch.path in named)
    place = backups.write(
        plan.patches, directory=plan.directory, backup_dir=options.backup_dir, backup=not options.no_backup
    )
    return place is not None


def status(options: Options, results: list[Result], errors: list[EnvfixError]) -> int:
    """The exit status of a run (the design's section 5)."""
    if errors:
        return 2
    patches: list[Patch] = [patch for result in results for patch in result.made.plan.patches]
    asked = any(reference.decision == "ask" for result in results for reference in result.made.plan.references)
    if options.strict and asked:
        return 1
    if patches and (not options.write or options.exit_non_zero_on_fix):
        return 1
    return 0


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
        restore=restore_words(options) if saved or not options.write else None,
        show_secrets=options.show_secrets,
        colour=colour(options),
        quiet=options.quiet,
        verbose=options.verbose,
    )


def compose_words(options: Options, one: Wanted, cwd: str) -> tuple[str, ...]:
    """The words that name this project to `docker compose`."""
    words: list[str] = []
    for path in one.files:
        words += ["-f", os.path.relpath(path, cwd) if os.path.isabs(path) else path]
    directory = options.project_directory or (one.directory if one.directory != cwd and not one.files else None)
    if directory:
        words += ["--project-directory", os.path.relpath(directory, cwd) if os.path.isabs(directory) else directory]
    if options.project_name:
        words += ["-p", options.project_name]
    for flag, values in (("--profile", options.profiles), ("--env-file", options.env_files)):
        for value in values:
            words += [flag, value]
    return tuple(words)


def repeated(options: Options) -> tuple[str, ...]:
    """The words of this run that the next envfix command repeats: project and paths, without mode and report."""
    words = list(restore_words(options))
    for flag, values in (("--profile", options.profiles), ("--env-file", options.env_files)):
        for value in values:
            words += [flag, value]
    words += ["--to", "host"] if options.to == "host" else []
    words += ["--recursive"] if options.recursive else []
    words += ["--host-gateway"] if options.host_gateway else []
    words += ["--compose"] if options.compose else []
    return (*words, *options.paths)


def restore_words(options: Options) -> tuple[str, ...]:
    """The words by which `envfix --restore` finds the same project."""
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


def colour(options: Options) -> bool:
    """Whether standard output is coloured: --color, NO_COLOR, FORCE_COLOR, the terminal, in this order."""
    if options.color != "auto":
        return options.color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def say(pieces: tuple[Said, ...], options: Options) -> None:
    """Print: the run's output to standard output, talk to standard error. A patch with secrets goes out byte for byte."""
    for piece in pieces:
        stream = sys.stderr if piece.talk else sys.stdout
        raw = getattr(stream, "buffer", None)
        if raw is None or (stream.isatty() and not options.show_secrets):
            stream.write(piece.text)
        else:
            stream.flush()
            raw.write(piece.text.encode("utf-8", "surrogateescape"))
            raw.flush()


def fail(options: Options, cwd: str, error: EnvfixError) -> int:
    """Tell a failure: one line on standard error, and in the JSON's `errors`."""
    if options.format_ == "json" and options.logs is None and not options.restore:
        say(render("json", Report(parts=(), cwd=cwd, errors=(error,), options=())), options)
    from envfix.masking import clean

    print(f"envfix: {clean(told(error, cwd))}", file=sys.stderr)
    return 2


def told(error: EnvfixError, cwd: str) -> str:
    """The error as one line, its path relative to the current folder where it lies below it."""
    if error.path and os.path.isabs(error.path):
        relative = os.path.relpath(error.path, cwd)
        if not relative.startswith(".."):
            error = EnvfixError(error.message, path=relative, line=error.line, column=error.column)
    return str(error).replace("\n", " ")


def hint(options: Options, cwd: str, result: Result) -> None:
    """Where the project has no env file: say so, and the command that makes one of a template nearby."""
    plan = result.made.plan
    if plan.env_files or options.quiet or options.format_ != "text":
        return
    from envfix.masking import clean
    from envfix.planning import is_template, stands_for

    template = next(
        (
            name
            for name in sorted(os.listdir(plan.directory))
            if is_template(name) and os.path.basename(stands_for(name)) == ".env"
        ),
        None,
    )
    line = "This project has no .env file, so there is nothing to repair."
    if template is not None:
        path = os.path.relpath(os.path.join(plan.directory, template), cwd)
        target = os.path.relpath(os.path.join(plan.directory, ".env"), cwd)
        words = " ".join(compose_words(options, result.wanted, cwd))
        line += (
            f" To make a repaired one from its template: envfix {words + ' ' if words else ''}{path} --output {target}"
        )
    print(clean(line), file=sys.stderr)


def _explain(options: Options, cwd: str, results: list[Result]) -> int:
    from envfix.report.text import explain

    say(explain(report_of(options, cwd, results, []), options.explain), options)
    return status(options, results, [])


__all__ = ["Notice", "Result", "fail", "finish", "read_all", "run", "say", "write"]
