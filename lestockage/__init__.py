"""lestockage: incremental computation with durable memos, and a code-intelligence store built on it.

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lestockage.database import Database as Database
    from lestockage.engine.accumulator import Accumulator as Accumulator
    from lestockage.engine.annotations import Key as Key
    from lestockage.engine.inputs import Input as Input
    from lestockage.engine.interned import Interned as Interned
    from lestockage.engine.lazy import Lazy as Lazy
    from lestockage.engine.lazy import unloaded as unloaded
    from lestockage.engine.query import Query as Query
    from lestockage.engine.query import query as query
    from lestockage.engine.task import Content as Content
    from lestockage.engine.task import task as task
    from lestockage.engine.tracked import Tracked as Tracked

_HOMES = {
    "Tracked": "engine.tracked",
    "Interned": "engine.interned",
    "Accumulator": "engine.accumulator",
    "Content": "engine.task",
    "Database": "database",
    "Input": "engine.inputs",
    "Key": "engine.annotations",
    "Lazy": "engine.lazy",
    "Query": "engine.query",
    "query": "engine.query",
    "task": "engine.task",
    "unloaded": "engine.lazy",
}

__version__ = "0.1.0"
__all__ = [
    "Accumulator",
    "Content",
    "Database",
    "Input",
    "Interned",
    "Key",
    "Lazy",
    "Query",
    "Tracked",
    "query",
    "task",
    "unloaded",
]  # loaded by __getattr__


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name stands for
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lestockage' has no attribute {name!r}")
    found = getattr(import_module(f"lestockage.{home}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted((*_HOMES, "__version__"))
