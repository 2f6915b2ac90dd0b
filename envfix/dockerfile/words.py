"""The words of an instruction, and the variables in them (Dockerfile reference, "Environment replacement")."""

from __future__ import annotations

import re
from collections.abc import Mapping

from envfix.patterns import regex

_MAX_VALUES = 1 << 16
_WORD = regex(r"""(?:\\.|"(?:\\.|[^"\\])*+"|'[^']*+'|\S)++""", re.DOTALL)
_VARIABLE = r"\$(?:(?P<named>\w+)|\{(?P<braced>\w+)(?:(?P<operator>:?[-+?])(?P<word>(?:[^{}]|\$\{[^{}]*\})*))?\})"
_BARE = regex(rf"\\(?P<escaped>.)|'(?P<single>[^']*)'|\"(?P<double>(?:\\.|[^\"\\])*)\"|{_VARIABLE}", re.DOTALL)
_QUOTED = regex(rf"\\(?P<escaped>[\"\\$])|{_VARIABLE}", re.DOTALL)


def words(text: str) -> list[str]:
    """`text` split at blanks outside quotes; quotes, escapes and variables are left as they stand."""
    return _WORD.findall(text)


def expand(word: str, values: Mapping[str, str]) -> str:
    """`word` with quotes and escapes undone and its variables replaced; an unknown one becomes empty, and so does one
    with which the values of a word would grow past all reason."""
    room = _MAX_VALUES

    def replace(found: re.Match[str]) -> str:
        nonlocal room
        parts = found.groupdict()
        if parts["escaped"] is not None:
            return parts["escaped"]
        if parts.get("single") is not None:
            return parts["single"]
        if parts.get("double") is not None:
            return _QUOTED.sub(replace, parts["double"])
        value = values.get(parts["named"] or parts["braced"])
        operator = parts["operator"] or ""
        present = bool(value) if operator.startswith(":") else value is not None
        if (operator.endswith("-") and not present) or (operator.endswith("+") and present):
            return _BARE.sub(replace, parts["word"])
        if operator.endswith("+") or not value or len(value) > room:
            return ""
        room -= len(value)
        return value

    return _BARE.sub(replace, word)
