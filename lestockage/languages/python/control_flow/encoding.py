"""Encoding: a flow graph as the bytes that `analysis_cache.cfg_data` holds.

MessagePack of one list: [version, names, kinds, statements, suspending, defines, uses, edges, uncaught].

- `names`: list of str. `kinds`: bytes, one a point, an index in `POINT_KINDS`. `statements`: list of int, one a point.
- `suspending`: list of the points that suspend.
- `defines`, `uses`: flat lists (point, how many, name index…) of the points that have any.
- `edges`: flat list (source, target, kind)…, an index in `EDGE_KINDS`.
- `uncaught`: list of the points from which an exception leaves the unit: their edges to point 2.

Equal code gives equal bytes: everything is in the order of the source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgpack  # type: ignore[import-untyped]  # has no stubs

from lestockage.errors import CorruptAnalysis
from lestockage.languages.python.control_flow.flow_graph import Edge, FlowGraph, Point
from lestockage.languages.python.control_flow.kinds import EDGE_KINDS, ON_EXCEPTION, POINT_KINDS, RAISED
from lestockage.languages.python.packing import pack

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.builder import Builder

VERSION: Final = 1


def encode(built: Builder) -> bytes:
    """Return the bytes of the graph that a builder has built."""
    return pack(
        (
            VERSION,
            list(built.names),
            built.kinds,
            built.statements,
            built.suspending,
            built.defines,
            built.uses,
            built.edges,
            built.uncaught,
        )
    )


def decode(data: bytes) -> FlowGraph:
    """Return the graph that `encode` wrote.

    Raises:
        CorruptAnalysis: the bytes are none of this version's, whatever they are.
    """
    try:
        version, *fields = msgpack.unpackb(data, unicode_errors="surrogatepass")
        if version == VERSION:
            names, kinds, statements, suspending, defines, uses, edges, uncaught = fields
            return _graph(names, kinds, statements, frozenset(suspending), _by_point(defines), _by_point(uses), edges, uncaught)
    except CorruptAnalysis:
        raise
    except Exception as error:  # what arbitrary bytes may raise is not one family
        raise CorruptAnalysis("cfg_data", f"{type(error).__name__}: {error}") from error
    raise CorruptAnalysis("cfg_data", f"version {version} of the encoding, and this release reads {VERSION}")


def _graph(  # noqa: PLR0913, PLR0917  # the fields of the format
    names: list[str],
    kinds: bytes,
    statements: list[int],
    suspending: frozenset[int],
    defines: dict[int, tuple[int, ...]],
    uses: dict[int, tuple[int, ...]],
    edges: list[int],
    uncaught: list[int],
) -> FlowGraph:
    points = tuple(
        [
            Point(kind, statement, defines.get(index, ()), uses.get(index, ()), index in suspending)
            for index, (kind, statement) in enumerate(zip(kinds, statements, strict=True))
        ]
    )
    found = sorted({*map(Edge, edges[0::3], edges[1::3], edges[2::3]), *[Edge(point, RAISED, ON_EXCEPTION) for point in uncaught]})
    count = len(points)
    if (
        any(point.kind >= len(POINT_KINDS) or any(not 0 <= name < len(names) for name in (*point.defines, *point.uses)) for point in points)
        or any(not (0 <= edge.source < count and 0 <= edge.target < count and 0 <= edge.kind < len(EDGE_KINDS)) for edge in found)
        or count <= RAISED
    ):
        raise CorruptAnalysis("cfg_data", "an index leads nowhere")
    return FlowGraph(tuple(names), points, tuple(found))


def _by_point(flat: list[int]) -> dict[int, tuple[int, ...]]:
    found = {}
    place = 0
    while place < len(flat):
        point, count = flat[place], flat[place + 1]
        place += 2
        found[point] = tuple(flat[place : place + count])
        if len(found[point]) != count:
            raise CorruptAnalysis("cfg_data", "a list is cut off")
        place += count
    return found
