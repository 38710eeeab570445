"""Node look-up: the rows of nodes by what a program knows of them: a name, a file, a project, a content hash."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.store.node_rows import NODE_COLUMNS

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_SELECT = f"SELECT {NODE_COLUMNS} FROM intel_nodes AS n WHERE "
_ORDER = " ORDER BY n.qualified_name, n.id"


def rows_by_symbol(store: StoreFile, symbol: str, project_id: int | None = None) -> list[Any]:
    """Return the nodes that have a name, a whole qualified name, or a qualified name that ends so (`Graph.add_node`), by qualified name."""
    last = symbol.rpartition(".")[2]
    if last == symbol:
        condition, parameters = "n.symbol_name = ?", (symbol,)
    else:
        # The last part leads to the few nodes of that name by index; the whole is compared among them only.
        condition = "((n.symbol_name = ? AND substr(n.qualified_name, -length(?) - 1) = '.' || ?) OR n.qualified_name = ?)"
        parameters = (last, symbol, symbol, symbol)  # type: ignore[assignment]  # longer
    return _rows(store, condition, parameters, project_id)


def rows_by_hash(store: StoreFile, content_hash: bytes, project_id: int | None = None) -> list[Any]:
    """Return the nodes that have a content hash: the same code, wherever it is, by qualified name."""
    return _rows(store, "n.content_hash = ?", (content_hash,), project_id)


def rows_by_ids(store: StoreFile, ids: str) -> list[Any]:
    """Return the nodes of some ids, a JSON list (`edge_rows.id_list`), by id; an id of no node is left out."""
    return store.query(f"{_SELECT}n.id IN (SELECT value FROM json_each(?)) ORDER BY n.id", (ids,))


def _rows(store: StoreFile, condition: str, parameters: tuple[Any, ...], project_id: int | None) -> list[Any]:
    """Return the nodes that satisfy a condition which an index answers, of one project or of all."""
    if project_id is not None:
        # The unary plus keeps the project from being the index that is used.
        condition, parameters = f"{condition} AND +n.project_id = ?", (*parameters, project_id)
    return store.query(f"{_SELECT}{condition}{_ORDER}", parameters)
