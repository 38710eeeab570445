"""Impact: everything that a change of one symbol can reach, nearest first, each with the path that explains it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.graph.handle import nodes_of, store_of
from lestockage.graph.spread import Spread

if TYPE_CHECKING:
    from lestockage.graph.handle import Handle, Symbol
    from lestockage.graph.reach import Reach


def impact(handle: Handle, symbol: Symbol, depth: int | None = None, *, project: str | None = None) -> Reach:
    """Return what a change of a symbol, or of anything in it, can reach, in every project; the symbol and its contents come first.

    `graph.spread` says how a change travels. At most `depth` steps are gone (None: as far as it goes). The rows read are those of the
    answer and of the edges that lead into it; the rest of the graph is not touched.

    Raises:
        UnknownSymbol, AmbiguousSymbol, UnknownProject: as for every symbol that is named.
    """
    store = store_of(handle)
    with store.snapshot():
        nodes = nodes_of(store, symbol, project)
        spread = Spread(store)
        spread.rows_read += len(nodes)
        spread.start(nodes, is_loading=any(node.node_type == "module" for node in nodes))
        return spread.run(depth)
