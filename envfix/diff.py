"""What does a change look like: to a person, with every secret masked, or as a patch that git and patch(1) take?

A line is what ends in `\\n`, as git has it; whatever else stands in it (`\\r`, form feeds, bytes that are no UTF-8) is
a part of the line.
"""

import os
import re
from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import NamedTuple

from envfix.patterns import regex
from envfix.records import Patch
from envfix.shown import MASK, clean, mask_value

CONTEXT = 3
_BOLD, _CYAN, _RED, _GREEN, _RESET = "\033[1m", "\033[36m", "\033[31m", "\033[32m", "\033[0m"
_COLOURS = {"@": _CYAN, "-": _RED, "+": _GREEN}
_NO_NEWLINE = "\\ No newline at end of file"
# More changed lines than this are not matched to one another: difflib takes time in their square.
_MOST_MATCHED = 2000


def unified_diff(patch: Patch, show_secrets: bool = False, colour: bool = False) -> str:
    """The change of one file as a unified diff, "" if there is none.

    By default for a person: changed lines only, without context, nothing shown of them but names and the addresses that
    change; a comment behind a value is `# ***`. With `show_secrets` a patch with three lines of context, which
    `git apply` and `patch -p1` take when it is encoded as UTF-8 with surrogate escapes. Paths are relative to the
    current folder. `colour` adds the escapes of a terminal.
    """
    if patch.before == patch.after:
        return ""
    before, after = (data.decode("utf-8", "surrogateescape") for data in (patch.before, patch.after))
    old, new = _lines(before), _lines(after)
    blocks = _changed(old, new)
    path = _relative(patch.path)
    shown = _patch(path, old, new, blocks) if show_secrets else _preview(path, old, new, blocks)
    return "".join(f"{line}\n" for line in (map(_coloured, shown) if colour else shown))


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
    if len(old) == len(new):  # so it is for every change of an address
        differ = (index for index in range(len(old)) if old[index] != new[index])
        runs = (list(run) for _, run in groupby(enumerate(differ), lambda item: item[1] - item[0]))
        return [_Block(run[0][1], run[-1][1] + 1, run[0][1], run[-1][1] + 1) for run in runs]
    return _matched(old, new)


def _matched(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    shorter = min(len(old), len(new))
    head = next((index for index in range(shorter) if old[index] != new[index]), shorter)
    tail = next((index for index in range(shorter - head) if old[-1 - index] != new[-1 - index]), shorter - head)
    i2, j2 = len(old) - tail, len(new) - tail
    if max(i2, j2) - head > _MOST_MATCHED:
        return [_Block(head, i2, head, j2)]
    from difflib import SequenceMatcher

    opcodes = SequenceMatcher(None, old[head:i2], new[head:j2], autojunk=False).get_opcodes()
    return [_Block(*(place + head for place in code[1:])) for code in opcodes if code[0] != "equal"]


def _relative(path: str) -> str:
    try:
        relative = os.path.relpath(path)
    except ValueError:  # another drive of Windows
        relative = path
    return relative.replace(os.sep, "/")


def _coloured(line: str) -> str:
    colour = _BOLD if line.startswith(("--- ", "+++ ")) else _COLOURS.get(line[:1])
    return f"{colour}{line}{_RESET}" if colour else line


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
_TOKEN = regex(r"%(?:25)*(?:2[Ff]|3[Aa]|40)|\[[0-9A-Fa-f:.]+\]|\w[\w.\-]*|.", re.DOTALL)
_LOOPBACK = regex(
    r"(?:localhost|127(?:\.[0-9]{1,3}){3}|0\.0\.0\.0|host\.docker\.internal|\[[0-9a-f:.]+\]|::1?)\.?(?:(?::|%(?:25)*3A)[0-9]{1,5})?",
    re.IGNORECASE,
)
_NAMED = regex(r"\w[\w.\-]{0,252}(?:(?::|%(?:25)*3[Aa])[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](?::[0-9]{1,5})?|::1?")
_NUMBER = regex(r"[0-9]{1,5}")
_ADDED_PORT = regex(r"(?::[0-9]{1,5})?")
_PORT_BEHIND = regex(r"(?::|%(?:25)*3[Aa])[0-9]{1,5}(?![\w@])|,[0-9]{1,5}(?=[;\"'\s]|\Z)")
_HOST_BEFORE = regex(r"(?:^|(?<=[@/\s,;\"'=(\[{]))\w[\w.\-]{0,252}:$")
_STOPS = "@/ =,;"
_FARTHEST = 6
_LONGEST = 1_000_000

Spans = list[tuple[int, int]]


def _preview(path: str, old: Sequence[str], new: Sequence[str], blocks: Sequence[_Block]) -> Iterator[str]:
    yield f"--- {clean(f'a/{path}')}"
    yield f"+++ {clean(f'b/{path}')}"
    inside = _inside_quotes(old)
    for block in blocks:
        yield f"@@ -{_range(block.i1, block.i2)} +{_range(block.j1, block.j2)} @@"
        removed = [_text(line) for line in old[block.i1 : block.i2]]
        added = [_text(line) for line in new[block.j1 : block.j2]]
        spans = (
            [_differences(*pair) for pair in zip(removed, added, strict=False)] if len(removed) == len(added) else []
        )
        for sign, lines, side in (("-", removed, 0), ("+", added, 1)):
            for index, line in enumerate(lines):
                keep = spans[index][side] if spans else []
                yield sign + _masked(line, keep, continued=block.i1 + index in inside or not spans)


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


def _differences(before: str, after: str) -> tuple[Spans, Spans]:
    """The spans of the addresses in which two lines differ; none at all where anything else seems to differ."""
    runs = _runs(before, after)
    if runs is None:
        return [], []
    return (
        [_whole_address(before, start, end) for start, end, _, _ in runs],
        [_whole_address(after, start, end) for _, _, start, end in runs],
    )


def _is_change(old: str, new: str) -> bool:
    """An address that became another one, or a port that became another one."""
    if _NUMBER.fullmatch(old) and _NUMBER.fullmatch(new):
        return True
    if not old or not new:
        return bool(_ADDED_PORT.fullmatch(old + new))
    pairs = ((old, new), (new, old))
    return any(_LOOPBACK.fullmatch(one) and _NAMED.fullmatch(other) for one, other in pairs)


def _whole_address(line: str, start: int, end: int) -> tuple[int, int]:
    """The span with the port behind a host, or the host before a port, that did not change."""
    if behind := _PORT_BEHIND.match(line, end):
        return start, behind.end()
    if line[start : start + 1].isdigit() or line[start : start + 1] in ("", ":"):
        window = max(0, start - 256)
        colon = start + (line[start : start + 1] == ":")
        if host := _HOST_BEFORE.search(line[window:colon]):
            return window + host.start(), end
    return start, end


def _runs(before: str, after: str) -> list[tuple[int, int, int, int]] | None:
    """Where two lines differ, as runs of tokens, every one an address or a port that became another; else None."""
    head, tail = _alike(before, after)
    if max(len(before), len(after)) - head - tail > _LONGEST:
        return None
    old = [match.span() for match in _TOKEN.finditer(before, head, len(before) - tail)]
    new = [match.span() for match in _TOKEN.finditer(after, head, len(after) - tail)]
    old.append((len(before) - tail,) * 2)
    new.append((len(after) - tail,) * 2)
    runs = []
    i = j = 0
    while i < len(old) - 1 or j < len(new) - 1:
        if before[slice(*old[i])] == after[slice(*new[j])]:
            i, j = i + 1, j + 1
            continue
        skip = _skip(before, after, old[i : i + _FARTHEST + 2], new[j : j + _FARTHEST + 2])
        if skip is None:
            return None
        to_i, to_j = i + skip[0], j + skip[1]
        runs.append((old[i][0], old[to_i][0], new[j][0], new[to_j][0]))
        i, j = to_i, to_j
    return runs


def _skip(before: str, after: str, old: Spans, new: Spans) -> tuple[int, int] | None:
    """How many tokens of each line are a change, so that the next two (or the next one) are alike again."""
    one = [before[start:end] for start, end in old]
    other = [after[start:end] for start, end in new]
    steps = [(i, total - i) for total in range(1, 2 * _FARTHEST + 1) for i in range(total + 1)]
    for alike, (i, j) in product((2, 1), steps):
        resumed = i < len(one) and j < len(other) and one[i : i + alike] == other[j : j + alike]
        if resumed and _is_change("".join(one[:i]), "".join(other[:j])):
            return i, j
    return None


def _alike(before: str, after: str) -> tuple[int, int]:
    """How much of two lines is alike at their beginnings and at their ends, in whole words."""
    head = _common(before, after)
    head = max(before.rfind(stop, 0, head) for stop in _STOPS) + 1
    tail = min(_common(before[::-1], after[::-1]), min(len(before), len(after)) - head)
    starts = [start for stop in _STOPS if (start := before.find(stop, len(before) - tail)) >= 0]
    return head, len(before) - min(starts, default=len(before))


def _common(one: str, other: str) -> int:
    """The length of the longest common beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
