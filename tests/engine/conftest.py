"""One engine for the whole session, and the skips of a machine where none can be had.

ENVFIX_ENGINE_REQUIRED=1 makes a failure of what would be a skip: for machines that are meant to have an engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from .compose import Stack, compose_command, running
from .dockerd import Engine, EngineUnavailable, missing, private_engine
from .images import ensure_images

HERE = Path(__file__).parent


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "xdist_group(name): tests that run in one worker")


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.engine)
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.xdist_group("engine"))


def unavailable(reason: str) -> None:
    if os.environ.get("ENVFIX_ENGINE_REQUIRED"):
        pytest.fail(f"an engine is required here, but: {reason}", pytrace=False)
    pytest.skip(f"no Docker Engine: {reason}")


@pytest.fixture(scope="session")
def cache() -> Path:
    """Where packages and images are kept between runs."""
    default = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "envfix-engine")
    return Path(os.environ.get("ENVFIX_ENGINE_CACHE") or default).absolute()


@pytest.fixture(scope="session")
def engine(cache: Path) -> Iterator[Engine]:
    """The private engine with all images in it. What a stack leaves behind in it is an error."""
    if reason := missing():
        unavailable(reason)
    with ExitStack() as stack:
        try:
            compose_command()
            engine = stack.enter_context(private_engine(cache / "engine"))
            ensure_images(engine, cache)
        except EngineUnavailable as reason:
            unavailable(str(reason))
        yield engine
        assert engine.leftovers() == []


StackOf = Callable[..., Stack]


@pytest.fixture(scope="module")
def stack_of(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StackOf]:
    """`stack_of(name, *options)`: a copy of stacks/NAME, not started; gone at the end of the module."""
    with ExitStack() as started:
        yield lambda name, *options: started.enter_context(
            running(engine, name, tmp_path_factory.mktemp(name), options)
        )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"
