"""A small project in one input: files under headings, so that seeds read well and a mutation keeps their shape.

    # file: compose.yaml
    services: {}
    # file: .env
    A=localhost

What stands before the first heading is the compose file. Only NAMES begin a file.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

NAMES = (
    "compose.yaml",
    "compose.override.yaml",
    "base.yaml",
    "inner/compose.yaml",
    "inner/.env",
    ".env",
    ".env.example",
    "app.env",
    "Dockerfile",
    ".dockerignore",
    ".envfix.toml",
)
_HEADING = re.compile(rb"^# file: (" + b"|".join(re.escape(name.encode()) for name in NAMES) + rb")\n", re.MULTILINE)


def split(data: bytes) -> dict[str, bytes]:
    """The files of an input."""
    first, *rest = _HEADING.split(data)
    files = {NAMES[0]: first}
    for name, content in zip(rest[::2], rest[1::2], strict=True):
        files[name.decode()] = content
    return files


@contextmanager
def project(files: Mapping[str, bytes]) -> Iterator[str]:
    """A folder with these files, in memory where that can be had."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    folder = tempfile.mkdtemp(prefix="envfix-fuzz-", dir=memory)
    try:
        for name, content in files.items():
            write(folder, name, content)
        yield folder
    finally:
        shutil.rmtree(folder)


def write(folder: str, name: str, content: bytes) -> None:
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
