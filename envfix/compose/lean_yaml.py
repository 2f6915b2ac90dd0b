"""ruamel.yaml's scanner and parser at less cost: the same tokens and events, and the same errors.

Nearly all of a compose file is `key: value`, and half of a run over a real project went to looking at the tokens of
such lines again and again; with the methods here it is a third or less. `tests/compose/test_compose_tokens.py` holds
them against those that they replace. Import this module late: it brings ruamel.yaml.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ruamel.yaml.events import MappingStartEvent, ScalarEvent, SequenceStartEvent
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import (
    BlockEndToken,
    BlockEntryToken,
    BlockMappingStartToken,
    BlockSequenceStartToken,
    KeyToken,
    ScalarToken,
    ValueToken,
)

_LONGEST_KEY = 1024  # characters of a key without a question mark (ruamel.yaml, stale_possible_simple_keys)


class LeanScanner(Scanner):
    """Its reader is one over a text in memory, which has its `buffer`, `pointer` and the `patterns` of a scalar."""

    # An attribute: the property of ruamel.yaml looks for it at each of some twenty uses a token.
    reader: Any = None
    # The next token, once it is known that no KEY will be put in front of it.
    front: Any = None

    def __init__(self, owner: Any) -> None:
        self.reader = owner.reader
        super().__init__(loader=owner)

    # The possible keys, one for each level of brackets, stand in the order of the text, the oldest first. ruamel.yaml
    # goes through all of them for each token, which makes a square of brackets within brackets.
    def stale_possible_simple_keys(self) -> None:
        keys = self.possible_simple_keys
        while keys:
            level, key = next(iter(keys.items()))
            if key.line == self.reader.line and self.reader.index - key.index <= _LONGEST_KEY:
                return
            if key.required:
                super().stale_possible_simple_keys()  # raises
            del keys[level]

    def next_possible_simple_key(self) -> Any:
        return next((key.token_number for key in self.possible_simple_keys.values()), None)

    # Only a fetch puts a KEY in front and only `get_token` brings up another token, so it is asked once for each,
    # not at each of the six looks that the parser takes at it.
    def peek_token(self) -> Any:
        if self.front is None:
            tokens = self.tokens
            while self.need_more_tokens() if self.possible_simple_keys else not (tokens or self.done):
                self.fetch_more_tokens()
            self.front = tokens[0] if tokens else None
        return self.front

    def check_token(self, *choices: Any) -> bool:
        token = self.front or self.peek_token()
        return token is not None and (not choices or isinstance(token, choices))

    def get_token(self) -> Any:
        token = self.peek_token()
        if token is not None:
            self.tokens_taken += 1
            del self.tokens[0]
            self.front = None
        return token

    # A plain scalar with its colon right behind it is a key, for which one token is made. ruamel.yaml notes a possible
    # key, makes the scalar, and puts KEY in front of it when it makes the VALUE of the colon. One behind a colon or on
    # a line that goes on can be no key.
    def fetch_plain(self) -> None:
        if not self.allow_simple_key:
            self.tokens.append(self.scan_plain())
            return
        reader = self.reader
        found = None
        if not self.flow_context and not self.possible_simple_keys:
            found = reader.patterns.block_run.match(reader.buffer, reader.pointer)
        if found is None or reader.buffer[found.end()] != ":" or found.end() - found.start() > _LONGEST_KEY:
            super().fetch_plain()
            return
        start = reader.get_mark()
        if self.add_indent(start.column):
            self.tokens.append(BlockMappingStartToken(start, start))
        reader.pointer = found.end()
        self.tokens.append(EntryToken(found[0], start, reader.get_mark()))
        reader.pointer += 1
        self.allow_simple_key = False

    def fetch_flow_scalar(self, style: str) -> None:
        if self.allow_simple_key:
            super().fetch_flow_scalar(style)
        else:
            self.tokens.append(self.scan_flow_scalar(style))

    def fetch_block_entry(self) -> None:
        if self.flow_context or self.possible_simple_keys or not self.allow_simple_key:
            super().fetch_block_entry()
            return
        start = self.reader.get_mark()
        if self.add_indent(start.column):
            self.tokens.append(BlockSequenceStartToken(start, start))
        self.reader.pointer += 1
        self.tokens.append(BlockEntryToken(start, self.reader.get_mark()))


class EntryToken(KeyToken):
    """KEY, a plain scalar (its `value` and marks) and VALUE in one."""

    __slots__ = ("value",)
    plain = True
    style = None

    def __init__(self, value: str, start: Any, end: Any) -> None:
        self.value = value
        self.start_mark = start
        self.end_mark = end


def _scalar_event(token: Any) -> Any:
    """The event of a scalar without anchor and tag, with all that ruamel.yaml's constructors set, in one call."""
    event = _new(ScalarEvent)
    event.anchor = event.ctag = event.comment = None
    event.implicit = (token.plain, not token.plain)
    event.value = token.value
    event.style = token.style
    event.start_mark = token.start_mark
    event.end_mark = token.end_mark
    return event


_new = object.__new__


class LeanParser(Parser):
    """The parser with its scanner as an attribute, as above. ruamel.yaml asks the scanner for each kind of token that
    may come, one after the other; where nearly always one does, it is looked at here, and all else is ruamel.yaml's."""

    scanner: Any = None

    def __init__(self, owner: Any, scanner: LeanScanner) -> None:
        self.scanner = scanner
        super().__init__(loader=owner)

    # Nobody looks at an event before it is taken.
    def get_event(self) -> Any:
        return self.state() if self.state else None

    # A node without anchor and tag, as nearly all are.
    def parse_node(self, block: bool = False, indentless_sequence: bool = False) -> Any:
        token = self.scanner.front or self.scanner.peek_token()
        kind = type(token)
        if kind is ScalarToken:
            self.scanner.get_token()
            self.state = self.states.pop()
            return _scalar_event(token)
        if kind is BlockMappingStartToken and block:
            self.state = self.parse_block_mapping_first_key
            return MappingStartEvent(None, None, True, token.start_mark, token.start_mark, flow_style=False)
        if kind is BlockEntryToken and indentless_sequence:
            self.state = self.parse_indentless_sequence_entry
            return SequenceStartEvent(None, None, True, token.start_mark, token.end_mark, flow_style=False)
        return super().parse_node(block, indentless_sequence)

    def parse_block_mapping_key(self) -> Any:
        token = self.scanner.front or self.scanner.peek_token()
        if type(token) is not EntryToken:
            return super().parse_block_mapping_key()
        self.scanner.get_token()
        self.state = self._parse_given_value
        return _scalar_event(token)

    def parse_block_mapping_value(self) -> Any:
        if type(self.scanner.peek_token()) is not ValueToken:
            return super().parse_block_mapping_value()
        self.scanner.get_token()
        return self._parse_given_value()

    def _parse_given_value(self) -> Any:
        """What stands behind the colon of a key."""
        following = self.scanner.peek_token()
        if type(following) in _NO_VALUE:
            self.state = self.parse_block_mapping_key
            # KEY alone would have no length.
            mark = following.start_mark if type(following) is EntryToken else following.end_mark
            return self.process_empty_scalar(mark)
        self.states.append(self.parse_block_mapping_key)
        return self.parse_node(block=True, indentless_sequence=True)

    def parse_block_sequence_entry(self) -> Any:
        return self._entry(super().parse_block_sequence_entry, self.parse_block_sequence_entry, _NO_ENTRY)

    def parse_indentless_sequence_entry(self) -> Any:
        following = self.parse_indentless_sequence_entry
        return self._entry(super().parse_indentless_sequence_entry, following, _NO_INDENTLESS_ENTRY)

    def _entry(self, other: Callable[[], Any], following: Callable[[], Any], ends: frozenset[Any]) -> Any:
        """The node of an entry, empty where one of the `ends` follows; what comes in place of an entry is told by the
        `other` method."""
        if type(self.scanner.peek_token()) is not BlockEntryToken:
            return other()
        mark = self.scanner.get_token().end_mark
        if type(self.scanner.peek_token()) in ends:
            self.state = following
            return self.process_empty_scalar(mark)
        self.states.append(following)
        return self.parse_node(block=True)


_NO_VALUE = frozenset((KeyToken, EntryToken, ValueToken, BlockEndToken))
_NO_ENTRY = frozenset((BlockEntryToken, BlockEndToken))
_NO_INDENTLESS_ENTRY = _NO_VALUE | {BlockEntryToken}
