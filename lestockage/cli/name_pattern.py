"""Name pattern: which qualified names a word of the command line means."""

from __future__ import annotations

from fnmatch import fnmatchcase


def matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern means a name: it is all of it or its end; with wildcards, it fits all of it or its last part."""
    if set(pattern).isdisjoint("*?["):
        return name == pattern or name.endswith(f".{pattern}")
    return fnmatchcase(name if "." in pattern else name.rpartition(".")[2], pattern)
