"""Blaming: from a line of a log to the variable, its file and line and the repair, or to what is likeliest."""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.logs import Blame, Destinations, blame, failures, service_names
from envfix.planning import Made, Request, make
from envfix.report.as_json import render_failures
from envfix.report.blames import render_text

COMPOSE = """\
name: shop
services:
  web:
    build: .
    image: acme/web
    env_file: .env
    environment:
      LABEL_URL: http://${UNRESOLVED_HOST}:8080/
      LITERAL_HOST: storage
    ports: ["3000:3000"]
    expose: ["9100"]
  worker:
    image: acme/worker
    env_file: worker.env
    networks: [back]
  lonely:
    image: acme/lonely
    env_file: lonely.env
    networks: [back]
  hosted:
    image: acme/hosted
    env_file: worker.env
    network_mode: host
  batch:
    image: acme/batch
    env_file: batch.env
  native:
    image: acme/native
    env_file: batch.env
    network_mode: host
  migrate:
    image: acme/migrate
    profiles: [tools]
    environment:
      MIGRATE_URL: ${DATABASE_URL}
  mailer:
    image: acme/mailer
    container_name: post-office
    environment:
      ONLY_URL: ${REPORTS_URL}
  postgres:
    image: postgres:17
    ports: ["5433:5432"]
  redis:
    image: redis:7
    ports: ["6380:6379"]
  mysql:
    image: mysql:8
    ports: ["3306:3306"]
  reports:
    image: postgres:16
    ports: ["5434:5432"]
  search:
    image: elasticsearch:8.15.0
    profiles: [search]
    ports: ["9200:9200"]
networks: {back: {}}
"""
ENV = """\
DATABASE_URL=postgres://app:hunter2@localhost:5433/shop
CACHE_HOST=localhost
CACHE_PORT=6380
DB_HOST=127.0.0.1
NEXT_PUBLIC_URL=http://localhost:3000
HALF_URL=postgres://app:hunter2@reports:5434/shop
OTHER_URL=http://localhost:7777
GATEWAY_URL=http://host.docker.internal:6380
UNRESOLVED_HOST=postgress
REPORTS_URL=postgres://app:hunter2@localhost:5434/shop
"""
LONELY_ENV = "FAR_URL=redis://localhost:6380\n"
WORKER_ENV = """\
QUEUE_URL=redis://localhost:6380
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "compose.yaml").write_text(COMPOSE)
    (folder / ".env").write_text(ENV)
    (folder / "lonely.env").write_text(LONELY_ENV)
    (folder / "worker.env").write_text(WORKER_ENV)
    (folder / "batch.env").write_text("TALLY_URL=postgres://app:hunter2@localhost:5434/tally\n")
    return make(Request(str(folder), environ={}))


def blamed(made: Made, log: str) -> tuple[Blame, ...]:
    every = Destinations(made.plan, made.reading)
    return blame(failures([log.encode()], service_names(made.project), every.wanted), every)


GO = "dial tcp 127.0.0.1:{}: connect: connection refused".format

# (sentence, log, [(service, variable, replacement)], words of the explanations)
ROWS = [
    (
        "the incident",
        f"web-1  | {GO(5433)}",
        [("web", "DATABASE_URL", "postgres:5432")],
        "postgres publishes 5433:5432",
    ),
    (
        "every loopback is the same loopback",
        "web-1 | Error: connect ECONNREFUSED ::1:5433",
        [("web", "DATABASE_URL", "postgres:5432")],
        "",
    ),
    (
        "host and port apart are one repair",
        f"web-1 | {GO(6380)}",
        [("web", "CACHE_HOST", "redis"), ("web", "CACHE_PORT", "6379")],
        "it changes with CACHE_HOST",
    ),
    (
        "two failures, two variables",
        f"web-1 | {GO(5433)}\nweb-1 | {GO(5434)}",
        [("web", "DATABASE_URL", "postgres:5432"), ("web", "REPORTS_URL", "reports:5432")],
        "",
    ),
    ("the log names no service: any reader's variable", GO(5433), [(None, "DATABASE_URL", "postgres:5432")], ""),
    (
        "another service's variable is not to blame",
        f"worker-1 | {GO(5433)}",
        [("worker", None, None)],
        "DATABASE_URL (.env:1) does, but worker does not receive it",
    ),
    ("a container_name", f"post-office | {GO(5434)}", [("mailer", "REPORTS_URL", "reports:5432")], ""),
    (
        "a container of docker compose run",
        f"shop-web-run-3fa9 | {GO(5433)}",
        [("web", "DATABASE_URL", "postgres:5432")],
        "",
    ),
    ("Compose 1 with the project's name", f"shop_web_1 | {GO(5433)}", [("web", "DATABASE_URL", "postgres:5432")], ""),
    ("Swarm", f"shop_web.1.k2j3h4@node7    | {GO(5433)}", [("web", "DATABASE_URL", "postgres:5432")], ""),
    (
        "a service that only a profile brings up",
        f"migrate-1 | {GO(5433)}",
        [("migrate", "DATABASE_URL", "postgres:5432")],
        "",
    ),
    (
        "the published port behind a service's name",
        "web-1 | dial tcp 172.18.0.5:5434: connect: connection refused",
        [("web", "HALF_URL", "reports:5432")],
        "",
    ),
    (
        "the same with the name in the log",
        "web-1 | Connection to reports:5434 refused. Check that",
        [("web", "HALF_URL", "reports:5432")],
        "",
    ),
    (
        "no port in the log: the client's own decides",
        "web-1 | (2003, \"Can't connect to MySQL server on 'localhost' (111)\")",
        [("web", "DB_HOST", "mysql")],
        "the client's port says mysql",
    ),
    (
        "no address in the log: the client's port decides",
        "web-1 | SQLSTATE[HY000] [2002] Connection refused",
        [("web", "DB_HOST", "mysql")],
        "",
    ),
    (
        "no address and no client: what could be meant, what an HTTP client speaks to first",
        "web-1 | httpx.ConnectError: [Errno 111] Connection refused",
        [
            ("web", "OTHER_URL", None),
            ("web", "DATABASE_URL", "postgres:5432"),
            ("web", "CACHE_HOST", "redis"),
            ("web", "CACHE_PORT", "6379"),
            ("web", "HALF_URL", "reports:5432"),
            ("web", "REPORTS_URL", "reports:5432"),
            ("web", "DB_HOST", None),
        ],
        "names no address; this is one of 6",
    ),
    (
        "a Redis client's failure is no database's fault",
        "worker-1 | SQLSTATE[HY000] [2002] Connection refused",
        [("worker", None, None)],
        "program's own default",
    ),
    (
        "kept for browsers, yet the container calls it",
        f"mailer-1 | {GO(3000)}\nweb-1 | {GO(3000)}",
        [("mailer", None, None), ("web", "NEXT_PUBLIC_URL", None)],
        "stays as it is (browser)",
    ),
    ("its own server was not up yet", f"web-1 | {GO(9100)}", [("web", None, None)], "web's own port"),
    (
        "nothing serves it",
        f"web-1 | {GO(7777)}",
        [("web", "OTHER_URL", None)],
        "host.docker.internal inside a container",
    ),
    (
        "no address helps a service on no common network",
        f"lonely-1 | {GO(6380)}",
        [("lonely", "FAR_URL", None)],
        "share a network",
    ),
    (
        "right for one who runs on the host",
        f"hosted-1 | {GO(6380)}",
        [("hosted", "QUEUE_URL", None)],
        "start that server on the host",
    ),
    (
        "wrong for one who reads the same file",
        f"worker-1 | {GO(6380)}",
        [("worker", "QUEUE_URL", None)],
        "its own value in its `environment:`",
    ),
    ("the program's own default", f"mailer-1 | {GO(3306)}", [("mailer", None, None)], "mysql with port 3306 serves it"),
    (
        "the default of a server that publishes another port",
        f"mailer-1 | {GO(6379)}",
        [("mailer", None, None)],
        "such as REDIS_URL or REDIS_HOST) is not set for mailer",
    ),
    (
        "the default of a server that is nowhere",
        f"web-1 | {GO(27017)}",
        [("web", None, None)],
        "nothing that web reaches serves port 27017",
    ),
    (
        "libpq with no host at all",
        'mailer-1 | connection to server on socket "/run/.s.PGSQL.5432" failed: No such file or directory',
        [("mailer", "REPORTS_URL", "reports:5432")],
        "",
    ),
    (
        "a broker that advertises loopback",
        "web-1 | Connection to node 1 (localhost/127.0.0.1:9092) could not be established.",
        [("web", None, None)],
        "advertised listener",
    ),
    ("an image's build", f"#9 0.329 {GO(5433)}", [(None, None, None)], "while an image was built"),
    (
        "the server refuses, the address is right",
        "web-1 | Connection to postgres:5432 refused. Check that",
        [("web", None, None)],
        "the address is right; postgres refused",
    ),
    (
        "a container's address is a name that resolved",
        "web-1 | dial tcp 172.18.0.5:6379: connect: connection refused",
        [("web", None, None)],
        "the address is right; redis refused",
    ),
    (
        "the server does not answer",
        "web-1 | dial tcp 172.18.0.5:6379: i/o timeout",
        [("web", None, None)],
        "did not answer",
    ),
    (
        "the published port, written nowhere here",
        "web-1 | Connection to redis:6380 refused. Check that",
        [("web", None, None)],
        "redis:6379",
    ),
    (
        "a name on another network",
        "worker-1 | getaddrinfo ENOTFOUND postgres",
        [("worker", None, None)],
        "share no network",
    ),
    (
        "a name on the host's network",
        "hosted-1 | getaddrinfo ENOTFOUND postgres",
        [("hosted", None, None)],
        "mean nothing",
    ),
    ("a name whose container is down", "web-1 | getaddrinfo ENOTFOUND redis", [("web", None, None)], "was not up"),
    (
        "a name that only a profile brings up",
        "web-1 | getaddrinfo ENOTFOUND search",
        [("web", None, None)],
        "only with the profile search",
    ),
    (
        "a name misspelt in an env file, used in the compose file",
        "web-1 | getaddrinfo EAI_AGAIN postgress",
        [("web", "UNRESOLVED_HOST", "postgres")],
        "postgres is likely meant",
    ),
    (
        "a name that no service has, in the compose file",
        "web-1 | getaddrinfo ENOTFOUND storage",
        [("web", "LITERAL_HOST", None)],
        "no service of this project is called storage",
    ),
    (
        "a name that a program could not connect to, as it says in its own words, in a URL",
        "web-1 | Couldn't connect to http://postgress:8080/, giving up",
        [("web", "UNRESOLVED_HOST", "postgres")],
        "no service of this project is called postgress",
    ),
    (
        "a container's name of Compose 1",
        "mailer-1 | dial tcp: lookup shop_redis_1 on 127.0.0.11:53: no such host",
        [("mailer", None, None)],
        "redis is likely meant",
    ),
    (
        "JavaScript's missing variable",
        "web-1 | getaddrinfo ENOTFOUND undefined",
        [("web", None, None)],
        "is not set for web",
    ),
    (
        "a name that the log leaves out",
        "web-1 | socket.gaierror: [Errno -2] Name or service not known",
        [("web", "GATEWAY_URL", None), ("web", "UNRESOLVED_HOST", "postgres"), ("web", "LITERAL_HOST", None)],
        "does not say",
    ),
    (
        "a name that the log leaves out, and no name is in doubt",
        "mailer-1 | socket.gaierror: [Errno -2] Name or service not known",
        [("mailer", None, None)],
        "look for one",
    ),
    (
        "the gateway on Linux",
        "mailer-1 | getaddrinfo ENOTFOUND host.docker.internal",
        [("mailer", None, None)],
        "extra_hosts",
    ),
    (
        "the gateway to a service of this project",
        "web-1 | Connection to host.docker.internal:6380 refused. Check that",
        [("web", "GATEWAY_URL", None)],
        "redis:6379",
    ),
    (
        "the gateway to a program on the host",
        "web-1 | Connection to host.docker.internal:8765 refused. Check that",
        [("web", None, None)],
        "more than 127.0.0.1",
    ),
    (
        "readers that need different values",
        f"batch-1 | {GO(5434)}",
        [("batch", "TALLY_URL", None)],
        "native runs on the host's network, where localhost is right)): batch needs reports:5432 here; "
        "set TALLY_URL in `environment:` of batch, or let `envfix --override FILE` give each reader its own",
    ),
    (
        "a server elsewhere",
        "web-1 | dial tcp 93.184.216.34:443: i/o timeout",
        [("web", None, None)],
        "nothing here to mend",
    ),
]


@pytest.mark.parametrize(("log", "expected", "words"), [pytest.param(*row, id=sentence) for sentence, *row in ROWS])
def test_each_failure_has_its_culprit(
    shop: Made, log: str, expected: list[tuple[str | None, str | None, str | None]], words: str
) -> None:
    found = blamed(shop, log)
    assert [(one.service, one.variable, one.replacement) for one in found] == expected
    assert any(words in one.explanation for one in found), [one.explanation for one in found]


def test_a_blame_names_the_place_and_the_line_of_the_log(shop: Made) -> None:
    (one,) = blamed(shop, f"ok\nweb-1 | {GO(5434)}\nweb-1 | {GO(5434)}\n")
    assert (one.address, one.kind, one.log_line) == ("127.0.0.1:5434", "refused", 2)
    assert (one.path, one.line) == (str(Path(shop.plan.directory) / ".env"), 10)
    assert one.reference in shop.plan.references


def test_replicas_are_one_service(shop: Made) -> None:
    assert len(blamed(shop, f"web-1 | {GO(5433)}\nweb-2 | {GO(5433)}\n")) == 1


def test_no_secret_is_told(shop: Made) -> None:
    found = blamed(shop, "\n".join(log for _, log, *_ in ROWS))
    (said,) = render_failures(found, (), shop.plan.directory)
    for text in (render_text(found, shop.plan.directory), said.text, repr(found)):
        assert "DATABASE_URL" in text
        assert "hunter2" not in text


def test_the_text_has_the_line_the_place_and_the_repair(shop: Made) -> None:
    text = render_text(blamed(shop, f"web-1 | {GO(6380)}\n"), shop.plan.directory)
    assert text == (
        "web: connection refused by 127.0.0.1:6380  (log line 1)\n"
        "  .env:2 CACHE_HOST  localhost -> redis\n"
        "    redis publishes 6380:6379; read by web (env_file)\n"
        "  .env:3 CACHE_PORT  6380 -> 6379\n"
        "    it changes with CACHE_HOST\n"
    )


def test_a_log_cannot_paint_the_terminal(shop: Made) -> None:
    log = 'web-1 | could not translate host name "db\u202e\u0007x" to address: Name or service not known'
    text = render_text(blamed(shop, log), shop.plan.directory)
    assert "\u202e" not in text
    assert "\x07" not in text


def test_colour_is_only_for_who_asks(shop: Made) -> None:
    found = blamed(shop, f"web-1 | {GO(5433)}")
    assert "\x1b" not in render_text(found, shop.plan.directory)
    assert "\x1b[31m127.0.0.1:5433\x1b[0m" in render_text(found, shop.plan.directory, colour=True)


NAMED = """\
name: shop
services:
  web: {image: acme/web, env_file: .env, ports: ["8081:8000"], extra_hosts: ["store:host-gateway"]}
  sidecar: {image: acme/proxy, env_file: .env, network_mode: "service:web"}
  agent: {image: acme/agent, environment: [DB], network_mode: host}
  hosted: {image: "redis:7", network_mode: host}
  beside: {image: "mysql:8", network_mode: host, ports: ["3307:3306"]}
  store: {image: "postgres:17", ports: ["5433:5432"]}
  spare: {image: "postgres:17", scale: 0}
  pair-a: {image: "memcached:1", networks: {default: {aliases: [pair]}}}
  pair-b: {image: "memcached:1", networks: {default: {aliases: [pair]}}}
"""


@pytest.mark.parametrize(
    ("line", "env", "said"),
    [
        ("web-1 | connect ECONNREFUSED 127.0.0.1:8081", "CALL=http://localhost:8081", "refused, its server listens on "
         "8000 there): web:8000"),
        ("sidecar-1 | connect ECONNREFUSED 127.0.0.1:8081", "CALL=http://localhost:8081", ": web:8000"),
        ("web-1 | connect ECONNREFUSED 127.0.0.1:6379", "QUEUE=redis://localhost:6379", "host.docker.internal:6379"),
        ("agent-1 | connect ECONNREFUSED 127.0.0.1:3307", "DB=mysql://localhost:3307", "beside listens on 3306"),
        ("web-1 | dial tcp: lookup spare on 127.0.0.11:53: no such host", "", "no container of spare is started"),
        ("web-1 | psql: could not connect to server: Connection refused Is the server running on host \"store\" "
         "(172.17.0.1) and accepting TCP/IP connections on port 5432?", "", "extra_hosts put it at host-gateway"),
    ],
)  # fmt: skip
def test_what_names_and_networks_explain(tmp_path: Path, line: str, env: str, said: str) -> None:
    (tmp_path / "compose.yaml").write_text(NAMED)
    (tmp_path / ".env").write_text(env + "\n")
    made = make(Request(str(tmp_path), environ={}))
    told = [one.explanation for one in blamed(made, line + "\n")]
    assert any(said in one for one in told), told
    assert not any("share a network" in one or "publish its port" in one for one in told), told


def test_a_default_in_the_services_own_code_is_named_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "depot").mkdir()
    (tmp_path / "depot/Dockerfile").write_text('FROM node:22\nWORKDIR /srv\nCOPY . .\nCMD ["node", "main.js"]\n')
    (tmp_path / "depot/package.json").write_text("{}\n")
    (tmp_path / "depot/main.js").write_text(
        "const level = process.env.LEVEL\nconst url = process.env.PARTS_URL || 'mongodb://localhost:27017/parts'\n"
    )
    (tmp_path / "compose.yaml").write_text(
        "services:\n"
        "  depot: {build: ./depot, environment: {LEVEL: info}}\n"
        '  parts: {image: "mongo:7", ports: ["27017:27017"]}\n'
    )
    made = make(Request(str(tmp_path), environ={}))
    every = Destinations(made.plan, made.reading, made.code)
    log = b"depot-1 | MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017\n"
    (one,) = blame(failures([log], service_names(made.project), every.wanted), every)
    assert (one.variable, one.line, one.replacement) == ("PARTS_URL", 2, "mongodb://parts:27017/parts")
    assert one.path == str(tmp_path / "depot/main.js")
    assert [evidence.what for evidence in one.evidence] == ["default"]


# (sentence, environment of the service, its extra_hosts, log, words of the explanation)
FACTS = [
    (
        "a variable that is right is said to be right",
        {"JOBS_URL": "redis://jobs:6379"},
        [],
        "ECONNREFUSED 127.0.0.1:6379",
        "desk's JOBS_URL (compose.yaml:4) already says jobs:6379",
    ),
    (
        "an entry of extra_hosts leads back into the container",
        {"JOBS_URL": "redis://jobs:6379"},
        ["jobs:127.0.0.1"],
        "ECONNREFUSED 127.0.0.1:6379",
        "`extra_hosts` of desk maps jobs to 127.0.0.1",
    ),
    (
        "a name that the image's hosts file leads back into the container",
        {"JOBS_URL": "redis://jobs:6379"},
        [],
        "RedisConnectionException: Unable to connect to jobs/127.0.0.1:6379",
        "jobs resolves to 127.0.0.1 in desk",
    ),
    (
        "a public address of another port has nothing to do with it",
        {"SITE_URL": "https://localhost", "LISTEN_HOST": "0.0.0.0"},
        [],
        "ECONNREFUSED 127.0.0.1:6379",
        "no variable that desk receives says 127.0.0.1:6379",
    ),
    (
        "an address of a service whose name an entry of extra_hosts takes",
        {"LEVEL": "info"},
        ["jobs:10.0.0.9"],
        "connect ECONNREFUSED 172.18.0.3:6379",
        "jobs refused",
    ),
    (
        "a server whose own name an entry of extra_hosts takes is known by another",
        {"LEVEL": "info"},
        ["jobs:10.0.0.9"],
        "connect ECONNREFUSED 127.0.0.1:6379",
        "(such as REDIS_URL or REDIS_HOST) is not set for desk",
    ),
    (
        "a name that is part of a service's",
        {"LEVEL": "info"},
        [],
        "getaddrinfo ENOTFOUND ledger",
        "big-ledger is likely meant; no variable of desk says ledger",
    ),
]


@pytest.mark.parametrize(
    ("environment", "hosts", "log", "words"), [pytest.param(*row, id=sentence) for sentence, *row in FACTS]
)
def test_what_is_told_is_a_fact_of_this_container(
    tmp_path: Path, environment: dict[str, str], hosts: list[str], log: str, words: str
) -> None:
    pairs = "".join(f"      {name}: {value}\n" for name, value in environment.items())
    (tmp_path / "compose.yaml").write_text(
        f"services:\n  desk:\n    environment:\n{pairs}    image: acme/desk\n    extra_hosts: {hosts}\n"
        "  jobs: {image: 'redis:8'}\n  big-ledger: {image: acme/ledger}\n"
    )
    found = blamed(make(Request(str(tmp_path), environ={})), f"desk-1 | Error: {log}\n")
    assert words in found[0].explanation
    assert found[0].variable is None


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        pytest.param("Couldn't connect to http://postgress:8080/", "unresolved", id="nobody has that name"),
        pytest.param("Couldn't connect to http://reports:5434/", "refused", id="a service has it"),
        pytest.param("Couldn't connect to http://localhost:5434/", "refused", id="loopback"),
        pytest.param("Connection to postgress:8080 refused", "refused", id="the system says that it was refused"),
    ],
)
def test_a_programs_own_words_leave_open_how_it_failed(shop: Made, line: str, kind: str) -> None:
    assert {one.kind for one in blamed(shop, f"web-1 | {line}\n")} == {kind}


def test_a_path_with_a_services_name_is_no_host(shop: Made) -> None:
    line = "Name or service not known (/srv/reports/feed.py)"
    assert {one.address for one in blamed(shop, f"web-1 | {line}\n")} == {None}
    line = "could not reach endpoint://client-7/reports:5434"
    assert {one.address for one in blamed(shop, f"web-1 | {line}\n")} == {"reports:5434"}


@pytest.mark.parametrize(
    ("image", "port", "handed"),
    [("redis:7", 6380, False), ("apache/kafka:3.8.0", 9092, False), ("elasticsearch:8.15.0", 9200, True)],
)
def test_a_browser_is_spoken_of_only_where_it_could_open_the_address(
    tmp_path: Path, image: str, port: int, handed: bool
) -> None:
    (tmp_path / "Dockerfile").write_text("FROM python:3.12\n")
    (tmp_path / "compose.yaml").write_text(
        "name: kiosk\nservices:\n"
        "  clerk: {build: ., env_file: .env}\n"
        "  porter: {image: acme/porter, env_file: .env}\n"  # of which nothing says that it reads the variable
        f'  depot: {{image: "{image}", ports: ["{port}:{port}"]}}\n'
    )
    (tmp_path / ".env").write_text(f"DEPOT_ADDR=localhost:{port}\n")
    (one,) = blamed(make(Request(str(tmp_path), environ={})), f"porter-1 | {GO(port)}\n")
    assert (one.variable, one.replacement) == ("DEPOT_ADDR", f"depot:{port}")
    assert one.choice is not None  # a question that the log answers
    assert ("browser" in one.explanation) is handed, one.explanation
