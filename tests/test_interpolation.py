"""What a template becomes, which variables it reads, and that the real Docker Compose says so too."""

from __future__ import annotations

import time
import tracemalloc

import pytest
import real_compose
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envfix.interpolation import InterpolationError, Piece, defaults, interpolate, trace, variables

SHELL = {"X": "1", "E": "", "Y": "two", "T": "${X}-$X", "K": "k"}

BECOMES = {
    "a text without a dollar stays": ("localhost:80", "localhost:80"),
    "a bare name is replaced": ("$X", "1"),
    "a braced name is replaced": ("a${X}b", "a1b"),
    "a bare name ends where no name goes on": ("$X-$X.$X", "1-1.1"),
    "a bare name takes every letter that fits": ("$X_Y", ""),
    "an unset variable is empty": ("a${U}b", "ab"),
    "names tell capitals from small letters": ("${x}", ""),
    "two dollars are one": ("pa$$word", "pa$word"),
    "two dollars shield a name": ("$$X $${X}", "$X ${X}"),
    "of three dollars the last counts": ("$$$X", "$1"),
    "a dollar at the end stays": ("a$", "a$"),
    "a dollar before a digit stays": ("$1 $(pwd)", "$1 $(pwd)"),
    "a value is not interpolated again": ("$T", "${X}-$X"),
    "the default of an unset variable": ("${U:-d}", "d"),
    "the default of an empty variable": ("${E:-d}", "d"),
    "without a colon an empty variable is set": ("${E-d}", ""),
    "without a colon an unset variable has its default": ("${U-d}", "d"),
    "a set variable has no need of its default": ("${X:-d}", "1"),
    "an empty default": ("${U:-}", ""),
    "a default keeps its blanks and quotes": ("${U:-  'a' \"b\" }", "  'a' \"b\" "),
    "a default may hold an address": ("${U:-http://localhost:80/a?b=c-d}", "http://localhost:80/a?b=c-d"),
    "the first operator counts": ("${U:-a:-b}${U-a:?b}", "a:-ba:?b"),
    "defaults nest": ("${U:-${V:-z}}", "z"),
    "a default is interpolated": ("${U:-a${X}b$$}", "a1b$"),
    "several on one line": ("${U:-a}${V:-b} $X", "ab 1"),
    "the brace that balances ends a default": ('${U:-{"a": 1}} ${V:-b}', '{"a": 1} b'),
    "what is behind the closing brace is text": ("${U:-a}b}", "ab}"),
    "empty braces never balance, and the line's last brace ends the default": ("${U:-{}}", "{}"),
    "so a set variable swallows the rest of the line": ("${X:-{}} ${V:-b}", "1"),
    "an opening brace alone ends at the last one": ("${U:-{}", "{"),
    "of two opening braces the second is not counted": ("${U:-{{x}}} and }", "{{x}} and }"),
    "the line break ends the search for the brace": ("${U:-a}\n${V:-b}}", "a\nb}"),
    "an alternative for what is set": ("${X:+a}${X+b}", "ab"),
    "an alternative for what is empty": ("${E:+a}${E+b}", "b"),
    "no alternative for what is unset": ("${U:+a}${U+b}", ""),
    "an alternative is interpolated": ("${X:+${E:-e}}", "e"),
    "a required variable that is there": ("${X:?need}${E?need}", "1"),
    "an unused default is not looked at": ("${X:-${U:?no}}${X:-${a.b}}", "11"),
    "an unused message is not looked at": ("${X:?${}}", "1"),
    "an unused alternative is not looked at": ("${U:+${}}", ""),
    "the long s folds to a letter in Go": ("$\u017f.${\u017f:-d}", ".d"),
    "the Kelvin sign folds to a letter in Go": ("$\u212a", ""),
    "other letters are no part of a name": ("$é $Xé", "$é 1é"),
}
REFUSED = {
    "no name": "${}",
    "an open brace": "${X",
    "an open default": "${X:-a",
    "a digit first": "${1}",
    "a dot in the name": "${X.Y}",
    "blanks round the name": "${ X }",
    "an assignment": "${X:=d}",
    "a replacement": "${X/a/b}",
    "a length": "${#X}",
    "a default over a line break": "${U:-a\nb}",
    "empty braces before another variable": "${U:-{}} and ${V:-b}",
    "a malformed default that is needed": "${U:-${}}",
    "a letter that is none in Go": "${\u0130}",
    "an empty variable that must not be": "${E:?need it}",
    "an unset variable that must not be": "${U?need it}",
    "a required variable in a default that is needed": "${U:-${V:?need it}}",
    "a required variable in an alternative that is needed": "${X:+${V:?need it}}",
}


@pytest.mark.parametrize(("template", "expected"), BECOMES.values(), ids=BECOMES.keys())
def test_a_template_becomes(template: str, expected: str) -> None:
    assert interpolate(template, SHELL.get) == expected


@pytest.mark.parametrize("template", REFUSED.values(), ids=REFUSED.keys())
def test_a_template_is_refused(template: str) -> None:
    with pytest.raises(InterpolationError):
        interpolate(template, SHELL.get)


@real_compose.needs_compose
def test_docker_compose_agrees_with_both_tables() -> None:
    accepted = dict(BECOMES.values())
    assert dict(zip(accepted, real_compose.templates(list(accepted), shell=SHELL), strict=True)) == accepted
    refused = {text: real_compose.templates([text], shell=SHELL) for text in REFUSED.values()}
    assert refused == {key: [None] for key in refused}


# fmt: off
ATOMS = st.sampled_from([
    "X", "E", "U", "Y", "a", "1", "_", "é", '"', " ", "\n", "$", "$$", "{", "}", "}}", "{}",
    ":", "-", "+", "?", ":-", ":+", ":?", "$X", "${X}", "${X", "${U", "${E", "${U:-", "${X:-", "${E:+", "${X:+",
])
# fmt: on
TEMPLATES = st.lists(ATOMS, max_size=12).map("".join)


def ours(template: str) -> str | None:
    try:
        return interpolate(template, real_compose.environ(SHELL).get)
    except InterpolationError:
        return None


@pytest.mark.slow
@real_compose.needs_compose
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.lists(TEMPLATES, min_size=60, max_size=60))
def test_docker_compose_agrees_on_random_templates(texts: list[str]) -> None:
    accepted = [text for text in texts if ours(text) is not None]
    assert real_compose.templates(accepted, shell=SHELL) == [ours(text) for text in accepted]
    for text in [text for text in texts if ours(text) is None][:3]:
        assert real_compose.templates([text], shell=SHELL) == [None], text


PIECES = {
    "text alone is the template's own": ("ab", [("ab", None, 0, None)]),
    "a value belongs to its variable": ("a$X", [("a", None, 0, None), ("1", "X", 1, None)]),
    "a default belongs to the template, and to its variable": (
        "${U:-host}:80",
        [("host", None, 5, "U"), (":80", None, 10, None)],
    ),
    "the innermost variable has the default": ("${U:-${V:-z}}", [("z", None, 10, "V")]),
    "a value in a default is of both": ("${U:-a$X}", [("a", None, 5, "U"), ("1", "X", 6, "U")]),
    "an alternative is the template's own": ("${X:+yes}", [("yes", None, 5, "X")]),
    "two dollars stand where the first is": (
        "a$$b",
        [("a", None, 0, None), ("$", None, 1, None), ("b", None, 3, None)],
    ),
    "what is empty leaves no piece": ("${E}${U}", []),
}


@pytest.mark.parametrize(("template", "expected"), PIECES.values(), ids=PIECES.keys())
def test_trace_tells_where_each_run_comes_from(template: str, expected: list[tuple[object, ...]]) -> None:
    assert trace(template, SHELL.get) == tuple(Piece(*piece) for piece in expected)  # type: ignore[arg-type]


@given(TEMPLATES)
def test_trace_adds_up_and_its_texts_stand_in_the_template(template: str) -> None:
    if ours(template) is None:
        return
    pieces = trace(template, real_compose.environ(SHELL).get)
    assert "".join(piece.text for piece in pieces) == ours(template)
    for piece in pieces:
        if piece.variable is None:
            assert template.startswith(piece.text, piece.start)
        else:
            assert template[piece.start] == "$"
            assert piece.text == SHELL[piece.variable]


READS = {
    "names in order, each once": ("$B ${A} $B", ("B", "A"), ()),
    "those in defaults too": ("${A:-${B:-$C}}", ("A", "B", "C"), (("A", ":-"), ("B", ":-"))),
    "those in alternatives and messages too": (
        "${A:+$B}${C?$D}",
        ("A", "B", "C", "D"),
        (("A", ":+"), ("C", "?")),
    ),
    "a shielded name is not read": ("$$A", (), ()),
    "an outer default comes before an inner one": (
        "${A-x} ${B:-y}",
        ("A", "B"),
        (("A", "-"), ("B", ":-")),
    ),
    "a malformed place is passed over": ("${} ${A:-b} ${C", ("A",), (("A", ":-"),)),
}


@pytest.mark.parametrize(("template", "names", "given"), READS.values(), ids=READS.keys())
def test_what_a_template_reads(template: str, names: tuple[str, ...], given: tuple[tuple[str, str], ...]) -> None:
    assert variables(template) == names
    assert defaults(template) == given


def test_unset_variables_without_a_default_are_told() -> None:
    told: list[str] = []
    assert interpolate("$U ${V} ${W:-d} ${E} ${X+$U}", SHELL.get, told.append) == "  d  "
    assert told == ["U", "V", "U"]


def test_a_missing_required_variable_can_be_forgiven() -> None:
    missing: list[InterpolationError] = []
    assert interpolate("a${U:?set it}b${X:?}", SHELL.get, on_missing=missing.append) == "ab1"
    assert [(error.variable, error.required) for error in missing] == [("U", True)]


def test_a_malformed_template_is_never_forgiven() -> None:
    with pytest.raises(InterpolationError) as caught:
        interpolate("${U:?}${", SHELL.get, on_missing=lambda error: None)
    assert (caught.value.variable, caught.value.required) == (None, False)


def test_errors_and_pieces_show_no_values() -> None:
    secret = "hunter2"
    for template in (f"{secret}${{", f"${{U:?{secret}}}"):
        with pytest.raises(InterpolationError) as caught:
            interpolate(template, {"S": secret}.get)
        assert secret not in str(caught.value) + repr(caught.value)
    assert secret not in repr(trace(f"{secret}$S", {"S": secret}.get))


HOSTILE = {
    "defaults nested 20,000 deep": "${U:-" * 20_000 + "}" * 20_000,
    "20,000 defaults on one line": "${U:-a}" * 20_000 + "x" * 200_000,
    "200,000 opening braces in a default": "${U:-" + "{" * 200_000 + "}",
    "100,000 shielded dollars": "$$" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("template", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_length_only(template: str) -> None:
    start = time.process_time()
    interpolate(template, {}.get)
    variables(template)
    tracemalloc.start()
    defaults(template)
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert largest < 1000 * len(template)
    assert time.process_time() - start < 4
