"""Graph: the command that writes symbols and edges as a graph for other tools."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity
from lestockage.errors import UnwritableOutput
from lestockage.graph.export import TEXT_FORMATS, write_parquet
from lestockage.graph.program import call_graph, import_graph, inheritance_graph, program_graph
from lestockage.graph.subgraph import subgraph_by_symbol
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.graph.build import ProgramGraph
    from lestockage.workspace.lookup import Lookup

_WHOLE = {"calls": call_graph, "imports": import_graph, "inheritance": inheritance_graph, "program": program_graph}
_EDGES = {"calls": ("call",), "imports": ("import",), "inheritance": ("inheritance",), "program": ()}


def answer(  # noqa: PLR0913  # what to show, how much of it, and as what
    *,
    symbol: str | None = None,
    kind: str = "program",
    depth: int = 1,
    form: str | None = None,
    output: str | None = None,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return a graph in a format that is text, or write it to `output` and return how large it is.

    `as_json` asks for the node-link format, or with an output for the size as JSON.

    Raises:
        UnwritableOutput: the output cannot be written, or Parquet was asked for without one.
    """
    chosen = form or ("json" if as_json and output is None else "dot")
    if chosen == "parquet" and output is None:
        raise UnwritableOutput("-", "Parquet is two files, which need a folder")
    with open_lookup(database_path(db)) as lookup:
        graph = _graph(lookup, symbol, kind, depth, project)
    if output is None:
        text = io.StringIO()
        TEXT_FORMATS[chosen](graph, text)
        return text.getvalue()
    try:
        if chosen == "parquet":
            write_parquet(graph, output)
        else:
            with open(output, "w", encoding="utf-8") as file:
                TEXT_FORMATS[chosen](graph, file)
    except (OSError, ValueError) as error:
        raise UnwritableOutput(output, getattr(error, "strerror", None) or str(error)) from error
    nodes, edges = len(graph), graph.number_of_edges()
    if as_json:
        return json_text({"output": output, "format": chosen, "nodes": nodes, "edges": edges})
    return f"{output}: {quantity(nodes, 'node')}, {quantity(edges, 'edge')}\n"


def _graph(lookup: Lookup, symbol: str | None, kind: str, depth: int, project: str | None) -> ProgramGraph:
    if symbol is not None:
        return subgraph_by_symbol(lookup, lookup.definitions(symbol, project=project), depth, "both", _EDGES[kind])
    return _WHOLE[kind](lookup, *([] if project is None else [project]))
