"""Index session: a database file that the index keeps in step with a tree; what a run of `lestockage index` does is what is timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store.natural_rows import natural_rows
from lestockage.testing.benchmark.database_session import engine_memos, engine_work
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.testing.benchmark.way import Work


class IndexSession:
    """An open workspace over a file in a folder; files are read in one process, so that processor time is all there is."""

    def __init__(self, project: str, root: Path, folder: Path) -> None:
        self._project = project
        self._root = root
        self._workspace = Workspace.open(folder / "index.db")

    def update(self) -> None:
        """Index the tree."""
        self._workspace.index(self._root, project=self._project)

    def answer(self) -> object:
        """All rows of the tables, without ids and times."""
        return natural_rows(self._workspace.file)._asdict()

    def work(self) -> Work:
        """The counts of the engine."""
        return engine_work(self._workspace.db)

    def memos(self) -> int:
        """Memos in memory."""
        return engine_memos(self._workspace.db)

    def close(self) -> None:
        """Close the file."""
        self._workspace.close()
