"""Node ids: which row id belongs to which symbol, remembered for the length of one write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.errors import MissingNode
from lestockage.store.node_rows import find_node_id

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import Identity


def next_node_id(store: StoreFile) -> int:
    """Return the first id that no node has or ever had, by AUTOINCREMENT's own record."""
    row = store.row("SELECT seq FROM sqlite_sequence WHERE name = 'intel_nodes'")
    return 1 if row is None else int(row[0]) + 1


class NodeIds:
    """Ids by key, read one by one as they are asked for.

    Correct only inside one write transaction, in which nobody else can change them. With `is_complete` the table was empty when the write
    began, so that a key which is not known here is not in the file either.
    """

    __slots__ = ("_next", "_store", "is_complete", "known")

    known: dict[Identity, int]

    def __init__(self, store: StoreFile, *, is_complete: bool) -> None:
        self._store = store
        self.is_complete = is_complete
        self.known = {}
        self._next = next_node_id(store)

    def reserve(self, key: Identity) -> int:
        """Return a new id for a node that is about to be inserted."""
        node_id = self.known[key] = self._next
        self._next += 1
        return node_id

    def find(self, key: Identity) -> int | None:
        """Return the id of a node, or None when there is no such node."""
        found = self.known.get(key)
        if found is None and not self.is_complete:
            found = find_node_id(self._store, key)
            if found is not None:
                self.known[key] = found
        return found

    def get(self, key: Identity) -> int:
        """Return the id of a node.

        Raises:
            MissingNode: there is no such node.
        """
        found = self.known.get(key) or self.find(key)
        if found is None:
            raise MissingNode(self._store.path, key)
        return found
