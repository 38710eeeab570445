"""Name pattern: which qualified names a word of the command line means."""

from __future__ import annotations

from fnmatch import fnmatchcase

from lestockage.languages.facts import is_anonymous


def is_listed(name: str, pattern: str | None) -> bool:
    """Tell whether a list of symbols shows a name: all where there is no pattern, but lambdas only by a pattern that has a `<`."""
    if is_anonymous(name) and (pattern is None or "<" not in pattern):
        return False
    return pattern is None or matches(name, pattern)


def matches(name: str, pattern: str) -> bool:
    """Tell whether a pattern means a name: it is all of it or its end; with wildcards, it fits all of it or its last part."""
    if set(pattern).isdisjoint("*?["):
        return name == pattern or name.endswith(f".{pattern}")
    return fnmatchcase(name if "." in pattern else name.rpartition(".")[2], pattern)
