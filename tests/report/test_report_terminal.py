"""The preview on a terminal: each change once, its reason right under it, nothing broken inside a word."""

from __future__ import annotations

import re

import pytest
from report_samples import ASK, CWD, SECRET, output, plan, reference, report

from envfix.records import Edit, Patch, Plan, Reader, Reference
from envfix.report import render
from envfix.report.terminal import wrapped
from envfix.report.text import fitted

SERVICES = ("postgres", "redis", "search", "queue", "mail")


def shown(*plans: Plan, columns: int = 80, **changes: object) -> str:
    return output(render("text", report(*plans, columns=columns, **changes)))


def rows(*plans: Plan, columns: int = 80) -> list[str]:
    """Everything that a person sees, talk included."""
    return "".join(said.text for said in render("text", report(*plans, columns=columns))).splitlines()


def many(count: int) -> Plan:
    """A plan with so many changed variables of sixty characters, five reasons among them."""
    before, after = [], []
    references: list[Reference] = []
    position = 0
    for number in range(count):
        service = SERVICES[number % len(SERVICES)]
        name = f"{service.upper()}_{number}_URL"
        left = f"{name}=http://localhost:54{number % len(SERVICES)}0/"
        line = left + "x" * (60 - len(left))
        start = position + line.index("localhost")
        end = start + len("localhost:5400")
        port = 8000 + number % len(SERVICES)
        edit = Edit(start, end, f"{service}:{port}")
        before.append(line)
        after.append(line.replace(line[line.index("localhost") : line.index("localhost") + 14], edit.text))
        references.append(
            reference(
                line=number + 1,
                variable=name,
                address="localhost:5400",
                replacement=edit.text,
                service=service,
                container_port=port,
                published_port=5400 + 10 * (number % len(SERVICES)),
                readers=(Reader("web", "env_file"), Reader("worker", "env_file")),
                start=start,
                end=end,
                edits=(edit,),
            )
        )
        position += len(line) + 1
    data = ["".join(f"{line}\n" for line in lines).encode() for lines in (before, after)]
    patch = Patch(f"{CWD}/.env", data[0], data[1], tuple(one.edits[0] for one in references))
    return plan(references=tuple(references), patches=(patch,), warnings=())


def test_a_change_is_its_lines_and_the_reason_under_them() -> None:
    old, new = "DATABASE_URL=postgres://localhost:5433/x\n", "DATABASE_URL=postgres://postgres:5432/x\n"
    edit = Edit(24, 38, "postgres:5432")
    through = Reader("web", "interpolation", f"{CWD}/compose.yaml", 22, "${DATABASE_URL}")
    found = reference(line=1, readers=(through,), edits=(edit,))
    patch = Patch(f"{CWD}/.env", old.encode(), new.encode(), (edit,))
    assert shown(plan(references=(found,), patches=(patch,))).splitlines() == [
        ".env",
        "   1 - DATABASE_URL=postgres://localhost:5433/x",
        "     + DATABASE_URL=postgres://postgres:5432/x",
        "      web gets it through ${DATABASE_URL}, compose.yaml:22; postgres listens on",
        "      5432 inside, 5433 is its port on your machine.",
    ]


@pytest.mark.parametrize("count", [1, 5, 20])
def test_twenty_variables_with_five_reasons_fit_on_sixty_rows(count: int) -> None:
    told = rows(many(count))
    assert len(told) <= 60
    assert max(map(len, told)) <= 80
    assert sum(line.startswith("     + ") for line in told) == count


def test_what_changes_share_is_said_once() -> None:
    told = " ".join(shown(many(20)).split())
    assert told.count("web and worker get these through env_file;") == len(SERVICES)
    assert told.count("postgres listens on 8000 inside, 5400 is its port on your machine.") == 1


def test_a_question_has_its_reason_and_its_comments_whole() -> None:
    told = shown(plan(references=(ASK,), patches=()))
    assert ".env:5 MEDIA_ENDPOINT  localhost:9090  yours to decide\n" in told
    assert "# envfix: minio:9000" in told
    assert "# envfix: keep" in told
    assert "\0" not in told


@pytest.mark.parametrize("columns", [0, 80])
def test_no_comment_is_offered_where_none_is_read(columns: int) -> None:
    literal = ASK._replace(path=f"{CWD}/compose.yaml", readers=(Reader("web", "environment"),))
    said = render("text", report(plan(references=(literal,), patches=()), columns=columns))
    told = "".join(one.text for one in said)
    assert "To decide, change that line of the compose file by hand." in told
    assert "# envfix" not in told
    assert "the comment shown" not in told


IN_VAIN = reference(
    variable="SEARCH_URL",
    address="localhost:7700",
    decision="keep",
    reason="no-target",
    replacement=None,
    service=None,
    container_port=None,
    published_port=None,
    readers=(Reader("web", "env_file"),),
    explanation="nothing in the project serves port 7700",
)


def test_a_change_that_only_another_option_writes_is_told_with_its_reason() -> None:
    literal = reference(path=f"{CWD}/compose.yaml", line=14, readers=(Reader("web", "environment"),))
    told = shown(plan(references=(literal,), patches=()))
    assert "compose.yaml:14 DATABASE_URL  localhost:5433 -> postgres:5432\n" in told
    assert "web gets it from this line; postgres listens on 5432 inside" in " ".join(told.split())
    assert "Changed with --compose alone." in " ".join(told.split())


def test_a_heading_that_is_too_long_is_broken_between_its_pieces() -> None:
    name = "AN_ENDPOINT_WITH_A_NAME_OF_MORE_THAN_FORTY_CHARACTERS"
    told = shown(plan(references=(IN_VAIN._replace(variable=name),), patches=()))
    assert f"{name}  localhost:7700\n    fails inside the container\n" in told


@pytest.mark.parametrize("columns", [0, 80])
def test_an_address_that_fails_is_told_with_what_helps(columns: int) -> None:
    said = render("text", report(plan(references=(IN_VAIN,), patches=()), columns=columns))
    told = " ".join("".join(one.text for one in said).split())
    assert "SEARCH_URL localhost:7700 fails inside the container nothing in the project serves port 7700." in told
    assert "host.docker.internal:7700" in told
    assert 'extra_hosts: ["host.docker.internal:host-gateway"]' in told


def test_nobody_is_told_of_an_address_that_no_container_reads() -> None:
    unread = plan(references=(IN_VAIN._replace(readers=()),), patches=())
    assert "SEARCH_URL" not in shown(unread)


WRAPPED = (
    pytest.param("one two three", 9, ["  one two", "  three"], id="between words"),
    pytest.param(
        "a-very-long-word and more", 8, ["  a-very-long-word", "  and", "  more"], id="a long word stays whole"
    ),
    pytest.param("", 8, [], id="nothing"),
    pytest.param("so: `a b c` d", 8, ["  so:", "  `a b c`", "  d"], id="what is to be copied stays whole"),
)


@pytest.mark.parametrize(("text", "columns", "lines"), WRAPPED)
def test_lines_break_between_words(text: str, columns: int, lines: list[str]) -> None:
    assert wrapped(text, columns, "  ") == lines


def test_the_lines_of_a_file_are_masked() -> None:
    assert SECRET not in "".join(rows())
    assert not re.search("[\x00-\x09\x0b-\x1f]", shown())


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("  To decide: the comment shown, or envfix --interactive -f b/run.yaml", "envfix --interactive -f b/run.yaml"),
        ("  Read by x: y/.env; to keep it for them: envfix --override o.yaml b", "envfix --override o.yaml b"),
        ("  With podman-compose: podman-compose up -d, since it compares nothing", "podman-compose up -d, since it"),
    ],
)
def test_a_command_to_copy_is_on_one_line(line: str, command: str) -> None:
    lines = fitted(line, 40)
    assert len(lines) > 1
    assert any(one.strip().startswith(command) for one in lines)
