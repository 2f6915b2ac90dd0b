"""What is a container started with, and is that more than a step that builds or migrates and ends?"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from envfix.compose.model import Service
from envfix.knowledge.runtimes import MIGRATIONS
from envfix.patterns import regex
from envfix.shell_words import line_of

if TYPE_CHECKING:
    from envfix.dockerfile.stages import Dockerfile

# A shell's words before a command, and the steps by which package managers install and build, and nothing is served
# (https://docs.npmjs.com/cli/commands/npm-run, https://yarnpkg.com/cli/run, https://pnpm.io/cli/run).
_SHELL = regex(r"\s*(?:(?:/bin/)?(?:ba|a)?sh\s+-\w*c\s+)?[\"']?")
_STEPS = regex(r"&&|\|\||[;\n]")
_INSTALL_STEP = regex(r"(?:npm|yarn|pnpm|bun)(?:\s+(?:install|i|ci|add)(?:\s.*)?)?")
_BUILD_STEP = regex(r"(?:npm|yarn|pnpm|bun)\s+(?:run\s+|run-script\s+)?build(?::[\w:-]+)?(?:\s.*)?")
# What starts a tool that a package manager has installed, and what a migration waits with.
_RUNNER = (
    r"(?:(?:npx|bunx|bun\s+x|pnpm\s+(?:exec|dlx)|yarn(?:\s+(?:exec|dlx))?|npm\s+exec|uv\s+run|poetry\s+run|pipenv\s+run"
    r"|pdm\s+run|python3?\s+-m|exec)\s+(?:-[\w-]++\s++)*+)?(?:[\w./-]*/)?"
)
_MIGRATION_STEP = regex(rf"{_RUNNER}(?:{'|'.join(one.command for one in MIGRATIONS)}).*", re.DOTALL)
_WAITING_STEP = regex(r"(?:sleep|echo|cd|set)\s.*|exit\s+0")


def command_of(service: Service, dockerfile: "Dockerfile | None") -> str:
    """What the container is started with, as one line: what the compose file says, else what the Dockerfile does."""
    entrypoint, command = service.entrypoint, service.command
    if dockerfile is not None and entrypoint is None:
        if command is None:
            return dockerfile.line
        entrypoint = dockerfile.entrypoint
    return line_of(entrypoint, command)


@lru_cache(maxsize=64)
def only_builds(command: str) -> bool:
    """Whether a command installs and builds a package's pages and ends: a build step is no program that connects."""
    steps = _steps(command)
    others = [step for step in steps if not _BUILD_STEP.fullmatch(step)]
    return len(others) < len(steps) and all(_INSTALL_STEP.fullmatch(step) for step in others)


@lru_cache(maxsize=64)
def only_migrates(command: str) -> bool:
    """Whether a command brings a database's tables up to date and ends: such a tool connects to that database alone."""
    if not any(one.word in command for one in MIGRATIONS):
        return False  # the usual case, without the expression, which takes long to compile
    steps = _steps(command)
    others = [step for step in steps if not _MIGRATION_STEP.fullmatch(step)]
    return len(others) < len(steps) and all(_WAITING_STEP.fullmatch(step) for step in others)


def _steps(command: str) -> list[str]:
    """The commands of a line that a shell runs one after another."""
    steps = (step.strip(" \t\"'") for step in _STEPS.split(_SHELL.sub("", command, count=1)))
    return [step for step in steps if step]
