"""What does a change look like: to a person, with every secret masked, or as a patch that git and patch(1) take?

A line is what ends in `\\n`, as git has it; whatever else stands in it (`\\r`, form feeds, bytes that are no UTF-8) is
a part of the line.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import Protocol

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shown import MASK, clean, mask_value

CONTEXT = 3
Edit = tuple[int, int, str]
"""Start and end of what is replaced, and what by."""


class Changed(Protocol):
    """A file before and after: a `Patch`."""

    @property
    def path(self) -> str: ...
    @property
    def before(self) -> bytes: ...
    @property
    def after(self) -> bytes: ...
    @property
    def edits(self) -> Sequence[Edit]: ...


_BOLD, _CYAN, _RED, _GREEN, _RESET = "\033[1m", "\033[36m", "\033[31m", "\033[32m", "\033[0m"
_COLOURS = {"@": _CYAN, "-": _RED, "+": _GREEN}
_NO_NEWLINE = "\\ No newline at end of file"


def unified_diff(patch: Changed, show_secrets: bool = False, colour: bool = False, base: str | None = None) -> str:
    """The change of one file as a unified diff, "" if there is none.

    By default for a person: changed lines only, without context, nothing shown of them but names and the addresses that
    change; a comment behind a value is `# ***`. With `show_secrets` a patch with three lines of context, which
    `git apply` and `patch -p1` take when it is encoded as UTF-8 with surrogate escapes. Paths are relative to the
    folder `base`, the current one if it is None. `colour` adds the escapes of a terminal, and spells out all that the
    file itself has of them.
    """
    if patch.before == patch.after:
        return ""
    before, after = (data.decode("utf-8", "surrogateescape") for data in (patch.before, patch.after))
    old, new = _lines(before), _lines(after)
    blocks = _changed(old, new)
    path = _relative(patch.path, base)
    shown = _patch(path, old, new, blocks) if show_secrets else _preview(path, old, new, blocks, patch.edits)
    return "".join(f"{line}\n" for line in (_coloured(shown) if colour else shown))


class ChangedLine(NamedTuple):
    """A line of a file before and after its change, secrets masked; `line` counts from 1."""

    line: int
    before: str
    after: str


def changed_lines(patch: Changed) -> tuple[ChangedLine, ...]:
    """The changed lines of a file, for a person; empty where the change adds or takes away lines."""
    old, new = (_lines(data.decode("utf-8", "surrogateescape")) for data in (patch.before, patch.after))
    if len(old) != len(new):
        return ()
    return tuple(
        ChangedLine(line, before, after)
        for block, *sides in _masked_blocks(old, new, _changed(old, new), patch.edits)
        for line, (before, after) in enumerate(zip(*sides, strict=True), start=block.i1 + 1)
    )


_ESCAPES = {0x22: '\\"', 0x5C: "\\\\", 0x09: "\\t", 0x0A: "\\n", 0x0D: "\\r"}


class _Block(NamedTuple):
    """Lines `old[i1:i2]` that `new[j1:j2]` replace."""

    i1: int
    i2: int
    j1: int
    j2: int


def _lines(text: str) -> list[str]:
    """The lines of `text` without their `\\n`; where the last one has none, _NO_NEWLINE follows it in a patch."""
    lines = text.split("\n")
    if lines[-1]:
        lines[-1] = f"{lines[-1]}\n{_NO_NEWLINE}"
        return lines
    return lines[:-1]


def _changed(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """The lines that differ. A change of an address leaves their number as it is; else all that is not alike at the
    ends is one block."""
    if len(old) == len(new):
        differ = (index for index in range(len(old)) if old[index] != new[index])
        runs = (list(run) for _, run in groupby(enumerate(differ), lambda item: item[1] - item[0]))
        return [_Block(run[0][1], run[-1][1] + 1, run[0][1], run[-1][1] + 1) for run in runs]
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    tail = next((index for index in range(shorter - head) if old[-1 - index] != new[-1 - index]), shorter - head)
    return [_Block(head, len(old) - tail, head, len(new) - tail)]


def _relative(path: str, base: str | None) -> str:
    try:
        relative = os.path.relpath(path, base)
    except ValueError:  # another drive of Windows
        relative = path
    return relative.replace(os.sep, "/")


def _coloured(lines: Iterable[str]) -> Iterator[str]:
    for line in (clean(one) for several in lines for one in several.split("\n")):
        colour = _BOLD if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[:1])
        yield f"{colour}{line}{_RESET}" if colour else line


def _range(start: int, stop: int) -> str:
    """`start,count` of a hunk's header: lines from 1, a count of one left out, an empty range after its line."""
    count = stop - start
    return f"{start + 1}" if count == 1 else f"{start + bool(count)},{count}"


# For git and patch(1).


def _patch(path: str, old: Sequence[str], new: Sequence[str], blocks: Sequence[_Block]) -> Iterator[str]:
    yield f"--- {_quoted(f'a/{path}')}"
    yield f"+++ {_quoted(f'b/{path}')}"
    for hunk in _hunks(blocks):
        first, last = hunk[0], hunk[-1]
        before, behind = min(CONTEXT, first.i1), min(CONTEXT, len(old) - last.i2)
        old_range = _range(first.i1 - before, last.i2 + behind)
        new_range = _range(first.j1 - before, last.j2 + behind)
        yield f"@@ -{old_range} +{new_range} @@"
        at = first.i1 - before
        for block in hunk:
            yield from (f" {line}" for line in old[at : block.i1])
            yield from (f"-{line}" for line in old[block.i1 : block.i2])
            yield from (f"+{line}" for line in new[block.j1 : block.j2])
            at = block.i2
        yield from (f" {line}" for line in old[at : at + behind])


def _hunks(blocks: Sequence[_Block]) -> Iterator[list[_Block]]:
    """Blocks whose contexts touch are one hunk."""
    hunk: list[_Block] = []
    for block in blocks:
        if hunk and block.i1 - hunk[-1].i2 > 2 * CONTEXT:
            yield hunk
            hunk = []
        hunk.append(block)
    if hunk:
        yield hunk


def _quoted(name: str) -> str:
    """A name as git writes it: in quotes with octal escapes where it is odd, a tab behind it where it has a blank."""
    data = name.encode("utf-8", "surrogateescape")
    if all(0x20 <= byte < 0x7F and byte not in b'"\\' for byte in data):
        return f"{name}\t" if " " in name else name
    return '"' + "".join(_ESCAPES.get(byte) or _octal(byte) for byte in data) + '"'


def _octal(byte: int) -> str:
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


# For a person.

_STATEMENT = regex(
    r"(?P<indent>\ufeff?[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?)"
    r"(?:(?P<wrap>[\"']?)(?P<name>[A-Za-z_][\w.\-]{0,127})(?P<equals>[ \t]*(?:=|:(?=\s))[ \t]*))?(?P<quote>[\"']?)"
)
_COMMENT = regex(r"\s#")

Spans = list[tuple[int, int]]


def _preview(
    path: str, old: Sequence[str], new: Sequence[str], blocks: Sequence[_Block], edits: Iterable[Edit]
) -> Iterator[str]:
    yield f"--- {clean(f'a/{path}')}"
    yield f"+++ {clean(f'b/{path}')}"
    for block, before, after in _masked_blocks(old, new, blocks, edits):
        yield f"@@ -{_range(block.i1, block.i2)} +{_range(block.j1, block.j2)} @@"
        yield from (f"-{line}" for line in before)
        yield from (f"+{line}" for line in after)


def _masked_blocks(
    old: Sequence[str], new: Sequence[str], blocks: Iterable[_Block], edits: Iterable[Edit]
) -> Iterator[tuple[_Block, list[str], list[str]]]:
    """Each block with its lines before and after, secrets masked. Of lines that none corresponds to, nothing is shown
    but addresses."""
    inside, spans = _inside_quotes(old), _spans(old, edits)
    for block in blocks:
        alike = block.i2 - block.i1 == block.j2 - block.j1

        def masked(line: str, index: int, side: int, alike: bool = alike) -> str:
            keep = spans.get(index, ([], []))[side] if alike else []
            return _masked(_text(line), keep, continued=index in inside or not alike)

        before = [masked(line, index, 0) for index, line in enumerate(old[block.i1 : block.i2], start=block.i1)]
        after = [masked(line, index, 1) for index, line in enumerate(new[block.j1 : block.j2], start=block.j1)]
        yield block, before, after


def _spans(old: Sequence[str], edits: Iterable[Edit]) -> dict[int, tuple[Spans, Spans]]:
    """What the edits replace, and what stands there then, by line."""
    starts = list(accumulate((len(line) + 1 for line in old), initial=0))
    found: dict[int, tuple[Spans, Spans]] = {}
    shifts: dict[int, int] = {}
    for first, last, text in sorted(edits):
        index = bisect_right(starts, first) - 1
        start, end = first - starts[index], last - starts[index]
        before, after = found.setdefault(index, ([], []))
        shift = shifts.get(index, 0)
        before.append((start, end))
        after.append((start + shift, start + shift + len(text)))
        shifts[index] = shift + len(text) - (end - start)
    return found


def _text(line: str) -> str:
    return line.removesuffix(f"\n{_NO_NEWLINE}").rstrip("\r")


def _inside_quotes(lines: Sequence[str]) -> set[int]:
    """The lines that begin inside a quoted value: what looks like a name there is none."""
    inside: set[int] = set()
    open_quote = ""
    for index, line in enumerate(lines):
        start = 0
        if open_quote:
            inside.add(index)
        else:
            statement = _STATEMENT.match(line)
            if statement and statement["name"]:
                open_quote = statement["quote"] or statement["wrap"]
                start = statement.end()
        if open_quote and re.compile(rf"(?:[^\\{open_quote}]|\\.)*+{open_quote}", re.DOTALL).match(line, start):
            open_quote = ""
    return inside


def _masked(line: str, keep: Spans, *, continued: bool) -> str:
    statement = None if continued else _STATEMENT.match(line)
    begin = statement.end() if statement else 0
    keep = [(start - begin, end - begin) for start, end in keep if start >= begin]
    value = line[begin:]
    comment = _COMMENT.search(value, keep[-1][1] if keep else 0)
    if comment:
        value = value[: comment.start()].rstrip()
    quote = (statement["quote"] or statement["wrap"] or "") if statement else ""
    closing = quote if quote and value.endswith(quote) else ""
    shown = mask_value(value.removesuffix(closing) if closing else value, keep)
    name = clean(line[:begin].lstrip("\ufeff").replace("\t", " ")) if statement else ""
    return f"{name}{shown}{closing}{f' # {MASK}' if comment else ''}"
