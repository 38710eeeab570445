"""Values: what a variable may hold, as numbers; equal things have one number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

from lestockage.languages.python.linker.lazy import Lazy
from lestockage.languages.python.linker.solver import SPECIAL

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTION: Final = 0  # (unit)                        a function, method or lambda as its definition makes it
CLASS: Final = 1  # (unit)
INSTANCE: Final = 2  # (class unit)                  an object that some code makes
ASSUMED: Final = (
    3  # (class unit)                   an object that nobody was seen to make: of an annotation, or the receiver of an uncalled method
)
MODULE: Final = 4  # (dotted, path or None)          a module of the project; without a file a namespace package
EXTERNAL: Final = 5  # (dotted[, LAST or PASSED])    something outside the project
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
GETTER: Final = 28  # (code, constant, call)           operator.attrgetter(...), itemgetter, methodcaller: by the constraint that it is for
WRAPS: Final = 29  # (variable)                       functools.wraps(...)
FIELD: Final = 27  # (variable)                       dataclasses.field(default_factory=...)
CARRIED: Final = 30  # (function value)                 a method that travels, of whatever it travels bound to

LAST: Final = "last"
"""Marks something outside of which no attribute is followed, nor what calling it gives, and which goes nowhere: it may be called there."""

PASSED: Final = "passed"
"""Marks something outside that came from another unit or a container: of an object, an attribute is followed once, of others none."""

Value = tuple[Any, ...]

PAGE: Final = 9
"""Bits of a value's number that tell it from the others of its page."""

BUCKETS: Final = 1 << 8
"""Pages of the index that leads from values to their numbers."""

TRACED: Final = frozenset({FUNCTION, CLASS, INSTANCE, ASSUMED, MODULE, BOUND, CARRIED, SUPER, CONTEXT_MAKER})
"""Kinds of values of which is known what holds them: what is done with these depends on the shape of the program, which may change."""

MOVED: Final = frozenset({CONTAINER, EXTERNAL, BOUND})
"""Kinds of values that are others when they get to another unit or into a container; their numbers say so."""

RUNNABLE: Final = frozenset({FUNCTION, CLASS, CARRIED, PARTIAL, WORTHY, KEY})
"""Kinds of values that travel where objects do not: the others' numbers say so there, too."""

IMPORTERS: Final = frozenset({"importlib.import_module", "builtins.__import__"})
"""Functions outside whose calls depend on which modules there are."""


class Values:
    """The numbers of all values met so far."""

    __slots__ = ("_bring_bucket", "_numbers", "count", "derived", "holders", "is_coarse", "is_whole", "kinds", "parts")

    def __init__(self, bring: Callable[[int], None], bring_bucket: Callable[[int], None]) -> None:
        self._numbers: dict[Value, int] = {}
        self._bring_bucket = bring_bucket
        self.is_coarse = False  # objects do not go from call to callee, nor into containers: there would be far too many everywhere
        self.is_whole = True  # no value is known in the store only
        self.count = 0
        self.kinds: Lazy[int, int] = Lazy(bring)
        self.parts: Lazy[int, Value] = Lazy(bring)
        self.holders: Lazy[int, set[int] | None] = Lazy(bring)  # variables, of the kinds that are traced
        self.derived: dict[int, list[int]] = {}  # methods by function, `super()` by object and class

    def number(self, *value: Any) -> int:  # noqa: ANN401  # parts differ by kind
        """Return the number of a value, given its kind and parts."""
        found = self._numbers.get(value)
        if found is None:
            if not self.is_whole:
                found = self._brought(value)
                if found is not None:
                    return found
            kind = value[0]
            is_special = (kind in MOVED and value[-1] != PASSED) or (self.is_coarse and kind not in RUNNABLE)
            found = self._numbers[value] = self.count << 1 | (SPECIAL if is_special else 0)
            self.count += 1
            self.kinds[found] = kind
            self.parts[found] = value
            self.holders[found] = set() if kind in TRACED or (kind == EXTERNAL and value[1] in IMPORTERS) else None
            if kind == BOUND:
                self._derive(value[1], found)
            elif kind == SUPER:
                self._derive(value[2], found)
                self._derive(self.number(CLASS, value[1]), found)
        return found

    def numbers(self, start: int, stop: int) -> list[int]:
        """Return the numbers of those values from one to another in the order of their numbers that are here."""
        return [number for number in range(2 * start, 2 * min(stop, self.count)) if number in self.parts]

    def known(self, *value: Any) -> int:  # noqa: ANN401  # as above
        """Return the number of a value, -1 where nobody has met it."""
        found = self._numbers.get(value)
        if found is None and not self.is_whole:
            found = self._brought(value)
        return -1 if found is None else found

    def take(self, value: Value, number: int) -> None:
        """Enter a value that the store has."""
        self._numbers[value] = number

    def _brought(self, value: Value) -> int | None:
        self._bring_bucket(bucket_of(value))
        return self._numbers.get(value)

    def _derive(self, source: int, value: int) -> None:
        found = self.derived.get(source)
        if found is None:
            self.parts[source]  # brings what the store has of it
            found = self.derived.setdefault(source, [])
        found.append(value)


def bucket_of(value: Value) -> int:
    """Return the page of the index in which a value stands; equal values, in whatever process, have the same."""
    text = "\0".join([part if type(part) is str else str(part + 0) if isinstance(part, int) else repr(part) for part in value])
    return crc32(text.encode("utf-8", "surrogatepass")) % BUCKETS
