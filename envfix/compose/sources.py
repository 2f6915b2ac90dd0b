"""What has this run read of the disk? Each compose file and env file once, however often it is asked for.

A run may look at a project several times: for a template in the place of the file that it stands for, or to find out
which project reads an env file. What one run has read is no answer for the next, since a write may lie between them.
"""

from __future__ import annotations

from codecs import BOM_UTF8

from envfix.compose.yaml import Document, decode, parse
from envfix.envfile import EnvDocument, read_env
from envfix.files import read_bounded

MAX_COMPOSE_BYTES = 4 * 1024 * 1024
"""Larger compose files are refused."""


class Sources:
    """The files of a run, by absolute path."""

    def __init__(self) -> None:
        self._documents: dict[tuple[str, bool], EnvDocument] = {}
        self._data: dict[str, bytes] = {}
        self._texts: dict[str, str] = {}
        self._parsed: dict[str, tuple[Document, ...]] = {}

    def env(self, path: str, *, raw: bool = False) -> EnvDocument:
        """An env file; EnvfixError where it cannot be read or parsed."""
        key = (path, raw)
        if key not in self._documents:
            self._documents[key] = read_env(path, raw=raw)
        return self._documents[key]

    def data(self, path: str) -> bytes:
        """The bytes of a compose file; EnvfixError where it cannot be read."""
        if path not in self._data:
            self._data[path] = read_bounded(path, MAX_COMPOSE_BYTES, "compose file")
        return self._data[path]

    def text(self, path: str) -> str:
        """A compose file's text, as its origins count: a byte-order mark left out; "" for an encoding that is not
        UTF-8."""
        if path not in self._texts:
            try:
                self._texts[path] = self.data(path).decode("utf-8").removeprefix("\ufeff")
            except UnicodeDecodeError:
                self._texts[path] = ""
        return self._texts[path]

    def mark(self, path: str) -> int:
        """How many characters a compose file's text has before its `text`: 1 for a byte-order mark, else 0."""
        return int(self.data(path).startswith(BOM_UTF8))

    def parsed(self, path: str) -> tuple[Document, ...]:
        """The documents of a compose file, whatever they hold; EnvfixError where it is no YAML."""
        if path not in self._parsed:
            self._parsed[path] = parse(decode(self.data(path), path), path)
        return self._parsed[path]
