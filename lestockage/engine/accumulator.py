"""Accumulators: values that queries push beside their results, collected over everything that a query has called."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

from lestockage.engine import effects
from lestockage.engine.declaration import Declaration, Options
from lestockage.engine.fetch import find_or_make, miss, refresh
from lestockage.engine.frame import current
from lestockage.engine.inputs import foreign
from lestockage.engine.node import Facet, Memo, each
from lestockage.engine.overtaken import outermost_call
from lestockage.engine.registry import accumulators, input_name, register
from lestockage.engine.runtime import Engine  # noqa: TC001  # resolved when _collect is declared
from lestockage.errors import DuplicateStruct

if TYPE_CHECKING:
    from collections.abc import Iterator

A = TypeVar("A", bound="Accumulator")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Accumulator:
    """Base of accumulated values: annotate fields, push instances inside queries. Instances are frozen and compare by their fields."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        accumulators[input_name(cls)] = cls

    def push(self, db: Engine) -> None:
        """Leave this value with the running query."""
        frame = current()
        if frame is None:
            raise DuplicateStruct(f"{type(self).__name__} was pushed outside of a query: it belongs to the query that pushes it.")
        if frame.db is not db:
            raise foreign(frame, type(self).__name__)
        frame.left().pushed.append(self)


def accumulated(db: Engine, declaration: Declaration, args: Any, kind: type[A]) -> tuple[A, ...]:
    """What a call and everything below it pushed, of one class: depth first in the order of the calls, each query once.

    Inside a query it is a dependency on exactly that.
    """
    key = declaration.key(args)
    if current() is None:
        memo = outermost_call(db, lambda: find_or_make(db, declaration.index, key, args))
    else:
        memo = find_or_make(db, declaration.index, key, args)
    found: tuple[A, ...] = miss(db, _COLLECTED.index, (memo, kind), (memo, kind))
    return found


def _collect(db: Engine, memo: object, kind: object) -> object:
    frame = current()
    assert frame is not None  # noqa: S101  # runs as a query
    assert isinstance(memo, Memo)  # noqa: S101  # accumulated passes one
    assert isinstance(kind, type)  # noqa: S101
    refresh(db, memo)
    collected: list[Any] = []
    seen = {memo}
    pending = [memo]
    while pending:
        visited = pending.pop()
        if visited.suspects is not None:
            refresh(db, visited)  # takes part in the circle of a head that is green: the head does not depend on it
        frame.reads[effects.facet(db, visited, effects.OUTPUTS, None)] = None
        collected += [value for value in db.pushed.get(visited, ()) if isinstance(value, kind)]
        below = list(
            dict.fromkeys(called for called in _calls(db, visited) if called not in seen)
        )  # several fields of its structs: one call
        seen.update(below)
        pending.extend(reversed(below))
    return tuple(collected)


def _calls(db: Engine, memo: Memo) -> Iterator[Memo]:
    """The memos that one has read, in order, the participants of its cycle among them."""
    if memo.stored is not None and not memo.stored.is_linked:
        db.store.nodes.link(memo)
    for dep in each(memo.deps):
        if isinstance(dep, Memo):
            yield dep
        elif isinstance(dep, Facet) and dep.owner is not memo:
            yield dep.owner
    yield from db.participants.get(memo, ())


_COLLECTED = Declaration(_collect, Options(durable=False), depth=0)
_COLLECTED.copy = None
register(_COLLECTED)
