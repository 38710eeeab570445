"""GraphML: a graph with all its attributes as XML, written as it is walked.

Bytes are in hexadecimal, None is left out, and a character that XML 1.0 cannot hold is a replacement character. The key of an edge is
written as data of the name `key` (`call:12:4`); read back by networkx, everything else has its type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from lestockage.graph.export.columns import column_types, edge_name, plain

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from lestockage.graph.build import ProgramGraph

_TYPES: Final = {int: "long", float: "double", bool: "boolean", bytes: "string", str: "string"}
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEAD: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def write_graphml(graph: ProgramGraph, file: TextIO) -> None:
    """Write a graph as GraphML in UTF-8, a node or edge a line, in the order of the graph."""
    node_types = column_types(facts for _, facts in graph.nodes(data=True))
    edge_types = {"key": str} | column_types(facts for *_, facts in graph.edges(data=True))
    file.write(_HEAD)
    for place, types in (("node", node_types), ("edge", edge_types)):
        file.writelines(
            f'<key id="{place}{number}" for="{place}" attr.name={quoteattr(_xml(name))} attr.type="{_TYPES[kind]}"/>\n'
            for number, (name, kind) in enumerate(types.items())
        )
    file.write('<graph edgedefault="directed">\n')
    nodes = {name: (f"node{number}", kind) for number, (name, kind) in enumerate(node_types.items())}
    edges = {name: (f"edge{number}", kind) for number, (name, kind) in enumerate(edge_types.items())}
    file.writelines(f'<node id="{node_id}">{_data(facts, nodes)}</node>\n' for node_id, facts in graph.nodes(data=True))
    for number, (caller, callee, key, facts) in enumerate(graph.edges(keys=True, data=True)):
        data = _data({"key": edge_name(key), **facts}, edges)
        file.write(f'<edge id="e{number}" source="{caller}" target="{callee}">{data}</edge>\n')
    file.write("</graph>\n</graphml>\n")


def _data(facts: Mapping[str, Any], columns: Mapping[str, tuple[str, type]]) -> str:
    parts = []
    for name, value in facts.items():
        if value is not None:
            key, kind = columns[name]
            text = ("false", "true")[value] if kind is bool else str(float(value) if kind is float else plain(value))
            parts.append(f'<data key="{key}">{escape(_xml(text), {chr(13): "&#13;"})}</data>')
    return "".join(parts)


def _xml(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
