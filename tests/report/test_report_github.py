"""GitHub's workflow commands: one a line, escaped so that no file can forge another."""

from __future__ import annotations

import re

import pytest
from report_samples import CWD, SECRET, output, plan, reference, report

from envfix.errors import EnvfixError
from envfix.records import Notice
from envfix.report import render


def lines(*plans: object, **changes: object) -> list[str]:
    return output(render("github", report(*plans, **changes))).splitlines()


def parsed(line: str) -> tuple[str, dict[str, str], str]:
    """A command as GitHub's runner reads it (actions/runner, ActionCommand)."""
    name, properties, data = re.fullmatch(r"::(\w+)(?: (.*?))?::(.*)", line).groups()
    pairs = (each.split("=", 1) for each in (properties or "").split(",") if each)

    def undo(text: str, escapes: dict[str, str]) -> str:
        for escape, character in escapes.items():
            text = text.replace(escape, character)
        return text.replace("%25", "%")

    ends = {"%0D": "\r", "%0A": "\n"}
    return name, {key: undo(text, {**ends, "%3A": ":", "%2C": ","}) for key, text in pairs}, undo(data, ends)


def test_each_finding_is_an_annotation_at_its_place() -> None:
    rewrite, ask, warning = map(parsed, lines())
    assert rewrite == (
        "error",
        {
            "file": ".env",
            "line": "3",
            "endLine": "3",
            "col": "33",
            "endColumn": "47",
            "title": "envfix: localhost with a published port is used inside a container",
        },
        "DATABASE_URL: localhost:5433 -> postgres:5432 (published): postgres publishes 5433 for its port 5432",
    )
    assert (ask[0], ask[1]["line"], ask[2].splitlines()[1]) == (
        "notice",
        "5",
        "To decide, write on the line above it: # envfix: minio:9000 or # envfix: keep",
    )
    assert warning == (
        "warning",
        {"file": "compose.yaml", "line": "7", "title": "envfix"},
        "the env_file api.env is missing",
    )


def test_what_a_write_has_changed_is_a_notice() -> None:
    name, _, message = parsed(lines(written=True)[0])
    assert (name, message.split(":")[0]) == ("notice", "Rewritten. DATABASE_URL")


def test_errors_come_last() -> None:
    told = lines(errors=(EnvfixError("no compose file"), EnvfixError("an unclosed quote", path=f"{CWD}/.env", line=2)))
    assert [parsed(line) for line in told[-2:]] == [
        ("error", {"title": "envfix"}, "no compose file"),
        ("error", {"file": ".env", "line": "2", "title": "envfix"}, "an unclosed quote"),
    ]


HOSTILE = (
    pytest.param("100%25 of it", id="a percent sign, even before digits"),
    pytest.param("a::b,c=d", id="what separates properties"),
    pytest.param("x::error::forged", id="a command within a command"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    found = reference(path=f"{CWD}/{text}", explanation=text)
    (line,) = lines(plan(references=(found,), warnings=()))
    name, properties, message = parsed(line)
    assert (name, properties["file"], message.endswith(text)) == ("error", text, True)


def test_a_line_break_cannot_begin_a_command_of_its_own() -> None:
    found = reference(variable="A\n::error::forged\r::error::forged")
    assert [line[:9] for line in lines(plan(references=(found,), warnings=()))] == ["::error f"]


def test_nothing_found_prints_nothing() -> None:
    assert lines(plan(references=(), warnings=())) == []


def test_no_value_is_in_it() -> None:
    assert SECRET not in "".join(lines(plan(warnings=(Notice(None, None, "x"),)), show_secrets=True))
