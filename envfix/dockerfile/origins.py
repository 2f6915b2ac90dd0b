"""Which files of the host may it be that lie at this path of the image?

The reverse of `placement`, without looking at a disk: a COPY of a folder may bring the file from the same place below
it, one of a file may bring that file under another name, and a `cp` or `mv` may have made it of a neighbour. What is
named here may not exist, and whether it does end up there is `placed`'s to say.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from itertools import islice

from envfix.dockerfile.placement import plain_commands
from envfix.dockerfile.stages import Copy, Dockerfile, RunStep, stage_number
from envfix.files import located
from envfix.globs import matches
from envfix.named_tuples import NamedTuple

_MAX_DEPTH = 8
_MAX_SOURCES = 5_000
_MAX_RENAMED = 20
_GLOB = frozenset("*?[")


class Source(NamedTuple):
    """What a COPY or an ADD takes from the host: `root` is the folder that it copies from (absolute), `below` what it
    names there ("" or "." for the whole of it), `path` both in one."""

    root: str
    below: str
    path: str

    @property
    def is_pattern(self) -> bool:
        return not _GLOB.isdisjoint(self.below)

    @property
    def is_env_file(self) -> bool:
        return "env" in posixpath.basename(self.below).lower() and not self.is_pattern


def sources_of(dockerfile: Dockerfile, context: str, contexts: Mapping[str, str]) -> tuple[Source, ...]:
    """What the Dockerfile takes from the host, likeliest first. `context` is the build context, `contexts` the
    additional ones by name (both absolute folders)."""
    found: dict[Source, None] = {}
    for step in _copies(dockerfile):
        root = _root(dockerfile, step, context, contexts)
        if root is None or len(found) >= _MAX_SOURCES:
            continue
        for source in step.sources:
            below = posixpath.normpath(source).lstrip("/")
            found[Source(root, below, located(root, *below.split("/")))] = None
    return tuple(found)


def folders_behind(source: Source, folder: str) -> Iterator[str]:
    """Absolute paths on the host of folders whose files may lie in `folder` of the image, where the source is one."""
    parts = [part for part in folder.split("/") if part]
    for depth in range(min(len(parts) + 1, _MAX_DEPTH)):
        yield located(source.path, *parts[len(parts) - depth :])


def files_matched(source: Source, names: tuple[str, ...]) -> Iterator[str]:
    """Absolute paths of files of these names that a source takes by its pattern."""
    folder = posixpath.dirname(source.below)
    for name in names:
        path = posixpath.join(folder, name)
        if matches(source.below, path, deep=False):
            yield located(source.root, *path.split("/"))


def earlier_names(dockerfile: Dockerfile, name: str) -> tuple[str, ...]:
    """The names of files that a RUN copies or moves to one called `name`."""
    return tuple(islice(dict.fromkeys(_renamed(dockerfile, name)), _MAX_RENAMED))


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


def _renamed(dockerfile: Dockerfile, name: str) -> Iterator[str]:
    for stage in dockerfile.stages:
        for step in stage.steps:
            if not isinstance(step, RunStep) or name not in str(step.command):
                continue
            for command in plain_commands(step.command):
                words = [word for word in command if not word.startswith("-")]
                if [posixpath.basename(word) for word in (words[:1] + words[2:])] in (["cp", name], ["mv", name]):
                    yield posixpath.basename(words[1])
