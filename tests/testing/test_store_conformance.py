"""Store conformance: the dictionary and the SQLite file pass every check, and a store with one fault fails one."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.leases import Leases
from lestockage.store.memos import SqliteMemos
from lestockage.testing import STORE_CHECKS, DictData, DictStore
from lestockage.testing.dict_store import DictLeases
from lestockage.testing.store_scenario import run_scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from lestockage.engine.memostore import MemoStore, Row, Suspect

checks = pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)


@checks
def test_a_dictionary_is_a_store(check: Callable[[Callable[[], MemoStore]], None]) -> None:
    """`DictStore` passes every check."""
    data = DictData()
    check(lambda: DictStore(data))


@checks
def test_a_file_is_a_store(check: Callable[[Callable[[], MemoStore]], None], tmp_path: Path) -> None:
    """`SqliteMemos` passes every check."""

    def open_store() -> MemoStore:
        file = StoreFile.open(tmp_path / "memo.db")
        return SqliteMemos(file, Leases(file))

    check(open_store)


class _NeverRollsBack(DictStore):
    """Keeps what a failed transaction wrote."""

    def transaction(self) -> AbstractContextManager[None]:
        return self._kept()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        failure: BaseException | None = None
        with super().transaction():
            try:
                yield
            except Exception as error:  # noqa: BLE001  # raised below
                failure = error
        if failure is not None:
            raise failure


class _SweepsOneLevel(DictStore):
    """Dirties the readers of what changed, and not theirs."""

    def cone(self, changed: Sequence[int]) -> list[Suspect]:
        return [suspect for suspect in super().cone(changed) if suspect.dep in changed]


class _KeepsSuspects(DictStore):
    """Lets what was found to hold be dirty still."""

    def put_verified(self, ids: Sequence[int], revision: int) -> None:
        del ids, revision


class _ForgetsResults(DictStore):
    """Keeps no earlier result."""

    def update(self, rows: Sequence[Row]) -> None:
        super().update(rows)
        for row in rows:
            self._open_contents.traces.pop(row.id, None)


class _HearsNobody(DictStore):
    """Does not notice the commits of others."""

    def foreign_commits(self) -> int:
        return 0


class _StaleAtHand(DictStore):
    """Has rows at hand that were written since."""

    def __init__(self, data: DictData) -> None:
        super().__init__(data)
        self.ahead: dict[tuple[int, bytes], Row] = {}

    def read_ahead(self, ids: Sequence[int]) -> None:
        self.ahead = {(row.name, row.key): row for row in self.rows(ids)}

    def at_hand(self, name: int, key: bytes) -> Row | None:
        return self.ahead.get((name, key))


class _SharesLeases(DictStore):
    """Gives a lease to everybody."""

    def __init__(self, data: DictData) -> None:
        super().__init__(data)
        self.leases = DictLeases(data, 0)


@pytest.mark.parametrize(
    ("faulty", "noticed"),
    [
        (_NeverRollsBack, "a_failed_transaction_leaves_nothing"),
        (_SweepsOneLevel, "dirt_reaches_everything_above"),
        (_KeepsSuspects, "what_holds_suspects_nothing"),
        (_ForgetsResults, "earlier_results_are_kept"),
        (_HearsNobody, "commits_of_others_are_noticed"),
        (_StaleAtHand, "what_is_at_hand_is_what_is_stored"),
        (_SharesLeases, "a_lease_has_one_holder"),
    ],
)
def test_a_fault_is_noticed(faulty: type[DictStore], noticed: str) -> None:
    """A store with one fault fails the check that is about it."""
    data = DictData()
    check = next(check for check in STORE_CHECKS if check.__name__ == noticed)
    with pytest.raises(AssertionError):
        check(lambda: faulty(data))


@pytest.mark.parametrize("faulty", [_SweepsOneLevel, _ForgetsResults])
def test_an_engine_over_a_faulty_store_runs_other_bodies(faulty: type[DictStore]) -> None:
    """What the checks of single calls are about, the scenario notices too."""
    data = DictData()
    with pytest.raises(AssertionError):
        run_scenario(lambda: faulty(data))


def test_a_write_outside_of_a_transaction_is_refused() -> None:
    """The dictionary tells an engine that writes where nothing could undo it."""
    with pytest.raises(RuntimeError, match="outside of a transaction"):
        DictStore().set_revision(3)
