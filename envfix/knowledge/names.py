"""What the name of a variable says: who uses its value, and for what.

A name is read as words (`NEXTAUTH_URL` is NEXTAUTH, URL; `apiBaseUrl` is API, BASE, URL). A row of words matches where
those words stand side by side in the name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from envfix.knowledge.images import IMAGES

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
    "PUBLIC_": "https://svelte.dev/docs/kit/$env-static-public and https://docs.astro.build/en/guides/environment-variables/",
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

_OAUTH = "https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2 (redirection endpoint, reached by the user-agent)"
_OIDC = "https://openid.net/specs/openid-connect-core-1_0.html (issuer identifier, authorization endpoint)"
_SAML = "https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf"
_CORS = "https://fetch.spec.whatwg.org/#http-origin"
_LARAVEL = "https://laravel.com/docs/configuration (APP_URL, ASSET_URL)"
_NEXTAUTH = "https://next-auth.js.org/configuration/options#nextauth_url"
_DJANGO = "https://docs.djangoproject.com/en/stable/ref/settings/ (MEDIA_URL, STATIC_URL, LOGIN_URL)"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"
_WEBAUTHN = "https://www.w3.org/TR/webauthn-3/#relying-party-identifier"
_COOKIE = "https://www.rfc-editor.org/rfc/rfc6265#section-5.2.3"
_WORD = "https://en.wiktionary.org/ (the word says that people or programs outside use it)"

# Words that say a browser, a mail's reader or another program outside uses the value.
BROWSER_WORDS: dict[tuple[str, ...], str] = {
    ("CORS",): _CORS,
    ("ORIGIN",): _CORS,
    ("ORIGINS",): _CORS,
    ("CALLBACK",): _OAUTH,
    ("REDIRECT",): _OAUTH,
    ("REDIRECTURL",): _OAUTH,
    ("OAUTH2", "CLIENT", "DOMAINS"): _OAUTH,
    ("POST", "INSTALL", "URL"): _OAUTH,
    ("SUCCESS", "URL"): _OAUTH,
    ("CANCEL", "URL"): _OAUTH,
    ("RETURN", "URL"): _OAUTH,
    ("WEBHOOK",): "https://docs.github.com/en/webhooks (the sender outside calls it)",
    ("ISSUER",): _OIDC,
    ("AUDIENCE",): "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3",
    ("AUTHORIZATION", "ENDPOINT"): _OIDC,
    ("AUTHORIZATION", "URL"): _OIDC,
    ("AUTHORIZE", "URL"): _OIDC,
    ("END", "SESSION"): _OIDC,
    ("ENTITY", "ID"): _SAML,
    ("ACS",): _SAML,
    ("LOGIN", "URL"): _DJANGO,
    ("LOGOUT", "URL"): _DJANGO,
    ("SIGNIN", "URL"): _DJANGO,
    ("SIGN", "IN", "URL"): _DJANGO,
    ("SIGN", "URL"): _DJANGO,
    ("RESET", "URL"): _DJANGO,
    ("CONFIRMATION", "URL"): _DJANGO,
    ("RPID",): _WEBAUTHN,
    ("RP", "ID"): _WEBAUTHN,
    ("COOKIE",): _COOKIE,
    ("DOMAIN",): _COOKIE,
    ("DOMAINS",): _COOKIE,
    ("PUBLIC",): _WORD,
    ("EXTERNAL",): _WORD,
    ("BROWSER",): _WORD,
    ("FRONTEND",): _WORD,
    ("FRONT", "URL"): _WORD,
    ("FRONTENDURL",): _WORD,
    ("CLIENT", "URL"): _WORD,
    ("CLIENT", "BASE"): _WORD,
    ("CLIENT", "HOST"): _WORD,
    ("CLIENT", "API"): _WORD,
    ("WEBAPP", "URL"): _WORD,
    ("WEB", "URL"): _WORD,
    ("WEB", "BASE"): _WORD,
    ("WEB", "APP", "URL"): _WORD,
    ("WEBSITE",): _WORD,
    ("SITE", "URL"): _WORD,
    ("SITE", "ROOT"): _WORD,
    ("SITE", "BASE"): _WORD,
    ("SPACE", "BASE"): _WORD,
    ("ADMIN", "BASE"): _WORD,
    ("ROOT", "URL"): "https://docs.meteor.com/cli/environment-variables.html (ROOT_URL)",
    ("APP", "URL"): _LARAVEL,
    ("APP", "LINK"): _LARAVEL,
    ("APP", "BASE", "URL"): _LARAVEL,
    ("APPLICATION", "BASE", "URL"): _LARAVEL,
    ("APPLICATION", "URL"): _LARAVEL,
    ("ASSET", "URL"): _LARAVEL,
    ("ASSETS", "URL"): _LARAVEL,
    ("NEXTAUTH", "URL"): _NEXTAUTH,
    ("BETTER", "AUTH", "URL"): "https://www.better-auth.com/docs/reference/options",
    ("MEDIA", "URL"): _DJANGO,
    ("MEDIA", "BASE"): _DJANGO,
    ("STATIC", "URL"): _DJANGO,
    ("STATIC", "ROOT"): _DJANGO,
    ("FILE", "URL"): _S3,
    ("FILES", "URL"): _S3,
    ("DOWNLOAD",): _S3,
    ("PRESIGNED",): _S3,
    ("DOMAIN", "REPLACE"): _S3,
    ("CDN",): "https://docs.djangoproject.com/en/stable/howto/static-files/deployment/",
    ("LOGO",): _WORD,
    ("AVATAR",): _WORD,
    ("LINK",): _WORD,
    ("LANDING",): _WORD,
    ("KC", "HOSTNAME"): "https://www.keycloak.org/server/hostname",
    ("KEYCLOAK", "HOSTNAME"): "https://www.keycloak.org/server/hostname",
    ("CABLE", "URL"): "https://guides.rubyonrails.org/action_cable_overview.html#consumer-configuration",
    ("FORM", "URL"): _WORD,
    ("CHECKOUT", "URL"): _WORD,
    ("DASHBOARD", "URL"): _WORD,
    ("EMAIL", "URL"): _WORD,
    ("PING", "ENDPOINT"): _WORD,
    ("BASE", "DOMAIN"): _WORD,
}

# A word that says a program inside uses the value, whatever else the name says.
INTERNAL_WORDS = frozenset(
    {"INTERNAL", "PRIVATE", "BACKCHANNEL", "SSR", "CLUSTER", "INTRANET", "SERVERSIDE", "UPSTREAM"}
)

# Names of addresses that only programs ask, whatever their scheme.
SERVER_ONLY_WORDS: dict[tuple[str, ...], str] = {
    ("JWK", "SET"): "https://docs.spring.io/spring-security/reference/servlet/oauth2/resource-server/jwt.html",
    ("JWKS",): "https://www.rfc-editor.org/rfc/rfc7517#section-5 (fetched by the program that checks a token)",
    ("DEFAULTZONE",): "https://cloud.spring.io/spring-cloud-netflix/reference/html/ (eureka.client.serviceUrl.defaultZone)",
    ("DEFAULT", "ZONE"): "https://cloud.spring.io/spring-cloud-netflix/reference/html/ (eureka.client.serviceUrl.defaultZone)",
    ("GRPC",): "https://grpc.io/docs/platforms/web/basics/ (browsers need a proxy for it)",
    ("OTLP",): "https://opentelemetry.io/docs/specs/otel/protocol/exporter/",
    ("EMULATOR", "HOST"): "https://cloud.google.com/pubsub/docs/emulator (read by the client libraries of servers)",
    ("INTROSPECTION",): "https://www.rfc-editor.org/rfc/rfc7662#section-2 (asked by the protected resource)",
}

# Names whose value is an address to listen on, or the one that a server tells its clients: whatever the product, no program
# connects to it for that reason.
LISTEN_WORDS: dict[tuple[str, ...], str] = {
    ("LISTEN",): "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen",
    ("LISTENER",): "https://kafka.apache.org/documentation/#brokerconfigs_listeners",
    ("LISTENERS",): "https://kafka.apache.org/documentation/#brokerconfigs_listeners",
    ("ADVERTISED",): "https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners",
    ("ADVERTISE",): "https://etcd.io/docs/v3.6/op-guide/configuration/ (--advertise-client-urls)",
    ("BIND",): "https://docs.gunicorn.org/en/stable/settings.html#bind",
}

# Names whose value is the address to listen on: the server's own documentation says so.
BIND_WORDS: dict[tuple[str, ...], str] = {
    ("SERVE",): "https://docs.ray.io/en/latest/serve/",
    ("UVICORN", "HOST"): "https://www.uvicorn.org/settings/",
    ("FLASK", "RUN", "HOST"): "https://flask.palletsprojects.com/en/stable/cli/",
    ("SERVER", "ADDRESS"): "https://docs.spring.io/spring-boot/appendix/application-properties/ (server.address)",
    ("SERVER", "HOST"): "https://adonisjs.com/docs/ and many server templates: the host the server listens on",
    ("HTTP", "HOST"): "https://docs.nestjs.com/faq/multiple-servers",
    ("HTTPS", "HOST"): "https://docs.nestjs.com/faq/multiple-servers",
    ("WS", "HOST"): "https://docs.nestjs.com/websockets/gateways",
    ("APP", "HOST"): "https://www.uvicorn.org/settings/",
    ("VITE", "HOST"): "https://vite.dev/config/server-options#server-host",
    ("EXPORTER", "HOST"): "https://github.com/discourse/prometheus_exporter",
    ("METRICS", "HOST"): "https://prometheus.io/docs/instrumenting/writing_exporters/",
}
# A name that is nothing but one of these is the program's own host: https://expressjs.com/en/api.html#app.listen
BIND_NAMES = frozenset({"HOST", "HOSTNAME", "BIND", "LISTEN", "IP", "ADDR", "ADDRESS", "BIND_ADDR"})

# Lists of names to allow or refuse, and other words that no program connects to.
NO_ADDRESS_WORDS: dict[tuple[str, ...], str] = {
    ("ALLOWED", "HOSTS"): "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
    ("ALLOW", "HOSTS"): "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
    ("ALLOWED", "HOST"): "https://vite.dev/config/server-options#server-allowedhosts",
    ("ALLOWED", "DOMAINS"): "https://docs.djangoproject.com/en/stable/ref/settings/#allowed-hosts",
    ("ALLOWED", "IPS"): "https://expressjs.com/en/guide/behind-proxies.html",
    ("APPLICATION", "HOSTS"): "https://guides.rubyonrails.org/configuring.html#actiondispatch-hostauthorization",
    ("TRUSTED", "HOSTS"): "https://www.starlette.io/middleware/#trustedhostmiddleware",
    ("TRUSTED", "PROXIES"): "https://symfony.com/doc/current/deployment/proxies.html",
    ("CONSOLE", "HOSTNAMES"): "https://appwrite.io/docs/advanced/self-hosting",
    ("STATEFUL", "DOMAINS"): "https://laravel.com/docs/sanctum#configuring-your-first-party-domains",
    ("ALLOW", "IPS"): "https://www.uvicorn.org/settings/#http (FORWARDED_ALLOW_IPS)",
    ("INTERNAL", "IPS"): "https://docs.djangoproject.com/en/stable/ref/settings/#internal-ips",
    ("ROOT", "HOST"): "https://hub.docker.com/_/mysql (MYSQL_ROOT_HOST: from where root may log in)",
    ("VHOST",): "https://www.rabbitmq.com/docs/vhosts",
    ("SMTP", "DOMAIN"): "https://guides.rubyonrails.org/action_mailer_basics.html#action-mailer-configuration (HELO domain)",
    ("MAIL", "DOMAIN"): "https://www.rfc-editor.org/rfc/rfc5321#section-2.3.5",
    ("NO", "PROXY"): "https://docs.docker.com/engine/cli/proxy/",
    ("WHITELIST",): "https://en.wikipedia.org/wiki/Whitelist",
    ("ALLOWLIST",): "https://en.wikipedia.org/wiki/Whitelist",
    ("BLACKLIST",): "https://en.wikipedia.org/wiki/Blacklist_(computing)",
    ("DENYLIST",): "https://en.wikipedia.org/wiki/Blacklist_(computing)",
    ("EMAIL", "DOMAIN"): "https://www.rfc-editor.org/rfc/rfc5321#section-2.3.5",
    ("FROM",): "https://www.rfc-editor.org/rfc/rfc5322#section-3.6.2",
    ("EHLO",): "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1",
    ("HELO",): "https://www.rfc-editor.org/rfc/rfc5321#section-4.1.1.1",
    ("TARGET", "AAAA"): "https://www.rfc-editor.org/rfc/rfc3596",
    ("TARGET", "CNAME"): "https://www.rfc-editor.org/rfc/rfc1035",
    ("TARGET", "A"): "https://www.rfc-editor.org/rfc/rfc1035",
}
# A bare word in a variable whose name ends so is a name, not a host.
NAME_ENDINGS = frozenset(
    {"NAME", "DATABASE", "DB", "USER", "USERNAME", "PASSWORD", "PASS", "SECRET", "TOKEN", "REALM", "TITLE", "SCHEMA",
     "TENANT", "LABEL", "ENV", "ENVIRONMENT", "MODE", "PROFILE", "TAG", "PREFIX", "BUCKET", "TYPE", "DRIVER", "KEY"}
)  # fmt: skip

# Words by which a variable says that its value is a host, and the word that names the port beside it.
HOST_WORDS = frozenset(
    {"HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "IP", "HOSTS", "NODE", "ENDPOINT", "URL", "URI", "DSN", "BROKER",
     "BROKERS", "SERVERS", "NODES", "SERVERNAME", "HOSTADDR", "DOCKERHOST"}
)  # fmt: skip
PORT_WORDS = frozenset({"PORT"})

# Words for what people look at: a variable that names one of these may be a link as well as an address.
SCREEN_WORDS = frozenset(
    {"FRONTEND", "WEB", "CLIENT", "UI", "SITE", "WEBSITE", "WEBAPP", "DASHBOARD", "PORTAL", "CONSOLE", "PANEL", "STUDIO",
     "STOREFRONT", "SHOP", "STORE", "BLOG", "DOCS", "LANDING", "EDITOR", "FLOWER"}
)  # fmt: skip

# Words that say which product a host beside them is of (`DB_CONNECTION=pgsql` beside `DB_HOST`): Laravel, Sequelize, TypeORM,
# Django and Strapi name their driver so.
DIALECT_WORDS = ("CONNECTION", "DIALECT", "TYPE", "ENGINE", "CLIENT", "DRIVER", "ADAPTER")

DATABASES = frozenset({"postgres", "mysql", "mssql", "oracle", "mongodb", "cockroach", "cassandra", "neo4j", "clickhouse"})
# Generic words for what a server is to its users; each names families of `images.Image.kind`.
ROLE_WORDS: dict[str, frozenset[str]] = {
    "DB": DATABASES,
    "DATABASE": DATABASES,
    "DATASOURCE": DATABASES,
    "SQL": frozenset({"postgres", "mysql", "mssql", "oracle", "cockroach"}),
    "TYPEORM": frozenset({"postgres", "mysql", "mssql", "mongodb"}),
    "CACHE": frozenset({"redis", "memcached"}),
    "QUEUE": frozenset({"redis", "rabbitmq"}),
    "BROKER": frozenset({"redis", "rabbitmq", "kafka", "mqtt"}),
    "BROKERS": frozenset({"kafka"}),
    "CELERY": frozenset({"redis", "rabbitmq"}),
    "SIDEKIQ": frozenset({"redis"}),
    "KV": frozenset({"redis"}),
    "MQ": frozenset({"rabbitmq", "nsq", "kafka", "rocketmq"}),
    "SMTP": frozenset({"smtp"}),
    "MAIL": frozenset({"smtp"}),
    "MAILER": frozenset({"smtp"}),
    "EMAIL": frozenset({"smtp"}),
    "SEARCH": frozenset({"elasticsearch", "meilisearch", "typesense", "solr"}),
    "S3": frozenset({"s3"}),
    "STORAGE": frozenset({"s3", "azurite"}),
    "BUCKET": frozenset({"s3"}),
    "OTLP": frozenset({"otel", "jaeger", "tempo"}),
    "OTEL": frozenset({"otel", "jaeger", "tempo"}),
    "PUSHER": frozenset({"soketi"}),
    "LDAP": frozenset({"ldap"}),
}

# Names of drivers for the products, beside those by which images and roles are called.
DRIVER_WORDS: dict[str, str] = {
    "PGX": "postgres", "PQ": "postgres", "PSYCOPG": "postgres", "PSYCOPG2": "postgres", "ASYNCPG": "postgres",
    "PYMYSQL": "mysql", "MYSQL2": "mysql", "SQLSRV": "mssql", "SQLSERVER": "mssql", "OCI8": "oracle",
}  # fmt: skip

_WORDS = re.compile(r"[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[0-9]+")
_IMAGE_WORDS: dict[str, frozenset[str]] = {}
for _image in IMAGES:
    for _word in _image.words:
        _IMAGE_WORDS[_word.upper()] = _IMAGE_WORDS.get(_word.upper(), frozenset()) | {_image.kind}


class NameSays(NamedTuple):
    """What a variable's name says. `prefix` is a framework's public prefix, `browser` the words that name an outside
    user, `bind`, `listens` and `listing` those that name a listener (perhaps, for sure) and a list (each "" where there are
    none); `server_only`: no browser asks such an address; `kinds` the
    families of servers that it names and `role` the word that does; `exact` if that word is a product's."""

    words: tuple[str, ...]
    prefix: str
    browser: str
    internal: bool
    bind: str
    listing: str
    listens: str
    server_only: bool
    names_a_host: bool
    is_a_name: bool
    kinds: frozenset[str]
    role: str
    exact: bool


# Products and roles that are written together with HOST, PORT or URL (`DBHOST`, `REDISHOST`, `MONGOURI`).
_JOINED = re.compile(
    rf"({'|'.join(sorted({'DB', 'PG', 'SQL', *ROLE_WORDS, *_IMAGE_WORDS} - {'KC', 'CH', 'ES', 'ZK', 'PMA'}, key=len, reverse=True))})"
    r"(HOST|HOSTNAME|PORT|URL|URI|SERVER|ADDR)$"
)
# Products whose names have a capital within, so that their parts are one word (`ClickHouse`, `MinIO`, `MySql`).
_PRODUCTS = {
    first + second: (first, second)
    for first, second in (
        ("CLICK", "HOUSE"), ("MIN", "IO"), ("MY", "SQL"), ("POSTGRE", "SQL"), ("SQL", "SERVER"), ("MARIA", "DB"), ("MONGO", "DB"),
        ("RABBIT", "MQ"), ("ACTIVE", "MQ"), ("ELASTIC", "SEARCH"), ("OPEN", "SEARCH"), ("RED", "PANDA"), ("COUCH", "DB"),
        ("MEILI", "SEARCH"), ("TYPE", "SENSE"), ("MAIL", "HOG"), ("MAIL", "PIT"),
    )
}  # fmt: skip


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """The words of a name, in upper case: `apiBase_URL2` gives API, BASE, URL2; `DBHOST` DB, HOST; `ClickHouseUrl`
    CLICKHOUSE, URL."""
    words: list[str] = []
    for match in _WORDS.finditer(name):
        word = match.group().upper()
        joined = _JOINED.fullmatch(word) if word not in _IMAGE_WORDS else None
        if joined:
            words += joined.groups()
        elif words and words[-1] + word in _PRODUCTS and name[match.start() - 1] not in "_-. ":
            words[-1] += word
        else:
            words.append(word)
    return tuple(words)


def _match(words: tuple[str, ...], table: dict[tuple[str, ...], str]) -> str:
    for size in (1, 2, 3):
        for start in range(len(words) - size + 1):
            if words[start : start + size] in table:
                return "_".join(words[start : start + size])
    return ""


def _kinds(words: tuple[str, ...], ignored: frozenset[str]) -> tuple[frozenset[str], str, bool]:
    for table in (_IMAGE_WORDS, ROLE_WORDS):
        for word in words:
            kinds = table.get(word) or table.get(word.rstrip("0123456789"))
            if kinds and word not in ignored:
                return kinds, word, table is _IMAGE_WORDS
    return frozenset(), "", False


def kinds_named(text: str) -> frozenset[str]:
    """The products that a driver's name means: `pdo_pgsql`, `django.db.backends.mysql`, `mongodb`."""
    found: frozenset[str] = frozenset()
    for word in words_of(text):
        found |= _IMAGE_WORDS.get(word, frozenset())
        if word in DRIVER_WORDS:
            found |= {DRIVER_WORDS[word]}
    return found


@lru_cache(maxsize=4096)
def name_says(name: str, ignored: frozenset[str] = frozenset()) -> NameSays:
    """What the name of a variable says of its use; words of `ignored` name no product here."""
    words = words_of(name)
    prefix = next((prefix for prefix in PUBLIC_PREFIXES if name.startswith(prefix) and len(name) > len(prefix)), "")
    kinds, role, exact = _kinds(words, ignored)
    last = words[-1] if words else ""
    return NameSays(
        words=words,
        prefix=prefix,
        browser=_match(words, BROWSER_WORDS),
        internal=last in ("SERVER", "SSR") if prefix else any(word in INTERNAL_WORDS for word in words),
        bind=name if name.upper() in BIND_NAMES else _match(words, BIND_WORDS),
        listing=_match(words, NO_ADDRESS_WORDS),
        listens=_match(words, LISTEN_WORDS),
        server_only=bool(_match(words, SERVER_ONLY_WORDS)),
        names_a_host=any(word in HOST_WORDS for word in words[-2:]),
        is_a_name=last in NAME_ENDINGS,
        kinds=kinds,
        role=role,
        exact=exact,
    )


@lru_cache(maxsize=4096)
def port_names(name: str) -> tuple[str, ...]:
    """The names under which the port of a host variable stands beside it, likeliest first (`DB_HOST`: `DB_PORT`)."""
    if name.upper() in ("PGHOST", "PGHOSTADDR"):
        return ("PGPORT",)
    joined = _JOINED.fullmatch(name)
    if joined:
        return (joined[1] + "PORT",)
    found: list[str] = []
    for match in reversed(list(_WORDS.finditer(name))):
        if match.group().upper() not in HOST_WORDS:
            continue
        found.append(name[: match.start()] + _cased("port", match.group()) + name[match.end() :])
        head = name[: match.start()].rstrip("_-.")
        if head:
            found += [f"{head}_{middle}{_cased('port', match.group())}" for middle in ("", "TCP_", "NATIVE_", "SERVER_")]
        break
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=4096)
def dialect_names(name: str) -> tuple[str, ...]:
    """The names under which the product stands beside a host variable (`DB_HOST`: `DB_CONNECTION`, `DB_TYPE`, ...)."""
    for match in _WORDS.finditer(name):
        if match.group().upper() in HOST_WORDS and match.start():
            head = name[: match.start()]
            return tuple(head + _cased(word, match.group()) for word in DIALECT_WORDS)
    return ()


def _cased(word: str, like: str) -> str:
    """The word in the case of another one."""
    return word.upper() if like.isupper() else word.capitalize() if like[0].isupper() else word.lower()

# Variables by which a program is told its own port: https://12factor.net/port-binding and the frameworks' manuals
# (Spring SERVER_PORT, Uvicorn UVICORN_PORT, ASP.NET ASPNETCORE_HTTP_PORTS, Keycloak KC_HTTP_PORT, Next.js PORT).
OWN_PORT_NAMES = frozenset(
    {"PORT", "SERVER_PORT", "APP_PORT", "HTTP_PORT", "API_PORT", "WEB_PORT", "LISTEN_PORT", "UVICORN_PORT", "GRPC_PORT",
     "ASPNETCORE_HTTP_PORTS", "KC_HTTP_PORT", "FLASK_RUN_PORT", "NITRO_PORT", "SERVICE_PORT", "BACKEND_PORT", "PGRST_SERVER_PORT"}
)  # fmt: skip
# Variables that hold the whole address that a program listens on, such as `0.0.0.0:8000` or `:8080`.
OWN_ADDRESS_NAMES = frozenset(
    {"LISTEN_ADDR", "LISTEN_ADDRESS", "BIND", "BIND_ADDR", "HTTP_ADDR", "SERVER_ADDR", "ASPNETCORE_URLS", "ADDR", "LISTEN"}
)
