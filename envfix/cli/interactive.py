"""`--interactive`: a person chooses for each question and confirms each change, and sees what was chosen before it is
written."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import click

from envfix.cli.asked import Options
from envfix.cli.shared import finish, read_all
from envfix.cli.telling import Result, colour, talk
from envfix.planning import Made, selected
from envfix.records import Choice, Plan, Reference, together
from envfix.report.ink import Ink
from envfix.report.wording import place
from envfix.shown import clean

_YOURS = "you chose it"


class Answers(NamedTuple):
    """The rewrites that were confirmed, and what was chosen for which `ask`."""

    confirmed: tuple[Reference, ...]
    choices: dict[Reference, Choice]


def interactive(options: Options, cwd: str) -> int:
    """Ask, sum up, and write what was chosen (with `--dry-run` only show it)."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise click.UsageError(
            "--interactive needs a terminal to ask on; without one, use --write and # envfix: comments."
        )
    results, errors = read_all(options, cwd)
    chosen = []
    for result in results:
        answers = ask_about(result.made.plan, Ink(colour(options)), cwd)
        made, notes = as_answered(result.made, answers)
        for note in notes:
            talk(note)
        chosen.append(result._replace(made=made, partial=True))
    write = not options.dry_run
    if write and any(result.made.plan.patches for result in chosen) and not _confirmed(chosen, cwd):
        talk("Nothing was written.")
        return 2 if errors else 0
    return finish(options._replace(write=write), cwd, chosen, errors)


def _confirmed(results: list[Result], cwd: str) -> bool:
    """The summary, and the last question."""
    print("\nThis will be written:")
    for reference in (one for result in results for one in result.made.plan.references):
        if reference.decision == "rewrite":
            change = f"{clean(reference.address)} -> {clean(reference.replacement or '')}"
            print(f"  {place(reference.path, reference.line, cwd)} {clean(reference.variable)}  {change}")
    return click.confirm("Write it?", default=True)


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


def ask_about(plan: Plan, ink: Ink, cwd: str) -> Answers:
    """Ask about each change and question, in the order of the file. click.Abort on Ctrl-C and Ctrl-D."""
    asker = _Asker(ink, cwd)
    confirmed: list[Reference] = []
    choices: dict[Reference, Choice] = {}
    for group in groups(plan):
        if group[0].decision == "rewrite":
            confirmed += group if asker.confirm(group) else ()
        elif (choice := asker.choose(group[0])) is not None:
            choices[group[0]] = choice
    return Answers(tuple(confirmed), choices)


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


class _Asker:
    """Remembers what a person said of all that is left."""

    def __init__(self, ink: Ink, cwd: str) -> None:
        self._ink = ink
        self._cwd = cwd
        self._all: bool | None = None

    def confirm(self, group: Sequence[Reference]) -> bool:
        """Whether these changes are wanted."""
        if self._all is not None:
            return self._all
        print()
        for reference in group:
            change = (
                f"{self._ink.wrong(clean(reference.address))} -> {self._ink.right(clean(reference.replacement or ''))}"
            )
            print(f"{self._head(reference)}  {change}")
            print(f"    {clean(reference.explanation)}")
        word = _word("Change it? (y)es, (n)o, (a)ll that is left, (s)kip all that is left", "ynas", "y")
        if word in "as":
            self._all = word == "a"
        return word in "ya"

    def choose(self, ask: Reference) -> Choice | None:
        """The choice that was made, None to leave the address as it is."""
        if self._all is False:
            return None
        choices = [choice for choice in ask.choices if choice.replacement != ask.address]
        print(f"\n{self._head(ask)}  {clean(ask.address)}  {self._ink.open('yours to decide')}")
        print(f"    {clean(ask.explanation)}")
        for number, choice in enumerate(choices, start=1):
            print(f"  {number}. {self._ink.right(clean(choice.replacement))}  {clean(choice.explanation)}")
        last = len(choices) + 1
        print(f"  {last}. {clean(ask.address)}  leave it as it is")
        word = _word("Which? A number, or (s)kip all that is left", (*map(str, range(1, last + 1)), "s"), str(last))
        if word == "s":
            self._all = False
            return None
        return choices[int(word) - 1] if int(word) < last else None

    def _head(self, reference: Reference) -> str:
        return f"{place(reference.path, reference.line, self._cwd)} {self._ink.name(clean(reference.variable))}"


def _word(question: str, words: Sequence[str], default: str) -> str:
    while True:
        word = str(click.prompt(question, default=default)).strip().lower()
        if word.isalpha():
            word = word[0]
        if word in words:
            return word
        print(f"Please answer with one of {', '.join(words)}.")
