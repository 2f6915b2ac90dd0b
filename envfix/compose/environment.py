"""Which variables does `${}` see, and which of them came from where: the shell, then the project's env files."""

from __future__ import annotations

import os
from collections.abc import Mapping

from envfix.compose.findings import Findings
from envfix.compose.model import Context
from envfix.envfile import EnvDocument, read_env, resolve
from envfix.errors import EnvfixError
from envfix.interpolation import InterpolationError, Lookup


class Documents:
    """Every env file, read and parsed once; one that is read both ways is kept as Compose's grammar reads it."""

    def __init__(self, known: dict[str, EnvDocument]) -> None:
        self.all = known
        self._otherwise: dict[str, EnvDocument] = {}

    def has(self, path: str) -> bool:
        """Whether there is such a file, or a document that stands for one: a template for what is not copied yet."""
        return path in self.all or (os.path.exists(path) and not os.path.isdir(path))

    def get(self, path: str, *, raw: bool = False) -> EnvDocument:
        """The document at `path`; EnvfixError where it cannot be read or parsed."""
        for documents in (self.all, self._otherwise):
            if path in documents and documents[path].raw == raw:
                return documents[path]
        document = read_env(path, raw=raw)
        if path in self.all and raw:
            self._otherwise[path] = document
        else:
            if path in self.all:
                self._otherwise[path] = self.all[path]
            self.all[path] = document
        return document


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
            found = evaluate(document, self.variables.get, values, self.findings)
            values.update(found)
            sources.update(dict.fromkeys(found, path))
            self.env_files.append(path)
        for name, value in values.items():
            if name not in self.variables:
                self.variables[name] = value
                self.sources[name] = sources[name]

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
