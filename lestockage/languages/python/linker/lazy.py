"""Lazy: a mapping of which some items are still in the store; one that is asked for is brought with those beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
V = TypeVar("V")


class Lazy(dict[K, V]):
    """What is here is found as fast as in any dict; `get` and `in` see nothing else."""

    __slots__ = ("_bring",)

    def __init__(self, bring: Callable[[K], None]) -> None:
        super().__init__()
        self._bring = bring

    def __missing__(self, key: K) -> V:
        """Return what the store has.

        Raises:
            KeyError: it is not there either.
        """
        self._bring(key)
        if key not in self:
            raise KeyError(key)
        return self[key]
