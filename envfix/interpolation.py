"""What `${X:-y}` becomes, and which variables it reads: the template language of compose files and env files.

The source is compose-go's template package as Docker Compose runs it, which is narrower than the Compose specification
("Interpolation") in one respect: a default ends at the brace that balances, and it cannot hold a line break. Every
function takes the text as it stands in the file after YAML or the quotes of an env file are undone. None recurses, and
each takes time in proportion to its template, so that a hostile one costs no more than its length.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from envfix.errors import EnvfixError
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

Lookup = Callable[[str], str | None]

MAX_EXPANDED = 1 << 18
"""So many characters several variables may bring into one text, twice what Linux lets a container's variable have: a
few lines that each say the one above twice would otherwise fill the memory."""

# Go's case-insensitive [_a-z] also matches the long s and the Kelvin sign, which fold to s and k.
# (Beside the sets, not in them: a set with letters beyond Latin-1 takes ten times as long to compile.)
_NAME = r"(?:[_A-Za-z]++|\u017f|\u212a)(?:[_A-Za-z0-9]++|\u017f|\u212a)*+"
_HOLE = regex(
    rf"\$(?:(?P<escaped>\$)|(?P<named>{_NAME})|\{{(?:(?P<braced>{_NAME})(?:(?P<operator>:?[-+?])|(?P<closed>\}})))?)"
)


class InterpolationError(EnvfixError):
    """A template that Docker Compose refuses. `required` is True where a variable is demanded (`${X:?}`, `${X?}`) and
    missing, and `variable` then is its name; otherwise the template is malformed."""

    def __init__(self, message: str, *, variable: str | None = None, required: bool = False) -> None:
        super().__init__(message)
        self.variable = variable
        self.required = required


class Piece(NamedTuple):
    """A run of an interpolated text.

    With `variable`, `text` is that variable's whole value, and `start` is where its `$` stands in the template. Without
    one, `text` is the template's own and stands at `template[start : start + len(text)]`. `default_of` is the innermost
    variable whose default (`:-`, `-`) or alternative (`:+`, `+`) the run belongs to.
    """

    text: str
    variable: str | None
    start: int
    default_of: str | None

    def __repr__(self) -> str:
        return f"Piece(variable={self.variable!r}, start={self.start}, default_of={self.default_of!r})"


def interpolate(
    template: str,
    lookup: Lookup,
    on_unset: Callable[[str], None] | None = None,
    on_missing: Callable[[InterpolationError], None] | None = None,
) -> str:
    """`template` with every variable replaced by what `lookup` knows of it (None: unset).

    `on_unset` is told each name that is unset and so becomes empty without a default. Raises InterpolationError for a
    malformed template, for one that grows past MAX_EXPANDED, and for a missing required variable unless `on_missing`
    takes the error and leaves it empty.
    """
    if "$" not in template:
        return template
    return "".join(piece.text for piece in _expand(template, lookup, on_unset, on_missing))


def trace(
    template: str, lookup: Lookup, on_missing: Callable[[InterpolationError], None] | None = None
) -> tuple[Piece, ...]:
    """The runs of which `interpolate` makes its result, from left to right, each with where it comes from."""
    return tuple(_expand(template, lookup, None, on_missing))


def variables(template: str) -> tuple[str, ...]:
    """Every name that the template may read, those in its defaults, alternatives and messages included, each once, in
    the order of the text. Malformed places are passed over."""
    return tuple(dict.fromkeys(hole.name for hole in _every_hole(template) if hole.name))


def defaults(template: str) -> tuple[tuple[str, str], ...]:
    """(name, operator) of each `${NAME<operator>text}`, an outer one before those in its text, which is left out: texts
    in one another are a square of the template. Malformed places are passed over."""
    return tuple((hole.name, hole.operator) for hole in _every_hole(template) if hole.name and hole.operator)


class _Hole(NamedTuple):
    """A `$...` of the template, at [start, stop). `name` is "" for `$$` and None for a malformed one; [text_start,
    text_end) is what follows the operator, if there is one."""

    start: int
    stop: int
    name: str | None
    operator: str = ""
    text_start: int = 0
    text_end: int = 0


class _Range(NamedTuple):
    """A part of the template that is still to be read, and whose default it is."""

    start: int
    end: int
    default_of: str | None


class _Braces:
    """Where the braces of a template close, found in one pass and only when a default asks for it."""

    def __init__(self, template: str) -> None:
        self._template = template
        self._closer: dict[int, int] | None = None
        self._closings: list[int] = []
        self._newlines: list[int] = []

    def close(self, opening: int, end: int) -> int | None:
        """Where the `{` at `opening` closes, in a range that ends at `end`.

        compose-go first matches up to the last closing brace of the line, then cuts where the braces balance; where
        they never do, the whole match is the default. None: no brace closes on this line.
        """
        if self._closer is None:
            self._closer = self._match()
        newline = bisect_left(self._newlines, opening)
        limit = min(end, self._newlines[newline]) if newline < len(self._newlines) else end
        last = bisect_left(self._closings, limit) - 1
        if last < 0 or self._closings[last] < opening:
            return None
        balanced = self._closer.get(opening, limit)
        return balanced if balanced < limit else self._closings[last]

    def _match(self) -> dict[int, int]:
        closer: dict[int, int] = {}
        opened: list[int] = []
        skipped = -1
        for found in re.finditer(r"[{}\n]", self._template):
            at, brace = found.start(), found[0]
            if brace == "\n":
                self._newlines.append(at)
            elif brace == "}":
                self._closings.append(at)
            # compose-go's counter skips the character behind every `{` that it counts.
            if at == skipped or brace == "\n":
                continue
            if brace == "{":
                opened.append(at)
                skipped = at + 1
            elif opened:
                closer[opened.pop()] = at
        return closer


def _next_hole(template: str, start: int, end: int, braces: _Braces) -> _Hole | None:
    found = _HOLE.search(template, start, end)
    if found is None:
        return None
    escaped, named, braced, operator, closed = found.groups()
    if escaped or named or closed:
        return _Hole(found.start(), found.end(), named or braced or "")
    closing = braces.close(found.start() + 1, end) if operator else None
    if closing is None:
        return _Hole(found.start(), found.start() + 2, None)
    return _Hole(found.start(), closing + 1, braced, operator, found.end(), closing)


def _every_hole(template: str) -> Iterator[_Hole]:
    braces = _Braces(template)
    todo = [(0, len(template))]
    while todo:
        start, end = todo.pop()
        hole = _next_hole(template, start, end, braces)
        if hole is None:
            continue
        todo.append((hole.stop, end))
        if hole.operator:
            todo.append((hole.text_start, hole.text_end))
        yield hole


def _expand(
    template: str,
    lookup: Lookup,
    on_unset: Callable[[str], None] | None,
    on_missing: Callable[[InterpolationError], None] | None,
) -> Iterator[Piece]:
    braces = _Braces(template)
    brought_in = 0
    todo = [_Range(0, len(template), None)]
    while todo:
        part = todo.pop()
        hole = _next_hole(template, part.start, part.end, braces)
        literal_end = hole.start if hole else part.end
        if literal_end > part.start:
            yield Piece(template[part.start : literal_end], None, part.start, part.default_of)
        if hole is None:
            continue
        todo.append(_Range(hole.stop, part.end, part.default_of))
        if hole.name is None:
            raise InterpolationError(
                "invalid interpolation format: write ${NAME} or ${NAME:-default} on one line, and $$ for a plain $"
            )
        if not hole.name:
            yield Piece("$", None, hole.start, part.default_of)
            continue
        value = lookup(hole.name)
        if _takes_text(hole.operator, value):
            todo.append(_Range(hole.text_start, hole.text_end, hole.name))
            continue
        if _is_missing(hole.operator, value):
            _refuse(hole, on_missing)
        elif value is None and not hole.operator and on_unset:
            on_unset(hole.name)
        if value:
            brought_in += len(value)
            # One value alone is as long as its file lets it be, and does not grow by being handed on.
            if brought_in > MAX_EXPANDED and brought_in > len(value):
                raise InterpolationError(
                    f"its variables, {hole.name} among them, expand to more than {MAX_EXPANDED:,} characters: use fewer"
                )
            yield Piece(value, hole.name, hole.start, part.default_of)


def _takes_text(operator: str, value: str | None) -> bool:
    """Whether the text behind the operator stands for the variable."""
    present = bool(value) if operator.startswith(":") else value is not None
    return (operator.endswith("-") and not present) or (operator.endswith("+") and present)


def _is_missing(operator: str, value: str | None) -> bool:
    return (operator == ":?" and not value) or (operator == "?" and value is None)


def _refuse(hole: _Hole, on_missing: Callable[[InterpolationError], None] | None) -> None:
    error = InterpolationError(
        f"required variable {hole.name} is missing a value: set it in the shell or in the project's env file",
        variable=hole.name,
        required=True,
    )
    if on_missing is None:
        raise error
    on_missing(error)
