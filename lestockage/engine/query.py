"""Query: the decorator that turns a function into a remembered one, and what the result can do beside being called."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from lestockage.engine.declaration import Declaration, Options
from lestockage.engine.fetch import miss
from lestockage.engine.registry import register
from lestockage.engine.runtime import Engine
from lestockage.engine.wrapper import build
from lestockage.errors import ArgumentError

D = TypeVar("D", bound=Engine)
P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Query(Protocol[P, R_co]):
    """A declared query: called like the function it was made from."""

    __name__: str
    __qualname__: str
    __wrapped__: Callable[..., Any]
    declaration: Declaration

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co:
        """The result for these arguments, computed only if needed."""
        ...

    def set_lru(self, db: Engine, capacity: int) -> None:
        """Keep at most that many values from the next revision on; the query must be declared with `lru=`."""
        ...


def _decorate(function: Callable[..., Any], options: Options, depth: int) -> Any:
    declaration = Declaration(function, options, depth=depth + 1)
    register(declaration)
    wrapped: Any = build(declaration, miss)
    wrapped.declaration = declaration

    def set_lru(db: Engine, capacity: int) -> None:
        if declaration.lru is None or capacity < 1:
            raise ArgumentError(f"query {declaration.name}: capacity {capacity} cannot be set. Declare it with @query(lru=N), and keep N positive.")
        db.ingredients[declaration.index].lru = capacity

    wrapped.set_lru = set_lru
    return wrapped


@overload
def query(function: Callable[P, R], /) -> Query[P, R]: ...
@overload
def query(
    *,
    durable: bool = True,
    version: str | int | None = None,
    eq: Callable[[R, R], bool] | None = None,
    no_eq: bool = False,
    lru: int | None = None,
    cycle_initial: Callable[..., R] | None = None,
    cycle_fn: Callable[..., R] | None = None,
    cycle_result: Callable[..., R] | None = None,
) -> Callable[[Callable[P, R]], Query[P, R]]: ...
def query(function: Callable[..., Any] | None = None, /, **options: Any) -> Any:
    """Declare a query: a pure function of the database and its arguments, whose results are remembered.

    `durable=False` keeps the value out of the store (for results that cannot be encoded); `version=` stands for code that cannot be seen;
    `eq=` replaces the comparison that stops changes, `no_eq=True` lets every execution count as a change; `lru=N` keeps N values;
    `cycle_initial=`, `cycle_fn=` and `cycle_result=` say what happens when the query comes to depend on itself.

    Raises:
        DeclarationError: for a missing annotation, an unusable type, or options that exclude each other.
    """
    if function is not None:
        return _decorate(function, Options(), 1)
    chosen = Options(**options)
    return lambda declared: _decorate(declared, chosen, 1)


__all__ = ["Query", "query"]
_ = (Concatenate, Generic, Protocol, cast, D)
