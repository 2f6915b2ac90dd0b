"""How the clients of the field say that a connection failed: a row for each shape of a line.

`needle` is a literal that every such line holds, so that a log is searched for some seventy literals before any pattern
runs; a new shape shares one that is here, if it can.
The groups `host` and `port` of a pattern are where the client tried to go. Nothing is anchored to the line's beginning:
what stands before the message (a timestamp, a level, a logger's name) differs everywhere. What may repeat is bounded,
so that no line makes a pattern slow.
"""

from envfix.named_tuples import NamedTuple


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
    Shape("nc", "refused", "efused", rf"{START}{NAME} \[[\d.]{{7,15}}\] {PORT} \([^)]{{1,40}}\) : Connection refused",
          None, "run"),
    Shape("nc", "unresolved", "lookup ", rf"{START}{NAME}: forward host lookup failed: Unknown host", None, "run"),
    Shape("pg_isready", "", " - no response", rf"{START}{NAME}:{PORT} - no response", 5432, "pg_isready.c"),
    Shape("wait-for-it", "timeout", "imeout ", rf"timeout occurred after waiting .{{1,20}} for {AT}", None,
          "vishnubob/wait-for-it"),
    Shape("wait-on", "timeout", "imed out", rf"imed out waiting for: {AT}", None, "jeffbski/wait-on"),
    Shape("dockerize", "timeout", "imeout ", rf"imeout after .{{1,20}} waiting on .{{1,40}}: \[{AT}", None,
          "jwilder/dockerize"),
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
    # Python's connection classes show themselves with host and port: urllib3, botocore, elastic, influxdb.
    Shape("urllib3", "", "(host='", rf"Connection(?:Pool)?\(host='{HOST}', port={PORT}\): (?:Max|Failed|Conn)",
          None, "run"),
    Shape("paramiko", "", "nable to connect", rf"nable to connect to port {PORT} on {HOST}", 22, "run"),
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
          rf"ECONNREFUSED.{{0,200}}?\baddress['\"]?: ?['\"]{HOST}['\"],\W{{0,3}}port\W{{1,4}}{PORT}", None,
          "NASA-AMMOS/MMGIS#74"),
    Shape("mongodb", "", "ailed to ", rf"ailed to connect to server \[{AT}\]", 27017,
          "bradtraversy/docker-node-mongo#7"),
    Shape("prisma", "", "database server at ", rf"each database server at [`'\"]?{HOST}[`'\"]?:[`'\"]?{PORT}", 5432,
          "prisma/orm#1385"),
    Shape("browser", "refused", "REFUSED", rf"ERR_CONNECTION_REFUSED at {AT}", None, "puppeteer/puppeteer"),
    Shape("bun", "refused", "nRefused", rf"ConnectionRefused\W{{1,4}}path\W{{1,4}}{URL}{HOST}:{PORT}", None,
          "oven-sh/bun"),
)

_GO = (
    Shape("go", "unresolved", "lookup ",
          rf"lookup {NAME}(?: on \S{{1,60}})?: (?:no such host|server misbehaving|i/o timeout|read udp|dial udp|Temp)",
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
    Shape("java", "timeout", "imed out", rf"onnect(?:ion)? timed out: {AT}", None, "netty AbstractNioChannel.java"),
    Shape("java", "unresolved", "UnknownHostException: ",
          rf"UnknownHostException: (?:(?:Fail|Un)\w{{2,4}} to resolve (?:host )?['\"])?{NAME}", None, "run"),
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
    Shape("mysql-socket", "refused", "/2002): ", r"\(HY000/2002\): No such file(?P<socket>)", 3306, "run"),
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
    Shape("ruby", "unresolved", "ResolvError", rf"no address for {NAME} \(Resolv::ResolvError\)", None, "run"),
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
    Shape("swift-nio", "unresolved", "AddressError", rf"SocketAddressError\.unknown\(host: \"{NAME}\"", None,
          "apple/swift-nio SocketAddresses.swift"),
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
    Shape("sarama", "", "available brokers", r"client has run out of available brokers to talk to", 9092,
          "IBM/sarama errors.go"),
    Shape("elasticsearch", "", "c_transport.Connection", r"elastic_transport\.ConnectionError", 9200, "run"),
    Shape("httpx", "refused", "onnection attempt", r"All connection attempts failed", None, "encode/httpcore"),
    Shape("jdbc-mysql", "", "nications link failure", r"Communications link failure", 3306, "mysql-connector-j"),
    Shape("jdbc-postgresql", "", "onnection attempt", r"PSQLException: The connection attempt", 5432, "pgjdbc"),
    Shape("c3p0", "", "could not be acquired", r"onnections could not be acquired from the underlying database", None,
          "swaldman/c3p0 BasicResourcePool.java"),
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
    Shape("java", "", "net.ConnectException", r"net\.ConnectException\s*$", None, "run"),
    Shape("java", "unresolved", "UnresolvedAddress", r"UnresolvedAddressException", None, "run"),
    Shape("python", "unresolved", "ry again", r"\[Errno -3\] Try again", None, "musl"),
    Shape("rust", "unresolved", "lookup ", r"failed to lookup address information", None, "run"),
    # Libraries' own words, without any of the system's.
    Shape("grpc", "", "deadline", r"connect before the deadline|[Dd]eadline [Ee]xceeded", None, "run"),
    Shape("elasticsearch", "", "onnection", r"ConnectionError: (?:Connection Error|connect)\b", 9200, "run"),
    Shape("elasticsearch", "", "iving connections", r"\bNo [Ll]iving connections", 9200,
          "elastic/elasticsearch-js#1715"),
    Shape("socket.io", "", "xhr poll error", r"connect_error.{0,40}xhr poll error", None, "run"),
    Shape("stomp", "", "ConnectFailed", r"\bConnectFailed(?:Exception|Error)?\s*$", 61613, "run"),
    Shape("websocket", "", "network error", r"Received network error or non-101", None, "run"),
    Shape("neo4j", "", "ailed to connect to", r"connect to server\. Please ensure that your database is listening on",
          7687, "run"),
    Shape("mongoose", "", "buffering timed out", r"buffering timed out after", 27017, "Automattic/mongoose#9404"),
    Shape("mongodb", "", "erver", r"No suitable servers found|[Ss]erver selection error:", 27017, "run"),
    Shape("cassandra", "", "onnect to any servers", r"nable to connect to any servers", 9042, "cassandra-driver"),
    Shape("fetch", "", "fetch failed", r"\bfetch failed\b", None, "run"),
    Shape("http", "", "Connection error.", r"(?:^|: )Connection error\.(?:\s|$)", None, "openai/openai-python"),
    Shape("http", "", "ailed to connect to", r"Failed to connect to Ollama\. Please check", 11434, "run"),
    Shape("httpx", "refused", "error occurred while req", r"An error occurred while requesting\b", None,
          "https://www.python-httpx.org/quickstart/#exceptions"),
    Shape("grpc", "", "FutureTimeout", r"\bgrpc\.FutureTimeoutError\b", None, "run"),
    Shape("ldap", "", "LDAP server", r"an't contact LDAP server", 389, "run"),
    Shape("freetds", "", "erver is unavailable",
          r"erver is unavailable or does not exist(?: \((?P<host>[A-Za-z][\w.-]{0,250})\))?", 1433, "run"),
    Shape("mysql-socket", "refused", "mysqli_sql_exc", r"mysqli_sql_exception: No such file(?P<socket>)", 3306, "run"),
    Shape("curl", "refused", "t connect to server", r"ould(?:n't| not) connect to server(?!:)", None, "run"),
    Shape("php-amqp", "refused", "t connect to ", r"\bSocket error: could not connect to host\b", 5672, "run"),
    Shape("symfony", "", "t connect to ", r"ould not connect to the AMQP server\b", 5672, "symfony/amqp-messenger"),
    Shape("celery", "", "onnection to ", r"onnection to the message broker after a connection loss has been disabled",
          None, "https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-connection-retry-on-startup"),
    Shape("libmemcached", "refused", "CONNECTION FAILURE", r"\bCONNECTION FAILURE\b", 11211, "run"),
    Shape("libmemcached", "unresolved", "LOOKUP FAILURE", r"\bHOSTNAME LOOKUP FAILURE\b", 11211, "run"),
    Shape("chroma", "", "ailed to connect to", r"ChromaConnectionError: Failed to connect to chromadb", 8000, "run"),
    Shape("ioredis", "", "startup nodes", r"None of startup nodes is available", 6379, "run"),
    Shape("aerospike", "", "aerospike/as_cluster", r"'Failed to connect', 'src/main/aerospike/as_cluster", 3000, "run"),
    Shape("redis-sentinel", "refused", " - network:", r"\S - network:ConnectionError\b", 26379, "run"),
    # A pool that never had a connection; one that is full counts them as active.
    Shape("mariadb-node", "", "pool connections: ", r"\(pool connections: active=0 idle=0 ", 3306, "run"),
    Shape("dalli", "", "RingError", r"RingError: No server available", 11211, "petergoldstein/dalli"),
)

# What a message of several lines says further down, by the client whose BARE line began it.
DETAILS = (
    Shape("libpq", "", "running on host ", rf"running on host \"{HOST}\"",
          None, "cookiecutter/cookiecutter-django#2767"),
    Shape("libpq", "", "connections on port ", rf"TCP/IP connections on port {PORT}\?", None, "levlaz/braindump#326"),
    Shape("node", "", "address: '", rf"\baddress: '{HOST}'", None, "run"),
    Shape("node", "", " port: ", rf"\bport: {PORT}", None, "run"),
)

# A loopback host, or one of the project's NAMES, and the port behind it: `localhost:5432`, `("::1", 5432, 0, 0)`,
# `host='localhost', port=5432`, `"localhost" (::1), port 5432`, `{{127,0,0,1},5432}`, `localhost|::1|:8000`,
# `host: Some(Domain("localhost")), port: Some(5432)`, `localhost and port 8081`,
# `"db.host":"localhost","db.port":5432`, `localhost,1433`.
HOST_AND_PORT = (
    r"(?:(?<![\w.\-])(?P<host>localhost|127(?:\.\d{1,3}){3}|0\.0\.0\.0|127,0,0,1"
    r"|(?:(?<![^/][/\\])|(?=[\w.-]{1,250}:\d))(?i:NAMES))"
    r"(?![\w\-]|\.\w|['\"]: ?['\"{\[])"
    r"|(?P<six>\[(?:::1|::|(?:0:){7}1|::ffff:127\.0\.0\.1)\]|(?<![\w.:\[])(?:::1|(?:0:){7}1|::ffff:127(?:\.\d{1,3}){3}))(?!\w))"
    r"(?:['\"`]?(?: ?\([^()\n]{1,60}\))?"
    r"(?:[\]'\"`|)}>]{0,3}:['\"`(]{0,2}|['\")\]}]{1,3}, {0,2}"
    r"|['\"`)\]}]{0,3}[\s,;&(|]{1,20}(?:and )?[:'\"]?(?:\w{1,20}[._])?(?i:port)['\"]?[\s:=]{1,4}"
    r"(?:Some\()?['\"`(]{0,2}|,(?=\d{4,5}\b))"
    r"(?P<port>\d{1,5})(?![\w@]|\.\d))?"
)
LOOPBACK_URL = rf"(?<![\w+.-])(?P<scheme>[A-Za-z][\w+-]{{1,30}})://(?:[^\s/@'\"]{{0,200}}@)?{LOOPBACK}(?![\w.:-])"
URL_AND_PORT = rf"(?<![\w+.-])[A-Za-z][\w+.-]{{1,30}}://(?:[^\s/@'\"]{{0,200}}@)?{HOST}:{PORT}"

# Which words say which kind, the first that stands near the match. Without any it is a refusal.
KINDS = (
    ("refused", r"refused|REFUSED|[Ee]rr(?:no|or) (?:111|99)\b|\((?:111|99)\b|assign requested|ADDRNOTAVAIL"),
    ("unresolved", r"not known|not resolve|name resolution|such host|servname|No address assoc|NOTFOUND|EAI_AGAIN"
                   r"|nxdomain|<unresolved>|UnknownHost|misbehaving|[Ee]rr(?:no|or) -[235]\b|\(SocketError\)"
                   r"|(?:ailed to|nable to|not) resolve"),
    ("timeout", r"[Tt]imed? ?out|TIMEDOUT|[Nn]o route to host|UNREACH|deadline exceeded|(?:[Ee]rrno |\()(?:110|113)\b"),
)

# What the system's own words are, in every language's spelling: strerror(3), gai_strerror(3) of glibc and musl, the
# names of errno in Node, Rust, Erlang and Bun, Go's net, and what Docker's DNS comes to in each of them.
FAILED = (
    ("refused", r"\b[Cc]onnection [Rr]efused\b|(?<![a-z])ECONNREFUSED\b|(?<![A-Za-z])(?:e?conn|ConnectionR)efused"
                r"|\becon+refused\b|\bactively refused\b|annot assign requested address|\bEADDRNOTAVAIL\b"
                r"|(?<![A-Za-z])ConnectionRefused"),
    ("unresolved", r"[Nn]ame or service not known|Name does not resolve|emporary failure in name resolution"
                   r"|nodename nor servname|o address associated with (?:host)?name|\bno such host\b|\bENOTFOUND\b"
                   r"|\bEAI_(?:AGAIN|NONAME|NODATA)\b|\bnxdomain\b|NXDOMAIN|\bUnknownHost|server misbehaving"
                   r"|provided, or not known|[Nn]ame resolution fail|DNS (?:resolution|lookup) (?:failed|error)"
                   r"|[Nn]o such host is known|UnresolvedAddress|omain name not found|SERVFAIL"
                   r"|(?:n[o']t|nable to|ailed to) (?:resolve|look ?up|find)(?: the)? (?:DNS |server |remote )?"
                   r"(?:host|address|hostname|name|server)\b|host not found\b|[Uu]nknown (?:remote )?host\b(?! key)"
                   r"|\bLookup error\b"),
    ("timeout", r"\bETIMEDOUT\b|\bEHOSTUNREACH\b|\bENETUNREACH\b|[Cc]onnect(?:ion)? timed out|[Nn]o route to host"
                r"|[Nn]etwork is unreachable|[Cc]onnect(?:ion)? ?[Tt]imeout(?:Error|Exception)?\b"),
)

# What a program says in its own words: that it could not connect. It counts where an address stands beside it.
NOT_CONNECTED = (
    r"(?i:(?:can|could|did|do|does|wo|is)(?:n['’]?t| not)|cannot|unable to|fail(?:ed|ure|s|ing)?(?: to)?"
    r"|error(?: while| when)?)[ :](?:\w{1,20} ){0,3}?(?i:re)?"
    r"(?i:connect(?:ion|ing)?|reach|contact|dial|revive|establish|open (?:a |the )?(?:\w{1,12} )?connection)\b"
    r"(?! (?:(?:an?|the|your|more than \d{1,6}) )?(?:account|user|client|device|wallet)s?\b)"
    r"|(?i:connect(?:ion)?|dial|connecting)(?: [^\s:]{1,60}){0,5}:? (?i:fail(?:ed|ure)?|error|unsuccessful)\b"
    r"|\bUNAVAILABLE\b|\bunreachable\b| - no response\b|\bis unavailable\b|\bTransientFailure\b"
    r"|(?i:\bno (?:\w{1,12} )?(?:nodes|servers|brokers) (?:are )?available)\b"
)
# Words beside those that say the server was reached: it answered, and did not let in.
NO_CONNECTION = (
    r"FATAL|[Aa]uthenticat|AUTH|assword|[Dd]enied|[Uu]nauthori|[Cc]ertificate|\b(?:SSL|TLS|ssl)\b|in use\b|HTTP/\d"
    r"|\bstatus(?: code)?\b[ :=]{0,3}[1-5]\d\d|\b(?:[45]\d\d) [A-Z][a-z]|ECONNRESET|hang up|EADDRINUSE"
    r"|\b(?:restored|recovered|succeeded|successful(?:ly)?)\b"
)

# Words that make a line no outgoing connection: a server that cannot take its own address (LDAP binds to a server), a
# pool whose connections are all in use (https://sqlalche.me/e/20/3o7r), one address of those that `curl -v` tries.
HARMLESS = (
    r"\b[Bb]ind(?:ing)?\b(?! to server)|\bQueuePool limit\b|(?:^|\s)\* {1,3}connect to \S{1,60} port \d"
    r"|\blisten (?:tcp|E)|^\s{0,20}(?:at |from /|File \")"
)

# Words that speak of a failure instead of telling one: documentation, tips, handlers, the names of tests.
PROSE_BEFORE = (
    r"\b(?:if|[Ww]hen|[Ww]henever|on|for|see|sees|saw|like|says?|shows?|explains?|handles?|handling|catch(?:es)?"
    r"|ignor(?:e|es|ed|ing)|means|about|until|unless|expects?|asserts?|simulates?|mocks?|throws|such as|e\.g\.|called"
    r"|(?:reported|treated|counted) as)"
    r"(?: (?:an?|the|any|your|you see|you get|it says|there is))? ?['\"`‘“(\[]{0,2}$"
    r"|(?i:retry|ignore)[_-]?(?i:on|for|codes?|errors?)?['\"]?[=:] ?['\"\[]{0,2}$|['\"]%$"
)
PROSE_AFTER = (
    r"['\"`’”)\]]{0,2} (?:is|are|was|retries|errors?|means|handl|happen|occur|registered|thrown|count|should|will|may"
    r"|can|to the user|as an? )\b"
)
PROSE_LINE = (
    r"\W{0,8}(?:(?i:tip|hint|note|docs?|documentation|usage|example|help|faq|todo)\b ?[:!-]|[✓✔√✗✘] ?"
    r"|(?:PASS|FAIL|ok \d) |Test (?:Case )?['\"])"
)

# Addresses that are never the culprit: the client's own end, Docker's DNS, the client, the request and the Host header
# of a proxy's line, a listener named beside.
BESIDES = (
    r"laddr=\([^)]{0,80}\)| on \[?127\.0\.0\.11\]?:53\b|->127\.0\.0\.11:53\b"
    r"|\bclient: [^,]{1,60}, server: [^,]{0,100}(?:,|$)|\brequest: \"[^\"]{0,4000}\"(?:,|$)"
    r"|,? host: \"[^\"]{0,250}\"(?=, referrer|\s*$)|\[(?:client|remote) [^\]]{1,80}\]"
    r"|\"(?:remote_ip|remote_addr|client_ip|host|Host|Origin|Referer|origin|referer)\": ?\[?\"[^\"]{0,250}\""
    r"(?!, ?\"(?:\w{1,20}[._])?(?i:port))"
    r"|\b(?:Host|Origin|Referer|X-Forwarded-(?:For|Host)): [\w.:\[\]/-]{1,200}+(?!, Port)"
)
