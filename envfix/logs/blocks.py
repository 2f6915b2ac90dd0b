"""Which lines of a log may tell of a failed connection?

A log is read in blocks. Each is reduced to its letters, in lower case: lines that differ in numbers and marks alone are
one then, and of a log's many lines few are new. These are searched for a few words that nearly all failures share, and
only where one stands are lines looked at as they are, with those before and behind them.
"""

from collections.abc import Iterable, Iterator

from envfix.named_tuples import NamedTuple


class Line(NamedTuple):
    """A line of a log, or a piece of a long one: `number` counts from 1, `head` is the line's beginning, which tells
    whose it is; `told`: it may tell of a failure itself (else it stands near one that may)."""

    number: int
    head: bytes
    text: bytes
    told: bool


BEFORE, BEHIND = 2, 12
"""Lines before and behind one that tells of a failure, which may name its address."""

_LONGEST = 1 << 16  # bytes of a line without an end that are kept
_WINDOW, _OVERLAP = 1 << 14, 1 << 10  # a longer line is looked at in windows of so many bytes, which overlap
_HEAD = 256
_KNOWN = 1 << 16  # reduced lines that are remembered: fewer than a busy log has kinds, and all are searched again

_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_NO_LETTERS = bytes(byte for byte in range(256) if _LOWER[byte] not in _LETTERS + b"\n")

# One of these words, letters alone, stands on a line of every failure that `shapes` knows (a test sees to that): a word
# that tells of one by itself, or a word that most often tells of success, and then one of _FAILING on the same line.
TELLING = (b"refused", b"timedout", b"timeout", b"suchfile", b"fetchfail", b"noresponse", b"tryagain", b"networkerr",
           b"nxdomain", b"eaiagain")  # fmt: skip
DOUBTFUL = (b"connect", b"known", b"resol", b"addr", b"lookup", b"avail", b"reach", b"contact", b"hostnot")
_FAILING = (b"fail", b"err", b"excep", b"cant", b"cannot", b"could", b"unabl", b"unavail", b"unreach", b"unknown",
            b"notkn", b"notres", b"notav", b"notre", b"notfound", b"refus", b"timedout", b"timeout", b"misbehav",
            b"suchhost", b"again", b"nxdomain", b"assignreq", b"bad", b"nobroker", b"noserver", b"disconn",
            b"down", b"uncaught", b"exhaust", b"sepoints")  # fmt: skip


def lines(pieces: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a log that may tell of a failure, with their neighbours, in the log's order. `pieces` are its bytes,
    cut anywhere."""
    near = _Near()
    number, head, rest = 1, b"", b""
    for piece in pieces:
        block = rest + piece if rest else piece
        cut = block.rfind(b"\n") + 1
        if cut:
            yield from near.taken(block[:cut], number, head)
            number, head = number + near.count, b""
        rest = block[cut:]
        if len(rest) > _LONGEST:
            head = head or rest[:_HEAD]
            yield from near.taken(rest, number, head)
            rest = rest[-_OVERLAP:]
    yield from near.taken(rest, number, head)


def reduce(data: bytes) -> bytes:
    """The letters and line ends of the data, in lower case."""
    return data.translate(_LOWER, _NO_LETTERS)


class _Near:
    """What is near a failure, from one block to the next: the last lines of the block before, and how many lines are
    still to come. `count` is how many line ends the block had, `_harmless` what tells of no failure, and `_given` the
    number of the last line that was handed on."""

    def __init__(self) -> None:
        self.count = 0
        self._harmless: set[bytes] = set()
        self._before: tuple[bytes, ...] = ()
        self._left = 0
        self._given = 0

    def taken(self, block: bytes, number: int, head: bytes) -> Iterator[Line]:
        """The lines of a block that are wanted; `number` and `head` are its first line's."""
        told = self._told(reduce(block))
        if not told and not self._left:
            self._remember(_split(block, BEFORE + 1))
            return
        texts = _split(block)
        wanted = dict.fromkeys(range(min(self._left, len(texts))), False)
        for at in told:
            wanted.update(dict.fromkeys(range(max(0, at - BEFORE), min(at + BEHIND + 1, len(texts))), False))
        wanted.update(dict.fromkeys(told, True))
        missing = max(0, BEFORE - told[0]) if told else 0
        before = self._before[-missing:] if missing else ()
        for at, text in enumerate(before, start=number - len(before)):
            if at > self._given:
                yield Line(at, text[:_HEAD], text[:_WINDOW], False)
        for at in sorted(wanted):
            yield from _windows(number + at, head if head and at == 0 else texts[at][:_HEAD], texts[at], wanted[at])
        self._given = max(self._given, number + max(wanted, default=-1))
        last = told[-1] if told else -1
        self._left = max(self._left - len(texts), last + BEHIND + 1 - len(texts) if told else 0, 0)
        self._remember(texts)

    def _remember(self, texts: list[bytes]) -> None:
        self._before = (*self._before, *(text[:_WINDOW] for text in texts[-BEFORE:]))[-BEFORE:]

    def _told(self, reduced: bytes) -> list[int]:
        """The numbers, from 0, of the lines of a reduced block that may tell of a failure."""
        every = reduced.split(b"\n")
        self.count = len(every) - 1
        new = set(every) - self._harmless
        telling = _telling(new)
        if len(self._harmless) + len(new) > _KNOWN:
            self._harmless.clear()
        self._harmless.update(line for line in new - telling if len(line) < _HEAD)
        return [number for number, line in enumerate(every) if line in telling] if telling else []


def _split(block: bytes, last: int = -1) -> list[bytes]:
    """The lines of a block without their ends, LF or CRLF; of more than `last` what is before these is one piece."""
    texts = block.rsplit(b"\n", last)
    if not texts[-1]:
        texts.pop()
    return [text.removesuffix(b"\r") for text in texts] if b"\r" in block else texts


def _windows(number: int, head: bytes, text: bytes, told: bool) -> Iterator[Line]:
    if not told:
        yield Line(number, head, text[:_WINDOW], False)
        return
    for start in range(0, max(len(text), 1), _WINDOW - _OVERLAP):
        yield Line(number, head, text[start : start + _WINDOW], True)


def _telling(every: set[bytes]) -> set[bytes]:
    """Which of some reduced lines may tell of a failure."""
    joined = b"\n".join(every)
    found = {line for word in TELLING for line in _holding(joined, word)}
    return found.union(line for word in DOUBTFUL for line in _holding(joined, word) if _fails(line))


def _holding(joined: bytes, word: bytes) -> Iterator[bytes]:
    """The lines that hold the word."""
    offset = joined.find(word)
    while offset >= 0:
        end = joined.find(b"\n", offset)
        start = joined.rfind(b"\n", 0, offset) + 1
        yield joined[start:end] if end >= 0 else joined[start:]
        offset = joined.find(word, end) if end >= 0 else -1


def _fails(line: bytes) -> bool:
    return any(word in line for word in _FAILING)
