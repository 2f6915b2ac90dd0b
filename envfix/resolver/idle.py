"""Which of the user's words does nothing, a comment in an env file or a word of the configuration?

A comment that stands elsewhere than right above a binding, or cannot be followed, would be believed to hold; so would a
word of the configuration that fits nothing of the project.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter

from envfix.envfile import Binding, EnvDocument
from envfix.patterns import regex
from envfix.records import Notice, Reference
from envfix.settings import Pin, Settings, inline, is_commented_out, is_directive
from envfix.shown import without_login

_OWN_LINE = regex(r"^[ \t]*#+[ \t]*(envfix[ \t]*:.*)$", re.IGNORECASE | re.MULTILINE)
_BEHIND = regex(r"[\"']?[ \t]*#+[ \t]*envfix[ \t]*:", re.IGNORECASE)
_NO_COLON = regex(r"^[ \t]*#+[ \t]*envfix[ \t]+([^\s:]+)(:\d+)?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_WAY = "write it on a line of its own, right above the variable that it is about"


def idle_comments(
    documents: Iterable[EnvDocument], references: Iterable[Reference], services: Collection[str]
) -> Iterator[Notice]:
    """A warning for each comment that does nothing, with its line. Raises an EnvfixError for one right above a binding
    that says neither keep nor a service of the project."""
    here: dict[tuple[str, int], list[Reference]] = {}
    for one in references:
        here.setdefault((one.path, one.line), []).append(one)
    for document in documents:
        if "envfix" in document.text.lower():
            yield from sorted(_idle_in(document, here, services), key=lambda one: one.line or 0)


def _idle_in(
    document: EnvDocument, here: Mapping[tuple[str, int], list[Reference]], services: Collection[str]
) -> Iterator[Notice]:
    used: set[int] = set()
    for binding in document.bindings:
        if _BEHIND.match(document.text, binding.value_end):
            line = _line(document, binding.value_end)
            yield Notice(document.path, line, f"this envfix comment stands behind the value, and does nothing: {_WAY}")
        pin = inline(binding.comments, path=document.path, line=binding.line, services=services)
        used.update(_heard(binding))
        if pin is not None:
            problem = _problem(binding, pin, here.get((document.path, binding.line), []))
            if problem:
                yield Notice(document.path, pin.line, problem)
    values = [(one.value_start, one.value_end) for one in document.bindings if one.quote]  # in their order
    line, counted = 1, 0
    for found in _OWN_LINE.finditer(document.text):
        line += document.text.count("\n", counted, found.start())
        counted = found.start()
        at = bisect_right(values, counted, key=itemgetter(0)) - 1
        if line not in used and not (at >= 0 and counted < values[at][1]):
            yield Notice(document.path, line, f"no variable stands right below this envfix comment: {_WAY}")
    for found in _NO_COLON.finditer(document.text):
        if found[1] == "keep" or found[1] in services:
            meant = f"# envfix: {found[1]}{found[2] or ''}"
            why = f"this envfix comment lacks its colon, and does nothing: write `{meant}`"
            yield Notice(document.path, _line(document, found.start()), why)


def _heard(binding: Binding) -> Iterator[int]:
    """The lines of the comments for envfix above a binding that are its own: the nearest; or those of one that is
    commented out between, which are nobody's while it is."""
    for distance, comment in enumerate(reversed(binding.comments), start=1):
        if is_commented_out(comment):
            yield from range(binding.line - len(binding.comments), binding.line - distance)
            return
        if is_directive(comment):
            yield binding.line - distance
            return


def _problem(binding: Binding, pin: Pin, references: list[Reference]) -> str:
    """Why a comment right above a binding does nothing, "" if it does something."""
    if pin.service is not None and pin.service in (binding.value or ""):
        return ""  # as it was written, by a run before this one
    if not references:
        return f"this envfix comment does nothing: {binding.name} has no address that it could be about"
    if pin.keep or any(one.decision == "rewrite" or one.reason == "pinned" for one in references):
        return ""
    wanted = f"{pin.service}:{pin.port}"
    return f"this envfix comment cannot be followed ({wanted}): {references[0].explanation}"


def _line(document: EnvDocument, offset: int) -> int:
    return document.text.count("\n", 0, offset) + 1


def idle_settings(
    settings: Settings,
    directory: str,
    documents: Mapping[str, EnvDocument],
    names: Collection[str],
    references: Iterable[Reference],
) -> Iterator[Notice]:
    """A warning for each word of the configuration that fits nothing; a minor one where the file lies in another folder
    than the project's (`directory`), and may be meant for its neighbours."""
    if settings.path is None:
        return
    minor = os.path.dirname(settings.path) != directory
    written = {name for document in documents.values() for name in (one.name for one in document.bindings)}
    addresses = {one.address for one in references}
    for word in settings.idle(written | set(names), addresses, documents):
        key, _, what = word.partition(": ")
        if key == "env_files":
            what = os.path.relpath(what, os.path.dirname(settings.path)).replace(os.sep, "/")
        yield Notice(
            settings.path, settings.lines.get(what), f"{key}: {without_login(what)} fits nothing of this project", minor
        )
