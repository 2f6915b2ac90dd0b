"""What a container's environment is: its `env_file`s, and over them its `environment`
(compose-go's WithServicesEnvironmentResolved)."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any

from envfix.compose.environment import Environment, evaluate
from envfix.compose.findings import Findings
from envfix.compose.model import EnvEntry, EnvFile
from envfix.compose.nodes import origin_of
from envfix.compose.specification import is_true
from envfix.envfile import EnvDocument
from envfix.errors import EnvfixError
from envfix.interpolation import Lookup, variables

# From so many variables on, those of an env file are shared by the services and not copied.
_MANY = 1000


class ServiceEnvironment:
    """Resolves services against the `main` project's variables. An env file is parsed once, and evaluated once for all
    services whose own variables do not change what it says."""

    def __init__(self, main: Environment, findings: Findings) -> None:
        self.main = main
        self.findings = findings
        self._read: dict[tuple[str, bool], tuple[str, ...]] = {}
        self._evaluated: dict[Any, dict[str, str]] = {}
        self._merged: dict[tuple[int, ...], dict[str, str]] = {}

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
        """Every variable that the container gets. The env files of a service that is not `active` need not be right."""
        own = {entry.name: entry.value for entry in entries}
        known = self.main.variables

        def first(name: str) -> str | None:
            found = known.get(name)
            return own.get(name) if found is None else found

        layers: list[dict[str, str]] = []
        for file, entry in zip(files, raw.get("env_file") or [], strict=True):
            if self.readable(file, entry, active=active):
                earlier = self.merged(layers)
                layers.append(self.evaluated(file, first, earlier, active=active))
        values = self.merged(layers)
        if len(values) < _MANY:
            return {**values, **own}
        return ChainMap(own, values) if own else values  # type: ignore[arg-type]

    def merged(self, layers: list[dict[str, str]]) -> dict[str, str]:
        """The values of several env files, of which the later ones win; the same object for the same files."""
        if len(layers) < 2:
            return layers[0] if layers else {}
        key = tuple(map(id, layers))
        if key not in self._merged:
            self._merged[key] = {name: value for layer in layers for name, value in layer.items()}
        return self._merged[key]

    def readable(self, file: EnvFile, entry: dict[str, Any], *, active: bool) -> bool:
        """Whether there is a file; one that is required and missing is refused."""
        if file.format not in (None, "raw"):
            if active:
                self.findings.refuse(f"the env_file format {file.format} is not known", origin_of(entry["path"]))
            return False
        if os.path.isdir(file.path) and active:
            self.findings.refuse(f"the env_file {file.path} is a folder", origin_of(entry["path"]))
        elif not file.found and file.required and active:
            self.findings.refuse(f"the env_file {file.path} does not exist", origin_of(entry["path"]))
        return file.found

    def evaluated(self, file: EnvFile, first: Lookup, earlier: dict[str, str], *, active: bool) -> dict[str, str]:
        """The values of one env file, shared by all services for which the names that it reads mean the same."""
        try:
            document = self.main.documents.get(file.path, raw=file.format == "raw")
            names = self.names_read(document)
            key = (file.path, document.raw, *map(first, names), *map(earlier.get, names))
            if key not in self._evaluated:
                findings = self.findings if active else Findings(strict=False)
                self._evaluated[key] = evaluate(document, first, earlier, findings)
            return self._evaluated[key]
        except EnvfixError:
            if active:
                raise
            return {}

    def names_read(self, document: EnvDocument) -> tuple[str, ...]:
        """Every variable that a document's values depend on."""
        key = (document.path, document.raw)
        if key not in self._read:
            read: dict[str, None] = {}
            for binding in document.bindings:
                if binding.value is None:
                    read[binding.name] = None
                elif "$" in binding.value and binding.quote != "'" and not document.raw:
                    read.update(dict.fromkeys(variables(binding.value)))
            self._read[key] = tuple(read)
        return self._read[key]
