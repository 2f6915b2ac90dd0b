"""Packages whose `__init__` waits until something of its own is asked for.

envfix needs the parser of python-dotenv and the scanner and parser of ruamel.yaml. To import them runs the `__init__`
of their packages, which brings in all the rest, and takes as long as the whole work on a small project. In a process
of our own we may put that off; a program that uses envfix as a library keeps its imports as they are.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib.util import find_spec, module_from_spec


def package_later(name: str) -> None:
    """Put the package among the loaded modules without running its `__init__`: its submodules can be imported, and the
    first look at anything else runs it. Where that cannot be prepared, the import is left to go its usual way."""
    if name in sys.modules:
        return
    with suppress(ImportError, ValueError, AttributeError):
        spec = find_spec(name)
        if spec is None or spec.loader is None or spec.submodule_search_locations is None:
            return
        loader, module = spec.loader, module_from_spec(spec)

        def at_first_look(attribute: str) -> object:
            module.__dict__.pop("__getattr__", None)
            loader.exec_module(module)
            return getattr(module, attribute)

        module.__dict__["__getattr__"] = at_first_look
        sys.modules[name] = module
        parent, _, own_name = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], own_name, module)
