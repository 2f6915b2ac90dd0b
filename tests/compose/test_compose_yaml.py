"""How go-yaml, which Docker Compose reads with, cuts and types what stands in YAML: snippets, asked of the real one.

What is accepted stands in one project, a service each, so that Compose is asked once; each refusal is asked alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from compared import Call, assert_alike, fresh
from real_compose import needs_compose

ANCHOR = "x-z: &z zed\n"

FLOW = [
    "A: x, :y}",
    "A: x, :y : 2}",
    "U:}",
    "U:,}",
    "A: ?x}",
    "?x: y}",
    "? x: y}",
    "A: x?}",
    "A: x?,}",
    "A:x}",
    "A: -}",
    "A: -x}",
    "A: a:b:c}",
    '"A":x}',
    "'A':x}",
    "A: x#y}",
    "A: x #y\n}",
    'A: ":"}',
    "A: *z}",
    "A: &z x}",
    "A: &z}",
    "A: !!str }",
    "A: x|y}",
    "A: -,B: y}",
    "A: --- }",
    "A: ...}",
    "A:\n  x}",
    "A: x\n  y}",
    "A: x,}",
    "A: ?}",
    "?}",
    "A: ?,B: x}",
    "A: x, ? B}",
    "A: x, ? B : c}",
    "A: 1:2}",
    "A: -1}",
    "A: .}",
    "A: ~}",
    "A: \t x}",
    "A:\tx}",
    "A\t: x}",
    "\tA: x}",
    "A: x\ty}",
    'A: "a\n  b"}',
    "A: 'a\n\n  b'}",
    'A: "\\x41\\u00e9"}',
    'A: "a\\\n  b"}',
    "A: x # c\n}",
    "A: x\n# c\n}",
    "A: http://a:1/b}",
    "A: a,b}",
]
BLOCK = [
    "A: -x",
    "A: ?x",
    "A: :x",
    "A: &z",
    "A: &z x",
    "A: *z",
    "A: !!str",
    "A: |\n      x",
    "A: |1\n      x",
    "A: |2-\n        x",
    "A: >\n      x\n\n       y",
    "A: x\n       y",
    'A: "x\n  y"',
    "A:  # c\n      x",
    "A : x",
    '"A" : x',
    '"A": x',
    "'A': x",
    "A: --- x",
    "A: ---",
    "---: x",
    "A: ...",
    "? A\n    : x",
    "? A",
    "A: #x",
    "A: x#y",
    "A: x\t# y",
    "A: \tx",
    "A:\tx",
    "A: x\t",
    'A: "\t"',
    "A: x\n\n\n      y",
    'A: !!int "3"',
    "A: !!float 1",
    "A: !!timestamp 2020-01-01",
    'A: "a" # c',
    'A: "a"# c',
    'A: ""',
    "A: ''",
    "A: 'a''b'",
    "-: x",
    "A: |\n     x\n    B: y",
    "A: |\n\n\n      x",
    "A: >-\n      a\n      \n      b",
    "A: \xa0x",
    "A: x\xa0",
    "A: \u2028",
    "A: a\x7fb",
    "A: 0b11",
    "A: 0o9",
    "A: 1_0",
    "A: _1",
    "A: 1__0",
    "A: 0x",
    "A: +0x1",
    "A: -0x1",
    "A: 1e",
    "A: 1e5",
    "A: 1.e5",
    "A: .5.",
    "A: 1.2.3",
    "A: 2020-1-1",
    "A: 2020-13-01",
    "A: 2020-01-01 10:00:00",
    "A: 2020-01-01T10:00:00Z",
    "A: 2020-01-01t10:00:00.5+02:00",
    "A: 2020-01-01 10:00:00 +02:00",
    "A: 2020-01-01T10:00:00",
    "A: 2020-01-01 10:00",
    "A: 20200101",
    "A: 0.1",
    "A: 00",
    "A: 007",
    "A: 0_7",
    "A: -017",
    "A: 1E3",
    "A: 1e-3",
    "A: 12345678901234567890",
    "A: 123456789012345678901234",
    "A: -9223372036854775809",
    "A: TRUE",
    "A: True",
    "A: tRUE",
    "A: Null",
    "A: NULL",
    "A: nULL",
    "A: =",
    "A: <",
    "A: 0x_1",
    "A: 0b1_1",
    "A: 0o1_7",
    "A: 1e+3",
    "A: +1",
    "A: +a",
    "A: ++1",
    "A: 1+",
    "A: 1-",
    "A: 1.",
    "A: .",
    "A: -.5",
    "A: 1e400",
    "A: 5e-324",
    "A: 0e0",
    "A: 1_000.5",
    "A: 0.0",
    "A: -0.0",
    "A: 100000.0",
    "A: 1e5",
    "A: 1234567",
    "A: 12345678.9",
    "A: 0.0001",
    "A: 0.00001",
]
NOT_FLOW = [
    "U:]}",
    "U:[x]}",
    "U:{x: y}}",
    ":x}",
    "A: :x}",
    "A: x? y}",
    "A: x?]}",
    "A: - x}",
    "A: a: b}",
    'A: "x":y}',
    "A: [x]y}",
    "A: ::}",
    "::x: y}",
    "A: x:}",
    "A: x:,B: y}",
    "A: !!str}",
    "A: !x,B: y}",
    "A: %x}",
    "A: @x}",
    "A: `x}",
    "A: |x}",
    "A: >x}",
    "A: {}}",
    "A\n: x}",
    '"A"\n: x}',
    "A: x,,B: y}",
    ",A: x}",
    'A: "x" "y"}',
    ":}",
    "A: x, : y}",
    'A: "\\/"}',
    'A: "\\q"}',
]
NOT_BLOCK = [
    "A: x: y",
    "A: - x",
    "A: ? x",
    "A: : x",
    "A: x:",
    'A: "x"y',
    'A: "x" y',
    "A: [x] y",
    "A: %x",
    "A: @x",
    "A: `x",
    "A: |x",
    "A: |9\n      x",
    "A: |-+\n      x",
    "A: x\n      # c\n      y",
    "A: x\n    y",
    "A:x",
    "A: {B: c",
    "A: ]",
    "A: }",
    "A: ,",
    "\tA: x",
    "A: !!int x",
    "A: !!bool yes",
    "A: !!null x",
    "A: [a, b",
    "A: |\n      \t x",
    'A: "a\\',
    "A: a\x85b",
    "A: +.inf",
    "A: -.INF",
    "A: .NaN",
]


def flow(snippets: list[str]) -> str:
    """A service for each snippet, which ends an `environment` in flow style."""
    lines = (f"  f{number}: {{image: i, environment: {{{snippet}}}\n" for number, snippet in enumerate(snippets))
    return "".join(lines)


def block(snippets: list[str]) -> str:
    """A service for each snippet, which is an `environment` in block style."""
    lines = (f"  b{number}:\n   image: i\n   environment:\n    {snippet}\n" for number, snippet in enumerate(snippets))
    return "".join(lines)


def write(root: Path, services: str) -> None:
    (root / "compose.yaml").write_text(f"{ANCHOR}services:\n{services}", encoding="utf-8", newline="")


@needs_compose
def test_accepted_snippets_mean_the_same(tmp_path: Path) -> None:
    root = fresh(tmp_path)
    write(root, flow(FLOW) + block(BLOCK))
    assert_alike(root, Call(), refused=False)


@needs_compose
@pytest.mark.parametrize(
    "services", [*map(flow, ([one] for one in NOT_FLOW)), *map(block, ([one] for one in NOT_BLOCK))]
)
def test_refused_snippets_are_refused(services: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    write(root, services)
    assert_alike(root, Call(), refused=True)


# Whole files that are refused: before the first node, and where a name stands.
NOT_FILES = {
    "a directive that YAML does not have": "%FOO bar\n---\nservices: {a: {image: x}}\n",
    "an anchor whose name is not ASCII": "x-a: &é 1\nservices: {a: {image: x}}\n",
    "an escape beyond Unicode": 'x-a: "\\UFFFFFFFF"\nservices: {a: {image: x}}\n',
    "half of a surrogate pair": 'x-a: "\\ud800"\nservices: {a: {image: x}}\n',
}


@needs_compose
@pytest.mark.parametrize("text", NOT_FILES.values(), ids=NOT_FILES)
def test_refused_files_are_refused(text: str, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_text(text, encoding="utf-8")
    assert_alike(root, Call(), refused=True)


ENCODINGS = {
    "a byte-order mark is skipped": "\ufeffservices: {a: {image: é}}".encode(),
    "UTF-16 with its mark, little end first": "\ufeffservices: {a: {image: é}}\r\n".encode("utf-16-le"),
    "UTF-16 with its mark, big end first": "\ufeffservices: {a: {image: é}}\n".encode("utf-16-be"),
    "line ends of Windows": b"services:\r\n  a:\r\n    image: i\r\n    environment:\r\n      A: |\r\n        x\r\n",
    "line ends of old Macs": b"services:\r  a:\r    image: i\r",
    "a mark in the middle": "services: {a: {image: 'a\ufeffb'}}".encode(),
    "the delete character": b"services: {a: {image: 'a\x7fb'}}",
    "letters of all scripts": "services: {a: {image: i, environment: {Ä: ж, 名: 😀}}}".encode(),
}
NOT_ENCODINGS = {
    "bytes that are not UTF-8": b"services: {a: {image: \xff}}",
    "a NUL byte": b"services: {a: {image: 'a\0b'}}",
    "a control character": b"services: {a: {image: 'a\x07b'}}",
    "a broken surrogate pair": b"services: {a: {image: '\xed\xa0\x80'}}",
}


@needs_compose
@pytest.mark.parametrize("content", ENCODINGS.values(), ids=ENCODINGS)
def test_accepted_bytes_mean_the_same(content: bytes, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_bytes(content)
    assert_alike(root, Call(), refused=False)


@needs_compose
@pytest.mark.parametrize("content", NOT_ENCODINGS.values(), ids=NOT_ENCODINGS)
def test_refused_bytes_are_refused(content: bytes, tmp_path: Path) -> None:
    root = fresh(tmp_path)
    (root / "compose.yaml").write_bytes(content)
    assert_alike(root, Call(), refused=True)
