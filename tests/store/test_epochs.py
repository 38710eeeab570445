"""Epochs: at most one a minute, thinned out when they are many, and told by age."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store.epochs import begin_epoch, epoch_before

if TYPE_CHECKING:
    import pytest

    from lestockage.store.connection import StoreFile


def test_epochs_are_few_and_found_by_age(store: StoreFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 1,500 minutes with two commits each about 1,000 rows are left, all of the younger ones among them."""
    time = 0

    monkeypatch.setattr("lestockage.store.epochs.now", lambda: time)
    assert epoch_before(store, 0) is None
    for minute in range(1_500):
        with store.transaction():
            store.execute("INSERT INTO memo_state VALUES ('next id', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (minute,))
            time = minute * 60_000
            begin_epoch(store)
            time += 20_000
            begin_epoch(store)
    assert 500 < store.query("SELECT count(*) FROM memo_epochs")[0][0] <= 1_001
    for age in (20, 80, 20 + 60 * 300):
        epoch = epoch_before(store, age)
        assert epoch is not None
        assert epoch.next_id == 1_499 - (age - 20) // 60
    assert epoch_before(store, 1e9) is None
