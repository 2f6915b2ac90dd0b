"""`--restore`: put back what the last write changed, or list the backups."""

from __future__ import annotations

import os
import time

from envfix.cli.asked import Options
from envfix.cli.paths import Wanted, wanted
from envfix.cli.patience import undisturbed
from envfix.cli.telling import compose_words, repeated, show, talk, told
from envfix.compose.discovery import WantedFiles, discover, led_from
from envfix.compose.environment import Documents, Environment
from envfix.compose.nodes import Findings
from envfix.compose.sources import Sources
from envfix.disk.backup_store import KEPT
from envfix.disk.backups import NothingToRestore, Saved, check_own, forget, listing
from envfix.disk.backups import restore as put_back
from envfix.errors import EnvfixError
from envfix.report.steps import command
from envfix.report.wording import counted, shown_path
from envfix.shown import clean


def restore(options: Options, cwd: str) -> int:
    """Undo the last write of each project that is meant, or show what could be undone; status 1 where there is nothing,
    2 where one of them cannot be put back."""
    statuses = []
    asked = wanted(options, cwd, Sources())
    for one in asked:
        try:
            statuses.append(_restore(one, options, cwd))
        except EnvfixError as error:
            if len(asked) == 1:
                raise
            talk(f"envfix: {told(error, cwd)}")
            statuses.append(2)
    return max(statuses)


def _restore(one: Wanted, options: Options, cwd: str) -> int:
    directory = located(one, options, cwd)
    if options.forget:
        return _forget(directory, options, cwd)
    if options.list_backups:
        return _list(directory, options, cwd)
    try:
        saved = put_back(directory, backup_dir=_backup_dir(options, cwd), force=options.force, writing=undisturbed)
    except NothingToRestore as error:
        talk(f"envfix: {told(error, cwd)}")
        return 1
    for path in saved.files:
        show(f"Restored {shown_path(path, cwd)}")
    if options.quiet:
        return 0
    if saved.aside:
        talk(f"The newer content was put aside in {saved.aside}")
    up = command("docker", "compose", *compose_words(options, one, cwd), "up", "-d")
    talk(f"To make it take effect: {up}")
    return 0


def located(one: Wanted, options: Options, cwd: str) -> str:
    """The project's folder, found as Docker Compose finds it, without reading the compose files: they may be broken by
    now. EnvfixError where there is no project."""
    directory = os.path.join(cwd, options.project_directory) if options.project_directory else None
    env_files = tuple(os.path.join(cwd, path) for path in options.env_files)
    asked = WantedFiles(one.directory, one.files, directory, options.project_name, env_files)
    try:
        found, sources = _discovered(asked, dict(os.environ))
    except EnvfixError:
        # An env file that cannot be read is what a restore may mend: only a COMPOSE_FILE in it is not known then.
        shell = {**os.environ, "COMPOSE_DISABLE_ENV_FILE": "1", "COMPOSE_ENV_FILES": ""}
        found, sources = _discovered(asked._replace(env_files=()), shell)
    check_own(led_from(one.directory, one.files or directory, sources, found), found)
    return found


def _discovered(asked: WantedFiles, shell: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The project's folder, and the env files by the variables that they set."""
    findings = Findings(strict=False)
    environment = Environment(shell, Documents({}, Sources()), findings)
    return discover(asked, environment, findings).directory, environment.sources


def _backup_dir(options: Options, cwd: str) -> str | None:
    return os.path.join(cwd, options.backup_dir) if options.backup_dir else None


def _forget(directory: str, options: Options, cwd: str) -> int:
    count = forget(directory, backup_dir=_backup_dir(options, cwd), writing=undisturbed)
    if not count:
        talk("envfix: this project has no backups")
        return 1
    folder = shown_path(directory, cwd)
    show(f"Removed {counted(count, 'backup')} of {'this project' if folder == '.' else folder}")
    return 0


def _list(directory: str, options: Options, cwd: str) -> int:
    saved = listing(directory, backup_dir=_backup_dir(options, cwd))
    if not saved:
        talk("envfix: this project has no backups")
        return 1
    for one in saved:
        show(_line(one, cwd))
    if not options.quiet:
        talk(f"The last {KEPT} writes of a project are kept. To remove these backups: {_again(options, '--forget')}")
    return 0


def _again(options: Options, flag: str) -> str:
    return command("envfix", "--restore", flag, *repeated(options))


def _line(saved: Saved, cwd: str) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(saved.time))
    files = ", ".join(shown_path(path, cwd) for path in saved.files)
    state = f"  ({saved.state})" if saved.state else ""
    return f"{when}  {files}{state}  {clean(saved.place)}"
