"""What each loader reads in a line, by its row and by the real loader, where that is at hand."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from real_loaders import READERS, Refused, real

from envfix.loaders.grammar import read
from envfix.loaders.table import LOADERS

EVERY = frozenset(LOADERS)
JS = frozenset(("dotenv", "dotenv-expand", "node", "node 20", "bun", "deno"))
CUTS = JS | {"phpdotenv", "ruby"}
NEVER = frozenset(("django-environ", "python-decouple"))

# A line; what A is to the loaders named (the first group that has the loader counts); None: no A, or no file at all.
LINES: dict[str, tuple[str, list[tuple[str | None, frozenset[str]]]]] = {
    "a plain URL": ("A=redis://localhost:6379/0", [("redis://localhost:6379/0", EVERY)]),
    "a quoted one": ('A="redis://localhost:6379/0"', [("redis://localhost:6379/0", EVERY)]),
    "a hash in a password": (
        "A=amqp://me:s#3@localhost:5672/v",
        [("amqp://me:s", CUTS), ("amqp://me:s#3@localhost:5672/v", EVERY)],
    ),
    "a hash in quotes": ('A="amqp://me:s#3@localhost:5672/v"', [("amqp://me:s#3@localhost:5672/v", EVERY)]),
    "a comment behind": (
        "A=localhost:9200 # search",
        [("localhost:9200 # search", NEVER), ("localhost:9200", EVERY)],
    ),
    "a comment behind quotes": (
        "A='localhost:9200' # search",
        [("'localhost:9200' # search", NEVER), ("localhost:9200", EVERY)],
    ),
    "text behind quotes": (
        "A='localhost:9200'/x",
        [
            ("localhost:9200", frozenset(("node", "node 20", "bun", "deno"))),
            ("'localhost:9200'/x", frozenset(("dotenv", "dotenv-expand", "ruby", "django-environ", "python-decouple"))),
            ("localhost:9200'/x", frozenset(("symfony", "dotenvy"))),
            (None, EVERY),
        ],
    ),
    "a colon": (
        "A: localhost:9200",
        [("localhost:9200", frozenset(("dotenv", "dotenv-expand", "bun", "ruby", "godotenv"))), (None, EVERY)],
    ),
    "export": (
        "export A=localhost:9200",
        [(None, frozenset(("phpdotenv", "python-decouple"))), ("localhost:9200", EVERY)],
    ),
    "twice": (
        "A=localhost:1111\nA=localhost:2222",
        [("localhost:1111", frozenset(("deno", "dotenvy"))), ("localhost:2222", EVERY)],
    ),
    "a value of one blank above": (
        "B= \nA=localhost:9200",
        [(None, frozenset(("node", "deno"))), ("localhost:9200", EVERY)],
    ),
    "a byte-order mark": (
        "\ufeffA=localhost:9200",
        [
            ("localhost:9200", frozenset(("dotenv", "dotenv-expand", "bun", "phpdotenv", "ruby", "python-dotenv"))),
            (None, EVERY),
        ],
    ),
    "an open quote": (
        'A="localhost:9200',
        [
            (None, frozenset(("phpdotenv", "symfony", "godotenv", "dotenvy", "python-dotenv"))),
            ('"localhost:9200', EVERY),
        ],
    ),
    "backticks": (
        "A=`localhost:9200`",
        [("localhost:9200", JS), ("`localhost:9200`", EVERY)],
    ),
    "blanks in a value": (
        "A=localhost 9200",
        [(None, frozenset(("phpdotenv", "symfony", "dotenvy"))), ("localhost 9200", EVERY)],
    ),
    "blanks round the sign": (
        "A = localhost:9200",
        [(None, frozenset(("symfony", "django-environ"))), ("localhost:9200", EVERY)],
    ),
    "over two lines": (
        'A="localhost:1111\nlocalhost:2222"',
        [('"localhost:1111', NEVER), ("localhost:1111\nlocalhost:2222", EVERY)],
    ),
    "a line without a sign above": (
        "B\nA=localhost:9200",
        [(None, frozenset(("node 20", "symfony", "godotenv", "dotenvy"))), ("localhost:9200", EVERY)],
    ),
}  # fmt: skip

# Debian's Ruby dotenv is 2.4.0, which reads no value over two lines; 2.8 and later do.
OLDER = {("ruby", "over two lines")}


def expected(line: str, loader: str) -> str | None:
    return next(value for value, loaders in LINES[line][1] if loader in loaders)


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("line", LINES)
def test_a_row_says_what_its_loader_reads(line: str, loader: str) -> None:
    text = LINES[line][0] + "\n"
    reading = read(text, LOADERS[loader])
    values = [binding.value for binding in reading.bindings if binding.name == "A"]
    at = 0 if LOADERS[loader].takes == "first" else -1
    assert (values[at] if values and not reading.refusal else None) == expected(line, loader)
    for binding in reading.bindings:
        assert text[binding.value_start : binding.value_end] == binding.value
        assert text.startswith(binding.name, binding.start)


@pytest.mark.slow
@pytest.mark.parametrize("loader", READERS)
def test_the_real_loader_reads_it_so(loader: str, tmp_path: Path) -> None:
    seen, rows = {}, {}
    for number, line in enumerate(LINES):
        if (loader, line) in OLDER:
            continue
        path = tmp_path / f"{number}.env"
        path.write_bytes((LINES[line][0] + "\n").encode())
        try:
            seen[line] = real(loader, path).get("A")
        except Refused:
            seen[line] = None
        rows[line] = expected(line, loader)
        if LOADERS[loader].behind == "joined":
            rows[line] = (rows[line] or "").replace("'", "") or None
    assert seen == rows


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.slow
def test_reading_takes_time_in_proportion(loader: str) -> None:
    for line in ('A="x', "A='", "A= ", "A=`x'\"", 'A="\\', "export ", " " * 50, "A", "=#"):
        start = time.process_time()
        read((line + "\n") * 5_000, LOADERS[loader])
        assert time.process_time() - start < 2
