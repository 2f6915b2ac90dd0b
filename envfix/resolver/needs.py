"""What a reader needs an address to be: the answer of every rule."""

from typing import NamedTuple

from envfix.project.ports import Endpoint
from envfix.project.uses import Found
from envfix.reasons import Decision, Reason


class Need(NamedTuple):
    """`verdict` is "rewrite", "keep" or "ask"; `reason` a code of `envfix.reasons`; `why` one sentence; `target` the
    service for a rewrite; `choices` what comes into question for an ask; `evidence` further facts. `passive`: the
    service receives the value and loses nothing by a change."""

    verdict: Decision
    reason: Reason
    why: str
    target: Endpoint | None = None
    choices: tuple[Endpoint, ...] = ()
    evidence: tuple[str, ...] = ()
    passive: bool = False


class ReaderNeed(NamedTuple):
    """What one reader says, or all services of a class with one voice: `need` is then in the words of the first."""

    found: Found
    need: Need


def keep(reason: Reason, why: str, *, passive: bool = False) -> Need:
    """The address stays as it is."""
    return Need("keep", reason, why, passive=passive)


def ask(why: str, choices: tuple[Endpoint, ...] = ()) -> Need:
    """A person has to say: several targets, or evidence that is too thin."""
    return Need("ask", "ambiguous", why, choices=choices)
