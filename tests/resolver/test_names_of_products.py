"""What the names of products' own variables say, and of clients, brokers, parts of a whole, and readers that the user
names."""

from __future__ import annotations

from pathlib import Path

import pytest

from envfix.knowledge.names import name_says
from resolver.situations import Situation, check, plan_of, services, table, told

RINK = "rink: {image: example/rink, env_file: .env}"
STAND = "stand: {image: example/stand, ports: ['7700:7700']}"


@pytest.mark.parametrize(
    "name",
    [
        "SELFSERVICE_FLOWS_LOGIN_UI_URL",
        "URLS_CONSENT",
        "URLS_SELF_ISSUER",
        "KC_HOSTNAME",
        "ZITADEL_EXTERNALDOMAIN",
        "KONG_ADMIN_GUI_URL",
        "MINIO_SERVER_URL",
        "N8N_EDITOR_BASE_URL",
        "WAGTAILADMIN_BASE_URL",
        "PHX_HOST",
        "S3_SIGNING_ENDPOINT",
        "API_DOCS_URL",
        "ANDROID_API_URL",
        "LOGIN_ERROR_URL",
        "MAIL_CONFIRM_URL",
        "RESET_PASSWORD_URL",
        "PORTAL_PASSWORD_RESET_URL",
        "SERVER_PUBLICBASEURL",
        "AIRFLOW__WEBSERVER__BASE_URL",
        "AIRFLOW__API__BASE_URL",
    ],
)
def test_is_for_browsers_or_devices(name: str) -> None:
    assert name_says(name).browser


@pytest.mark.parametrize("name", ["SELF_URL_LIST", "URLS", "IOSEVKA_URL", "MOBILES", "DOCSTORE_URL", "ERRORS_URL"])
def test_says_nothing_of_browsers(name: str) -> None:
    assert not name_says(name).browser


@table(
    Situation(
        "the client of a server is a program",
        services(RINK, STAND),
        "STAND_CLIENT_URL=http://localhost:7700\nSTAND_CLIENT_BASE_URL=http://localhost:7700\n",
        "STAND_CLIENT_URL rewrite published stand:7700\nSTAND_CLIENT_BASE_URL rewrite published stand:7700",
    ),
    Situation(
        "nor does it matter that what serves that server bears its word",
        services(
            "rink: {build: rink, env_file: .env}",
            "stand-api: {build: stand, ports: ['7701:7700']}",
            "stand-db: {image: 'mariadb:11', ports: ['3306:3306']}",
            "stand-queue: {image: 'redis:7', ports: ['6379:6379']}",
        ),
        "STAND_CLIENT_BASE_URL=http://localhost:7701\nRINK_BASE_URL=http://localhost:7701\n",
        "STAND_CLIENT_BASE_URL rewrite published stand-api:7700\nRINK_BASE_URL ask ambiguous",
    ),
    Situation(
        "the page that bears the word itself is people's",
        services(
            "rink: {build: rink, env_file: .env}",
            "stand-client: {build: pages, ports: ['5173:5173']}",
            "stand-api: {build: stand, ports: ['7701:7700']}",
        ),
        "STAND_CLIENT_BASE_URL=http://localhost:5173\n",
        "STAND_CLIENT_BASE_URL ask ambiguous",
    ),
    Situation(
        "the URI with which Symfony makes links where there is no request is the application's own",
        services("desk: {build: ., env_file: .env}", "web: {image: 'nginx:1', ports: ['8180:80'], depends_on: [desk]}"),
        "DEFAULT_URI=http://localhost:8180\nDESK_DEFAULT_URI=http://localhost:8180\n",
        "DEFAULT_URI keep browser\nDESK_DEFAULT_URI ask ambiguous",
    ),
    Situation(
        "the client of nobody is people's",
        services(RINK, STAND),
        "CLIENT_URL=http://localhost:7700\nCLIENT_BASE_URL=http://localhost:7700\n",
        "CLIENT_URL keep browser\nCLIENT_BASE_URL keep browser",
    ),
    Situation(
        "a URL with a user and a password is a program's",
        services(RINK, STAND),
        "TICKETS=http://box:office@localhost:7700/api\nSEATS=http://box@localhost:7700/api\n",
        "TICKETS rewrite published stand:7700\nSEATS ask ambiguous",
    ),
    Situation(
        "an address without a scheme, at a port that speaks no HTTP, is a program's",
        services(RINK, "fast: {image: memcached, ports: ['11300:11211']}"),
        "NODES=localhost:11300\n",
        "NODES rewrite published fast:11211",
    ),
    Situation(
        "the application's own URL",
        services(RINK, STAND),
        "SERVER_URL=http://localhost:7700\nSTAND_SERVER_URL=http://localhost:7700\n",
        "SERVER_URL keep browser\nSTAND_SERVER_URL rewrite published stand:7700",
    ),
    Situation(
        "servers of WebRTC are told to pages",
        services(RINK, "relay: {image: coturn/coturn, ports: ['3478:3478']}"),
        "RELAY_URL=turn:localhost:3478\nFLOOR=localhost:3478\n",
        "RELAY_URL keep browser\nFLOOR rewrite published relay:3478",
    ),
    Situation(
        "pages hold the addresses of an image proxy, and open sockets for themselves",
        services(
            RINK,
            "imgproxy: {image: darthsim/imgproxy, ports: ['8070:8080']}",
            "socket: {image: example/socket, ports: ['6001:6001']}",
        ),
        "IMGPROXY_URL=http://localhost:8070\nINTERNAL_IMGPROXY_URL=http://localhost:8070\n"
        "SOCKET_URL=http://localhost:6001\nSOCKET_SERVICE_URL=http://localhost:6001\n",
        "IMGPROXY_URL keep browser\nINTERNAL_IMGPROXY_URL rewrite published imgproxy:8080\n"
        "SOCKET_URL ask ambiguous\nSOCKET_SERVICE_URL rewrite published socket:6001",
    ),
    Situation(
        "programs drive a headless browser, and a database that speaks over sockets",
        services(
            RINK,
            "shots: {image: ghcr.io/browserless/chromium, ports: ['3300:3000']}",
            "surreal: {image: 'surrealdb/surrealdb:v2', ports: ['8400:8000']}",
        ),
        "BROWSER_WS_ENDPOINT=ws://localhost:3300\nBROWSER_URL=http://localhost:9990\n"
        "SURREAL_URL=ws://localhost:8400/rpc\n",
        "BROWSER_WS_ENDPOINT rewrite published shots:3000\nBROWSER_URL keep browser\n"
        "SURREAL_URL rewrite published surreal:8000",
    ),
    Situation(
        "a proxy and a tunnel connect to where they send on",
        services(
            "edge: {image: 'nginx:1.27', environment: {ORIGIN_SERVER: '${ORIGIN_SERVER}', API_URL: '${API_URL}'}}",
            "hole: {image: 'ngrok/ngrok:3', command: 'http ${HOLE_TO}'}",
            "stand: {image: example/stand, ports: ['7700:7000']}",
        ),
        "ORIGIN_SERVER=localhost:7700\nAPI_URL=http://localhost:7700\nHOLE_TO=http://localhost:7700\n",
        "ORIGIN_SERVER keep browser\nAPI_URL ask ambiguous\nHOLE_TO rewrite published stand:7000",
    ),
    Situation(
        "the env file's name says the product where the container's does not",
        services(
            "rink: {image: example/rink, environment: {Bus__HostName: '${RABBIT_HOST}', Peer__Host: '${PEER_HOST}'}}",
            "bus: {image: 'rabbitmq:4', ports: ['5672:5672']}",
        ),
        "RABBIT_HOST=localhost\nPEER_HOST=localhost\n",
        "RABBIT_HOST rewrite name bus\nPEER_HOST keep no-target",
    ),
    Situation(
        "a decided whole is not held up by its undecided part",
        services(RINK, "till: {image: mariadb, ports: ['3390:3306']}"),
        "PLACE=localhost\nPLACE_PORT=3390\nTILL_URL=mysql://u:p@${PLACE}:${PLACE_PORT}/x\n",
        "PLACE rewrite published till\nPLACE_PORT rewrite sibling 3306",
    ),
)
def test_who_uses_it(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


BROKER = (
    "lane: {image: 'apache/kafka:4.0.0', ports: ['9092:9092'], "
    "environment: {KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://${LANE_HOST}:9092%s'}}"
)


@table(
    Situation(
        "a broker that tells clients inside loopback alone",
        services(BROKER % "", "rink: {image: example/rink, environment: {BROKERS: 'lane:9092'}}"),
        "LANE_HOST=127.0.0.1\n",
        "LANE_HOST ask ambiguous",
    ),
    Situation(
        "a broker with a listener for inside as well",
        services(BROKER % ",INSIDE://lane:29092", "rink: {image: example/rink, environment: {BROKERS: 'lane:29092'}}"),
        "LANE_HOST=127.0.0.1\n",
        "LANE_HOST keep bind",
    ),
    Situation(
        "a broker that nobody inside asks",
        services(BROKER % "", "rink: {image: example/rink}"),
        "LANE_HOST=127.0.0.1\n",
        "LANE_HOST keep bind",
    ),
)
def test_a_broker_that_advertises_loopback(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def test_a_reader_that_the_user_names_counts(tmp_path: Path) -> None:
    situation = Situation(
        "",
        services("rink: {image: example/rink}", "fast: {image: redis, ports: ['6400:6379']}"),
        "SKATES_REDIS=redis://localhost:6400\nICE_REDIS=redis://localhost:6400\n",
        "",
        {".envfix.toml": 'readers = { SKATES_REDIS = ["rink"] }\n'},
    )
    plan = plan_of(tmp_path, situation)
    assert told(plan) == ["SKATES_REDIS rewrite published fast:6379", "ICE_REDIS keep unread"]
    assert [(reader.service, reader.way) for reader in plan.references[0].readers] == [("rink", "configured")]


def test_a_name_that_means_another_service_than_the_one_at_its_port_is_a_question_with_both(tmp_path: Path) -> None:
    bar = "bar-service: {build: bar, ports: ['7802:80']}"
    situation = Situation(
        "", services("rink: {build: rink, env_file: .env}", STAND, bar), "BAR_SERVICE_URL=http://localhost:7700\n", ""
    )
    (asked,) = plan_of(tmp_path, situation).references
    assert [choice.replacement for choice in asked.choices] == ["stand:7700", "bar-service:80"]
    assert asked.explanation == "stand serves port 7700, but BAR_SERVICE_URL names bar-service, which listens on 80"
