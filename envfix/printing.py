"""What of a file's text may reach a terminal? Nothing that a terminal acts on, and nothing that hides."""

from __future__ import annotations

from envfix.patterns import regex

# Letters and marks that take no ink, so that str.isprintable() lets them pass: fillers, joiners, variation selectors.
_INVISIBLE = regex("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")


def clean(text: str) -> str:
    """`text` on one line, with every character that a terminal could act on, or that shows nothing (control, format,
    bidirectional and zero-width characters, blanks other than the space, bytes that are no UTF-8), spelt as an escape:
    a file must not forge what a person reads."""
    if text.isprintable() and (text.isascii() or not _INVISIBLE.search(text)):
        return text
    return "".join(_spelt(character) for character in text)


def _spelt(character: str) -> str:
    if character.isprintable() and not _INVISIBLE.match(character):
        return character
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character) or (
        f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
    )
