"""Symbol look-up: which nodes a name that a person typed stands for, and which names are near to one that stands for none."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters
# SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from lestockage.store.node_rows import NODE_COLUMNS, NodeRow, node_rows

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_WILDCARDS: Final = frozenset("*?[")
_LAST: Final = chr(sys.maxunicode)
"""Sorts behind whatever may follow a prefix."""

_NAMES_COMPARED: Final = 20_000
"""How many distinct names a search for near ones looks at, at most."""


def find_symbols(
    store: StoreFile, pattern: str | None = None, *, kind: str | None = None, project_id: int | None = None, limit: int | None = None
) -> list[NodeRow]:
    """Return the nodes that a name or pattern stands for, by qualified name, at most `limit`.

    Without wildcards it is a whole qualified name or its last parts (`Graph.add_node`, `add_node`). With wildcards (`*`, `?`, `[...]`;
    case counts) it is matched against symbol names, or against qualified names when it has a dot. None stands for all symbols, without the
    external ones unless `kind` asks for them. Lambdas (`<lambda1>`) are meant only by a pattern that has a `<`.
    """
    conditions: list[str] = []
    parameters: list[Any] = []
    if pattern is None:
        if kind is None:
            conditions.append("n.node_type <> 'external'")
    elif _WILDCARDS.isdisjoint(pattern):
        # The last part leads to the few nodes of that name by index; the whole is compared among them only.
        conditions.append("n.symbol_name = ? AND (n.qualified_name = ? OR substr(n.qualified_name, -length(?) - 1) = '.' || ?)")
        name = _storable(pattern)
        parameters += [name.rpartition(".")[2], name, name, name]
    else:
        conditions.append("n.qualified_name GLOB ?" if "." in pattern else "n.symbol_name GLOB ?")
        parameters.append(_storable(pattern))
    if pattern is None or "<" not in pattern:
        conditions.append("substr(n.symbol_name, 1, 1) <> '<'")
    if kind is not None:
        conditions.append("n.node_type = ?")
        parameters.append(kind)
    if project_id is not None:
        # The unary plus keeps this from being the index that is used, when a name is there.
        conditions.append("n.project_id = ?" if pattern is None else "+n.project_id = ?")
        parameters.append(project_id)
    parameters.append(-1 if limit is None else limit)
    where = " AND ".join(conditions) or "1"
    return node_rows(
        store.query(f"SELECT {NODE_COLUMNS} FROM intel_nodes AS n WHERE {where} ORDER BY n.qualified_name, n.id LIMIT ?", parameters)
    )


def near_names(store: StoreFile, name: str, *, project_id: int | None = None, limit: int = 5) -> list[str]:
    """Return the qualified names whose last part is most like that of a name that is not there, nearest first.

    Names with the same first letter (of either case) are compared, and all of them when none of those is near; never more than 20,000.
    """
    import difflib  # noqa: PLC0415  # only a mistyped name needs it

    wanted = name.rpartition(".")[2]
    near: list[str] = []
    for prefixes in ({wanted[:1].lower(), wanted[:1].upper()}, {""}) if wanted else ():
        folded: dict[str, list[str]] = {}
        for prefix in prefixes:
            for known in _names_from(store, prefix, project_id):
                folded.setdefault(known.lower(), []).append(known)
        for match in difflib.get_close_matches(wanted.lower(), folded, n=limit):
            near += folded[match]
        if near:
            break
    found = {node.qualified_name for known in near for node in find_symbols(store, known, project_id=project_id)}

    def unlikeness(known: str) -> tuple[float, float, str]:
        tail = known[-len(name) :]
        likenesses = (difflib.SequenceMatcher(None, *pair).ratio() for pair in ((name.lower(), tail.lower()), (name, tail)))
        return (-next(likenesses), -next(likenesses), known)

    return sorted(found, key=unlikeness)[:limit]


def _names_from(store: StoreFile, prefix: str, project_id: int | None) -> list[str]:
    """Return distinct symbol names that start with a prefix, a bounded number of them."""
    of_project, parameters = ("", ()) if project_id is None else (" AND +project_id = ?", (project_id,))
    found = store.query(
        f"SELECT DISTINCT symbol_name FROM intel_nodes WHERE symbol_name >= ? AND symbol_name < ?{of_project} LIMIT {_NAMES_COMPARED}",
        (_storable(prefix), f"{_storable(prefix)}{_LAST}", *parameters),
    )
    return [row[0] for row in found]


def _storable(typed: str) -> str:
    """Return what was typed with undecodable bytes replaced: no stored name has any, and SQLite takes none."""
    return typed.encode(errors="replace").decode()
