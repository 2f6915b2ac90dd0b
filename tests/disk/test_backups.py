"""Writing, backups and restoring: what a person finds on disk afterwards, and what is refused with which sentence."""

from __future__ import annotations

import itertools
import json
import os
import stat
import subprocess
import sys
import tempfile
import time

import pytest

from envfix.disk import backup_store, backups, lock, new_file, replacement
from envfix.disk.image_builds import build_context
from envfix.errors import EnvfixError
from envfix.records import Patch

OLD, NEW, NEWER = b"A=localhost # old\n", b"A=db # new\n", b"A=mine # newer\n"
posix = pytest.mark.skipif(os.name == "nt", reason="POSIX permissions and links")
as_root = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setattr(backup_store.sys, "platform", "linux")
    return tmp_path / "state"


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


@pytest.fixture
def env(project):
    return put(project / ".env", OLD)


def put(path, data, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.chmod(mode)
    return path


def write(*paths, directory, **options):
    return backups.write([Patch(str(path), OLD, NEW) for path in paths], directory=str(directory), **options)


def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)


def tree(folder):
    return sorted(os.path.relpath(os.path.join(at, name), folder) for at, _, names in os.walk(folder) for name in names)


# Writing


def test_the_new_content_is_in_place_and_the_old_in_a_backup_outside_the_project(env, project, state):
    saved = write(env, directory=project)
    assert env.read_bytes() == NEW
    assert tree(project) == [".env"]
    assert saved.files == (str(env),)
    assert saved.place.startswith(str(state))
    assert abs(saved.time - time.time()) < 60
    assert [data for data in map(read, tree_paths(saved.place)) if data == OLD]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def tree_paths(folder):
    return [os.path.join(folder, name) for name in tree(folder)]


@posix
def test_backups_can_be_read_by_their_owner_alone_whatever_the_mode_of_the_original_and_the_umask(project, state):
    old_umask = os.umask(0)
    try:
        write(put(project / ".env", OLD, 0o644), directory=project)
    finally:
        os.umask(old_umask)
    folders = [(folder, names) for folder, _, names in os.walk(state)]
    assert {mode(folder) for folder, _ in folders} == {0o700}
    assert {mode(os.path.join(folder, name)) for folder, names in folders for name in names} == {0o600}


@posix
@pytest.mark.parametrize("given", [0o600, 0o640, 0o664, 0o644, 0o755, 0o200, 0o4755], ids=oct)
def test_the_mode_of_the_file_stays(project, given):
    env = put(project / ".env", OLD, given)
    write(env, directory=project)
    assert mode(env) == given


@as_root
def test_the_owner_and_group_of_the_file_stay(env, project):
    os.chown(env, 1234, 4321)
    write(env, directory=project)
    assert (env.stat().st_uid, env.stat().st_gid) == (1234, 4321)


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the system has no extended attributes")
def test_extended_attributes_stay(env, project):
    try:
        os.setxattr(env, "user.origin", b"vault")
    except OSError:
        pytest.skip("this file system has no extended attributes")
    write(env, directory=project)
    assert os.getxattr(env, "user.origin") == b"vault"


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="the system has no access control lists of this kind")
def test_an_access_list_that_the_folder_hands_down_does_not_open_the_file(env, project):
    entries = [(1, 7, -1), (2, 7, 1234), (4, 7, -1), (16, 7, -1), (32, 5, -1)]  # a named user may read and write
    acl = b"\2\0\0\0" + b"".join(
        tag.to_bytes(2, "little") + rights.to_bytes(2, "little") + (who & 0xFFFFFFFF).to_bytes(4, "little")
        for tag, rights, who in entries
    )
    try:
        os.setxattr(project, "system.posix_acl_default", acl)
    except OSError:
        pytest.skip("this file system has no access control lists")
    write(env, directory=project)
    assert "system.posix_acl_access" not in os.listxattr(env)
    assert mode(env) == 0o600


@posix
def test_a_symbolic_link_stays_a_link_and_its_file_gets_the_content(project):
    real = put(project / "config" / "real.env", OLD)
    link = project / ".env"
    link.symlink_to("config/real.env")
    saved = write(link, directory=project)
    assert link.is_symlink()
    assert real.read_bytes() == NEW
    assert saved.files == (str(real),)
    backups.restore(str(project))
    assert link.is_symlink()
    assert real.read_bytes() == OLD


def test_without_a_backup_nothing_but_the_file_is_written(env, project, state):
    assert write(env, directory=project, backup=False) is None
    assert env.read_bytes() == NEW
    assert not state.exists()


def test_a_run_without_changes_makes_no_backup_and_clears_what_killed_runs_left(project, state):
    left = project / ".envfix-0123456789ab.tmp"
    put(left / ".env", NEW)
    put(left / ".gitignore", b"*\n")
    assert backups.write([], directory=str(project)) is None
    assert not left.exists()
    assert not state.exists()


@pytest.mark.parametrize(
    "name",
    [".envfix-mine.tmp/.env", ".envfix-0123456789ab.tmp", ".envfix-0123456789ab.tmp.bak/.env", "envfix.tmp/.env"],
)
def test_clearing_away_never_touches_what_only_looks_alike(env, project, name):
    mine = put(project / name, b"MINE=1\n")
    write(env, directory=project)
    assert mine.read_bytes() == b"MINE=1\n"


def test_clearing_away_leaves_a_folder_that_holds_more_than_envfix_put_there(env, project):
    mine = put(project / ".envfix-0123456789ab.tmp" / "mine", b"MINE=1\n")
    write(env, directory=project)
    assert mine.read_bytes() == b"MINE=1\n"


def test_git_sees_neither_a_killed_run_s_temporary_file_nor_a_backup_in_the_project(env, project):
    subprocess.run(["git", "init", "-q", str(project)], check=True)
    put(project / ".gitignore", b"/.env\n")
    fresh = replacement.beside(str(env))
    replacement.prepare(fresh, NEW, 0o600, str(env))
    write_killed = subprocess.run(["git", "status", "--short", "-uall"], cwd=project, capture_output=True, text=True)
    assert os.path.exists(fresh.content)
    assert write_killed.stdout == "?? .gitignore\n"
    write(env, directory=project, backup_dir=str(project / "kept"))
    assert [path for path in tree(project / "kept") if path.endswith("0-.env")]
    status = subprocess.run(["git", "status", "--short", "-uall"], cwd=project, capture_output=True, text=True)
    assert status.stdout == "?? .gitignore\n"


# All or nothing


def test_a_file_that_changed_since_it_was_read_is_reported_and_none_is_written(env, project, state):
    other = put(project / "other.env", NEWER)
    with pytest.raises(backups.FileChanged, match="changed by another program") as caught:
        write(env, other, directory=project)
    assert caught.value.path == str(other)
    assert (env.read_bytes(), other.read_bytes()) == (OLD, NEWER)
    assert backups.listing(str(project)) == ()


def test_a_file_that_changes_in_the_last_moment_brings_the_earlier_ones_back(env, project, monkeypatch):
    other = put(project / "other.env", OLD)
    real = os.replace

    def replace(source, target):
        real(source, target)
        if os.path.basename(target) == ".env":
            other.write_bytes(NEWER)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(backups.FileChanged):
        write(env, other, directory=project)
    assert (env.read_bytes(), other.read_bytes()) == (OLD, NEWER)
    assert backups.listing(str(project)) == ()
    assert tree(project) == [".env", "other.env"]


def test_a_file_that_was_edited_while_the_others_fail_is_not_put_back_over_the_edit(env, project, monkeypatch):
    other = put(project / "other.env", OLD)
    real = os.replace

    def replace(source, target):
        real(source, target)
        env.write_bytes(NEWER)
        other.write_bytes(NEWER)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(backups.PartlyWritten, match=r"failed half-way and .*/\.env could not be put back"):
        write(env, other, directory=project)
    assert (env.read_bytes(), other.read_bytes()) == (NEWER, NEWER)
    assert [saved.files for saved in backups.listing(str(project))] == [(str(env), str(other))]


@pytest.mark.parametrize("what", ["removed", "folder", "link"])
def test_a_file_that_became_something_else_is_refused(env, project, what):
    env.unlink()
    if what == "folder":
        env.mkdir()
    elif what == "link":
        put(project / "elsewhere", OLD)
        os.link(project / "elsewhere", project / "twin")
        env.symlink_to("elsewhere")
    with pytest.raises(EnvfixError):
        write(env, directory=project)
    assert backups.listing(str(project)) == ()


def test_two_paths_to_one_file_count_once_and_contradictions_are_refused(env, project):
    (project / "link").symlink_to(".env")
    same = [Patch(str(env), OLD, NEW), Patch(str(project / "link"), OLD, NEW)]
    with pytest.raises(EnvfixError, match="two paths"):
        backups.write([same[0], Patch(str(project / "link"), OLD, NEWER)], directory=str(project))
    assert backups.write(same, directory=str(project)).files == (str(env),)
    assert env.read_bytes() == NEW


# Restoring


def test_restoring_goes_back_one_write_at_a_time(env, project):
    directory = str(project)
    backups.write([Patch(str(env), OLD, NEW)], directory=directory)
    backups.write([Patch(str(env), NEW, NEWER)], directory=directory)
    assert backups.restore(directory).files == (str(env),)
    assert env.read_bytes() == NEW
    backups.restore(directory)
    assert env.read_bytes() == OLD
    with pytest.raises(backups.NothingToRestore, match="no write of envfix to undo"):
        backups.restore(directory)
    assert [saved.state for saved in backups.listing(directory)] == ["undone", "undone"]


def test_a_write_after_a_restore_is_the_next_to_be_undone(env, project):
    directory = str(project)
    backups.write([Patch(str(env), OLD, NEW)], directory=directory)
    backups.restore(directory)
    backups.write([Patch(str(env), OLD, NEWER)], directory=directory)
    assert [saved.state for saved in backups.listing(directory)] == ["", "undone"]
    backups.restore(directory)
    assert env.read_bytes() == OLD


def test_a_project_that_was_never_written_has_nothing_to_restore(project):
    with pytest.raises(backups.NothingToRestore) as caught:
        backups.restore(str(project))
    assert caught.value.path == str(project)
    assert backups.listing(str(project)) == ()


def test_newer_content_is_refused_and_with_force_put_aside_where_the_listing_shows_it(env, project):
    other = put(project / "other.env", OLD)
    directory = str(project)
    write(env, other, directory=project)
    other.write_bytes(NEWER)
    with pytest.raises(backups.NewerContent, match="--force") as caught:
        backups.restore(directory)
    assert caught.value.path == str(other)
    assert (env.read_bytes(), other.read_bytes()) == (NEW, NEWER)
    saved = backups.restore(directory, force=True)
    assert (env.read_bytes(), other.read_bytes()) == (OLD, OLD)
    aside = backups.listing(directory)[0]
    assert (aside.state, aside.files, aside.place) == ("aside", (str(other),), saved.aside)
    assert NEWER in map(read, tree_paths(aside.place))
    with pytest.raises(backups.NothingToRestore):
        backups.restore(directory)


@posix
def test_a_file_that_is_gone_is_made_again_with_its_mode(project):
    env = put(project / ".env", OLD, 0o640)
    write(env, directory=project)
    env.unlink()
    backups.restore(str(project))
    assert env.read_bytes() == OLD
    assert mode(env) == 0o640


def test_a_file_that_was_put_back_by_hand_is_left_as_it_is(env, project):
    write(env, directory=project)
    env.write_bytes(OLD)
    before = env.stat().st_ino
    assert backups.restore(str(project)).files == (str(env),)
    assert env.stat().st_ino == before
    with pytest.raises(backups.NothingToRestore):
        backups.restore(str(project))


def test_a_run_killed_before_its_first_swap_is_not_what_restore_undoes(env, project):
    directory = str(project)
    write(env, directory=project)
    backup_store.save(
        backup_store.place_of(directory, None), directory, "write", [replacement.Change(str(env), NEW, NEWER)]
    )
    assert len(backups.listing(directory)) == 2
    backups.restore(directory)
    assert env.read_bytes() == OLD


def test_each_project_has_backups_of_its_own_in_a_shared_folder(tmp_path):
    folder = str(tmp_path / "shared")
    one, two = put(tmp_path / "a" / "app" / ".env", OLD), put(tmp_path / "b" / "app" / ".env", OLD)
    write(one, directory=one.parent, backup_dir=folder)
    write(two, directory=two.parent, backup_dir=folder)
    backups.restore(str(one.parent), backup_dir=folder)
    assert (one.read_bytes(), two.read_bytes()) == (OLD, NEW)
    assert backups.listing(str(one.parent)) == ()


def test_a_bounded_number_is_kept_and_the_oldest_goes_first(env, project):
    contents = [b"A=%d\n" % number for number in range(backup_store.KEPT + 4)]
    env.write_bytes(contents[0])
    for before, after in itertools.pairwise(contents):
        backups.write([Patch(str(env), before, after)], directory=str(project))
    kept = backups.listing(str(project))
    assert len(kept) == backup_store.KEPT
    assert [saved.id for saved in kept] == sorted((saved.id for saved in kept), reverse=True)
    for _ in kept:
        backups.restore(str(project))
    assert env.read_bytes() == contents[3]


def test_the_order_of_backups_survives_a_clock_that_goes_back(env, project, monkeypatch):
    directory = str(project)
    backups.write([Patch(str(env), OLD, NEW)], directory=directory)
    monkeypatch.setattr(backup_store.time, "time", lambda: 0.0)
    backups.write([Patch(str(env), NEW, NEWER)], directory=directory)
    backups.restore(directory)
    assert env.read_bytes() == NEW


# A manifest that was edited, planted or broken


def edit(saved, change):
    path = os.path.join(saved.place, "manifest.json")
    content = json.loads(read(path))
    result = change(content)
    with open(path, "w") as file:
        file.write(result if isinstance(result, str) else json.dumps(content))


DAMAGE = {
    "not json": lambda content: "{",
    "json of another kind": lambda content: "[1]",
    "nested beyond sense": lambda content: "[" * 100_000,
    "empty": lambda content: "",
    "a version of the future": lambda content: content.update(version=2),
    "another project's": lambda content: content.update(directory="/elsewhere"),
    "files are a number": lambda content: content.update(files=3),
    "a relative path": lambda content: content["files"][0].update(path=".env"),
    "a path with a NUL": lambda content: content["files"][0].update(path="/a\0b"),
    "a copy outside the backup": lambda content: content["files"][0].update(copy="0-/../../../x"),
    "a time that no calendar has": lambda content: content.update(time=1e300),
    "a time that is none": lambda content: content.update(time=float("nan")),
    "a copy that is the manifest": lambda content: content["files"][0].update(copy="manifest.json"),
    "a mode that is none": lambda content: content["files"][0].update(mode=-1),
    "a mode that is a flag": lambda content: content["files"][0].update(mode=True),
    "a key is missing": lambda content: content["files"][0].pop("after"),
    "one copy of two files": lambda content: content["files"].append({**content["files"][0], "path": "/a"}),
    "a time that is no number": lambda content: content.update(time="yesterday"),
}


@pytest.mark.parametrize("change", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_manifest_is_told_and_restores_nothing(env, project, change):
    edit(write(env, directory=project), change)
    assert [(saved.state, saved.files) for saved in backups.listing(str(project))] == [("damaged", ())]
    with pytest.raises(EnvfixError, match="manifest is damaged"):
        backups.restore(str(project))
    assert env.read_bytes() == NEW


def test_a_copy_that_was_altered_is_not_put_back(env, project):
    saved = write(env, directory=project)
    put(project.__class__(saved.place) / "0-.env", b"A=evil\n")
    with pytest.raises(EnvfixError, match="gone or damaged"):
        backups.restore(str(project))
    assert env.read_bytes() == NEW


def test_a_file_that_has_grown_beyond_all_measure_is_not_read_into_memory(env, project):
    write(env, directory=project)
    with open(env, "wb") as file:
        file.truncate(backup_store.MAX_FILE + 1)
    with pytest.raises(backups.NewerContent, match="larger than 64 MiB"):
        backups.restore(str(project), force=True)
    assert os.path.getsize(env) == backup_store.MAX_FILE + 1


def test_a_backup_that_would_fill_the_memory_is_refused(env, project):
    saved = write(env, directory=project)

    def more(content):
        (file,) = content["files"]
        content["files"] += [{**file, "copy": f"{at}-x", "path": str(project / f"{at}.env")} for at in range(1, 6)]

    edit(saved, more)
    for at in range(1, 6):
        with open(os.path.join(saved.place, f"{at}-x"), "wb") as file:
            file.truncate(backup_store.MAX_FILE)
    with pytest.raises(EnvfixError, match="holds more than 256 MiB"):
        backups.restore(str(project))
    assert env.read_bytes() == NEW


def test_a_manifest_that_names_a_file_again_and_again_is_refused(env, project):
    folder = str(project / "kept")
    saved = write(env, directory=project, backup_dir=folder)
    edit(saved, lambda content: content["files"].append({**content["files"][0], "copy": "1-.env"}))
    with pytest.raises(EnvfixError, match="names a file twice"):
        backups.restore(str(project), backup_dir=folder)
    assert env.read_bytes() == NEW


@pytest.mark.parametrize("target", ["../outside/.env", ".git/config"])
def test_a_manifest_in_the_project_cannot_lead_out_of_it(env, project, target):
    victim = put(project / target, NEW)
    folder = str(project / "kept")
    edit(
        write(env, directory=project, backup_dir=folder),
        lambda content: content["files"][0].update(path=os.path.realpath(victim)),
    )
    with pytest.raises(EnvfixError, match="lies"):
        backups.restore(str(project), backup_dir=folder, force=True)
    assert victim.read_bytes() == NEW


def test_a_file_outside_that_was_named_can_be_put_back(project, tmp_path):
    outside = put(tmp_path / "outside" / ".env", OLD)
    write(outside, directory=project)
    backups.restore(str(project))
    assert outside.read_bytes() == OLD


# Links and folders planted by others


@posix
def test_a_link_in_the_place_of_the_project_s_backups_is_refused(env, project, tmp_path, state):
    trap = tmp_path / "trap"
    trap.mkdir()
    place = backup_store.place_of(str(project), None)
    os.makedirs(os.path.dirname(place))
    os.symlink(trap, place)
    with pytest.raises(EnvfixError, match="no folder"):
        write(env, directory=project)
    assert env.read_bytes() == OLD
    assert not os.listdir(trap)
    with pytest.raises(EnvfixError, match="no folder"):
        backups.listing(str(project))


@posix
def test_a_backup_folder_that_is_a_link_in_the_project_is_refused(env, project, tmp_path):
    trap = tmp_path / "trap"
    trap.mkdir()
    (project / "kept").symlink_to(trap)
    for folder in ("kept", "kept/deeper"):
        with pytest.raises(EnvfixError, match="symbolic link in the project"):
            write(env, directory=project, backup_dir=str(project / folder))
    assert not os.listdir(trap)
    assert env.read_bytes() == OLD


@posix
def test_links_among_the_backups_are_neither_followed_nor_removed_through(env, project, tmp_path):
    trap = tmp_path / "trap"
    precious = put(trap / "precious", b"1")
    place = backup_store.place_of(str(project), None)
    os.makedirs(place, 0o700)
    os.symlink(trap, os.path.join(place, "0001-20200101T000000Z"))
    os.symlink(trap, os.path.join(place, ".new-0123456789ab"))
    os.symlink(precious, os.path.join(place, ".gitignore"))
    saved = write(env, directory=project)
    assert saved.id.startswith("0002-")
    assert [each.id for each in backups.listing(str(project))] == [saved.id]
    assert tree(trap) == ["precious"]
    assert precious.read_bytes() == b"1"


@posix
def test_a_marker_that_is_a_link_is_not_written_through(env, project, tmp_path):
    saved = write(env, directory=project)
    precious = put(tmp_path / "precious", b"1")
    os.symlink(precious, os.path.join(saved.place, "undone"))
    os.symlink(tmp_path / "nowhere", os.path.join(saved.place, "other"))
    with pytest.raises(backups.NothingToRestore):
        backups.restore(str(project))
    assert precious.read_bytes() == b"1"


@posix
def test_a_copy_that_is_a_link_is_not_read(env, project, tmp_path):
    saved = write(env, directory=project)
    copy = os.path.join(saved.place, "0-.env")
    os.unlink(copy)
    os.symlink(put(tmp_path / "twin", OLD), copy)
    with pytest.raises(EnvfixError, match="symbolic link"):
        backups.restore(str(project))
    assert env.read_bytes() == NEW


@as_root
def test_a_folder_of_another_user_takes_no_backup(env, project):
    place = backup_store.place_of(str(project), None)
    os.makedirs(place)
    os.chown(place, 1234, 1234)
    with pytest.raises(EnvfixError, match=r"another user.*--backup-dir"):
        write(env, directory=project)
    assert env.read_bytes() == OLD


@posix
def test_a_place_that_others_could_look_into_is_closed(env, project):
    place = backup_store.place_of(str(project), None)
    os.makedirs(place, 0o777)
    os.chmod(place, 0o777)
    write(env, directory=project)
    assert mode(place) == 0o700


# Where backups lie


@pytest.mark.parametrize(
    ("platform", "name", "environ", "expected"),
    [
        ("linux", "posix", {"XDG_STATE_HOME": "/state"}, "/state/envfix/backups"),
        ("linux", "posix", {"XDG_STATE_HOME": "relative"}, "~/.local/state/envfix/backups"),
        ("linux", "posix", {"XDG_STATE_HOME": ""}, "~/.local/state/envfix/backups"),
        ("darwin", "posix", {"XDG_STATE_HOME": "/state"}, "~/Library/Application Support/envfix/backups"),
        ("win32", "nt", {"LOCALAPPDATA": "/local"}, "/local/envfix/backups"),
        ("win32", "nt", {"LOCALAPPDATA": ""}, "~/AppData/Local/envfix/backups"),
    ],
)
def test_the_place_is_the_platform_s_own_for_state(monkeypatch, tmp_path, platform, name, environ, expected):
    monkeypatch.setenv("HOME", str(tmp_path))
    for key, value in environ.items():
        monkeypatch.setenv(key, value)
    with monkeypatch.context() as patch:
        patch.setattr(backup_store.sys, "platform", platform)
        patch.setattr(backup_store.os, "name", name)
        base = backup_store.default_base()
    assert base == expected.replace("~", str(tmp_path))


@as_root
def test_under_sudo_backups_go_to_root_s_own_home(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    os.chown(tmp_path, 1234, 1234)
    assert not backup_store.default_base().startswith(str(tmp_path))


def test_a_home_that_takes_no_folder_is_told_with_the_ways_out(env, project, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(put(tmp_path / "file", b"")))
    with pytest.raises(EnvfixError, match=r"backup cannot be made: .*--backup-dir.*--no-backup; nothing was changed"):
        write(env, directory=project)
    assert env.read_bytes() == OLD


def test_no_home_at_all_is_told_with_the_ways_out(env, project, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", "")
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    with pytest.raises(EnvfixError, match=r"no home folder.*--backup-dir.*--no-backup"):
        write(env, directory=project)
    assert env.read_bytes() == OLD


def test_a_name_that_no_folder_could_bear_still_finds_its_backups(tmp_path):
    env = put(tmp_path / ("é" * 100 + " $(x)\n") / ".env", OLD)
    saved = write(env, directory=env.parent)
    assert "\n" not in saved.place
    backups.restore(str(env.parent))
    assert env.read_bytes() == OLD


BUILDS = {
    "only images are used": ({"compose.yaml": "services: {a: {image: redis}}"}, True),
    "a Dockerfile that copies all": ({"Dockerfile": "FROM x\nCOPY . ."}, False),
    "a Dockerfile one level down": ({"docker/Dockerfile.dev": "FROM x"}, False),
    "a build in the compose file": ({"compose.yaml": "services:\n  a:\n    build: .\n"}, False),
    "a build in a flow map": ({"docker-compose.yml": "services: {a: {build: .}}"}, False),
    "hidden from builds": ({"Dockerfile": "", ".dockerignore": "# x\nkept\n"}, True),
    "hidden with a slash": ({"Dockerfile": "", ".dockerignore": "/kept/\n"}, True),
    "hidden wherever it is": ({"Dockerfile": "", ".dockerignore": "**/kept"}, True),
    "hidden with all else": ({"Dockerfile": "", ".dockerignore": "*"}, True),
    "all hidden, then some let in": ({"Dockerfile": "", ".dockerignore": "*\n!kept/x\n"}, False),
    "let in, then hidden": ({"Dockerfile": "", ".dockerignore": "!src\nk?pt/**\nkept\n"}, True),
    "something else is hidden": ({"Dockerfile": "", ".dockerignore": "kept2\n.env\n"}, False),
    "an ignore file of one Dockerfile's own": (
        {"Dockerfile": "", ".dockerignore": "kept", "Dockerfile.dockerignore": "x"},
        False,
    ),
}


@pytest.mark.parametrize(("files", "accepted"), BUILDS.values(), ids=BUILDS)
def test_a_backup_folder_in_the_project_is_taken_only_where_no_image_build_sees_it(env, project, files, accepted):
    for name, text in files.items():
        put(project / name, text.encode())
    folder = str(project / "kept")
    if accepted:
        write(env, directory=project, backup_dir=folder)
        assert backups.restore(str(project), backup_dir=folder).place.startswith(folder)
    else:
        with pytest.raises(EnvfixError, match=r"image build in .* could copy these backups"):
            write(env, directory=project, backup_dir=folder)
        assert env.read_bytes() == OLD
        assert not os.path.exists(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_the_way_of_the_look_for_image_builds_is_not_waited_for(project, monkeypatch):
    (project / "Dockerfile").touch()
    os.mkfifo(project / ".dockerignore")
    os.mkfifo(project / "compose.prod.yaml")
    monkeypatch.setattr(os.path, "isfile", lambda path: True)
    assert build_context(str(project / "new"), str(project), str(project)) == str(project)


def test_a_home_that_is_the_project_and_builds_images_is_no_place_for_backups(env, project, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(project / ".local"))
    put(project / "Dockerfile", b"FROM x\nCOPY . .\n")
    with pytest.raises(EnvfixError, match="image build"):
        write(env, directory=project)


# Which files may be written


def plant(project, kind):
    target = project / ".env"
    if kind == "folder":
        target.mkdir()
    elif kind == "fifo":
        os.mkfifo(target)
    elif kind == "device":
        return "/dev/null"
    elif kind == "dangling link":
        target.symlink_to("nowhere")
    elif kind == "link in a circle":
        target.symlink_to(".env")
    elif kind == "hard links":
        os.link(put(project / "twin", OLD), target)
    elif kind == "read-only":
        put(target, OLD, 0o444)
    elif kind == "below a file":
        put(project / "file", b"")
        return str(project / "file" / ".env")
    elif kind == "NUL in its name":
        return str(project) + "/\0"
    elif kind == "git's own":
        return str(put(project / ".git" / "config", OLD))
    return str(target)


@posix
@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("missing", "does not exist"),
        ("folder", "is a folder, and only a regular file"),
        ("fifo", "is a fifo"),
        ("device", "is a device"),
        ("dangling link", "is a symbolic link to a file that does not exist"),
        ("link in a circle", "leads back to itself"),
        ("hard links", "has 2 hard links"),
        ("read-only", "is read-only: make it writable"),
        ("below a file", "does not exist|no folder"),
        ("NUL in its name", "no name that a file can have"),
        ("git's own", "git's own folder"),
    ],
)
def test_what_cannot_be_replaced_well_is_refused_with_the_reason(project, kind, sentence):
    path = plant(project, kind)
    with pytest.raises(EnvfixError, match=sentence):
        backups.check_target(path, directory=str(project), named=True)


def test_a_link_that_a_killed_run_left_beside_the_file_does_not_count_as_another_name(env, project):
    left = project / ".envfix-0123456789ab.tmp"
    left.mkdir()
    os.link(env, left / ".env")
    assert backups.check_target(str(env), directory=str(project), named=False) == str(env)
    write(env, directory=project)
    assert env.read_bytes() == NEW
    assert not left.exists()


BOUNDS = [  # path from the project, where it leads, git's work tree, named, the sentence or None
    (".env", None, None, False, None),
    ("../other/.env", None, None, False, "outside the project's folder"),
    ("../other/.env", None, None, True, None),
    ("../other/.env", None, "..", False, None),
    ("../../far/.env", None, "..", False, "outside the git work tree"),
    (".env", "config/.env", None, False, None),
    (".env", "../other/.env", None, False, "outside the project's folder"),
    (".env", "../other/.env", None, True, "leads to .*/other/.env, which lies outside"),
    (".env", "../other/.env", "..", False, None),
    ("../projects/.env", None, None, False, "outside the project's folder"),
]


@pytest.mark.parametrize(("path", "leads", "git", "named", "sentence"), BOUNDS, ids=lambda value: str(value))
def test_only_files_of_the_work_tree_or_named_ones_are_written(tmp_path, path, leads, git, named, sentence):
    project = tmp_path / "root" / "project"
    project.mkdir(parents=True)
    real = put((project / (leads or path)), OLD)
    if leads:
        (project / path).symlink_to(leads)
    if git:
        (project / git / ".git").mkdir()
    if sentence is None:
        assert backups.check_target(str(project / path), directory=str(project), named=named) == os.path.realpath(real)
    else:
        with pytest.raises(EnvfixError, match=sentence):
            backups.check_target(str(project / path), directory=str(project), named=named)


def test_a_folder_in_the_project_that_is_a_link_frees_no_file_behind_it(tmp_path, project):
    put(tmp_path / "outside" / ".env", OLD)
    (project / "config").symlink_to(tmp_path / "outside")
    with pytest.raises(EnvfixError, match="leads to"):
        backups.check_target(str(project / "config" / ".env"), directory=str(project), named=True)


# A file of its own (--output, --override)


def new(path, data=NEW, like=None, mode=None, force=False):
    directory = os.path.dirname(path)
    return backups.write_new(str(path), data, directory=directory, like=like and str(like), mode=mode, force=force)


@posix
@pytest.mark.parametrize(
    ("source", "given", "expected"),
    [(0o640, None, 0o640), (0o600, None, 0o600), (0o644, 0o600, 0o600), (None, None, 0o600), (0o4755, None, 0o755)],
)
def test_a_new_file_has_the_mode_of_its_source_or_the_given_one(project, source, given, expected):
    like = put(project / ".env.example", OLD, source) if source else None
    assert new(project / "out.env", like=like, mode=given) == str(project / "out.env")
    assert (project / "out.env").read_bytes() == NEW
    assert mode(project / "out.env") == expected
    assert set(tree(project)) <= {"out.env", ".env.example"}


def test_what_exists_is_replaced_only_with_force(project):
    out = put(project / "out.env", OLD)
    with pytest.raises(EnvfixError, match=r"exists already: .*--force"):
        new(out)
    assert out.read_bytes() == OLD
    new(out, force=True)
    assert out.read_bytes() == NEW


@posix
@pytest.mark.parametrize("kind", ["folder", "fifo", "dangling link", "read-only", "hard links"])
def test_force_replaces_no_more_than_a_write_may(project, kind):
    path = plant(project, kind)
    with pytest.raises(EnvfixError):
        new(path, force=True)
    with pytest.raises(EnvfixError, match="exists already"):
        new(path)


@pytest.mark.parametrize("force", [False, True])
def test_the_source_itself_is_never_the_output(env, force):
    with pytest.raises(EnvfixError, match="--write"):
        new(env, like=env, force=force)
    assert env.read_bytes() == OLD


def test_a_missing_folder_is_told(project):
    with pytest.raises(EnvfixError, match="folder does not exist"):
        new(project / "none" / "out.env")


def test_a_file_that_appears_in_the_last_moment_is_not_replaced(project, monkeypatch):
    out = project / "out.env"
    real = replacement.prepare

    def prepare(*args):
        real(*args)
        put(out, OLD)

    monkeypatch.setattr(new_file, "prepare", prepare)
    with pytest.raises(EnvfixError, match="exists already"):
        new(out)
    assert out.read_bytes() == OLD


@posix
def test_the_folders_above_the_files_that_are_read_are_looked_at_once(project, monkeypatch):
    deep = project.joinpath(*"abcdefghijklmnopqrst")
    deep.mkdir(parents=True)
    out, *read = [put(deep / f"{number}.env", OLD) for number in range(51)]
    looks = list[str]()
    is_link = os.path.islink

    def islink(path):
        looks.append(path)
        return is_link(path)

    monkeypatch.setattr(os.path, "islink", islink)
    backups.write_new(str(out), NEW, directory=str(project), like=None, mode=None, force=True, read=map(str, read))
    assert out.read_bytes() == NEW
    assert len([path for path in looks if path.endswith("/a")]) < len(read)


@posix
@pytest.mark.parametrize("force", [False, True])
def test_a_link_in_the_project_leads_no_new_file_out_of_it(tmp_path, project, force):
    (tmp_path / "far").mkdir()
    (project / "out").symlink_to("../far")
    (project / "near").mkdir()
    (project / "inner").symlink_to("near")

    def made(path):
        backups.write_new(str(path), NEW, directory=str(project), like=None, mode=None, force=force)
        return path.read_bytes()

    with pytest.raises(EnvfixError, match=r"leads to .*/far/a\.env, which lies outside"):
        made(project / "out" / "a.env")
    assert list((tmp_path / "far").iterdir()) == []
    assert made(project / "inner" / "a.env") == made(tmp_path / "far" / "b.env") == NEW


@posix
def test_a_folder_that_becomes_a_link_while_envfix_runs_leads_no_write_astray(tmp_path, project, monkeypatch):
    inner, far = put(project / "api" / ".env", OLD), put(tmp_path / "far" / ".env", OLD)
    real = replacement.prepare

    def prepare(*args):
        real(*args)
        if not (project / "api").is_symlink():
            (project / "api").rename(project / "moved")
            (project / "api").symlink_to(far.parent)

    monkeypatch.setattr(replacement, "prepare", prepare)
    with pytest.raises(EnvfixError):
        replacement.replace_all([replacement.Change(str(inner), OLD, NEW)])
    assert far.read_bytes() == (project / "moved" / ".env").read_bytes() == OLD


@pytest.mark.parametrize("at", [1, 2, 3])
def test_ctrl_c_while_the_temporary_folders_are_cleared_leaves_none_of_them(project, monkeypatch, at):
    real, calls = replacement._discard, []

    def discard(folder):
        calls.append(folder)
        if len(calls) == at:
            raise KeyboardInterrupt
        real(folder)

    files = [project / "a.env", project / "b.env"]
    for file in files:
        put(file, OLD)
    monkeypatch.setattr(replacement, "_discard", discard)
    with pytest.raises(KeyboardInterrupt):
        replacement.replace_all([replacement.Change(str(file), OLD, NEW) for file in files])
    assert tree(project) == ["a.env", "b.env"]
    assert [file.read_bytes() for file in files] == [NEW, NEW]


def test_a_file_system_without_hard_links_takes_a_new_file_too(project, monkeypatch):
    def link(*args, **kwargs):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    new(project / "out.env")
    assert tree(project) == ["out.env"]


# Two at once


@pytest.fixture(params=["the folder itself", "a file where folders cannot be locked"])
def kind_of_lock(request, monkeypatch, tmp_path):
    if request.param.startswith("a file"):
        monkeypatch.setenv("TMPDIR", str(tmp_path))
        monkeypatch.setattr(tempfile, "tempdir", None)

        def refuse(folder):
            raise OSError

        monkeypatch.setattr(lock, "_open_folder", refuse)
        return "import envfix.disk.lock as l\ndef r(f): raise OSError\nl._open_folder = r\n"
    return ""


def test_a_second_envfix_waits_and_then_says_who_is_in_the_way(env, project, monkeypatch, kind_of_lock):
    monkeypatch.setattr(lock, "PATIENCE", 0.1)
    code = kind_of_lock + "import time\nfrom envfix.disk.lock import locked\n"
    code += f"with locked([{str(project)!r}]):\n print('held', flush=True)\n time.sleep(60)\n"
    other = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(backups.Locked, match="another envfix is writing here"):
            write(env, directory=project)
        with pytest.raises(backups.Locked):
            backups.restore(str(project))
        assert env.read_bytes() == OLD
        other.kill()
        other.wait()
        write(env, directory=project)
        assert env.read_bytes() == NEW
    finally:
        other.kill()
        other.wait()


def test_a_lock_that_is_given_back_in_time_is_waited_for(env, project):
    code = f"import time\nfrom envfix.disk.lock import locked\nwith locked([{str(project)!r}]):\n print(flush=True)\n"
    with subprocess.Popen([sys.executable, "-c", code + " time.sleep(0.3)"], stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        write(env, directory=project)
    assert env.read_bytes() == NEW


def test_a_system_that_has_no_lock_at_all_is_no_reason_to_stop(env, project, monkeypatch):
    def refuse(folder):
        raise OSError

    monkeypatch.setattr(lock, "_open_folder", refuse)
    monkeypatch.setattr(lock, "_open_file", refuse)
    write(env, directory=project)
    assert env.read_bytes() == NEW


def test_many_at_once_change_a_file_exactly_once(env, project):
    code = (
        "import sys\nfrom envfix.disk import backups\nfrom envfix.records import Patch\n"
        "try: backups.write([Patch(sys.argv[1], sys.argv[2].encode(), sys.argv[3].encode())], directory=sys.argv[4])\n"
        "except backups.FileChanged: sys.exit(3)\n"
    )
    command = [sys.executable, "-c", code, str(env), OLD.decode(), NEW.decode(), str(project)]
    running = [subprocess.Popen(command) for _ in range(6)]
    assert sorted(process.wait() for process in running) == [0, 3, 3, 3, 3, 3]
    assert env.read_bytes() == NEW
    assert len(backups.listing(str(project))) == 1


# Other systems


def test_a_system_without_owners_modes_and_attributes_is_written_too(env, project, monkeypatch):
    for name in ("fchown", "fchmod", "listxattr", "getxattr", "setxattr", "geteuid"):
        monkeypatch.delattr(os, name, raising=False)
    write(env, directory=project)
    assert env.read_bytes() == NEW
    backups.restore(str(project))
    assert env.read_bytes() == OLD


@posix
def test_a_file_whose_owner_a_change_would_lose_is_refused(env, project, monkeypatch):
    def refuse(*args):
        raise PermissionError(1, "Operation not permitted")

    real = os.fstat
    monkeypatch.setattr(os, "fchown", refuse)
    monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((*real(fd)[:4], real(fd).st_uid + 1, *real(fd)[5:])))
    with pytest.raises(EnvfixError, match="would lose its owner or group"):
        write(env, directory=project, backup=False)
    assert env.read_bytes() == OLD


def test_no_content_stands_in_any_message_or_name(env, project):
    seen = []
    other = put(project / "other.env", NEWER)
    for attempt in (
        lambda: write(env, other, directory=project),
        lambda: backups.restore(str(project)),
        lambda: new(env),
    ):
        with pytest.raises(EnvfixError) as caught:
            attempt()
        seen.append(str(caught.value) + repr(caught.value))
    saved = write(env, directory=project)
    manifest = read(os.path.join(saved.place, "manifest.json")).decode()
    for text in (*seen, repr(saved), manifest):
        assert "localhost" not in text
        assert "newer" not in text.replace("newer content", "")
