"""Linearization: the order in which Python looks through a class and its bases (C3, https://docs.python.org/3/howto/mro.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    T = TypeVar("T", bound=Hashable)


def linearize(first: T, bases: Sequence[Sequence[T]]) -> tuple[list[T], bool]:
    """Return the resolution order of a class, given those of its bases in order, and whether there is one.

    Where Python would refuse the class, the order is depth first, each class once.
    """
    if len(bases) == 1:
        return [first, *[each for each in bases[0] if each != first]], first not in bases[0]
    direct = [order[0] for order in bases if order]
    pending = [list(order) for order in (*bases, direct) if order]
    found = [first]
    while pending:
        for order in pending:
            candidate = order[0]
            if not any(candidate in other[1:] for other in pending):
                break
        else:
            return list(dict.fromkeys([first, *(each for order in bases for each in order)])), False
        found.append(candidate)
        pending = [rest for rest in (order[1:] if order[0] == candidate else order for order in pending) if rest]
    return found, True
