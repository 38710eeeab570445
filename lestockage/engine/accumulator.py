"""Accumulators: values that queries push beside their results, collected over everything that a query has called."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import effects, registry
from lestockage.engine.declaration import Declaration, Options
from lestockage.engine.fetch import find_or_make, miss, refresh
from lestockage.engine.frame import current
from lestockage.engine.inputs import foreign
from lestockage.engine.node import Facet, Memo, each
from lestockage.engine.overtaken import outermost_call
from lestockage.engine.pushed import PushedCodec, unpacked
from lestockage.engine.runtime import Engine  # noqa: TC001  # resolved when _collect is declared
from lestockage.engine.sides import call_of
from lestockage.errors import DecodingError, DuplicateStruct, EncodingError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.durable import Durable

A = TypeVar("A", bound="Accumulator")


@dataclass_transform(kw_only_default=True, frozen_default=True)
class Accumulator:
    """Base of accumulated values: annotate fields, push instances inside queries. Instances are frozen and compare by their fields."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        registry.accumulators[registry.input_name(cls)] = cls

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
    found: tuple[A, ...] = miss(db, _COLLECTED.index, _COLLECTED.key((memo, kind)), (memo, kind))
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


class _CallCodec:
    """The arguments of what collects: a call, and a class of what is pushed, by their stable names."""

    is_immutable = True

    def __init__(self, durable: Durable) -> None:
        self._durable = durable

    def encode(self, args: tuple[Memo, type[Any]]) -> bytes:
        """The bytes of a call and a class.

        Raises:
            CodecError: when they cannot be found again by them.
        """
        memo, kind = args
        name = self._durable.names.of_query(memo.table.declaration)
        key = self._durable.key(memo)
        if name is None or key is None or registry.accumulators.get(registry.input_name(kind)) is not kind:
            raise EncodingError("what is collected", "a call that is stored, and a class that is declared", f"{memo!r}, {kind!r}")
        data: bytes = msgpack.packb((name, key, registry.input_name(kind)))
        return data

    def decode(self, data: bytes) -> tuple[Memo, type[Any]]:
        """The memo and the class of some bytes.

        Raises:
            CodecError: when they are not there.
        """
        try:
            name, key, kind = unpacked(data)
            memo = call_of(self._durable, name, key)
        except (ValueError, TypeError, msgpack.UnpackException) as error:
            raise DecodingError("a call and a class", str(error)[:200]) from error
        if memo is None or kind not in registry.accumulators:
            raise DecodingError("a call and a class", "one of them is gone")
        return memo, registry.accumulators[kind]


_COLLECTED = Declaration(_collect, Options(version=1), depth=0)
_COLLECTED.copy = None
_COLLECTED.codec = PushedCodec()
_COLLECTED.can_hold_handles = False
_COLLECTED.key_codec = _CallCodec
registry.register(_COLLECTED)
registry.collecting = _COLLECTED
