"""envfix repairs the `localhost` addresses in the `.env` files of Docker Compose projects.

The library's way in is `plan`, which reads a project and decides, `apply`, which writes what was decided, and
`restore`, which takes the last write back. Importing this package loads neither click nor ruamel.yaml nor dotenv: that
waits until a name is used.
"""

# What stands here runs before `python -m envfix` has left the current folder out of the places to import from, so it
# imports nothing of Python's own.
from envfix.errors import EnvfixError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from envfix.planning import apply, plan, restore
    from envfix.records import Choice, Notice, Patch, Plan, Reader, Reference

__version__ = "0.1.0"
__all__ = [
    "Choice",
    "EnvfixError",
    "Notice",
    "Patch",
    "Plan",
    "Reader",
    "Reference",
    "apply",
    "plan",
    "restore",
]


def __getattr__(name: str) -> object:
    if name in ("apply", "plan", "restore"):
        from envfix import planning

        return getattr(planning, name)
    if name in __all__:
        from envfix import records

        return getattr(records, name)
    raise AttributeError(f"module 'envfix' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__all__", "__doc__", "__file__", "__name__", "__path__", "__version__"]
