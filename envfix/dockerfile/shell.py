"""The plain commands in the text of a RUN, as far as they can be told without a shell."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from envfix.dockerfile.instructions import expand
from envfix.patterns import regex

# Of interest are only commands that take a file away, bring it, or write into it.
_OF_INTEREST = regex(r"\b(?:rm|mv|cp)\b|>")
_MAX_TEXT = 1 << 16
_OPENS = frozenset(("if", "while", "until", "for", "case"))
_CLOSES = frozenset(("fi", "done", "esac"))
_PREFIXES = frozenset(("sudo", "exec", "{", "}", "!", "env"))


class Command(NamedTuple):
    """A command with its arguments, variables replaced where known; `overwrites` are the files that `>` writes."""

    arguments: tuple[str, ...]
    overwrites: tuple[str, ...] = ()


def commands(text: str | tuple[str, ...], values: Mapping[str, str]) -> Iterator[Command]:
    """The commands of a RUN from left to right, those that only run under a condition (`if`, `||`, loops) left out. An
    argument with a variable that `values` does not know is left out too."""
    if isinstance(text, tuple):
        yield Command(text)
        return
    if len(text) > _MAX_TEXT or not _OF_INTEREST.search(text):
        return
    depth = 0
    for separator, tokens in _split(text):
        while tokens and (tokens[0] in _PREFIXES or re.match(r"\w+=", tokens[0])):
            tokens = tokens[1:]
        first = tokens[0] if tokens else ""
        depth = max(0, depth + (first in _OPENS) - (first in _CLOSES))
        if tokens and not depth and "||" not in separator:
            yield _command(tokens, values)


def _split(text: str) -> Iterator[tuple[str, list[str]]]:
    """(the separator before, words) of each command."""
    import shlex

    lexer = shlex.shlex(text, posix=True, punctuation_chars="();|&>\n")
    lexer.whitespace = " \t\r"
    lexer.whitespace_split = True
    lexer.commenters = ""
    separator, tokens = "", list[str]()
    try:
        for token in lexer:
            if token.strip("();|&\n"):
                tokens.append(token)
                continue
            yield separator, tokens
            separator, tokens = token, []
    except ValueError:
        # A quote that never closes: what follows cannot be told.
        return
    yield separator, tokens


def _command(tokens: list[str], values: Mapping[str, str]) -> Command:
    arguments: list[str] = []
    overwrites: list[str] = []
    into = arguments
    for token in tokens:
        if not token.strip(">&"):
            into = overwrites if token == ">" else []
            continue
        if all(name in values for name in re.findall(r"\$\{?(\w*)", token)):
            into.append(expand(token, values) if "$" in token else token)
        into = arguments
    return Command(tuple(arguments), tuple(overwrites))
