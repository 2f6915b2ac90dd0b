"""A command line split into words as go-shellwords does it for `command` and `entrypoint`."""

from __future__ import annotations


def split(line: str) -> tuple[str, ...]:
    """The words of a command. It ends at an unquoted `;`, `&`, `|`, `<` or `>`, as Compose has it. Raises ValueError
    for a quote that does not close."""
    words: list[str] = []
    word = ""
    started = False
    quote = ""
    escaped = False
    for char in line:
        if escaped:
            word += {"t": "\t", "n": "\n"}.get(char, char)
            escaped, started = False, True
        elif char == "\\" and quote != "'":
            escaped = True
        elif char in " \t\r\n" and not quote:
            if started:
                words.append(word)
            word, started = "", False
        elif char in "'\"" and quote in ("", char):
            quote = "" if quote else char
            started = True
        elif char in ";&|<>" and not quote:
            if char == ">" and word[:1].isdigit():
                started = False
            break
        elif char == "(" and not quote:
            raise ValueError("a bracket stands outside quotes")
        else:
            word += char
            started = True
    if started:
        words.append(word)
    if quote or escaped:
        raise ValueError("a quote does not close")
    return tuple(words)
