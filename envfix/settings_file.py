"""Which file configures this project: `.envfix.toml`, or a pyproject.toml with `[tool.envfix]`?"""

import os
import re
from collections.abc import Iterator

from envfix.errors import EnvfixError
from envfix.files import read_bounded
from envfix.patterns import regex
from envfix.settings import Settings

MAX_CONFIG_BYTES = 1 << 20
_MAX_PYPROJECT_BYTES = 16 << 20  # of one that is most likely not about us

# Every way in which a pyproject.toml can hold a table tool.envfix.
_MAY_NAME_US = regex(
    rb"tool[\"']?[ \t]*+\.[ \t]*+[\"']?envfix|^[ \t]*+\[?[ \t]*+[\"']?tool[\"']?[ \t]*+[\]=]", re.MULTILINE
)


def load_settings(directory: str, root: str | None = None) -> Settings:
    """The settings for the project in `directory`: its `.envfix.toml` or the nearest above, up to `root`, that of the
    git work tree (only the folder itself where there is none); else the nearest pyproject.toml with `[tool.envfix]`.

    EnvfixError, with file and line: TOML that does not parse, an unknown key, a wrong type, a map's target without a
    port, an env file outside the work tree.
    """
    start = os.path.abspath(directory)
    folders = tuple(_upwards(start, root or start))
    root = folders[-1]
    for name in (".envfix.toml", "pyproject.toml"):
        for path in (os.path.join(folder, name) for folder in folders):
            text = _read(path)
            if text is not None:
                from envfix.settings_table import settings_of  # only where there is a configuration

                found = settings_of(text, path, root)
                if found is not None:
                    return found
    return Settings()


def _upwards(folder: str, last: str) -> Iterator[str]:
    """The folders from `folder` to `last`, which lies above it by name, or once links are resolved."""
    last = os.path.realpath(last)

    def is_last(one: str) -> bool:
        return one == last or os.path.realpath(one) == last

    if not any(map(is_last, _above(folder))):
        folder = os.path.realpath(folder)
    for one in _above(folder):
        yield one
        if is_last(one):
            return


def _above(folder: str) -> Iterator[str]:
    yield folder
    while (above := os.path.dirname(folder)) != folder:
        yield above
        folder = above


def _read(path: str) -> str | None:
    """The text of a configuration that may hold settings of ours; None if it is absent, or surely holds none."""
    if not os.path.isfile(path):
        return None
    data = read_bounded(path, _MAX_PYPROJECT_BYTES, "configuration")
    if path.endswith("pyproject.toml") and not _MAY_NAME_US.search(data):
        return None
    if len(data) > MAX_CONFIG_BYTES:
        raise EnvfixError("the configuration is over 1 MB: surely the wrong file", path=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvfixError("the configuration is not UTF-8: save it as UTF-8", path=path, line=line) from None
