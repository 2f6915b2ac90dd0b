"""Small projects, a question about names, networks or host addresses each, and what is right there, found by hand.

Every service runs the same small program, which listens on 8000 (or where its command says) and says who it is. A row
holds the decisions of its `.env`, as `VARIABLE decision reason [replacement]`, and claims of its own about the network,
as `READER ADDRESS ANSWER`: the service that answers there, or `refused`, `unresolved`, `unreachable`.
"""

from __future__ import annotations

from typing import NamedTuple


class Small(NamedTuple):
    """`networks` are made before the project is started, for those that it calls external."""

    lesson: str
    services: tuple[str, ...]
    env: str
    decisions: str
    claims: str = ""
    rest: str = ""
    networks: tuple[str, ...] = ()

    @property
    def compose(self) -> str:
        return "name: shop\nservices:\n" + "".join(f"  {service}\n" for service in self.services) + self.rest


def app(name: str, *more: str) -> str:
    """A service that says its name."""
    return f"{name}: {{{', '.join(('image: example/app:1', f'environment: [SELF={name}]', *more))}}}"


def reader(name: str, *more: str) -> str:
    return app(name, "env_file: .env", *more)


def on(**networks: str) -> str:
    """`networks:` with an alias on each."""
    return f"networks: {{{', '.join(f'{key}: {{aliases: [{alias}]}}' for key, alias in networks.items())}}}"


TILL = reader("till")
DB = app("db", "ports: ['7001:8000']")
OLD = app("old", on(default="db"))
URL = "DB_URL=postgres://u:p@localhost:7001/x\n"
ASK = "DB_URL ask ambiguous"
TWO = "networks: {ann: {}, zoe: {}}\n"
JOINED = "networks: {mine: {external: true, name: joined}, yours: {external: true, name: joined}}\n"

SMALL = (
    Small(
        "extra_hosts goes before DNS",
        (reader("till", "extra_hosts: ['db:host-gateway']"), DB),
        URL,
        ASK,
        "till shop-db-1:8000 db\ntill db.shop_default:8000 db\ntill db:8000 refused\ntill db:7001 db",
    ),
    Small(
        "and another name of the service is written",
        (reader("till", "extra_hosts: ['db:127.0.0.1']"), app("db", "ports: ['7001:8000']", "container_name: box")),
        URL,
        "DB_URL rewrite published box:8000",
        "till db:8000 till",
    ),
    Small(
        "an alias serves as well",
        (reader("till", "extra_hosts: ['db:127.0.0.1']"), app("db", "ports: ['7001:8000']", on(default="store"))),
        URL,
        "DB_URL rewrite published store:8000",
    ),
    Small(
        "a hostname too",
        (reader("till", "extra_hosts: ['db:127.0.0.1']"), app("db", "ports: ['7001:8000']", "hostname: keeper")),
        URL,
        "DB_URL rewrite published keeper:8000",
    ),
    Small(
        "a fixed address in extra_hosts is the service's",
        (
            reader("till", "networks: [ann]", "extra_hosts: ['db:172.31.9.9']"),
            app("db", "ports: ['7001:8000']", "networks: {ann: {ipv4_address: 172.31.9.9}}"),
        ),
        URL,
        "DB_URL rewrite published db:8000",
        rest="networks: {ann: {ipam: {config: [{subnet: 172.31.9.0/24}]}}}\n",
    ),
    Small(
        "an alias that two services bear is no name of either",
        (
            TILL,
            app("db_a", "ports: ['7001:8000']", on(default="db")),
            app("db_b", "ports: ['7002:8000']", on(default="db")),
        ),
        URL + "SECOND_URL=postgres://localhost:7002/x\n",
        "DB_URL rewrite published db_a:8000\nSECOND_URL rewrite published db_b:8000",
        "till db:8000 db_a,db_b",
    ),
    Small("nor is a service's name that another bears", (TILL, DB, OLD), URL, ASK, "till db:8000 db,old"),
    Small(
        "in whatever case",
        (TILL, DB, app("old", on(default="DB"))),
        URL,
        ASK,
        "till db:8000 db,old\ntill dB:8000 db,old",
    ),
    Small(
        "extends copies a hostname",
        (
            TILL,
            app("db", "ports: ['7001:8000']", "hostname: db"),
            "copy: {extends: {service: db}, environment: [SELF=copy], ports: !reset []}",
        ),
        URL,
        ASK,
        "till db:8000 copy,db",
    ),
    Small(
        "a namesake of an inactive profile is silent",
        (TILL, DB, app("old", "profiles: [old]", on(default="db"))),
        URL,
        "DB_URL rewrite published db:8000",
    ),
    Small(
        "a namesake without containers too",
        (TILL, DB, app("old", "scale: 0", on(default="db"))),
        URL,
        "DB_URL rewrite published db:8000",
    ),
    Small(
        "the first network by name answers alone",
        (
            reader("till", "networks: [zoe, ann]"),
            app("db", "ports: ['7001:8000']", "networks: [zoe]"),
            app("old", on(ann="db")),
        ),
        URL,
        ASK,
        "till db:8000 old\ntill db.shop_zoe:8000 db",
        TWO,
    ),
    Small(
        "a namesake on a later one hides nothing",
        (
            reader("till", "networks: [zoe, ann]"),
            app("db", "ports: ['7001:8000']", "networks: [ann]"),
            app("old", on(zoe="db")),
        ),
        URL,
        "DB_URL rewrite published db:8000",
        "till db.shop_zoe:8000 old",
        TWO,
    ),
    Small(
        "nor one on a network that the reader lacks",
        (
            reader("till", "networks: [zoe]"),
            app("db", "ports: ['7001:8000']", "networks: [zoe]"),
            app("old", on(ann="db")),
        ),
        URL,
        "DB_URL rewrite published db:8000",
        rest=TWO,
    ),
    Small(
        "an alias counts on its own network alone",
        (
            reader("till", "networks: [ann]"),
            app("my_db", "ports: ['7001:8000']", on(ann="my_store", zoe="store")),
        ),
        URL,
        "DB_URL rewrite published my_db:8000",
        "till store:8000 unresolved",
        TWO,
    ),
    Small(
        "the reader's own hostname is itself",
        (reader("till", "hostname: db"), DB),
        URL,
        ASK,
        "till db:8000 till\ntill shop-db-1:8000 db",
    ),
    Small(
        "a service called localhost",
        (TILL, app("localhost", "ports: ['7001:8000']", "container_name: box")),
        URL,
        "DB_URL rewrite published box:8000",
        "till localhost:8000 till\ntill localhost.shop_default:8000 localhost",
    ),
    Small(
        "an alias without an underscore, the first of several",
        (
            reader("till", "networks: [ann, zoe]"),
            app("my_db", "ports: ['7001:8000']", on(zoe="db-zoe", ann="db-ann")),
        ),
        URL,
        "DB_URL rewrite published db-ann:8000",
        rest=TWO,
    ),
    Small(
        "readers that need different names",
        (
            reader("till", "networks: [ann]"),
            reader("desk", "networks: [zoe]"),
            app("db", "ports: ['7001:8000']", on(ann="store", zoe="depot")),
            app("old", on(ann="db", zoe="db")),
        ),
        URL,
        "DB_URL ask conflict",
        "till store:8000 db\ndesk depot:8000 db\ntill depot:8000 unresolved\ndesk store:8000 unresolved",
        TWO,
    ),
    Small(
        "two keys of one network",
        (reader("till", "networks: [mine]"), app("db", "ports: ['7001:8000']", "networks: [yours]")),
        URL,
        "DB_URL rewrite published db:8000",
        rest=JOINED,
        networks=("joined",),
    ),
    Small(
        "a network's name as the reader's mode",
        (reader("till", "network_mode: joined"), app("db", "ports: ['7001:8000']", "networks: [yours]")),
        URL,
        "DB_URL rewrite published db:8000",
        "db till:8000 unresolved\ndb shop-till-1:8000 till",
        JOINED,
        ("joined",),
    ),
    Small(
        "as the target's mode",
        (reader("till", "networks: [mine]"), app("db", "ports: ['7001:8000']", "network_mode: joined")),
        URL,
        ASK,
        "till db:8000 unresolved\ntill shop-db-1:8000 db",
        JOINED,
        ("joined",),
    ),
    Small(
        "where its container has a name",
        (
            reader("till", "networks: [mine]"),
            app("db", "ports: ['7001:8000']", "network_mode: joined", "container_name: box"),
        ),
        URL,
        "DB_URL rewrite published box:8000",
        rest=JOINED,
        networks=("joined",),
    ),
    Small(
        "a reader in the namespace of a named container",
        (
            app("tunnel", "container_name: tun"),
            reader("till", "network_mode: 'container:tun'", "command: ['0.0.0.0:8001']", "depends_on: [tunnel]"),
            DB,
        ),
        URL,
        "DB_URL rewrite published db:8000",
        "till localhost:8000 tunnel",
    ),
    Small(
        "or of one that Compose names",
        (
            app("tunnel"),
            reader(
                "till", "network_mode: 'container:shop-tunnel-1'", "command: ['0.0.0.0:8001']", "depends_on: [tunnel]"
            ),
            DB,
        ),
        URL,
        "DB_URL rewrite published db:8000",
    ),
    Small(
        "a target in another's namespace has that one's name",
        (
            TILL,
            app("tunnel", "ports: ['7001:8001']"),
            app("db", "network_mode: service:tunnel", "command: ['0.0.0.0:8001']"),
        ),
        URL,
        "DB_URL rewrite published tunnel:8001",
        "till db:8001 unresolved",
    ),
    Small(
        "a link on the engine's bridge",
        (
            reader("till", "network_mode: bridge", "links: ['db:store']"),
            app("db", "ports: ['7001:8000']", "network_mode: bridge"),
        ),
        URL,
        "DB_URL rewrite published store:8000",
    ),
    Small(
        "which knows no names without one",
        (reader("till", "network_mode: bridge"), app("db", "ports: ['7001:8000']", "network_mode: bridge")),
        URL,
        "DB_URL keep unreachable",
    ),
    Small(
        "a link between networks leads nowhere",
        (
            reader("till", "networks: [ann]", "links: ['db:store']"),
            app("db", "ports: ['7001:8000']", "networks: [zoe]"),
        ),
        URL,
        "DB_URL keep unreachable",
        "till store:8000 unresolved",
        TWO,
    ),
    Small(
        "a link on one network is hidden by nothing",
        (reader("till", "links: ['db:store']"), DB, app("old", on(default="db"), "hostname: store")),
        URL,
        "DB_URL rewrite published store:8000",
        "till db:8000 db,old",
    ),
    Small(
        "a link without an alias is the service's own name, and its alone",
        (reader("till", "links: [db]"), DB, OLD),
        URL,
        "DB_URL rewrite published db:8000",
    ),
    Small(
        "a target on the host's network",
        (
            reader("till", "extra_hosts: ['host.docker.internal:host-gateway']"),
            app("db", "network_mode: host", "command: ['0.0.0.0:8055']", "expose: ['8055']"),
        ),
        "DB_URL=postgres://u:p@localhost:8055/x\n",
        "DB_URL keep unreachable",
        "till db:8055 unresolved\ntill host.docker.internal:8055 db",
    ),
    Small(
        "where ports: is discarded",
        (
            reader("till", "network_mode: host", "command: ['0.0.0.0:8056']"),
            app("db", "network_mode: host", "command: ['0.0.0.0:8055']", "ports: ['7001:8055']"),
        ),
        URL,
        "DB_URL keep host-network",
        "till 127.0.0.1:7001 refused\ntill 127.0.0.1:8055 db",
    ),
    Small(
        "no network at all",
        (reader("till", "network_mode: none"), DB),
        URL,
        "DB_URL keep unreachable",
    ),
    Small(
        "one port on two addresses of the machine",
        (TILL, app("db", "ports: ['127.0.0.1:7001:8000']"), app("spare", "ports: ['127.0.0.2:7001:8000']")),
        URL + "A_URL=postgres://127.0.0.1:7001/x\nB_URL=postgres://127.0.0.2:7001/x\n"
        "C_URL=postgres://127.0.0.3:7001/x\n",
        """
        DB_URL rewrite published db:8000
        A_URL rewrite published db:8000
        B_URL rewrite published spare:8000
        C_URL keep no-target
        """,
        "host 127.0.0.3:7001 refused",
    ),
    Small(
        "every address of a family",
        (TILL, app("db", "ports: ['0.0.0.0:7001:8000']")),
        "A_URL=postgres://127.0.0.9:7001/x\nB_URL=postgres://0.0.0.0:7001/x\nC_URL=postgres://127.1:7001/x\n",
        """
        A_URL rewrite published db:8000
        B_URL rewrite published db:8000
        C_URL rewrite published db:8000
        """,
    ),
    Small(
        "loopback as a number",
        (TILL, DB),
        "A_URL=postgres://0:7001/x\nB_URL=postgres://2130706433:7001/x\nC_URL=postgres://0x7f000001:7001/x\n",
        """
        A_URL rewrite published db:8000
        B_URL rewrite published db:8000
        C_URL rewrite published db:8000
        """,
    ),
    Small(
        "a service without a container",
        (TILL, app("db", "ports: ['7001:8000']", "deploy: {replicas: 0}"), app("spare", "ports: ['7002:8000']")),
        URL,
        "DB_URL rewrite published db:8000",
        "till db:8000 unresolved",
    ),
    Small(
        "several containers of one service",
        (TILL, app("db", "ports: ['7001-7002:8000']", "scale: 2"), app("old", on(default="shop-db-2"))),
        URL,
        "DB_URL rewrite published db:8000",
        "till shop-db-2:8000 db,old",
    ),
    Small(
        "its own published port is refused inside",
        (reader("till", "ports: ['7001:8000']"),),
        "TILL_INTERNAL_URL=http://localhost:7001\nTILL_CALL=http://localhost:7001\n",
        "TILL_INTERNAL_URL ask ambiguous\nTILL_CALL keep self",
        "till localhost:7001 refused\ntill till:7001 refused\ntill till:8000 till",
    ),
    Small(
        "the published port behind any name of a service",
        (TILL, app("db", "ports: ['7001:8000']", "hostname: keeper", on(default="store"))),
        "A_URL=postgres://shop-db-1:7001/x\nB_URL=postgres://db.shop_default:7001/x\nC_URL=postgres://DB:7001/x\n"
        "D_URL=postgres://store:7001/x\nE_URL=postgres://Keeper.shop_default:7001/x\nF_URL=postgres://db.:7001/x\n",
        """
        A_URL rewrite published-port-on-service shop-db-1:8000
        B_URL rewrite published-port-on-service db.shop_default:8000
        C_URL rewrite published-port-on-service DB:8000
        D_URL rewrite published-port-on-service store:8000
        E_URL rewrite published-port-on-service Keeper.shop_default:8000
        F_URL rewrite published-port-on-service db.:8000
        """,
    ),
    Small(
        "which extra_hosts may make right",
        (reader("till", "extra_hosts: ['db:host-gateway']"), DB),
        "DB_URL=postgres://db:7001/x\n",
        "",
        "till db:7001 db",
    ),
    Small(
        "for one of two readers",
        (reader("till", "extra_hosts: ['db:host-gateway']"), reader("desk"), DB),
        "DB_URL=postgres://db:7001/x\n",
        "DB_URL ask conflict",
        "till db:7001 db\ndesk db:7001 refused",
    ),
    Small(
        "names on a network without a way out",
        (reader("till", "networks: [ann]"), app("db", "ports: ['7001:8000']", "networks: [ann, default]")),
        URL,
        "DB_URL rewrite published db:8000",
        "till nobody:8000 unresolved",
        "networks: {ann: {internal: true}}\n",
    ),
    Small(
        "a hostname with a dot is one name",
        (TILL, app("db", "ports: ['7001:8000']", "hostname: db.corp.test")),
        "DB_URL=postgres://db.corp.test:7001/x\n",
        "DB_URL rewrite published-port-on-service db.corp.test:8000",
    ),
)
"""Rows in no order that matters; each is started alone."""
