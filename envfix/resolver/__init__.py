"""What should this address be, and why?

`decide` goes over every address of the judged files, asks for each what its readers need (`needs`), and settles the answers
into one `Decided` a place: the reference that is reported, and the edits that a rewrite asks for (`settle`, `ports`).
"""

from envfix.resolver.decide import Decided, Judged, decide, judge_of, unsettled

__all__ = ["Decided", "Judged", "decide", "judge_of", "unsettled"]
