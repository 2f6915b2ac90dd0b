#!/usr/bin/python3
"""Who answers at these addresses, from where this runs? One JSON object for each HOST:PORT argument.

A name may lead to several containers, so every address that it resolves to is asked for `/self`, which app.py answers
with its service's name. `answers` holds those, or what happened instead: refused, timeout, unreachable, unresolved.
"""

import concurrent.futures
import http.client
import json
import socket
import sys

TIMEOUT = 3  # seconds; the other end is on this machine, which may be busy


def answer(ip, port):
    connection = http.client.HTTPConnection(ip, port, timeout=TIMEOUT)
    try:
        connection.request("GET", "/self")
        return connection.getresponse().read().decode().strip()
    except ConnectionRefusedError:
        return "refused"
    except TimeoutError:
        return "timeout"
    except OSError:
        return "unreachable"


def ask(text):
    host, _, port = text.rpartition(":")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except socket.gaierror:
        return {"address": text, "answers": ["unresolved"]}
    return {"address": text, "answers": sorted({answer(place[0], place[1]) for _, _, _, _, place in found})}


with concurrent.futures.ThreadPoolExecutor(16) as workers:
    for result in workers.map(ask, sys.argv[1:]):
        print(json.dumps(result))
