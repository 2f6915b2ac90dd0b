"""Which env files are there that no compose file hands out, but a program in a container finds for itself?

A service's program looks for its env file in the folder in which it starts, under the names that its framework knows;
the file of the host that stands there (by a bind mount, a `develop.watch` rule, a COPY of the Dockerfile) is an env
file of the project. So is one that a mount or a COPY names itself under such a name. Only named places are looked at:
no folder is walked through.
"""

import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice

from envfix.compose.sources import Sources
from envfix.dockerfile.origins import named_env_files
from envfix.envfile import MAX_ENV_BYTES, EnvDocument
from envfix.errors import EnvfixError
from envfix.files import OneName, inside, located, read_bounded
from envfix.git.worktree import territory
from envfix.knowledge.frameworks import NEEDS_LIBRARY
from envfix.loaders.choice import MANIFESTS, loaders_of, loads_for_itself
from envfix.loaders.grammar import parse
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.commands import only_builds
from envfix.project.env_files import LOADED_NAME, Discovery, Shown, may_find
from envfix.project.env_names import is_template
from envfix.project.ports import Ports
from envfix.project.programs import (
    SCRIPTED,
    Copies,
    Program,
    Seen,
    manifest_text,
    manifests_in,
    names_of,
    program_of,
    runtime_fits,
)
from envfix.reasons import Way
from envfix.records import Notice
from envfix.shell_words import found_in

# Deno's option takes a name behind `=` alone: what follows a blank is the program
# (https://docs.deno.com/runtime/reference/cli/run/#options-env-file).
_NAMED_IN_COMMAND = regex(r"--env-file(?:-if-exists)?([= ])(?!-)([^\s\"']+)|\bdotenv\s+-[ef]\s+(\S+)")
_BACK_ENDS = frozenset({"php", "python", "ruby", "elixir", "go", "rust", "java", "dotnet"})
_MOST_TOLD = 100  # env files that a command names
_MOST_FOLDERS = 64  # of the host whose manifests are kept


def discover(
    ports: Ports,
    known: Mapping[str, EnvDocument],
    sources: Sources,
    claimed: Mapping[str, Sequence[str]],
    named: Sequence[str],
) -> Discovery:
    """The env files that programs of the project find for themselves.

    `known` are the documents read before, which are not read again; `claimed` the files of which the user says that
    services load them, by path; `named` those that the user named. What lies outside the work tree, or cannot be read,
    is a warning; for a named file an EnvfixError.
    """
    copies: dict[object, Copies] = {}
    manifests_of = lru_cache(_MOST_FOLDERS)(manifests_in)  # thousands of mounts can show one folder
    finds = {
        name: _found(Seen(service, ports.dockerfile(name), known, copies, manifests_of))
        for name, service in ports.services.items()
        if may_find(ports, name)
    }
    for path, services in claimed.items():
        for name in services if os.path.exists(path) or path in known else ():
            program = Program(None, "", "", None, ())
            finds[name] = (
                *finds.get(name, ()),
                _Find(path, "configured", path, program, manifests_in(os.path.dirname(path)), named=True),
            )
    files = _Files(ports, known, sources, frozenset((*claimed, *named)))
    shown = {name: files.read(name, found) for name, found in _without_asset_builders(finds).items() if found}
    files.read_named((*named, *(path for path in claimed if os.path.exists(path))))
    paths = dict.fromkeys((*(one.path for found in shown.values() for one in found), *claimed))
    return Discovery(shown, files.documents, tuple(paths), tuple(files.warnings))


class _Find(NamedTuple):
    """A file that a program finds, before it is read; `program` and the `manifests` beside it say by whom. `named`: a
    mount, a COPY, the command or the user names the file itself."""

    path: str
    way: Way
    place: str
    program: Program
    manifests: Mapping[str, str]
    named: bool = False


def _found(seen: Seen) -> tuple[_Find, ...]:
    """The files that the service's program finds, the one that wins first, each path once."""
    program = program_of(seen)
    if program.runtime == "static" or only_builds(program.command):
        return ()
    found: dict[str, _Find] = {}
    named = {find.path: find for find in _named(seen, program)}
    for find in (*_in_folders(seen, program), *named.values()):
        found.setdefault(find.path, named.get(find.path, find))
    return tuple(found.values())


def _in_folders(seen: Seen, program: Program) -> Iterator[_Find]:
    """Those under the names that the program looks for, in the first of its folders that has one."""
    for folder in program.folders:
        manifests = seen.manifests(folder)
        if not (runtime_fits(program.runtime, manifests) and _has_loader(program.runtime, manifests, seen)):
            continue
        framework = seen.framework(program, folder)
        there = False
        for name in names_of(program, framework, seen.given):
            place = posixpath.join(folder, name)
            file = seen.find(place)
            if file is not None:
                there = True
                yield _Find(*file, place, program, manifests)
                if framework is not None and framework.alone:
                    break
        if there:
            return


def _named(seen: Seen, program: Program) -> Iterator[_Find]:
    """Those that a mount, a COPY or the command names itself."""
    folder = program.workdir
    places = [mount.target for mount in (*seen.service.volumes, *seen.service.files)]
    if seen.dockerfile is not None:
        places += [target for _, target in named_env_files(seen.dockerfile)]
    for place in places:
        directory, name = posixpath.split(place)
        if LOADED_NAME.match(name) and not is_template(name) and _is_near(directory, folder):
            yield from _at(place, seen, program)
    told_there = dict.fromkeys(found_in(program.command, _NAMED_IN_COMMAND))
    for sign, told, other in islice(told_there, _MOST_TOLD):
        if sign != " " or program.runtime != "deno":
            yield from _at(posixpath.join(folder or "/", told or other), seen, program, told=True)


def _at(place: str, seen: Seen, program: Program, *, told: bool = False) -> Iterator[_Find]:
    file = seen.find(posixpath.normpath(place))
    if file is None:
        return
    folder, name = posixpath.split(place)
    manifests = seen.manifests(folder)
    looked_for = names_of(program, seen.framework(program, folder), seen.given)
    other_mode = any(one.count(".") > 1 for one in looked_for if one != ".env.local")
    if told or name in looked_for or not (other_mode and name.count(".") > 1):
        yield _Find(*file, place, program, manifests, named=True)


def _is_near(directory: str, folder: str | None) -> bool:
    """Whether the folder of a named file has to do with the one in which the program starts: one holds the other."""
    if folder is None or directory == "/":
        return folder is None
    return (folder + "/").startswith(directory + "/") or (directory + "/").startswith(folder + "/")


def _has_loader(runtime: str | None, manifests: Mapping[str, str], seen: Seen) -> bool:
    """Whether a program of this runtime may load an env file: few of some runtimes have a library that does."""
    pattern = NEEDS_LIBRARY.get(runtime or "")
    if pattern is None:
        return True
    texts = list(manifests.values())
    if seen.dockerfile is not None and os.path.isabs(seen.context):
        stages = seen.dockerfile.stages
        names = [source for stage in stages for copy in stage.steps for source in getattr(copy, "sources", ())]
        paths = (located(seen.context, *name.split("/")) for name in names if name.endswith("proj"))
        texts += map(manifest_text, paths)
    return any(re.search(pattern, text) for text in texts)


def _without_asset_builders(finds: Mapping[str, tuple[_Find, ...]]) -> dict[str, tuple[_Find, ...]]:
    """What is left where a program of one runtime merely shares the folder of an application of another: npm that
    builds the pages of a PHP application has no use for its env file, if it has no loader of its own."""
    owned = {find.path for files in finds.values() for find in files if _is_back_end(find)}

    def reads(find: _Find) -> bool:
        shared = find.path in owned or any(MANIFESTS[name] in _BACK_ENDS for name in find.manifests)
        shares = shared and find.program.runtime in SCRIPTED
        return find.named or not shares or loads_for_itself(find.manifests)

    return {name: tuple(find for find in files if reads(find)) for name, files in finds.items()}


def _is_back_end(find: _Find) -> bool:
    return find.program.runtime in _BACK_ENDS


class _Files:
    """Reads what was found: each file once, a link and its target under one path, nothing outside the work tree."""

    def __init__(self, ports: Ports, known: Mapping[str, EnvDocument], sources: Sources, asked: frozenset[str]) -> None:
        """`asked` are the files of which the user spoke: they are read wherever they lie, or refused."""
        self.ports, self._sources, self._asked = ports, sources, asked
        self.documents: dict[str, EnvDocument] = {}
        self.warnings: list[Notice] = []
        self._territory = territory(ports.topology.project.directory)
        self._known = known
        self._one_name = OneName(known)
        self._paths = {self._one_name.of(path): path for path in reversed(tuple(known))}

    def read(self, name: str, files: tuple[_Find, ...]) -> tuple[Shown, ...]:
        """The files that the service's program finds, without those that cannot be read."""
        shown: dict[str, Shown] = {}
        known: dict[int, tuple[Loader, ...]] = {}  # by the manifests, which the files of one folder share
        for find in files:
            program, key = find.program, id(find.manifests)
            if key not in known:
                known[key] = loaders_of(program.command, find.manifests, program.runtime, program.image)
            loaders = known[key]
            path = self._path(name, find, loaders)
            if path is not None:
                shown.setdefault(path, Shown(path, find.way, find.place, loaders))
        return tuple(shown.values())

    def read_named(self, paths: Iterable[str]) -> None:
        """Reads files that the user named and no service finds; they have no loader but the commonest."""
        for path in paths:
            if path not in self._known and path not in self.documents:
                self.documents[path] = document_of(self._sources, path, loaders_of("", {}, None))

    def _path(self, name: str, find: _Find, loaders: tuple[Loader, ...]) -> str | None:
        """The path under which the file is known, None where it is not read."""
        if find.path in self._known or find.path in self.documents:
            return find.path
        real = self._one_name.of(find.path)
        if real in self._paths:
            return self._paths[real] or None
        self._paths[real] = ""
        try:
            if find.path not in self._asked and not inside(real, self._territory):
                raise EnvfixError("it lies outside the project's git work tree, so it is not read", path=find.path)
            self.documents[find.path] = document_of(self._sources, find.path, loaders)
        except EnvfixError as error:
            if find.path in self._asked:
                raise
            self._warn(name, find, error)
            return None
        self._paths[real] = find.path
        return find.path

    def _warn(self, name: str, find: _Find, error: EnvfixError) -> None:
        origin = self.ports.services[name].origin
        by = {"mount": "mounts", "image": "builds into its image"}.get(find.way, "reads, as the configuration says,")
        message = f"{name} {by} {find.path} as {find.place}: {error.message}"
        self.warnings.append(Notice(origin.path, origin.line, message))


def document_of(sources: Sources, path: str, loaders: tuple[Loader, ...]) -> EnvDocument:
    """An env file that Docker Compose does not read: in its grammar where that takes the file, else as the first of the
    `loaders` has it. Raises EnvfixError for what cannot be read, or is no text."""
    try:
        return sources.env(path)
    except EnvfixError:
        return parse(read_bounded(path, MAX_ENV_BYTES, "env file"), path, loaders[0])
