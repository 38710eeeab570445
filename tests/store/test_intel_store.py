"""Intel store: each function of the public face, what it writes, and the error it gives."""
# ruff: noqa: PT012  # a block of several statements is what is tested

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from lestockage import store as public
from lestockage.errors import (
    ConstraintError,
    DuplicateRow,
    MissingNode,
    ReadOnlyStore,
    RefusedRow,
    StoreClosed,
    UnknownProject,
    UnknownType,
    WrongProject,
)
from lestockage.store import Edge, IntelStore, Node, NodeKey, Project
from lestockage.store.type_names import EDGE_TYPES, NODE_TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from lestockage.store.connection import StoreFile


@pytest.fixture
def intel(path: Path) -> Iterator[IntelStore]:
    """Open a new store."""
    with IntelStore.open(path) as opened:
        yield opened


@pytest.fixture
def zoo(intel: IntelStore) -> Project:
    """Make a project."""
    return intel.insert_project("zoo", "/src/zoo")


def a_node(project: Project, name: str = "m.f", **facts: Any) -> Node:
    """Return a function of a project."""
    return Node(**{"project_id": project.id, "file_path": "m.py", "qualified_name": name, "node_type": "function", **facts})


def ids_of(intel: IntelStore, project: Project, *names: str) -> list[int]:
    """Store nodes of some names and return their ids."""
    return intel.batch_insert_nodes([a_node(project, name) for name in names])


# -- projects ----------------------------------------------------------------------------------------------------------------------


def test_project_is_made_found_and_deleted(intel: IntelStore, zoo: Project) -> None:
    """A project is found by name and by id; it goes with everything in it."""
    assert intel.get_project("zoo") == intel.get_project(zoo.id) == zoo
    a, b = ids_of(intel, zoo, "m.a", "m.b")
    intel.insert_edge(Edge(caller_id=a, callee_id=b, edge_type="call"))
    intel.delete_project(zoo)
    assert intel.get_projects() == []
    assert intel.file.query("SELECT (SELECT count(*) FROM intel_nodes), (SELECT count(*) FROM intel_edges)") == [(0, 0)]


def test_project_is_wanted_twice(intel: IntelStore, zoo: Project) -> None:
    """Wanting what there is writes nothing, wanting another root moves it, and making it again is refused."""
    before = intel.total_changes
    assert intel.upsert_project("zoo", "/src/zoo") == zoo
    assert intel.total_changes == before
    assert intel.upsert_project("zoo", "/elsewhere").root == "/elsewhere"
    with pytest.raises(DuplicateRow):
        intel.insert_project("zoo")


@pytest.mark.parametrize("named", ["ark", 99])
def test_unknown_project_is_told(intel: IntelStore, zoo: Project, named: str | int) -> None:
    """A project that is not there is an error that lists those that are, not an empty answer."""
    asks: list[Callable[[], object]] = [
        lambda: intel.get_project(named),
        lambda: intel.get_nodes_by_project(named),
        lambda: intel.get_nodes_by_file(named, "m.py"),
        lambda: intel.get_nodes_by_symbol("f", project=named),
        lambda: intel.get_call_graph(named),
        lambda: intel.delete_project(named),
    ]
    for ask in asks:
        with pytest.raises(UnknownProject) as caught:
            ask()
        assert caught.value.known == ("zoo",)


# -- nodes -------------------------------------------------------------------------------------------------------------------------


def test_node_comes_back_as_it_was_stored(intel: IntelStore, zoo: Project) -> None:
    """Every field of a node is stored; its id and times are given."""
    given = a_node(
        zoo, "m.C.f", ordinal=2, symbol_name="f", node_type="method", language="python", signature="(x)", visibility="public", complexity=3,
        content_hash=b"\0h", start_line=4, start_column=1, end_line=6, end_column=9, stale=True,
    )  # fmt: skip
    stored = intel.insert_node(given)
    assert stored == given.model_copy(update={name: getattr(stored, name) for name in ("id", "created_at", "updated_at")})
    assert stored.id is not None
    assert intel.get_node(stored.id) == intel.get_node(NodeKey(zoo.id, "m.py", "m.C.f", 2)) == stored
    assert (stored.created_at or 0) == stored.updated_at > 1_700_000_000_000


@pytest.mark.parametrize("file_path", ["m.py", None])
def test_identity_is_stored_once(intel: IntelStore, zoo: Project, file_path: str | None) -> None:
    """A node of a stored identity, with a file or without, and a node of a stored id, are duplicates."""
    stored = intel.insert_node(a_node(zoo, file_path=file_path))
    with pytest.raises(DuplicateRow) as caught:
        intel.insert_node(a_node(zoo, file_path=file_path, node_type="class"))
    assert caught.value.identity == (zoo.id, file_path, "m.f", 0)
    with pytest.raises(DuplicateRow) as caught:
        intel.insert_node(a_node(zoo, "m.g", id=stored.id))
    assert caught.value.identity == (stored.id,)


def test_upsert_writes_what_differs(intel: IntelStore, zoo: Project) -> None:
    """An unchanged node writes nothing; a moved one keeps its time, a changed one its id."""
    first = intel.upsert_node(a_node(zoo, start_line=1))
    intel.file.execute("UPDATE intel_nodes SET created_at = 5, updated_at = 5")
    before = intel.total_changes
    assert intel.upsert_node(a_node(zoo, start_line=1)).id == first.id
    assert intel.total_changes == before
    moved = intel.upsert_node(a_node(zoo, start_line=2))
    assert (moved.id, moved.start_line, moved.updated_at) == (first.id, 2, 5)
    changed = intel.upsert_node(a_node(zoo, start_line=2, signature="(x)", id=first.id))
    assert (changed.id, changed.signature, changed.created_at) == (first.id, "(x)", 5)
    assert (changed.updated_at or 0) > 5
    with pytest.raises(RefusedRow, match="its identity has the id"):
        intel.upsert_node(a_node(zoo, id=99))


def test_unchanged_batch_writes_no_byte(intel: IntelStore, zoo: Project, path: Path) -> None:
    """Wanting again what is stored, nodes and edges, leaves the file and its WAL as they are."""
    nodes = [a_node(zoo, f"m.f{number}") for number in range(3)]
    ids = intel.batch_upsert_nodes(nodes).ids
    edges = [Edge(caller_id=ids[0], callee_id=end, edge_type="call") for end in ids]
    assert intel.batch_upsert_edges(edges) == 3
    files = [path, path.with_name(path.name + "-wal")]
    before = [file.read_bytes() for file in files]
    assert intel.batch_upsert_nodes(nodes) == (ids, 0, 0)
    assert intel.batch_upsert_edges(edges) == 0
    assert not intel.upsert_edge(edges[0])
    assert [file.read_bytes() for file in files] == before


def test_update_changes_fields(intel: IntelStore, zoo: Project) -> None:
    """Fields change, the identity too, while id, edges and unnamed fields stay."""
    a, b = ids_of(intel, zoo, "m.a", "m.b")
    intel.insert_edge(Edge(caller_id=a, callee_id=b, edge_type="call"))
    changed = intel.update_node(a, file_path="n.py", qualified_name="n.x", symbol_name="x", complexity=7)
    assert (changed.id, changed.file_path, changed.qualified_name, changed.complexity, changed.node_type) == (
        a,
        "n.py",
        "n.x",
        7,
        "function",
    )
    assert len(intel.get_edges_by_node(a)) == 1
    before = intel.total_changes
    assert intel.update_node(a, complexity=7) == changed
    assert intel.total_changes == before


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"project_id": 2}, WrongProject),
        ({"id": 9}, RefusedRow),
        ({"created_at": 9}, RefusedRow),
        ({"qualified_name": "m.b"}, DuplicateRow),
        ({"node_type": "verb"}, UnknownType),
        ({"complexity": "7"}, ValidationError),
        ({"colour": "red"}, ValidationError),
        ({"signature": "\udc80"}, ConstraintError),
    ],
)
def test_update_that_cannot_be_is_refused(intel: IntelStore, zoo: Project, changes: dict[str, Any], error: type[Exception]) -> None:
    """A change that makes no node of this project leaves the node as it was."""
    a, _ = ids_of(intel, zoo, "m.a", "m.b")
    before = intel.get_node(a)
    with pytest.raises(error):
        intel.update_node(a, **changes)
    assert intel.get_node(a) == before


@pytest.mark.parametrize("name", ["", 5])
def test_project_has_a_name(intel: IntelStore, name: Any) -> None:
    """A project without a name, or with a number for one, could not be asked for; none is made."""
    for make in (intel.insert_project, intel.upsert_project):
        with pytest.raises(RefusedRow, match="not empty"):
            make(name)
    assert intel.get_projects() == []


def test_a_name_is_no_node(intel: IntelStore, zoo: Project) -> None:
    """A node that is asked for by name is told how names are looked up."""
    with pytest.raises(TypeError, match="get_nodes_by_symbol"):
        intel.get_node("m.a")  # type: ignore[arg-type]  # it is none


def test_deleted_node_takes_its_edges(intel: IntelStore, zoo: Project) -> None:
    """Edges on both sides of a deleted node go, others stay; its id is not given again."""
    a, b, c = ids_of(intel, zoo, "m.a", "m.b", "m.c")
    intel.batch_insert_edges([(a, b, "call", 0, 0, 1.0, ""), (b, c, "call", 0, 0, 1.0, ""), (a, c, "call", 0, 0, 1.0, "")])
    intel.delete_node(b)
    assert [(edge.caller_id, edge.callee_id) for edge in intel.get_edges_by_type("call")] == [(a, c)]
    intel.delete_node(c)
    assert ids_of(intel, zoo, "m.d") == [c + 1]


def test_missing_node_is_told(intel: IntelStore, zoo: Project) -> None:
    """A node that is not there is an error, whatever is asked of it."""
    asks: list[Callable[[], object]] = [
        lambda: intel.get_node(9),
        lambda: intel.get_node(NodeKey(zoo.id, "m.py", "m.f")),
        lambda: intel.update_node(9, complexity=1),
        lambda: intel.delete_node(9),
        lambda: intel.insert_edge(Edge(caller_id=9, callee_id=9, edge_type="call")),
        lambda: intel.upsert_edge(Edge(caller_id=9, callee_id=9, edge_type="call")),
    ]
    for ask in asks:
        with pytest.raises(MissingNode):
            ask()


def test_nodes_are_found_by_what_is_known_of_them(intel: IntelStore, zoo: Project) -> None:
    """By name, by the end of a qualified name, by file, by hash, by project; of one project or of all."""
    ark = intel.insert_project("ark")
    for project in (zoo, ark):
        intel.batch_insert_nodes(
            [
                a_node(project, "m.C.f", content_hash=b"same"),
                a_node(project, "m.f", content_hash=project.name.encode()),
                a_node(project, "n.f", file_path="n.py"),
                a_node(project, "a::b", symbol_name="b"),
                a_node(project, "os.sep", file_path=None, node_type="external"),
            ]
        )

    def names(nodes: list[Node]) -> list[tuple[int, str]]:
        return [(node.project_id, node.qualified_name) for node in nodes]

    assert names(intel.get_nodes_by_symbol("f", project=zoo)) == [(zoo.id, "m.C.f"), (zoo.id, "m.f"), (zoo.id, "n.f")]
    assert names(intel.get_nodes_by_symbol("C.f")) == [(zoo.id, "m.C.f"), (ark.id, "m.C.f")]
    assert names(intel.get_nodes_by_symbol("m.f", project=ark)) == [(ark.id, "m.f")]
    assert names(intel.get_nodes_by_symbol("os.sep", project="zoo")) == [(zoo.id, "os.sep")]
    assert names(intel.get_nodes_by_symbol("b", project="zoo")) == [(zoo.id, "a::b")]
    assert intel.get_nodes_by_symbol("x.f") == intel.get_nodes_by_symbol("") == []
    assert names(intel.get_nodes_by_hash(b"same")) == [(zoo.id, "m.C.f"), (ark.id, "m.C.f")]
    assert names(intel.get_nodes_by_hash(b"ark", project=zoo)) == []
    assert names(intel.get_nodes_by_file(zoo, "n.py")) == [(zoo.id, "n.f")]
    assert intel.get_nodes_by_file(zoo, "x.py") == []
    everything = intel.get_nodes_by_project(ark)
    assert sorted(names(everything)) == [(ark.id, name) for name in ("a::b", "m.C.f", "m.f", "n.f", "os.sep")]
    assert [row.id for row in intel.iter_node_rows(ark)] == [node.id for node in everything]
    assert intel.read_nodes(ark)["id"].to_pylist() == [node.id for node in everything]


# -- edges -------------------------------------------------------------------------------------------------------------------------


def test_parallel_edges_are_apart(intel: IntelStore, zoo: Project) -> None:
    """Edges between two nodes differ by type and by site; an equal identity is a duplicate or an update."""
    a, b = ids_of(intel, zoo, "m.a", "m.b")
    edge = Edge(caller_id=a, callee_id=b, edge_type="call", site_line=1, site_column=2)
    parallel = [edge, *(edge.model_copy(update=change) for change in ({"edge_type": "import"}, {"site_line": 2}, {"site_column": 3}))]
    assert intel.batch_insert_edges(parallel) == 4
    assert sorted(map(hash, intel.get_edges_by_node(a))) == sorted(map(hash, parallel))
    with pytest.raises(DuplicateRow) as caught:
        intel.insert_edge(edge.model_copy(update={"confidence": 0.5}))
    assert caught.value.identity == (a, b, "call", 1, 2)
    assert intel.upsert_edge(edge.model_copy(update={"confidence": 0.5, "provenance": "guess"}))
    assert next((found.confidence, found.provenance) for found in intel.get_edges_by_type("call")) == (0.5, "guess")


@pytest.mark.parametrize("edge_type", EDGE_TYPES)
def test_edges_are_filtered(intel: IntelStore, zoo: Project, edge_type: str) -> None:
    """Edges are found by end, direction, project and each type."""
    ark = intel.insert_project("ark")
    a, b = ids_of(intel, zoo, "m.a", "m.b")
    (c,) = ids_of(intel, ark, "m.c")
    rows = [(x, y, kind, 0, 0, 1.0, "") for x, y in ((a, b), (b, b), (c, b), (b, c)) for kind in EDGE_TYPES]
    intel.batch_insert_edges(rows)

    def ends(edges: list[Edge]) -> list[tuple[int, int]]:
        assert {edge.edge_type for edge in edges} <= {edge_type}
        return [(edge.caller_id, edge.callee_id) for edge in edges]

    assert ends(intel.get_edges_by_node(b, "in", edge_type)) == [(a, b), (b, b), (c, b)]
    assert ends(intel.get_edges_by_node(b, "out", [edge_type])) == [(b, b), (b, c)]
    assert ends(intel.get_edges_by_node(b, "both", edge_type)) == [(a, b), (b, b), (b, c), (c, b)]
    assert ends(intel.get_edges_by_type(edge_type)) == [(a, b), (b, b), (b, c), (c, b)]
    assert ends(intel.get_edges_by_type(edge_type, project=zoo)) == ends(list(intel.iter_edges(zoo, edge_type))) == [(a, b), (b, b), (b, c)]
    assert [row[:3] for row in intel.iter_edge_rows(ark, edge_type)] == [(c, b, edge_type)]
    assert intel.read_edges(ark, edge_type)["edge_type"].to_pylist() == [edge_type]
    assert len(intel.get_edges_by_node(b)) == 4 * len(EDGE_TYPES)
    assert len(intel.get_edges_by_node(b, edge_types=[edge_type, "call"])) == 4 * len({edge_type, "call"})


def test_unknown_edge_type_is_told(intel: IntelStore, zoo: Project) -> None:
    """A filter by a type or direction that does not exist is an error, not an empty answer."""
    asks: list[Callable[[], object]] = [
        lambda: intel.get_edges_by_type("calls"),
        lambda: intel.get_edges_by_node(1, "in", ["call", "calls"]),
        lambda: intel.iter_edges(zoo, "calls"),
        lambda: intel.iter_edge_rows(zoo, "calls"),
        lambda: intel.read_edges(zoo, ["calls"]),
    ]
    for ask in asks:
        with pytest.raises(UnknownType, match="edge type 'calls'"):
            ask()
    with pytest.raises(UnknownType, match=r"direction 'up'.*in, out, both"):
        intel.get_edges_by_node(1, "up")  # type: ignore[arg-type]  # it is none


def test_call_graph_has_its_ends(intel: IntelStore, zoo: Project) -> None:
    """Calls that leave the project come with the nodes at both ends, whoever's they are; other edges and nodes do not."""
    ark = intel.insert_project("ark")
    a, b, _ = ids_of(intel, zoo, "m.a", "m.b", "m.alone")
    (c,) = ids_of(intel, ark, "m.c")
    calls = [Edge(caller_id=a, callee_id=b, edge_type="call"), Edge(caller_id=a, callee_id=c, edge_type="call")]
    intel.batch_insert_edges([*calls, Edge(caller_id=c, callee_id=b, edge_type="call"), Edge(caller_id=a, callee_id=b, edge_type="import")])
    graph = intel.get_call_graph("zoo")
    assert graph.edges == calls
    assert graph.nodes == {node_id: intel.get_node(node_id) for node_id in (a, b, c)}


def test_batch_deletes_by_identity(intel: IntelStore, zoo: Project) -> None:
    """Edges are deleted by model, row or identity alone, those that are there are counted, and one bad row deletes none."""
    a, b = ids_of(intel, zoo, "m.a", "m.b")
    rows = [(a, b, "call", line, 0, 1.0, "") for line in range(5)]
    intel.batch_insert_edges(rows)
    with pytest.raises(RefusedRow) as caught:
        intel.batch_delete_edges([rows[0], (1, 2)])
    assert caught.value.index == 1
    assert intel.batch_delete_edges([Edge(caller_id=a, callee_id=b, edge_type="call"), rows[1], rows[2][:5], (a, b, "call", 77, 0)]) == 3
    assert [edge.site_line for edge in intel.get_edges_by_node(a)] == [3, 4]
    assert intel.batch_delete_edges([]) == 0


# -- the file ----------------------------------------------------------------------------------------------------------------------

WRITES: list[tuple[str, Callable[[IntelStore], object]]] = [
    ("insert_project", lambda intel: intel.insert_project("ark")),
    ("delete_project", lambda intel: intel.delete_project("zoo")),
    ("insert_node", lambda intel: intel.insert_node(a_node(intel.get_project("zoo")))),
    ("upsert_node", lambda intel: intel.upsert_node(a_node(intel.get_project("zoo")))),
    ("update_node", lambda intel: intel.update_node(1, complexity=5)),
    ("delete_node", lambda intel: intel.delete_node(1)),
    ("batch_insert_nodes", lambda intel: intel.batch_insert_nodes([])),
    ("batch_upsert_nodes", lambda intel: intel.batch_upsert_nodes([])),
    ("insert_edge", lambda intel: intel.insert_edge(Edge(caller_id=1, callee_id=1, edge_type="import"))),
    ("upsert_edge", lambda intel: intel.upsert_edge(Edge(caller_id=1, callee_id=1, edge_type="call"))),
    ("batch_insert_edges", lambda intel: intel.batch_insert_edges([])),
    ("batch_upsert_edges", lambda intel: intel.batch_upsert_edges([])),
    ("batch_delete_edges", lambda intel: intel.batch_delete_edges([])),
    ("set_embedding", lambda intel: intel.set_embedding(1, [1.0])),
    ("clear_embeddings", lambda intel: intel.clear_embeddings("zoo")),
    ("writer", lambda intel: intel.writer().__enter__()),
]
READS: list[tuple[str, Callable[[IntelStore], object]]] = [
    ("get_project", lambda intel: intel.get_project("zoo")),
    ("get_projects", lambda intel: intel.get_projects()),
    ("get_node", lambda intel: intel.get_node(1)),
    ("get_nodes_by_symbol", lambda intel: intel.get_nodes_by_symbol("f")),
    ("get_nodes_by_project", lambda intel: intel.get_nodes_by_project("zoo")),
    ("get_nodes_by_file", lambda intel: intel.get_nodes_by_file("zoo", "m.py")),
    ("get_nodes_by_hash", lambda intel: intel.get_nodes_by_hash(b"x")),
    ("get_edges_by_node", lambda intel: intel.get_edges_by_node(1)),
    ("get_edges_by_type", lambda intel: intel.get_edges_by_type("call")),
    ("get_call_graph", lambda intel: intel.get_call_graph("zoo")),
    ("read_nodes", lambda intel: intel.read_nodes("zoo")),
    ("read_edges", lambda intel: intel.read_edges("zoo")),
    ("get_embedding", lambda intel: intel.get_embedding(1)),
    ("nearest_nodes", lambda intel: intel.nearest_nodes([1.0], 1, "zoo")),
    ("total_changes", lambda intel: intel.total_changes),
]


@pytest.fixture
def filled(path: Path) -> Path:
    """Return a file with a project and a node."""
    with IntelStore.open(path) as intel:
        intel.insert_node(a_node(intel.insert_project("zoo")))
    return path


def test_read_only_store_reads_and_refuses_to_write(filled: Path) -> None:
    """A store that is open for reading answers everything, refuses to write even nothing, and changes nothing."""
    before = filled.read_bytes()
    with IntelStore.open(filled, read_only=True) as intel:
        for _, write in WRITES:
            with pytest.raises(ReadOnlyStore):
                write(intel)
        for _, read in READS:
            read(intel)
    assert filled.read_bytes() == before


def test_closed_store_is_told(filled: Path) -> None:
    """A store that is closed says so, whatever is asked of it; closing it again does nothing."""
    intel = IntelStore.open(filled)
    for _ in range(2):
        intel.close()
    for _, use in [*WRITES, *READS]:
        with pytest.raises(StoreClosed):
            use(intel)


def test_every_function_is_among_those(filled: Path) -> None:
    """The lists above have every public function of the store, but for those that share their statements with one that is listed."""
    listed = {name for name, _ in [*WRITES, *READS]}
    alike = {"upsert_project", "set_embeddings", "get_embeddings", "iter_nodes", "iter_node_rows", "iter_edges", "iter_edge_rows"}
    other = {"open", "close", "file", "path", "snapshot", "transaction"}
    assert {name for name in dir(IntelStore) if not name.startswith("_")} == listed | alike | other


def test_store_over_an_open_file_leaves_it_open(store: StoreFile) -> None:
    """Closing a store closes the file only where it opened it."""
    with IntelStore(store) as intel:
        assert intel.path == store.path
        intel.insert_project("zoo")
    assert [name for (name,) in store.query("SELECT name FROM projects")] == ["zoo"]


def test_transaction_is_of_all_functions(intel: IntelStore, zoo: Project) -> None:
    """Functions within a block of the store's are undone together."""
    with pytest.raises(KeyboardInterrupt), intel.transaction():
        intel.insert_node(a_node(zoo))
        intel.insert_project("ark")
        raise KeyboardInterrupt
    with intel.snapshot():
        assert intel.get_projects() == [zoo]
        assert intel.get_nodes_by_project(zoo) == []


def test_names_are_public() -> None:
    """The package gives the names that it lists, and no others."""
    assert {name: getattr(public, name).__name__ for name in public.__all__} == {name: name for name in public.__all__}
    assert "IntelStore" in public.__all__
    with pytest.raises(AttributeError, match="no attribute 'Nodes'"):
        public.Nodes  # type: ignore[attr-defined]  # noqa: B018  # asking is what is tested


@pytest.mark.parametrize("node_type", NODE_TYPES)
def test_every_node_type_is_stored(intel: IntelStore, zoo: Project, node_type: str) -> None:
    """Each type that the models know, the file knows."""
    assert intel.insert_node(a_node(zoo, node_type=node_type)).node_type == node_type
