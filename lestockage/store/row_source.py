"""Row source: rows out of whatever a caller gives a batch: an iterable, which is passed on, or something of pyarrow's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable


def rows_of(path: str, source: Any, what: Literal["node", "edge"]) -> Iterable[Any]:  # noqa: ANN401  # pyarrow has no types
    """Return the rows of a source of nodes or edges, none of them taken yet; `path` is the store's, for errors.

    Raises (when the first is taken):
        ConstraintError: a table has columns that are none of the rows', or of another type.
    """
    # By the name of its module: whoever has such a table has imported pyarrow, and nobody else pays for it.
    if type(source).__module__.partition(".")[0] != "pyarrow":
        rows: Iterable[Any] = source
        return rows
    from lestockage.store.arrow_tables import EDGE_SCHEMA, NODE_SCHEMA, rows_of_arrow  # noqa: PLC0415  # as above

    return rows_of_arrow(path, source, NODE_SCHEMA if what == "node" else EDGE_SCHEMA)
