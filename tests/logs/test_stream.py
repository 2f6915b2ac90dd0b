"""Reading a log: whatever wraps the bytes, and a bar only where somebody watches."""

from __future__ import annotations

import gzip
import io
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from envfix.errors import EnvfixError
from envfix.logs import open_log, stream

LOG = "web-1  | dial tcp 127.0.0.1:5432: connect: connection refused café\n" * 3


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(LOG.encode(), id="as it is"),
        pytest.param(gzip.compress(LOG.encode()), id="rotated and compressed"),
        pytest.param(LOG.encode("utf-16"), id="PowerShell's redirection"),
        pytest.param(b"\xfe\xff" + LOG.encode("utf-16-be"), id="the other UTF-16"),
    ],
)
def test_a_file_comes_as_utf8(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "log").write_bytes(data)
    assert b"".join(open_log(str(tmp_path / "log"))).decode() == LOG


def test_bytes_that_are_no_text_come_as_they_are(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10
    (tmp_path / "log").write_bytes(data)
    assert b"".join(open_log(str(tmp_path / "log"))) == data


def test_an_empty_log_is_one(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(b"")
    assert list(open_log(str(tmp_path / "log"))) == []


@pytest.mark.parametrize("wrapped", [bytes, gzip.compress], ids=["as it is", "compressed"])
def test_what_is_written_while_it_is_read_is_left(tmp_path: Path, wrapped: Callable[[bytes], bytes]) -> None:
    """It can be written faster than it is read, without an end."""
    whole = os.urandom(300_000)
    log = tmp_path / "log"
    log.write_bytes(wrapped(whole))
    read = []
    for _, block in zip(range(1000), open_log(str(log)), strict=False):
        read.append(block)
        with log.open("ab") as file:
            file.write(wrapped(b"x" * 100_000))
    assert b"".join(read) == whole


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no files without a size on this system")
def test_a_file_without_a_size_is_read_to_its_end() -> None:
    assert b"VmRSS" in b"".join(open_log("/proc/self/status"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_a_named_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_text(LOG, "utf-8"))
    writer.start()
    assert b"".join(open_log(str(pipe))).decode() == LOG
    writer.join()


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(LOG.encode()))  # type: ignore[arg-type]
        closed = False

    monkeypatch.setattr(sys, "stdin", Stdin)
    assert b"".join(open_log("-")).decode() == LOG


@pytest.mark.parametrize("name", ["missing", "folder", "short.gz"])
def test_what_cannot_be_read_is_told_with_its_path(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "short.gz").write_bytes(gzip.compress(LOG.encode())[:-12])
    with pytest.raises(EnvfixError) as error:
        list(open_log(str(tmp_path / name)))
    assert error.value.path == str(tmp_path / name)


@pytest.mark.slow
def test_a_log_that_gzip_swells_without_end_is_refused_soon(tmp_path: Path) -> None:
    (tmp_path / "log").write_bytes(gzip.compress(LOG.encode() * 200_000))
    taken: list[int] = []
    with pytest.raises(EnvfixError, match="gzip -dc") as error:
        taken.extend(map(len, open_log(str(tmp_path / "log"))))
    assert error.value.path == str(tmp_path / "log")
    assert 20 << 20 < sum(taken) < 34 << 20


def test_a_missing_log_is_told_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(EnvfixError, match="docker compose logs"):
        open_log(str(tmp_path / "missing"))


@pytest.mark.parametrize(("terminal", "size", "shown"), [(True, 10, True), (True, 10_000, False), (False, 10, False)])
def test_a_bar_is_for_a_long_log_on_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool, size: int, shown: bool
) -> None:
    class Stderr(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    written = Stderr()
    monkeypatch.setattr(sys, "stderr", written)
    monkeypatch.setattr(stream, "_WORTH_A_BAR", size)
    (tmp_path / "log").write_text(LOG, "utf-8")
    assert b"".join(open_log(str(tmp_path / "log"))).decode() == LOG
    assert ("Reading" in written.getvalue()) is shown
    assert ("100%" in written.getvalue()) is shown
