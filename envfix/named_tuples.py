"""`NamedTuple` as `typing` has it, made in a tenth of the time: a run makes over a hundred such classes before it reads
its first file, and `typing` compiles a constructor for each.

Here all classes of n fields share one compiled constructor, and each only names its parameters. All else is the same:
fields by name and by position, defaults, equality, order, `_replace`, `_asdict`, pattern matching, pickling. Type
checkers see `typing.NamedTuple` itself.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from functools import cache
    from operator import itemgetter
    from types import FunctionType

    try:
        from _collections import _tuplegetter as field
    except ImportError:  # a Python without CPython's own way to read a field

        def field(index, doc):
            return property(itemgetter(index), doc=doc)

    @cache
    def constructor(count):
        """The code that takes the class and `count` values, and makes a tuple of them."""
        values = ", ".join(f"_{index}" for index in range(count))
        return eval(f"lambda cls, {values}: new(cls, ({values},))").__code__.replace(co_name="__new__")

    class Fields(type):
        """Reads the fields of a class below `NamedTuple` out of its annotations."""

        def __new__(meta, name, bases, namespace):
            namespace.setdefault("__slots__", ())
            made = super().__new__(meta, name, bases, namespace)
            if any(type(base) is meta and base._fields for base in bases):
                return made  # its fields are those of the class that it builds on
            names = tuple(made.__annotations__)
            made._fields = made.__match_args__ = names
            made._field_defaults = {name: namespace[name] for name in names if name in namespace}
            for index, field_name in enumerate(names):
                setattr(made, field_name, field(index, None))
            if names:
                code = constructor(len(names)).replace(co_varnames=("cls", *names))
                new = FunctionType(code, {"new": tuple.__new__}, "__new__", tuple(made._field_defaults.values()))
                new.__qualname__ = f"{made.__qualname__}.__new__"
                made.__new__ = staticmethod(new)
            return made

    class NamedTuple(tuple, metaclass=Fields):
        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changed):
            made = tuple.__new__(type(self), map(changed.pop, self._fields, self))
            if changed:
                raise ValueError(f"Got unexpected field names: {list(changed)!r}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)
