"""One table from format to renderer, loaded when it is used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from report_samples import output, report

import envfix
from envfix.formats import FORMATS, Format
from envfix.report import render, renderer, schema_text


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_renders_a_run(format: str) -> None:
    assert "DATABASE_URL" in output(render(format, report()))


@pytest.mark.parametrize("format", FORMATS)
def test_every_piece_ends_its_line(format: str) -> None:
    assert all(said.text.endswith("\n") for said in render(format, report()))


def test_no_other_module_names_a_format() -> None:
    """But for the renderers, which write words of their own: what a format is good for stands in its row."""
    package = Path(envfix.__file__).parent
    renderers = {row.module for row in FORMATS.values()}
    others = [path for path in (package / "report").glob("*.py") if path.stem not in renderers]
    named = [
        f"{path.name}:{node.lineno}: {node.value}"
        for path in (*(package / "cli").glob("*.py"), *others)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in FORMATS
    ]
    assert named == []


@pytest.mark.parametrize("row", FORMATS.values(), ids=str)
def test_a_renderer_has_what_its_row_promises(row: Format) -> None:
    """Beside `render`: failures of a log for the modes that read one, the pieces of a list of many projects."""
    module = renderer(row.name)
    promised = {"render"}
    if not row.for_people and {"logs", "live"} & set(row.modes):
        promised |= {"render_failures"}
    if row.across == "items":
        promised |= {"opening", "item", "closing"}
    assert promised <= set(vars(module))


def test_the_readme_names_every_format() -> None:
    readme = (Path(envfix.__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    assert "| `--format " + "\\|".join(FORMATS) + "` |" in readme


def test_the_schema_is_in_the_package() -> None:
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in schema_text()


def test_no_renderer_is_loaded_before_it_is_used() -> None:
    code = (
        "import sys, envfix.report\n"
        "print([name for name in sys.modules if name.startswith('envfix.report.') or name in ('json', 'shlex')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
