"""What does the code of the readers change about a decision?

Absence keeps, use by browsers asks; nothing here ever leads to a rewrite, and no `ask` becomes a `keep` by what code
does with a value, since the lines that were seen need not be all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from envfix.records import Evidence
from envfix.resolver.case import ReaderNeed
from envfix.resolver.verdict import Verdict
from envfix.shown import listed
from envfix.source import Code, Mention

_MAX_SHOWN = 3
_ONLY_HANDED_ON = "the code only hands it on, to browsers or programs outside, and opens no connection with it"


def weighed(
    verdict: Verdict, needs: Sequence[ReaderNeed], code: Code, *, claimed: bool = False
) -> tuple[Verdict, tuple[Evidence, ...]]:
    """The verdict about an address in the light of its readers' code, and the places there that say the variable.
    `claimed`: the user said who reads it."""
    if verdict.reason == "pinned" or not needs:
        return verdict, said(needs, code)
    readers = _readers(needs)
    if (
        verdict.decision != "keep"
        and not claimed
        and all(name and code.never_says(service, name) for service, name in readers)
    ):
        services = sorted({service for one in needs for service in one.found.use.services})
        return Verdict("keep", "unread", f"no source of {listed(services)} mentions it", verdict.lead), ()
    outside = _only_outside(needs, code) if verdict.decision == "rewrite" else ()
    if outside:
        choices = (verdict.target,) if verdict.target is not None else ()
        return Verdict("ask", "ambiguous", _ONLY_HANDED_ON, verdict.lead, choices=choices), _shown(outside, "outside")
    return verdict, said(needs, code)


def said(needs: Sequence[ReaderNeed], code: Code) -> tuple[Evidence, ...]:
    """Up to three places in the readers' code that say the variable."""
    found = (one for service, name in _readers(needs) if name for one in code.mentions(service, name))
    return _shown(found, "mention")


def _readers(needs: Sequence[ReaderNeed]) -> tuple[tuple[str, str], ...]:
    """The services, one of a class, which runs one program, with the name that the variable has in each ("" where it
    becomes a part of something else)."""
    return tuple(dict.fromkeys((one.found.use.service, one.found.use.variable) for one in needs))


def _only_outside(needs: Sequence[ReaderNeed], code: Code) -> tuple[Mention, ...]:
    """The lines by which the value goes outside, none where a connection is opened with it."""
    usages = [code.usage(service, name) for service, name in _readers(needs) if name]
    return () if any(usage.connects for usage in usages) else tuple(one for usage in usages for one in usage.outside)


def _shown(found: Iterable[Mention], what: str) -> tuple[Evidence, ...]:
    shown: dict[Evidence, None] = {}
    for one in found:  # of thousands the first few
        shown.setdefault(Evidence(one.path, one.line, what))
        if len(shown) == _MAX_SHOWN:
            break
    return tuple(shown)
