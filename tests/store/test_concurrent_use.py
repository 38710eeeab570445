"""Concurrent use: threads and processes that read see whole transactions, and neither wait for a writer nor keep one waiting."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import StoreLocked
from lestockage.store import IntelStore, Node

if TYPE_CHECKING:
    from pathlib import Path

TURNS = 30

# Every state that is committed has the same `complexity` everywhere, and as many edges as nodes.
WRITER = """
import sys
from lestockage.store import Edge, IntelStore, Node
def turn(store, number):
    with store.transaction():
        nodes = [Node(project_id=1, qualified_name=f"m.f{n}", node_type="function", complexity=number) for n in range(40)]
        ids = store.batch_upsert_nodes(nodes).ids
        store.batch_delete_edges(store.iter_edges("zoo"))
        store.batch_insert_edges(Edge(caller_id=a, callee_id=b, edge_type="call", site_line=number) for a, b in zip(ids, ids[::-1]))
if __name__ == "__main__":
    with IntelStore.open(sys.argv[1]) as store:
        for number in range(int(sys.argv[2])):
            turn(store, number)
            print(number, flush=True)
"""


def states(store: IntelStore) -> set[tuple[int | None, int | None, int, int]]:
    """Return what the nodes and edges of the file say about the turn that they are of; a consistent state says one thing."""
    with store.snapshot():
        nodes = store.get_nodes_by_project("zoo")
        edges = store.get_edges_by_type("call", project="zoo")
    turns = {node.complexity for node in nodes} or {None}
    sites = {edge.site_line for edge in edges} or {None}
    return {(turn, site, len(nodes), len(edges)) for turn in turns for site in sites}


@pytest.fixture
def file(path: Path) -> Path:
    """Return a file with a project without nodes."""
    with IntelStore.open(path) as store:
        store.insert_project("zoo")
    return path


def is_whole(found: set[tuple[int | None, int | None, int, int]]) -> bool:
    """Tell whether one state was seen: the empty one, or one turn's."""
    return len(found) == 1 and all(state == (None, None, 0, 0) or (state[0] == state[1] and state[2:] == (40, 40)) for state in found)


def test_processes_see_whole_transactions(file: Path) -> None:
    """While another process writes, each look of a reader is at one of its commits, in their order."""
    with (
        subprocess.Popen([sys.executable, "-c", WRITER, str(file), str(TURNS)], stdout=subprocess.PIPE, text=True) as writer,
        IntelStore.open(file, read_only=True) as reader,
    ):
        seen = []
        while writer.poll() is None or not seen:
            seen.append(states(reader))
        seen.append(states(reader))
    assert writer.returncode == 0
    assert all(map(is_whole, seen))
    turns = [-1 if turn is None else turn for found in seen for turn, *_ in found]
    assert turns == sorted(turns)
    assert turns[-1] == TURNS - 1


@pytest.mark.parametrize("shared", [True, False], ids=["one store", "own stores"])
def test_threads_see_whole_transactions(file: Path, *, shared: bool) -> None:
    """Threads that read beside one that writes, through the same store or their own, see whole transactions only."""
    scope: dict[str, object] = {"__name__": "writer"}
    exec(WRITER, scope)  # noqa: S102  # the text above
    turn = scope["turn"]
    seen: list[set[tuple[int | None, int | None, int, int]]] = []
    failures: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            with store if shared else IntelStore.open(file, read_only=True) as reader:
                while True:
                    last = done.is_set()
                    seen.append(states(reader))
                    if last:
                        break
        except BaseException as error:  # noqa: BLE001  # told below, by the test's own thread
            failures.append(error)

    with IntelStore.open(file) as opened:
        store = IntelStore(opened.file)
        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        for number in range(TURNS):
            turn(opened, number)  # type: ignore[operator]  # the function of that name
        done.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert all(map(is_whole, seen))
    assert (TURNS - 1, TURNS - 1, 40, 40) in set.union(*seen)


def test_reader_and_writer_do_not_wait(file: Path) -> None:
    """A reader reads in the middle of a write, a writer commits in the middle of a read; two writers alone wait for each other."""
    node = Node(project_id=1, qualified_name="m.f", node_type="class")
    with IntelStore.open(file, timeout=0) as writer, IntelStore.open(file, timeout=0) as other:
        with writer.transaction():
            writer.insert_node(node)
            assert other.get_nodes_by_project("zoo") == []
            with pytest.raises(StoreLocked):
                other.insert_node(node)
        with other.snapshot():
            before = other.get_nodes_by_project("zoo")
            writer.update_node(1, complexity=9)
            assert other.get_nodes_by_project("zoo") == before
        assert other.get_node(1).complexity == 9


def test_stream_outlives_a_commit(file: Path) -> None:
    """Nodes that are given one by one are those of the moment of the first, whatever is committed meanwhile, here or elsewhere."""
    with IntelStore.open(file) as store, IntelStore.open(file) as other:
        store.batch_insert_nodes(Node(project_id=1, qualified_name=f"m.f{number:05}", node_type="class") for number in range(12_000))
        nodes = other.iter_nodes("zoo")
        first = next(nodes)
        store.file.execute("UPDATE intel_nodes SET complexity = 1")
        assert {node.complexity for node in (first, *nodes)} == {None}
        assert {node.complexity for node in other.iter_nodes("zoo")} == {1}
