"""Ignore rules: which folders and Python files of a tree its `.gitignore` files leave out.

Rules are kept nearest file first and last line first, so the first rule that matches decides. A folder that is left out is never entered,
so nothing below it can be brought back, as in git. `pathspec` was measured and left alone: importing it costs 36 ms of processor time,
a quarter of what an unchanged run may cost, and every tree inside a git checkout would pay it (docs/decisions/0002-own-ignore-rules.md).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from lestockage.workspace.wildmatch import literal_tail, matcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

IGNORE_FILE = ".gitignore"
SUFFIXES = (".py", ".pyi")
"""What the name of a Python source file ends with."""


class Rule(NamedTuple):
    """One line of an ignore file, ready to be asked."""

    matches: Callable[[str], object]
    base: int
    """How much of a path precedes the ignore file's own folder; -1 when the name alone is compared, at any depth."""
    negated: bool
    """The line brings back what an earlier line left out."""


class IgnoreRules(NamedTuple):
    """The rules in force in one folder, the deciding one first; those that no Python file can match are not in `files`."""

    files: tuple[Rule, ...] = ()
    folders: tuple[Rule, ...] = ()

    def with_file(self, content: bytes, base: int) -> IgnoreRules:
        """Return these rules behind those of a nearer ignore file, whose folder's path (with its slash) is `base` characters long."""
        files: list[Rule] = []
        folders: list[Rule] = []
        for line in reversed(content.removeprefix(b"\xef\xbb\xbf").split(b"\n")):
            # Names from the file system arrive the same way, so a pattern that is no UTF-8 still matches the name it was written for.
            pattern = _trimmed(line.decode("utf-8", "surrogateescape"))
            negated = pattern.startswith("!")
            pattern = pattern[negated:]
            folders_only = pattern.endswith("/")
            if folders_only:
                pattern = pattern[:-1]
            anchored = "/" in pattern
            pattern = pattern.removeprefix("/")
            if not pattern:
                continue
            rule = Rule(matcher(pattern, names=not anchored), base if anchored else -1, negated)
            folders.append(rule)
            if not folders_only and _can_match_source(pattern):
                files.append(rule)
        return IgnoreRules((*files, *self.files), (*folders, *self.folders))


NO_RULES = IgnoreRules()


def is_ignored(rules: Iterable[Rule], path: str, name: str) -> bool:
    """Tell whether the first rule that matches leaves `path` out; it counts from where the rules' bases count, and ends in `name`."""
    for matches, base, negated in rules:
        if matches(name if base < 0 else path[base:]):
            return not negated
    return False


def rules_above(root: str) -> tuple[IgnoreRules, str]:
    """Return the rules that folders above `root` (absolute) lay on it, and the path from the outermost of them down to `root`.

    They are those between the root of the git checkout and `root`; outside a checkout there are none. When they leave out `root` itself,
    or a folder on the way to it, they are dropped: who names a folder wants it indexed.
    """
    above: list[str] = []
    folder = root
    while not os.path.lexists(os.path.join(folder, ".git")):
        outer, name = os.path.split(folder)
        if outer == folder:
            return NO_RULES, ""
        above.append(name)
        folder = outer
    rules, path = NO_RULES, ""
    for name in reversed(above):
        rules = _with_file_of(rules, folder, len(path))
        folder = os.path.join(folder, name)
        if is_ignored(rules.folders, path + name, name):
            return NO_RULES, ""
        path += name + "/"
    return rules, path


def _with_file_of(rules: IgnoreRules, folder: str, base: int) -> IgnoreRules:
    """Return the rules with those of `folder`'s ignore file, if there is one that can be read: outside the tree a failure is no news."""
    try:
        with open(os.path.join(folder, IGNORE_FILE), "rb") as file:
            return rules.with_file(file.read(), base)
    except OSError:
        return rules


def _trimmed(line: str) -> str:
    """Return a line's pattern: no comment, no line end, no trailing blanks but an escaped one."""
    line = line.removesuffix("\r")
    if line.startswith("#"):
        return ""
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if backslashes % 2 and len(kept) < len(line) else kept


def _can_match_source(pattern: str) -> bool:
    """Tell whether a name that `pattern` matches may end as a Python file's does."""
    tail = literal_tail(pattern)
    return any(tail.endswith(suffix) or suffix.endswith(tail) for suffix in SUFFIXES)
