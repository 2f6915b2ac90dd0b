"""ruamel.yaml's scanner and parser at less cost: the same tokens and events, and the same errors.

Nearly all of a compose file is `key: value`, and half of a run over a real project went to looking at the tokens of
such lines again and again; with the methods here it is a third. `tests/compose/test_compose_tokens.py` holds them
against those that they replace. Import this module late: it brings ruamel.yaml.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml.events import ScalarEvent
from ruamel.yaml.parser import Parser
from ruamel.yaml.scanner import Scanner
from ruamel.yaml.tokens import BlockMappingStartToken, KeyToken, ScalarToken, ValueToken

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

    def need_more_tokens(self) -> bool:
        return bool(super().need_more_tokens()) if self.possible_simple_keys else not (self.tokens or self.done)

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
            while self.need_more_tokens():
                self.fetch_more_tokens()
            self.front = self.tokens[0] if self.tokens else None
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

    # A plain scalar with its colon right behind it is a key: its tokens are made in their order, where ruamel.yaml
    # notes a possible key, makes the scalar, and puts KEY in front of it when the colon comes.
    def fetch_plain(self) -> None:
        reader = self.reader
        found = None
        if self.allow_simple_key and not self.flow_context and not self.possible_simple_keys:
            found = reader.patterns.block_run.match(reader.buffer, reader.pointer)
        if found is None or reader.buffer[found.end()] != ":" or found.end() - found.start() > _LONGEST_KEY:
            super().fetch_plain()
            return
        start = reader.get_mark()
        if self.add_indent(start.column):
            self.tokens.append(BlockMappingStartToken(start, start))
        reader.pointer = found.end()
        end = reader.get_mark()
        reader.pointer += 1
        value = ValueToken(end, reader.get_mark())
        self.tokens += (KeyToken(start, start), ScalarToken(found[0], True, start, end), value)
        self.allow_simple_key = False


class LeanParser(Parser):
    """The parser with its scanner as an attribute, as above."""

    scanner: Any = None

    def __init__(self, owner: Any, scanner: LeanScanner) -> None:
        self.scanner = scanner
        super().__init__(loader=owner)

    # A scalar without anchor and tag, as four of five nodes are; ruamel.yaml asks for six other tokens before.
    def parse_node(self, block: bool = False, indentless_sequence: bool = False) -> Any:
        if not self.scanner.check_token(ScalarToken):
            return super().parse_node(block, indentless_sequence)
        token = self.scanner.get_token()
        self.state = self.states.pop()
        implicit = (token.plain, not token.plain)
        return ScalarEvent(None, None, implicit, token.value, token.start_mark, token.end_mark, style=token.style)
