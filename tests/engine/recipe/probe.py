#!/usr/bin/python3
"""Try addresses from where this runs: a container, or the engine's host. One JSON object for each HOST:PORT argument.

`outcome` is connected, refused, unresolved, timeout or unreachable; `peer` the IP that answered. The program knows
nothing of envfix or Compose, and needs nothing but Python's standard library.
"""

import concurrent.futures
import json
import socket
import sys

TIMEOUT = 1  # seconds; the other end is on this machine


def attempt(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as connection:
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(address)
            return "connected", connection.getpeername()[0]
        except ConnectionRefusedError:
            return "refused", None
        except TimeoutError:
            return "timeout", None
        except OSError:
            return "unreachable", None


def probe(text):
    """Every address that the name resolves to is tried, as clients do; the best outcome counts."""
    host, _, port = text.rpartition(":")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except socket.gaierror:
        return {"address": text, "outcome": "unresolved", "peer": None}
    tried = [attempt(family, address) for family, _, _, _, address in found]
    order = ("connected", "refused", "timeout", "unreachable")
    outcome, peer = min(tried, key=lambda result: order.index(result[0]))
    return {"address": text, "outcome": outcome, "peer": peer}


with concurrent.futures.ThreadPoolExecutor(16) as workers:
    for result in workers.map(probe, sys.argv[1:]):
        print(json.dumps(result))
