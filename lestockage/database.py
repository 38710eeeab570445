"""Database: the engine, with the SQLite store behind it when a path is given."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from lestockage.engine.durable import Durable
from lestockage.engine.prefetch import prefetch
from lestockage.engine.runtime import Engine, QueryStats
from lestockage.engine.task import learn
from lestockage.errors import NoFile
from lestockage.store.connection import PATIENCE, StoreFile
from lestockage.store.leases import Leases
from lestockage.store.memos import SqliteMemos

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Executor
    from types import TracebackType
    from typing import Any

    from lestockage.engine.events import Event
    from lestockage.engine.memostore import MemoStore
    from lestockage.engine.prefetch import Work
    from lestockage.engine.recheck import Mismatch
    from lestockage.engine.task import Known, Task
    from lestockage.store.collection import Collected
    from lestockage.store.memo_check import Finding


class Database(Engine):
    """One database of inputs and memos: in memory, or in the file at `path`.

    With a path, `commit()` makes inputs and memos durable, and so does leaving `with Database(path) as db:` without an exception.
    `max_bytes` is what the file may use: after a commit that leaves more, garbage is collected until it fits, or until nothing but what
    the current state needs is left. `patience` is how many seconds to wait for another process's write before it is an error
    (`StoreLocked`), here and in everything that is written later.

    Raises:
        StoreError: when the file cannot be used (see `lestockage.errors`).
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        on_event: Callable[[Event], None] | None = None,
        max_bytes: int | None = None,
        patience: float = PATIENCE,
    ) -> None:
        super().__init__(on_event=on_event)
        self._max_bytes = max_bytes
        self._least_bytes = 0
        self._file: StoreFile | None = None
        if path is not None:
            self.use_store(StoreFile.open(path, timeout=patience))

    def use_store(self, file: StoreFile, leases: Leases | None = None) -> None:
        """Keep memos in an open store file, which is closed with the database; its leases, if it has some already, are used."""
        self._file = file
        self.keep_in(SqliteMemos(file, leases or Leases(file)))

    def keep_in(self, store: MemoStore) -> None:
        """Keep memos in a memo store, which is closed with the database."""
        self.store = Durable(self, store)
        self.is_calm = False

    @property
    def file(self) -> StoreFile:
        """The open file behind the database: `IntelStore(db.file)` keeps a graph beside the memos, `program_graph(db)` reads it.

        What is written through it is durable at once, not with `commit()`, and is closed with the database.

        Raises:
            NoFile: the database is in memory.
        """
        if self._file is None:
            raise NoFile("this database is in memory and has no file. Give it one: Database(path).")
        return self._file

    def check(self) -> list[Finding]:
        """Read the whole file and list what is not as it must be: structure, hashes, seals, edges, dirt; empty when sound, or in memory.

        What is listed is computed again when it is met, or refused; nothing is written.
        """
        from lestockage.store.file_check import file_findings  # noqa: PLC0415  # seldom asked, and an unchanged run is to start quickly

        self.check_open()
        return [] if self._file is None else file_findings(self._file)

    def verify_stored(self, sample: float = 1.0) -> tuple[int, list[Mismatch]]:
        """Run the bodies of a random share of what the file holds again: how many memos were loaded for it, and what differs from them."""
        from lestockage.engine.stored_sample import load_sample  # noqa: PLC0415  # seldom asked

        if self.store is None:
            return 0, []
        return load_sample(self.store, sample), self.verify()

    def stats(self) -> dict[str, QueryStats]:
        """What is held and was done, by the query's name, in memory and in the file (every row of which is read for it)."""
        from lestockage.store.memo_totals import memo_totals  # noqa: PLC0415  # seldom asked

        found = super().stats()
        if self._file is not None:
            for totals in memo_totals(self._file):
                known = found.get(totals.name, QueryStats(0, 0, 0, 0))
                found[totals.name] = known._replace(stored=totals.memos, stored_bytes=totals.row_bytes + totals.value_bytes)
        return found

    def gc(self, *, max_age: float | None = None, max_traces: int | None = None, max_bytes: int | None = None) -> Collected:
        """Commit, and take out of the file what the current state does not need; says what went, and the file's size before and after.

        Always: values that nothing refers to, results of queries that their module does not declare any more, results of tasks of edited
        code. With `max_age`: also results of earlier states, dirty memos and results of tasks that were made and last found to hold that
        many seconds ago. With `max_traces`: all but so many results of earlier states. With `max_bytes`: of all these the oldest, until no
        more bytes are used. What the current state needs is never dropped, so the file may stay larger. Done in short transactions, between
        which others read and write; what is dropped is computed again when it is asked for.
        """
        from lestockage.engine.undeclared import undeclared  # noqa: PLC0415  # seldom asked, and an unchanged run is to start quickly
        from lestockage.store.collection import Collected, Collection  # noqa: PLC0415  # as above

        self.check_open()
        durable, file = self.store, self._file
        if durable is None or file is None:
            return Collected(0, 0, 0, 0, 0)
        self.commit()

        @contextmanager
        def writing(is_change: bool) -> Iterator[None]:  # as the collection calls it
            with durable.writing(is_change=is_change):
                durable.store.forget_at_hand()
                yield

        collection = Collection(file, writing, durable.has_row_in_use)
        with self.exclusive:
            gone = undeclared(durable)
        return collection.run(gone, max_age=max_age, max_traces=max_traces, max_bytes=max_bytes)

    def learn(self, known: Known) -> None:
        """Keep a task's result that was computed elsewhere."""
        learn(self, known)

    def knows(self, task: Task[..., Any], *args: object) -> bool:
        """Whether a task's result for these arguments is known, here or in the store."""
        key = task.key(*args)
        if key in self.ingredients[task.declaration.index].entries:
            return True
        return self.store is not None and self.store.loading.has(task.declaration, key)

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
            if self._max_bytes is not None:
                self._fit(self._max_bytes)

    def _fit(self, max_bytes: int) -> None:
        """Collect garbage when more bytes are used than the budget; and again only when an eighth more has come to what had to stay."""
        from lestockage.store.memo_garbage import MemoGarbage  # noqa: PLC0415  # where there is a budget only

        assert self._file is not None  # noqa: S101  # there is a store
        garbage = MemoGarbage(self._file)
        if garbage.bytes_used() > max(max_bytes, self._least_bytes * 9 // 8):
            self._max_bytes = None  # the collection commits first
            try:
                self.gc(max_bytes=max_bytes)
            finally:
                self._max_bytes = max_bytes
            used = garbage.bytes_used()
            self._least_bytes = used if used > max_bytes else 0

    def close(self) -> None:
        """End the use of the database without committing; waits for running queries. Closing twice is fine."""
        super().close()
        if self.store is not None:
            with self.store.lock:  # whoever looks into the file at the moment
                self.store.store.close()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        try:
            if kind is None:
                self.commit()
        finally:
            self.close()
