"""GitHub's workflow commands: an annotation at the line of each rewrite and each ask."""

from __future__ import annotations

from collections.abc import Mapping

from envfix.reasons import MEANINGS
from envfix.records import Reference
from envfix.report import Report, Said
from envfix.report.wording import how_to_decide, is_written, sentence, shown_path, told, warnings, width
from envfix.shown import clean
from envfix.workflow_commands import in_data


def render(report: Report) -> tuple[Said, ...]:
    """One command a line on standard output, where GitHub looks for them: an error for what makes the run fail, so that
    nothing is red in a job that is green, a notice for the rest."""
    lines = [_annotation(reference, report) for _, reference in told(report)]
    for kind, notices in (("warning", warnings(report)), ("error", report.errors)):
        for notice in notices:
            where = {"file": shown_path(notice.path, report.cwd)} if notice.path is not None else {}
            lines.append(_command(kind, {**where, "line": notice.line, "title": "envfix"}, clean(notice.message)))
    return (Said("".join(f"{line}\n" for line in lines)),) if lines else ()


def _annotation(reference: Reference, report: Report) -> str:
    done = report.written and reference.decision == "rewrite" and is_written(reference, report)
    properties = {
        "file": shown_path(reference.path, report.cwd),
        "line": reference.line,
        "endLine": reference.line,
        "col": reference.column,
        "endColumn": reference.column + width(reference),
        "title": f"envfix: {MEANINGS[reference.reason].short}",
    }
    message = sentence(reference)
    if reference.decision == "ask":
        message += "\n" + how_to_decide(reference)
    failing = report.strict if reference.decision == "ask" else not report.written
    return _command("error" if failing else "notice", properties, ("Rewritten. " if done else "") + message)


def _command(name: str, properties: Mapping[str, object], message: str) -> str:
    shown = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value is not None)
    return f"::{name} {shown}::{_data(message)}"


def _data(text: str) -> str:
    return in_data(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
