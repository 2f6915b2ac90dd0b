"""What go-yaml makes of a compose file: its documents as dicts, lists and scalars that know where they stand.

The events are ruamel.yaml's (see scanner.py); what a scalar means, anchors, merge keys and Compose's own tags `!reset`
and `!override` follow go-yaml v4 as Compose uses it. Nothing recurses, and sizes are bounded, so that a hostile file
ends early.
"""

import base64
import codecs
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from envfix.compose.model import Origin
from envfix.compose.nodes import KeyPath, Real, Scalar, Whole, scalar
from envfix.compose.scanner import parser_of
from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

# compose-go's own bound on the nodes of a file, aliases not followed (loader/reset.go).
MAX_NODES = 100_000
# Bounds of ours: aliases followed (Compose itself runs out of memory), nesting, documents in one file, and the keys of
# all the paths that are reset.
MAX_EXPANDED = 200_000
MAX_DEPTH = 300
MAX_DOCUMENTS = 1000
MAX_RESET = 100_000
# What is done with a long text takes as long as with several short ones, and an alias repeats it.
CHARACTERS_OF_A_NODE = 100


class Document(NamedTuple):
    """One YAML document: its `root`, the paths that it resets (`!reset`, `!override`) in what came before it, and how
    many nodes it has, aliases followed."""

    root: Any
    resets: tuple[KeyPath, ...]
    size: int


class _Anchor(NamedTuple):
    value: Any
    size: int
    tag: str | None
    resets: tuple[KeyPath, ...]


class _Frame:
    """A container that is still open."""

    __slots__ = ("anchor", "key", "keys", "merged", "resets", "size", "start", "tag", "value")

    def __init__(self, value: Any, start: Any, anchor: str | None, tag: str | None, resets: int) -> None:
        self.value = value
        self.start = start
        self.anchor = anchor
        self.tag = tag
        self.resets = resets
        self.size = 1
        self.key: Any = None
        self.keys: set[str] = set()
        self.merged: list[dict[str, Any]] = []


_CONTROL = regex("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_UNREADABLE = "[\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]"


def decode(data: bytes, path: str) -> str:
    """The text of a YAML file: UTF-8, or UTF-16 by its byte-order mark, which is cut. Refuses what go-yaml refuses."""
    encoding = "utf-8"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data.startswith(codecs.BOM_UTF8):
        encoding = "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvfixError("the file is not valid UTF-8: save it as UTF-8", path=path, line=line) from None
    found = _CONTROL.search(text) or (None if text.isascii() else re.search(_UNREADABLE, text))
    if found is not None:
        line = text.count("\n", 0, found.start()) + 1
        raise EnvfixError("a control character stands in the YAML: remove it", path=path, line=line)
    return text


def parse(text: str, path: str) -> tuple[Document, ...]:
    """The documents of a compose file; `path` is what origins and errors name. Raises EnvfixError with the line."""
    try:
        return tuple(_Builder(text, path).documents())
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = " ".join(str(error.problem or error.context).split())
        where = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
        raise EnvfixError(f"this is not YAML: {problem}", path=path, line=where[0], column=where[1]) from None


class _Builder:
    """Makes values of events, one container frame at a time."""

    def __init__(self, text: str, path: str) -> None:
        self.parser = parser_of(text)
        self.path = path
        self.frames: list[_Frame] = []
        self.anchors: dict[str, _Anchor | _Frame] = {}
        self.resets: list[KeyPath] = []
        self.nodes = 0
        self.keys_reset = 0
        self.size = 0
        self.root: Any = None
        self.number = 0

    def documents(self) -> Any:
        take = {
            "ScalarEvent": self.take_scalar,
            "AliasEvent": self.take_alias,
            "MappingStartEvent": lambda event: self.open({}, event),
            "SequenceStartEvent": lambda event: self.open([], event),
            "MappingEndEvent": self.close,
            "SequenceEndEvent": self.close,
        }
        while True:
            event = self.parser.get_event()
            kind = type(event).__name__
            if kind == "StreamEndEvent":
                return
            if kind == "DocumentStartEvent":
                self.number += 1
                if self.number > MAX_DOCUMENTS:
                    raise self.fail(f"the file holds more than {MAX_DOCUMENTS:,} YAML documents", event.start_mark)
            elif kind == "DocumentEndEvent":
                yield Document(self.root, tuple(self.resets), self.size)
                self.root, self.resets, self.nodes, self.size = None, [], 0, 0
            elif kind in take:
                take[kind](event)

    def fail(self, message: str, mark: Any) -> EnvfixError:
        return EnvfixError(message, path=self.path, line=mark.line + 1, column=mark.column + 1)

    def place(self) -> KeyPath:
        """The path of the value that comes next; what stands under a merge key stands in its parent."""
        return tuple(
            str(frame.key) if isinstance(frame.value, dict) else str(len(frame.value))
            for frame in self.frames
            if frame.key is not _MERGE
        )

    def reset(self, mark: Any, inner: KeyPath = ()) -> None:
        """Note that what comes next is reset, or what stands in it at the path `inner`."""
        self.resets.append(self.place() + inner)
        self.keys_reset += len(self.resets[-1])
        if self.keys_reset > MAX_RESET:
            raise self.fail(f"its tags reset what stands below more than {MAX_RESET:,} keys: use fewer", mark)

    def open(self, value: Any, event: Any) -> None:
        if self.frames and self.frames[-1].key is None and isinstance(self.frames[-1].value, dict):
            raise self.fail("a mapping's key must be a text", event.start_mark)
        if len(self.frames) >= MAX_DEPTH:
            raise self.fail(f"the YAML is nested more than {MAX_DEPTH} levels deep: flatten it", event.start_mark)
        tag = event.tag
        if tag in ("!reset", "!override"):
            self.reset(event.start_mark)
        frame = _Frame(value, event.start_mark, event.anchor, tag, len(self.resets))
        if event.anchor is not None:
            self.anchors[event.anchor] = frame
        self.frames.append(frame)

    def close(self, event: Any) -> None:
        frame = self.frames.pop()
        value = frame.value
        for merged in frame.merged:
            for key, item in merged.items():
                value.setdefault(key, item)
        if frame.tag == "!override":
            del self.resets[frame.resets :]
        if frame.anchor is not None and self.anchors[frame.anchor] is frame:
            depth = sum(1 for outer in self.frames if outer.key is not _MERGE)
            inner = tuple(path[depth:] for path in self.resets[frame.resets :])
            self.anchors[frame.anchor] = _Anchor(value, frame.size, frame.tag, inner)
        self.add(value, frame.size, frame.start, dropped=frame.tag == "!reset")

    def take_alias(self, event: Any) -> None:
        anchor = self.anchors.get(event.anchor)
        if anchor is None:
            raise self.fail(f"the alias *{event.anchor} names no anchor above it", event.start_mark)
        if isinstance(anchor, _Frame):
            raise self.fail(f"the anchor &{event.anchor} contains itself", event.start_mark)
        if anchor.tag in ("!reset", "!override"):
            self.reset(event.start_mark)
        else:
            self.nodes += len(anchor.resets)
            for inner in anchor.resets:
                self.reset(event.start_mark, inner)
        self.add(anchor.value, anchor.size, event.start_mark, dropped=anchor.tag == "!reset")

    def take_scalar(self, event: Any) -> None:
        start = event.start_mark
        index, line, column = start
        origin = Origin(self.path, line + 1, column + 1, index, event.end_mark.index)
        tag = event.tag
        plain = event.style is None
        value = resolve(event.value, tag, plain, origin)
        if tag in ("!reset", "!override"):
            self.reset(start)
        size = 1 + len(event.value) // CHARACTERS_OF_A_NODE
        if event.anchor is not None:
            self.anchors[event.anchor] = _Anchor(value, size, tag, ())
        self.add(value, size, start, dropped=tag == "!reset", plain=plain)

    def add(self, value: Any, size: int, mark: Any, *, dropped: bool = False, plain: bool = False) -> None:
        """Put a finished value where it belongs."""
        if not self.frames:
            self.root = None if dropped else value
            self.size = size
            return
        frame = self.frames[-1]
        if isinstance(frame.value, dict) and frame.key is None:
            self.take_key(frame, value, mark, plain)
            return
        self.count(frame, size, mark)
        if isinstance(frame.value, list):
            if not dropped:
                frame.value.append(value)
            return
        key, frame.key = frame.key, None
        if key is _MERGE:
            frame.merged.extend(self.mergeable(value, mark))
        elif not dropped:
            frame.value[key] = value

    def take_key(self, frame: _Frame, key: Any, mark: Any, plain: bool) -> None:
        if not isinstance(key, Scalar):
            raise self.fail("a mapping's key must be a text: put it in quotes", mark)
        if key in frame.keys:
            raise self.fail(f"the key {str(key)!r} stands twice in one mapping: remove one", mark)
        frame.keys.add(key)
        frame.key = _MERGE if plain and key == "<<" else key

    def count(self, frame: _Frame, size: int, mark: Any) -> None:
        self.nodes += 1
        frame.size += size
        if self.nodes > MAX_NODES:
            raise self.fail(f"the file holds more than {MAX_NODES:,} YAML nodes, which Docker Compose refuses", mark)
        if frame.size > MAX_EXPANDED:
            raise self.fail(f"its aliases expand to more than {MAX_EXPANDED:,} YAML nodes: use fewer", mark)

    def mergeable(self, value: Any, mark: Any) -> list[dict[str, Any]]:
        maps = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in maps):
            raise self.fail("a merge key `<<` takes a mapping, or a list of mappings", mark)
        return maps


_MERGE = Scalar("<<")

_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FLOATS: dict[str, float] = {
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
# No longer than a number of 64 bits is in any of these bases.
_INTEGER = regex(r"[-+]?(?:0[xX]0*[0-9a-fA-F]{1,16}|0[bB]0*[01]{1,64}|0[oO]?0*[0-7]{1,22}|0|[1-9][0-9]{0,19})")
_OF_NUMBERS = frozenset("0123456789abcdefABCDEFoOxX.+-")
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_MOMENT = (
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt]|[ ])(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9})\d*)?(Z|[-+]\d{2}:\d{2})?)?"
)
_CORE = "tag:yaml.org,2002:"


def resolve(text: str, tag: str | None, plain: bool, origin: Origin) -> Any:
    """What go-yaml makes of a scalar: None, a bool, a Whole, a Real or a Scalar. Raises EnvfixError for a text that is
    not of the type that its tag says."""
    if tag is None:
        return _plain(text, origin) if plain else scalar(text, origin, quoted=True)
    if tag == f"{_CORE}binary":
        return scalar(_unbinary(text, origin), origin, quoted=True)
    kind = tag.removeprefix(_CORE)
    # With a tag of its own a scalar is a text, whatever it looks like.
    if kind not in _OF_TYPE:
        return scalar(text, origin, quoted=True)
    value = _plain(text, origin)
    if not _OF_TYPE[kind](value):
        raise EnvfixError(f"this is no !!{kind}", path=origin.path, line=origin.line, column=origin.column)
    return value


def _plain(text: str, origin: Origin) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in "0123456789+-." and (number := _number(text)) is not None:
        number.origin = origin
        return number
    return scalar(text, origin)


_OF_TYPE: dict[str, Callable[[Any], bool]] = {
    "int": lambda made: isinstance(made, Whole),
    "float": lambda made: isinstance(made, Whole | Real),
    "bool": lambda made: isinstance(made, bool),
    "null": lambda made: made is None,
    "timestamp": lambda made: isinstance(made, Scalar) and made.moment,
}


def _number(text: str) -> Any:
    if text in _FLOATS:
        return Real(_FLOATS[text])
    moment = _moment(text)
    if moment is not None:
        return moment
    digits = text.replace("_", "")
    if not _OF_NUMBERS.issuperset(digits):
        return None  # `5s`, `8080:80`: nearly all others, without the expressions
    if (digits.isdigit() and digits[0] != "0" and len(digits) <= 20) or _INTEGER.fullmatch(digits):
        whole = _whole(digits)
        if digits in ("-0", "-00"):
            return Real(-0.0)
        if -(2**63) <= whole < 2**64:
            return Whole(whole)
    if not _FLOAT.fullmatch(digits) or float(digits) in (float("inf"), float("-inf")):
        return None
    return Real(digits)


def _whole(digits: str) -> int:
    sign = -1 if digits.startswith("-") else 1
    body = digits.lstrip("+-").lower()
    if len(body) > 1 and body[0] == "0" and body[1] in "01234567":
        return sign * int(body, 8)
    return sign * int(body, 0)


def _moment(text: str) -> Scalar | None:
    """A YAML timestamp, as Go prints a time.Time."""
    found = re.fullmatch(_MOMENT, text, re.ASCII) if text[4:5] == "-" else None
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return None
    if hour and (" " in text) == (zone is not None):
        return None
    clock = f"{int(hour or 0):02d}:{int(minute or 0):02d}:{int(second or 0):02d}"
    fraction = f".{fraction}".rstrip("0").rstrip(".") if fraction else ""
    offset = "+0000 UTC" if zone in (None, "Z", "+00:00") else f"{zone.replace(':', '')} {zone.replace(':', '')}"
    made = Scalar(f"{year}-{int(month):02d}-{int(day):02d} {clock}{fraction} {offset}")
    made.template, made.context, made.quoted, made.moment = None, 0, False, True
    return made


def _unbinary(text: str, origin: Origin) -> str:
    try:
        return base64.b64decode(re.sub(r"\s", "", text), validate=True).decode("utf-8", "replace")
    except ValueError:  # binascii.Error among them, and what is no ASCII
        raise EnvfixError("!!binary holds no base64", path=origin.path, line=origin.line) from None
