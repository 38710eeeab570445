"""Exports: a graph of `lestockage.graph` in the formats of other tools.

Any attribute and any name may be anything: what a format cannot hold is escaped or replaced, never left to end a string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.graph.export.dot import write_dot
from lestockage.graph.export.graphml import write_graphml
from lestockage.graph.export.mermaid import write_mermaid
from lestockage.graph.export.node_link import write_node_link
from lestockage.graph.export.parquet import write_parquet

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from lestockage.graph.build import ProgramGraph

__all__ = ["TEXT_FORMATS", "write_dot", "write_graphml", "write_mermaid", "write_node_link", "write_parquet"]

TEXT_FORMATS: Final[dict[str, Callable[[ProgramGraph, TextIO], None]]] = {
    "dot": write_dot,
    "graphml": write_graphml,
    "json": write_node_link,
    "mermaid": write_mermaid,
}
"""What writes each format that is text; Parquet is a folder (`write_parquet`)."""
