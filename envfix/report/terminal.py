"""A preview for a terminal: each change is its lines, and right under them the reason in plain words.

Changes that share a reason stand together and have it once. Prose is broken between words at the terminal's width; a
line of a file stands as it is.
"""

from collections.abc import Iterable, Iterator

from envfix.diff import ChangedLine, changed_lines
from envfix.named_tuples import NamedTuple
from envfix.records import Patch, Plan, Reader, Reference, by_class
from envfix.report import Report
from envfix.report.wording import place, shown_path
from envfix.shown import clean, enumerated


class Ink:
    """Paints a text if `colour` is wanted, else hands it back as it is."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text

    def name(self, text: str) -> str:
        """What a paragraph is about."""
        return self._paint("1", text)

    def wrong(self, text: str) -> str:
        """What stands there and fails."""
        return self._paint("31", text)

    def right(self, text: str) -> str:
        """What will stand there."""
        return self._paint("32", text)

    def open(self, text: str) -> str:
        """What is a person's to decide, or to know."""
        return self._paint("33", text)

    def dim(self, text: str) -> str:
        """What is told beside the point."""
        return self._paint("2", text)


# Stands for a blank at which no line is broken.
UNBROKEN = "\0"
_INDENT = " " * 6
_MOST_SERVICES = 4


def changes(plan: Plan, report: Report) -> Iterator[str]:
    """The lines of every change, a heading for each file."""
    ink = Ink(report.colour)
    for patch in plan.patches:
        target = f" -> {shown_path(report.output, report.cwd)}" if report.output else ""
        yield ink.name(shown_path(patch.path, report.cwd) + target)
        for lines, reason in _by_reason(patch, plan.references, report):
            for line in lines:
                yield f"{line.line:4} {ink.wrong('- ' + line.before)}"
                yield f"     {ink.right('+ ' + line.after)}"
            if not report.quiet:
                yield from wrapped(reason, report.columns, _INDENT)


def wrapped(text: str, columns: int, indent: str, behind: str = "") -> list[str]:
    """A sentence in lines of at most `columns` characters, broken between words alone, each behind `indent` and all but
    the first behind `behind` as well."""
    lines: list[str] = []
    line = indent
    for word in _words(text):
        if line.strip() and len(line) + 1 + len(word) > columns:
            lines.append(line)
            line = indent + behind + word
        else:
            line += (" " if line.strip() else "") + word
    return [*lines, line] if line.strip() else lines


def _words(text: str) -> Iterator[str]:
    """The words of a sentence; what stands in backquotes is to be copied, and is one."""
    parts = text.split("`")
    for number in range(1, len(parts) - 1, 2):
        parts[number] = parts[number].replace(" ", UNBROKEN)
    return (word.replace(UNBROKEN, " ") for word in "`".join(parts).split(" "))


def _by_reason(
    patch: Patch, references: Iterable[Reference], report: Report
) -> Iterator[tuple[list[ChangedLine], str]]:
    """The changed lines that share a reason, with it, in the order of the first of each."""
    here: dict[int, list[Reference]] = {}
    for one in references:
        if one.path == patch.path and one.decision == "rewrite":
            here.setdefault(one.line, []).append(one)
    groups: dict[object, tuple[list[ChangedLine], list[Reference]]] = {}
    for line in changed_lines(patch):
        found = here.get(line.line, [])
        lines, together = groups.setdefault(_ground(found), ([], []))
        lines.append(line)
        together += found
    for lines, together in groups.values():
        yield lines, reason(together, report)


class _Ground(NamedTuple):
    """What a reason rests on: references with the same have it in common."""

    readers: tuple[tuple[tuple[str, ...], str], ...]
    service: str | None
    ports: tuple[int | None, int | None]
    known: tuple[str, ...]


def _ground(references: Iterable[Reference]) -> tuple[_Ground, ...]:
    return tuple(dict.fromkeys(map(_of, references)))


def _of(reference: Reference) -> _Ground:
    ports = (reference.container_port, reference.published_port)
    known = reference.known if reference.published_port is None else reference.known[1:]
    readers = tuple((services, reader.way) for services, reader in by_class(reference.readers))
    return _Ground(readers, reference.service, ports, known)


def reason(references: list[Reference], report: Report) -> str:
    """Why these change, as one sentence: who gets them, through which line, and where the service listens."""
    grounds = _ground(references)
    readers = list(dict.fromkeys(one for reference in references for one in by_class(reference.readers)))
    many = len({reference.line for reference in references}) > 1
    parts = [*handed(readers, many, report), *(said for ground in grounds for said in _served(ground))]
    text = "; ".join(dict.fromkeys(map(clean, parts)))
    return f"{text}." if text else ""


# How one service, and how several of them, come by a value; "" where a line of the compose file tells.
_WAYS = {
    "interpolation": ("", ""),
    "pass-through": ("", ""),
    "environment": ("gets {it} from this line", "get {it} from this line"),
    "env_file": ("gets {it} through env_file", "get {it} through env_file"),
    "configured": ("gets {it}, as your configuration says", "get {it}, as your configuration says"),
    "mount": ("opens the mounted file itself", "open the mounted file themselves"),
    "image": ("opens the copy of the file in its image", "open the copies of the file in their images"),
}


def handed(readers: Iterable[tuple[tuple[str, ...], Reader]], many: bool, report: Report) -> Iterator[str]:
    """`web gets it through ${DATABASE_URL}, compose.yaml:22`, once for those who get it alike; the readers by class."""
    ways: dict[tuple[str, str], list[tuple[tuple[str, ...], Reader]]] = {}
    for services, reader in readers:
        ways.setdefault(_WAYS[reader.way], []).append((services, reader))
    for (one, several), group in ways.items():
        names = sorted(frozenset[str]().union(*(services for services, _ in group)))
        verb = one if len(names) == 1 else several
        through = [reader for _, reader in group]
        verb = verb or f"{'gets' if len(names) == 1 else 'get'} {{it}} {_through(through, report)}"
        yield f"{enumerated(names, _MOST_SERVICES)} {verb.replace('{it}', 'these' if many else 'it')}"


def _through(readers: list[Reader], report: Report) -> str:
    names = list(dict.fromkeys(reader.through for reader in readers if reader.through))
    files: dict[str, list[int]] = {}
    for reader in readers:
        if reader.path is not None and reader.line is not None:
            files.setdefault(reader.path, []).append(reader.line)
    where = ", ".join(f"{place(path, None, report.cwd)}:{_ranges(lines)}" for path, lines in files.items())
    what = names[0] if len(names) == 1 else "environment:"
    return f"through {what}, {where}" if where else f"through {what}"


def _ranges(lines: Iterable[int]) -> str:
    """`22`, `22-25`, `22-25,31`; of many the first three."""
    runs: list[list[int]] = []
    for line in sorted(set(lines)):
        if runs and line == runs[-1][1] + 1:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    told = [str(first) if first == last else f"{first}-{last}" for first, last in runs]
    return ",".join(told[:3]) + ("..." if len(told) > 3 else "")


def _served(ground: _Ground) -> Iterator[str]:
    inside, outside = ground.ports
    if ground.service and inside and outside == inside:
        yield f"{ground.service} listens on {inside} inside, as on your machine"
    elif ground.service and inside and outside:
        yield f"{ground.service} listens on {inside} inside, {outside} is its port on your machine"
    yield from ground.known
