"""Shop: a small file with two projects, a circle of calls, and names that formats must quote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.store import Edge, IntelStore, Node
from lestockage.store.connection import StoreFile
from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.node_rows import NodeKey
from lestockage.store.snapshot_writer import FileRows, FileState, NodeState, SnapshotLabel, SnapshotWriter

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("shop", "shop.main", "shop.pay", "shop.Till.open", "bank", "bank.pay_in", "bank.check")


def node(project: int, name: str, *, path: str | None, kind: str, complexity: int | None = None) -> Node:
    """Return a node."""
    return Node(
        project_id=project,
        file_path=path,
        qualified_name=name,
        node_type=kind,  # type: ignore[arg-type]  # one of the literals
        complexity=complexity,
        start_line=None if path is None else 3,
        content_hash=None if path is None else name.encode(),
        signature='def f(x: str = "=1") -> None,\n' if kind == "function" else None,
    )


def build_shop(path: Path) -> None:
    """Make the file: `main` calls `pay` twice, `pay` and `check` call each other, `pay_in` is called by nobody. Two snapshots."""
    _build_present(path)
    with StoreFile.open(path) as store:
        writer = SnapshotWriter(store, 1)
        for content in (b"old", b"new"):
            label = SnapshotLabel(f"=the {content.decode()} one", content.hex(), 1_700_000_000_000, None, 'said, "thus"')
            states = [FileState(path, content, content, None) for path in ("=bank.py", "shop.py")]
            writer.record(label, states, lambda path, content=content: _file_rows(path, content))


def _file_rows(path: str, content: bytes) -> FileRows:
    """Return a module that imports the other one."""
    other = "shop.py" if path == "=bank.py" else "=bank.py"
    hashes = [content + kind for kind in (b"content", b"signature", b"body", b"docstring")]
    module = NodeState(path[:-3], 0, "module", None, "public", "", 1, 5, *hashes, 1, 0, 5, 0)
    edge = EdgeFacts(NodeKey(1, other, other[:-3]), "import", 0, 0, 1.0, "import")
    return FileRows([module], {NodeKey(1, path, path[:-3]): [edge]})


def _build_present(path: Path) -> None:
    """Write the projects with their symbols and edges."""
    with IntelStore.open(path) as store:
        project, other = store.insert_project("shop", "/src/shop").id, store.insert_project("-ark", "/src/ark").id
        ids = store.batch_insert_nodes(
            [
                node(project, "shop", path="shop.py", kind="module"),
                node(project, "shop.main", path="shop.py", kind="function", complexity=2),
                node(project, "shop.pay", path="shop.py", kind="function", complexity=9),
                node(project, "shop.Till.open", path="shop.py", kind="method", complexity=1),
                node(project, "bank", path="=bank.py", kind="module"),
                node(project, "bank.pay_in", path="=bank.py", kind="function", complexity=4),
                node(project, "bank.check", path="=bank.py", kind="function", complexity=5),
                node(project, "builtins.print", path=None, kind="external"),
                node(other, "ark", path="ark.py", kind="module"),
            ]
        )
        by_name = dict(zip((*NAMES, "print", "ark"), ids, strict=True))
        calls = [("shop.main", "shop.pay", 1), ("shop.main", "shop.pay", 2), ("shop.pay", "bank.check", 3), ("bank.check", "shop.pay", 4)]
        calls += [("shop.main", "print", 5), ("bank.pay_in", "bank.check", 6), ("ark", "shop.main", 7)]
        store.batch_insert_edges(
            [Edge(caller_id=by_name[a], callee_id=by_name[b], edge_type="call", site_line=line) for a, b, line in calls]
            + [Edge(caller_id=by_name["shop"], callee_id=by_name[name], edge_type="containment") for name in ("shop.main", "shop.pay")]
            + [Edge(caller_id=by_name["shop"], callee_id=by_name["bank"], edge_type="import")]
        )
