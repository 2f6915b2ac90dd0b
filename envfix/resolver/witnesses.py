"""Do the programs that load the file for themselves see what is about to be changed?

Docker Compose's grammar decides what stands in an env file; a program that a mount or its image shows the file reads it
with its own loader. A change that such a reader would never see is asked about, with what to write instead; what it
reads otherwise beside the address is a warning. Who does not read the file decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from envfix.envfile import Binding, EnvDocument
from envfix.interpolation import variables
from envfix.loaders.table import Loader
from envfix.project.uses import Reading
from envfix.records import Notice
from envfix.resolver.rewrite import Decided, place_key, unsettled
from envfix.shown import listed

if TYPE_CHECKING:
    from envfix.loaders.witness import Testimony

_BY_ITSELF = frozenset({"mount", "image", "configured"})


def witnessed(decided: list[Decided], reading: Reading) -> tuple[list[Decided], tuple[Notice, ...]]:
    """The decisions, those turned into asks whose change a reader would not see, and the warnings about the lines that
    are to be changed."""
    unseen: dict[tuple[str, int, int], str] = {}
    warnings: dict[Notice, None] = {}
    unset: dict[tuple[str, int], str] = {}  # by the place of a binding, whose value may hold thousands of addresses
    for one in decided:
        if not one.reference.edits:
            continue
        document = reading.documents[one.path]
        binding = document.bindings[one.number]
        verdict = _verdict(one, reading, document, binding)
        if verdict is not None and verdict.why:
            not_followed = "what was said of it is not followed: " if one.reference.reason == "pinned" else ""
            unseen[place_key(one)] = not_followed + verdict.why
            continue
        heard = verdict.warnings if verdict is not None else ()
        for message in (*heard, *_of_the_line(one, reading, document, binding, unset)):
            warnings[Notice(document.path, binding.line, message)] = None
    return unsettled(decided, "ambiguous", unseen), tuple(warnings)


def _verdict(one: Decided, reading: Reading, document: EnvDocument, binding: Binding) -> Testimony | None:
    """What the loaders of programs that read the file for themselves make of the address; None where there are none."""
    loaders = dict.fromkeys(loader for service in _loading(one) for loader in reading.loaders(service, one.path))
    if not loaders:
        return None
    from envfix.loaders.witness import witness

    span = (one.reference.start, one.reference.end)
    found = witness(document, binding, [span], loaders)
    if not found.why:
        return found
    services = listed(_loading(one))
    return found._replace(why=f"{services} {_loads(_loading(one))} this file with a loader of its own: {found.why}")


def _loads(services: list[str]) -> str:
    return "loads" if len(services) == 1 else "load"


def _loading(one: Decided) -> list[str]:
    """The services that get the variable by loading the file for themselves."""
    found = (need.found.use for need in one.needs if need.found.use.way in _BY_ITSELF)
    return sorted({service for use in found for service in use.services})


def _of_the_line(
    one: Decided, reading: Reading, document: EnvDocument, binding: Binding, known: dict[tuple[str, int], str]
) -> Iterator[str]:
    """What of the line itself is a trap, whoever reads it; `known` keeps the variables that nothing sets."""
    if document.raw:
        text = document.text[binding.value_start : binding.value_end]
        if len(text) > 1 and text[0] in "'\"" and text[0] == text[-1]:
            yield "format: raw keeps the quotes as a part of the value: remove them"
        return
    if binding.value is None or "$" not in binding.value or not _replaces(one, reading, binding):
        return
    key = one.path, one.number
    if key not in known:
        known[key] = _unset(one, reading, binding.value)
    if known[key]:
        yield (
            f"${known[key]} in this value is not set, so nothing stands in its place: if the dollar belongs to the "
            "value, put the value in single quotes"
        )


def _unset(one: Decided, reading: Reading, value: str) -> str:
    """The first variable of the value that nothing sets, "" where there is none."""
    places, contexts = reading.texts.places(one.path), reading.project.contexts

    def is_set(name: str) -> bool:
        above = name in places and places[name][0] < one.number
        return above or any(name in context.variables for context in contexts)

    return next((name for name in variables(value) if not is_set(name)), "")


def _replaces(one: Decided, reading: Reading, binding: Binding) -> bool:
    """Whether a reader of the value replaces its variables."""
    if any(need.found.use.way not in _BY_ITSELF for need in one.needs):
        return binding.quote != "'"
    loading = (loader for service in _loading(one) for loader in reading.loaders(service, one.path))
    return any(_expands(loader, binding) for loader in loading)


def _expands(loader: Loader, binding: Binding) -> bool:
    return loader.dollar == "all" and (loader.single or binding.quote != "'")
