"""Columns: the attributes of a graph's nodes or edges as named columns, each of one type, and as text where a format knows text only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def column_types(rows: Iterable[Mapping[str, Any]]) -> dict[str, type]:
    """Return the type of every attribute, in the order of appearance: int, float, bool, bytes, or str for all else and for what is mixed.

    None fits every type; whole numbers fit among fractions; an attribute that is None everywhere is taken for text.
    """
    found: dict[str, type | None] = {}
    for row in rows:
        for name, value in row.items():
            known = found.setdefault(name, None)
            if value is None or known is str:
                continue
            kind = type(value) if type(value) in {int, float, bool, bytes} else str
            if known is None or {known, kind} == {int, float}:
                found[name] = kind if known is None else float
            elif known is not kind:
                found[name] = str
    return {name: kind or str for name, kind in found.items()}


def plain(value: object) -> Any:  # noqa: ANN401  # whatever JSON knows
    """Return a value as JSON knows it: bytes in hexadecimal, what it lacks as text."""
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def edge_name(key: object) -> str:
    """Return the key of an edge as text: its parts joined by colons (`call:12:4`)."""
    return ":".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
