"""Agreement: a file that was written change by change equals one that was written at once."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import ensure_project
from tests.store.planting import edge, edges_in, key, node, nodes_in

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.store.edge_rows import EdgeFacts
    from lestockage.store.node_rows import NodeFacts, NodeKey

    Tree = dict[str, list[NodeFacts]]
    Edges = dict[NodeKey, list[EdgeFacts]]

FILES = [f"m{number}.py" for number in range(6)]


def grow(chance: random.Random, tree: Tree) -> None:
    """Change a random file: symbols come, go, move, change and repeat; now and then the file goes as a whole."""
    file = chance.choice(FILES)
    if chance.random() < 0.2:
        tree.pop(file, None)
        return
    names = chance.sample("abcdefgh", chance.randrange(1, 8))
    wanted = [node(f"{file[:2]}.{name}", chance.randrange(3), content=chance.choice([b"x", b"y"])) for name in names]
    wanted += [node(f"{file[:2]}.{names[0]}", 90, ordinal=1)] * chance.randrange(2)
    tree[file] = wanted


def connect(chance: random.Random, project: int, tree: Tree) -> Edges:
    """Return random edges between the symbols of a tree and to externals, with sites that often coincide."""
    keys = [key(project, file, facts.qualified_name, facts.ordinal) for file, nodes in tree.items() for facts in nodes]
    callees = [*keys, *(key(project, None, f"os.{name}") for name in "abcd")]

    def pick() -> EdgeFacts:
        kind = chance.choice(["call", "import"])
        return edge(chance.choice(callees), chance.randrange(2), 0, kind=kind, confidence=chance.choice([0.5, 1.0]))

    return {caller: [pick() for _ in range(chance.randrange(4))] for caller in keys}


@pytest.mark.parametrize("seed", range(8))
def test_change_by_change_equals_at_once(tmp_path: Path, seed: int) -> None:
    """After each of many random changes the file holds what a fresh file holds, and symbols that stayed kept their ids."""
    chance = random.Random(seed)  # noqa: S311  # a replayable test, no secret
    tree: Tree = {}
    wanted: Edges = {}
    with StoreFile.open(tmp_path / "grown.db") as store:
        project = ensure_project(store, "zoo", "/").id
        for step in range(25):
            before_tree, before_edges, before_ids = dict(tree), wanted, ids_by_key(store)
            grow(chance, tree)
            new = connect(chance, project, tree)
            # Most callers keep the edges that they had, if those still lead somewhere.
            wanted = {caller: kept(before_edges.get(caller), new) or edges for caller, edges in new.items()}
            with IntelWriter(store, at=step) as writer:
                for file in before_tree.keys() | tree.keys():
                    if before_tree.get(file) != tree.get(file):
                        writer.replace_nodes(project, file, tree.get(file, []))
                cut = set(writer.cut_callers)
                writer.replace_edges({caller: edges for caller, edges in wanted.items() if edges != before_edges.get(caller)})
                assert writer.cut_callers == set()
            written = writer.written.total
            after = ids_by_key(store)
            assert all(after[known] == before_ids[known] for known in after.keys() & before_ids.keys())
            assert cut <= set(before_ids.values())
            with StoreFile.open(tmp_path / f"{step}.db") as fresh:
                assert ensure_project(fresh, "zoo", "/").id == project
                with IntelWriter(fresh) as writer:
                    for file, nodes in tree.items():
                        writer.replace_nodes(project, file, nodes)
                    writer.replace_edges(wanted)
                assert nodes_in(store) == nodes_in(fresh)
                assert edges_in(store) == edges_in(fresh)
            with IntelWriter(store) as writer:
                for file in FILES:
                    writer.replace_nodes(project, file, tree.get(file, []))
                writer.replace_edges(wanted)
            assert writer.written.total == 0
            assert written > 0 or before_tree == tree
        assert store.query("PRAGMA integrity_check") == [("ok",)]
        assert store.query("PRAGMA foreign_key_check") == []


def kept(edges: list[EdgeFacts] | None, new: Edges) -> list[EdgeFacts] | None:
    """Return edges that a caller had, if every callee is still there."""
    if edges is None or any(facts.callee.file_path is not None and facts.callee not in new for facts in edges):
        return None
    return edges


def ids_by_key(store: StoreFile) -> dict[tuple[object, ...], int]:
    """Return every node's id by its identity."""
    return {row[:4]: row[4] for row in store.query("SELECT project_id, file_path, qualified_name, ordinal, id FROM intel_nodes")}
