"""Which projects do the given paths (env files, compose files, Dockerfiles, folders) mean?"""

import os
from collections.abc import Iterable, Iterator

from envfix.cli.asked import Options
from envfix.cli.patience import allow
from envfix.compose.discovery import BASE_NAMES, OVERRIDE_NAMES
from envfix.compose.loader import load_project
from envfix.compose.sources import Sources
from envfix.errors import EnvfixError
from envfix.git.worktree import work_tree
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.project.env_names import stands_for

# What decides which env files an image holds: all of the project's are looked at.
_BUILDS = regex(r"(?:[\w.-]+\.)?(?:Docker|Container)file(?:[._-][\w.-]+)?|\.(?:docker|container)ignore")
DEFAULT_NAMES = frozenset((*BASE_NAMES, *OVERRIDE_NAMES))
_A_PATH = 0.5  # seconds of processor time to find and tell of what is named; it takes some 0.02


class Wanted(NamedTuple):
    """One project to look at: its folder, the compose files named for it, the env files named (absolute), and whether
    something that stands for the whole project was named too."""

    directory: str
    files: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    whole: bool = False


class _Meant(NamedTuple):
    """What one path means: a project by folder and compose files, and the env file that is named, if it is one."""

    directory: str
    files: tuple[str, ...] = ()
    env: str | None = None


def wanted(options: Options, cwd: str, sources: Sources) -> list[Wanted]:
    """The projects that the command line means, in the order of its paths. EnvfixError for a path that is missing."""
    directory = options.project_directory
    if directory is not None and not os.path.isdir(os.path.join(cwd, directory)):
        raise EnvfixError("there is no such folder: check the name after --project-directory", path=directory)
    if not options.paths:
        return [Wanted(cwd, options.files, whole=True)]
    allow(_A_PATH * len(options.paths))
    paths = [_existing(path, cwd) for path in options.paths]
    others = [_of_folder_or_compose_file(path, options, cwd) for path in paths]
    named = dict.fromkeys(meant.directory for meant in others if meant is not None and not meant.files)
    known = _Reading(sources, tuple(named))
    meant = [other or _of_env_file(path, options, cwd, known) for path, other in zip(paths, others, strict=True)]
    return list(_grouped(meant))


def _existing(path: str, cwd: str) -> str:
    absolute = os.path.abspath(os.path.join(cwd, path))
    if not os.path.lexists(absolute):
        raise EnvfixError("there is no such file or folder: check its name", path=path)
    return absolute


def _grouped(meant: Iterable[_Meant]) -> Iterator[Wanted]:
    groups: dict[tuple[str, tuple[str, ...]], list[str | None]] = {}
    for one in meant:
        groups.setdefault((one.directory, one.files), []).append(one.env)
    for (directory, files), envs in groups.items():
        yield Wanted(directory, files, tuple(dict.fromkeys(env for env in envs if env)), None in envs)


def _of_folder_or_compose_file(path: str, options: Options, cwd: str) -> _Meant | None:
    folder, name = os.path.split(path)
    if os.path.isdir(path):
        return _Meant(cwd, options.files) if options.files else _Meant(path)
    if _BUILDS.fullmatch(name):
        return _Meant(cwd, options.files) if options.files else _Meant(next(_around(folder, cwd), folder))
    if not name.endswith((".yml", ".yaml")):
        return None
    if options.files or options.project_directory:
        return _Meant(cwd, (*options.files, path))
    return _Meant(folder) if name in DEFAULT_NAMES else _Meant(folder, (path,))


def _of_env_file(path: str, options: Options, cwd: str, known: "_Reading") -> _Meant:
    """The project of an env file: one that reads it, of those that are named beside it, then the current folder's, then
    those around the file; else the nearest around it, else the current folder's."""
    if options.files or options.project_directory:
        return _Meant(cwd, options.files, path)
    named, around = known.named, list(_around(os.path.dirname(path), cwd))
    if len(named) < 2 and len({*named, *around}) < 2:
        return _Meant((*named, *around, cwd)[0], (), path)
    others = (*(folder for folder in around if folder == cwd), *around)
    reader = known.first_named(path) or next((folder for folder in others if known.reads(folder, path)), None)
    return _Meant(reader or (*around, *named)[0], (), path)


def _around(folder: str, cwd: str) -> Iterator[str]:
    """The folders with a compose file, from `folder` upwards to the root of the git work tree (to the current folder,
    where there is no git)."""
    while True:
        if any(os.path.exists(os.path.join(folder, name)) for name in BASE_NAMES):
            yield folder
        above = os.path.dirname(folder)
        if above == folder or os.path.lexists(os.path.join(folder, ".git")) or (folder == cwd and not _in_git(cwd)):
            return
        folder = above


def _in_git(folder: str) -> bool:
    return work_tree(folder) is not None


class _Reading:
    """Which env files do projects read, those that are `named` among them? Found out once for each project: hundreds of
    them may be named, with hundreds of env files."""

    def __init__(self, sources: Sources, named: tuple[str, ...] = ()) -> None:
        self.named = named
        self._sources = sources
        self._read: dict[str, frozenset[str]] = {}
        # The number of the first of the named that reads an env file, of those that have been looked at.
        self._first: dict[str, int] = {}
        self._looks = self._look()

    def reads(self, directory: str, path: str) -> bool:
        """Whether the project in `directory` reads the env file, or the one that the template at `path` stands for."""
        names = {path, stands_for(path)}
        return os.path.join(directory, ".env") in names or not self._handed_out(directory).isdisjoint(names)

    def first_named(self, path: str) -> str | None:
        """The first of the named projects that `reads` it, which are looked at until there is one."""
        names = (path, stands_for(path))
        while not (found := [self._first[name] for name in names if name in self._first]):
            if next(self._looks, None) is None:
                return None
        return self.named[min(found)]

    def _look(self) -> Iterator[str]:
        for number, directory in enumerate(self.named):
            self._first.setdefault(os.path.join(directory, ".env"), number)
            yield directory  # which is known without a look into its files
            for path in self._handed_out(directory):
                self._first.setdefault(path, number)
            yield directory

    def _handed_out(self, directory: str) -> frozenset[str]:
        if directory not in self._read:
            self._read[directory] = frozenset(_handed_out(directory, self._sources))
        return self._read[directory]


def _handed_out(directory: str, sources: Sources) -> set[str]:
    """The env files that the compose files of the folder name."""
    if not _may_hand_out(directory, sources):
        return set()
    try:
        project = load_project(directory, sources=sources)
    except EnvfixError:
        return set()
    read = {file.path for service in project.every_service for file in service.env_files}
    return read | {file for context in project.contexts for file in context.env_files}


def _may_hand_out(directory: str, sources: Sources) -> bool:
    """Whether a compose file of the folder has a word by which it could read other env files than its own."""
    for name in DEFAULT_NAMES:
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            data = sources.data(path)
            if b"env_file" in data or b"include" in data or b"extends" in data:
                return True
    return False


# For a hook, which is called for files of others too.


def with_a_project(asked: Iterable[Wanted]) -> list[Wanted]:
    """Those that stand in a Compose project: a template alone, with no compose file around it, is none of ours."""
    return [one for one in asked if one.files or os.environ.get("COMPOSE_FILE") or _has_compose_file(one.directory)]


def without_stranger(one: Wanted, error: EnvfixError, sources: Sources) -> Wanted:
    """What was asked for without the file that could not be read, where the project does not read it either: such as a
    test's own `broken.env`. Any other error is raised."""
    if error.path not in one.named or _Reading(sources).reads(one.directory, error.path):
        raise error
    return one._replace(named=tuple(path for path in one.named if path != error.path))


def _has_compose_file(folder: str) -> bool:
    while not any(os.path.exists(os.path.join(folder, name)) for name in BASE_NAMES):
        above = os.path.dirname(folder)
        if above == folder:
            return False
        folder = above
    return True
