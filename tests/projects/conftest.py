"""A library and an application that uses it."""

from pathlib import Path

import pytest

from tests.projects.trees import APPLICATION, LIBRARY, plant


@pytest.fixture
def lib(tmp_path: Path) -> Path:
    """Return the tree of a library."""
    return plant(tmp_path / "lib", LIBRARY)


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """Return the tree of an application that uses the library."""
    return plant(tmp_path / "app", APPLICATION)


@pytest.fixture
def db(tmp_path: Path) -> Path:
    """Return the path of a database that is not there yet."""
    return tmp_path / "index.db"
