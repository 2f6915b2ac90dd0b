"""What stands in an env file, and that the real Docker Compose reads it so."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import real_compose
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envfix import files
from envfix.envfile import EnvDocument, column, encode, line, parse_env, parse_raw, read_env, resolve
from envfix.errors import EnvfixError
from envfix.files import read_bounded

READ_AS: dict[str, tuple[str | bytes, dict[str, str]]] = {
    "a name and a value": ("A=b\n", {"A": "b"}),
    "the last line needs no line break": ("A=b", {"A": "b"}),
    "blanks round the name and the value are cut": (" \t A = b \t\n", {"A": "b"}),
    "a value may be empty": ("A=\nB= \nC=''\nD=\"\"\n", {"A": "", "B": "", "C": "", "D": ""}),
    "an equals sign in the value is text": ("A=b=c\n", {"A": "b=c"}),
    "a colon assigns too": ("A: b\nB:c\nC : 'd'\n", {"A": "b", "B": "c", "C": "d"}),
    "the first of = and : assigns": ("A=b:c\nB:c=d\n", {"A": "b:c", "B": "c=d"}),
    "export is dropped": ("export A=b\nexport\tB=c\nexport  C=d\n", {"A": "b", "B": "c", "C": "d"}),
    "export may be a name": ("export=b\nexportA=c\n", {"export": "b", "exportA": "c"}),
    "export alone on its line declares nothing": ("export \nA=b\n", {"A": "b"}),
    "a vertical tab does not part export from a name": ("export\x0bA=b\n", {"export\x0bA": "b"}),
    "names take letters, numbers and _ . - [ ]": ("a.b-c[0]_²Ⅷé=b\n1=c\n", {"a.b-c[0]_²Ⅷé": "b", "1": "c"}),
    "a tab within a name belongs to it": ("A\tB=c\n", {"A\tB": "c"}),
    "a name may be missing": ("=b\n", {"": "b"}),
    "a comment line": ("# A=b\n  #B=c\nC=d\n", {"C": "d"}),
    "a comment behind a value begins with a space and #": ("A=b # c\nB=b  # c # d\n", {"A": "b", "B": "b"}),
    "without the space it is part of the value": ("A=b#c\nB=#c\n", {"A": "b#c", "B": "#c"}),
    "a tab before # makes no comment": ("A=b\t# c\n", {"A": "b\t# c"}),
    "blanks before the value are cut first, so that a comment alone is the value": ("A= # note\n", {"A": "# note"}),
    "an inline comment may stand behind a hash in a URL": ("A=http://h/#x # c\n", {"A": "http://h/#x"}),
    "a comment behind quotes": ("A='b' # c\nB=\"c\"# d\n", {"A": "b", "B": "c"}),
    "a hash in quotes is text": ("A='b # c'\nB=\"b # c\"\n", {"A": "b # c", "B": "b # c"}),
    "backslashes in an unquoted value are text": (r"A=b\nc\$", {"A": r"b\nc\$"}),
    "a quote within an unquoted value is text": ("A=b\"c\"'d'\n", {"A": "b\"c\"'d'"}),
    "single quotes keep all but their own escape": (r"A='it\'s \n \\ $B \"'" + "\n", {"A": r"it's \n \\ $B \""}),
    "double quotes undo escapes": (r'A="a\nb\tc\"d\\e\r\f\v\a\b"' + "\n", {"A": 'a\nb\tc"d\\e\r\f\v\a\b'}),
    "other escapes stay": (r'A="\c\q\u0041\x41\1"' + "\n", {"A": r"\c\q\u0041\x41\1"}),
    "octal escapes have three digits": (r'A="\0101\0377\01234"' + "\n", {"A": "A\xffS4"}),
    "an octal escape of fewer digits loses its zero": (r'A="\07x\0\08\0899"' + "\n", {"A": r"\7x\\8\899"}),
    "an octal escape over 255 loses its zero": (r'A="\0777"' + "\n", {"A": r"\777"}),
    "quoted values run over lines": ("A='b\n# c\nD=e'\nF=\"g\nh\"\n", {"A": "b\n# c\nD=e", "F": "g\nh"}),
    "a closing quote ends a statement": ("A=\"b\" c=d\nE='f'G=h\n", {"A": "b", "c": "d", "E": "f", "G": "h"}),
    "so junk behind a quote inherits": ("A='b' junk\nB=c\n", {"A": "b", "B": "c"}),
    "export works behind a quote": ("A='b' export C=d\n", {"A": "b", "C": "d"}),
    "the last binding of a name counts": ("A=b\nA=c\n", {"A": "c"}),
    "a name alone inherits, and is absent if there is nothing": ("A\nexport B\nC=d\n", {"C": "d"}),
    "a name alone leaves an earlier value": ("A=b\nA\n", {"A": "b"}),
    "a last line of a name without line break is the value of no name": ("A=b\nKEY", {"A": "b", "": "KEY"}),
    "even one of several words": ("A=b\n B C ", {"A": "b", "": "B C"}),
    "Windows line ends are cut from unquoted values": ("A=b\r\nB=c # d\r\n\r\n", {"A": "b", "B": "c"}),
    "and kept in quotes": ("A='b\r\nc'\r\n", {"A": "b\r\nc"}),
    "a carriage return alone ends no line": ("A=b\rB=c\n", {"A": "b\rB=c"}),
    "a byte-order mark is skipped": ("\ufeffA=b\n", {"A": "b"}),
    "Unicode blanks at the end of a value are cut": ("A=b\u2003\u00a0\n", {"A": "b"}),
    "at its start only some are": ("A=\u00a0b\nB=\u2003c\n", {"A": "b", "B": "\u2003c"}),
    "an information separator is no blank": ("A=\x1c b \x1c\n", {"A": "\x1c b \x1c"}),
    "bytes that are not UTF-8 are kept in values": (b"A=caf\xe9 # \xff\nB='\xff'\n", {"A": "caf\udce9", "B": "\udcff"}),
    "an empty file": ("", {}),
    "a file of blanks and comments": ("\n \n# a\n#", {}),
    "a variable of a line above": ("A=1\nB=$A\nC=\"x${A}\"\nD='${A}'\n", {"A": "1", "B": "1", "C": "x1", "D": "${A}"}),
    "a variable of a line below is not seen": ("B=${A:-no}\nA=1\n", {"A": "1", "B": "no"}),
    "what stands between two bindings sees the first": ("A=1\nB=$A\nA=2\nC=$A\n", {"A": "2", "B": "1", "C": "2"}),
    "the shell's value is seen first": ("SHELL_SET=no\nA=$SHELL_SET\n", {"SHELL_SET": "no", "A": "shell"}),
    "a name alone takes the shell's value": ("SHELL_SET\n", {"SHELL_SET": "shell"}),
    "an escaped dollar shields a name": (r'A="cost \$X \\$X"' + "\n", {"A": "cost $X \\"}),
    "two dollars are one": ("A=pa$$word\nB='pa$$word'\n", {"A": "pa$word", "B": "pa$$word"}),
    "the comment is cut before the template is read": ("A=${B:-c}# d # e\n", {"A": "c# d"}),
}  # fmt: skip
REFUSED: dict[str, tuple[str | bytes, int, str]] = {
    "a blank in a name": ("OK=1\n\nA B=c\n", 3, "space"),
    "a sentence": ("hello world\n", 1, "space"),
    "a quoted name": ('"A"=b\n', 1, "unexpected character"),
    "another sign in a name": ("A=b\n!A=b\n", 2, "unexpected character"),
    "a sign in the middle of a name": ("A$B=c\n", 1, "unexpected character"),
    "a typographic quote before a name": ("“A”=b\n", 1, "unexpected character"),
    "bytes that are not UTF-8 in a name": (b"A=b\nA\xe9=b\n", 2, "unexpected character"),
    "a second byte-order mark": ("\ufeff\ufeffA=b\n", 1, "unexpected character"),
    "an information separator before a name": ("\x1cA=b\n", 1, "unexpected character"),
    "an open double quote": ('OK=1\nA="b\nB=c\n', 2, "unterminated"),
    "an open single quote": ("A='b\\'\n", 1, "unterminated"),
    "an apostrophe that opens a second value": (
        "A='it's'\n",
        1,
        "unexpected character \"'\" behind the closing quote of A",
    ),
    "a mail address behind a name in quotes": ("A=1\nFROM=\"Ann\" <ann@box>\n", 2, "behind the closing quote of FROM"),
    "a sign on the line below a quoted value": ("A=\"b\"\n<c\n", 2, "unexpected character '<' in a variable name"),
    "export before the end of the file": ("A=b\nexport ", 2, "export"),
    "a malformed template": ("A=b\nB=${\n", 2, "interpolation"),
    "a template cut by a comment": ("A=${B:-c # d}\n", 1, "interpolation"),
    "a required variable that is missing": ("A=b\nB=\"${NONE:?need}\"\n", 2, "required variable NONE"),
}  # fmt: skip


def as_bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


SHELL = {"SHELL_SET": "shell"}


def values(document: EnvDocument) -> dict[str, str]:
    """What a container gets from the file, which alone feeds it."""
    found = resolve(document, real_compose.environ(SHELL).get)
    return {one.name: value for one, value in zip(document.bindings, found, strict=True) if value is not None}


@pytest.mark.parametrize(("text", "expected"), READ_AS.values(), ids=READ_AS.keys())
def test_an_env_file_is_read_as(text: str | bytes, expected: dict[str, str]) -> None:
    document = parse_env(as_bytes(text), ".env")
    assert values(document) == expected
    assert encode(document.text) == as_bytes(text)


@pytest.mark.parametrize(("text", "number", "reason"), REFUSED.values(), ids=REFUSED.keys())
def test_an_env_file_is_refused_with_the_line(text: str | bytes, number: int, reason: str) -> None:
    with pytest.raises(EnvfixError) as caught:
        values(parse_env(as_bytes(text), "dir/.env"))
    assert (caught.value.path, caught.value.line) == ("dir/.env", number)
    assert reason in caught.value.message


@real_compose.needs_compose
def test_docker_compose_agrees_with_both_tables() -> None:
    texts = [as_bytes(text) for text, _ in READ_AS.values()]
    answers = real_compose.env_files(texts, shell=SHELL)
    expected = [printed(table) for _, table in READ_AS.values()]
    assert dict(zip(READ_AS, answers, strict=True)) == dict(zip(READ_AS, expected, strict=True))
    refused = [real_compose.env_files([as_bytes(text)], shell=SHELL) for text, _, _ in REFUSED.values()]
    assert dict(zip(REFUSED, refused, strict=True)) == {key: [None] for key in REFUSED}


def printed(table: dict[str, str]) -> dict[str, str]:
    return {real_compose.as_printed(name): real_compose.as_printed(value) for name, value in table.items()}


WORDS = st.sampled_from(
    [b"A", b"B", b"export ", b"b c", b"\xc3\xa9", b"\xff", b"localhost:80", b"\\", b"\\n", b"\\0101", b"0", b"x"]
)
SIGNS = st.sampled_from(
    [b"=", b":", b"'", b'"', b"\\'", b'\\"', b"#", b" #", b"\t", b" ", b"\n", b"\r\n", b"$A", b"$$", b"${B:-x}"]
)
VALUE = st.lists(st.one_of(WORDS, SIGNS), max_size=6).map(b"".join)
QUOTED = st.sampled_from([b"'%s'", b'"%s"', b"%s", b" %s # note"])
LINE = st.builds(
    lambda name, form, value: name + b"=" + form % value + b"\n",
    st.sampled_from([b"A", b"B", b"export C"]),
    QUOTED,
    VALUE,
)
TEXT = st.one_of(
    st.lists(st.one_of(LINE, LINE, LINE, WORDS, SIGNS), max_size=6).map(b"".join),
    st.lists(st.one_of(WORDS, SIGNS), max_size=10).map(b"".join),
)


def ours(data: bytes) -> dict[str, str] | None:
    try:
        return printed(values(parse_env(data, ".env")))
    except EnvfixError:
        return None


@pytest.mark.slow
@real_compose.needs_compose
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(TEXT, min_size=40, max_size=40))
def test_docker_compose_agrees_on_random_files(files: list[bytes]) -> None:
    accepted = [data for data in files if ours(data) is not None]
    answers = real_compose.env_files(accepted, shell=SHELL)
    assert dict(zip(accepted, answers, strict=True)) == {data: ours(data) for data in accepted}
    for data in [data for data in files if ours(data) is None][:3]:
        assert real_compose.env_files([data], shell=SHELL) == [None], data


@given(st.one_of(TEXT, st.binary(max_size=60)))
def test_what_parses_encodes_to_the_same_bytes(data: bytes) -> None:
    try:
        document = parse_env(data, ".env")
    except EnvfixError:
        return
    assert encode(document.text) == data


@given(TEXT)
def test_every_character_of_a_value_is_found_in_the_text(data: bytes) -> None:
    try:
        document = parse_env(data, ".env")
    except EnvfixError:
        return
    for one in document.bindings:
        if one.value is None:
            continue
        places = [one.at(index) for index in range(len(one.value) + 1)]
        assert places == sorted(set(places))
        assert places[0] == one.value_start
        assert places[-1] == one.value_end
        assert [one.index_of(place) for place in places] == list(range(len(places)))
        for index, char in enumerate(one.value):
            raw = document.text[places[index] : places[index + 1]]
            assert raw == char or raw.startswith("\\") or (char, raw) == ("$", "$")


SPANS = {
    "a comment is outside": ("A=b # c\n", "b"),
    "blanks are outside": ("A =  b  \r\n", "b"),
    "quotes are outside": ("A='b'\n", "b"),
    "export is outside": ("export A=b\n", "b"),
    "escapes are within": (r'A="b\"c"', r"b\"c"),
    "an empty value stands behind the blanks": ("A= \nB=c\n", ""),
    "empty quotes hold an empty value": ('A=""\n', ""),
}


@pytest.mark.parametrize(("text", "raw"), SPANS.values(), ids=SPANS.keys())
def test_the_span_of_a_value(text: str, raw: str) -> None:
    document = parse_env(text.encode(), ".env")
    found = document.bindings[0]
    assert document.text[found.value_start : found.value_end] == raw


def test_an_offset_within_an_escape_is_no_character() -> None:
    found = parse_env(rb'A="b\"\0101c"', ".env").bindings[0]
    assert found.value == 'b"Ac'
    assert [found.index_of(offset) for offset in range(3, 12)] == [0, 1, None, 2, None, None, None, None, 3]
    assert found.index_of(2) is None
    assert found.index_of(13) is None


def test_a_binding_knows_its_name_line_and_quotes() -> None:
    text = "\ufeff# top\nA=1\nexport B='2\n3' C=\"4\"\r\n\n  D\n"
    found = parse_env(text.encode(), ".env").bindings
    assert [(one.name, one.line, one.quote) for one in found] == [
        ("A", 2, ""),
        ("B", 3, "'"),
        ("C", 4, '"'),
        ("D", 6, ""),
    ]
    assert all(text.startswith(one.name, one.start) for one in found)


COMMENTS = {
    "the lines right above": ("# one\n  #  two \r\nA=b\n", ("one", "two")),
    "not those above a blank line": ("# one\n\n# two\nA=b\n", ("two",)),
    "not those above another binding": ("# one\nB=c\nA=b\n", ()),
    "not the one behind the binding above": ("B='c' # one\nA=b\n", ()),
    "nor behind an unquoted one": ("B=c # one\n# two\nA=b\n", ("two",)),
    "not the one behind the value": ("A=b # one\n", ()),
    "not the one behind the value of the same line": ("B='c' A=b # one\n", ()),
    "a commented-out binding is a comment": ("#A=c\nA=b\n", ("A=c",)),
    "the marks of a heading are cut": ("#### one\n#\nA=b\n", ("one", "")),
    "a byte-order mark is none of it": ("\ufeff# one\nA=b\n", ("one",)),
    "a name alone has comments too": ("# one\nA\n", ("one",)),
}


@pytest.mark.parametrize(("text", "expected"), COMMENTS.values(), ids=COMMENTS.keys())
@pytest.mark.parametrize("parse", [parse_env, parse_raw])
def test_comments_above_a_binding(
    text: str, expected: tuple[str, ...], parse: Callable[[bytes, str], EnvDocument]
) -> None:
    found = [one.comments for one in parse(text.encode(), ".env").bindings if one.name == "A"]
    if "B='c' A" in text and parse is parse_raw:
        assert found == []
    else:
        assert found == [expected]


def test_positions_count_characters_and_a_byte_order_mark_takes_none() -> None:
    text = "\ufeffé=b\nC=d"
    assert [(line(text, at), column(text, at)) for at in (0, 1, 2, 4, 5, 7)] == [
        (1, 1),
        (1, 1),
        (1, 2),
        (1, 4),
        (2, 1),
        (2, 3),
    ]


RAW: dict[str, tuple[str, dict[str, str] | None]] = {
    "quotes, comments and dollars are text": ("A='b' # $B ${\n", {"A": "'b' # $B ${"}),
    "blanks before the name are cut, those behind the value are kept": ("  A=b \t\n", {"A": "b \t"}),
    "blanks before the value are kept": ("A= b\n", {"A": " b"}),
    "a Windows line end is cut once": ("A=b\r\nB=c\r\r\n", {"A": "b", "B": "c\r"}),
    "comment lines are skipped": ("# A=b\n#\n\nB=c", {"B": "c"}),
    "export is no keyword": ("exportA=b\n", {"exportA": "b"}),
    "any other name will do": ("A!'=b\n", {"A!'": "b"}),
    "a name alone inherits": ("NONE\nSHELL_SET\n", {"SHELL_SET": "shell"}),
    "a byte-order mark is skipped": ("\ufeffA=b\n", {"A": "b"}),
    "a blank in the name is refused": ("A =b\n", None),
    "so is export": ("export A=b\n", None),
    "so is no name": ("=b\n", None),
    "so is a line that is too long": ("A=" + "b" * 65536 + "\n", None),
}


@pytest.mark.parametrize(("text", "expected"), RAW.values(), ids=RAW.keys())
def test_the_raw_format(text: str, expected: dict[str, str] | None) -> None:
    if expected is None:
        with pytest.raises(EnvfixError, match="format: raw") as caught:
            parse_raw(text.encode(), ".env")
        assert caught.value.line == 1
        return
    document = parse_raw(text.encode(), ".env")
    assert values(document) == expected
    assert encode(document.text) == text.encode()
    for one in document.bindings:
        assert one.value is None or document.text[one.value_start : one.value_end] == one.value


@real_compose.needs_compose
def test_docker_compose_agrees_on_the_raw_format() -> None:
    answers = real_compose.env_files([text.encode() for text, _ in RAW.values()], shell=SHELL, format="raw")
    assert dict(zip(RAW, answers, strict=True)) == {lesson: expected for lesson, (_, expected) in RAW.items()}


def test_bytes_that_are_not_utf8_are_refused_in_the_raw_format() -> None:
    with pytest.raises(EnvfixError, match="UTF-8"):
        parse_raw(b"A=\xff\n", ".env")


def test_a_missing_required_variable_can_be_forgiven() -> None:
    document = parse_env(b"A=1\nB=x${NONE:?}y\n", "d/.env")
    missing: list[EnvfixError] = []
    assert resolve(document, {}.get, missing.append) == ("1", "xy")
    assert [(error.path, error.line) for error in missing] == [("d/.env", 2)]


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a missing file": (lambda path: None, "there is no such env file"),
    "a folder": (lambda path: path.mkdir(), "folder"),
    "UTF-16 with its mark": (lambda path: path.write_bytes("A=b\n".encode("utf-16")), "UTF-16"),
    "UTF-16 without a mark": (lambda path: path.write_bytes("A=b\n".encode("utf-16-le")), "UTF-16"),
    "a NUL byte": (lambda path: path.write_bytes(b"LONGER=b\nB=\0c\n"), "NUL"),
    "a file that is too large": (
        lambda path: os.truncate(path, 16 * 2**20 + 1) if path.write_bytes(b"") == 0 else 0,
        "16 MiB",
    ),
    "a link that leads nowhere": (lambda path: path.symlink_to("nowhere"), "there is no such env file"),
    "a link to itself": (lambda path: path.symlink_to(path), "cannot be read"),
}


@pytest.mark.parametrize(("make", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_file_that_cannot_be_read_is_one_sentence(
    make: Callable[[Path], object], reason: str, tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    make(path)
    with pytest.raises(EnvfixError) as caught:
        read_env(str(path))
    assert reason in caught.value.message
    assert caught.value.path == str(path)
    assert "\n" not in str(caught.value)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_or_device_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".env")
    for path in (str(tmp_path / ".env"), os.devnull):
        with pytest.raises(EnvfixError, match="pipe or a device"):
            read_env(path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="whoever reads here may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=b\n")
    path.chmod(0)
    with pytest.raises(EnvfixError, match="permission"):
        read_env(str(path))


def test_a_path_that_no_file_can_have_is_one_sentence() -> None:
    with pytest.raises(EnvfixError, match="correct the path"):
        read_env("a\0b")


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    assert len(read_bounded(str(path), 1000, "file")) == 1000
    with pytest.raises(EnvfixError, match="larger"):
        read_bounded(str(path), 999, "file")


@pytest.mark.skipif(not hasattr(os, "set_blocking"), reason="no such files on this system")
def test_a_file_that_has_nothing_to_tell_yet_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As /proc/kmsg: a regular file by its looks, a read of which would wait."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    (tmp_path / ".env").write_text("A=1\n")
    monkeypatch.setattr(files, "_check_kind", lambda *_: None)
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", lambda *_: reading)
        with pytest.raises(EnvfixError, match="the env file cannot be read: it has nothing to tell yet"):
            read_bounded(str(tmp_path / ".env"), 1000, "env file")
    os.close(writing)


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "shared.env").write_bytes(b"A=b\n")
    (tmp_path / ".env").symlink_to("shared.env")
    assert values(read_env(str(tmp_path / ".env"))) == {"A": "b"}


def test_no_value_stands_in_a_repr_or_an_error() -> None:
    document = parse_env(b"# hunter2\nA=hunter2\nB='hunter2'\n", ".env")
    assert "hunter2" not in repr(document) + repr(document.bindings)
    for data in (b'A="hunter2', b"A=1\nhunter2 hunter2=1\n", b"!hunter2=1\n", b"A=hunter2${\n", b"A=${B:?hunter2}\n"):
        with pytest.raises(EnvfixError) as caught:
            values(parse_env(data, ".env"))
        assert "hunter2" not in str(caught.value) + repr(caught.value)


HOSTILE = {
    "100,000 lines": b"".join(b"VAR_%d=postgres://localhost:%d/${VAR_0}\n" % (i, i) for i in range(100_000)),
    "a line of 10 MB": b"A=" + b"x #" * 3_333_333,
    "a value of a million escapes": b'A="' + b'\\"' * 1_000_000 + b'"\n',
    "an open quote before two million others": b'A="' + b"\\\"'" * 2_000_000,
    "a name of 10 MB": b"A" * 10_000_000 + b"!",
    "10 MB of blanks": b"\n \t" * 3_333_333 + b"A=b",
    "100,000 statements on a line": b"A='b' " * 100_000 + b"# c",
    "100,000 lines of comment above each other": b"# c\n" * 100_000 + b"A=b\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_size_only(data: bytes) -> None:
    start = time.process_time()
    ours(data)
    assert time.process_time() - start < 20
