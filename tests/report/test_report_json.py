"""The JSON format is a contract: these keys, these paths, this schema, and never a secret."""

from __future__ import annotations

import json
import os

import jsonschema
import pytest
from report_samples import ASK, CWD, KEEP, SECRET, output, plan, reference, report

from envfix.errors import EnvfixError
from envfix.logs import Blame
from envfix.records import Choice, Evidence, Notice, Reader
from envfix.report import render, schema_text
from envfix.report.as_json import render_failures

SCHEMA = json.loads(schema_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


BLAME = Blame(
    service="web",
    address="127.0.0.1:5433",
    kind="refused",
    log_line=12,
    variable="DATABASE_URL",
    path=f"{CWD}/.env",
    line=3,
    replacement="postgres:5432",
    explanation="postgres publishes 5433",
    evidence=(Evidence(f"{CWD}/api/db.py", 7, "default"),),
)


def told(**changes: object) -> dict:
    document = json.loads(output(render("json", report(**changes))))
    VALIDATOR.validate(document)
    return document


def test_the_whole_object_of_a_run() -> None:
    assert told(errors=(EnvfixError("it cannot be read", path=f"{CWD}/b/.env"),)) == {
        "version": 1,
        "projects": [
            {
                "directory": ".",
                "name": "stack",
                "compose_files": ["compose.yaml"],
                "profiles": [],
                "env_files": [{"path": ".env", "changed": True}],
                "references": [
                    {
                        "path": ".env",
                        "line": 1,
                        "column": 21,
                        "variable": "NEXTAUTH_URL",
                        "address": "localhost:3000",
                        "decision": "keep",
                        "reason": "browser",
                        "replacement": None,
                        "service": None,
                        "published_port": None,
                        "container_port": None,
                        "readers": [{"service": "web", "way": "interpolation"}],
                        "explanation": "a browser uses it",
                        "choices": [],
                        "evidence": [],
                    },
                    {
                        "path": ".env",
                        "line": 3,
                        "column": 33,
                        "variable": "DATABASE_URL",
                        "address": "localhost:5433",
                        "decision": "rewrite",
                        "reason": "published",
                        "replacement": "postgres:5432",
                        "service": "postgres",
                        "published_port": 5433,
                        "container_port": 5432,
                        "readers": [
                            {"service": "web", "way": "interpolation"},
                            {"service": "worker", "way": "env_file"},
                        ],
                        "explanation": "postgres publishes 5433 for its port 5432",
                        "choices": [],
                        "evidence": [],
                    },
                    {
                        "path": ".env",
                        "line": 5,
                        "column": 19,
                        "variable": "MEDIA_ENDPOINT",
                        "address": "localhost:9090",
                        "decision": "ask",
                        "reason": "conflict",
                        "replacement": None,
                        "service": None,
                        "published_port": None,
                        "container_port": None,
                        "readers": [
                            {"service": "web", "way": "interpolation"},
                            {"service": "worker", "way": "env_file"},
                        ],
                        "explanation": "web needs localhost:9090, where browsers upload; worker needs minio:9000",
                        "choices": [
                            {
                                "replacement": "minio:9000",
                                "service": "minio",
                                "container_port": 9000,
                                "explanation": "right for worker",
                            },
                            {
                                "replacement": "localhost:9090",
                                "service": None,
                                "container_port": None,
                                "explanation": "right for web",
                            },
                        ],
                        "evidence": [{"path": "api/media.py", "line": 7, "what": "mention"}],
                    },
                ],
                "warnings": [{"path": "compose.yaml", "line": 7, "message": "the env_file api.env is missing"}],
            }
        ],
        "summary": {"rewrite": 1, "keep": 1, "ask": 1},
        "errors": [{"path": "b/.env", "line": None, "message": "it cannot be read"}],
    }


def test_a_write_is_told_as_the_dry_run_was() -> None:
    assert told(written=True, verbose=True, quiet=True, colour=True) == told()


def test_a_run_that_could_read_nothing_has_its_reason_in_the_object() -> None:
    document = told(parts=(), errors=(EnvfixError("no compose file"),))
    assert document["projects"] == []
    assert document["summary"] == {"rewrite": 0, "keep": 0, "ask": 0}
    assert document["errors"] == [{"path": None, "line": None, "message": "no compose file"}]


def test_several_projects_add_up() -> None:
    document = json.loads(output(render("json", report(plan(), plan(references=(KEEP,))))))
    assert len(document["projects"]) == 2
    assert document["summary"] == {"rewrite": 1, "keep": 2, "ask": 1}


PATHS = (
    pytest.param(f"{CWD}/a/.env", "a/.env", id="below the current folder"),
    pytest.param(CWD, ".", id="the current folder itself"),
    pytest.param("/home/me/stack2/.env", "/home/me/stack2/.env", id="a folder whose name only begins alike"),
    pytest.param("/etc/x.env", "/etc/x.env", id="elsewhere"),
    pytest.param("x.env", "x.env", id="as it was given"),
    pytest.param(f"{CWD}/caf\udce9/.env", "caf\\xe9/.env", id="a name that is not UTF-8"),
)


@pytest.mark.skipif(os.sep != "/", reason="the paths of the samples are POSIX")
@pytest.mark.parametrize(("path", "shown"), PATHS)
def test_paths(path: str, shown: str) -> None:
    found = plan(directory=path, references=(reference(path=path),), warnings=(Notice(path, None, "x"),))
    document = json.loads(output(render("json", report(found))))
    project = document["projects"][0]
    assert (project["directory"], project["references"][0]["path"]) == (shown, shown)
    assert project["warnings"][0]["path"] == shown


def test_the_current_folder_may_be_the_root() -> None:
    document = json.loads(output(render("json", report(plan(references=(reference(path="/a/.env"),)), cwd="/"))))
    assert document["projects"][0]["references"][0]["path"] == "a/.env"


def test_readers_are_sorted_by_service() -> None:
    found = reference(readers=(Reader("z", "mount"), Reader("a", "image"), Reader("m", "pass-through")))
    document = json.loads(output(render("json", report(plan(references=(found,))))))
    assert [reader["service"] for reader in document["projects"][0]["references"][0]["readers"]] == ["a", "m", "z"]


def test_no_control_character_of_a_file_comes_through() -> None:
    evil = "a\x1b[2J\u202eb\u200bc\nd"
    found = reference(variable=evil, address=evil, explanation=evil, choices=(Choice(evil, evil, 1, evil),))
    text = output(render("json", report(plan(references=(found,), name=evil, warnings=(Notice(None, None, evil),)))))
    values = json.dumps(json.loads(text), ensure_ascii=False)
    assert not any(character in values for character in ("\x1b", "\u202e", "\u200b"))
    assert "\\u001b" not in text


def test_no_value_is_in_it() -> None:
    assert SECRET not in output(render("json", report(show_secrets=True)))


def test_it_is_ascii_for_every_terminal() -> None:
    assert output(render("json", report(plan(name="grün")))).isascii()


class TestLogs:
    def test_the_whole_object(self) -> None:
        document = json.loads(output(render_failures([BLAME], [], CWD)))
        VALIDATOR.validate(document)
        assert document == {
            "version": 1,
            "failures": [
                {
                    "service": "web",
                    "address": "127.0.0.1:5433",
                    "kind": "refused",
                    "log_line": 12,
                    "variable": "DATABASE_URL",
                    "path": ".env",
                    "line": 3,
                    "replacement": "postgres:5432",
                    "explanation": "postgres publishes 5433",
                    "evidence": [{"path": "api/db.py", "line": 7, "what": "default"}],
                }
            ],
            "errors": [],
        }

    def test_what_the_log_does_not_say_is_null(self) -> None:
        unknown = BLAME._replace(service=None, address=None, variable=None, path=None, line=None, replacement=None)
        document = json.loads(output(render_failures([unknown], [EnvfixError("x")], CWD)))
        VALIDATOR.validate(document)
        assert document["failures"][0]["variable"] is None


class TestSchema:
    def test_it_is_a_schema(self) -> None:
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_every_object_in_it_is_closed_and_complete(self) -> None:
        objects = [each for each in walk(SCHEMA) if each.get("type") == "object"]
        assert len(objects) > 8
        assert all(each["additionalProperties"] is False for each in objects)
        assert all(set(each["required"]) == set(each["properties"]) for each in objects)

    BROKEN = (
        pytest.param({"version": 2}, id="another version"),
        pytest.param({"summary": {"rewrite": 1, "keep": 1}}, id="a count that is missing"),
        pytest.param({"extra": 1}, id="a key that is not in the contract"),
        pytest.param({"failures": []}, id="both forms at once"),
        pytest.param({"errors": [{"path": None, "line": 0, "message": "x"}]}, id="line nought"),
    )

    @pytest.mark.parametrize("change", BROKEN)
    def test_it_refuses(self, change: dict) -> None:
        assert not VALIDATOR.is_valid({**told(), **change})

    @pytest.mark.parametrize(
        ("key", "value"),
        [("reason", "because"), ("decision", "maybe"), ("line", "3"), ("container_port", "5432"), ("column", 0)],
    )
    def test_it_refuses_a_reference_with(self, key: str, value: object) -> None:
        document = told(parts=report(plan(references=(ASK,))).parts)
        document["projects"][0]["references"][0][key] = value
        assert not VALIDATOR.is_valid(document)


def walk(schema: object) -> list[dict]:
    if isinstance(schema, list):
        return [found for each in schema for found in walk(each)]
    if isinstance(schema, dict):
        return [schema, *(found for each in schema.values() for found in walk(each))]
    return []
