"""`--output FILE`: the repaired file elsewhere, the original untouched."""

from __future__ import annotations

import os

import click

from envfix.cli.asked import Options
from envfix.cli.patience import undisturbed
from envfix.cli.shared import read_all, status_of
from envfix.cli.telling import Result, fail, report_of, say
from envfix.cli.unignored import tell_unignored
from envfix.disk.backups import write_new
from envfix.envfile import encode
from envfix.planning import Made
from envfix.report import Report, Said, render
from envfix.report.text import closing, preview


def output(options: Options, cwd: str) -> int:
    """Write the one env file of the run, repaired, to FILE or standard output; status 0."""
    results, errors = read_all(options, cwd)
    if errors:
        return max(fail(options, cwd, error) for error in errors)
    made, source = _one_file(results)
    plan, document = made.plan, made.documents[source]
    content = next((patch.after for patch in plan.patches if patch.path == source), encode(document.text))
    report = report_of(options, cwd, results, [], written=True)._replace(options=options.paths, restore=None)
    if options.output == "-":
        _print(content, report, options)
    else:
        target = os.path.abspath(os.path.join(cwd, options.output or ""))
        if not options.quiet:
            tell_unignored(target, (binding.value or "" for binding in document.bindings), cwd)
        with undisturbed():
            read, force = plan.compose_files, options.force
            path = write_new(target, content, directory=plan.directory, like=source, mode=None, force=force, read=read)
        say(render(options.format_, report._replace(output=path)), options)
    asks = any(reference.decision == "ask" for reference in plan.references)
    return status_of(options._replace(write=True), False, asks, False)


def _one_file(results: list[Result]) -> tuple[Made, str]:
    files = [(result.made, state.path) for result in results for state in result.made.plan.env_files]
    if len(files) == 1:
        return files[0]
    found = f"{len(files)} of them" if files else "none"
    raise click.UsageError(f"--output goes with one env file, and this run has {found}: name the one that is meant.")


def _print(content: bytes, report: Report, options: Options) -> None:
    """The content alone on standard output; what is told goes to standard error, without the diff."""
    say((Said(content.decode("utf-8", "surrogateescape")),), options._replace(color="never"))
    report = report._replace(output="standard output", colour=False)
    bare = [part._replace(plan=part.plan._replace(patches=())) for part in report.parts]
    told = (*(piece for part in bare for piece in preview(part, report)), *closing(report))
    say(tuple(piece._replace(talk=True) for piece in told), options)
