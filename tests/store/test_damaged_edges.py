"""Damaged edges: what an edge is stands in the table and in each of its indexes; bytes that change in one are told by the check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store import Edge, IntelStore, Node
from lestockage.store.file_check import file_findings

if TYPE_CHECKING:
    from pathlib import Path

SITE = 0x01234567
"""A number that stands nowhere else in the file."""


@pytest.fixture
def stored(path: Path) -> bytes:
    """Return the bytes of a file with one edge."""
    with IntelStore.open(path) as store:
        project = store.upsert_project("zoo", "/src/zoo")
        caller, callee = store.batch_insert_nodes(
            [Node(project_id=project.id, file_path="m.py", qualified_name=name, node_type="function") for name in ("m.f", "m.g")]
        )
        store.insert_edge(Edge(caller_id=caller, callee_id=callee, edge_type="call", site_line=SITE))
    return path.read_bytes()


@pytest.mark.parametrize("copy", range(3))
def test_a_site_that_changed_is_found(path: Path, stored: bytes, copy: int) -> None:
    """The site of an edge is there three times; whichever is changed, the check says that they are not the same."""
    pieces = stored.split(SITE.to_bytes(4, "big"))
    assert len(pieces) == 4
    other = (SITE + 1).to_bytes(4, "big")
    sites = [other if place == copy else SITE.to_bytes(4, "big") for place in range(3)]
    path.write_bytes(b"".join(piece + site for piece, site in zip(pieces, [*sites, b""], strict=True)))
    with IntelStore.open(path) as store:
        assert "structure" in {finding.kind for finding in file_findings(store.file)}


@pytest.mark.usefixtures("stored")
def test_a_confidence_beyond_its_range_is_found(path: Path) -> None:
    """What no statement could have written is told too."""
    with IntelStore.open(path) as store:
        assert file_findings(store.file) == []
        store.file.execute("PRAGMA ignore_check_constraints = ON")
        store.file.execute("UPDATE intel_edges SET confidence = 3.0")
        store.file.execute("PRAGMA ignore_check_constraints = OFF")
        assert "structure" in {finding.kind for finding in file_findings(store.file)}
