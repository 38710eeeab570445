"""Registry: every declared query, so that each database has room for its table."""

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lestockage.engine.declaration import Declaration
    from lestockage.engine.runtime import Engine

declarations: list[Declaration] = []
"""In order of declaration; a declaration's `index` is its place here."""
_databases: weakref.WeakSet[Engine] = weakref.WeakSet()
_lock = threading.Lock()


def register(declaration: Declaration) -> None:
    """Give a declaration its place, in every database that is open too."""
    with _lock:
        declaration.index = len(declarations)
        declarations.append(declaration)
        for db in _databases:
            db.add_table(declaration)


def attach(db: Engine) -> None:
    """Give a new database a table for every declaration, present and future."""
    with _lock:
        for declaration in declarations:
            db.add_table(declaration)
        _databases.add(db)


def named(name: str) -> Declaration | None:
    """The latest declaration of that stable name."""
    for declaration in reversed(declarations):
        if declaration.name == name:
            return declaration
    return None
