"""Recognising failed connections: what clients print, and what only looks like it."""

from __future__ import annotations

import json
import re
import sys
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envfix.logs.blocks import Line, Repeated, lines
from envfix.logs.failures import MAX_FAILURES, Failure, WantedHosts, _Reader, failures
from envfix.logs.shapes import ADDRESSED, BARE, DETAILS, Shape


def read(log: str | bytes) -> list[Failure]:
    data = log.encode() if isinstance(log, str) else log
    return list(failures([data]))


def told(log: str | bytes) -> list[tuple[str, str | None, int | None]]:
    return [(failure.kind, failure.host, failure.port) for failure in read(log)]


def rows() -> Iterator[tuple[str, str, tuple[str, str | None, int | None]]]:
    """(sentence, log, (kind, host, port)) of each row of clients.txt."""
    text = (Path(__file__).parent / "clients.txt").read_text("utf-8")
    for row in text.split("\n=== ")[1:]:
        heading, _, log = row.partition("\n")
        words, _, sentence = heading.partition(": ")
        kind, host, port = words.split()
        yield sentence, log, (kind, None if host == "-" else host, None if port == "-" else int(port))


CLIENTS = [row for row in rows() if row[2][0] != "none"]
HARMLESS = [row for row in rows() if row[2][0] == "none"]


@pytest.mark.parametrize(("log", "failure"), [pytest.param(*row, id=sentence) for sentence, *row in CLIENTS])
def test_every_clients_words_are_known(log: str, failure: tuple[str, str | None, int | None]) -> None:
    assert told(log) == [failure]


@pytest.mark.parametrize("log", [pytest.param(log, id=sentence) for sentence, log, _ in HARMLESS])
def test_what_is_no_failed_connection_is_not_blamed(log: str) -> None:
    assert told(log) == []


GO = "dial tcp 127.0.0.1:5432: connect: connection refused"


@pytest.mark.parametrize("end", [b"\n", b"\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("step", [1, 7, 64])
def test_a_failure_does_not_depend_on_how_the_bytes_are_cut(end: bytes, step: int) -> None:
    lines = [
        "",
        "web-1  | starting",
        "",
        f"web-1  | {GO}",
        "web-1  | connecting to localhost",
        "web-1  | dialling",
        "web-1  | driver: bad connection: ECONNREFUSED",
        "",
        "",
        "db-1  | ready",
        f"web-1  | {GO[:-1]}",
    ]
    data = end.join(line.encode() for line in lines)
    whole = list(failures([data]))
    assert whole == list(failures(data[at : at + step] for at in range(0, len(data), step)))
    assert whole == read("\n".join(lines))


def test_a_failure_that_names_its_address_twice_is_one() -> None:
    line = "connect ECONNREFUSED ::1:3000] { code: 'ECONNREFUSED', address: '::1', port: 3000 }"
    assert told(line) == [("refused", "::1", 3000)]


PREFIXES = [
    ("Compose", f"web-1  | {GO}", "web"),
    ("Compose 1", f"web_1       | {GO}", "web"),
    ("Compose with a container_name", f"web  | {GO}", "web"),
    ("Compose with names aligned and no blank after the bar", f"langfuse-web-1  |{GO}", "langfuse-web"),
    ("Compose in colour", f"\x1b[33mweb-1  | \x1b[0m\x1b[31m{GO}\x1b[0m", "web"),
    ("Compose in 256 colours, a link inside", f"\x1b[38;5;6mweb-1  |\x1b[0m \x1b]8;;http://x\x07{GO}", "web"),
    ("Compose with timestamps", f"web-1  | 2026-01-05T10:00:00.123456789Z {GO}", "web"),
    ("a CI's timestamp before it", f"\ufeff2026-01-05T10:00:00.1234567Z web-1  | {GO}", "web"),
    ("podman-compose", f"[web]   | {GO}", "web"),
    ("docker logs", GO, None),
    ("docker logs with timestamps", f"2026-01-05T10:00:00.123456789Z {GO}", None),
    ("Docker's json-file", json.dumps({"log": GO + "\n", "stream": "stderr", "time": "2026-01-05T10:00:00Z"}), None),
    (
        "Docker's json-file with Compose's labels",
        f'{{"log":"{GO}\\n","stream":"stderr","attrs":{{"com.docker.compose.service":"web"}}}}',
        "web",
    ),
    ("a JSON log in Docker's json-file", json.dumps({"log": json.dumps({"msg": f'"x": {GO}'})}), None),
    ("a JSON log behind Compose", "web-1  | " + json.dumps({"err": {"message": "\x1b[31m" + GO}}), "web"),
    ("a level and a bar are no service's name to one who knows the services", f"2026-01-05 10:00 | ERROR | {GO}", None),
    ("Windows line ends", f"web-1  | {GO}\r", "web"),
]


@pytest.mark.parametrize(("log", "service"), [pytest.param(*row, id=sentence) for sentence, *row in PREFIXES])
def test_the_service_is_read_from_the_lines_beginning(log: str, service: str | None) -> None:
    (failure,) = read(log)
    assert (failure.service, failure.host, failure.port) == (service, "127.0.0.1", 5432)


@pytest.mark.parametrize("log", [f"#9 0.329 {GO}", f"1.340 {GO}"])
def test_a_line_of_an_image_build_is_marked(log: str) -> None:
    (failure,) = read(log)
    assert failure.building
    assert failure.service is None


def test_names_that_are_no_services_are_part_of_the_message() -> None:
    log = f"ERROR | {GO}\nweb-1 | {GO}\n".encode()
    found = list(failures([log], {"web-1": "web"}.get))
    assert [failure.service for failure in found] == [None, "web"]


OLD_LIBPQ = (
    "could not connect to server: Connection refused",
    '\tIs the server running on host "localhost" (127.0.0.1) and accepting',
    "\tTCP/IP connections on port %d?",
)


def test_messages_of_services_that_write_at_once_are_kept_apart() -> None:
    """Compose interleaves the lines of services."""
    web, worker = ([line.replace("%d", port) for line in OLD_LIBPQ] for port in ("5432", "5433"))
    log = "".join(f"web-1 | {one}\nworker-1 | {other}\n" for one, other in zip(web, worker, strict=True))
    assert [(f.service, f.host, f.port, f.log_line) for f in read(log)] == [
        ("web", "localhost", 5432, 1),
        ("worker", "localhost", 5433, 2),
    ]


def test_a_second_message_of_a_client_has_its_own_address() -> None:
    first, second = ("\n".join(OLD_LIBPQ) % port for port in (5432, 5433))
    assert [port for _, _, port in told(f"{first}\n{second}\n")] == [5432, 5433]


def test_another_drivers_address_does_not_explain_a_message_without_one() -> None:
    log = "Error 111 connecting to localhost:6379. Connection refused.\nSQLSTATE[HY000] [2002] Connection refused\n"
    assert [(f.host, f.port or f.default_port) for f in read(log)] == [("localhost", 6379), (None, 3306)]


def test_a_name_that_is_not_known_does_not_explain_a_refusal() -> None:
    log = "java.net.ConnectException: Connection refused\njava.net.UnknownHostException: search\n"
    assert told(log) == [("refused", None, None), ("unresolved", "search", None)]


def test_a_later_message_without_an_address_is_told() -> None:
    log = f"{GO}\n" + "fine\n" * 400 + "httpx.ConnectError: [Errno 111] Connection refused\n"
    assert [(f.host, f.log_line) for f in read(log)] == [("127.0.0.1", 1), (None, 402)]


def test_a_failure_that_repeats_is_told_once_where_it_first_stands() -> None:
    log = f"ok\nweb-1 | {GO}\n" + f"web-2 | {GO}\nworker-1 | {GO}\n" * 3
    assert [(f.service, f.log_line) for f in read(log)] == [("web", 2), ("worker", 4)]


def test_the_lines_before_a_failure_keep_their_order_where_a_block_ends_between_them() -> None:
    lines = [b"first\n", b"file available\n", f"{GO}\n".encode()]
    for pieces in (lines, [b"".join(lines)]):
        [found] = failures(pieces)
        assert found.said == f"first\nfile available\n{GO}"


@pytest.mark.parametrize("between", range(16))
def test_no_line_between_two_failures_is_told_twice(between: int) -> None:
    log = [f"{GO}\n".encode(), *(b"line %d\n" % number for number in range(between)), f"{GO}\n".encode()]
    whole = list(lines([b"".join(log)]))
    for cut in range(1, len(log)):
        assert list(lines([b"".join(log[:cut]), b"".join(log[cut:])])) == whole


@pytest.mark.parametrize("log", [b"connect arr 1\nconnect err 2\n", b"connect err 1\nconnect arr 2\n"])
def test_lines_of_one_kind_are_told_apart_by_all_their_letters(log: bytes) -> None:
    assert [line.text for line in lines([log]) if line.told] == [line for line in log.splitlines() if b"err" in line]


def test_no_ordinary_line_is_handed_on() -> None:
    log = b"".join(
        b'api-1 | {"id":"%032x","remoteAddress":"172.18.0.6","url":"/bad","res":{"statusCode":200}}\n'
        b"db-1  | LOG:  connection received: host=172.18.0.%d port=%d\n"
        b"db-1  | LOG:  disconnection: session time: 0:00:%02d user=app database=shop\n"
        % (n * 7919**8, n % 9, n, n % 60)
        for n in range(200)
    )
    assert list(lines([log])) == []


def test_the_log_may_be_cut_anywhere() -> None:
    log = "".join(f"web-1  | {row[1]}\n" for row in CLIENTS).encode()
    whole = list(failures([log]))
    for size in (1, 7, 4096):
        assert list(failures(log[at : at + size] for at in range(0, len(log), size))) == whole


def every(pieces: Iterable[bytes], repeated: Repeated | None = None) -> Iterator[Line]:
    """All lines of a log, as if each told of a failure."""
    for number, text in enumerate(b"".join(pieces).split(b"\n"), start=1):
        yield Line(number, text[:256], text, True)


ORDINARY = (
    "connection received: host=10.0.0.9 port={}",
    "client connected, address added, 0 failures",
    "GET /orders/{:x} 200",
    "the resolver can't be down: {}",
    "",
)


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(
        st.tuples(st.sampled_from(CLIENTS + HARMLESS), st.sampled_from(ORDINARY), st.integers(0, 40)), max_size=5
    ),
    number=st.integers(0, 1 << 64),
    size=st.integers(50, 9000),
)
def test_the_lines_left_out_change_no_failure(
    parts: list[tuple[tuple[str, str, object], str, int]], number: int, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = "".join(
        f"s{at}-1 | {line}\n"
        for at, ((_, client, _), ordinary, times) in enumerate(parts)
        for line in (*client.splitlines(), *(ordinary.format(number >> n) for n in range(times)))
    ).encode()

    def found() -> list[object]:
        pieces = [log[at : at + size] for at in range(0, len(log), size)]
        return [(f.log_line, f.service, f.kind, f.host, f.port or f.default_port) for f in failures(pieces)]

    some = found()
    with monkeypatch.context() as patch:
        patch.setattr(sys.modules["envfix.logs.failures"], "lines", every)
        assert some == found()


def test_bytes_that_are_no_utf8_stand_in_nobodys_way() -> None:
    assert told(b"\xff\xfe\x00 caf\xe9 " + GO.encode() + b" \x80\n") == [("refused", "127.0.0.1", 5432)]


@pytest.mark.parametrize("place", [0, 5_000_000, 10_000_000])
def test_a_line_of_ten_megabytes_is_read_in_bounded_memory(place: int) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"ok\nweb-1  | "
        for at in range(0, 10_000_001, 50_000):
            yield b"x" * 50_000
            if at == place:
                yield b" " + GO.encode() + b" "
        yield b"\nok\n"

    tracemalloc.start()
    found = list(failures(pieces()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(f.service, f.log_line, f.port) for f in found] == [("web", 2, 5432)]
    assert peak < 3_000_000


@pytest.mark.slow
def test_memory_does_not_grow_with_the_log() -> None:
    line = f"web-1  | %d {GO}\nworker-%d | could not connect to server: Connection refused\n"
    pieces = ((line % (number, number)).encode() for number in range(4_000))
    assert list(failures([(line % (0, 0)).encode()]))  # what is loaded once
    tracemalloc.start()
    assert sum(1 for _ in failures(pieces)) == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000


@pytest.mark.slow
def test_a_port_scan_does_not_fill_the_memory() -> None:
    log = (f"dial tcp 10.0.{n >> 8}.{n & 255}:22: i/o timeout\n".encode() for n in range(MAX_FAILURES + 500))
    assert sum(1 for _ in failures(log)) == MAX_FAILURES


@pytest.mark.parametrize("shape", [*ADDRESSED, *BARE, *DETAILS], ids=lambda shape: f"{shape.client}: {shape.pattern}")
def test_every_shape_is_met_by_a_row(shape: Shape) -> None:
    """A pattern that no row meets is one that nobody has seen work."""
    lines = [line for _, log, *_ in CLIENTS for line in log.split("\n")]
    assert any(shape.needle in line and re.search(shape.pattern, line) for line in lines)


STORM = (
    "api-1  | 2024-05-06T07:08:{:02}Z Error: connect ECONNREFUSED 127.0.0.1:5433",
    "api-1  | Error: connect ECONNREFUSED 127.0.0.1:{}",
    "jobs-1 | dial tcp 127.0.0.1:6379: connect: connection refused",
    "jobs-1 | ConnectionRefusedError: [Errno 111] Connection refused",
    "jobs-1 | connecting to localhost:8000",
    "jobs-1 | dial tcp [fd00:10:20:{:02}::5]:6379: connect: connection refused",
    "api-1  | redis.exceptions.ConnectionError: Error 111 connecting to cache:6380. Connection refused.",
    "api-1  | requests.exceptions.ConnectionError: [Errno -2] Name or service not known",
    "web-1  | ready",
    "",
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    runs=st.lists(st.tuples(st.lists(st.sampled_from(STORM), max_size=3), st.integers(1, 400)), max_size=8),
    size=st.integers(500, 20_000),
)
def test_what_repeats_is_left_out_without_a_trace(
    runs: list[tuple[list[str], int]], size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = "".join(f"{line.format(n % 60)}\n" for lines, times in runs for n in range(times) for line in lines).encode()
    pieces = [log[at : at + size] for at in range(0, len(log), size)]
    found = list(failures(pieces))
    with monkeypatch.context() as patch:
        patch.setattr(Repeated, "__contains__", lambda self, text: False)
        assert found == list(failures(pieces))


@pytest.mark.slow
def test_a_failure_that_repeats_costs_less_than_a_new_one() -> None:
    def seconds(line: str) -> float:
        pieces = [(line * 5000 % tuple(range(at, at + 5000))).encode() for at in range(0, 30_000, 5000)]
        start = time.process_time()
        assert len(list(failures(pieces))) == 1
        return time.process_time() - start

    same = "api-1 | 2024-05-06T07:08:09.%dZ connect ECONNREFUSED 127.0.0.1:5433\n"
    other = "api-1 | attempt %d: connect ECONNREFUSED 127.0.0.1:5433\n"
    assert any(seconds(same) < seconds(other) / 2 for _ in range(3))  # on a busy machine


def test_a_log_of_ever_other_services_is_read_in_bounded_memory() -> None:
    """A label of the log names them, and may be anything."""
    asked: list[str | None] = []

    def wanted(service: str | None) -> WantedHosts:
        asked.append(service)
        return WantedHosts(frozenset(), frozenset())

    line = b'{"com.docker.compose.service":"s%d"} connect: connection refused\n'
    reader = _Reader(lambda name: None, wanted)
    for _ in reader.read(lines(line % number for number in range(2500))):
        pass
    assert len(set(asked)) == 2500
    assert len(reader._wanted) == len(reader._messages) == 1000
