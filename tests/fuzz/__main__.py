"""The long run: `python -m tests.fuzz [TARGET ...] --minutes N`, from the project's folder; N for each target.

With atheris (`pip install atheris`) inputs are sought that reach new code; without it they are drawn as in the short
run. An input that breaks something is written to found/TARGET, from where the tests take it, and ends the run with a
status other than 0. The corpus that atheris gathers is kept in a folder of the system's temporary one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec

from . import inputs, watchdog

MOST_BYTES = {"plan": 400, "logs": 8000, "compose": 3000}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="all of seeds/ if none is named")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--corpus", default=os.path.join(tempfile.gettempdir(), "envfix-fuzz"))
    options = parser.parse_args()
    seconds = int(options.minutes * 60)
    names = options.targets or sorted(path.name for path in (inputs.HERE / "seeds").iterdir())
    run = atheris if find_spec("atheris") else drawn
    if len(names) == 1:
        return run(names[0], seconds, options.corpus)
    again = [sys.executable, "-m", "tests.fuzz", "--minutes", str(options.minutes), "--corpus", options.corpus]
    return max(subprocess.run([*again, name]).returncode for name in names)


def atheris(target: str, seconds: int, corpus: str) -> int:
    import atheris  # type: ignore[import-untyped]

    with atheris.instrument_imports(include=["envfix"]):
        _import_everything()
        from .targets import TARGETS

    own = os.path.join(corpus, target)
    broken = inputs.HERE / "found" / target
    os.makedirs(own, exist_ok=True)
    broken.mkdir(parents=True, exist_ok=True)
    words = [
        sys.argv[0],
        f"-max_total_time={seconds}",
        f"-max_len={MOST_BYTES.get(target, 1500)}",
        f"-timeout={watchdog.SECONDS}",
        f"-rss_limit_mb={watchdog.MEGABYTES}",
        f"-artifact_prefix={broken}{os.sep}",
        f"-dict={inputs.WORDS}",
        "-print_final_stats=1",
        own,
        str(inputs.HERE / "seeds" / target),
    ]
    atheris.Setup(words, TARGETS[target])
    atheris.Fuzz()  # leaves with libFuzzer's status
    return 0


def _import_everything() -> None:
    """Every module, since many are imported late, where they would be missed."""
    import importlib
    import pkgutil

    import envfix

    for module in pkgutil.walk_packages(envfix.__path__, "envfix."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def drawn(target: str, seconds: int, corpus: str) -> int:
    from hypothesis import HealthCheck, given, settings

    from .targets import TARGETS

    tried = 0

    @settings(max_examples=500, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(inputs.inputs(target))
    def one(data: bytes) -> None:
        nonlocal tried
        tried += 1
        with watchdog.bounded():
            TARGETS[target](data)

    end = time.monotonic() + seconds
    while time.monotonic() < end:
        one()
    print(f"{target}: {tried} inputs, nothing found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
