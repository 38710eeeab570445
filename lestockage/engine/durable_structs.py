"""Durable structs: how tracked structs are called outside the process, and how they come back.

A struct's address is the call that made it, its class, its Key fields and its place among equals: so it is the same one after a restart,
in an earlier state that is back, and whichever process made it. The structs of a memo are restored with its row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import registry
from lestockage.engine.codec import Codec, codec_for, digest
from lestockage.engine.handle_codec import Unaddressable, handle_extension, key_codec
from lestockage.engine.keys import distinct
from lestockage.engine.node import MISSING, Facet, Memo
from lestockage.engine.pushed import unpacked
from lestockage.engine.tracked import Tracked, blank
from lestockage.errors import UnencodableType

if TYPE_CHECKING:
    from lestockage.engine.durable import Durable

Identity = tuple[bytes, bytes, int]
"""The tag of a class, the encoded Key fields, the place among equals."""


class Structs:
    """The tracked structs of one store that are in memory."""

    def __init__(self, durable: Durable) -> None:
        self._durable = durable
        self._by_address: WeakValueDictionary[bytes, Tracked] = WeakValueDictionary()

    def address(self, handle: Tracked) -> bytes:
        """What a struct, living or dead, is called in the store.

        Raises:
            Unaddressable: when the query that made it, or its Key fields, cannot be stored.
        """
        found = handle._address
        if found is None:
            owner = handle._owner
            name = self._durable.names.of_query(owner.table.declaration)
            key = self._durable.key(owner)
            if name is None or key is None:
                raise Unaddressable(f"{handle!r} was made by {owner.describe()}, which is not stored")
            found = msgpack.packb((name, key, *self.identity(handle)))
            handle._address = found
            self._by_address[found] = handle
        return found

    def identity(self, handle: Tracked) -> Identity:
        """What tells a struct apart from others of its call."""
        cls = type(handle)
        return registry.struct_tag(cls), key_codec(cls).encode(handle._key), handle._ordinal

    def find(self, cls: type[Any], address: Any) -> Tracked:
        """The living struct of an address; the memo that made it is loaded, and not brought up to date.

        Raises:
            LookupError: when there is none.
        """
        handle = self._by_address.get(address)
        if handle is None or handle._facets is None:
            handle = self._find(address)
        if handle is None or not isinstance(handle, cls):
            raise LookupError(f"there is no {cls.__name__} of that address any more")
        found: Tracked = handle
        return found

    def _find(self, address: Any) -> Tracked | None:
        name, key, *identity = unpacked(address)
        declared = self._durable.names.declared(name)
        memo = self._durable.nodes.of_key(declared.declaration, key) if isinstance(declared, registry.Declared) else None
        handle = None if memo is None else self.of_memo(memo, *identity)
        if handle is not None:
            handle._address = address
            self._by_address[address] = handle
        return handle

    def of_memo(self, memo: Memo, tag: bytes, key: bytes, ordinal: int) -> Tracked | None:
        """The struct of that identity among those that a memo has made."""
        cls: type[Tracked] | None = registry.structs.get(tag)
        created = self._durable.db.created.get(memo)
        if cls is None or created is None:
            return None
        found: Tracked | None = created.get((cls, distinct(key_codec(cls).decode(key)), ordinal))
        return found

    # -- records

    def entry(self, handle: Tracked) -> tuple[Any, ...]:
        """A struct as it is recorded: its identity, its fields encoded, and when each changed.

        Raises:
            CodecError: when a field has no encoding.
        """
        self.address(handle)
        codecs = field_codecs(type(handle))
        facets: tuple[Facet, ...] = handle._facets or ()
        fields = tuple(codec.encode(facet.value) for codec, facet in zip(codecs, facets, strict=True))
        return (*self.identity(handle), fields, tuple(facet.changed_at for facet in facets))

    def parts(self, entry: tuple[Any, ...]) -> tuple[type[Tracked], tuple[Any, ...], dict[str, Any]]:
        """The class, Key fields and other fields of a recorded struct.

        Raises:
            CodecError: or ValueError, when its class is not declared here, or a field cannot be read.
        """
        tag, key, _, fields, _ = entry
        cls: type[Tracked] | None = registry.structs.get(tag)
        if cls is None:
            raise ValueError("it made a struct of a class that is not declared any more")
        values = {field.field.name: codec.decode(data) for field, codec, data in zip(cls._fields, field_codecs(cls), fields, strict=True)}
        return cls, key_codec(cls).decode(key), values

    def restored(self, memo: Memo, entry: tuple[Any, ...]) -> Tracked:
        """A recorded struct of a memo that is being loaded."""
        cls, key, values = self.parts(entry)
        handle = blank(self._durable.db, cls, key, memo, entry[2])
        facets = [Facet(memo, name, value, moved, handle) for (name, value), moved in zip(values.items(), entry[4], strict=True)]
        for facet in facets:
            facet.verified_at = max(memo.verified_at, facet.changed_at)
            if memo.suspects is not None:
                facet.suspects = memo
        handle._facets = tuple(facets)
        self.address(handle)
        found: Tracked = handle
        return found

    def field_digest(self, facet: Facet) -> bytes | None:
        """What a field has come to; None for one of a struct that is gone, or without an encoding."""
        if facet.digest is None and facet.value is not MISSING:
            cls: type[Tracked] = type(facet.about)
            for field, codec in zip(cls._fields, field_codecs(cls), strict=True):
                if field.field.name == facet.name:
                    facet.digest = digest(codec.encode(facet.value))
        return facet.digest


@cache
def field_codecs(cls: type[Tracked]) -> tuple[Codec, ...]:
    """The codecs of a struct's tracked fields, in order.

    Raises:
        Unaddressable: when a field's type cannot be stored.
    """
    try:
        return tuple(codec_for(field.field.annotation, extra=handle_extension) for field in cls._fields)
    except UnencodableType as error:
        raise Unaddressable(f"{cls.__name__} has a field that cannot be stored: {error}") from error
