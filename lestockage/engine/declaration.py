"""Declaration: what `@query` knows of a function before any database exists: its parameters, options and generated wrapper."""

from __future__ import annotations

import inspect
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Union, get_args, get_origin

from lestockage.engine import wrapper
from lestockage.engine.annotations import caller_namespace, checker, name_of, refuse, resolve
from lestockage.engine.codec import codec_for
from lestockage.engine.equality import equality_for
from lestockage.engine.handle import Handle
from lestockage.engine.handle_codec import can_hold_handles, handle_extension
from lestockage.engine.keys import distinct
from lestockage.engine.protection import copier
from lestockage.errors import DeclarationError, UnencodableType

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.runtime import Engine


class Options(NamedTuple):
    """What `@query(...)` was given."""

    durable: bool = True
    version: str | int | None = None
    eq: Callable[[Any, Any], bool] | None = None
    no_eq: bool = False
    traces: bool = True
    lru: int | None = None
    cycle_initial: Callable[..., Any] | None = None
    cycle_fn: Callable[..., Any] | None = None
    cycle_result: Callable[..., Any] | None = None


_CALLED = ("eq", "cycle_initial", "cycle_fn", "cycle_result")


def options_of(kind: str, allowed: tuple[str, ...], given: dict[str, Any]) -> Options:
    """The options of one decorator call.

    Raises:
        DeclarationError: for an option that there is not; the message lists those that there are.
    """
    for name in given:
        if name not in allowed:
            raise DeclarationError(f"@{kind}(…) has no option {name!r}: options are {', '.join(f'{each}=' for each in allowed)}.")
    return Options(**given)


class Parameter(NamedTuple):
    """One key parameter (the database is none)."""

    name: str
    annotation: Any
    check: Callable[[Any], str | None]


class Declaration:
    """One query as declared; each database makes its own table of memos from it."""

    @property
    def can_cycle(self) -> bool:
        """Whether the query says what happens when it comes to depend on itself."""
        return self.cycle_initial is not None or self.cycle_result is not None

    def __init__(self, function: Callable[..., Any], options: Options, *, depth: int, is_task: bool = False) -> None:
        if not inspect.isfunction(function):
            raise DeclarationError(f"{function!r} is no function: write @query or @task above `def`, and below @staticmethod and the like.")
        self.function = function
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.options = options
        self.is_task = is_task
        hints = resolve(function, f"query {self.name}", {**caller_namespace(depth + 1), **_own_class(function)})
        self.signature = _signature(function, self.name)
        names = list(self.signature.parameters)
        self.db_index = -1 if is_task else _database_index(names, hints, self.name)
        self.parameters = tuple(
            Parameter(name, hint, checker(hint))
            for index, name in enumerate(names)
            if index != self.db_index
            for hint in (_parameter_annotation(name, index, hints, self.name),)
        )
        self.arity = len(self.parameters)
        if not is_task:
            for parameter in self.parameters:
                _refuse_parameter(parameter.name, parameter.annotation, self.name, durable=options.durable)
        if "return" not in hints:
            raise DeclarationError(
                f"query {self.name} has no return annotation: write `-> type`; it decides how results are compared, kept and shared."
            )
        self.returns = hints["return"]
        self.is_async = inspect.iscoroutinefunction(function)
        self.handles = tuple(
            (index, classes)
            for index, parameter in enumerate(self.parameters)
            for classes in (_classes(parameter.annotation),)
            if any(issubclass(Handle, cls) or issubclass(cls, Handle) for cls in classes)
        )
        """Which parameters may be handles, with the classes that they may be of."""
        self.cycle_initial = options.cycle_initial
        self.cycle_fn = options.cycle_fn
        self.cycle_result = options.cycle_result
        self.lru = options.lru
        self._check_options()
        self.copy: Callable[[Any], Any] | None = None
        self.codec: Any = None
        self._choose_codec()
        self.can_hold_handles = can_hold_handles(self.returns)
        """Whether a result may hold handles, which another object can stand for when the same is made again."""
        self.key_codec: Callable[[Any], Any] | None = None
        """How a store encodes the arguments, where their types do not tell; given the store's side of the engine."""
        self.is_equal = _never_equal if options.no_eq else options.eq or equality_for(self.returns)
        self.invoke: Callable[[Engine, Any], Any] = wrapper.invoker(self)
        self.index = -1
        """Where databases keep this query's table; given by `registry.register`."""

    def _choose_codec(self) -> None:
        try:
            self.codec = codec_for(self.returns, extra=handle_extension)
        except UnencodableType as error:
            if self.options.durable:
                raise DeclarationError(
                    f"query {self.name} returns {name_of(self.returns)}, which cannot be stored: {error} "
                    "Return a supported type, or declare @query(durable=False)."
                ) from error
            self.copy = copier(self.returns)
            return
        if not self.codec.is_immutable:
            self.copy = self.codec.copy

    def _check_options(self) -> None:
        options = self.options
        problem = None
        if options.no_eq and options.eq is not None:
            problem = "eq= and no_eq=True exclude each other: keep one"
        elif options.lru is not None and (type(options.lru) is not int or options.lru < 1):
            problem = f"lru={options.lru} is no capacity: give a positive number of values"
        elif uncallable := [option for option in _CALLED if not callable(getattr(options, option) or callable)]:
            problem = f"{uncallable[0]}= takes a function"
        elif options.cycle_result is not None and (options.cycle_initial is not None or options.cycle_fn is not None):
            problem = "cycle_result= (a fallback) and cycle_initial=/cycle_fn= (a fixpoint) exclude each other: keep one kind"
        elif options.cycle_fn is not None and options.cycle_initial is None:
            problem = "cycle_fn= has nothing to start from: give cycle_initial= too"
        elif self.is_async and (options.cycle_initial or options.cycle_result):
            problem = "an async query has no cycle options: move the circle into plain queries"
        if problem is not None:
            raise DeclarationError(f"query {self.name}: {problem}.")

    def tupled(self, args: Any) -> tuple[Any, ...]:
        """The arguments as a tuple; a single one is kept bare."""
        return (args,) if self.arity == 1 else args

    def key(self, args: Any) -> Any:
        """The key of (bare or tupled) arguments.

        Raises:
            ArgumentError: when an argument does not fit its annotation.
        """
        for parameter, value in zip(self.parameters, self.tupled(args), strict=True):
            problem = parameter.check(value)
            if problem is not None:
                raise refuse(f"{self.name}({parameter.name}=…)", problem)
        return distinct(args)

    def describe(self, args: Any) -> str:
        """A call as people write it."""
        return f"{self.function.__qualname__.rpartition('<locals>.')[2]}({', '.join(_short(value) for value in self.tupled(args))})"


def _short(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."


def _never_equal(_one: Any, _other: Any) -> bool:
    return False


def _own_class(function: Callable[..., Any]) -> dict[str, Any]:
    """A stand-in for the class whose body is being executed, which its methods' annotations may name."""
    owner = function.__qualname__.rpartition(".")[0].rpartition(".")[2]
    return {} if not owner or owner == "<locals>" else {owner: Handle}


def _signature(function: Callable[..., Any], name: str) -> inspect.Signature:
    signature = inspect.signature(function)
    for parameter in signature.parameters.values():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise DeclarationError(f"query {name} takes {parameter}: a memo's key needs named parameters; pass a tuple instead.")
    return signature


def _database_index(names: list[str], hints: dict[str, Any], name: str) -> int:
    """Which parameter is the database: the first, or in a method the second."""
    if names and names[0] != "self":
        return 0
    if len(names) > 1 and names[0] == "self":
        return 1
    raise DeclarationError(f"query {name} takes no database: write `def {name.rpartition('.')[2]}(db: Database, …)`; got {list(hints)}.")


def _parameter_annotation(parameter: str, index: int, hints: dict[str, Any], name: str) -> Any:
    if parameter == "self" and index == 0:
        return hints.get(parameter, Handle)
    if parameter not in hints:
        raise DeclarationError(
            f"parameter {parameter!r} of query {name} has no annotation: write its type, it decides how calls are told apart."
        )
    return hints[parameter]


def _refuse_parameter(parameter: str, annotation: Any, name: str, *, durable: bool) -> None:
    """Refuse a parameter whose values could change after the call, or that could not be part of a stored key.

    Raises:
        DeclarationError: naming the innermost type that will not do, and the way out.
    """
    if annotation in (Any, object, tuple, frozenset, Ellipsis):
        return
    origin = get_origin(annotation)
    if origin in (tuple, frozenset, Union, UnionType, Annotated):
        members = get_args(annotation)
        for member in members[:1] if origin is Annotated else members:
            _refuse_parameter(parameter, member, name, durable=durable)
        return
    try:
        codec = codec_for(annotation, extra=handle_extension)
    except UnencodableType as error:
        if durable:
            raise DeclarationError(
                f"parameter {parameter!r} of query {name} is a {name_of(annotation)}, which cannot be part of a stored key: {error} "
                "Take a supported type, or declare @query(durable=False)."
            ) from error
        return
    if not codec.is_immutable:
        raise DeclarationError(
            f"parameter {parameter!r} of query {name} is a {name_of(annotation)}, which can change after the call and is no key: "
            "take a tuple, a frozenset, a frozen class or an interned value instead."
        )


def _classes(annotation: Any) -> tuple[type, ...]:
    """The classes that a value of this type can be an instance of; `object` where that cannot be told."""
    if annotation is None:
        return (type(None),)
    origin = get_origin(annotation)
    if origin is None:
        return (annotation,) if isinstance(annotation, type) else (object,)
    if isinstance(origin, type) and not issubclass(origin, UnionType):
        return (origin,)
    if origin in (Union, UnionType):
        return tuple(cls for member in get_args(annotation) for cls in _classes(member))
    return (object,)
