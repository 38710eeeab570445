"""Zoo: a small database written through the store, with one of everything that the reading commands present."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lestockage.store.connection import StoreFile
from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeFacts, NodeKey
from lestockage.store.projects import ensure_project
from lestockage.store.source_files import SourceFileRow, upsert_source_files

if TYPE_CHECKING:
    from pathlib import Path

CAT = "zoo/cat.py"
DOG = "zoo/dog.py"
STUB = "zoo/dog.pyi"


def _node(name: str, kind: str, line: int, ordinal: int = 0, **facts: Any) -> NodeFacts:
    plain = NodeFacts(name, ordinal, name.rpartition(".")[2], kind, "python", None, "public", None, None, line, 0, line + 2, 4)
    return plain._replace(**facts)


NODES = {
    CAT: [
        _node("zoo.cat", "module", 1, end_line=1),
        _node("zoo.cat.Cat", "class", 3, signature="class Cat(Animal)", content_hash=b"\x01" * 32),
        _node("zoo.cat.Cat.purr", "method", 5, signature="def purr(self) -> str", complexity=3, content_hash=b"\x02" * 32),
        _node("zoo.cat.Cat.name", "method", 9, signature="def name(self) -> str"),
        _node("zoo.cat.Cat.name", "method", 13, ordinal=1, signature="def name(self, value: str) -> None"),
        _node("zoo.cat.feed", "function", 20, visibility="public", complexity=1),
        _node("zoo.cat.LIVES", "variable", 18, end_line=18),
    ],
    DOG: [
        _node("zoo.dog", "module", 1),
        _node("zoo.dog.Dog", "class", 3),
        _node("zoo.dog.feed", "function", 8),
        _node("zoo.dog.bark", "function", 12),
    ],
    STUB: [_node("zoo.dog", "module", 1), _node("zoo.dog.bark", "function", 2)],
}


def build_zoo(path: Path) -> None:
    """Write the project `zoo` into a new file: cats, dogs and stubs; the dogs' file fails now, so what is known of them is stale."""
    with StoreFile.open(path) as store:
        zoo = ensure_project(store, "zoo", "/src/zoo").id

        def key(file: str | None, name: str, ordinal: int = 0) -> NodeKey:
            return NodeKey(zoo, file, name, ordinal)

        def call(callee: NodeKey, line: int, column: int = 4) -> EdgeFacts:
            return EdgeFacts(callee, "call", line, column, 1.0, "name")

        def holds(*names: str) -> list[EdgeFacts]:
            return [EdgeFacts(key(CAT, name), "containment", 0, 0, 1.0, "syntax") for name in names]

        animal = EdgeFacts(key(None, "animals.Animal"), "inheritance", 0, 10, 1.0, "name")
        with IntelWriter(store, at=1) as writer:
            for file, nodes in NODES.items():
                writer.replace_nodes(zoo, file, nodes)
            writer.replace_edges(
                {
                    key(CAT, "zoo.cat"): holds("zoo.cat.Cat", "zoo.cat.feed", "zoo.cat.LIVES"),
                    key(CAT, "zoo.cat.Cat"): [animal, *holds("zoo.cat.Cat.purr", "zoo.cat.Cat.name")],
                    key(CAT, "zoo.cat.feed"): [
                        call(key(CAT, "zoo.cat.Cat.purr"), 1),
                        call(key(CAT, "zoo.cat.Cat.purr"), 2),
                        call(key(None, "builtins.len"), 2, 12),
                    ],
                    key(DOG, "zoo.dog.bark"): [call(key(CAT, "zoo.cat.Cat.name", 1), 1)],
                    key(DOG, "zoo.dog.Dog"): [EdgeFacts(key(CAT, "zoo.cat.Cat"), "inheritance", 0, 10, 1.0, "name")],
                }
            )
            writer.mark_stale(zoo, DOG)
        upsert_source_files(
            store,
            zoo,
            [
                SourceFileRow(CAT, 10, 1, 1, b"", None),
                SourceFileRow(DOG, 10, 1, 2, b"", "line 3: invalid syntax"),
                SourceFileRow(STUB, 10, 1, 3, b"", None),
            ],
        )


def build_farm(path: Path) -> None:
    """Add a second project that has symbols of the same names, in files of the same names."""
    with StoreFile.open(path) as store:
        farm = ensure_project(store, "farm", "/src/farm").id
        with IntelWriter(store, at=2) as writer:
            writer.replace_nodes(farm, CAT, NODES[CAT])
