"""Planting: small programs for the graph's tests, written into a file as the index writes them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeKey
from lestockage.store.projects import delete_project, ensure_project
from tests.store.planting import node

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lestockage.store.connection import StoreFile


class Symbol(NamedTuple):
    """A symbol: the file is `<first part of the name>.py`, unless it is external."""

    name: str
    kind: str = "function"


Edge = tuple[str, str, str]
"""Caller, callee, type; a type may have a rule behind a colon (`data_dependency:write`)."""


@contextmanager
def only(store: StoreFile, symbols: Sequence[Symbol], edges: Sequence[Edge]) -> Iterator[dict[str, int]]:
    """Plant a program for the length of a block: one example of a property after another in the same file."""
    yield plant(store, "example", symbols, edges)
    delete_project(store, "example")


def plant(store: StoreFile, project: str, symbols: Sequence[Symbol], edges: Sequence[Edge], root: str = "/src") -> dict[str, int]:
    """Write a program and return the ids of its symbols by name; the place of an edge in the list is its site's line."""
    project_id = ensure_project(store, project, root).id
    kinds = {symbol.name: symbol.kind for symbol in symbols}
    files: dict[str, list[Symbol]] = {}
    for symbol in symbols:
        if symbol.kind != "external":
            files.setdefault(_file(symbol.name), []).append(symbol)

    def key(name: str) -> NodeKey:
        return NodeKey(project_id, None if kinds.get(name) == "external" else _file(name), name)

    wanted: dict[NodeKey, list[EdgeFacts]] = {}
    for line, (caller, callee, kind) in enumerate(edges):
        edge_type, _, rule = kind.partition(":")
        wanted.setdefault(key(caller), []).append(EdgeFacts(key(callee), edge_type, line, 0, 1.0, rule or "name"))
    with IntelWriter(store, at=1) as writer:
        for path, found in files.items():
            writer.replace_nodes(
                project_id, path, [node(symbol.name, number * 3 + 1, kind=symbol.kind) for number, symbol in enumerate(found)]
            )
        writer.replace_edges(wanted)
    return dict(store.query("SELECT qualified_name, id FROM intel_nodes WHERE project_id = ?", (project_id,)))


def _file(name: str) -> str:
    return f"{name.partition('.')[0]}.py"
