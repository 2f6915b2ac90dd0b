"""envfix as a person runs it: its command, in a project's folder, with a home of its own for the backups."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .dockerd import PATH

CHECKOUT = Path(__file__).parents[2]


class Decision(NamedTuple):
    """What `--format json` says of one address; see the contract for the fields. `readers` are the services' names."""

    variable: str
    address: str
    decision: str
    reason: str
    replacement: str | None
    service: str | None
    published_port: int | None
    container_port: int | None
    readers: tuple[str, ...]
    choices: tuple[str, ...]
    explanation: str

    @property
    def host(self) -> str:
        return self.address.rpartition(":")[0] if self.port_stands else self.address

    @property
    def port_stands(self) -> bool:
        """The address names its port (`localhost:5432`, not `localhost` or `::1`)."""
        return self.address.rpartition(":")[2].isdigit() and not self.address.startswith("::")

    @property
    def before(self) -> str | None:
        """The address that stands there, as host:port; None if no port is known, or the address is a port variable."""
        port = self.address.rpartition(":")[2] if self.port_stands else self.published_port
        return None if self.address.isdigit() or not port else f"{self.host}:{port}"

    @property
    def after(self) -> str | None:
        """Where the replacement leads, as host:port."""
        if self.replacement is None or self.replacement.isdigit():
            return None
        return f"{self.replacement.partition(':')[0]}:{self.container_port}"


class Envfix:
    """Runs the checkout's envfix in `folder`. `home` takes what it keeps for `--restore`, and its temporary files."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        home.mkdir(exist_ok=True)

    def run(
        self, *arguments: str, stdin: str = "", environ: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """`environ` is what the run sees besides (the engine that it is to ask)."""
        environment = {"PATH": PATH, "HOME": str(self.home), "TMPDIR": str(self.home), "PYTHONPATH": str(CHECKOUT)}
        environment.update(environ or {})
        command = [sys.executable, "-m", "envfix", *arguments]
        return subprocess.run(
            command, cwd=self.folder, env=environment, input=stdin, capture_output=True, text=True, timeout=60
        )

    def do(self, *arguments: str) -> str:
        """Run it to success (status 0); its standard output."""
        done = self.run(*arguments)
        assert done.returncode == 0, f"envfix {' '.join(arguments)}: status {done.returncode}\n{done.stderr}"
        return done.stdout

    def report(self, *arguments: str, stdin: str = "") -> dict[str, Any]:
        """The JSON report of a dry run."""
        done = self.run("--format", "json", *arguments, stdin=stdin)
        assert done.returncode in (0, 1), f"envfix: status {done.returncode}\n{done.stdout}{done.stderr}"
        assert done.stdout, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def decisions(self, *arguments: str) -> list[Decision]:
        """What it decides about each address of the project's env files."""
        [project] = self.report(*arguments)["projects"]
        return [decision(reference) for reference in project["references"] if "env" in Path(reference["path"]).name]


def decision(reference: dict[str, Any]) -> Decision:
    plain = {name: reference[name] for name in Decision._fields if name not in ("readers", "choices")}
    readers = tuple(reader["service"] for reader in reference["readers"])
    return Decision(**plain, readers=readers, choices=tuple(choice["replacement"] for choice in reference["choices"]))
