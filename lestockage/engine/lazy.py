"""Lazy cells: a cell that holds a fingerprint, and loads the value when a query reads it.

`text: Lazy[bytes]` with `SourceFile(db, path=…, text=unloaded(digest))` and `db.set_loader(SourceFile, "text", read)`: two equal
fingerprints are one value, so nothing is read to find out that nothing changed, and a store keeps the fingerprint only.
"""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple, TypeVar, get_args, get_origin

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


def is_lazy(annotation: Any) -> bool:
    """Whether a field's annotation is marked as `Lazy`."""
    return get_origin(annotation) is Annotated and any(isinstance(extra, _LazyMarker) for extra in get_args(annotation)[1:])
