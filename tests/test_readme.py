"""What the README says is so: its commands, its options, what it shows of the output."""

from __future__ import annotations

import importlib.util
import re
import sys
import tomllib
from pathlib import Path

import pytest

from envfix.cli import command
from envfix.reasons import KEEP_ORDER, MEANINGS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The fenced blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_second_command_is_what_ci_runs() -> None:
    commands = [line for block in blocks("sh")[:2] for line in block.splitlines() if not line.startswith("#")]
    assert len(commands) == 2
    assert commands[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_the_output_shown_is_the_output() -> None:
    """`python docs/captures.py` writes it."""
    spec = importlib.util.spec_from_file_location("captures", ROOT / "docs" / "captures.py")
    assert spec is not None
    assert spec.loader is not None
    captures = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(captures)
    shown = captures.BLOCK.search(README)
    assert shown is not None
    assert captures.plain(captures.captured([])) == shown[2]


@pytest.mark.parametrize("option", [name for parameter in command.params for name in parameter.opts])
def test_every_option_is_documented(option: str) -> None:
    hidden = {name for parameter in command.params if getattr(parameter, "hidden", False) for name in parameter.opts}
    assert option in hidden | {"paths"} or f"`{option}" in README or f"{option}`" in README


def test_the_reasons_to_stay_are_those_of_the_table_in_its_order() -> None:
    rows = re.findall(
        r"^\| `([a-z-]+)` \| (.+) \|$", README.partition("| the address stays")[2].partition("\n\n")[0], re.M
    )
    assert rows == [(code, MEANINGS[code].stays) for code in KEEP_ORDER]


def test_the_configuration_shown_is_one() -> None:
    shown = tomllib.loads(blocks("toml")[0])
    rows = re.findall(r"^\| `(\w+)` \| (?:list|table)", README, re.MULTILINE)
    assert sorted(shown) == sorted(rows)
