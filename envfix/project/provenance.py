"""Which place in which file does each character of a container's variable come from?

A value such as `postgres://u:p@${DB_HOST}:${DB_PORT}/x` is put together from several bindings. A `Text` is the result,
with the place of each part, so that an address found in it can be changed at the leaf, and the `${}` stay as they are.
A text of many parts is one part of the texts that it goes into, so that a chain of variables costs its length and not
the square of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable

from envfix.compose.model import EnvEntry, Project, Template
from envfix.envfile import MAX_ENV_BYTES, EnvDocument
from envfix.errors import EnvfixError
from envfix.interpolation import InterpolationError, defaults, interpolate, trace
from envfix.named_tuples import NamedTuple

_MAX_DEPTH = 40
# A text of more parts is one part of another; one of fewer is taken apart, so that it need not be walked through.
_MOST_PARTS = 64
# What variables may bring into all texts of a project; into those of Compose's own files they bring a quarter at most,
# each of which may have two readings.
_MOST_GROWN = 4 * MAX_ENV_BYTES


class Leaf(NamedTuple):
    """A place in a value as written: `binding` is the number of a binding in the env file `path`, `offset` counts
    within its value. For a compose file `binding` is -1 and `offset` counts within the template at `scalar`."""

    path: str
    binding: int
    offset: int
    scalar: int = -1


class Run(NamedTuple):
    """`length` characters of a text from `start` on; `leaf` is where the first of them stands, `via` the variable of
    the outermost template that brought them in ("" for the template's own text)."""

    start: int
    length: int
    leaf: Leaf
    via: str


class Part(NamedTuple):
    """`length` characters of a text from `start` on, which stand at a leaf or are a whole other text; `via` as for a
    run."""

    start: int
    length: int
    source: Leaf | Text
    via: str


class Text(NamedTuple):
    """A value, and where each part of it comes from. What no part holds comes from the shell, or from nowhere."""

    value: str
    parts: tuple[Part, ...]

    def __repr__(self) -> str:  # the value may be secret
        return f"Text({len(self.value)} characters, {len(self.parts)} parts)"

    def locate(self, start: int, end: int) -> Run | None:
        """The run that is [start, end), with its leaf moved to `start`, or None if no single leaf holds the whole."""
        text, via, begin, length = self, "", start, end - start
        while True:
            at = bisect_right(text.parts, begin, key=lambda part: part.start) - 1
            if at < 0:
                return None
            part = text.parts[at]
            begin -= part.start
            via = via or part.via
            if begin + length > part.length:
                return None
            if isinstance(part.source, Leaf):
                path, binding, offset, scalar = part.source
                return Run(start, length, Leaf(path, binding, offset + begin, scalar), via)
            text = part.source


EMPTY = Text("", ())
Resolve = Callable[[str], Text | None]


def expand(template: str, leaf: Leaf, resolve: Resolve) -> Text:
    """The template with its variables replaced by what `resolve` knows of them; `leaf` is where the template begins.
    A malformed one is taken as it stands: whether that is an error was decided when the project was read."""
    if "$" not in template:
        return _written(template, leaf)
    known: dict[str, Text | None] = {}

    def lookup(name: str) -> str | None:
        if name not in known:
            known[name] = resolve(name)
        found = known[name]
        return None if found is None else found.value

    try:
        pieces = trace(template, lookup, lambda error: None)
    except InterpolationError:
        return _written(template, leaf)
    parts: list[Part] = []
    at = 0
    for piece in pieces:
        inner = EMPTY if piece.variable is None else known.get(piece.variable) or EMPTY
        if piece.variable is None:
            parts.append(Part(at, len(piece.text), leaf._replace(offset=leaf.offset + piece.start), ""))
        elif len(inner.parts) > _MOST_PARTS:
            parts.append(Part(at, len(piece.text), inner, piece.variable))
        else:
            parts += [Part(at + part.start, part.length, part.source, piece.variable) for part in inner.parts]
        at += len(piece.text)
    return Text("".join(piece.text for piece in pieces), tuple(part for part in parts if part.length))


def _written(value: str, leaf: Leaf) -> Text:
    """A text that stands at one leaf."""
    return Text(value, (Part(0, len(value), leaf, ""),) if value else ())


class Texts:
    """The texts of a project's bindings: as `${}` of a compose file sees them, and as an `env_file` hands them out."""

    def __init__(self, project: Project, documents: dict[str, EnvDocument]) -> None:
        self.project = project
        self.documents = documents
        self.last: dict[str, dict[str, int]] = {
            path: {binding.name: index for index, binding in enumerate(document.bindings)}
            for path, document in documents.items()
        }
        self._before: dict[str, dict[str, list[int]]] = {}
        self._valued: dict[tuple[str, str], list[int]] = {}
        self._names: dict[str, dict[str, list[str]]] = {}
        self._memo: dict[tuple[str, int, int], Text] = {}
        self._ready: dict[tuple[str, int], int] = {}
        self._busy = self._grown = 0
        self.scalars: list[EnvEntry | Template] = []  # of compose files, by the `scalar` of leaves
        self._entries: dict[int, tuple[EnvEntry, Text | None]] = {}

    def source(self, context: int, name: str) -> str | None:
        """The env file whose binding `${name}` reads; one that the shell hides is taken as if it were not hidden."""
        ctx = self.project.contexts[context]
        path = ctx.sources.get(name)
        if path is None and name in ctx.shell:
            path = next((path for path in ctx.env_files if name in self.last.get(path, ())), None)
        return path if path in self.documents else None

    def variable(self, context: int, name: str) -> Text | None:
        """What `${name}` is in this context, None if it is unset."""
        ctx = self.project.contexts[context]
        path = self.source(context, name)
        if path is not None and name in self.last[path]:
            return self.binding(path, self.last[path][name], context, inside=False)
        value = ctx.variables.get(name)
        return None if value is None else Text(value, ())

    def entry(self, entry: EnvEntry) -> Text | None:
        """What an entry of `environment` hands to the container, and where it is written."""
        known = self._entries.get(id(entry))
        if known is None:
            if entry.template is None:
                text = self.variable(entry.context, entry.name)
            else:
                text = self.of_compose(entry, entry.template)
            known = self._entries[id(entry)] = (entry, text)
        return known[1]

    def of_compose(self, scalar: EnvEntry | Template, template: str) -> Text:
        """What a template in a compose file comes to."""
        self.scalars.append(scalar)
        leaf = Leaf(scalar.origin.path, -1, 0, len(self.scalars) - 1)
        return expand(template, leaf, lambda name: self.variable(scalar.context, name))

    def name_at(self, leaf: Leaf) -> str:
        """The name of the binding at a leaf in an env file."""
        return self.documents[leaf.path].bindings[leaf.binding].name

    def binding(self, path: str, index: int, context: int, *, inside: bool) -> Text:
        """The value of a binding. `inside`: as an `env_file` hands it out, where `${}` sees the finished variables of
        the context before the lines above (compose-go parses the file a second time so)."""
        document = self.documents[path]
        binding = document.bindings[index]
        value = binding.value
        if value is None:
            return (inside and self.variable(context, binding.name)) or EMPTY
        leaf = Leaf(path, index, 0)
        if document.raw or binding.quote == "'" or "$" not in value:
            return _written(value, leaf)
        key = (path, index, context * 2 + inside)
        if key not in self._memo:
            if self._busy > _MAX_DEPTH:
                return EMPTY
            self._prepare(path, index, context, inside=inside)
            self._busy += 1
            found = expand(value, leaf, lambda name: self._nested(path, index, context, inside, name))
            self._busy -= 1
            self._grown += max(0, len(found.value) - len(value))
            if self._grown > _MOST_GROWN:
                raise EnvfixError(
                    "with this file the variables of the project's env files expand to more than 64 MB: use fewer",
                    path=path,
                    line=binding.line,
                )
            self._memo[key] = found
        return self._memo[key]

    def _prepare(self, path: str, index: int, context: int, *, inside: bool) -> None:
        """The bindings above one in their order, each once, so that a long chain of them is no deep one."""
        group = (path, context * 2 + inside)
        bindings = self.documents[path].bindings
        while (number := self._ready.get(group, 0)) < index:
            self._ready[group] = number + 1
            if "$" in (bindings[number].value or ""):
                self.binding(path, number, context, inside=inside)

    def _nested(self, path: str, index: int, context: int, inside: bool, name: str) -> Text | None:
        if inside:
            found = self.variable(context, name)
            if found is not None and not (self.source(context, name) == path and self.last[path].get(name) == index):
                return found
        else:
            outer = self.source(context, name)
            if outer is not None and outer != path and name in self.last[outer]:
                return self.binding(outer, self.last[outer][name], context, inside=False)
        above = self._above(path, index, name)
        if above is not None:
            return self.binding(path, above, context, inside=inside)
        value = (
            self.project.contexts[context].variables.get(name) if name in self.project.contexts[context].shell else None
        )
        return None if value is None else Text(value, ())

    def _above(self, path: str, index: int, name: str) -> int | None:
        """The nearest binding of `name` above number `index`."""
        last = self.last[path].get(name)
        if last is None:
            return None
        if last < index:
            return last
        if (path, name) not in self._valued:
            bindings = self.documents[path].bindings
            places = self.places(path).get(name, ())
            self._valued[path, name] = [place for place in places if bindings[place].value is not None]
        before = bisect_left(self._valued[path, name], index)
        return self._valued[path, name][before - 1] if before else None

    def names_of(self, path: str, value: str) -> list[str]:
        """The names that the file binds to this value, as it is written."""
        if path not in self._names:
            found: dict[str, list[str]] = {}
            for binding in self.documents[path].bindings:
                if binding.value is not None:
                    found.setdefault(binding.value, []).append(binding.name)
            self._names[path] = found
        return self._names[path].get(value, [])

    def places(self, path: str) -> dict[str, list[int]]:
        """For each name of the file the numbers of its bindings, in order."""
        if path not in self._before:
            found: dict[str, list[int]] = {}
            for number, binding in enumerate(self.documents[path].bindings):
                found.setdefault(binding.name, []).append(number)
            self._before[path] = found
        return self._before[path]


def without(template: str, name: str, resolve: Resolve) -> str | None:
    """What the template gives where `name` is unset, if it has a default for it (`:-`, `-`); else None. That is what
    the compose file's author says the value should be."""
    if not any(variable == name and operator in (":-", "-") for variable, operator in defaults(template)):
        return None

    def lookup(wanted: str) -> str | None:
        found = None if wanted == name else resolve(wanted)
        return None if found is None else found.value

    try:
        return interpolate(template, lookup, on_missing=lambda error: None)
    except InterpolationError:
        return None
