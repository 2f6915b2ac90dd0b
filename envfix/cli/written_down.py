"""How are a person's answers written down, so that no later run asks again: as comments in the env file, or as entries
of `.envfix.toml`?"""

import os
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from envfix.envfile import EnvDocument, encode
from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.planning import Made
from envfix.records import Edit, Patch, Reference
from envfix.rewriter import apply_edits, verify_comments


class WrittenAnswer(NamedTuple):
    """What was answered for an address: `keep`, or the service with its port (`word`)."""

    reference: Reference
    word: str


def clear(answers: Iterable[WrittenAnswer]) -> tuple[WrittenAnswer, ...]:
    """The answers that a comment can hold: it is about a whole line, so that its addresses must have the same one."""
    words: dict[tuple[str, int], dict[str, WrittenAnswer]] = {}
    for one in answers:
        words.setdefault((one.reference.path, one.reference.line), {})[one.word] = one
    alone = (next(iter(found.values())) for found in words.values() if len(found) == 1)
    return tuple(one for one in alone if one.word == "keep" or re.fullmatch(r"[\w.-]+:\d+", one.word))


def as_comments(
    made: Made, answers: Sequence[WrittenAnswer], earlier: Sequence[WrittenAnswer] = ()
) -> tuple[Made, dict[WrittenAnswer, str]]:
    """The plan with a comment above each binding that was answered, and the answers that no comment can hold, with the
    reason: it is about all of a value, and nobody who reads the file may read anything else because of it. `earlier`
    are answers that stand there already."""
    patches = {patch.path: patch for patch in made.plan.patches}
    left: dict[WrittenAnswer, str] = {}
    for path in dict.fromkeys(
        one.reference.path for one in (*earlier, *answers) if one.reference.path in made.documents
    ):
        document = made.documents[path]
        patch = patches.get(path) or Patch(path, encode(document.text), encode(document.text))
        there, here = ([one for one in given if one.reference.path == path] for given in (earlier, answers))
        words, asked = _by_line(document, there), _by_line(document, here)
        unclear = {at for at, found in asked.items() if len(found) > 1 or words.get(at, found) != found}
        words |= {at: found for at, found in asked.items() if at not in unclear}
        commented = _commented(document, patch, {at: found.pop() for at, found in words.items()})
        try:
            verify_comments(document, patch.after, commented.after, made.loaders[path])
        except EnvfixError as error:
            if there:
                raise
            left |= dict.fromkeys(here, error.message)
            continue
        patches[path] = commented
        left |= {one: "a comment is about all of a value" for one in here if _line_of(document, one) in unclear}
    return made._replace(plan=made.plan._replace(patches=tuple(patches.values()))), left


def _commented(document: EnvDocument, patch: Patch, words: Mapping[int, str]) -> Patch:
    """The patch with these words as comments above the lines at these offsets."""
    text = document.text
    end = "\r\n" if "\r\n" in text else "\n"
    edits = list(patch.edits)
    for at, word in words.items():
        begin = at or int(text.startswith("\ufeff"))
        edits.append(Edit(begin, begin, f"# envfix: {word}{end}"))
    return Patch(patch.path, patch.before, apply_edits(document, edits), tuple(sorted(edits)))


def _by_line(document: EnvDocument, answers: Iterable[WrittenAnswer]) -> dict[int, set[str]]:
    """What was answered, by the offset of the line above which the comment is to stand."""
    words: dict[int, set[str]] = {}
    for one in answers:
        words.setdefault(_line_of(document, one), set()).add(one.word)
    return words


def _line_of(document: EnvDocument, answer: WrittenAnswer) -> int:
    """The offset of the line on which the binding begins: an address may stand on a later line of its value."""
    starts = [binding.start for binding in document.bindings]
    begin = starts[bisect_right(starts, answer.reference.start) - 1]
    return document.text.rfind("\n", 0, begin) + 1


# The configuration.


def configuration_of(made: Made) -> str | None:
    """The `.envfix.toml` of the project, or where it would stand; None where a pyproject.toml holds the settings: that
    file is the person's own."""
    path = made.settings.path
    if path is None:
        return os.path.join(made.project.directory, ".envfix.toml")
    return path if os.path.basename(path) == ".envfix.toml" else None


def with_entries(text: str, answers: Iterable[WrittenAnswer]) -> str:
    """The text of a configuration with an entry for each answer. EnvfixError where it cannot be added there."""
    keep = [one.reference.variable for one in answers if one.word == "keep"]
    sent = {one.reference.variable: one.word for one in answers if one.word != "keep"}
    wanted = tomllib.loads(text)
    entries: list[tuple[str, str]] = []
    if keep:
        wanted["keep"] = list(dict.fromkeys((*keep, *wanted.get("keep", ()))))
        entries.append(("keep", ", ".join(f'"{name}"' for name in dict.fromkeys(keep))))
    if sent:
        wanted["map"] = {**wanted.get("map", {}), **sent}
        entries.append(("map", ", ".join(f'"{name}" = "{word}"' for name, word in sent.items())))
    for key, entry in entries:
        text = _entered(text, key, entry)
    if _same(text, wanted):
        return text
    lines = "; ".join(f"{key}: {entry}" for key, entry in entries)
    raise EnvfixError(f"the entry cannot be added to this .envfix.toml without a change of the rest: add it ({lines})")


def _entered(text: str, key: str, entry: str) -> str:
    """The entry first in the list or table that there is, else on a line of its own before all else."""
    end = "\r\n" if "\r\n" in text else "\n"
    there = re.search(rf"^[ \t]*{key}[ \t]*=[ \t]*[\[{{]", text, re.MULTILINE)
    header = re.search(rf"^[ \t]*\[{key}\][ \t]*(?:#[^\r\n]*)?(?=\r?$)", text, re.MULTILINE)
    if there:
        empty = re.match(r"\s*[\]}]", text[there.end() :]) is not None
        return f"{text[: there.end()]} {entry}{' ' if empty else ', '}{text[there.end() :].lstrip(' ')}"
    if header:
        return f"{text[: header.end()]}{end}{entry.replace(', ', end)}{text[header.end() :]}"
    line = f"keep = [{entry}]{end}" if key == "keep" else f"map = {{ {entry} }}{end}"
    return line + text


def _same(text: str, wanted: Mapping[str, Any]) -> bool:
    """Whether the text says what is wanted, in whatever order the names of `keep` stand."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return _sorted(found) == _sorted(wanted)


def _sorted(table: Mapping[str, Any]) -> dict[str, Any]:
    return {**table, "keep": sorted(table.get("keep", ()))}
