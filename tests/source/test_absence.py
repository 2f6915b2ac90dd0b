"""A variable that nothing in the code of its readers can get at is not read there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.projects import COMPOSE, lay_out, only, track

ENV = "CELLAR_URL=redis://localhost:6390/2\n"

SILENT = (
    ("node", {"main.js": "console.log(process.env.TZ)\n"}),
    ("python", {"main.py": "import os\nprint(os.environ['TZ'])\n"}),
    ("ruby", {"main.rb": "puts ENV['TZ']\n"}),
    ("php", {"main.php": "<?php echo getenv('TZ');\n"}),
    ("go", {"main.go": "package main\n\nfunc main() {}\n"}),
    ("rust", {"src/main.rs": "fn main() {}\n"}),
    ("elixir", {"lib/main.ex": "defmodule Main do\nend\n"}),
    # Another runtime's file in the same tree says it, and what only other tools read does.
    ("python", {"main.py": "print(1)\n", "web/app.ts": "const url = process.env.CELLAR_URL\n"}),
    ("node", {"main.js": "run()\n", "README.md": "Set CELLAR_URL.\n", ".env.example": "CELLAR_URL=\n"}),
    ("node", {"main.js": "run()\n", ".github/workflows/ci.yml": "env: {CELLAR_URL: redis://localhost}\n"}),
)

SAID = (
    ("node", {"main.js": "connect(process.env.CELLAR_URL)\n"}),
    ("node", {"config.ts": "export default { cellarUrl: string() }\n"}),
    ("node", {"main.js": "run()\n", "schema.prisma": 'url = env("CELLAR_URL")\n'}),
    ("node", {"main.js": "connect(process.env[`CELLAR_${kind}`])\n"}),
    ("node", {"main.js": "connect(process.env[`${name}_URL`])\n"}),
    ("python", {"main.py": "class Settings(BaseSettings):\n    cellar_url: str\n"}),
    ("python", {"main.py": "class Settings(BaseSettings, env_prefix='CELLAR_'):\n    url: str\n"}),
    ("python", {"main.py": "print(1)\n", "conf/app.toml": 'url = "@format {env[CELLAR_URL]}"\n'}),
    ("python", {"main.py": "print(1)\n", "start.sh": 'exec python main.py "$CELLAR_URL"\n'}),
    ("ruby", {"main.rb": "Redis.new(url: ENV.fetch('CELLAR_URL'))\n"}),
    ("php", {"main.php": "<?php return ['url' => env('CELLAR_URL')];\n"}),
    ("go", {"main.go": 'package main\n\ntype config struct {\n\tCellar string `env:"CELLAR_URL"`\n}\n'}),
    ("rust", {"src/main.rs": "struct Config { cellar_url: String }\n"}),
)

BOUND = (
    pytest.param("java", "CELLAR_URL", {"Main.java": "class Main {}\n"}, id="Spring binds names by itself"),
    pytest.param("dotnet", "CELLAR_URL", {"Main.cs": "class Main {}\n"}, id="ASP.NET binds names by itself"),
    pytest.param("python", "CELLAR__URL", {"main.py": "print(1)\n"}, id="a name of nested settings"),
    pytest.param("node", "AWS_ENDPOINT_URL", {"main.js": "run()\n"}, id="the cloud's own kit"),
    pytest.param("go", "CELLAR_URL", {"main.go": "viper.AutomaticEnv()\n"}, id="a library takes every name"),
    pytest.param(
        "python", "CELERY_BROKER_URL", {"main.py": "from celery import Celery\n"}, id="the library takes its own"
    ),
    pytest.param("ruby", "REDIS_URL", {"main.rb": "1\n", "Gemfile": "gem 'sidekiq'\n"}, id="named in the manifest"),
    pytest.param(
        "php",
        "MEMCACHED_HOST",
        {"main.php": "<?php\n", "composer.json": '{"require": {"laravel/framework": "^11.0"}}'},
        id="the framework brings its own configuration",
    ),
    pytest.param("ready", "CELLAR_URL", {"main.js": "run()\n"}, id="the program came with the image"),
    pytest.param("node", "CELLAR_URL", {"notes.py": "print(1)\n"}, id="no source of its runtime"),
)


@pytest.mark.parametrize(("runtime", "source"), SILENT)
@pytest.mark.parametrize("tracked", [True, False])
def test_silence_of_the_whole_source_keeps(
    tmp_path: Path, runtime: str, source: dict[str, str | bytes], tracked: bool
) -> None:
    lay_out(tmp_path, runtime, ENV, source)
    if tracked:
        track(tmp_path)
    found = only(tmp_path, "CELLAR_URL")
    assert (found.decision, found.reason) == ("keep", "unread")
    assert found.explanation == "no source of orders mentions it"
    assert found.evidence == ()


@pytest.mark.parametrize(("runtime", "source"), SAID)
def test_a_mention_in_any_spelling_or_part_leaves_the_rewrite(
    tmp_path: Path, runtime: str, source: dict[str, str | bytes]
) -> None:
    assert only(lay_out(tmp_path, runtime, ENV, source), "CELLAR_URL").replacement == "cellar:6379"


@pytest.mark.parametrize(("runtime", "name", "source"), BOUND)
def test_no_conclusion_where_the_name_need_not_stand_in_the_source(
    tmp_path: Path, runtime: str, name: str, source: dict[str, str | bytes]
) -> None:
    assert only(lay_out(tmp_path, runtime, f"{name}=redis://localhost:6390\n", source), name).decision == "rewrite"


def test_every_reader_has_to_be_silent(tmp_path: Path) -> None:
    compose = COMPOSE + "  parcels:\n    build: {context: ./parcels}\n    env_file: .env\n"
    lay_out(tmp_path, "node", ENV, {"main.js": "run()\n"}, compose)
    (tmp_path / "parcels").mkdir()
    (tmp_path / "parcels/Dockerfile").write_text("FROM python:3.13\nCOPY . .\n")
    (tmp_path / "parcels/main.py").write_text("cellar_url = 1\n")
    assert only(tmp_path, "CELLAR_URL").decision == "rewrite"
    (tmp_path / "parcels/main.py").write_text("print(1)\n")
    assert only(tmp_path, "CELLAR_URL").explanation == "no source of orders, parcels mentions it"


def test_an_image_without_source_decides_nothing(tmp_path: Path) -> None:
    compose = COMPOSE.replace("build: ./orders", "image: registry.example/orders:3")
    assert only(lay_out(tmp_path, "node", ENV, {"main.js": "run()\n"}, compose), "CELLAR_URL").decision == "rewrite"


def test_the_name_in_the_container_counts(tmp_path: Path) -> None:
    compose = COMPOSE.replace("env_file: .env", "environment: {STORE: '${CELLAR_URL}'}")
    lay_out(tmp_path, "node", ENV, {"main.js": "open(process.env.STORE)\n"}, compose)
    assert only(tmp_path, "CELLAR_URL").decision == "rewrite"
    lay_out(tmp_path, "node", ENV, {"main.js": "open(process.env.CELLAR_URL)\n"}, compose)
    assert only(tmp_path, "CELLAR_URL").reason == "unread"


def test_what_the_user_says_stands(tmp_path: Path) -> None:
    lay_out(tmp_path, "node", ENV, {"main.js": "run()\n"})
    (tmp_path / ".envfix.toml").write_text('readers = { CELLAR_URL = ["orders"] }\n')
    assert only(tmp_path, "CELLAR_URL").decision == "rewrite"
    (tmp_path / ".envfix.toml").unlink()
    (tmp_path / ".env").write_text("# envfix: cellar:6379\n" + ENV)
    assert only(tmp_path, "CELLAR_URL").reason == "pinned"


def test_a_command_of_the_container_may_say_it(tmp_path: Path) -> None:
    compose = COMPOSE.replace("env_file: .env", "env_file: .env\n    command: sh -c 'node main.js $$CELLAR_URL'")
    assert only(lay_out(tmp_path, "node", ENV, {"main.js": "run()\n"}, compose), "CELLAR_URL").decision == "rewrite"


def test_a_submodule_makes_the_source_incomplete(tmp_path: Path) -> None:
    import subprocess

    lay_out(tmp_path, "node", ENV, {"main.js": "run()\n"})
    track(tmp_path)
    entry = f"160000,{'1' * 40},orders/shared"
    subprocess.run(["git", "update-index", "--add", "--cacheinfo", entry], cwd=tmp_path, check=True)
    assert only(tmp_path, "CELLAR_URL").decision == "rewrite"
