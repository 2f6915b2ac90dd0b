"""By which names is a program told where it listens itself? Rows of words as in `words`."""

# Names whose value is an address to listen on, or the one that a server tells its clients: whatever the product, no
# program connects to it for that reason.
LISTEN_WORDS: dict[tuple[str, ...], str] = {
    ("LISTEN",): "https://nginx.org/en/docs/http/ngx_http_core_module.html#listen",
    ("LISTENER",): "https://kafka.apache.org/documentation/#brokerconfigs_listeners",
    ("LISTENERS",): "https://kafka.apache.org/documentation/#brokerconfigs_listeners",
    ("ASPNETCORE", "URLS"): "https://learn.microsoft.com/aspnet/core/fundamentals/servers/kestrel/endpoints",
    ("ADVERTISED",): "https://kafka.apache.org/documentation/#brokerconfigs_advertised.listeners",
    ("ADVERTISE",): "https://etcd.io/docs/v3.6/op-guide/configuration/ (--advertise-client-urls)",
    ("BROADCAST", "ADDRESS"): "https://hub.docker.com/_/cassandra (CASSANDRA_BROADCAST_ADDRESS)",
    ("BROADCAST", "ADDR"): "https://nsq.io/components/nsqd.html (--broadcast-address)",
    ("ANNOUNCED", "IP"): "https://mediasoup.org/documentation/v3/mediasoup/api/#TransportListenInfo",
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

# Variables by which a program is told its own port: https://12factor.net/port-binding and the frameworks' manuals
# (Spring SERVER_PORT, Uvicorn UVICORN_PORT, ASP.NET ASPNETCORE_HTTP_PORTS, Keycloak KC_HTTP_PORT, Next.js PORT).
OWN_PORT_NAMES = frozenset(
    {"PORT", "SERVER_PORT", "APP_PORT", "HTTP_PORT", "API_PORT", "WEB_PORT", "LISTEN_PORT", "UVICORN_PORT", "GRPC_PORT",
     "ASPNETCORE_HTTP_PORTS", "KC_HTTP_PORT", "FLASK_RUN_PORT", "NITRO_PORT", "SERVICE_PORT", "BACKEND_PORT",
     "PGRST_SERVER_PORT"}
)  # fmt: skip
# Variables that hold the whole address that a program listens on, such as `0.0.0.0:8000` or `:8080`.
OWN_ADDRESS_NAMES = frozenset(
    {
        "LISTEN_ADDR",
        "LISTEN_ADDRESS",
        "BIND",
        "BIND_ADDR",
        "HTTP_ADDR",
        "SERVER_ADDR",
        "ASPNETCORE_URLS",
        "ADDR",
        "LISTEN",
    }
)
