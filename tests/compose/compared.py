"""The real Docker Compose and `load_project` asked about the same folder, and their answers in one shape.

Which Docker Compose it is, real_compose.py says.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from real_compose import BINARY, SOON

from envfix.compose import Project, Service, load_project
from envfix.errors import EnvfixError

SHARED = Path(__file__).parents[3] / "shared"
REFUSED = "refused"


class Call(NamedTuple):
    """How Compose is called: its global arguments, the working directory within the project, exported variables."""

    args: tuple[str, ...] = ()
    cwd: str = "."
    env: Mapping[str, str] = {}


def shell(root: Path, call: Call) -> dict[str, str]:
    variables = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "PWD": str(root / call.cwd)}
    return variables | {name: value.replace("{ROOT}", str(root)) for name, value in call.env.items()}


def real(root: Path, call: Call) -> dict[str, Any] | str:
    """What Compose says of the project, in our shape; REFUSED with its reason where it refuses."""
    done = subprocess.run(
        [BINARY or "docker-compose", *_placed(call.args, root), "config", "--format", "json"],
        cwd=root / call.cwd,
        env={**shell(root, call), **SOON},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )
    if done.returncode != 0:
        return f"{REFUSED}: {done.stderr.decode('utf-8', 'replace').strip()}"
    # `config` doubles every `$` of its output.
    return answer(json.loads(done.stdout.decode("utf-8", "replace").replace("$$", "$")))


def ours(root: Path, call: Call) -> dict[str, Any] | str:
    """What `load_project` says, in the same shape."""
    try:
        project = load_project(root / call.cwd, environ=shell(root, call), strict=True, **options(call.args, root))
    except EnvfixError as error:
        return f"{REFUSED}: {error}"
    return facts(project)


def options(args: Sequence[str], root: Path) -> dict[str, Any]:
    """Compose's global arguments as `load_project` takes them."""
    found: dict[str, Any] = {}
    names = iter(_placed(args, root))
    for name in names:
        value = next(names)
        if name in ("-f", "--env-file", "--profile"):
            key = {"-f": "files", "--env-file": "env_files", "--profile": "profiles"}[name]
            found.setdefault(key, []).append(value)
        else:
            found[{"-p": "project_name", "--project-directory": "project_directory"}[name]] = value
    return found


def _placed(args: Sequence[str], root: Path) -> list[str]:
    return [arg.replace("{ROOT}", str(root)) for arg in args]


def facts(project: Project) -> dict[str, Any]:
    used = {name for service in project.services.values() for name in service.networks}
    return {
        "name": project.name,
        "services": {name: _facts_of(service) for name, service in sorted(project.services.items())},
        "networks": {name: network["name"] for name, network in sorted(project.networks.items()) if name in used},
    }


def _facts_of(service: Service) -> dict[str, Any]:
    build = service.build
    return {
        "environment": {printable(name): printable(value) for name, value in sorted(service.environment.items())},
        "ports": [[port.published, port.target, port.protocol, port.host_ip] for port in service.ports],
        "expose": list(service.expose),
        "networks": {name: list(aliases) for name, aliases in sorted(service.networks.items())},
        "profiles": list(service.profiles),
        "depends_on": dict(sorted(service.depends_on.items())),
        "command": None if service.command is None else list(service.command),
        "entrypoint": None if service.entrypoint is None else list(service.entrypoint),
        "test": (service.healthcheck or {}).get("test"),
        "volumes": [list(mount[:4]) for mount in service.volumes if mount.type != "sync"],
        "links": list(service.links),
        "extra_hosts": sorted(service.extra_hosts),
        "build": None
        if build is None
        else [build.context, build.dockerfile, build.inline, build.target, _set(build.args)],
        **{key: getattr(service, key) for key in _TEXTS},
    }


_TEXTS = ("network_mode", "image", "container_name", "hostname", "working_dir", "restart")


def answer(model: dict[str, Any]) -> dict[str, Any]:
    """Compose's JSON in our shape."""
    return {
        "name": model["name"],
        "services": {name: _answer_of(raw) for name, raw in sorted((model.get("services") or {}).items())},
        "networks": {name: raw["name"] for name, raw in sorted((model.get("networks") or {}).items())},
    }


def _answer_of(raw: dict[str, Any]) -> dict[str, Any]:
    build = raw.get("build")
    return {
        "environment": raw.get("environment") or {},
        "ports": [
            [port.get(key) for key in ("published", "target", "protocol", "host_ip")] for port in _of(raw, "ports")
        ],
        "expose": raw.get("expose") or [],
        "networks": {name: (value or {}).get("aliases") or [] for name, value in (raw.get("networks") or {}).items()},
        "profiles": raw.get("profiles") or [],
        "depends_on": {name: value["condition"] for name, value in sorted((raw.get("depends_on") or {}).items())},
        "command": raw.get("command"),
        "entrypoint": raw.get("entrypoint"),
        "test": (raw.get("healthcheck") or {}).get("test"),
        "volumes": [
            [volume["type"], volume.get("source", ""), volume.get("target", ""), volume.get("read_only", False)]
            for volume in _of(raw, "volumes")
        ],
        "links": raw.get("links") or [],
        "extra_hosts": sorted(raw.get("extra_hosts") or []),
        "build": None
        if build is None
        else [
            *(build.get(key) for key in ("context", "dockerfile", "dockerfile_inline", "target")),
            _set(build.get("args") or {}),
        ],
        **{key: raw.get(key) for key in _TEXTS},
    }


def _of(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    return raw.get(key) or []


def _set(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def printable(text: str | None) -> str | None:
    """A text of ours as it comes out of Compose's JSON, which replaces bytes that are not UTF-8."""
    return None if text is None else text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def assert_alike(root: Path, call: Call, *, refused: bool | None = None) -> str:
    """Both read the project alike, or both refuse it; `refused` says which of the two is meant, if that is known. What
    Compose said in a word: "read", or why it refused."""
    theirs, mine = real(root, call), ours(root, call)
    if refused is not None:
        assert isinstance(theirs, str) == refused, theirs
    if isinstance(theirs, str) or isinstance(mine, str):
        assert isinstance(theirs, str) == isinstance(mine, str), (theirs, mine)
    else:
        assert mine == theirs
    return theirs if isinstance(theirs, str) else "read"


class Case(NamedTuple):
    """A small project of one of the files in `projects`: the rule that it shows, and its files."""

    rule: str
    call: Call
    refused: bool
    files: dict[str, str]

    def write(self, root: Path) -> None:
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8", newline="")


def cases(path: Path) -> Iterator[Case]:
    """The projects of one file. `=== rule` begins one, `--- name` a file of it; between the two stand `args:`, `cwd:`,
    `env:` and `refused`."""
    for chunk in path.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, *parts = f"\n{chunk}".split("\n--- ")
        lines = head.strip().split("\n")
        fields = {key: value.strip() for key, _, value in (line.partition(":") for line in lines[1:])}
        env = dict(pair.split("=", 1) for pair in fields.get("env", "").split())
        files = {name.strip(): content + "\n" for name, _, content in (part.partition("\n") for part in parts)}
        call = Call(tuple(fields.get("args", "").split()), fields.get("cwd", "."), env)
        yield Case(lines[0], call, "refused" in fields, files)


def fresh(folder: Path) -> Path:
    """An empty folder called `project`, so that the project's name is known; no compose file lies above it."""
    root = folder / "project"
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    return root
