"""Which variable is behind this failed connection?

From a log to the culprits, a stage a module: `stream` (bytes), `blocks` (the lines that matter), `lines` by the words
of `shapes` (what one line tells), `failures` (messages over several), `destinations` (where a service's variables
lead), `suspects` (which of them can be behind it), `blame` with the words of `sentences`.
"""

from __future__ import annotations

from envfix.logs.blame import Blame, blame, service_names
from envfix.logs.destinations import Destinations
from envfix.logs.failures import Failure, failures
from envfix.logs.stream import open_log

__all__ = ["Blame", "Destinations", "Failure", "blame", "failures", "open_log", "service_names"]
