"""`--interactive`: a person chooses for each question and confirms each change, and sees what was chosen before it is
written."""

from __future__ import annotations

import sys

import click

from envfix.cli.asked import Options
from envfix.cli.chosen import only
from envfix.cli.questions import Answers, ask_about
from envfix.cli.run import finish, read_all, request
from envfix.cli.telling import Result, colour, talk
from envfix.envfile import EnvDocument
from envfix.planning import Made, make
from envfix.records import Choice, Plan, Reference, together
from envfix.report.text import Ink
from envfix.report.wording import pin, place
from envfix.shown import clean

_YOURS = "you chose it"


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
        chosen.append(result._replace(made=_as_answered(result, answers, options, cwd)))
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


def _as_answered(result: Result, answers: Answers, options: Options, cwd: str) -> Made:
    """The project with a plan of what was chosen; what was left stays in it as kept, or as the question that it is."""
    plan = result.made.plan
    again = _with_pins(result, answers, options, cwd)
    chosen = list(answers.confirmed)
    for reference, choice in answers.choices.items():
        if _alone(reference, plan) and choice.container_port:
            chosen += _pinned(reference, again.plan)
        else:
            chosen.append(_directly(reference, choice))
    patches = {patch.path: patch for one in (again.plan, plan) for patch in one.patches}
    made = only(plan._replace(patches=tuple(patches.values())), dict.fromkeys(chosen))
    taken = {(one.path, one.start) for one in chosen}
    left = [_left(one) for one in plan.references if (one.path, one.start) not in taken]
    references = sorted((*made.references, *left), key=lambda one: (one.path, one.start))
    return result.made._replace(plan=made._replace(references=tuple(references)))


def _left(reference: Reference) -> Reference:
    if reference.decision != "rewrite":
        return reference
    return reference._replace(decision="keep", reason="pinned", explanation="you left it as it is", replacement=None)


def _alone(reference: Reference, plan: Plan) -> bool:
    """Whether the address is the only one of its variable, so that a comment above it would mean no other."""
    same = [one for one in plan.references if (one.path, one.line) == (reference.path, reference.line)]
    return len(same) == 1


def _with_pins(result: Result, answers: Answers, options: Options, cwd: str) -> Made:
    """The project decided once more as if the choices stood as comments above their variables: ports and all else that
    goes with a choice come along so."""
    pinned = {
        (reference.path, reference.start): pin(reference, choice)
        for reference, choice in answers.choices.items()
        if _alone(reference, result.made.plan) and choice.container_port
    }
    if not pinned:
        return result.made
    documents = {path: _commented(document, pinned) for path, document in result.made.reading.documents.items()}
    return make(request(options, result.wanted, cwd)._replace(documents=documents))


def _commented(document: EnvDocument, pinned: dict[tuple[str, int], str]) -> EnvDocument:
    places = {start: word for (path, start), word in pinned.items() if path == document.path}
    if not places:
        return document
    bindings = tuple(
        next(
            (
                binding._replace(comments=(*binding.comments, f"envfix: {word}"))
                for start, word in places.items()
                if binding.value_start <= start < binding.value_end
            ),
            binding,
        )
        for binding in document.bindings
    )
    return document._replace(bindings=bindings)


def _pinned(reference: Reference, plan: Plan) -> list[Reference]:
    """What the choice made of the reference, with its port; said where something stands against it."""
    found = [one for one in plan.references if (one.path, one.start) == (reference.path, reference.start)]
    rewrites = [one for one in found if one.decision == "rewrite"]
    for one in found:
        if one.decision != "rewrite":
            talk(f"{one.variable} cannot be changed so: {one.explanation}")
    ports = [port for one in rewrites for port in together(one, plan.references) if port not in rewrites]
    return [*(one._replace(explanation=_YOURS) for one in rewrites), *ports]


def _directly(reference: Reference, choice: Choice) -> Reference:
    return reference._replace(
        decision="rewrite",
        replacement=choice.replacement,
        service=choice.service,
        container_port=choice.container_port,
        explanation=_YOURS,
    )
