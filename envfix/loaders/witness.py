"""Does the program that loads this file see this address where it was found?

What must agree is the address, not the whole value. Where the program's own value ends before the address, a repair
would never be seen by it; where the two differ elsewhere in the value, that is something to say, and no question.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence

from envfix.envfile import Binding, EnvDocument
from envfix.loaders.grammar import LoaderReading, read
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.shown import enumerated

_UNKNOWN = "other loaders (which one reads the file is not known) each"


class Testimony(NamedTuple):
    """What the loaders make of an address. `why` is "" where all of them see it; else what is in the way and what to
    write instead. `warnings` say what they read otherwise without touching the address."""

    why: str = ""
    warnings: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return not self.why


def witness(
    document: EnvDocument, binding: Binding, spans: Sequence[tuple[int, int]], loaders: Iterable[Loader]
) -> Testimony:
    """What `loaders` see of the characters `text[start:end]` of each of `spans`, which lie in the value of `binding`
    as `document` has it. A loader that refuses the whole file decides nothing."""
    whys: dict[str, list[str]] = {}
    warnings: dict[str, None] = {}
    for loader in loaders:
        reading = read(document.text, loader)
        if reading.refusal is not None:
            warnings[
                f"{loader.title} refuses the whole file, for line {reading.refusal.line}: {reading.refusal.why}"
            ] = None
            continue
        seen = _at(reading, binding.start)
        trap = _trap(document, binding, seen)
        why = "" if trap else _in_the_way(document, binding, seen, spans, loader)
        if trap:
            warnings[f"{loader.title} {trap}"] = None
        elif why:
            whys.setdefault(why, []).append(loader.title)
        elif seen is not None:
            warnings.update(dict.fromkeys(_differences(document, binding, seen, loader)))
    if not whys:
        return Testimony("", tuple(warnings))
    why, titles = next(iter(whys.items()))
    return Testimony(f"{enumerated(titles, 3, _UNKNOWN)} {why}", tuple(warnings))


def _at(reading: LoaderReading, offset: int) -> Binding | None:
    """The statement in which the offset lies to the loader: the last that begins at or before it."""
    number = bisect_right(reading.bindings, offset, key=lambda binding: binding.start) - 1
    return reading.bindings[number] if number >= 0 else None


def _trap(document: EnvDocument, binding: Binding, seen: Binding | None) -> str:
    """What hides the whole line from the loader without being a part of it, "" where nothing does: the change is right,
    and will count once that is mended."""
    marked = document.text.startswith("\ufeff")
    if marked and binding.start == 1 and (seen is None or seen.name != binding.name):
        return "takes the byte-order mark at the file's beginning as a part of this name: save the file without one"
    if seen is not None and not seen.quote and seen.start < binding.start <= seen.value_end:
        return (
            f"takes this line as the value of {seen.name} (line {seen.line}), whose own is blank: remove the blanks "
            f"behind its ="
        )
    return ""


def _in_the_way(
    document: EnvDocument,
    binding: Binding,
    seen: Binding | None,
    spans: Sequence[tuple[int, int]],
    loader: Loader,
) -> str:
    """Why the loader does not see the address in the variable's value, "" where it does."""
    if seen is None or seen.start != binding.start or seen.name != binding.name:
        if seen is not None and seen.start < binding.start <= seen.value_end:
            return f"takes this line as a part of the value of {seen.name} (line {seen.line}): close its quote"
        return f'reads no variable here: write {binding.name}="..." on a line of its own'
    if all(seen.value_start <= start and end <= seen.value_end for start, end in spans):
        if _is_replaced(document, seen, spans, loader) != _is_replaced_by_compose(document, binding, spans):
            return "replaces variables in this value otherwise than Docker Compose, at the address itself: write it out"
        return ""
    if "#" in document.text[seen.value_end : spans[0][0]]:
        return (
            "takes the unquoted # as the beginning of a comment, so its value ends before the address, and a change "
            "would never be seen: put the value in quotes"
        )
    return "ends the value before the address, so a change would never be seen: put the value in quotes"


def _is_replaced(document: EnvDocument, seen: Binding, spans: Sequence[tuple[int, int]], loader: Loader) -> bool:
    replaced = loader.dollar != "none" and (loader.single or seen.quote != "'")
    return replaced and _has_variable(document, spans, braces=loader.dollar == "braces")


def _is_replaced_by_compose(document: EnvDocument, binding: Binding, spans: Sequence[tuple[int, int]]) -> bool:
    return binding.quote != "'" and not document.raw and _has_variable(document, spans, braces=False)


def _has_variable(document: EnvDocument, spans: Sequence[tuple[int, int]], *, braces: bool) -> bool:
    """Whether a variable makes up a part of the address: right behind it, a colon between them or not."""
    marks = ("${", ":${") if braces else ("$", ":$")
    return any(document.text.startswith(marks, end) for _, end in spans)


def _differences(document: EnvDocument, binding: Binding, seen: Binding, loader: Loader) -> Iterable[str]:
    """What the loader reads otherwise than the grammar that decided, beside the address."""
    own = document.text[binding.value_start : binding.value_end]
    if document.text[seen.value_start : seen.value_end] != own:
        yield f"{loader.title} reads another value here than Docker Compose does, but the same address"
