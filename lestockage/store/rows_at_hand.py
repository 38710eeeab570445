"""Rows at hand: rows of memos that were read before they were asked for, and which to read with one that is.

Asked for in the order in which they lie, as many are read ahead as the run is long. Asked for in any order, blocks of neighbours are read
with every few of them, so that what is read in vain costs no more than looking for each did, and a file that is asked for as a whole is
soon read as a whole.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_RUN_FROM: Final = 4
_RUN_MOST: Final = 512
"""A run is one from so many rows on, and so many are read ahead at most."""
_SCATTERED_FROM: Final = 32
_EVERY: Final = 4
_BLOCK: Final = 64
"""After so many rows that were looked for one by one, in no order, a block of so many is read with every fourth."""
_MOST: Final = 16_384
"""Rows that are kept."""


class RowsAtHand:
    """The rows of one open file that are at hand."""

    __slots__ = ("_blocks", "_by_name", "_count", "_last", "_run", "_scattered")

    def __init__(self) -> None:
        self._by_name: defaultdict[int, dict[bytes, tuple[Any, ...]]] = defaultdict(dict)
        self._count = 0
        self._blocks: set[int] = set()
        """Blocks that were read since anything was written."""
        self._last = 0
        self._run = 0
        self._scattered = 0

    def take(self, name: int, key: bytes) -> tuple[Any, ...] | None:
        """Return the row of a name and key, if it is at hand, and let it go."""
        found = self._by_name.get(name)
        return None if found is None else found.pop(key, None)

    def keep(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Have rows at hand, which begin with their id, their name and their key."""
        if self._count > _MOST:
            self.clear()
        by_name = self._by_name
        for row in rows:
            by_name[row[1]][row[2]] = row
        self._count += len(rows)

    def clear(self) -> None:
        """Let all go: the file is not what it was, or they are many."""
        if self._count:
            self._by_name.clear()
            self._blocks.clear()
            self._count = 0

    def neighbours(self, number: int) -> tuple[int, int] | None:
        """Return the first and last id of the rows to read with one that was looked for and found; None for none."""
        is_next = number == self._last + 1
        self._last = number
        if is_next:
            self._run += 1
            if self._run < _RUN_FROM:
                return None
            # What is read now is not looked for any more: the run goes on behind it.
            self._last = number + min(self._run, _RUN_MOST)
            self._run += self._last - number
            return number + 1, self._last
        self._run = 0
        self._scattered += 1
        block = number // _BLOCK
        if self._scattered < _SCATTERED_FROM or self._scattered % _EVERY or block in self._blocks:
            return None
        self._blocks.add(block)
        return block * _BLOCK, block * _BLOCK + _BLOCK - 1
