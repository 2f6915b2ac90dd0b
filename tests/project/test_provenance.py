"""Where does each part of a value come from, however many variables it passed through?"""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix import planning
from envfix.errors import EnvfixError
from envfix.project import provenance

COMPOSE = """\
services:
  store:
    image: postgres:17
    ports: ["5433:5432"]
  shop:
    image: shop
    environment:
      STORE: ${A%d}
"""


def made(folder: Path, compose: str, env: str) -> planning.Made:
    (folder / "compose.yaml").write_text(compose)
    (folder / ".env").write_text(env)
    return planning.make(planning.Request(str(folder), environ={}))


@pytest.mark.parametrize("links", [1, 39, 45, 200, 600])
@pytest.mark.parametrize("more", ["", "x"])
def test_an_address_is_found_behind_a_chain_of_any_length(tmp_path: Path, links: int, more: str) -> None:
    chain = "".join(f"A{number}=${{A{number - 1}}}{more}\n" for number in range(1, links + 1))
    one = made(tmp_path, COMPOSE % links, f"A0=postgres://localhost:5433/shop\n{chain}")
    [reference] = one.plan.references
    assert (reference.line, reference.decision, reference.replacement) == (1, "rewrite", "store:5432")
    assert [patch.after.splitlines()[0] for patch in one.plan.patches] == [b"A0=postgres://store:5432/shop"]


def test_a_chain_of_variables_costs_no_more_parts_than_its_length(tmp_path: Path) -> None:
    links = 1000
    chain = "".join(f"A{number}=${{A{number - 1}}}x\n" for number in range(1, links + 1))
    one = made(tmp_path, COMPOSE % links, f"A0=postgres://localhost:5433/shop\n{chain}")
    (path,) = one.documents
    texts = [one.reading.texts.binding(path, number, 0, inside=False) for number in range(links + 1)]
    assert len(texts[-1].value) == len(texts[0].value) + links
    assert sum(len(text.parts) for text in texts) < 70 * links
    run = texts[-1].locate(len(texts[0].value) + 500, len(texts[0].value) + 501)
    assert run is not None
    assert (run.leaf.binding, run.leaf.offset, run.via) == (501, len("${A500}"), "A999")


def test_what_variables_bring_into_files_of_programs_is_bounded_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provenance, "_MOST_GROWN", 3000)
    doubled = "A0=http://localhost:5433/0123456\n" + "".join(f"A{n}=${{A{n - 1}}}${{A{n - 1}}}\n" for n in range(1, 6))
    service = (
        "  s{0}: {{image: 'node:22', command: node --env-file=.env a.js, volumes: ['./{0}:/app'], working_dir: /app}}\n"
    )
    for number in range(2):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / ".env").write_text(doubled)
    assert made(tmp_path, COMPOSE % 0 + service.format(0), "")
    with pytest.raises(EnvfixError, match="expand to more than 64 MB"):
        made(tmp_path, COMPOSE % 0 + service.format(0) + service.format(1), "")


def test_a_value_between_two_leaves_stands_at_none(tmp_path: Path) -> None:
    chain = "".join(f"A{number}=x${{A{number - 1}}}x\n" for number in range(1, 101))
    one = made(tmp_path, COMPOSE % 100, f"A0=http://localhost:5433\n{chain}")
    (path,) = one.documents
    text = one.reading.texts.binding(path, 100, 0, inside=False)
    assert text.locate(100, 109) is not None
    assert text.locate(99, 109) is None
    assert text.locate(98, 99) is not None
    assert text.locate(98, 100) is None
    assert text.locate(-1, 0) is None
    assert text.locate(len(text.value), len(text.value) + 1) is None


def test_a_variable_that_many_places_take_in_is_told_of_some(tmp_path: Path) -> None:
    labels = "".join(f"      l{number}: ${{A}}\n" for number in range(200))
    compose = COMPOSE.replace("${A%d}", "${A}") + f"    labels:\n{labels}" + "    ports: ['${A}:80']\n"
    one = made(tmp_path, compose, "A=5433\n")
    (path,) = one.documents
    uses = one.reading.infrastructure[(path, 0)]
    assert 2 <= len(uses) <= 100
    assert [use.place[0] for use in uses if use.place[0] == "ports"]
