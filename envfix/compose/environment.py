"""Which variables are there, and which of them came from where?

Those that `${}` sees are the shell's, then the project's env files'; those that a container gets are its `env_file`s',
and over them its `environment`'s (compose-go's WithServicesEnvironmentResolved).
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from envfix.compose.interpolate import Growth
from envfix.compose.model import Context, EnvEntry, EnvFile, Origin
from envfix.compose.nodes import Findings, is_true, origin_of, scalar
from envfix.compose.sources import Sources
from envfix.envfile import EnvDocument, resolve
from envfix.errors import EnvfixError
from envfix.files import SHARE
from envfix.interpolation import InterpolationError, Lookup, variables
from envfix.shown import as_written

# From so many variables on, those of an env file are shared by the services and not copied.
_MANY = 1000


class Documents:
    """Every env file, read and parsed once; one that is read both ways is kept as Compose's grammar reads it."""

    def __init__(self, known: dict[str, EnvDocument], sources: Sources) -> None:
        self.all = known
        self.looked_for: set[str] = set()
        self._sources = sources
        self._otherwise: dict[str, EnvDocument] = {}
        self._read: dict[tuple[str, bool], frozenset[str]] = {}
        self._evaluated: dict[Any, dict[str, str]] = {}
        self.growth = Growth()

    def has(self, path: str) -> bool:
        """Whether there is such a file, or a document that stands for one: a template for what is not copied yet."""
        self.looked_for.add(path)
        return path in self.all or (os.path.exists(path) and not os.path.isdir(path))

    def get(self, path: str, *, raw: bool = False) -> EnvDocument:
        """The document at `path`; EnvfixError where it cannot be read or parsed."""
        self.looked_for.add(path)
        for documents in (self.all, self._otherwise):
            if path in documents and documents[path].raw == raw:
                return documents[path]
        document = self._sources.env(path, raw=raw)
        if path in self.all and raw:
            self._otherwise[path] = document
        else:
            if path in self.all:
                self._otherwise[path] = self.all[path]
            self.all[path] = document
        return document

    def evaluated(
        self, document: EnvDocument, known: Mapping[str, str], earlier: Mapping[str, str], findings: Findings
    ) -> dict[str, str]:
        """What `evaluate` says, found out once for all parts of a project in which the names that the document reads
        mean the same."""
        names = self.names_read(document)
        key = (document.path, document.raw, *((name, known.get(name), earlier.get(name)) for name in names))
        if key not in self._evaluated:
            self._evaluated[key] = self.evaluate(document, known.get, earlier, findings)
        return self._evaluated[key]

    def evaluate(
        self, document: EnvDocument, first: Lookup, earlier: Mapping[str, str], findings: Findings
    ) -> dict[str, str]:
        """What `evaluate` says. EnvfixError where the values of all files together get too much."""
        values = evaluate(document, first, earlier, findings)
        written = sum(len(binding.value or "") for binding in document.bindings)
        try:
            self.growth.add(max(0, sum(map(len, values.values())) - written))
        except InterpolationError as error:
            raise EnvfixError(error.message, path=document.path) from None
        return values

    def names_read(self, document: EnvDocument) -> frozenset[str]:
        """Every variable that a document's values depend on."""
        key = (document.path, document.raw)
        if key not in self._read:
            read: set[str] = set()
            for binding in document.bindings:
                if binding.value is None:
                    read.add(binding.name)
                elif "$" in binding.value and binding.quote != "'" and not document.raw:
                    read.update(variables(binding.value))
            self._read[key] = frozenset(read)
        return self._read[key]


class Environment:
    """The variables of one part of the project, taken in file by file: what is known stays."""

    def __init__(self, variables: dict[str, str], documents: Documents, findings: Findings) -> None:
        self.variables = variables
        self.shell = frozenset(variables)
        self.sources: dict[str, str] = {}
        self.env_files: list[str] = []
        self.documents = documents
        self.findings = findings

    def within(self, files: tuple[str, ...]) -> Environment:
        """A copy that has taken in `files` too: the environment of an included project."""
        inner = Environment(dict(self.variables), self.documents, self.findings)
        inner.shell, inner.sources = self.shell, dict(self.sources)
        inner.take(files)
        return inner

    def load(self, named: tuple[str, ...], directory: str) -> None:
        """Take in the env files that were `named`, or else the folder's `.env`, unless the shell says not to."""
        if named:
            if not self.env_files:
                self.take(named)
            return
        path = os.path.join(directory, ".env")
        if not self._disabled() and path not in self.env_files and self.documents.has(path):
            self.take((path,))

    def take(self, files: tuple[str, ...]) -> None:
        """Take in `files`, of which later ones win; EnvfixError for one that is missing or malformed."""
        values: dict[str, str] = {}
        sources: dict[str, str] = {}
        for path in files:
            document = self.documents.get(path)
            found = self.documents.evaluated(document, self.variables, values, self.findings)
            values.update(found)
            sources.update(dict.fromkeys(found, path))
            self.env_files.append(path)
        for name, value in values.items():
            if name not in self.variables:
                self.variables[name] = value
                self.sources[name] = sources[name]

    def told(self, name: str) -> str | None:
        """The value of a variable, told as its env file writes it where that fills in others: whoever wrote the file
        may not have their values, and a message must not give them."""
        value, path = self.variables.get(name), self.sources.get(name)
        if value is None or path is None:
            return value
        found = [binding for binding in self.documents.get(path).bindings if binding.name == name]
        template = found[-1].value if found and found[-1].quote != "'" else None
        if template is None or "$" not in template:
            return value
        return scalar(value, Origin(path, found[-1].line, 1), template=template)

    def _disabled(self) -> bool:
        value = self.variables.get("COMPOSE_DISABLE_ENV_FILE") if "COMPOSE_DISABLE_ENV_FILE" in self.shell else None
        if value is not None and value not in _TRUE and value not in _FALSE:
            raise EnvfixError("COMPOSE_DISABLE_ENV_FILE must be true or false")
        return value in _TRUE

    def context(self, directory: str) -> Context:
        return Context(directory, self.variables, self.shell, self.sources, tuple(self.env_files))


# Go's strconv.ParseBool.
_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


def evaluate(document: EnvDocument, first: Lookup, earlier: Mapping[str, str], findings: Findings) -> dict[str, str]:
    """The values that an env file gives. `first` is looked up before its own lines, `earlier` (files before it) after.

    A required variable that is missing is refused, or told where findings are lenient.
    """

    def missing(error: InterpolationError) -> None:
        if findings.strict:
            raise error
        findings.warn(error.message, error.path, error.line)

    values = resolve(document, first, on_missing=missing, earlier=earlier)
    return {binding.name: value for binding, value in zip(document.bindings, values, strict=True) if value is not None}


class ServiceEnvironment:
    """Resolves services against the `main` project's variables. An env file is parsed once, and evaluated once for all
    services whose own variables do not change what it says."""

    def __init__(self, main: Environment, findings: Findings) -> None:
        self.main = main
        self.findings = findings
        self._evaluated: dict[Any, dict[str, str]] = {}
        self._merged: dict[tuple[int, ...], dict[str, str]] = {}
        # A number for each row of files, made of the one before and the values of its last file.
        self._places: dict[tuple[int, int], int] = {}
        self._environments: dict[tuple[Any, ...], Mapping[str, str | None]] = {}

    def env_files(self, raw: Iterable[Any]) -> tuple[EnvFile, ...]:
        """The records of `env_file` entries in their long form."""
        return tuple(
            EnvFile(
                str(entry["path"]),
                is_true(entry.get("required", True)),
                entry.get("format") or None,
                self.main.documents.has(entry["path"]),
                getattr(entry["path"], "context", 0),
            )
            for entry in raw
        )

    def environment(
        self, entries: tuple[EnvEntry, ...], files: tuple[EnvFile, ...], raw: dict[str, Any], *, active: bool
    ) -> Mapping[str, str | None]:
        """Every variable that the container gets, the same object for services that get the same by the same files. The
        env files of a service that is not `active` need not be right. The entries must not be changed or lost."""
        listed = zip(files, raw.get("env_file") or [], strict=True)
        given = [file for file, entry in listed if self.readable(file, entry, active=active)]
        key = (active, id(entries), *given)
        if key not in self._environments:
            own = {entry.name: entry.value for entry in entries}
            layers: list[dict[str, str]] = []
            place = 0
            for file in given:
                layer = self.evaluated(file, own, layers, place, active=active)
                layers.append(layer)
                place = self._places.setdefault((place, id(layer)), len(self._places) + 1)
            values = self.merged(layers)
            if len(values) < _MANY:
                self._environments[key] = {**values, **own}
            else:
                self._environments[key] = ChainMap(own, values) if own else values  # type: ignore[arg-type]
        return self._environments[key]

    def merged(self, layers: list[dict[str, str]]) -> dict[str, str]:
        """The values of several env files, of which the later ones win; the same object for the same files."""
        if len(layers) == 1:
            return layers[0]
        key = tuple(map(id, layers))
        if key not in self._merged:
            self._merged[key] = _together(layers)
        return self._merged[key]

    def readable(self, file: EnvFile, entry: dict[str, Any], *, active: bool) -> bool:
        """Whether there is a file; one that is required and missing is refused."""
        if file.format not in (None, "raw"):
            if active:
                self.findings.refuse(
                    f"the env_file format {as_written(entry['format'])} is not known", origin_of(entry["path"])
                )
            return False
        if os.path.isdir(file.path) and active:
            self.findings.refuse(f"the env_file {as_written(entry['path'])} is a folder", origin_of(entry["path"]))
        elif file.path.startswith(SHARE) and active:
            message = f"the env_file {as_written(entry['path'])} lies on another machine, and is not looked at"
            self.findings.warn_at(message, origin_of(entry["path"]))
        elif not file.found and file.required and active:
            origin = origin_of(entry["path"])
            told = _from(origin.path if origin else "", as_written(entry["path"]))
            self.findings.refuse(f"the env_file {told} does not exist", origin)
        return file.found

    def evaluated(
        self, file: EnvFile, own: dict[str, str | None], layers: list[dict[str, str]], place: int, *, active: bool
    ) -> dict[str, str]:
        """The values of one env file, the same object for all services for which the names that it reads mean the same:
        `own` are the service's variables, `layers` the values of the files before it, and `place` their number."""
        known = self.main.variables

        def first(name: str) -> str | None:
            found = known.get(name)
            return own.get(name) if found is None else found

        try:
            document = self.main.documents.get(file.path, raw=file.format == "raw")
            names = self.main.documents.names_read(document)
            key = (active, file.path, document.raw, place, *((name, own[name]) for name in own if name in names))
            if key not in self._evaluated:
                findings = self.findings if active else Findings(strict=False)
                # Thousands of files would cost the square of what they hold, if each were given all before it.
                earlier = _together(layers) if names else {}
                self._evaluated[key] = self.main.documents.evaluate(document, first, earlier, findings)
            return self._evaluated[key]
        except EnvfixError:
            if active:
                raise
            return self.merged([])


def _together(layers: list[dict[str, str]]) -> dict[str, str]:
    return {name: value for layer in layers for name, value in layer.items()}


def _from(compose_file: str, path: str) -> str:
    """A path as it reads from the folder of a compose file, where it lies below that."""
    folder = os.path.join(os.path.dirname(compose_file), "")
    return path.removeprefix(folder) if os.path.isabs(folder) else path
