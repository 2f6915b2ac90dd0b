"""SARIF 2.1.0 for code scanning: a result for each rewrite, with its fix, and each ask. Of a file only addresses."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from envfix import __version__
from envfix.errors import EnvfixError
from envfix.reasons import REPORTED, Meaning, Reason, level
from envfix.records import Notice, Reference
from envfix.report import Report, Said
from envfix.report.wording import how_to_decide, relative, sentence, shown_path, told, warnings, width
from envfix.shown import clean
from envfix.workflow_commands import in_json

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report) -> tuple[Said, ...]:
    """One run. What a write has changed is no result any more."""
    found = [reference for _, reference in told(report) if not (report.written and reference.decision == "rewrite")]
    indexes = {meaning.code: index for index, meaning in enumerate(REPORTED)}
    seen: Counter[tuple[str, str, str]] = Counter()
    run = {
        "tool": {"driver": {"name": "envfix", "version": __version__, "rules": [_rule(each) for each in REPORTED]}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "results": [_result(reference, indexes, report.cwd, seen) for reference in found],
    }
    return (Said(in_json(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)) + "\n"),)


def _rule(each: Meaning) -> dict[str, Any]:
    return {
        "id": each.code,
        "name": "".join(word.capitalize() for word in each.code.split("-")),
        "shortDescription": {"text": each.short},
        "fullDescription": {"text": each.help},
        "help": {"text": each.help, "markdown": each.help},
        "defaultConfiguration": {"level": each.level},
        "properties": {"tags": ["docker-compose", "dotenv"]},
    }


def _result(
    reference: Reference, indexes: Mapping[Reason, int], cwd: str, seen: Counter[tuple[str, str, str]]
) -> dict[str, Any]:
    region = {
        "startLine": reference.line,
        "startColumn": reference.column,
        "endLine": reference.line,
        "endColumn": reference.column + width(reference),
    }
    location = _file(reference.path, cwd)
    result: dict[str, Any] = {
        "ruleId": reference.reason,
        "ruleIndex": indexes[reference.reason],
        "level": level(reference.reason, reference.decision),
        "message": {"text": _message(reference)},
        "locations": [{"physicalLocation": {"artifactLocation": location, "region": region}}],
        "partialFingerprints": {"envfixAddress/v1": _fingerprint(reference, cwd, seen)},
    }
    if reference.decision == "rewrite" and reference.replacement is not None:
        change = {"deletedRegion": region, "insertedContent": {"text": reference.replacement}}
        result["fixes"] = [
            {
                "description": {"text": clean(f"{reference.address} -> {reference.replacement}")},
                "artifactChanges": [{"artifactLocation": location, "replacements": [change]}],
            }
        ]
    return result


def _message(reference: Reference) -> str:
    if reference.decision != "ask":
        return sentence(reference)
    return f"{sentence(reference)} {how_to_decide(reference)}"


def _fingerprint(reference: Reference, cwd: str, seen: Counter[tuple[str, str, str]]) -> str:
    """The same for the same address wherever its line moves to; made of no value."""
    key = (shown_path(reference.path, cwd), reference.variable, reference.address)
    seen[key] += 1
    return sha256("\0".join((*key, str(seen[key]))).encode("utf-8", "replace")).hexdigest()[:32]


def _file(path: str, cwd: str) -> dict[str, str]:
    """The artifact: relative to the current folder, which is the repository's root where code scanning runs."""
    shown = relative(path, cwd)
    if not os.path.isabs(shown):
        return {"uri": quote(os.fsencode(shown)), "uriBaseId": "%SRCROOT%"}
    return {"uri": f"file:///{quote(os.fsencode(shown.lstrip('/')), safe='/:')}"}


def _invocation(report: Report) -> dict[str, Any]:
    notes = [_notification(notice, "warning", report.cwd) for notice in warnings(report)]
    notes += [_notification(error, "error", report.cwd) for error in report.errors]
    return {"executionSuccessful": not report.errors, "toolExecutionNotifications": notes}


def _notification(notice: Notice | EnvfixError, level: str, cwd: str) -> dict[str, Any]:
    note: dict[str, Any] = {"level": level, "message": {"text": clean(notice.message)}}
    if notice.path is not None:
        where: dict[str, Any] = {"artifactLocation": _file(notice.path, cwd)}
        if notice.line:
            where["region"] = {"startLine": notice.line}
        note["locations"] = [{"physicalLocation": where}]
    return note
