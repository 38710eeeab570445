"""Value text: one value of a view as a cell of a table for people."""

from __future__ import annotations


def value_text(value: object) -> str:
    """Return a value in one line: nothing for null, six digits of a fraction; what cannot be printed is escaped."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = str(value)
    return text if text.isprintable() else text.encode("unicode_escape").decode()
