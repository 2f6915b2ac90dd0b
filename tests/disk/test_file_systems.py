"""Files as other file systems, attributes and other users have them: what is kept, what is refused, and that nothing is
lost. What a machine cannot show is skipped, with the reason."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Envfix

from envfix.disk import backup_store, backups, new_file, replacement
from envfix.errors import EnvfixError
from envfix.files import OneName, RealPaths, spelled
from envfix.records import Patch

COMPOSE = """\
services:
  api: {image: example.org/api, env_file: [.ENV]}
  web: {image: example.org/web, environment: {DATABASE_URL: "${DATABASE_URL}"}}
  db: {image: "postgres:17", ports: ["5433:5432"]}
"""
OLD = "DATABASE_URL=postgres://u:pw@localhost:5433/x\n"
NEW = OLD.replace("localhost:5433", "db:5432")


def run(*words: str | Path) -> str:
    """What a tool of the system prints; a skip where there is none, or it cannot do it here."""
    if shutil.which(str(words[0])) is None:
        pytest.skip(f"there is no {words[0]}")
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"{words[0]} does not work here: {done.stderr.strip()}")
    return done.stdout.strip()


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Mounts something on a new folder, with the words of mount(8)."""
    places: list[Path] = []

    def mount(*words: str | Path) -> Path:
        place = tmp_path / f"mount{len(places)}"
        place.mkdir()
        run("mount", *words, place)
        places.append(place)
        return place

    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("only root can mount, and the words are those of Linux")
    yield mount
    for place in reversed(places):
        subprocess.run(["umount", place], check=False, capture_output=True)


@pytest.fixture
def blind(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder on a file system that does not tell upper from lower case."""
    (tmp_path / "mark").touch()
    if (tmp_path / "MARK").exists():
        yield tmp_path
        return
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or sys.platform != "linux":
        pytest.skip("this file system tells upper from lower case, and only root can mount another")
    image, place = tmp_path / "image", tmp_path / "blind"
    image.write_bytes(bytes(8 << 20))
    place.mkdir()
    run("mkfs.exfat", image)
    device = run("losetup", "-f", "--show", image)
    try:
        run("mount.exfat-fuse", device, place)
        try:
            yield place
        finally:
            subprocess.run(["umount", place], check=False, capture_output=True)
    finally:
        subprocess.run(["losetup", "-d", device], check=False, capture_output=True)


@pytest.mark.slow
def test_names_that_differ_in_case_alone_are_one_file(
    blind: Path, envfix: Envfix, clean_environ: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compose opens `.env` and `.ENV`: told once, written once, and put back from a folder spelled otherwise."""
    monkeypatch.setenv("XDG_STATE_HOME", str(clean_environ / "state"))
    folder = blind / "Shop"
    folder.mkdir()
    (folder / "Compose.yaml").write_text(COMPOSE)
    (folder / ".Env").write_text(OLD)
    told = envfix("--format", "json", cwd=folder).json
    (project,) = told["projects"]
    (reference,) = project["references"]
    assert [one["path"] for one in project["env_files"]] == [reference["path"]] == [".env"]
    assert {one["service"] for one in reference["readers"]} == {"api", "web"}
    assert envfix("--write", ".ENV", cwd=folder).status == 0
    assert [name.lower() for name in os.listdir(folder)].count(".env") == 1
    assert (folder / ".env").read_text() == NEW
    assert envfix("--restore", cwd=blind / "SHOP").status == 0
    (name,) = (name for name in os.listdir(folder) if name.lower() == ".env")
    assert (folder / name).read_text() == OLD


@pytest.mark.slow
def test_one_name_stands_for_all_spellings(blind: Path) -> None:
    (blind / "Shop").mkdir()
    (blind / "Shop" / ".Env").touch()
    one_name = OneName()
    first = str(blind / "Shop" / ".env")
    assert one_name.of(first) == one_name.of(str(blind / "SHOP" / ".ENV")) == os.path.realpath(first)
    assert spelled(os.path.realpath(blind / "SHOP" / ".ENV")).endswith(os.path.join("Shop", ".Env"))


def test_where_case_is_told_apart_so_are_files(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n")
    if (tmp_path / ".ENV").exists():
        pytest.skip("this file system does not tell upper from lower case")
    (tmp_path / ".ENV").write_text("A=2\n")
    one_name = OneName()
    assert one_name.of(str(tmp_path / ".env")) != one_name.of(str(tmp_path / ".ENV"))
    assert spelled(str(tmp_path / ".ENV")) == str(tmp_path / ".ENV")


def test_names_are_found_beyond_a_thousand_folders_and_links(tmp_path: Path) -> None:
    deep = os.path.join(str(tmp_path), *["d"] * 1_500, ".env")
    assert spelled(deep) == deep
    (tmp_path / "0").touch()
    for number in range(1_500):
        (tmp_path / str(number + 1)).symlink_to(tmp_path / str(number))
    # Python before 3.13 finds no way through so many, and no system opens what lies behind them.
    assert OneName().of(str(tmp_path / "1500")) in (str(tmp_path / "1500"), str(tmp_path.resolve() / "0"))


# Each is `.git` to some file system that a clone may lie on.
@pytest.mark.parametrize("name", [".git", ".GIT", ".Git ", ".git.", "git~1", ".gi\u200ct", "sub/.git", ".git:x"])
def test_what_some_file_system_takes_for_gits_own_folder_is_never_written(name: str, tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such names on Windows")
    file = tmp_path / name / "config"
    file.parent.mkdir(parents=True)
    file.write_text(OLD)
    with pytest.raises(EnvfixError, match="git's own folder"):
        backups.check_target(str(file), directory=str(tmp_path), named=True)


@pytest.mark.parametrize("name", [".gitignore", ".github", "git", ".gitt", "agit~1"])
def test_what_only_looks_like_it_is_written(name: str, tmp_path: Path) -> None:
    file = tmp_path / name / "app.env"
    file.parent.mkdir()
    file.write_text(OLD)
    assert backups.check_target(str(file), directory=str(tmp_path), named=True) == os.path.realpath(file)


CLOCKS = {
    "stands still": [1e9] * 25,
    "runs backwards": [2e9 - day * 86_400 for day in range(25)],
    "is before all calendars": [-1.0] * 25,
    "is after all calendars": [1e12] * 25,
}


@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.slow
def test_whatever_the_clock_says_the_last_write_is_put_back_first(
    clock: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    times = iter(CLOCKS[clock])
    monkeypatch.setattr(backup_store.time, "time", lambda: next(times))
    file = tmp_path / "p" / ".env"
    file.parent.mkdir()
    file.write_bytes(b"A=0\n")
    for number in range(25):
        patch = Patch(str(file), b"A=%d\n" % number, b"A=%d\n" % (number + 1))
        backups.write([patch], directory=str(file.parent))
    found = backups.listing(str(file.parent))
    assert [int(one.id.partition("-")[0]) for one in found] == list(range(25, 5, -1))
    for number in range(24, 4, -1):
        backups.restore(str(file.parent))
        assert file.read_bytes() == b"A=%d\n" % number
    with pytest.raises(backups.NothingToRestore):
        backups.restore(str(file.parent))


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / ".env").write_text(OLD)
    return folder


def write(folder: Path) -> None:
    file = folder / ".env"
    backups.check_target(str(file), directory=str(folder), named=False)
    backups.write([Patch(str(file), OLD.encode(), NEW.encode())], directory=str(folder))


def test_lists_of_access_and_attributes_are_kept_there_and_back(shop: Path) -> None:
    file = shop / ".env"
    run("setfacl", "-d", "-m", "u:1:rwx", shop)  # handed down to every new file
    run("setfacl", "-m", "u:2:r,g:3:rw", file)
    run("setfattr", "-n", "user.note", "-v", "mine", file)

    def told() -> str:
        return run("getfacl", "-pn", file) + run("getfattr", "-d", "-m", "-", "--absolute-names", file)

    before = told()
    write(shop)
    assert (told(), file.read_text()) == (before, NEW)
    backups.restore(str(shop))
    assert (told(), file.read_text()) == (before, OLD)


@pytest.mark.parametrize(
    ("attribute", "of", "says"),
    [
        ("i", ".env", "is read-only"),
        ("a", ".env", "it is not permitted: check the owner, the mode and the attributes"),
        ("i", ".", "lies in a read-only folder"),
        ("a", ".", "it is not permitted: check the owner, the mode and the attributes"),
    ],
)
def test_what_may_not_be_changed_is_refused_whole(shop: Path, attribute: str, of: str, says: str) -> None:
    run("chattr", f"+{attribute}", shop / of)
    try:
        with pytest.raises(EnvfixError, match=says):
            write(shop)
        assert (shop / ".env").read_text() == OLD
    finally:
        run("chattr", f"-{attribute}", shop / of)
    write(shop)
    assert (shop / ".env").read_text() == NEW
    assert os.listdir(shop) == [".env"]


def test_a_file_keeps_its_group_in_a_folder_that_hands_down_its_own(shop: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only root can give files away")
    os.chown(shop, 0, 3)
    shop.chmod(0o3775)
    write(shop)
    assert (shop / ".env").stat().st_gid == 0


def test_a_full_disk_loses_nothing(mounted: Callable[..., Path], shop: Path) -> None:
    place = mounted("-t", "tmpfs", "-o", "noexec,nosuid,size=64k", "none")
    (place / ".env").write_text(OLD)
    rest = place / "rest"

    def fill() -> None:
        with pytest.raises(OSError, match="No space left"):
            rest.write_bytes(bytes(1 << 20))

    fill()
    with pytest.raises(EnvfixError, match="the disk is full"):
        write(place)
    assert ((place / ".env").read_text(), sorted(os.listdir(place))) == (OLD, [".env", "rest"])
    rest.unlink()
    write(place)
    fill()
    with pytest.raises(EnvfixError, match="the disk is full"):
        backups.restore(str(place))
    assert (place / ".env").read_text() == NEW
    rest.unlink()
    backups.restore(str(place))
    assert (place / ".env").read_text() == OLD


def test_what_is_mounted_read_only_or_by_itself_is_told(mounted: Callable[..., Path], shop: Path) -> None:
    place = mounted("--bind", shop)
    run("mount", "-o", "remount,bind,ro", place)
    with pytest.raises(EnvfixError, match="is read-only"):
        write(place)
    other = shop.parent / "other.env"
    other.write_text(OLD)
    run("mount", "--bind", other, shop / ".env")
    try:
        with pytest.raises(EnvfixError, match="something is mounted on it"):
            write(shop)
    finally:
        run("umount", shop / ".env")
    assert other.read_text() == (shop / ".env").read_text() == OLD
    assert os.listdir(shop) == [".env"]


STEPS = {
    "before the first look": (backups, "_changes"),
    "before the backup": (backup_store, "save"),
    "before the new content is laid beside it": (replacement, "prepare"),
    "before the last look": (replacement, "_ensure_unchanged"),
    "before it is put in place": (replacement, "reached"),
    "before it is tidied": (replacement, "_discard"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("swapped", ["folder", "file"])
def test_a_link_that_is_put_in_the_way_leads_nowhere(
    step: str, swapped: str, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another program puts a link that leads outside in the place of the file, or of its folder, while a write runs."""
    module, name = STEPS[step]
    file, outside = shop / "app" / ".env", shop.parent / "outside"
    for folder in (file.parent, outside):
        folder.mkdir()
        (folder / ".env").write_text(OLD)
    before = (outside.stat().st_mode, (outside / ".env").stat().st_ino)
    going_on = getattr(module, name)
    away = (shop / "away") if swapped == "folder" else (shop / "away.env")

    def after_the_swap(*words: object, **more: object) -> object:
        if not away.exists():
            (file.parent if swapped == "folder" else file).rename(away)
            if swapped == "folder":
                file.parent.symlink_to(outside)
            else:
                file.symlink_to(outside / ".env")
        return going_on(*words, **more)

    target = backups.check_target(str(file), directory=str(shop), named=False)
    monkeypatch.setattr(module, name, after_the_swap)
    patch = Patch(str(file), OLD.encode(), NEW.encode())
    with suppress(EnvfixError):
        backups.write([patch], directory=str(shop), targets={str(file): target})
    assert ((outside / ".env").read_text(), os.listdir(outside)) == (OLD, [".env"])
    assert before == (outside.stat().st_mode, (outside / ".env").stat().st_ino)
    assert (away / ".env" if swapped == "folder" else away).read_text() in (OLD, NEW)
    assert [one.state for one in backups.listing(str(shop))] in ([], [""])


WAITING = {
    "before the content is laid into it": (replacement, "create", "write"),
    "before the content takes its place": (replacement, "take_place", "write"),
    "before it is tidied": (replacement, "_discard", "write"),
    "before the content of a new file takes its place": (new_file, "_move_into_void", "new"),
    "before a new file's is tidied": (new_file, "discard_all", "new"),
    "before the copies of a backup are": (backup_store, "_copy", "write"),
    "before a backup is removed": (backup_store, "remove", "forget"),
}


@pytest.mark.skipif(not hasattr(os, "O_PATH"), reason="only Linux can hold a folder by a path")
@pytest.mark.parametrize("step", WAITING)
def test_a_link_in_the_place_of_a_folder_of_its_own_leads_nowhere(
    step: str, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What envfix makes and removes beside a file, and where backups lie, might be another's by then."""
    module, name, doing = WAITING[step]
    outside = shop.parent / "outside"
    outside.mkdir()
    names = [".env", ".gitignore", "other"]
    for each in names:
        (outside / each).write_text("OTHER=1\n")
    backup_dir = shop / "backups"
    patch = Patch(str(shop / ".env"), OLD.encode(), NEW.encode())
    if doing == "forget":
        backups.write([patch], directory=str(shop), backup_dir=str(backup_dir))
    going_on = getattr(module, name)
    swapped = []

    def after_the_swap(*words: object, **more: object) -> object:
        for own in [*shop.glob(".envfix-*.tmp"), *backup_dir.glob("*/.new-*"), *backup_dir.glob("*/0*")]:
            if not own.is_symlink():
                own.rename(own.with_name(f"away-{len(swapped)}"))
                own.symlink_to(outside)
                swapped.append(own)
        return going_on(*words, **more)

    monkeypatch.setattr(module, name, after_the_swap)
    with suppress(EnvfixError):
        if doing == "write":
            backups.write([patch], directory=str(shop), backup_dir=str(backup_dir))
        elif doing == "new":
            new = str(shop / "new.env")
            backups.write_new(new, b"A=1\n", directory=str(shop), like=None, mode=None, force=False)
        else:
            backups.forget(str(shop), backup_dir=str(backup_dir))
    assert swapped
    assert {each: (outside / each).read_text() for each in os.listdir(outside)} == dict.fromkeys(names, "OTHER=1\n")


@pytest.mark.skipif(os.name == "nt", reason="no fifos on Windows")
def test_a_pipe_in_the_place_of_a_file_is_never_waited_for(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def after_the_swap(change: object, path: str) -> None:
        (shop / ".env").rename(shop / "away.env")
        os.mkfifo(shop / ".env")
        going_on(change, path)

    going_on = replacement._ensure_unchanged
    monkeypatch.setattr(replacement, "_ensure_unchanged", after_the_swap)
    with pytest.raises(EnvfixError, match="cannot be written"):
        write(shop)
    assert (shop / "away.env").read_text() == OLD
    assert sorted(os.listdir(shop)) == [".env", "away.env"]


@pytest.mark.skipif(os.name == "nt", reason="no fifos on Windows")
def test_a_pipe_in_the_place_of_a_folder_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)  # so that one who would open it does not wait here for ever
    try:
        with pytest.raises(NotADirectoryError):
            replacement.sync_folder(str(tmp_path / "pipe"))
    finally:
        os.close(writer)


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_each_folder_on_the_way_to_many_files_is_looked_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path.joinpath(*["a"] * 50)
    deep.mkdir(parents=True)
    (tmp_path / "link").symlink_to("a/a")
    (tmp_path / "a" / "up").symlink_to("../a/a/..")
    (tmp_path / "round").symlink_to("round")
    (deep / "to").symlink_to(tmp_path / "link" / "a" / "x")
    places = ["link", "link/..", "link/../a/./a", "a/up/a", "a/a/gone/x", "round", "link/a", "/", "."]
    paths = [str(deep / f"{number}.env") for number in range(50)]
    paths += [str(deep / "to"), *(os.path.join(tmp_path, place) for place in places)]
    expected = [os.path.realpath(path) for path in paths]
    looked: list[str] = []
    islink = os.path.islink
    monkeypatch.setattr(os.path, "islink", lambda path: looked.append(path) or islink(path))
    real_paths = RealPaths()
    assert [real_paths.of(path) for path in paths] == expected
    assert len(looked) < 50 + 50 + 40
