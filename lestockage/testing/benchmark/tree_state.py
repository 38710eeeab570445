"""Tree state: the files of a source tree that the index looks at, by path, as bytes; read from a folder, and written to one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from blake3 import blake3

from lestockage.workspace.ignore import SUFFIXES
from lestockage.workspace.walk import PROJECT_FILES, walk

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping

_CLOCK_STEP = 0.025
"""Seconds after which the index takes a file's time for certain; it would wait that long, and the clock on the wall with it."""


def read_state(folder: str | os.PathLike[str]) -> dict[str, bytes]:
    """Return what the index would read of a folder, or of the folder of a file: Python files that are not ignored, and project files.

    Raises:
        PathNotFound, UnreadableSource: there is no tree.
    """
    tree = walk(folder)
    root = Path(tree.root)
    return {path: (root / path).read_bytes() for path in sorted([*tree.files, *tree.project_files])}


def write_state(folder: Path, state: Mapping[str, bytes]) -> None:
    """Make a folder hold these files and no others, touching only what differs; folders that are empty afterwards stay."""
    there = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for path, file in there.items():
        if path not in state:
            file.unlink()
    for path, content in state.items():
        file = folder / path
        if path not in there or file.read_bytes() != content:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    settle()


def settle() -> None:
    """Wait until files that were just written are older than a step of the clock that stamps them."""
    time.sleep(_CLOCK_STEP)


def is_wanted(path: str) -> bool:
    """Whether the index would look at a file of this path, ignore rules aside."""
    return path.endswith(SUFFIXES) or path.rpartition("/")[2] in PROJECT_FILES


def state_digest(state: Mapping[str, bytes]) -> str:
    """Tell states apart: equal for equal paths and contents."""
    hasher = blake3()
    for path in sorted(state):
        name = path.encode("utf-8", "surrogateescape")
        hasher.update(b"%d %d " % (len(name), len(state[path])) + name + state[path])
    return hasher.hexdigest()


def state_facts(state: Mapping[str, bytes]) -> dict[str, int]:
    """How many Python files and lines there are."""
    sources = [content for path, content in state.items() if path.endswith(SUFFIXES)]
    return {"files": len(sources), "lines": sum(content.count(b"\n") for content in sources)}
