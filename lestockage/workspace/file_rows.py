"""File rows: the nodes and edges of one file as the tables hold them, with their places, put together from what the queries say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.languages.python.control_flow.statement_lines import decode_lines
from lestockage.languages.sites import decode_sites
from lestockage.queries.data_edges import statement_of
from lestockage.queries.rows import file_edges, file_nodes, positions
from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.node_rows import NodeFacts, NodeKey

if TYPE_CHECKING:
    from lestockage.database import Database
    from lestockage.queries.inputs import SourceFile

LANGUAGE = "python"


def node_facts(db: Database, source: SourceFile) -> list[NodeFacts]:
    """Return the symbols of a file in the order of the file; none for one that cannot be read."""
    return [
        NodeFacts(
            node.qualified_name,
            node.ordinal,
            node.symbol_name,
            node.node_type,
            LANGUAGE,
            node.signature,
            node.visibility,
            node.complexity,
            node.content_hash,
            *span,
        )
        for node, span in zip(file_nodes(db, source), positions(db, source).spans, strict=True)
    ]


def edge_facts(db: Database, source: SourceFile, project_id: int) -> dict[NodeKey, list[EdgeFacts]]:
    """Return the edges that leave each of a file's units, by the unit."""
    placed = positions(db, source)
    path = source.path
    edges: dict[NodeKey, list[EdgeFacts]] = {}
    for unit in file_edges(db, source):
        sites = decode_sites(placed.sites[unit.index])
        lines = decode_lines(placed.lines[unit.index], 0)
        edges[NodeKey(project_id, path, unit.qualified_name, unit.ordinal)] = [
            EdgeFacts(
                NodeKey(project_id, edge.path, edge.qualified_name, edge.ordinal),
                edge.edge_type,
                *(sites[edge.site] if edge.site >= 0 else _statement(edge.site, lines)),
                edge.confidence,
                edge.provenance,
            )
            for edge in unit.edges
        ]
    return edges


def _statement(site: int, lines: list[int]) -> tuple[int, int]:
    """Return where an edge is said that is tied to a statement or to nothing."""
    number = statement_of(site)
    return (0, 0) if number is None or number >= len(lines) else (lines[number], 0)
