#!/usr/bin/python3
"""A small program for the lessons: serves HTTP on every HOST:PORT of its command (0.0.0.0:8000 if it has none).

At `/self` it says what its variable SELF holds.
"""

import http.server
import os
import signal
import sys
import threading


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write((os.environ.get("SELF", "") if self.path == "/self" else "OK").encode() + b"\n")

    def log_message(self, *_):
        pass


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
for address in sys.argv[1:] or ["0.0.0.0:8000"]:
    host, _, port = address.rpartition(":")
    server = http.server.ThreadingHTTPServer((host, int(port)), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
signal.pause()
