"""What stands in an env file, byte for byte, and what Docker Compose reads there.

The grammar is compose-go's dotenv package as Docker Compose runs it, quirks included; python-dotenv and the shell read
some lines otherwise, which is the rewriter's concern. A document keeps its whole text, and each binding the spans of
what it was read from, so that a change can be made in place. Reading takes time in proportion to the size.
"""

import re
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile

from envfix.errors import EnvfixError
from envfix.files import read_bounded
from envfix.interpolation import InterpolationError, Lookup, interpolate
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

MAX_ENV_BYTES = 16 * 1024 * 1024

_BOM = "\ufeff"
# Go's unicode.IsSpace; Python's str.isspace also takes \x1c to \x1f, which Compose keeps.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
_BLANK = r"\t\v\f\r \x85\xa0"
_GAP = regex(r"(?:[^\S\x1c-\x1f]++|#[^\n]*+)*+")  # \s without those four: the characters of _SPACE
_EXPORT = regex(rf"export[\t\n\f\r ][{_BLANK}]*+")
_NAME = regex(rf"[\w.\[\]{_BLANK}-]*+")
_BLANKS = regex(rf"[{_BLANK}]*+")
_QUOTED = {quote: regex(rf"[^{quote}\\]*+(?:\\.[^{quote}\\]*+)*+{quote}", re.DOTALL) for quote in "'\""}
_ESCAPE = {
    "'": regex(r"\\(?:(?P<octal>(?!))|(?P<plain>')|.)", re.DOTALL),
    '"': regex(r'\\(?:0(?P<octal>[0-3][0-7]{2})|(?P<plain>["abfnrtv\\$0])|.)', re.DOTALL),
}
# Of `\$` interpolation makes a plain `$`; `\0` without three octal digits loses its 0, as in Compose.
_UNESCAPED = {"$": "$$", "0": "\\", "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
# docker/cli reads `format: raw` with a scanner of this bound.
_MAX_RAW_LINE = 64 * 1024


class Binding(NamedTuple):
    """One statement of an env file: a name, and the value that stands behind it.

    `line` is the line of the name (from 1) and `start` its offset in the document's text. `quote` is the kind of quotes
    around the value, or "". The raw value is `text[value_start:value_end]`, inside the quotes; `value` is that with
    escapes undone, not interpolated, and None for a name alone, whose value is inherited. `places` serves `at`: None
    where no escape moves anything, else the indices at which runs of `value` begin, and the offsets in the text that
    they come from, both packed as 64-bit integers, since a hostile file may hold millions. `comments` are the comment
    lines directly above, without `#` and outer blanks. A last line that has neither `=` nor a line break is to
    Compose the value of a variable without a name: its `name` is "".
    """

    name: str
    line: int
    start: int
    quote: str
    value_start: int
    value_end: int
    value: str | None
    places: tuple[bytes, bytes] | None
    comments: tuple[str, ...]

    def at(self, index: int) -> int:
        """The offset in the text of character `index` of the value; of its end for the value's length. So `value[i:j]`
        comes from `text[at(i):at(j)]`, escapes included."""
        if self.value is None or index >= len(self.value):
            return self.value_end
        if self.places is None:
            return self.value_start + index
        indices, offsets = (memoryview(packed).cast("q") for packed in self.places)
        run = bisect_right(indices, index) - 1
        return offsets[run] + index - indices[run]

    def index_of(self, offset: int) -> int | None:
        """The inverse of `at`: the index in the value of an offset in the text; None outside and within an escape."""
        if self.value is None or not self.value_start <= offset <= self.value_end:
            return None
        if offset == self.value_end:
            return len(self.value)
        if self.places is None:
            return offset - self.value_start
        indices, offsets = (memoryview(packed).cast("q") for packed in self.places)
        run = bisect_right(offsets, offset) - 1
        index = indices[run] + offset - offsets[run]
        return index if self.at(index) == offset else None

    def __repr__(self) -> str:
        return f"Binding(name={self.name!r}, line={self.line})"


class EnvDocument(NamedTuple):
    """An env file as read: `text` is the whole of it, lossless (bytes that are not UTF-8 as surrogate escapes, line
    breaks and a byte-order mark as they are). `raw` is True for `format: raw`, whose values are never interpolated.
    `loader` is the code of the loader in whose grammar it was read, "" for Docker Compose's own."""

    path: str
    text: str
    bindings: tuple[Binding, ...]
    raw: bool = False
    loader: str = ""

    def __repr__(self) -> str:
        return f"EnvDocument(path={self.path!r}, {len(self.bindings)} bindings)"


def read_env(path: str, *, raw: bool = False) -> EnvDocument:
    """The env file at `path`, in Compose's grammar or, with `raw`, in that of `format: raw`.

    Raises EnvfixError where it cannot be read (see `read_bounded`) or where Compose would refuse it.
    """
    data = read_bounded(path, MAX_ENV_BYTES, "env file")
    return parse_raw(data, path) if raw else parse_env(data, path)


def parse_env(data: bytes, path: str) -> EnvDocument:
    """`data` read as Docker Compose reads an env file; `path` is only remembered. Raises EnvfixError with the line and
    Compose's reason for what Compose refuses, for UTF-16 and for NUL bytes; malformed templates are `resolve`'s."""
    text = decode(data, path)
    return EnvDocument(path, text, tuple(_statements(text, path)))


def parse_raw(data: bytes, path: str) -> EnvDocument:
    """`data` read as an `env_file` with `format: raw`: a line a binding, its value verbatim (docker/cli's kvfile)."""
    text = decode(data, path)
    return EnvDocument(path, text, tuple(_raw_lines(text, path)), raw=True)


def encode(text: str) -> bytes:
    """The bytes of a document's text: those that it was read from, if nothing was changed."""
    return text.encode("utf-8", "surrogateescape")


def resolve(
    document: EnvDocument,
    lookup: Lookup,
    on_missing: Callable[[InterpolationError], None] | None = None,
    earlier: Mapping[str, str] | None = None,
) -> tuple[str | None, ...]:
    """The value of each binding, interpolated as Compose does when it reads the file.

    `lookup` (the shell, the service's own environment) knows better than the lines above, and these better than the
    values of `earlier` files; lines below are not seen. A binding's own value is what its line says, whatever `lookup`
    has. None: an inherited name that `lookup` does not know; it changes nothing. Raises InterpolationError with path
    and line, and EnvfixError where the values grow past MAX_ENV_BYTES; a missing required variable goes to
    `on_missing`, if given.
    """
    above = dict(earlier or {})

    def known(name: str) -> str | None:
        found = lookup(name)
        return above.get(name) if found is None else found

    def one(binding: Binding) -> str | None:
        if binding.value is None:
            return lookup(binding.name)
        if document.raw or binding.quote == "'":
            return binding.value
        missing = on_missing and (lambda error: on_missing(_placed(error, document.path, binding.line)))
        try:
            return interpolate(binding.value, known, on_missing=missing)
        except InterpolationError as error:
            raise _placed(error, document.path, binding.line) from None

    values = []
    grown = 0
    for binding in document.bindings:
        value = one(binding)
        if value is not None:
            above[binding.name] = value
            grown = max(0, grown + len(value) - len(binding.value or ""))
        if grown > MAX_ENV_BYTES:
            raise EnvfixError(
                "its variables expand to more than 16 MB, the most that envfix reads: use fewer",
                path=document.path,
                line=binding.line,
            )
        values.append(value)
    return tuple(values)


def line(text: str, offset: int) -> int:
    """The line, from 1, of an offset in a document's text."""
    return text.count("\n", 0, offset) + 1


def column(text: str, offset: int) -> int:
    """The column, from 1 and in characters, of an offset in a document's text; a byte-order mark takes none."""
    start = text.rfind("\n", 0, offset) + 1
    return offset - start + (0 if start == 0 < offset and text.startswith(_BOM) else 1)


def _placed(error: InterpolationError, path: str, number: int) -> InterpolationError:
    error.path, error.line = path, number
    return error


def decode(data: bytes, path: str) -> str:
    """The text of an env file, bytes that are not UTF-8 as surrogate escapes. Raises EnvfixError for UTF-16 and NUL."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or data.count(0) * 3 > len(data):
        raise EnvfixError(
            "the file is UTF-16 (PowerShell's > writes it), which Docker Compose cannot read: save it as UTF-8",
            path=path,
        )
    nul = data.find(0)
    if nul >= 0:
        raise EnvfixError(
            "the file holds a NUL byte, so it is no text: remove the byte, or name another file",
            path=path,
            line=data.count(b"\n", 0, nul) + 1,
        )
    return data.decode("utf-8", "surrogateescape")


def _statements(text: str, path: str) -> Iterator[Binding]:
    at = 1 if text.startswith(_BOM) else 0
    number, counted = 1, 0
    quoted = ""  # the name whose quoted value ends at `at`
    while (start := _skip(_GAP, text, at)) < len(text):
        number += text.count("\n", counted, start)
        counted = start
        name_start = _skip(_EXPORT, text, start)
        behind = quoted if text.find("\n", at, start) < 0 else ""
        name, name_end = _read_name(text, name_start, path, number, behind)
        quoted = ""
        # Compose lets `export` stand on the line above its name.
        named = number + text.count("\n", start, name_start)
        comments = comments_above(text, at, start)
        if text.startswith("\n", name_end):
            at = name_end + 1
            # `export` and a line break declare nothing.
            if name:
                yield Binding(name, named, name_start, "", name_end, name_end, None, None, comments)
            continue
        value_start = _skip(_BLANKS, text, name_start if name_end == len(text) else name_end + 1)
        quote = text[value_start] if text.startswith(("'", '"'), value_start) else ""
        if quote:
            value_start += 1
            at = _closing_quote(text, value_start, quote, path, number) + 1
            value_end, quoted = at - 1, name
            value, places = _unescape(text, value_start, value_end, quote)
        else:
            value, at = _unquoted(text, value_start)
            value_end, places = value_start + len(value), None
        yield Binding(name, named, name_start, quote, value_start, value_end, value, places, comments)


def _skip(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _read_name(text: str, start: int, path: str, number: int, behind: str) -> tuple[str, int]:
    """The name at `start`, and the offset of the `=`, `:` or line break behind it; else "" and the text's end. `behind`
    is the name of the binding on the same line whose closing quote stands before it, as in `FROM="Ann" <ann@box>`."""
    end = _skip(_NAME, text, start)
    if end == len(text):
        if start == end:
            raise EnvfixError("`export` stands without a name: remove the line, or complete it", path=path, line=number)
        return "", end
    if text[end] not in "=:\n" and behind:
        raise EnvfixError(
            f"unexpected character {text[end]!r} behind the closing quote of {behind}, for which Docker Compose "
            "refuses the whole file: put all of the value between quotes that do not stand in it",
            path=path,
            line=number,
        )
    if text[end] not in "=:\n":
        raise EnvfixError(
            f"unexpected character {text[end]!r} in a variable name, for which Docker Compose refuses the whole file: "
            "correct the line, or make it a comment with #",
            path=path,
            line=number,
        )
    name = text[start:end].rstrip(_SPACE)
    if " " in name:
        raise EnvfixError(
            "a variable name cannot contain a space, and Docker Compose refuses the whole file for it: "
            "correct the line, or make it a comment with #",
            path=path,
            line=number,
        )
    return name, end


def comments_above(text: str, at: int, start: int) -> tuple[str, ...]:
    """The comment lines that end right above the line of `start`; `at` is where the statement before ended."""
    if text.find("#", at, start) < 0:
        return ()
    lines = text[at:start].split("\n")[:-1]
    if at > 0 and text[at - 1] not in (_BOM, "\n"):
        # The rest of the line before belongs to its own statement.
        lines = lines[1:]
    upwards = takewhile(lambda stripped: stripped.startswith("#"), (one.strip(_SPACE) for one in reversed(lines)))
    return tuple(comment.lstrip("#").strip(_SPACE) for comment in upwards)[::-1]


def _unquoted(text: str, start: int) -> tuple[str, int]:
    """The value at `start` without its inline comment, and where the next line begins."""
    newline = text.find("\n", start)
    end = len(text) if newline < 0 else newline
    comment = text.find(" #", start, end)
    return text[start : end if comment < 0 else comment].rstrip(_SPACE), min(end + 1, len(text))


def _closing_quote(text: str, start: int, quote: str, path: str, number: int) -> int:
    found = _QUOTED[quote].match(text, start)
    if not found:
        raise EnvfixError(
            f"unterminated quoted value: close the {quote} that opens here, and write one inside as \\{quote}",
            path=path,
            line=number,
        )
    return found.end() - 1


def _unescape(text: str, start: int, end: int, quote: str) -> tuple[str, tuple[bytes, bytes] | None]:
    if text.find("\\", start, end) < 0:
        return text[start:end], None
    parts: list[str] = []
    indices, offsets = array("q", [0]), array("q", [start])
    at, length = start, 0
    for found in _ESCAPE[quote].finditer(text, start, end):
        octal, plain = found["octal"], found["plain"]
        if not octal and not plain:
            continue
        stands_for = chr(int(octal, 8)) if octal else _UNESCAPED.get(plain, plain)
        parts += (text[at : found.start()], stands_for)
        length += found.start() - at + len(stands_for)
        at = found.end()
        if at - length != offsets[-1] - indices[-1]:
            indices.append(length)
            offsets.append(at)
    parts.append(text[at:end])
    return "".join(parts), (indices.tobytes(), offsets.tobytes()) if len(indices) > 1 else None


def _raw_lines(text: str, path: str) -> Iterator[Binding]:
    at = 1 if text.startswith(_BOM) else 0
    comments: list[str] = []
    for number, content in enumerate(text[at:].split("\n"), 1):
        statement = content.removesuffix("\r").lstrip(_SPACE)
        start = at + len(content.removesuffix("\r")) - len(statement)
        at += len(content) + 1
        if statement.startswith("#"):
            comments.append(statement.lstrip("#").strip(_SPACE))
            continue
        if statement:
            name, assigned, value = statement.partition("=")
            _check_raw(content, name, path, number)
            value_start = start + len(name) + len(assigned)
            end = start + len(statement)
            kept = value if assigned else None
            yield Binding(name, number, start, "", value_start, end, kept, None, tuple(comments))
        comments.clear()


def _check_raw(content: str, name: str, path: str, number: int) -> None:
    reason = ""
    if not name:
        reason = "no variable name stands before the ="
    elif " " in name or "\t" in name:
        reason = "a variable name cannot contain a space"
    elif any("\udc80" <= char <= "\udcff" for char in content):
        reason = "the line holds bytes that are not UTF-8"
    elif len(encode(content)) >= _MAX_RAW_LINE:
        reason = "the line is longer than 64 KiB"
    if reason:
        raise EnvfixError(
            f"{reason}, for which Docker Compose refuses the whole file (format: raw): correct the line",
            path=path,
            line=number,
        )
