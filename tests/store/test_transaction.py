"""Transactions: all or nothing, one inside another, and what a connection does after something went wrong."""
# ruff: noqa: PT012  # a block of several statements is what is tested

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import ConstraintError, NotADatabase, StoreClosed, StoreIO, TransactionLost
from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project, list_projects
from lestockage.store.sqlite_errors import store_error

if TYPE_CHECKING:
    from pathlib import Path

INSERT = "INSERT INTO projects (name, root, created_at, updated_at) VALUES (?, '/', 1, 1)"


def names(store: StoreFile) -> list[str]:
    """Return the names of the projects, which stand for what was written."""
    return [project.name for project in list_projects(store)]


def test_block_commits(store: StoreFile, path: Path) -> None:
    """What a block wrote is seen by another connection once the block is left, not before."""
    with StoreFile.open(path) as other:
        with store.transaction():
            store.execute(INSERT, ("a",))
            assert names(other) == []
        assert names(other) == ["a"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_block_rolls_back_on_any_exception(store: StoreFile, error: type[BaseException]) -> None:
    """An exception, an interrupt too, undoes the whole block and passes on unchanged."""
    with pytest.raises(error), store.transaction():
        store.execute(INSERT, ("a",))
        raise error
    assert names(store) == []
    with store.transaction():
        store.execute(INSERT, ("b",))
    assert names(store) == ["b"]


def test_inner_block_joins_the_outer(store: StoreFile) -> None:
    """What an inner block wrote goes when the outer block fails."""
    with pytest.raises(ValueError, match="later"), store.transaction():
        with store.transaction():
            store.execute(INSERT, ("a",))
        raise ValueError("later")
    assert names(store) == []


def test_inner_failure_undoes_only_itself(store: StoreFile) -> None:
    """An inner block that fails leaves what the outer wrote before, and the outer can go on."""
    with store.transaction():
        store.execute(INSERT, ("a",))
        with pytest.raises(ValueError, match="inner"), store.transaction():
            store.execute(INSERT, ("b",))
            raise ValueError("inner")
        store.execute(INSERT, ("c",))
    assert names(store) == ["a", "c"]


def test_refused_row_undoes_the_block(store: StoreFile) -> None:
    """A row that the schema refuses is a typed error, and nothing of its block stays."""
    with pytest.raises(ConstraintError, match=r"UNIQUE constraint failed: projects\.name"), store.transaction():
        store.execute(INSERT, ("a",))
        store.execute(INSERT, ("a",))
    assert names(store) == []


def test_lost_transaction_writes_nothing_more(store: StoreFile) -> None:
    """When SQLite gave a transaction up by itself, later statements of the block are refused instead of committed one by one."""
    with pytest.raises(TransactionLost), store.transaction():
        store.execute(INSERT, ("a",))
        store.execute("ROLLBACK")
        store.execute(INSERT, ("b",))
    assert names(store) == []
    with store.transaction():
        store.execute(INSERT, ("c",))
    assert names(store) == ["c"]


def test_lost_transaction_is_told_at_the_end(store: StoreFile) -> None:
    """A block whose transaction is gone does not end as if it had committed."""
    with pytest.raises(TransactionLost), store.transaction():
        store.execute("ROLLBACK")


def test_lost_transaction_in_an_inner_block_is_told(store: StoreFile) -> None:
    """An inner block whose transaction is gone passes its failure on, and the outer one cannot commit either."""
    with pytest.raises(TransactionLost), store.transaction():
        with pytest.raises(ValueError, match="first"), store.transaction():
            store.execute("ROLLBACK")
            raise ValueError("first")
        store.execute(INSERT, ("a",))
    assert names(store) == []


def test_full_disk_is_told_and_the_last_commit_stands(store: StoreFile) -> None:
    """A write that finds no room is a StoreIO, and what was committed before is there."""
    ensure_project(store, "a", "/")
    pages = store.query("PRAGMA page_count")[0][0]
    store.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreIO, match="full"), store.transaction():
        store.executemany(INSERT, [("x" * 4000 + str(number),) for number in range(20)])
    assert names(store) == ["a"]
    store.execute("PRAGMA max_page_count = 1000000")
    ensure_project(store, "b", "/")
    assert names(store) == ["a", "b"]


def test_interrupt_between_begin_and_block_is_mended(store: StoreFile) -> None:
    """A transaction that an interrupt left open before its block began is undone when the next one begins."""
    connection = store._connection
    assert connection is not None
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(INSERT, ("stray",))
    with store.transaction():
        store.execute(INSERT, ("a",))
    assert names(store) == ["a"]


def test_snapshot_sees_one_state(store: StoreFile, path: Path) -> None:
    """All reads of a snapshot see the state of the first, while another connection commits."""
    with StoreFile.open(path) as other:
        with other.snapshot():
            assert names(other) == []
            ensure_project(store, "a", "/")
            with other.snapshot():
                assert names(other) == []
        assert names(other) == ["a"]


def test_snapshot_inside_a_transaction_joins_it(store: StoreFile) -> None:
    """A snapshot in a transaction sees what the transaction wrote."""
    with store.transaction():
        store.execute(INSERT, ("a",))
        with store.snapshot():
            assert names(store) == ["a"]
    assert names(store) == ["a"]


def test_transaction_inside_a_snapshot_is_a_mistake(store: StoreFile) -> None:
    """A write cannot be built on a snapshot, whose rows may be old; the snapshot itself goes on."""
    with store.snapshot():
        with pytest.raises(RuntimeError, match="inside a snapshot"), store.transaction():
            pass
        assert names(store) == []
    ensure_project(store, "a", "/")


def test_threads_take_turns(store: StoreFile) -> None:
    """Transactions of several threads on one connection follow each other whole."""

    def write(thread: int) -> None:
        for turn in range(20):
            with store.transaction():
                before = len(names(store))
                store.execute(INSERT, (f"{thread}-{turn}",))
                assert len(names(store)) == before + 1

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(store)) == 80


def test_closing_again_does_nothing(store: StoreFile) -> None:
    """Closing twice is closing once."""
    store.close()
    store.close()
    assert store.is_closed


def test_closed_file_is_refused(store: StoreFile) -> None:
    """Everything but closing is refused after closing, with the path in the error."""
    store.close()
    for use in (
        lambda: store.execute("SELECT 1"),
        lambda: store.executemany(INSERT, [("a",)]),
        lambda: store.query("SELECT 1"),
        lambda: store.row("SELECT 1"),
        lambda: store.transaction().__enter__(),
        lambda: store.snapshot().__enter__(),
        lambda: store.total_changes,
    ):
        with pytest.raises(StoreClosed) as caught:
            use()
        assert caught.value.path == store.path


def test_closing_inside_a_block_undoes_it(store: StoreFile, path: Path) -> None:
    """A block whose file was closed in it is told, and wrote nothing."""
    with pytest.raises(StoreClosed), store.transaction():
        store.execute(INSERT, ("a",))
        store.close()
    with StoreFile.open(path) as again:
        assert names(again) == []


def test_closing_inside_a_failing_block_keeps_its_error(store: StoreFile) -> None:
    """The exception of a block that closed the file is the one that is seen."""
    with pytest.raises(ValueError, match="mine"), store.transaction():
        store.close()
        raise ValueError("mine")


@pytest.mark.parametrize("use", ["execute", "executemany", "query", "row"])
def test_wrong_sql_is_our_defect(store: StoreFile, use: str) -> None:
    """SQL that is wrong says nothing about the file, so SQLite's own error passes through."""
    with pytest.raises(sqlite3.OperationalError, match="syntax error"):
        getattr(store, use)("SELEC 1", [])


def test_text_that_is_no_unicode_is_refused(store: StoreFile) -> None:
    """A name with a lone surrogate, as undecodable file names have, is a typed error."""
    with pytest.raises(ConstraintError, match="surrogates not allowed"):
        ensure_project(store, "a\udc80", "/")


def test_integer_beyond_64_bits_is_refused(store: StoreFile) -> None:
    """A number that SQLite cannot hold is a typed error."""
    with pytest.raises(ConstraintError, match="too large"):
        store.query("SELECT ?", (1 << 64,))


def test_late_failure_of_sqlite_is_mapped() -> None:
    """Codes that only a failing machine shows are mapped by their number, extended codes by their family."""
    error = sqlite3.DatabaseError("file is not a database")
    error.sqlite_errorcode = sqlite3.SQLITE_NOTADB
    assert isinstance(store_error(error, "a.db", 5.0), NotADatabase)
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    assert isinstance(store_error(error, "a.db", 5.0), StoreIO)
