"""What a person does next: the commands that write or decide, and those that keep localhost for the machine."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from envfix import shell_words
from envfix.report import Report
from envfix.report.wording import counted, in_compose_file, not_written, shown_path, told
from envfix.shown import clean


def command(*words: str) -> str:
    """A command line as a shell takes it."""
    return clean(shell_words.words(*words))


def argument(path: str) -> str:
    """A path as a command takes it: one that begins with a dash would be an option."""
    return f"./{path}" if path.startswith("-") else path


def to_write(report: Report) -> Iterator[str]:
    """After a dry run: the same run with `--write`."""
    if any(part.plan.changes for part in report.parts):
        yield f"To write this: {command('envfix', '--write', *report.options)}"
        yield from host_programs(report)
    yield from in_compose_files(report)


def in_compose_files(report: Report) -> Iterator[str]:
    """How to change what stands in compose files, where something does."""
    left = not_written(report)
    if left:
        stand = counted(left, "of them stands in a compose file", "of them stand in a compose file")
        yield f"{stand}, changed only with: {command('envfix', '--write', '--compose', *report.options)}"


def host_programs(report: Report) -> Iterator[str]:
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
