"""Every plan: whatever the package sends to the intel tables, from an index run to each command and function, uses an index."""

from __future__ import annotations

import re
import shlex
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.cli import main
from lestockage.store import Edge, IntelStore, Node
from lestockage.store.connection import StoreFile
from lestockage.workspace.workspace import Workspace
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

TABLES = re.compile(
    r"\b(intel_nodes|intel_edges|projects|source_files|analysis_cache|statement_lines|global_symbols|external_refs|external_steps|module_names"
    r"|project_(distributions|imports|deps)|snapshot\w*)\b"
)
STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b", re.IGNORECASE)
LITERAL = re.compile(r"[xX]?'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")

ALLOWED = {
    "SCAN json_each VIRTUAL TABLE INDEX 1:": "ids that were given to the statement as one list",
    "SCAN sqlite_sequence": "SQLite's own table, one row for each table that counts ids",
    "SCAN sqlite_schema": "SQLite's own table, one row for each table and index",
    "SCAN projects USING INDEX sqlite_autoindex_projects_1": "all projects are the answer, by name",
    "SCAN projects USING COVERING INDEX sqlite_autoindex_projects_1": "two rows at most, to see whether there is a second project",
    "SCAN n USING INDEX intel_nodes_qualified_name": "all symbols are asked for, or a pattern begins with a wildcard",
    "SCAN e": "the ranking of callees, which is a result of its own (`totals.most_called`)",
    "SCAN intel_edges USING COVERING INDEX intel_edges_callee": "ranks all callees; or one row, to see whether there is any",
    "SCAN intel_edges USING COVERING INDEX intel_edges_type": "counts all edges by type, where one project owns them all",
    "SCAN intel_nodes USING COVERING INDEX intel_nodes_symbol_name": "one row, to see whether there is any",
    "SCAN json_tree VIRTUAL TABLE INDEX 1:": "the bases of one class, within its row",
    **dict.fromkeys(
        (
            "SCAN snapshot_files",
            "SCAN snapshot_nodes",
            "SCAN snapshot_edges",
            "SCAN snapshot_edges USING COVERING INDEX snapshot_edges_callee",
        ),
        "a snapshot is dropped, which is seldom: every recording would pay for the indexes that would find its rows",
    ),
}
"""The scans that the package makes, each with its reason; none reads the rows of a table that it does not give out."""

TREE = {
    "app/__init__.py": "",
    "app/base.py": "class Base:\n    def run(self):\n        return len([1])\n",
    "app/main.py": "import os\nimport lib\nfrom app.base import Base\n\nclass Main(Base):\n"
    "    def go(self):\n        return self.run() + help(3)\n\n"
    "def both():\n    return lib.tool() + lib.gone()\n\n"
    "def help(x):\n    return os.path.join('a', str(x))\n\ndef test_help():\n    assert help(1)\n",
}
COMMANDS = (
    "index {tree}",
    "status",
    "symbols",
    "symbols help",
    "symbols hel*",
    "symbols app.m* --project app",
    "symbols *.go --kind method",
    "symbols hepl",
    "show Main",
    "show app.main.help",
    "callers help",
    "callees Main.go",
    "callers nothing",
    "impact help",
    "impact Base.run --json",
    "path Main.go help",
    "cycles",
    "unused",
    "affected",
    "graph --type imports",
    "graph --format json",
    "graph help --format dot --depth 2",
    "metrics",
    "hotspots --project app",
    "export refs",
    "export edges",
    "export snapshots",
    "sql",
    "sql 'SELECT * FROM nodes'",
    "index {tree} --snapshot first",
    "history main --path {tree}",
    "snapshots",
    "compare first {commit}",
    "trend --coupling",
    "trend --json",
    "ages",
    "ages --sort oldest --project app",
    "diff --path {tree}",
    "diff HEAD HEAD --path {tree} --json",
    "affected --since HEAD",
    "flow app.main.help",
    "flow help --pdg",
    "flow Main --format dot",
    "complexity",
    "complexity app.* --by file",
    "complexity --by project --sort cognitive",
    "projects",
    "index {library}",
    "projects --json",
    "refs help",
    "refs lib.tool --all-projects",
    "refs tool --project lib",
    "resolve lib.tool",
    "resolve lib.tool --from app",
    "deps",
    "deps --graph --project app",
    "breakage",
    "breakage --project app",
    "impact lib.tool",
    "unused --project app",
    "unused --project lib",
    "report --project app",
    "report --project app --format md",
    "status",
    "check",
    "verify --sample 0.1",
    "gc --max-age 0",
    "snapshots --drop first --project app",
    "forget lib",
)
"""What is typed; those that fail (a name that is not there) look something up as well."""


@pytest.fixture
def statements(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect what every connection that is opened from now on sends to SQLite; the file is there, for a migration reads all it changes."""
    StoreFile.open(tmp_path / "index.db").close()
    seen: list[str] = []
    connect = sqlite3.connect

    def traced(*words: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*words, **options)
        connection.set_trace_callback(seen.append)
        return connection

    monkeypatch.setattr(sqlite3, "connect", traced)
    return seen


def use_everything(path: Path) -> None:
    """Call every function of a store on a project of its own, and change rows in every way."""
    with IntelStore.open(path) as store:
        mine = store.insert_project("mine")
        store.upsert_project("mine", "/moved")
        a, b, c = store.batch_insert_nodes(
            [Node(project_id=mine.id, qualified_name=f"x.{name}", node_type="class", content_hash=b"h") for name in "abc"]
        )
        store.upsert_node(store.get_node(a).model_copy(update={"complexity": 3}))
        store.upsert_node(store.get_node(a).model_copy(update={"start_line": 3}))
        store.get_node(store.get_node(b).key)
        store.update_node(b, file_path="b.py")
        for edge_type in ("call", "import"):
            store.insert_edge(Edge(caller_id=a, callee_id=b, edge_type=edge_type))
            store.upsert_edge(Edge(caller_id=a, callee_id=c, edge_type=edge_type, confidence=0.5))
        with pytest.raises(Exception, match="no node 999"):
            store.insert_edge(Edge(caller_id=a, callee_id=999, edge_type="call"))
        store.set_embeddings([a, b], [[1.0, 0.0], [0.0, 1.0]])
        store.nearest_nodes([1.0, 1.0], 1, mine)
        store.get_embedding(a)
        store.get_embeddings(mine)
        store.clear_embeddings(mine)
        for project in (None, mine):
            store.get_nodes_by_symbol("a", project=project)
            store.get_nodes_by_symbol("x.a", project=project)
            store.get_nodes_by_hash(b"h", project=project)
            store.get_edges_by_type("call", project=project)
        store.get_nodes_by_file(mine, "b.py")
        store.get_nodes_by_project(mine)
        store.get_projects()
        store.get_call_graph(mine)
        for direction in ("in", "out", "both"):
            store.get_edges_by_node(a, direction)
            store.get_edges_by_node(a, direction, ["call", "import"])
        list(store.iter_edges(mine, "call"))
        store.read_edges(mine)
        store.batch_delete_edges(store.get_edges_by_node(c))
        store.delete_node(b)
        store.delete_project(mine)


def test_every_statement_uses_an_index(tmp_path: Path, statements: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """The plan of every statement looks its rows up, but for the scans that are argued above; each of those is made by something."""
    path, tree, library = tmp_path / "index.db", tmp_path / "app", tmp_path / "lib"
    repository = Repository(tree)
    for name, source in TREE.items():
        repository.write(name, source)
    commit = repository.commit()
    library.mkdir()
    (library / "lib.py").write_text("def tool():\n    return 1\n")
    failed = [
        command
        for command in COMMANDS
        if main([*shlex.split(command.format(tree=tree, library=library, commit=commit)), "--db", str(path)]) != 0
    ]
    capsys.readouterr()
    assert failed == ["callers nothing"]
    (tree / "app/main.py").write_text(TREE["app/main.py"].replace("+ help(3)", "") + "\n# moved\ndef more(): return help(4)\n")
    (tree / "app/base.py").write_text("def broken(:\n")
    with Workspace.open(path) as workspace:
        workspace.index(tree)
        (tree / "app/base.py").unlink()
        workspace.index(tree)
    use_everything(path)
    capsys.readouterr()

    plans: dict[str, set[str]] = {}
    one_of_each = {LITERAL.sub("?", statement): statement for statement in statements if STATEMENT.match(statement)}
    with IntelStore.open(path) as store:
        for shape, statement in one_of_each.items():
            if TABLES.search(statement):
                for row in store.file.query(f"EXPLAIN QUERY PLAN {statement}"):
                    if row[3].startswith("SCAN"):
                        plans.setdefault(row[3], set()).add(shape)
    assert sum(bool(TABLES.search(shape)) for shape in one_of_each) > 60
    assert {scan: shapes for scan, shapes in plans.items() if scan not in ALLOWED} == {}
    assert set(ALLOWED) == set(plans)
