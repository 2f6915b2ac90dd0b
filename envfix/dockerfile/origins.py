"""Which files of the host may it be that lie at this path of the image?

The reverse of `placement`, without looking at a disk: a COPY of a folder may bring the file from the same place below
it, one of a file may bring that file under another name, and a `cp` or `mv` may have made it of a neighbour. What is
named here may not exist, and whether it does end up there is `placed`'s to say.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice

from envfix.dockerfile.placement import plain_commands
from envfix.dockerfile.stages import Copy, Dockerfile, RunStep, stage_number
from envfix.globs import matches

_MAX_DEPTH = 8
_MAX_ORIGINS = 5_000
_MAX_RENAMED = 20
_GLOB = frozenset("*?[")


def origins(
    dockerfile: Dockerfile, context: str, place: str, contexts: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Absolute paths on the host of files that may lie at `place` (absolute) in the final image, likeliest first.

    `context` is the build context, `contexts` the additional ones by name (both absolute folders).
    """
    found: dict[str, None] = {}
    renamed = tuple(islice(dict.fromkeys(_renamed(dockerfile, posixpath.basename(place))), _MAX_RENAMED))
    for step in _copies(dockerfile):
        root = _root(dockerfile, step, context, contexts or {})
        if root is None:
            continue
        for source in step.sources if len(found) < _MAX_ORIGINS else ():
            for relative in _below(source, place, renamed):
                found[os.path.normpath(os.path.join(root, *relative.split("/")))] = None
    return tuple(found)


def named_env_files(dockerfile: Dockerfile) -> Iterator[tuple[str, str]]:
    """The COPY and ADD that name an env file itself: its source, and the target as a path in the image."""
    for step in _copies(dockerfile):
        for source in step.sources:
            name = posixpath.basename(source)
            if "env" in name.lower() and not _GLOB & set(name):
                target = step.target
                yield source, posixpath.join(target, name) if target.endswith("/") else target


def _copies(dockerfile: Dockerfile) -> Iterator[Copy]:
    for stage in reversed(dockerfile.stages):
        for step in stage.steps:
            if isinstance(step, Copy):
                yield step


def _root(dockerfile: Dockerfile, step: Copy, context: str, contexts: Mapping[str, str]) -> str | None:
    """The folder of the host that a COPY copies from, None for a stage or an image."""
    if step.from_stage is None:
        return context
    if stage_number(dockerfile.stages, step.from_stage) is not None:
        return None
    return contexts.get(step.from_stage)


def _below(source: str, place: str, renamed: tuple[str, ...]) -> Iterator[str]:
    """What of the source, relative to its root, may be the file."""
    base = posixpath.normpath(source).lstrip("/")
    parts = place.strip("/").split("/")
    tails = ["/".join(parts[-depth:]) for depth in range(1, min(len(parts), _MAX_DEPTH) + 1)]
    if _GLOB & set(base):
        folder = posixpath.dirname(base)
        for name in (parts[-1], *renamed):
            path = posixpath.join(folder, name)
            if matches(base, path, deep=False):
                yield path
        return
    if "env" in posixpath.basename(base).lower():
        yield base
    for tail in tails:
        yield posixpath.normpath(posixpath.join(base, tail))
    for name in renamed:
        for tail in tails:
            yield posixpath.normpath(posixpath.join(base, posixpath.dirname(tail), name))


def _renamed(dockerfile: Dockerfile, name: str) -> Iterator[str]:
    """The names of files that a RUN copies or moves to one called `name`."""
    for stage in dockerfile.stages:
        for step in stage.steps:
            if not isinstance(step, RunStep) or name not in str(step.command):
                continue
            for command in plain_commands(step.command):
                words = [word for word in command if not word.startswith("-")]
                if [posixpath.basename(word) for word in (words[:1] + words[2:])] in (["cp", name], ["mv", name]):
                    yield posixpath.basename(words[1])
