"""Which files make up the project, and under which name: compose-go's cli/options.go as Docker Compose calls it."""

import os
import re
from collections.abc import Iterable, Mapping

from envfix.compose.environment import Environment
from envfix.compose.nodes import Findings, at_place_of
from envfix.errors import EnvfixError
from envfix.files import is_elsewhere
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex
from envfix.shown import as_written

# In the order in which compose-go looks for them (cli/options.go, DefaultFileNames and DefaultOverrideFileNames).
BASE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)

_REMOTE = regex(r"[A-Za-z][A-Za-z0-9+.-]*://|git@|github\.com/")
# How many entries of a folder are looked at for a name that -f could give.
_MAX_LOOK = 2000


class WantedFiles(NamedTuple):
    """What the caller asked for; paths are relative to `cwd`, which is absolute."""

    cwd: str
    files: tuple[str, ...] = ()
    project_directory: str | None = None
    project_name: str | None = None
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()


class FoundFiles(NamedTuple):
    """The files to merge, in order, and the project directory on which their relative paths hang."""

    directory: str
    files: tuple[str, ...]


def is_url(path: str) -> bool:
    """Whether Compose would fetch this path from elsewhere (git, OCI, a URL)."""
    return _REMOTE.match(path) is not None


def is_remote(path: str, directory: str) -> bool:
    """Whether a path that a project in `directory` names is fetched from elsewhere: by Compose, or, as one on another
    machine, by the system."""
    return is_url(path) or is_elsewhere(path, directory)


def discover(wanted: WantedFiles, environment: Environment, findings: Findings) -> FoundFiles:
    """The compose files of the project; on the way `environment` takes in the `.env` files that Compose reads.

    Raises EnvfixError where there is no compose file, or none can be read by that name.
    """
    cwd = wanted.cwd
    explicit = _absolute(wanted.project_directory, cwd) if wanted.project_directory else None
    files = tuple(_named(path, cwd, is_url(path)) for path in wanted.files)
    env_files = _env_files(wanted, environment)
    environment.load(env_files, explicit or _directory(files) or cwd)
    if not files:
        files = _from_variable(environment, cwd)
    if not files:
        files = _search(explicit or cwd, findings)
    directory = explicit or _directory(files) or cwd
    environment.load(env_files, directory)
    return FoundFiles(directory, files)


def led_from(cwd: str, named: object, sources: Mapping[str, str], directory: str) -> str:
    """The folder `cwd` where COMPOSE_FILE in an env file that is not the project's own says that the project is in
    `directory`; "" where compose files or the folder are `named`, or the shell's COMPOSE_FILE says so, which is the
    person's word. `sources` are the env files that set the variables."""
    led = not named and sources.get("COMPOSE_FILE") not in (None, os.path.join(directory, ".env"))
    return cwd if led else ""


def _absolute(path: str, cwd: str) -> str:
    return os.path.normpath(os.path.join(cwd, path))


def _named(path: str, cwd: str, remote: bool) -> str:
    if path == "-":
        raise EnvfixError("a compose file on standard input cannot be read: save it to a file and name that")
    if remote:
        raise EnvfixError("a remote compose file is not fetched: download it and name the copy", path=as_written(path))
    return at_place_of(path, _absolute(path, cwd))


def _directory(files: tuple[str, ...]) -> str | None:
    return os.path.dirname(files[0]) if files else None


def _env_files(wanted: WantedFiles, environment: Environment) -> tuple[str, ...]:
    """The env files that were asked for (`--env-file`, else COMPOSE_ENV_FILES of the shell), absolute."""
    named: Iterable[str] = wanted.env_files
    if not named and (listed := environment.variables.get("COMPOSE_ENV_FILES")):
        named = listed.split(",")
    return tuple(_absolute(path, wanted.cwd) for path in named)


def _from_variable(environment: Environment, cwd: str) -> tuple[str, ...]:
    listed = environment.told("COMPOSE_FILE")
    if listed is None:
        return ()
    separator = environment.variables.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
    # In the shell it is the person's word.
    is_far = is_remote if "COMPOSE_FILE" in environment.sources else lambda path, _: is_url(path)
    return tuple(_named(at_place_of(listed, path), cwd, is_far(path, cwd)) for path in listed.split(separator))


def _search(start: str, findings: Findings) -> tuple[str, ...]:
    directory = start
    while not (present := _present(directory, BASE_NAMES)):
        parent = os.path.dirname(directory)
        if parent == directory:
            raise EnvfixError(_nothing_found(start), path=start)
        directory = parent
    overrides = _present(directory, OVERRIDE_NAMES)
    for several in (present, overrides):
        if len(several) > 1:
            names = ", ".join(os.path.basename(path) for path in several[1:])
            findings.warn(f"Docker Compose reads this file, and not {names} beside it", several[0])
    return (present[0], *overrides[:1])


def _present(directory: str, names: Iterable[str]) -> list[str]:
    paths = (os.path.join(directory, name) for name in names)
    return [path for path in paths if os.path.exists(path)]


def _nothing_found(start: str) -> str:
    message = f"no compose file: looked for {', '.join(BASE_NAMES)} here and in the folders above"
    nearby = sorted(_nearby(start))
    if not nearby:
        return message + "; name yours with -f"
    return message + f"; name one with -f, such as {', '.join(nearby[:5])}"


def _nearby(start: str) -> Iterable[str]:
    """Compose files by their looks in the folder and those right below it."""
    folders = [start]
    seen = 0
    for folder in folders:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    seen += 1
                    if seen > _MAX_LOOK:
                        return
                    if folder is start and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    elif re.fullmatch(r".*compose.*\.ya?ml", entry.name, re.IGNORECASE):
                        yield os.path.relpath(entry.path, start)
        except OSError:
            continue


def project_name(
    wanted: str | None, environment: Environment, written: str | None, directory: str, findings: Findings
) -> str:
    """The project's name: as wanted, else COMPOSE_PROJECT_NAME, else as `written` in the files, else the folder's.
    Where nothing is left of it that Compose would take, that is refused, or it is "project"."""
    given = wanted or environment.told("COMPOSE_PROJECT_NAME")
    if given:
        if given != normalized(given):
            raise EnvfixError(
                "the project name must consist of lower-case letters, digits, - and _, and begin with a letter or digit"
            )
        return given
    name = normalized(written if written is not None else os.path.basename(directory))
    if not name:
        findings.refuse("the project's name is empty: give one with -p", path=directory)
    return at_place_of(written, name or "project")


def normalized(name: str) -> str:
    """A text as a project name: lower case, nothing but letters, digits, `_` and `-`, none of these two in front."""
    return re.sub(r"[^a-z0-9_-]", "", name.lower()).lstrip("_-")
