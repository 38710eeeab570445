"""Models: what builtin and library functions do with functions and containers that they are given."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lestockage.languages.facts import RESULT
from lestockage.languages.python.linker.codes import (
    AWAIT,
    CALL,
    CLASSES_OF,
    CONTEXT_OF,
    DICT_OF,
    EXTEND,
    INSTANTIATE,
    ITEMS_OF,
    ITERATE,
    ITERATOR_OF,
    METHOD,
    NEW_OF,
    NEXT,
    REGISTER,
    SPREAD_MAPPING,
    STORE,
    TYPE_OF,
)
from lestockage.languages.python.linker.containers import read_under
from lestockage.languages.python.linker.values import (
    CACHED,
    CLASS,
    CLASS_METHOD,
    CLOSING,
    CONTAINER,
    CONTEXT_MAKER,
    EXTERNAL,
    EXTERNAL_INSTANCE,
    FIELD,
    FUNCTION,
    GENERATOR,
    IDENTITY,
    ITEMS,
    MODULE,
    PARTIAL,
    PROPERTY,
    REGISTRAR,
    REGISTRY,
    STATIC,
    WRAPS,
)

if TYPE_CHECKING:
    from lestockage.languages.python.linker.solver import Constraint
    from lestockage.languages.python.linker.state import State

Model = Callable[["State", int, int, int], None]
"""(state, call, receiver value or -1, dst)"""

MODELS: dict[str, Model] = {}


def models(*names: str) -> Callable[[Model], Model]:
    """Enter the decorated function as the model of what these dotted names mean."""

    def enter(model: Model) -> Model:
        for name in names:
            MODELS[name] = model
        return model

    return enter


def argument(s: State, number: int, place: int, *names: str) -> int:
    """Return the variable of an argument by place, or by one of its names; -1 where there is none, or a starred one before it."""
    of = s.calls[number]
    for index, each in enumerate(of.args):
        if type(each) is tuple:
            break
        if index == place:
            return int(each)
    for name, variable in of.keywords:
        if name in names:
            return variable
    return -1


def arguments(s: State, number: int, start: int = 0) -> list[int]:
    """Return the plain arguments by place from one on."""
    return [each for each in s.calls[number].args[start:] if type(each) is int]


def elements_of(s: State, number: int, variable: int, tag: object) -> int:
    """Return a variable that holds the elements of what another one holds, which the call iterates over."""
    if variable < 0:
        return -1
    element = s.temporary(number, ("element", tag))
    s.install((ITERATE, variable, element, number, False))
    return element


def call_back(s: State, number: int, function: int, args: tuple[int, ...], dst: int, tag: object) -> None:  # noqa: PLR0913, PLR0917  # a call in full
    """Have the call call a function that it was given."""
    if function >= 0:
        s.install((CALL, function, s.sub_call(number, ("back", tag), dst, args)))


def make(s: State, number: int, kind: str, dst: int) -> int:
    """Return a new container that the call gives."""
    made = s.container(kind, "call", number, -1 if s.calls[number].args or s.calls[number].keywords else 0)
    if dst >= 0:
        s.give(dst, made)
    return made


# -- higher-order functions


@models("builtins.map")
def _map(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    args = tuple([elements_of(s, number, each, place) for place, each in enumerate(arguments(s, number, 1))])
    call_back(s, number, argument(s, number, 0), args, s.element(made, None), "map")


@models("itertools.starmap")
def _starmap(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 1), 1)
    function = argument(s, number, 0)
    if function >= 0 and element >= 0:
        s.install((CALL, function, s.again(number, s.element(made, None), ((element,),), ())))


@models("builtins.filter", "itertools.filterfalse", "itertools.takewhile", "itertools.dropwhile")
def _filter(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 1), 1)
    if element >= 0:
        s.hold(element, made, None)
    call_back(s, number, argument(s, number, 0), (element,), -1, "filter")


@models("builtins.sorted")
def _sorted(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "list", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.hold(element, made, None)
        if argument(s, number, 99, "key") < 0:
            s.install((METHOD, element, -1, "__lt__", (element,), number))
    call_back(s, number, argument(s, number, 99, "key"), (element,), _keys_compared(s, number), "key")


def _keys_compared(s: State, number: int) -> int:
    compared = s.temporary(number, "compared")
    s.install((METHOD, compared, -1, "__lt__", (compared,), number))
    return compared


@models("builtins.min", "builtins.max", "heapq.nlargest", "heapq.nsmallest")
def _extreme(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    key = argument(s, number, 99, "key")
    elements = [elements_of(s, number, given[0], 0)] if len(given) == 1 else given
    for place, element in enumerate(elements):
        if element >= 0:
            if dst >= 0:
                s.copy(element, dst)
            if key < 0:
                s.install((METHOD, element, -1, "__lt__", (element,), number))
        call_back(s, number, key, (element,), -1, ("key", place))
    default = argument(s, number, 99, "default")
    if default >= 0 and dst >= 0:
        s.copy(default, dst)


@models("functools.reduce")
def _reduce(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 1), 1)
    so_far = s.temporary(number, "so far")
    start = argument(s, number, 2, "initial")
    if start >= 0:
        s.copy(start, so_far)
    elif element >= 0:
        s.copy(element, so_far)
    call_back(s, number, argument(s, number, 0), (so_far, element), so_far, "reduce")
    if dst >= 0:
        s.copy(so_far, dst)


@models("itertools.accumulate")
def _accumulate(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 0), 0)
    made = make(s, number, "iterator", dst)
    out = s.element(made, None)
    if element >= 0:
        s.copy(element, out)
    call_back(s, number, argument(s, number, 1, "func"), (out, element), out, "accumulate")


@models("functools.partial", "functools.partialmethod")
def _partial(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst >= 0 and s.calls[number].args:
        s.give(dst, s.number(PARTIAL, number))


@models("itertools.groupby")
def _groupby(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    pair = s.container("tuple", "pair", number, 2)
    group = s.container("iterator", "group", number)
    if element >= 0:
        s.copy(element, s.element(group, None))
    s.give(s.element(pair, 1), group)
    s.give(s.element(made, None), pair)
    call_back(s, number, argument(s, number, 1, "key"), (element,), s.element(pair, 0), "key")


# -- iteration


@models("builtins.iter")
def _iter(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2:
        made = make(s, number, "iterator", dst)
        call_back(s, number, given[0], (), s.element(made, None), "iter")
    elif given and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__iter__", (), number))
        if dst >= 0:
            s.install((ITERATOR_OF, given[0], dst))


@models("builtins.next", "builtins.anext")
def _next(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((NEXT, given, dst, number, False))
    default = argument(s, number, 1)
    if default >= 0 and dst >= 0:
        s.copy(default, dst)


def _container_of(kind: str) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        made = make(s, number, kind, dst)
        for place, each in enumerate(arguments(s, number)):
            element = elements_of(s, number, each, place)
            if element >= 0:
                s.hold(element, made, None)

    return model


for _name, _kind in (
    ("builtins.list", "list"),
    ("builtins.set", "set"),
    ("builtins.frozenset", "frozenset"),
    ("collections.deque", "deque"),
    ("builtins.reversed", "iterator"),
    ("itertools.chain", "iterator"),
    ("itertools.cycle", "iterator"),
    ("itertools.islice", "iterator"),
):
    MODELS[_name] = _container_of(_kind)


@models("builtins.tuple")
def _tuple(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        element = elements_of(s, number, given, 0)
        s.hold(element, make(s, number, "tuple", dst), None)
    else:
        make(s, number, "tuple", dst)


@models("copy.copy", "copy.deepcopy", "typing.cast", "weakref.proxy", "asyncio.create_task", "asyncio.ensure_future", "asyncio.shield")
def _same(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if given and given[-1] >= 0 and dst >= 0:
        s.copy(given[-1], dst)


@models("itertools.chain.from_iterable")
def _chained(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    inner = elements_of(s, number, elements_of(s, number, argument(s, number, 0), 0), 1)
    if inner >= 0:
        s.hold(inner, made, None)


@models("builtins.enumerate")
def _enumerate(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    pair = s.container("tuple", "pair", number, 2)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.copy(element, s.element(pair, 1))
    s.give(s.element(made, None), pair)


@models("builtins.zip", "itertools.zip_longest", "itertools.product")
def _zip(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "iterator", dst)
    given = arguments(s, number)
    pair = s.container("tuple", "pair", number, len(given))
    for place, each in enumerate(given):
        element = elements_of(s, number, each, place)
        if element >= 0:
            s.copy(element, s.element(pair, place))
    s.give(s.element(made, None), pair)


@models("builtins.sum", "builtins.any", "builtins.all")
def _consume(s: State, number: int, _receiver: int, dst: int) -> None:
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0 and dst >= 0:
        start = argument(s, number, 1, "start")
        if start >= 0:
            s.install((METHOD, start, dst, "__add__", (element,), number))


# -- special methods


def _asking(*names: str, gives: str | None = None) -> Model:
    def model(s: State, number: int, _receiver: int, dst: int) -> None:
        for each in arguments(s, number)[:1]:
            if each >= 0:
                for name in names:
                    s.install((METHOD, each, -1 if gives else dst, name, (), number))
        if gives and dst >= 0:
            s.give(dst, s.number(EXTERNAL_INSTANCE, gives))

    return model


for _name, _asked, _gives in (
    ("builtins.len", "__len__", None),
    ("builtins.str", "__str__", "builtins.str"),
    ("builtins.repr", "__repr__", "builtins.str"),
    ("builtins.bool", "__bool__", None),
    ("builtins.hash", "__hash__", None),
    ("builtins.abs", "__abs__", None),
    ("builtins.int", "__int__", None),
    ("builtins.float", "__float__", None),
    ("builtins.complex", "__complex__", None),
    ("builtins.bytes", "__bytes__", "builtins.bytes"),
    ("builtins.format", "__format__", "builtins.str"),
    ("builtins.round", "__round__", None),
    ("builtins.dir", "__dir__", None),
    ("math.floor", "__floor__", None),
    ("math.ceil", "__ceil__", None),
    ("math.trunc", "__trunc__", None),
    ("operator.index", "__index__", None),
    ("os.fspath", "__fspath__", None),
):
    MODELS[_name] = _asking(_asked, gives=_gives)


@models("builtins.print")
def _print(s: State, number: int, _receiver: int, _dst: int) -> None:
    for each in arguments(s, number):
        if each >= 0:
            s.install((METHOD, each, -1, "__str__", (), number))


@models("builtins.divmod")
def _divmod(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2 and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__divmod__", (given[1],), number))


@models("builtins.pow")
def _pow(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) >= 2 and given[0] >= 0:
        s.install((METHOD, given[0], dst, "__pow__", (given[1],), number))


@models("builtins.isinstance", "builtins.issubclass")
def _isinstance(s: State, number: int, _receiver: int, _dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 2 and given[1] >= 0:
        name = "__instancecheck__"
        s.install((METHOD, given[1], -1, name, (given[0],), number))


# -- classes


@models("builtins.property", "abc.abstractproperty")
def _property(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst >= 0:
        parts = (argument(s, number, 0, "fget"), argument(s, number, 1, "fset"), argument(s, number, 2, "fdel"))
        s.give(dst, s.number(PROPERTY, *parts))


@models("functools.cached_property")
def _cached_property(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(CACHED, given))


def _accessor(place: int) -> Model:
    def model(s: State, number: int, receiver: int, dst: int) -> None:
        if dst >= 0 and receiver >= 0:
            parts = list(s.parts[receiver][1:])
            parts[place] = argument(s, number, 0)
            s.give(dst, s.number(PROPERTY, *parts))

    return model


for _place, _name in enumerate(("getter", "setter", "deleter")):
    MODELS[f"builtins.property.{_name}"] = _accessor(_place)


@models("builtins.staticmethod", "abc.abstractstaticmethod")
def _static(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(STATIC, given))


@models("builtins.classmethod", "abc.abstractclassmethod")
def _class_method(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.give(dst, s.number(CLASS_METHOD, given))


@models("builtins.object.__new__")
def _new(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((NEW_OF, given, dst))


@models("builtins.type.__new__")
def _new_type(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((CLASSES_OF, given, dst))


@models("builtins.type.__call__")
def _type_call(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and s.kinds[receiver] == CLASS:
        s.install((INSTANTIATE, s.holding(receiver), number, dst))
    else:
        given = argument(s, number, 0)
        if given >= 0:
            rest = s.again(number, dst, s.calls[number].args[1:], s.calls[number].keywords)
            s.install((INSTANTIATE, given, rest, dst))


@models("builtins.type")
def _type(s: State, number: int, _receiver: int, dst: int) -> None:
    given = arguments(s, number)
    if len(given) == 1 and given[0] >= 0 and dst >= 0:
        s.install((TYPE_OF, given[0], dst))


# -- decorators of the standard library


@models(
    *("abc.abstractmethod", "typing.overload", "typing.final", "typing.override", "typing.no_type_check", "typing.runtime_checkable"),
    *("functools.lru_cache", "functools.cache", "functools.total_ordering", "types.coroutine", "warnings.deprecated"),
    *("dataclasses.dataclass", "enum.unique", "contextlib.ContextDecorator", "typing_extensions.override", "typing_extensions.overload"),
    *(
        "typing_extensions.final",
        "typing_extensions.deprecated",
        "typing_extensions.runtime_checkable",
    ),
)
def _unchanged(s: State, number: int, _receiver: int, dst: int) -> None:
    if dst < 0:
        return
    given = argument(s, number, 0)
    if given >= 0:
        s.copy(given, dst)
    if s.calls[number].keywords or not s.calls[number].args or given < 0:
        s.give(dst, s.number(IDENTITY))


@models("functools.wraps")
def _wraps(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0, "wrapped")
    if dst >= 0:
        s.give(dst, s.number(WRAPS, given) if given >= 0 else s.number(IDENTITY))


@models("functools.update_wrapper")
def _update_wrapper(s: State, number: int, _receiver: int, dst: int) -> None:
    wrap(s, number, argument(s, number, 1, "wrapped"), dst)


def wrap(s: State, number: int, wrapped: int, dst: int) -> None:
    """Let a wrapper know what it stands before."""
    given = argument(s, number, 0, "wrapper")
    if given >= 0:
        if wrapped >= 0:
            s.install((STORE, given, wrapped, "__wrapped__", number))
        if dst >= 0:
            s.copy(given, dst)


@models("dataclasses.dataclass_transform", "typing.dataclass_transform")
def _decorator(s: State, _number: int, _receiver: int, dst: int) -> None:
    if dst >= 0:
        s.give(dst, s.number(IDENTITY))


@models("contextlib.contextmanager", "contextlib.asynccontextmanager")
def _context_manager(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        s.install((CONTEXT_OF, given, dst))


@models("contextlib.closing", "contextlib.aclosing")
def _closing(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((METHOD, given, -1, "close", (), number))
        if dst >= 0:
            s.give(dst, s.number(CLOSING, given))


@models(*(f"contextlib.{name}{RESULT}.{method}" for name, method in (("ExitStack", "enter_context"), ("AsyncExitStack", "enter_context"))))
def _enter_context(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0:
        s.install((METHOD, given, dst, "__enter__", (), number))
        s.install((METHOD, given, -1, "__exit__", (-1, -1, -1), number))


@models(*(f"contextlib.{name}{RESULT}.callback" for name in ("ExitStack", "AsyncExitStack")))
def _callback(s: State, number: int, _receiver: int, _dst: int) -> None:
    of = s.calls[number]
    given = argument(s, number, 0)
    if given >= 0:
        s.install((CALL, given, s.again(number, -1, of.args[1:], of.keywords)))


@models("dataclasses.field")
def _field(s: State, number: int, _receiver: int, dst: int) -> None:
    factory = argument(s, number, 99, "default_factory")
    if factory >= 0 and dst >= 0:
        s.give(dst, s.number(FIELD, factory))


@models("importlib.import_module", "builtins.__import__")
def _import_module(s: State, number: int, _receiver: int, dst: int) -> None:
    dotted = s.constant(argument(s, number, 0))
    if dst >= 0 and isinstance(dotted, str) and not dotted.startswith("."):
        path = s.program.paths.get(dotted)
        is_own = path is not None or dotted in s.program.packages
        s.give(dst, s.number(MODULE, dotted, path) if is_own else s.number(EXTERNAL, dotted))


@models("functools.singledispatch", "functools.singledispatchmethod")
def _single_dispatch(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if dst >= 0 and given >= 0:
        registry = s.temporary(number, "registry")
        s.copy(given, registry)
        s.give(dst, s.number(REGISTRY, registry))


@models("functools.singledispatch.register")
def _register(s: State, number: int, receiver: int, dst: int) -> None:
    registry = s.parts[receiver][1] if receiver >= 0 else -1
    for given in arguments(s, number):
        if given >= 0 and registry >= 0:
            s.install((REGISTER, given, registry, dst))


# -- lists, dicts, sets


def _adding(place: int = 0) -> Model:
    def model(s: State, number: int, receiver: int, _dst: int) -> None:
        given = argument(s, number, place)
        if receiver >= 0 and given >= 0:
            s.put(given, receiver, None)

    return model


for _name, _place in (
    ("builtins.list.append", 0),
    ("builtins.list.insert", 1),
    ("builtins.set.add", 0),
    ("collections.deque.append", 0),
    ("collections.deque.appendleft", 0),
):
    MODELS[_name] = _adding(_place)


@models("builtins.list.extend", "builtins.set.update", "collections.deque.extend", "collections.deque.extendleft", "builtins.dict.update")
def _extending(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver < 0:
        return
    for given in arguments(s, number):
        if given >= 0:
            s.install((EXTEND, given, s.holding(receiver), number))
    for name, variable in s.calls[number].keywords:
        if variable >= 0:
            if name is None:
                s.install((SPREAD_MAPPING, variable, receiver))
            else:
                s.put(variable, receiver, name)


@models(
    "builtins.list.pop", "builtins.set.pop", "collections.deque.pop", "collections.deque.popleft", "builtins.dict.pop", "builtins.dict.get"
)
def _taking(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        read_under(s, receiver, _known_key(s, number, receiver), dst)
        default = argument(s, number, 1, "default")
        if default >= 0:
            s.copy(default, dst)


def _known_key(s: State, number: int, receiver: int) -> object:
    """Return the constant by which a mapping is asked, None where there is none."""
    if s.kinds[receiver] != CONTAINER or s.parts[receiver][1] not in ("dict", "defaultdict"):
        return None
    return s.constant(argument(s, number, 0))


@models("builtins.dict.setdefault")
def _setting_default(s: State, number: int, receiver: int, dst: int) -> None:
    given = argument(s, number, 1)
    if receiver >= 0:
        if given >= 0:
            s.put(given, receiver, None)
        if dst >= 0:
            s.copy(s.elements(receiver), dst)


def _viewing(kind: str) -> Model:
    def model(s: State, _number: int, receiver: int, dst: int) -> None:
        if receiver >= 0 and dst >= 0 and s.kinds[receiver] == CONTAINER:
            s.give(dst, s.number(ITEMS, kind, receiver))

    return model


for _name in ("items", "keys", "values"):
    MODELS[f"builtins.dict.{_name}"] = _viewing(_name)


@models("builtins.dict.popitem")
def _pop_item(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        pair = s.container("tuple", "items", receiver, 2)
        s.copy(s.keys(receiver), s.element(pair, 0))
        s.copy(s.elements(receiver), s.element(pair, 1))
        s.give(dst, pair)


@models("builtins.list.copy", "builtins.dict.copy", "builtins.set.copy")
def _copying(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0:
        s.give(dst, receiver)


@models(*(f"builtins.set.{name}" for name in ("union", "difference", "intersection", "symmetric_difference")))
def _combining(s: State, number: int, receiver: int, dst: int) -> None:
    if receiver >= 0:
        made = make(s, number, "set", dst)
        s.hold(s.elements(receiver), made, None)
        for place, given in enumerate(arguments(s, number)):
            element = elements_of(s, number, given, place)
            if element >= 0:
                s.hold(element, made, None)


@models("builtins.list.sort")
def _sorting(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver >= 0:
        element = s.elements(receiver)
        key = argument(s, number, 99, "key")
        if key < 0:
            s.install((METHOD, element, -1, "__lt__", (element,), number))
        call_back(s, number, key, (element,), _keys_compared(s, number), "key")


@models("builtins.list.index", "builtins.list.count", "builtins.list.remove")
def _comparing(s: State, number: int, receiver: int, _dst: int) -> None:
    if receiver >= 0:
        s.install((METHOD, s.elements(receiver), -1, "__eq__", (argument(s, number, 0),), number))


@models("builtins.dict", "collections.OrderedDict")
def _dict(s: State, number: int, _receiver: int, dst: int) -> None:
    _fill_dict(s, number, make(s, number, "dict", dst), 0)


@models("collections.defaultdict")
def _default_dict(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "defaultdict", dst)
    factory = argument(s, number, 0)
    if factory >= 0:
        s.copy(factory, s.factory(made))
    _fill_dict(s, number, made, 1)


def _fill_dict(s: State, number: int, made: int, place: int) -> None:
    given = argument(s, number, place)
    if given >= 0:
        s.install((DICT_OF, given, made, number))
    for name, variable in s.calls[number].keywords:
        if variable >= 0:
            if name is None:
                s.install((SPREAD_MAPPING, variable, made))
            else:
                s.hold(variable, made, name)


@models("builtins.dict.fromkeys")
def _from_keys(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "dict", dst)
    element = elements_of(s, number, argument(s, number, 0), 0)
    if element >= 0:
        s.add_keys(element, made)
    given = argument(s, number, 1)
    if given >= 0:
        s.hold(given, made, None)


# -- generators and coroutines


@models("builtins.generator.__next__", "builtins.generator.__anext__", "builtins.generator.throw", "builtins.generator.athrow")
def _resume(s: State, _number: int, receiver: int, dst: int) -> None:
    if receiver >= 0 and dst >= 0 and s.kinds[receiver] == GENERATOR:
        yields = s.program.units[s.parts[receiver][1]].yields
        if yields >= 0:
            s.copy(yields, dst)


@models("builtins.generator.send", "builtins.generator.asend")
def _send(s: State, number: int, receiver: int, dst: int) -> None:
    _resume(s, number, receiver, dst)
    given = argument(s, number, 0)
    if receiver >= 0 and given >= 0 and s.kinds[receiver] == GENERATOR:
        unit = s.program.units[s.parts[receiver][1]]
        s.pass_on(given, s.cell("sent", unit.number), unit)


@models("asyncio.run", "asyncio.wait_for")
def _run(s: State, number: int, _receiver: int, dst: int) -> None:
    given = argument(s, number, 0)
    if given >= 0 and dst >= 0:
        s.install((AWAIT, given, dst, number))


@models("asyncio.gather")
def _gather(s: State, number: int, _receiver: int, dst: int) -> None:
    made = make(s, number, "list", dst)
    for place, each in enumerate(s.calls[number].args):
        if type(each) is tuple:
            element = elements_of(s, number, each[0], place)
            if element >= 0:
                s.install((AWAIT, element, s.element(made, None), number))
        elif each >= 0:
            s.install((AWAIT, each, s.element(made, place), number))


# -- what the models install


def items_of(s: State, c: Constraint, value: int) -> None:
    """Fire (ITEMS_OF, pair variable, made value): pairs fill a dict."""
    if s.kinds[value] == CONTAINER:
        s.copy(s.element(value, 1), s.element(c[2], None))
        s.copy(s.element(value, None), s.element(c[2], None))
        s.add_keys(s.element(value, 0), c[2])


def dict_of(s: State, c: Constraint, value: int) -> None:
    """Fire (DICT_OF, src, made value, call): a mapping, or pairs."""
    _, source, made, number = c
    if s.kinds[value] == CONTAINER and s.parts[value][1] in ("dict", "defaultdict"):
        s.install((SPREAD_MAPPING, s.holding(value), made))
    else:
        pair = s.temporary(number, "pair")
        s.install((ITERATE, source, pair, number, False))
        s.install((ITEMS_OF, pair, made))


def context_of(s: State, c: Constraint, value: int) -> None:
    """Fire (CONTEXT_OF, src, dst): a generator function that makes context managers."""
    if s.kinds[value] == FUNCTION:
        s.give(c[2], s.number(CONTEXT_MAKER, s.parts[value][1]))


def iterator_of(s: State, c: Constraint, value: int) -> None:
    """Fire (ITERATOR_OF, src, dst): iterators and containers iterate as they are."""
    if s.kinds[value] in (CONTAINER, GENERATOR, ITEMS):
        s.give(c[2], value)


def register(s: State, c: Constraint, value: int) -> None:
    """Fire (REGISTER, src, registry variable, dst): a function is called in place of the first one; a class asks for a decorator."""
    if s.kinds[value] in (FUNCTION, IDENTITY):
        s.give(c[2], value)
        if c[3] >= 0:
            s.give(c[3], value)
    elif c[3] >= 0:
        s.give(c[3], s.number(REGISTRAR, c[2]))
