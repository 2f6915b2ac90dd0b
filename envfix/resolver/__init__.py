"""What should this address be, and why?

`decide` goes over every address of the judged files (`spots`). What is pinned, no address, or unread is told
`beforehand`; else each reader is asked what it needs (`judge`: `staying`, `serving`, `portless`, `choosing`, `kafka`),
the answers are settled into one (`settle`), and `reporting` makes of it the reference and the edits, its port included
(`ports`). `half_made` does the same for a service's name with a wrong port, `in_compose` for compose files, `to_host`
for the way back.
"""

from envfix.resolver.beforehand import Judged
from envfix.resolver.decide import decide, judge_of
from envfix.resolver.judge import Judge
from envfix.resolver.reporting import Decided, unsettled

__all__ = ["Decided", "Judge", "Judged", "decide", "judge_of", "unsettled"]
