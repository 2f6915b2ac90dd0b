"""Which number does somebody else's text name? Python takes for digits what no port is written with (`²`, `٣`), and
refuses to convert some thousands of them."""

from __future__ import annotations

_WIDEST = 1000  # a range with more ports than this says nothing about any of them


def port_number(text: str) -> int | None:
    """The port (1 to 65535) that `text` names in ASCII digits, leading zeros aside; None if it is anything else."""
    if not text.isascii() or not text.isdigit():
        return None
    significant = text.lstrip("0")
    if not significant or len(significant) > 5:
        return None
    number = int(significant)
    return number if number <= 65535 else None


def port_range(text: str) -> range:
    """The ports of `80` or `8000-8010`; none for a range that is too wide to mean one, or for anything else."""
    first, dash, last = text.partition("-")
    low, high = port_number(first), port_number(last if dash else first)
    if low is None or high is None or high - low >= _WIDEST:
        return range(0)
    return range(low, high + 1)
