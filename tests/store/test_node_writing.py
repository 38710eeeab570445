"""Node writing: only what differs is written, and a symbol keeps its id while it is there."""
# ruff: noqa: PT012  # a block of several statements is what is tested

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import ConstraintError
from lestockage.store.connection import StoreFile
from lestockage.store.deferred_indexes import DeferredIndexes
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeFacts, find_node_id, get_node, nodes_of_file
from lestockage.store.projects import ensure_project
from lestockage.store.written_rows import WrittenRows
from tests.store.planting import edge, edges_in, ids_in, key, node, nodes_in

if TYPE_CHECKING:
    from pathlib import Path


def write(store: StoreFile, project: int, *nodes: NodeFacts, path: str = "m.py", at: int | None = None) -> dict[str, int]:
    """Replace the nodes of a file and return the counts that are not zero."""
    with IntelWriter(store, at=at) as writer:
        writer.replace_nodes(project, path, nodes)
    return {name: count for name, count in writer.written.as_dict().items() if count}


def test_new_nodes_are_inserted(store: StoreFile, project: int) -> None:
    """Nodes of a new file are all inserted, with every fact."""
    assert write(store, project, node("m.f", 3), node("m.g", 9), at=5) == {"nodes_inserted": 2}
    first, second = nodes_of_file(store, project, "m.py")
    assert (first.qualified_name, second.qualified_name) == ("m.f", "m.g")
    assert first[3:16] == node("m.f", 3)
    assert (first.project_id, first.file_path, first.stale, first.created_at, first.updated_at) == (project, "m.py", 0, 5, 5)
    assert first.key == key(project, "m.py", "m.f")
    assert get_node(store, first.id) == first
    assert find_node_id(store, first.key) == first.id


def test_equal_nodes_write_no_byte(path: Path) -> None:
    """Writing what is stored already, by plain tuples too, changes no row and no byte of the file."""
    with StoreFile.open(path) as store:
        project = ensure_project(store, "zoo", "/").id
        write(store, project, node("m.f"), node("m.f", 9, ordinal=1))
    before = path.read_bytes()
    with StoreFile.open(path) as store:
        assert write(store, project, *(tuple(facts) for facts in (node("m.f", 9, ordinal=1), node("m.f")))) == {}  # type: ignore[arg-type]
        assert store.total_changes == 0
    assert path.read_bytes() == before


def test_changed_node_alone_is_updated(store: StoreFile, project: int) -> None:
    """A symbol whose facts changed keeps its id and gets a new time; its neighbours are not written."""
    write(store, project, node("m.f"), node("m.g"), at=5)
    ids = ids_in(store)
    assert write(store, project, node("m.f", content=b"new"), node("m.g"), at=6) == {"nodes_updated": 1}
    assert ids_in(store) == ids
    assert store.query("SELECT qualified_name, content_hash, created_at, updated_at FROM intel_nodes ORDER BY 1") == [
        ("m.f", b"new", 5, 6),
        ("m.g", b"body", 5, 5),
    ]


def test_moved_node_is_not_changed(store: StoreFile, project: int) -> None:
    """A symbol that only moved gets its position, and keeps the time of its last change."""
    write(store, project, node("m.f", 1), node("m.g", 5), at=5)
    assert write(store, project, node("m.f", 1), node("m.g", 6), at=6) == {"nodes_moved": 1}
    assert store.query("SELECT start_line, end_line, updated_at FROM intel_nodes ORDER BY 1") == [(1, 2, 5), (6, 7, 5)]


def test_missing_node_is_deleted(store: StoreFile, project: int) -> None:
    """A symbol that is no longer wanted goes; a renamed one is another symbol with an id of its own."""
    write(store, project, node("m.f"), node("m.g"))
    old = ids_in(store)
    assert write(store, project, node("m.f"), node("m.h")) == {"nodes_inserted": 1, "nodes_deleted": 1}
    new = ids_in(store)
    assert new["m.f"] == old["m.f"]
    assert new["m.h"] not in old.values()
    assert set(new) == {"m.f", "m.h"}


def test_id_of_a_deleted_node_is_not_given_again(store: StoreFile, project: int) -> None:
    """The id of a deleted symbol, which something outside may remember, is never another's."""
    write(store, project, node("m.f"))
    first = ids_in(store)["m.f"]
    write(store, project)
    write(store, project, node("m.g"))
    assert ids_in(store)["m.g"] > first


def test_no_wanted_nodes_empty_the_file(store: StoreFile, project: int) -> None:
    """A file that is gone loses its nodes with their edges; other files keep theirs."""
    write(store, project, node("n.f"), path="n.py")
    write(store, project, node("m.f"), node("m.g"))
    with IntelWriter(store) as writer:
        writer.replace_edges({key(project, "m.py", "m.f"): [edge(key(project, "m.py", "m.g"))]})
    assert write(store, project) == {"nodes_deleted": 2, "edges_deleted": 1}
    assert set(ids_in(store)) == {"n.f"}


def test_same_name_is_told_apart_by_file_project_and_ordinal(store: StoreFile, project: int) -> None:
    """Equal qualified names in several files, projects or places of one file are several nodes."""
    other = ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f"), node("m.f", 5, ordinal=1)])
        writer.replace_nodes(project, "m.pyi", [node("m.f")])
        writer.replace_nodes(other, "m.py", [node("m.f")])
    assert writer.written.nodes_inserted == 4
    assert len({row[0] for row in store.query("SELECT id FROM intel_nodes WHERE qualified_name = 'm.f'")}) == 4


def test_two_wanted_nodes_of_one_identity_are_refused(store: StoreFile, project: int) -> None:
    """Two facts of the same name and ordinal are a mistake, which undoes the whole write."""
    with pytest.raises(ConstraintError, match=r"two nodes of m\.py"):
        write(store, project, node("m.f"), node("m.f", 5))
    assert nodes_in(store) == set()


def test_positions_alone_are_written(store: StoreFile, project: int) -> None:
    """Positions are moved without the other facts; those that are stored, or of no node, write nothing."""
    write(store, project, node("m.f", 1), node("m.g", 5), at=5)
    with IntelWriter(store, at=6) as writer:
        writer.move_nodes(project, "m.py", [("m.f", 0, 1, 0, 2, 8), ("m.g", 0, 7, 0, 8, 8), ("m.never", 0, 1, 1, 1, 1)])
    assert writer.written.as_dict() == WrittenRows().as_dict() | {"nodes_moved": 1}
    assert store.query("SELECT start_line, updated_at FROM intel_nodes ORDER BY 1") == [(1, 5), (7, 5)]


def test_stale_mark_comes_and_goes(store: StoreFile, project: int) -> None:
    """A file's nodes are marked once, unmarked once, and other files' are not touched."""
    write(store, project, node("m.f"), node("m.g"))
    write(store, project, node("n.f"), path="n.py")
    counts = []
    for _ in range(2):
        with IntelWriter(store) as writer:
            writer.mark_stale(project, "m.py")
        counts.append(writer.written.total)
    assert store.query("SELECT file_path, sum(stale) FROM intel_nodes GROUP BY 1") == [("m.py", 2), ("n.py", 0)]
    for _ in range(2):
        with IntelWriter(store) as writer:
            writer.mark_current(project, "m.py")
        counts.append(writer.written.nodes_marked)
    assert counts == [2, 0, 2, 0]
    assert store.query("SELECT sum(stale) FROM intel_nodes") == [(0,)]


def test_wanted_nodes_are_current(store: StoreFile, project: int) -> None:
    """Replacing the nodes of a stale file takes the mark from each of them: equal, moved and changed."""
    write(store, project, node("m.f"), node("m.g", 5), node("m.h", 9))
    with IntelWriter(store) as writer:
        writer.mark_stale(project, "m.py")
    counts = write(store, project, node("m.f"), node("m.g", 6), node("m.h", 9, content=b"new"))
    assert counts == {"nodes_marked": 1, "nodes_moved": 1, "nodes_updated": 1}
    assert store.query("SELECT sum(stale) FROM intel_nodes") == [(0,)]


def test_failing_write_leaves_nothing(store: StoreFile, project: int) -> None:
    """A refused value undoes the writer's whole block, and the file takes the next write."""
    with pytest.raises(ConstraintError, match="CHECK"), IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
        writer.replace_nodes(project, "n.py", [node("n.f", kind="gadget")])
    assert nodes_in(store) == set()
    assert write(store, project, node("m.f")) == {"nodes_inserted": 1}


def test_exception_in_the_block_undoes_it(store: StoreFile, project: int) -> None:
    """An exception of the caller's own undoes the block and passes on."""
    with pytest.raises(KeyboardInterrupt), IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
        raise KeyboardInterrupt
    assert nodes_in(store) == set()


def test_writer_is_a_part_of_an_open_transaction(store: StoreFile, project: int) -> None:
    """Inside a transaction the writer's rows become durable, or go, with the rest of it."""
    with pytest.raises(ValueError, match="later"), store.transaction():
        write(store, project, node("m.f"))
        raise ValueError("later")
    assert nodes_in(store) == set()


def test_closed_file_is_told_on_entering(store: StoreFile) -> None:
    """A writer that cannot begin leaves no transaction open behind it."""
    store.execute("DROP TABLE intel_edges")
    with pytest.raises(Exception, match="no such table"), IntelWriter(store):
        pass
    with store.transaction():
        assert nodes_in(store) == set()


# -- the load of an empty table, whose indexes are made after the rows ----------------------------------------------------------------


def test_load_leaves_the_schema_as_it_was(store: StoreFile, project: int) -> None:
    """Indexes that were put aside for a load are the same afterwards."""
    before = set(store.query("SELECT name, sql FROM sqlite_schema"))
    write(store, project, node("m.f"))
    with IntelWriter(store) as writer:
        writer.replace_edges({key(project, "m.py", "m.f"): [edge(key(project, None, "builtins.len"))]})
    assert set(store.query("SELECT name, sql FROM sqlite_schema")) == before


def test_failed_load_leaves_the_schema_as_it_was(store: StoreFile, project: int) -> None:
    """Indexes that were put aside for a load that failed are back."""
    before = set(store.query("SELECT name, sql FROM sqlite_schema"))
    with pytest.raises(ValueError, match="mine"), IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
        raise ValueError("mine")
    assert set(store.query("SELECT name, sql FROM sqlite_schema")) == before


def test_duplicates_in_a_load_are_found_at_its_end(store: StoreFile, project: int) -> None:
    """A duplicate that came in while the unique index was put aside is refused when it is made again, and nothing is written."""
    before = set(store.query("SELECT name, sql FROM sqlite_schema"))
    with pytest.raises(ConstraintError, match="UNIQUE"), IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
        store.execute(
            "INSERT INTO intel_nodes (project_id, file_path, symbol_name, qualified_name, node_type, created_at, updated_at)"
            " VALUES (?, 'm.py', 'f', 'm.f', 'function', 1, 1)",
            (project,),
        )
    assert nodes_in(store) == set()
    assert set(store.query("SELECT name, sql FROM sqlite_schema")) == before


def test_file_written_twice_in_a_load(store: StoreFile, project: int) -> None:
    """In a load too the second write of a file is the difference to the first."""
    with IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f"), node("m.g")])
        writer.replace_edges({key(project, "m.py", "m.f"): [edge(key(project, "m.py", "m.g")), edge(key(project, None, "os.sep"))]})
        writer.replace_nodes(project, "m.py", [node("m.f"), node("m.h")])
        writer.mark_stale(project, "m.py")
        writer.move_nodes(project, "m.py", [("m.f", 0, 4, 0, 5, 0)])
        writer.replace_edges({key(project, "m.py", "m.f"): [edge(key(project, "m.py", "m.h"))]})
    assert set(ids_in(store)) == {"m.f", "m.h"}
    assert {row[4] for row in edges_in(store)} == {"m.h"}
    assert store.query("SELECT stale, start_line FROM intel_nodes WHERE qualified_name = 'm.f'") == [(1, 4)]


def test_indexes_are_put_aside_once(store: StoreFile) -> None:
    """Indexes that are back stay, so that a write that reads in between does not make them again and again."""
    indexes = DeferredIndexes(store, "intel_edges")
    indexes.take_away()
    assert store.query("PRAGMA index_list(intel_edges)") == [(0, "sqlite_autoindex_intel_edges_1", 1, "pk", 0)]
    indexes.put_back()
    indexes.take_away()
    assert len(store.query("PRAGMA index_list(intel_edges)")) == 3


def test_counts_are_shown_without_zeros() -> None:
    """The counts print what happened and leave out what did not."""
    counts = WrittenRows()
    counts.nodes_moved = 3
    assert repr(counts) == "WrittenRows(nodes_moved=3)"
    assert counts.total == 3
