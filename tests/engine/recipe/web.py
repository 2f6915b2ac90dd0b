#!/usr/bin/python3
"""The web container: uses every address it is given, exits 1 if one fails (as in Langfuse), then serves pages.

Pages are on 0.0.0.0:3000; `/login` sends the browser to NEXTAUTH_URL. METRICS_LISTEN is a listener of its own.
"""

import http.server
import os
import signal
import sys
import threading

import clients


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/login":
            self.send_response(302)
            self.send_header("Location", os.environ["NEXTAUTH_URL"] + "/api/public/health")
            self.end_headers()
        else:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"OK\n")

    def log_message(self, *_):
        pass


def serve(host, port):
    http.server.ThreadingHTTPServer((host, port), Pages).serve_forever()


signal.signal(signal.SIGTERM, lambda *_: os._exit(0))  # as process 1 it would sit out the ten seconds of `docker stop`
if not clients.use_all():
    print("Applying migrations failed. This is mostly caused by a database being unavailable.\nExiting...", flush=True)
    sys.exit(1)
host, _, port = os.environ.get("METRICS_LISTEN", "127.0.0.1:3001").rpartition(":")
threading.Thread(target=serve, args=(host, int(port)), daemon=True).start()
print("ready", flush=True)
serve("0.0.0.0", 3000)
