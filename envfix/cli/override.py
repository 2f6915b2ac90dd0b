"""`--override FILE`: a compose override file that gives each service its own value, while the env files stay."""

from __future__ import annotations

import os

import click

from envfix.cli.asked import Options
from envfix.cli.patience import undisturbed
from envfix.cli.shared import read_all, status_of
from envfix.cli.telling import fail, report_of, say, talk
from envfix.cli.unignored import tell_unignored
from envfix.disk.backups import write_new
from envfix.files import text_if_readable
from envfix.override import HEAD, Own, masked, override_text, own_values
from envfix.report import Report, Said, render
from envfix.report.after_write import with_files
from envfix.report.steps import command
from envfix.report.wording import relative


def override(options: Options, cwd: str) -> int:
    """Write FILE (with `--dry-run` show it): 0, or 1 for a dry run with something to write."""
    results, errors = read_all(options, cwd)
    if errors:
        return max(fail(options, cwd, error) for error in errors)
    if len(results) != 1:
        raise click.UsageError("--override goes with one project: name the one that it is for.")
    own = own_values(results[0].made)
    if own.values and not options.quiet:
        values = (value for each in own.values.values() for value in each.values())
        tell_unignored(os.path.abspath(os.path.join(cwd, options.override or "")), values, cwd)
    report = report_of(options, cwd, results, [])._replace(override=os.path.join(cwd, options.override or ""))
    if own.values and not options.dry_run:
        _write(options, report, own)
        report = report._replace(written=True)
    _tell(options, report, own)
    left = any(r.decision == "ask" and r not in own.settled for r in results[0].made.plan.references)
    return status_of(options._replace(write=not options.dry_run), bool(own.values), left, False)


def _text(report: Report, own: Own, *, secrets: bool) -> str:
    words = with_files(report.parts[0], report.cwd)
    files = [words[at + 1] for at, word in enumerate(words) if word == "-f"]
    values = own.values if secrets else masked(own.values, own.names)
    return override_text(values, compose_files=files, name=relative(report.override or "", report.cwd))


def _write(options: Options, report: Report, own: Own) -> None:
    content = _text(report, own, secrets=True).encode("utf-8")
    plan = report.parts[0].plan
    path = report.override or ""
    read = [*plan.compose_files, *(file.path for file in plan.env_files)]
    kept = () if (text_if_readable(path) or "").startswith(HEAD) else read
    with undisturbed():
        write_new(path, content, directory=plan.directory, like=None, mode=0o600, force=options.force, read=kept)


def _tell(options: Options, report: Report, own: Own) -> None:
    if not options.form.for_people:
        say(render(options.format_, report), options)
        return
    if own.values and options.dry_run:
        say((Said(_text(report, own, secrets=options.show_secrets) + "\n"),), options)
    if not own.values:
        report = report._replace(override=None)
    say(render(options.format_, _settled(report, own)), options)
    if not options.quiet:
        _next(options, report, own)


def _next(options: Options, report: Report, own: Own) -> None:
    for note in own.notes:
        talk(f"Note: {note}")
    if not own.values:
        talk("No service needs a value of its own, so no override file was written.")
    elif options.dry_run:
        talk(f"  To write this: {command('envfix', '--override', options.override or '', *report.options)}")


def _settled(report: Report, own: Own) -> Report:
    """The report in which what the file settles is no question any more, without rewrites that it does not settle."""
    part = report.parts[0]
    references = tuple(
        own.settled.get(reference, reference)
        for reference in part.plan.references
        if reference in own.settled or reference.decision != "rewrite"
    )
    plan = part.plan._replace(references=references, patches=part.plan.patches if report.written else ())
    return report._replace(parts=(part._replace(plan=plan),))
