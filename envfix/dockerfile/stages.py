"""What does a Dockerfile say of the image that it builds: its base, ports, folders, variables, command, and copies?

The source is Docker's Dockerfile reference. Only the Dockerfile itself and its ignore file are read, both bounded; no
image is looked up.
"""

import os
import posixpath
import re
from collections import ChainMap
from collections.abc import Callable, Mapping, MutableMapping, Sequence

from envfix.dockerfile.instructions import Instruction, Room, expand, instructions, words
from envfix.errors import EnvfixError
from envfix.files import located, read_bounded
from envfix.globs import ignore_patterns
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shell_words import Command, line_of

MAX_DOCKERFILE_BYTES = 1 << 20
_MAX_STAGES = 100
_MAX_PORT_RANGE = 1000
_MAX_PATH = 4096

_REMOTE = regex(r"[a-z][a-z0-9+.-]*://|git@|github\.com/", re.IGNORECASE)
# The folder in which stock images start, where it is not the root (their own Dockerfiles on Docker Hub).
_IMAGE_WORKDIRS = {
    "bun": "/home/bun/app",
    "composer": "/app",
    "drupal": "/opt/drupal",
    "frankenphp": "/app",
    "golang": "/go",
    "gradle": "/home/gradle",
    "php": "/var/www/html",
    "wordpress": "/var/www/html",
}


class Copy(NamedTuple):
    """A COPY or ADD. `target` is absolute in the image, with a slash behind it where the text says that it is a folder.
    `from_stage` is the stage or image of `--from`, None for the build context. `parents` and `excludes` are the flags
    of these names. A here-document has no sources."""

    sources: tuple[str, ...]
    target: str
    from_stage: str | None = None
    parents: bool = False
    excludes: tuple[str, ...] = ()


class RunStep(NamedTuple):
    """A RUN: the text for the shell, or the arguments of the exec form, and the folder in which it runs."""

    command: str | tuple[str, ...]
    workdir: str


class Stage(NamedTuple):
    """One stage as it stands after its last instruction, what it has from a stage below it included; `steps` are its
    own only. `below` is the number of the stage that it builds FROM, None for an image; `arguments` what ARG set."""

    name: str
    base: str
    below: int | None
    exposes: tuple[int, ...]
    workdir: str
    env: dict[str, str]
    command: tuple[str, ...]
    entrypoint: tuple[str, ...]
    steps: tuple[Copy | RunStep, ...]
    arguments: dict[str, str]


class Dockerfile(NamedTuple):
    """A Dockerfile as built up to its last (or its target) stage.

    `base` is the image at the bottom of that stage, `exposes` its TCP ports, `workdir` the folder that its command
    starts in, `env` its variables; `command` and `entrypoint` are arguments, those of a shell form `("/bin/sh", "-c",
    text)`, and `line` both as one line (see `line_of`). `copies` are the COPY and ADD of the stage and of the stages
    that it builds FROM. ARG defaults and build arguments are substituted. `stages` has all stages up to it, it the
    last; `ignored` the patterns of the ignore file, `size` the characters of the text and of what variables bring into
    it.
    """

    path: str
    base: str
    exposes: tuple[int, ...]
    workdir: str
    env: dict[str, str]
    command: Command
    entrypoint: Command
    copies: tuple[Copy, ...]
    stages: tuple[Stage, ...]
    ignored: tuple[str, ...]
    size: int = 0
    line: str = ""


def read_dockerfile(
    context: str, dockerfile: str | None, target: str | None, inline: str | None, args: Mapping[str, str | None]
) -> Dockerfile | None:
    """The Dockerfile that Compose builds with `build:` as given; None where there is none to be read.

    `context` is an absolute folder (a URL: None is returned), `dockerfile` a path relative to it (None: Dockerfile),
    `inline` the text of `dockerfile_inline`, `args` the build arguments (None as a value: not set).
    """
    if _REMOTE.match(context) or (dockerfile and _REMOTE.match(dockerfile)):
        return None
    path, text = (os.path.join(context, "Dockerfile"), inline) if inline is not None else _find(context, dockerfile)
    if text is None:
        return None
    room = Room()
    stages = _stages(text, args, room)
    final = stage_number(stages, target) if target else len(stages) - 1
    if final is None or not 0 <= final < _MAX_STAGES:
        return None
    own_ignore = None if inline is not None else _read(path + ".dockerignore")
    ignore = _read(os.path.join(context, ".dockerignore")) if own_ignore is None else own_ignore
    return _dockerfile(path, tuple(stages[: final + 1]), ignore_patterns(ignore or ""))._replace(
        size=len(text) + room.taken
    )


def _find(context: str, dockerfile: str | None) -> tuple[str, str | None]:
    path = located(context, dockerfile or "Dockerfile")
    text = _read(path)
    if text is None and not dockerfile:
        # Docker takes the name in small letters too.
        path = os.path.join(context, "dockerfile")
        text = _read(path)
    return path, text


def _read(path: str) -> str | None:
    try:
        return read_bounded(path, MAX_DOCKERFILE_BYTES, "Dockerfile").decode("utf-8", "surrogateescape")
    except EnvfixError:
        return None


def _dockerfile(path: str, stages: tuple[Stage, ...], ignored: tuple[str, ...]) -> Dockerfile:
    final = stages[-1]
    chain = [final]
    while chain[-1].below is not None:
        chain.append(stages[chain[-1].below])
    copies = tuple(step for stage in reversed(chain) for step in stage.steps if isinstance(step, Copy))
    command, entrypoint = Command(final.command), Command(final.entrypoint)
    return Dockerfile(
        path,
        chain[-1].base,
        final.exposes,
        final.workdir,
        final.env,
        command,
        entrypoint,
        copies,
        stages,
        ignored,
        line=line_of(entrypoint, command),
    )


def stage_number(stages: Sequence[Stage], name: str) -> int | None:
    """The number of the stage that `--from` or a target calls by its name or number; None if there is none."""
    named = _named(stages, name)
    if named is None and name.isdecimal() and len(name) < 6 and int(name) < len(stages):
        return int(name)
    return named


def _named(stages: Sequence[Stage], name: str) -> int | None:
    numbers = (number for number in reversed(range(len(stages))) if stages[number].name.lower() == name.lower())
    return next(numbers, None) if name else None


def _stages(text: str, args: Mapping[str, str | None], room: Room) -> list[Stage]:
    stages: list[Stage] = []
    # What ARG declares before the first FROM is known to FROM alone, and to a stage that declares it again.
    outer: dict[str, str] = {}
    build: _Building | None = None
    for instruction in instructions(text):
        if len(stages) > _MAX_STAGES:
            break
        if instruction.keyword == "FROM":
            if build:
                stages.append(build.finish())
            build = _Building(instruction, stages, outer, args, room)
        elif build:
            build.apply(instruction)
        elif instruction.keyword == "ARG":
            outer.update(_arguments(instruction.text, outer, args, {}, room))
    if build:
        stages.append(build.finish())
    return stages


def _arguments(
    text: str, values: MutableMapping[str, str], args: Mapping[str, str | None], outer: Mapping[str, str], room: Room
) -> dict[str, str]:
    """What ARG declares: the build argument, else the default, else what was declared before the first FROM."""
    declared: dict[str, str] = {}
    for word in words(text):
        name, assigned, default = word.partition("=")
        given = args.get(name)
        if given is None:
            given = expand(default, ChainMap(declared, values), room) if assigned else outer.get(name)
        if given is not None:
            declared[name] = given
    return declared


class _Building:
    """A stage while its instructions are read."""

    def __init__(
        self,
        start: Instruction,
        stages: list[Stage],
        outer: Mapping[str, str],
        args: Mapping[str, str | None],
        room: Room,
    ) -> None:
        image, *alias = [expand(word, outer, room) for word in words(start.text) if not word.startswith("--")] or [""]
        self.name = alias[1] if len(alias) > 1 and alias[0].lower() == "as" else ""
        self.base = image
        self.below = _named(stages, image)
        self.outer, self.args, self.room = outer, args, room
        below = None if self.below is None else stages[self.below]
        self.declared = dict(below.arguments) if below else {}
        self.env = dict(below.env) if below else {}
        self.known = ChainMap(self.env, self.declared)
        self.exposes = dict.fromkeys(below.exposes if below else ())
        self.workdir = below.workdir if below else image_workdir(image)
        self.command = below.command if below else ()
        self.entrypoint = below.entrypoint if below else ()
        self.shell: tuple[str, ...] = ("/bin/sh", "-c")
        self.own_command = False
        self.steps: list[Copy | RunStep] = []

    def finish(self) -> Stage:
        return Stage(
            self.name,
            self.base,
            self.below,
            tuple(self.exposes),
            self.workdir,
            self.env,
            self.command,
            self.entrypoint,
            tuple(self.steps),
            self.declared,
        )

    def apply(self, instruction: Instruction) -> None:
        handler = _HANDLERS.get(instruction.keyword)
        if handler:
            handler(self, instruction)

    def expand(self, word: str) -> str:
        return expand(word, self.known, self.room)

    def declare(self, instruction: Instruction) -> None:
        self.declared.update(_arguments(instruction.text, self.known, self.args, self.outer, self.room))

    def set_env(self, instruction: Instruction) -> None:
        pairs = [word.partition("=") for word in words(instruction.text)]
        if pairs and not pairs[0][1]:
            # The old form with a blank: one variable, the rest of the line its value.
            name, *value = instruction.text.split(None, 1)
            pairs = [(name, "=", "".join(value))]
        # All of one instruction see the variables as they were before it.
        self.env.update({name: self.expand(value) for name, _, value in pairs})

    def expose(self, instruction: Instruction) -> None:
        for word in words(instruction.text) if self.room.ports > 0 else ():
            for text in self.expand(word).split() if self.room.ports > 0 else ():
                ports = _tcp_ports(text) if self.room.ports > 0 else ()
                self.room.ports -= len(ports) + 1
                self.exposes.update(dict.fromkeys(ports))

    def change_folder(self, instruction: Instruction) -> None:
        folder = absolute(self.workdir, self.expand(instruction.text))
        self.workdir = folder if len(folder) <= _MAX_PATH else self.workdir

    def set_shell(self, instruction: Instruction) -> None:
        self.shell = _exec_form(instruction.text) or self.shell

    def set_command(self, instruction: Instruction) -> None:
        self.command = self.arguments_of(instruction)
        self.own_command = True

    def set_entrypoint(self, instruction: Instruction) -> None:
        self.entrypoint = self.arguments_of(instruction)
        if not self.own_command:
            # An entrypoint does away with the command of the image below.
            self.command = ()

    def arguments_of(self, instruction: Instruction) -> tuple[str, ...]:
        arguments = _exec_form(instruction.text)
        return (*self.shell, instruction.text) if arguments is None else arguments

    def run(self, instruction: Instruction) -> None:
        text = _FLAGS.sub("", instruction.text)
        command: str | tuple[str, ...] | None = _exec_form(text)
        if command is None:
            command = "\n".join((text, *instruction.heredocs))
        self.steps.append(RunStep(command, self.workdir))

    def copy(self, instruction: Instruction) -> None:
        flags = [self.expand(flag) for flag in words(found[0])] if (found := _FLAGS.match(instruction.text)) else []
        text = _FLAGS.sub("", instruction.text)
        listed = _exec_form(text)
        parts = words(text) if listed is None else listed
        if len(parts) < 2:
            return
        *sources, target = [self.expand(part) for part in parts]
        from_stage = next((flag.removeprefix("--from=") for flag in flags if flag.startswith("--from=")), None)
        excludes = tuple(flag.removeprefix("--exclude=") for flag in flags if flag.startswith("--exclude="))
        own = tuple(source for source in sources if not source.startswith("<<") and not _REMOTE.match(source))
        is_folder = target in ("", ".") or target.endswith(("/", "/.")) or len(sources) > 1
        folder = absolute(self.workdir, target).rstrip("/") + "/"
        place = folder if is_folder else folder.rstrip("/") or "/"
        self.steps.append(Copy(own, place, from_stage, "--parents" in flags or "--parents=true" in flags, excludes))


_FLAGS = regex(r"(?:--[a-z]+(?:=\S+)?\s+)*+")
_HANDLERS: dict[str, Callable[[_Building, Instruction], None]] = {
    "ADD": _Building.copy,
    "ARG": _Building.declare,
    "CMD": _Building.set_command,
    "COPY": _Building.copy,
    "ENTRYPOINT": _Building.set_entrypoint,
    "ENV": _Building.set_env,
    "EXPOSE": _Building.expose,
    "RUN": _Building.run,
    "SHELL": _Building.set_shell,
    "WORKDIR": _Building.change_folder,
}


def image_workdir(image: str) -> str:
    """The folder in which a stock image starts its command, "/" for one that is not known to have another."""
    repository = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return _IMAGE_WORKDIRS.get(repository, "/")


def absolute(folder: str, path: str) -> str:
    """`path` in the image, seen from `folder`."""
    joined = posixpath.normpath(posixpath.join(folder, path))
    # POSIX lets two slashes at the start be special; an image does not.
    return "/" + joined.lstrip("/")


def _tcp_ports(text: str) -> Sequence[int]:
    found = re.fullmatch(r"(\d{1,5})(?:-(\d{1,5}))?(?:/(\w+))?", text)
    if not found or (found[3] or "tcp").lower() != "tcp":
        return ()
    first, last = int(found[1]), int(found[2] or found[1])
    ports = range(max(first, 1), min(last, 65535) + 1)
    # A wider range is no evidence for any one port.
    return ports if len(ports) <= _MAX_PORT_RANGE else ()


def _exec_form(text: str) -> tuple[str, ...] | None:
    """The arguments of an instruction written as a JSON list of strings; None if it is not."""
    if not text.startswith("["):
        return None
    import json

    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return tuple(listed) if isinstance(listed, list) and all(isinstance(item, str) for item in listed) else None
