"""Database: the engine, with the SQLite store behind it when a path is given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.engine.durable import Durable
from lestockage.engine.prefetch import prefetch
from lestockage.engine.runtime import Engine
from lestockage.engine.task import learn
from lestockage.store.connection import StoreFile
from lestockage.store.memos import SqliteMemos

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
    from types import TracebackType
    from typing import Any

    from lestockage.engine.events import Event
    from lestockage.engine.prefetch import Work
    from lestockage.engine.task import Known, Task
    from lestockage.store.memo_check import Finding


class Database(Engine):
    """One database of inputs and memos: in memory, or in the file at `path`.

    With a path, `commit()` makes inputs and memos durable, and so does leaving `with Database(path) as db:` without an exception.

    Raises:
        StoreError: when the file cannot be used (see `lestockage.errors`).
    """

    def __init__(self, path: str | os.PathLike[str] | None = None, *, on_event: Callable[[Event], None] | None = None) -> None:
        super().__init__(on_event=on_event)
        self._file: StoreFile | None = None
        if path is not None:
            self.use_store(StoreFile.open(path))

    def use_store(self, file: StoreFile) -> None:
        """Keep memos in an open store file, which is closed with the database."""
        self._file = file
        self.store = Durable(self, SqliteMemos(file))

    def check(self) -> list[Finding]:
        """Read the whole file and list what is not as it must be: structure, hashes, seals, edges, dirt; empty when sound, or in memory.

        What is listed is computed again when it is met, or refused; nothing is written.
        """
        from lestockage.store.file_check import file_findings  # noqa: PLC0415  # seldom asked, and an unchanged run is to start quickly

        self.check_open()
        return [] if self._file is None else file_findings(self._file)

    def learn(self, known: Known) -> None:
        """Keep a task's result that was computed elsewhere."""
        learn(self, known)

    def knows(self, task: Task[..., Any], *args: object) -> bool:
        """Whether a task's result for these arguments is known, here or in the store."""
        key = task.key(*args)
        if key in self.ingredients[task.declaration.index].entries:
            return True
        return self.store is not None and self.store.has(task.declaration, key)

    def prefetch(
        self, work: Work, arguments: Iterable[Any], *, executor: Executor | None = None, progress: Callable[[Any], None] | None = None
    ) -> int:
        """Have task results computed by an executor and keep them; see `prefetch.prefetch`."""
        return prefetch(self, work, arguments, executor=executor, progress=progress)

    def commit(self) -> None:
        """Make inputs and memos durable, in one transaction; without a path, nothing."""
        if self.store is not None:
            with self.exclusive:
                self.store.commit()

    def close(self) -> None:
        """End the use of the database without committing; waits for running queries. Closing twice is fine."""
        super().close()
        if self.store is not None:
            self.store.store.close()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()
