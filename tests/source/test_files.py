"""Which files are read as source, and what is known to be missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from envfix.source import reading
from envfix.source.files import SourceFiles
from envfix.source.reading import read_source
from tests.source.projects import lay_out, track


def names(found: SourceFiles, top: Path) -> list[str]:
    return [os.path.relpath(one.path, top.resolve()).replace(os.sep, "/") for one in found.files]


def read(top: Path) -> SourceFiles:
    return read_source(str(top.resolve()), [str(top.resolve())])


def test_tracked_text_files_alone(tmp_path: Path) -> None:
    lay_out(
        tmp_path, "node", "A=1\n", {"main.js": "1\n", "logo.png": b"\x89PNG\0", "blob.js": b"a\0b", "run": "#!sh\n"}
    )
    track(tmp_path)
    (tmp_path / "later.js").write_text("2\n")
    assert names(read(tmp_path), tmp_path) == ["compose.yaml", "orders/Dockerfile", "orders/main.js", "orders/run"]


def test_without_git_what_no_ignore_file_excludes(tmp_path: Path) -> None:
    source: dict[str, str | bytes] = {
        ".gitignore": "made/\n",
        "main.js": "1\n",
        "made/a.js": "1\n",
        "node_modules/a/index.js": "1\n",
        "vendor/a.php": "1\n",
        ".venv/a.py": "1\n",
    }
    lay_out(tmp_path, "node", "A=1\n", source)
    assert [name for name in names(read(tmp_path), tmp_path) if name.startswith("orders/")] == [
        "orders/.gitignore",
        "orders/Dockerfile",
        "orders/main.js",
    ]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_no_link_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "deep").mkdir(parents=True)
    (outside / "deep/secret.js").write_text("1\n")
    inside = lay_out(tmp_path / "project", "node", "A=1\n", {"main.js": "1\n"})
    os.symlink(outside / "deep/secret.js", inside / "orders/link.js")
    os.symlink(outside / "deep", inside / "orders/folder")
    track(inside)
    assert "orders/main.js" in names(read(inside), inside)
    assert not any("link" in name or "folder" in name for name in names(read(inside), inside))
    os.unlink(inside / "orders/folder")
    (inside / "orders/deep").mkdir()
    (inside / "orders/deep/secret.js").write_text("2\n")
    track(inside)
    (inside / "orders/deep/secret.js").unlink()
    (inside / "orders/deep").rmdir()
    os.symlink(outside / "deep", inside / "orders/deep")
    assert not any("deep" in name for name in names(read(inside), inside))


BOUNDS = (
    pytest.param("MAX_FILES", 3, id="the number of files"),
    pytest.param("MAX_BYTES", 400, id="the bytes of all"),
    pytest.param("_MAX_FILE_BYTES", 100, id="the bytes of one"),
)


@pytest.mark.parametrize(("bound", "value"), BOUNDS)
def test_what_is_beyond_the_bounds_is_known_to_be_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    lay_out(tmp_path, "node", "A=1\n", {"a.js": "1\n", "b.js": "2" * 300, "z.js": "3\n"})
    track(tmp_path)
    assert read(tmp_path).gaps == ()
    monkeypatch.setattr(reading, bound, value)
    found = read(tmp_path)
    assert found.gaps
    assert len(found.files) + len(found.gaps) == 5


def test_a_folder_behind_a_thousand_others(tmp_path: Path) -> None:
    """No depth of folders ends the run: the way to a file is walked, not descended."""
    top = str(tmp_path.resolve())

    assert not reading._is_real(os.sep.join(["", *["nowhere"] * 1200]), {top: True})
    assert reading._is_real(os.sep.join([top, *["a"] * 1200]), {top: True})


def test_no_name_leads_above_the_work_tree(tmp_path: Path) -> None:
    """git refuses `..` in an index, but a folder from elsewhere can hold any."""
    top = str(tmp_path.resolve())

    assert not reading._is_real(os.path.join(top, "orders", os.pardir, os.pardir), {top: True})
