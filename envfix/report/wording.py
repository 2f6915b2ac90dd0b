"""The words and counts that every format shares: places, decisions, what is left to do."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from envfix.records import Choice, Notice, Plan, Reference, by_class
from envfix.report import Report
from envfix.shown import clean


def relative(path: str, cwd: str) -> str:
    """`path` with `/`, relative to `cwd` where it lies below it ("." for `cwd` itself); not yet fit to be printed."""
    folder = os.path.normcase(cwd).rstrip(os.sep) + os.sep
    if os.path.normcase(path) == os.path.normcase(cwd):
        return "."
    return (path[len(folder) :] if os.path.normcase(path).startswith(folder) else path).replace(os.sep, "/")


def shown_path(path: str, cwd: str) -> str:
    """`relative`, as it may be printed."""
    return clean(relative(path, cwd))


def place(path: str, line: int | None, cwd: str) -> str:
    """`path:line`, or the path alone."""
    return f"{shown_path(path, cwd)}:{line}" if line else shown_path(path, cwd)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def told(report: Report) -> Iterator[tuple[Plan, Reference]]:
    """Every reference that is more than kept, with its plan: the rewrites, and what is a person's to decide."""
    for part in report.parts:
        for reference in part.plan.references:
            if reference.decision != "keep":
                yield part.plan, reference


def summary(report: Report) -> dict[str, int]:
    """How many references have which decision."""
    decisions = [reference.decision for part in report.parts for reference in part.plan.references]
    return {decision: decisions.count(decision) for decision in ("rewrite", "keep", "ask")}


def not_written(report: Report) -> int:
    """How many rewrites a write leaves: those in compose files, unless these were asked for."""
    if report.override:
        return 0
    return summary(report)["rewrite"] - sum(len(part.plan.changes) for part in report.parts)


def is_written(reference: Reference, report: Report) -> bool:
    """Whether a write of this run changes the file in which the reference stands."""
    return any(patch.path == reference.path for part in report.parts for patch in part.plan.patches)


def sentence(reference: Reference) -> str:
    """The decision and its ground in one line, without the place: `X: localhost:5433 -> db:5432 (published): why`."""
    explanation = clean(reference.explanation)
    if reference.decision == "rewrite":
        what = f"{clean(reference.address)} -> {clean(reference.replacement or '')} ({reference.reason})"
    else:
        what = f"{clean(reference.address)} ({reference.decision}, {reference.reason})"
    return f"{clean(reference.variable)}: {what}" + (f": {explanation}" if explanation else "")


def pin(reference: Reference, choice: Choice) -> str:
    """What `# envfix:` would say to take the choice: `keep`, or the service with its port."""
    if choice.replacement == reference.address or choice.service is None:
        return "keep"
    return f"{choice.service}:{choice.container_port}" if choice.container_port else choice.replacement


def pins(reference: Reference) -> tuple[str, ...]:
    """The comments that settle an `ask`, each once, `keep` last."""
    words = dict.fromkeys(pin(reference, choice) for choice in reference.choices)
    words.pop("keep", None)
    return tuple(f"# envfix: {clean(word)}" for word in (*words, "keep"))


def in_compose_file(reference: Reference) -> bool:
    """Whether the address stands in a compose file, where no comment settles it."""
    return any(reader.way == "environment" for _, reader in by_class(reference.readers))


def how_to_decide(reference: Reference) -> str:
    """The sentence that says how an `ask` is settled."""
    if in_compose_file(reference):
        return "To decide, change that line of the compose file by hand."
    return f"To decide, write on the line above it: {' or '.join(pins(reference))}"


def mentions(reference: Reference, cwd: str) -> Iterator[str]:
    """Where code says something of the variable: `api/settings.py:12`, and what it is beyond a mention."""
    for one in reference.evidence:
        yield place(one.path, one.line, cwd) + _SAID_OF_CODE[one.what]


_SAID_OF_CODE = {
    "mention": "",
    "outside": " (hands it to browsers or programs outside)",
    "default": " (has a default for it)",
}


def warnings(report: Report) -> Iterable[Notice]:
    """What a person should know, of every project, each once."""
    notices = (notice for part in report.parts for notice in part.plan.warnings)
    return dict.fromkeys(notice for notice in notices if report.verbose or not notice.minor)


def width(reference: Reference) -> int:
    """How many characters the address takes in the file: escapes make that more than its own length."""
    return (reference.end - reference.start) or len(reference.address)
