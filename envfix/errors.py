"""The one exception of envfix: what a person is told when a run cannot go on."""

from __future__ import annotations


class EnvfixError(Exception):
    """A failure that a person can mend.

    `message` says in one sentence what is wrong and the way out; `path` is the file, `line` and `column` (from 1) the
    place in it, each None where there is none. `str(error)` is `path:line:column: message`, one line, and holds no
    value of a variable.
    """

    def __init__(
        self, message: str, *, path: str | None = None, line: int | None = None, column: int | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.message}" if place else self.message
