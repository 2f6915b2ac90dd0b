"""The long run over products still stands: each ingredient makes a project that is read, and grows with its number."""

from __future__ import annotations

import signal
from itertools import combinations

import pytest

from . import products

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(signal, "SIGVTALRM"), reason="no timer of processor time here"),
]


@pytest.mark.parametrize("name", products.INGREDIENTS)
def test_a_project_with_some_of_an_ingredient_is_read(name: str) -> None:
    one = products.run(products.made({name: 3}), 30)
    assert one.status in (0, 1), one.said


@pytest.mark.parametrize("mode", products.MODES)
def test_a_project_is_read_in_each_mode(mode: str) -> None:
    one = products.run(products.made({"variables": 3, "one refusal": 3}), 30, products.MODES[mode])
    assert one.status in (0, 1), one.said


@pytest.mark.parametrize("name", products.INGREDIENTS)
def test_an_ingredient_adds_so_many_of_a_thing(name: str) -> None:
    assert products.made({name: 2}) != products.made({name: 3})


def test_a_pair_makes_a_project_of_about_the_bytes() -> None:
    assert 9_000 < products.size(products.fitting(("variables", "readers"), 10_000)) < 11_000


@pytest.mark.parametrize("number", [2, 6])
def test_every_pair_is_in_some_group(number: int) -> None:
    met = {frozenset(pair) for group in products.groups(number) for pair in combinations(group, 2)}
    assert len(met) == len(products.INGREDIENTS) * (len(products.INGREDIENTS) - 1) / 2


def test_what_takes_too_long_is_ended_and_named() -> None:
    one = products.run(products.made({"variables": 300}), 0.0)
    assert one.status is None
    assert any(name.startswith("cli.") for name in one.seen)
