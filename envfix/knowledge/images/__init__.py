"""Which stock image is this, and what is known of it?

The rows stand in the modules beside this one, by the kind of server. To teach envfix a new image add a row there, with
the page of its documentation that says so.
"""

from envfix.knowledge.images import apps, consoles, databases, edge, identity, messaging, observability, search, storage
from envfix.knowledge.images.record import Image

__all__ = ["FOR_PEOPLE", "IMAGES", "NOT_JAVA", "PURE_SERVERS", "Image", "image_of"]

IMAGES: tuple[Image, ...] = (
    *databases.IMAGES, *messaging.IMAGES, *search.IMAGES, *storage.IMAGES, *identity.IMAGES, *edge.IMAGES,
    *observability.IMAGES, *consoles.IMAGES, *apps.IMAGES,
)  # fmt: skip

# Servers that use nothing of what they receive but what configures themselves: the databases, brokers, caches, stores,
# and collectors, none of which connects to another server because of an application's variables.
PURE_SERVERS = frozenset(
    {*(image.kind for image in databases.IMAGES if not image.uses), "rabbitmq", "kafka", "zookeeper", "nats", "nsq",
     "rocketmq", "pulsar", "mqtt", "beanstalkd", "gearman", "sqs", "pubsub", "etcd", "consul", "vault", "soketi",
     "mercure", "turn", "elasticsearch", "meilisearch", "typesense", "solr", "qdrant", "chroma", "weaviate", "ollama",
     "vllm", "tei", "searxng", "docling", "tika", "s3", "gcs", "azurite", "ftp", "sftp", "registry", "smtp", "imap",
     "clamav", "ldap", "gotenberg", "browserless", "selenium", "splash", "flaresolverr", "wiremock", "stripe-mock",
     "jaeger", "otel", "zipkin", "tempo", "loki", "prometheus", "proxy", "caddy", "tunnel"}
)  # fmt: skip

# Runtimes and frameworks that cannot open a `jdbc:` URL, by the names of their images and commands: it is the URL of
# Java's own API (https://docs.oracle.com/en/java/javase/21/docs/api/java.sql/java/sql/DriverManager.html).
NOT_JAVA = frozenset(
    {"python", "node", "golang", "php", "ruby", "rust", "bun", "deno", "dotnet", "aspnet", "elixir", "uv", "perl",
     "fastapi", "uvicorn", "gunicorn", "django", "flask", "streamlit", "celery", "express", "nestjs", "nextjs",
     "npm", "pnpm", "yarn", "rails", "laravel", "symfony", "artisan"}
)  # fmt: skip

# Families of servers that people open in a browser as much as programs call them, and whose own host is what they are
# known by outside: their name alone does not say that a program inside is meant.
FOR_PEOPLE = frozenset(
    {"keycloak", "site", "ory", "admin", "proxy", "caddy", "grafana", "kibana", "kong", "envoy", "flower", "metabase",
     "supabase", "langfuse", "airflow", "dagster", "prefect", "kestra", "temporal-ui", "skywalking-ui", "uptime",
     "jitsi", "matrix", "thingsboard", "camunda", "onlyoffice", "imgproxy"}
)  # fmt: skip

# By the last part of the name or the last two; of rows with one name the first holds.
_BY_NAME = {name: image for image in reversed(IMAGES) for name in image.names}


def image_of(reference: str | None) -> Image | None:
    """The row for an image reference as Compose has it (`ghcr.io/x/postgis:16-3.4@sha256:...`), or None."""
    if not reference:
        return None
    head, _, last = reference.split("@", 1)[0].lower().rpartition("/")
    last = last.split(":", 1)[0]
    return _BY_NAME.get(f"{head.rpartition('/')[2]}/{last}") or _BY_NAME.get(last)
