"""What is known of one stock image."""

from collections.abc import Mapping

from envfix.named_tuples import NamedTuple

HUB = "https://hub.docker.com/_/"
# `reads` of an image that is an application of its own: whatever it is handed may be its configuration.
ANYTHING = ("",)


class Image(NamedTuple):
    """A stock image, known by the last part of its name, or by the last two where the last alone says little
    (`selenium/hub`).

    `kind` is the family of the server. `ports` are those that it listens on by itself (the first is the main one), each
    with the protocols that it speaks: families of `schemes.Scheme.kind`, "web" for HTTP that people open in a browser,
    "peer" for what servers of one cluster say to each other. `also` are ports that it serves only when told to. `words`
    are those by which variables name it, `reads` the prefixes of the variables that the image itself reads (what else
    it receives it does not use), `listens` those of them that say where it listens. `programs`: of an image that holds
    several servers, the ports of each, by the name that its command says. `uses`: the families of servers that it is a
    client of. `moves`: the flags of its command and the variables that set a port, with the protocol spoken there as
    `ports` has it. `source` is the page that says so.
    """

    kind: str
    names: tuple[str, ...]
    ports: Mapping[int, str]
    words: tuple[str, ...]
    reads: tuple[str, ...]
    source: str
    also: Mapping[int, str] = {}
    listens: tuple[str, ...] = ()
    programs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    uses: tuple[str, ...] = ()
    moves: Mapping[str, str] = {}

    def speaks(self, port: int) -> frozenset[str]:
        """The protocols of a port; empty where the documentation does not know it."""
        said = self.ports.get(port) or self.also.get(port) or ""
        return frozenset(said.split())

    @property
    def families(self) -> frozenset[str]:
        """The families as which the image can be asked."""
        spoken = " ".join(self.ports.values()).replace("web", "http")
        return frozenset((self.kind, *spoken.split())) - {"peer"}

    def starts_in(self, line: str) -> bool:
        """Whether a command line starts the server after all: `sh -c "exec redis-server --requirepass $PASS"`."""
        return any(word in line for word in (*_SERVERS.get(self.kind, ()), *(name for name, _ in self.programs)))


# Programs of servers, as the images' own entrypoints start them, where shells and scripts start them too.
_START = ("entrypoint", "docker-start", "start.sh", "run.sh", "server.sh", "exec ")
_SERVERS: Mapping[str, tuple[str, ...]] = {
    kind: (*names, *_START)
    for kind, names in {
        "postgres": ("postgres -", "postgres\n", "pg_ctl", "patroni", "pgbouncer"),
        "mysql": ("mysqld", "mariadbd"),
        "mssql": ("sqlservr",),
        "mongodb": ("mongod", "mongos "),
        "redis": ("redis-server", "valkey-server", "keydb-server", "dragonfly", "redis-sentinel"),
        "rabbitmq": ("rabbitmq-server", "artemis run"),
        "kafka": (
            "kafka-server-start",
            "/etc/kafka/docker/run",
            "/etc/confluent/docker/run",
            "kafka-storage",
            "redpanda start",
        ),
        "elasticsearch": ("bin/elasticsearch", "eswrapper", "opensearch-docker"),
        "cassandra": ("cassandra -", "scylla"),
        "clickhouse": ("clickhouse-server", "clickhouse server"),
        "neo4j": ("neo4j console", "neo4j start"),
        "s3": ("minio server", "server /", "weed "),
        "cockroach": ("cockroach start",),
        "etcd": ("etcd --", "/etcd "),
        "vault": ("vault server",),
        "keycloak": ("kc.sh start",),
        "ollama": ("ollama serve",),
        "arangodb": ("arangod",),
        "influxdb": ("influxd",),
        "meilisearch": ("meilisearch --",),
        "nats": ("nats-server",),
    }.items()
}
