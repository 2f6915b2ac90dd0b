"""Which loader does a program use, and in which runtime does it run?

The evidence is what a project's own files say, in falling strength: the command that starts the program, the
dependencies that the manifest beside its code declares, the image. Where nothing tells, each loader of the runtime is a
witness; where not even the runtime is known, every loader.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from envfix.loaders.table import LOADERS, Loader
from envfix.named_tuples import NamedTuple
from envfix.patterns import regex


class Sign(NamedTuple):
    """Something that tells a loader: `pattern` is sought in the file `manifest` (a shell pattern of its name), or in
    the command where that is ""; `source` says who documents it."""

    loader: str
    manifest: str
    pattern: str
    source: str


# The first that holds decides.
SIGNS = (
    Sign("", "", r"\bdotenvx\s+run\b", "https://dotenvx.com/docs"),
    Sign("dotenv-expand", "", r"\bdotenv\s+(?:-(?!-\s)\S+\s+\S+\s+){0,20}+--\s", "https://www.npmjs.com/package/dotenv-cli"),
    Sign("dotenv", "", r"\s(?:-r|--require|--import)[ =]dotenv/config\b", "https://www.npmjs.com/package/dotenv"),
    Sign("node", "", r"(?m)^(?>.*?\bnode\b).*\s--env-file(?:-if-exists)?\b", "https://nodejs.org/api/cli.html#--env-fileconfig"),
    Sign("bun", "", r"(?:^|[\s/])bunx?\s", "https://bun.com/docs/runtime/environment-variables"),
    Sign("deno", "", r"(?:^|[\s/])deno\s", "https://docs.deno.com/runtime/reference/env_variables/"),
    # A server that has Vite build its pages: dotenv's lines with variables replaced in every quote (run with 6.2.0).
    Sign("dotenv-expand", "package.json", r'"@adonisjs/(?:core|env)"\s*:', "https://docs.adonisjs.com/configuration"),
    Sign("node", "package.json", r'"vite"\s*:\s*"\D{0,2}(?:8|9|\d\d)\b', "https://vite.dev/guide/env-and-mode"),
    Sign(
        "dotenv-expand",
        "package.json",
        r'"(?:next|vite|react-scripts|nuxt|astro|dotenv-expand|dotenv-cli|@sveltejs/kit|@next/env)"\s*:',
        "https://nextjs.org/docs/app/guides/environment-variables, https://vite.dev/guide/env-and-mode",
    ),
    Sign(
        "dotenv",
        "package.json",
        r'"(?:dotenv|dotenv-flow|dotenv-safe|@nestjs/config|@dotenvx/dotenvx|env-cmd)"\s*:',
        "https://www.npmjs.com/package/dotenv, https://docs.nestjs.com/techniques/configuration",
    ),
    Sign("node", "package.json", r"--env-file(?:-if-exists)?\b", "https://nodejs.org/api/cli.html#--env-fileconfig"),
    Sign("bun", "bun.lock*", "", "https://bun.com/docs/pm/lockfile"),
    Sign("deno", "deno.json*", "", "https://docs.deno.com/runtime/fundamentals/configuration/"),
    Sign("symfony", "composer.json", r'"symfony/(?:dotenv|runtime|framework-bundle|flex)"\s*:',
         "https://symfony.com/doc/current/configuration.html#configuring-environment-variables-in-env-files"),
    Sign("phpdotenv", "composer.json", r'"(?:vlucas/phpdotenv|laravel/(?:lumen-)?framework)"\s*:',
         "https://laravel.com/docs/configuration#environment-configuration"),
    Sign("ruby", "Gemfile", r"['\"]dotenv(?:-rails)?['\"]", "https://github.com/bkeepers/dotenv"),
    Sign("godotenv", "go.mod", r"\bgithub\.com/joho/godotenv\b", "https://pkg.go.dev/github.com/joho/godotenv"),
    Sign("dotenvy", "Cargo.toml", r"(?m)^\s*dotenvy?\b", "https://docs.rs/dotenvy"),
    Sign("django-environ", "*", r"\bdjango[-_]environ\b", "https://django-environ.readthedocs.io"),
    Sign("python-decouple", "*", r"\bpython[-_]decouple\b", "https://pypi.org/project/python-decouple/"),
    Sign("python-dotenv", "*", r"\b(?:python[-_]dotenv|pydantic[-_]settings|environs)\b",
         "https://docs.pydantic.dev/latest/concepts/pydantic_settings/#dotenv-env-support"),
)  # fmt: skip

# The files beside a program's code that say what it is written in, and of which runtime they are.
MANIFESTS = {
    "package.json": "node",
    "bun.lock": "node",
    "bun.lockb": "node",
    "deno.json": "deno",
    "deno.jsonc": "deno",
    "composer.json": "php",
    "artisan": "php",
    "Gemfile": "ruby",
    "go.mod": "go",
    "Cargo.toml": "rust",
    "manage.py": "python",
    "pyproject.toml": "python",
    "requirements.txt": "python",
    "Pipfile": "python",
    "setup.py": "python",
    "mix.exs": "elixir",
    "pom.xml": "java",
    "build.gradle": "java",
    "build.gradle.kts": "java",
    "build.sbt": "java",
}

# Which loaders the programs of a runtime have, where neither command nor manifest tells.
OF_RUNTIME = {
    "node": ("dotenv", "dotenv-expand", "node"),
    "bun": ("bun",),
    "deno": ("deno",),
    "php": ("phpdotenv", "symfony"),
    "ruby": ("ruby",),
    "go": ("godotenv",),
    "rust": ("dotenvy",),
    "python": ("python-dotenv",),
}

_ALL = tuple(dict.fromkeys(name for names in OF_RUNTIME.values() for name in names))

# Words of an image's name or of a command that tell the runtime; the first that is found decides.
_RUNTIMES = tuple(
    (runtime, regex(rf"(?:^|[\s/_.:@-])(?:{words})(?=$|[\s/:@_.\d-])"))
    for runtime, words in (
        ("deno", "deno|denoland"),
        ("bun", "bun|bunx|oven"),
        ("php", r"php|php-fpm|laravel|artisan|composer|frankenphp|symfony|wordpress|drupal|swoole|octane|phpdockerio"),
        ("python", "python|python3|uvicorn|gunicorn|celery|flask|django|uv|poetry|pipenv|hypercorn|daphne|miniconda3"),
        ("ruby", "ruby|rails|bundle|puma|sidekiq|rake|unicorn"),
        ("go", "golang|go|air|dlv"),
        ("rust", "rust|cargo"),
        ("java", "java|jdk|jre|openjdk|temurin|corretto|maven|mvn|gradle|gradlew|tomcat|liberica|zulu"),
        ("dotnet", "dotnet|aspnet"),
        ("elixir", "elixir|mix|erlang|phoenix"),
        ("node", "node|nodejs|npm|npx|yarn|pnpm|nodemon|tsx|ts-node|next|vite|nest|turbo"),
        ("static", "nginx|caddy|httpd|lighttpd|traefik|haproxy|envoy"),
    )
)


_SERVER_LOADER = r'"(?:dotenv[\w-]*|next|nuxt|@nestjs/config|@adonisjs/(?:core|env)|env-cmd|express)"\s*:|--env-file\b'


def runtime_of(*texts: str) -> str | None:
    """The runtime that the first telling one of the texts (an image's name, a command) speaks of; "static" for a web
    server alone, None where nothing tells."""
    return next((runtime for text in texts if text and (runtime := _runtime_in(text))), None)


# What a command says is found out once: it may be a script of 32 kB, and the one of thousands of services.
@lru_cache(maxsize=256)
def _runtime_in(text: str) -> str | None:
    lower = text.lower()
    return next((runtime for runtime, pattern in _RUNTIMES if pattern.search(lower)), None)


def loaders_of(command: str, manifests: Mapping[str, str], runtime: str | None, image: str = "") -> tuple[Loader, ...]:
    """The loaders by which a program may read its env file, one where it is known.

    `command` is what starts it, as one line; `manifests` are the texts of the files beside its code, by name; `runtime`
    as `runtime_of` gives it, `image` the image's name with its tag.
    """
    known = _by_sign(command, manifests, runtime)
    names = (known,) if known else OF_RUNTIME.get(runtime or "", _ALL)
    if re.search(r"(?:^|/)node:(?:20|21)\b", image):
        names = tuple("node 20" if name == "node" else name for name in names)
    return tuple(LOADERS[name] for name in names)


def _by_sign(command: str, manifests: Mapping[str, str], runtime: str | None) -> str | None:
    if runtime == "bun" and not command:
        return "bun"
    if told := _in_command(command):
        return told
    for sign in SIGNS:
        if not sign.manifest or (runtime and runtime not in _fitting(sign.loader)):
            continue
        for name, text in manifests.items():
            if _is_of(name, sign) and re.search(sign.pattern, text):
                return sign.loader
    return None


@lru_cache(maxsize=64)
def _in_command(command: str) -> str | None:
    signs = (sign for sign in SIGNS if not sign.manifest and re.search(sign.pattern, command))
    return next((sign.loader or "dotenv-expand" for sign in signs), None)


def _is_of(name: str, sign: Sign) -> bool:
    if sign.manifest == "*":
        return MANIFESTS.get(name) == "python"
    return name == sign.manifest or (sign.manifest.endswith("*") and name.startswith(sign.manifest[:-1]))


@lru_cache(maxsize=32)
def _fitting(loader: str) -> frozenset[str]:
    """The runtimes whose programs may use the loader."""
    if loader in ("dotenv", "dotenv-expand", "node", "bun"):
        return frozenset(("node", "bun"))
    if loader in ("django-environ", "python-decouple"):
        return frozenset(("python",))
    return frozenset(runtime for runtime, names in OF_RUNTIME.items() if loader in names)


def loads_for_itself(manifests: Mapping[str, str]) -> bool:
    """Whether a package.json says that a JavaScript program loads env files for a server, and does not only build the
    pages of another application."""
    text = manifests.get("package.json", "")
    return re.search(_SERVER_LOADER, text) is not None
