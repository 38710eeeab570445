"""Store: the one SQLite file behind a database, and the only package that speaks SQL to it.

`connection` opens the file, `migrations` brings its schema up to date, and each other module holds the rows of one noun. `IntelStore`,
with `Node`, `Edge` and `Project`, is what programs use. Names are loaded when they are first used: a run that finds nothing changed loads
only the modules that it needs.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lestockage.store.edge_access import CallGraph as CallGraph
    from lestockage.store.embedding_access import NearNode as NearNode
    from lestockage.store.intel_store import IntelStore as IntelStore
    from lestockage.store.models import Edge as Edge
    from lestockage.store.models import Node as Node
    from lestockage.store.models import Project as Project
    from lestockage.store.node_rows import NodeKey as NodeKey
    from lestockage.store.node_rows import NodeRow as NodeRow

_HOMES = {
    "CallGraph": "edge_access",
    "Edge": "models",
    "IntelStore": "intel_store",
    "NearNode": "embedding_access",
    "Node": "models",
    "NodeKey": "node_rows",
    "NodeRow": "node_rows",
    "Project": "models",
}

__all__ = ["CallGraph", "Edge", "IntelStore", "NearNode", "Node", "NodeKey", "NodeRow", "Project"]  # loaded by __getattr__


def __getattr__(name: str) -> Any:  # noqa: ANN401  # whatever the name stands for
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lestockage.store' has no attribute {name!r}")
    found = getattr(import_module(f"lestockage.store.{home}"), name)
    globals()[name] = found
    return found
