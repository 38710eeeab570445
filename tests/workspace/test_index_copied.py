"""Copied index: what the indexer wrote, read and written again by the public functions, is the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage.store import IntelStore, Node, NodeKey
from lestockage.workspace.workspace import Workspace
from tests.workspace.planting import plant
from tests.workspace.tables import everything
from tests.workspace.zoo_tree import FILES

if TYPE_CHECKING:
    from pathlib import Path

TABLES = ("projects", "intel_nodes", "intel_edges")


@pytest.mark.parametrize("form", ["models", "rows", "arrow"])
def test_copy_equals_the_index(tmp_path: Path, form: str) -> None:
    """An index read through any of the three forms and inserted into a new file has the same rows there, ids and times too."""
    source, target = tmp_path / "index.db", tmp_path / "copy.db"
    with Workspace.open(source) as workspace, IntelStore.open(target) as copy:
        workspace.index(plant(tmp_path / "tree", **FILES))
        index = IntelStore(workspace.file)
        (project,) = index.get_projects()
        copy.file.execute(
            "INSERT INTO projects VALUES (?, ?, ?, ?, ?, NULL)",
            (project.id, project.name, project.root, project.created_at, project.updated_at),
        )
        reads: dict[str, tuple[Any, Any]] = {
            "models": (index.iter_nodes, index.iter_edges),
            "rows": (index.iter_node_rows, index.iter_edge_rows),
            "arrow": (index.read_nodes, index.read_edges),
        }
        nodes, edges = reads[form]
        copy.batch_insert_nodes(nodes(project))
        copy.batch_insert_edges(edges(project))
    assert everything(target, TABLES) == everything(source, TABLES)
    assert all(everything(target, TABLES).values())


def test_index_finds_what_the_functions_wrote(tmp_path: Path) -> None:
    """A node that is written back unchanged makes the next run write nothing; the store over the open file sees what a run wrote."""
    tree = plant(tmp_path / "tree", **FILES)
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tree, project="zoo")
        store = IntelStore(workspace.file)
        nodes = store.get_nodes_by_project("zoo")
        assert store.batch_upsert_nodes(nodes) == ([node.id for node in nodes], 0, 0)
        assert store.batch_upsert_edges(store.iter_edges("zoo")) == 0
        assert workspace.index(tree, project="zoo").written == 0
        (tree / "zoo/cat.py").write_text(FILES["zoo/cat.py"] + "\n\ndef hiss():\n    return meow()\n")
        workspace.index(tree, project="zoo")
        hiss = store.get_node(NodeKey(nodes[0].project_id, "zoo/cat.py", "zoo.cat.hiss"))
        assert isinstance(hiss, Node)
        assert [store.get_node(edge.callee_id).qualified_name for edge in store.get_edges_by_node(hiss.id or 0, "out", "call")] == [
            "zoo.cat.meow"
        ]
