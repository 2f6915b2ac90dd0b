"""Which image build could copy a file that envfix leaves on disk?"""

from __future__ import annotations

import os
from contextlib import suppress

from envfix.files import bytes_if_readable, inside
from envfix.globs import ignore_patterns, is_ignored
from envfix.patterns import regex

_DOCKERFILE = regex(r"(?i)(?:.*\.)?(?:docker|container)file(?:\.(?!dockerignore$).*)?")
_COMPOSE_FILE = regex(r"(?i).*compose.*\.ya?ml")
_BUILD = regex(rb"""(?m)(?:^|[\s{,"'])build["']?\s*:""")


def build_context(path: str, directory: str, top: str) -> str | None:
    """The folder, at or below `top`, from which an image build of the project in `directory` could copy `path`.

    None if `path` lies outside `top`, if nothing speaks for image builds (no Dockerfile and no `build:` in a compose
    file, in the folders above `path`, the project's and those in it), or if every folder that may be a build's context
    (the project's, those above it, and each with a Dockerfile) has a `.dockerignore` that hides it.
    """
    above = _above(path, top)
    if not above or not any(map(_builds, (*above, *_folders(directory)))):
        return None
    contexts = [
        folder for folder in above if inside(directory, folder) or any(map(_DOCKERFILE.fullmatch, _names(folder)))
    ]
    return next((folder for folder in contexts if not _hides(folder, path)), None)


def _above(path: str, top: str) -> list[str]:
    folders = []
    while (folder := os.path.dirname(path)) != path and inside(folder, top):
        folders.append(folder)
        path = folder
    return folders


def _folders(directory: str) -> list[str]:
    with suppress(OSError), os.scandir(directory) as entries:
        return [directory, *(entry.path for entry in entries if entry.is_dir(follow_symlinks=False))]
    return [directory]


def _names(folder: str) -> list[str]:
    with suppress(OSError):
        return os.listdir(folder)
    return []


def _builds(folder: str) -> bool:
    names = _names(folder)
    if any(map(_DOCKERFILE.fullmatch, names)):
        return True
    return any(_BUILD.search(_data(os.path.join(folder, name))) for name in filter(_COMPOSE_FILE.fullmatch, names))


def _data(path: str) -> bytes:
    return bytes_if_readable(path, 4 << 20) or b""


def _hides(context: str, path: str) -> bool:
    """Whether every ignore file in `context` hides `path` from builds, and lets nothing in again further down."""
    relative = os.path.relpath(path, context).replace(os.sep, "/")
    names = [name for name in _names(context) if name.endswith(".dockerignore")]
    return ".dockerignore" in names and all(_ignores(os.path.join(context, name), relative) for name in names)


def _ignores(file: str, path: str) -> bool:
    patterns = ignore_patterns(_data(file).decode("utf-8", "replace"))
    last = max((index for index, pattern in enumerate(patterns) if pattern.startswith("!")), default=-1)
    return is_ignored(path, patterns[last + 1 :])
