"""What Docker Compose sees in a project, as immutable records: the answer of `load_project`.

Everything here is resolved (merged, interpolated, env files read) and still knows where it came from: an `Origin` names
the place in a compose file, a `context` the set of variables by which `${}` was resolved there. A text that stands in a
compose file as it is here is a `nodes.Scalar`: `nodes.origin_of` tells its place.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from envfix.named_tuples import NamedTuple
from envfix.records import Notice
from envfix.shell_words import Command
from envfix.shown import as_written

_NOTHING: Mapping[str, str] = MappingProxyType({})

if TYPE_CHECKING:
    from envfix.envfile import EnvDocument


class Origin(NamedTuple):
    """A place in a compose file: `path` absolute, `line` and `column` from 1 (columns in characters), `start` and `end`
    the span of the scalar as written (quotes included) in the file's decoded text, a byte-order mark not counted."""

    path: str
    line: int
    column: int
    start: int = 0
    end: int = 0


class Port(NamedTuple):
    """One entry of `ports` after expansion. `published` is None where the engine chooses, and may be a range
    ("3000-3002"); `protocol` is "tcp" unless told; `host_ip` None means every address."""

    target: int
    published: str | None
    protocol: str
    host_ip: str | None


class EnvEntry(NamedTuple):
    """One entry of a service's `environment` after all merging.

    `template` is the text before interpolation, None for a pass-through (`- NAME`), whose `value` is then the
    variable's, or None if that is unset. `origin` is where the value stands; for a list item the item.
    """

    name: str
    value: str | None
    template: str | None
    origin: Origin
    context: int

    def __repr__(self) -> str:
        return f"EnvEntry(name={self.name!r}, line={self.origin.line})"


class EnvFile(NamedTuple):
    """One `env_file` of a service: `path` absolute, `format` None or "raw", `found` if it could be read."""

    path: str
    required: bool
    format: str | None
    found: bool
    context: int


class Template(NamedTuple):
    """A scalar with `$` in it, outside `environment`: its `place` within the service (such as ("healthcheck", "test")),
    the `template` before and its `value` after interpolation."""

    place: tuple[str, ...]
    template: str
    value: str
    origin: Origin
    context: int

    def __repr__(self) -> str:
        return f"Template(place={self.place!r}, line={self.origin.line})"

    @property
    def name(self) -> str:
        """What it is called where an entry of `environment` has its variable's name: `healthcheck.test`."""
        return ".".join(self.place)


class Mount(NamedTuple):
    """A host path or volume that the container sees: `type` is "bind", "volume", "tmpfs", ..., "sync" for a
    `develop.watch` rule, "config" or "secret" for a file of the project that is handed over as one; the `source` of
    "bind", "sync", "config" and "secret" is absolute. `ignored` are the patterns of what a "sync" leaves out."""

    type: str
    source: str
    target: str
    read_only: bool
    ignored: tuple[str, ...] = ()


class Build(NamedTuple):
    """How the image is built: `context` absolute, or a URL; `args` None where the value is the builder's;
    `additional_contexts` by name, folders absolute, others as they are written (`docker-image://`, `service:x`, a
    URL)."""

    context: str
    dockerfile: str | None
    inline: str | None
    target: str | None
    args: dict[str, str | None]
    additional_contexts: Mapping[str, str] = _NOTHING

    def __repr__(self) -> str:
        return f"Build(context={self.context!r}, dockerfile={self.dockerfile!r}, target={self.target!r})"

    @property
    def key(self) -> object:
        """What is equal for builds that are, and can be looked up."""
        args, contexts = frozenset(self.args.items()), frozenset(self.additional_contexts.items())
        return (self.context, self.dockerfile, self.inline, self.target, args, contexts)


class Service(NamedTuple):
    """One service as `docker compose config` gives it (Compose spec, services). `environment` is every variable that
    the container gets, by `env_file` and `environment`; None: handed on, but unset. `networks` has the aliases on each
    network, `depends_on` the condition for each service (links and shared namespaces included), `extra_hosts` texts
    `NAME=ADDRESS`. `replicas` is how many containers Compose starts (`scale`, else `deploy.replicas`, else 1), and
    `files` are the configs and secrets that are files of the project."""

    name: str
    image: str | None
    build: Build | None
    environment: Mapping[str, str | None]
    entries: tuple[EnvEntry, ...]
    ports: tuple[Port, ...]
    expose: tuple[str, ...]
    networks: dict[str, tuple[str, ...]]
    network_mode: str | None
    profiles: tuple[str, ...]
    depends_on: dict[str, str]
    env_files: tuple[EnvFile, ...]
    command: Command | None
    entrypoint: Command | None
    healthcheck: dict[str, Any] | None
    volumes: tuple[Mount, ...]
    container_name: str | None
    hostname: str | None
    extra_hosts: tuple[str, ...]
    links: tuple[str, ...]
    working_dir: str | None
    restart: str | None
    templates: tuple[Template, ...]
    origin: Origin
    raw: dict[str, Any]
    replicas: int = 1
    labels: Mapping[str, str] = _NOTHING
    files: tuple[Mount, ...] = ()

    def __repr__(self) -> str:
        return f"Service(name={self.name!r})"


class Context(NamedTuple):
    """The variables by which one part of the project is interpolated: number 0 is the main project's, each include
    with a `.env` of its own adds one.

    `variables` is everything `${}` sees, `shell` the names that came from the environment of the run, `sources` the
    env file that set each of the others, `env_files` those that were read, in order (absolute paths).
    """

    directory: str
    variables: dict[str, str]
    shell: frozenset[str]
    sources: dict[str, str]
    env_files: tuple[str, ...]

    def __repr__(self) -> str:
        return f"Context(directory={self.directory!r}, env_files={self.env_files!r})"


class Project(NamedTuple):
    """A Compose project. `services` are the active ones, `inactive` those that only another profile brings up; `files`
    the compose files, absolute, with those of `include` and `extends` last; `networks` those that some service is on,
    each as declared, with the `name` that the engine knows it by and whether it is `external`; `documents` has every
    env file read, `looked_for` the paths at which there might have been one: what stands elsewhere changes nothing."""

    name: str
    directory: str
    files: tuple[str, ...]
    services: dict[str, Service]
    inactive: dict[str, Service]
    networks: dict[str, Any]
    contexts: tuple[Context, ...]
    profiles: tuple[str, ...]
    warnings: tuple[Notice, ...]
    documents: "dict[str, EnvDocument]"
    looked_for: frozenset[str] = frozenset()

    @property
    def every_service(self) -> tuple[Service, ...]:
        """The active services, then the inactive ones."""
        return (*self.services.values(), *self.inactive.values())

    def __repr__(self) -> str:
        return (
            f"Project(name={as_written(self.name)!r}, directory={self.directory!r}, services={sorted(self.services)!r})"
        )
