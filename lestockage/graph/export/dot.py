"""DOT: a graph for Graphviz, readable by eye: qualified names, a shape for each kind of symbol, a style for each kind of edge.

Parallel edges are drawn as one, with their number. Any name is data: quotes, backslashes and line ends in it cannot end a string.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.graph.export.drawing import lines_between, title

if TYPE_CHECKING:
    from typing import TextIO

    from lestockage.graph.build import ProgramGraph

_SHAPES: Final = {"module": "folder", "class": "box", "variable": "cds", "external": "octagon"}
_STYLES: Final = {
    "inheritance": "arrowhead=empty",
    "import": "style=dashed",
    "data_dependency": "style=dotted",
    "containment": "arrowhead=diamond",
}


def write_dot(graph: ProgramGraph, file: TextIO) -> None:
    """Write a graph as DOT, a node or edge a line, in the order of the graph."""
    file.write("digraph program {\n  rankdir=LR;\n  node [shape=ellipse];\n")
    for node_id, facts in graph.nodes(data=True):
        place = f"{facts.get('file_path') or ''}:{facts.get('start_line') or ''}".strip(":")
        tooltip = f", tooltip={quoted(place)}" if place else ""
        shape = _SHAPES.get(facts.get("node_type", ""))
        file.write(f"  n{node_id} [label={quoted(title(node_id, facts))}{f', shape={shape}' if shape else ''}{tooltip}];\n")
    for caller, callee, edge_type, number in lines_between(graph):
        attributes = [_STYLES[edge_type]] if edge_type in _STYLES else []
        if number > 1:
            attributes.append(f"label={quoted(f'{number}')}")
        drawn = f" [{', '.join(attributes)}]" if attributes else ""
        file.write(f"  n{caller} -> n{callee}{drawn};\n")
    file.write("}\n")


def quoted(text: str) -> str:
    """Return text as a DOT string that shows exactly it; what can't be shown is a replacement character."""
    shown = "".join(
        character if character.isprintable() else " " if character.isspace() else "\N{REPLACEMENT CHARACTER}" for character in text
    )
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
