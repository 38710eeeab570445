"""Sides: how the facets of a memo are named and compared outside the process.

A facet has no row of its own. Whoever read it depends on a side of its memo's row, and on what that side came to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgpack  # type: ignore[import-untyped]  # it ships no types
from blake3 import blake3

from lestockage.engine import effects, registry
from lestockage.engine.codec import digest
from lestockage.engine.node import MISSING, Facet, Memo, each
from lestockage.engine.pushed import encoded, unpacked
from lestockage.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.durable import Durable
    from lestockage.engine.node import Node

RUN_SIDE: Final = b"run"
_OUTPUTS_SIDE: Final = b"out"
_FIELD, _SPECIFIED = b"f", b"s"
UNSPECIFIED_READ: Final = b"\xc1"
"""What the side of a specified value comes to while it is not specified; no encoding starts so."""


def side_of(durable: Durable, facet: Facet) -> bytes | None:
    """The name of a facet among those of its memo; None for one that exists within the process only."""
    about = facet.about
    if about is None:
        return RUN_SIDE if facet.name == effects.RUN else _OUTPUTS_SIDE
    try:
        if isinstance(about, Memo):
            call = _call(durable, about)
            given: bytes = msgpack.packb(call)
            return None if call is None else _SPECIFIED + given
        field: bytes = msgpack.packb((*durable.structs.identity(about), facet.name))
        return _FIELD + field
    except CodecError:
        return None


def is_specified(side: bytes) -> bool:
    """Whether a side is that of a value that may be specified."""
    return side[:1] == _SPECIFIED


def facet_of(durable: Durable, memo: Memo, side: bytes) -> Facet | None:
    """The facet of that name; None when the memo has none such."""
    if side == RUN_SIDE:
        return effects.facet(durable.db, memo, effects.RUN, None)
    if side == _OUTPUTS_SIDE:
        return effects.facet(durable.db, memo, effects.OUTPUTS, None)
    if is_specified(side):
        other = call_of(durable, *unpacked(side[1:]))
        return None if other is None else specified(durable, memo, other)
    tag, key, ordinal, name = unpacked(side[1:])
    handle = durable.structs.of_memo(memo, tag, key, ordinal)
    return None if handle is None else next((facet for facet in handle._facets or () if facet.name == name), None)


def specified(durable: Durable, memo: Memo, other: Memo) -> Facet:
    """The facet of a value that a memo may specify; one that is made here is not specified."""
    facet = effects.facet(durable.db, memo, ("specified", other), effects.UNSPECIFIED)
    facet.about = other
    facet.name = f"specified {other.describe()}"
    return facet


def call_of(durable: Durable, name: int, key: bytes) -> Memo | None:
    """The memo of a call as it is stored; None when it speaks of what is not there."""
    declared = durable.names.declared(name)
    return durable.nodes.of_key(declared.declaration, key) if isinstance(declared, registry.Declared) else None


def _call(durable: Durable, memo: Memo) -> tuple[int, bytes] | None:
    name = durable.names.of_query(memo.table.declaration)
    key = durable.key(memo)
    return None if name is None or key is None else (name, key)


def came_to(durable: Durable, facet: Facet) -> bytes | None:
    """What a facet of a green memo came to, as bytes; None when that cannot be told."""
    about = facet.about
    if about is None:
        if facet.name == effects.RUN:
            # None, too, for a head that was discarded with what it was keyed on, whose participants look at it once more.
            return None if facet.value is MISSING else facet.value
        if facet.digest is None and facet.value is not MISSING:
            facet.digest = _outputs_digest(durable, facet.owner)
        return facet.digest
    if isinstance(about, Memo):
        return _specified_digest(about, facet)
    return durable.structs.field_digest(facet)


def _specified_digest(about: Memo, facet: Facet) -> bytes | None:
    if facet.value is effects.UNSPECIFIED:
        return UNSPECIFIED_READ
    codec = about.table.declaration.codec
    if facet.digest is None and facet.value is not MISSING and codec is not None:
        facet.digest = digest(codec.encode(facet.value))
    return facet.digest


def _outputs_digest(durable: Durable, memo: Memo) -> bytes | None:
    """What a memo pushed, and what it called: where those who collect have to look next."""
    hasher = blake3(msgpack.packb(encoded(durable.db.pushed.get(memo, ()))))
    for call in _calls(durable, memo):
        if call is None:
            return None
        hasher.update(msgpack.packb(call))
    return hasher.digest(length=16)


def _calls(durable: Durable, memo: Memo) -> Iterator[tuple[int, bytes] | None]:
    """The calls below a memo, in order; its dependencies may be in the store only."""
    stored = memo.stored
    if stored is None or stored.is_linked:
        for dep in each(memo.deps):
            target: Node = dep.owner if isinstance(dep, Facet) else dep
            if isinstance(target, Memo):
                yield _call(durable, target)
    else:
        deps = durable.following.read(lambda: durable.store.deps([stored.id])).get(stored.id, ())
        ids: list[Any] = [dep if type(dep) is int else dep[0] for dep in deps]  # type: ignore[index]  # a side, by exclusion
        rows = {row.id: row for row in durable.following.read(lambda: durable.store.rows(list(dict.fromkeys(ids))))}
        for number in ids:
            row = rows.get(number)
            if row is None or not row.is_sound:
                yield None
            elif isinstance(durable.names.declared(row.name), registry.Declared):
                yield row.name, row.key
    for other in durable.db.participants.get(memo, ()):
        yield _call(durable, other)


def run_digest(reads: dict[Node, None], came_to: tuple[bytes, ...], result: bytes | None) -> bytes:
    """What the run of a cycle's head comes to: everything that any participant read from outside, by name and value, and the result."""
    hasher = blake3(result or b"")
    for dep, read in zip(reads, came_to, strict=True):
        hasher.update(dep.describe().encode("utf-8", "surrogatepass") + b"\0" + read + b"\0")
    return hasher.digest(length=16)
