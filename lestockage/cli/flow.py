"""Flow: the command that shows what happens within one symbol: its control flow, or what its statements depend on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.node_text import place
from lestockage.cli.table import table
from lestockage.graph.export.statement_drawing import edge_title, point_title, write_statement_dot, write_statement_mermaid
from lestockage.graph.statements import control_flow_graph, program_dependence_graph
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.graph.statements import StatementGraph

_DRAWN = {"dot": write_statement_dot, "mermaid": write_statement_mermaid}


def answer(  # noqa: PLR0913  # which symbol, what of it, and as what
    *, symbol: str, pdg: bool = False, form: str | None = None, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return the control flow graph of a symbol, or with `pdg` its program dependence graph, as text, DOT, Mermaid or JSON."""
    with open_lookup(database_path(db)) as lookup:
        graph = (program_dependence_graph if pdg else control_flow_graph)(lookup, lookup.definitions(symbol, project=project))
    if as_json or form == "json":
        return _object(graph)
    if form is not None:
        text = io.StringIO()
        _DRAWN[form](graph, text)
        return text.getvalue()
    return _text(graph)


def _object(graph: StatementGraph) -> str:
    points = [{"id": index, **facts} for index, facts in graph.nodes(data=True)]
    edges = [{"source": source, "target": target, **facts} for source, target, facts in graph.edges(data=True)]
    return json_text({**graph.graph, "points": points, "edges": edges})


def _text(graph: StatementGraph) -> str:
    rows = []
    for index, facts in graph.nodes(data=True):
        leads = ", ".join(f"{edge_title(edge)} {target}" for _, target, edge in graph.edges(index, data=True))
        title = point_title(facts) + ("" if facts["reachable"] else " (unreachable)")
        rows.append((index, title, ", ".join(facts["uses"]), leads))
    head = f"{graph.graph['qualified_name']}  {place(graph.graph['file_path'], graph.graph['start_line'])}\n"
    return head + table([(number, title, uses and f"reads {uses}", leads and f"-> {leads}") for number, title, uses, leads in rows], "  ")
