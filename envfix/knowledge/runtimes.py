"""Which files does a language's runtime run, by what is a container of it known, and which names of variables are bound
by a library or framework, so that no line of the program's own source needs to say them?"""

from envfix.named_tuples import NamedTuple


class Runtime(NamedTuple):
    """One language: `suffixes` of the files that its runtime or compiler takes, `images` (the last part of the name)
    and `programs` that run it, `source` where these are documented. `binds` are words in its source that mean that
    names of variables are made by a library, from prefixes, fields or keys, and need stand nowhere; `binds_all`: its
    usual frameworks always do so."""

    name: str
    suffixes: frozenset[str]
    images: frozenset[str]
    programs: frozenset[str]
    source: str
    binds: tuple[str, ...] = ()
    binds_all: bool = False


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RUNTIMES = (
    Runtime(
        "node",
        _words("js mjs cjs jsx ts mts cts tsx vue svelte astro prisma graphql coffee"),
        _words("node bun deno nodejs"),
        _words("node nodejs npm npx pnpm yarn bun deno tsx ts-node nest next nodemon pm2 pm2-runtime turbo nx vite"),
        "https://nodejs.org/api/packages.html, https://www.prisma.io/docs/orm/reference/prisma-schema-reference",
        # nconf.env(): every variable is a key; rc: prefix and fields; confidence and convict name each one.
        binds=("nconf.env(", "require('rc')", 'require("rc")', "from 'rc'", 'from "rc"'),
    ),
    Runtime(
        "python",
        _words("py pyx pyi pth ipynb"),
        _words("python pypy uv miniconda3 uvicorn-gunicorn uvicorn-gunicorn-fastapi pytorch tensorflow cuda"),
        _words("python python3 uvicorn gunicorn hypercorn granian daphne celery flask django-admin poetry pipenv uv "
               "fastapi streamlit rq arq dramatiq alembic pytest ipython"),
        "https://docs.python.org/3/using/cmdline.html, https://docs.pydantic.dev/latest/concepts/pydantic_settings/",
        # https://docs.pydantic.dev/latest/concepts/pydantic_settings/#parsing-environment-variable-values
        # https://www.dynaconf.com/envvars/, https://flask.palletsprojects.com/en/stable/config/ (from_prefixed_env)
        binds=("env_nested_delimiter", "dynaconf", "from_prefixed_env"),
    ),
    Runtime(
        "php",
        _words("php phtml twig inc neon"),
        _words("php php-fpm frankenphp php-apache php-nginx composer phpswoole swoole roadrunner laravel"),
        _words("php php-fpm apache2-foreground artisan composer frankenphp rr"),
        "https://www.php.net/manual/en/features.commandline.php, https://laravel.com/docs/configuration",
        # Since 11 the framework brings its own config/*.php, with which an application's are merged, as packages always
        # did with theirs (mergeConfigFrom), and env() is called there: https://laravel.com/docs/packages#configuration
        binds=('"laravel/framework"', '"laravel/lumen-framework"'),
    ),
    Runtime(
        "ruby",
        _words("rb erb rake ru haml slim gemspec jbuilder"),
        _words("ruby jruby rails"),
        _words("ruby bundle rails puma unicorn sidekiq rake foreman"),
        "https://docs.ruby-lang.org/en/master/, https://guides.rubyonrails.org/configuring.html",
        binds=("Anyway::Config",),  # https://github.com/palkan/anyway_config#environment-variables
    ),
    Runtime(
        "go",
        _words("go tmpl gohtml"),
        _words("golang go"),
        _words("go air"),
        "https://pkg.go.dev/cmd/go",
        # https://github.com/spf13/viper#working-with-environment-variables, https://github.com/kelseyhightower/envconfig,
        # https://github.com/knadh/koanf (providers/env)
        binds=("AutomaticEnv(", "envconfig.Process(", "envconfig.MustProcess(", "env.Provider("),
    ),
    Runtime(
        "rust",
        _words("rs"),
        _words("rust rust-musl-builder cargo-chef"),
        _words("cargo"),
        "https://doc.rust-lang.org/cargo/guide/project-layout.html",
        # https://docs.rs/config/latest/config/struct.Environment.html, https://docs.rs/figment/latest/figment/providers/
        binds=("Environment::with_prefix", "Environment::default", "Env::prefixed", "Env::raw"),
    ),
    Runtime(
        "elixir",
        _words("ex exs eex heex leex erl hrl"),
        _words("elixir erlang hexpm"),
        _words("mix iex elixir"),
        "https://hexdocs.pm/elixir/Config.html",
    ),
    Runtime(
        "java",
        _words("java kt kts groovy scala clj properties"),
        _words("openjdk eclipse-temurin temurin maven gradle amazoncorretto corretto java jdk jre tomcat sbt"),
        _words("java mvn mvnw gradle gradlew"),
        "https://docs.spring.io/spring-boot/reference/features/external-config.html (relaxed binding)",
        binds_all=True,
    ),
    Runtime(
        "dotnet",
        _words("cs fs vb cshtml razor"),
        _words("aspnet sdk runtime runtime-deps dotnet"),
        _words("dotnet"),
        "https://learn.microsoft.com/aspnet/core/fundamentals/configuration/ (environment variables)",
        binds_all=True,
    ),
)  # fmt: skip


class Migration(NamedTuple):
    """A tool that changes a database's tables and ends: a `word` that stands in each of its commands that do so, these
    as a regular expression, and the source. What follows an option is no option there, so that a row of them can be
    read in one way only."""

    word: str
    command: str
    source: str


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        "alembic",
        r"alembic(?:\s+-\S+(?:\s+[^\s-]\S*)?)*\s+(?:upgrade|downgrade|stamp)",
        "https://alembic.sqlalchemy.org/en/latest/tutorial.html",
    ),
    Migration(
        "prisma",
        r"prisma\s+(?:migrate|db\s+push)",
        "https://www.prisma.io/docs/orm/reference/prisma-cli-reference",
    ),
    Migration(
        "knex",
        r"knex\s+migrate:",
        "https://knexjs.org/guide/migrations.html",
    ),
    Migration(
        "sequelize",
        r"sequelize(?:-cli)?\s+db:migrate",
        "https://sequelize.org/docs/v6/other-topics/migrations/",
    ),
    Migration(
        "drizzle-kit",
        r"drizzle-kit\s+(?:migrate|push)",
        "https://orm.drizzle.team/docs/kit-overview",
    ),
    Migration(
        "typeorm",
        r"typeorm(?:-ts-node-\w+)?\s+migration:run",
        "https://typeorm.io/docs/migrations/executing",
    ),
    Migration(
        "node-pg-migrate",
        r"node-pg-migrate\s",
        "https://salsita.github.io/node-pg-migrate/cli",
    ),
    Migration(
        "dbmate",
        r"dbmate(?:\s+-\S+(?:\s+[^\s-]\S*)?)*\s+(?:up|migrate|wait)",
        "https://github.com/amacneil/dbmate#commands",
    ),
    Migration(
        "goose",
        r"goose\s.*\b(?:up|up-by-one|up-to)\b",
        "https://pressly.github.io/goose/documentation/cli-commands/",
    ),
    Migration(
        "diesel",
        r"diesel\s+(?:migration\s+run|database\s+setup)",
        "https://diesel.rs/guides/getting-started",
    ),
    Migration(
        "sqlx",
        r"sqlx\s+(?:migrate\s+run|database\s+setup)",
        "https://docs.rs/crate/sqlx-cli/latest",
    ),
    Migration(
        "migrat",
        r"(?:npm|yarn|pnpm|bun)\s+(?:run\s+|run-script\s+)?[\w:-]*migrat\w*[\w:-]*",
        "https://docs.npmjs.com/cli/commands/npm-run",
    ),
    Migration(
        "migrat",
        r"(?:ba|da|a|z)?sh\s++/?(?:[\w.-]++/)*+(?:(?:run|apply|do|db|database)[-_])*+"
        r"migrat(?:e|or|ions?)(?:[-_](?:up|all|db|database|local|dev|prod|test))*+\.(?:ba)?sh",
        "https://en.wikipedia.org/wiki/Schema_migration (a script that is called so runs the tool)",
    ),
)

# What programs of every language read beside their own files: scripts of a shell, configuration, templates.
COMMON_SUFFIXES = _words(
    "sh bash zsh fish ps1 yml yaml json jsonc json5 toml ini cfg conf config cnf xml html htm hbs mustache j2 jinja "
    "jinja2 ejs pug liquid template tpl njk sql mod"
)

# Images that hold no program of their own that would read a variable: the program in them comes by COPY.
PLAIN_IMAGES = _words(
    "scratch alpine debian ubuntu fedora centos rockylinux almalinux amazonlinux busybox wolfi-base chainguard static "
    "static-debian11 static-debian12 base base-debian11 base-debian12 cc cc-debian12 ubi ubi8 ubi9 ubi-minimal "
    "buildpack-deps debian-slim opensuse archlinux"
)

# Beginnings of names that programs hand to nobody, since a library looks them up by itself: whatever the source says
# (libraries of the system, agents that are loaded from outside, clouds' kits that others bring along) ...
LIBRARY_PREFIXES: dict[str, str] = {
    "PG": "https://www.postgresql.org/docs/current/libpq-envars.html",
    "AWS_": "https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html",
    "AZURE_": "https://learn.microsoft.com/dotnet/api/azure.identity.environmentcredential",
    "GOOGLE_": "https://cloud.google.com/docs/authentication/application-default-credentials",
    "OTEL_": "https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/",
    "JAEGER_": "https://www.jaegertracing.io/docs/1.22/client-features/",
    "DD_": "https://docs.datadoghq.com/tracing/trace_collection/library_config/",
    "ELASTIC_APM_": "https://www.elastic.co/guide/en/apm/agent/python/current/configuration.html",
    "NEW_RELIC_": "https://docs.newrelic.com/docs/apm/agents/python-agent/configuration/python-agent-configuration/",
    "SPRING_": "https://docs.spring.io/spring-boot/reference/features/external-config.html",
    "QUARKUS_": "https://quarkus.io/guides/config-reference",
    "MICRONAUT_": "https://docs.micronaut.io/latest/guide/#environments",
    "CONSUL_": "https://developer.hashicorp.com/consul/commands#environment-variables",
    "VAULT_": "https://developer.hashicorp.com/vault/docs/commands#environment-variables",
    "ETCD": "https://etcd.io/docs/v3.6/op-guide/configuration/",
}
# ... and where the source or its manifest names the library, whose name is the beginning in small letters.
PREFIXES_BY_LIBRARY: dict[str, str] = {
    "SENTRY_": "https://docs.sentry.io/platforms/python/configuration/options/",
    "CELERY_": "https://docs.celeryq.dev/en/stable/userguide/configuration.html",
    "FLASK_": "https://flask.palletsprojects.com/en/stable/config/",
    "MLFLOW_": "https://mlflow.org/docs/latest/api_reference/python_api/mlflow.environment_variables.html",
    "PREFECT_": "https://docs.prefect.io/v3/concepts/settings-and-profiles",
    "AIRFLOW_": "https://airflow.apache.org/docs/apache-airflow/stable/howto/set-config.html",
    "DAGSTER_": "https://docs.dagster.io/deployment/oss/oss-instance-configuration",
    "CHROMA_": "https://cookbook.chromadb.dev/core/configuration/",
    "LANGFUSE_": "https://langfuse.com/docs/observability/sdk/overview",
    "LANGCHAIN_": "https://docs.smith.langchain.com/",
    "LANGSMITH_": "https://docs.smith.langchain.com/",
    "OPENAI_": "https://github.com/openai/openai-python#configuring-the-http-client",
    "ANTHROPIC_": "https://github.com/anthropics/anthropic-sdk-python",
    "OLLAMA_": "https://docs.ollama.com/faq (OLLAMA_HOST, read by the client libraries too)",
    "TEMPORAL_": "https://docs.temporal.io/references/client-environment-configuration",
    "KAFKA_": "https://docs.confluent.io/platform/current/installation/docker/config-reference.html",
    "MEDUSA_": "https://docs.medusajs.com/learn/fundamentals/environment-variables",
    "STRAPI_": "https://docs.strapi.io/cms/configurations/environment",
    "SUPABASE_": "https://supabase.com/docs/guides/local-development/cli/config",
    "DIRECTUS_": "https://directus.io/docs/configuration/general",
    "NOVU_": "https://docs.novu.co/platform/sdks/server",
    "QDRANT_": "https://qdrant.tech/documentation/guides/configuration/",
    "RABBITMQ_": "https://github.com/ruby-amqp/bunny",
    "ELASTICSEARCH_": "https://github.com/elastic/elasticsearch-ruby",
    "OPENSEARCH_": "https://github.com/opensearch-project/opensearch-ruby",
}
LIBRARY_NAMES: dict[str, str] = {
    "HTTP_PROXY": "https://docs.docker.com/engine/cli/proxy/",
    "HTTPS_PROXY": "https://docs.docker.com/engine/cli/proxy/",
    "ALL_PROXY": "https://docs.docker.com/engine/cli/proxy/",
    "DOCKER_HOST": "https://docs.docker.com/reference/cli/docker/#environment-variables",
    "NEXTAUTH_URL": "https://next-auth.js.org/configuration/options#nextauth_url",
    "NEXTAUTH_URL_INTERNAL": "https://next-auth.js.org/configuration/options#nextauth_url_internal",
    "AUTH_URL": "https://authjs.dev/getting-started/deployment#auth_url",
    "BETTER_AUTH_URL": "https://www.better-auth.com/docs/reference/options",
    "MONGO_URL": "https://docs.meteor.com/cli/environment-variables.html",
    "ROOT_URL": "https://docs.meteor.com/cli/environment-variables.html",
    "MAIL_URL": "https://docs.meteor.com/cli/environment-variables.html",
    "MYSQL_HOST": "https://dev.mysql.com/doc/refman/8.4/en/environment-variables.html",
    "MEMCACHE_SERVERS": "https://github.com/petergoldstein/dalli/wiki/Configuring-the-Dalli-client",
    "ELASTICSEARCH_URL": "https://github.com/elastic/elasticsearch-ruby",
    "OPENSEARCH_URL": "https://github.com/opensearch-project/opensearch-ruby",
    "RABBITMQ_URL": "https://github.com/ruby-amqp/bunny",
    "CLOUDAMQP_URL": "https://github.com/ruby-amqp/bunny",
    "RAY_ADDRESS": "https://docs.ray.io/en/latest/cluster/running-applications/job-submission/quickstart.html",
    "NATS_URL": "https://docs.nats.io/using-nats/nats-tools/nats_cli",
    "KUBECONFIG": "https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/",
}
# Names that a library takes where the program calls it without saying them: the runtime, the name, and the word in the
# source or its manifest that gives the library away.
NAMES_BY_LIBRARY: tuple[tuple[str, str, str, str], ...] = (
    ("python", "DATABASE_URL", "dj_database_url", "https://github.com/jazzband/dj-database-url"),
    ("python", "DATABASE_URL", "environ.Env", "https://django-environ.readthedocs.io/en/latest/types.html"),
    ("python", "CACHE_URL", "environ.Env", "https://django-environ.readthedocs.io/en/latest/types.html"),
    ("python", "REDIS_URL", "environ.Env", "https://django-environ.readthedocs.io/en/latest/types.html"),
    ("python", "EMAIL_URL", "environ.Env", "https://django-environ.readthedocs.io/en/latest/types.html"),
    ("python", "SEARCH_URL", "environ.Env", "https://django-environ.readthedocs.io/en/latest/types.html"),
    ("python", "DATABASE_URL", "environs", "https://github.com/sloria/environs#django"),
    ("rust", "DATABASE_URL", "sqlx", "https://docs.rs/sqlx/latest/sqlx/macro.query.html"),
    ("rust", "DATABASE_URL", "diesel", "https://diesel.rs/guides/getting-started"),
    (
        "node",
        "DATABASE_URL",
        "@prisma/client",
        "https://www.prisma.io/docs/orm/reference/environment-variables-reference",
    ),
    ("node", "POSTGRES_URL", "@vercel/postgres", "https://vercel.com/docs/storage/vercel-postgres/sdk"),
    ("ruby", "DATABASE_URL", "rails", "https://guides.rubyonrails.org/configuring.html#connection-preference"),
    ("ruby", "DATABASE_URL", "activerecord", "https://guides.rubyonrails.org/configuring.html#connection-preference"),
    ("ruby", "REDIS_URL", "redis", "https://github.com/redis/redis-rb"),
    ("ruby", "REDIS_URL", "sidekiq", "https://github.com/sidekiq/sidekiq/wiki/Using-Redis"),
)
