"""Embeddings: vectors come back as they were given, all of a project have one size, and the nearest are the nearest."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lestockage.errors import MissingExtra, MissingNode, RefusedRow, WrongDimension
from lestockage.store import IntelStore, Node
from lestockage.store import embeddings as module

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile

COUNT = 12


@pytest.fixture
def intel(store: StoreFile, project: int) -> IntelStore:
    """Return a store with twelve nodes, whose ids count from 1, in one project, whose id is 1."""
    intel = IntelStore(store)
    nodes = [Node(project_id=project, qualified_name=f"f{number}", node_type="function") for number in range(COUNT)]
    assert intel.batch_insert_nodes(nodes) == list(range(1, COUNT + 1))
    return intel


def test_vectors_come_back(intel: IntelStore) -> None:
    """A vector is stored as float32 and given back as such; one that is stored already is not written."""
    assert intel.get_embedding(1) is None
    assert intel.set_embedding(1, [0.1, -2, 3])
    found = intel.get_embedding(1)
    assert found is not None
    assert (found.dtype, found.tolist()) == (np.float32, np.float32([0.1, -2, 3]).tolist())
    assert intel.get_project("zoo").embedding_dimension == 3
    before = intel.total_changes
    assert not intel.set_embedding(1, np.float64([np.float32(0.1), -2, 3]))
    assert intel.total_changes == before
    assert intel.set_embeddings([3, 2, 1], np.asfortranarray([[1, 0, 0], [0, 1, 0], [0.1, -2, 3]], ">f8")) == 2
    ids, vectors = intel.get_embeddings("zoo")
    assert ids.tolist() == [1, 2, 3]
    assert vectors[1:].tolist() == [[0, 1, 0], [1, 0, 0]]


def test_size_is_the_projects(intel: IntelStore) -> None:
    """Another size is refused with both numbers; another project has its own; cleared, a project may have another."""
    intel.set_embedding(1, [1, 2])
    other = intel.insert_node(Node(project_id=intel.insert_project("ark").id, qualified_name="g", node_type="class"))
    assert other.id is not None
    with pytest.raises(WrongDimension) as caught:
        intel.set_embeddings([other.id, 2], [[1, 2, 3], [1, 2, 3]])
    assert (caught.value.expected, caught.value.found) == (2, 3)
    assert intel.get_project("ark").embedding_dimension is None
    assert intel.set_embedding(other.id, [1, 2, 3])
    with pytest.raises(WrongDimension):
        intel.nearest_nodes([1, 2, 3], 1, "zoo")
    assert intel.clear_embeddings("zoo") == 1
    assert intel.set_embedding(1, [1, 2, 3])
    assert intel.get_embeddings("zoo").vectors.shape == (1, 3)


@pytest.mark.parametrize(
    "vector", [[], 3.0, [[1.0]], [float("nan")], [float("inf")], [1e300], ["x"], "x", [[1.0], [1.0, 2.0]], {}], ids=str
)
def test_what_is_no_vector_is_refused(intel: IntelStore, vector: Any) -> None:
    """Nothing empty, nested, or not of numbers that are finite as float32 is stored."""
    with pytest.raises(RefusedRow):
        intel.set_embedding(1, vector)
    assert intel.get_project("zoo").embedding_dimension is None


def test_missing_node_is_named(intel: IntelStore) -> None:
    """A vector for a node that is not there keeps the whole batch out."""
    with pytest.raises(MissingNode) as caught:
        intel.set_embeddings([1, 99], [[1.0], [2.0]])
    assert (caught.value.key, caught.value.index) == (99, 1)
    assert intel.get_embedding(1) is None
    with pytest.raises(MissingNode):
        intel.get_embedding(99)
    with pytest.raises(RefusedRow, match=r"\(1, 2\) are none for 2 nodes"):
        intel.set_embeddings([1, 2], [[1.0, 2.0]])
    with pytest.raises(RefusedRow, match="row 1: a component is not finite"):
        intel.set_embeddings([1, 2], [[1.0], [np.nan]])


COMPONENT = st.sampled_from([0.0, 1.0, -1.0, 0.5]) | st.floats(-1e3, 1e3, width=32)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    vectors=arrays(np.float32, (COUNT, 3), elements=COMPONENT, fill=st.nothing()),
    sought=arrays(np.float32, 3, elements=COMPONENT, fill=st.nothing()),
    k=st.integers(0, COUNT + 2),
    block=st.integers(1, COUNT),
)
def test_nearest_are_nearest(intel: IntelStore, vectors: Any, sought: Any, k: int, block: int) -> None:
    """The nodes found are those that a plain computation ranks first, ties by id, however the vectors are cut into blocks."""
    intel.set_embeddings(range(1, COUNT + 1), vectors)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", block)
        found = intel.nearest_nodes(sought, k, "zoo")

    def cosine(number: int) -> float:
        a, b = [float(x) for x in vectors[number]], [float(x) for x in sought]
        lengths = sum(x * x for x in a) ** 0.5 * sum(x * x for x in b) ** 0.5
        return sum(x * y for x, y in zip(a, b, strict=True)) / lengths if lengths else 0.0

    expected = [cosine(number) for number in range(COUNT)]
    assert len(found) == min(k, COUNT)
    for near in found:
        assert near.node.id is not None
        assert near.similarity == pytest.approx(expected[near.node.id - 1], abs=1e-12)
    assert [near.similarity for near in found] == pytest.approx(sorted(expected, reverse=True)[:k], abs=1e-12)
    ranked = [(-near.similarity, near.node.id) for near in found]
    assert ranked == sorted(ranked)


def test_nothing_is_near_where_there_is_nothing(intel: IntelStore) -> None:
    """A project without vectors has no near nodes; a vector of zeros is as near to all; what is not finite or no vector is refused."""
    assert intel.nearest_nodes([1, 2], 3, "zoo") == []
    assert intel.get_embeddings("zoo").vectors.shape == (0, 0)
    intel.set_embeddings([1, 2], [[1, 2], [0, 0]])
    assert [(near.node.id, near.similarity) for near in intel.nearest_nodes([0, 0], 3, "zoo")] == [(1, 0.0), (2, 0.0)]
    with pytest.raises(RefusedRow, match="not finite"):
        intel.nearest_nodes([np.inf, 0], 1, "zoo")
    for sought in ("x", [[1, 2]], 3.0):
        with pytest.raises(RefusedRow, match="vector"):
            intel.nearest_nodes(sought, 1, "zoo")


def test_missing_numpy_is_told(intel: IntelStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without numpy, embeddings say what to install; the rest of the store does not need it."""
    monkeypatch.setitem(sys.modules, "numpy", None)
    with pytest.raises(MissingExtra, match=r"pip install 'lestockage\[embeddings\]'"):
        intel.set_embedding(1, [1.0])
    assert intel.get_node(1).qualified_name == "f0"
