"""How do the small files of git get in? Bounded and without blocking, as all that somebody else may have written; one
that cannot be read is as good as none."""

from __future__ import annotations

from envfix.errors import EnvfixError
from envfix.files import read_bounded

_MAX_TEXT = 1 << 20


def text_of(path: str) -> str | None:
    """The text of the regular file at `path`; None where there is none."""
    data = data_of(path, _MAX_TEXT)
    return None if data is None else data.decode("utf-8", "surrogateescape")


def data_of(path: str, limit: int) -> bytes | None:
    """The bytes of the regular file at `path`, of at most `limit`; None where there is none."""
    try:
        return read_bounded(path, limit, "file")
    except EnvfixError:
        return None
