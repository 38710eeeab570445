"""Fixtures of the analytics' tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.analytics.shop import build_shop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Return the file of the shop."""
    path = tmp_path / "shop.db"
    build_shop(path)
    return path
