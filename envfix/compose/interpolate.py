"""Interpolation of a whole document: every text with a `$` in it, keys excepted (compose-go's interpolation)."""

from __future__ import annotations

from typing import Any

from envfix.compose.nodes import Findings, Scalar, scalar
from envfix.envfile import MAX_ENV_BYTES
from envfix.interpolation import InterpolationError, Lookup, interpolate


class Growth:
    """How many characters variables bring into the texts of a project, into those of all its files together."""

    def __init__(self) -> None:
        self._characters = 0

    def add(self, characters: int) -> None:
        """So many more, or fewer. InterpolationError, without a place, where it gets too much."""
        self._characters = max(0, self._characters + characters)
        if self._characters > MAX_ENV_BYTES:
            raise InterpolationError(
                "its variables expand to more than 16 MB, the most that envfix reads of a project: use fewer"
            )


class Substitution:
    """Fills in the variables of context number `context`, known by `lookup`; `growth` counts what they bring.

    What holds no `$` is handed on as it is; of the rest copies are made, one of each container, so that one document
    can serve under several sets of variables.
    """

    def __init__(self, lookup: Lookup, context: int, findings: Findings, growth: Growth) -> None:
        self.lookup = lookup
        self.context = context
        self.findings = findings
        self._done: dict[int, tuple[Any, Any]] = {}
        self._growth = growth

    def fill(self, value: Any) -> Any:
        """`value` with its variables filled in. Raises InterpolationError with path and line for a malformed template,
        and for a missing required variable when findings are strict."""
        if isinstance(value, Scalar):
            return self._fill_text(value) if "$" in value else value
        if not isinstance(value, dict | list):
            return value
        known = self._done.get(id(value))
        if known is not None:
            return known[1]
        # One frame a level: a document may be nested as deep as Python's stack allows.
        pairs = value.items() if isinstance(value, dict) else enumerate(value)
        changed = {}
        for key, item in pairs:
            new = self.fill(item)
            if new is not item:
                changed[key] = new
        filled = value
        if changed:
            filled = value.copy()
            for key, item in changed.items():
                filled[key] = item
        # The original is kept too, lest its id be given to another.
        self._done[id(value)] = (value, filled)
        return filled

    def _fill_text(self, text: Scalar) -> Scalar:
        def missing(error: InterpolationError) -> None:
            placed = _placed(error, text)
            if self.findings.strict:
                raise placed
            self.findings.warn(placed.message, placed.path, placed.line)

        try:
            value = interpolate(str(text), self.lookup, on_missing=missing)
            self._growth.add(len(value) - len(text))
        except InterpolationError as error:
            raise _placed(error, text) from None
        return scalar(value, text.origin, template=str(text), context=self.context, quoted=text.quoted)


def _placed(error: InterpolationError, text: Scalar) -> InterpolationError:
    error.path, error.line, error.column = text.origin.path, text.origin.line, text.origin.column
    return error
