"""Definitions: the rows of the one symbol that a name stands for.

A symbol is named by its qualified name, by the end of one (`Graph.add_edge`, `add_edge`), and where that leaves a choice between files by
`FILE::NAME` (`pkg/a.pyi::pkg.a.f`, or the end of the path). Definitions that share file and qualified name, such as a property and its
setter or the branches of an `if`, are one symbol here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lestockage.errors import AmbiguousSymbol, UnknownSymbol
from lestockage.store.projects import list_projects
from lestockage.store.symbol_lookup import find_symbols, near_names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.store.connection import StoreFile
    from lestockage.store.node_rows import NodeRow

FILE_MARK: Final = "::"


def definitions(store: StoreFile, symbol: str, *, project_id: int | None = None) -> list[NodeRow]:
    """Return the definitions of the one symbol that a name stands for, in the order of the file.

    A whole qualified name goes before the end of one, and a project's own symbol before an external one.

    Raises:
        UnknownSymbol: there is none; the error has the nearest names.
        AmbiguousSymbol: there are several; the error has what to call each.
    """
    file_path, mark, name = symbol.rpartition(FILE_MARK)
    found = find_symbols(store, name, project_id=project_id)
    if mark:
        found = [node for node in found if node.file_path and f"/{node.file_path}".endswith(f"/{file_path}")]
    exact = [node for node in found if node.qualified_name == name]
    inside = [node for node in found if node.node_type != "external"]
    for chosen in (exact, inside, found):
        if len({(node.project_id, node.file_path, node.qualified_name) for node in chosen}) == 1:
            return sorted(chosen, key=lambda node: node.ordinal)
    if found:
        raise AmbiguousSymbol(symbol, _labels(store, exact or inside or found))
    raise UnknownSymbol(symbol, near_names(store, name, project_id=project_id))


def _labels(store: StoreFile, found: Sequence[NodeRow]) -> list[str]:
    """Return what to call each of several symbols, so that the name leads to it alone where a name can."""
    several_projects = len({node.project_id for node in found}) > 1
    names = {project.id: project.name for project in list_projects(store)} if several_projects else {}
    labels: dict[str, None] = {}
    for node in found:
        twins = {(other.project_id, other.file_path) for other in found if other.qualified_name == node.qualified_name}
        label = node.qualified_name
        if len({path for _, path in twins}) > 1 and node.file_path:
            label = f"{node.file_path}{FILE_MARK}{label}"
        if len({project for project, _ in twins}) > 1:
            label = f"{label} (--project {names[node.project_id]})"
        labels[label] = None
    return list(labels)
