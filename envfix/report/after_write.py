"""What a person does once something is written: the commands by which containers get it, and that take it back."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence

from envfix.patterns import regex
from envfix.records import Reference, by_class
from envfix.report import Part, Report
from envfix.report.effect import lends, taken_along, to_name
from envfix.report.steps import command, host_programs, in_compose_files
from envfix.report.wording import relative

_SEARCHED = regex(r"(docker-)?compose(\.override)?\.ya?ml")


def after_write(report: Report) -> Iterator[str]:
    """After a write: how the change takes effect, how to take it back, and what it means for programs on the host."""
    if report.output is not None:
        return
    yield from take_effect(report)
    if any(part.plan.patches for part in report.parts):
        if report.restore is not None and report.override is None:
            yield f"To take it back: {command('envfix', '--restore', *report.restore)}"
        yield from host_programs(report)
    yield from in_compose_files(report)


def _services(names: Sequence[str]) -> tuple[str, ...]:
    """The services of a command; Compose takes a name that begins with a dash, which only `--` tells from an option."""
    return ("--", *names) if any(name.startswith("-") for name in names) else tuple(names)


def take_effect(report: Report) -> Iterator[str]:
    """The commands by which containers get what was written."""
    for part in report.parts:
        rewritten = _rewritten(part, report)
        if rewritten and report.to == "container":
            yield from _take_effect(part, rewritten, report)


def _rewritten(part: Part, report: Report) -> list[Reference]:
    if not report.override:
        return list(part.plan.changes)
    return [reference for reference in part.plan.references if reference.decision == "rewrite"]


def _take_effect(part: Part, rewritten: list[Reference], report: Report) -> Iterator[str]:
    groups = {group for reference in rewritten for group in by_class(reference.readers)}
    ways = {reader.way for _, reader in groups}
    services = sorted(frozenset().union(*(together for together, _ in groups)))
    if not services:
        return
    options = (
        (*with_files(part, report.cwd), "-f", relative(report.override, report.cwd))
        if report.override
        else part.compose
    )
    named = tuple(services)
    if part.project is not None:
        named = to_name(part.project, services)
    # Compose compares configurations: what a mount shows or an image holds is none of it.
    flags = [
        *(["--build"] if "image" in ways else []),
        *(["--force-recreate"] if ways & {"mount", "configured"} else []),
    ]
    yield f"To make it take effect: {command('docker', 'compose', *options, 'up', '-d', *flags, *_services(named))}"
    if part.project is not None and not report.override:
        files = {reference.path for reference in rewritten}
        also = taken_along(part.project, named, files, {reference.variable for reference in rewritten})
        if also:
            yield f"That recreates {', '.join(also)} too, since what the same file gives {_them(also)} changes."
    if report.podman:
        yield from _with_podman(part, options, flags, named)


def _them(services: Sequence[str]) -> str:
    return "it" if len(services) == 1 else "them"


def _with_podman(part: Part, options: Sequence[str], flags: Sequence[str], named: Sequence[str]) -> Iterator[str]:
    """podman-compose does not compare env files, and cannot replace a container that lends its network
    (https://github.com/containers/podman-compose)."""
    if part.project is not None and lends(part.project, named):
        down, up = (command("podman-compose", *options, *words) for words in (("down",), ("up", "-d")))
        yield f"With podman-compose: {down}, then {up}, since a container whose network others use is not replaced."
        return
    always = [*flags, *(["--force-recreate"] if "--force-recreate" not in flags else [])]
    words = command("podman-compose", *options, "up", "-d", *always, *_services(named))
    yield f"With podman-compose: {words}, since it does not look for changes in env files."


def with_files(part: Part, cwd: str) -> tuple[str, ...]:
    """The words that name the project, its compose files among them: with another `-f` Compose searches for none."""
    if "-f" in part.compose or "--file" in part.compose:
        return part.compose
    files = part.plan.compose_files
    searched = [path for path in files if _SEARCHED.fullmatch(os.path.basename(path))]
    beside = [path for path in searched if os.path.dirname(path) == part.plan.directory]
    return (*part.compose, *(word for path in beside or files for word in ("-f", relative(path, cwd))))
