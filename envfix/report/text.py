"""Text for people: the change, a line for each decision, what is theirs to decide, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from envfix.records import Choice, Plan, Reference
from envfix.report import Part, Report, Said
from envfix.report.wording import counted, mentions, not_written, pins, place, shown_path, summary, warnings
from envfix.shown import clean


class Ink:
    """Colours where they are wanted: one method for each meaning."""

    def __init__(self, colour: bool) -> None:
        self._colour = colour

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour and text else text

    def name(self, text: str) -> str:
        return self._paint("1", text)

    def wrong(self, text: str) -> str:
        return self._paint("31", text)

    def right(self, text: str) -> str:
        return self._paint("32", text)

    def open(self, text: str) -> str:
        return self._paint("33", text)

    def dim(self, text: str) -> str:
        return self._paint("2", text)


def render(report: Report) -> tuple[Said, ...]:
    """The whole report: each project's preview, then what concerns them all."""
    parts = [said for part in report.parts for said in preview(part, report)]
    return (*parts, *closing(report))


def preview(part: Part, report: Report) -> Iterator[Said]:
    """One project: the files that were read (talk), then the diff, the decisions and the asks (output).

    With `show_secrets` the diff stands alone in the output, ready for `git apply`; the decisions are talk then.
    """
    if not report.quiet:
        yield Said(_read(part.plan, report), talk=True)
    diff = "" if report.override else "".join(_diffs(part.plan, report))
    if diff:
        yield Said(diff)
    lines = list(_decisions(part.plan, report))
    if lines:
        gap = "\n" if diff and not report.show_secrets else ""
        yield Said(gap + "".join(f"{line}\n" for line in lines), talk=report.show_secrets)


def _read(plan: Plan, report: Report) -> str:
    files = dict.fromkeys((*plan.compose_files, *(file.path for file in plan.env_files)))
    profiles = f", profiles {', '.join(map(clean, plan.profiles))}" if plan.profiles else ""
    return f"Read {', '.join(shown_path(path, report.cwd) for path in files)} (project {clean(plan.name)}{profiles})\n"


def _diffs(plan: Plan, report: Report) -> Iterator[str]:
    if not plan.patches:
        return
    from envfix.diff import unified_diff

    for patch in plan.patches:
        text = unified_diff(patch, show_secrets=report.show_secrets, colour=report.colour)
        yield text if text.endswith("\n") or not text else text + "\n"


def _decisions(plan: Plan, report: Report) -> Iterator[str]:
    ink = Ink(report.colour)
    by_decision = {word: [r for r in plan.references if r.decision == word] for word in ("rewrite", "keep", "ask")}
    if not report.quiet:
        yield from (_rewrite(reference, report, ink) for reference in by_decision["rewrite"])
    if report.verbose:
        yield from (_keep(reference, report, ink) for reference in by_decision["keep"])
    for reference in by_decision["ask"]:
        yield from _ask(reference, report, ink)


def _head(reference: Reference, report: Report, ink: Ink) -> str:
    return f"{place(reference.path, reference.line, report.cwd)} {ink.name(clean(reference.variable))}  "


def _why(reference: Reference) -> str:
    return f"{reference.reason}: {clean(reference.explanation)}" if reference.explanation else reference.reason


def _rewrite(reference: Reference, report: Report, ink: Ink) -> str:
    change = f"{ink.wrong(clean(reference.address))} -> {ink.right(clean(reference.replacement or ''))}"
    return f"{_head(reference, report, ink)}{change}  {_why(reference)}"


def _keep(reference: Reference, report: Report, ink: Ink) -> str:
    return f"{_head(reference, report, ink)}{clean(reference.address)}  {ink.dim('kept, ' + _why(reference))}"


def _ask(reference: Reference, report: Report, ink: Ink) -> Iterator[str]:
    yield f"{_head(reference, report, ink)}{clean(reference.address)}  {ink.open('yours to decide')}, {_why(reference)}"
    if reference.readers:
        yield f"    read by {_readers(reference)}"
    yield from (f"    in code: {line}" for line in mentions(reference, report.cwd))
    yield from (f"    {line}" for line in _choices(reference.choices))
    yield f"    To decide, write on the line above it: {ink.name('  or  '.join(pins(reference)))}"


def _readers(reference: Reference) -> str:
    return ", ".join(f"{clean(reader.service)} ({reader.way})" for reader in reference.readers)


def _choices(choices: Iterable[Choice]) -> Iterator[str]:
    for number, choice in enumerate(choices, start=1):
        yield f"{number}. {clean(choice.replacement)}  {clean(choice.explanation)}".rstrip()


def explain(report: Report, names: Iterable[str]) -> tuple[Said, ...]:
    """The whole reasoning about every reference whose variable is one of `names` or matches it as a shell pattern."""
    from fnmatch import fnmatchcase

    names = tuple(names)
    references = [reference for part in report.parts for reference in part.plan.references]
    ink = Ink(report.colour)
    found = [r for r in references if any(fnmatchcase(r.variable, name) for name in names)]
    blocks = ["\n".join(_explained(reference, report, ink)) for reference in found]
    silent = [name for name in names if not any(fnmatchcase(r.variable, name) for r in references)]
    said = [Said("\n\n".join(blocks) + "\n")] if blocks else []
    said += [
        Said(
            f"{clean(name)}: no such variable with an address that matters here, in the files that were read.\n",
            talk=True,
        )
        for name in silent
    ]
    return tuple(said)


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
        yield f"  because   {clean(reference.explanation)}"
    yield f"  readers   {_readers(reference) or 'none'}"
    yield from _listed("evidence", map(clean, reference.reasoning))
    yield from _listed("in code", mentions(reference, report.cwd))
    yield from _listed("choices", _choices(reference.choices))
    if reference.decision == "ask":
        yield f"  to decide write on the line above it: {'  or  '.join(pins(reference))}"


def _listed(title: str, lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"  {title if not number else '':9} {line}"


def closing(report: Report) -> Iterator[Said]:
    """What concerns all projects, on standard error: warnings, counts, what to do next, and last what went wrong."""
    ink = Ink(report.colour)
    if not report.quiet:
        lines = ["", *_warnings(report, ink), *_next(report)]
        yield Said("".join(f"{line}\n" for line in lines), talk=True)
    if report.errors:
        yield Said("".join(f"{ink.wrong('error:')} {line}\n" for line in _errors(report)), talk=True)


def _warnings(report: Report, ink: Ink) -> Iterator[str]:
    for notice in warnings(report):
        where = f"{place(notice.path, notice.line, report.cwd)}: " if notice.path is not None else ""
        yield f"{ink.open('warning:')} {where}{clean(notice.message)}"


def _errors(report: Report) -> Iterator[str]:
    for error in report.errors:
        where = place(error.path, error.line, report.cwd) if error.path is not None else ""
        column = f":{error.column}" if where and error.line and error.column else ""
        yield f"{where}{column}{': ' if where else ''}{clean(error.message)}"


def _next(report: Report) -> Iterator[str]:
    from envfix.report.steps import after_write, to_decide, to_write

    if not report.parts:
        return
    yield _counts(report)
    yield from (f"  {line}" for line in (after_write(report) if report.written else to_write(report)))
    yield from (f"  {line}" for line in to_decide(report))


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
    what = "localhost" if report.to == "container" else "service's"
    return f"Nothing to change: {told[0] if told else f'no {what} address was found'}."


def _done(report: Report) -> str:
    if report.override or report.output:
        return f"set right in {shown_path(report.override or report.output or '', report.cwd)}"
    return "rewritten" if report.written else "to rewrite"
