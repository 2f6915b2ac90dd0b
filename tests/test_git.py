"""What git tracks and ignores, and whom it trusts, as git itself says it; and that git is never run."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import growth
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import envfix
from envfix.git import ignore
from envfix.git import worktree as trust
from envfix.git.config import Setting
from envfix.git.config import settings as config_settings
from envfix.git.ignore import rules_in, unignored
from envfix.git.index import _bits, _parsed, tracked
from envfix.git.worktree import around, work_tree

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="no git")
posix = pytest.mark.skipif(os.name == "nt", reason="owners and links of POSIX")
IDENTITY = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"]


def git(folder: Path, *words: str, check: bool = True) -> str:
    done = subprocess.run(["git", *IDENTITY, *words], cwd=folder, capture_output=True, check=check)
    return os.fsdecode(done.stdout)


def put(folder: Path, *names: str, content: str = "x\n") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without settings of git."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return folder


NAMES = (
    "a.txt",
    "d/b.txt",
    "d/e/ü.txt",
    "d/e/long" + "x" * 200,
    "d.txt",
    "z/line\nbreak" if os.name != "nt" else "z/z",
)


def plain(folder: Path) -> None:
    git(folder, "init", "-q")
    git(folder, "add", "-A")


def version_4(folder: Path) -> None:
    plain(folder)
    git(folder, "update-index", "--index-version", "4")


def version_3(folder: Path) -> None:
    plain(folder)
    put(folder, "d/intended.txt")
    git(folder, "add", "-N", "d/intended.txt")


def split(folder: Path) -> None:
    plain(folder)
    git(folder, "update-index", "--split-index")
    git(folder, "rm", "-q", "--cached", "d/b.txt")
    put(folder, "d/new.txt")
    git(folder, "add", "d/new.txt")


def sha256(folder: Path) -> None:
    git(folder, "init", "-q", "--object-format=sha256")
    git(folder, "add", "-A")


def unmerged(folder: Path) -> None:
    plain(folder)
    lines = "".join(f"100644 {git(folder, 'hash-object', '-w', 'a.txt').strip()} {n}\td/both.txt\n" for n in (1, 2, 3))
    subprocess.run(["git", "update-index", "--index-info"], cwd=folder, input=lines.encode(), check=True)


LAYOUTS = [plain, version_4, version_3, split, sha256, unmerged]


@needs_git
@pytest.mark.parametrize("below", ["", "d", "d/e", "z"])
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_tracked_files_are_those_of_ls_files(layout: Callable[[Path], None], below: str, tmp_path: Path) -> None:
    put(tmp_path, *NAMES)
    layout(tmp_path)
    put(tmp_path, "d/untracked.txt")
    said = git(tmp_path / below, "ls-files", "-z").split("\0")[:-1]
    assert said
    assert sorted(tracked(str(tmp_path / below)).files) == sorted(set(said))


@needs_git
def test_the_index_of_many_projects_is_read_once(tmp_path: Path) -> None:
    put(tmp_path, *(f"{number}/once.txt" for number in range(9)))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    before = _parsed.cache_info().misses
    for number in range(9):
        assert tracked(str(tmp_path / str(number))).files == ("once.txt",)
    assert _parsed.cache_info().misses == before + 1


@needs_git
def test_a_linked_work_tree_and_a_submodule_have_files_of_their_own(tmp_path: Path) -> None:
    first, other = tmp_path / "first", tmp_path / "other"
    for folder in (first, other):
        put(folder, "compose.yaml", ".env")
        plain(folder)
        git(folder, "commit", "-qm", "x")
    git(first, "submodule", "add", "-q", str(other), "libs/other")
    git(first, "commit", "-qm", "x")
    git(first, "worktree", "add", "-q", str(tmp_path / "second"))
    git(tmp_path / "second", "rm", "-q", ".env")
    assert tracked(str(first)).submodules == ("libs/other",)
    assert tracked(str(first / "libs" / "other")).files == (".env", "compose.yaml")
    assert tracked(str(tmp_path / "second")).files == (".gitmodules", "compose.yaml")
    assert work_tree(str(first / "libs" / "other" / ".")).root == str(first / "libs" / "other")


DAMAGED = {
    "empty": b"",
    "of another kind": b"PK\x03\x04" + b"x" * 100,
    "cut off": b"DIRC\0\0\0\2\0\0\0\x09",
    "with a length beyond": b"DIRC\0\0\0\4\0\0\0\1" + b"\0" * 62 + b"\xff" * 40,
    "of a version to come": b"DIRC\0\0\0\x09\0\0\0\0",
}


@pytest.mark.parametrize("data", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_index_tracks_nothing(data: bytes, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "index").write_bytes(data)
    assert tracked(str(tmp_path)) == ((), ())


def test_names_of_an_index_do_not_outgrow_it(tmp_path: Path) -> None:
    """In version 4 a name goes on from the one before it, so that a few bytes can stand for a long one."""
    (tmp_path / ".git").mkdir()
    entry = b"\0" * 24 + struct.pack(">I", 0o100644) + b"\0" * 32 + b"\x0f\xff" + b"\0"

    def index(first: int, others: int) -> bytes:
        names = [b"a" * first, *[b"b"] * others]
        head = b"DIRC" + struct.pack(">II", 4, len(names))
        return head + b"".join(entry + name + b"\0" for name in names) + b"\0" * 20

    (tmp_path / ".git" / "index").write_bytes(index(100, 10))
    assert len(tracked(str(tmp_path)).files) == 11
    (tmp_path / ".git" / "index").write_bytes(index(4000, 2000))
    assert tracked(str(tmp_path)) == ((), ())


def test_a_bitmap_says_nothing_of_entries_that_there_are_not() -> None:
    everything = struct.pack(">IIQ", 1 << 31, 1, 1 | 1 << 26)
    assert list(islice(_bits(everything, 5), 100)) == [0, 1, 2, 3, 4]


# Ignoring

RULES = [
    "*.log", "/a", "a/", "a/b", "/a/b/", "**/c", "a/**", "a/**/c", "**", "*", "!a", "!a/b", "[ab]", "[!a]", "[^a]",
    "[a-c]", "?", "a?c", "\\!x", "\\#x", "#x", "!", "", "/", "//", "a ", "a\\ ", "a\\", "[a", "[]a]", "[[:alpha:]]",
    "[[:alpha:]-]", "a**b", "**b", "a**", "*a*", "a/*/c", "*/c", "./a", "a//b", "[a/]b", "\\a", "***", "a/**b",
    "[[:digit:]x]", "[\\]]", "[z-a]", "*.*", ".*", "x y", "\ta", "a\t", "[a-", "[!]", "!*/", "**/", "**/a/**",
]  # fmt: skip
PLACES = ["a", "b", "c", "a/b", "a/c", "a/b/c", "b/a", "b/c/a", "x.log", "a/x.log", "!x", "#x", "a ", "ab", "abc",
          "aXb", "a/xb", "]", ".a", "x y", "a.b", "d/a/b/c", "a\t", "1", "-"]  # fmt: skip


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with many untracked files."""
    folder = tmp_path_factory.mktemp("places")
    for place in PLACES:
        (folder / place).mkdir(parents=True, exist_ok=True)
        put(folder, f"{place}/f", f"{place}/F.log")
    git(folder, "init", "-q")
    return folder


@posix
@needs_git
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    top=st.lists(st.sampled_from(RULES), min_size=1, max_size=12),
    deep=st.lists(st.sampled_from(RULES), max_size=3),
    exclude=st.lists(st.sampled_from(RULES), max_size=2),
    end=st.sampled_from(["\n", "\r\n"]),
    fold=st.booleans(),
)
def test_ignored_is_what_git_ignores(
    top: list[str], deep: list[str], exclude: list[str], end: str, fold: bool, places: Path
) -> None:
    (places / ".git" / "config").write_text(f"[core]\nrepositoryformatversion = 0\nignorecase = {str(fold).lower()}\n")
    (places / ".git" / "info" / "exclude").write_text("\n".join(exclude))
    (places / ".gitignore").write_text("\ufeff" + end.join(top), newline="")
    (places / "a" / ".gitignore").write_text(end.join(deep), newline="")
    said = git(places, "ls-files", "-zo", "--exclude-standard").split("\0")[:-1]
    assert sorted(unignored(str(places))) == sorted(said)


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule", ["name%d", "/one/name%d*.x", "*.x%d", "!*%d*", "s*%d*?x", "*%d*.js", "**/name%d/", "one/**/x%d"]
)
def test_many_rules_cost_in_proportion_to_paths(rule: str, tmp_path: Path) -> None:
    def seconds(many: int) -> float:
        (tmp_path / ".gitignore").write_text("".join(rule % number + "\n" for number in range(many)))
        start = time.process_time()
        rules = rules_in(str(tmp_path))
        for number in range(many):
            rules.ignore(str(tmp_path / "one" / f"{number}.js"))
        return time.process_time() - start

    growth.assert_in_proportion(seconds, 250)


@needs_git
@pytest.mark.parametrize("place", [".config/git/ignore", "mine"])
def test_the_user_s_own_rules_count(place: str, tmp_path: Path, home: Path) -> None:
    put(home, place, content="*.local\n")
    if place == "mine":
        put(home, ".gitconfig", content="[core]\n\texcludesFile = ~/mine ; my own\n")
    put(tmp_path, "a.local", "b")
    git(tmp_path, "init", "-q")
    said = git(tmp_path, "ls-files", "-o", "--exclude-standard").split()
    assert sorted(unignored(str(tmp_path))) == said == ["b"]


@posix
def test_rules_hold_for_a_folder_that_is_reached_by_a_link(tmp_path: Path) -> None:
    put(tmp_path, "r/.gitignore", content="/a/x\n")
    put(tmp_path, "r/a/x", "r/a/y")
    (tmp_path / "r" / ".git").mkdir()
    (tmp_path / "link").symlink_to("r/a")
    rules = rules_in(str(tmp_path / "link"))
    assert rules.ignore(str(tmp_path / "link" / "x"))
    assert not rules.ignore(str(tmp_path / "link" / "y"))
    assert list(unignored(str(tmp_path / "link"))) == ["y"]


def test_a_repository_that_many_folders_name_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "one.git/config", content="[core]\n\tignoreCase = true\n# named often\n")
    put(tmp_path, "one.git/info/exclude", content="*.OFTEN\n")
    for number in range(30):
        put(tmp_path, f"{number}/.git", content=f"gitdir: ../{number}/../one.git\n")
        put(tmp_path, f"{number}/a.often", f"{number}/b")
    parsed: list[str] = []
    monkeypatch.setattr(trust, "settings", lambda text: parsed.append(text) or config_settings(text))
    read = ignore._line
    monkeypatch.setattr(ignore, "_line", lambda line, fold: parsed.append(line) or read(line, fold))
    found = list(unignored(str(tmp_path)))
    assert sorted(name for name in found if name[0].isdigit()) == sorted(f"{number}/b" for number in range(30))
    assert len([text for text in parsed if "often" in text.lower()]) == 2


@posix
@needs_git
def test_an_ignore_file_of_the_work_tree_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    put(tmp_path, "rules", content="*.log\n")
    (tmp_path / ".gitignore").symlink_to("rules")
    put(tmp_path, "a.log")
    git(tmp_path, "init", "-q")
    said = git(tmp_path, "ls-files", "-o", "--exclude-standard").split()
    assert sorted(unignored(str(tmp_path))) == sorted(said) == [".gitignore", "a.log", "rules"]


def test_without_git_the_ignore_files_of_the_folder_itself_count(tmp_path: Path) -> None:
    put(tmp_path, ".gitignore", content="*.env\n")
    put(tmp_path, "d/a.env", "d/b", "d/node_modules/c", "e/.gitignore")
    assert list(unignored(str(tmp_path), ("node_modules",))) == [".gitignore", "d/b", "e/.gitignore"]


# Trust


@posix
class TestStrangers:
    @pytest.fixture
    def theirs(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """A work tree that belongs to somebody else: to whoever runs the tests, while the run is told another user."""
        put(tmp_path, "r/d/x")
        (tmp_path / "r" / ".git").mkdir()
        monkeypatch.setattr(trust.os, "geteuid", lambda: os.getuid() + 1)
        monkeypatch.delenv("SUDO_UID", raising=False)
        return tmp_path / "r"

    def test_a_stranger_s_work_tree_is_none(self, theirs: Path) -> None:
        assert around(str(theirs / "d")) == (None, str(theirs))
        assert tracked(str(theirs)) == ((), ())

    @pytest.mark.parametrize(
        ("values", "trusted"),
        [
            (["{root}"], True),
            (["*"], True),
            (["{above}/*"], True),
            (["~/r"], False),
            (["{root}/d"], False),
            (["{root}/*"], False),
            (["r"], False),
            (["{root}", ""], False),
            (["", "{root}"], True),
        ],
    )
    def test_the_user_vouches_for_it_in_safe_directory(
        self, values: list[str], trusted: bool, theirs: Path, home: Path
    ) -> None:
        lines = [value.format(root=theirs, above=theirs.parent) for value in values]
        put(home, ".gitconfig", content="[safe]\n" + "".join(f'  directory = "{line}"\n' for line in lines))
        assert (work_tree(str(theirs)) is not None, around(str(theirs))[1] is None) == (trusted, trusted)

    def test_a_run_says_so_and_stays_in_the_project_s_folder(self, theirs: Path) -> None:
        put(theirs, "d/compose.yaml", content="services: {a: {image: x, env_file: [.env, ../.env]}}\n")
        put(theirs, "d/.env", ".env", content="A=1\n")
        (warning,) = [one for one in envfix.plan(theirs / "d").warnings if "safe.directory" in one.message]
        assert (warning.path, str(theirs) in warning.message) == (str(theirs), True)

    def test_the_environment_may_vouch_too(self, theirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name, value in {"COUNT": "1", "KEY_0": "safe.directory", "VALUE_0": str(theirs)}.items():
            monkeypatch.setenv(f"GIT_CONFIG_{name}", value)
        assert around(str(theirs))[1] is None

    def test_a_repository_cannot_vouch_for_itself(self, theirs: Path) -> None:
        put(theirs, ".git/config", content="[safe]\n directory = *\n")
        assert around(str(theirs))[1] == str(theirs)

    def test_root_takes_what_is_the_caller_s_by_sudo(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        (tmp_path / ".git").mkdir()
        if os.getuid() == 0:
            os.chown(tmp_path, 1234, 1234)
        monkeypatch.setattr(trust.os, "geteuid", lambda: 0)
        assert around(str(tmp_path))[1] == str(tmp_path)
        monkeypatch.setenv("SUDO_UID", str(tmp_path.stat().st_uid))
        assert around(str(tmp_path))[1] is None


def test_a_bare_repository_that_a_clone_brings_along_is_not_consulted(tmp_path: Path) -> None:
    put(tmp_path, "tests/data/HEAD", content="ref: refs/heads/main\n")
    put(tmp_path, "tests/data/config", content="[core]\n\tbare = true\n\tignorecase = true\n")
    put(tmp_path, "tests/data/info/exclude", content="*\n")
    (tmp_path / "tests" / "data" / "objects").mkdir()
    (tmp_path / "tests" / "data" / "refs").mkdir()
    assert work_tree(str(tmp_path / "tests" / "data")) is None
    (tmp_path / ".git").mkdir()
    assert work_tree(str(tmp_path / "tests" / "data")).root == str(tmp_path)
    assert "tests/data/HEAD" in list(unignored(str(tmp_path)))


@pytest.mark.parametrize("named", ["", "gitdir: \n", "gitdir: //192.0.2.1/share\n", "gitdir: \\\\192.0.2.1\\share\n"])
def test_a_git_file_that_leads_nowhere_or_to_another_machine_is_not_followed(named: str, tmp_path: Path) -> None:
    put(tmp_path, ".git", content=named)
    found = work_tree(str(tmp_path))
    assert found is not None
    assert found.folder == found.common == str(tmp_path / ".git")
    assert tracked(str(tmp_path)) == ((), ())


CONFIGURATIONS = {
    "a section and a key": ("[core]\n  bare = true\n", [("core.bare", "true")]),
    "on one line": ("[core] bare = true", [("core.bare", "true")]),
    "a part of a section": ('[Remote "A b"]\n\tUrl = x', [("remote.A b.url", "x")]),
    "quotes, escapes and a comment": ('[a]\nb = "x # \\" " y ; z', [("a.b", 'x # "  y')]),
    "over two lines": ("[a]\nb = x\\\n  y\nc = 1", [("a.b", "x  y"), ("a.c", "1")]),
    "no value": ("[a]\nb\n", [("a.b", None)]),
    "an empty value": ("[a]\nb =\n", [("a.b", "")]),
    "with Windows line ends": ("[a]\r\nb = c\r\n", [("a.b", "c")]),
    "what is no setting": ("b = c\n[a\n; x\n", []),
}


@pytest.mark.parametrize(("text", "found"), CONFIGURATIONS.values(), ids=CONFIGURATIONS)
def test_the_configuration(text: str, found: list[tuple[str, str | None]]) -> None:
    assert list(config_settings(text)) == [Setting(*one) for one in found]


@posix
@pytest.mark.slow
def test_no_git_is_ever_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name in the way would leave a mark."""
    put(tmp_path, "bin/git", content=f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    (tmp_path / "bin" / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    subprocess.run(["git", "--version"], check=True)
    (tmp_path / "was-run").unlink()
    put(
        tmp_path,
        "r/compose.yaml",
        content="services: {a: {image: x, env_file: .env}, b: {image: redis, ports: ['1:6379']}}\n",
    )
    put(tmp_path, "r/.env", content="REDIS_URL=redis://localhost:1\n")
    (tmp_path / "r" / ".git").mkdir()
    for words in ([], ["--write"], ["--restore"], ["--hook", "compose.yaml"], ["-r"], ["--override", "o.yaml"]):
        environ = {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "XDG_STATE_HOME": str(tmp_path / "state"),
        }
        done = subprocess.run([sys.executable, "-m", "envfix", *words], cwd=tmp_path / "r", env=environ, check=False)
        assert done.returncode < 2
    assert not (tmp_path / "was-run").exists()
