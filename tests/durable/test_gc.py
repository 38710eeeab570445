"""Garbage collection: what the current state does not need goes, by age and by bytes; what it needs stays, and nobody is kept waiting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database, query, task
from lestockage.store import memo_garbage
from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project, list_projects
from tests.crash import ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the file is."""
    return tmp_path / "memo.db"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The time in milliseconds, as the store is told."""
    time = [1_000_000_000_000]
    monkeypatch.setattr("lestockage.store.epochs.now", lambda: time[0])
    return time  # type: ignore[return-value]  # a list that the test changes


def size(path: Path) -> int:
    """The bytes of a file and of its WAL."""
    return sum(other.stat().st_size for other in path.parent.glob(f"{path.name}*") if not other.name.endswith("-shm"))


def grown(path: Path, steps: int = 12) -> None:
    """A file that has seen many states."""
    with Database(path) as db:
        for step in range(steps):
            ledger.write(db, step)
            ledger.ledger(db)
            db.commit()


def counted(path: Path, table: str) -> int:
    """How many rows a table has."""
    with StoreFile.open(path, read_only=True) as file:
        return int(file.query(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608  # names of this module


def assert_current(path: Path, step: int) -> None:
    """Everything about a step is served without executing anything, from a sound file."""
    with Database(path) as db:
        assert ledger.found(db) == ledger.state(step)
        assert ledger.ledger(db) == ledger.oracle(ledger.state(step))
        assert db.executions() == {}
        assert db.check() == []


def test_values_that_nothing_names_go_and_the_current_state_stays(path: Path) -> None:
    """After many states the values of earlier ones go; the present one is served without an execution."""
    grown(path)
    before = counted(path, "memo_values")
    with Database(path) as db:
        done = db.gc(max_traces=0)
    assert done.traces > 0
    assert counted(path, "memo_traces") == 0
    assert done.values == before - counted(path, "memo_values") > 0
    assert done.bytes_after <= done.bytes_before
    assert_current(path, 11)
    with Database(path) as db:
        assert db.gc()[:3] == (0, 0, 0)


def test_results_of_earlier_states_are_kept_by_count(path: Path) -> None:
    """The latest of them stay, and bring their state back without an execution; the rest goes."""
    grown(path)
    with Database(path) as db:
        before = counted(path, "memo_traces")
        assert db.gc(max_traces=30).traces == before - 30
        assert counted(path, "memo_traces") == 30
        ledger.write(db, 10)
        assert ledger.ledger(db) == ledger.oracle(ledger.state(10))
        assert db.executions() == {}


def test_a_budget_is_met_with_what_may_go(path: Path) -> None:
    """Dirty memos and results of tasks go until the file fits; the present state stays even if it does not fit."""
    grown(path, 40)
    with Database(path) as db:
        done = db.gc(max_bytes=1)
    assert done.memos > 0
    assert done.bytes_after < done.bytes_before
    assert_current(path, 39)
    with Database(path) as db:
        ledger.write(db, 3)
        assert ledger.ledger(db) == ledger.oracle(ledger.state(3))


def test_a_database_with_a_budget_keeps_to_it(path: Path) -> None:
    """A file that would grow with every state stays at the budget, commit after commit, with right answers."""
    budget = 600_000  # the tables alone, empty, take about half
    with Database(path, max_bytes=budget) as db:
        for step in range(60):
            with db.write():
                for number in range(100):
                    ledger.Account(db, number=number, amount=step * 1000 + number, note=f"{step}" * 40)
            expected = {number: (step * 1000 + number, f"{step}" * 40) for number in range(100)}
            assert ledger.page(db, 1) == ledger.oracle({number: expected[number] for number in range(12)})[1]
            db.commit()
            used = memo_garbage.MemoGarbage(db._file).bytes_used()  # type: ignore[arg-type]  # it has a file
            assert used <= budget
        assert db.check() == []


def test_age_decides_when_asked(path: Path, clock: list[int]) -> None:
    """Results of tasks and dirty memos that are older than asked go, younger ones stay."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    clock[0] += 3_600_000
    with Database(path) as db:
        ledger.write(db, 1)
        ledger.ledger(db)
        db.commit()
    clock[0] += 3_600_000
    with Database(path) as db:
        assert db.gc(max_age=10_000).memos == 0
        assert db.gc(max_age=5_000).memos == 0  # made at some time after the epoch that began 7,200 seconds ago
        done = db.gc(max_age=3_500)
        assert done.memos > 0
        assert done.traces == 0  # the earlier state was left by the latest commit
        assert db.gc(max_age=3_500)[:3] == (0, 0, 0)
    assert_current(path, 1)


def declared(version: int) -> Any:
    """A task and a query over it, of one version of their code."""

    @task(version=version)
    def cubed(number: int) -> int:
        return number**3

    @query(version=version)
    def total(db: Database, number: int) -> int:
        return sum(cubed(db, each) for each in range(number))

    return total


def test_results_of_edited_tasks_go(path: Path) -> None:
    """Results under code that the module does not declare any more are dropped, those of its present code are kept."""
    for version in (1, 2):
        total = declared(version)
        with Database(path) as db:
            assert total(db, 50) == sum(each**3 for each in range(50))
    with Database(path) as db:
        assert db.gc().memos == 50
        assert total(db, 50) == sum(each**3 for each in range(50))
        assert db.executions() == {}


def test_readers_and_writers_go_on_between_slices(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader's snapshot that was begun before sees the same rows at the end, and writes of others come through between the slices."""
    grown(path, 20)
    monkeypatch.setattr(memo_garbage, "SLICE", 20)
    slices = []
    with StoreFile.open(path) as reader, StoreFile.open(path, timeout=0.0) as writer:
        drop = memo_garbage.MemoGarbage.drop_values

        def dropping(self: memo_garbage.MemoGarbage, hashes: list[bytes]) -> None:
            drop(self, hashes)
            slices.append(len(hashes))

        values = memo_garbage.MemoGarbage.values

        def looking(self: memo_garbage.MemoGarbage, after: bytes) -> list[bytes]:
            ensure_project(writer, f"p{len(slices)}", "/src")  # without waiting: no transaction is open between two slices
            return values(self, after)

        monkeypatch.setattr(memo_garbage.MemoGarbage, "drop_values", dropping)
        monkeypatch.setattr(memo_garbage.MemoGarbage, "values", looking)
        with reader.snapshot():
            before = reader.query("SELECT hash FROM memo_values")
            with Database(path) as db:
                done = db.gc(max_traces=0)
            assert reader.query("SELECT hash FROM memo_values") == before
        assert len(slices) > 2
        assert max(slices) <= 20
        assert done.values == sum(slices)
        assert len(list_projects(writer)) == len(slices) + 1 - (len(slices) == 0)


def test_identical_reruns_write_nothing(path: Path) -> None:
    """Setting the same inputs, asking, committing and collecting again grow the file and its WAL by no byte."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    before = size(path), path.read_bytes()
    for _ in range(3):
        with Database(path, max_bytes=10_000_000) as db:
            ledger.write(db, 0)
            ledger.ledger(db)
            db.commit()
            db.gc(max_age=1_000_000, max_bytes=10_000_000)
            assert size(path) == before[0]
    assert (size(path), path.read_bytes()) == before


def test_in_memory_there_is_nothing_to_collect() -> None:
    """Without a file nothing is dropped, and nothing is found."""
    with Database() as db:
        assert db.gc(max_bytes=1) == (0, 0, 0, 0, 0)
        assert db.check() == []


def test_a_collection_takes_nothing_from_under_another_database(path: Path) -> None:
    """Rows that another database has loaded and computed anew go in a collection of this one; its commit is whole all the same."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    with Database(path) as db:
        ledger.write(db, 1)
        db.commit()  # what depends on the accounts that changed is dirty in the file
    other = Database(path)
    assert ledger.page(other, 0) == ledger.oracle(ledger.state(1))[0]
    with Database(path) as db:
        assert db.gc(max_bytes=1).memos > 0
    assert ledger.ledger(other) == ledger.oracle(ledger.state(1))
    other.commit()
    assert other.check() == []
    other.close()
    assert_current(path, 1)


def test_results_of_queries_that_are_gone_go(path: Path) -> None:
    """Rows of a query that its module does not declare any more are dropped; those of a module that is not imported here are kept."""
    grown(path, 1)
    with StoreFile.open(path) as file:
        file.execute("UPDATE memo_names SET name = 'tests.crash.ledger.vanished' WHERE name LIKE '%ledger.entry'")
        file.execute("UPDATE memo_names SET name = 'tests.crash.elsewhere.query' WHERE name LIKE '%ledger.parity'")
    with Database(path) as db:
        assert db.gc().memos == ledger.ACCOUNTS
        assert ledger.ledger(db) == ledger.oracle(ledger.state(0))
