"""Dirt: which stored nodes may not hold because of inputs that were changed here and are not committed, and what made them so.

The store hears of it with the commit, when most of it is gone again: where a node turns green and is what it was, those that it had made
dirty are told, in numbers alone, and those above them. A memo is loaded, and looked at, only where something below it has changed, or on
the way to where something may have.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable

    from lestockage.engine.memostore import Suspect

_place = attrgetter("place")


class Dirt:
    """The dirt over the rows of one store, as they are in the store; the caller holds the store's lock, but for `turned`."""

    def __init__(self) -> None:
        self._suspects: dict[int, dict[int, Suspect]] = {}
        """By dirty node, and by dependency: what of that which made it dirty is not known to be as it was."""
        self._readers: dict[int, dict[int, Suspect]] = {}
        """The same by dependency alone, for those that have not been told."""
        self._stored: set[int] = set()
        """Nodes that are dirty in the store as well, for other reasons."""
        self._changed: set[int] = set()
        """Nodes that came to something else than their rows say: who has read them does not hold because they hold again."""
        self._turned: dict[int, bool] = {}
        """Nodes that have turned green since anybody was told, and whether they are what they were then, however often they turned."""
        self.held: dict[int, None] = {}
        """Nodes that were found to hold without being loaded, each after what it was told by; until inputs change after a commit."""
        self.causes: dict[int, int] = {}
        """By node that holds, in memory or not: what it was told by last."""
        self._is_committed = False

    def __contains__(self, node: int) -> bool:
        return node in self._suspects

    def is_stored(self, node: int) -> bool:
        """Whether a node is dirty in the store as well."""
        return node in self._stored

    def of(self, node: int) -> list[Suspect]:
        """What made a node dirty and is still to be looked at, in the order in which it was read."""
        return sorted(self._suspects.get(node, {}).values(), key=_place)

    def swept(self, found: Iterable[Suspect]) -> None:
        """Nodes are above a change."""
        if self._is_committed:
            self.held.clear()
            self.causes.clear()
            self._is_committed = False
        for suspect in found:
            self.held.pop(suspect.dependent, None)
            known = self._suspects.setdefault(suspect.dependent, {})
            if suspect.dep not in known:
                known[suspect.dep] = suspect
                self._readers.setdefault(suspect.dep, {})[suspect.dependent] = suspect
            if suspect.was_dirty:
                self._stored.add(suspect.dependent)

    def turned(self, node: int, *, is_same: bool) -> None:
        """A node in memory has turned green. Those above it are told later, by who holds the lock of the store."""
        self._turned[node] = is_same and self._turned.get(node, True)

    def differs(self, node: int) -> None:
        """A node in memory has come to what its row will not say: that it comes to the same later is no news for those above."""
        self._changed.add(node)

    def settle(self, loaded: Container[int]) -> None:
        """Tell those above the nodes that have turned green; who is `loaded` finds out by itself that it holds."""
        while self._turned:
            node, is_same = self._turned.popitem()
            self._suspects.pop(node, None)
            self._stored.discard(node)
            if not is_same:
                self._changed.add(node)
            elif node not in self._changed:
                self._tell(node, loaded)

    def _tell(self, node: int, loaded: Container[int]) -> None:
        pending = [node]
        for dep in pending:
            for reader, suspect in self._readers.pop(dep, {}).items():
                left = self._suspects.get(reader)
                if left is None or suspect.has_sides:  # that a node is what it was does not say it of its sides
                    continue
                left.pop(dep, None)
                if left or reader in self._stored:
                    continue
                self.causes[reader] = dep
                if reader not in loaded:
                    del self._suspects[reader]
                    self.held[reader] = None
                    pending.append(reader)

    def left(self) -> list[Suspect]:
        """All that is still to be looked at: what a store has to note."""
        return [suspect for known in self._suspects.values() for suspect in known.values()]

    def nodes(self) -> list[int]:
        """The dirty nodes."""
        return list(self._suspects)

    def written(self) -> Callable[[], None]:
        """The store has noted what was left; returns how to take that back."""
        before = self._suspects, self._readers, self._stored
        # Nodes in memory that hold, and do not know it yet, are dirty nowhere else.
        self._suspects = {node: known for node, known in self._suspects.items() if not known and node not in self._stored}
        self._readers, self._stored = {}, set()

        return self._back_to(*before)

    def forgotten(self) -> Callable[[], None]:
        """The store says all from here; returns how to take that back."""
        before = self._suspects, self._readers, self._stored
        self._suspects, self._readers, self._stored = {}, {}, set()
        return self._back_to(*before)

    def _back_to(
        self, suspects: dict[int, dict[int, Suspect]], readers: dict[int, dict[int, Suspect]], stored: set[int]
    ) -> Callable[[], None]:
        def undo() -> None:
            self._suspects, self._readers, self._stored = suspects, readers, stored

        return undo

    def committed(self) -> None:
        """The rows say what memory does."""
        self._changed.clear()
        self._is_committed = True
