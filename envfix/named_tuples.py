"""`NamedTuple` as `typing` has it, made in a tenth of the time: a run makes over a hundred such classes before it reads
its first file, and `typing` compiles a constructor for each.

Here all classes of n fields share the constructor that is written down for n, and each only names its parameters. All
else is the same: fields by name and by position, defaults, equality, order, `_replace`, `_asdict`, pattern matching,
pickling. Type checkers see `typing.NamedTuple` itself.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as NamedTuple
else:
    from operator import itemgetter
    from types import FunctionType

    try:
        from _collections import _tuplegetter as field
    except ImportError:  # a Python without CPython's own way to read a field

        def field(index, doc):
            return property(itemgetter(index), doc=doc)

    new = tuple.__new__
    # By the number of fields what takes a class and so many values, and makes a tuple of them. A class of another size
    # needs a row of its own: to compile these from text when they are needed takes a fiftieth of a short run.
    # fmt: off
    CONSTRUCTORS = {
        1: lambda cls, a: new(cls, (a,)),
        2: lambda cls, a, b: new(cls, (a, b)),
        3: lambda cls, a, b, c: new(cls, (a, b, c)),
        4: lambda cls, a, b, c, d: new(cls, (a, b, c, d)),
        5: lambda cls, a, b, c, d, e: new(cls, (a, b, c, d, e)),
        6: lambda cls, a, b, c, d, e, f: new(cls, (a, b, c, d, e, f)),
        7: lambda cls, a, b, c, d, e, f, g: new(cls, (a, b, c, d, e, f, g)),
        8: lambda cls, a, b, c, d, e, f, g, h: new(cls, (a, b, c, d, e, f, g, h)),
        9: lambda cls, a, b, c, d, e, f, g, h, i: new(cls, (a, b, c, d, e, f, g, h, i)),
        10: lambda cls, a, b, c, d, e, f, g, h, i, j: new(cls, (a, b, c, d, e, f, g, h, i, j)),
        11: lambda cls, a, b, c, d, e, f, g, h, i, j, k: new(cls, (a, b, c, d, e, f, g, h, i, j, k)),
        12: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m: new(cls, (a, b, c, d, e, f, g, h, i, j, k, m)),
        13: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n: new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n)),
        14: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o: new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o)),
        15: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p)),
        16: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q)),
        17: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r)),
        21: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v)),
        28: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, A, B, C:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, A, B, C)),
        34: lambda cls, a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, A, B, C, D, E, F, G,
            H, J:
            new(cls, (a, b, c, d, e, f, g, h, i, j, k, m, n, o, p, q, r, s, t, u, v, w, x, y, z, A, B, C, D, E, F, G, H,
            J)),
    }
    # fmt: on

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
                code = CONSTRUCTORS[len(names)].__code__.replace(co_name="__new__", co_varnames=("cls", *names))
                constructor = FunctionType(code, {"new": new}, "__new__", tuple(made._field_defaults.values()))
                constructor.__qualname__ = f"{made.__qualname__}.__new__"
                made.__new__ = staticmethod(constructor)
            return made

    class NamedTuple(tuple, metaclass=Fields):
        @classmethod
        def _make(cls, values):
            made = new(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
            return made

        def _replace(self, /, **changed):
            made = new(type(self), map(changed.pop, self._fields, self))
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
