"""The picture: who reaches whom by which variable, in text that GitHub's renderer takes."""

from __future__ import annotations

import html
import re

import pytest
from report_samples import ASK, KEEP, SECRET, WEB, output, plan, project, reference, report, service

from envfix.compose.model import Project
from envfix.records import Choice, Plan, Reader, Reference
from envfix.report import Part, render
from envfix.report.mermaid import escape

STACK = project(service("web"), service("worker"), service("postgres"), service("minio"))
ENDS = {"--x": "broken", "-->": "right", "-.->": "open"}


def chart(*parts: Part, **changes: object) -> str:
    return output(render("mermaid", report(parts=parts, **changes)))


def drawn(
    references: tuple[Reference, ...], stack: Project = STACK, **changes: object
) -> set[tuple[str, str, str, str]]:
    """The arrows of a chart, read back: source, kind, target, label."""
    text = chart(Part(plan(references=references), stack), **changes)
    nodes = {id: unescaped(label) for id, label in re.findall(r'^ *(p\w+)[\[(]+"(.*?)"[\])]', text, re.MULTILINE)}
    arrows = re.findall(r'^ *(p\w+) (-\S+)\|"(.*)"\| (p\w+)$', text, re.MULTILINE)
    return {(nodes[source], ENDS[kind], nodes[target], unescaped(label)) for source, kind, label, target in arrows}


def unescaped(label: str) -> str:
    """A label as mermaid shows it: `#35;` is its spelling of an entity."""
    return html.unescape(re.sub(r"#(\d+);", r"&#\1;", label.replace("<br/>", "\n")))


def test_a_broken_address_ends_at_the_reader_itself_and_its_repair_at_the_service() -> None:
    assert drawn((reference(readers=(WEB,)),)) == {
        ("web", "broken", "localhost: web itself", "DATABASE_URL"),
        ("web", "right", "postgres", "DATABASE_URL"),
    }


def test_after_a_write_only_the_repair_is_left() -> None:
    assert drawn((reference(readers=(WEB,)),), written=True) == {("web", "right", "postgres", "DATABASE_URL")}


def test_every_reader_has_arrows_of_its_own() -> None:
    assert {source for source, *_ in drawn((reference(),))} == {"web", "worker"}


def test_what_is_to_decide_is_drawn_to_each_choice() -> None:
    choices = (Choice("minio:9000", "minio", 9000, ""), Choice("postgres:1", "postgres", 1, ""), *ASK.choices[1:])
    assert drawn((ASK._replace(readers=(WEB,), choices=choices),)) == {
        ("web", "open", "minio", "MEDIA_ENDPOINT?"),
        ("web", "open", "postgres", "MEDIA_ENDPOINT?"),
    }


KEPT = (
    pytest.param("browser", set(), id="a browser's address is nobody's in the project"),
    pytest.param("self", set(), id="its own port is right"),
    pytest.param("no-target", {("web", "broken", "localhost: web itself", "NEXTAUTH_URL")}, id="nobody serves it"),
    pytest.param("unreachable", {("web", "broken", "localhost: web itself", "NEXTAUTH_URL")}, id="out of reach"),
)


@pytest.mark.parametrize(("reason", "arrows"), KEPT)
def test_what_stays(reason: str, arrows: set[tuple[str, str, str, str]]) -> None:
    assert drawn((KEEP._replace(reason=reason),)) == arrows


def test_a_service_with_its_published_port_is_broken_at_that_service() -> None:
    found = reference(address="postgres:5433", reason="published-port-on-service", readers=(WEB,))
    assert ("web", "broken", "postgres", "DATABASE_URL") in drawn((found,))


def test_a_port_variable_adds_nothing_to_its_host() -> None:
    assert drawn((reference(variable="DB_PORT", address="5433", reason="sibling"),)) == set()


def test_towards_the_host_the_arrows_start_outside() -> None:
    found = (
        reference(address="postgres:5432", replacement="localhost:5433"),
        KEEP._replace(variable="S3", address="minio:9000", reason="unpublished", service="minio"),
    )
    assert drawn(found, to="host") == {
        ("programs on the host", "broken", "postgres", "DATABASE_URL"),
        ("programs on the host", "right", "postgres", "DATABASE_URL"),
        ("programs on the host", "broken", "minio", "S3"),
    }


class TestEnvironment:
    """What the containers already get rightly is part of the picture."""

    @staticmethod
    def arrows(value: str, variable: str = "URL", **target: object) -> set[tuple[str, str, str, str]]:
        web = service("web", environment={variable: value}, networks={"front": ()})
        return drawn((), project(web, service("db", **{"networks": {"front": ()}, **target})))

    def test_a_service_by_its_name(self) -> None:
        assert self.arrows("postgres://u:p@db:5432/x") == {("web", "right", "db", "URL")}

    def test_a_service_by_its_alias_or_its_containers_name(self) -> None:
        assert self.arrows("postgres://alias:5432/x", networks={"front": ("alias",)}) == {("web", "right", "db", "URL")}
        assert self.arrows("postgres://own:5432/x", container_name="own") == {("web", "right", "db", "URL")}

    def test_a_service_without_a_common_network_is_out_of_reach(self) -> None:
        arrows = {(kind, label) for _, kind, _, label in self.arrows("postgres://db:5432/x", networks={"back": ()})}
        assert arrows == {("broken", "URL")}

    def test_a_bare_word_is_an_address_only_where_a_host_is_meant(self) -> None:
        assert self.arrows("db", "DB_HOST") == {("web", "right", "db", "DB_HOST")}
        assert self.arrows("db", "DB_USER") == set()

    def test_other_hosts_are_not_drawn(self) -> None:
        assert self.arrows("postgres://example.com:5432/x") == set()

    def test_what_a_reference_tells_is_not_told_twice(self) -> None:
        web = service("web", environment={"DATABASE_URL": "postgres://postgres:5433/x"})
        found = reference(address="postgres:5433", readers=(WEB,))
        assert len(drawn((found,), project(web, service("postgres")), written=True)) == 1


class TestNodes:
    def test_every_service_is_there_even_without_an_arrow(self) -> None:
        text = chart(Part(plan(references=()), STACK))
        assert [f'["{name}"]' in text for name in STACK.services] == [True] * 4

    def test_networks_are_named_where_there_are_several(self) -> None:
        two = project(service("web", networks={"front": (), "back": ()}), service("db", networks={"back": ()}))
        text = chart(Part(plan(references=()), two))
        assert '["web<br/>networks: front, back"]' in text
        assert "networks" not in chart(Part(plan(references=()), STACK))

    def test_an_inactive_service_is_there_only_if_an_arrow_ends_at_it(self) -> None:
        stack = project(service("web"), inactive=(service("postgres", profiles=("dev",)), service("idle")))
        text = chart(Part(plan(references=(reference(),)), stack))
        assert '["postgres<br/>profile: dev"]' in text
        assert "idle" not in text

    def test_without_a_project_the_references_are_drawn_all_the_same(self) -> None:
        assert '["postgres"]' in chart(Part(plan(references=(reference(),))))


def test_colours_go_with_the_arrows() -> None:
    text = chart(Part(plan(references=(reference(readers=(WEB,)), ASK._replace(readers=(WEB,)))), STACK))
    assert "linkStyle 0 stroke:#cf222e" in text
    assert "linkStyle 1 stroke:#1a7f37" in text
    assert "linkStyle 2 stroke:#9a6700" in text


def test_several_projects_are_boxes_and_their_arrows_count_on() -> None:
    one = Part(plan(references=(reference(readers=(WEB,)),)), STACK)
    text = chart(one, one)
    assert text.count("subgraph p") == text.count("\n  end\n") == 2
    assert "linkStyle 0,2 stroke:#cf222e" in text
    assert "p1s0 --x" in text


def test_many_variables_between_two_are_one_arrow() -> None:
    found = tuple(reference(variable=f"V{number}", readers=(WEB,)) for number in range(13))
    labels = {label for *_, label in drawn(found)}
    assert labels == {"V0\nV1\nV2\nV3\nV4\nV5\nV6\nV7\nV8\nV9\nand 3 more"}


LABELS = (
    pytest.param('say "x"', id="a quote would end the label"),
    pytest.param("`bold`", id="a backtick begins Markdown"),
    pytest.param("%%{init}%%", id="a directive"),
    pytest.param("<b>x</b> & #35;", id="markup and entities"),
    pytest.param("a|b]c)d}e;f", id="what closes a node or a line"),
    pytest.param("__x__ *y* $z$", id="emphasis and formulas"),
)


@pytest.mark.parametrize("label", LABELS)
def test_labels_are_text_whatever_they_hold(label: str) -> None:
    assert re.fullmatch(r"[a-z0-9\s/.,:?=+-]*", re.sub(r"#\d+;", "", escape(label)))
    assert unescaped(escape(label)) == label


def test_an_ordinary_variable_stays_readable() -> None:
    assert escape("DATABASE_URL") == "DATABASE_URL"
    assert escape("web-1.a:80") == "web-1.a:80"


def test_names_that_mermaid_reserves_are_no_ids() -> None:
    found = reference(variable="end", service="end", readers=(Reader("default", "mount"),))
    stack = project(service("end"), service("default"))
    assert ("default", "right", "end", "end") in drawn((found,), stack)


def test_no_value_is_in_it() -> None:
    web = service("web", environment={"URL": f"postgres://u:{SECRET}@db:5432/x", "TOKEN": SECRET})
    assert SECRET not in chart(Part(plan(), project(web, service("db"))), show_secrets=True)


def test_an_empty_project_is_an_empty_chart() -> None:
    empty: Plan = plan(references=())
    assert chart(Part(empty, project())).splitlines()[1:] == ["flowchart LR"]
