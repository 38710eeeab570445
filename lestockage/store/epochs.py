"""Epochs: when which rows were written, so that rows can be collected by age without a time of their own.

At most one row a minute, made by the first commit of that minute: the ids and the revision that had been reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.store.clock import now

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

EPOCH_TABLES: Final = (
    """CREATE TABLE memo_epochs (
        began INTEGER PRIMARY KEY,
        next_id INTEGER NOT NULL,
        revision INTEGER NOT NULL
    ) STRICT""",
)

_MINUTE: Final = 60_000
_KEPT: Final = 1_000


class Epoch(NamedTuple):
    """Rows with a smaller id were made before it, memos verified in an earlier revision were last found to hold before it."""

    next_id: int
    revision: int


def begin_epoch(file: StoreFile) -> None:
    """Record what is reached, inside a transaction that changes memos; of many epochs the older ones are thinned out."""
    began = now()
    file.execute(
        "INSERT INTO memo_epochs SELECT ?1, coalesce((SELECT value FROM memo_state WHERE name = 'next id'), 1),"
        " coalesce((SELECT value FROM memo_state WHERE name = 'revision'), 1)"
        " WHERE NOT EXISTS (SELECT 1 FROM memo_epochs WHERE began > ?1 - ?2)",
        (began, _MINUTE),
    )
    count = file.query("SELECT count(*) FROM memo_epochs")[0][0]
    if count > _KEPT:
        file.execute(
            "DELETE FROM memo_epochs WHERE began IN (SELECT began FROM (SELECT began, row_number() OVER (ORDER BY began) AS place"
            " FROM memo_epochs) WHERE place < ? AND place % 2 = 0)",
            (_KEPT // 2,),
        )


def epoch_before(file: StoreFile, age: float) -> Epoch | None:
    """The latest epoch that began at least `age` seconds ago; None when the file remembers none."""
    row = file.row("SELECT next_id, revision FROM memo_epochs WHERE began <= ? ORDER BY began DESC LIMIT 1", (now() - round(age * 1000),))
    return None if row is None else Epoch(*row)
