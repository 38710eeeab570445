"""Stored: what a node knows of its row in the store."""

from __future__ import annotations

from typing import Final

from lestockage.engine.node import Cell


class Stored:
    """A node's place in the store.

    `id` is 0 until it was committed. `digest` identifies the value. `data` are its encoded bytes, `reads` what each dependency came to and
    `effects` what the execution made beside the value, all three until they were committed; `reads` is None when the result cannot be
    recognised again. `is_linked` says whether the node's dependencies are in memory; those of a loaded memo stay in the store, whose sweep
    dirties it.
    """

    __slots__ = ("data", "digest", "effects", "id", "is_linked", "reads")

    def __init__(  # noqa: PLR0913  # what a row holds
        self,
        number: int,
        digest: bytes | None,
        data: bytes | None = None,
        *,
        is_linked: bool = False,
        reads: tuple[bytes, ...] | None = None,
        effects: bytes | None = None,
    ) -> None:
        self.id = number
        self.digest = digest
        self.data = data
        self.is_linked = is_linked
        self.reads = reads
        self.effects = effects


UNLOADED: Final = Cell("suspects in the store", "", None, 0)
"""Stands in `Memo.suspects` for those that are still in the store."""

GONE: Final = Cell("something that is not declared any more", "", None, 1 << 62)
"""Stands for a dependency that no declaration answers for, or code that changed: it counts as changed."""
