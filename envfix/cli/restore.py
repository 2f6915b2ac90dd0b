"""`--restore`: put back what the last write changed, or list the backups."""

from __future__ import annotations

import os
import sys
import time

from envfix.backups import NothingToRestore, Saved, listing
from envfix.backups import restore as put_back
from envfix.cli.options import Options
from envfix.cli.paths import wanted
from envfix.compose.files import located
from envfix.masking import clean


def restore(options: Options, cwd: str) -> int:
    """Undo the last write of the project, or show what could be undone; status 1 where there is nothing."""
    directory = _directory(options, cwd)
    if options.list_backups:
        return _list(directory, options, cwd)
    try:
        saved = put_back(directory, backup_dir=options.backup_dir, force=options.force)
    except NothingToRestore as error:
        print(f"envfix: {clean(error.message)}", file=sys.stderr)
        return 1
    for path in saved.files:
        print(f"Restored {clean(_shown(path, cwd))}")
    if saved.aside and not options.quiet:
        print(f"The newer content was put aside in {clean(saved.aside)}", file=sys.stderr)
    if not options.quiet:
        print("To make it take effect: docker compose up -d", file=sys.stderr)
    return 0


def _directory(options: Options, cwd: str) -> str:
    one = wanted(options, cwd)[0]
    return located(one.directory, files=one.files, project_directory=options.project_directory)


def _list(directory: str, options: Options, cwd: str) -> int:
    saved = listing(directory, backup_dir=options.backup_dir)
    if not saved:
        print("envfix: this project has no backups", file=sys.stderr)
        return 1
    for one in saved:
        print(_line(one, cwd))
    return 0


def _line(saved: Saved, cwd: str) -> str:
    when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(saved.time))
    files = ", ".join(_shown(path, cwd) for path in saved.files)
    state = f"  ({saved.state})" if saved.state else ""
    return clean(f"{when}  {files}{state}  {saved.place}")


def _shown(path: str, cwd: str) -> str:
    relative = os.path.relpath(path, cwd)
    return path if relative.startswith("..") else relative
