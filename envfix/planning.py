"""The whole way through, as a library: a folder in, a plan out.

`plan` reads a Compose project and its env files and decides about every address; `apply` writes what was decided. The
command line uses `make`, which also hands out the project itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal

from envfix.compose.discovery import led_from
from envfix.compose.loader import StrPath, load_project
from envfix.compose.model import Project
from envfix.compose.sources import Sources
from envfix.envfile import EnvDocument
from envfix.errors import EnvfixError
from envfix.git.worktree import around
from envfix.loaders.table import Loader
from envfix.named_tuples import NamedTuple
from envfix.project.env_files import Discovery, Shown, may_find
from envfix.project.env_names import awaited, is_template, stands_for
from envfix.project.hints import hint_of
from envfix.project.ports import Ports
from envfix.project.stand_ins import Projects
from envfix.project.strangers import strangers
from envfix.project.uses import Reading
from envfix.records import EnvFileState, Notice, Plan, Reference
from envfix.resolver.idle import idle_comments, idle_settings
from envfix.rewriter import patches
from envfix.settings import Settings
from envfix.settings_file import load_settings
from envfix.shell_patterns import Names
from envfix.shown import as_written

if TYPE_CHECKING:
    from envfix.resolver.rewrite import Decided
    from envfix.source import Code


class Request(NamedTuple):
    """What to read and judge: options as `docker compose` has them, relative to `directory`; `named` are env files
    (absolute): only these are judged, unless the `whole` project is meant too; `only` names or shell patterns of the
    variables to decide on; `environ` the shell's environment, None for the process's own; `sources` what this run has
    read before; `alone`: services are not taken together (`project.classes`), which changes nothing but the time;
    `reasons`: each reference is to hold the reasoning about it."""

    directory: str
    files: tuple[str, ...] = ()
    project_directory: str | None = None
    project_name: str | None = None
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    environ: Mapping[str, str] | None = None
    host_gateway: bool = False
    compose: bool = False
    to: str = "container"
    whole: bool = False
    only: tuple[str, ...] = ()
    sources: Sources | None = None
    explain: tuple[str, ...] = ()
    alone: bool = False
    reasons: bool = True


class Made(NamedTuple):
    """A plan, and what it rests on: the project, its reading and its settings, each decision, and the files as they
    were read (`documents` by their own paths, and by them the `loaders` of programs that load them). `parts` are
    the plans for several templates, of which this one is made; `searched` is the code that the decisions asked, where
    there are any, `top` the folder outside which none is looked for."""

    plan: Plan
    project: Project
    reading: Reading
    decided: tuple[Decided, ...]
    documents: Mapping[str, EnvDocument]
    loaders: Mapping[str, tuple[Loader, ...]]
    sources: Sources
    settings: Settings
    top: str
    compose: bool = False
    parts: tuple[Made, ...] = ()
    searched: Code | None = None

    @property
    def code(self) -> Code:
        """What the source of the services says."""
        from envfix.source import Code

        return self.searched or Code(self.reading.ports, self.top)


def plan(
    directory: StrPath = ".",
    *,
    files: Sequence[StrPath] = (),
    env_files: Sequence[StrPath] = (),
    profiles: Sequence[str] = (),
    to: Literal["container", "host"] = "container",
    compose: bool = False,
) -> Plan:
    """Read the Compose project of `directory` and decide about every address in its env files; nothing is written.

    `files` are compose files as with `docker compose -f`, `env_files` as with `--env-file`, `profiles` as with
    `--profile`; relative paths count from `directory`. `to` is for whom the addresses are to be right: programs in
    containers, or those on the host. With `compose` the plan also changes the compose files' own literals and defaults.
    Raises EnvfixError for whatever cannot be read, and for a direction that there is not.

    What a project may cost is bounded, and what hostile files may make of that can still be minutes: a limit of time,
    which the command has, is the caller's, since it takes a signal, or a process that can be ended. For projects of
    strangers call this in a process of its own, or run the command with `--format json`.
    """
    if to not in ("container", "host"):
        raise EnvfixError(f"to={to!r}: the direction is 'container' or 'host'")
    request = Request(
        os.path.abspath(os.fspath(directory)),
        tuple(os.fspath(path) for path in files),
        env_files=tuple(os.fspath(path) for path in env_files),
        profiles=tuple(profiles),
        to=to,
        compose=compose,
    )
    return make(request).plan


def apply(plan: Plan) -> tuple[str, ...]:
    """Write what the plan decided: backups first (`restore` finds them), then every file or none. The paths of what was
    written, absolute.

    Raises EnvfixError where a file changed since the plan was made, or may not be written.
    """
    from envfix.disk.backups import check_own, check_target, write

    check_own(plan.asked, plan.directory)
    targets = {patch.path: check_target(patch.path, directory=plan.directory, named=False) for patch in plan.patches}
    if plan.patches:
        write(plan.patches, directory=plan.directory, targets=targets)
    return tuple(patch.path for patch in plan.patches)


def restore(directory: StrPath = ".") -> tuple[str, ...]:
    """Put back what the last write of the project in `directory` changed, `apply`'s or the command's; again: one
    further back. The paths of what was put back, absolute.

    Raises EnvfixError where there is nothing to put back, or a file holds newer content.
    """
    from envfix.disk.backups import restore as put_back

    return put_back(os.path.abspath(os.fspath(directory))).files


def make(request: Request) -> Made:
    """The plan for one project. Raises EnvfixError."""
    made = _whole(request._replace(sources=request.sources or Sources()))
    if not request.only:
        return made
    names = Names(request.only)
    named = {one for one in made.plan.references if names.first(one.variable) is not None}
    links = {one.link for one in named} - {None}
    chosen = [one for one in made.plan.references if one in named or one.link in links]
    parts, wanted = made.parts or (made,), frozenset(chosen)
    kept = [part._replace(decided=tuple(one for one in part.decided if one.reference in wanted)) for part in parts]
    return selected(kept[0]._replace(plan=made.plan, documents=made.documents, parts=tuple(kept)), chosen)


def variables(made: Made) -> frozenset[str]:
    """The names of all variables that the judged env files or the services' `environment:` set."""
    judged = {state.path for state in made.plan.env_files}
    documents = (document for path, document in made.documents.items() if path in judged)
    written = {binding.name for document in documents for binding in document.bindings}
    services = made.project.every_service
    return frozenset(written | {as_written(entry.name) for service in services for entry in service.entries})


def _whole(request: Request) -> Made:
    """The plan for all variables."""
    templates = [path for path in request.named if is_template(path)]
    projects = Projects(partial(_load, request))
    if not templates:
        return _make(request, projects, request.named, {})
    first = templates[0]
    stand_in = _in_place(request, projects, first)
    # A file that the project itself reads is what it is, whatever its name (`env_file: .env.dist`).
    read = _project_files(stand_in.project)
    templates = [path for path in templates if path not in read]
    plain = tuple(path for path in request.named if path not in templates)
    made = [_make(request, projects, plain, {})] if plain or request.whole else []
    made += [stand_in if path == first else _in_place(request, projects, path) for path in templates]
    return _joined(made) if len(made) > 1 else made[0]


def selected(made: Made, chosen: Iterable[Reference]) -> Made:
    """The plan with the references `chosen` alone, and with what they change. Raises EnvfixError where two of them
    change one place differently."""
    references = tuple(dict.fromkeys(chosen))
    patched = patches(references, made.documents, made.loaders, made.sources if made.compose else None)
    changed = {patch.path for patch in patched}
    states = tuple(state._replace(changed=state.path in changed) for state in made.plan.env_files)
    return made._replace(plan=made.plan._replace(references=references, patches=patched, env_files=states))


def _in_place(request: Request, projects: Projects, template: str) -> Made:
    """The plan for a template alone, as if it lay where the file is that it is a template of."""
    path = stands_for(template)
    return _make(request._replace(whole=False), projects, (path,), {path: template})


def _joined(parts: list[Made]) -> Made:
    plans = [one.plan for one in parts]
    plan = plans[0]._replace(
        env_files=tuple(dict.fromkeys(state for one in plans for state in one.env_files)),
        references=tuple(dict.fromkeys(reference for one in plans for reference in one.references)),
        patches=tuple({patch.path: patch for one in plans for patch in one.patches}.values()),
        warnings=tuple(dict.fromkeys(notice for one in plans for notice in one.warnings)),
    )
    documents = {path: document for one in parts for path, document in one.documents.items()}
    loaders = {path: known for one in parts for path, known in one.loaders.items()}
    return parts[0]._replace(plan=plan, documents=documents, loaders=loaders, parts=tuple(parts))


class _Read(NamedTuple):
    """What a run has read: the project, the settings, every env file by the path that the project knows it by, the
    paths of those that are judged, which of them programs find for themselves, the root of a `stranger`'s work tree
    around the project, the `top` folder of the project's own, else the project's, links resolved, and the `sources`
    of all."""

    project: Project
    settings: Settings
    ports: Ports
    documents: dict[str, EnvDocument]
    scope: tuple[str, ...]
    shown: Mapping[str, Sequence[Shown]]
    warnings: tuple[Notice, ...]
    stranger: str | None
    top: str
    sources: Sources


def _make(request: Request, projects: Projects, named: tuple[str, ...], stand_ins: dict[str, str]) -> Made:
    read = _read(request, projects, named, stand_ins)
    project, documents = read.project, read.documents
    hint = hint_of(read.ports.topology, request.to)
    to_come = awaited(project, read.sources)
    reading = Reading(project, documents, read.ports, hint, read.shown, awaited=to_come, alone=request.alone)
    decided, traps, code = _decide(request, read, reading)
    references = tuple(one.reference for one in decided)
    own = {document.path: document for document in documents.values()}
    loaders = {document.path: reading.loaders_of(path) for path, document in documents.items()}
    patched = patches(references, own, loaders, read.sources if request.compose else None)
    changed = {patch.path for patch in patched}
    chosen = request.files or request.project_directory
    asked = led_from(request.directory, chosen, project.contexts[0].sources, project.directory)
    plan = Plan(
        directory=project.directory,
        name=as_written(project.name),
        compose_files=project.files,
        profiles=tuple(dict.fromkeys(map(as_written, project.profiles))),
        env_files=tuple(EnvFileState(documents[path].path, documents[path].path in changed) for path in read.scope),
        references=references,
        patches=patched,
        warnings=(
            *project.warnings,
            *strangers(read.stranger, asked, project.directory),
            *read.warnings,
            *traps,
            *_hidden(reading, references),
            *(_idle(request, read, references) if request.to == "container" else ()),
        ),
        asked=asked,
    )
    return Made(
        plan,
        project,
        reading,
        decided,
        documents=own,
        loaders=loaders,
        sources=read.sources,
        settings=read.settings,
        top=read.top,
        compose=request.compose,
        searched=code,
    )


def _load(request: Request, documents: dict[str, EnvDocument]) -> Project:
    return load_project(
        request.directory,
        files=request.files,
        project_directory=request.project_directory,
        project_name=request.project_name,
        env_files=request.env_files,
        profiles=request.profiles,
        environ=request.environ,
        documents=documents,
        sources=request.sources,
    )


def _read(request: Request, projects: Projects, named: tuple[str, ...], stand_ins: dict[str, str]) -> _Read:
    """Everything that the decisions rest on. `stand_ins`: templates, by the paths of the files that they stand for."""
    sources = request.sources
    assert sources is not None  # `make` saw to it
    stands = {path: sources.env(template) for path, template in stand_ins.items()}
    ports, known, others = projects.read(stands, named)
    project = ports.project
    named = tuple(others.get(path, path) for path in named)
    tree, theirs = around(project.directory)
    settings = load_settings(project.directory, tree.root if tree is not None else None)
    top = tree.root if tree is not None else os.path.realpath(project.directory)
    settings.check(ports.services)
    found = Discovery()
    if named or settings.env_files or any(may_find(ports, name) for name in ports.services):
        from envfix.project.discovery import discover  # nine modules, on what builds, mounts and loaders do

        found = discover(ports, known, sources, settings.env_files, named)
    documents = {**known, **found.documents}
    own = (path for path in (*_project_files(project), *found.paths) if path in documents)
    scope = (*named, *own) if request.whole or not named else named
    judged = tuple(dict.fromkeys(scope))
    return _Read(project, settings, ports, documents, judged, found.shown, found.warnings, theirs, top, sources)


def _decide(
    request: Request, read: _Read, reading: Reading
) -> tuple[tuple[Decided, ...], tuple[Notice, ...], Code | None]:
    """The decisions about the judged env files and about the compose files, the warnings about lines that are to be
    changed, and the code that was asked."""
    # Many a project names no address, neither localhost nor a service with its port, and needs none of what follows.
    if not reading.names_hosts(read.scope):
        return (), (), None
    if request.to == "host":
        from envfix.resolver.to_host import decide_to_host

        decided, in_compose, code = decide_to_host(reading, read.scope, read.settings), [], None
    else:
        from envfix.resolver.decide import decide, judge_of
        from envfix.resolver.in_compose import decide_in_compose
        from envfix.resolver.places import Scope
        from envfix.source import Code

        code = Code(read.ports, read.top)
        judge = judge_of(reading, read.scope, request.named)
        scope = Scope(read.scope, read.settings, request.host_gateway, code, Names(request.explain), request.reasons)
        decided = decide(reading, scope, judge)
        in_compose = decide_in_compose(reading, judge, read.sources, host_gateway=request.host_gateway)
    from envfix.resolver.witnesses import witnessed

    judged, traps = witnessed(decided, reading)
    return (*judged, *in_compose), traps, code


def _project_files(project: Project) -> list[str]:
    """The env files that the project reads, in the order in which it does."""
    paths = [path for context in project.contexts for path in context.env_files]
    for service in project.every_service:
        paths += [file.path for file in service.env_files if file.found]
    return paths


def _idle(request: Request, read: _Read, references: tuple[Reference, ...]) -> Iterator[Notice]:
    """A warning for each comment of the judged files that does nothing, and, where the whole project is judged, for
    each word of the configuration that fits nothing."""
    services = read.ports.topology.services
    yield from idle_comments((read.documents[path] for path in read.scope), references, services)
    if not request.named:
        names = {entry.name for service in services.values() for entry in service.entries}
        yield from idle_settings(read.settings, read.project.directory, read.documents, names, references)


def _hidden(reading: Reading, references: tuple[Reference, ...]) -> list[Notice]:
    """A warning for each binding to be changed that an exported shell variable hides."""
    context = reading.project.contexts[0]
    sources = {document.path for path in context.env_files if (document := reading.documents.get(path)) is not None}
    return [
        Notice(
            reference.path,
            reference.line,
            f"{reference.variable} is exported in the shell, which wins over the file: "
            "unset it, or the change has no effect",
        )
        for reference in references
        if reference.decision != "keep" and reference.variable in context.shell and reference.path in sources
    ]
