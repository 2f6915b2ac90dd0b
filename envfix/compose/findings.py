"""What is told about a project while it is read: refusals when strict, notices otherwise."""

from __future__ import annotations

from envfix.compose.model import Origin
from envfix.errors import EnvfixError
from envfix.records import Notice


class Findings:
    """Collects notices, each once. With `strict`, whatever Compose refuses ends the reading."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self._notices: dict[Notice, None] = {}

    def warn(self, message: str, path: str | None = None, line: int | None = None) -> None:
        """Something that Compose itself only warns of, or does not mind."""
        self._notices.setdefault(Notice(path, line, message))

    def refuse(self, message: str, origin: Origin | None = None, path: str | None = None) -> None:
        """Something that Compose refuses, but that need not stop a diagnosis. Raises EnvfixError when strict."""
        path, line = (origin.path, origin.line) if origin else (path, None)
        if self.strict:
            raise EnvfixError(message, path=path, line=line, column=origin.column if origin else None)
        self.warn(message, path, line)

    @property
    def notices(self) -> tuple[Notice, ...]:
        return tuple(self._notices)
