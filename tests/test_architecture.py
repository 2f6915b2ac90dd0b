"""The house: no room looks at one above it, nothing goes round in a circle, and no module is too long to be read."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "envfix"
# The rooms from the top; those on one line do not look at each other but by the lines below.
ROOMS = (
    ("__main__",),
    ("cli",),
    ("report",),
    ("logs",),
    ("engine",),
    ("override",),
    ("planning",),
    ("rewriter",),
    ("resolver",),
    ("source",),
    ("project",),
    ("disk", "git"),
    ("compose", "dockerfile"),
    ("loaders", "envfile", "addresses", "interpolation"),
    ("records",),
    ("settings_file",),
    ("settings_table",),
    ("knowledge", "reasons", "settings", "diff", "shown"),
    (
        "errors",
        "files",
        "formats",
        "globs",
        "named_tuples",
        "numerals",
        "patterns",
        "shell_patterns",
        "shell_words",
        "workflow_commands",
    ),
)
MOST_LINES = 400


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports() -> dict[str, frozenset[str]]:
    """What each module imports of the package, functions included; what is for the type checker alone is not."""
    known = modules()
    return {name: frozenset(_imported(path, known)) - {name} for name, path in known.items()}


def _imported(path: Path, known: dict[str, Path]) -> set[str]:
    found = set()
    for node in _run(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name in known}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names} & set(known)
            found |= whole or ({node.module} & set(known))
    return found


def _run(node: ast.AST) -> list[ast.AST]:
    """The nodes below that are run at some time."""
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return [each for child in node.orelse for each in _run(child)]
    return [node, *(each for child in ast.iter_child_nodes(node) for each in _run(child))]


def room(module: str) -> int:
    name = module.split(".")[1] if "." in module else "__init__"
    return next((number for number, names in enumerate(ROOMS) if name in names), -1)


def circles() -> list[list[str]]:
    """The modules that reach themselves, those of one circle together."""
    reached: dict[str, set[str]] = {}
    for start in imports():
        todo, seen = [start], set()
        while todo:
            for other in imports()[todo.pop()] - seen:
                seen.add(other)
                todo.append(other)
        reached[start] = seen
    found: list[list[str]] = []
    for name in imports():
        if name in reached[name] and not any(name in circle for circle in found):
            found.append([other for other in imports() if other in reached[name] and name in reached[other]])
    return found


def test_every_module_is_in_a_room() -> None:
    assert [name for name in imports() if name != "envfix" and room(name) < 0] == []


def test_no_module_imports_one_of_a_room_above_its_own() -> None:
    """But for the package itself, through which users come in."""
    upwards = [
        f"{name} -> {other}"
        for name, others in imports().items()
        for other in others
        if "envfix" not in (name, other) and room(other) < room(name)
    ]
    assert upwards == []


def test_nothing_goes_round_in_a_circle() -> None:
    assert circles() == []


def test_no_module_is_longer_than_a_person_reads() -> None:
    lengths = {name: path.read_text(encoding="utf-8").count("\n") for name, path in modules().items()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_every_module_is_named_where_the_house_is_described() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [
        str(path.relative_to(PACKAGE))
        for path in modules().values()
        if path.name != "__init__.py" and not re.search(rf"\b{re.escape(path.stem)}\b", text)
    ]
    assert missing == []


def imported_in_functions() -> set[tuple[str, str]]:
    """What functions import, each with the module that does, as the page on the house names it."""
    found = set()
    for path in modules().values():
        place = path.relative_to(PACKAGE).with_suffix("").as_posix().removesuffix("/__init__")
        functions = [node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        for node in (inner for function in functions for inner in ast.walk(function)):
            if isinstance(node, ast.Import):
                found |= {(alias.name, place) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module == "envfix":
                found |= {(f"envfix.{alias.name}", place) for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add((node.module, place))
    return {(name, "envfix" if place == "__init__" else place) for name, place in found}


def test_an_import_inside_a_function_has_its_reason_where_the_house_is_described() -> None:
    text = (PACKAGE.parent / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("## Imports inside functions")[2].partition("\n## ")[0]
    rows = [row.split("|")[1:3] for row in table.splitlines() if row.startswith("| `")]
    allowed = [
        {(name, place) for name in re.findall(r"`(.+?)`", names) for place in re.findall(r"`(.+?)`", places)}
        for names, places in rows
    ]
    there = imported_in_functions()
    assert there - set().union(*allowed) == set(), "move it to the top, or say what it saves"
    assert [row for row, pairs in zip(rows, allowed, strict=True) if not pairs & there] == [], "nobody does so any more"


# Where something is printed by other means than those of `cli.telling`, which lead through `shown.door`.
PRINTS = {
    "envfix.cli": "the way out, whatever was loaded; cleaned there",
    "envfix.cli.options": "the version and the help",
    "envfix.cli.recursive": "takes its progress bar away",
    "envfix.cli.telling": "the door",
}


def test_all_that_is_printed_goes_through_one_door() -> None:
    found = {name for name, path in modules().items() if any(map(_prints, ast.walk(tree(path))))}
    assert found == set(PRINTS)


def _prints(node: ast.AST) -> bool:
    """A call of `print` or `click.echo`, or of something of a stream by which text gets out."""
    if not isinstance(node, ast.Call):
        return False
    called = ast.unparse(node.func)
    stream = re.search(r"(?:stdout|stderr|stream|buffer|raw)\.write(?:lines)?$", called)
    return called == "print" or called.startswith(("click.echo", "click.secho")) or stream is not None
