"""Lines that a console broke at its width, within words and numbers: what they tell once put together."""

from __future__ import annotations

import pytest

from envfix.logs import failures

WIDTH = 75
"""Characters of a line that Symfony's console leaves a message where it has no terminal."""

LIBPQ = 'connection to server at "127.0.0.1", port 5432 failed: Connection refused'
LARAVEL = (
    "SQLSTATE[HY000] [2002] Connection refused (Connection: mysql, Host: 127.0.0.1, Port: 3307, Database: orders, "
    "SQL: select * from information_schema.tables)"
)


def box(message: str) -> list[str]:
    """The lines by which the console tells of an exception."""
    lines = [line[at : at + WIDTH] for line in message.split("\n") for at in range(0, len(line), WIDTH)]
    width = max(len(line.replace("\t", "")) for line in lines)
    padded = [f"  {line}{' ' * (width - len(line.replace(chr(9), '')))}  " for line in lines]
    return ["", "In Connector.php line 70:", " " * (width + 4), *padded, " " * (width + 4), ""]


def told(lines: list[str], prefix: str = "web-1  | ") -> list[tuple[str, str | None, int | None]]:
    log = "".join(f"{prefix}{line}\n" for line in lines).encode()
    return [(failure.kind, failure.host, failure.port) for failure in failures([log])]


@pytest.mark.parametrize(
    ("message", "address"), [(LIBPQ, ("127.0.0.1", 5432)), (LARAVEL, ("127.0.0.1", 3307))], ids=["libpq", "Laravel"]
)
def test_a_message_tells_the_same_wherever_it_is_broken(message: str, address: tuple[str, int]) -> None:
    for before in range(WIDTH):
        assert told(box(f"{'x' * before} {message}")) == [("refused", *address)], before


@pytest.mark.parametrize(
    "prefix", ["", "web-1  | ", "web-1  | 2026-02-03T04:05:06.789012345Z ", "\x1b[36mweb-1  | \x1b[0m"]
)
def test_whatever_stands_before_the_lines(prefix: str) -> None:
    message = f"An exception occurred in the driver: SQLSTATE[08006] [7] {LIBPQ}\n\tIs the server running on that host?"
    assert told(box(message), prefix) == [("refused", "127.0.0.1", 5432)]


def test_a_message_of_three_lines() -> None:
    assert told(box(f"{'x' * 140} {LIBPQ}")) == [("refused", "127.0.0.1", 5432)]


def test_what_another_service_writes_meanwhile_is_no_part_of_it() -> None:
    lines = box(f"SQLSTATE[08006] [7] {LIBPQ}")
    log = "".join(f"web-1  | {line}\njobs-1 | {' ' * 2}ready{' ' * 70}  \n" for line in lines).encode()
    assert [(failure.service, failure.port, failure.log_line) for failure in failures([log])] == [("web", 5432, 7)]


def test_a_log_that_ends_within_a_message() -> None:
    lines = box(f"SQLSTATE[08006] [7] {LIBPQ}")
    assert told([*lines[:3], *box(f"{LIBPQ}, retrying")[3:4]]) == [("refused", "127.0.0.1", 5432)]


def test_a_line_that_is_not_full_is_at_its_end() -> None:
    """Two messages: the port of the second is none of the first."""
    assert told(box(f'{"x" * 80}\nserver at "127.0.0.1", port 54\n32 failed: Connection refused')) == [
        ("refused", None, None)
    ]
