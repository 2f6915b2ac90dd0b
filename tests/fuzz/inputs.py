"""Inputs for the short run: the seeds, changed here and there, and heaps of words that mean something."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from hypothesis import strategies as st

HERE = Path(__file__).parent
WORDS = HERE / "words.dict"


def seeds(target: str) -> list[Path]:
    return sorted((HERE / "seeds" / target).iterdir())


def found(target: str) -> list[Path]:
    folder = HERE / "found" / target
    return sorted(folder.iterdir()) if folder.is_dir() else []


@lru_cache
def words() -> tuple[bytes, ...]:
    """The words of libFuzzer's dictionary."""
    quoted = re.findall(r'^"((?:[^"\\]|\\.)*)"', WORDS.read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(word.encode().decode("unicode-escape").encode("latin-1") for word in quoted)


def inputs(target: str) -> st.SearchStrategy[bytes]:
    pieces = st.one_of(st.sampled_from(words()), st.binary(max_size=3), st.sampled_from([b"\n", b" ", b"=", b":"]))
    if target == "plan":  # whose bytes are choices
        return st.binary(max_size=160)
    edits = st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 12), pieces), max_size=5)
    texts = st.sampled_from([path.read_bytes() for path in seeds(target)])
    return st.one_of(st.builds(_edited, texts, edits), st.lists(pieces, max_size=30).map(b"".join))


def _edited(text: bytes, edits: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, piece in edits:
        start = place % (len(text) + 1)
        text = text[:start] + piece + text[start + length :]
    return text
