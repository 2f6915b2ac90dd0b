"""Regular expressions that are compiled when they are first used. Every module keeps its own so, which a test holds: a
run uses a fifth of some 170, and compiling all of them at import takes some 90 ms more than compiling these."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives, compiled at the first use of one of its methods or attributes."""
    return cast("re.Pattern[AnyStr]", _Pattern(text, flags))


class _Pattern:
    def __init__(self, text: str | bytes, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        # Asked once for each method: it then stands in the instance, where the next look-up finds it first.
        found = getattr(re.compile(self._text, self._flags), name)
        self.__dict__[name] = found
        return found
