"""Planting: write a tree of files from a table of their paths."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def plant(folder: Path, *paths: str, **contents: str) -> Path:
    """Write an empty file below `folder` at each of `paths`, then one with content at each key of `contents`; return the folder."""
    for path, content in [*((path, "") for path in paths), *contents.items()]:
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder
