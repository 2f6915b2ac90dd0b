"""How is what was chosen in `--interactive` written, one project after the other, so that each adds to the files that
several share, and takes back nothing that one before it wrote?"""

import os
from collections.abc import Mapping, Sequence

from envfix.cli.asked import Options
from envfix.cli.patience import undisturbed
from envfix.cli.shared import write
from envfix.cli.telling import Result, show, talk
from envfix.cli.written_down import WrittenAnswer, as_comments, configuration_of, with_entries
from envfix.disk.backups import check_own, write_new
from envfix.errors import EnvfixError
from envfix.files import read_bounded
from envfix.named_tuples import NamedTuple
from envfix.planning import Made, selected
from envfix.records import Patch, Reference
from envfix.report.wording import place, shown_path
from envfix.settings_file import MAX_CONFIG_BYTES
from envfix.shown import clean


def write_in_turn(
    options: Options,
    cwd: str,
    results: Sequence[Result],
    errors: list[EnvfixError],
    given: Sequence[tuple[WrittenAnswer, ...]],
    how: str,
) -> tuple[list[Result], bool]:
    """Write each project, with its answers as comments (`how` is "c") or in its configuration ("t"); those that were
    written, and whether a backup was made. A failure in a run over one project is raised; among several it joins
    `errors`."""
    alone = len(results) + len(errors) == 1
    turn, saved, done = _Turn(), False, []
    for result, answers in zip(results, given, strict=True):
        try:
            entry = None
            made, left = turn.joined(result.made, answers if how == "c" else ())
            if how == "t":
                left = _unknown(answers, result.made, results)
                entry = _entry(result.made, [one for one in answers if one not in left])
            saved = write(options, result._replace(made=_with_entry(turn.on_top(made), entry))) or saved
            turn.wrote(made, [one for one in answers if one not in left] if how == "c" else ())
            if entry is not None:
                _write_if_new(entry, made.plan.directory)
                talk(f"Your answers are in {shown_path(entry.path, cwd)}.")
            _tell(left, cwd)
            done.append(result._replace(made=made))
        except EnvfixError as error:
            if alone:
                raise
            errors.append(error)
    return done, saved


class _Entry(NamedTuple):
    """What answers make of a configuration; `before` is None for a new one."""

    path: str
    before: bytes | None
    after: bytes


def _entry(made: Made, answers: Sequence[WrittenAnswer]) -> _Entry | None:
    """The answers in the project's configuration; None, which is told, where they cannot be added to it."""
    if not answers:
        return None
    path = configuration_of(made)
    if path is None:
        talk("Your settings are in a pyproject.toml, which envfix never changes: add there")
        show(with_entries("", answers).rstrip("\n"))
        return None
    check_own(made.plan.asked, made.plan.directory)
    before = read_bounded(path, MAX_CONFIG_BYTES, "configuration") if os.path.lexists(path) else None
    try:
        return _Entry(path, before, with_entries((before or b"").decode("utf-8"), answers).encode("utf-8"))
    except EnvfixError as error:
        talk(error.message)
        return None


def _with_entry(made: Made, entry: _Entry | None) -> Made:
    """The plan with the change of the configuration that there is."""
    if entry is None or entry.before is None:
        return made
    patch = Patch(entry.path, entry.before, entry.after)
    return made._replace(plan=made.plan._replace(patches=(*made.plan.patches, patch)))


def _write_if_new(entry: _Entry, directory: str) -> None:
    """Write a new configuration: last of all, so that it tells of nothing that was not done."""
    if entry.before is None:
        with undisturbed():
            write_new(entry.path, entry.after, directory=directory, like=None, mode=0o644, force=False)


def _unknown(answers: Sequence[WrittenAnswer], made: Made, results: Sequence[Result]) -> dict[WrittenAnswer, str]:
    """The answers that another project under the same configuration would refuse, since it has no such service."""
    path = configuration_of(made)
    sharing = [one.made for one in results if path is not None and configuration_of(one.made) == path]
    found = {}
    for one in answers:
        service = one.word.partition(":")[0]
        for other in sharing:
            if one.word != "keep" and service not in other.reading.topology.services:
                found[one] = f"the configuration is {other.plan.name}'s too, which has no {service}"
    return found


def _tell(left: Mapping[WrittenAnswer, str], cwd: str) -> None:
    """What was answered, and is not written down."""
    for one, why in left.items():
        answer = f"{clean(one.reference.variable)}: {clean(one.word)}"
        where = place(one.reference.path, one.reference.line, cwd)
        talk(f"{where}: your answer is not written down ({answer}), since {clean(why)}.")


class _Turn:
    """What was written so far of changes and comments, by the real paths of the files. All plans of a run were made
    before its first write, so that the places of their changes are those in the files as they were then."""

    def __init__(self) -> None:
        self._changes: list[tuple[str, Reference]] = []
        self._comments: list[tuple[str, WrittenAnswer]] = []
        self._now: dict[str, bytes] = {}

    def joined(self, made: Made, commented: Sequence[WrittenAnswer]) -> tuple[Made, dict[WrittenAnswer, str]]:
        """The plan with these answers as comments, and with what others have changed in its files; and the answers that
        no comment can hold. EnvfixError where two projects change one place differently."""
        plan = made.plan
        paths = {patch.path for patch in plan.patches} | {one.reference.path for one in commented}
        shared = {real: path for path in sorted(paths) if (real := os.path.realpath(path)) in self._now}
        others = [one._replace(path=shared[real]) for real, one in self._changes if real in shared]
        if others:
            made = made._replace(plan=plan._replace(patches=selected(made, [*plan.changes, *others]).plan.patches))
        earlier = [
            one._replace(reference=one.reference._replace(path=shared[real]))
            for real, one in self._comments
            if real in shared
        ]
        return as_comments(made, commented, earlier)

    def on_top(self, made: Made) -> Made:
        """The plan with its files as they stand now."""
        patches = (
            Patch(patch.path, self._now.get(os.path.realpath(patch.path), patch.before), patch.after, patch.edits)
            for patch in made.plan.patches
        )
        left = tuple(patch for patch in patches if patch.before != patch.after)
        return made._replace(plan=made.plan._replace(patches=left))

    def wrote(self, made: Made, commented: Sequence[WrittenAnswer]) -> None:
        """Remember what was written of the plan that `joined` gave."""
        self._changes += [(os.path.realpath(one.path), one) for one in made.plan.changes]
        self._comments += [(os.path.realpath(one.reference.path), one) for one in commented]
        self._now.update((os.path.realpath(patch.path), patch.after) for patch in made.plan.patches)
