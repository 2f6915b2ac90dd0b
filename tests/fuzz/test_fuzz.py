"""The short run: each target over its seeds, over what once broke it, and over some seconds of changed seeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from . import watchdog
from .inputs import found, inputs, seeds
from .targets import TARGETS

pytestmark = pytest.mark.slow  # generated input, and much of it

# How many inputs take about a second.
EXAMPLES = {
    "env": 150,
    "addresses": 250,
    "interpolation": 200,
    "compose": 125,
    "dockerfile": 150,
    "settings": 150,
    "logs": 200,
    "git": 150,
    "masking": 200,
    "plan": 75,
}


@pytest.mark.parametrize(
    ("target", "path"),
    [pytest.param(name, path, id=f"{name}/{path.name}") for name in TARGETS for path in (*seeds(name), *found(name))],
)
def test_a_kept_input_breaks_nothing(target: str, path: Path) -> None:
    with watchdog.bounded():
        TARGETS[target](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_nothing_but_errors_of_its_own_comes_of(target: str) -> None:
    @settings(max_examples=EXAMPLES[target], deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(inputs(target))
    def one(data: bytes) -> None:
        with watchdog.bounded():
            TARGETS[target](data)

    one()
