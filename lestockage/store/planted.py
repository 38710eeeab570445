"""Planted: triggers that this package did not make, and views or virtual tables in the place of its tables, for which a file is refused.

Views of people's own are theirs: nothing here reads them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from blake3 import blake3

from lestockage.errors import CorruptStore

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_ROOTLESS: Final = "SELECT type, name, sql FROM sqlite_schema WHERE rootpage = 0 OR rootpage IS NULL ORDER BY type, name"
"""What has no pages of its own: triggers, views, virtual tables."""

USUAL: Final = "4f2fefc08ec50901a6118d1cbc25d304"
"""The digest of what our own schema has of that kind, so that opening a file loads no SQL (tests/store/test_planted.py keeps it)."""


def refuse_planted(store: StoreFile) -> None:
    """Refuse a file whose schema would do more than keep rows.

    Raises:
        CorruptStore: it has a trigger of another's, or something that is no table under the name of one of ours.
    """
    found = store.query(_ROOTLESS)
    if digest_of(found) == USUAL:
        return
    from lestockage.store.migrations import MIGRATIONS  # noqa: PLC0415  # the SQL of every table, seldom needed

    statements = [" ".join(statement.split()) for migration in MIGRATIONS for statement in migration.statements]
    tables = {match[1] for statement in statements if (match := re.match(r"CREATE TABLE (\w+)", statement))}
    for kind, name, sql in found:
        if kind == "trigger" and " ".join(str(sql).split()) not in statements:
            raise CorruptStore(store.path, f"it has a trigger {name!r}, which this release did not make")
        if kind != "trigger" and name in tables:
            raise CorruptStore(store.path, f"its {name} is no table but a {kind}")


def digest_of(rows: list[tuple[str, str, str]]) -> str:
    """Return a digest of rows of the schema."""
    return blake3(repr(rows).encode("utf-8", "surrogatepass")).hexdigest(length=16)
