"""What are the new bytes of an env file, and is that really all that changes?

Witnesses answer for a change before it is written: the grammar in which the file was read (Compose's own, or that of
the program that loads it), and the loader of each program that reads it for itself, python-dotenv where none is known.
They read some lines differently, so each is asked on its own terms: the same names in the same order as before, and no
other value than intended.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from io import StringIO
from typing import TYPE_CHECKING

from envfix.compose.sources import Sources
from envfix.compose.yaml import parse
from envfix.envfile import Binding, EnvDocument, encode, line, parse_env, parse_raw
from envfix.errors import EnvfixError
from envfix.loaders.table import LOADERS, Loader
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.records import Edit, Patch, Reference

if TYPE_CHECKING:
    from envfix.loaders.grammar import LoaderReading

# python-dotenv needs time in the square of a run of blanks, and some 150 bytes of memory for each quoted character.
_MAX_BLANK_SQUARES = 10**8
_MAX_QUOTED = 1 << 20


def patches(
    references: Iterable[Reference],
    documents: Mapping[str, EnvDocument],
    loaders: Mapping[str, tuple[Loader, ...]],
    compose: Sources | None,
) -> tuple[Patch, ...]:
    """What the references change, a patch for each file; compose files too where their `compose` sources are given.
    Raises EnvfixError as `apply_edits` and `verify` do."""
    edits = _edits(references)
    found = [_patch(documents[path], edits[path], loaders[path]) for path in documents if path in edits]
    if compose is not None:
        found += [_compose_patch(compose, path, edits[path]) for path in edits if path not in documents]
    return tuple(patch for patch in found if patch.before != patch.after)


def _edits(references: Iterable[Reference]) -> dict[str, list[Edit]]:
    """What the references change, by file, in the order of the text."""
    edits: dict[str, set[Edit]] = {}
    for one in references:
        edits.setdefault(one.path, set()).update(one.edits)
    return {path: sorted(wanted) for path, wanted in edits.items() if wanted}


def _patch(document: EnvDocument, edits: list[Edit], loaders: tuple[Loader, ...]) -> Patch:
    after = apply_edits(document, edits)
    verify(document, after, edits, loaders)
    return Patch(document.path, encode(document.text), after, tuple(edits))


def _compose_patch(sources: Sources, path: str, edits: list[Edit]) -> Patch:
    before = sources.data(path)
    after = apply_edits(EnvDocument(path, before.decode("utf-8"), ()), edits)
    parse(after.decode("utf-8").removeprefix("\ufeff"), path)
    return Patch(path, before, after, tuple(edits))


def apply_edits(document: EnvDocument, edits: Sequence[Edit]) -> bytes:
    """The document's bytes with every edit made, all others as they were. Raises EnvfixError where two edits overlap
    (also where both insert at one place) or one leaves the text."""
    parts: list[str] = []
    at = 0
    previous: Edit | None = None
    for edit in sorted(edits):
        fits = 0 <= edit.start <= edit.end <= len(document.text)
        if not fits or edit.start < at or (previous and edit.start == previous.start):
            number = line(document.text, min(max(edit.start, 0), len(document.text)))
            raise EnvfixError(
                "two changes overlap, so none is made: change the line by hand", path=document.path, line=number
            )
        parts += (document.text[at : edit.start], edit.text)
        at, previous = edit.end, edit
    parts.append(document.text[at:])
    return encode("".join(parts))


def verify(
    document: EnvDocument, after: bytes, edits: Sequence[Edit], loaders: Collection[Loader] | None = None
) -> None:
    """Whether `after` is `document` with `edits` made and nothing else, to the grammar that it was read in and to the
    `loaders` of the programs that read it; None: no one knows which, so python-dotenv stands for them.

    Raises EnvfixError where one of them would see other names, another order or other values than intended, or where
    `after` is not what the edits say.
    """
    if after != apply_edits(document, edits):
        raise _unintended(document, None, "the new content is not what the changes make of it")
    intended = _intended(document, edits)
    try:
        again = _read_again(document, after)
    except EnvfixError as error:
        raise _unintended(document, error.line, "Docker Compose would refuse the new content") from None
    _check_compose(document, again, intended)
    for loader in loaders or ():
        _check_loader(document, again.text, loader, edits)
    if _is_for_python(loaders):
        _check_dotenv(document, sorted(edits), intended)


def verify_comments(
    document: EnvDocument, before: bytes, after: bytes, loaders: Collection[Loader] | None = None
) -> None:
    """Whether `after`, which is `before` with lines of comment added, reads as `before` does to all whom `verify` asks.

    Raises EnvfixError, without the way out, where one of them would see other names, another order or other values.
    Either is what `document` has become.
    """
    try:
        again = [_read_again(document, data) for data in (before, after)]
    except EnvfixError as error:
        raise EnvfixError(f"Docker Compose would refuse {_COMMENTED}", path=document.path, line=error.line) from None
    if _values(again[0].bindings) != _values(again[1].bindings):
        raise EnvfixError(f"Docker Compose would read other values {_COMMENTED}", path=document.path)
    for loader in loaders or ():
        old, new = (_loaded(one.text, loader) for one in again)
        if _values(old.bindings) != _values(new.bindings) or (old.refusal is None) != (new.refusal is None):
            raise EnvfixError(f"{loader.title} would read other values {_COMMENTED}", path=document.path)
    if _is_for_python(loaders):
        seen = [_dotenv(one.text) for one in again]
        told = [[(one.key, one.value) for one in found or () if one.key is not None or one.error] for found in seen]
        if None in seen or told[0] != told[1]:
            raise EnvfixError(f"python-dotenv would read other values {_COMMENTED}", path=document.path)


_COMMENTED = "with a comment above it"


def _is_for_python(loaders: Collection[Loader] | None) -> bool:
    """Whether python-dotenv is one of the loaders, or stands for those that no one knows."""
    return loaders is None or any(loader.name == "python-dotenv" for loader in loaders)


def _values(bindings: Sequence[Binding]) -> list[tuple[str, str | None]]:
    return [(binding.name, binding.value) for binding in bindings]


def _read_again(document: EnvDocument, after: bytes) -> EnvDocument:
    if document.loader:
        from envfix.loaders.grammar import parse

        return parse(after, document.path, LOADERS[document.loader])
    return (parse_raw if document.raw else parse_env)(after, document.path)


def _loaded(text: str, loader: Loader) -> "LoaderReading":
    from envfix.loaders.grammar import read  # only for a file that a program loads for itself

    return read(text, loader)


def _check_loader(document: EnvDocument, after: str, loader: Loader, edits: Sequence[Edit]) -> None:
    """The loader takes each value from where it took it, with the edits that lie in it made."""
    before, now = _loaded(document.text, loader), _loaded(after, loader)
    ordered = sorted(edits)
    starts = [edit.start for edit in ordered]
    if [one.name for one in before.bindings] != [one.name for one in now.bindings]:
        raise _unintended(document, None, f"{loader.title} would read other variables than before")
    for old, new in zip(before.bindings, now.bindings, strict=True):
        inside = ordered[bisect_left(starts, old.value_start) : bisect_right(starts, old.value_end)]
        kept = [edit for edit in inside if edit.end <= old.value_end]
        if new.value != _spliced(document.text, old.value_start, old.value_end, kept):
            raise _unintended(document, old.line, f"{loader.title} would read another value than intended")


class _Seen(NamedTuple):
    """A statement as python-dotenv sees it; `start` is where it begins in the document's text, blank lines before it
    included."""

    start: int
    end: int
    key: str | None
    value: str | None
    error: bool


def _intended(document: EnvDocument, edits: Sequence[Edit]) -> dict[int, str]:
    """The value that each changed binding is to have, by the binding's number."""
    starts = [binding.value_start for binding in document.bindings]
    pieces: dict[int, list[str]] = {}
    reached: dict[int, int] = {}
    for edit in sorted(edits):
        number = bisect_right(starts, edit.start) - 1
        binding = document.bindings[number] if number >= 0 else None
        first, last = (binding.index_of(edit.start), binding.index_of(edit.end)) if binding else (None, None)
        if binding is None or binding.value is None or first is None or last is None:
            raise _unintended(document, line(document.text, edit.start), "the change does not lie within one value")
        pieces.setdefault(number, []).extend((binding.value[reached.get(number, 0) : first], edit.text))
        reached[number] = last
    return {
        number: "".join(parts) + (document.bindings[number].value or "")[reached[number] :]
        for number, parts in pieces.items()
    }


def _check_compose(before: EnvDocument, after: EnvDocument, intended: dict[int, str]) -> None:
    if len(before.bindings) != len(after.bindings):
        raise _unintended(before, None, "Docker Compose would read other variables than before")
    for number, (old, new) in enumerate(zip(before.bindings, after.bindings, strict=True)):
        same_place = (old.name, old.line, old.quote) == (new.name, new.line, new.quote)
        if not same_place or new.value != intended.get(number, old.value):
            raise _unintended(before, old.line, f"Docker Compose would read another value of {old.name} than intended")


def _check_dotenv(before: EnvDocument, edits: Sequence[Edit], intended: dict[int, str]) -> None:
    """Each statement that the edits touch, asked again. python-dotenv reads statement by statement and remembers
    nothing of those before, so where the changed one still ends where it did, all others are read as they were."""
    touched: dict[_Seen, list[Edit]] = {}
    for edit in edits:
        old = _dotenv_around(before.text, edit.start)
        if old is None:
            raise EnvfixError(
                "its values are too long to be checked by python-dotenv: edit the file by hand", path=before.path
            )
        touched.setdefault(old, []).append(edit)
    expected = {_dotenv_around(before.text, before.bindings[number].start): number for number in intended}
    for old, inside in touched.items():
        again = _statements(_spliced(before.text, old.start, old.end, inside))
        if inside[-1].end > old.end or [(new.key, new.error) for new in again] != [(old.key, old.error)]:
            number = line(before.text, old.start)
            raise _unintended(before, number, "python-dotenv would read other variables than before")
        binding = before.bindings[expected[old]] if old in expected else None
        agreed = binding is not None and (old.key, old.value) == (binding.name, binding.value)
        if agreed and again[0].value != intended[expected[old]]:
            number = line(before.text, old.start)
            raise _unintended(before, number, "python-dotenv would read another value than intended")


def _spliced(text: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    parts: list[str] = []
    for edit in sorted(edits):
        parts += (text[start : edit.start], edit.text)
        start = edit.end
    return "".join((*parts, text[start:end]))


def _unintended(document: EnvDocument, number: int | None, reason: str) -> EnvfixError:
    return EnvfixError(f"{reason}, so nothing is changed: edit the file by hand", path=document.path, line=number)


def _dotenv_around(text: str, offset: int) -> _Seen | None:
    """The statement that python-dotenv sees at `offset`; None where it would need too much time or memory for it."""
    if _is_plain(text):
        start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
        ends = [end for end in (text.find("\n", offset), text.find("\r", offset)) if end >= 0]
        end = min(ends, default=len(text))
        if start == 0 and text.startswith("\ufeff"):
            start = 1
        seen = _statements(text[start:end], start)
        return seen[0] if seen else None
    whole = _dotenv(text)
    return whole[bisect_right(whole, offset, key=lambda one: one.start) - 1] if whole else None


# A line on which python-dotenv reads one whole statement: it holds no quote, is a comment, or its value begins with no
# quote, or is closed on the line and has no backslash. Only a quote can carry a statement over the end of its line.
_LINE = (
    r"(?:[^'\"\r\n]*+(?=[\r\n]|\Z)|[^\S\r\n]*+#[^\r\n]*+"
    r"|[^\S\r\n]*+(?:export[^\S\r\n]++)?[\w.\-\[\]]++[^\S\r\n]*+=[^\S\r\n]*+"
    r"(?:\"[^\"\\\r\n]*+\"|'[^'\\\r\n]*+')[^\S\r\n]*+(?:\#[^\r\n]*+)?+(?=[\r\n]|\Z)"
    r"|[^\S\r\n]*+(?:export[^\S\r\n]++)?[\w.\-\[\]]++[^\S\r\n]*+=[^\S\r\n]*+[^\s'\"][^\r\n]*+)"
)
_PLAIN = regex(rf"\ufeff?(?:{_LINE}(?:\r\n|\n|\r|\Z))*+\Z")


@lru_cache(maxsize=4)
def _is_plain(text: str) -> bool:
    """Whether python-dotenv reads every line of the text as a statement of its own, so that one line can be asked about
    without the others (its parser takes some 20 microseconds a line)."""
    return "\ufeff" not in text[1:] and _PLAIN.match(text) is not None and _is_bearable(text)


@lru_cache(maxsize=4)
def _dotenv(text: str) -> tuple[_Seen, ...] | None:
    """What python-dotenv's parser sees in `text`; None where it would need too much time or memory for it.

    Kept for a few texts, since every binding of a file is asked about and the parser is slow.
    """
    if not _is_bearable(text):
        return None
    # The parser drops a byte-order mark itself in some versions only.
    body = text.removeprefix("\ufeff")
    return _statements(body, len(text) - len(body))


@lru_cache(maxsize=4)
def _statements(text: str, start: int = 0) -> tuple[_Seen, ...]:
    """The statements of `text`, which stands at `start` in its document. Each of the addresses of a line asks."""
    from dotenv.parser import parse_stream

    seen = []
    for found in parse_stream(StringIO(text, newline="")):
        end = start + len(found.original.string)
        seen.append(_Seen(start, end, found.key, found.value, found.error))
        start = end
    return tuple(seen)


def _is_bearable(text: str) -> bool:
    runs = re.finditer(r"[^\S\r\n]{64,}+", text)
    if sum((found.end() - found.start()) ** 2 for found in runs) > _MAX_BLANK_SQUARES:
        return False
    if len(text) <= _MAX_QUOTED:
        return True
    return all(_longest_quoted(text, quote) <= _MAX_QUOTED for quote in "'\"")


def _longest_quoted(text: str, quote: str) -> int:
    """An upper bound of the longest value in these quotes, since a quote behind a backslash may close too."""
    closing = [found.start() for found in re.finditer(rf"(?<!\\){quote}", text)]
    closing.append(len(text))
    opening = (found.end() for found in re.finditer(rf"=[^\S\r\n]*+{quote}", text))
    return max((closing[bisect_left(closing, start)] - start for start in opening), default=0)
