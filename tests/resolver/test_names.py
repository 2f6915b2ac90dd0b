"""By which name is a service reached, by which port, and what of a host address decides? What an engine answers to each
of these questions is tried in tests/engine/test_names.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from .situations import Situation, check, plan_of, services, table, write

SHOP = "shop: {build: ., env_file: .env}"
QUEUE = "queue: {image: 'redis:7', ports: ['6400:6379']}"
QUEUE_URL = "QUEUE_URL=redis://localhost:6400\n"
NETS = "networks: {ann: {}, zoe: {}}\n"


@table(
    Situation(
        "extra_hosts of the reader goes before DNS: another name of the service is written",
        services(
            "shop: {build: ., env_file: .env, extra_hosts: ['queue:host-gateway']}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], container_name: the-queue}",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published the-queue:6379",
    ),
    Situation(
        "where the service has no other name it is asked",
        services("shop: {build: ., env_file: .env, extra_hosts: ['queue:127.0.0.1']}", QUEUE),
        QUEUE_URL,
        "QUEUE_URL ask ambiguous",
    ),
    Situation(
        "a fixed address in extra_hosts may be the service's own",
        services(
            "shop: {build: ., env_file: .env, networks: [ann], extra_hosts: ['queue:172.30.0.9']}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: {ann: {ipv4_address: 172.30.0.9}}}",
            rest="networks: {ann: {ipam: {config: [{subnet: 172.30.0.0/24}]}}}\n",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "an alias that another service bears too is no name of either",
        services(
            SHOP,
            "queue_a: {image: 'redis:7', ports: ['6400:6379'], networks: {default: {aliases: [jobs]}}}",
            "queue_b: {image: 'redis:7', ports: ['6401:6379'], networks: {default: {aliases: [jobs]}}}",
        ),
        QUEUE_URL + "SECOND_URL=redis://localhost:6401\n",
        "QUEUE_URL rewrite published queue_a:6379\nSECOND_URL rewrite published queue_b:6379",
    ),
    Situation(
        "nor is the service's own name, once another bears it as an alias",
        services(SHOP, QUEUE, "old: {image: 'redis:5', networks: {default: {aliases: [QUEUE]}}}"),
        QUEUE_URL,
        "QUEUE_URL ask ambiguous",
    ),
    Situation(
        "or as the hostname that extends copied",
        services(
            SHOP,
            "api: {image: example/api, hostname: api, ports: ['8001:8000']}",
            "jobs: {extends: {service: api}, command: run-jobs, ports: !reset []}",
        ),
        "API_INTERNAL_URL=http://localhost:8001\n",
        "API_INTERNAL_URL ask ambiguous",
    ),
    Situation(
        "a service of an inactive profile answers to nothing",
        services(SHOP, QUEUE, "old: {image: 'redis:5', profiles: [old], networks: {default: {aliases: [queue]}}}"),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "the network whose name comes first answers alone, though another one is listed first",
        services(
            "shop: {build: ., env_file: .env, networks: [zoe, ann]}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: [zoe]}",
            "old: {image: 'redis:5', networks: {ann: {aliases: [queue]}}}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL ask ambiguous",
    ),
    Situation(
        "so that a namesake on a later one hides nothing",
        services(
            "shop: {build: ., env_file: .env, networks: [zoe, ann]}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: [ann]}",
            "old: {image: 'redis:5', networks: {zoe: {aliases: [queue]}}}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "a namesake on a network that the reader lacks hides nothing",
        services(
            "shop: {build: ., env_file: .env, networks: [zoe]}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: [zoe]}",
            "old: {image: 'redis:5', networks: {ann: {aliases: [queue]}}}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "a reader whose own hostname is the service's name finds itself there",
        services("shop: {build: ., env_file: .env, hostname: queue}", QUEUE),
        QUEUE_URL,
        "QUEUE_URL ask ambiguous",
    ),
    Situation(
        "a service called localhost is reached by its container's name alone",
        services(SHOP, "localhost: {image: 'redis:7', ports: ['6400:6379'], container_name: local-queue}"),
        QUEUE_URL,
        "QUEUE_URL rewrite published local-queue:6379",
    ),
    Situation(
        "of aliases without an underscore the one that stands first is written",
        services(
            "shop: {build: ., env_file: .env, networks: [ann, zoe]}",
            "my_queue: {image: 'redis:7', ports: ['6400:6379'], "
            "networks: {zoe: {aliases: [q-zoe]}, ann: {aliases: [q_ann, q-ann]}}}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published q-ann:6379",
    ),
    Situation(
        "readers that need different names need different values",
        services(
            "shop: {build: ., env_file: .env, networks: [ann]}",
            "till: {build: ., env_file: .env, networks: [zoe]}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: {ann: {aliases: [q]}, zoe: {aliases: [r]}}}",
            "old: {image: 'redis:5', networks: {ann: {aliases: [queue]}, zoe: {aliases: [queue]}}}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL ask conflict",
    ),
)
def test_names(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "two keys of one network",
        services(
            "shop: {build: ., env_file: .env, networks: [mine]}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: [yours]}",
            rest="networks: {mine: {external: true, name: ours}, yours: {external: true, name: ours}}\n",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "a network's name as the reader's mode",
        services("shop: {build: ., env_file: .env, network_mode: app_default}", QUEUE),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "as the target's, which then has no alias there",
        services(SHOP, "queue: {image: 'redis:7', ports: ['6400:6379'], network_mode: app_default}"),
        QUEUE_URL,
        "QUEUE_URL ask ambiguous",
    ),
    Situation(
        "but the name of its container",
        services(
            SHOP,
            "queue: {image: 'redis:7', ports: ['6400:6379'], network_mode: app_default, container_name: the-queue}",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published the-queue:6379",
    ),
    Situation(
        "the namespace of a container of the project",
        services(
            "tunnel: {image: example/tunnel, container_name: tun}",
            "shop: {build: ., env_file: .env, network_mode: 'container:tun'}",
            QUEUE,
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "by the name that Compose gives it",
        services(
            "tunnel: {image: example/tunnel}",
            "shop: {build: ., env_file: .env, network_mode: 'container:app-tunnel-1'}",
            QUEUE,
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
    Situation(
        "that of another project's container, which nothing here is known of",
        services("shop: {build: ., env_file: .env, network_mode: 'container:elsewhere'}", QUEUE),
        QUEUE_URL,
        "QUEUE_URL keep unreachable",
    ),
    Situation(
        "a link on the engine's own bridge",
        services(
            "shop: {build: ., env_file: .env, network_mode: bridge, links: ['queue:jobs']}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], network_mode: bridge}",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published jobs:6379",
    ),
    Situation(
        "which has no names without one",
        services(
            "shop: {build: ., env_file: .env, network_mode: bridge}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], network_mode: bridge}",
        ),
        QUEUE_URL,
        "QUEUE_URL keep unreachable",
    ),
    Situation(
        "a link leads nowhere without a network that both are on",
        services(
            "shop: {build: ., env_file: .env, networks: [ann], links: ['queue:jobs']}",
            "queue: {image: 'redis:7', ports: ['6400:6379'], networks: [zoe]}",
            rest=NETS,
        ),
        QUEUE_URL,
        "QUEUE_URL keep unreachable",
    ),
    Situation(
        "on one network a link is a name that nothing hides",
        services(
            "shop: {build: ., env_file: .env, links: ['queue:jobs']}",
            QUEUE,
            "old: {image: 'redis:5', networks: {default: {aliases: [queue]}}}",
        ),
        QUEUE_URL,
        "QUEUE_URL rewrite published jobs:6379",
    ),
    Situation(
        "a service of no container is the last choice",
        services(SHOP, QUEUE, "spare: {image: 'redis:7', ports: ['127.0.0.1:6400:6379'], deploy: {replicas: 0}}"),
        QUEUE_URL,
        "QUEUE_URL rewrite published queue:6379",
    ),
)
def test_ways(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


PLAIN = "{image: 'redis:7', ports: ['%s:6379']}"


@table(
    Situation(
        "one port on several addresses of the machine",
        services(
            SHOP,
            f"one: {PLAIN % '127.0.0.1:6400'}",
            f"two: {PLAIN % '127.0.0.2:6400'}",
            f"six: {PLAIN % '[::1]:6400'}",
            f"lan: {PLAIN % '192.168.7.7:6400'}",
        ),
        "A_URL=redis://127.0.0.1:6400\nB_URL=redis://127.0.0.2:6400\nC_URL=redis://[::1]:6400\n"
        "D_URL=redis://ip6-localhost:6400\nE_URL=redis://127.1:6400\nF_URL=redis://127.0.0.3:6400\n",
        """
        A_URL rewrite published one:6379
        B_URL rewrite published two:6379
        C_URL rewrite published six:6379
        D_URL rewrite published six:6379
        E_URL rewrite published one:6379
        F_URL keep no-target
        """,
    ),
    Situation(
        "localhost is both families",
        services(SHOP, f"one: {PLAIN % '127.0.0.2:6400'}", f"six: {PLAIN % '[::1]:6400'}"),
        QUEUE_URL,
        "QUEUE_URL rewrite published six:6379",
    ),
    Situation(
        "0.0.0.0 answers everywhere in its family",
        services(SHOP, f"one: {PLAIN % '0.0.0.0:6400'}"),
        "A_URL=redis://127.0.0.9:6400\nB_URL=redis://[::1]:6400\n",
        "A_URL rewrite published one:6379\nB_URL keep no-target",
    ),
    Situation(
        "a port of the machine's address in the local network is none of loopback's",
        services(SHOP, f"lan: {PLAIN % '192.168.7.7:6400'}"),
        QUEUE_URL,
        "QUEUE_URL keep no-target",
    ),
    Situation(
        "odd spellings of loopback, some of them only where a host must stand",
        services(SHOP, QUEUE),
        "A_URL=redis://0:6400\nB_URL=redis://2130706433:6400\nC_URL=redis://0x7F000001:6400\n"
        "D_URL=redis://localhost.:6400\nE_HOST=0\nF_ID=2130706433\nG_URL=redis://127.11:6400\n",
        """
        A_URL rewrite published queue:6379
        B_URL rewrite published queue:6379
        C_URL rewrite published queue:6379
        D_URL rewrite published queue:6379
        """,
    ),
    Situation(
        "Podman's name of the machine is told like Docker's",
        services(SHOP, QUEUE),
        "A_URL=redis://host.containers.internal:6400\n",
        "A_URL keep host-gateway",
    ),
)
def test_host_addresses(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


@table(
    Situation(
        "any name of the service, in any case, is as far from right",
        services(
            SHOP,
            "queue: {image: 'redis:7', ports: ['6400:6379'], hostname: q-host, networks: {default: {aliases: [jobs]}}}",
        ),
        "A_URL=redis://app-queue-1:6400\nB_URL=redis://queue.app_default:6400\nC_URL=redis://QUEUE:6400\n"
        "D_URL=redis://jobs:6400\nE_URL=redis://Q-Host.app_default:6400\nF_URL=redis://queue.:6400\n",
        """
        A_URL rewrite published-port-on-service app-queue-1:6379
        B_URL rewrite published-port-on-service queue.app_default:6379
        C_URL rewrite published-port-on-service QUEUE:6379
        D_URL rewrite published-port-on-service jobs:6379
        E_URL rewrite published-port-on-service Q-Host.app_default:6379
        F_URL rewrite published-port-on-service queue.:6379
        """,
    ),
    Situation(
        "a name that is the machine's by extra_hosts leads to the published port",
        services("shop: {build: ., env_file: .env, extra_hosts: ['queue:host-gateway']}", QUEUE),
        "A_URL=redis://queue:6400\n",
        "",
    ),
    Situation(
        "so that two readers may need both",
        services(
            "shop: {build: ., env_file: .env, extra_hosts: ['queue:host-gateway']}",
            "till: {build: ., env_file: .env}",
            QUEUE,
        ),
        "A_URL=redis://queue:6400\n",
        "A_URL ask conflict",
    ),
    Situation(
        "a name that two services answer to is left alone",
        services(SHOP, QUEUE, "old: {image: 'redis:5', networks: {default: {aliases: [queue]}}}"),
        "A_URL=redis://queue:6400\n",
        "",
    ),
    Situation(
        "its own name with its own published port is refused, and stays",
        services("shop: {build: ., env_file: .env, ports: ['8080:8000']}"),
        "SHOP_INTERNAL_URL=http://shop:8080\n",
        "",
    ),
)
def test_half_made(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


OWN = "shop: {build: ., env_file: .env, ports: ['8080:8000']}"


@table(
    Situation(
        "its own published port, with a word for inside",
        services(OWN),
        "SHOP_INTERNAL_URL=http://localhost:8080\n",
        "SHOP_INTERNAL_URL ask ambiguous",
    ),
    Situation("without one", services(OWN), "SHOP_CALL=http://localhost:8080\n", "SHOP_CALL keep self"),
    Situation(
        "a public one is for browsers all the same",
        services(OWN),
        "PUBLIC_URL=http://localhost:8080\n",
        "PUBLIC_URL keep browser",
    ),
    Situation(
        "published and listened on alike, it answers inside",
        services("shop: {build: ., env_file: .env, ports: ['8000:8000']}"),
        "SHOP_INTERNAL_URL=http://localhost:8000\n",
        "SHOP_INTERNAL_URL keep self",
    ),
)
def test_own_ports(tmp_path: Path, situation: Situation) -> None:
    check(tmp_path, situation)


def explained(folder: Path, env: str, *parts: str, rest: str = "") -> str:
    situation = Situation("", services(*parts, rest=rest), env, "")
    (reference,) = plan_of(folder, situation).references
    return "; ".join([reference.explanation, *(f"{one.replacement}: {one.explanation}" for one in reference.choices)])


@pytest.mark.parametrize(
    ("parts", "env", "said"),
    [
        (["shop: {build: ., env_file: .env, extra_hosts: ['queue:host-gateway']}", QUEUE], QUEUE_URL,
         "extra_hosts put it at host-gateway; app-queue-1:6379"),
        ([SHOP, QUEUE, "old: {image: 'redis:5', networks: {default: {aliases: [queue]}}}"], QUEUE_URL,
         "queue answers for queue and old in turn on the network app_default; app-queue-1:6379"),
        ([SHOP, "queue: {image: 'redis:7', ports: ['6400:6379'], scale: 0}"], QUEUE_URL,
         "no container of queue is started"),
        ([SHOP, "queue: {image: 'redis:7', network_mode: host}"], "QUEUE_URL=redis://localhost:6379\n",
         'host.docker.internal:6379, with `extra_hosts: ["host.docker.internal:host-gateway"]`'),
        (["shop: {build: ., env_file: .env, network_mode: host}",
          "queue: {image: 'redis:7', network_mode: host, ports: ['6400:6379']}"], QUEUE_URL,
         "ports: is discarded, and queue listens on 6379"),
        ([OWN], "SHOP_CALL=http://localhost:8080\n", "a connection to it is refused, its server listens on 8000"),
        ([SHOP, "queue_1: {image: 'redis:7', ports: ['6400:6379']}"], QUEUE_URL, "refuse a host with an underscore"),
    ],
)  # fmt: skip
def test_what_is_said(tmp_path: Path, parts: list[str], env: str, said: str) -> None:
    assert said in explained(tmp_path, env, *parts)


def test_the_underscore_is_mentioned_only_where_one_is_written(tmp_path: Path) -> None:
    queue = "my_queue: {image: 'redis:7', ports: ['6400:6379'], networks: {default: {aliases: [jobs]}}}"
    assert "underscore" not in explained(tmp_path, "QUEUE_URL=redis://jobs:6400\n", SHOP, queue)


@pytest.mark.slow
def test_the_same_run_says_the_same_whatever_the_order_of_sets(tmp_path: Path) -> None:
    names = [f"q{letter}" for letter in "abcdefgh"]
    nets = "".join(f"{name}: {{}}, " for name in names)
    joined = ", ".join(f"{name}: {{aliases: [{name}x, {name}y]}}" for name in names)
    compose = services(
        f"shop: {{build: ., env_file: .env, networks: [{', '.join(names)}]}}",
        f"my_queue: {{image: 'redis:7', ports: ['6400:6379'], networks: {{{joined}}}}}",
        f"twin: {{image: 'redis:7', ports: ['127.0.0.1:6401:6379', '[::1]:6401:6379'], networks: {{{joined}}}}}",
        rest=f"networks: {{{nets}}}\n",
    )
    write(tmp_path, {"compose.yaml": compose, ".env": QUEUE_URL + "TWIN_URL=redis://localhost:6401\n"})
    said = set()
    for seed in ("0", "1", "2", "3", "17"):
        command = [sys.executable, "-m", "envfix", "--format", "json", str(tmp_path)]
        done = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=False)
        assert json.loads(done.stdout)["summary"]["rewrite"] + json.loads(done.stdout)["summary"]["ask"] == 2
        said.add(done.stdout)
    assert len(said) == 1


def test_the_reasoning_has_every_name_that_is_sure(tmp_path: Path) -> None:
    queue = "queue: {image: 'redis:7', ports: ['6400:6379'], hostname: q, networks: {default: {aliases: [jobs]}}}"
    situation = Situation("", services(SHOP, queue), QUEUE_URL, "")
    (reference,) = plan_of(tmp_path, situation).references
    named = "queue, jobs, q, app-queue-1, queue.app_default, jobs.app_default, q.app_default"
    assert f"shop reaches queue as {named}" in reference.reasoning
