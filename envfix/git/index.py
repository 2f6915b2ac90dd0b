"""Which files does git track? The format is gitformat-index(5)'s, versions 2 to 4."""

import os
import struct
from collections.abc import Iterator, Sequence
from functools import lru_cache

from envfix.files import bytes_if_readable
from envfix.git.worktree import WorkTree, work_tree
from envfix.named_tuples import NamedTuple

# Twenty times the index of Linux.
_MAX_INDEX = 160 << 20
# An entry takes 62 bytes besides its name, of which version 4 leaves out what the name before it has: so many times as
# long as the index no names of real files are, all together.
_MOST_TIMES = 16
_SUBMODULE, _SPARSE_FOLDER = 0o160000, 0o040000


class Tracked(NamedTuple):
    """Paths relative to the folder that was asked about, with `/`, in the index's order: files (and links), and the
    folders of submodules, whose files another repository tracks."""

    files: tuple[str, ...]
    submodules: tuple[str, ...]


class _Entry(NamedTuple):
    name: bytes
    mode: int


def tracked(directory: str) -> Tracked:
    """What git tracks at and below the existing folder `directory`; nothing where there is no work tree, or where its
    index cannot be read."""
    tree = work_tree(directory)
    if tree is None:
        return Tracked((), ())
    below = os.path.relpath(os.path.realpath(directory), tree.root).replace(os.sep, "/")
    prefix = b"" if below == "." else os.fsencode(below) + b"/"
    try:
        found = [entry for entry in _entries(tree) if entry.name.startswith(prefix)]
    except (struct.error, IndexError, ValueError):
        return Tracked((), ())
    kinds = {os.fsdecode(entry.name[len(prefix) :]): entry.mode & 0o170000 for entry in found}
    files = tuple(name for name, kind in kinds.items() if kind not in (_SUBMODULE, _SPARSE_FOLDER))
    return Tracked(files, tuple(name for name, kind in kinds.items() if kind == _SUBMODULE))


def _entries(tree: WorkTree) -> Sequence[_Entry]:
    data = bytes_if_readable(os.path.join(tree.folder, "index"), _MAX_INDEX)
    if data is None:
        return ()
    long = any(setting == ("extensions.objectformat", "sha256") for setting in tree.settings())
    hash_length = 32 if long else 20
    own, end = _parsed(data, hash_length)
    link = _extension(data, end, b"link", hash_length)
    if link is None:
        return own
    # A split index: most entries stand in a shared file, and this one says which of them are gone or new.
    shared = bytes_if_readable(os.path.join(tree.common, f"sharedindex.{link[:hash_length].hex()}"), _MAX_INDEX)
    if shared is None and any(link[:hash_length]):
        raise ValueError("no shared index")
    base = _parsed(shared, hash_length)[0] if shared is not None else ()
    gone = set(_bits(link[hash_length:], len(base))) if len(link) > hash_length else set()
    kept = [entry for number, entry in enumerate(base) if number not in gone]
    return sorted((*kept, *(entry for entry in own if entry.name)), key=lambda entry: entry.name)


# Many projects can lie in one work tree, and its index is that of them all.
@lru_cache(maxsize=2)
def _parsed(data: bytes, hash_length: int) -> tuple[tuple[_Entry, ...], int]:
    """The entries of an index, and where its extensions begin."""
    mark, version, count = struct.unpack_from(">4sII", data)
    if mark != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("no index")
    entries: list[_Entry] = []
    at, name, room = 12, b"", _MOST_TIMES * len(data)
    fixed = 40 + hash_length + 2
    for _ in range(count):
        start = at
        (mode,) = struct.unpack_from(">I", data, at + 24)
        (flags,) = struct.unpack_from(">H", data, at + fixed - 2)
        at += fixed + (2 if version > 2 and flags & 0x4000 else 0)
        if version == 4:
            less, at = _offset(data, at)
            if less > len(name):
                raise ValueError("no prefix of that length")
            name = name[: len(name) - less]
        else:
            name = b""
        end = data.index(b"\0", at)
        name += data[at:end]
        room -= len(name)
        if room < 0:
            raise ValueError("no names of paths")
        at = end + 1 if version == 4 else start + (end - start + 8) // 8 * 8
        entries.append(_Entry(name, mode))
    return tuple(entries), at


def _offset(data: bytes, at: int) -> tuple[int, int]:
    """A number in git's variable-width encoding (varint.c), and where what follows begins."""
    byte = data[at]
    value = byte & 127
    while byte & 128:
        at += 1
        byte = data[at]
        value = (value + 1 << 7) + (byte & 127)
        if value > 1 << 32:
            raise ValueError("no such length")
    return value, at + 1


def _extension(data: bytes, at: int, wanted: bytes, hash_length: int) -> bytes | None:
    while at + 8 <= len(data) - hash_length:
        mark, size = struct.unpack_from(">4sI", data, at)
        if mark == wanted:
            return data[at + 8 : at + 8 + size]
        at += 8 + size
    return None


def _bits(data: bytes, limit: int) -> Iterator[int]:
    """The numbers below `limit` of the set bits in an EWAH bitmap (gitformat-bitmap(5), appendix A): runs of equal
    words, each followed by words as they are."""
    size, count = struct.unpack_from(">II", data)
    words = struct.unpack_from(f">{count}Q", data, 8)
    at, base = 0, 0
    while at < count:
        run = words[at]
        length, plain = run >> 1 & 0xFFFFFFFF, run >> 33
        if run & 1:
            yield from range(base, min(base + 64 * length, size, limit))
        base += 64 * length
        for word in words[at + 1 : at + 1 + plain]:
            yield from (base + bit for bit in range(64) if word >> bit & 1 and base + bit < limit)
            base += 64
        at += 1 + plain
