"""The new bytes of an env file, and the two witnesses that nothing else changes."""

from __future__ import annotations

import time

import pytest
import real_compose
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from envfix import rewriter
from envfix.envfile import EnvDocument, encode, parse_env, parse_raw, resolve
from envfix.errors import EnvfixError
from envfix.loaders.grammar import parse
from envfix.loaders.table import LOADERS
from envfix.records import Edit
from envfix.rewriter import apply_edits, verify, verify_comments


def edits(document: EnvDocument, old: str, new: str) -> list[Edit]:
    """One edit for each place of `old` in a value."""
    made = []
    for one in document.bindings:
        at = (one.value or "").find(old)
        while at >= 0:
            made.append(Edit(one.at(at), one.at(at + len(old)), new))
            at = (one.value or "").find(old, at + len(old))
    return made


CHANGES = {
    "an unquoted value": (b"A=localhost:80\n", b"A=db:80\n"),
    "a comment stays": (b"# localhost\nA=localhost # localhost\n", b"# localhost\nA=db # localhost\n"),
    "a name stays": (b"localhost=localhost\n", b"localhost=db\n"),
    "quotes stay": (b"A='localhost'\nB=\"localhost\"\n", b"A='db'\nB=\"db\"\n"),
    "escapes beside it stay": (rb'A="\"localhost\"\n\0101"', rb'A="\"db\"\n\0101"'),
    "so they do in single quotes": (rb"A='it\'s localhost'", rb"A='it\'s db'"),
    "blanks round = stay": (b"export A \t=  localhost  \n", b"export A \t=  db  \n"),
    "Windows line ends stay": (b"A=localhost\r\nB='localhost\r\n'\r\n", b"A=db\r\nB='db\r\n'\r\n"),
    "a byte-order mark stays": (b"\xef\xbb\xbfA=localhost\n", b"\xef\xbb\xbfA=db\n"),
    "bytes that are not UTF-8 stay": (b"A=\xff localhost\xe9\n", b"A=\xff db\xe9\n"),
    "no line break is added at the end": (b"A=localhost", b"A=db"),
    "several in one value": (b"A=localhost:1,localhost:2\n", b"A=db:1,db:2\n"),
    "every binding of a name": (b"A=localhost\nA=localhost\n", b"A=db\nA=db\n"),
    "an interpolated value keeps its variables": (b"A=${X:-localhost}:$P\n", b"A=${X:-db}:$P\n"),
    "an assignment with a colon": (b"A: localhost\n", b"A: db\n"),
    "two statements on a line": (b"A='localhost' B=localhost\n", b"A='db' B=db\n"),
    "what Compose reads as the value and python-dotenv as a comment": (b"A= # localhost\n", b"A= # db\n"),
    "a value over several lines": (b'A="x\nlocalhost\ny"\nB=c\n', b'A="x\ndb\ny"\nB=c\n'),
    "lines that python-dotenv drops": (b"A-'=localhost\n".replace(b"'", b""), b"A-=db\n"),
}


@pytest.mark.parametrize(("before", "after"), CHANGES.values(), ids=CHANGES.keys())
def test_only_the_address_changes(before: bytes, after: bytes) -> None:
    document = parse_env(before, ".env")
    made = edits(document, "localhost", "db")
    assert apply_edits(document, made) == after
    assert apply_edits(document, made[::-1]) == after
    verify(document, after, made)


def test_the_raw_format_is_verified_in_its_own_grammar() -> None:
    document = parse_raw(b"A='localhost' # localhost\n", ".env")
    made = edits(document, "localhost", "db")
    assert apply_edits(document, made) == b"A='db' # db\n"
    verify(document, b"A='db' # db\n", made)


def test_no_edit_changes_nothing() -> None:
    document = parse_env(b"A=b # c\r\n", ".env")
    assert apply_edits(document, []) == b"A=b # c\r\n"
    verify(document, b"A=b # c\r\n", [])


def test_an_empty_value_can_be_filled() -> None:
    document = parse_env(b"A=\nB=''\n", ".env")
    made = [Edit(one.value_start, one.value_end, "db") for one in document.bindings]
    after = apply_edits(document, made)
    assert after == b"A=db\nB='db'\n"
    verify(document, after, made)


OVERLAPS = {
    "one within the other": [Edit(4, 9, "x"), Edit(5, 6, "y")],
    "the same twice": [Edit(4, 9, "x"), Edit(4, 9, "x")],
    "two insertions at one place": [Edit(4, 4, "x"), Edit(4, 4, "y")],
    "an end before the start": [Edit(9, 4, "x")],
    "behind the text": [Edit(4, 400, "x")],
    "before the text": [Edit(-2, 3, "x")],
}


@pytest.mark.parametrize("made", OVERLAPS.values(), ids=OVERLAPS.keys())
def test_edits_that_do_not_fit_are_refused(made: list[Edit]) -> None:
    document = parse_env(b"B=\nA=localhost\n", "d/.env")
    with pytest.raises(EnvfixError, match="overlap") as caught:
        apply_edits(document, made)
    assert caught.value.path == "d/.env"


def test_edits_side_by_side_are_made() -> None:
    document = parse_env(b"A=bc\n", ".env")
    assert apply_edits(document, [Edit(3, 4, "y"), Edit(2, 3, "x")]) == b"A=xy\n"


DAMAGE = {
    "a quote that closes the value": (b'A="localhost"\n', '"', "Docker Compose"),
    "a quote that opens one": (b"A=localhost\nB='c'\n", "'", "would refuse"),
    "a backslash before the closing quote": (b"A='localhost'\nB=c\n", "\\", "would refuse"),
    "a comment": (b"A=localhost\n", "db # x", "Docker Compose"),
    "a line break that makes another binding": (b"A=localhost\n", "db\nB=c", "Docker Compose"),
    "a line break that moves the lines below": (b"A='localhost'\nB=c\n", "d\nb", "Docker Compose"),
    "a blank at the end": (b"A=localhost\n", "db ", "Docker Compose"),
    "an escape": (b'A="localhost"\n', r"\t", "Docker Compose"),
    "a comment to python-dotenv alone": (b"A=localhost\n", "db\t#x", "python-dotenv"),
    "a line break to python-dotenv alone": (b"A=localhost\n", "db\rB=c", "python-dotenv"),
    "an escape to python-dotenv alone": (b"A='localhost'\n", "a\\\\b", "python-dotenv"),
}


@pytest.mark.parametrize(("before", "new", "witness"), DAMAGE.values(), ids=DAMAGE.keys())
def test_a_change_that_does_more_is_refused(before: bytes, new: str, witness: str) -> None:
    document = parse_env(before, "d/.env")
    made = edits(document, "localhost", new)
    with pytest.raises(EnvfixError, match=witness) as caught:
        verify(document, apply_edits(document, made), made)
    assert caught.value.path == "d/.env"


UNAGREED = {
    # What python-dotenv reads otherwise already is no reason to let it read other variables.
    "over the end of its statement": (b"A=b\rc\n", Edit(2, 5, "db")),
    "with another statement in it": (b"A=b\t# c\n", Edit(2, 3, "db\rB=c")),
}


@pytest.mark.parametrize(("before", "edit"), UNAGREED.values(), ids=UNAGREED.keys())
def test_a_change_that_reaches_other_statements_of_python_dotenv_is_refused(before: bytes, edit: Edit) -> None:
    document = parse_env(before, ".env")
    with pytest.raises(EnvfixError, match="other variables"):
        verify(document, apply_edits(document, [edit]), [edit])


OUTSIDE = {
    "in a comment": (b"A=b # localhost\n", 6, 15),
    "in a name": (b"A=b\nlocalhost=c\n", 4, 13),
    "over the quotes": (b"A='localhost'\n", 2, 13),
    "over two values": (b"A=localhost\nB=localhost\n", 4, 20),
    "in an escape": (rb'A="\"localhost"', 4, 14),
    "in a name alone": (b"localhost\n", 0, 9),
    "before everything": (b"\nA=b\n", 0, 0),
}


@pytest.mark.parametrize(("before", "start", "end"), OUTSIDE.values(), ids=OUTSIDE.keys())
def test_an_edit_outside_of_a_value_is_refused(before: bytes, start: int, end: int) -> None:
    document = parse_env(before, ".env")
    made = [Edit(start, end, "db")]
    with pytest.raises(EnvfixError, match="within one value"):
        verify(document, apply_edits(document, made), made)


def test_content_that_the_edits_do_not_explain_is_refused() -> None:
    document = parse_env(b"A=localhost # x\nB=c\n", ".env")
    made = edits(document, "localhost", "db")
    for after in (b"A=db # y\nB=c\n", b"A=db # x\nB=d\n", b"A=db # x\r\nB=c\r\n", b"A=localhost # x\nB=c\n"):
        with pytest.raises(EnvfixError, match="is not what"):
            verify(document, after, made)


VALUES = st.sampled_from(
    ["localhost", "x", ":80", " ", "#", "\\", "\\n", "\\'", '\\"', "$A", "${B:-localhost}", "\t", "é", "\r"]
)
LINES = st.builds(
    lambda form, parts: (form % "".join(parts)).encode(),
    st.sampled_from(
        [
            "A=%s\n",
            "B='%s'\n",
            'C="%s"\n',
            "D = %s # localhost\n",
            "E: %s\r\n",
            "F='%s' G=localhost\n",
            "# %s\n",
            "%s=1\n",
        ]
    ),
    st.lists(VALUES, max_size=6),
)


@given(st.lists(LINES, max_size=6).map(b"".join))
def test_whatever_the_file_only_the_edits_change_it(data: bytes) -> None:
    try:
        document = parse_env(data, ".env")
        made = edits(document, "localhost", "db")
        after = apply_edits(document, made)
        verify(document, after, made)
    except EnvfixError:
        return
    again = parse_env(after, ".env")
    assert [one.name for one in again.bindings] == [one.name for one in document.bindings]
    assert [one.value for one in again.bindings] == [
        one.value and one.value.replace("localhost", "db") for one in document.bindings
    ]
    assert edits(again, "localhost", "db") == []
    back = [Edit(at, at + 2, "localhost") for at in shifted(made)]
    assert apply_edits(again, back) == encode(document.text)


def shifted(made: list[Edit]) -> list[int]:
    """Where the edits stand once they are made."""
    return [edit.start - 7 * number for number, edit in enumerate(sorted(made))]


@real_compose.needs_compose
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(st.lists(LINES, max_size=5).map(b"".join), min_size=30, max_size=30))
@pytest.mark.slow
def test_docker_compose_sees_only_the_intended_values_change(files: list[bytes]) -> None:
    changed = {}
    for data in files:
        try:
            document = parse_env(data, ".env")
            made = edits(document, "localhost", "db")
            changed[data] = apply_edits(document, made)
            verify(document, changed[data], made)
            resolve(document, {}.get)
        except EnvfixError:
            changed.pop(data, None)
    before, after = real_compose.env_files(list(changed)), real_compose.env_files(list(changed.values()))
    for old, new in zip(before, after, strict=True):
        assert old is not None
        assert new == {name: value.replace("localhost", "db") for name, value in old.items()}


HOSTILE = {
    "a run of a million blanks": b"A=b" + b" " * 1_000_000 + b"c\n",
    "many runs of blanks": (b"A=b" + b" " * 2_000 + b"c\n") * 200,
    "a quoted value of 3 MB": b"A='" + b"b" * 3_000_000 + b"'\n",
    "a quoted value of 3 MB to python-dotenv alone": b"A: ='" + b"b" * 3_000_000 + b"\n",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_file_too_hard_for_python_dotenv_is_left_alone(data: bytes) -> None:
    document = parse_env(data, ".env")
    start = time.process_time()
    one = document.bindings[0]
    made = [Edit(one.value_end, one.value_end, "x")]
    with pytest.raises(EnvfixError, match="by hand"):
        verify(document, apply_edits(document, made), made)
    assert time.process_time() - start < 10


@pytest.mark.slow
def test_a_large_file_of_ordinary_lines_is_checked() -> None:
    data = b"".join(b"VAR_%d='postgres://localhost:%d' # c\n" % (i, i) for i in range(20_000))
    document = parse_env(data, ".env")
    made = edits(document, "localhost", "db")
    assert len(made) == 20_000
    verify(document, data.replace(b"localhost", b"db"), made)


def test_no_value_stands_in_a_repr_or_an_error() -> None:
    document = parse_env(b"A='hunter2 localhost'\n", ".env")
    made = edits(document, "localhost", "hunter2\\\\")
    with pytest.raises(EnvfixError) as caught:
        verify(document, apply_edits(document, made), made)
    assert "hunter2" not in str(caught.value) + repr(caught.value) + repr(made)


PIECES = [
    "A",
    "=",
    "b",
    "'",
    '"',
    "\n",
    "\r\n",
    "\r",
    " ",
    "#",
    "export ",
    "B=c",
    "\\",
    "C='x'",
    'D="y" # z',
    "\t",
    "$",
    ":",
    "E=",
]


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join))
@pytest.mark.slow
def test_a_line_asked_alone_is_read_as_in_the_whole_file_wherever_that_is_done(text: str) -> None:
    assume(rewriter._is_plain(text))
    for seen in rewriter._statements(text):
        if seen.key is not None:
            alone = rewriter._dotenv_around(text, text.index(seen.key, seen.start, seen.end))
            assert alone is not None
            assert (alone.key, alone.value, alone.error) == (seen.key, seen.value, seen.error)


@pytest.mark.parametrize("text", ["A='b\nc'\n", 'A="b\nc"\n', "A='b\\'\nB='c'\n", "'A\nB'=c\n", 'A="b" c=d\n'])
def test_a_file_whose_statements_may_cross_lines_is_read_whole(text: str) -> None:
    assert not rewriter._is_plain(text)


# What stands above a comment that is put before `A=`, whose file it is, and who reads other values because of it.
COMMENTED = {
    "a comment is read by nobody": (b"B=1\n", "", ["dotenv", "deno", "python-dotenv"], ""),
    "Deno takes the next line for a blank value": (b"B= \n", "", ["dotenv", "deno"], "Deno"),
    "so does Node, whose own file it is": (b"B= \n", "node", ["node"], "would read other values"),
    "which npm's dotenv does not": (b"B= \n", "dotenv", ["dotenv"], ""),
    "where a quote is open it is a part of the value": (b"B='\n", "dotenv", ["python-dotenv"], ""),
    "Node 20 takes a line that is no binding together with the next": (b"B\n", "", ["node 20"], "Node 20"),
}


@pytest.mark.parametrize(("above", "own", "readers", "says"), COMMENTED.values(), ids=COMMENTED.keys())
def test_no_comment_changes_what_anybody_reads(above: bytes, own: str, readers: list[str], says: str) -> None:
    before, after = (above + one + b"A=localhost\n" for one in (b"", b"# envfix: keep\n"))
    document = parse(before, ".env", LOADERS[own]) if own else parse_env(before, ".env")
    loaders = [LOADERS[name] for name in readers]
    if not says:
        verify_comments(document, before, after, loaders)
        return
    with pytest.raises(EnvfixError, match=says):
        verify_comments(document, before, after, loaders)
