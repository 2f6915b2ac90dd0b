"""The same names under Podman: ten of the small projects again, started by podman-compose.

Podman's DNS knows services, aliases and the names of containers; neither NAME.NETWORK nor, in its older versions,
hostnames. A name that envfix writes must lead to the service all the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .command import Envfix
from .compose import until
from .dockerd import Engine, EngineUnavailable
from .images import recipe_key
from .podman import Podman, missing, private_podman
from .projects import SMALL, Small

LESSONS = (
    "and another name of the service is written",
    "an alias serves as well",
    "an alias that two services bear is no name of either",
    "a namesake of an inactive profile is silent",
    "nor one on a network that the reader lacks",
    "an alias counts on its own network alone",
    "an alias without an underscore, the first of several",
    "two keys of one network",
    "every address of a family",
    "loopback as a number",
)


@pytest.fixture(scope="module")
def podman(engine: Engine, cache: Path) -> Iterator[Podman]:
    if absent := missing():
        pytest.skip(f"no Podman: {absent}")
    with ExitStack() as stack:
        try:
            running = stack.enter_context(private_podman(cache / "podman", engine, recipe_key()))
        except EngineUnavailable as reason:
            pytest.skip(f"no Podman: {reason}")
        yield running


def asked(podman: Podman, container: str, before: str, after: str) -> dict[str, set[str]]:
    """Who answers at both addresses, once the server behind the second listens."""

    def answers() -> dict[str, set[str]] | None:
        found = podman.who(container, before, after)
        return None if "refused" in found[after] else found

    return until(answers, 60, f"an answer at {after}")


def rows() -> list[object]:
    known = {row.lesson: row for row in SMALL}
    return [pytest.param(known[lesson], id=lesson) for lesson in LESSONS]


@pytest.mark.parametrize("row", rows())
def test_the_name_leads_to_the_service(row: Small, podman: Podman, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "compose.yaml").write_text(row.compose)
    (folder / ".env").write_text(row.env)
    decisions = [one for one in Envfix(folder, tmp_path / "home").decisions() if one.decision == "rewrite"]
    assert decisions
    for network in row.networks:
        podman.do("podman", "network", "create", network)
    try:
        podman.compose(folder, "up", "--detach")
        for one in decisions:
            for reader in one.readers:
                before, after = str(one.before), str(one.after)
                answers = asked(podman, f"shop_{reader}_1", before, after)
                assert answers[after] == {one.service}, one
                assert one.service not in answers[before], one
    finally:
        podman.clear()
