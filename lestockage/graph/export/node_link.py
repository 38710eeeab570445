"""Node-link: a graph as JSON in the shape of `networkx.node_link_data` (`edges="edges"`), written as it is walked.

Bytes are in hexadecimal, and the key of an edge is text (`call:12:4`): JSON has neither bytes nor tuples.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lestockage.graph.export.columns import edge_name, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO

    from lestockage.graph.build import ProgramGraph


def write_node_link(graph: ProgramGraph, file: TextIO) -> None:
    """Write a graph as JSON in ASCII, a node or edge a line, in the order of the graph."""
    file.write('{"directed": true, "multigraph": true, "graph": {},\n"nodes": [')
    _write_list(({**_plain(facts), "id": node_id} for node_id, facts in graph.nodes(data=True)), file)
    file.write('],\n"edges": [')
    edges = graph.edges(keys=True, data=True)
    _write_list(({**_plain(facts), "source": a, "target": b, "key": edge_name(key)} for a, b, key, facts in edges), file)
    file.write("]}\n")


def _plain(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: plain(value) for name, value in facts.items()}


def _write_list(rows: Iterable[dict[str, Any]], file: TextIO) -> None:
    separator = "\n"
    for row in rows:
        file.write(f"{separator}{json.dumps(row)}")
        separator = ",\n"
