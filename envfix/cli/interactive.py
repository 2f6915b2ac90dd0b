"""`--interactive`: a person chooses for each question and confirms each change, and sees what was chosen before it is
written."""

import sys
from collections.abc import Iterable, Iterator, Sequence

import click

from envfix.cli.asked import Options
from envfix.cli.in_turn import write_in_turn
from envfix.cli.shared import finish, read_all, status
from envfix.cli.telling import Result, columns, report_of, say, show, talk
from envfix.cli.written_down import WrittenAnswer, clear
from envfix.named_tuples import NamedTuple
from envfix.planning import Made, selected
from envfix.records import Choice, Plan, Reference, together
from envfix.report import Report
from envfix.report.terminal import Ink, changes, wrapped
from envfix.report.text import closing
from envfix.report.wording import pin, place, shown_path
from envfix.shown import clean

_YOURS = "you chose it"
# With what is typed behind them they fit on a terminal of 80 columns.
_WRITE = "Write it? (y)es, (n)o; answers too: as (c)omments, in .envfix.(t)oml"
_KEEP = "Write your answers down? (n)o, as (c)omments, in .envfix.(t)oml"


class Answers(NamedTuple):
    """The rewrites that were confirmed, what was chosen for which `ask`, and what was said of each address that was
    asked about by itself."""

    confirmed: tuple[Reference, ...]
    choices: dict[Reference, Choice]
    given: tuple[WrittenAnswer, ...] = ()


class _QuitError(Exception):
    """The person wants to leave, and nothing written."""


def interactive(options: Options, cwd: str) -> int:
    """Ask, sum up, and write what was chosen (with `--dry-run` only show it)."""
    if sys.stdin is None or not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "--interactive needs a terminal to ask on; without one, use --write and # envfix: comments."
        )
    results, errors = read_all(options, cwd)
    chosen, given = [], []
    report = report_of(options, cwd, results, [])
    try:
        for result in results:
            answers = ask_about(result.made, report)
            made, notes = as_answered(result.made, answers)
            for note in notes:
                talk(note)
            chosen.append(result._replace(made=made, partial=True))
            given.append(clear(answers.given))
        if options.dry_run:
            return finish(options, cwd, chosen, errors)
        how = _how(chosen, any(given), cwd)
    except _QuitError:
        talk("Nothing was written.")
        return 1
    if how == "n":
        talk("Nothing was written.")
        return 2 if errors else 0
    options = options._replace(write=True)
    chosen, saved = write_in_turn(options, cwd, chosen, errors, given, how)
    report = report_of(options, cwd, chosen, errors, written=True, saved=saved)
    say(tuple(closing(report)), options)
    return status(options, chosen, errors)


def _how(results: list[Result], answered: bool, cwd: str) -> str:
    """The summary, and the last question: y, n, c or t; y where there is nothing to ask."""
    changed = [one for result in results for one in result.made.plan.changes]
    if not changed and not answered:
        return "y"
    if not changed:
        show("\nNothing is to be changed.")
        return _word(_KEEP, "nctq", "n", _HELP_LAST)
    show("\nThis will be written:")
    for path in dict.fromkeys(one.path for one in changed):
        names = dict.fromkeys(clean(one.variable) for one in changed if one.path == path)
        show("\n".join(wrapped(f"{shown_path(path, cwd)}: {', '.join(names)}", columns() or 80, "  ", "  ")))
    return _word(_WRITE if answered else "Write it? (y)es, (n)o", "ynctq" if answered else "ynq", "y", _HELP_LAST)


# What comes of the answers.


def as_answered(made: Made, answers: Answers) -> tuple[Made, list[str]]:
    """The plan of what was chosen, in which what was left stays as kept, or as the question that it is; and why some of
    the choices cannot be followed."""
    chosen, notes = _chosen(made.plan, answers)
    after = selected(made, chosen)
    taken = {_place(one) for one in chosen}
    left = [_left(one) for one in made.plan.references if _place(one) not in taken]
    references = sorted((*after.plan.references, *left), key=lambda one: (one.path, one.start))
    return after._replace(plan=after.plan._replace(references=tuple(references))), notes


def _chosen(plan: Plan, answers: Answers) -> tuple[list[Reference], list[str]]:
    """The changes that the answers come down to, each place once: a HOST and its PORT together or not at all."""
    chosen = {_place(one): one for one in answers.confirmed}
    notes: list[str] = []
    for ask, choice in answers.choices.items():
        refused = next((one.explanation for one in choice.outcome if one.decision != "rewrite"), "")
        if any(chosen.get(_place(one), one).replacement != one.replacement for one in choice.outcome):
            refused = "its port becomes another one for another host"
        if refused:
            notes.append(f"{ask.variable} cannot be changed so: {refused}")
            continue
        chosen.update((_place(one), one._replace(explanation=_YOURS)) for one in choice.outcome)
    for link in dict.fromkeys(one.link for one in chosen.values()):
        stays = [host for host in _hosts(plan, link) if _place(host) not in chosen] if link else []
        if stays:
            dropped = [one for one in chosen.values() if one.link == link]
            notes.append(f"{_names(dropped)} cannot be changed: {_names(stays)} has the same port, and stays")
            chosen = {key: one for key, one in chosen.items() if one.link != link}
    return list(chosen.values()), notes


def _hosts(plan: Plan, link: tuple[str, int] | None) -> Iterator[Reference]:
    """All that changes, or would after some choice, together with the port at this place."""
    for one in plan.references:
        if link in (one.link, *(other.link for choice in one.choices for other in choice.outcome)):
            yield one


def _place(reference: Reference) -> tuple[str, int, int]:
    return (reference.path, reference.start, reference.end)


def _names(references: Iterable[Reference]) -> str:
    return " and ".join(dict.fromkeys(one.variable for one in references))


def _left(reference: Reference) -> Reference:
    if reference.decision != "rewrite":
        return reference
    return reference._replace(
        decision="keep",
        reason="pinned",
        explanation="you left it as it is",
        replacement=None,
        edits=(),
        link=None,
    )


# The questions.


def ask_about(made: Made, report: Report) -> Answers:
    """Ask about each change and question, in the order of the file. click.Abort on Ctrl-C and Ctrl-D."""
    asked = list(groups(made.plan))
    asker = _Asker(made, report, len(asked))
    confirmed: list[Reference] = []
    choices: dict[Reference, Choice] = {}
    for group in asked:
        if group[0].decision == "rewrite":
            confirmed += group if asker.confirm(group) else ()
        elif (choice := asker.choose(group[0])) is not None:
            choices[group[0]] = choice
    return Answers(tuple(confirmed), choices, tuple(asker.given))


def groups(plan: Plan) -> Iterator[tuple[Reference, ...]]:
    """What is asked about at once: all changes of a variable, and the port with its hosts; or one question. What stands
    in a compose file that is not changed is no question."""
    changes = plan.changes
    asked: set[Reference] = set()
    for reference in plan.references:
        if reference.decision == "ask":
            yield (reference,)
        elif reference in changes and reference not in asked:
            group = _group(reference, changes)
            asked.update(group)
            yield group


def _group(reference: Reference, changes: Sequence[Reference]) -> tuple[Reference, ...]:
    """The changes that are linked with this one, or with another one of the same variable, however far."""
    group = {reference: None}
    todo = [reference]
    while todo:
        one = todo.pop()
        same = [other for other in changes if (other.path, other.line) == (one.path, one.line)]
        found = [other for other in (*same, *together(one, changes)) if other not in group]
        group.update(dict.fromkeys(found))
        todo += found
    return tuple(group)


_HELP_CHANGE = """\
  y  change this
  n  leave this as it is
  a  change this and all that is left; questions are asked still
  s  leave this and all that is left
  q  quit: nothing is written"""
_HELP_CHOICE = """\
  1, 2, ...  write what stands behind this number; the last leaves the address
  s          leave this and all that is left
  q          quit: nothing is written"""
_HELP_LAST = """\
  y  write the changes, a backup first
  n  write nothing
  c  write them, and your answer as a comment above each line that you decided
  t  write them, and your answers into .envfix.toml, which holds for everyone
  q  quit: nothing is written"""


class _Asker:
    """Remembers what a person said: of each address (`given`), and of all that is left."""

    def __init__(self, made: Made, report: Report, total: int) -> None:
        self._made = made
        self._report = report
        self._ink = Ink(report.colour)
        self._total = total
        self._at = 0
        self._all: bool | None = None
        self.given: list[WrittenAnswer] = []

    def confirm(self, group: Sequence[Reference]) -> bool:
        """Whether these changes are wanted."""
        self._at += 1
        if self._all is not None:
            return self._all
        self._show(f"\n{self._counter()}")
        for line in changes(selected(self._made, group).plan, self._report):
            self._show(line)
        word = _word("Change it? (y)es, (n)o, (a)ll, (s)kip all, (q)uit, (?)", "ynasq", "y", _HELP_CHANGE)
        if word in "as":
            self._all = word == "a"
        if word == "n":
            self.given += [WrittenAnswer(one, "keep") for one in group]
        return word in "ya"

    def choose(self, ask: Reference) -> Choice | None:
        """The choice that was made, None to leave the address as it is."""
        self._at += 1
        if self._all is False:
            return None
        choices = [choice for choice in ask.choices if choice.replacement != ask.address]
        where = place(ask.path, ask.line, self._report.cwd)
        head = f"{where} {self._ink.name(clean(ask.variable))}"
        self._show(f"\n{self._counter()}{head}  {clean(ask.address)}  {self._ink.open('yours to decide')}")
        self._say(f"{clean(ask.explanation)}.", "    ")
        for number, choice in enumerate(choices, start=1):
            self._say(f"{number}. {clean(choice.replacement)}  {clean(choice.explanation)}", "  ", "   ")
        last = len(choices) + 1
        self._show(f"  {last}. {clean(ask.address)}  leave it as it is")
        numbers = tuple(map(str, range(1, last + 1)))
        word = _word("Which? A number, (s)kip all, (q)uit, (?)", (*numbers, "s", "q"), str(last), _HELP_CHOICE)
        if word == "s":
            self._all = False
            return None
        taken = choices[int(word) - 1] if int(word) < last else None
        self.given.append(WrittenAnswer(ask, "keep" if taken is None else pin(ask, taken)))
        return taken

    def _counter(self) -> str:
        return self._ink.dim(f"{self._at} of {self._total}  ")

    def _say(self, text: str, indent: str, behind: str = "") -> None:
        self._show("\n".join(wrapped(text, self._report.columns or 80, indent, behind)))

    def _show(self, text: str) -> None:
        show(text, colour=self._report.colour)


def _word(question: str, words: Sequence[str], default: str, told: str) -> str:
    """One of the words; _QuitError for q, and for ? what the words mean."""
    while True:
        word = str(click.prompt(question, default=default)).strip().lower()
        if word.isalpha():
            word = word[0]
        if word == "q":
            raise _QuitError
        if word in words and word:
            return word
        show(told if word == "?" else f"Please answer with one of {', '.join(words)}; ? says what they mean.")
