"""What program does a container run: in which runtime, in which folder, in which mode, and with which env loader?

The answers come from the service, its Dockerfile, and the manifests beside the program's code, which `Seen` finds on
the host through the container's mounts and the COPY of its Dockerfile. Only named files are looked at.
"""

import os
import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cached_property, lru_cache
from itertools import islice

from envfix.compose.model import Mount, Service
from envfix.dockerfile.origins import Source, earlier_names, files_matched, folders_behind, sources_of
from envfix.dockerfile.placement import placed
from envfix.dockerfile.stages import Dockerfile, image_workdir
from envfix.errors import EnvfixError
from envfix.files import located, read_bounded
from envfix.globs import is_ignored
from envfix.knowledge.frameworks import FRAMEWORKS, MODE_VARIABLES, PLAIN, PLAIN_WITHOUT_LOCAL, WITHOUT_LOCAL, Framework
from envfix.loaders.choice import MANIFESTS, runtime_of
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.commands import command_of
from envfix.reasons import Way
from envfix.shell_words import found_in

_MAX_MANIFEST_BYTES, _MAX_PATH = 1 << 20, 4096
_MAX_FOLDERS = 24  # in which a program looks for env files
_MAX_LOOKS = 50_000  # at files and steps of the Dockerfile of one build: more no person's project needs
# Where application images keep the program if neither `working_dir` nor a Dockerfile says so: the documentation of the
# php, node, python and golang images (https://hub.docker.com/_/php, .../node, .../python, .../golang).
_APP_FOLDERS = ("/var/www/html", "/var/www", "/app", "/usr/src/app", "/src", "/code", "/srv/app", "/workspace",
                "/go/src/app", "/opt/app", "/home/node/app", "/application")  # fmt: skip
# Folders that hold Dockerfiles without being the application's own.
_BUILD_FOLDERS = frozenset(
    {"docker", ".docker", "dockerfiles", "deploy", "deployment", "build", "infra", "ops", "compose", "containers",
     "devops", "etc", ".devcontainer", "local", "production", "development", "dev", "prod"}
)  # fmt: skip
_CHANGED_FOLDER = regex(r"(?:\bcd|--prefix|--cwd|\s-C)[ =]+([\w./@-]+)")
_WORKSPACE = regex(r"(?:--filter|--workspace|-w|\bworkspace|-F)[ =]+['\"]?(?:@[\w.-]+/)?([\w.-]+)")
_SCRIPT = regex(r"(?:^|\s)((?:/|\./)?[\w./-]+)\.(?:py|js|mjs|cjs|ts|rb|php)\b")
_MODULE = regex(
    r"\b(?:uvicorn|gunicorn|hypercorn|celery\s+-A|flask\s+--app|python3?\s+-m)\s+(?:-\S++\s++){0,20}+([\w.]+)"
)
# Folders in which the workspaces of a monorepo lie (https://docs.npmjs.com/cli/using-npm/workspaces,
# https://pnpm.io/workspaces, https://turborepo.com/docs).
_WORKSPACE_FOLDERS = ("apps", "packages", "services", "")


class Program(NamedTuple):
    """What runs in a container: `runtime` as `loaders.choice` names it, None where nothing tells; `command` as one
    line; `image` the name that the runtime was told by; `workdir` where it starts, None where nothing says
    so; `folders` where it looks for env files, the first first."""

    runtime: str | None
    command: str
    image: str
    workdir: str | None
    folders: tuple[str, ...]


class Seen:
    """What a container shows of the host: which file of the host stands at a path in it, and by which way. `assumed`
    are files that count as there (a template stands for one of them), `copies` what is known already of builds,
    `manifests_of` gives the manifests in a folder of the host."""

    def __init__(
        self,
        service: Service,
        dockerfile: Dockerfile | None,
        assumed: Collection[str],
        copies: "dict[object, Copies]",
        manifests_of: Callable[[str], dict[str, str]],
    ) -> None:
        self._assumed = assumed
        self.manifests_of = manifests_of
        self.service, self.dockerfile = service, dockerfile
        self.context = service.build.context if service.build is not None else ""
        extra = service.build.additional_contexts if service.build is not None else {}
        contexts = {name: folder for name, folder in extra.items() if os.path.isabs(folder)}
        build = (id(dockerfile), self.context, tuple(contexts.items()))
        self._copies = copies.setdefault(build, Copies(dockerfile, self.context, contexts, assumed))
        self._manifests: dict[str, dict[str, str]] = {}
        self._frameworks: dict[str, Framework | None] = {}
        self._mounts: dict[str, list[Mount]] = {}
        for mount in (*service.volumes, *service.files):
            self._mounts.setdefault(mount.target.rstrip("/") or "/", []).append(mount)

    @cached_property
    def given(self) -> dict[str, str]:
        """The variables of the container that are set before its program loads any."""
        image = self.dockerfile.env if self.dockerfile is not None else {}
        return {**image, **{name: value for name, value in self.service.environment.items() if value is not None}}

    def _mounted(self, place: str, *, synced: bool) -> Iterator[tuple[str, Mount]]:
        """The mounts at the place and above it, the nearest first, with their targets: `synced` ones, or all others."""
        at = len(place) if len(place) <= _MAX_PATH else -1
        while at >= 0:
            mounts = self._mounts.get(target := place[:at] or "/", ())
            yield from ((target, one) for one in mounts if (one.type == "sync") == synced)
            at = place.rfind("/", 0, at)

    def find(self, place: str) -> tuple[str, Way] | None:
        """The file of the host that the container has at `place`, and its way ("mount" or "image"); None where it has
        none. What is mounted hides what the image has; a `develop.watch` rule brings what is not mounted."""
        for target, mount in self._mounted(place, synced=False):
            if mount.type != "bind":
                return None
            path = _joined(mount.source, place[len(target) :])
            return (path, "mount") if self._is_file(path) else None
        return self._synced(place) or self._copies.find(place)

    def _is_file(self, path: str) -> bool:
        return _is_file(path, self._assumed)

    def _synced(self, place: str) -> tuple[str, Way] | None:
        for target, mount in self._mounted(place, synced=True):
            path, below = _joined(mount.source, place[len(target) :]), place[len(target) :].strip("/")
            if self._is_file(path) and not (below and is_ignored(below, mount.ignored)):
                return path, "mount"
        return None

    def folders_mounted(self) -> Iterator[tuple[str, str]]:
        """The folders of the host that are mounted: (folder of the host, folder of the container)."""
        for target in sorted(self._mounts, key=len, reverse=True):
            for mount in self._mounts[target]:
                if mount.type in ("bind", "sync") and os.path.isdir(mount.source):
                    yield mount.source, target

    def manifests(self, folder: str) -> dict[str, str]:
        """The manifests that the container has in a folder, by name, with the first mebibyte of their text; looked for
        once, since a command may name many env files in one folder."""
        if folder not in self._manifests:
            found = {
                name: manifest_text(there[0])
                for name in MANIFESTS
                if (there := self.find(posixpath.join(folder, name)))
            }
            around = self.manifests_of(self.context) if not found and os.path.isabs(self.context) else {}
            self._manifests[folder] = found or around
        return self._manifests[folder]

    def framework(self, program: Program, folder: str) -> Framework | None:
        """The framework of the service's `program`, by the manifests in the folder."""
        if folder not in self._frameworks:
            self._frameworks[folder] = framework_of(program, self.manifests(folder))
        return self._frameworks[folder]


def _is_file(path: str, assumed: Collection[str]) -> bool:
    return path in assumed or (os.path.lexists(path) and not os.path.isdir(path))


class Copies:
    """What the image of one build has of the host's files; each place and each file is looked at once."""

    def __init__(
        self,
        dockerfile: Dockerfile | None,
        context: str,
        contexts: Mapping[str, str],
        assumed: Collection[str],
    ) -> None:
        self._dockerfile, self._context, self._contexts = dockerfile, context, contexts
        self._assumed = assumed
        self._left = _MAX_LOOKS
        self._found: dict[str, tuple[str, Way] | None] = {}
        self._placed: dict[str, tuple[str, ...]] = {}
        self._behind: dict[tuple[Source, str], tuple[str, ...]] = {}

    def find(self, place: str) -> tuple[str, Way] | None:
        """The file of the host that the image has at `place`."""
        if place not in self._found:
            self._found[place] = self._find(place)
        return self._found[place]

    def _find(self, place: str) -> tuple[str, Way] | None:
        if self._dockerfile is None or not os.path.isabs(self._context) or self._left <= 0:
            return None
        self._left -= sum(len(stage.steps) for stage in self._dockerfile.stages)
        for path in self._origins(self._dockerfile, place):
            self._left -= 1
            if _is_file(path, self._assumed) and place in self._at(self._dockerfile, path):
                return path, "image"
            if self._left <= 0:
                break
        return None

    def _origins(self, dockerfile: Dockerfile, place: str) -> Iterator[str]:
        """The files of the host that may lie at `place`, likeliest first."""
        folder, name = posixpath.split(place)
        names = (name, *earlier_names(dockerfile, name))
        for source in self._sources:
            if self._left <= 0:
                return
            if source.is_pattern:
                self._left -= 1
                yield from files_matched(source, names)
                continue
            if source.is_env_file:
                yield source.path
            behind = self._folders_behind(source, folder)
            yield from (located(one, earlier) for earlier in names for one in behind)

    @cached_property
    def _sources(self) -> tuple[Source, ...]:
        """What the Dockerfile takes from the host, without single files that are no env files."""
        if self._dockerfile is None:
            return ()
        sources = sources_of(self._dockerfile, self._context, self._contexts)
        return tuple(one for one in sources if one.is_pattern or one.is_env_file or os.path.isdir(one.path))

    def _folders_behind(self, source: Source, folder: str) -> tuple[str, ...]:
        """The folders of the host that there are of those that may have become `folder`; a program looks for some
        twenty names in one folder."""
        key = source, folder
        if key not in self._behind:
            self._behind[key] = tuple(path for path in folders_behind(source, folder) if os.path.isdir(path))
        return self._behind[key]

    def _at(self, dockerfile: Dockerfile, path: str) -> tuple[str, ...]:
        if path not in self._placed:
            self._placed[path] = placed(dockerfile, self._context, path, self._contexts)
        return self._placed[path]


def manifests_in(folder: str) -> dict[str, str]:
    """The manifests that lie in a folder of the host, by name."""
    paths = ((name, os.path.join(folder, name)) for name in MANIFESTS)
    return {name: manifest_text(path) for name, path in paths if os.path.isfile(path)}


def manifest_text(path: str) -> str:
    """The text of a manifest; "" for one that cannot be read."""
    try:
        return read_bounded(path, _MAX_MANIFEST_BYTES, "manifest").decode("utf-8", "replace")
    except EnvfixError:
        return ""


def _joined(source: str, rest: str) -> str:
    return located(source, *rest.strip("/").split("/")) if rest.strip("/") else source


def program_of(seen: Seen) -> Program:
    """What the container runs, as far as its files tell."""
    service, dockerfile = seen.service, seen.dockerfile
    image = (dockerfile.base if dockerfile is not None else service.image) or ""
    command = command_of(service, dockerfile)
    stages = [stage.base for stage in reversed(dockerfile.stages)] if dockerfile is not None else []
    runtime = runtime_of(image, command, *stages)
    workdir = _workdir(service, dockerfile)
    folders = tuple(islice(dict.fromkeys(_folders(seen, workdir, command, runtime)), _MAX_FOLDERS))
    return Program(runtime, command, image, workdir, folders)


def _workdir(service: Service, dockerfile: Dockerfile | None) -> str | None:
    """The folder in which the program starts, None where nothing says one (the root is none)."""
    if service.working_dir:
        folder = service.working_dir
    elif dockerfile is not None:
        folder = dockerfile.workdir
    else:
        folder = image_workdir(service.image or "")
    return (folder or "").rstrip("/") or None


def _folders(seen: Seen, workdir: str | None, command: str, runtime: str | None) -> Iterator[str]:
    starts = [workdir] if workdir else list(_application_folders(seen, runtime))
    for start in starts:
        for changed in found_in(command, _CHANGED_FOLDER):
            yield posixpath.normpath(posixpath.join(start, changed))
        for name in found_in(command, _WORKSPACE):
            yield from (posixpath.join(start, parent, name) for parent in _WORKSPACE_FOLDERS)
        if runtime == "python":
            yield from _module_folders(start, command)
        yield start
        if runtime in ("python", "rust") and start.count("/") > 1:
            # find_dotenv and dotenvy go on looking in the folders above.
            yield posixpath.dirname(start)
    for script in found_in(command, _SCRIPT):
        if script.startswith("/"):
            yield posixpath.dirname(script)


def _module_folders(start: str, command: str) -> Iterator[str]:
    """Where python-dotenv begins to look: beside the file that calls it, which is the module that the command names."""
    for script in found_in(command, _SCRIPT):
        if "/" in script.strip("./"):
            yield posixpath.normpath(posixpath.join(start, posixpath.dirname(script)))
    for module in found_in(command, _MODULE):
        package = module.rpartition(".")[0]
        if package:
            yield posixpath.join(start, package.replace(".", "/"))


def _application_folders(seen: Seen, runtime: str | None) -> Iterator[str]:
    """Where the application lies in a container whose working directory nothing says: the mount that holds its
    manifest, a mount at one of the usual places, or what the Dockerfile copies. An image of which nothing is known may
    have a program of its own, to which a mounted repository is a workspace: only a usual place tells there."""
    service, mounted = seen.service, list(seen.folders_mounted())
    own = runtime is not None or service.build is not None
    for source, target in mounted:
        if not own and (target not in _APP_FOLDERS or target == "/workspace"):
            continue
        folder = _sub_folder(service, target)
        inside = _joined(source, folder[len(target) :])
        manifests = seen.manifests_of(inside)
        if manifests and runtime_fits(runtime, manifests):
            yield folder
    if own:
        yield from (_sub_folder(service, target) for _, target in mounted if target in _APP_FOLDERS)
        if service.build is not None:
            yield from (_sub_folder(service, target) for _, target in mounted)
    if seen.dockerfile is not None:
        for step in seen.dockerfile.copies:
            yield step.target.rstrip("/") or "/"


def _sub_folder(service: Service, folder: str) -> str:
    """Where the app lies in a mounted source tree whose image says nothing: with `dockerfile: apps/web/Dockerfile` in
    its own subfolder, else at the top."""
    dockerfile = service.build.dockerfile if service.build is not None else None
    sub = (dockerfile or "").replace("\\", "/").removeprefix("./").rpartition("/")[0]
    if not sub or sub.startswith(("/", "..")) or _BUILD_FOLDERS & set(sub.split("/")):
        return folder
    return f"{folder}/{sub}"


SCRIPTED = frozenset({"node", "bun", "deno"})
"""The runtimes of JavaScript, each of which runs programs that were written for another."""


def runtime_fits(runtime: str | None, manifests: Mapping[str, str]) -> bool:
    """Whether a program of the runtime may be the one whose manifests these are; no manifest speaks against none."""
    told = {MANIFESTS[name] for name in manifests}
    return runtime is None or not told or runtime in told or (runtime in SCRIPTED and not told.isdisjoint(SCRIPTED))


def framework_of(program: Program, manifests: Mapping[str, str]) -> Framework | None:
    """The framework that says under which names the program looks for env files."""
    for framework in FRAMEWORKS:
        if framework.name == "Bun" and program.runtime == "bun":
            return framework
        text = manifests.get(framework.manifest)
        if text is None or not runtime_fits(program.runtime, {framework.manifest: text}):
            continue
        if framework.name != "Bun" and re.search(framework.pattern, text):
            return framework
    return None


def names_of(program: Program, framework: Framework | None, given: Mapping[str, str]) -> tuple[str, ...]:
    """The names under which the program looks for env files, the one that wins first. `given` are the variables of its
    container. Those of a mode that is not known are left out."""
    if framework is None:
        plain = PLAIN_WITHOUT_LOCAL if program.runtime in WITHOUT_LOCAL else PLAIN
        mode = next((given[name] for name in MODE_VARIABLES if given.get(name)), None)
        return _filled(plain, mode)
    mode = next((given[name] for name in framework.variables if given.get(name)), None) or _by_command(
        framework, program.command
    )
    names = _filled(framework.names, mode or framework.default)
    return tuple(name for name in names if not (mode == "test" and name in framework.untested))


@lru_cache(maxsize=64)
def _by_command(framework: Framework, command: str) -> str | None:
    told = re.search(r"(?:--mode[= ]|\bNODE_ENV=|\bAPP_ENV=|\bRAILS_ENV=)([\w-]+)", command)
    if told:
        return told[1]
    return next((mode for pattern, mode in framework.commands if re.search(pattern, command)), None)


def _filled(names: tuple[str, ...], mode: str | None) -> tuple[str, ...]:
    return tuple(name.replace("{mode}", mode or "") for name in names if mode or "{mode}" not in name)
