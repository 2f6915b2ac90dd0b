"""The way through: from a folder to a Project, in the order in which compose-go's loader goes.

For each document of each file: interpolate, include, extend, reset, merge, check, bring into the long form. Then the
paths are made absolute, and the model becomes records (services.py).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from envfix.compose.canonical import canonical_service
from envfix.compose.discovery import WantedFiles, discover, project_name
from envfix.compose.environment import Documents, Environment
from envfix.compose.extends import Base, Heirs, base_of
from envfix.compose.interpolate import Substitution
from envfix.compose.merge import Refused, Resets, assignment, merge, reset, unique_service, without
from envfix.compose.model import Origin, Project
from envfix.compose.nodes import Findings, Inherited, Scalar, at_place_of, chained, failure, origin_of
from envfix.compose.relative_paths import absolute_model
from envfix.compose.schema import Checker, Problem
from envfix.compose.services import build_project
from envfix.compose.sources import Sources
from envfix.compose.specification import PROJECT
from envfix.compose.tally import Tally
from envfix.compose.yaml import Document
from envfix.envfile import EnvDocument
from envfix.errors import EnvfixError
from envfix.shown import as_written

if TYPE_CHECKING:
    from envfix.compose.include import Included

StrPath = str | os.PathLike[str]
# How deep includes are followed, and how many in all, since files that each include the next one twice double.
_MAX_INCLUDES = 50
_MOST_INCLUDED = 500
_MOST_VARIABLES = 2_000_000
# Where a value of the wrong kind leaves nothing to diagnose.
_VITAL = ("environment", "env_file", "ports", "networks", "depends_on")


def load_project(
    directory: StrPath = ".",
    *,
    files: Iterable[StrPath] = (),
    project_directory: StrPath | None = None,
    project_name: str | None = None,
    env_files: Iterable[StrPath] = (),
    profiles: Iterable[str] = (),
    environ: Mapping[str, str] | None = None,
    strict: bool = False,
    documents: dict[str, EnvDocument] | None = None,
    sources: Sources | None = None,
) -> Project:
    """Read a Compose project as `docker compose` reads it when run in `directory`.

    `files`, `project_directory`, `project_name`, `env_files` and `profiles` are its options -f, --project-directory,
    -p, --env-file and --profile (`*`: all); relative paths count from `directory`. `environ` is the shell's environment
    (None: os.environ). With `strict`, whatever Compose refuses raises EnvfixError; otherwise what need not stop a
    diagnosis (a missing env_file, an unset required variable, a port that interpolation leaves empty, ...) becomes a
    warning of the Project. What is unreadable raises EnvfixError with file and line in either case. `documents` may
    hold env files read before, by absolute path, and takes those read now; `sources` the compose files of this run.
    """
    cwd = os.path.abspath(directory)
    wanted = WantedFiles(
        cwd,
        tuple(os.fspath(path) for path in files),
        os.fspath(project_directory) if project_directory is not None else None,
        project_name,
        tuple(os.fspath(path) for path in env_files),
        tuple(profiles),
    )
    known = {} if documents is None else documents
    return _Loading(wanted, _shell(environ, cwd), Findings(strict), known, sources or Sources()).run()


def _shell(environ: Mapping[str, str] | None, cwd: str) -> dict[str, str]:
    if environ is not None:
        return dict(environ)
    shell = dict(os.environ)
    if cwd != os.getcwd():
        shell["PWD"] = cwd
    return shell


class _Loading:
    """One run of the loader: what was read so far, and the environments of the project and its includes."""

    def __init__(
        self,
        wanted: WantedFiles,
        shell: dict[str, str],
        findings: Findings,
        documents: dict[str, EnvDocument],
        sources: Sources,
    ) -> None:
        self.wanted = wanted
        self.sources = sources
        self.findings = findings
        self.documents = Documents(documents, sources)
        self.environments = [Environment(shell, self.documents, findings)]
        self.directories: list[str] = []
        self.home = shell.get("HOME")
        self.parsed: dict[str, tuple[Document, ...]] = {}
        self.tally = Tally()
        self.checker = Checker()
        # Each service in its long form, by the id of what it was made of, which is kept with it.
        self.long: dict[int, tuple[dict[str, Any], dict[str, Any]]] = {}
        self.included: dict[tuple[Included, int], dict[str, Any]] = {}

    def run(self) -> Project:
        main = self.environments[0]
        found = discover(self.wanted, main, self.findings)
        self.directories.append(found.directory)
        name = self.name(found.files, found.directory)
        main.variables.setdefault("COMPOSE_PROJECT_NAME", name)
        try:
            model = self.model(found.files, found.directory, 0, ())
        except Refused as error:
            raise failure(error.message, error.value) from None
        if not model:
            raise EnvfixError("the compose file is empty", path=found.files[0])
        return build_project(
            model,
            name=name,
            directory=found.directory,
            files=tuple(dict.fromkeys((*found.files, *self.parsed))),
            profiles=self.profiles(),
            environments=self.environments,
            directories=self.directories,
            findings=self.findings,
        )

    def profiles(self) -> tuple[str, ...]:
        """The active profiles; without any the one whose name is empty is, as in Compose."""
        if self.wanted.profiles:
            return self.wanted.profiles
        listed = self.environments[0].told("COMPOSE_PROFILES") or ""
        return tuple(at_place_of(listed, part.strip()) for part in listed.split(","))

    def name(self, files: tuple[str, ...], directory: str) -> str:
        written: str | None = None
        for file in files:
            for document in self.read(file):
                value = document.root.get("name") if isinstance(document.root, dict) else None
                if isinstance(value, Scalar) and value:
                    written = self.substitution(0).fill(value)
        return project_name(self.wanted.project_name, self.environments[0], written, directory, self.findings)

    def substitution(self, context: int) -> Substitution:
        """What fills in the variables of a context."""
        return Substitution(self.environments[context].variables.get, context, self.findings, self.documents.growth)

    def read(self, path: str) -> tuple[Document, ...]:
        """The documents of a compose file, parsed once."""
        if path not in self.parsed:
            documents = self.parsed_file(path)
            for document in documents:
                if document.root is None:
                    raise EnvfixError("the compose file is empty, or holds an empty document", path=path)
                if not isinstance(document.root, dict):
                    raise EnvfixError("a compose file must be a mapping at its top", path=path, line=1)
            if not documents:
                raise EnvfixError("the compose file is empty", path=path)
            self.parsed[path] = documents
        return self.parsed[path]

    def parsed_file(self, path: str) -> tuple[Document, ...]:
        """The documents of the file; where there is none, a path that a variable filled is told as it is written."""
        if os.path.exists(path) or getattr(path, "template", None) is None:
            return self.sources.parsed(str(path))
        raise failure(f"there is no compose file {as_written(path)}: create it, or name another", path)

    def model(self, files: tuple[str, ...], directory: str, context: int, chain: tuple[str, ...]) -> dict[str, Any]:
        """The merged model of a project or an included one; `chain` are the files whose includes led here."""
        bases: dict[str, Base] = {}

        def load(path: str) -> Base:
            if path not in bases:
                bases[path] = self.base(path, context)
            return bases[path]

        model: dict[str, Any] = {}
        for file in files:
            heirs = Heirs(file, directory, self.findings, self.tally, load)
            for document in self.read(file):
                model = self.take(model, document, file, heirs, context, (*chain, file))
        return self.pass_through(absolute_model(_with_contexts(model), directory, self.home), context)

    def take(
        self, model: dict[str, Any], document: Document, file: str, heirs: Heirs, context: int, chain: tuple[str, ...]
    ) -> dict[str, Any]:
        """The model as changed by one more document."""
        self.tally.read(document.size, document.root)
        root = self.substitution(context).fill(document.root)
        if "include" in root:
            root = self.include(root, document, heirs.directory, context, chain)
        services = root.get("services")
        if isinstance(services, dict):
            root = {**root, "services": heirs.apply(_promoted(services), document.resets)}
        model = merge(reset(model, document.resets), root)
        model = self.checked(model, file)
        return self.long_form({key: value for key, value in model.items() if key != "version"})

    def base(self, path: str, context: int) -> Base:
        """The services of a file that is extended: interpolated and in the long form, but not checked."""
        model: dict[str, Any] = {}
        resets: Resets = ()
        for document in self.read(path):
            self.tally.read(document.size, document.root)
            root = self.substitution(context).fill(document.root)
            model = self.long_form(merge(reset(model, document.resets), root))
            resets = document.resets
        services = absolute_model(model, os.path.dirname(path), self.home).get("services")
        if not isinstance(services, dict):
            raise EnvfixError("this file is extended, but holds no services", path=path)
        return base_of(services, resets)

    def include(
        self, root: dict[str, Any], document: Document, directory: str, context: int, chain: tuple[str, ...]
    ) -> dict[str, Any]:
        """The root of a document with what it includes brought in."""
        from envfix.compose.include import bring_in, read_include  # only where another project is brought in

        for entry in read_include(root["include"], directory, self.findings):
            if entry.files[0] in chain or len(chain) > _MAX_INCLUDES:
                files = (os.path.basename(as_written(file)) for file in (*chain, entry.files[0]))
                raise EnvfixError(f"`include` goes round in a circle: {chained(files)}", path=chain[-1])
            root = bring_in(self.included_model(entry, context, chain), root, document.resets)
        return {key: value for key, value in root.items() if key != "include"}

    def included_model(self, entry: Included, context: int, chain: tuple[str, ...]) -> dict[str, Any]:
        key = (entry, context)
        if key not in self.included:
            if len(self.environments) > _MOST_INCLUDED:
                raise EnvfixError(f"more than {_MOST_INCLUDED} projects are brought in by `include`", path=chain[-1])
            self.environments.append(self.environments[context].within(entry.env_files))
            if sum(len(one.variables) for one in self.environments) > _MOST_VARIABLES:
                raise EnvfixError(f"the projects of `include` have more than {_MOST_VARIABLES:,} variables together")
            self.directories.append(entry.directory)
            inner = len(self.environments) - 1
            self.included[key] = self.model(entry.files, entry.directory, inner, chain)
        return self.included[key]

    def checked(self, model: dict[str, Any], file: str) -> dict[str, Any]:
        """The model without what the schema refuses; when strict, the first such thing raises EnvfixError."""
        found = self.checker.problems(model, PROJECT)
        for problem in found:
            self.refuse(problem, model, file)
        return without(model, [problem.path for problem in found])

    def refuse(self, problem: Problem, model: dict[str, Any], file: str) -> None:
        origin = _origin_of_problem(problem)
        message = f"{'.'.join(problem.path) or 'the file'} {problem.message}"
        vital = len(problem.path) < 3 and (problem.key in ("services", None) or "services" not in model)
        if len(problem.path) >= 3 and problem.path[0] == "services" and problem.path[2] in _VITAL:
            vital = problem.container is None or not _empty(problem)
        if vital:
            raise EnvfixError(message, path=origin.path if origin else file, line=origin.line if origin else None)
        self.findings.refuse(message, origin, file)

    def long_form(self, model: dict[str, Any]) -> dict[str, Any]:
        changed = {}
        for kind in ("services", "jobs"):
            entries = model.get(kind)
            if isinstance(entries, dict):
                changed[kind] = {
                    name: self.long_service(entry, (kind, str(name))) if isinstance(entry, dict) else entry
                    for name, entry in entries.items()
                }
        return {**model, **changed}

    def long_service(self, service: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
        known = self.long.get(id(service))
        if known is not None:
            return known[1]
        long = unique_service(canonical_service(service, path, self.findings), path)
        self.tally.ports(long.get("ports") or [])
        self.long[id(service)] = (service, long)
        # The long form of a long form is itself.
        self.long[id(long)] = (long, long)
        return long

    def pass_through(self, model: dict[str, Any], context: int) -> dict[str, Any]:
        """The model with `- NAME` items of `environment` given this environment's value; the mapping form `NAME:` waits
        for the main project's (compose-go's ResolveEnvironment)."""
        services = model.get("services")
        if not isinstance(services, dict):
            return model
        variables = self.environments[context].variables
        changed = {}
        for name, service in services.items():
            items = service.get("environment") if isinstance(service, dict) else None
            if isinstance(items, list) and any(item in variables for item in items):
                changed[name] = {**service, "environment": [_passed(item, variables, context) for item in items]}
        return {**model, "services": {**services, **changed}} if changed else model


def _passed(item: Any, variables: Mapping[str, str], context: int) -> Any:
    if item not in variables:
        return item
    made = Inherited(assignment(item, variables[item]))
    made.origin, made.template, made.context, made.quoted, made.moment = item.origin, None, context, False, False
    return made


def _with_contexts(model: dict[str, Any]) -> dict[str, Any]:
    """The model with `.` as the context of each build that names none."""
    services = model.get("services")
    if not isinstance(services, dict):
        return model
    changed = {
        name: {**service, "build": {"context": ".", **service["build"]}}
        for name, service in services.items()
        if isinstance(service, dict) and isinstance(service.get("build"), dict) and "context" not in service["build"]
    }
    return {**model, "services": {**services, **changed}} if changed else model


def _promoted(services: dict[str, Any]) -> dict[str, Any]:
    """`x-develop`, which was the name of `develop` before the specification took it up."""
    if not any(isinstance(service, dict) and "x-develop" in service for service in services.values()):
        return services
    return {
        name: {**service, "develop": service.get("develop") or service["x-develop"]}
        if isinstance(service, dict) and "x-develop" in service
        else service
        for name, service in services.items()
    }


def _origin_of_problem(problem: Problem) -> Origin | None:
    if isinstance(problem.container, list):
        return origin_of(problem.container[problem.key]) or origin_of(problem.container)
    return origin_of(problem.key) or origin_of(problem.container)


def _empty(problem: Problem) -> bool:
    return problem.container[problem.key] is None if problem.container is not None else False
