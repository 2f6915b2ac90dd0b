"""How much processor time does envfix take, beside the revision before and other tools? Whole processes, in one run.

    python benchmarks/run.py --base REV              every row (some ten minutes), beside that git revision
    python benchmarks/run.py --base REV cold shared  some groups; --rounds 5 fewer rounds
    python benchmarks/run.py --base REV --markdown   as the table of docs/benchmarks.md

Processes of a row run in turn, so that a busy moment of the machine meets them all; a figure is the median of user and
system time. Commands that are not installed (docker-compose, compose-lint) have no row.
"""

from __future__ import annotations

import argparse
import compileall
import io
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import venv
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import inputs

ROOT = inputs.ROOT
BARE = """
import click
from ruamel.yaml import YAML
from dotenv.parser import parse_stream
with open("compose.yaml", encoding="utf-8") as file:
    YAML(typ="safe", pure=True).load(file)
with open(".env", encoding="utf-8") as file:
    list(parse_stream(file))
"""


class Measured(NamedTuple):
    """Seconds of processor time (median) and the peak of resident memory in MB."""

    cpu: float
    peak: float


class Row(NamedTuple):
    """What was measured, over what, as a ratio, and the ratio that is to be reached (0: only told)."""

    what: str
    over: str
    ratio: float
    reach: float
    detail: str


class Bench(NamedTuple):
    """The command of this tree, that of the revision before (None where none is given), a folder for inputs, and how
    often each process runs."""

    here: tuple[str, ...]
    base: tuple[str, ...] | None
    scratch: Path
    rounds: int

    def few(self, least: int = 3) -> int:
        """The rounds of a slow row."""
        return max(least, self.rounds // 4)


def installed(tree: Path, folder: Path) -> tuple[str, ...]:
    """The command of the envfix in `tree`, compiled, in an environment of its own with this interpreter's libraries."""
    venv.EnvBuilder(with_pip=False).create(folder)
    compileall.compile_dir(tree / "envfix", quiet=2)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    site = sysconfig.get_path("purelib", vars={"base": str(folder), "platbase": str(folder)})
    paths = [str(tree), *dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))]
    shared = [path for path in sys.path if path.endswith("site-packages")]
    Path(site, "00-envfix.pth").write_text("\n".join(dict.fromkeys((*paths, *shared))) + "\n", encoding="utf-8")
    return (str(scripts / "python"), "-m", "envfix")


def revision(name: str, folder: Path) -> Path:
    """The tree of a git revision."""
    data = subprocess.run(["git", "archive", name, "envfix"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def once(command: Sequence[str], folder: Path) -> Measured:
    """Run a command to its end, its own children counted; any status counts, since findings have one of their own."""
    kept = ("PATH", "HOME", "LANG", "TMPDIR", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    with tempfile.TemporaryFile() as sink:
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 / (1 << 20) if sys.platform == "darwin" else 1 / 1024
    return Measured(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale)


def in_turn(commands: Sequence[tuple[Sequence[str], Path]], rounds: int) -> list[Measured]:
    """Each command `rounds` times, in turn."""
    runs: list[list[Measured]] = [[] for _ in commands]
    for _ in range(rounds):
        for run, (command, folder) in zip(runs, commands, strict=True):
            run.append(once(command, folder))
    return [Measured(statistics.median(one.cpu for one in run), max(one.peak for one in run)) for run in runs]


def row(what: str, over: str, one: Measured, other: Measured, reach: float) -> Row:
    """One figure over another."""
    detail = f"{one.cpu:.3f} s, {one.peak:.0f} MB; {over} {other.cpu:.3f} s, {other.peak:.0f} MB"
    return Row(what, over, one.cpu / other.cpu, reach, detail)


def tool(name: str) -> str | None:
    """A command beside this interpreter, or on the PATH."""
    return shutil.which(name, path=sysconfig.get_path("scripts")) or shutil.which(name)


def beside_base(bench: Bench, what: str, words: Sequence[str], home: Path, reach: float, rounds: int) -> Iterator[Row]:
    """One row over the revision before, where there is one."""
    if bench.base is not None:
        here, base = in_turn([((*bench.here, *words), home), ((*bench.base, *words), home)], rounds)
        yield row(what, "base", here, base, reach)


def cold(bench: Bench) -> Iterator[Row]:
    """A dry run on the incident's project, over the revision before, its libraries' cost and another linter."""
    home = inputs.copied(inputs.FIXTURES / "langfuse", bench.scratch / "langfuse")
    others: list[tuple[str, Sequence[str], float]] = [("the bare script", (bench.here[0], "-c", BARE), 1.0)]
    others += [("base", (*bench.base, "--dry-run"), 0.85)] if bench.base is not None else []
    linter = tool("compose-lint")
    others += [("compose-lint", (linter, "compose.yaml"), 0.65)] if linter else []
    commands = [((*bench.here, "--dry-run"), home), *((command, home) for _, command, _ in others)]
    here, *measured = in_turn(commands, bench.rounds)
    for (name, _, reach), other in zip(others, measured, strict=True):
        yield row("cold run, fixtures/langfuse", name, here, other, reach)


def start(bench: Bench) -> Iterator[Row]:
    """The least that a run can take, Python with two of its libraries and no work, over what runs are compared with."""
    home = inputs.copied(inputs.FIXTURES / "langfuse", bench.scratch / "langfuse")
    large = inputs.shared_env_file(bench.scratch / "file-400", 400, 400)
    others: list[tuple[str, Sequence[str], Path]] = [("the bare script", (bench.here[0], "-c", BARE), home)]
    if bench.base is not None:
        others += [("base, fixtures/langfuse", (*bench.base, "--dry-run"), home)]
        others += [("base, 400 by 400 in a shared env file", bench.base, large)]
    for name, words in (("compose-lint", ("compose.yaml",)), ("docker-compose", ("config", "-q"))):
        command = tool(name)
        others += [(" ".join((name, *words)), (command, *words), home)] if command else []
    least = (bench.here[0], "-c", "import click, ruamel.yaml")
    here, *measured = in_turn([(least, home), *((command, folder) for _, command, folder in others)], bench.rounds)
    for (name, _, _), other in zip(others, measured, strict=True):
        yield row("import click, ruamel.yaml", name, here, other, 0)


def real(bench: Bench) -> Iterator[Row]:
    """The fixtures as they are, over the revision before; and with nothing to do, over Compose itself."""
    compose = tool("docker-compose")
    as_they_are, nothing = [], []
    for source in inputs.fixtures():
        home = inputs.copied(source, bench.scratch / "as-is" / source.name)
        done = inputs.settled(source, bench.scratch / "done" / source.name)
        if bench.base is not None:
            as_they_are.append(in_turn([(bench.here, home), (bench.base, home)], bench.few()))
        if compose is not None:
            nothing.append(in_turn([(bench.here, done), ((compose, "config", "-q"), done)], bench.few()))
    for what, over, pairs, reach in (
        ("a fixture as it is, dry run (median of all)", "base", as_they_are, 0.8),
        ("a fixture with nothing to do (median of all)", "docker-compose config -q", nothing, 1.4),
    ):
        if pairs:
            ratio = statistics.median(here.cpu / other.cpu for here, other in pairs)
            yield Row(what, over, ratio, reach, f"{len(pairs)} fixtures")


def shared(bench: Bench) -> Iterator[Row]:
    """Many variables that reach many services."""
    small = inputs.shared_env_file(bench.scratch / "file-400", 400, 400)
    large = inputs.shared_env_file(bench.scratch / "file-800", 800, 800)
    anchor = inputs.shared_anchor(bench.scratch / "anchor-400", 400, 400)
    yield from beside_base(bench, "400 services share an env file of 400 addresses", (), small, 0.05, bench.few())
    yield from beside_base(bench, "400 variables by one anchor in 400 services", (), anchor, 0.03, 1)
    double, single = in_turn([(bench.here, large), (bench.here, small)], bench.few(5))
    yield row("800 by 800 in a shared env file", "400 by 400", double, single, 2.2)
    for what, home in (
        ("interpolated in an env file that all share", inputs.interpolated(bench.scratch / "by-all", 3000, 3000)),
        ("one to each", inputs.each_its_own(bench.scratch / "each", 3000)),
    ):
        (one,) = in_turn([(bench.here, home)], 1)
        name = f"3,000 services, 3,000 interpolated variables, {what}"
        yield Row(name, "10 s (400 MB)", one.cpu / 10, 1.0, f"{one.cpu:.2f} s, {one.peak:.0f} MB")


def growth(bench: Bench) -> Iterator[Row]:
    """Ten times as much of one thing, over once as much."""
    cases: list[tuple[str, Callable[[Path, int], Path], int]] = [
        ("variables", lambda folder, count: inputs.many_variables(folder, count, 5, 5), 1000),
        ("services", lambda folder, count: inputs.shared_env_file(folder, count, 5), 100),
    ]
    for name, make, count in cases:
        one, ten = (make(bench.scratch / f"{name}-{size}", size) for size in (count, count * 10))
        more, once_as_much = in_turn([(bench.here, ten), (bench.here, one)], bench.few())
        yield row(f"{count * 10:,} {name}", f"{count:,}", more, once_as_much, 12)
    home = inputs.many_variables(bench.scratch / "large", 100_000, 1000, 200)
    (one_run,) = in_turn([(bench.here, home)], 1)
    detail = f"{one_run.cpu:.2f} s, {one_run.peak:.0f} MB"
    yield Row("100,000 variables, 1,000 addresses, 200 services", "5 s (300 MB)", one_run.cpu / 5, 1.0, detail)


def logs(bench: Bench) -> Iterator[Row]:
    """A large log with few failures."""
    home = inputs.log(bench.scratch / "log", 150, 30)
    words = ("--logs", "containers.log")
    yield from beside_base(bench, "--logs, 150 MB with 30 failures", words, home, 0.2, bench.few())
    grep = tool("grep")
    if grep:
        commands = [((*bench.here, *words), home), ((grep, "-c", "refused", "containers.log"), home)]
        here, other = in_turn(commands, bench.few())
        yield row("--logs, 150 MB with 30 failures", "grep -c refused", here, other, 10)


def recursive(bench: Bench) -> Iterator[Row]:
    """A tree of projects in one run."""
    tree, few = inputs.tree(bench.scratch / "tree", 1000), inputs.tree(bench.scratch / "few", 100)
    words = ("--recursive", ".")
    yield from beside_base(bench, "1,000 projects, --recursive", words, tree, 0.6, 1)
    many, some = in_turn([((*bench.here, *words), tree), ((*bench.here, *words), few)], 1)
    memory = f"{many.peak:.0f} MB; {some.peak:.0f} MB"
    yield Row("peak memory of 1,000 projects, --recursive", "100 projects", many.peak / some.peak, 1.3, memory)


def scan(bench: Bench) -> Iterator[Row]:
    """What a search in source costs: a run with source without one, over git grep for the same names."""
    git = tool("git")
    if git is None:
        return
    full = inputs.with_source(bench.scratch / "full", 2000, empty=False)
    empty = inputs.with_source(bench.scratch / "empty", 0, empty=True)
    for home in (full, empty):
        for words in (("init", "-q"), ("add", "-A")):
            subprocess.run([git, *words], cwd=home, check=True, capture_output=True)
    names = [word for number in range(inputs.SOUGHT) for word in ("-e", f"DB_{number}_URL")]
    commands = [(bench.here, full), (bench.here, empty), ((git, "grep", "-F", "-i", "-c", *names), full)]
    whole, without, grep = in_turn(commands, bench.few())
    scanned = Measured(whole.cpu - without.cpu, whole.peak)
    yield row("search in 2,000 files of source", "git grep -F -i", scanned, grep, 2)


def expressions(bench: Bench) -> Iterator[Row]:
    """Every regular expression of the package, on texts that are made to keep it busy: eight times the length."""
    sys.path.insert(0, str(ROOT))
    try:
        from tests.test_patterns import every, seconds, texts
    except ImportError as error:  # the tests' own packages are not installed
        print(f"no row for expressions: {error}", file=sys.stderr)
        return
    cases = [(used, make) for used in every() for make in texts(used.pattern)]
    short, long = (sum(seconds(used, make(length)) for used, make in cases) for length in (300, 2_400))
    detail = f"{long:.2f} s; {short:.2f} s; {len(cases)} texts"
    yield Row("all regular expressions, pumped with 8n characters", "n characters", long / short, 12, detail)


GROUPS = {
    "cold": cold, "start": start, "real": real, "shared": shared, "growth": growth, "logs": logs,
    "recursive": recursive, "scan": scan, "expressions": expressions,
}  # fmt: skip


def told(one: Row, *, markdown: bool) -> str:
    """A row as a line of text or of a table."""
    missed = " missed" if one.reach and one.ratio > one.reach else ""
    if markdown:
        return f"| {one.what} | {one.over} | {one.ratio:.3g}{' (missed)' if missed else ''} | {one.reach or ''} |"
    goal = f" (reach {one.reach}{missed})" if one.reach else ""
    return f"{one.what}, over {one.over}: {one.ratio:.3f}{goal}; {one.detail}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="*", help=f"what to measure, of {', '.join(GROUPS)} (default: all)")
    parser.add_argument("--base", metavar="REV", help="the git revision to measure beside")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--markdown", action="store_true")
    given = parser.parse_args()
    unknown = set(given.groups) - set(GROUPS)
    if unknown:
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    if given.markdown:
        print("| what | over | ratio | reach |\n| --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        here = installed(Path(shutil.copytree(ROOT / "envfix", scratch / "tree" / "envfix")).parent, scratch / "here")
        base = installed(revision(given.base, scratch / "rev"), scratch / "before") if given.base else None
        for name in given.groups or GROUPS:
            home = scratch / name
            home.mkdir()
            for one in GROUPS[name](Bench(here, base, home, given.rounds)):
                print(told(one, markdown=given.markdown), flush=True)
            shutil.rmtree(home)


if __name__ == "__main__":
    main()
