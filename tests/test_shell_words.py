"""What a person pastes is taken for one word by each shell that is here, and runs nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from envfix.shell_words import word, words

HOSTILE = {
    "a quote": "a'; touch RUN; '",
    "a command in a command": "$(touch RUN)`touch RUN`",
    "a backslash, which fish takes for an escape of the quote behind it": "\\'\"; touch RUN; #",
    "a backslash at the end": "a\\",
    "a backslash before a quote": "a\\'; touch RUN; '\\",
    "a typographic quote, which ends a word in PowerShell": "a\u2019; touch RUN; \u2018b",
    "a line's end": "a\n touch RUN\n",
    "a line's end and quotes": "a'\ntouch RUN\n'b\\x41",
    "a command's path in zsh": "=touch",
    "an escape sequence": "a\x1b[2Jb\x7f",
    "a name that is no UTF-8": "a\udcffb'",
    "braces, stars and the like": "{touch,RUN} ~ * ? [a] !! # & | > < ^ %PATH%",
}
SHELLS = {"bash": ["bash", "--norc", "-c"], "zsh": ["zsh", "-fc"], "fish": ["fish", "--no-config", "-c"]}


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_shell_takes_the_word_and_runs_nothing(shell: str, text: str, tmp_path: Path) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"no {shell}")
    line = words("printf", "%s", text)
    done = subprocess.run(
        [*SHELLS[shell], line],
        cwd=tmp_path,
        env={**os.environ, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"},
        capture_output=True,
        check=False,
    )
    assert not (tmp_path / "RUN").exists()
    if shell == "fish" and "$'" in line:
        assert done.stdout == b"" != done.stderr, "fish refuses such a line as a whole"
    else:
        assert os.fsdecode(done.stdout) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("compose.yaml", "compose.yaml"),
        ("a b/.env", "'a b/.env'"),
        ("", "''"),
        ("=ls", "'=ls'"),
        ("it's", "$'it\\x27s'"),
        ("a\\b", "$'a\\x5cb'"),
        ("\u00e9t\u00e9 2", "'\u00e9t\u00e9 2'"),
        ("\U000e0001", "$'\\U000e0001'"),
        ("\u201cx\u201d", "$'\\u201cx\\u201d'"),
    ],
)
def test_a_word_is_quoted_as_little_as_it_may(text: str, shown: str) -> None:
    assert word(text, windows=False) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("compose.yaml", "compose.yaml"),
        ("a b\\.env", '"a b\\.env"'),
        ("a & calc & b", '"a & calc & b"'),
        ("it's", '"it\'s"'),
        ("$(calc)`n%PATH%!x!\u201d; calc", '"?(calc)?n?PATH??x??; calc"'),
    ],
)
def test_on_windows_nothing_in_double_quotes_is_alive(text: str, shown: str) -> None:
    assert word(text, windows=True) == shown
