"""A command line split into words as go-shellwords does it for `command` and `entrypoint`."""

from __future__ import annotations


def split(line: str) -> tuple[str, ...]:
    """The words of a command. It ends at an unquoted `;`, `&`, `|`, `<` or `>`, as Compose has it. Raises ValueError
    where a quote, a backquote or a bracket does not close."""
    words: list[str] = []
    word = quote = ""
    started = False
    characters = iter(line)
    for char in characters:
        if char == "\\" and quote != "'":
            char = next(characters, "")
            if not char:
                raise ValueError("the command ends in a backslash")
            word += {"t": "\t", "n": "\n"}.get(char, char)
            started = True
        elif char in " \t\r\n" and not quote:
            if started:
                words.append(word)
            word, started = "", False
        elif char in ";&|<>" and not quote:
            # A digit before `>` is the number of a file.
            started = started and not (char == ">" and word[:1].isdigit())
            break
        else:
            quote, kept = _quoting(char, quote, word)
            word += kept
            started = True
    if quote:
        raise ValueError("a quote, a backquote or a bracket does not close")
    return (*words, word) if started else tuple(words)


def _quoting(char: str, quote: str, word: str) -> tuple[str, str]:
    """The quote that holds after `char`, and what of `char` stays in the word: quotes vanish, the backquotes and the
    brackets of a substitution stay, for nothing is substituted."""
    if char in "'\"" and quote in ("", char):
        return ("" if quote else char), ""
    if char == "`" and quote in ("", "`"):
        return ("" if quote else "`"), char
    if char == "(" and not quote and word.endswith("$"):
        return "(", char
    if char == ")" and quote == "(":
        return "", char
    if char in "()" and quote in ("", "("):
        raise ValueError("a bracket stands outside quotes")
    return quote, char
