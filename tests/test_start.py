"""What does a run load? Start-up is most of it, so what is not needed stays away; no test here looks at a clock."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "envfix"
PROJECT = PACKAGE.parent / "fixtures" / "langfuse"


def answered(code: str, folder: Path = PROJECT) -> str:
    """The last line that a fresh interpreter prints for this code."""
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def loaded_by(words: list[str]) -> set[str]:
    return set(
        answered(
            "import sys\nfrom envfix.cli import main\ntry:\n"
            f"    main({words!r})\nexcept SystemExit:\n    print(*sys.modules)"
        ).split()
    )


def test_a_dry_run_loads_the_parsers_of_its_libraries_and_not_the_rest_of_them() -> None:
    loaded = loaded_by(["--dry-run"])
    assert {"dotenv.parser", "ruamel.yaml.parser"} <= loaded
    assert not loaded & {"dotenv.main", "ruamel.yaml.main", "difflib", "json", "tempfile", "subprocess", "locale"}


def test_a_library_loads_its_packages_as_anyone_does() -> None:
    code = "import sys, envfix; envfix.plan('.'); print('ruamel.yaml.main' in sys.modules, 'dotenv' in sys.modules)"
    assert answered(code) == "True True"


LATER = "import sys\nfrom envfix.cli.late import package_later\npackage_later({name!r})\n"


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        pytest.param("dotenv", "import dotenv.parser; print('dotenv.main' in sys.modules)", "False", id="submodule"),
        pytest.param(
            "dotenv", "from dotenv import dotenv_values; print(dotenv_values)", "<function", id="a name of it"
        ),
        pytest.param("dotenv", "import dotenv; print(dotenv.main.__name__)", "dotenv.main", id="an attribute"),
        pytest.param(
            "ruamel.yaml",
            "import ruamel.yaml.parser as p\nfrom ruamel.yaml import YAML\nimport ruamel.yaml\n"
            "print(YAML(typ='safe', pure=True).load('a: 1'), ruamel.yaml.parser is p, ruamel.yaml.__with_libyaml__)",
            "{'a': 1} True",
            id="a submodule first, then the package",
        ),
        pytest.param("dotenv", "import dotenv; print(hasattr(dotenv, 'nothing'))", "False", id="no such attribute"),
        pytest.param("no_such_package", "print('no_such_package' in sys.modules)", "False", id="no such package"),
        pytest.param("no.such.package", "print('no' in sys.modules)", "False", id="no such parent"),
        pytest.param("json.decoder", "import json.decoder; print(json.decoder.JSONDecoder)", "<class", id="no package"),
    ],
)
def test_a_package_put_off_is_there_when_it_is_asked_for(name: str, code: str, said: str) -> None:
    assert answered(LATER.format(name=name) + code).startswith(said)


def test_a_package_that_is_loaded_already_stays_as_it_is() -> None:
    code = "import dotenv\n" + LATER.format(name="dotenv") + "print(sys.modules['dotenv'] is dotenv)"
    assert answered(code) == "True"


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_modules_with_records_evaluate_their_annotations(path: Path) -> None:
    """An annotation that is a text is compiled when its NamedTuple is made: nearly half of what the class costs."""
    text = path.read_text(encoding="utf-8")
    assert not (re.search(r"\(NamedTuple\):", text) and "from __future__ import annotations" in text)
