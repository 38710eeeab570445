"""Record: what an execution made beside its value, as the bytes that are kept with its row.

The structs that it made, the values that it specified, those that it pushed, each with the name of its class; for the head of a cycle, what
its run came to and who took part. Names are looked up among what this process declares: nothing is imported for the sake of stored bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import effects, sides
from lestockage.engine.codec import digest
from lestockage.engine.frame import new_frame
from lestockage.engine.handle_codec import decoding_for
from lestockage.engine.keys import distinct
from lestockage.engine.node import MISSING, STALE, Facet, Memo, Node, add
from lestockage.engine.publish import replace_edges, turn_green
from lestockage.engine.pushed import decoded, encoded, unpacked
from lestockage.engine.stored import Stored
from lestockage.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.engine.durable import Durable
    from lestockage.engine.frame import Frame


class Unrecordable(Exception):  # noqa: N818  # it says of what was made that it cannot be kept
    """What an execution made cannot be written, or not be read back."""


class _Record(NamedTuple):
    """What an execution made: pushed values, what its run came to, who else took part in its cycle, structs, specified values."""

    pushed: tuple[tuple[str, bytes], ...]
    run: bytes | None
    participants: tuple[tuple[int, bytes], ...]
    created: tuple[tuple[Any, ...], ...]
    specified: tuple[tuple[int, bytes, bytes, int], ...]


def record(durable: Durable, memo: Memo) -> bytes | None:
    """What the latest execution of a memo made, None when nothing; to be called once it has settled.

    Raises:
        Unrecordable: when it made what has no encoding.
    """
    db = durable.db
    run = db.facets.get(memo, {}).get(effects.RUN) if db.facets else None
    pushed = db.pushed.get(memo, ())
    created = db.created.get(memo, {})
    specified = db.specified.get(memo, {})
    if not pushed and not created and not specified and (run is None or run.value is None):
        return None
    others = [(durable.names.of_query(other.table.declaration), durable.key(other)) for other in db.participants.get(memo, ())]
    try:
        structs = [durable.structs.entry(handle) for handle in created.values()]
        given = [_specified(durable, other, facet) for other, facet in specified.items()]
        data: bytes = msgpack.packb((encoded(pushed), None if run is None else run.value, others, structs, given))
    except CodecError as error:
        raise Unrecordable from error
    return data


def _specified(durable: Durable, other: Memo, facet: Facet) -> tuple[int, bytes, bytes, int]:
    declaration = other.table.declaration
    name = durable.names.of_query(declaration)
    key = durable.key(other)
    if name is None or key is None or declaration.codec is None or not declaration.options.durable:
        raise Unrecordable
    return name, key, declaration.codec.encode(facet.value), facet.changed_at


def _read(data: bytes) -> _Record:
    found = unpacked(data)
    if type(found) is not tuple or not all(part is None or type(part) in (tuple, bytes) for part in found):
        raise ValueError("it is no record")
    return _Record(*found)


def restore(durable: Durable, memo: Memo, data: bytes) -> None:
    """Give a memo that is being loaded what its execution had made.

    Raises:
        Unrecordable: when it speaks of what is not declared or not there, or is no record; then the memo is as before.
    """
    db = durable.db
    token = decoding_for.set(db)
    try:
        found = _read(data)
        pushed = decoded(found.pushed)
        participants = tuple([_memo(durable, *call) for call in found.participants])
        created = [durable.structs.restored(memo, entry) for entry in found.created]
        given = [(_memo(durable, name, key), data, moved) for name, key, data, moved in found.specified]
        values = [other.table.declaration.codec.decode(data) for other, data, _ in given]
    except (CodecError, ValueError, TypeError, KeyError, IndexError, msgpack.UnpackException) as error:
        raise Unrecordable from error
    finally:
        decoding_for.reset(token)
    if pushed:
        db.pushed[memo] = pushed
    if participants:
        db.participants[memo] = participants
    if found.run is not None:
        run = sides.facet_of(durable, memo, sides.RUN_SIDE)
        assert run is not None  # noqa: S101  # made on first use
        run.value = found.run
    if created:
        facets = db.facets.setdefault(memo, {})
        db.created[memo] = {(type(handle), distinct(handle._key), handle._ordinal): handle for handle in created}
        for handle in created:
            for facet in handle._facets or ():
                facets[handle, facet.name] = facet
                memo.dependents = add(memo.dependents, facet)
    for (other, encoding, moved), value in zip(given, values, strict=True):
        facet = sides.specified(durable, memo, other)
        facet.value, facet.changed_at = value, moved
        facet.verified_at = max(memo.verified_at, moved)
        db.specified.setdefault(memo, {})[other] = facet
        _be_specified(durable, other, facet, encoding)


def _be_specified(durable: Durable, memo: Memo, facet: Facet, data: bytes) -> None:
    """Let a memo be what its creator, which is being loaded, has specified; whatever its own row says."""
    db = durable.db
    stored = memo.stored
    is_known = stored is not None and stored.digest == digest(data)
    with db.lock:
        replace_edges(db, memo, {facet: None})
        memo.changed_at = memo.changed_at if is_known else facet.changed_at
        memo.verified_at = max(facet.verified_at, memo.changed_at)
        memo.suspects = None
        if is_known:
            stored.is_linked = True
        else:
            memo.last, memo.value = MISSING, STALE
            memo.table.used.pop(memo, None)
            read = durable.values.came_to(facet)
            reads = None if read is None else (read,)
            fresh = Stored(0 if stored is None else stored.id, digest(data), data, is_linked=True, reads=reads)
            durable.restated(memo, fresh)
        if facet.suspects is not None:
            memo.suspects = facet
        else:
            turn_green(db, memo)


def replay(durable: Durable, memo: Memo, reads: Iterable[Node], data: bytes | None) -> None:
    """Make again what an earlier execution of a claimed memo had made, and take back what the latest one had.

    Raises:
        Unrecordable: as `restore`; then what was made is not known to hold, as after a body that failed.
    """
    db = durable.db
    frame = new_frame(db, memo, None)
    frame.reads.update(dict.fromkeys(reads))
    token = decoding_for.set(db)
    try:
        participants = () if data is None else _replay(durable, frame, _read(data))
    except (CodecError, ValueError, TypeError, KeyError, IndexError, msgpack.UnpackException, Unrecordable) as error:
        if frame.effects is not None:
            effects.undo(db, frame)
        raise Unrecordable from error
    finally:
        decoding_for.reset(token)
    effects.settle(db, frame)
    if participants:
        db.participants[memo] = participants


def _replay(durable: Durable, frame: Frame, found: _Record) -> tuple[Memo, ...]:
    left = frame.left()
    left.pushed.extend(decoded(found.pushed))
    participants = tuple([_memo(durable, *call) for call in found.participants])
    for entry in found.created:
        handle = durable.db.make_struct(durable.db, frame, *durable.structs.parts(entry))
        durable.structs.address(handle)
    for name, key, data, _ in found.specified:
        other = _memo(durable, name, key)
        durable.db.give(durable.db, frame, other, other.table.declaration.codec.decode(data))
    return participants


def _memo(durable: Durable, name: int, key: bytes) -> Memo:
    memo = sides.call_of(durable, name, key)
    if memo is None:
        raise Unrecordable
    return memo
