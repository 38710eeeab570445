"""Dependency matrix: groups of modules in an order that puts users first, and what goes against it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lestockage.errors import UnknownProject
from lestockage.graph import dependency_matrix
from lestockage.store.edge_rows import EdgeFacts
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.node_rows import NodeKey
from lestockage.store.projects import delete_project, ensure_project
from tests.store.planting import node

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.graph.dependency_matrix import DependencyMatrix
    from lestockage.store.connection import StoreFile

NAMES = ["p", "p.a", "p.a.x", "p.a.y", "p.b", "p.b.x", "p.c", "q"]


def matrix(store: StoreFile, names: Iterable[str], edges: Iterable[tuple[str, str]], limit: int = 24) -> DependencyMatrix:
    """Return the matrix of modules, each a file of its own, of which some import others."""
    project_id = ensure_project(store, "example", "/src").id
    paths = {name: f"{name}.py" for name in names}
    given_edges: dict[str, list[EdgeFacts]] = {}
    for line, (caller, callee) in enumerate(edges):
        given_edges.setdefault(caller, []).append(EdgeFacts(NodeKey(project_id, paths[callee], callee), "import", line, 0, 1.0, "test"))
    with IntelWriter(store, at=1) as writer:
        for name, path in paths.items():
            writer.replace_nodes(project_id, path, [node(name, kind="module")])
        writer.replace_edges({NodeKey(project_id, paths[name], name): found for name, found in given_edges.items()})
    found = dependency_matrix(store, "example", limit=limit)
    delete_project(store, "example")
    return found


PROGRAMS = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=20)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edges=PROGRAMS, limit=st.integers(1, 9))
def test_every_reference_between_groups_is_counted_once(store: StoreFile, edges: list[tuple[str, str]], limit: int) -> None:
    """Groups hold every module once, keep to the limit where the top names allow it, and their references are those between modules."""
    found = matrix(store, NAMES, edges, limit)
    names = [group.name for group in found.groups]
    home = {name: max((group for group in names if f"{name}.".startswith(f"{group}.")), key=len) for name in NAMES}
    assert len(names) == len(set(names)) <= max(limit, 2)
    assert [group.modules for group in found.groups] == [list(home.values()).count(name) for name in names]
    counted = {(names[a], names[b]): count for (a, b), count in found.references.items()}
    expected: dict[tuple[str, str], int] = {}
    for caller, callee in edges:
        if home[caller] != home[callee]:
            pair = home[caller], home[callee]
            expected[pair] = expected.get(pair, 0) + 1
    assert counted == expected


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(edges=PROGRAMS)
def test_only_circles_lead_against_the_order(store: StoreFile, edges: list[tuple[str, str]]) -> None:
    """What leads upward lies within a circle; every circle has at least one such pair, and who lies in none has no number."""
    found = matrix(store, NAMES, edges)
    reached = {(a, b) for a, b in found.references}
    for middle in range(len(found.groups)):
        reached |= {(a, b) for a, x in reached if x == middle for y, b in reached if y == middle}
    for a, group in enumerate(found.groups):
        for b, other in enumerate(found.groups):
            is_circle = (a, b) in reached and (b, a) in reached
            assert is_circle == (group.circle is not None and group.circle == other.circle and (a != b or is_circle))
    assert {found.groups[a].circle for a, _ in found.upward} == {group.circle for group in found.groups if group.circle is not None}
    assert all(found.groups[a].circle == found.groups[b].circle for a, b in found.upward)


def test_the_weaker_way_of_a_circle_leads_back(store: StoreFile) -> None:
    """Of two modules that import each other, the one that does so more often stands first."""
    found = matrix(store, ["app", "lib"], [("app", "lib"), ("app", "lib"), ("lib", "app")])
    assert [group.name for group in found.groups] == ["app", "lib"]
    assert found.upward == {(1, 0): 1}


def test_a_wide_package_keeps_its_modules_together(store: StoreFile) -> None:
    """Where the limit has no room for every module, packages within are told apart, and single modules stay with their package."""
    names = ["p", *(f"p.m{number}" for number in range(9)), "p.q", "p.q.a", "p.q.b"]
    found = matrix(store, names, [("p.m1", "p.q.a")], limit=4)
    assert {(group.name, group.modules) for group in found.groups} == {("p", 10), ("p.q", 3)}
    assert found.references == {(0, 1): 1}


def test_an_unknown_project_is_refused(store: StoreFile) -> None:
    """A name that is no project's raises, as for every graph function."""
    with pytest.raises(UnknownProject):
        dependency_matrix(store, "nobody")
