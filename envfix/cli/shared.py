"""What the modes share: each project's plan, what is written of it, and the status that follows."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable
from contextlib import nullcontext

from envfix.cli.asked import Options
from envfix.cli.paths import Wanted, wanted, with_a_project, without_stranger
from envfix.cli.patience import SECONDS, Purse, of_project, of_report, undisturbed
from envfix.cli.telling import Result, hint, report_of, say, talk, tellable
from envfix.compose.sources import Sources
from envfix.errors import EnvfixError
from envfix.patterns import regex
from envfix.planning import Made, Request, make, selected, variables
from envfix.records import Reference
from envfix.report import render
from envfix.shell_patterns import Names


def read_all(options: Options, cwd: str) -> tuple[list[Result], list[EnvfixError]]:
    """The plans of every project that the options mean. One that cannot be read ends a run over one project with its
    EnvfixError; among several it is reported beside the others."""
    sources = Sources()
    asked = wanted(options, cwd, sources)
    if options.hook:
        asked = with_a_project(asked)
    results: list[Result] = []
    errors: list[EnvfixError] = []
    purse = Purse()
    for one in asked:
        try:
            with purse.paying() as seconds:
                made = _made(options, one, cwd, sources, seconds)
            results += [tellable(Result(one, made), options)] if made is not None else []
        except EnvfixError as error:
            if len(asked) == 1:
                raise
            errors.append(error)
    if options.only and results:
        known = known_to(result.made for result in results)
        check_only(options, Names(options.only).fitting(known), known)
    return results, errors


def known_to(made: Iterable[Made]) -> frozenset[str]:
    """The names of all variables of these plans."""
    return frozenset(name for one in made for name in variables(one))


def check_only(options: Options, found: Collection[str], known: Collection[str] = ()) -> None:
    """EnvfixError for a name of `--only` that is none of the `found`, those that some file of the run has, with the
    nearest of the `known` variables; of a pattern that matches none a warning."""
    for name in options.only:
        if name in found:
            continue
        if is_pattern(name):
            talk(f"warning: --only {name}: no variable of this run matches it")
            continue
        raise no_variable("--only", name, known)


def no_variable(option: str, name: str, known: Iterable[str]) -> EnvfixError:
    """What to say of a name that is none of the `known` variables: with the nearest of them."""
    from difflib import get_close_matches  # for a slip alone

    capitals = {one.upper(): one for one in sorted(known)}
    near = get_close_matches(name.upper(), capitals, n=1)
    meant = f": is {capitals[near[0]]} meant?" if near else ""
    return EnvfixError(f"{option} {name}: no file of this run has such a variable{meant}")


def is_pattern(name: str) -> bool:
    """Whether a name stands for all variables that match it."""
    return _PATTERN.search(name) is not None


_PATTERN = regex(r"[*?\[]")


def _made(options: Options, one: Wanted, cwd: str, sources: Sources, seconds: float) -> Made | None:
    """The plan of one project; None for a hook that was called for files of others alone."""
    try:
        return made_of(request(options, one, cwd)._replace(sources=sources), seconds)
    except EnvfixError as error:
        if not options.hook:
            raise
        rest = without_stranger(one, error, sources)
    return _made(options, rest, cwd, sources, seconds) if rest.named or rest.whole else None


def made_of(request: Request, seconds: float = SECONDS) -> Made:
    """What `planning.make` makes of the request, with patience."""
    with of_project(request.directory, seconds):
        return make(request)


def request(options: Options, one: Wanted, cwd: str) -> Request:
    """What is asked of one project; the paths of options count from the current folder."""

    def absolute(path: str) -> str:
        return os.path.join(cwd, path)

    directory = options.project_directory
    return Request(
        directory=one.directory,
        files=tuple(one.files),
        project_directory=absolute(directory) if directory else None,
        project_name=options.project_name,
        env_files=tuple(map(absolute, options.env_files)),
        profiles=options.profiles,
        named=one.named,
        host_gateway=options.host_gateway,
        compose=options.compose,
        to=options.to,
        only=options.only,
        whole=options.hook and one.whole,
        explain=options.explain,
        reasons=bool(options.explain),
    )


def finish(options: Options, cwd: str, results: list[Result], errors: list[EnvfixError]) -> int:
    """Write where asked, report, and the status."""
    saved = False
    if options.write:
        results, saved = write_all(options, cwd, results, errors)
    with of_report() if saved else nullcontext():
        report = report_of(options, cwd, results, errors, written=options.write, saved=saved)
        say(render(options.format_, report), options)
        for result in results:
            hint(options, cwd, result)
    return status(options, results, errors)


def write_all(
    options: Options, cwd: str, results: list[Result], errors: list[EnvfixError]
) -> tuple[list[Result], bool]:
    """Write each project; those that were written (or had nothing to), and whether a backup was made. A failure in a
    run over one project is raised; among several it joins `errors`."""
    alone = len(results) + len(errors) == 1
    saved, done, touched = False, [], set[str]()
    for result in results:
        try:
            result = _fresh(options, cwd, result, touched)
            saved = write(options, result) or saved
            touched.update(patch.path for patch in result.made.plan.patches)
            done.append(result)
        except EnvfixError as error:
            if alone:
                raise
            errors.append(error)
    return done, saved


def _fresh(options: Options, cwd: str, result: Result, touched: Iterable[str]) -> Result:
    """The plan once more, where a project before this one has changed a file of it; of a partial one the same part."""
    if not any(patch.path in touched for patch in result.made.plan.patches):
        return result
    made = made_of(request(options, result.wanted, cwd))
    if result.partial:
        wanted = {_change(one) for one in result.made.plan.references if one.decision == "rewrite"}
        made = selected(made, [one for one in made.plan.references if _change(one) in wanted])
    return result._replace(made=made)


def _change(reference: Reference) -> tuple[str, int, str, str, str | None]:
    """What is the same of a change after another one was made beside it."""
    return (reference.path, reference.line, reference.variable, reference.address, reference.replacement)


def write(options: Options, result: Result) -> bool:
    """Write one project's patches; whether a backup was made."""
    from envfix.disk import backups  # nine modules, of which a dry run needs none

    plan = result.made.plan
    if not plan.patches:
        return False
    named = {*result.wanted.named, *(os.path.abspath(path) for path in options.env_files)}
    behind = {os.path.realpath(path): path for path in sorted(named)}
    targets: dict[str, str] = {}
    backups.check_own(plan.asked, plan.directory)
    for patch in plan.patches:
        path = patch.path if patch.path in named else behind.get(os.path.realpath(patch.path), patch.path)
        targets[patch.path] = backups.check_target(path, directory=plan.directory, named=path in named)
    place = backups.write(
        plan.patches,
        directory=plan.directory,
        backup_dir=options.backup_dir,
        backup=not options.no_backup,
        targets=targets,
        writing=undisturbed,
    )
    return place is not None


def status(options: Options, results: list[Result], errors: list[EnvfixError]) -> int:
    """The exit status of a run: 0, 1 or 2, as README's "Exit status" says."""
    plans = [result.made.plan for result in results]
    asks = any(reference.decision == "ask" for plan in plans for reference in plan.references)
    changes = any(plan.patches for plan in plans)
    if not (options.write or options.hook):  # what only --compose writes is something to change, too
        changes = changes or any(one.decision == "rewrite" for plan in plans for one in plan.references)
    return status_of(options, changes, asks, bool(errors))


def status_of(options: Options, changes: bool, asks: bool, failed: bool) -> int:
    """The exit status by what there was: changes, asks, errors."""
    if failed:
        return 2
    if options.strict and asks:
        return 1
    return int(changes and (not options.write or options.exit_non_zero_on_fix))
