"""A default in code for a port of loopback explains a connection that no variable does."""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.source.defaults import Default, default_for
from tests.source.projects import COMPOSE, lay_out, made

TOLD = (
    ("node", {"main.js": "const url = process.env.CELLAR_URL || 'redis://localhost:6379/2'\n"}, "CELLAR_URL", 1,
     "redis://cellar:6379/2"),
    ("node", {"db.ts": "export default {\n  url:\n    process.env['CELLAR_URL'] ??\n    'redis://127.0.0.1:6379',\n}\n"},
     "CELLAR_URL", 4, "redis://cellar:6379"),
    ("node", {"env.ts": "cleanEnv(process.env, {\n  CELLAR_URL: url({ default: 'redis://localhost:6379' }),\n})\n"},
     "CELLAR_URL", 2, "redis://cellar:6379"),
    ("python", {"main.py": 'import os\nurl = os.getenv("CELLAR_URL", "redis://localhost:6379")\n'}, "CELLAR_URL", 2,
     "redis://cellar:6379"),
    ("python", {"conf.py": 'class Settings(BaseSettings):\n    cellar_url: str = "redis://localhost:6379"\n'},
     "CELLAR_URL", 2, "redis://cellar:6379"),
    ("python", {"main.py": 'url = config("CELLAR_URL", default="redis://:s3cret@localhost:6379")\n'}, "CELLAR_URL", 1,
     "cellar:6379"),
    ("node", {"a.js": "process.env.CELLAR_URL || 'redis://localhost:6379/?password=s3cret'\n"}, "CELLAR_URL", 1,
     "cellar:6379"),
    ("node", {"a.js": "process.env.CELLAR_URL || 'redis://s3cretAndMore9@localhost:6379'\n"}, "CELLAR_URL", 1,
     "cellar:6379"),
    ("node", {"a.js": "process.env.CELLAR_URL || 'http://localhost:6379/hooks/s3cretAndMore9'\n"}, "CELLAR_URL", 1,
     "cellar:6379"),
    ("ruby", {"main.rb": "url = ENV.fetch('CELLAR_URL', 'redis://localhost:6379')\n"}, "CELLAR_URL", 1,
     "redis://cellar:6379"),
    ("php", {"cache.php": "<?php\nreturn ['url' => env('CELLAR_URL', 'tcp://127.0.0.1:6379')];\n"}, "CELLAR_URL", 2,
     "tcp://cellar:6379"),
    ("go", {"main.go": 'type c struct {\n\tCellar string `env:"CELLAR_ADDR" envDefault:"localhost:6379"`\n}\n'},
     "CELLAR_ADDR", 2, "cellar:6379"),
    ("elixir", {"config/runtime.exs": 'url = System.get_env("CELLAR_URL", "redis://localhost:6379")\n'}, "CELLAR_URL",
     1, "redis://cellar:6379"),
    ("rust", {"src/main.rs": 'let a = std::env::var("CELLAR_URL").unwrap_or("redis://127.0.0.1:6379".into());\n'},
     "CELLAR_URL", 1, "redis://cellar:6379"),
    ("java", {"src/main/resources/application.yml": "cellar:\n  url: ${CELLAR_URL:redis://localhost:6379}\n"},
     "CELLAR_URL", 2, "redis://cellar:6379"),
    ("python", {"main.py": "host = os.environ.get('CELLAR_HOST', 'localhost')\n"
                           "port = int(os.environ.get('CELLAR_PORT', 6379))\n"}, "CELLAR_HOST", 1, "cellar"),
    ("php", {"cache.php": "<?php\n'host' => env('CELLAR_HOST', '127.0.0.1'),\n'port' => env('CELLAR_PORT', '6379'),\n"},
     "CELLAR_HOST", 2, "cellar"),
)  # fmt: skip

SILENT = (
    pytest.param("node", {"main.js": "connect('redis://localhost:6379')\n"}, "", id="no variable to set"),
    pytest.param("node", {"main.js": "process.env.A_URL || 'redis://localhost:63790'\n"}, "", id="another port"),
    pytest.param("node", {"main.js": "process.env.A_URL || 'redis://far.example:6379'\n"}, "", id="another host"),
    pytest.param(
        "node",
        {"main.js": "process.env.A_URL || 'redis://localhost:6379'\nprocess.env.B_URL || 'redis://localhost:6379'\n"},
        "",
        id="two that could be meant",
    ),
    pytest.param(
        "node", {"main.js": "process.env.A_URL || 'redis://localhost:6379'\n"}, "A_URL=redis://x:1\n", id="it is given"
    ),
    pytest.param(
        "node", {"main.test.js": "process.env.A_URL || 'redis://localhost:6379'\n"}, "", id="only a test says it"
    ),
    pytest.param("python", {"web/a.js": "process.env.A_URL || 'redis://localhost:6379'\n"}, "", id="another runtime"),
)


def default(folder: Path, port: int = 6379) -> Default | None:
    """What the code of `orders` says of the port."""
    found = made(folder)
    return default_for(found.code, found.reading, "orders", port, {})


@pytest.mark.parametrize(("runtime", "source", "variable", "line", "value"), TOLD)
def test_the_variable_its_place_and_what_to_set(
    tmp_path: Path, runtime: str, source: dict[str, str | bytes], variable: str, line: int, value: str
) -> None:
    found = default(lay_out(tmp_path, runtime, "", source))
    assert found is not None
    assert (found.variable, found.line, found.replacement) == (variable, line, value)
    assert found.path == str(tmp_path.resolve() / "orders" / next(iter(source)))
    assert found.endpoint is not None
    assert found.endpoint.service == "cellar"


@pytest.mark.parametrize(("runtime", "source", "env"), SILENT)
def test_nothing_is_told_that_code_does_not_say(
    tmp_path: Path, runtime: str, source: dict[str, str | bytes], env: str
) -> None:
    assert default(lay_out(tmp_path, runtime, env, source)) is None


def test_the_published_port_is_replaced_by_the_inner_one(tmp_path: Path) -> None:
    source: dict[str, str | bytes] = {"main.js": "process.env.LEDGER_URL || 'postgres://localhost:5544/x'\n"}
    found = default(lay_out(tmp_path, "node", "", source), 5544)
    assert found is not None
    assert found.replacement == "postgres://ledger:5432/x"


def test_without_a_server_the_place_alone_is_told(tmp_path: Path) -> None:
    source: dict[str, str | bytes] = {"main.js": "process.env.LEDGER_URL || 'http://localhost:7777'\n"}
    found = default(lay_out(tmp_path, "node", "", source, COMPOSE), 7777)
    assert found is not None
    assert (found.variable, found.endpoint, found.replacement) == ("LEDGER_URL", None, None)
