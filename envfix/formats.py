"""In which formats is a run told, and what is each of them good for? A row here and its renderer are all that a format
needs; this module imports nothing, since `--help` lists them too."""

from typing import Literal

from envfix.named_tuples import NamedTuple

Across = Literal["lines", "each", "items", "decisions", "projects"]
"""How a format tells of many projects (`--recursive`): "lines" for people, one for each project as it is done; "each"
renders project after project; "items" makes each one of a list, by the renderer's `opening`, `item` and `closing`;
"decisions" and "projects" render once at the end, those with a decision or all."""


class Format(NamedTuple):
    """A format by its name on the command line. `module` of `envfix.report` has its `render`; `modes` are the options
    beside which it can be had, of those that not every format goes with (beside `--logs` and `--live` by the renderer's
    `render_failures`); `errors`: it has a place for an error that ends the run; `bounded`: the
    renderer's `check` refuses a project of which it would say too much."""

    name: str
    module: str
    across: Across
    modes: tuple[str, ...] = ()
    errors: bool = False
    bounded: bool = False

    @property
    def for_people(self) -> bool:
        """Whether it is read as it comes, so that what to do next may be told beside it."""
        return self.across == "lines"


FORMATS = {
    row.name: row
    for row in (
        Format("text", "text", "lines", modes=("logs", "live", "restore", "interactive", "explain", "hook")),
        Format("json", "as_json", "items", modes=("logs", "live"), errors=True, bounded=True),
        Format("sarif", "sarif", "decisions", errors=True),
        Format("github", "github", "each", errors=True),
        Format("mermaid", "mermaid", "projects", bounded=True),
    )
}
PLAIN = next(name for name, row in FORMATS.items() if row.for_people)
"""The format where none is asked for; it goes with every mode."""
