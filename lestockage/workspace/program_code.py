"""Program code: what tells the code that answers queries from any other, as it lies on disk: an unchanged run loads none of it."""

from __future__ import annotations

import functools
import os
import sys
from importlib.util import find_spec

from blake3 import blake3

import lestockage

_PARTS = ("engine", "languages", "queries")
"""Packages whose code the answers of queries come from."""
_LIBRARIES = ("blake3", "msgpack")
"""What they are made with."""


@functools.cache
def program_code() -> bytes | None:
    """Return 32 bytes that are others when this program's code may be; None where that cannot be told from the disk.

    Files count by their status, as source files do. A process that has loaded queries has the code of that moment, or has put other code
    in its place: it must look at what it has.
    """
    if any(name.startswith("lestockage.queries.") for name in sys.modules):
        return None
    found = [sys.version]
    try:
        for part in _PARTS:
            _list(os.path.join(os.path.dirname(lestockage.__file__), part), found)
        for library in _LIBRARIES:
            spec = find_spec(library)
            found.append(_entry(str(None if spec is None else spec.origin)))
    except OSError:  # an archive, say
        return None
    return blake3("\n".join(found).encode("utf-8", "surrogatepass")).digest()


def _list(folder: str, found: list[str]) -> None:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda each: each.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    _list(entry.path, found)
            else:
                found.append(_entry(entry.path))


def _entry(path: str) -> str:
    status = os.stat(path)
    return f"{path} {status.st_size} {status.st_mtime_ns} {status.st_ino}"
