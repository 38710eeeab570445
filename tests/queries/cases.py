"""Cases: one small tree, one caller, and exactly what it calls: what is not named must not be found."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest


class Case(NamedTuple):
    """A tree's files, a caller, its edges as `trees.shown` writes them, and how many references stay unresolved."""

    files: dict[str, str | bytes]
    caller: str
    edges: set[str]
    unresolved: int


def case(claim: str, files: str | dict[str, str], caller: str, *edges: str, unresolved: int = 0) -> Any:
    """A case under the name of its claim; text alone is the file `m.py`."""
    tree: dict[str, str | bytes] = {"m.py": files} if isinstance(files, str) else dict(files)
    return pytest.param(Case(tree, caller, set(edges), unresolved), id=claim)
