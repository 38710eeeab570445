"""Query: the decorator that turns a function into a remembered one, and what the result can do beside being called."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

from lestockage.engine.accumulator import Accumulator, accumulated
from lestockage.engine.declaration import Declaration, Options, options_of
from lestockage.engine.fetch import miss
from lestockage.engine.registry import register
from lestockage.engine.specify import specify
from lestockage.engine.wrapper import build
from lestockage.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.runtime import Engine

P = ParamSpec("P")
Q = ParamSpec("Q")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)
A = TypeVar("A", bound=Accumulator)


class Query(Protocol[P, R_co]):
    """A declared query: called like the function it was made from."""

    __name__: str
    __qualname__: str
    __wrapped__: Callable[..., Any]
    declaration: Declaration

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """The result for these arguments, computed only if needed."""
        ...

    @overload
    def __get__(self, instance: None, owner: type, /) -> Query[P, R_co]: ...
    @overload
    def __get__(self: Query[Concatenate[Any, Q], R_co], instance: object, owner: type | None = None, /) -> Callable[Q, R_co]: ...

    def accumulated(self, kind: type[A], *args: P.args, **kwargs: P.kwargs) -> tuple[A, ...]:
        """What this call and everything below it pushed, of one accumulator class."""
        ...

    def specify(self, *args: Any, **kwargs: Any) -> None:
        """Give this call's value (`value=`) in the execution that made its key; the body then does not run."""
        ...

    def set_lru(self, db: Engine, capacity: int) -> None:
        """Keep at most that many values from the next revision on; the query must be declared with `lru=`."""
        ...


class Decorator(Protocol):
    """What `@query(...)` with options returns: it declares the function below it."""

    def __call__(self, function: Callable[P, R], /) -> Query[P, R]:
        """Declare the function."""
        ...


def _decorate(function: Callable[..., Any], options: Options, depth: int) -> Any:
    declaration = Declaration(function, options, depth=depth + 1)
    register(declaration)

    def bind(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, Any]:
        bound = declaration.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        values = list(bound.arguments.values())
        db = values.pop(declaration.db_index)
        return db, values[0] if declaration.arity == 1 else tuple(values)

    wrapped: Any
    if declaration.is_async:
        from lestockage.engine import coroutine  # noqa: PLC0415  # asyncio costs 50 ms, and few programs need it

        wrapped = functools.wraps(function)(coroutine.build(declaration, bind))
    else:
        wrapped = build(declaration, miss)
    wrapped.declaration = declaration

    def set_lru(db: Engine, capacity: int) -> None:
        if declaration.lru is None or capacity < 1:
            raise ArgumentError(
                f"query {declaration.name}: capacity {capacity} cannot be set. Declare it with @query(lru=N), and keep N positive."
            )
        db.ingredients[declaration.index].lru = capacity

    def collect(kind: type[Any], /, *args: Any, **kwargs: Any) -> tuple[Any, ...]:
        db, values = bind(args, kwargs)
        return accumulated(db, declaration, values, kind)

    def give(*args: Any, value: Any, **kwargs: Any) -> None:
        db, values = bind(args, kwargs)
        specify(db, declaration, values, value)

    wrapped.set_lru = set_lru
    wrapped.accumulated = collect
    wrapped.specify = give
    return wrapped


@overload
def query(function: Callable[P, R], /) -> Query[P, R]: ...
@overload
def query(
    *,
    durable: bool = True,
    version: str | int | None = None,
    eq: Callable[[Any, Any], bool] | None = None,
    no_eq: bool = False,
    traces: bool = True,
    lru: int | None = None,
    cycle_initial: Callable[..., Any] | None = None,
    cycle_fn: Callable[..., Any] | None = None,
    cycle_result: Callable[..., Any] | None = None,
) -> Decorator: ...
def query(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Declare a query: a pure function of the database and its arguments, whose results are remembered.

    `durable=False` keeps the value out of the store (for results that cannot be encoded); `version=` stands for code that cannot be seen;
    `eq=` replaces the comparison that stops changes, `no_eq=True` lets every execution count as a change; `traces=False` has the body run
    where looking for its result in an earlier state would cost more; `lru=N` keeps N values;
    `cycle_initial=`, `cycle_fn=` and `cycle_result=` say what happens when the query comes to depend on itself.

    Raises:
        DeclarationError: for a missing annotation, an unusable type, or options that exclude each other.
    """
    if function is not None:
        return _decorate(function, Options(), 1)
    chosen = options_of("query", Options._fields, options)
    return lambda declared: _decorate(declared, chosen, 1)
