"""Fixtures of the store's tests: an empty file, and a small project in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where the test's file is, or will be."""
    return tmp_path / "index.db"


@pytest.fixture
def store(path: Path) -> Iterator[StoreFile]:
    """Open a new file with its tables."""
    with StoreFile.open(path) as opened:
        yield opened


@pytest.fixture
def project(store: StoreFile) -> int:
    """Return the id of a project in `store`."""
    return ensure_project(store, "zoo", "/src/zoo").id
