"""Memo tables: the SQL of the tables that `memos` keeps, a part of schema version 1."""

from __future__ import annotations

from typing import Final

MEMO_TABLES: Final[tuple[str, ...]] = ()
"""One statement each, in the order in which they are run."""
