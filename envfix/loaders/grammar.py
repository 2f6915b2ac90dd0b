"""What would this loader read in this text?

One grammar for all: a loader's row (`envfix.loaders.table`) says how it takes the few places in which they differ. A
value is told by its span, since a repair is made in place; escapes are left as they are, for no address holds one.
Reading takes time in proportion to the size.
"""

import re
from functools import lru_cache

from envfix.envfile import Binding, EnvDocument, comments_above, decode
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

_BLANK = " \t"
_SPACE = " \t\r\n\v\f"
_LINE_END = regex(r"\r?\n|\r|\Z")
_COMMENT = regex(r"[ \t]#")


class Refusal(NamedTuple):
    """Why a loader refuses a file as a whole, and the line (from 1) at which it does."""

    line: int
    why: str


class LoaderReading(NamedTuple):
    """What a loader reads: the bindings in the order of the file, their values as written; `refusal` where it refuses
    the file, the bindings being those above the line."""

    bindings: tuple[Binding, ...]
    refusal: Refusal | None = None

    def __repr__(self) -> str:
        return f"LoaderReading({len(self.bindings)} bindings, refusal={self.refusal})"


class _Refused(Exception):
    """The loader takes nothing from the file; the argument says why."""


@lru_cache(maxsize=64)
def read(text: str, loader: Loader) -> LoaderReading:
    """What `loader` reads in an env file's text (bytes that are not UTF-8 as surrogate escapes)."""
    scanner = _Scanner(text, loader)
    try:
        scanner.run()
    except _Refused as refused:
        return LoaderReading(tuple(scanner.found), Refusal(scanner.line, str(refused)))
    return LoaderReading(tuple(scanner.found))


def parse(data: bytes, path: str, loader: Loader) -> EnvDocument:
    """An env file that Docker Compose does not read, as its own loader has it; only that an unquoted `#` within a word
    begins no comment, so that an address which such a one cuts off is seen and can be asked about. Raises EnvfixError
    for what is no text."""
    text = decode(data, path)
    whole = loader._replace(comment="after a blank") if loader.comment == "anywhere" else loader
    return EnvDocument(path, text, read(text, whole).bindings, loader=loader.name)


@lru_cache(maxsize=64)
def _name_of(loader: Loader) -> re.Pattern[str]:
    export = r"(?:export[ \t]+)?" if loader.export else ""
    around = r"[ \t]*" if loader.spaced else ""
    assigned = rf"{around}(?P<sign>=)" + (r"|[ \t]*(?P<colon>:)(?=[ \t])" if loader.colon else "")
    return re.compile(rf"{export}(?P<name>{loader.names})(?:{assigned})")


@lru_cache(maxsize=8)
def _closing(quote: str, escaped: bool) -> re.Pattern[str]:
    inside = rf"[^{quote}\\]*+(?:\\.[^{quote}\\]*+)*+" if escaped else rf"[^{quote}]*+"
    return re.compile(inside + quote, re.DOTALL)


class _Scanner:
    """Goes through a text once, from statement to statement; `line` is that of the statement at hand."""

    def __init__(self, text: str, loader: Loader) -> None:
        self.text, self.loader = text, loader
        self.found: list[Binding] = []
        self.line = 1
        self._counted = 0

    def run(self) -> None:
        text, loader = self.text, self.loader
        at = end = self._after_mark()
        while at < len(text):
            start = self._skip(at, _SPACE)
            if start == len(text):
                break
            self._count(start)
            if text[start] == "#":
                at = self._line_end(start)
                continue
            name = _name_of(loader).match(text, start)
            if name is None:
                at = self._stray(start)
                continue
            named = name["name"].rstrip(_SPACE)
            binding, at = self._value(named, name.start("name"), name.end())
            if binding is not None:
                self.found.append(binding._replace(comments=comments_above(text, end, start)))
            end = at

    def _after_mark(self) -> int:
        if not self.text.startswith("\ufeff"):
            return 0
        if self.loader.mark == "refused":
            raise _Refused("the file begins with a byte-order mark")
        return 1 if self.loader.mark == "skipped" else 0

    def _stray(self, start: int) -> int:
        """Where to go on behind a line that is no statement."""
        end = self._line_end(start)
        stray = self.loader.stray
        if stray == "joined":
            return self._line_end(self._skip(end, _SPACE))
        bare = re.fullmatch(self.loader.names, self.text[start:end].rstrip()) is not None
        if stray == "refused" or (stray == "refused unless bare" and not bare):
            raise _Refused("the line is no NAME=value")
        return end

    def _value(self, name: str, start: int, at: int) -> tuple[Binding | None, int]:
        """The binding whose value begins behind the `=` at `at`, None where the statement is lost, and the offset to go
        on at."""
        text, loader = self.text, self.loader
        behind = self._skip(at, _BLANK)
        if loader.next_line and behind > at and self._line_end(behind) == behind:
            behind = self._skip(behind, _SPACE)
        if behind > at and not loader.spaced and loader.stray == "refused" and self._line_end(behind) > behind:
            raise _Refused("a blank stands behind the =")
        quote = text[behind] if text[behind : behind + 1] in tuple(loader.quotes) else ""
        if quote:
            end = len(text) if loader.multiline else self._line_end(behind)
            found = _closing(quote, loader.escaped).match(text, behind + 1, end)
            if found is None and loader.unclosed != "text":
                return None, self._unclosed(behind)
            if found is not None:
                taken = self._quoted(name, start, quote, behind + 1, found.end() - 1)
                if taken is not None:
                    return taken
        return self._unquoted(name, start, at, behind)

    def _unclosed(self, start: int) -> int:
        if self.loader.unclosed == "refused":
            raise _Refused("a quote is not closed")
        return len(self.text) if self.loader.unclosed == "rest" else self._line_end(start)

    def _quoted(self, name: str, start: int, quote: str, first: int, last: int) -> tuple[Binding | None, int] | None:
        """The binding of a quoted value, as `_value` gives it; None where the quotes are text to this loader."""
        text, loader = self.text, self.loader
        end = self._line_end(last + 1)
        rest = text[last + 1 : end].strip(_SPACE)
        if rest and (loader.comment == "never" or not rest.startswith("#")):
            if loader.behind == "kept":
                return None
            if loader.behind == "lost":
                return None, end
            spaced = text[last + 1] in _BLANK
            if loader.behind == "refused" or (spaced and not loader.blanks):
                raise _Refused("text stands behind a closing quote")
            if loader.behind == "joined":
                last = last + 1 + len(text[last + 1 : end].split(None, 1)[0])
        return Binding(name, self.line, start, quote, first, last, text[first:last], None, ()), end

    def _unquoted(self, name: str, start: int, sign: int, first: int) -> tuple[Binding, int]:
        text, loader = self.text, self.loader
        end = self._line_end(first)
        value = text[first:end]
        if loader.comment == "anywhere":
            value = value.partition("#")[0]
        elif loader.comment == "after a blank":
            # The blank may be that between the sign and the value.
            found = _COMMENT.search(text, min(sign, first), end)
            value = text[first : max(first, found.start())] if found else value
        value = value.rstrip(_SPACE)
        if not loader.blanks and any(blank in value for blank in _BLANK):
            raise _Refused("a value with blanks has no quotes")
        quote = ""
        if len(value) > 1 and value[0] in loader.quotes and value[0] == value[-1]:
            quote, first, value = value[0], first + 1, value[1:-1]
        return Binding(name, self.line, start, quote, first, first + len(value), value, None, ()), end

    def _skip(self, at: int, characters: str) -> int:
        text = self.text
        while at < len(text) and text[at] in characters:
            at += 1
        return at

    def _line_end(self, at: int) -> int:
        found = _LINE_END.search(self.text, at)
        return found.start() if found else len(self.text)

    def _count(self, start: int) -> None:
        self.line += self.text.count("\n", self._counted, start)
        self._counted = start
