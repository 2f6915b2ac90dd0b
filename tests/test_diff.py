"""A change as a person reads it, and as git and patch(1) take it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import growth
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from envfix.diff import unified_diff
from envfix.records import Edit, Patch


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


_MARK = re.compile(r"<([^<|>]*)\|([^<|>]*)>")


def marked(path: str, text: str) -> Patch:
    """The patch of a text in which each change stands as `<before|after>`."""
    edits, before, at = [], "", 0
    for found in _MARK.finditer(text):
        before += text[at : found.start()]
        edits.append(Edit(len(before), len(before) + len(found[1]), found[2]))
        before, at = before + found[1], found.end()
    before, after = before + text[at:], _MARK.sub(r"\2", text)
    return Patch(path, *(side.encode("utf-8", "surrogateescape") for side in (before, after)), tuple(edits))


def preview(text: str, name: str = ".env") -> str:
    """The masked lines behind the file's header."""
    shown = unified_diff(marked(os.path.join(os.getcwd(), name), text))
    header, _, body = shown.partition("+++ ")
    assert header.startswith("--- a/") or not shown
    return body.partition("\n")[2]


PAIRS = [
    (
        "the incident's line",
        'DATABASE_URL="postgresql://postgres:pw@<localhost:5432|postgres:5432>/postgres"',
        '-DATABASE_URL="postgresql://postgres:***@localhost:5432/postgres"',
        '+DATABASE_URL="postgresql://postgres:***@postgres:5432/postgres"',
    ),
    ("a bare host", "REDIS_HOST=<127.0.0.1|redis>", "-REDIS_HOST=127.0.0.1", "+REDIS_HOST=redis"),
    ("a port", "export PORT='<6380|6379>'", "-export PORT='6380'", "+export PORT='6379'"),
    ("host and port", "A=http://<localhost:9090|minio:9000>/x", "-A=http://localhost:9090/x", "+A=http://minio:9000/x"),
    ("a port that was not there", "A=redis://<localhost|redis:6380>", "-A=redis://localhost", "+A=redis://redis:6380"),
    ("a service's port", "A=x://u:5433@<db:5433|db:5432>/y", "-A=x://u:***@db:5433/y", "+A=x://u:***@db:5432/y"),
    ("an address in brackets", "A=<[::1]:80|web:8080>", "-A=[::1]:80", "+A=web:8080"),
    ("an address without brackets", "A=<::1|web>", "-A=::1", "+A=web"),
    ("the other way round", "A=http://<web:80|localhost:8080>", "-A=http://web:80", "+A=http://localhost:8080"),
    (
        "host and port apart",
        "A=host=<localhost|db> port=<5433|5432> password=s3 user=x",
        "-A=host=localhost port=5433 password=*** user=***",
        "+A=host=db port=5432 password=*** user=***",
    ),
    (
        "SQL Server's comma",
        "A='Server=<localhost,1433|db,1433>;Password=s3'",
        "-A='Server=localhost,1433;Password=***'",
        "+A='Server=db,1433;Password=***'",
    ),
    (
        "SQL Server's comma and another port",
        "A=Server=<localhost,1435|db,1433>",
        "-A=Server=localhost,1435",
        "+A=Server=db,1433",
    ),
    (
        "a password between the two",
        "A=host=<localhost|db> password=s3 port=<5433|5432>",
        "-A=host=localhost password=*** port=5433",
        "+A=host=db password=*** port=5432",
    ),
    (
        "several addresses",
        "A=<localhost:1|a:1>,<localhost:2|b:20>,other:3",
        "-A=localhost:1,localhost:2,***",
        "+A=a:1,b:20,***",
    ),
    (
        "an encoded URL",
        "A=?k=s3&n=http%3A%2F%2F<localhost%3A3000|web%3A80>%2Fa",
        "-A=***http%3A%2F%2Flocalhost%3A3000%2Fa",
        "+A=***http%3A%2F%2Fweb%3A80%2Fa",
    ),
    ("a comment", "A=<localhost|db> # s3", "-A=localhost # ***", "+A=db # ***"),
    ("a comment behind quotes", "A='<localhost:1|db:1>'   # s3", "-A='localhost:1' # ***", "+A='db:1' # ***"),
    ("a key beside it", "A=<localhost:1|db:1>;key=s3", "-A=localhost:1;***", "+A=db:1;***"),
    ("a byte-order mark", "\ufeffA=<localhost|db>", "-A=localhost", "+A=db"),
    ("a carriage return", "A=<localhost|db>\r", "-A=localhost", "+A=db"),
    ("bytes that are no text", "A=\udcff<localhost:1|db:1>\udcff", "-A=***localhost:1***", "+A=***db:1***"),
    ("a terminal's escapes", "A=\x1b[2J <localhost|db>", "-A=*** localhost", "+A=*** db"),
    ("a line of YAML", "    A: x://u:p@<localhost:1|db:1>", "-    A: x://u:***@localhost:1", "+    A: x://u:***@db:1"),
    ("an item of YAML", '  - "A=<localhost:1|db:1>"', '-  - "A=localhost:1"', '+  - "A=db:1"'),
    ("a default of YAML", "  A: ${A:-<localhost|db>}", "-  A: ${A:-localhost}", "+  A: ${A:-db}"),
    ("an item that only looks named", "- user:s3@<localhost:1|db:1>", "-- user:***@localhost:1", "+- user:***@db:1"),
    ("a line that does not parse", "s3 = s3 <localhost|db> s3", "-s3 = *** localhost ***", "+s3 = *** db ***"),
    ("a line without a name", "s3 s3 <localhost|db> s3", "-*** localhost ***", "+*** db ***"),
]


@pytest.mark.parametrize(("text", "removed", "added"), [pytest.param(*row[1:], id=row[0]) for row in PAIRS])
def test_shows_of_a_changed_line_its_name_and_the_change(text: str, removed: str, added: str) -> None:
    shown = preview(f"{text}\n")
    assert shown == f"@@ -1 +1 @@\n{removed}\n{added}\n"
    assert "s3" not in shown.replace("-s3 =", "").replace("+s3 =", "")


def test_lines_that_do_not_change_are_not_shown_but_counted() -> None:
    text = "SECRET=abc\nA=<localhost|db>\nB=<localhost|db>\n# note\nSECRET2=def\nC=<localhost|db>"
    assert preview(text) == (
        "@@ -2,2 +2,2 @@\n-A=localhost\n-B=localhost\n+A=db\n+B=db\n@@ -6 +6 @@\n-C=localhost\n+C=db\n"
    )


def test_of_a_value_of_several_lines_only_the_changed_ones_are_shown_and_no_name_in_it() -> None:
    text = 'KEY="-----BEGIN\nsecret=http://<localhost:1|db:1>/x secret\nother"\nA=<localhost|db>\n'
    assert preview(text) == (
        "@@ -2 +2 @@\n-***http://localhost:1/x ***\n+***http://db:1/x ***\n@@ -4 +4 @@\n-A=localhost\n+A=db\n"
    )


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [("A=s3\n", "A=t3\n", "-A=***\n+A=***"), ("A=s3\nB=s3\n", "A=s3\nN=s3\nM=s3\n", "-***\n+***\n+***")],
)
def test_what_no_edit_tells_of_is_masked(before: str, after: str, shown: str) -> None:
    text = unified_diff(Patch(os.path.abspath(".env"), before.encode(), after.encode()))
    assert text.rstrip("\n").endswith(shown)
    assert "s3" not in text


def test_no_change_is_no_diff() -> None:
    assert unified_diff(Patch("x", b"A=1", b"A=1")) == ""
    assert unified_diff(Patch("x", b"A=1", b"A=1"), show_secrets=True) == ""


def test_paths_are_relative_to_the_folder_and_clean(tmp_path: Path) -> None:
    patch = marked(str(tmp_path / "a b" / "\x1b[31m.env"), "A=<localhost|db>\n")
    assert unified_diff(patch).startswith("--- a/a b/\\x1b[31m.env\n+++ b/a b/\\x1b[31m.env\n@@ ")


@pytest.mark.parametrize("show_secrets", [False, True])
def test_colours_are_for_headers_hunks_and_lines(show_secrets: bool) -> None:
    text = unified_diff(marked(os.path.abspath("x"), "A=<localhost|db>\n"), show_secrets, colour=True)
    assert text == (
        "\033[1m--- a/x\033[0m\n\033[1m+++ b/x\033[0m\n\033[36m@@ -1 +1 @@\033[0m\n"
        "\033[31m-A=localhost\033[0m\n\033[32m+A=db\033[0m\n"
    )


def test_beside_colours_of_its_own_it_spells_out_those_of_the_file() -> None:
    text = unified_diff(marked("/x/.env", "# \x1b[8mhidden\u202e\nA=<localhost|db>\x1b[31m"), True, colour=True)
    assert "# \\x1b[8mhidden\\u202e\n" in text
    assert "\x1b[31m-A=localhost\\x1b[31m\x1b[0m\n\\ No newline at end of file\n" in text


def test_without_colour_no_escape_is_written() -> None:
    assert "\033" not in unified_diff(marked("x", "A=\x1b[31m<localhost|db>\n"))


# As a patch, with the tools that take it.

LINES = "\n".join(f"V{number}=value {number}" for number in range(30))
PATCHES = [
    ("one line", b"A=localhost\n", b"A=db\n"),
    ("context on both sides", f"{LINES}\nA=localhost\n{LINES}\n".encode(), f"{LINES}\nA=db\n{LINES}\n".encode()),
    ("two hunks", f"A=localhost\n{LINES}\nB=localhost\n".encode(), f"A=db\n{LINES}\nB=db\n".encode()),
    ("contexts that touch", b"A=localhost\n1\n2\n3\n4\n5\n6\nB=localhost\n", b"A=db\n1\n2\n3\n4\n5\n6\nB=db\n"),
    ("contexts that do not", b"A=localhost\n1\n2\n3\n4\n5\n6\n7\nB=localhost\n", b"A=db\n1\n2\n3\n4\n5\n6\n7\nB=db\n"),
    ("no newline at the end", b"X=1\nA=localhost", b"X=1\nA=db"),
    ("no newline behind the context", b"A=localhost\nX=1", b"A=db\nX=1"),
    ("CRLF", b"X=1\r\nA=localhost\r\nY=2\r\n", b"X=1\r\nA=db\r\nY=2\r\n"),
    ("CRLF without a last one", b"X=1\r\nA=localhost", b"X=1\r\nA=db"),
    ("CR alone", b"X=1\rA=localhost\rY=2", b"X=1\rA=db\rY=2"),
    ("a byte-order mark", b"\xef\xbb\xbfA=localhost\n", b"\xef\xbb\xbfA=db\n"),
    ("bytes that are no UTF-8", b"X=\xff\xfe\nA=localhost\xe9\nY=\xc3\n", b"X=\xff\xfe\nA=db\xe9\nY=\xc3\n"),
    (
        "separators of Unicode",
        "X=\u2028\x85\x0c\nA=localhost\u2029\n".encode(),
        "X=\u2028\x85\x0c\nA=db\u2029\n".encode(),
    ),
    (
        "lines that look like a patch",
        b"--- a\n+++ b\n@@ -1 +1 @@\nA=localhost\n-- \n",
        b"--- a\n+++ b\n@@ -1 +1 @@\nA=db\n-- \n",
    ),
    ("a changed line that looks like a header", b"-- A=localhost\n", b"-- A=db\n"),
    ("empty lines around", b"\n\nA=localhost\n\n\n", b"\n\nA=db\n\n\n"),
    ("lines added and removed", f"A=1\n{LINES}\nB=1\n".encode(), f"{LINES}\nB=1\nC=1\n".encode()),
    ("everything new", b"A=1\nB=2\n", b"C=3\n"),
]
NAMES = [".env", "deep/er/.env", "a b/.env", "tab\there", 'quo"te', "back\\slash", "ümläut", "line\nbreak"]
TOOLS = {
    "git": ["git", "apply", "--whitespace=nowarn"],
    "patch": ["patch", "-p1", *(["--binary"] if os.name == "nt" else [])],
}


def applied(tool: str, folder: Path, name: str, before: bytes, after: bytes) -> bytes:
    """The file as `tool` leaves it."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)
    text = unified_diff(Patch(str(file), before, after), show_secrets=True)
    data = text.encode("utf-8", "surrogateescape")
    subprocess.run(TOOLS[tool], input=data, cwd=folder, check=True, timeout=60, capture_output=True)
    return file.read_bytes()


@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize(("before", "after"), [pytest.param(*row[1:], id=row[0]) for row in PATCHES])
def test_the_patch_is_taken_byte_for_byte(tool: str, tmp_path: Path, before: bytes, after: bytes) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    assert applied(tool, tmp_path, ".env", before, after) == after


@pytest.mark.skipif(os.name == "nt", reason="names that Windows does not have")
@pytest.mark.parametrize("tool", TOOLS)
@pytest.mark.parametrize("name", NAMES)
def test_the_patch_finds_files_of_odd_names(tool: str, name: str, tmp_path: Path) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    assert applied(tool, tmp_path, name, b"A=localhost\n", b"A=db\n") == b"A=db\n"


def test_the_patch_says_where_a_newline_is_missing() -> None:
    text = unified_diff(Patch(os.path.abspath("x"), b"A=localhost", b"A=db"), show_secrets=True)
    assert text == (
        "--- a/x\n+++ b/x\n@@ -1 +1 @@\n"
        "-A=localhost\n\\ No newline at end of file\n+A=db\n\\ No newline at end of file\n"
    )


ADDRESSES = [("localhost", "db"), ("localhost:5433", "db:5432"), ("127.0.0.1:80", "web:8080"), ("[::1]:1", "a-b.c:2")]
TEMPLATES = [
    "K{n}=x://u:{s}@{a}/y",
    "K{n}='{a}' # {s}",
    'K{n}="{s}, {a}, {s}"',
    "  - K{n}=http://{a}/{s}?q={s}#{s}",
    "no name {s} {a} {s}",
    "K{n}=host={a};Password={s}",
    "{s}",
    "# {s}",
    'K{n}="{s}',
    '{s}"',
    "",
]
LINE = st.tuples(st.sampled_from(TEMPLATES), st.sampled_from(ADDRESSES))
SECRET = st.text(alphabet="=;:@/ #'\"\\$%{}", max_size=6)


@pytest.mark.slow
@settings(max_examples=400, deadline=None)
@given(st.lists(LINE, max_size=8), SECRET, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_no_secret_of_any_line_is_in_the_preview(
    lines: list[tuple[str, tuple[str, str]]], noise: str, newline: str, last: bool
) -> None:
    texts = (
        template.format(n=n, s=f"Zx9Canary8{noise}Canary7q", a="<{}|{}>".format(*pair))
        for n, (template, pair) in enumerate(lines)
    )
    patch = marked(os.path.abspath(".env"), newline.join(texts) + newline * last)
    shown = unified_diff(patch)
    assert "Canary" not in shown
    assert not re.search(r"[^ -~\n]", shown)
    assert sum(line.startswith("+") for line in shown.splitlines()) == sum(
        line.startswith("-") for line in shown.splitlines()
    )


def test_a_long_line_and_a_long_file_take_time_in_proportion() -> None:
    def seconds(size: int) -> float:
        line = f"A={'x,' * size}<localhost:5433|db:5432>{',y' * size}\n"
        patch = marked("x", f"{line}{'B=1' * 3}\n" + "C=<localhost|db>\n" * (size // 10))
        began = time.process_time()
        for show_secrets in (False, True):
            unified_diff(patch, show_secrets)
        return time.process_time() - began

    growth.assert_in_proportion(seconds, 4_000, 16)


@pytest.mark.slow
def test_many_addresses_of_one_long_line_take_time_in_proportion() -> None:
    def seconds(number: int) -> float:
        patch = marked("x", f"A={'<localhost:5433|db:5432>,' * number}{'x' * number * 800}\n")
        began = time.process_time()
        unified_diff(patch)
        return time.process_time() - began

    growth.assert_in_proportion(seconds, 200, 16)
