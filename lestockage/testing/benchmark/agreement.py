"""Agreement: whether two ways came to the same answer, and where they first differ."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from lestockage.errors import Disagreement

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHOWN = 5
_WIDTH = 200


def check_agreement(found: object, wanted: object, *, way: str, other: str, when: str) -> None:
    """Compare the answer of one way with that of another, of a full rebuild where there was one.

    Raises:
        Disagreement: they differ; it tells the first differences.
    """
    if found != wanted:
        lines: list[str] = []
        for line in differences(found, wanted):
            if len(lines) == _SHOWN:
                lines.append("and more")
                break
            lines.append(line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…")
        raise Disagreement(way, other, when, tuple(lines))


def differences(found: object, wanted: object) -> Iterator[str]:
    """What differs, a line each: by key in mappings, by element in sets, by place in sequences, else both as they are."""
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        for key in [*wanted, *(key for key in found if key not in wanted)]:
            if key not in found:
                yield f"{key!r} is missing: {wanted[key]!r}"
            elif key not in wanted:
                yield f"{key!r} should not be there: {found[key]!r}"
            elif found[key] != wanted[key]:
                yield f"{key!r}: {found[key]!r} instead of {wanted[key]!r}"
    elif isinstance(found, AbstractSet) and isinstance(wanted, AbstractSet):
        yield from sorted(f"missing: {item!r}" for item in wanted - found)
        yield from sorted(f"should not be there: {item!r}" for item in found - wanted)
    elif isinstance(found, (list, tuple)) and isinstance(wanted, (list, tuple)) and len(found) == len(wanted):
        for place, (mine, theirs) in enumerate(zip(found, wanted, strict=True)):
            if mine != theirs:
                inner = list(differences(mine, theirs))
                yield from (f"[{place}] {line}" for line in inner)
    else:
        yield f"{found!r} instead of {wanted!r}"
