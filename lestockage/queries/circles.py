"""Circles: how names that are defined by each other come to an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.engine.cycle import Cycle

R = TypeVar("R")

ENOUGH: Final = 20
"""Iterations after which a circle is left as it is.

Meanings only ever grow, so real code needs two or three; but a class that inherits from what is found in itself may have one order of
bases in this iteration and another in the next.
"""


def settled(db: Database, cycle: Cycle, last: R, value: R, *arguments: Any) -> R:  # noqa: ANN401, ARG001  # the engine's shape
    """Return the next value of a query in a circle: what its body returned, or the one before if that would go on for ever."""
    return value if cycle.iteration < ENOUGH else last
