"""How are the failed connections of a log told to a person?"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import groupby

from envfix.engine import State
from envfix.logs import Blame
from envfix.report.terminal import Ink, wrapped
from envfix.report.wording import place
from envfix.shown import clean

_SAID = {
    "refused": ("connection refused by", "connection refused"),
    "unresolved": ("no address known for", "a name has no address"),
    "timeout": ("no answer from", "no answer"),
}


def render_text(blames: tuple[Blame, ...], cwd: str, colour: bool = False, columns: int = 0) -> str:
    """A block for each failed connection: whose, where to, in which line of the log; then what is to blame, and the
    repair. "" if there are none. Sentences are broken between words at `columns`, 0 for no terminal."""
    ink = Ink(colour)
    groups = groupby(blames, key=lambda one: (one.log_line, one.service, one.address, one.kind))
    return "\n".join("".join(f"{line}\n" for line in _block(tuple(group), cwd, ink, columns)) for _, group in groups)


def _block(blames: tuple[Blame, ...], cwd: str, ink: Ink, columns: int) -> Iterator[str]:
    first = blames[0]
    with_address, without = _SAID[first.kind]
    said = f"{with_address} {ink.wrong(clean(first.address))}" if first.address else without
    yield f"{ink.name(clean(first.service or 'a container'))}: {said}  {ink.dim(f'(log line {first.log_line})')}"
    for one in blames:
        if one.variable and one.path:
            yield f"  {place(one.path, one.line, cwd)} {ink.name(clean(one.variable))}{_change(one, ink)}"
        yield from wrapped(clean(one.explanation), columns or sys.maxsize, "    " if one.variable else "  ")


def _change(one: Blame, ink: Ink) -> str:
    if one.reference and one.replacement:
        return f"  {ink.wrong(clean(one.reference.address))} -> {ink.right(clean(one.replacement))}"
    if one.reference:
        return f"  {clean(one.reference.address)}"
    return f"  -> {ink.right(clean(one.replacement))}" if one.replacement else ""


def render_states(states: Iterable[State], colour: bool = False) -> str:
    """A line for each service that restarts, has ended with an error or is unhealthy; one line if all are well."""
    ink = Ink(colour)
    states = tuple(states)
    unwell = [state for state in states if state.is_unwell]
    lines = [f"{ink.name(clean(state.service))}: {ink.wrong(clean(_state(state)))}" for state in unwell]
    if states and not unwell:
        lines = [f"{len(states)} of {len(states)} services have a container that is up, or that ended well."]
    return "".join(f"{line}\n" for line in lines)


def _state(state: State) -> str:
    code = f" (exit code {state.exit_code})" if state.exit_code is not None else ""
    if state.health == "unhealthy":
        return f"{state.health}{code}" if state.state == "running" else f"{state.state}, {state.health}{code}"
    return f"{state.state}{code}"
