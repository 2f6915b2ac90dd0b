"""What a container's environment is: its `env_file`s, and over them its `environment`
(compose-go's WithServicesEnvironmentResolved)."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from typing import Any, cast

from envfix.compose.environment import Environment, evaluate
from envfix.compose.findings import Findings
from envfix.compose.model import EnvEntry, EnvFile
from envfix.compose.nodes import origin_of
from envfix.compose.specification import is_true
from envfix.errors import EnvfixError

# Up to so many values a copy for each service is cheap.
_LARGE = 1000


class ServiceEnvironment:
    """Resolves services against the `main` project's variables; each env file is parsed once for all of them."""

    def __init__(self, main: Environment, findings: Findings) -> None:
        self.main = main
        self.findings = findings
        self.shared: dict[tuple[tuple[EnvFile, ...], bool], dict[str, str]] = {}

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
        variables = self.main.variables

        def first(name: str) -> str | None:
            found = variables.get(name)
            return own.get(name) if found is None else found

        key = (files, active)
        values = self.shared.get(key)
        if values is None:
            values = {}
            for file, entry in zip(files, raw.get("env_file") or [], strict=True):
                if self.readable(file, entry, active=active):
                    values.update(self.evaluated(file, first, values, active=active))
            if self.alike(files):
                self.shared[key] = values
        # Services that share a large file share its values too; only one with variables of its own needs a copy.
        if len(values) > _LARGE and own:
            return ChainMap(own, cast(dict[str, str | None], values))
        return {**values, **own} if own or len(values) <= _LARGE else values

    def alike(self, files: tuple[EnvFile, ...]) -> bool:
        """Whether the files give every service the same: nothing in them is interpolated or inherited."""
        documents = [self.main.documents.all.get(file.path) for file in files]
        return all(
            document is not None
            and file.format is None
            and all(binding.value is not None and "$" not in binding.value for binding in document.bindings)
            for file, document in zip(files, documents, strict=True)
        )

    def readable(self, file: EnvFile, entry: dict[str, Any], *, active: bool) -> bool:
        """Whether there is a file; one that is required and missing is refused."""
        if file.format not in (None, "raw"):
            if active:
                self.findings.refuse(f"the env_file format {file.format} is not known", origin_of(entry["path"]))
            return False
        if os.path.isdir(file.path) and active:
            self.findings.refuse(f"the env_file {file.path} is a folder", origin_of(entry["path"]))
        if not file.found and file.required and active and not os.path.isdir(file.path):
            self.findings.refuse(f"the env_file {file.path} does not exist", origin_of(entry["path"]))
        return file.found

    def evaluated(self, file: EnvFile, first: Any, earlier: dict[str, str], *, active: bool) -> dict[str, str]:
        try:
            document = self.main.documents.get(file.path, raw=file.format == "raw")
            return evaluate(document, first, earlier, self.findings if active else Findings(strict=False))
        except EnvfixError:
            if active:
                raise
            return {}
