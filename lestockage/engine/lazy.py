"""Lazy cells: a cell that holds a fingerprint, and loads the value when a query reads it.

`text: Lazy[bytes]` with `SourceFile(db, path=…, text=unloaded(digest))` and `db.set_loader(SourceFile, "text", read)`: two equal
fingerprints are one value, so nothing is read to find out that nothing changed, and a store keeps the fingerprint only.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

from lestockage.errors import ArgumentError

T = TypeVar("T")


class _LazyMarker:
    def __repr__(self) -> str:
        return "Lazy"


LAZY = _LazyMarker()
Lazy = Annotated[T, LAZY]
"""`text: Lazy[bytes]`: the cell may be set to `unloaded(fingerprint)`."""


class Unloaded(NamedTuple):
    """What a lazy cell holds instead of its value."""

    fingerprint: bytes


def unloaded(fingerprint: bytes) -> Any:
    """The value for a lazy cell whose content has this fingerprint; equal fingerprints must mean equal content."""
    return Unloaded(fingerprint)


def fingerprint_of(handle: Any, field: str) -> bytes:
    """The fingerprint that a lazy field of an input holds; in a query, a read of that cell, without loading it.

    Raises:
        ArgumentError: when the field holds a plain value.
    """
    value = type(handle)._fields[field].read(handle)
    if type(value) is not Unloaded:
        raise ArgumentError(f"{handle!r}.{field} holds a value and no fingerprint. Set it to unloaded(fingerprint).")
    return value.fingerprint


def is_lazy(annotation: Any) -> bool:
    """Whether a field's annotation is marked as `Lazy`."""
    return get_origin(annotation) is Annotated and any(isinstance(extra, _LazyMarker) for extra in get_args(annotation)[1:])
