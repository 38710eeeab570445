"""Edge writing: the outgoing edges of a caller become those that are wanted; externals live as long as something refers to them."""
# ruff: noqa: PT012  # a block of several statements is what is tested

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import ConstraintError, MissingNode
from lestockage.store.connection import StoreFile
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import ensure_project
from tests.store.planting import edge, edges_in, ids_in, key, node

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from lestockage.store.edge_rows import EdgeFacts
    from lestockage.store.node_rows import NodeKey


@pytest.fixture
def zoo(store: StoreFile, project: int) -> int:
    """Return a project with functions `f`, `g`, `h` in m.py and `f` in n.py."""
    with IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f"), node("m.g"), node("m.h")])
        writer.replace_nodes(project, "n.py", [node("n.f")])
    return project


def write(store: StoreFile, wanted: Mapping[NodeKey, Sequence[EdgeFacts]]) -> dict[str, int]:
    """Replace edges and return the counts that are not zero."""
    with IntelWriter(store) as writer:
        writer.replace_edges(wanted)
    return {name: count for name, count in writer.written.as_dict().items() if count}


def test_edges_are_inserted(store: StoreFile, zoo: int) -> None:
    """Wanted edges are stored with their site, confidence and provenance."""
    m_f = key(zoo, "m.py", "m.f")
    assert write(store, {m_f: [edge(key(zoo, "n.py", "n.f"), 2, 7, confidence=0.5, rule="alias")]}) == {"edges_inserted": 1}
    assert edges_in(store) == {("m.py", "m.f", 0, "n.py", "n.f", 0, "call", 2, 7, 0.5, "alias")}


def test_parallel_edges_are_kept_apart(store: StoreFile, zoo: int) -> None:
    """The same callee at two sites, or by two types of edge at one site, is several edges."""
    callee = key(zoo, "m.py", "m.g")
    wanted = [edge(callee, 1), edge(callee, 2), edge(callee, 2, 9), edge(callee, 2, kind="import")]
    assert write(store, {key(zoo, "m.py", "m.f"): wanted}) == {"edges_inserted": 4}


def test_equal_edges_write_no_byte(path: Path, store: StoreFile, zoo: int) -> None:
    """Writing what is stored already, by plain tuples too, changes no row and no byte of the file."""
    wanted = {key(zoo, "m.py", "m.f"): [edge(key(zoo, "m.py", "m.g")), edge(key(zoo, None, "os.sep"))], key(zoo, "m.py", "m.g"): []}
    write(store, wanted)
    store.close()
    before = path.read_bytes()
    plain = {tuple(caller): [(tuple(facts[0]), *facts[1:]) for facts in edges] for caller, edges in wanted.items()}
    with StoreFile.open(path) as again:
        assert write(again, wanted) == {}
        assert write(again, plain) == {}  # type: ignore[arg-type]
        assert again.total_changes == 0
    assert path.read_bytes() == before


def test_only_the_difference_is_written(store: StoreFile, zoo: int) -> None:
    """Of a caller's edges one is added, one goes, one changes its confidence, and one is left alone."""
    m_f = key(zoo, "m.py", "m.f")
    g, h, n = key(zoo, "m.py", "m.g"), key(zoo, "m.py", "m.h"), key(zoo, "n.py", "n.f")
    write(store, {m_f: [edge(g, 1), edge(h, 2), edge(n, 3)]})
    counts = write(store, {m_f: [edge(g, 1), edge(h, 2, confidence=0.5), edge(g, 4)]})
    assert counts == {"edges_inserted": 1, "edges_updated": 1, "edges_deleted": 1}
    assert {row[4:] for row in edges_in(store)} == {
        ("m.g", 0, "call", 1, 4, 1.0, "name"),
        ("m.h", 0, "call", 2, 4, 0.5, "name"),
        ("m.g", 0, "call", 4, 4, 1.0, "name"),
    }


def test_callers_that_are_not_named_keep_their_edges(store: StoreFile, zoo: int) -> None:
    """Only the callers that are given are replaced."""
    g = key(zoo, "m.py", "m.g")
    write(store, {key(zoo, "m.py", "m.f"): [edge(g)], key(zoo, "n.py", "n.f"): [edge(g)]})
    assert write(store, {key(zoo, "m.py", "m.f"): []}) == {"edges_deleted": 1}
    assert {row[1] for row in edges_in(store)} == {"n.f"}


@pytest.mark.parametrize("turned", [False, True])
def test_better_of_two_equal_edges_is_kept(store: StoreFile, zoo: int, *, turned: bool) -> None:
    """Two wanted edges of one site are one: the more confident, or the first by provenance, in whichever order they come."""
    g, h = key(zoo, "m.py", "m.g"), key(zoo, "m.py", "m.h")
    wanted = [edge(g, confidence=0.5, rule="a"), edge(g, confidence=0.9, rule="z"), edge(h, rule="b"), edge(h, rule="a")]
    assert write(store, {key(zoo, "m.py", "m.f"): wanted[::-1] if turned else wanted}) == {"edges_inserted": 2}
    assert {(row[4], *row[9:]) for row in edges_in(store)} == {("m.g", 0.9, "z"), ("m.h", 1.0, "a")}


def test_external_is_made_by_its_first_reference(store: StoreFile, zoo: int) -> None:
    """A symbol outside every project becomes one node of the project, whoever refers to it."""
    external = key(zoo, None, "os.path.join")
    counts = write(store, {key(zoo, "m.py", "m.f"): [edge(external)], key(zoo, "n.py", "n.f"): [edge(external)]})
    assert counts == {"nodes_inserted": 1, "edges_inserted": 2}
    assert store.query(
        "SELECT project_id, file_path, symbol_name, qualified_name, ordinal, node_type, language, start_line FROM intel_nodes"
        " WHERE node_type = 'external'"
    ) == [(zoo, None, "join", "os.path.join", 0, "external", None, None)]


def test_external_keeps_its_id_while_referred_to(store: StoreFile, zoo: int) -> None:
    """Another reference finds the external that is there; the going of one of two leaves it."""
    external = key(zoo, None, "os.sep")
    write(store, {key(zoo, "m.py", "m.f"): [edge(external)]})
    first = ids_in(store)["os.sep"]
    assert write(store, {key(zoo, "n.py", "n.f"): [edge(external)]}) == {"edges_inserted": 1}
    assert write(store, {key(zoo, "m.py", "m.f"): []}) == {"edges_deleted": 1}
    assert ids_in(store)["os.sep"] == first


def test_external_goes_with_its_last_edge(store: StoreFile, zoo: int) -> None:
    """An external that nothing refers to any more is deleted, when an edge is replaced and when a caller is deleted."""
    write(store, {key(zoo, "m.py", "m.f"): [edge(key(zoo, None, "os.sep"))], key(zoo, "n.py", "n.f"): [edge(key(zoo, None, "os.linesep"))]})
    assert write(store, {key(zoo, "m.py", "m.f"): []}) == {"edges_deleted": 1, "nodes_deleted": 1}
    with IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "n.py", [])
    assert writer.written.nodes_deleted == 2
    assert set(ids_in(store)) == {"m.f", "m.g", "m.h"}


def test_external_survives_a_change_of_hands(store: StoreFile, zoo: int) -> None:
    """An external whose only caller is deleted while another begins to refer to it keeps its id."""
    external = key(zoo, None, "os.sep")
    write(store, {key(zoo, "n.py", "n.f"): [edge(external)]})
    first = ids_in(store)["os.sep"]
    with IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "n.py", [])
        writer.replace_edges({key(zoo, "m.py", "m.f"): [edge(external)]})
    assert ids_in(store)["os.sep"] == first


def test_symbols_of_projects_are_never_collected(store: StoreFile, zoo: int) -> None:
    """A symbol with a file stays when its last incoming edge goes."""
    write(store, {key(zoo, "m.py", "m.f"): [edge(key(zoo, "m.py", "m.g"))]})
    assert write(store, {key(zoo, "m.py", "m.f"): []}) == {"edges_deleted": 1}
    assert "m.g" in ids_in(store)


def test_edges_lead_across_projects(store: StoreFile, zoo: int) -> None:
    """A callee's key names its project, so an edge may leave the caller's."""
    other = ensure_project(store, "ark", "/").id
    with IntelWriter(store) as writer:
        writer.replace_nodes(other, "m.py", [node("m.f")])
        writer.replace_edges({key(zoo, "m.py", "m.f"): [edge(key(other, "m.py", "m.f"))]})
    assert store.query("SELECT project_id FROM intel_edges JOIN intel_nodes ON id = callee_id") == [(other,)]


@pytest.mark.parametrize("which", ["caller", "callee"])
def test_unknown_node_is_named(store: StoreFile, zoo: int, which: str) -> None:
    """An edge from or to a symbol that is not stored is refused with the symbol's key, and nothing is written."""
    known, unknown = key(zoo, "m.py", "m.f"), key(zoo, "m.py", "m.never")
    caller, callee = (unknown, known) if which == "caller" else (known, unknown)
    with pytest.raises(MissingNode) as caught:
        write(store, {key(zoo, "n.py", "n.f"): [edge(key(zoo, None, "os.sep"))], caller: [edge(callee)]})
    assert caught.value.key == unknown
    assert edges_in(store) == set()
    assert "os.sep" not in ids_in(store)


def test_unknown_callee_in_a_load_is_named(store: StoreFile, project: int) -> None:
    """In the load of an empty file too an edge to a symbol that was not written is refused."""
    with pytest.raises(MissingNode), IntelWriter(store) as writer:
        writer.replace_nodes(project, "m.py", [node("m.f")])
        writer.replace_edges({key(project, "m.py", "m.f"): [edge(key(project, "n.py", "n.f"))]})


def test_unknown_type_is_refused(store: StoreFile, zoo: int) -> None:
    """The schema knows five types of edge."""
    with pytest.raises(ConstraintError, match="CHECK"):
        write(store, {key(zoo, "m.py", "m.f"): [edge(key(zoo, "m.py", "m.g"), kind="friendship")]})


def test_callers_that_lost_an_edge_are_named(store: StoreFile, zoo: int) -> None:
    """When a symbol goes, the callers in other files whose edges went with it are known until they are written again."""
    n_f = key(zoo, "n.py", "n.f")
    write(store, {n_f: [edge(key(zoo, "m.py", "m.g"))], key(zoo, "m.py", "m.g"): [edge(key(zoo, "m.py", "m.f"))]})
    ids = ids_in(store)
    with IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "m.py", [node("m.f"), node("m.h")])
        assert writer.cut_callers == {ids["n.f"]}
        writer.replace_edges({n_f: [edge(key(zoo, "m.py", "m.h"))]})
        assert writer.cut_callers == set()
    assert {(row[1], row[4]) for row in edges_in(store)} == {("n.f", "m.h")}


def test_deleted_caller_has_lost_nothing(store: StoreFile, zoo: int) -> None:
    """A caller that lost an edge and is deleted itself afterwards needs no writing again."""
    write(store, {key(zoo, "n.py", "n.f"): [edge(key(zoo, "m.py", "m.g"))]})
    with IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "m.py", [node("m.f")])
        writer.replace_nodes(zoo, "n.py", [])
        assert writer.cut_callers == set()


def test_edge_to_a_symbol_deleted_in_the_same_write_is_refused(store: StoreFile, zoo: int) -> None:
    """A symbol that the writer has seen and then deleted is not found any more."""
    with pytest.raises(MissingNode), IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "m.py", [node("m.f"), node("m.g")])
        writer.replace_nodes(zoo, "m.py", [node("m.f")])
        writer.replace_edges({key(zoo, "m.py", "m.f"): [edge(key(zoo, "m.py", "m.g"))]})


def test_changed_file_keeps_incoming_edges(store: StoreFile, zoo: int) -> None:
    """Writing a file again with its symbols changed leaves the edges that come from other files."""
    write(store, {key(zoo, "n.py", "n.f"): [edge(key(zoo, "m.py", "m.g"))]})
    before = edges_in(store)
    with IntelWriter(store) as writer:
        writer.replace_nodes(zoo, "m.py", [node("m.f"), node("m.g", 40, content=b"new", kind="class"), node("m.h")])
    assert edges_in(store) == before
