"""Timeline: a project's snapshots in the order of time, and intervals in that order.

Snapshots are recorded in any order: a history of the past may be recorded after the present. Intervals as stored follow the order of
recording; here they are told by places on the timeline, which count from 0, so that what comes before and after is what it was then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.snapshot_intervals import node_intervals, reference_intervals
from lestockage.store.snapshot_rows import list_snapshots

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.store.connection import StoreFile
    from lestockage.store.snapshot_intervals import NodeInterval
    from lestockage.store.snapshot_rows import SnapshotRow


class Life(NamedTuple):
    """A symbol with one and the same content: from the place `start` until before the place `end`."""

    node: NodeInterval
    start: int
    end: int


class Timeline:
    """The snapshots of one project, oldest first: by the time of the commit, or of recording where there is none."""

    def __init__(self, store: StoreFile, project_id: int) -> None:
        self.store = store
        self.project_id = project_id
        recorded = list_snapshots(store, project_id)
        self.snapshots: list[SnapshotRow] = sorted(recorded, key=lambda row: (row.at, row.id))
        places = {row.id: place for place, row in enumerate(self.snapshots)}
        self._ids = [row.id for row in recorded]
        self._places = [places[each] for each in self._ids]
        self._index = {each: index for index, each in enumerate(self._ids)}
        self._is_ordered = self._places == list(range(len(recorded)))

    def runs(self, since: int, until: int | None) -> list[tuple[int, int]]:
        """Return the places of an interval as runs of neighbours, each from its first place until before its end."""
        start, end = self._index[since], len(self._ids) if until is None else self._index[until]
        if self._is_ordered:
            return [(start, end)]
        runs: list[tuple[int, int]] = []
        for place in sorted(self._places[start:end]):
            if runs and runs[-1][1] == place:
                runs[-1] = (runs[-1][0], place + 1)
            else:
                runs.append((place, place + 1))
        return runs

    def lives(self) -> Iterator[list[Life]]:
        """Yield, for each symbol that any snapshot has, its lives in order: two that touch differ in content.

        A life's `node` is the symbol as it was at its end: what a file adds around a body (a class a line longer) is no change of content.
        """
        lives: list[Life] = []
        for node in node_intervals(self.store, self.project_id):
            if lives and lives[0].node.symbol_id != node.symbol_id:
                yield _joined(lives)
                lives = []
            lives += [Life(node, start, end) for start, end in self.runs(node.since, node.until)]
        if lives:
            yield _joined(lives)

    def references(self) -> Iterator[tuple[str, str, int, int, int]]:
        """Yield caller's path, callee's path, how many references, and from which place until before which."""
        for row in reference_intervals(self.store, self.project_id):
            for start, end in self.runs(row.since, row.until):
                yield row.caller_path, row.callee_path, row.references, start, end


def _joined(lives: list[Life]) -> list[Life]:
    """Return lives in order, those that touch and have the same content as one."""
    joined: list[Life] = []
    for life in sorted(lives, key=lambda each: each.start):
        last = joined[-1] if joined else None
        if last is not None and last.end == life.start and last.node.content_hash == life.node.content_hash:
            joined[-1] = Life(life.node, last.start, life.end)
        else:
            joined.append(life)
    return joined
