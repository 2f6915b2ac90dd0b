"""Which variable is behind this refused connection?

From a log to the culprits, a stage a module: `stream` (bytes), `recognition` by the table in `shapes` (failed
connections), `matching` (which references say that address), `blaming` with the words of `explaining`, `telling`.
"""

from __future__ import annotations

from envfix.logs.blaming import Blame, blame, service_names
from envfix.logs.recognition import Failure, failures
from envfix.logs.stream import open_log
from envfix.logs.telling import render_text

__all__ = ["Blame", "Failure", "blame", "failures", "open_log", "render_text", "service_names"]
