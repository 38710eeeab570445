"""Query plans: every statement that the package sends to these tables finds its rows by an index."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from lestockage.store import frontier_rows, neighbours, node_rows, projects, source_files, symbol_lookup, totals
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.source_files import SourceFileRow
from tests.store.planting import edge, key, node

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.store.connection import StoreFile

ALL_PROJECTS = "SCAN projects USING INDEX sqlite_autoindex_projects_1"
TWO_PROJECTS = "SCAN projects USING COVERING INDEX sqlite_autoindex_projects_1"
ALL_NAMES = "SCAN n USING INDEX intel_nodes_qualified_name"
ALL_CALLEES = "SCAN intel_edges USING COVERING INDEX intel_edges_callee"
RANKING = "SCAN e"
GIVEN_IDS = "SCAN json_each VIRTUAL TABLE INDEX 1:"
NEXT_ID = "SCAN sqlite_sequence"
ANY_NODE = "SCAN intel_nodes USING COVERING INDEX intel_nodes_symbol_name"
ANY_EDGE = "SCAN intel_edges USING COVERING INDEX intel_edges_callee"

WHY = {
    ALL_PROJECTS: "all projects are the answer",
    TWO_PROJECTS: "reads two rows at most, to see whether there is a second project",
    ALL_NAMES: "all symbols are asked for, or a pattern begins with a wildcard",
    ALL_CALLEES: "ranks all callees by their edges, in the order of the index",
    RANKING: "the ranking itself, which is made of the line above",
    GIVEN_IDS: "the ids that were given to the statement",
    NEXT_ID: "SQLite's own table of two rows",
    ANY_NODE: "reads one row, to see whether the table is empty",
}
"""The scans that are allowed somewhere, each with its reason."""


class Statements:
    """What was sent to SQLite in a block, once each."""

    def __init__(self, store: StoreFile) -> None:
        self.store = store
        self.seen: list[str] = []

    def __enter__(self) -> list[str]:
        assert self.store._connection is not None
        self.store._connection.set_trace_callback(self.seen.append)
        return self.seen

    def __exit__(self, *_: object) -> None:
        assert self.store._connection is not None
        self.store._connection.set_trace_callback(None)


@pytest.fixture
def zoo(store: StoreFile, project: int) -> int:
    """Return a project with enough rows that a plan matters, and a second one."""
    other = projects.ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        for number in range(30):
            writer.replace_nodes(project, f"m{number}.py", [node(f"m{number}.f{line}", line + 1) for line in range(10)])
        writer.replace_nodes(other, "m.py", [node("m.f")])
        writer.replace_edges(
            {
                key(project, f"m{number}.py", f"m{number}.f0"): [edge(key(project, "m1.py", "m1.f1")), edge(key(project, None, "os.sep"))]
                for number in range(30)
            }
        )
    source_files.upsert_source_files(store, project, [SourceFileRow(f"m{number}.py", 1, 1, 1, b"", None) for number in range(30)])
    return project


def scans(store: StoreFile, statements: list[str]) -> set[str]:
    """Return the lines of the statements' plans that read a table without looking anything up."""
    found = set()
    for statement in statements:
        if not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", statement):
            continue
        for row in store.query(f"EXPLAIN QUERY PLAN {statement}"):
            if row[3].startswith("SCAN"):
                found.add(row[3])
    return found


READS: list[tuple[str, Callable[[StoreFile, int], object], set[str]]] = [
    ("find_project", lambda store, _: projects.find_project(store, "zoo"), set()),
    ("list_projects", lambda store, _: projects.list_projects(store), {ALL_PROJECTS}),
    ("load_source_files", source_files.load_source_files, set()),
    ("failed_source_files", source_files.failed_source_files, set()),
    ("get_node", lambda store, _: node_rows.get_node(store, 5), set()),
    ("find_node_id", lambda store, zoo: node_rows.find_node_id(store, key(zoo, "m1.py", "m1.f1")), set()),
    ("find_node_id, no file", lambda store, zoo: node_rows.find_node_id(store, key(zoo, None, "os.sep")), set()),
    ("nodes_of_file", lambda store, zoo: node_rows.nodes_of_file(store, zoo, "m1.py"), set()),
    ("find_symbols, name", lambda store, _: symbol_lookup.find_symbols(store, "m1.f1"), set()),
    (
        "find_symbols, name in a project",
        lambda store, zoo: symbol_lookup.find_symbols(store, "m1.f1", project_id=zoo, kind="function"),
        set(),
    ),
    ("find_symbols, prefix", lambda store, zoo: symbol_lookup.find_symbols(store, "f1*", project_id=zoo), set()),
    ("find_symbols, dotted prefix", lambda store, zoo: symbol_lookup.find_symbols(store, "m1.f*", project_id=zoo), set()),
    ("find_symbols, any", lambda store, _: symbol_lookup.find_symbols(store, "*.f1"), {ALL_NAMES}),
    ("find_symbols, all", lambda store, _: symbol_lookup.find_symbols(store), {ALL_NAMES}),
    ("find_symbols, project", lambda store, zoo: symbol_lookup.find_symbols(store, kind="class", project_id=zoo), set()),
    ("near_names", lambda store, _: symbol_lookup.near_names(store, "f1x"), set()),
    ("near_names in a project", lambda store, zoo: symbol_lookup.near_names(store, "f1x", project_id=zoo), set()),
    ("callers", lambda store, _: neighbours.callers(store, 5), set()),
    ("callers, types", lambda store, _: neighbours.callers(store, 5, ["call", "import"]), set()),
    ("callees", lambda store, _: neighbours.callees(store, 5), set()),
    ("callees, types", lambda store, _: neighbours.callees(store, 5, ["call"]), set()),
    ("nodes_by_id", lambda store, _: frontier_rows.nodes_by_id(store, [5, 6]), {GIVEN_IDS}),
    ("nodes_of_files", lambda store, zoo: frontier_rows.nodes_of_files(store, zoo, ["m1.py"]), {GIVEN_IDS}),
    ("nodes_by_identity", lambda store, zoo: frontier_rows.nodes_by_identity(store, [(zoo, "m1.py", "m1.f1")]), {GIVEN_IDS}),
    ("edges_into", lambda store, _: frontier_rows.edges_into(store, [5], ("call",)), {GIVEN_IDS}),
    ("edges_into, any type", lambda store, _: frontier_rows.edges_into(store, [5]), {GIVEN_IDS}),
    ("edges_out_of", lambda store, _: frontier_rows.edges_out_of(store, [5], ("call",)), {GIVEN_IDS}),
    ("edges_among", lambda store, _: frontier_rows.edges_among(store, [5, 6], ("call",)), {GIVEN_IDS}),
    ("count_source_files", totals.count_source_files, set()),
    ("count_nodes", totals.count_nodes, set()),
    ("count_edges", totals.count_edges, {TWO_PROJECTS}),
    ("total_nodes", totals.total_nodes, set()),
    ("total_edges", totals.total_edges, {TWO_PROJECTS}),
    ("count_stale", totals.count_stale, set()),
    ("most_called", totals.most_called, {RANKING, ALL_CALLEES}),
]


@pytest.mark.parametrize(("read", "allowed"), [(read, allowed) for _, read, allowed in READS], ids=[name for name, _, _ in READS])
def test_read_uses_an_index(store: StoreFile, zoo: int, read: Callable[[StoreFile, int], object], allowed: set[str]) -> None:
    """A read looks its rows up; the scans that it makes are the ones that are argued for it."""
    with Statements(store) as statements:
        read(store, zoo)
    assert statements
    assert scans(store, statements) == allowed
    assert allowed <= set(WHY)


def test_writes_use_indexes(store: StoreFile, zoo: int) -> None:
    """A write to a table that is not empty looks up what it compares, changes and deletes."""
    with Statements(store) as statements:
        projects.ensure_project(store, "zoo", "/moved")
        source_files.upsert_source_files(
            store, zoo, [SourceFileRow("m1.py", 2, 1, 1, b"", None), SourceFileRow("n.py", 2, 1, 1, b"", None)]
        )
        source_files.delete_source_files(store, zoo, ["n.py"])
        with IntelWriter(store) as writer:
            writer.replace_nodes(zoo, "m1.py", [node("m1.f0", 5), node("m1.f2", content=b"new"), node("m1.new")])
            writer.move_nodes(zoo, "m2.py", [("m2.f1", 0, 9, 0, 9, 9)])
            writer.mark_stale(zoo, "m3.py")
            writer.mark_current(zoo, "m3.py")
            m1, m2 = key(zoo, "m1.py", "m1.f0"), key(zoo, "m2.py", "m2.f0")
            writer.replace_edges({m1: [edge(key(zoo, None, "os.new"))], m2: [edge(key(zoo, None, "os.sep"), confidence=0.5)]})
        projects.delete_project(store, "ark")
    assert scans(store, statements) == {GIVEN_IDS, NEXT_ID, ANY_NODE, ANY_EDGE}


def test_every_foreign_key_has_an_index(store: StoreFile) -> None:
    """Deleting a row finds the rows that refer to it by index: each foreign key's columns lead an index or are the row's id."""
    for (table,) in store.query("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"):
        leading = {store.query(f"PRAGMA index_info({index[1]})")[0][2] for index in store.query(f"PRAGMA index_list({table})")}
        leading |= {column[1] for column in store.query(f"PRAGMA table_info({table})") if column[2] == "INTEGER" and column[5] == 1}
        for foreign_key in store.query(f"PRAGMA foreign_key_list({table})"):
            assert foreign_key[3] in leading, (table, foreign_key[3])
