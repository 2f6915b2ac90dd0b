"""What a person does next: the commands that write, make a change take effect, take it back, or decide."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from shlex import join

from envfix.patterns import regex
from envfix.records import Reference, by_class
from envfix.report import Part, Report
from envfix.report.wording import counted, in_compose_file, not_written, relative, shown_path, told
from envfix.shown import clean

_SEARCHED = regex(r"(docker-)?compose(\.override)?\.ya?ml")


def command(*words: str) -> str:
    """A command line as a shell takes it."""
    return clean(join(words))


def argument(path: str) -> str:
    """A path as a command takes it: one that begins with a dash would be an option."""
    return f"./{path}" if path.startswith("-") else path


def _services(names: Sequence[str]) -> tuple[str, ...]:
    """The services of a command; Compose takes a name that begins with a dash, which only `--` tells from an option."""
    return ("--", *names) if any(name.startswith("-") for name in names) else tuple(names)


def to_write(report: Report) -> Iterator[str]:
    """After a dry run: the same run with `--write`."""
    if any(part.plan.changes for part in report.parts):
        yield f"To write this: {command('envfix', '--write', *report.options)}"
        yield from _host_programs(report)
    yield from _in_compose_files(report)


def _in_compose_files(report: Report) -> Iterator[str]:
    left = not_written(report)
    if left:
        stand = counted(left, "of them stands in a compose file", "of them stand in a compose file")
        yield f"{stand}, changed only with: {command('envfix', '--write', '--compose', *report.options)}"


def after_write(report: Report) -> Iterator[str]:
    """After a write: how the change takes effect, how to take it back, and what it means for programs on the host."""
    if report.output is not None:
        return
    yield from take_effect(report)
    if any(part.plan.patches for part in report.parts):
        if report.restore is not None and report.override is None:
            yield f"To take it back: {command('envfix', '--restore', *report.restore)}"
        yield from _host_programs(report)
    yield from _in_compose_files(report)


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
    from envfix.report.effect import taken_along, to_name  # only after a write

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
    from envfix.report.effect import lends

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


def _host_programs(report: Report) -> Iterator[str]:
    """What the change means for programs on the machine that read the same file, and the one command that keeps it."""
    if report.to != "container" or report.override or report.output:
        return
    env_files = {file.path for part in report.parts for file in part.plan.env_files}
    files = dict.fromkeys(patch.path for part in report.parts for patch in part.plan.patches if patch.path in env_files)
    if not files:
        return
    names = ", ".join(shown_path(path, report.cwd) for path in files)
    if report.written:
        yield f"Programs on your machine that read {names} no longer find localhost there{_ways_out(report, files)}"
        return
    yield for_hosts(names, report.options)


def _ways_out(report: Report, files: Collection[str]) -> str:
    """What is left for them once the file is written: a copy by the way back, as a command where one file is meant."""
    if len(files) != 1 or len(report.parts) != 1 or "--to" in report.options:
        return ": for these, --override FILE, --output FILE or --to host."
    copy = shown_path(next(iter(files)), report.cwd) + ".host"
    words = [word for word in report.options if word != "--compose"]
    return f"; a copy for them (--override FILE would have kept it): {_to_host(copy, words)}"


def _to_host(copy: str, words: Sequence[str]) -> str:
    return command("envfix", "--to", "host", "--output", copy, *words)


def for_hosts(names: str, words: Sequence[str]) -> str:
    """What a write of these files means for programs on the machine, and the command that keeps localhost for them."""
    keep = command("envfix", "--override", "compose.envfix.yaml", *words)
    return (
        f"Programs on your machine that read {names} will no longer find localhost there; to keep it for them: {keep}"
    )


def to_decide(report: Report) -> Iterator[str]:
    """The ways out of the asks that hold for all of them."""
    asks = [one for _, one in told(report) if one.decision == "ask" and not in_compose_file(one)]
    if not asks:
        return
    yield f"To decide: the comment shown, or {command('envfix', '--interactive', *report.options)}"
    yield "  or keep / map in .envfix.toml, which holds for everyone who works on the project."
    if report.override is report.output is None and any(
        reference.reason == "conflict" and len(reference.readers) > 1 for reference in asks
    ):
        yield (
            "  or a value of its own for each service: "
            f"{command('envfix', '--override', 'compose.envfix.yaml', *report.options)}"
        )
