"""Well-known images: what they serve, on which ports, and which variables they read for themselves."""

from __future__ import annotations

from typing import NamedTuple


class Image(NamedTuple):
    """A stock image, known by the last part of its name.

    `kind` is the family of the server, `ports` what it listens on (the first is the main one), `words` the words by
    which variables name it, `reads` the prefixes of the variables that the image itself reads (what else it receives
    it does not use), `kinds` further families that it answers as. `programs`: of an image that holds several servers,
    the ports of each, by the name that its command says. `screens`: those of the ports that people open in a browser.
    `uses`: the families of servers that it is a client of.
    """

    kind: str
    names: tuple[str, ...]
    ports: tuple[int, ...]
    words: tuple[str, ...]
    reads: tuple[str, ...]
    source: str
    kinds: tuple[str, ...] = ()
    programs: tuple[tuple[str, tuple[int, ...]], ...] = ()
    screens: tuple[int, ...] = ()
    uses: tuple[str, ...] = ()


_HUB = "https://hub.docker.com/_/"

IMAGES: tuple[Image, ...] = (
    Image("postgres", ("postgres", "postgresql", "postgresql-repmgr", "citus", "postgis", "pgvector", "timescaledb",
          "timescaledb-ha", "pgvecto-rs", "pgautoupgrade", "spilo", "cloudnative-vectorchord",
          "vectorchord-postgres", "alloydbomni", "postgres-ssl", "paradedb"), (5432,), ("postgres", "postgresql",
          "pg", "psql", "pgsql", "timescale", "pghost", "pghostaddr"), ("POSTGRES_", "POSTGRESQL_", "PG"),
          _HUB + "postgres"),
    Image("postgres", ("pgbouncer", "pgcat", "pgpool", "supavisor"), (6432, 5432), ("pgbouncer", "pgpool"),
          ("PGBOUNCER_", "DB_", "DATABASE_URL", "DATABASES_", "PGPOOL_", "POSTGRESQL_"),
          "https://www.pgbouncer.org/config.html"),
    Image("mysql", ("mysql", "mysql-server", "mariadb", "percona", "percona-server"), (3306,), ("mysql", "mariadb",
          "maria"), ("MYSQL_", "MARIADB_"), _HUB + "mysql"),
    Image("mssql", ("mssql-server", "server", "azure-sql-edge", "mssql-server-linux"), (1433,), ("mssql",
          "sqlserver"), ("MSSQL_", "ACCEPT_EULA", "SA_PASSWORD"),
          "https://mcr.microsoft.com/en-us/artifact/mar/mssql/server/about"),
    Image("oracle", ("oracle-xe", "oracle-free", "oracle-database"), (1521,), ("oracle",), ("ORACLE_", "APP_USER"),
          "https://github.com/gvenzl/oci-oracle-free"),
    Image("cockroach", ("cockroach",), (26257, 8080), ("cockroach", "crdb"), ("COCKROACH_",),
          "https://hub.docker.com/r/cockroachdb/cockroach", ("postgres",), screens=(8080,)),
    Image("mongodb", ("mongo", "mongodb", "mongodb-community-server", "mongodb-atlas-local",
          "percona-server-mongodb"), (27017,), ("mongo", "mongodb"), ("MONGO_", "MONGODB_"), _HUB + "mongo"),
    Image("mongodb", ("ferretdb",), (27017,), ("ferretdb",), ("FERRETDB_",), "https://docs.ferretdb.io/"),
    Image("redis", ("redis", "redis-stack", "redis-stack-server", "redis-cluster", "valkey", "keydb", "dragonfly",
          "redis-sentinel", "falkordb", "kvrocks", "garnet"), (6379,), ("redis", "valkey", "keydb", "falkordb"),
          ("REDIS_", "VALKEY_", "FALKORDB_"), _HUB + "redis"),
    Image("redis-http", ("serverless-redis-http",), (80,), ("srh", "upstash"), ("SRH_",),
          "https://github.com/hiett/serverless-redis-http"),
    Image("memcached", ("memcached",), (11211,), ("memcached", "memcache"), ("MEMCACHED_",), _HUB + "memcached"),
    Image("rabbitmq", ("rabbitmq", "lavinmq"), (5672, 15672), ("rabbitmq", "rabbit", "amqp", "rmq"), ("RABBITMQ_",),
          _HUB + "rabbitmq", screens=(15672,)),
    Image("rabbitmq", ("activemq-artemis", "activemq", "activemq-classic"), (5672, 61616, 8161), ("activemq",
          "artemis"), ("ACTIVEMQ_", "ARTEMIS_"),
          "https://activemq.apache.org/components/classic/documentation/protocols", screens=(8161,)),
    Image("kafka", ("kafka", "cp-kafka", "kafka-native", "cp-server", "confluent-local", "redpanda"), (9092,),
          ("kafka", "redpanda"), ("KAFKA_", "CONFLUENT_", "REDPANDA_"), "https://hub.docker.com/r/apache/kafka"),
    Image("schema-registry", ("cp-schema-registry", "schema-registry"), (8081,), (), ("SCHEMA_REGISTRY_",),
          "https://docs.confluent.io/platform/current/installation/docker/config-reference.html", ("http",)),
    Image("zookeeper", ("zookeeper", "cp-zookeeper"), (2181,), ("zookeeper", "zk"), ("ZOO", "ZOOKEEPER_", "ZK_"),
          _HUB + "zookeeper"),
    Image("nats", ("nats", "nats-streaming"), (4222, 8222), ("nats",), (), _HUB + "nats"),
    Image("nsq", ("nsq",), (4150, 4151), ("nsq", "nsqd"), (), "https://nsq.io/deployment/docker.html",
          programs=(("nsqlookupd", (4160, 4161)), ("nsqadmin", (4171,)), ("nsqd", (4150, 4151))), screens=(4171,)),
    Image("rocketmq", ("rocketmq",), (9876, 10911), ("rocketmq",), ("NAMESRV_ADDR", "JAVA_OPT"),
          "https://rocketmq.apache.org/docs/quickStart/02quickstartWithDocker/", programs=(("mqnamesrv", (9876,)),
          ("mqbroker", (10911, 10909)))),
    Image("pulsar", ("pulsar", "pulsar-all"), (6650, 8080), ("pulsar",), ("PULSAR_",),
          "https://pulsar.apache.org/docs/getting-started-docker/"),
    Image("mqtt", ("eclipse-mosquitto", "mosquitto"), (1883, 9001), ("mqtt", "mosquitto"), (),
          _HUB + "eclipse-mosquitto", screens=(9001,)),
    Image("mqtt", ("emqx",), (1883, 8083, 18083), ("mqtt", "emqx"), ("EMQX_",),
          "https://docs.emqx.com/en/emqx/latest/deploy/install-docker.html", screens=(8083, 18083)),
    Image("elasticsearch", ("elasticsearch", "opensearch"), (9200, 9300), ("elasticsearch", "elastic", "es",
          "opensearch"), ("ELASTIC_", "ES_", "OPENSEARCH_", "DISCOVERY", "discovery.", "xpack.", "bootstrap.",
          "cluster.", "node."), _HUB + "elasticsearch", ("http",)),
    Image("kibana", ("kibana", "opensearch-dashboards"), (5601,), ("kibana",), ("ELASTICSEARCH_", "OPENSEARCH_",
          "KIBANA_", "SERVER_", "XPACK_"), _HUB + "kibana", ("http",)),
    Image("logstash", ("logstash", "fluentd", "fluent-bit", "vector", "filebeat"), (), ("logstash", "fluentd"),
          ("LS_", "FLUENT"), _HUB + "logstash"),
    Image("meilisearch", ("meilisearch",), (7700,), ("meilisearch", "meili"), ("MEILI_",),
          "https://www.meilisearch.com/docs/learn/self_hosted/configure_meilisearch_at_launch", ("http",)),
    Image("typesense", ("typesense",), (8108,), ("typesense",), ("TYPESENSE_",),
          "https://typesense.org/docs/guide/install-typesense.html", ("http",)),
    Image("solr", ("solr",), (8983,), ("solr",), ("SOLR_",), _HUB + "solr", ("http",)),
    Image("qdrant", ("qdrant",), (6333, 6334), ("qdrant",), ("QDRANT__",),
          "https://qdrant.tech/documentation/guides/installation/", ("http", "grpc")),
    Image("milvus", ("milvus",), (19530, 9091), ("milvus",), ("ETCD_", "MINIO_", "COMMON_", "MQ_"),
          "https://milvus.io/docs/install_standalone-docker-compose.md", ("http", "grpc")),
    Image("weaviate", ("weaviate",), (8080, 50051), ("weaviate",), ("QUERY_", "AUTHENTICATION_", "PERSISTENCE_",
          "ENABLE_", "CLUSTER_", "DEFAULT_"),
          "https://docs.weaviate.io/deploy/installation-guides/docker-installation", ("http", "grpc")),
    Image("chroma", ("chroma", "chromadb"), (8000,), ("chroma", "chromadb"), ("CHROMA_", "IS_PERSISTENT",
          "ANONYMIZED_"), "https://docs.trychroma.com/guides/deploy/docker", ("http",)),
    Image("clickhouse", ("clickhouse-server", "clickhouse"), (8123, 9000, 9009), ("clickhouse", "ch"),
          ("CLICKHOUSE_",), "https://clickhouse.com/docs/guides/sre/network-ports", ("http",)),
    Image("neo4j", ("neo4j",), (7687, 7474), ("neo4j", "bolt"), ("NEO4J_",), _HUB + "neo4j", screens=(7474,)),
    Image("cassandra", ("cassandra", "scylla"), (9042,), ("cassandra", "scylla"), ("CASSANDRA_",),
          _HUB + "cassandra"),
    Image("influxdb", ("influxdb",), (8086,), ("influxdb", "influx"), ("INFLUXDB_", "DOCKER_INFLUXDB_"),
          _HUB + "influxdb", ("http",)),
    Image("arangodb", ("arangodb",), (8529,), ("arango", "arangodb"), ("ARANGO_",), _HUB + "arangodb", ("http",)),
    Image("couchdb", ("couchdb",), (5984,), ("couchdb", "couch"), ("COUCHDB_",), _HUB + "couchdb", ("http",)),
    Image("surrealdb", ("surrealdb",), (8000,), ("surrealdb", "surreal"), ("SURREAL_",),
          "https://surrealdb.com/docs/", ("http",)),
    Image("couchbase", ("couchbase", "couchbase-server"), (11210, 8091), ("couchbase",), ("COUCHBASE_",),
          _HUB + "couchbase", screens=(8091,)),
    Image("trino", ("trino",), (8080,), ("trino",), (), "https://hub.docker.com/r/trinodb/trino", ("http",)),
    Image("rethinkdb", ("rethinkdb",), (28015, 29015, 8080), ("rethinkdb",), (), _HUB + "rethinkdb"),
    Image("etcd", ("etcd",), (2379, 2380), ("etcd",), ("ETCD_", "ALLOW_NONE_AUTHENTICATION"),
          "https://etcd.io/docs/v3.6/op-guide/container/", ("http",)),
    Image("consul", ("consul",), (8500, 8600), ("consul",), ("CONSUL_",), _HUB + "consul", ("http",)),
    Image("vault", ("vault", "openbao"), (8200,), ("vault", "bao"), ("VAULT_", "BAO_"), _HUB + "vault", ("http",)),
    Image("s3", ("minio", "aistor"), (9000, 9001), ("minio", "s3"), ("MINIO_",),
          "https://min.io/docs/minio/container/index.html", ("http",), screens=(9001,)),
    Image("s3", ("localstack", "localstack-pro"), (4566,), ("localstack", "aws", "s3", "sqs", "sns", "dynamodb"),
          ("LOCALSTACK_", "SERVICES", "AWS_", "GATEWAY_LISTEN", "EDGE_PORT"),
          "https://docs.localstack.cloud/references/configuration/", ("http", "aws")),
    Image("s3", ("garage",), (3900, 3901), ("garage", "s3"), ("GARAGE_",),
          "https://garagehq.deuxfleurs.fr/documentation/", ("http",)),
    Image("s3", ("seaweedfs",), (8333, 9333, 8888), ("seaweedfs", "s3"), ("WEED_",),
          "https://github.com/seaweedfs/seaweedfs/wiki", ("http",)),
    Image("s3", ("s3mock", "adobe-s3mock"), (9090, 9191), ("s3mock", "s3"), (), "https://github.com/adobe/S3Mock",
          ("http",)),
    Image("azurite", ("azurite",), (10000, 10001, 10002), ("azurite", "azure"), ("AZURITE_",),
          "https://learn.microsoft.com/azure/storage/common/storage-use-azurite", ("http",)),
    Image("dynamodb", ("dynamodb-local",), (8000,), ("dynamodb", "dynamo"), (),
          "https://hub.docker.com/r/amazon/dynamodb-local", ("http", "aws")),
    Image("sqs", ("elasticmq", "elasticmq-native"), (9324, 9325), ("elasticmq", "sqs"), (),
          "https://github.com/softwaremill/elasticmq", ("http", "aws"), screens=(9325,)),
    Image("smtp", ("mailhog",), (1025, 8025), ("mailhog", "mail", "smtp", "email"), ("MH_",),
          "https://github.com/mailhog/MailHog", screens=(8025,)),
    Image("smtp", ("mailpit",), (1025, 8025), ("mailpit", "mail", "smtp", "email"), ("MP_",),
          "https://mailpit.axllent.org/docs/configuration/runtime-options/", screens=(8025,)),
    Image("smtp", ("maildev",), (1025, 1080), ("maildev", "mail", "smtp", "email"), ("MAILDEV_",),
          "https://github.com/maildev/maildev", screens=(1080,)),
    Image("smtp", ("mailcatcher",), (1025, 1080), ("mailcatcher", "mail", "smtp", "email"), (),
          "https://mailcatcher.me/", screens=(1080,)),
    Image("smtp", ("inbucket",), (2500, 9000, 1100), ("inbucket", "mail", "smtp", "email"), ("INBUCKET_",),
          "https://github.com/inbucket/inbucket/blob/main/doc/config.md", screens=(9000,)),
    Image("smtp", ("smtp4dev",), (25, 80, 143), ("smtp4dev", "mail", "smtp", "email"), ("ServerOptions__",
          "RelayOptions__"), "https://github.com/rnwood/smtp4dev/wiki", screens=(80,)),
    Image("smtp", ("postfix", "docker-mailserver", "mailserver"), (25, 587, 143), ("postfix", "mail", "smtp",
          "email"), (), "https://docker-mailserver.github.io/docker-mailserver/latest/"),
    Image("ldap", ("openldap",), (389, 1389), ("ldap", "openldap"), ("LDAP_",),
          "https://github.com/osixia/docker-openldap"),
    Image("keycloak", ("keycloak",), (8080, 8443), ("keycloak", "kc"), ("KC_", "KEYCLOAK_"),
          "https://www.keycloak.org/server/containers", ("http",)),
    Image("soketi", ("soketi",), (6001, 9601), ("soketi", "pusher"), ("SOKETI_",), "https://docs.soketi.app/",
          ("http",)),
    Image("mercure", ("mercure",), (80, 443), ("mercure",), ("MERCURE_", "SERVER_NAME"),
          "https://mercure.rocks/docs/hub/config", ("http",)),
    Image("centrifugo", ("centrifugo",), (8000,), ("centrifugo",), ("CENTRIFUGO_",),
          "https://centrifugal.dev/docs/server/configuration", ("http",)),
    Image("gotenberg", ("gotenberg",), (3000,), ("gotenberg",), ("GOTENBERG_",),
          "https://gotenberg.dev/docs/configuration", ("http",)),
    Image("browserless", ("chrome", "chromium", "browserless"), (3000,), ("browserless", "chrome", "chromium"),
          ("TOKEN", "CONCURRENT", "MAX_"), "https://docs.browserless.io/enterprise/docker/config", ("http",)),
    Image("selenium", ("standalone-chrome", "standalone-chromium", "standalone-firefox", "hub"), (4444,),
          ("selenium",), ("SE_",), "https://github.com/SeleniumHQ/docker-selenium", ("http",)),
    Image("ollama", ("ollama",), (11434,), ("ollama",), ("OLLAMA_",), "https://docs.ollama.com/docker", ("http",)),
    Image("searxng", ("searxng",), (8080,), ("searxng", "searx"), ("SEARXNG_", "BASE_URL"),
          "https://docs.searxng.org/", ("http",)),
    Image("docling", ("docling-serve",), (5001,), ("docling",), ("DOCLING_",),
          "https://github.com/docling-project/docling-serve", ("http",)),
    Image("temporal", ("auto-setup", "temporal"), (7233,), ("temporal",), ("TEMPORAL_", "DB", "POSTGRES_", "MYSQL_",
          "ES_"), "https://github.com/temporalio/docker-builds", ("grpc",)),
    Image("temporal-ui", ("ui",), (8080,), (), ("TEMPORAL_",),
          "https://docs.temporal.io/references/web-ui-environment-variables", ("http",), screens=(8080,),
          uses=("temporal",)),
    Image("jaeger", ("all-in-one", "jaeger"), (4317, 4318, 16686, 6831, 14268), ("jaeger", "otlp", "otel",
          "tracing"), ("COLLECTOR_", "SPAN_"), "https://www.jaegertracing.io/docs/latest/deployment/", ("http",
          "grpc"), screens=(16686,)),
    Image("otel", ("opentelemetry-collector", "opentelemetry-collector-contrib", "otel-lgtm", "alloy"), (4317, 4318),
          ("otel", "otlp", "collector"), ("OTEL_",), "https://opentelemetry.io/docs/collector/configuration/",
          ("http", "grpc"), screens=(3000,)),
    Image("zipkin", ("zipkin",), (9411,), ("zipkin",), ("STORAGE_", "KAFKA_", "ES_"),
          "https://github.com/openzipkin/docker-zipkin", ("http",)),
    Image("tempo", ("tempo",), (3200, 4317, 4318), ("tempo",), (), "https://grafana.com/docs/tempo/latest/", ("http",
          "grpc")),
    Image("loki", ("loki",), (3100,), ("loki",), (), "https://grafana.com/docs/loki/latest/", ("http",)),
    Image("prometheus", ("prometheus", "victoria-metrics", "pushgateway", "alertmanager"), (9090,), ("prometheus",),
          (), "https://hub.docker.com/r/prom/prometheus", ("http",)),
    Image("exporter", ("node-exporter", "postgres-exporter", "redis_exporter", "cadvisor", "mysqld-exporter"), (),
          (), ("DATA_SOURCE_", "REDIS_ADDR", "REDIS_PASSWORD"),
          "https://prometheus.io/docs/instrumenting/exporters/"),
    Image("grafana", ("grafana", "grafana-oss", "grafana-enterprise"), (3000,), ("grafana",), ("GF_",),
          "https://grafana.com/docs/grafana/latest/setup-grafana/configure-docker/", ("http",)),
    Image("proxy", ("nginx", "nginx-unprivileged", "openresty", "httpd", "haproxy"), (80, 443), ("nginx",),
          ("NGINX_",), _HUB + "nginx", ("http",)),
    Image("proxy", ("traefik",), (80, 443, 8080), ("traefik",), ("TRAEFIK_",), _HUB + "traefik", ("http",),
          screens=(8080,)),
    Image("caddy", ("caddy",), (80, 443, 2019), ("caddy",), (), _HUB + "caddy", ("http",)),
    Image("kong", ("kong", "kong-gateway"), (8000, 8443, 8001), ("kong",), ("KONG_",), _HUB + "kong", ("http",)),
    Image("envoy", ("envoy",), (10000, 9901), ("envoy",), ("ENVOY_",),
          "https://www.envoyproxy.io/docs/envoy/latest/start/docker", ("http",)),
    Image("admin", ("pgadmin4", "pgadmin"), (80,), ("pgadmin",), ("PGADMIN_",),
          "https://www.pgadmin.org/docs/pgadmin4/latest/container_deployment.html", ("http",), uses=("postgres",)),
    Image("admin", ("adminer",), (8080,), ("adminer",), ("ADMINER_",), _HUB + "adminer", ("http",), uses=("postgres",
          "mysql", "mssql", "oracle", "mongodb")),
    Image("admin", ("phpmyadmin",), (80,), ("phpmyadmin", "pma"), ("PMA_", "UPLOAD_LIMIT"), _HUB + "phpmyadmin",
          ("http",), uses=("mysql",)),
    Image("admin", ("mongo-express",), (8081,), (), ("ME_CONFIG_",), _HUB + "mongo-express", ("http",),
          uses=("mongodb",)),
    Image("admin", ("redis-commander",), (8081,), (), ("REDIS_HOST", "REDIS_PORT", "REDIS_HOSTS", "REDIS_PASSWORD",
          "HTTP_"), "https://github.com/joeferner/redis-commander", ("http",), uses=("redis",)),
    Image("admin", ("redisinsight",), (5540,), ("redisinsight",), ("RI_",),
          "https://redis.io/docs/latest/operate/redisinsight/", ("http",), uses=("redis",)),
    Image("admin", ("kafka-ui",), (8080,), (), ("KAFKA_CLUSTERS_", "DYNAMIC_"),
          "https://docs.kafka-ui.provectus.io/", ("http",), uses=("kafka",)),
    Image("admin", ("akhq",), (8080,), (), ("AKHQ_",), "https://akhq.io/docs/", ("http",), uses=("kafka",)),
    Image("admin", ("portainer-ce", "portainer", "dozzle", "watchtower", "docker-socket-proxy"), (), (), ("DOZZLE_",
          "WATCHTOWER_"), "https://docs.portainer.io/", ("http",)),
    Image("site", ("gitea", "forgejo"), (3000, 22), (), ("GITEA_", "FORGEJO_"),
          "https://docs.gitea.com/installation/install-with-docker", ("http",)),
    Image("site", ("gitlab-ce", "gitlab-ee"), (80, 443, 22), (), ("GITLAB_",),
          "https://docs.gitlab.com/install/docker/", ("http",)),
    Image("site", ("zitadel",), (8080,), (), ("ZITADEL_",), "https://zitadel.com/docs/self-hosting/deploy/compose",
          ("http", "grpc")),
    Image("site", ("casdoor", "casdoor-all-in-one"), (8000,), (), (),
          "https://casdoor.org/docs/basic/try-with-docker", ("http",)),
    Image("site", ("logto",), (3001, 3002), (), ("ENDPOINT", "ADMIN_ENDPOINT", "DB_URL", "TRUST_"),
          "https://docs.logto.io/logto-oss/deployment-and-configuration", ("http",)),
    Image("site", ("dex",), (5556, 5557), (), ("DEX_",), "https://dexidp.io/docs/getting-started/", ("http",)),
    Image("site", ("authelia",), (9091,), (), ("AUTHELIA_",),
          "https://www.authelia.com/integration/deployment/docker/", ("http",)),
    Image("site", ("fusionauth-app",), (9011,), (), ("FUSIONAUTH_", "DATABASE_", "SEARCH_"),
          "https://fusionauth.io/docs/get-started/download-and-install/docker", ("http",)),
    Image("site", ("n8n",), (5678,), (), ("N8N_", "DB_", "QUEUE_", "EXECUTIONS_", "WEBHOOK_"),
          "https://docs.n8n.io/hosting/configuration/environment-variables/", ("http",)),
    Image("site", ("wordpress",), (80,), (), ("WORDPRESS_",), _HUB + "wordpress", ("http",)),
    Image("site", ("nextcloud",), (80,), (), ("NEXTCLOUD_", "MYSQL_", "POSTGRES_", "REDIS_", "SMTP_", "MAIL_",
          "TRUSTED_", "OVERWRITE"), _HUB + "nextcloud", ("http",)),
    Image("site", ("ghost",), (2368,), (), ("url", "database__", "mail__"), _HUB + "ghost", ("http",)),
    Image("admin", ("pgweb",), (8081,), (), ("PGWEB_", "DATABASE_URL"),
          "https://github.com/sosedoff/pgweb/wiki/Usage", ("http",), uses=("postgres",)),
    Image("admin", ("kafdrop",), (9000,), (), ("KAFKA_BROKERCONNECT", "SCHEMAREGISTRY_", "JVM_"),
          "https://github.com/obsidiandynamics/kafdrop", ("http",), uses=("kafka",)),
    Image("admin", ("console",), (8080,), (), ("KAFKA_", "CONFIG_", "CONNECT_", "REDPANDA_"),
          "https://docs.redpanda.com/current/console/config/configure-console/", ("http",), uses=("kafka",)),
    Image("admin", ("cloudbeaver",), (8978,), (), ("CB_",), "https://dbeaver.com/docs/cloudbeaver/", ("http",)),
    Image("admin", ("dbgate",), (3000,), (), ("CONNECTIONS", "SERVER_", "ENGINE_", "URL_"),
          "https://docs.dbgate.io/env-variables/", ("http",)),
    Image("admin", ("elasticvue",), (8080,), (), ("ELASTICVUE_",), "https://elasticvue.com/installation", ("http",)),
    Image("admin", ("cerebro",), (9000,), (), ("CEREBRO_",), "https://github.com/lmenezes/cerebro-docker", ("http",)),
    Image("nacos", ("nacos-server",), (8848, 9848), ("nacos",), ("NACOS_", "MYSQL_SERVICE_", "SPRING_DATASOURCE_",
          "MODE"), "https://nacos.io/en/docs/latest/quickstart/quick-start-docker/", ("http", "grpc")),
    Image("postgrest", ("postgrest",), (3000,), ("postgrest", "pgrst"), ("PGRST_",),
          "https://docs.postgrest.org/en/stable/references/configuration.html", ("http",)),
    Image("hasura", ("graphql-engine",), (8080,), ("hasura",), ("HASURA_",),
          "https://hasura.io/docs/2.0/deployment/graphql-engine-flags/reference/", ("http",)),
    Image("gotrue", ("gotrue",), (9999,), ("gotrue",), ("GOTRUE_", "API_EXTERNAL_URL", "DATABASE_URL", "PORT"),
          "https://github.com/supabase/auth", ("http",)),
    Image("imgproxy", ("imgproxy",), (8080,), ("imgproxy",), ("IMGPROXY_", "AWS_"),
          "https://docs.imgproxy.net/configuration/options", ("http",)),
    Image("flower", ("flower",), (5555,), (), ("FLOWER_", "CELERY_", "C_FORCE_ROOT"),
          "https://flower.readthedocs.io/en/latest/config.html", ("http",), screens=(5555,)),
    Image("kafka-connect", ("cp-kafka-connect", "connect", "debezium-connect"), (8083,), (), ("CONNECT_",
          "BOOTSTRAP_SERVERS"), "https://docs.confluent.io/platform/current/connect/", ("http",)),
    Image("ksqldb", ("ksqldb-server", "cp-ksqldb-server"), (8088,), ("ksqldb", "ksql"), ("KSQL_",),
          "https://docs.ksqldb.io/en/latest/operate-and-deploy/installation/", ("http",)),
    Image("apm", ("apm-server",), (8200,), ("apm",), ("ELASTIC_APM_SERVER_",),
          "https://www.elastic.co/docs/solutions/observability/apm", ("http",)),
    Image("metabase", ("metabase",), (3000,), ("metabase",), ("MB_", "JAVA_"),
          "https://www.metabase.com/docs/latest/configuring-metabase/environment-variables", ("http",),
          screens=(3000,)),
    Image("mlflow", ("mlflow",), (5000,), ("mlflow",), ("MLFLOW_", "AWS_"),
          "https://mlflow.org/docs/latest/self-hosting/", ("http",)),
    Image("tika", ("tika",), (9998,), ("tika",), (), "https://hub.docker.com/r/apache/tika", ("http",)),
    Image("wiremock", ("wiremock",), (8080,), ("wiremock",), ("WIREMOCK_",),
          "https://wiremock.org/docs/standalone/docker/", ("http",)),
    Image("livekit", ("livekit-server",), (7880,), ("livekit",), ("LIVEKIT_",),
          "https://docs.livekit.io/home/self-hosting/ports-firewall/", ("http",), screens=(7880,)),
    Image("questdb", ("questdb",), (9000, 8812, 9009), ("questdb",), ("QDB_",),
          "https://questdb.com/docs/configuration/", ("http", "postgres")),
    Image("eventstore", ("eventstore", "eventstoredb", "kurrentdb"), (2113, 1113), ("eventstore", "kurrentdb",
          "esdb"), ("EVENTSTORE_", "KURRENTDB_"),
          "https://docs.kurrent.io/server/latest/configuration/networking.html", ("http",)),
    Image("zeebe", ("zeebe",), (26500, 9600), ("zeebe",), ("ZEEBE_",),
          "https://docs.camunda.io/docs/self-managed/components/orchestration-cluster/zeebe/", ("grpc",)),
    Image("unleash", ("unleash-server",), (4242,), ("unleash",), ("DATABASE_", "UNLEASH_"),
          "https://docs.getunleash.io/reference/deploy/getting-started", ("http",)),
    Image("graphite", ("graphite-statsd", "statsd"), (8125, 2003, 80), ("graphite", "statsd"), (),
          "https://github.com/graphite-project/docker-graphite-statsd"),
    Image("stripe-mock", ("stripe-mock",), (12111, 12112), ("stripe",), (), "https://github.com/stripe/stripe-mock",
          ("http",)),
    Image("tunnel", ("cloudflared", "ngrok"), (), (), ("TUNNEL_", "NGROK_"),
          "https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/"),
)  # fmt: skip

# Servers that use nothing of what they receive but what configures themselves.
PURE_SERVERS = frozenset(
    {"postgres", "mysql", "mssql", "oracle", "mongodb", "cockroach", "redis", "memcached", "rabbitmq", "nats", "nsq",
     "zookeeper", "mqtt", "elasticsearch", "meilisearch", "typesense", "solr", "qdrant", "clickhouse", "neo4j",
     "cassandra", "influxdb", "couchdb", "arangodb", "rethinkdb", "surrealdb", "etcd", "vault", "consul", "s3",
     "azurite", "dynamodb", "sqs", "smtp", "ldap", "kafka", "jaeger", "otel", "zipkin", "tempo", "loki",
     "prometheus", "proxy", "caddy", "ollama", "searxng", "gotenberg", "browserless", "selenium", "tunnel", "soketi",
     "mercure", "pulsar", "rocketmq", "chroma", "weaviate", "docling"}
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
    {"keycloak", "site", "admin", "proxy", "caddy", "grafana", "kibana", "redis-http", "kong", "envoy", "flower",
     "metabase"}
)

_BY_NAME: dict[str, tuple[Image, ...]] = {}
for _image in IMAGES:
    for _name in _image.names:
        _BY_NAME[_name] = (*_BY_NAME.get(_name, ()), _image)

# Names too common to stand for one image without the part before them.
_QUALIFIED = {
    "server": "mssql",
    "hub": "selenium",
    "all-in-one": "jaegertracing",
    "auto-setup": "temporalio",
    "chrome": "browserless",
    "chromium": "browserless",
    "vector": "timberio",
    "garage": "dxflrs",
    "tempo": "grafana",
    "etcd": "",
    "connect": "debezium",
    "ui": "temporalio",
    "console": "redpandadata",
}


def image_of(reference: str | None) -> Image | None:
    """The row for an image reference as Compose has it (`ghcr.io/x/postgis:16-3.4@sha256:...`), or None."""
    if not reference:
        return None
    path = reference.split("@", 1)[0]
    head, _, last = path.rpartition("/")
    last = last.split(":", 1)[0].lower()
    found = _BY_NAME.get(last)
    if not found:
        return None
    owner = _QUALIFIED.get(last, "")
    return found[0] if owner in head.lower() else None
