"""What a run finds and decides, as immutable records that every stage above the compose model shares."""

from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import islice, repeat
from operator import itemgetter
from typing import overload

from envfix.diff import unified_diff
from envfix.named_tuples import NamedTuple
from envfix.reasons import Decision, Reason, Way


class Notice(NamedTuple):
    """Something a person should know that changes no decision: `path` and `line` (from 1) where it has a place. One
    that is `minor` is told only to a person who asks for more (`-v`)."""

    path: str | None
    line: int | None
    message: str
    minor: bool = False


class Reader(NamedTuple):
    """A service whose container receives a variable, by its strongest `way`. Where a line of a compose file hands it
    over, `path` and `line` (from 1) are that place, and `through` is what stands there (`${DATABASE_URL}`)."""

    service: str
    way: Way
    path: str | None = None
    line: int | None = None
    through: str = ""


class Readers(Sequence[Reader]):
    """The readers of a variable, sorted by service. They are kept by class: `groups` are the sorted services that get
    it alike, with the entry of one of them, since a shared env file makes readers of every variable of every service.
    """

    __slots__ = ("_hash", "groups")

    def __init__(self, groups: Iterable[tuple[tuple[str, ...], Reader]] = ()) -> None:
        self.groups = tuple(groups)
        self._hash: int | None = None

    @overload
    def __getitem__(self, index: int) -> Reader: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Reader, ...]: ...

    def __getitem__(self, index: int | slice) -> Reader | tuple[Reader, ...]:
        if isinstance(index, slice):
            first, behind, step = index.indices(len(self))
            return tuple(islice(self, first, behind, step)) if step > 0 else tuple(self)[index]
        return next(islice(self, range(len(self))[index], None))

    def __len__(self) -> int:
        return sum(len(services) for services, _ in self.groups)

    def __iter__(self) -> Iterator[Reader]:
        # One after the other, since mostly the first few are wanted.
        sorted_groups = (zip(services, repeat(reader)) for services, reader in self.groups)
        for name, reader in merge(*sorted_groups, key=itemgetter(0)):
            yield reader if reader.service == name else reader._replace(service=name)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Readers) and self.groups == other.groups:
            return True
        return tuple(self) == tuple(other) if isinstance(other, Readers | tuple) else NotImplemented

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(tuple(self))
        return self._hash

    def __repr__(self) -> str:
        return repr(tuple(self))


def by_class(readers: Sequence[Reader]) -> tuple[tuple[tuple[str, ...], Reader], ...]:
    """The groups of `Readers`; of other readers each alone."""
    return readers.groups if isinstance(readers, Readers) else tuple(((one.service,), one) for one in readers)


class Edit(NamedTuple):
    """`text[start:end]` of a file becomes `text`; in an env file the span lies within the value of one binding."""

    start: int
    end: int
    text: str

    def __repr__(self) -> str:
        return f"Edit(start={self.start}, end={self.end})"


class Choice(NamedTuple):
    """One way to settle an `ask`: what would stand in the address's place, and what that means. `outcome` are the
    references, the one of a port beside the host included, that the choice leads to."""

    replacement: str
    service: str | None
    container_port: int | None
    explanation: str
    outcome: "tuple[Reference, ...]" = ()


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
    `known` says how it is known that the service serves the address, and then what else to know of the change.
    `reasoning` are the lines by which `--explain` tells how it was decided, `evidence` what its readers' code says.
    `edits` is what a rewrite changes in the file. References with the same `link`, the place of a port, change together
    or not at all: the PORT and each HOST that it belongs to.
    """

    path: str
    line: int
    column: int
    variable: str
    address: str
    decision: Decision
    reason: Reason
    replacement: str | None = None
    service: str | None = None
    published_port: int | None = None
    container_port: int | None = None
    readers: Sequence[Reader] = ()
    explanation: str = ""
    choices: tuple[Choice, ...] = ()
    start: int = 0
    end: int = 0
    reasoning: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    edits: tuple[Edit, ...] = ()
    link: tuple[str, int] | None = None
    known: tuple[str, ...] = ()


def together(reference: Reference, references: Iterable[Reference]) -> tuple[Reference, ...]:
    """The references that change with this one, itself included, in the order in which they are given."""
    if reference.link is None:
        return (reference,)
    return tuple(other for other in references if other.link == reference.link)


class EnvFileState(NamedTuple):
    """An env file of the project that the run read; `changed` if it differs after the decisions."""

    path: str
    changed: bool


class Patch:
    """The new content of one file. `before` and `after` are bytes, and stand in no repr, since they hold secrets.
    `edits` make the one of the other, in its text (UTF-8, other bytes as surrogate escapes, a byte-order mark counted).
    """

    __slots__ = ("after", "before", "edits", "path")

    def __init__(self, path: str, before: bytes, after: bytes, edits: tuple[Edit, ...] = ()) -> None:
        self.path = path
        self.before = before
        self.after = after
        self.edits = edits

    def __repr__(self) -> str:
        return f"Patch(path={self.path!r})"

    def diff(self, show_secrets: bool = False) -> str:
        """The change as a unified diff.

        By default changed lines only, with secrets masked; with `show_secrets` a patch with context that `git apply`
        takes, its paths relative to the current folder (bytes that are not UTF-8 as surrogate escapes).
        """
        return unified_diff(self, show_secrets=show_secrets)


class Plan(NamedTuple):
    """What a run over one project found and decided. `references` are in the order of files and lines; `patches` hold
    one entry for each file that differs. `asked`: the folder in which an env file's COMPOSE_FILE leads to this project,
    "" where none does."""

    directory: str
    name: str
    compose_files: tuple[str, ...]
    profiles: tuple[str, ...]
    env_files: tuple[EnvFileState, ...]
    references: tuple[Reference, ...]
    patches: tuple[Patch, ...]
    warnings: tuple[Notice, ...]
    asked: str = ""

    def __repr__(self) -> str:
        counts = f"{len(self.references)} references, {len(self.patches)} patches, {len(self.warnings)} warnings"
        return f"Plan(name={self.name!r}, directory={self.directory!r}, {counts})"

    @property
    def changes(self) -> "tuple[Reference, ...]":
        """The references whose changes the patches make: those of compose files only where these are changed too."""
        edits = {(patch.path, edit) for patch in self.patches for edit in patch.edits}
        return tuple(
            one for one in self.references if one.edits and all((one.path, edit) in edits for edit in one.edits)
        )
