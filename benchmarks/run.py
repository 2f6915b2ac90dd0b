"""How fast is envfix, beside what? Whole processes, side by side in one run: medians, ratios and peak memory.

    python benchmarks/run.py                 every row (some minutes)
    python benchmarks/run.py --rounds 5      fewer rounds
    python benchmarks/run.py cold growth     some groups: cold, start, growth, large, recursive

Commands that are not installed (docker-compose, compose-lint, dclint) are reported as missing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
LANGFUSE = ROOT / "fixtures" / "langfuse"
PYTHON = sys.executable
ENVFIX = (PYTHON, "-m", "envfix")
BARE = """
import click
from ruamel.yaml import YAML
from dotenv.parser import parse_stream
with open("compose.yaml", encoding="utf-8") as file:
    YAML(typ="safe", pure=True).load(file)
with open(".env", encoding="utf-8") as file:
    list(parse_stream(file))
"""
SERVICES = """\
services:
  web:
    image: example.org/web
    environment:
      DATABASE_URL: ${DATABASE_URL}
  db:
    image: postgres:17
"""


class Measured(NamedTuple):
    """Seconds of wall clock (median) and of processor time, and the peak of resident memory in MB."""

    wall: float
    cpu: float
    peak: float


class Row(NamedTuple):
    """A line of the table: what was measured, over what, and the ratio that is to be reached (0: only told)."""

    what: str
    measured: Measured
    over: str
    base: Measured
    reach: float


def once(command: Sequence[str], folder: Path) -> Measured:
    """Run a command to its end; any status counts, since findings have one of their own."""
    started = time.perf_counter()
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=_environment()
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.perf_counter() - started
    scale = 1 / (1 << 20) if sys.platform == "darwin" else 1 / 1024
    return Measured(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale)


def _environment() -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def side_by_side(commands: Sequence[tuple[Sequence[str], Path]], rounds: int) -> list[Measured]:
    """Each command `rounds` times, in turn, so that a busy moment of the machine meets them all."""
    runs: list[list[Measured]] = [[] for _ in commands]
    for command, folder in commands:
        once(command, folder)
    for _ in range(rounds):
        for index, (command, folder) in enumerate(commands):
            runs[index].append(once(command, folder))
    return [
        Measured(
            statistics.median(one.wall for one in run),
            statistics.median(one.cpu for one in run),
            max(one.peak for one in run),
        )
        for run in runs
    ]


def tool(name: str) -> str | None:
    """A command beside this interpreter, or on the PATH."""
    return shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)


def project(folder: Path, compose: str, env: str) -> Path:
    """A project of these two files."""
    folder.mkdir(parents=True)
    (folder / "compose.yaml").write_text(compose, encoding="utf-8")
    (folder / ".env").write_text(env, encoding="utf-8")
    return folder


def quiet_project(folder: Path) -> Path:
    """A project whose env file holds no address, and whose compose file names no other env file."""
    return project(folder, SERVICES, "DATABASE_URL=postgres://app:pw@db:5432/app\nLOG_LEVEL=info\n")


def grown(folder: Path, *, variables: int = 10, services: int = 5, env_files: int = 1, addresses: int = 5) -> Path:
    """A project with so many of each: the services share the env files, and some variables hold addresses."""
    folder.mkdir(parents=True)
    names = [f"shared-{number}.env" for number in range(env_files)]
    listed = "".join(f"      - {name}\n" for name in names)
    blocks = "".join(f"  app{n}:\n    image: example.org/app\n    env_file:\n{listed}" for n in range(services))
    database = "  db:\n    image: postgres:17\n    ports: ['5433:5432']\n"
    (folder / "compose.yaml").write_text(f"services:\n{blocks}{database}", encoding="utf-8")
    for number, name in enumerate(names):
        lines = [f"PLAIN_{number}_{n}=some value {n}\n" for n in range(variables - addresses)]
        lines += [f"DB_{number}_{n}_URL=postgres://app:pw@localhost:5433/app\n" for n in range(addresses)]
        (folder / name).write_text("".join(lines), encoding="utf-8")
    return folder


def many_projects(folder: Path, count: int) -> Path:
    """A tree of projects, a tenth of them with something to do."""
    for number in range(count):
        host = "localhost" if number % 10 == 0 else "db"
        compose = SERVICES + "    ports: ['5432:5432']\n"
        project(folder / f"p{number:04}", compose, f"DATABASE_URL=postgres://app:pw@{host}:5432/app\n")
    return folder


def cold(scratch: Path, rounds: int) -> list[Row]:
    """A dry run on the incident's project, over what its libraries cost, Compose itself and other linters."""
    home = Path(shutil.copytree(LANGFUSE, scratch / "langfuse"))
    repaired = Path(shutil.copytree(LANGFUSE, scratch / "repaired"))
    once((*ENVFIX, "--write", "--no-backup"), repaired)
    bare = (PYTHON, "-c", BARE)
    commands: list[tuple[str, Sequence[str], Path, float]] = [
        ("the bare script", bare, home, 0),
        ("envfix --dry-run, fixtures/langfuse", (*ENVFIX, "--dry-run"), home, 1.25),
        ("the same, repaired already", (*ENVFIX, "--dry-run"), repaired, 0),
    ]
    for name, words, reach in (
        ("docker-compose", ("config",), 2.5),
        ("compose-lint", ("compose.yaml",), 0.8),
        ("dclint", ("compose.yaml",), 0),
    ):
        path = tool(name)
        if path is None:
            print(f"{name}: not installed")
        else:
            commands.append((f"{name} {words[0]}", (path, *words), home, reach))
    measured = side_by_side([(command, folder) for _, command, folder, _ in commands], rounds)
    rows = [
        Row(commands[1][0], measured[1], "the bare script", measured[0], 1.25),
        Row(commands[2][0], measured[2], "the bare script", measured[0], 0),
    ]
    for (name, _, _, reach), other in zip(commands[3:], measured[3:], strict=True):
        rows.append(Row(commands[1][0], measured[1], name, other, reach))
    return rows


def start(scratch: Path, rounds: int) -> list[Row]:
    """What is left when there is nothing to do."""
    quiet = quiet_project(scratch / "quiet")
    floor, click, nothing, version, help_ = side_by_side(
        [
            ((PYTHON, "-c", "pass"), quiet),
            ((PYTHON, "-c", "import click"), quiet),
            (ENVFIX, quiet),
            ((*ENVFIX, "--version"), quiet),
            ((*ENVFIX, "--help"), quiet),
        ],
        rounds,
    )
    over = "python -c 'import click'"
    return [
        Row(over, click, "python -c pass", floor, 0),
        Row("envfix, no address in the env file", nothing, over, click, 1.3),
        Row("envfix --version", version, over, click, 1.1),
        Row("envfix --help", help_, over, click, 0),
    ]


def growth(scratch: Path, rounds: int) -> list[Row]:
    """Ten times as much of one thing, over once as much."""
    rounds = max(3, rounds // 3)
    rows = []
    cases: list[tuple[str, Callable[[Path, int], Path], int, tuple[str, ...], float]] = [
        ("variables", lambda folder, n: grown(folder, variables=n), 1000, (), 12),
        ("services", lambda folder, n: grown(folder, services=n), 100, (), 12),
        ("env files", lambda folder, n: grown(folder, env_files=n), 10, (), 12),
        ("projects", many_projects, 100, ("--recursive", "."), 1.6),
    ]
    for name, make, base, words, memory in cases:
        small = make(scratch / f"{name}-1", base)
        large = make(scratch / f"{name}-10", base * 10)
        one, ten = side_by_side([((*ENVFIX, *words), small), ((*ENVFIX, *words), large)], rounds)
        rows.append(Row(f"{base * 10} {name}", ten, f"{base} {name}", one, 12))
        print(f"peak memory of {base * 10} {name} over {base}: {ten.peak / one.peak:.2f} (reach {memory})")
    return rows


def large(scratch: Path, rounds: int) -> list[Row]:
    """One env file of 100,000 variables, 1,000 of them addresses, against 200 services."""
    home = grown(scratch / "large", variables=100_000, services=200, addresses=1000)
    (one,) = side_by_side([(ENVFIX, home)], max(1, rounds // 5))
    print(f"100,000 variables, 1,000 addresses, 200 services: {one.wall:.2f} s, {one.peak:.0f} MB (reach 5 s, 300 MB)")
    return []


def recursive(scratch: Path, rounds: int) -> list[Row]:
    """A tree of 1,000 projects in one run, over the sum of single runs (a sample of 20, times 50)."""
    tree = many_projects(scratch / "tree", 1000)
    (whole,) = side_by_side([((*ENVFIX, "--recursive", "."), tree)], max(1, rounds // 5))
    singles = [once(ENVFIX, tree / f"p{number:04}") for number in range(0, 1000, 50)]
    total = sum(one.wall for one in singles) * 50
    print(
        f"1,000 projects with --recursive over single runs: {whole.wall / total:.3f} (reach 0.1), {whole.peak:.0f} MB"
    )
    return []


GROUPS = {"cold": cold, "start": start, "growth": growth, "large": large, "recursive": recursive}


def table(rows: Sequence[Row]) -> None:
    """Print the rows, each with its ratio and whether that is what is to be reached."""
    for row in rows:
        ratio = row.measured.wall / row.base.wall
        goal = f" (reach {row.reach}{', missed' if ratio > row.reach else ''})" if row.reach else ""
        print(
            f"{row.what}: {row.measured.wall * 1000:.0f} ms, {row.measured.peak:.0f} MB; "
            f"over {row.over} ({row.base.wall * 1000:.0f} ms): {ratio:.2f}{goal}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", choices=[*GROUPS, []], help="what to measure (default: all)")
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    for name in given.groups or GROUPS:
        print(f"-- {name}")
        with tempfile.TemporaryDirectory() as scratch:
            table(GROUPS[name](Path(scratch), given.rounds))


if __name__ == "__main__":
    main()
