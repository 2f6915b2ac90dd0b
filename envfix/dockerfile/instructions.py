"""The lines of a Dockerfile put together to instructions (continuations, comments, directives, here-documents), and an
instruction's words with the variables in them.

The source is Docker's Dockerfile reference ("Format", "Parser directives", "Here-Documents", "Environment
replacement"). What Docker would refuse is passed over here: envfix looks for evidence in a Dockerfile, and judges none.
"""

import re
from collections.abc import Iterator, Mapping

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex

_DIRECTIVE = regex(r"#\s*(\w+)\s*=\s*(\S+)\s*$")
_HEREDOC = regex(r"(?:^|\s)\d*<<(-?)([\"']?)(\w[^\s\"'<>;&|]*)\2(?=\s|$)")
_MAX_VALUES, _MAX_VALUES_OF_FILE, _MAX_PORTS_OF_FILE = 1 << 16, 1 << 22, 1 << 16
_WORD = regex(r"""(?:\\.|"(?:\\.|[^"\\])*+"|'[^']*+'|\S)++""", re.DOTALL)
_VARIABLE = r"\$(?:(?P<named>\w+)|\{(?P<braced>\w+)(?:(?P<operator>:?[-+?])(?P<word>(?:[^{}]|\$\{[^{}]*\})*))?\})"
_BARE = regex(rf"\\(?P<escaped>.)|'(?P<single>[^']*)'|\"(?P<double>(?:\\.|[^\"\\])*)\"|{_VARIABLE}", re.DOTALL)
_QUOTED = regex(rf"\\(?P<escaped>[\"\\$])|{_VARIABLE}", re.DOTALL)


class Instruction(NamedTuple):
    """One instruction: its keyword in capitals, the rest with continuation lines joined, and the bodies of its
    here-documents."""

    keyword: str
    text: str
    heredocs: tuple[str, ...] = ()


def instructions(text: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile's text, from top to bottom."""
    lines = iter([line.removesuffix("\r") for line in text.removeprefix("\ufeff").split("\n")])
    mark = re.escape(_escape_character(text))
    continued = re.compile(rf"(?<!{mark}){mark}[ \t]*$")
    for line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        words = _joined(line, lines, continued).split(None, 1)
        if not words:  # a continuation of nothing
            continue
        keyword, text_behind = words[0], "".join(words[1:]).rstrip()
        heredocs = _heredocs(text_behind, lines) if keyword.upper() in ("RUN", "COPY", "ADD") else ()
        yield Instruction(keyword.upper(), text_behind, heredocs)


def _escape_character(text: str) -> str:
    """What `# escape=` says; it and other directives stand above everything else."""
    for line in text.removeprefix("\ufeff").split("\n"):
        directive = _DIRECTIVE.match(line)
        if not directive:
            break
        if directive[1].lower() == "escape" and directive[2] in ("\\", "`"):
            return directive[2]
    return "\\"


def _joined(line: str, lines: Iterator[str], continued: re.Pattern[str]) -> str:
    parts = []
    while found := continued.search(line):
        parts.append(line[: found.start()])
        # Comments and empty lines within an instruction end it not.
        line = next((one for one in lines if one.strip() and not one.lstrip().startswith("#")), "")
    return "".join([*parts, line])


def _heredocs(rest: str, lines: Iterator[str]) -> tuple[str, ...]:
    bodies = []
    for dash, _, delimiter in _HEREDOC.findall(rest):
        body = []
        for line in lines:
            if (line.lstrip("\t") if dash else line) == delimiter:
                break
            body.append(line)
        bodies.append("\n".join(body))
    return tuple(bodies)


def words(text: str) -> list[str]:
    """`text` split at blanks outside quotes; quotes, escapes and variables are left as they stand."""
    return _WORD.findall(text)


class Room:
    """How many characters variables may still bring into the words of a Dockerfile, and EXPOSE how many ports."""

    def __init__(self) -> None:
        self.values = _MAX_VALUES_OF_FILE
        self.ports = _MAX_PORTS_OF_FILE

    @property
    def taken(self) -> int:
        """How many characters variables have brought."""
        return _MAX_VALUES_OF_FILE - self.values


def expand(word: str, values: Mapping[str, str], of_file: Room) -> str:
    """`word` with quotes and escapes undone and its variables replaced; an unknown one becomes empty, and so does one
    with which the values of a word, or of the whole file, would grow past all reason."""
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
        if operator.endswith("+") or not value or len(value) > min(room, of_file.values):
            return ""
        room -= len(value)
        of_file.values -= len(value)
        return value

    return _BARE.sub(replace, word)
