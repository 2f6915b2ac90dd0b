"""A name server that knows no name: 127.0.0.1:53 of the private engine.

Docker's own DNS passes on what is no service's name. With nobody to pass it to, a client waits ten seconds and then
reports a temporary failure; in the world outside, the name is unknown at once. It is run by its path.
"""

import socket

UNKNOWN = b"\x81\x83"  # an answer, recursion available, "no such name"


def answer(query: bytes) -> bytes:
    """The query's id and question, no records."""
    end = query.index(b"\0", 12) + 5  # the name ends with a zero octet; type and class follow
    return query[:2] + UNKNOWN + b"\0\1\0\0\0\0\0\0" + query[12:end]


def main() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 53))
        while True:
            query, client = server.recvfrom(4096)
            if len(query) > 16:
                server.sendto(answer(query), client)


if __name__ == "__main__":
    main()
