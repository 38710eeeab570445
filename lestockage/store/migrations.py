"""Migrations: the steps that lead from an empty file to the current schema, in order.

A fresh file takes every step too, so a fresh file and a migrated one cannot differ. A step that has been released is never edited: what
changes is a new step.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, NamedTuple

from lestockage.store.analysis_tables import ANALYSIS_TABLES
from lestockage.store.embedding_tables import EMBEDDING_TABLES
from lestockage.store.epochs import EPOCH_TABLES
from lestockage.store.file_header import APPLICATION_ID
from lestockage.store.global_tables import GLOBAL_TABLES
from lestockage.store.intel_tables import INTEL_TABLES
from lestockage.store.lease_tables import LEASE_TABLES
from lestockage.store.linker_tables import LINKER_TABLES
from lestockage.store.memo_tables import MEMO_TABLES
from lestockage.store.run_tables import RUN_TABLES
from lestockage.store.schema import has_tables, stored_version
from lestockage.store.seal_rows import SEALED_TABLES, seal_rows
from lestockage.store.snapshot_tables import SNAPSHOT_TABLES
from lestockage.store.trace_tables import TRACE_TABLES
from lestockage.store.version_3_tables import VERSION_3_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from lestockage.store.connection import StoreFile

_VERSION_TABLE: Final = """CREATE TABLE schema_version (
        version INTEGER PRIMARY KEY,
        applied_at INTEGER NOT NULL,
        description TEXT NOT NULL
    ) STRICT"""


class Migration(NamedTuple):
    """One step: the version that it leads to, what it does in a few words, its statements, and what SQL alone cannot do, after them."""

    version: int
    description: str
    statements: tuple[str, ...]
    complete: Callable[[StoreFile], None] | None = None


MIGRATIONS: Final = (
    Migration(1, "projects, source files, nodes, edges and memos", (*INTEL_TABLES, *MEMO_TABLES)),
    Migration(
        2,
        "cached analyses, sized embeddings, sealed memos and inputs, traces, leases, snapshots, names across projects",
        (
            *(
                *ANALYSIS_TABLES,
                *EMBEDDING_TABLES,
                *SEALED_TABLES,
                *EPOCH_TABLES,
                *TRACE_TABLES,
                *LEASE_TABLES,
                *SNAPSHOT_TABLES,
            ),
            *(*GLOBAL_TABLES, *RUN_TABLES),
        ),
        seal_rows,
    ),
    Migration(
        3, "the confidence of edges held to 0 … 1, what calls across projects give, names that only running code has", VERSION_3_TABLES
    ),
    Migration(4, "what the linker of each project knows", LINKER_TABLES),
)


def migrate(store: StoreFile, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Bring a file's schema up to the last of `migrations`, and return how many steps that took.

    Each step is one transaction with its record, and reads the version again inside it: of several processes that open an old file
    together, one takes the step and the others find it taken.
    """
    return sum(_apply(store, migration) for migration in migrations)


def _apply(store: StoreFile, migration: Migration) -> bool:
    """Take one step unless it is taken already, and tell whether it was taken now."""
    with store.transaction():
        is_fresh = not has_tables(store)
        if not is_fresh and stored_version(store) >= migration.version:
            return False
        if is_fresh:
            store.execute(_VERSION_TABLE)
            store.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for statement in migration.statements:
            store.execute(statement)
        if migration.complete is not None:
            migration.complete(store)
        store.execute(
            "INSERT INTO schema_version (version, applied_at, description) VALUES (?, ?, ?)",
            (migration.version, time.time_ns() // 1_000_000, migration.description),
        )
        # The file's header says the version as well: a newer file is told apart without opening it (`file_header`).
        store.execute(f"PRAGMA user_version = {migration.version}")
        return True
