"""Which lines of a log may tell of a failed connection?

A log is read in blocks. Each is reduced to letters in lower case, without most of those that are digits of hexadecimal
numbers too, which requests and traces are named by: lines that differ in numbers and marks alone are of one kind then,
and few of a log's many lines are of a new kind. A new kind is searched for what is left of a few words that nearly all
failures share. Only lines of a kind that may hold one are looked at, all their letters this time, and only those that
hold it are handed on as they are, with the lines before and behind them.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator, Sequence

from envfix.named_tuples import NamedTuple
from envfix.patterns import regex


class Line(NamedTuple):
    """A line of a log, or a piece of a long one: `number` counts from 1, `head` is the line's beginning, which tells
    whose it is; `told`: it may tell of a failure itself (else it stands near one that may)."""

    number: int
    head: bytes
    text: bytes
    told: bool


BEFORE, BEHIND = 2, 12
"""Lines before and behind one that tells of a failure, which may name its address."""

MESSAGE = 300
"""Lines from the first to the last of one message with its stack traces."""

_LONGEST = 1 << 16  # bytes of a line without an end that are kept
_WINDOW, _OVERLAP = 1 << 14, 1 << 10  # a longer line is looked at in windows of so many bytes, which overlap
_HEAD = 256
_KNOWN = 1 << 16  # kinds of lines that are remembered; where a log has more, all are searched again

# Nothing that could be a part of an address.
_TIME = regex(rb"(?<![\w:.])(?:\d{4}[-/]\d\d[-/]\d\d[T ])?\d\d:\d\d:\d\d(?:[.,]\d++)?Z?(?![\w:.])")
_MOST_REPEATED, _LONGEST_REPEATED = 256, 1024

_LOWER = bytes(byte + 32 if 65 <= byte <= 90 else byte for byte in range(256))
_LETTERS = b"abcdefghijklmnopqrstuvwxyz'"  # without the mark, what is left of `can't` stands in every `connection`
_DIGITS = b"abcef"  # of a hexadecimal number; not d, without which words with `address` and `dial` have little left
_NO_LETTERS = bytes(byte for byte in range(256) if _LOWER[byte] not in _LETTERS + b"\n")
_NOT_IN_KIND = bytes(byte for byte in range(256) if _LOWER[byte] in _DIGITS or byte in _NO_LETTERS)

# One of these words, letters alone, stands on a line of every failure that `shapes` knows (a test sees to that): a word
# that tells of one by itself, or a word that most often tells of success, and then one of _FAILING on the same line.
# What _DIGITS leave of a word of the first two should be rare in other words: `notreach` and its like, not `reach`.
TELLING = (b"refused", b"timedout", b"timeout", b"suchfile", b"fetchfail", b"noresponse", b"tryagain", b"networkerr",
           b"nxdomain", b"eaiagain", b"badaddress'", b"bootstrapbroker", b"noroute", b"linkfail",
           b"transientfail", b"startupnodesisavail", b"poolconnectionsactive", b"outofavailablebrok",
           b"occurredwhilerequesting")  # fmt: skip
DOUBTFUL = (b"connect", b"known", b"resol", b"address", b"addrin", b"addrnot", b"lookup", b"avail", b"unreach",
            b"notreach", b"notbereach", b"toreach", b"ntreach", b"n'treach", b"werereach", b"contact", b"hostnot",
            b"dial", b"establish", b"revive")  # fmt: skip
_FAILING = (b"fail", b"err", b"excep", b"n't", b"cannot", b"could", b"unabl", b"unavail", b"unreach", b"unknown",
            b"notkn", b"notav", b"notre", b"notfound", b"misbehav", b"suchhost", b"assignreq", b"nobroker",
            b"noserver", b"nonode", b"statedisconn", b"reasonchanged", b"down", b"uncaught", b"exhaust",
            b"sepoints", b"sqlstate")  # fmt: skip


class _Words(NamedTuple):
    """Which words the lines of one kind may hold."""

    telling: Sequence[bytes]
    doubtful: Sequence[bytes]
    failing: Sequence[bytes]

    def tell(self, letters: bytes) -> bool:
        """Whether a line of the kind, by all its letters, may tell of a failure."""
        for word in self.telling:
            if word in letters:
                return True
        for word in self.failing:
            if word in letters:
                return any(doubtful in letters for doubtful in self.doubtful)
        return False


class Repeated:
    """Lines that say, their time aside, what was understood before, whatever stands around them."""

    def __init__(self) -> None:
        self._texts: set[bytes] = set()

    def add(self, text: bytes) -> None:
        """Take the line for understood. Of too many different ones none is known any more."""
        if len(text) <= _LONGEST_REPEATED:
            if len(self._texts) >= _MOST_REPEATED:
                self._texts.clear()
            self._texts.add(_TIME.sub(b"", text))

    def __contains__(self, text: bytes) -> bool:
        if not self._texts or len(text) > _LONGEST_REPEATED:
            return False
        return text in self._texts or _TIME.sub(b"", text) in self._texts


def lines(pieces: Iterable[bytes], repeated: Repeated | None = None) -> Iterator[Line]:
    """The lines of a log that may tell of a failure, with their neighbours, in the log's order. `pieces` are its bytes,
    cut anywhere. What is `repeated` is left out, unless something new is told within a message's length of it."""
    near = _Near(repeated or Repeated())
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


class _Near:
    """What is near a failure, from one block to the next: the last lines of the block before, and how many lines are
    still to come. `count` is how many line ends the block had, `_given` the number of the last line that was handed on;
    `_harmless` are kinds of lines that tell of no failure, `_suspect` those that may, `_silent` all letters of lines of
    these that do not."""

    def __init__(self, repeated: Repeated) -> None:
        self.count = 0
        self._repeated = repeated
        self._left_out: deque[Line] = deque(maxlen=MESSAGE)
        self._new = -MESSAGE - 1  # the last line that told something new
        self._harmless: set[bytes] = set()
        self._suspect: dict[bytes, _Words] = {}
        self._silent: set[bytes] = set()
        self._before: tuple[bytes, ...] = ()
        self._left = 0
        self._given = 0

    def taken(self, block: bytes, number: int, head: bytes) -> Iterator[Line]:
        """The lines of a block that are wanted; `number` and `head` are its first line's."""
        doubtful = self._doubtful(block)
        texts = _split(block, None if doubtful or self._left else BEFORE + 1)
        told = self._telling(texts, doubtful) if doubtful else []
        told, again = self._with_news(told, texts, number, bool(head))
        if not told and not self._left:
            self._remember(texts)
            return
        wanted = dict.fromkeys(range(min(self._left, len(texts))), False)
        for at in told:
            wanted.update(dict.fromkeys(range(max(0, at - BEFORE), min(at + BEHIND + 1, len(texts))), False))
        wanted.update(dict.fromkeys(told, True))
        missing = max(0, BEFORE - told[0]) if told else 0
        before = self._before[-missing:] if missing else ()
        first = number - len(before)
        nearest = {at: Line(at, text[:_HEAD], text[:_WINDOW], False) for at, text in enumerate(before, start=first)}
        nearest.update((line.number, line) for line in again)
        yield from (nearest[at] for at in sorted(nearest) if at > self._given)
        for at in sorted(wanted):
            text = texts[at].removesuffix(b"\r")
            yield from _windows(number + at, head if head and at == 0 else text[:_HEAD], text, wanted[at])
        self._given = max(self._given, number + max(wanted, default=-1))
        last = told[-1] if told else -1
        self._left = max(self._left - len(texts), last + BEHIND + 1 - len(texts) if told else 0, 0)
        self._remember(texts)

    def _with_news(
        self, told: list[int], texts: list[bytes], number: int, is_cut: bool
    ) -> tuple[list[int], list[Line]]:
        """Of the numbers in `told` those of lines that say something new or stand near one, and such lines of blocks
        before that were left out. `is_cut`: the first line began in another block."""
        new = [at for at in told if texts[at].removesuffix(b"\r") not in self._repeated or (is_cut and at == 0)]
        kept, again = [], []
        if new:
            again = [line for line in self._left_out if line.number >= number + new[0] - MESSAGE]
            self._left_out.clear()
        elif number - self._new > MESSAGE:
            told = told[-MESSAGE:]
        for at in told:
            following = bisect_left(new, at - MESSAGE)
            if number + at - self._new <= MESSAGE or (following < len(new) and new[following] <= at + MESSAGE):
                kept.append(at)
            else:
                text = texts[at].removesuffix(b"\r")
                self._left_out.append(Line(number + at, text[:_HEAD], text, True))
        if new:
            self._new = number + new[-1]
        return kept, again

    def _remember(self, texts: list[bytes]) -> None:
        self._before = (*self._before, *(text.removesuffix(b"\r")[:_WINDOW] for text in texts[-BEFORE:]))[-BEFORE:]

    def _doubtful(self, block: bytes) -> list[tuple[int, _Words]]:
        """The lines, counted from 0, whose kind may tell of a failure, each with the words that its kind may hold."""
        kinds = block.translate(_LOWER, _NOT_IN_KIND).split(b"\n")
        self.count = len(kinds) - 1
        unsure = [(number, kind) for number, kind in enumerate(kinds) if kind not in self._harmless]
        if not unsure:
            return []
        new = {kind for _, kind in unsure if kind not in self._suspect}
        found = _suspect(new) if new else {}
        doubtful = [(at, words) for at, kind in unsure if (words := found.get(kind) or self._suspect.get(kind))]
        if len(self._harmless) + len(self._suspect) + len(new) > _KNOWN:
            self._harmless.clear()
            self._suspect.clear()
        self._harmless.update(kind for kind in new if kind not in found and len(kind) < _HEAD)
        self._suspect.update((kind, words) for kind, words in found.items() if len(kind) < _HEAD)
        return doubtful

    def _telling(self, texts: list[bytes], doubtful: list[tuple[int, _Words]]) -> list[int]:
        """Of the numbers of doubtful lines those of lines that hold, by all their letters, what tells of a failure."""
        reduced = b"\n".join([texts[at] for at, _ in doubtful]).translate(_LOWER, _NO_LETTERS).split(b"\n")
        told = []
        for (at, words), letters in zip(doubtful, reduced, strict=True):
            if letters not in self._silent:
                if words.tell(letters):
                    told.append(at)
                elif len(letters) < _HEAD:
                    self._silent.add(letters)
        if len(self._silent) > _KNOWN:
            self._silent.clear()
        return told


def _split(block: bytes, last: int | None) -> list[bytes]:
    """The lines of a block; of more than `last` what is before these is one piece."""
    texts = block.split(b"\n") if last is None else block.rsplit(b"\n", last)  # from behind takes twice as long
    if not texts[-1]:
        texts.pop()
    return texts


def _windows(number: int, head: bytes, text: bytes, told: bool) -> Iterator[Line]:
    if not told:
        yield Line(number, head, text[:_WINDOW], False)
        return
    for start in range(0, max(len(text), 1), _WINDOW - _OVERLAP):
        yield Line(number, head, text[start : start + _WINDOW], True)


def _suspect(kinds: Iterable[bytes]) -> dict[bytes, _Words]:
    """The kinds that may hold a word which tells of a failure, or a doubtful one and one of _FAILING beside it."""
    joined = b"\n".join(kinds)
    telling, doubtful = _holding(joined, TELLING), _holding(joined, DOUBTFUL)
    failing = _holding(b"\n".join(doubtful), _FAILING)
    return {
        kind: _Words(telling.get(kind, ()), doubtful.get(kind, ()), failing.get(kind, ()))
        for kind in (*telling, *failing)
    }


def _holding(joined: bytes, words: Iterable[bytes]) -> dict[bytes, list[bytes]]:
    """The kinds that may hold some of the words, with these."""
    found: dict[bytes, list[bytes]] = {}
    for word in words:
        reduced = word.translate(None, _DIGITS)
        offset = joined.find(reduced)
        while offset >= 0:
            end = joined.find(b"\n", offset)
            kind = joined[joined.rfind(b"\n", 0, offset) + 1 : end if end >= 0 else None]
            found.setdefault(kind, []).append(word)
            offset = joined.find(reduced, end) if end >= 0 else -1
    return found
