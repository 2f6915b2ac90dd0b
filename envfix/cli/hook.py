"""As a pre-commit hook: what git tracks may be changed, what it does not is only told of, and no project is no reason
to fail, since hooks run in every clone."""

from __future__ import annotations

import os

from envfix.cli.asked import Options
from envfix.cli.shared import read_all, write_all
from envfix.cli.telling import Result, fail, report_of, say, talk
from envfix.formats import PLAIN
from envfix.git.index import tracked
from envfix.planning import selected
from envfix.records import Reference, together
from envfix.report import render
from envfix.report.steps import argument, command
from envfix.report.wording import shown_path


def hook(options: Options, cwd: str) -> int:
    """Repair tracked files (with `--write`) and tell of the others: 1 if anything needs, or got, a repair."""
    results, errors = read_all(options, cwd)
    in_git = _tracked([patch.path for result in results for patch in result.made.plan.patches])
    mine = [_part(result, in_git, True) for result in results]
    others = [_part(result, in_git, False) for result in results]
    plans = [result.made.plan for result in results]
    wrong = any(plan.patches for plan in plans)
    asks = options.strict and any(reference.decision == "ask" for plan in plans for reference in plan.references)
    saved = False
    if options.write:
        mine, saved = write_all(options, cwd, mine, errors)
    quiet = options if options.verbose else options._replace(quiet=True)
    _say(quiet, cwd, [result for result in mine if result.made.plan.patches], options.write, saved)
    _say(quiet._replace(write=False), cwd, [result for result in others if result.made.plan.patches], False, False)
    for result in others:
        for patch in result.made.plan.patches:
            _tell(result, patch.path, cwd)
    for error in errors:
        fail(options._replace(format_=PLAIN), cwd, error)
    return 2 if errors else int(wrong or asks)


def _tracked(paths: list[str]) -> frozenset[str]:
    """Those of the files that git tracks; none where there is no git."""
    real = {path: os.path.split(os.path.realpath(path)) for path in paths}
    known = {folder: frozenset(tracked(folder).files) for folder in {folder for folder, _ in real.values()}}
    return frozenset(path for path, (folder, name) in real.items() if name in known[folder])


def _part(result: Result, in_git: frozenset[str], mine: bool) -> Result:
    """The plan for the tracked files alone, or for the others; a port in another file goes with its host."""
    plan = result.made.plan
    changed = {patch.path for patch in plan.patches}

    def is_mine(one: Reference) -> bool:
        return all(other.path in in_git for other in together(one, plan.references))

    part = [one for one in plan.references if one.path in changed and is_mine(one) == mine]
    return result._replace(made=selected(result.made, part), partial=True)


def _say(options: Options, cwd: str, results: list[Result], written: bool, saved: bool) -> None:
    if results:
        report = report_of(options, cwd, results, [], written=written, saved=saved)
        say(render(options.format_, report), options)


def _tell(result: Result, path: str, cwd: str) -> None:
    files, directory = result.wanted.files, result.made.plan.directory
    words = [argument(shown_path(path, cwd)) for path in files or (directory,) if path != cwd]
    talk(
        f"{shown_path(path, cwd)} is not in git, so this hook leaves it as it is, and the containers do not reach what "
        f"it names. To repair it: {command('envfix', '--write', *words)}"
    )
