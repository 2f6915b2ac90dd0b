"""`--live`: which services fail right now, which variable is behind it, and its repair."""

from __future__ import annotations

from collections.abc import Sequence

from envfix.cli.asked import Options
from envfix.cli.logs import one_project, repaired, steps
from envfix.cli.patience import in_proportion, of_log
from envfix.cli.telling import Result, colour, columns, say, talk
from envfix.engine import SECONDS, Engine, State, engine_of
from envfix.errors import EnvfixError
from envfix.logs import Blame, Destinations, blame, failures, service_names
from envfix.report import Said, renderer
from envfix.report.blames import render_states, render_text
from envfix.shown import clean

_NAMED = 3  # so many of the services whose logs were not read are named


def live(options: Options, cwd: str) -> int:
    """Ask the engine for states and logs, name what is behind each failed connection, and with `--write` repair it;
    1 if there was one, 0 if none."""
    result = one_project(options, cwd)
    engine = engine_of(result.made.project.name)
    states = engine.states()
    blames, unread = _blames(engine, states, result)
    errors = [_unread(unread)] if unread else []
    status = 2 if errors else int(bool(blames))
    result, saved = repaired(options, result, blames)
    if not options.form.for_people:
        say(renderer(options.format_).render_failures(blames, errors, cwd, states), options)
        return status
    text = render_states(states, colour(options))
    if blames:
        text += ("\n" if text else "") + render_text(blames, cwd, colour(options), columns())
    say((Said(text),), options)
    if not options.quiet:
        _talk(options, cwd, result, saved, states, bool(blames))
    for error in errors:
        talk(f"envfix: {error.message}")
    return status


def _unread(services: Sequence[str]) -> EnvfixError:
    named = ", ".join(map(clean, services[:_NAMED])) + (" and others" if len(services) > _NAMED else "")
    return EnvfixError(
        f"in {SECONDS} seconds not all logs were read, those of {named} are left: read them one by one "
        "(docker compose logs SERVICE | envfix --logs -)"
    )


def _blames(engine: Engine, states: tuple[State, ...], result: Result) -> tuple[tuple[Blame, ...], list[str]]:
    """What is behind the failures in each service's log, its lines counted for itself; and whose no time was left for.
    One that is well is not asked: what it could not reach when it started it has reached since."""
    project = result.made.project
    every = Destinations(result.made.plan, result.made.reading, result.made.code)
    known, service_of = {**project.inactive, **project.services}, service_names(project)
    found: list[Blame] = []
    unread: list[str] = []
    for state in states:
        if state.service not in known or state.is_well:
            continue

        def whose(name: str, service: str = state.service) -> str | None:
            return service if service_of(name) is not None else None

        log = engine.log(state)
        if log is None:
            unread.append(state.service)
            continue
        with of_log(f"the log of {state.service}"):
            found += blame(failures(in_proportion([log]), whose, every.wanted), every)
    return tuple(found), unread


def _talk(options: Options, cwd: str, result: Result, saved: bool, states: tuple[State, ...], failed: bool) -> None:
    """What is to be done; the command that makes a change take effect stands last."""
    if not states:
        talk(f"No container of the project {result.made.plan.name} was found: start it first (docker compose up -d).")
    elif not failed:
        talk("No failed connection was found in the logs of its services.")
    if failed and result.made.plan.references:
        for line in sorted(steps(options, cwd, result, saved), key=lambda line: " up -d" in line):
            talk(line)
