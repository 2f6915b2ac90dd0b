"""The images of the stacks: one root file system, imported once, and for each name an entry point.

They bear the names that real compose files use (`postgres:17`), which is safe because the engine is private and reaches
no registry. A hash of the whole recipe is their cache key.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from .dockerd import PATH, Engine
from .packages import build_root, described

RECIPE = Path(__file__).with_name("recipe")
REPOSITORY = "envfix-engine"
SEARCH_PATH = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


class Image(NamedTuple):
    """An image by the name that compose files use; `entry` is a file of the recipe, `ports` are its EXPOSE."""

    name: str
    entry: str
    ports: str = ""
    command: str = "[]"
    volume: str = ""

    def changes(self) -> list[str]:
        """The image's configuration, as `docker commit --change` takes it."""
        words = [SEARCH_PATH, f'ENTRYPOINT ["/recipe/{self.entry}"]', f"CMD {self.command}"]
        return words + [f"EXPOSE {self.ports}"] * bool(self.ports) + [f"VOLUME {self.volume}"] * bool(self.volume)


IMAGES = (
    Image("postgres:17", "postgres.sh", "5432", '["postgres"]', "/var/lib/postgresql/data"),
    Image("redis:7", "redis.sh", "6379", '["redis-server"]'),
    Image("clickhouse/clickhouse-server:25.12", "clickhouse.sh", "8123 9000", volume="/var/lib/clickhouse"),
    Image("minio/minio:latest", "minio.sh", "9000", '["server", "/data"]', "/data"),
    Image("example/web:1", "web.py", "3000"),
    Image("example/worker:1", "worker.py"),
    Image("example/app:1", "app.py", "8000"),
)


def ensure_images(engine: Engine, cache: Path) -> None:
    """Have every image in the engine, built if its recipe changed; images of older recipes are removed."""
    key = recipe_key()
    present = set(engine.lines("images", "--format", "{{.Repository}}:{{.Tag}}", REPOSITORY))
    if f"{REPOSITORY}:{key}" not in present:
        engine.docker("image", "prune", "--all", "--force", timeout=120)
        build(engine, cache, key)


def recipe_key() -> str:
    files = [file.read_text() for file in sorted(RECIPE.rglob("*")) if file.is_file()]
    words = [*described(), *files, *map(str, IMAGES), Path(__file__).read_text()]
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:12]


def build(engine: Engine, cache: Path, key: str) -> None:
    """The base image's name comes last, so that a build broken off is begun anew."""
    scratch = cache / "build"
    shutil.rmtree(scratch, ignore_errors=True)
    base = import_root(engine, furnished(scratch / "root", cache))
    shutil.rmtree(scratch)
    container = engine.docker("create", "--network", "none", base, "/bin/true")
    for image in IMAGES:
        changes = [word for change in image.changes() for word in ("--change", change)]
        engine.docker("commit", *changes, container, image.name)
    engine.docker("rm", container)
    engine.docker("tag", base, f"{REPOSITORY}:{key}")


def furnished(root: Path, cache: Path) -> Path:
    """The root file system, with this recipe in it."""
    build_root(root, cache)
    shutil.copytree(RECIPE, root / "recipe", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(RECIPE / "bin", root / "usr/bin", dirs_exist_ok=True)
    compile_modules(root)
    return root


def compile_modules(root: Path) -> None:
    """Python's library compiled, as Debian's maintainer scripts would have it: else each start of one of the recipe's
    programs does that again."""
    library = "compileall.compile_dir(sysconfig.get_path('stdlib'), quiet=2)"
    python = ["chroot", str(root), "/usr/bin/python3", "-c", f"import compileall, sysconfig; {library}"]
    subprocess.run(python, check=True, env={"PATH": PATH}, timeout=120)


def import_root(engine: Engine, root: Path) -> str:
    """The id of an image whose one layer is `root`."""
    with subprocess.Popen(["tar", "-C", str(root), "-cf", "-", "."], stdout=subprocess.PIPE) as archive:
        image = engine.docker("import", "-", timeout=300, stdin=archive.stdout)
    assert archive.returncode == 0, "tar failed"
    return image
