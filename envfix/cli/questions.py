"""The questions of `--interactive`, one for each change and each `ask` of a plan."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from envfix.records import Choice, Plan, Reference, together
from envfix.report.text import Ink
from envfix.report.wording import place
from envfix.shown import clean


class Answers(NamedTuple):
    """The rewrites that were confirmed, and what was chosen for which `ask`."""

    confirmed: tuple[Reference, ...]
    choices: dict[Reference, Choice]


def ask_about(plan: Plan, ink: Ink, cwd: str) -> Answers:
    """Ask about each change and question, in the order of the file. click.Abort on Ctrl-C and Ctrl-D."""
    asker = _Asker(ink, cwd)
    confirmed: list[Reference] = []
    choices: dict[Reference, Choice] = {}
    for group in _groups(plan):
        if group[0].decision == "rewrite":
            confirmed += group if asker.confirm(group) else ()
        elif (choice := asker.choose(group[0])) is not None:
            choices[group[0]] = choice
    return Answers(tuple(confirmed), choices)


def _groups(plan: Plan) -> Iterator[tuple[Reference, ...]]:
    """What is asked about at once: all changes of a variable, the port with its host; or one question."""
    patched = {patch.path for patch in plan.patches}
    asked: set[Reference] = set()
    hosts = [one for one in plan.references if one.decision == "rewrite" and one.path in patched]
    for reference in plan.references:
        if reference.decision == "ask":
            yield (reference,)
        elif reference in hosts and reference.reason != "sibling" and reference not in asked:
            same = [one for one in hosts if (one.path, one.line) == (reference.path, reference.line)]
            ports = [port for one in same for port in together(one, hosts) if port not in same]
            group = tuple(one for one in dict.fromkeys((*same, *ports)) if one not in asked)
            asked.update(group)
            yield group
    for reference in hosts:
        if reference not in asked:
            yield (reference,)


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
