"""Mermaid: a graph as a flowchart that Markdown renderers draw; parallel edges are one, with their number.

Mermaid reads `#name;` as a character, so every character of a name that could mean something to it is written that way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.graph.export.drawing import lines_between, title

if TYPE_CHECKING:
    from typing import TextIO

    from lestockage.graph.build import ProgramGraph

_ARROWS: Final = {"inheritance": "-.->", "import": "-.->", "containment": "---"}
_BRACKETS: Final = {"module": ("[[", "]]"), "class": ("[", "]"), "external": ("{{", "}}"), "variable": ("[/", "/]")}
_PLAIN: Final = frozenset(" ._-")
_WORDS: Final = {"call": "calls", "inheritance": "inherits", "import": "imports", "data_dependency": "uses", "containment": "contains"}


def write_mermaid(graph: ProgramGraph, file: TextIO) -> None:
    """Write a graph as a Mermaid flowchart, a node or edge a line, in the order of the graph."""
    file.write("flowchart LR\n")
    for node_id, facts in graph.nodes(data=True):
        left, right = _BRACKETS.get(facts.get("node_type", ""), ("(", ")"))
        file.write(f'  n{node_id}{left}"{escaped(title(node_id, facts))}"{right}\n')
    for caller, callee, edge_type, number in lines_between(graph):
        label = escaped(_WORDS.get(edge_type, edge_type) + (f" {number} times" if number > 1 else ""))
        file.write(f'  n{caller} {_ARROWS.get(edge_type, "-->")}|"{label}"| n{callee}\n')


def escaped(text: str) -> str:
    """Return text as a Mermaid label that shows exactly it."""
    return "".join(
        character if character.isalnum() or character in _PLAIN else " " if character.isspace() else f"#{ord(character)};"
        for character in text
    )
