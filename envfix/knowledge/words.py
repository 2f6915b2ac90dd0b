"""The words of variables' names, as data: who uses a value, and for what?

A row of words matches where those words stand side by side in a name. To teach envfix a new word add it to the table
that says what it means, with where that is written.
"""

from __future__ import annotations

_OAUTH = "https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2 (redirection endpoint, reached by the user-agent)"
_OIDC = "https://openid.net/specs/openid-connect-core-1_0.html (issuer identifier, authorization endpoint)"
_SAML = "https://docs.oasis-open.org/security/saml/v2.0/saml-bindings-2.0-os.pdf"
_CORS = "https://fetch.spec.whatwg.org/#http-origin"
_LARAVEL = "https://laravel.com/docs/configuration (APP_URL, ASSET_URL)"
_NEXTAUTH = "https://next-auth.js.org/configuration/options#nextauth_url"
_DJANGO = "https://docs.djangoproject.com/en/stable/ref/settings/ (MEDIA_URL, STATIC_URL, LOGIN_URL)"
_RESET = "https://cheatsheetseries.owasp.org/cheatsheets/Forgot_Password_Cheat_Sheet.html (URL tokens, sent by mail)"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html"
_WEBAUTHN = "https://www.w3.org/TR/webauthn-3/#relying-party-identifier"
_COOKIE = "https://www.rfc-editor.org/rfc/rfc6265#section-5.2.3"
_HYDRA = "https://www.ory.com/docs/hydra/reference/configuration (urls: pages that browsers are sent to)"
_DEVICE = "https://developer.android.com/studio/run/emulator-networking (what runs on a device is outside)"
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
    ("CONFIRM", "URL"): _RESET,
    ("RESET", "PASSWORD", "URL"): _RESET,
    ("PASSWORD", "RESET", "URL"): _RESET,
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
    ("FILES", "BASE"): _S3,
    ("UPLOAD", "URL"): _S3,
    ("UPLOADS", "URL"): _S3,
    ("IMAGE", "URL"): _S3,
    ("IMAGES", "URL"): _S3,
    ("IMAGE", "BASE"): _S3,
    ("SHARE", "URL"): _WORD,
    ("EMBED", "URL"): _WORD,
    ("SHORT", "URL"): _WORD,
    ("INVITE",): _WORD,
    ("UNSUBSCRIBE",): _WORD,
    ("VERIFICATION", "URL"): _WORD,
    ("VERIFY", "URL"): _WORD,
    ("PREVIEW", "URL"): _WORD,
    ("MERCURE", "EXTRA", "DIRECTIVES"): "https://mercure.rocks/docs/hub/config (cors_origins, publish_origins)",
    ("VIRTUAL", "HOST"): "https://github.com/nginx-proxy/nginx-proxy",
    ("DOWNLOAD",): _S3,
    ("PRESIGNED",): _S3,
    ("DOMAIN", "REPLACE"): _S3,
    ("CDN",): "https://docs.djangoproject.com/en/stable/howto/static-files/deployment/",
    ("LOGO",): _WORD,
    ("AVATAR",): _WORD,
    ("LINK",): _WORD,
    ("LANDING",): _WORD,
    ("SELFSERVICE",): "https://www.ory.com/docs/kratos/reference/configuration (pages that browsers are sent to)",
    ("URLS", "LOGIN"): _HYDRA,
    ("URLS", "CONSENT"): _HYDRA,
    ("URLS", "LOGOUT"): _HYDRA,
    ("URLS", "ERROR"): _HYDRA,
    ("URLS", "DEVICE"): _HYDRA,
    ("URLS", "REGISTRATION"): _HYDRA,
    ("URLS", "POST", "LOGOUT", "REDIRECT"): _HYDRA,
    ("URLS", "SELF"): _HYDRA,
    ("CONSENT", "URL"): _HYDRA,
    ("ERROR", "URL"): _OAUTH,
    ("ERROR", "UI", "URL"): _OAUTH,
    ("RETURN", "URLS"): _OAUTH,
    ("RETURN", "TO"): _OAUTH,
    ("RETURN", "BACK"): _OAUTH,
    ("POST", "LOGOUT"): _OIDC,
    ("OIDC", "OP", "URL"): _OIDC,
    ("EXTERNALDOMAIN",): "https://zitadel.com/docs/self-hosting/manage/custom-domain",
    ("MAILER", "URLPATHS"): "https://supabase.com/docs/guides/self-hosting/docker",
    ("URI", "ALLOW", "LIST"): "https://supabase.com/docs/guides/auth/redirect-urls",
    ("ADMIN", "GUI", "URL"): "https://developer.konghq.com/gateway/configuration/#admin-gui-url",
    ("ADMIN", "GUI", "API", "URL"): "https://developer.konghq.com/gateway/configuration/#admin-gui-api-url",
    ("PORTAL", "GUI"): "https://developer.konghq.com/gateway/configuration/",
    ("MINIO", "SERVER", "URL"): "https://docs.min.io/enterprise/aistor-object-store/reference/aistor-server/settings/",
    ("STORAGE", "PREFIX"): "https://help.teable.ai/en/deploy/env (prefix of the attachments' URLs)",
    ("EDITOR", "BASE"): "https://docs.n8n.io/hosting/configuration/environment-variables/deployment/",
    ("WAGTAILADMIN", "BASE", "URL"): "https://docs.wagtail.org/en/stable/reference/settings.html#wagtailadmin-base-url",
    ("OVERWRITE", "CLI", "URL"): "https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/",
    ("NEXTCLOUD", "URL"): "https://docs.nextcloud.com/server/latest/admin_manual/configuration_server/",
    (
        "MM",
        "SERVICESETTINGS",
        "SITEURL",
    ): "https://docs.mattermost.com/configure/environment-configuration-settings.html",
    ("SITEURL",): _WORD,
    ("PUBLICURL",): _WORD,
    ("PUBLICBASEURL",): "https://www.elastic.co/docs/reference/kibana/configuration-reference/general-settings",
    (
        "WEBSERVER",
        "BASE",
        "URL",
    ): "https://airflow.apache.org/docs/apache-airflow/2.11.0/configurations-ref.html#base-url",
    (
        "AIRFLOW",
        "API",
        "BASE",
        "URL",
    ): "https://airflow.apache.org/docs/apache-airflow/stable/configurations-ref.html#api",
    ("SERVERURL",): "https://docs.parseplatform.org/parse-server/guide/ (the client's way to the server)",
    ("URL", "HOST"): "https://hexdocs.pm/phoenix/Phoenix.Endpoint.html (url: host of generated URLs)",
    ("PHX", "HOST"): "https://hexdocs.pm/phoenix/deployment.html",
    ("DEFAULT", "URL", "HOST"): "https://guides.rubyonrails.org/action_mailer_basics.html",
    ("MAILER", "HOST"): "https://guides.rubyonrails.org/action_mailer_basics.html (default_url_options)",
    ("HOME", "URL"): _WORD,
    ("FORCE", "ROOT"): _WORD,
    ("WP", "HOME"): "https://developer.wordpress.org/advanced-administration/wordpress/wp-config/#wp-home",
    ("WP", "SITEURL"): "https://developer.wordpress.org/advanced-administration/wordpress/wp-config/#wp-siteurl",
    ("DOCS", "URL"): _WORD,
    ("DOC", "URL"): _WORD,
    ("DOCUMENTATION",): _WORD,
    ("SWAGGER", "CONST", "HOST"): "https://github.com/DarkaOnLine/L5-Swagger",
    ("SIGNING", "ENDPOINT"): _S3,
    ("SIGNING", "URL"): _S3,
    ("SIGNED",): _S3,
    ("PRESIGN",): _S3,
    ("PRESIGNER",): _S3,
    ("CHECKOUT", "BASE"): _WORD,
    ("CHECKOUT", "SUCCESS"): _WORD,
    ("ANDROID",): _DEVICE,
    ("IOS",): _DEVICE,
    ("MOBILE",): _DEVICE,
    ("EXPO",): _DEVICE,
    ("FLUTTER",): _DEVICE,
    ("DESKTOP",): _DEVICE,
    ("ELECTRON",): _DEVICE,
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

# Names that are the whole of a URL by which the application itself is known outside, where they stand alone: the full
# stack template of FastAPI, Parse, Phoenix and Symfony have them (https://github.com/fastapi/full-stack-fastapi-template,
# https://docs.parseplatform.org/parse-server/guide/, https://hexdocs.pm/phoenix/Phoenix.Endpoint.html,
# https://symfony.com/doc/current/routing.html#generating-urls-in-commands).
OWN_URL_NAMES = frozenset({"SERVER_HOST", "SERVER_URL", "BASE_HOST", "HOST_URL", "MY_URL", "SELF_URL", "DEFAULT_URI"})

# Words that say nothing but that the value is for outside.
OUTSIDE_WORDS = frozenset({"PUBLIC", "EXTERNAL", "BROWSER"})

# Names of addresses that only programs ask, whatever their scheme.
SERVER_ONLY_WORDS: dict[tuple[str, ...], str] = {
    ("JWK", "SET"): "https://docs.spring.io/spring-security/reference/servlet/oauth2/resource-server/jwt.html",
    ("JWKS",): "https://www.rfc-editor.org/rfc/rfc7517#section-5 (fetched by the program that checks a token)",
    ("DEFAULTZONE",): (
        "https://cloud.spring.io/spring-cloud-netflix/reference/html/ (eureka.client.serviceUrl.defaultZone)"
    ),
    ("DEFAULT", "ZONE"): (
        "https://cloud.spring.io/spring-cloud-netflix/reference/html/ (eureka.client.serviceUrl.defaultZone)"
    ),
    ("GRPC",): "https://grpc.io/docs/platforms/web/basics/ (browsers need a proxy for it)",
    ("OTLP",): "https://opentelemetry.io/docs/specs/otel/protocol/exporter/",
    ("EMULATOR", "HOST"): "https://cloud.google.com/pubsub/docs/emulator (read by the client libraries of servers)",
    ("KRATOS", "ADMIN"): "https://www.ory.com/docs/kratos/guides/production (the admin API is never exposed)",
    ("HYDRA", "ADMIN"): "https://www.ory.com/docs/hydra/self-hosted/production (the admin API is never exposed)",
    ("ZIPKIN", "TRACING", "ENDPOINT"): "https://docs.spring.io/spring-boot/appendix/application-properties/",
    ("PROXY", "TARGET"): "https://vite.dev/config/server-options#server-proxy (where the development server asks)",
    ("PROXY", "PASS"): "https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_pass",
    ("INTROSPECTION",): "https://www.rfc-editor.org/rfc/rfc7662#section-2 (asked by the protected resource)",
}

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
    ("MESSAGE", "ID"): "https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4",
    ("DOCKER", "REGISTRY"): (
        "https://docs.docker.com/reference/cli/docker/image/push/ (the daemon on the host resolves it)"
    ),
    ("VHOST",): "https://www.rabbitmq.com/docs/vhosts",
    ("SMTP", "DOMAIN"): (
        "https://guides.rubyonrails.org/action_mailer_basics.html#action-mailer-configuration (HELO domain)"
    ),
    ("MAIL", "DOMAIN"): "https://www.rfc-editor.org/rfc/rfc5321#section-2.3.5",
    ("NO", "PROXY"): "https://docs.docker.com/engine/cli/proxy/",
    ("WHITELIST",): "https://en.wikipedia.org/wiki/Whitelist",
    ("ALLOWLIST",): "https://en.wikipedia.org/wiki/Whitelist",
    ("BLACKLIST",): "https://en.wikipedia.org/wiki/Blacklist_(computing)",
    ("DENYLIST",): "https://en.wikipedia.org/wiki/Blacklist_(computing)",
    ("EMAIL", "DOMAIN"): "https://www.rfc-editor.org/rfc/rfc5321#section-2.3.5",
    ("COOKIE", "DOMAIN"): "https://www.rfc-editor.org/rfc/rfc6265#section-5.2.3",
    ("SESSION", "DOMAIN"): "https://laravel.com/docs/session (the domain of the session's cookie)",
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

# Words by which a variable says that its value is a host.
HOST_WORDS = frozenset(
    {"HOST", "HOSTNAME", "SERVER", "ADDR", "ADDRESS", "IP", "HOSTS", "NODE", "ENDPOINT", "URL", "URI", "DSN", "BROKER",
     "BROKERS", "SERVERS", "NODES", "POINTS", "SEEDS", "PEERS", "SERVERNAME", "HOSTADDR", "DOCKERHOST"}
)  # fmt: skip


# Words for what people look at: a variable that names one of these may be a link as well as an address.
SCREEN_WORDS = frozenset(
    {"FRONTEND", "WEB", "CLIENT", "UI", "SITE", "WEBSITE", "WEBAPP", "DASHBOARD", "PORTAL", "CONSOLE", "PANEL",
     "STUDIO", "STOREFRONT", "SHOP", "STORE", "BLOG", "DOCS", "LANDING", "EDITOR", "FLOWER",
     # what pages open for themselves: https://socket.io/docs/v4/client-initialization/
     "SOCKET", "WEBSOCKET", "SOCKETIO"}
)  # fmt: skip

# Words that say which product a host beside them is of (`DB_CONNECTION=pgsql` beside `DB_HOST`): Laravel, Sequelize,
# TypeORM, Django and Strapi name their driver so.
DIALECT_WORDS = ("CONNECTION", "DIALECT", "TYPE", "ENGINE", "CLIENT", "DRIVER", "ADAPTER")

DATABASES = frozenset(
    {"postgres", "mysql", "mssql", "oracle", "mongodb", "cockroach", "cassandra", "neo4j", "clickhouse"}
)
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

# Roles that only the servers of their row can have: a port that is known to speak something else is not meant.
SURE_ROLES = frozenset({"SMTP", "MAIL", "MAILER", "EMAIL", "LDAP"})
# Words by which a variable names the page of a server rather than the server.
CONSOLE_WORDS = frozenset(
    {"MANAGEMENT", "CONSOLE", "ADMIN", "DASHBOARD", "UI", "WEB", "WEBUI", "HTTP", "HTTPS", "API", "MONITOR",
     "MONITORING", "PANEL", "STUDIO", "BROWSER", "URL"}
)  # fmt: skip

# Names of drivers for the products, beside those by which images and roles are called.
DRIVER_WORDS: dict[str, str] = {
    "PGX": "postgres", "PQ": "postgres", "PSYCOPG": "postgres", "PSYCOPG2": "postgres", "ASYNCPG": "postgres",
    "PYMYSQL": "mysql", "MYSQL2": "mysql", "SQLSRV": "mssql", "SQLSERVER": "mssql", "OCI8": "oracle",
}  # fmt: skip
