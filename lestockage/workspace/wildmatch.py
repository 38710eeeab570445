"""Wildmatch: the pattern language of `.gitignore`, each pattern turned into a function from a path to whether it matches.

The rules are git's own (`wildmatch.c`, `dir.c`), with characters where git compares bytes; `tests/workspace/test_walk_ignore_git.py`
compares them with git itself. Most patterns people write are names, `*.ext` or `name*`: those become string methods, and only the
rest is compiled to a regular expression, the first time it is asked.
"""

from __future__ import annotations

from operator import methodcaller
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SPECIAL = frozenset("*?[\\")
"""The characters that make a pattern more than a plain name."""

_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"\x21-\x7e",
    "lower": "a-z",
    "print": r"\x20-\x7e",
    "punct": r"\x21-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
_NEVER = "(?!)"


def literal_tail(pattern: str) -> str:
    """Return the plain characters a match must end with: what follows the last special character; empty when that is not known."""
    end = len(pattern)
    while end and pattern[end - 1] not in SPECIAL:
        end -= 1
    tail = pattern[end:]
    if end == 0:
        return tail
    # Inside a set or after a backslash the characters stand for something else.
    return tail if pattern[end - 1] in "*?" and "[" not in pattern else ""


def matcher(pattern: str, *, names: bool) -> Callable[[str], object]:
    """Return the function that tells whether the whole of a relative path, or of a name, matches `pattern`; the answer is truthy or not.

    With `names` it will be asked about names alone, which hold no slash, so a star may stand for whatever is there.
    """
    if not SPECIAL.intersection(pattern):
        return pattern.__eq__
    if names:
        if pattern[0] == "*" and not SPECIAL.intersection(pattern[1:]):
            return methodcaller("endswith", pattern[1:])
        if pattern[-1] == "*" and not SPECIAL.intersection(pattern[:-1]):
            return methodcaller("startswith", pattern[:-1])
    return _LateExpression(pattern)


class _LateExpression:
    """A pattern compiled when it is first asked: most ignore files hold more patterns than a tree of Python files asks of them."""

    __slots__ = ("_fullmatch", "_pattern")

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._fullmatch: Callable[[str], object] | None = None

    def __call__(self, path: str) -> object:
        if self._fullmatch is None:
            import re  # noqa: PLC0415  # the start-up path does without it where it can

            self._fullmatch = re.compile(expression(self._pattern), re.DOTALL).fullmatch
        return self._fullmatch(path)


def expression(pattern: str) -> str:
    """Return `pattern` as a regular expression for the whole path; an unfinished set or escape is one that never matches, as in git.

    A run after a star is taken where it first fits and never given back (`(?>…)`), as `fnmatch` does: that is sound within one path
    component, and keeps a hostile pattern of many stars from taking exponential time.
    """
    parts: list[str] = []
    run: list[str] = []  # what follows the last star of this component
    starred = False

    def end_run(*, at_star: bool) -> None:
        nonlocal starred
        text = "".join(run)
        run.clear()
        if not starred:
            parts.append(text)
        elif at_star:
            parts.append(f"(?>[^/]*?{text})")
        else:
            parts.append(f"[^/]*{text}")
        starred = False

    at, size = 0, len(pattern)
    while at < size:
        char = pattern[at]
        at += 1
        if char == "*":
            folders, end = _stars(pattern, at - 1)
            end_run(at_star=True)
            if folders:
                parts.append(".*" if end == size else "(?:.*/)?")
                end += 1
            starred = not folders
            at = end
        elif char == "/":
            run.append("/")
            end_run(at_star=False)
        elif char == "?":
            run.append("[^/]")
        elif char == "[":
            members, at = _set(pattern, at)
            run.append(members)
        else:
            member, at = _member(pattern, at - 1)
            if not member:
                return _NEVER
            run.append(_escaped(member))
    end_run(at_star=False)
    return "".join(parts)


def _stars(pattern: str, at: int) -> tuple[bool, int]:
    """Return whether the stars that begin at `at` stand for any number of whole folders, and where they end."""
    end = at
    while pattern[end : end + 1] == "*":
        end += 1
    return end - at > 1 and pattern[at - 1 : at] in {"", "/"} and pattern[end : end + 1] in {"", "/"}, end


def _set(pattern: str, at: int) -> tuple[str, int]:
    """Return the set whose first member is at `at` as an expression, and where it ends; one that does not end never matches."""
    negated = pattern[at : at + 1] in {"!", "^"}
    at += negated
    members: list[str] = []
    before = ""  # the last single character, which a range may start from
    first = True
    while first or pattern[at : at + 1] != "]":
        first = False
        char = pattern[at : at + 1]
        at += 1
        if char == "[" and pattern[at : at + 1] == ":":
            end = pattern.find("]", at + 1)
            if end < 0:
                return _NEVER, len(pattern)
            if end - 1 > at and pattern[end - 1] == ":":
                if pattern[at + 1 : end - 1] not in _POSIX:
                    return _NEVER, len(pattern)
                members.append(_POSIX[pattern[at + 1 : end - 1]])
                before, at = "", end + 1
                continue
        if char == "-" and before and pattern[at : at + 1] not in {"", "]"}:
            last, at = _member(pattern, at)
            if not last:
                return _NEVER, len(pattern)
            if before <= last:
                members.append(f"{_escaped(before)}-{_escaped(last)}")
            before = ""
            continue
        before, at = _member(pattern, at - 1)
        if not before:
            return _NEVER, len(pattern)
        members.append(_escaped(before))
    content = "".join(members)
    return (f"[^/{content}]" if negated else f"(?!/)[{content}]"), at + 1


def _member(pattern: str, at: int) -> tuple[str, int]:
    """Return the character at `at`, or the one that a backslash there protects, and what follows; nothing where the pattern ends."""
    if pattern[at : at + 1] == "\\":
        at += 1
    return pattern[at : at + 1], at + 1


def _escaped(char: str) -> str:
    """Return a character that stands for itself both in an expression and in a set."""
    return char if char.isalnum() or char == "_" else f"\\x{ord(char):02x}" if ord(char) < 0x80 else char
