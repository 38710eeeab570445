"""Projects: made once, found by name, deleted with everything in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.errors import UnknownProject
from lestockage.store.intel_writer import IntelWriter
from lestockage.store.projects import delete_project, ensure_project, find_project, get_project, list_projects
from lestockage.store.source_files import SourceFileRow, load_source_files, upsert_source_files
from tests.store.planting import edge, key, node

if TYPE_CHECKING:
    from lestockage.store.connection import StoreFile


def test_project_is_made_once(store: StoreFile) -> None:
    """Ensuring a project twice gives the same row, and the second time writes nothing."""
    first = ensure_project(store, "zoo", "/src")
    changes = store.total_changes
    assert ensure_project(store, "zoo", "/src") == first
    assert store.total_changes == changes
    assert list_projects(store) == [first]


def test_moved_root_is_recorded(store: StoreFile) -> None:
    """A project whose tree moved keeps its id and gets the new root."""
    first = ensure_project(store, "zoo", "/old")
    moved = ensure_project(store, "zoo", "/new")
    assert (moved.id, moved.root, moved.created_at) == (first.id, "/new", first.created_at)


def test_unknown_project_names_those_there_are(store: StoreFile) -> None:
    """Asking for a project that is not there lists the others by name."""
    ensure_project(store, "zoo", "/")
    ensure_project(store, "ark", "/")
    assert find_project(store, "boat") is None
    with pytest.raises(UnknownProject) as caught:
        get_project(store, "boat")
    assert caught.value.known == ("ark", "zoo")


def test_deleting_a_project_takes_everything_of_it(store: StoreFile) -> None:
    """Files, nodes and edges go with their project; another project's stay, but for edges into the deleted one."""
    here, there = (ensure_project(store, name, "/").id for name in ("zoo", "ark"))
    stat = SourceFileRow("m.py", 1, 1, 1, b"", None)
    for project in (here, there):
        upsert_source_files(store, project, [stat])
    with IntelWriter(store) as writer:
        for project in (here, there):
            writer.replace_nodes(project, "m.py", [node("m.f"), node("m.g", 5)])
        writer.replace_edges(
            {key(there, "m.py", "m.f"): [edge(key(there, "m.py", "m.g")), edge(key(here, "m.py", "m.g"))], key(here, "m.py", "m.f"): []}
        )
    delete_project(store, "zoo")
    assert [project.name for project in list_projects(store)] == ["ark"]
    assert load_source_files(store, here) == {}
    assert load_source_files(store, there) == {"m.py": stat}
    assert store.query("SELECT DISTINCT project_id FROM intel_nodes") == [(there,)]
    assert store.query("SELECT count(*) FROM intel_edges") == [(1,)]
    with pytest.raises(UnknownProject):
        delete_project(store, "zoo")


def test_id_of_a_deleted_project_is_not_given_again(store: StoreFile) -> None:
    """A new project never takes the id that something outside may remember as another's."""
    first = ensure_project(store, "zoo", "/")
    delete_project(store, "zoo")
    assert ensure_project(store, "ark", "/").id > first.id
