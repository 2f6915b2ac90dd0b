"""How the clients of the field say that a connection failed: a row for each shape of a line.

`needle` is a literal that every such line holds, so that a log is searched for some fifty literals before any pattern
runs; a new shape shares one that is here, if it can.
The groups `host` and `port` of a pattern are where the client tried to go. Nothing is anchored to the line's beginning:
what stands before the message (a timestamp, a level, a logger's name) differs everywhere. What may repeat is bounded,
so that no line makes a pattern slow.
"""

from typing import NamedTuple


class Shape(NamedTuple):
    """One way in which one client tells of a failed connection.

    `kind` is "refused", "unresolved" or "timeout", "" where the words around the match say it (KINDS); `port` the
    client's default, for lines that name none; `source` the thread, the program or its source file that says so, or
    "run" where the real client was made to say it.
    """

    client: str
    kind: str
    needle: str
    pattern: str
    port: int | None
    source: str


# A shape is a row, whatever its length.
# fmt: off
NAME = r"(?P<host>[\w.-]{0,250}\w)"
PORT = r"(?P<port>\d{1,5})(?![\d@])"
# `localhost`, `[::1]`, Node's bare `::1`, Java's `localhost/127.0.0.1` and `cache/<unresolved>`
HOST = r"(?P<host>(?:[\w.-]{0,250}/)?(?:\[[\w:.%]{2,60}\]|<unresolved>|[\w.:-]{0,250}\w))"
# a host in quotes, with a port or without
PEER = r"(?P<host>[\w.-]{1,250}|\[?[\w:]{2,45}?\]?)"
URL = r"(?:[A-Za-z][\w+.-]{1,30}:(?://)?(?:[^\s/@'\"]{0,200}@)?)"
AT = rf"{URL}?{HOST}:{PORT}"
START = r"(?<![\w.:/-])"
LOOPBACK = r"(?P<host>(?<![\w.-])localhost|(?<![\w.])127(?:\.\d{1,3}){3}|\[::1\]|(?<![\w.:])::1|(?<![\w.])0\.0\.0\.0)"
# What follows libpq's "failed: " when the network, and not the server (`FATAL: password ...`), says no.
NETWORK = r"(?:Connection (?:refused|timed)|Cannot assign|Address not|Operation timed|timeout exp|No route|Network is)"

_TOOLS = (
    Shape("bash", "", "/dev/tcp/", rf"/dev/tcp/{NAME}/{PORT}: ", None, "run"),
    Shape("curl", "", "ailed to ", rf"ailed to connect to {NAME} port {PORT}", None, "run"),
    Shape("curl", "unresolved", "esolv", rf"ould not resolve host: {NAME}", None, "run"),
    Shape("wget", "", "t connect to ", rf"can't connect to remote host \({HOST}\)", None, "busybox wget.c"),
    Shape("wget", "unresolved", "bad address", rf"bad address '{NAME}", None, "busybox xconnect.c"),
    Shape("nc", "", "failed: ", rf"nc: connect to {NAME} (?:\(\S+\) )?port {PORT} \(tcp\) failed",
          None, "netcat.c"),
    Shape("pg_isready", "", " - no response", rf"{START}{NAME}:{PORT} - no response", 5432, "pg_isready.c"),
    Shape("wait-for-it", "timeout", "imeout ", rf"timeout occurred after waiting .{{1,20}} for {AT}", None,
          "vishnubob/wait-for-it"),
)

_LIBPQ = (
    Shape("libpq", "", "failed: ",
          rf"onnection to server at \"{HOST}\"(?: \(\S{{1,60}}\))?, port {PORT} failed: {NETWORK}", 5432, "run"),
    Shape("libpq", "", "running on host ", rf"running on host \"{HOST}\".{{1,80}} on port {PORT}\?", 5432,
          "cookiecutter/cookiecutter-django#2767"),
    Shape("libpq", "unresolved", "not translate host name", rf"not translate host name \"{NAME}\"", 5432,
          "getsentry/self-hosted#424"),
    Shape("psycopg", "unresolved", "esolv", rf"ailed to resolve host '{NAME}'", 5432, "run"),
)

_PYTHON = (
    Shape("asyncio", "refused", "t call failed", rf"Connect call failed \('{HOST}', {PORT}", None, "run"),
    Shape("redis-py", "", " connecting to ", rf"Error -?\d{{1,5}} connecting to {AT}\.", 6379, "redis/redis-py#2561"),
    Shape("pymongo", "", "[Errno ", rf"{START}{HOST}:{PORT}: \[Errno ", 27017, "run"),
    Shape("mysql", "", "t connect to ", rf"onnect to (?:MySQL )?server on '{PEER}(?::{PORT})?'", 3306, "run"),
    Shape("mysql", "unresolved", "server host '", rf"Unknown (?:MySQL )?server host '{NAME}'", 3306, "run"),
    Shape("pika", "", "dest=(", rf"dest=\([^)]{{0,200}}\('{HOST}', {PORT}", 5672, "run"),
    Shape("kafka-python", "refused", "returned error 111", rf"host={HOST}:{PORT} .{{0,120}}returned error 111", 9092,
          "dpkp/kafka-python#1713"),
    Shape("urllib3", "", "nPool(host=", rf"ConnectionPool\(host='{HOST}', port={PORT}\): Max retries", None, "run"),
    Shape("aiohttp", "", "t connect to ", rf"Cannot connect to host {AT} ", None, "run"),
)

_NODE = (
    Shape("node", "refused", "connect E", rf"connect E(?:CONNREFUSED|ADDRNOTAVAIL) {AT}",
          None, "brianc/node-postgres#2222"),
    Shape("node", "timeout", "connect E", rf"connect E(?:TIMEDOUT|HOSTUNREACH|NETUNREACH) {AT}", None,
          "louislam/uptime-kuma#4705"),
    Shape("node", "unresolved", "getaddrinfo ", rf"getaddrinfo E(?:NOTFOUND|AI_AGAIN) {NAME}(?::{PORT})?", None,
          "strapi/strapi-docker#278"),
    Shape("node", "refused", "REFUSED",
          rf"ECONNREFUSED.{{0,200}}?\baddress\W{{1,4}}{HOST}['\"],\W{{0,3}}port\W{{1,4}}{PORT}", None,
          "NASA-AMMOS/MMGIS#74"),
    Shape("mongodb", "", "ailed to ", rf"ailed to connect to server \[{AT}\]", 27017,
          "bradtraversy/docker-node-mongo#7"),
    Shape("prisma", "", "database server at ", rf"each database server at [`'\"]?{HOST}[`'\"]?:[`'\"]?{PORT}", 5432,
          "prisma/orm#1385"),
    Shape("browser", "refused", "REFUSED", rf"ERR_CONNECTION_REFUSED at {AT}", None, "puppeteer/puppeteer"),
    Shape("bun", "refused", "nRefused", rf"ConnectionRefused.{{0,80}}?{URL}{HOST}:{PORT}",
          None, "oven-sh/bun"),
)

_GO = (
    Shape("go", "unresolved", "lookup ",
          rf"lookup {NAME}(?: on \S{{1,60}})?: (?:no such host|server misbehaving|i/o timeout|read udp|Temporary)",
          None, "knadh/listmonk#1620"),
    Shape("go", "", "dial tcp", rf"dial tcp[46]? {AT}: (?!lookup)", None, "go-gitea/gitea#3877"),
)

_JVM = (
    Shape("jdbc-postgresql", "refused", "efused", rf"Connection to {AT} refused", 5432,
          "apache/dolphinscheduler#7088"),
    Shape("jdbc-mariadb", "", "efused", rf"ail to connect to .{{0,40}}host={HOST}\)\(port={PORT}\)", 3306,
          "mariadb-connector-j"),
    Shape("jdbc-sqlserver", "", "onnection to ", rf"connection to the host {NAME}, port {PORT} has failed", 1433,
          "microsoft/mssql-jdbc"),
    Shape("lettuce", "", "nable to connect", rf"RedisConnectionException: Unable to connect to {AT}", 6379,
          "MDeLuise/plant-it#140"),
    Shape("kafka-java", "refused", "onnection to ", rf"node -\d+ \({AT}\) could not be established", 9092,
          "bitnami/bitnami-docker-kafka#209"),
    # A node's own number: the address is what the broker advertised, not what the client was given.
    Shape("kafka-advertised", "refused", "onnection to ", rf"node \d+ \({AT}\) could not be established", 9092,
          "bitnami/bitnami-docker-kafka#212"),
    Shape("kafka-java", "refused", "Bootstrap broker ", rf"Bootstrap broker {AT} \(.{{0,60}}\) disconnected", 9092,
          "obsidiandynamics/kafdrop#35"),
    Shape("kafka-java", "unresolved", "esolv", rf"resolve server {AT}", 9092, "kafka ClientUtils.java"),
    Shape("mongo-java", "", " connecting to ", rf"while connecting to server {AT}", 27017, "mongo-java-driver"),
    Shape("netty", "", "efused", rf"onnection refused: {AT}", None, "netty AbstractChannel.java"),
    Shape("apache-httpclient", "", "failed: ", rf"onnect to {AT} \[.{{0,120}}\] failed: ", None, "Apache HttpClient"),
    Shape("java", "unresolved", "UnknownHostException: ", rf"UnknownHostException: {NAME}", None, "run"),
)

_LIBRDKAFKA = (
    Shape("kafka-advertised", "", "failed: ", rf"/\d+: Connect to ipv[46]#{AT} failed", 9092, "librdkafka"),
    Shape("librdkafka", "", "failed: ", rf"/bootstrap: Connect to ipv[46]#{AT} failed", 9092, "run"),
    Shape("librdkafka", "unresolved", "esolv", rf"ailed to resolve '{HOST}:{PORT}'", 9092, "run"),
)

_PHP = (
    Shape("laravel", "", "[2002] ", rf"\[2002\] .{{0,200}}?, Host: {HOST}, Port: {PORT}", 3306, "laravel/framework 12"),
    # `localhost` is a socket's name to MySQL's own libraries; with any other host these lines do not come.
    Shape("mysql-socket", "refused", "[2002] ", r"\[2002\] No such file(?P<socket>)", 3306,
          "aschmelyun/docker-compose-laravel#48"),
    Shape("mysql-socket", "refused", "t connect to ", r"onnect to local (?:MySQL )?server through(?P<socket>)",
          3306, "run"),
    Shape("php", "unresolved", "getaddrinfo ", rf"getaddrinfo for {NAME} failed", None, "PHP 8.1 xp_socket.c"),
    Shape("predis", "", "[tcp://", rf"ConnectionException: .{{0,200}}\[tcp://{HOST}:{PORT}\]", 6379, "predis/predis"),
    Shape("php", "", "nable to connect", rf"\): Unable to connect to {AT} \(", None, "PHP stream_socket_client"),
)

_RUBY = (
    Shape("redis-rb", "", " connecting to ", rf"Error connecting to Redis on {AT}", 6379, "redis/redis-rb"),
    Shape("ruby", "", "connect(2) for ", rf"connect\(2\) for \"{HOST}\" port {PORT}", None, "ruby socket.c"),
    Shape("ruby", "", "connect(2) for ", rf"connect\(2\) for {AT}", None, "redis-rb/redis-client"),
)

_DOTNET = (
    Shape("npgsql", "", "ailed to ", rf"Npgsql\w*Exception.{{0,40}}?: Failed to connect to {AT}", 5432,
          "npgsql/npgsql#4739"),
    Shape("dotnet", "refused", "SocketException", rf"SocketException \(\d+\): Connection refused {AT}", None,
          "skoruba/IdentityServer4.Admin#751"),
    Shape("ef-core", "", "onnection to ", rf"to database '[^']{{0,100}}' on server '{AT}'", 5432,
          "efcore RelationalResources"),
    Shape("stackexchange-redis", "", "UnableToConnect on ", rf"UnableToConnect on {AT}", 6379,
          "StackExchange/StackExchange.Redis#2704"),
    Shape("mongo-dotnet", "", "EndPoint: ", rf"EndPoint: \"(?:Unspecified/)?{HOST}:{PORT}\".{{0,300}}Disconnected",
          27017, "mongo-csharp-driver"),
    Shape("dotnet-http", "refused", "assign requested", rf"assign requested address \({AT}", None, "dotnet/runtime"),
    Shape("dotnet-http", "unresolved", "ot known", rf"Name or service not known \({AT}", None, "dotnet/runtime"),
)

_OTHERS = (
    Shape("redis-cli", "", "t connect to ", rf"onnect to Redis at {AT}", 6379, "run"),
    Shape("elixir", "", "tcp connect (", rf"tcp connect \({AT}\): ", None, "blockscout/blockscout#1413"),
    Shape("clickhouse", "unresolved", "found address of host", rf"ound address of host: {NAME}", 9000, "ClickHouse"),
    Shape("clickhouse", "refused", "efused", rf"onnection refused \({AT}",
          None, "ClickHouse/ClickHouse#48907"),
    Shape("grpc", "", "last error: ", rf"last error: .{{0,40}}ipv[46]:(?:%5B)?(?P<host>[\w.:]+?)(?:%5D)?:{PORT}", None,
          "grpc/grpc"),
    Shape("nginx", "", " connecting to ", rf"upstream: \"{AT}", None, "nginx"),
    Shape("nginx", "unresolved", "not found in upstream", rf"not found in upstream \"{NAME}(?::{PORT})?",
          None, "nginx"),
    Shape("httpd", "", "attempt to connect", rf"attempt to connect to {AT} .{{1,100}} failed", None, "mod_proxy"),
)

# The line says where the client tried to go.
ADDRESSED = (*_TOOLS, *_LIBPQ, *_PYTHON, *_NODE, *_GO, *_JVM, *_LIBRDKAFKA, *_PHP, *_RUBY, *_DOTNET, *_OTHERS)

# The line says that a connection failed; to where, it leaves open or says in no known way (NEARBY).
BARE = (
    Shape("libpq", "", "t connect to ", rf"not connect to server: {NETWORK}", 5432, "levlaz/braindump#326"),
    Shape("libpq-socket", "refused", "failed: ", r"server on socket \"[^\"]{1,200}\" failed: No", 5432, "run"),
    Shape("libpq-socket", "refused", "t connect to ", r"not connect to server: No such file",
          5432, "libpq < 14"),
    Shape("libpq", "timeout", "imeout ", r"timeout expired", 5432, "libpq fe-connect.c"),
    Shape("pika", "", "AMQPConnectionError", r"AMQPConnectionError", 5672, "run"),
    Shape("kafka-python", "", "NoBrokersAvailable", r"NoBrokersAvailable", 9092, "dpkp/kafka-python#1713"),
    Shape("elasticsearch", "", "c_transport.Connection", r"elastic_transport\.ConnectionError", 9200, "run"),
    Shape("httpx", "refused", "onnection attempt", r"All connection attempts failed", None, "encode/httpcore"),
    Shape("jdbc-mysql", "", "nications link failure", r"Communications link failure", 3306, "mysql-connector-j"),
    Shape("jdbc-postgresql", "", "onnection attempt", r"PSQLException: The connection attempt", 5432, "pgjdbc"),
    Shape("kafka-java", "unresolved", "esolv", r"No resolvable bootstrap",
          9092, "kafka ClientUtils.java"),
    Shape("php-mysql", "refused", "[2002] ", r"\[2002\] (?:Connection refused|Cannot assign)", 3306,
          "bitpressio/docker-for-php-developers-errata#13"),
    Shape("php-mysql", "unresolved", "[2002] ", r"\[2002\] php_network_getaddresses",
          3306, "guillaumebriday/laravel-blog#26"),
    Shape("phpredis", "refused", "efused", r"RedisException: Connection refused", 6379, "phpredis/phpredis"),
    Shape("sqlserver", "", "onnection to ", r"establishing a connection to SQL Server",
          1433, "dotnet/SqlClient"),
    Shape("mysqlconnector", "", "nable to connect", r"connect to any of the specified MySQL hosts", 3306,
          "mysql-net/MySqlConnector"),
    Shape("rabbitmq-dotnet", "", "endpoints were reachable", r"None of the specified endpoints",
          5672, "rabbitmq-dotnet-client"),
    Shape("bunny", "", "onnection to ", r"TCP connection to any of the configured hosts",
          5672, "ruby-amqp/bunny"),
    Shape("nats", "", "no servers available", r"nats: no servers available", 4222, "nats-io/nats.go"),
    Shape("sqlx", "timeout", "imed out", r"pool timed out while waiting", None, "transact-rs/sqlx"),
    Shape("sqlx", "timeout", "PoolTimedOut", r"\bPoolTimedOut\b", None, "transact-rs/sqlx"),
    Shape("rust", "refused", "(os error ", r"\(os error (?:111|99|10061)\)", None, "run"),
    Shape("rust", "refused", "kind: ", r"\bkind: (?:ConnectionRefused|AddrNotAvailable)",
          None, "transact-rs/sqlx#2853"),
    Shape("dotnet", "unresolved", "SocketException", r"SocketException \(.{1,24}\): (?:Name or|Resource temp)", None,
          "immense/Remotely#820"),
    Shape("dotnet", "refused", "SocketException", r"SocketException \(99\): ", None, "iPromKnight/zilean#15"),
    Shape("node", "refused", "REFUSED", r"\bECONNREFUSED\b", None, "bezkoder/docker-compose-nodejs-postgres#2"),
    Shape("", "refused", "efused", r"onnection refused", None, "strerror"),
    Shape("", "refused", "efused", r"actively refused", None, "Windows"),
    Shape("", "refused", "assign requested", r"annot assign requested address", None, "strerror"),
    Shape("java", "", "net.ConnectException", r"net\.ConnectException\s*$", None, "run"),
    Shape("java", "unresolved", "UnresolvedAddress", r"UnresolvedAddressException", None, "run"),
    Shape("java", "timeout", "imed out", r"onnect timed out", None, "java.net.Socket"),
    Shape("", "unresolved", "ot known", r"Name or service not known", None, "glibc"),
    Shape("", "unresolved", "esolv", r"Name does not resolve", None, "musl"),
    Shape("", "unresolved", "name resolution", r"Temporary failure in name resolution", None, "glibc"),
    Shape("", "unresolved", "ot known", r"nodename nor servname provided", None, "macOS"),
    Shape("rust", "unresolved", "lookup ", r"failed to lookup address information", None, "run"),
)

# Where on a BARE line of any client the address may stand.
NEARBY = (
    rf"{LOOPBACK}:{PORT}",
    rf"(?<![\w+.-]){URL}{HOST}:{PORT}",
    rf"(?<![\w+.-]){URL}{LOOPBACK}(?![\w.:-])",
)

# What a message of several lines says further down, by the client whose BARE line began it.
DETAILS = (
    Shape("libpq", "", "running on host ", rf"running on host \"{HOST}\"",
          None, "cookiecutter/cookiecutter-django#2767"),
    Shape("libpq", "", "connections on port ", rf"TCP/IP connections on port {PORT}\?", None, "levlaz/braindump#326"),
    Shape("node", "", "address: '", rf"\baddress: '{HOST}'", None, "run"),
    Shape("node", "", " port: ", rf"\bport: {PORT}", None, "run"),
)

# Which words say which kind, the first that stands near the match. Without any it is a refusal.
KINDS = (
    ("refused", r"refused|REFUSED|[Ee]rr(?:no|or) (?:111|99)\b|\((?:111|99)\b|assign requested|ADDRNOTAVAIL"),
    ("unresolved", r"not known|not resolve|name resolution|such host|servname|No address assoc|NOTFOUND|EAI_AGAIN"
                   r"|nxdomain|<unresolved>|UnknownHost|misbehaving|[Ee]rr(?:no|or) -[235]\b"),
    ("timeout", r"[Tt]imed? ?out|TIMEDOUT|[Nn]o route to host|UNREACH|deadline exceeded|(?:[Ee]rrno |\()(?:110|113)\b"),
)

# Words that make a BARE line no outgoing connection: a server that cannot take its own address.
HARMLESS = r"\b[Bb]ind(?:ing)?\b|\blisten (?:tcp|E)"
# Addresses that are never the culprit: the client's own end, Docker's DNS, nginx's client, request and Host header.
BESIDES = (
    r"laddr=\([^)]{0,80}\)| on \[?127\.0\.0\.11\]?:53\b|->127\.0\.0\.11:53\b"
    r"|\bclient: [^,]{1,60}, server: [^,]{0,100},|\brequest: \"[^\"]{0,4000}\","
    r"|, host: \"[^\"]{0,250}\"(?=, referrer|\s*$)"
)
