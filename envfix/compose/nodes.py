"""The scalars of a compose file: ordinary Python values that know where they stand, and what is told of them.

Containers are plain dicts and lists. A text is a `Scalar`, a number a `Whole` or a `Real`; booleans and null are
Python's own (no address can stand in them). All of them behave as their Python types do, so that merging and checking
need not care.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from envfix.compose.model import Origin
from envfix.errors import EnvfixError
from envfix.records import Notice
from envfix.shown import as_written

NOWHERE = Origin("", 0, 0)
KeyPath = tuple[str, ...]
"""The way to a value of a compose file: the keys from the top."""


class Scalar(str):
    """A text with its `origin`. After interpolation `template` is the text before it and `context` the number of the
    variables used; `quoted` is False for a plain scalar. `moment` marks a YAML timestamp, printed as Go prints it."""

    __slots__ = ("context", "moment", "origin", "quoted", "template")

    origin: Origin
    template: str | None
    context: int
    quoted: bool
    moment: bool


class Inherited(Scalar):
    """An item `NAME=value` of `environment` that stood as a bare `NAME`, its value the variable's."""

    __slots__ = ()


class Whole(int):
    """An integer with its `origin`."""

    origin: Origin


class Real(float):
    """A floating-point number with its `origin`."""

    origin: Origin


class Expanded(dict[str, Any]):
    """The long form of an entry that was written short (a port, a volume): `written` is the scalar as it stood."""

    __slots__ = ("written",)

    written: Any


def scalar(text: str, origin: Origin, *, template: str | None = None, context: int = 0, quoted: bool = False) -> Scalar:
    """The text as a scalar at `origin`; `template` is the text before the variables of `context` were filled in."""
    made = Scalar(text)
    made.origin = origin
    made.template = template
    made.context = context
    made.quoted = quoted
    made.moment = False
    return made


def at_place_of(original: Any, text: str) -> str:
    """The `text` that is made of another, with that one's origin and template."""
    if not isinstance(original, Scalar):
        return text
    if text == original:
        return original
    return scalar(text, original.origin, template=original.template, context=original.context, quoted=original.quoted)


def parted(text: str, separator: str) -> tuple[str, str, str]:
    """`text.partition(separator)`, each side told as it is written; by the whole where a variable stands before the
    separator and may hold another."""
    name, found, rest = text.partition(separator)
    template = getattr(text, "template", None)
    if template is None:
        return name, found, rest
    before, _, behind = template.partition(separator) if found else (template, "", "")
    if "$" in before:
        return at_place_of(text, name), found, at_place_of(text, rest)
    return name, found, scalar(rest, NOWHERE, template=behind) if "$" in behind else rest


def together(*parts: str) -> str:
    """The parts as one text, which is told as they are."""
    text = "".join(parts)
    told = "".join(map(as_written, parts))
    return text if told == text else scalar(text, NOWHERE, template=told)


def chained(names: Iterable[str]) -> str:
    """A circle of names for a message, cut where it is long."""
    shown = list(islice(names, 12))
    return " -> ".join(shown if len(shown) < 12 else [*shown[:10], "..."])


def origin_of(value: Any) -> Origin | None:
    """Where a value stands: its own origin, or that of the first scalar inside it."""
    own = getattr(value, "origin", None)
    if own is not None:
        return own  # type: ignore[no-any-return]
    if isinstance(value, Expanded):
        return origin_of(value.written)
    if isinstance(value, dict):
        for key, item in value.items():
            return getattr(key, "origin", None) or origin_of(item)
    if isinstance(value, list) and value:
        return origin_of(value[0])
    return None


def printed(value: Any) -> str:
    """A scalar as Go's `%v` prints it, which is what reaches the container."""
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _printed_float(value)
    return str(value)


def _printed_float(value: float) -> str:
    """Go's `%v` of a float64: the shortest digits, an exponent from 1e+06 up and below 1e-04."""
    sign = "-" if str(value).startswith("-") else ""
    mantissa, _, exponent = repr(abs(float(value))).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    power = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits)) - 1
    digits = digits.rstrip("0")
    if not digits:
        return f"{sign}0"
    if power < -4 or power >= 6:
        tail = f".{digits[1:]}" if digits[1:] else ""
        return f"{sign}{digits[0]}{tail}e{'-' if power < 0 else '+'}{abs(power):02d}"
    if power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    digits = digits.ljust(power + 1, "0")
    tail = f".{digits[power + 1 :]}" if digits[power + 1 :] else ""
    return f"{sign}{digits[: power + 1]}{tail}"


def is_true(value: Any) -> bool:
    """A truth value that may be written as a text, as the schema allows in many places."""
    return value.lower() in ("true", "y", "yes", "on") if isinstance(value, str) else bool(value)


def whole_number(value: Any) -> int | None:
    """The integer that a value is or, as a text, says in decimal digits of ASCII; None for anything else, and for one
    that is longer than Go's integers."""
    if isinstance(value, int):
        return int(value)
    text = str(value)
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 20 else None


def size_of(value: Any) -> float:
    """A number, or a size such as "512m" in bytes (docker/go-units RAMInBytes)."""
    if not isinstance(value, str):
        return float(value)
    digits = value.lower().rstrip("kmgtpib ")
    unit = value.lower()[len(digits) :].strip()[:1]
    try:
        return float(digits) * float(1024 ** ("bkmgtp".index(unit) if unit else 0))
    except ValueError:
        return -1.0


class Findings:
    """What is told about a project while it is read, each notice once. With `strict`, whatever Compose refuses ends the
    reading."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._notices: dict[Notice, None] = {}

    def warn(self, message: str, path: str | None = None, line: int | None = None) -> None:
        """Something that Compose itself only warns of, or does not mind."""
        self._notices.setdefault(Notice(path, line, message))

    def warn_at(self, message: str, origin: Origin | None) -> None:
        """The same of what stands at one place of a file, where that is known."""
        self.warn(message, *((origin.path, origin.line) if origin else ()))

    def refuse(self, message: str, origin: Origin | None = None, path: str | None = None) -> None:
        """Something that Compose refuses, but that need not stop a diagnosis. Raises EnvfixError when strict."""
        path, line = (origin.path, origin.line) if origin else (path, None)
        if self.strict:
            raise EnvfixError(message, path=path, line=line, column=origin.column if origin else None)
        self.warn(message, path, line)

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(self._notices)


def failure(message: str, value: Any) -> EnvfixError:
    """The error that a value causes, with the place where it stands."""
    origin = origin_of(value)
    if origin is None:
        return EnvfixError(message)
    return EnvfixError(message, path=origin.path, line=origin.line, column=origin.column)
