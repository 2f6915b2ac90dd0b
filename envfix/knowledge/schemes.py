"""Connection schemes: the port that a URL without one means, and who can open such a URL."""

from envfix.named_tuples import NamedTuple


class Scheme(NamedTuple):
    """`port` is the default port (None: the scheme has none), `kind` the family of servers that answer, matching
    `images.Image.kind` ("http" for what a browser can open too)."""

    port: int | None
    kind: str
    source: str


_IANA = "https://www.iana.org/assignments/service-names-port-numbers"
_POSTGRES = "https://www.postgresql.org/docs/current/libpq-connect.html"
_MYSQL = "https://dev.mysql.com/doc/refman/8.4/en/connecting-using-uri-or-key-value-pairs.html"
_REDIS = "https://www.iana.org/assignments/uri-schemes/prov/redis"
_MONGO = "https://www.mongodb.com/docs/manual/reference/connection-string/"
_AMQP = "https://www.rabbitmq.com/docs/uri-spec"
_CLICKHOUSE = "https://clickhouse.com/docs/guides/sre/network-ports"
_NEO4J = "https://neo4j.com/docs/operations-manual/current/configuration/ports/"
_HTTP = "https://www.rfc-editor.org/rfc/rfc9110"

SCHEMES: dict[str, Scheme] = {
    "postgres": Scheme(5432, "postgres", _POSTGRES),
    "postgresql": Scheme(5432, "postgres", _POSTGRES),
    "pgsql": Scheme(5432, "postgres", "https://www.php.net/manual/en/ref.pdo-pgsql.connection.php"),
    "postgis": Scheme(5432, "postgres", "https://pypi.org/project/dj-database-url/"),
    "ecto": Scheme(5432, "postgres", "https://hexdocs.pm/ecto/Ecto.Repo.html#module-urls"),
    "timescale": Scheme(5432, "postgres", "https://pypi.org/project/django-timescaledb/"),
    "psql": Scheme(5432, "postgres", "https://django-environ.readthedocs.io/en/latest/types.html"),
    "cockroachdb": Scheme(26257, "cockroach", "https://www.cockroachlabs.com/docs/stable/connection-parameters"),
    "cockroach": Scheme(26257, "cockroach", "https://www.cockroachlabs.com/docs/stable/connection-parameters"),
    "mysql": Scheme(3306, "mysql", _MYSQL),
    "mysql2": Scheme(3306, "mysql", "https://guides.rubyonrails.org/configuring.html#configuring-a-database"),
    "mysqlx": Scheme(33060, "mysqlx", _MYSQL),
    "mariadb": Scheme(
        3306, "mysql", "https://mariadb.com/docs/connectors/mariadb-connector-j/about-mariadb-connector-j"
    ),
    "trilogy": Scheme(3306, "mysql", "https://guides.rubyonrails.org/configuring.html#configuring-a-database"),
    "sqlserver": Scheme(1433, "mssql", "https://learn.microsoft.com/sql/connect/jdbc/building-the-connection-url"),
    "mssql": Scheme(1433, "mssql", "https://docs.sqlalchemy.org/en/20/dialects/mssql.html"),
    "oracle": Scheme(1521, "oracle", "https://docs.oracle.com/en/database/oracle/oracle-database/23/netag/"),
    "db2": Scheme(50000, "db2", "https://www.ibm.com/docs/en/db2/11.5?topic=sources-connecting-data-source"),
    "mongodb": Scheme(27017, "mongodb", _MONGO),
    "redis": Scheme(6379, "redis", _REDIS),
    "rediss": Scheme(6379, "redis", _REDIS),
    "valkey": Scheme(6379, "redis", "https://valkey.io/topics/cli/"),
    "sentinel": Scheme(26379, "redis", "https://redis.io/docs/latest/operate/oss_and_stack/management/sentinel/"),
    "memcached": Scheme(11211, "memcached", "https://docs.memcached.org/"),
    "memcache": Scheme(11211, "memcached", "https://docs.memcached.org/"),
    "amqp": Scheme(5672, "rabbitmq", _AMQP),
    "amqps": Scheme(5671, "rabbitmq", _AMQP),
    "pyamqp": Scheme(5672, "rabbitmq", "https://docs.celeryq.dev/en/stable/getting-started/backends-and-brokers/"),
    "rabbitmq": Scheme(5672, "rabbitmq", "https://www.rabbitmq.com/docs/networking"),
    "stomp": Scheme(61613, "stomp", "https://www.rabbitmq.com/docs/stomp"),
    "mqtt": Scheme(1883, "mqtt", "https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html"),
    "mqtts": Scheme(8883, "mqtt", "https://docs.oasis-open.org/mqtt/mqtt/v5.0/mqtt-v5.0.html"),
    "nats": Scheme(4222, "nats", "https://docs.nats.io/running-a-nats-service/introduction/flags"),
    "kafka": Scheme(9092, "kafka", "https://kafka.apache.org/documentation/#brokerconfigs_listeners"),
    "pulsar": Scheme(6650, "pulsar", "https://pulsar.apache.org/docs/client-libraries-connect/"),
    "clickhouse": Scheme(9000, "clickhouse", _CLICKHOUSE),
    "clickhousedb": Scheme(8123, "clickhouse", "https://clickhouse.com/docs/integrations/python"),
    "ch": Scheme(8123, "clickhouse", "https://github.com/ClickHouse/clickhouse-java"),
    "bolt": Scheme(7687, "neo4j", _NEO4J),
    "neo4j": Scheme(7687, "neo4j", _NEO4J),
    "falkor": Scheme(6379, "redis", "https://docs.falkordb.com/"),
    "falkordb": Scheme(6379, "redis", "https://docs.falkordb.com/"),
    "cassandra": Scheme(9042, "cassandra", "https://cassandra.apache.org/doc/latest/cassandra/reference/cql-commands/"),
    "scylla": Scheme(9042, "cassandra", "https://opensource.docs.scylladb.com/stable/operating-scylla/admin.html"),
    "etcd": Scheme(2379, "etcd", _IANA),
    "zookeeper": Scheme(2181, "zookeeper", "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html"),
    "zk": Scheme(2181, "zookeeper", "https://zookeeper.apache.org/doc/current/zookeeperAdmin.html"),
    "elasticsearch": Scheme(
        9200, "elasticsearch", "https://www.elastic.co/docs/reference/elasticsearch/configuration-reference"
    ),
    "opensearch": Scheme(9200, "elasticsearch", "https://docs.opensearch.org/latest/install-and-configure/"),
    "couchbase": Scheme(11210, "couchbase", "https://docs.couchbase.com/server/current/install/install-ports.html"),
    "trino": Scheme(8080, "trino", "https://trino.io/docs/current/client/jdbc.html"),
    "influxdb": Scheme(8086, "influxdb", "https://docs.influxdata.com/influxdb/v2/reference/config-options/"),
    "ldap": Scheme(389, "ldap", _IANA),
    "ldaps": Scheme(636, "ldap", _IANA),
    "smtp": Scheme(25, "smtp", _IANA),
    "smtps": Scheme(465, "smtp", _IANA),
    "submission": Scheme(587, "smtp", _IANA),
    "imap": Scheme(143, "imap", _IANA),
    "imaps": Scheme(993, "imap", _IANA),
    "ftp": Scheme(21, "ftp", _IANA),
    "sftp": Scheme(22, "ssh", _IANA),
    "ssh": Scheme(22, "ssh", _IANA),
    "syslog": Scheme(514, "syslog", _IANA),
    "statsd": Scheme(8125, "statsd", "https://github.com/statsd/statsd"),
    "gelf": Scheme(12201, "gelf", "https://go2docs.graylog.org/current/getting_in_log_data/gelf.html"),
    "temporal": Scheme(7233, "temporal", "https://docs.temporal.io/references/configuration"),
    "grpc": Scheme(None, "grpc", "https://grpc.github.io/grpc/core/md_doc_naming.html"),
    "grpcs": Scheme(None, "grpc", "https://grpc.github.io/grpc/core/md_doc_naming.html"),
    "dns": Scheme(53, "dns", _IANA),
    "rtsp": Scheme(554, "rtsp", _IANA),
    "stun": Scheme(3478, "turn", "https://www.rfc-editor.org/rfc/rfc7064"),
    "stuns": Scheme(5349, "turn", "https://www.rfc-editor.org/rfc/rfc7064"),
    "turn": Scheme(3478, "turn", "https://www.rfc-editor.org/rfc/rfc7065"),
    "turns": Scheme(5349, "turn", "https://www.rfc-editor.org/rfc/rfc7065"),
    "rtmp": Scheme(1935, "rtmp", _IANA),
    "ollama": Scheme(11434, "ollama", "https://docs.ollama.com/faq"),
    "http": Scheme(80, "http", _HTTP),
    "https": Scheme(443, "http", _HTTP),
    "ws": Scheme(80, "http", "https://www.rfc-editor.org/rfc/rfc6455"),
    "wss": Scheme(443, "http", "https://www.rfc-editor.org/rfc/rfc6455"),
}

# Schemes whose "host" is no destination: a driver's or a storage's name stands before `://`.
NO_DESTINATION = frozenset({"local", "file", "sqlite", "sqlite3", "null", "sync", "memory", "unix", "log", "array"})


def scheme_of(name: str | None) -> Scheme | None:
    """The row for a scheme as it stands in a URL (any case), or None for one that the table does not know."""
    return SCHEMES.get(name.lower()) if name else None
