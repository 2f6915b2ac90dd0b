"""Which paths does git ignore? As gitignore(5) says: the last rule that fits decides, those of deeper folders last."""

import os
import stat
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import chain

from envfix.files import text_if_readable
from envfix.git import worktree
from envfix.git.config import protected, user_folder
from envfix.globs import Path, Rule, RulesByEnds, git
from envfix.named_tuples import NamedTuple


class _Line(NamedTuple):
    """One line of an ignore file. `whole`: its pattern stands for a path below the file's folder, else for a name in
    any folder."""

    rule: Rule
    whole: bool


class _IgnoreFile(NamedTuple):
    """The rules of one file, those for names and those for paths, for what lies below `base` (with a slash at its
    end)."""

    base: str
    names: RulesByEnds
    paths: RulesByEnds

    def ignore(self, path: str, name: Path, *, folder: bool) -> bool | None:
        """Whether the path is ignored, None where no rule fits it."""
        by_path = self.paths.last(Path(path[len(self.base) :]), folder=folder)
        number, ignores = max(self.names.last(name, folder=folder), by_path)
        return None if number < 0 else ignores


class Rules(NamedTuple):
    """The rules that hold for what lies in a folder, a file of them each, the weakest first. `fold`: letter case does
    not count there. Paths are asked about as they lie below `spelt`, which is `real` without links."""

    files: tuple[_IgnoreFile, ...] = ()
    fold: bool = False
    spelt: str = ""
    real: str = ""

    def ignore(self, path: str, *, folder: bool = False) -> bool:
        """Whether git ignores the absolute path, a `folder` or not, none of whose parents it does."""
        path = self._real(path).replace(os.sep, "/")
        path = path.lower() if self.fold else path
        name = Path(path.rpartition("/")[2])
        for file in reversed(self.files):
            ignored = file.ignore(path, name, folder=folder)
            if ignored is not None:
                return ignored
        return False

    def within(self, folder: str) -> "Rules":
        """The rules for what lies in `folder` (absolute): these and those of its own `.gitignore`."""
        folder = self._real(folder)
        path = os.path.join(folder, ".gitignore")
        if os.path.islink(path):  # which git does not follow in a work tree (gitignore(5), NOTES)
            return self
        return self._replace(files=(*self.files, *_rules(path, folder, self.fold)))

    def _real(self, path: str) -> str:
        return self.real + path[len(self.spelt) :] if path.startswith(self.spelt) else path


class Folder(NamedTuple):
    """A folder and the names of what is no folder in it, ignored or not; `rules` hold for what lies in it. `closed`: it
    cannot be read, so that nothing is known of it."""

    path: str
    files: frozenset[str]
    rules: Rules
    closed: bool = False


def rules_in(folder: str) -> Rules:
    """The rules that hold for what lies in the existing `folder`: of the user, the repository, the folders above it up
    to the root of its work tree, and its own; without git its own alone."""
    tree = worktree.work_tree(folder)
    real = os.path.realpath(folder)
    rules = Rules() if tree is None else _of_repository(tree)
    for one in reversed(list(_upwards(real, real if tree is None else tree.root))):
        rules = rules.within(one)
    return rules._replace(spelt=os.path.abspath(folder), real=real)


def _upwards(folder: str, last: str) -> Iterator[str]:
    while folder != last:
        yield folder
        folder = os.path.dirname(folder)
    yield last


def walk(root: str, never: Collection[str] = ()) -> Iterator[Folder]:
    """The existing folder `root` (absolute) and those below it that git does not ignore, in order of their names,
    without those whose name is in `never` or `.git`. No link is followed."""
    pending = [(root, Rules())]
    while pending:
        path, rules = pending.pop()
        files, folders, closed = _entries(path)
        if path == root:
            rules = rules_in(root)
        elif any(name[:4].lower() == ".git" for name in chain(files, folders)):
            rules = _deeper(path, rules)  # which asks for two files, and few folders have one of them
        yield Folder(path, frozenset(files - {".git"}), rules, closed)
        inner = (os.path.join(path, name) for name in sorted(folders - {".git"}, reverse=True) if name not in never)
        pending += [(one, rules) for one in inner if not rules.ignore(one, folder=True)]


def unignored(root: str, never: Collection[str] = ()) -> Iterator[str]:
    """The files at and below `root`, as `walk` goes, that git does not ignore: relative paths with `/`."""
    for folder in walk(root, never):
        for name in sorted(folder.files):
            path = os.path.join(folder.path, name)
            if not folder.rules.ignore(path):
                yield os.path.relpath(path, root).replace(os.sep, "/")


def _deeper(folder: str, rules: Rules) -> Rules:
    if os.path.lexists(os.path.join(folder, ".git")):
        rules = _of_repository(worktree.at(folder))._replace(spelt=rules.spelt, real=rules.real)
    return rules.within(folder)


def _entries(folder: str) -> tuple[set[str], set[str], bool]:
    """What is no folder and what is one in a folder, git's own among them, and whether it is closed."""
    files: set[str] = set()
    folders: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False) and not _is_junction(entry)
                (folders if is_folder else files).add(entry.name)
    except PermissionError:
        return files, folders, True
    except OSError:
        pass
    return files, folders, False


def _is_junction(entry: os.DirEntry[str]) -> bool:
    """Whether the folder is Windows' other kind of link, which may lead back to a folder above it."""
    status = entry.stat(follow_symlinks=False) if os.name == "nt" else None
    return getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", None)


def _of_repository(tree: worktree.WorkTree) -> Rules:
    """The user's own rules and the repository's, for its whole work tree."""
    own = protected("core.excludesfile")
    path = os.path.expanduser(own[-1]) if own else os.path.join(user_folder(), "ignore")
    fold = any(key == "core.ignorecase" and value == "true" for key, value in tree.settings())
    exclude = os.path.join(tree.common, "info", "exclude")
    return Rules((*_rules(path, tree.root, fold), *_rules(exclude, tree.root, fold)), fold)


def _rules(path: str, base: str, fold: bool) -> Iterator[_IgnoreFile]:
    """The rules of the ignore file at `path`, if there is one."""
    if not os.path.lexists(path):
        return
    base = base.replace(os.sep, "/").rstrip("/") + "/"
    yield _IgnoreFile(base.lower() if fold else base, *_by_ends(text_if_readable(path) or "", fold))


# Thousands of folders of a few bytes can name one repository.
@lru_cache(maxsize=4)
def _by_ends(text: str, fold: bool) -> tuple[RulesByEnds, RulesByEnds]:
    """The rules in the text of an ignore file, those for names and those for paths."""
    lines = (_line(line.removesuffix("\r"), fold) for line in text.removeprefix("\ufeff").split("\n"))
    numbered = list(enumerate(filter(None, lines)))
    names = RulesByEnds((number, line.rule) for number, line in numbered if not line.whole)
    return names, RulesByEnds((number, line.rule) for number, line in numbered if line.whole)


def _line(line: str, fold: bool) -> _Line | None:
    if line.startswith("#"):
        return None
    line = _without_blanks(line)
    ignores = not line.startswith("!")
    words = line if ignores else line[1:]
    folders = words.endswith("/")
    words = words.removesuffix("/")
    if not words:
        return None
    whole = "/" in words
    words = words.removeprefix("/")
    return _Line(Rule(git(words.lower() if fold else words), folders, ignores), whole)


def _without_blanks(line: str) -> str:
    """The line without spaces at its end, but for one that a backslash guards."""
    bare = line.rstrip(" ")
    guarded = (len(bare) - len(bare.rstrip("\\"))) % 2
    return bare + line[len(bare) : len(bare) + guarded]
