"""Place: where a symbol is, and how many of something there are, as a report says it."""

from __future__ import annotations


def place(path: str | None, line: int | None) -> str:
    """Return a path with its line, as far as they are known; a symbol of no file is external."""
    if path is None:
        return "external"
    return path if line is None else f"{path}:{line}"


def share_text(share: float) -> str:
    """Return a share as per cent; what is there at all is not told as nothing."""
    return "<0.1%" if 0 < share < 0.0005 else f"{share:.1%}"


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """Return a number with its noun in the right form."""
    return f"{number:,} {noun if number == 1 else nouns or noun + 's'}"
