"""Database session: a database file that follows a query graph's world; what it is told and asked is what is timed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.database import Database
from lestockage.testing.benchmark.way import Work

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.testing.benchmark.query_graph import QueryGraph


class DatabaseSession:
    """An open database in a folder. It is told the keys that were edited since the folder was last told, as a user's program would be."""

    def __init__(self, graph: QueryGraph[Any, Any], folder: Path) -> None:
        self._graph = graph
        self._folder = folder
        self._is_new = not (folder / "memo.db").exists()
        self._db = Database(folder / "memo.db")
        self._answer: object = None

    def update(self) -> None:
        """Set what was edited, in one revision, ask, and commit."""
        graph = self._graph
        changes = graph.changes_since(None if self._is_new else graph.seen[self._folder])
        with self._db.write():
            for key, value in changes.items():
                graph.set_input(self._db, key, value)
        self._answer = graph.ask(self._db)
        self._db.commit()
        self._is_new = False
        graph.seen[self._folder] = len(graph.log)

    def answer(self) -> object:
        """What the last question came to."""
        return self._answer

    def work(self) -> Work:
        """The counts of the engine."""
        return engine_work(self._db)

    def memos(self) -> int:
        """Memos in memory."""
        return engine_memos(self._db)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def engine_work(db: Database) -> Work:
    """What an engine has counted since it was opened."""
    return Work(db.counts.executed, db.counts.visited, db.counts.loaded)


def engine_memos(db: Database) -> int:
    """How many memos an engine has in memory."""
    return sum(len(table.entries) for table in db.ingredients)
