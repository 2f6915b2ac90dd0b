"""The scalars of a compose file: ordinary Python values that know where they stand.

Containers are plain dicts and lists. A text is a `Scalar`, a number a `Whole` or a `Real`; booleans and null are
Python's own (no address can stand in them). All of them behave as their Python types do, so that merging and checking
need not care.
"""

from __future__ import annotations

from typing import Any

from envfix.compose.model import Origin

NOWHERE = Origin("", 0, 0)


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
    made = Scalar(text)
    made.origin = origin
    made.template = template
    made.context = context
    made.quoted = quoted
    made.moment = False
    return made


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
