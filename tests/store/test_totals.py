"""Totals: the figures that a person is shown of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import ensure_project
from lestockage.store.source_files import SourceFileRow, upsert_source_files
from lestockage.store.totals import (
    count_edges,
    count_nodes,
    count_source_files,
    count_stale,
    most_called,
    total_edges,
    total_nodes,
)
from tests.store.planting import edge, key, node

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


@pytest.fixture
def zoo(store: StoreFile, project: int) -> int:
    """Return a project with some calls, one class and one external."""
    with IntelWriter(store) as writer:
        writer.replace_nodes(
            project, "a.py", [node("a.f"), node("a.g"), node("a.h"), node("a.C", kind="class"), node("a.C.m", kind="method")]
        )
        f, g, h, c, m = (key(project, "a.py", name) for name in ("a.f", "a.g", "a.h", "a.C", "a.C.m"))
        writer.replace_edges(
            {
                f: [edge(g, 1), edge(g, 2), edge(g, 3), edge(c, 4), edge(m, 5), edge(h, 7, kind="import")],
                h: [edge(m, 1), edge(c, 2), edge(c, 3), edge(c, 4), edge(key(project, None, "builtins.len"), 9)],
                c: [edge(m, 0, 0, kind="containment")],
            }
        )
    return project


def test_nodes_are_counted_by_type(store: StoreFile, zoo: int) -> None:
    """Each type that occurs is counted, most first."""
    assert list(count_nodes(store, zoo).items()) == [("function", 3), ("class", 1), ("external", 1), ("method", 1)]


@pytest.mark.parametrize("alone", [True, False])
def test_edges_are_counted_by_type(store: StoreFile, zoo: int, *, alone: bool) -> None:
    """Each type of edge that leaves the project's nodes is counted, whether other projects are in the file or not."""
    if not alone:
        other = ensure_project(store, "ark", "/").id
        with IntelWriter(store) as writer:
            writer.replace_nodes(other, "a.py", [node("a.f")])
            writer.replace_edges({key(other, "a.py", "a.f"): [edge(key(zoo, "a.py", "a.g"))]})
        assert count_edges(store, other) == {"call": 1}
    assert list(count_edges(store, zoo).items()) == [("call", 10), ("containment", 1), ("import", 1)]


@pytest.mark.parametrize("alone", [True, False])
def test_totals_are_those_of_one_project(store: StoreFile, zoo: int, *, alone: bool) -> None:
    """What a project has is what it has by type, added up, whether other projects are in the file or not."""
    if not alone:
        other = ensure_project(store, "ark", "/").id
        with IntelWriter(store) as writer:
            writer.replace_nodes(other, "a.py", [node("a.f")])
            writer.replace_edges({key(other, "a.py", "a.f"): [edge(key(zoo, "a.py", "a.g"))]})
        assert (total_nodes(store, other), total_edges(store, other)) == (1, 1)
    assert (total_nodes(store, zoo), total_edges(store, zoo)) == (6, 12)


def test_most_called_are_ranked_by_call_sites(store: StoreFile, zoo: int) -> None:
    """Functions and methods are ranked by the sites that call them, then by name; classes, externals and imports do not count."""
    assert [(row.node.qualified_name, row.sites, row.callers) for row in most_called(store, zoo)] == [("a.g", 3, 1), ("a.C.m", 2, 2)]
    assert [row.node.qualified_name for row in most_called(store, zoo, 1)] == ["a.g"]


def test_stale_nodes_are_counted_by_file(store: StoreFile, zoo: int) -> None:
    """Files whose nodes are their last good state are listed with how many those are."""
    assert count_stale(store, zoo) == {}
    with IntelWriter(store) as writer:
        writer.mark_stale(zoo, "a.py")
    assert count_stale(store, zoo) == {"a.py": 5}


def test_files_are_counted(store: StoreFile, zoo: int) -> None:
    """All files of a project are counted, with those that failed."""
    upsert_source_files(store, zoo, [SourceFileRow(name, 1, 1, 1, None, failure) for name, failure in (("a.py", None), ("b.py", "bad"))])
    assert count_source_files(store, zoo) == 2


def test_project_without_anything_has_zeros(store: StoreFile, project: int) -> None:
    """An empty project has no counts and nothing called."""
    assert (count_nodes(store, project), count_edges(store, project), most_called(store, project)) == ({}, {}, [])
    assert count_source_files(store, project) == 0
