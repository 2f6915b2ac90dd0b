"""What was chosen in `--interactive` is written one project after the other: what has the run already made of the files
that projects share, so that the next adds to it, and takes nothing back?"""

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
    configurations = [configuration_of(result.made) if how == "t" else None for result in results]
    for result, answers, file in zip(results, given, configurations, strict=True):
        commented = answers if how == "c" else ()
        try:
            if file is not None:
                check_own(result.made.plan.asked, result.made.plan.directory)
            made, left = turn.joined(result.made, commented)
            others = [one.made for one, other in zip(results, configurations, strict=True) if other == file]
            unknown = _unknown(answers, others) if how == "t" and file is not None else {}
            entered = [one for one in answers if one not in unknown] if how == "t" else []
            left |= unknown
            before, after = _entered(file, entered) if entered else (None, None)
            now = turn.on_top(made)
            if file is not None and before is not None and after is not None:
                now = _with_patch(now, Patch(file, before, after))
            saved = write(options, result._replace(made=now)) or saved
            turn.wrote(made, [one for one in commented if one not in left])
            if file is not None and before is None and after is not None:
                # A new one comes to be last, so that it tells of nothing that was not done.
                with undisturbed():
                    write_new(file, after, directory=made.plan.directory, like=None, mode=0o644, force=False)
            if file is not None and after is not None:
                talk(f"Your answers are in {shown_path(file, cwd)}.")
            _tell(left, cwd)
            done.append(result._replace(made=made))
        except EnvfixError as error:
            if alone:
                raise
            errors.append(error)
    return done, saved


def _with_patch(made: Made, patch: Patch) -> Made:
    return made._replace(plan=made.plan._replace(patches=(*made.plan.patches, patch)))


def _entered(path: str | None, answers: Sequence[WrittenAnswer]) -> tuple[bytes | None, bytes | None]:
    """The configuration before (None where there is none yet) and after (None where nothing can be added)."""
    if path is None:
        talk("Your settings are in a pyproject.toml, which envfix never changes: add there")
        show(with_entries("", answers).rstrip("\n"))
        return None, None
    before = read_bounded(path, MAX_CONFIG_BYTES, "configuration") if os.path.lexists(path) else None
    try:
        return before, with_entries((before or b"").decode("utf-8"), answers).encode("utf-8")
    except EnvfixError as error:
        talk(error.message)
        return before, None


def _unknown(answers: Sequence[WrittenAnswer], others: Sequence[Made]) -> dict[WrittenAnswer, str]:
    """The answers that another project under the same configuration would refuse, since it has no such service."""
    found = {}
    for one in answers:
        service = one.word.partition(":")[0]
        for made in others:
            if one.word != "keep" and service not in made.reading.topology.services:
                found[one] = f"the configuration is {made.plan.name}'s too, which has no {service}"
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
