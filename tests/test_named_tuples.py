"""`envfix.named_tuples` beside `typing.NamedTuple`: the same class body, the same behaviour."""

from __future__ import annotations

import copy
import pickle
import typing
from typing import Any

import pytest

from envfix import named_tuples
from envfix.records import Plan


class Ours(named_tuples.NamedTuple):
    """Where something is."""

    path: str
    line: int = 1
    marks: tuple[str, ...] = ()

    def below(self) -> Ours:
        return self._replace(line=self.line + 1)


class Theirs(typing.NamedTuple):
    """Where something is."""

    path: str
    line: int = 1
    marks: tuple[str, ...] = ()

    def below(self) -> Theirs:
        return self._replace(line=self.line + 1)


class Built(Ours):
    """A class on top, with a word of its own and no field."""

    def __repr__(self) -> str:
        return "hidden"


class Empty(named_tuples.NamedTuple):
    """No field at all."""


USES: list[Any] = [
    lambda made: made("a"),
    lambda made: made("a", 2, ("b",)),
    lambda made: made(marks=("b",), path="a"),
    lambda made: made(*("a", 2)),
    lambda made: made("a").below().line,
    lambda made: made("a")._asdict(),
    lambda made: made._make(["a", 2, ()]),
    lambda made: made("a")._replace(path="b", line=3),
    lambda made: [*made("a")],
    lambda made: made("a")[0],
    lambda made: made("a") == made("a", 1) and made("a") != made("b"),
    lambda made: made("a") == ("a", 1, ()),
    lambda made: hash(made("a")),
    lambda made: sorted([made("b"), made("a", 2), made("a")]),
    lambda made: {made("a"): 1}[made("a")],
    lambda made: copy.copy(made("a", 2)),
    lambda made: pickle.loads(pickle.dumps(made("a", 2))),
    lambda made: (made._fields, made._field_defaults, made.__match_args__, made.__slots__, made.__doc__),
    lambda made: repr(made("a", 2)).removeprefix(made.__name__),
    lambda made: isinstance(made("a"), tuple),
]


@pytest.mark.parametrize("use", USES, ids=range(len(USES)))
def test_what_it_does(use: Any) -> None:
    assert use(Ours) == use(Theirs)


@pytest.mark.parametrize(
    "use",
    [
        lambda made: made(),
        lambda made: made("a", 1, (), "too many"),
        lambda made: made("a", path="b"),
        lambda made: made("a", lien=2),
        lambda made: made._make(["a"]),
        lambda made: made("a")._replace(lien=2),
        lambda made: setattr(made("a"), "line", 2),
        lambda made: setattr(made("a"), "other", 2),
        lambda made: made("a").other,
    ],
    ids=range(9),
)
def test_what_it_refuses(use: Any) -> None:
    with pytest.raises((TypeError, ValueError, AttributeError)) as theirs:
        use(Theirs)
    with pytest.raises(theirs.type) as ours:
        use(Ours)
    if theirs.type is not AttributeError:
        assert str(ours.value) == str(theirs.value).replace("Theirs", "Ours")


def test_matches_by_position_and_by_name() -> None:
    match Ours("a", 2):
        case Ours(path, line, marks=()):
            assert (path, line) == ("a", 2)
        case _:
            pytest.fail("no match")


def test_a_class_on_top_keeps_the_fields() -> None:
    built = Built("a", line=2)
    assert (built.line, built._fields, repr(built), type(built.below())) == (2, Ours._fields, "hidden", Built)
    assert not hasattr(built, "__dict__")


def test_no_field() -> None:
    assert (Empty(), Empty._fields, repr(Empty())) == ((), (), "Empty()")
    with pytest.raises(AttributeError):
        Empty().any = 1


def test_the_records_of_the_library_are_such() -> None:
    assert issubclass(Plan, named_tuples.NamedTuple)
    assert Plan.__new__.__qualname__ == "Plan.__new__"
