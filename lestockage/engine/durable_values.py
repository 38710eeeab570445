"""Durable values: what results come to as bytes: how they are kept, recognised, and brought back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from blake3 import blake3

from lestockage.engine import effects, events, record, sides
from lestockage.engine.codec import digest
from lestockage.engine.handle_codec import Unaddressable, decode_for
from lestockage.engine.memostore import HASH_LENGTH
from lestockage.engine.node import MISSING, STALE, Cell, Facet, Memo, Node
from lestockage.engine.stored import Stored
from lestockage.errors import CodecError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.engine.declaration import Declaration
    from lestockage.engine.durable import Durable

_READ_LENGTH = 16
"""Bytes that stand for what a dependency came to; a shorter encoding stands for itself."""


def shortened(identity: bytes) -> bytes:
    """The few bytes of what something came to that its readers' rows keep."""
    if len(identity) < _READ_LENGTH:
        return identity
    return identity[:_READ_LENGTH] if len(identity) == HASH_LENGTH else blake3(identity).digest(_READ_LENGTH)


class Values:
    """The values of one store's memos."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable

    # -- loading

    def found_damage(self, memo: Memo) -> None:
        """What the store holds of a memo cannot be believed."""
        self._durable.db.counts.damaged += 1
        if self._durable.db.on_event is not None:
            self._durable.db.on_event(events.DidFindDamage(memo))

    def restore(self, memo: Memo, data: bytes | None = None) -> bool:
        """Bring a green memo's value back into memory, given its bytes or not; False when the store has none that can be read."""
        found, value = self._read(memo, data)
        if found:
            memo.last = memo.value = value
            stored = memo.stored
            if stored.data is not None and not self._durable.is_unsaved(memo):
                stored.data = None
            if memo.table.lru is not None:
                memo.table.used[memo] = None
        return found

    def lent(self, memo: Memo, data: bytes | None) -> Any:
        """A green memo's value for one who may change it, given its bytes or not; only bytes are kept. MISSING when it cannot be read."""
        stored = memo.stored
        table = memo.table
        if data is None:
            data = stored.digest
            if data is not None and len(data) == HASH_LENGTH:
                data = None if not table.declaration.options.durable else self._durable.store.value(data)
        codec = table.declaration.codec
        if data is None or codec is None or codec.has_foreign:
            found, value = self._read(memo, data)
            return value if found else MISSING
        try:
            value = codec.decode(data)
        except CodecError:
            self.found_damage(memo)
            return MISSING
        stored.data = data
        table.reused += 1
        return value

    def is_lent(self, memo: Memo) -> bool:
        """Whether a memo's value was decoded for somebody, and only its bytes were kept."""
        return memo.value is STALE and memo.suspects is None and memo.stored is not None and memo.stored.data is not None

    def _read(self, memo: Memo, data: bytes | None) -> tuple[bool, Any]:
        stored = memo.stored
        table = memo.table
        declaration = table.declaration
        if stored is None or stored.digest is None or declaration.codec is None or not declaration.options.durable:
            return False, None
        found = self.decoded(memo, stored.digest, stored.data if data is None else data)
        if found[0]:
            table.reused += 1
        else:
            self.found_damage(memo)
        return found

    def decoded(self, memo: Memo, identity: bytes | None, data: bytes | None) -> tuple[bool, Any]:
        """A result of a memo's query from its bytes, or from its digest; (False, None) when it cannot be had."""
        codec = memo.table.declaration.codec
        if identity is None or codec is None:
            return False, None
        if data is None:
            data = identity if len(identity) != HASH_LENGTH else self._durable.store.value(identity)
            if data is None:
                return False, None
        try:
            return True, decode_for(self._durable.db, codec, data) if codec.has_foreign else codec.decode(data)
        except CodecError:
            return False, None

    def is_at_hand(self, memo: Memo) -> bool:
        """Whether a memo's value is in memory, or its bytes are."""
        stored = memo.stored
        if memo.value is not STALE:
            return True
        return stored is not None and stored.digest is not None and (stored.data is not None or len(stored.digest) != HASH_LENGTH)

    # -- keeping

    def encode(self, memo: Memo, reads: dict[Node, None], value: Any) -> Stored | None:
        """The stored form of a new result, once its execution has settled; None when it, or what was made with it, cannot be kept."""
        declaration = memo.table.declaration
        names = self._durable.names
        if names.has_strangers and names.is_detached(declaration):
            return self.with_effects(memo, reads, None)
        fresh: Stored | None
        try:
            came_to = None if declaration.is_task else self.reads(reads) if reads else ()
            if not declaration.options.durable or declaration.codec is None:
                fresh = self._identity(declaration, came_to)
            else:
                data = declaration.codec.encode(value)
                fresh = Stored(0, digest(data), data, is_linked=True, reads=came_to)
        except Unaddressable:
            fresh = None
        db = self._durable.db
        if db.facets or db.pushed or db.created or db.specified:
            return self.with_effects(memo, reads, fresh)
        return fresh

    def with_effects(self, memo: Memo, reads: dict[Node, None], fresh: Stored | None) -> Stored | None:
        """A new result with what its execution made beside the value; None when that cannot be written."""
        db = self._durable.db
        run = db.facets.get(memo, {}).get(effects.RUN) if db.facets else None
        if run is not None:
            run.value = None if fresh is None or fresh.reads is None else sides.run_digest(reads, fresh.reads, fresh.digest)
        if fresh is not None and (run is not None or memo in db.pushed or memo in db.created or memo in db.specified):
            try:
                fresh.effects = record.record(self._durable, memo)
            except record.Unrecordable:
                return None
        return fresh

    def reads(self, nodes: Iterable[Node]) -> tuple[bytes, ...] | None:
        """What green nodes have come to, in a few bytes each; None when that cannot be told of one of them."""
        found = []
        came_to: bytes | None
        for node in nodes:
            stored = node.stored
            if type(node) is Memo and stored is not None and not node.table.declaration.options.no_eq:
                came_to = stored.digest  # nearly all of them are memos, and calls would cost more than the rest
                if came_to is not None and len(came_to) >= _READ_LENGTH:
                    came_to = shortened(came_to)
            else:
                came_to = self.came_to(node)
            if came_to is None:
                return None
            found.append(came_to)
        return tuple(found)

    def came_to(self, node: Node) -> bytes | None:
        """What a green node has come to: equal bytes mean an equal value, in every process. None when that cannot be told."""
        found: bytes | None
        if type(node) is Memo:
            stored = node.stored
            if stored is None or node.table.declaration.options.no_eq:
                return None  # declared without equality, every result is another one
            found = stored.digest
        elif type(node) is Cell:
            found = self._durable.inputs.digest(node)
        else:
            assert isinstance(node, Facet)  # noqa: S101  # the only other kind
            try:
                found = sides.came_to(self._durable, node)
            except CodecError:
                found = None
        return None if found is None else shortened(found)

    def _identity(self, declaration: Declaration, came_to: tuple[bytes, ...] | None) -> Stored | None:
        """A value that is not stored is identified by the query's code and by what it read."""
        if came_to is None:
            return None
        hasher = blake3(self._durable.names.fingerprint(declaration))
        for read in came_to:
            hasher.update(len(read).to_bytes(1, "big") + read)
        return Stored(0, hasher.digest(), is_linked=True, reads=came_to)
