"""The JSON format, version 1: a contract, described by schema.json beside this file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from envfix.errors import EnvfixError
from envfix.records import Evidence, Notice, Plan, Reader, Reference
from envfix.report import Part, Report, Said
from envfix.report.wording import shown_path, summary
from envfix.shown import clean
from envfix.workflow_commands import in_json

if TYPE_CHECKING:
    from envfix.engine import State
    from envfix.logs import Blame

VERSION = 1
_CHOICE = ("replacement", "service", "container_port", "explanation")


def render(report: Report) -> tuple[Said, ...]:
    """The one object of a run on standard output."""
    document = {
        "version": VERSION,
        "projects": [project_of(part.plan, report.cwd) for part in report.parts],
        "summary": summary(report),
        "errors": errors_of(report.errors, report.cwd),
    }
    return (_said(document),)


def opening() -> str:
    """The document of many projects, up to the first of them."""
    return f'{{\n  "version": {VERSION},\n  "projects": ['


def item(part: Part, cwd: str) -> str:
    """One of these projects; a comma comes before all but the first."""
    return "\n    " + in_json(json.dumps(project_of(part.plan, cwd), indent=2)).replace("\n", "\n    ")


def closing(items: int, counts: tuple[int, int, int], errors: Iterable[EnvfixError], cwd: str) -> str:
    """The rest of that document, behind so many projects with so many rewrites, keeps and asks."""
    rest = {
        "summary": dict(zip(("rewrite", "keep", "ask"), counts, strict=True)),
        "errors": errors_of(errors, cwd),
    }
    return ("\n  " if items else "") + "],\n" + in_json(json.dumps(rest, indent=2))[2:] + "\n"


def render_failures(
    failures: Iterable[Blame], errors: Iterable[EnvfixError], cwd: str, services: Iterable[State] | None = None
) -> tuple[Said, ...]:
    """The one object of a run with `--logs`; with `--live` it has the `services`, too."""
    names = ("service", "address", "kind", "log_line", "variable", "path", "line", "replacement", "explanation")
    rows = [
        {
            **{name: _value(name, getattr(failure, name), cwd) for name in names},
            "evidence": _evidence(failure.evidence, cwd),
        }
        for failure in failures
    ]
    document: dict[str, Any] = {"version": VERSION, "failures": rows}
    if services is not None:
        fields = ("service", "state", "exit_code", "health")
        document["services"] = [{name: _value(name, getattr(one, name), cwd) for name in fields} for one in services]
    return (_said({**document, "errors": errors_of(errors, cwd)}),)


def _said(document: dict[str, Any]) -> Said:
    # ASCII alone, so that it comes through every terminal and pipe, whatever their encoding.
    return Said(in_json(json.dumps(document, indent=2)) + "\n")


# Each reader of each reference is named: so many take seconds and some hundred megabytes.
_MOST_READERS = 250_000


def check(part: Part) -> None:
    """EnvfixError for a project of which this format would say more than anybody reads."""
    if sum(len(reference.readers) for reference in part.plan.references) > _MOST_READERS:
        message = f"the addresses of this project have over {_MOST_READERS:,} readers in all, each of which JSON names"
        raise EnvfixError(f"{message}: choose variables with --only, or another format", path=part.plan.directory)


def project_of(plan: Plan, cwd: str) -> dict[str, Any]:
    """One of `projects`. References with the same readers share the list."""
    readers: dict[Sequence[Reader], list[dict[str, str]]] = {}
    return {
        "directory": shown_path(plan.directory, cwd),
        "name": clean(plan.name),
        "compose_files": [shown_path(path, cwd) for path in plan.compose_files],
        "profiles": [clean(profile) for profile in plan.profiles],
        "env_files": [{"path": shown_path(file.path, cwd), "changed": file.changed} for file in plan.env_files],
        "references": [_reference(reference, cwd, readers) for reference in plan.references],
        "warnings": [_notice(notice, cwd) for notice in plan.warnings if not notice.minor],
    }


def _reference(reference: Reference, cwd: str, known: dict[Sequence[Reader], list[dict[str, str]]]) -> dict[str, Any]:
    names = (
        *("path", "line", "column", "variable", "address", "decision", "reason"),
        *("replacement", "service", "published_port", "container_port"),
    )
    readers = known.get(reference.readers)
    if readers is None:
        whole = sorted(reference.readers, key=lambda reader: reader.service)
        readers = [{"service": clean(reader.service), "way": reader.way} for reader in whole]
        known[reference.readers] = readers
    return {
        **{name: _value(name, getattr(reference, name), cwd) for name in names},
        "readers": readers,
        "explanation": clean(reference.explanation),
        "choices": [
            {name: _value(name, getattr(choice, name), cwd) for name in _CHOICE} for choice in reference.choices
        ],
        "evidence": _evidence(reference.evidence, cwd),
    }


def _evidence(evidence: Iterable[Evidence], cwd: str) -> list[dict[str, Any]]:
    return [{name: _value(name, getattr(one, name), cwd) for name in one._fields} for one in evidence]


def _value(name: str, value: Any, cwd: str) -> Any:
    if not isinstance(value, str):
        return value
    return shown_path(value, cwd) if name == "path" else clean(value)


def _notice(notice: Notice | EnvfixError, cwd: str) -> dict[str, Any]:
    return {
        "path": shown_path(notice.path, cwd) if notice.path is not None else None,
        "line": notice.line,
        "message": clean(notice.message),
    }


def errors_of(errors: Iterable[EnvfixError], cwd: str) -> list[dict[str, Any]]:
    """The `errors` of a run."""
    return [_notice(error, cwd) for error in errors]
