"""`--output FILE`: the repaired file elsewhere, the original untouched."""

from __future__ import annotations

import os
import sys

import click

from envfix.cli.options import Options
from envfix.cli.run import Result, report_of, say
from envfix.envfile import encode, read_env
from envfix.report import render


def output(options: Options, cwd: str, results: list[Result]) -> int:
    """Write the one env file of the run, repaired, to FILE or standard output; status 0."""
    files = [state.path for result in results for state in result.made.plan.env_files]
    if len(files) != 1:
        raise click.UsageError(
            f"--output goes with one env file, and this run has {len(files) or 'none'}: name the one that is meant."
        )
    source = files[0]
    patches = [patch for result in results for patch in result.made.plan.patches if patch.path == source]
    content = patches[0].after if patches else encode(read_env(source).text)
    if options.output == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return 0
    from envfix.backups import write_new

    assert options.output is not None
    write_new(os.path.abspath(options.output), content, like=source, mode=None, force=options.force)
    report = report_of(options, cwd, results, [])._replace(options=(), written=True, restore=None)
    say(render(options.format_, report), options)
    if not options.quiet:
        print(f"Wrote {options.output}", file=sys.stderr)
    return 0
