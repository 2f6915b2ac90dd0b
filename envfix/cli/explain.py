"""`--explain VARIABLE`: the whole reasoning about a variable, or about all whose names match a pattern."""

from envfix.cli.asked import Options
from envfix.cli.shared import is_pattern, no_variable, read_all, status
from envfix.cli.telling import report_of, say
from envfix.planning import variables
from envfix.report.text import closing
from envfix.report.text import explain as explained


def explain(options: Options, cwd: str) -> int:
    """Tell it; the status is that of a dry run. EnvfixError for a name that no file of the run has."""
    results, errors = read_all(options, cwd)
    if results:
        known = frozenset(name for result in results for name in variables(result.made))
        for name in options.explain:
            if name not in known and not is_pattern(name):
                raise no_variable("--explain", name, known)
    report = report_of(options, cwd, results, errors)
    say(explained(report, options.explain), options)
    if errors:
        say(tuple(closing(report._replace(parts=(), quiet=True))), options)
    return status(options, results, errors)
