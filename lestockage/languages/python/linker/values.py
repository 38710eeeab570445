"""Values: what a variable may hold, as numbers; equal things have one number."""

from __future__ import annotations

from typing import Any, Final

FUNCTION: Final = 0  # (unit)                        a function, method or lambda as its definition makes it
CLASS: Final = 1  # (unit)
INSTANCE: Final = 2  # (class unit)                  an object that some code makes
ASSUMED: Final = (
    3  # (class unit)                   an object that nobody was seen to make: of an annotation, or the receiver of an uncalled method
)
MODULE: Final = 4  # (dotted, path or None)          a module of the project; without a file a namespace package
EXTERNAL: Final = 5  # (dotted[, LAST])              something outside the project; no attribute of the last is followed
EXTERNAL_INSTANCE: Final = 6  # (dotted)             an object of a class outside
BOUND: Final = 7  # (function value, receiver value) a method of an object or class
CONTAINER: Final = 8  # (kind, owner, number, length) a list, tuple, dict, set or iterator, by where it is made
GENERATOR: Final = 9  # (unit)
COROUTINE: Final = 10  # (unit)
SUPER: Final = 11  # (class unit, receiver value)
PROPERTY: Final = 12  # (getter, setter, deleter)    variables, -1 for none
STATIC: Final = 13  # (variable)                     staticmethod(...)
CLASS_METHOD: Final = 14  # (variable)
PARTIAL: Final = 15  # (call)                        functools.partial(...), by the call that makes it
IDENTITY: Final = 16  # ()                           a decorator outside that gives back what it gets, as far as calls go
CONTEXT: Final = 17  # (generator unit)              what a function decorated with contextlib.contextmanager returns
CONTEXT_MAKER: Final = 18  # (generator unit)
CACHED: Final = 19  # (variable)                     functools.cached_property(...)
REGISTRY: Final = 20  # (variable)                   functools.singledispatch(...): what is registered is called in its place
ITEMS: Final = 21  # (kind, container value)         dict.items() and the like
REGISTRAR: Final = 23  # (registry variable)         what `register(Class)` of a single dispatch gives: a decorator
KEY: Final = 22  # (constant)                        a key under which a container holds something
WORTHY: Final = 24  # ()                             stands in the variable that tells whether a container is worth following
UNBOUND: Final = 25  # ()                            what a name stands for that nothing is known of; only decorators mind
CLOSING: Final = 26  # (variable)                     contextlib.closing(...)
FIELD: Final = 27  # (variable)                       dataclasses.field(default_factory=...)

Value = tuple[Any, ...]


class Values:
    """The numbers of all values met so far; `kinds` and `parts` are parallel."""

    __slots__ = ("_numbers", "kinds", "parts")

    def __init__(self) -> None:
        self._numbers: dict[Value, int] = {}
        self.kinds: list[int] = []
        self.parts: list[Value] = []

    def number(self, *value: Any) -> int:  # noqa: ANN401  # parts differ by kind
        """Return the number of a value, given its kind and parts."""
        found = self._numbers.get(value)
        if found is None:
            found = self._numbers[value] = len(self.kinds)
            self.kinds.append(value[0])
            self.parts.append(value)
        return found
