"""Failing disk: a commit that cannot be written leaves the last one in the file, and everything in memory to be committed again."""

from __future__ import annotations

import resource
import signal
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from lestockage import Database
from lestockage.errors import StoreError, StoreIO
from lestockage.store.connection import StoreFile
from tests.crash import ledger

if TYPE_CHECKING:
    from pathlib import Path


class Faulty:
    """A connection whose statements fail from the `count`-th on, until it is mended."""

    def __init__(self, real: sqlite3.Connection, count: int) -> None:
        self.real = real
        self.left = count
        self.is_mended = False
        self.has_failed = False

    def _due(self) -> None:
        self.left -= 1
        if self.left <= 0 and not self.is_mended:
            self.has_failed = True
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
            raise error

    def execute(self, *arguments: Any) -> Any:
        """As the real one, unless it fails."""
        self._due()
        return self.real.execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        """As the real one, unless it fails."""
        self._due()
        return self.real.executemany(*arguments)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def changed(path: Path) -> Database:
    """A database whose step 1 is computed and not committed."""
    with Database(path) as db:
        ledger.write(db, 0)
        ledger.ledger(db)
    db = Database(path)
    ledger.write(db, 1)
    ledger.ledger(db)
    return db


def assert_unharmed(db: Database, path: Path) -> None:
    """After a commit that failed: the file holds step 0; memory answers for step 1, and for what comes after; the next commit succeeds."""
    other = Database(path)
    assert ledger.found(other) == ledger.state(0)
    assert ledger.ledger(other) == ledger.oracle(ledger.state(0))
    assert other.check() == []
    other.close()
    assert ledger.ledger(db) == ledger.oracle(ledger.state(1))
    ledger.write(db, 2)
    assert ledger.ledger(db) == ledger.oracle(ledger.state(2))
    db.commit()
    assert db.check() == []
    db.close()
    with Database(path) as again:
        assert ledger.found(again) == ledger.state(2)
        assert ledger.ledger(again) == ledger.oracle(ledger.state(2))
        assert again.executions() == {}


def test_a_fault_at_any_statement_of_a_commit_harms_nothing(tmp_path: Path) -> None:
    """Whichever statement fails first, the file is the last commit's, memory goes on, and the next commit makes everything durable."""
    for count in range(1, 1000):
        path = tmp_path / f"{count}.db"
        db = changed(path)
        file: Any = db._file
        faulty = file._connection = Faulty(file._connection, count)
        if not faulty.has_failed:
            try:
                db.commit()
            except StoreIO:
                assert faulty.has_failed
        faulty.is_mended = True
        if not faulty.has_failed:
            assert count > 10
            db.close()
            return
        assert_unharmed(db, path)
    raise AssertionError("no commit has so many statements")


def test_a_full_disk_is_told_and_harms_nothing(tmp_path: Path) -> None:
    """A file that may not grow refuses the commit with an error of ours; with room again, the same commit succeeds."""
    path = tmp_path / "memo.db"
    db = changed(path)
    file = db._file
    assert file is not None
    file.execute(f"PRAGMA max_page_count = {file.query('PRAGMA page_count')[0][0]}")
    for number in range(40):
        ledger.Account(db, number=100 + number, amount=number, note="x" * 2000)
    with pytest.raises(StoreIO, match="full"):
        db.commit()
    file.execute("PRAGMA max_page_count = 100000")
    for number in range(40):
        account = ledger.Account.get(db, number=100 + number)
        assert account is not None
        account.delete()
    assert_unharmed(db, path)


def test_a_limit_on_the_size_of_files_is_told_and_harms_nothing(tmp_path: Path) -> None:
    """The operating system's own refusal, in the middle of the WAL, is an error of ours; without the limit the same commit succeeds."""
    path = tmp_path / "memo.db"
    db = changed(path)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    wal = path.with_name("memo.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (wal + 6000, before[1]))
    try:
        with pytest.raises(StoreError):
            db.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert_unharmed(db, path)


def test_a_fault_when_a_name_is_first_used_is_told_and_asked_again(tmp_path: Path) -> None:
    """A query whose name could not be recorded raises when it is asked, and works when the disk does."""
    path = tmp_path / "memo.db"
    db = Database(path)
    ledger.write(db, 0)
    file: Any = db._file
    real = file._connection
    faulty = file._connection = Faulty(real, 3)
    with pytest.raises(StoreIO):
        ledger.ledger(db)
    faulty.is_mended = True
    assert ledger.ledger(db) == ledger.oracle(ledger.state(0))
    db.commit()
    db.close()
    ledger.assert_sound(path, 0)


def test_store_file_is_what_faults_are_injected_into() -> None:
    """The tests above replace the connection by its name in the store file."""
    assert "_connection" in StoreFile.__slots__
