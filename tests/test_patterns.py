"""No regular expression of envfix can be pumped: eight times the text takes no more than sixteen times as long.

Each is given texts that are made for it: what its own parts match, repeated, after what leads there and before what
fits nothing. Nested and neighbouring repeats that could share a text in many ways show at once, and so does a search
that begins anew at each character.
"""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, NamedTuple

import pytest

import envfix
from envfix import patterns
from tests.fuzz import watchdog

PACKAGE = Path(envfix.__file__).parent
SEARCHING = {"search", "finditer", "findall", "sub", "subn", "split"}
MATCHING = {"match", "fullmatch"}
WHOLE = "envfix.compose.specification"  # whose expressions are for whole values (compose/schema.py)
MANY = 50  # a repeat with a lower bound than this costs no more than that many times the rest
GROWTH = 8
LENGTHS = (300, 300 * GROWTH, 300 * GROWTH**2)
SOON = 0.1  # seconds, under which nothing is measured: a square of the longest takes more
# Less than this for a text of the middle length, and the long one takes less than SOON even if the time grows with the
# square; what grows faster than that takes far longer for the middle one already.
WORTH = SOON / GROWTH**2
LIMIT = 1  # second of processor time for any one text


class Used(NamedTuple):
    """An expression and how it is asked: `search`, or `match` or `fullmatch` where nothing asks for more."""

    where: str
    pattern: re.Pattern[Any]
    method: str


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), ast.parse(path.read_text(encoding="utf-8"))


def names_of(node: ast.expr) -> set[str]:
    """The names by which an expression is asked: a variable's, a field's, a table's."""
    if isinstance(node, ast.Subscript):
        return names_of(node.value)
    if isinstance(node, ast.IfExp):
        return names_of(node.body) | names_of(node.orelse)
    return {node.id} if isinstance(node, ast.Name) else {node.attr} if isinstance(node, ast.Attribute) else set()


def methods_of_names() -> dict[tuple[str, str], set[str]]:
    """By which methods an expression is asked that bears the name: a private one in its module, else anywhere."""
    found: dict[tuple[str, str], set[str]] = {}
    for where, tree in modules():
        module = "envfix." + where.removesuffix(".py").replace("/", ".").replace("\\", ".").removesuffix(".__init__")
        others: dict[str, set[str]] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                others.setdefault(node.targets[0].id, set()).update(names_of(node.value))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in SEARCHING | MATCHING:
                for name in {two for one in names_of(node.value) for two in (one, *others.get(one, ()))}:
                    found.setdefault((module if name.startswith("_") else "", name), set()).add(node.attr)
    return found


def method(names: set[str]) -> str:
    return "search" if names & SEARCHING or not names else "match" if "match" in names else "fullmatch"


def expressions() -> Iterator[Used]:
    """Those that a module keeps, wherever in its tables they stand, and those that stand in a call of a function."""
    asked = methods_of_names()
    for module in pkgutil.walk_packages(envfix.__path__, "envfix."):
        if not module.name.endswith("__main__"):
            loaded = importlib.import_module(module.name)
            for name, value in vars(loaded).items():
                for field, pattern in kept(value, module.name, name):
                    of = (module.name if field.startswith("_") else "", field)
                    names = {"fullmatch"} if module.name == WHOLE else asked.get(of, set())
                    yield Used(f"{module.name}.{name}", pattern, method(names))
    for where, tree in modules():
        seen: set[ast.Call] = set()
        for call in (node for top in tree.body if not isinstance(top, ast.Assign) for node in ast.walk(top)):
            # re.compile(TEXT).search(...), and re.search(TEXT, ...) within it or alone
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call not in seen:
                inner = call.func.value if isinstance(call.func.value, ast.Call) else call
                seen.add(inner)
                text = text_of(inner)
                if text is not None:
                    names = {call.func.attr} & (SEARCHING | MATCHING)
                    yield Used(f"{where}:{call.lineno}", re.compile(text), method(names))


def text_of(call: ast.Call) -> str | bytes | None:
    """The expression that a call of `re` is given, with a word where something is put in."""
    if not isinstance(call.func, ast.Attribute) or names_of(call.func.value) != {"re"} or not call.args:
        return None
    text = call.args[0]
    if isinstance(text, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "ab" for part in text.values)
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str | bytes) else None


def kept(value: object, module: str, name: str, depth: int = 0) -> Iterator[tuple[str, re.Pattern[Any]]]:
    """The expressions in a value, each with the name of the variable or field that holds it; the text of one, where a
    row of data has it in a field `pattern`."""
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, patterns._Pattern):
        yield name, re.compile(value._text, value._flags)
    elif name == "pattern" and isinstance(value, str):
        yield name, re.compile(value)
    elif depth < 6:
        inner: list[tuple[str, object]] = []
        if isinstance(value, dict):
            inner = [(name, one) for one in (*value, *value.values())]
        elif isinstance(value, tuple) and hasattr(value, "_asdict"):
            inner = list(value._asdict().items())
        elif isinstance(value, list | tuple | set | frozenset):
            inner = [(name, one) for one in value]
        elif type(value).__module__ == module:
            inner = list(getattr(value, "__dict__", {}).items())
        for field, one in inner:
            yield from kept(one, module, field, depth + 1)


def samples(items: Any) -> list[str]:
    """A few texts that match a row of parsed items."""
    found = [""]
    for item in items:
        parts = samples_of(item)
        found = [one + part for one in found for part in parts][:6] or found
    return list(dict.fromkeys(found))


def samples_of(item: Any) -> list[str]:
    kind, what = str(item[0]), item[1]
    if kind == "LITERAL":
        return [chr(what)]
    if kind == "NOT_LITERAL":
        return ["a" if what != ord("a") else "b"]
    if kind == "ANY":
        return ["a"]
    if kind == "IN":
        return members(what)
    if kind == "BRANCH":
        return [one for branch in what[1] for one in samples(branch)[:2]][:24]
    if kind == "SUBPATTERN":
        return samples(what[3])
    if kind == "ATOMIC_GROUP":
        return samples(what)
    if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, body = what
        return [one * max(least, 1 if most else 0) for one in samples(body)] + ([""] if least == 0 else [])
    return [""]


CANDIDATES = "a0 -._:/\"'=,;@%#$\\{}[]()<>&?*+!|~^`\t\nZéz9"


def members(items: Any) -> list[str]:
    """A few characters of a class: one of each kind that it holds."""
    negated = bool(items) and str(items[0][0]) == "NEGATE"
    if negated:
        matcher = list(items[1:])
        return [char for char in CANDIDATES if not any(holds(item, char) for item in matcher)][:6]
    found = [chr(item[1]) for item in items if str(item[0]) == "LITERAL"]
    found += [chr(item[1][0]) for item in items if str(item[0]) == "RANGE"]
    for item in items:
        if str(item[0]) == "CATEGORY":
            found += [char for char in CANDIDATES if holds(item, char)][:2]
    return found[:10]


def holds(item: Any, char: str) -> bool:
    kind, what = str(item[0]), item[1]
    if kind == "LITERAL":
        return ord(char) == what
    if kind == "RANGE":
        return bool(what[0] <= ord(char) <= what[1])
    if kind == "CATEGORY":
        name = str(what)
        good = {"DIGIT": char.isdigit(), "SPACE": char.isspace(), "WORD": char.isalnum() or char == "_"}
        within = good[name.rpartition("_")[2]]
        return within != ("NOT" in name)
    return False


def pumps(items: Any, lead: str = "") -> Iterator[tuple[str, str]]:
    """For each repeat without a low bound: what leads to it, and what it repeats."""
    for item in items:
        kind, what = str(item[0]), item[1]
        inner: list[Any] = []
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            inner = [what[2]]
            if what[1] >= MANY:
                bodies = samples(what[2])
                for text in dict.fromkeys(
                    (*bodies, "".join(bodies[:4]), *(char for one in bodies for char in one[:3]))
                ):
                    if text:
                        yield lead, text
        elif kind == "SUBPATTERN":
            inner = [what[3]]
        elif kind == "ATOMIC_GROUP":
            inner = [what]
        elif kind in ("ASSERT", "ASSERT_NOT"):
            inner = [what[1]]
        elif kind == "BRANCH":
            inner = list(what[1])
        for one in inner:
            yield from pumps(one, lead)
        lead += samples_of(item)[0] if samples_of(item) else ""


def texts(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], str]]:
    """Texts of a length for the expression, as functions of it."""
    parsed = parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)
    ends = ("\0", "", "a", " \0", "\n\0", "-", "/", "=")
    for start, body in dict.fromkeys((start, body) for lead, body in pumps(parsed) for start in (lead, "")):
        for end in ends:
            yield lambda length, start=start, body=body, end=end: start + body * (length // len(body)) + end


def seconds(used: Used, text: str, times: int = 1) -> float:
    subject: Any = text.encode("utf-8", "replace") if isinstance(used.pattern.pattern, bytes) else text
    ask = getattr(used.pattern, used.method)
    start = time.process_time()
    for _ in range(times):
        ask(subject)
    return time.process_time() - start


def is_pumped(used: Used, make: Callable[[int], str]) -> bool:
    """Whether the time grows faster than the text; the long texts are tried only where a shorter one took its time."""
    before = 0.0
    for length in LENGTHS:
        taken = seconds(used, make(length))
        if taken > SOON and taken > 2 * GROWTH * before:
            # As often as it is shorter, so that the clock sees it; the best of a few, for a busy machine.
            small, large = make(length // GROWTH), make(length)
            first = min(seconds(used, small, GROWTH) for _ in range(4))
            last = min(seconds(used, large) for _ in range(3))
            if last > SOON and last > 2 * first:
                return True
        if taken < WORTH and length > LENGTHS[0]:
            return False
        before = taken
    return False


def every() -> list[Used]:
    unique = {(used.pattern.pattern, used.pattern.flags, used.method): used for used in expressions()}
    return list(unique.values())


def pumped(used: Used) -> str | None:
    """The beginning of a text by which the expression is pumped."""
    for make in texts(used.pattern):
        try:
            with watchdog.bounded(LIMIT):
                if is_pumped(used, make):
                    return make(60)
        except watchdog.Hang:
            return make(60)
    return None


# Each of them is harmless input: the next one runs in a bounded process, and what it took would be seconds, not years.
PUMPED = [r"(a+)+$", r"\s+$", r"(?:[._-][\w-]+)*$", r"^\s*\[?\s*tool", r"(?:a|a)*b", r".*-{3,}$", r"(?:a|b|ab)*c"]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", PUMPED)
def test_expressions_that_can_be_pumped_are_found(pattern: str) -> None:
    assert pumped(Used("here", re.compile(pattern), "search")) is not None


@pytest.mark.slow
def test_no_expression_can_be_pumped() -> None:
    found = {used.where: (used.method, by) for used in every() if (by := pumped(used)) is not None}
    assert found == {}


@pytest.mark.slow
def test_what_a_module_keeps_is_compiled_when_it_is_used() -> None:
    """`regex` says so; `re.compile` stands in functions alone, for a text that is put together there."""
    early = []
    for where, tree in modules():
        if where == "patterns.py":
            continue
        within = {id(node) for top in ast.walk(tree) if isinstance(top, ast.FunctionDef) for node in ast.walk(top)}
        compiled = [
            node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile"
        ]
        wrong = [node for node in compiled if id(node) not in within or isinstance(node.args[0], ast.Constant)]
        early += [f"{where}:{node.lineno}" for node in wrong]
    assert early == []
