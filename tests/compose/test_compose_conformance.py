"""The conformance suite beside this project, where it is there: cases made by asking the real Docker Compose."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from compared import SHARED, Call, fresh, options, printable, shell

from envfix.compose import Project, Service, load_project
from envfix.errors import EnvfixError

SUITE = SHARED / "conformance"
NAMES = sorted(path.parent.name for path in SUITE.glob("*/case.json"))
# `config --environment` prints a value of several lines such that its reader takes the second for another variable.
UNPRINTED = {"063-dotenv-multiline", "075-dotenv-last-line-without-value", "080-dotenv-non-utf8-value"}


@pytest.mark.skipif(not NAMES, reason=f"no conformance suite at {SUITE}")
@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_the_conformance_suite(name: str, tmp_path: Path) -> None:
    case = json.loads((SUITE / name / "case.json").read_text())
    root = prepared(SUITE / name, case, tmp_path)
    call = Call(tuple(case.get("args", ())), case.get("cwd", "."), case.get("env", {}))
    everything = call if "--profile" in call.args else call._replace(args=(*call.args, "--profile", "*"))
    mine = read(root, everything)
    if (SUITE / name / "error.txt").exists():
        assert isinstance(mine, str), (SUITE / name / "error.txt").read_text()
        return
    assert not isinstance(mine, str), mine
    expected = json.loads((SUITE / name / "expect.json").read_text())
    assert placed(facts(mine), root) == wanted(expected)
    active = read(root, call)
    if isinstance(expected["active"], dict):
        assert isinstance(active, str), expected["active"]
        return
    assert not isinstance(active, str), active
    assert sorted(active.services) == expected["active"]
    variables = expected.get("project_environment")
    if variables is not None and name not in UNPRINTED:
        seen = active.contexts[0].variables
        assert placed({key: value for key, value in seen.items() if key in variables}, root) == variables
        assert set(seen) <= set(variables) | set(shell(root, call))


def read(root: Path, call: Call) -> Project | str:
    try:
        return load_project(root / call.cwd, environ=shell(root, call), strict=True, **options(call.args, root))
    except EnvfixError as error:
        return str(error)


def prepared(folder: Path, case: dict[str, Any], tmp_path: Path) -> Path:
    root = fresh(tmp_path)
    if (folder / "project").is_dir():
        shutil.copytree(folder / "project", root, symlinks=True, dirs_exist_ok=True)
    for big in case.get("generate", ()):
        path = root / big["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        content = big.get("prefix", "") + big["repeat"] * big["count"] + big.get("suffix", "")
        path.write_text(content, newline="")
    return root


def facts(project: Project) -> dict[str, Any]:
    used = {key for service in project.services.values() for key in service.networks}
    return {
        "name": project.name,
        "services": {name: facts_of(service) for name, service in project.services.items()},
        "networks": {
            key: {part: raw[part] for part in ("name", "external", "internal", "driver") if raw.get(part)}
            for key, raw in project.networks.items()
            if key in used
        },
    }


def facts_of(service: Service) -> dict[str, Any]:
    build = service.build
    parts: dict[str, Any] = {}
    if build is not None:
        given = {name: value for name, value in build.args.items() if value is not None}
        parts = {
            "context": build.context,
            "dockerfile": build.dockerfile,
            "dockerfile_inline": build.inline,
            "args": given,
            "target": build.target,
        }
    return {
        "environment": service.environment,
        "ports": [[port.published, port.target, port.protocol, port.host_ip] for port in service.ports],
        "expose": list(service.expose),
        "networks": {key: list(aliases) for key, aliases in service.networks.items()},
        "profiles": list(service.profiles),
        "links": list(service.links),
        "extra_hosts": sorted(service.extra_hosts),
        "depends_on": service.depends_on,
        "command": None if service.command is None else list(service.command),
        "entrypoint": None if service.entrypoint is None else list(service.entrypoint),
        "test": (service.healthcheck or {}).get("test"),
        "build": {key: value for key, value in parts.items() if value},
        **{key: getattr(service, key) for key in ("network_mode", "image", "container_name", "hostname")},
    }


def wanted(expected: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": expected["name"],
        "services": {name: wanted_of(raw) for name, raw in expected["services"].items()},
        "networks": expected["networks"],
    }


def wanted_of(raw: dict[str, Any]) -> dict[str, Any]:
    return {
        "environment": raw["environment"],
        "ports": raw["ports"],
        "expose": raw["expose"],
        "networks": {key: (value or {}).get("aliases", []) for key, value in raw.get("networks", {}).items()},
        "profiles": raw.get("profiles", []),
        "links": raw.get("links", []),
        "extra_hosts": sorted(raw.get("extra_hosts", [])),
        "depends_on": raw.get("depends_on", {}),
        "command": raw.get("command"),
        "entrypoint": raw.get("entrypoint"),
        "test": raw.get("healthcheck", {}).get("test"),
        "build": {key: value for key, value in raw.get("build", {}).items() if key != "network"},
        **{key: raw.get(key) for key in ("network_mode", "image", "container_name", "hostname")},
    }


def placed(value: Any, root: Path) -> Any:
    """A value as the suite writes it: its root as {ROOT}, long texts as their digest, bytes as Compose prints them."""
    if isinstance(value, dict):
        return {printable(key): placed(item, root) for key, item in value.items()}
    if isinstance(value, list):
        return [placed(item, root) for item in value]
    if not isinstance(value, str):
        return value
    text = value.replace(str(root), "{ROOT}")
    if len(text) > 2000:
        digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
        return {"len": len(text), "sha256": digest}
    return printable(text)
