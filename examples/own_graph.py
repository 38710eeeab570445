"""Own graph: a program that brings its own graph of a program to the store, without the indexer.

The graph here is read off a Makefile: targets are nodes, prerequisites are edges. Run it again after an edit of the file, and only what
differs is written.

    python -m examples.own_graph Makefile [FILE.db]
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from lestockage.store import Edge, IntelStore, Node

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE = re.compile(r"^(?P<target>[\w./-]+)[ \t]*:(?!=)(?P<prerequisites>[^#=\n]*)", re.MULTILINE)


def rules(text: str) -> Iterator[tuple[str, int, list[str]]]:
    """Give the target, line and prerequisites of each rule of a Makefile; a target with several rules comes several times."""
    for rule in RULE.finditer(text):
        yield rule["target"], text.count("\n", 0, rule.start()) + 1, rule["prerequisites"].split()


def nodes(project_id: int, file_path: str, text: str) -> Iterator[Node]:
    """Give a node for each rule, and one without a file for each prerequisite that no rule makes."""
    found = list(rules(text))
    seen: Counter[str] = Counter()
    for target, line, _ in found:
        # symbol_name is given, since a target's dots do not separate names.
        yield Node(
            project_id=project_id, file_path=file_path, qualified_name=target, symbol_name=target, ordinal=seen[target],
            node_type="function", language="make", start_line=line, start_column=0,
        )  # fmt: skip
        seen[target] += 1
    for name in sorted({name for *_, names in found for name in names} - set(seen)):
        yield Node(project_id=project_id, qualified_name=name, symbol_name=name, node_type="external")


def store_makefile(store: IntelStore, name: str, path: Path) -> tuple[int, int]:
    """Bring a project in step with a Makefile, all or nothing, and return how many nodes and edges were written or deleted."""
    text = path.read_text()
    with store.transaction():
        project = store.upsert_project(name, str(path.parent))
        wanted = list(nodes(project.id, path.name, text))
        done = store.batch_upsert_nodes(wanted)
        ids = dict(zip(((node.qualified_name, node.ordinal) for node in wanted), done.ids, strict=True))
        gone = [node for node in store.iter_nodes(project) if node.id not in set(done.ids)]
        for node in gone:
            store.delete_node(node.id or 0)
        seen: Counter[str] = Counter()
        edges = set()
        for target, _, prerequisites in rules(text):
            caller = ids[target, seen[target]]
            seen[target] += 1
            edges |= {
                Edge(caller_id=caller, callee_id=ids[prerequisite, 0], edge_type="call", provenance="prerequisite")
                for prerequisite in prerequisites
            }
        deleted = store.batch_delete_edges(set(store.iter_edges(project)) - edges)
        written = store.batch_upsert_edges(edges)
    return done.inserted + done.updated + len(gone), written + deleted


def main() -> None:
    """Store the Makefile that is named, and print what uses each of its targets."""
    path = Path(sys.argv[1])
    with IntelStore.open(sys.argv[2] if len(sys.argv) > 2 else "graph.db") as store:
        print("{} nodes and {} edges written".format(*store_makefile(store, path.parent.resolve().name, path)))
        for node in store.get_nodes_by_file(path.parent.resolve().name, path.name):
            users = [store.get_node(edge.caller_id).symbol_name for edge in store.get_edges_by_node(node.id or 0, "in", "call")]
            print(f"{node.symbol_name} (line {node.start_line}): used by {', '.join(users) or 'nothing'}")


if __name__ == "__main__":
    main()
