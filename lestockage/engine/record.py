"""Record: what an execution made beside its value, as the bytes that are kept with its row.

The values that it pushed, each with the name of its class; for the head of a cycle, what its run came to and who took part. Names are
looked up among what this process declares: nothing is imported for the sake of stored bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import effects, registry, sides
from lestockage.engine.codec import codec_for
from lestockage.engine.handle_codec import decoding_for, handle_extension
from lestockage.errors import CodecError, UnencodableType

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable
    from lestockage.engine.node import Memo

_LONGEST = 1 << 28
"""Bytes that one part of a record may claim."""


class Unrecordable(Exception):  # noqa: N818  # it says of what was made that it cannot be kept
    """What an execution made cannot be written, or not be read back."""


class Record(NamedTuple):
    """What an execution made: what it pushed, what its run came to, and who else took part in its cycle."""

    pushed: tuple[Any, ...]
    run: bytes | None
    participants: tuple[Memo, ...]


def record(durable: Durable, memo: Memo) -> bytes | None:
    """What the latest execution of a memo made, None when nothing.

    Raises:
        Unrecordable: when it pushed what has no encoding.
    """
    db = durable.db
    run = db.facets.get(memo, {}).get(effects.RUN) if db.facets else None
    pushed = db.pushed.get(memo, ())
    if not pushed and (run is None or run.value is None):
        return None
    others = [(durable.names.of_query(other.table.declaration), durable.key(other)) for other in db.participants.get(memo, ())]
    try:
        values = [(registry.input_name(type(value)), codec_for(type(value), extra=handle_extension).encode(value)) for value in pushed]
    except (CodecError, UnencodableType) as error:
        raise Unrecordable from error
    data: bytes = msgpack.packb((values, None if run is None else run.value, others))
    return data


def read(durable: Durable, data: bytes) -> Record:
    """What a record says.

    Raises:
        Unrecordable: when it speaks of what is not declared here, or is no record.
    """
    token = decoding_for.set(durable.db)
    try:
        values, run, others = msgpack.unpackb(data, use_list=False, max_map_len=0, max_ext_len=0, max_bin_len=_LONGEST)
        pushed = tuple([codec_for(_accumulator(name), extra=handle_extension).decode(value) for name, value in values])
        participants = tuple([_memo(durable, name, key) for name, key in others])
    except (CodecError, ValueError, TypeError, msgpack.UnpackException) as error:
        raise Unrecordable from error
    finally:
        decoding_for.reset(token)
    return Record(pushed, run, participants)


def _accumulator(name: str) -> type[Any]:
    found = registry.accumulators.get(name)
    if found is None:
        raise Unrecordable
    return found


def _memo(durable: Durable, name: int, key: bytes) -> Memo:
    declared = durable.names.declared(name)
    memo = durable.nodes.of_key(declared.declaration, key) if isinstance(declared, registry.Declared) else None
    if memo is None:
        raise Unrecordable
    return memo


def restore(durable: Durable, memo: Memo, data: bytes) -> None:
    """Give a memo that was loaded what its execution had made.

    Raises:
        Unrecordable: as `read`; then the memo is as before.
    """
    found = read(durable, data)
    db = durable.db
    if found.pushed:
        db.pushed[memo] = found.pushed
    if found.participants:
        db.participants[memo] = found.participants
    if found.run is not None:
        run = sides.facet_of(db, memo, sides.RUN_SIDE)
        assert run is not None  # noqa: S101  # made on first use
        run.value = found.run
