"""Where does the source of a service's program lie, and which of its files does its runtime run?"""

import os
import posixpath
from functools import lru_cache

from envfix.compose.model import Service
from envfix.knowledge.runtimes import COMMON_SUFFIXES, PLAIN_IMAGES, RUNTIMES, Runtime
from envfix.named_tuples import NamedTuple
from envfix.project.listening import command_line
from envfix.project.ports import Ports
from envfix.source.files import SourceFile


class Codebase(NamedTuple):
    """The code of a service's program, as far as the project shows it: `folders` (absolute, links resolved) that hold
    it, the `runtimes` that may run it, and whether the program comes from there and from nowhere else (`own`)."""

    folders: tuple[str, ...]
    runtimes: tuple[Runtime, ...]
    own: bool

    def runs(self, file: SourceFile) -> bool:
        """Whether a program of this service may read the file: one of its runtime's, or of none in particular."""
        suffix = suffix_of(file.path)
        if any(suffix in runtime.suffixes for runtime in self.runtimes):
            return True
        common = not suffix or suffix in COMMON_SUFFIXES or os.path.basename(file.path).startswith("requirements")
        return common and not is_deployment(file.path)

    def is_its_language(self, file: SourceFile) -> bool:
        """Whether the file is of the program's own runtime."""
        suffix = suffix_of(file.path)
        return any(suffix in runtime.suffixes for runtime in self.runtimes)


_DEPLOYMENT_FOLDERS = frozenset(
    {".github", ".gitlab", ".circleci", ".azure", ".devcontainer", ".vscode", ".idea", "k8s", "kubernetes", "helm",
     "charts", "terraform", "ansible", "manifests", "docs"}
)  # fmt: skip
_DEPLOYMENT_NAMES = ("docker-compose", "compose.", "compose-", ".gitlab-ci", "azure-pipelines", "bitbucket-pipelines",
                     "makefile", "justfile", "taskfile", "dockerfile", "readme", "license", "render.yaml", "fly.toml",
                     "app.json", "skaffold", "jenkinsfile", "tiltfile")  # fmt: skip


def is_deployment(path: str) -> bool:
    """Whether the file tells other tools how to build, test or run the program, which itself never reads it."""
    folder, name = os.path.split(path)
    return name.lower().startswith(_DEPLOYMENT_NAMES) or not _DEPLOYMENT_FOLDERS.isdisjoint(folder.split(os.sep))


def suffix_of(path: str) -> str:
    """The suffix of the file's name in small letters, "" where there is none."""
    stem, dot, suffix = os.path.basename(path).rpartition(".")
    return suffix.lower() if dot and stem else ""


def codebase_of(ports: Ports, name: str, top: str) -> Codebase:
    """The code that the service `name` runs; `top` is the folder (links resolved) outside which none is looked for."""
    service = ports.topology.services[name]
    built = service.build is not None
    folders = [service.build.context, *_other_folders(service)] if service.build is not None else []
    shown = [
        mount.source for mount in service.volumes if mount.type in ("bind", "sync") and os.path.isdir(mount.source)
    ]
    images = _images(ports, service)
    runtimes = _runtimes(images, service, ports)
    if not built and not any(_runtime_of(image) for image in images):
        shown = []  # what is shown to a program that comes with its image is no source of it
    inside = tuple(real for folder in (*folders, *shown) if (real := _real_folder(folder, top)) is not None)
    foreign = any(_real_folder(folder, top) is None for folder in folders)
    plain = bool(images) and (_runtime_of(images[0]) is not None or _short(images[0]) in PLAIN_IMAGES)
    return Codebase(inside, runtimes, bool(inside) and plain and not foreign)


def _other_folders(service: Service) -> list[str]:
    """What `additional_contexts` adds to the build: folders, or the program of another image."""
    return list(service.build.additional_contexts.values()) if service.build is not None else []


def _real_folder(folder: str, top: str) -> str | None:
    """The folder without links, if it is one within `top`."""
    if not os.path.isabs(folder) or not os.path.isdir(folder):
        return None
    real = os.path.realpath(folder)
    return real if real == top or real.startswith(top.rstrip(os.sep) + os.sep) else None


def _images(ports: Ports, service: Service) -> list[str]:
    """The image that the program runs on, then those of the stages that build it."""
    if service.build is None:
        return [service.image] if service.image else []
    dockerfile = ports.dockerfile(service.name)
    if dockerfile is None:
        return []
    named = {stage.name.lower() for stage in dockerfile.stages if stage.name}
    stages = [stage.base for stage in reversed(dockerfile.stages) if stage.base.lower() not in named]
    return [dockerfile.base, *stages]


def _short(image: str) -> str:
    """The last part of an image's name, without tag and digest."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()


def _runtime_of(image: str) -> Runtime | None:
    short = _short(image)
    path = image.lower()
    for runtime in RUNTIMES:
        if short in runtime.images:
            # `runtime`, `sdk` and their like are names of .NET's images alone.
            if runtime.name == "dotnet" and "dotnet" not in path:
                continue
            return runtime
    return None


def _runtimes(images: list[str], service: Service, ports: Ports) -> tuple[Runtime, ...]:
    """The runtime of the image that the program runs on; where that is none of a language, those of its command, else
    of the stages that build it."""
    if images and (found := _runtime_of(images[0])) is not None:
        return (found,)
    dockerfile = ports.dockerfile(service.name)
    lines = (command_line(service), dockerfile.line if dockerfile is not None else "")
    programs = frozenset().union(*map(_programs_in, lines))
    told = [runtime for runtime in RUNTIMES if not programs.isdisjoint(runtime.programs)]
    built = [runtime for image in images[1:] if (runtime := _runtime_of(image)) is not None]
    return tuple(dict.fromkeys(told or built))


@lru_cache(maxsize=64)
def _programs_in(line: str) -> frozenset[str]:
    """The runtimes' programs that a command names."""
    return _PROGRAMS.intersection(posixpath.basename(part) for part in line.split())


_PROGRAMS = frozenset(program for runtime in RUNTIMES for program in runtime.programs)
