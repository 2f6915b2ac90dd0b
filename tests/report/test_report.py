"""One table from format to renderer, loaded when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest
from report_samples import output, report

from envfix.report import FORMATS, render, schema_text


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_renders_a_run(format: str) -> None:
    assert "DATABASE_URL" in output(render(format, report()))


@pytest.mark.parametrize("format", FORMATS)
def test_every_piece_ends_its_line(format: str) -> None:
    assert all(said.text.endswith("\n") for said in render(format, report()))


def test_the_schema_is_in_the_package() -> None:
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in schema_text()


def test_no_renderer_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys, envfix.report\n"
        "print([name for name in sys.modules if name.startswith('envfix.report.') or name in ('json', 'shlex')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
