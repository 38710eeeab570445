"""Statement drawing: a graph of the statements of one symbol as DOT or Mermaid, a point or edge a line.

A point says its line, its kind and the variables it defines; a point that no path leads to is grey, or says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.graph.export.dot import quoted
from lestockage.graph.export.mermaid import escaped

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from lestockage.graph.statements import StatementGraph


def write_statement_dot(graph: StatementGraph, file: TextIO) -> None:
    """Write a control flow or program dependence graph as DOT; exceptions are dotted, back edges bold, data dependences dashed."""
    file.write("digraph statements {\n  node [shape=box];\n")
    for index, facts in graph.nodes(data=True):
        colour = "" if facts["reachable"] else ", color=grey, fontcolor=grey"
        file.write(f"  n{index} [label={quoted(point_title(facts))}{colour}];\n")
    for source, target, facts in graph.edges(data=True):
        file.write(f"  n{source} -> n{target} [label={quoted(edge_title(facts))}{_style(facts)}];\n")
    file.write("}\n")


def write_statement_mermaid(graph: StatementGraph, file: TextIO) -> None:
    """Write a control flow or program dependence graph as a Mermaid flowchart; exceptions and data dependences are dotted."""
    file.write("flowchart TD\n")
    for index, facts in graph.nodes(data=True):
        title = point_title(facts) + ("" if facts["reachable"] else " (unreachable)")
        file.write(f'  n{index}["{escaped(title)}"]\n')
    for source, target, facts in graph.edges(data=True):
        arrow = "-.->" if _style(facts) in {", style=dotted", ", style=dashed"} else "-->"
        file.write(f'  n{source} {arrow}|"{escaped(edge_title(facts))}"| n{target}\n')


def point_title(facts: Mapping[str, Any]) -> str:
    """Return what a point is called: its line, its kind, and what it defines."""
    where = "" if facts["line"] is None else f"{facts['line']} "
    defines = f" {', '.join(facts['defines'])}" if facts["defines"] else ""
    return f"{where}{facts['kind']}{defines}"


def edge_title(facts: Mapping[str, Any]) -> str:
    """Return what an edge says: the way it goes, or the variable."""
    title: str = facts.get("name") or facts["kind"]
    return title


def _style(facts: Mapping[str, Any]) -> str:
    if facts.get("dependence") == "data":
        return ", style=dashed"
    if facts["kind"] == "exception":
        return ", style=dotted"
    return ", style=bold" if facts.get("back") else ""
