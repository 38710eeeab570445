"""Garbage pause: no cyclic garbage is looked for while many objects are made that their counts alone will free."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANY = 1_000
"""Objects below which a collection costs less than it is worth to think of."""


@contextmanager
def garbage_pause(count: int) -> Iterator[None]:
    """Look for no cyclic garbage in a block that makes so many objects; in all threads, and as before after it."""
    if count < _MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def age_all() -> None:
    """Have the collector take all that is there for old: what was made in a pause is kept, and each generation on its way would look at it.

    A program that keeps objects frozen goes without: they would be let go.
    """
    if not gc.get_freeze_count():
        gc.freeze()
        gc.unfreeze()
