"""`--recursive`: every Compose project below the given folders, a line each, and what a run over it alone would show
where there is something to do; one summary, one status.

What is kept of a project that was done is a few numbers, and for SARIF and the picture what they need, so that memory
does not grow with the number of projects. Many projects are shared among the processors.
"""

import os
import sys
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from typing import Any

import click

from envfix.cli.asked import Options
from envfix.cli.below import Below, folders_below
from envfix.cli.paths import Wanted
from envfix.cli.patience import Purse, allow, of_project
from envfix.cli.shared import check_only, known_to, request, status_of, write
from envfix.cli.telling import Result, colour, compose_words, repeated, report_of, say, talk, tellable, told
from envfix.disk.backups import FileChanged
from envfix.errors import EnvfixError, unforeseen
from envfix.named_tuples import NamedTuple
from envfix.planning import make
from envfix.report import Part, Report, Said, render, renderer
from envfix.report.after_write import take_effect
from envfix.report.steps import command, for_hosts
from envfix.report.terminal import Ink
from envfix.report.text import fitted, has_news, preview, told_warnings
from envfix.report.wording import counted, not_written, relative, shown_path, summary
from envfix.shell_patterns import Names
from envfix.shown import clean, enumerated

# From so many projects on it pays to start processes, and one more for so many.
_MANY, _EACH = 24, 8
# What is told only when all projects are done is kept until then, in this process.
_AT_THE_END = ("decisions", "projects")
_SAFE_PATH = "PYTHONSAFEPATH"
# What names one project to Compose means nothing to the others; the last is ours.
_NOT_FOR_ALL = ("COMPOSE_FILE", "COMPOSE_PROJECT_NAME", _SAFE_PATH)
_MOST_PASSED_OVER = 4  # files of one folder that are named
_A_LINE = 0.1  # seconds of processor time to tell of a project; it takes some 0.001


_Task = tuple[str, float]  # the folder of a project, and the seconds of processor time that it may take


class ProjectOutcome(NamedTuple):
    """What is left of a project that was done: decisions counted, how many rewrites a write leaves, whether a file
    changes, what to print, its item of a list of them all, its part of a report of them all, the error (message, path,
    line, column) that ended it, and the names of `--only` that it has variables for."""

    directory: str
    counts: tuple[int, int, int] = (0, 0, 0)
    left: int = 0
    changes: bool = False
    said: tuple[Said, ...] = ()
    item: str = ""
    part: Part | None = None
    error: tuple[str, str | None, int | None, int | None] | None = None
    found: tuple[str, ...] = ()
    seconds: float = 0.0


def recursive(options: Options, cwd: str) -> int:
    """Every project below the paths (the current folder without any): the exit status."""
    below = list(_below(options, cwd))
    folders = [one.path for one in below if one.is_project]
    with _bar(len(folders), options) as bar, closing(_outcomes(folders, options, cwd)) as outcomes:
        out = _Output(options, cwd, bar)
        for outcome in outcomes:
            allow(_A_LINE)
            out.tell(outcome)
            bar.update(1)
        out.clear()
    if options.only and folders:
        try:
            check_only(options, out.found)
        except EnvfixError as error:
            out.fail(error)
    if not options.quiet:
        for one in below:
            out.pass_over(one)
    out.close(len(folders))
    return status_of(options, out.changed > 0, out.counts[2] > 0, bool(out.errors))


def _below(options: Options, cwd: str) -> Iterator[Below]:
    seen: set[str] = set()
    for path in options.paths or (".",):
        root = os.path.abspath(os.path.join(cwd, path))
        if not os.path.isdir(root):
            what = "there is no such folder" if not os.path.lexists(root) else "this is a file"
            raise EnvfixError(f"{what}: --recursive takes folders", path=path)
        for one in folders_below(root):
            real = os.path.realpath(one.path)
            if real not in seen:
                seen.add(real)
                yield one


def _bar(total: int, options: Options) -> "AbstractContextManager[Any]":
    """How far it is, on standard error where that is a terminal; it makes way for every line that is printed."""
    wanted = not options.quiet and total > 1 and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    stream = sys.stderr if wanted else open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    return click.progressbar(length=total, file=stream, show_pos=True, show_percent=False, show_eta=False)


def _environ() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in _NOT_FOR_ALL}


def _outcomes(folders: list[str], options: Options, cwd: str) -> Generator[ProjectOutcome, None, None]:
    """The outcomes, in the order of the folders."""
    purse = Purse()
    tasks = ((folder, purse.of_next()) for folder in folders)
    work = partial(_worked, options=options, cwd=cwd, environ=_environ())
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    alone = sys.flags.ignore_environment and not sys.flags.safe_path  # `python -E`: other processes cannot be guarded
    if len(folders) < _MANY or processors < 2 or alone or options.form.across in _AT_THE_END:
        yield from _paid(map(work, tasks), purse)
        return
    from envfix.cli.processes import shared

    with _safe_path(), closing(shared(work, tasks, _lost, min(processors, len(folders) // _EACH + 1))) as outcomes:
        yield from _paid(outcomes, purse)


def _paid(outcomes: Iterable[ProjectOutcome], purse: Purse) -> Iterator[ProjectOutcome]:
    for outcome in outcomes:
        purse.pay(outcome.seconds)
        yield outcome


@contextmanager
def _safe_path() -> Iterator[None]:
    """A process that is not forked begins with `python -c`, for which Python puts the current folder first among the
    places to import from, and that may be anybody's: this variable keeps it from doing so
    (https://docs.python.org/3/using/cmdline.html#envvar-PYTHONSAFEPATH)."""
    before = os.environ.get(_SAFE_PATH)
    os.environ[_SAFE_PATH] = "1"
    try:
        yield
    finally:
        del os.environ[_SAFE_PATH]
        os.environ.update({} if before is None else {_SAFE_PATH: before})


def _lost(task: _Task) -> ProjectOutcome:
    message = (
        "the process that looked at this project was killed, as the system does when memory runs out: look at it alone"
    )
    return ProjectOutcome(task[0], error=(message, task[0], None, None))


def _worked(task: _Task, options: Options, cwd: str, environ: dict[str, str]) -> ProjectOutcome:
    """One project from reading to writing; `environ` is the environment of them all."""
    start = time.process_time()
    outcome = _outcome(task, options, cwd, environ)
    return outcome._replace(seconds=time.process_time() - start)


def _outcome(task: _Task, options: Options, cwd: str, environ: dict[str, str]) -> ProjectOutcome:
    folder, seconds = task
    wanted = Wanted(folder, whole=True)
    asked = request(options, wanted, cwd)._replace(environ={**environ, "PWD": folder})
    try:
        with of_project(folder, seconds):
            try:
                return _done(Result(wanted, make(asked)), options, cwd)
            except FileChanged:  # by the project next door, of which this one reads a file too
                return _done(Result(wanted, make(asked)), options, cwd)
    except BrokenPipeError:
        raise
    except EnvfixError as error:
        return ProjectOutcome(folder, error=(error.message, error.path, error.line, error.column))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return ProjectOutcome(folder, error=(f"cannot be read: {reason}", error.filename or folder, None, None))
    except Exception as error:  # one project is no reason to leave out the others
        return ProjectOutcome(folder, error=(unforeseen(error).message, folder, None, None))


def _done(result: Result, options: Options, cwd: str) -> ProjectOutcome:
    outcome = _told(tellable(result, options), options, cwd)  # before the write, which is the last that can fail
    if options.write:
        write(options, result)
    return outcome


def _told(result: Result, options: Options, cwd: str) -> ProjectOutcome:
    plan = result.made.plan
    words = compose_words(options, Wanted(plan.directory), cwd)
    part = Part(plan, result.made.project, words)
    report = report_of(options, cwd, [], [], written=options.write)._replace(parts=(part,))
    rewrite, keep, ask = summary(report).values()
    left = not_written(report) if options.write else 0
    found = tuple(Names(options.only).fitting(known_to([result.made]))) if options.only else ()
    changes = bool(plan.patches) or (rewrite > 0 and not options.write)
    outcome = ProjectOutcome(plan.directory, (rewrite, keep, ask), left, changes, found=found)
    match options.form.across:
        case "lines":
            shown = options.verbose or has_news(part, report)
            return outcome._replace(said=tuple(_shown(report, options)) if shown else ())
        case "each":
            return outcome._replace(said=render(options.format_, report))
        case "items":
            return outcome._replace(item=renderer(options.format_).item(part, cwd))
        case "decisions":
            return outcome._replace(part=part if plan.references else None)
        case "projects":
            return outcome._replace(part=part)


def _shown(report: Report, options: Options) -> Iterator[Said]:
    """What a run over this project alone would show, without what is said once for all."""
    part = report.parts[0]
    yield from preview(part, report)
    lines = list(told_warnings(report)) if not options.quiet else []
    if options.write and not options.quiet:
        lines += [line for step in take_effect(report) for line in fitted(f"  {step}", report.columns)]
    yield Said("".join(f"{line}\n" for line in [*lines, *([""] if not options.quiet else [])]), talk=True)


class _Output:
    """Prints outcomes as they come, and sums them up."""

    def __init__(self, options: Options, cwd: str, bar: Any) -> None:
        self.options = options
        self.cwd = cwd
        self.stream = bar.file
        self.counts = (0, 0, 0)
        self.changed = 0
        self.left = 0
        self.parts: list[Part] = []
        self.errors: list[EnvfixError] = []
        self.items = 0
        self.found: set[str] = set()
        if options.form.across == "items":
            self._print(renderer(options.format_).opening())

    def clear(self) -> None:
        """Take the bar away."""
        if self.stream.isatty():
            self.stream.write("\r\x1b[K")
            self.stream.flush()

    def _print(self, text: str, *, talk: bool = False) -> None:
        self.clear()
        say((Said(text, talk=talk),), self.options)

    def tell(self, outcome: ProjectOutcome) -> None:
        rewrite, keep, ask = (one + other for one, other in zip(self.counts, outcome.counts, strict=True))
        self.counts = (rewrite, keep, ask)
        self.changed += outcome.changes
        self.left += outcome.left
        self.found.update(outcome.found)
        if outcome.part is not None:
            self.parts.append(outcome.part)
        if outcome.item:
            self._print(("," if self.items else "") + outcome.item)
            self.items += 1
        if self.options.form.for_people:
            self._line(outcome)
        for piece in outcome.said:
            self.clear()
            say((piece,), self.options)
        if outcome.error is not None:
            message, path, line, column = outcome.error
            self.fail(EnvfixError(message, path=path, line=line, column=column))

    def fail(self, error: EnvfixError) -> None:
        self.errors.append(error)
        self.clear()
        talk(f"envfix: {told(error, self.cwd)}")

    def _line(self, outcome: ProjectOutcome) -> None:
        if self.options.quiet and not (outcome.said or outcome.error):
            return
        line = f"{shown_path(outcome.directory, self.cwd)}: {self._what(outcome)}\n"
        self._print(line, talk=self.options.show_secrets or not sys.stdout.isatty())

    def _what(self, outcome: ProjectOutcome) -> str:
        ink = Ink(colour(self.options))
        rewrite, keep, ask = outcome.counts
        if outcome.error is not None:
            return ink.wrong("cannot be read")
        parts = [ink.right(f"{rewrite - outcome.left} {self._done}")] if rewrite - outcome.left else []
        parts += [f"{outcome.left} left in compose files"] if outcome.left else []
        parts += [ink.open(f"{ask} yours to decide")] if ask else []
        parts += [f"{keep} kept"] if keep else []
        return ", ".join(parts) if rewrite or ask else "nothing to change" + (f" ({keep} kept)" if keep else "")

    @property
    def _done(self) -> str:
        return "rewritten" if self.options.write else "to rewrite"

    def close(self, projects: int) -> None:
        options = self.options
        across = options.form.across
        if across == "items":
            self._print(renderer(options.format_).closing(self.items, self.counts, self.errors, self.cwd))
        elif across in _AT_THE_END or (across == "each" and self.errors):
            say(render(options.format_, self._report(tuple(self.parts))), options)
        elif across == "lines" and not options.quiet:
            self._summary(projects)

    def _report(self, parts: tuple[Part, ...]) -> Report:
        report = report_of(self.options, self.cwd, [], self.errors, written=self.options.write)
        return report._replace(parts=parts)

    def _summary(self, projects: int) -> None:
        if not projects:
            talk("No Compose project was found there.")
            return
        rewrite, keep, ask = self.counts
        line = f"{counted(projects, 'project')}: {counted(rewrite - self.left, 'address', 'addresses')} {self._done}"
        line += f" in {self.changed} of them, {ask} yours to decide, {keep} kept"
        talk("")
        talk(f"{line}{f', {len(self.errors)} not read' if self.errors else ''}.")
        words = repeated(self.options)
        steps = []
        if self.changed and self.options.write and not self.options.no_backup:
            steps += ["To take one back: envfix --restore FOLDER"]
        elif self.changed and not self.options.write:
            steps += [
                f"To write this: {command('envfix', '--write', *words)}, or envfix --write FOLDER for one of them"
            ]
            steps += [for_hosts("the changed files", ("FOLDER",))] if self.options.to == "container" else []
        steps += ["To decide: the comments shown, or envfix --interactive FOLDER"] if ask else []
        for line in (line for step in steps for line in fitted(f"  {step}", self._report(()).columns)):
            talk(line)

    def pass_over(self, one: Below) -> None:
        """Name a folder that may hold a project, and was not looked at."""
        if one.closed:
            talk(f"{shown_path(one.path, self.cwd)}: passed over, this folder may not be read")
        elif one.others:
            first = relative(os.path.join(one.path, one.others[0]), self.cwd)
            files = enumerated([*map(clean, one.others)], _MOST_PASSED_OVER)
            what, it = ("has a name", "it") if len(one.others) == 1 else ("have names", "one of them")
            folder, look = shown_path(one.path, self.cwd), command("envfix", "-f", first)
            talk(f"{folder}: passed over, {files} {what} that Compose does not look for. To look at {it}: {look}")
