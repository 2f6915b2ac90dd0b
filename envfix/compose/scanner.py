"""YAML tokens as go-yaml, Compose's YAML library, cuts them.

ruamel.yaml's parser and the skeleton of its scanner stay (lean_yaml.py has them); what differs from go-yaml (a port of
libyaml: tabs, plain scalars in flow context, block scalars, line breaks, directives, escapes) is replaced here, with
regular expressions that take a whole run of text at a time. Import this module late: it brings ruamel.yaml.
"""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.scanner import ScannerError
from ruamel.yaml.tokens import AliasToken, ScalarToken

from envfix.compose.lean_yaml import LeanParser, LeanScanner
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

BREAKS = "\n\r\x85\u2028\u2029"
_RARE_BREAKS = "\u2028\u2029"
# These find something everywhere, be it nothing.
_SPACES: Any = regex(" *")
_BLANKS: Any = regex("[ \t]*")
_SKIPPED = " \t#" + BREAKS
_LONGEST_TAG = 1000  # a URI (https://yaml.org/spec/1.2.2/#tags), of which the longest in use have some fifty
_VERSION = regex(r"(\d+)\.(\d+)")


class Patterns:
    """The runs of text that tokens are made of, where lines end with one of `breaks`."""

    def __init__(self, breaks: str) -> None:
        not_break = f"[^{breaks}\0]"
        word = rf"[^ \t{breaks}\0:]|:(?![ \t{breaks}\0])"
        flow_word = rf"[^ \t{breaks}\0:,?\[\]{{}}]|:(?![ \t{breaks}\0,\]}}])|\?(?![ {breaks}\0])"
        self.block_run = regex(rf"(?![ \t])(?:[ \t]*+(?!#)(?:{word})++)++")
        self.flow_run = regex(rf"(?![ \t])(?:[ \t]*+(?!#)(?:{flow_word})++)++")
        self.line = regex(f"{not_break}*")
        self.single = regex(f"'((?:[^'{breaks}\0]|'')*)'(?!')")
        self.double = regex(rf'"([^"\\{breaks}\0]*)"')
        self.indicator = regex(rf"(?:---|\.\.\.)(?=[ \t{breaks}\0])")
        self.anchor = regex(rf"(?:[!-+\--9;-Z\\^-z|~]|:(?![ \t{breaks}\0]))+(?=[ \t{breaks}\0,\[\]{{}}:])")
        self.alias = regex(rf"[!-+\--9;-Z\\^-z|~]+(?=[ \t{breaks}\0,\[\]{{}}:])")
        self.header = regex(rf"[|>](?:([+-])([1-9])?|([1-9])([+-])?)?[ \t]*(?:#{not_break}*)?(?=[{breaks}\0])")


_PATTERNS = Patterns(BREAKS.rstrip(_RARE_BREAKS))
# Hardly a file holds the other breaks, and a set with characters beyond Latin-1 takes ten times as long to compile.
_PATTERNS_OF_ALL = Patterns(BREAKS)


def _end(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a run that may be empty ends."""
    found = pattern.match(text, at)
    return found.end() if found else at


_TAB = "a tab stands where an indentation of spaces is expected"


class Mark(NamedTuple):
    """A position: `index` in the text, `line` and `column` from 0."""

    index: int  # type: ignore[assignment]  # its name in ruamel.yaml
    line: int
    column: int


_made = tuple.__new__


class Buffer:
    """ruamel.yaml's reader over a text in memory, ended by NULs."""

    def __init__(self, text: str) -> None:
        self.buffer = text + "\0" * 8
        self.patterns = _PATTERNS_OF_ALL if any(rare in text for rare in _RARE_BREAKS) else _PATTERNS
        self.pointer = 0
        self.line = 0
        self.line_start = 0
        self.encoding = None
        self.stream = None

    @property
    def index(self) -> int:
        return self.pointer

    @property
    def column(self) -> int:
        return self.pointer - self.line_start

    def peek(self, index: int = 0) -> str:
        return self.buffer[self.pointer + index]

    def before(self) -> str:
        """The character in front, blanks and line breaks passed over."""
        at = self.pointer - 1
        while at > 0 and self.buffer[at] in " \t" + BREAKS:
            at -= 1
        return self.buffer[at]

    def prefix(self, length: int = 1) -> str:
        return self.buffer[self.pointer : self.pointer + length]

    def forward(self, length: int = 1) -> None:
        for _ in range(length):
            if self.buffer[self.pointer] in BREAKS:
                self.take_break()
            else:
                self.pointer += 1

    def get_mark(self) -> Mark:
        return _made(Mark, (self.pointer, self.line, self.pointer - self.line_start))  # two or three a token

    def take_break(self) -> str:
        """Step over one line break; what it is worth in a scalar."""
        found = self.buffer[self.pointer]
        self.pointer += 2 if found == "\r" and self.buffer[self.pointer + 1] == "\n" else 1
        self.line += 1
        self.line_start = self.pointer
        return found if found in "\u2028\u2029" else "\n"


class ComposeScanner(LeanScanner):
    """ruamel.yaml's scanner with go-yaml's tokens. Each method that stands here, but for one, is needed for a file to
    be read as Docker Compose reads it, by `tests/compose/test_compose_yaml.py`, which asks the real one; the source is
    https://github.com/go-yaml/yaml/blob/v3/scannerc.go."""

    # `\/` is none of YAML 1.1, and `\'` is one of go-yaml's.
    ESCAPE_REPLACEMENTS = {  # noqa: RUF012
        **{char: value for char, value in LeanScanner.ESCAPE_REPLACEMENTS.items() if char != "/"},
        "'": "'",
    }

    # `{A: x, :y}`: a colon against a word begins a plain scalar in flow context.
    def fetch_more_tokens(self) -> Any:
        self.scan_to_next_token()
        if self.possible_simple_keys:
            self.stale_possible_simple_keys()
        reader = self.reader
        if self.indent > reader.pointer - reader.line_start:
            self.unwind_indent(reader.column)
        first = reader.buffer[reader.pointer]
        if first.isalnum() or first in "/$_":
            return self.fetch_plain()
        handler = _HANDLERS.get(first)
        return handler(self) if handler is not None else super().fetch_more_tokens()

    # Tabs separate tokens where no key may begin: `A:\tx`.
    def scan_to_next_token(self) -> None:
        reader = self.reader
        buffer = reader.buffer
        while buffer[reader.pointer] in _SKIPPED:
            blanks = _BLANKS if self.flow_context or not self.allow_simple_key else _SPACES
            pointer = blanks.match(buffer, reader.pointer).end()
            if buffer[pointer] == "#":
                pointer = _end(reader.patterns.line, buffer, pointer)
            reader.pointer = pointer
            if buffer[pointer] not in BREAKS:
                return
            reader.take_break()
            if not self.flow_context:
                self.allow_simple_key = True

    # `{A: x, :y}` again, and `{U:}` beside it.
    def check_value(self) -> bool:
        following = self.reader.peek(1)
        if following in " \t\0" + BREAKS:
            return True
        if not self.flow_context:
            return False
        # A key in front may stand right against it; else `:80` is a plain scalar.
        opens = self.flow_context[-1] == "[" or self.reader.before() == ","
        return not opens or following in ",[]{}" or self.flow_level in self.possible_simple_keys

    # `{?x: y}` holds a plain scalar: a question mark is a key only before a blank.
    def check_key(self) -> bool:
        return self.reader.peek(1) in " \t\0" + BREAKS

    # `{A: ?x}` likewise.
    def check_plain(self) -> bool:
        starts = self.reader.peek() == "?" and not self.check_key()
        return starts or bool(super().check_plain())

    # `{A: !x,B: y}` is refused; so is a tag of which ruamel.yaml would make its square.
    def scan_tag(self) -> Any:
        token = super().scan_tag()
        handle, suffix = token.value
        if len(suffix) > _LONGEST_TAG:
            problem = f"a tag must not be longer than {_LONGEST_TAG:,} characters"
            raise ScannerError(None, None, problem, token.start_mark)
        if handle is not None and any(char in ",[]{}" for char in suffix):
            raise ScannerError(None, None, "a tag must not hold commas or brackets", token.start_mark)
        return token

    # `%FOO` is refused.
    def scan_directive(self) -> Any:
        token = super().scan_directive()
        if token.name not in ("YAML", "TAG"):
            raise ScannerError(None, None, f"the directive %{token.name} is not known", token.start_mark)
        return token

    # `%YAML 1.2` is refused.
    def scan_yaml_directive_value(self, start_mark: Any) -> Any:
        reader = self.reader
        reader.forward(_end(_BLANKS, reader.buffer, reader.pointer) - reader.pointer)
        found = _VERSION.match(reader.buffer, reader.pointer)
        if found is None or found.groups() != ("1", "1"):
            raise ScannerError(None, None, "only YAML 1.1 may be asked for with %YAML", reader.get_mark())
        reader.pointer = found.end()
        return 1, 1

    # Names are ASCII: `&é` is refused.
    def scan_anchor(self, TokenClass: Any) -> Any:
        reader = self.reader
        start = reader.get_mark()
        pattern = reader.patterns.alias if TokenClass is AliasToken else reader.patterns.anchor
        found = pattern.match(reader.buffer, reader.pointer + 1)
        if found is None:
            raise ScannerError(None, None, "an anchor or alias needs a name", start)
        reader.pointer = found.end()
        return TokenClass(found[0], start, reader.get_mark())

    # `{U:}` and `{A: x?}` hold plain scalars; a tab may stand within and behind one, not before a continued line.
    def scan_plain(self) -> Any:
        reader = self.reader
        buffer = reader.buffer
        start = end = reader.get_mark()
        flow = bool(self.flow_context)
        run = reader.patterns.flow_run if flow else reader.patterns.block_run
        indent = self.indent + 1
        words: list[str] = []
        fold, broken = "", False
        while reader.pointer > reader.line_start or not reader.patterns.indicator.match(buffer, reader.pointer):
            found = run.match(buffer, reader.pointer)
            if found is None:
                break
            words += (fold, found[0])
            reader.pointer = found.end()
            end = reader.get_mark()
            broken = False
            if buffer[reader.pointer] in " \t":
                reader.pointer = _BLANKS.match(buffer, reader.pointer).end()
            if buffer[reader.pointer] not in BREAKS:
                break
            fold = self._fold(indent)
            broken = True
            if not flow and reader.pointer - reader.line_start < indent:
                break
        if broken:
            self.allow_simple_key = True
        return ScalarToken("".join(words), True, start, end)

    def _fold(self, indent: int) -> str:
        """Step over line breaks and the blanks after them; what they are worth between two words."""
        reader: Buffer = self.reader
        first, rest = reader.take_break(), list[str]()
        while True:
            pointer = _BLANKS.match(reader.buffer, reader.pointer).end()
            if "\t" in reader.buffer[reader.pointer : min(pointer, reader.line_start + indent)]:
                raise ScannerError(None, None, _TAB, reader.get_mark())
            reader.pointer = pointer
            if reader.buffer[pointer] not in BREAKS:
                break
            rest.append(reader.take_break())
        breaks = "".join(rest)
        return first + breaks if first != "\n" else breaks or " "

    # Not for its tokens: a scalar without escapes is taken at once, a megabyte of words in 0.2 s where it takes 2.4.
    def scan_flow_scalar(self, style: str) -> Any:
        reader = self.reader
        closed = reader.patterns.double if style == '"' else reader.patterns.single
        found = closed.match(reader.buffer, reader.pointer)
        if found is None:
            return super().scan_flow_scalar(style)
        start = reader.get_mark()
        reader.pointer = found.end()
        value = found[1] if style == '"' else found[1].replace("''", "'")
        return ScalarToken(value, False, start, reader.get_mark(), style)

    # Half of a surrogate pair and what is beyond Unicode are refused (ruamel.yaml raises OverflowError).
    def scan_flow_scalar_non_spaces(self, double: Any, start_mark: Any) -> Any:
        try:
            chunks = super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError):  # chr() of more than Unicode has
            chunks = ["\ud800"]
        if any("\ud800" <= chunk <= "\udfff" for chunk in chunks):
            raise ScannerError(None, None, "an escape names no character of Unicode", start_mark)
        return chunks

    # A tab in the indentation is refused, and the indentation is that of its first line.
    def scan_block_scalar(self, style: str, rt: bool | None = False) -> Any:
        reader = self.reader
        buffer = reader.buffer
        start = reader.get_mark()
        header = reader.patterns.header.match(buffer, reader.pointer)
        if header is None:
            raise ScannerError(None, None, "a block scalar's header holds only +, - and a digit", start)
        reader.pointer = header.end()
        if buffer[reader.pointer] in BREAKS:
            reader.take_break()
        increment = header[2] or header[3]
        indent = (max(self.indent, 0) + int(increment)) if increment else 0
        end = reader.get_mark()
        indent, trailing = self._block_breaks(indent)
        lines: list[str] = []
        line_break, leading_blank = "", False
        while reader.column == indent and buffer[reader.pointer] != "\0":
            trailing_blank = buffer[reader.pointer] in " \t"
            if style == ">" and line_break == "\n" and not leading_blank and not trailing_blank:
                lines.append(trailing or " ")
            else:
                lines += (line_break, trailing)
            leading_blank = trailing_blank
            line_end = _end(reader.patterns.line, buffer, reader.pointer)
            lines.append(buffer[reader.pointer : line_end])
            reader.pointer = line_end
            end = reader.get_mark()
            line_break = self.scan_line_break()
            indent, trailing = self._block_breaks(indent)
        chomping = header[1] or header[4]
        lines += ("" if chomping == "-" else line_break, trailing if chomping == "+" else "")
        return ScalarToken("".join(lines), False, start, end, style)

    def _block_breaks(self, indent: int) -> tuple[int, str]:
        """Step over empty lines and the indentation after them; with `indent` 0 it is found out on the way."""
        reader = self.reader
        deepest, breaks = 0, list[str]()
        while True:
            pointer = _end(_SPACES, reader.buffer, reader.pointer)
            reader.pointer = max(reader.pointer, min(pointer, reader.line_start + indent)) if indent else pointer
            deepest = max(deepest, reader.column)
            if reader.peek() == "\t" and (not indent or reader.column < indent):
                raise ScannerError(None, None, _TAB, reader.get_mark())
            if reader.peek() not in BREAKS:
                break
            breaks.append(reader.take_break())
        return indent or max(deepest, self.indent + 1, 1), "".join(breaks)


def _handle_dash(scanner: Any) -> Any:
    if scanner.reader.pointer == scanner.reader.line_start and scanner.check_document_start():
        return scanner.fetch_document_start()
    return scanner.fetch_block_entry() if scanner.check_block_entry() else scanner.fetch_plain()


_HANDLERS: dict[str, Any] = {
    "'": ComposeScanner.fetch_single,
    '"': ComposeScanner.fetch_double,
    "-": _handle_dash,
    "[": ComposeScanner.fetch_flow_sequence_start,
    "]": ComposeScanner.fetch_flow_sequence_end,
    "{": ComposeScanner.fetch_flow_mapping_start,
    "}": ComposeScanner.fetch_flow_mapping_end,
    ",": ComposeScanner.fetch_flow_entry,
    ":": lambda scanner: scanner.fetch_value() if scanner.check_value() else scanner.fetch_plain(),
}


class _Resolver:
    """What the parser asks of a resolver: under version 1.1 its grammar is libyaml's."""

    processing_version = (1, 1)


class ParserOwner:
    """What ruamel.yaml's scanner and parser look for on their owner. It holds neither of them, as they would else hold
    each other through it, and stay until the collector comes."""

    typ = "base"
    comment_handling = None
    resolver = _Resolver()
    _scanner = _parser = "not kept"

    def __init__(self, text: str) -> None:
        self.reader = Buffer(text)


def parser_of(text: str) -> LeanParser:
    """The parser of a text."""
    owner = ParserOwner(text)
    return LeanParser(owner, ComposeScanner(owner))
