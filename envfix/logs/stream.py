"""How do a log's bytes come in? A file, a pipe, standard input; a bar on a terminal for what takes a while."""

from __future__ import annotations

import codecs
import os
import stat
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import IO, Any, cast

import click

from envfix.errors import EnvfixError
from envfix.shown import clean

_BLOCK = 1 << 16  # bytes: what is made of a block is near the processor still when it is looked at
# A log shrinks to a tenth, one with little but repeats to a fiftieth; gzip can make a thousandth of anything.
_MOST_UNPACKED, _MOST_TIMES = 32 << 20, 100
_WORTH_A_BAR = 32 << 20  # bytes that take about a second


def open_log(path: str) -> Iterator[bytes]:
    """The bytes of a log in blocks; "-" is standard input. Closed at the end, or with the iterator.

    A log compressed with gzip (as Docker rotates them) is unpacked, one in UTF-16 (as PowerShell's `>` writes) comes as
    UTF-8. While a large regular file is read, a progress bar stands on standard error if that is a terminal. Raises
    EnvfixError, at once where the file cannot be opened.
    """
    if path == "-":
        if sys.stdin is None or sys.stdin.closed:
            raise EnvfixError("there is no standard input: name the log's file instead of -.")
        return _blocks(sys.stdin.buffer, "standard input", nullcontext())
    try:
        stream = open(path, "rb")  # noqa: SIM115 (closed by the generator)
    except FileNotFoundError:
        raise EnvfixError(
            "no such log: check its name, or pipe it in, `docker compose logs | envfix --logs -`.", path=path
        ) from None
    except OSError as error:
        raise _unreadable(path, error) from None
    return _blocks(stream, path, stream)


def _unreadable(path: str, error: OSError) -> EnvfixError:
    if os.path.isdir(path):
        return EnvfixError("a folder is no log: name a file in it.", path=path)
    return EnvfixError(f"the log cannot be read: {error.strerror or error}.", path=path)


def _blocks(stream: IO[bytes], path: str, closing: AbstractContextManager[Any]) -> Iterator[bytes]:
    try:
        with closing, _bar(stream, path) as advance:
            at = 0
            for block in _decoded(_AsItIs(stream), path):
                if block:  # a mark of UTF-16, and half a character, are none yet
                    yield block
                if advance:
                    at, before = stream.tell(), at
                    advance(at - before)
    except (OSError, EOFError, zlib.error) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise _unreadable(path, error) from None
        raise EnvfixError(
            "the log is a damaged gzip file: unpack what is whole of it (gzip -dc), and pipe it in.", path=path
        ) from None


def _decoded(stream: _AsItIs, path: str) -> Iterator[bytes]:
    """The log's own bytes, whatever they are wrapped in. `read1` does not wait for a block to be full."""
    beginning = stream.peek()
    if beginning == b"\x1f\x8b":
        return _unpacked(stream, path)
    blocks: Iterator[bytes] = iter(lambda: stream.read1(_BLOCK), b"")
    return _from_utf16(blocks) if beginning in (b"\xff\xfe", b"\xfe\xff") else blocks


class _AsItIs:
    """A log as it is now: what is written to a file while it is read, which can be faster, is left. Knows how many
    bytes it has read (`count`)."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.count = 0
        self._left = _size(stream) or sys.maxsize  # files of /proc have no size

    def peek(self) -> bytes:
        """The first two bytes."""
        beginning: bytes = self._stream.peek(2)
        return beginning[:2]

    def read(self, size: int) -> bytes:
        return self._counted(self._stream.read(min(size, self._left)))

    def read1(self, size: int) -> bytes:
        """As much as there is, which may be less than `size`, but for the end."""
        return self._counted(self._stream.read1(min(size, self._left)))

    def _counted(self, data: bytes) -> bytes:
        self.count += len(data)
        self._left -= len(data)
        return data


def _size(stream: IO[bytes]) -> int:
    """The size of a regular file from where it is read; else 0."""
    try:
        status = os.fstat(stream.fileno())
        return max(status.st_size - stream.tell(), 0) if stat.S_ISREG(status.st_mode) else 0
    except (OSError, ValueError):
        return 0


def _unpacked(packed: _AsItIs, path: str) -> Iterator[bytes]:
    import gzip

    count, stream = 0, gzip.GzipFile(fileobj=cast("IO[bytes]", packed))
    while block := stream.read1(_BLOCK):
        count += len(block)
        if count > max(_MOST_UNPACKED, packed.count * _MOST_TIMES):
            raise EnvfixError(
                f"the log unpacks to over {_MOST_TIMES} times its size, as no log does: if it is one, unpack it "
                "(gzip -dc), and pipe it in.",
                path=path,
            )
        yield block


def _from_utf16(blocks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    for block in blocks:
        yield decoder.decode(block).encode("utf-8", "replace")


def _bar(stream: IO[bytes], path: str) -> AbstractContextManager[Callable[[int], None] | None]:
    """A progress bar's way forward by a number of bytes, None where no bar is wanted."""
    size = _size(stream)
    return _progress(size, path) if size >= _WORTH_A_BAR and sys.stderr.isatty() else nullcontext()


def _progress(size: int, path: str) -> AbstractContextManager[Callable[[int], None]]:
    @contextmanager
    def shown() -> Iterator[Callable[[int], None]]:
        with click.progressbar(length=size, label=f"Reading {clean(path)}", file=sys.stderr) as bar:
            yield bar.update

    return shown()
