"""What do the names of a binding, and those beside it, say of inside and outside?

A twin is another binding: the same name with a word for inside or outside in it. The two names of one binding, that in
the env file and that in the container, are none of each other.
"""

from collections.abc import Iterable, Iterator

from envfix.knowledge.names import name_says, words_of
from envfix.knowledge.words import INTERNAL_WORDS, OUTSIDE_WORDS

Names = frozenset[tuple[str, ...]]
_INSIDE = INTERNAL_WORDS | {"SERVER"}
_MARKS = _INSIDE | OUTSIDE_WORDS


def possible_twins(names: Iterable[str]) -> Names:
    """The names, as words, that may be the twin of another: those that hold a word for inside or outside."""
    return frozenset(words_of(name) for name in names if _is_marked(name.upper()))


def _is_marked(name: str) -> bool:
    return any(mark in name for mark in _MARKS)


def has_internal_twin(name: str, names: Names, own: Names) -> bool:
    """Whether the same variable stands beside it with a word for inside (`OIDC_ISSUER` and `OIDC_INTERNAL_ISSUER`):
    then this one is public on purpose. `own` are the names of the binding itself."""
    return _has_twin(name, names, own, _INSIDE)


def has_external_twin(name: str, names: Names, own: Names) -> bool:
    """Whether the same variable stands beside it with a word for outside: then this one is for inside."""
    return _has_twin(name, names, own, OUTSIDE_WORDS)


def _has_twin(name: str, names: Names, own: Names, marks: frozenset[str]) -> bool:
    words = words_of(name)
    if not marks.isdisjoint(words):
        return False
    return any(twin in names and twin not in own for twin in _twins(words, marks))


def _twins(words: tuple[str, ...], marks: frozenset[str]) -> Iterator[tuple[str, ...]]:
    """The names with a mark anywhere among the words, or in the place of a word for outside."""
    for at in range(len(words) + 1):
        for mark in marks:
            yield (*words[:at], mark, *words[at:])
            if at < len(words) and len(words) > 1 and words[at] in OUTSIDE_WORDS:
                yield (*words[:at], mark, *words[at + 1 :])


def is_for_outside(name: str) -> bool:
    """Whether the name says that its value is for outside: by a framework's public prefix, or by a word that says
    nothing else."""
    says = name_says(name)
    return bool(says.prefix) or not OUTSIDE_WORDS.isdisjoint(says.words)
