"""Symbol look-up: which nodes a name that a person typed stands for, and which names are near to one that stands for none."""
# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lestockage.errors import AmbiguousSymbol, UnknownSymbol
from lestockage.store.node_rows import NODE_COLUMNS, NodeRow, node_rows

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

_WILDCARDS: Final = frozenset("*?[")
_NAMES_COMPARED: Final = 20_000
"""How many distinct names a search for near ones looks at, at most."""


def find_symbols(
    store: StoreFile, pattern: str | None = None, *, kind: str | None = None, project_id: int | None = None, limit: int | None = None
) -> list[NodeRow]:
    """Return the nodes that a name or pattern stands for, by qualified name, at most `limit`.

    Without wildcards it is a whole qualified name or its last parts (`Graph.add_node`, `add_node`). With wildcards (`*`, `?`, `[...]`;
    case counts) it is matched against symbol names, or against qualified names when it has a dot. None stands for all symbols, without the
    external ones unless `kind` asks for them.
    """
    conditions: list[str] = []
    parameters: list[Any] = []
    if pattern is None:
        if kind is None:
            conditions.append("n.node_type <> 'external'")
    elif _WILDCARDS.isdisjoint(pattern):
        # The last part leads to the few nodes of that name by index; the whole is compared among them only.
        conditions.append("n.symbol_name = ? AND (n.qualified_name = ? OR substr(n.qualified_name, -length(?) - 1) = '.' || ?)")
        parameters += [pattern.rpartition(".")[2], pattern, pattern, pattern]
    else:
        conditions.append("n.qualified_name GLOB ?" if "." in pattern else "n.symbol_name GLOB ?")
        parameters.append(pattern)
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


def get_symbol(store: StoreFile, name: str, *, kind: str | None = None, project_id: int | None = None) -> NodeRow:
    """Return the one node that a name stands for; an exact qualified name goes before one that merely ends so.

    Raises:
        UnknownSymbol: there is none; the error has the nearest names.
        AmbiguousSymbol: there are several; the error has them all.
    """
    found = find_symbols(store, name, kind=kind, project_id=project_id)
    exact = [node for node in found if node.qualified_name == name]
    inside = [node for node in found if node.node_type != "external"]
    for chosen in (exact, inside, found):
        if len(chosen) == 1:
            return chosen[0]
    if found:
        raise AmbiguousSymbol(name, [_described(node, found) for node in found])
    raise UnknownSymbol(name, near_names(store, name, project_id=project_id))


def near_names(store: StoreFile, name: str, *, project_id: int | None = None, limit: int = 5) -> list[str]:
    """Return the qualified names whose last part is most like that of a name that is not there, nearest first.

    Names with the same first letter (of either case) are compared, then the rest when none of those is near.
    """
    import difflib  # noqa: PLC0415  # only a mistyped name needs it

    wanted = name.rpartition(".")[2]
    first = wanted[:1]
    near: list[str] = []
    for prefix in dict.fromkeys((first.lower(), first.upper(), "")):
        names = _names_from(store, prefix)
        by_folded: dict[str, list[str]] = {}
        for known in names:
            by_folded.setdefault(known.lower(), []).append(known)
        for folded in difflib.get_close_matches(wanted.lower(), by_folded, n=limit):
            near += by_folded[folded]
        if near and prefix == first.upper():
            break
    ranked: list[str] = []
    for symbol_name in dict.fromkeys(near):
        ranked += [node.qualified_name for node in find_symbols(store, symbol_name, project_id=project_id)]
    likeness = {known: difflib.SequenceMatcher(None, name.lower(), known[-len(name) :].lower()).ratio() for known in ranked}
    return sorted(likeness, key=lambda known: (-likeness[known], known))[:limit]


def _names_from(store: StoreFile, prefix: str) -> list[str]:
    """Return distinct symbol names that start with a prefix, a bounded number of them, from the index alone."""
    upper = prefix[:-1] + chr(ord(prefix[-1]) + 1) if prefix else None
    where = "symbol_name >= ?" + (" AND symbol_name < ?" if upper else "")
    found = store.query(
        f"SELECT DISTINCT symbol_name FROM intel_nodes WHERE {where} LIMIT {_NAMES_COMPARED}", (prefix, upper) if upper else (prefix,)
    )
    return [row[0] for row in found]


def _described(node: NodeRow, found: list[NodeRow]) -> str:
    """Return a node's qualified name, with its file and line where the name alone does not tell it from the others."""
    if sum(other.qualified_name == node.qualified_name for other in found) == 1:
        return node.qualified_name
    return f"{node.qualified_name} ({node.file_path}:{node.start_line})"
