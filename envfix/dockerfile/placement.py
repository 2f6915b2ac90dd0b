"""Where in the built image does a file of the host lie?

The stages are gone through in order, as the build does: a COPY brings the file or what an earlier stage has of it, and
a later COPY or a plain `rm`, `mv` or `cp` in a RUN takes it away, moves it or puts another in its place. What needs a
shell to be understood (conditions, loops, quotes, variables) is passed over.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping

from envfix.dockerfile.stages import Copy, Dockerfile, RunStep, Stage, absolute, stage_number
from envfix.globs import is_ignored, matches
from envfix.patterns import regex

_MAX_PLACES = 64
_GLOB = frozenset("*?[\\")
_MAX_TEXT = 1 << 16
_MAX_PATH = 4096  # characters, as Linux has it
_MOVES = regex(r"\b(?:rm|mv|cp)\b")
_CONDITION = regex(r"\b(?:if|for|while|until|case)\b|\|\|")
_PLAIN = regex(r"[\w\s./,:=@%+*?~-]+")
_USUAL_OPTIONS = regex(r"-[adfipPrRv]+|--(?:recursive|archive|force|verbose|preserve\S*)")
# Folders that every usual base image has, so that a file copied to one lands in it.
_USUAL_FOLDERS = ("/", "/etc", "/home", "/opt", "/root", "/srv", "/tmp", "/usr/local/bin", "/usr/src", "/var/www")


def placed(
    dockerfile: Dockerfile, context: str, path: str, contexts: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """The absolute paths in the final image at which the host's file `path` lies, sorted; () if it is not in the image.

    `context` is the build context that `dockerfile` was read with, an absolute folder as `path` is an absolute file;
    `contexts` are the additional ones by name. No file is looked at: an ignored one is not in the image, any other is
    where the COPY, ADD and RUN say.
    """
    own = _below(context, path)
    sources: dict[str | None, str] = {
        name: below for name, folder in (contexts or {}).items() if (below := _below(folder, path)) is not None
    }
    if own is not None and not is_ignored(own, dockerfile.ignored):
        sources[None] = own
    if not sources:
        return ()
    images: list[_Image] = []
    for stage in dockerfile.stages:
        image = _Image(stage, None if stage.below is None else images[stage.below])
        for step in stage.steps:
            if isinstance(step, RunStep):
                image.run(step)
            else:
                image.copy(step, _available(step, sources, dockerfile.stages[: len(images)], images))
        images.append(image)
    return tuple(sorted(images[-1].files))


def _below(context: str, path: str) -> str | None:
    """`path` relative to `context`, with `/`; None if it does not lie below."""
    try:
        relative = os.path.relpath(path, context).replace(os.sep, "/")
    except ValueError:
        # Two drives of Windows.
        return None
    return None if relative in (".", "..") or relative.startswith("../") else relative


def _available(
    step: Copy, sources: Mapping[str | None, str], stages: tuple[Stage, ...], images: list[_Image]
) -> list[str]:
    """Where the file lies in what a COPY copies from, relative to its root."""
    if step.from_stage is None or step.from_stage in sources:
        return [sources[step.from_stage]] if step.from_stage in sources else []
    number = stage_number(stages, step.from_stage)
    return [] if number is None else [file.lstrip("/") for file in images[number].files]


class _Image:
    """Where the file lies in a stage's image so far, and which folders are known to be there."""

    def __init__(self, stage: Stage, below: _Image | None) -> None:
        self.files: set[str] = set(below.files) if below else set()
        self.folders: set[str] = set(below.folders) if below else {"/"}
        for folder in (*_USUAL_FOLDERS, stage.workdir):
            self._know(folder)

    def copy(self, step: Copy, available: Iterable[str]) -> None:
        into = step.target.endswith("/") or step.target in self.folders
        arriving = set()
        available = [file for file in available if not any(matches(excluded, file) for excluded in step.excludes)]
        for source in step.sources:
            pattern = posixpath.normpath(source).lstrip("/")
            # Another file of that name takes the place.
            self.files.discard(absolute(step.target, posixpath.basename(pattern)) if into else step.target)
            for file in available:
                rest = _rest(pattern, file)
                if rest is None:
                    continue
                below = (
                    _kept_parents(source, file) if step.parents else rest or (posixpath.basename(file) if into else "")
                )
                arriving.add(absolute(step.target, below))
        if not step.sources and not into:
            self.files.discard(step.target)
        self._put(arriving)

    def run(self, step: RunStep) -> None:
        folder = step.workdir
        self._know(folder)
        for name, *arguments in plain_commands(step.command):
            words = [word for word in arguments if not word.startswith("-")]
            paths = [absolute(folder, word) for word in words]
            if name == "cd" and words:
                folder = paths[0]
                if len(folder) > _MAX_PATH:
                    return
            elif name == "rm":
                self.files = {
                    file for file in self.files if not any(_shell_rest(path[1:], file) is not None for path in paths)
                }
            elif name in ("cp", "mv") and len(words) > 1 and _replaces(arguments):
                self._transfer(paths, words, moves=name == "mv")

    def _transfer(self, paths: list[str], words: list[str], moves: bool) -> None:
        *sources, target = paths
        into = target in self.folders or words[-1].endswith("/") or len(sources) > 1
        arriving, leaving = set(), set()
        for source, word in zip(sources, words, strict=False):
            self.files.discard(absolute(target, posixpath.basename(source)) if into else target)
            for file in self.files:
                rest = _shell_rest(source[1:], file)
                if rest is None:
                    continue
                leaving.add(file)
                # `cp -r folder/. target` copies what is in the folder, without one it copies the folder itself.
                named = into and not word.endswith("/.")
                name = posixpath.basename(file[: len(file) - len(rest)].rstrip("/")) if named else ""
                arriving.add(absolute(target, posixpath.join(name, rest)))
        if moves:
            self.files -= leaving
        self._put(arriving)

    def _put(self, places: Iterable[str]) -> None:
        for place in sorted(places)[: _MAX_PLACES - len(self.files)]:
            self.files.add(place)
            self._know(posixpath.dirname(place))

    def _know(self, folder: str) -> None:
        while folder not in self.folders:
            self.folders.add(folder)
            folder = posixpath.dirname(folder)


def _rest(pattern: str, file: str) -> str | None:
    """What of `file` lies below the file or folder that `pattern` names: "" for the file itself, None if nothing."""
    if pattern in ("", "."):
        return file
    if _GLOB.isdisjoint(pattern):  # nearly all, and a COPY may name thousands
        found = file == pattern or file.startswith(f"{pattern}/")
        return file[len(pattern) + 1 :] if found else None
    depth = pattern.count("/") + 1
    parts = file.split("/")
    if len(parts) < depth or not matches(pattern, "/".join(parts[:depth]), deep=False):
        return None
    return "/".join(parts[depth:])


def _shell_rest(pattern: str, file: str) -> str | None:
    """As `_rest`, for an absolute `file` and a shell, in which `*` leaves out names that begin with a dot."""
    relative = file.lstrip("/")
    hidden = any(
        part.startswith(".") and not named.startswith((".", "\\."))
        for named, part in zip(pattern.split("/"), relative.split("/"), strict=False)
    )
    return None if hidden and pattern else _rest(pattern, relative)


def _kept_parents(source: str, file: str) -> str:
    """With `--parents` the whole path is kept, or what is behind `/./` in the source."""
    pivot, found, _ = source.partition("/./")
    return file.removeprefix(posixpath.normpath(pivot).lstrip("/") + "/") if found else file


def plain_commands(text: str | tuple[str, ...]) -> Iterator[list[str]]:
    """The words of each `cd`, `rm`, `mv` and `cp` of a RUN that mean what they say."""
    if isinstance(text, tuple):
        yield list(text)
        return
    if len(text) > _MAX_TEXT or not _MOVES.search(text) or _CONDITION.search(text):
        return
    for command in re.split(r"&&|;|\n", text):
        words = command.split()
        if words and words[0] in ("cd", "rm", "mv", "cp") and _PLAIN.fullmatch(command):
            yield words


def _replaces(arguments: list[str]) -> bool:
    """Whether a `cp` or `mv` has no option but those that leave its meaning: not `-n`, `-u` or `-t`."""
    return all(_USUAL_OPTIONS.fullmatch(word) for word in arguments if word.startswith("-"))
