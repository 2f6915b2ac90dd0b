"""Which env files do frameworks load, in which order and mode; which variables do they put into pages for browsers?"""

from envfix.named_tuples import NamedTuple


class Framework(NamedTuple):
    """A framework (or library) that loads env files by a rule of its own.

    It is told by `pattern`, a regular expression sought in the file `manifest` beside its code. `names` are what it
    looks for, the one that wins first, `{mode}` standing for the mode: the first of `variables` that the container is
    given, else what `commands` (expressions, each with its mode) find in the command, else `default` (None: not known).
    `alone`: the first file that exists is the only one that is read. `untested`: names left out in the mode `test`.
    """

    name: str
    manifest: str
    pattern: str
    names: tuple[str, ...]
    variables: tuple[str, ...]
    default: str | None
    source: str
    commands: tuple[tuple[str, str], ...] = ()
    alone: bool = False
    untested: tuple[str, ...] = ()


_MODE_LOCAL_FIRST = (".env.{mode}.local", ".env.local", ".env.{mode}", ".env")
_MODE_FIRST = (".env.{mode}.local", ".env.{mode}", ".env.local", ".env")
_DEV_OR_BUILT = (
    (r"\b(?:dev|develop|serve|watch)\b", "development"),
    (r"\b(?:start|build|preview|prod)\b", "production"),
)

# The first that holds counts: a framework before the library that it loads with.
FRAMEWORKS = (
    Framework(
        "Next.js",
        "package.json",
        r'"next"\s*:',
        _MODE_LOCAL_FIRST,
        ("NODE_ENV",),
        None,
        "https://nextjs.org/docs/app/guides/environment-variables#environment-variable-load-order",
        _DEV_OR_BUILT,
        untested=(".env.local",),
    ),
    Framework(
        "Create React App",
        "package.json",
        r'"react-scripts"\s*:',
        _MODE_LOCAL_FIRST,
        ("NODE_ENV",),
        None,
        "https://create-react-app.dev/docs/adding-custom-environment-variables/",
        ((r"\bbuild\b", "production"), (r"\bstart\b", "development")),
        untested=(".env.local",),
    ),
    Framework(
        "Nest",
        "package.json",
        r'"@nestjs/config"\s*:',
        _MODE_FIRST,
        ("NODE_ENV",),
        None,
        "https://docs.nestjs.com/techniques/configuration#custom-env-file-path",
    ),
    Framework(
        "AdonisJS",
        "package.json",
        r'"@adonisjs/(?:core|env)"\s*:',
        _MODE_LOCAL_FIRST,
        ("NODE_ENV",),
        None,
        "https://www.npmjs.com/package/@adonisjs/env",
        untested=(".env.local",),
    ),
    Framework(
        "dotenv-flow",
        "package.json",
        r'"dotenv-flow"\s*:',
        _MODE_FIRST,
        ("NODE_ENV",),
        None,
        "https://www.npmjs.com/package/dotenv-flow",
        untested=(".env.local",),
    ),
    Framework(
        "Vite",
        "package.json",
        r'"(?:vite|astro|@sveltejs/kit|vitepress)"\s*:',
        _MODE_FIRST,
        (),
        None,
        "https://vite.dev/guide/env-and-mode",
        _DEV_OR_BUILT,
    ),
    Framework(
        "Bun",
        "bun.lock",
        r"",
        _MODE_LOCAL_FIRST,
        ("NODE_ENV",),
        "development",
        "https://bun.com/docs/runtime/environment-variables",
        untested=(".env.local",),
    ),
    Framework(
        "Laravel",
        "composer.json",
        r'"laravel/(?:lumen-)?framework"\s*:',
        (".env.{mode}", ".env"),
        ("APP_ENV",),
        None,
        "https://laravel.com/docs/configuration#additional-environment-files",
        ((r"--env[= ]local\b", "local"),),
        alone=True,
    ),
    Framework(
        "Symfony",
        "composer.json",
        r'"symfony/(?:dotenv|runtime|framework-bundle|flex)"\s*:',
        _MODE_FIRST,
        ("APP_ENV",),
        "dev",
        "https://symfony.com/doc/current/configuration.html#overriding-environment-values-via-env-local",
        untested=(".env.local",),
    ),
    Framework(
        "Rails",
        "Gemfile",
        r"['\"]dotenv(?:-rails)?['\"]",
        _MODE_LOCAL_FIRST,
        ("DOTENV_ENV", "RAILS_ENV", "RACK_ENV"),
        "development",
        "https://github.com/bkeepers/dotenv#customizing-rails",
        untested=(".env.local",),
    ),
)

# The variables by which a program whose framework is not known is told its mode; each is a custom of many programs.
MODE_VARIABLES = (
    "NODE_ENV",
    "APP_ENV",
    "RAILS_ENV",
    "RACK_ENV",
    "GO_ENV",
    "MIX_ENV",
    "FLASK_ENV",
    "DJANGO_ENV",
    "PYTHON_ENV",
    "ASPNETCORE_ENVIRONMENT",
    "DOTNET_ENVIRONMENT",
    "ENVIRONMENT",
    "ENV",
)

# What a program looks for whose framework is not known, the one that wins first. Only the libraries of some languages
# know `.env.local`; python-dotenv, godotenv and dotenvy load the one `.env` (their documentation).
PLAIN = (".env.{mode}.local", ".env.{mode}", ".env.local", ".env")
PLAIN_WITHOUT_LOCAL = (".env.{mode}", ".env")
WITHOUT_LOCAL = frozenset({"python", "go", "rust", "java", "dotnet", "elixir"})
# Runtimes whose programs read an env file only with a library that few have (Spring and ASP.NET read properties and
# JSON: https://docs.spring.io/spring-boot/reference/features/external-config.html,
# https://learn.microsoft.com/aspnet/core/fundamentals/configuration/), and what names that library in a manifest.
NEEDS_LIBRARY = {
    "java": r"dotenv|quarkus|\.env\b",
    "dotnet": r"(?i)dot(?:net)?env|\.env\b",
}


# Prefixes by which a framework puts a variable into the page that it sends to browsers.
PUBLIC_PREFIXES: dict[str, str] = {
    "NEXT_PUBLIC_": "https://nextjs.org/docs/app/guides/environment-variables",
    "VITE_": "https://vite.dev/guide/env-and-mode",
    "REACT_APP_": "https://create-react-app.dev/docs/adding-custom-environment-variables/",
    "VUE_APP_": "https://cli.vuejs.org/guide/mode-and-env.html",
    "NUXT_PUBLIC_": "https://nuxt.com/docs/guide/going-further/runtime-config",
    "NUXT_ENV_": "https://v2.nuxt.com/docs/configuration-glossary/configuration-env/",
    "GATSBY_": "https://www.gatsbyjs.com/docs/how-to/local-development/environment-variables/",
    "EXPO_PUBLIC_": "https://docs.expo.dev/guides/environment-variables/",
    "PUBLIC_": (
        "https://svelte.dev/docs/kit/$env-static-public and https://docs.astro.build/en/guides/environment-variables/"
    ),
    "NG_APP_": "https://github.com/chihab/ngx-env",
    "STORYBOOK_": "https://storybook.js.org/docs/configure/environment-variables",
    "RAZZLE_": "https://razzlejs.org/docs/environment-variables",
    "SNOWPACK_PUBLIC_": "https://www.snowpack.dev/reference/environment-variables",
    "PLASMO_PUBLIC_": "https://docs.plasmo.com/framework/env",
    "MIX_": "https://laravel-mix.com/docs/6.0/environment-variables",
    "NX_PUBLIC_": "https://nx.dev/recipes/tips-n-tricks/define-environment-variables",
    "BUN_PUBLIC_": "https://bun.sh/docs/bundler/fullstack",
    "PREACT_APP_": "https://github.com/preactjs/preact-cli#using-environment-variables",
    "TARO_APP_": "https://docs.taro.zone/docs/env-mode-config",
    "UMI_APP_": "https://umijs.org/docs/guides/env-variables",
    "ELM_APP_": "https://github.com/halfzebra/create-elm-app/blob/master/template/README.md",
    "REDWOOD_ENV_": "https://docs.redwoodjs.com/docs/environment-variables",
}

# First words by which a framework, or the library for its settings, tells its own variables from others: they say whose
# setting it is, and no service that bears the framework's name.
SETTINGS_PREFIXES = {
    "DJANGO": "https://django-configurations.readthedocs.io/en/stable/values/ (environ_prefix)",
    "FLASK": "https://flask.palletsprojects.com/en/stable/config/#configuring-from-environment-variables",
    "NUXT": "https://nuxt.com/docs/guide/going-further/runtime-config#environment-variables",
    "RAILS": "https://guides.rubyonrails.org/configuring.html#configuring-a-database",
    "SPRING": "https://docs.spring.io/spring-boot/reference/features/external-config.html",
}


class Switched(NamedTuple):
    """A server that a framework connects to where one of `settings` has one of `values`, with the source."""

    settings: tuple[str, ...]
    values: frozenset[str]
    source: str


_CACHE = ("CACHE_STORE", "CACHE_DRIVER", "SESSION_DRIVER")

# By the variable of its host. The env file of a fresh Laravel has them all, whatever the application uses.
SWITCHED: dict[str, Switched] = {
    "MAIL_HOST": Switched(
        ("MAIL_MAILER", "MAIL_DRIVER"),
        frozenset({"smtp", "failover", "roundrobin"}),
        "https://laravel.com/docs/mail#configuration",
    ),
    "MEMCACHED_HOST": Switched(
        _CACHE,
        frozenset({"memcached", "failover"}),
        "https://laravel.com/docs/cache#memcached",
    ),
    "REDIS_HOST": Switched(
        (*_CACHE, "QUEUE_CONNECTION", "QUEUE_DRIVER", "BROADCAST_CONNECTION", "BROADCAST_DRIVER"),
        frozenset({"redis", "failover"}),
        "https://laravel.com/docs/redis#configuration",
    ),
}
