"""What a run finds and decides, as immutable records that every stage above the compose model shares."""

from typing import NamedTuple


class Notice(NamedTuple):
    """Something a person should know that changes no decision: `path` and `line` (from 1) where it has a place."""

    path: str | None
    line: int | None
    message: str


class Reader(NamedTuple):
    """A service whose container receives a variable, by its strongest `way` (design: interpolation, pass-through,
    env_file, mount, image)."""

    service: str
    way: str


class Choice(NamedTuple):
    """One way to settle an `ask`: what would stand in the address's place, and what that means."""

    replacement: str
    service: str | None
    container_port: int | None
    explanation: str


class Evidence(NamedTuple):
    """A line of a program's source that says something of a variable: `path` is absolute, `line` counts from 1, `what`
    is "mention", "outside" (it is only handed to browsers or other programs outside) or "default"."""

    path: str
    line: int
    what: str


class Reference(NamedTuple):
    """One address (or port) of an env file or compose file, and what was decided about it.

    `path` is absolute; `line` and `column` count from 1, columns in characters; `start` and `end` are the span of
    `address` in the file's decoded text. `replacement`, `service` and the ports are None where there is none.
    `reasoning` are the lines by which `--explain` tells how it was decided, `evidence` what its readers' code says.
    """

    path: str
    line: int
    column: int
    variable: str
    address: str
    decision: str
    reason: str
    replacement: str | None = None
    service: str | None = None
    published_port: int | None = None
    container_port: int | None = None
    readers: tuple[Reader, ...] = ()
    explanation: str = ""
    choices: tuple[Choice, ...] = ()
    start: int = 0
    end: int = 0
    reasoning: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()


class EnvFileState(NamedTuple):
    """An env file of the project that the run read; `changed` if it differs after the decisions."""

    path: str
    changed: bool


class Patch:
    """The new content of one file. `before` and `after` are bytes, and stand in no repr, since they hold secrets."""

    __slots__ = ("after", "before", "path")

    def __init__(self, path: str, before: bytes, after: bytes) -> None:
        self.path = path
        self.before = before
        self.after = after

    def __repr__(self) -> str:
        return f"Patch(path={self.path!r})"

    def diff(self, show_secrets: bool = False) -> str:
        """The change as a unified diff.

        By default changed lines only, with secrets masked; with `show_secrets` a patch with context that `git apply`
        takes, its paths relative to the current folder (bytes that are not UTF-8 as surrogate escapes).
        """
        from envfix.diff import unified_diff

        return unified_diff(self, show_secrets=show_secrets)


class Plan(NamedTuple):
    """What a run over one project found and decided. `references` are in the order of files and lines; `patches` hold
    one entry for each file that differs."""

    directory: str
    name: str
    compose_files: tuple[str, ...]
    profiles: tuple[str, ...]
    env_files: tuple[EnvFileState, ...]
    references: tuple[Reference, ...]
    patches: tuple[Patch, ...]
    warnings: tuple[Notice, ...]
