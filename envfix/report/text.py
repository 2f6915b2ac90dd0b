"""Text for people: the change and its reason, what is theirs to decide, what a container dials in vain, and what to do
next.

On a terminal all of that is standard output, each change told once (`terminal`). Elsewhere standard output is the bare
diff, and the rest is talk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envfix.diff import unified_diff
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.reasons import MEANINGS
from envfix.records import Choice, Plan, Reader, Reference, by_class
from envfix.report import Part, Report, Said
from envfix.report.steps import command, to_decide, to_write
from envfix.report.terminal import UNBROKEN, Ink, changes, handed, reason, wrapped
from envfix.report.wording import (
    counted,
    how_to_decide,
    is_written,
    mentions,
    not_written,
    pins,
    place,
    shown_path,
    summary,
    warnings,
)
from envfix.shell_patterns import Names
from envfix.shown import clean, shortened


def render(report: Report) -> tuple[Said, ...]:
    """The whole report: each project's preview, then what concerns them all."""
    parts = [said for part in report.parts for said in preview(part, report)]
    return (*parts, *closing(report))


def preview(part: Part, report: Report) -> Iterator[Said]:
    """One project: the files that were read (talk), the change, and a paragraph for each thing to know of it.

    On a terminal all but the first is output. Elsewhere, and with `show_secrets`, the output is the diff alone, ready
    for `git apply` where nothing of it is masked.
    """
    if not report.quiet:
        yield Said("".join(f"{line}\n" for line in fitted(_read(part.plan, report), report.columns)), talk=True)
    if report.columns and not report.show_secrets:
        told = "" if report.override else "".join(f"{line}\n" for line in changes(part.plan, report))
        lines = list(_paragraphs(part.plan, report, rewrites=bool(report.override)))
    else:
        told = "" if report.override else "".join(_diffs(part.plan, report))
        lines = list(_paragraphs(part.plan, report, rewrites=True))
    if told:
        yield Said(told)
        if report.show_secrets and (base := _base(part.plan, report)) != report.cwd:
            folder = os.path.relpath(base, report.cwd).replace(os.sep, "/")
            apply = command("git", "-C", folder, "apply")
            yield Said(f"The paths of this patch count from {clean(folder)}: {apply}\n", talk=True)
    if lines:
        yield Said("".join(f"{line}\n" for line in lines), talk=not report.columns or report.show_secrets)


def has_news(part: Part, report: Report) -> bool:
    """Whether there is more to show of a project than the files that were read."""
    return bool(part.plan.patches) or next(_paragraphs(part.plan, report, rewrites=True), None) is not None


def _read(plan: Plan, report: Report) -> str:
    files = dict.fromkeys((*plan.compose_files, *(file.path for file in plan.env_files)))
    profiles = f", profiles {', '.join(map(clean, plan.profiles))}" if plan.profiles else ""
    return f"Read {', '.join(shown_path(path, report.cwd) for path in files)} (project {clean(plan.name)}{profiles})"


def _diffs(plan: Plan, report: Report) -> Iterator[str]:
    if not plan.patches:
        return
    base = _base(plan, report)
    for patch in plan.patches:
        text = unified_diff(patch, show_secrets=report.show_secrets, colour=report.colour, base=base)
        yield text if text.endswith("\n") or not text else text + "\n"


def _base(plan: Plan, report: Report) -> str:
    """The folder that the paths of the diff count from: the current one; of a patch whose files do not all lie below it
    the one that holds them, since neither git nor patch(1) takes `../`."""
    inside = report.cwd.rstrip(os.sep) + os.sep
    if not report.show_secrets or all(patch.path.startswith(inside) for patch in plan.patches):
        return report.cwd
    return os.path.commonpath([plan.directory, *(os.path.dirname(patch.path) for patch in plan.patches)])


def _paragraphs(plan: Plan, report: Report, *, rewrites: bool) -> Iterator[str]:
    """A paragraph for each decision that a person should know of."""
    ink = Ink(report.colour)
    if not report.quiet:
        for one in plan.references:
            if one.decision == "rewrite" and (rewrites or not is_written(one, report)):
                yield from _rewrite(one, report, ink)
    kept = [one for one in plan.references if one.decision == "keep"]
    in_vain = [one for one in kept if MEANINGS[one.reason].in_vain and one.readers]
    if report.verbose:
        for one in kept:
            yield from _keep(one, report, ink) if one not in in_vain else ()
    if not report.quiet:
        yield from _in_vain(in_vain, report, ink)
    for reference in plan.references:
        if reference.decision == "ask":
            yield from _ask(reference, report, ink)


class _Piece(NamedTuple):
    """What stands behind a variable in the heading of a paragraph, without and with its colours."""

    plain: str
    painted: str


def _heading(reference: Reference, report: Report, ink: Ink, *pieces: _Piece) -> Iterator[str]:
    """`.env:12 NAME  localhost:5433  ...`; on a terminal what does not fit is on a line of its own."""
    where, name = place(reference.path, reference.line, report.cwd), clean(reference.variable)
    line, wide = f"{where} {ink.name(name)}", len(where) + 1 + len(name)
    for piece in pieces:
        if report.columns and wide + 2 + len(piece.plain) > report.columns:
            yield line
            line, wide = "  ", 2
        line, wide = f"{line}  {piece.painted}", wide + 2 + len(piece.plain)
    yield line


def _address(reference: Reference) -> _Piece:
    return _Piece(clean(reference.address), clean(reference.address))


def _why(reference: Reference, report: Report) -> str:
    """The ground of a decision; its code is for machines and searches, and says little to a person on a terminal."""
    if report.columns and reference.explanation:
        return clean(reference.explanation)
    return f"{reference.reason}: {clean(reference.explanation)}" if reference.explanation else reference.reason


def _rewrite(reference: Reference, report: Report, ink: Ink) -> Iterator[str]:
    before, after = clean(reference.address), clean(reference.replacement or "")
    change = _Piece(f"{before} -> {after}", f"{ink.wrong(before)} -> {ink.right(after)}")
    heading = _heading(reference, report, ink, change)
    if not report.columns:
        yield f"{next(heading)}  {_why(reference, report)}"
        return
    yield from heading
    left = not report.override and not is_written(reference, report)
    yield from _prose(reason([reference], report) + (" Changed with --compose alone." if left else ""), report)


def _keep(reference: Reference, report: Report, ink: Ink) -> Iterator[str]:
    """What stays and why: on a terminal the reason below, elsewhere behind it."""
    heading, why = _heading(reference, report, ink, _address(reference)), f"kept, {_why(reference, report)}"
    if not report.columns:
        yield f"{next(heading)}  {ink.dim(why)}"
        return
    yield from heading
    yield from _prose(f"{why}.", report)


def _in_vain(references: Iterable[Reference], report: Report, ink: Ink) -> Iterator[str]:
    """Addresses that stay and fail: what helps cannot be written into an env file alone. Once for all that say the
    same."""
    groups: dict[tuple[object, ...], list[Reference]] = {}
    for one in references:
        services = tuple(names for names, _ in by_class(one.readers))
        groups.setdefault((one.reason, one.address, one.explanation, services), []).append(one)
    for together in groups.values():
        for one in together:
            yield from _heading(one, report, ink, _address(one), _open("fails inside the container", ink))
        first = together[0]
        yield from _prose(f"{clean(first.explanation)}.", report)
        if first.reason == "no-target":
            yield from _on_this_machine(first, report)


def _open(text: str, ink: Ink) -> _Piece:
    return _Piece(text, ink.open(text))


def _on_this_machine(reference: Reference, report: Report) -> Iterator[str]:
    """The lines for a server that runs beside the containers, on the machine itself."""
    port = reference.address.rpartition(":")[2]
    there = f"host.docker.internal:{port}" if port.isdigit() else "host.docker.internal"
    services = ", ".join(shortened(reference.readers, lambda reader: clean(reader.service)))
    yield from _prose(f"If that server runs on your machine, write {there} there, and under {services}:", report)
    yield '        extra_hosts: ["host.docker.internal:host-gateway"]'


def _ask(reference: Reference, report: Report, ink: Ink) -> Iterator[str]:
    yield from _heading(reference, report, ink, _address(reference), _open("yours to decide", ink))
    yield from _prose(f"{_why(reference, report)}.", report)
    if reference.readers:
        yield from _prose(_given(reference, report), report)
    for line in mentions(reference, report.cwd):
        yield from _prose(f"in code: {line}", report)
    for line in _choices(reference.choices):
        yield from _prose(line, report, "   ")
    decide = how_to_decide(reference)
    for pin in pins(reference):
        decide = decide.replace(pin, pin.replace(" ", UNBROKEN))
    for line in _prose(decide, report):
        for pin in pins(reference):
            line = line.replace(pin, ink.name(pin))
        yield line


def _prose(text: str, report: Report, behind: str = "") -> list[str]:
    """A sentence below a heading: on a terminal broken between words, elsewhere one line."""
    if not report.columns:
        return [f"    {text.replace(UNBROKEN, ' ')}"]
    return wrapped(text, report.columns, "    ", behind)


# What stands before a command: a shell would run each line of one that is broken, the second by a project's own name.
_COMMAND = regex(r"(?<=:) (?=(?:envfix|docker|podman(?:-compose)?|git) )| (?=(?:envfix|podman-compose) -)")


def fitted(line: str, columns: int) -> list[str]:
    """A line of talk: on a terminal broken between words, a command that does not fit beside its sentence below it and
    whole, to be copied."""
    if not columns or len(line) <= columns:
        return [line]
    indent = " " * (len(line) - len(line.lstrip()))
    if command := _COMMAND.search(line):
        return [*wrapped(line[: command.start()].strip(), columns, indent), f"{indent}  {line[command.end() :]}"]
    return wrapped(line.strip(), columns, indent)


def _given(reference: Reference, report: Report) -> str:
    """Who receives the variable, and how."""
    if not report.columns:
        return f"read by {', '.join(shortened(reference.readers, _reader))}"
    return f"{'; '.join(map(clean, handed(by_class(reference.readers), False, report)))}."


def _reader(reader: Reader) -> str:
    return f"{clean(reader.service)} ({reader.way})"


def _choices(choices: Iterable[Choice]) -> Iterator[str]:
    for number, choice in enumerate(choices, start=1):
        yield f"{number}. {clean(choice.replacement)}  {clean(choice.explanation)}".rstrip()


def explain(report: Report, names: Iterable[str]) -> tuple[Said, ...]:
    """The whole reasoning about every reference whose variable is one of `names` or matches it as a shell pattern."""
    names = Names(names)
    references = [reference for part in report.parts for reference in part.plan.references]
    ink = Ink(report.colour)
    found = [reference for reference in references if names.first(reference.variable) is not None]
    heard = names.fitting([reference.variable for reference in references])
    blocks = ["\n".join(_explained(reference, report, ink)) for reference in found]
    silent = [name for name in names if name not in heard]
    said = [Said("\n\n".join(blocks) + "\n")] if blocks else []
    said += [
        Said(
            f"{clean(name)}: nothing to explain, since no such variable has a {_KIND[report.to]} address.\n",
            talk=True,
        )
        for name in silent
    ]
    return tuple(said)


_KIND = {"container": "localhost", "host": "service's"}


def _explained(reference: Reference, report: Report, ink: Ink) -> Iterator[str]:
    where = f"{place(reference.path, reference.line, report.cwd)}:{reference.column}"
    yield f"{ink.name(clean(reference.variable))}  {clean(reference.address)}  {where}"
    decided = {
        "rewrite": ink.right(f"becomes {clean(reference.replacement or '')}"),
        "keep": "stays as it is",
        "ask": ink.open("yours to decide"),
    }[reference.decision]
    yield f"  decision  {decided} ({reference.reason})"
    if reference.explanation:
        yield from _titled("because", [clean(reference.explanation)], report)
    yield from _titled("readers", _readers_with_places(reference, report) or ["none"], report)
    yield from _titled("evidence", map(clean, reference.reasoning), report)
    yield from _titled("in code", mentions(reference, report.cwd), report)
    yield from _titled("choices", _choices(reference.choices), report)
    if reference.decision == "ask":
        yield from _titled("to decide", [how_to_decide(reference).removeprefix("To decide, ")], report)


def _readers_with_places(reference: Reference, report: Report) -> list[str]:
    """Each reader with the line of the compose file that hands it the variable, where there is one."""

    def words(reader: Reader) -> str:
        through = f" through {clean(reader.through)}" if reader.through else ""
        where = f", {place(reader.path, reader.line, report.cwd)}" if reader.path is not None else ""
        return f"{_reader(reader)}{through}{where}"

    told = shortened(reference.readers, words)
    return told if report.columns or not told else [", ".join(told)]


def _titled(title: str, lines: Iterable[str], report: Report) -> Iterator[str]:
    """Lines behind a title; on a terminal broken between words, each below its own beginning."""
    for number, line in enumerate(lines):
        head = f"  {title if not number else '':9} "
        if not report.columns:
            yield head + line
            continue
        first, *rest = wrapped(line, report.columns, " " * len(head)) or [head]
        yield from (head + first.lstrip(), *rest)


def closing(report: Report) -> Iterator[Said]:
    """What concerns all projects, on standard error: warnings, counts, what to do next, and last what went wrong."""
    ink = Ink(report.colour)
    if not report.quiet:
        lines = ["", *told_warnings(report), *_next(report)]
        yield Said("".join(f"{line}\n" for line in lines), talk=True)
    if report.errors:
        yield Said("".join(f"{ink.wrong('error:')} {line}\n" for line in _errors(report)), talk=True)


def told_warnings(report: Report) -> Iterator[str]:
    """The lines of all warnings."""
    head = Ink(report.colour).open("warning:")
    for notice in warnings(report):
        where = f"{place(notice.path, notice.line, report.cwd)}: " if notice.path is not None else ""
        first, *rest = fitted(f"warning: {where}{clean(notice.message)}", report.columns)
        yield from (head + first.removeprefix("warning:"), *rest)


def _errors(report: Report) -> Iterator[str]:
    for error in report.errors:
        where = place(error.path, error.line, report.cwd) if error.path is not None else ""
        column = f":{error.column}" if where and error.line and error.column else ""
        yield f"{where}{column}{': ' if where else ''}{clean(error.message)}"


def _next(report: Report) -> Iterator[str]:
    if not report.parts:
        return
    yield from fitted(_counts(report), report.columns)
    for step in (*_what_follows(report), *to_decide(report)):
        yield from fitted(f"  {step}", report.columns)


def _what_follows(report: Report) -> Iterator[str]:
    if not report.written:
        return to_write(report)
    from envfix.report.after_write import after_write

    return after_write(report)


def _counts(report: Report) -> str:
    counts = summary(report)
    rewrite, keep, ask = counts["rewrite"], counts["keep"], counts["ask"]
    left = not_written(report) if report.written else 0
    told = [f"{counted(rewrite - left, 'address', 'addresses')} {_done(report)}"] if rewrite - left else []
    told += [f"{counted(left, 'address', 'addresses')} left in compose files"] if left else []
    told += [f"{ask} yours to decide"] if ask else []
    told += [f"{keep} kept" + ("" if report.verbose else " (-v shows them)")] if keep else []
    if rewrite or ask:
        return ", ".join(told) + "."
    return f"Nothing to change: {told[0] if told else f'no {_KIND[report.to]} address was found'}."


def _done(report: Report) -> str:
    if report.written and (report.override or report.output):
        return f"set right in {shown_path(report.override or report.output or '', report.cwd)}"
    return "rewritten" if report.written else "to rewrite"
