"""Database: the engine, with the SQLite store behind it when a path is given."""

from __future__ import annotations

from lestockage.engine.runtime import Engine


class Database(Engine):
    """One database of inputs and memos: in memory, or in the file at `path`."""
