"""Handle codec: how handles are encoded in keys and values: an input by its class and key, a struct by what made it."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, get_args

from lestockage.engine.codec import Codec, Extension, codec_for
from lestockage.engine.handle import Handle
from lestockage.engine.inputs import Input
from lestockage.engine.interned import Interned, intern
from lestockage.errors import CodecError

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine

decoding_for: ContextVar[Engine | None] = ContextVar("lestockage_decoding", default=None)
"""The database whose handles are being decoded."""


@functools.cache
def key_codec(cls: type[Handle]) -> Codec:
    """The codec of a class's identifying fields, in order."""
    annotations = tuple(field.annotation for field in cls._shape.keys)
    return codec_for(tuple[annotations] if annotations else tuple[()], extra=handle_extension)  # type: ignore[valid-type]  # built at run time


class Unaddressable(CodecError):  # noqa: N818  # it says of a struct that it cannot be called by anything
    """A struct that cannot be told apart from others outside of this process: what made it is not stored."""


_TOLD_APART = frozenset({int, str, bytes})
"""Types of fields that differ in their encoding exactly where they are not equal."""
_KEYS_KEPT = 4096
"""Encoded keys of one input class that are kept."""
_NO_HANDLES = frozenset({int, str, bytes, bool, float, complex, type(None), None, Ellipsis})


def can_hold_handles(annotation: Any) -> bool:
    """Whether values of this type may hold handles of what can cease to be; True where that cannot be told."""
    members = get_args(annotation)
    if members:
        return any(can_hold_handles(member) for member in members)
    if isinstance(annotation, type) and issubclass(annotation, Interned):
        return any(can_hold_handles(field.annotation) for field in annotation._shape.keys)
    return annotation not in _NO_HANDLES


def decode_for(db: Engine, codec: Codec, data: bytes) -> Any:
    """What bytes spell in a database, whose handles stand for what they name.

    Raises:
        CodecError: when they spell nothing of the type, or name what is not there.
    """
    token = decoding_for.set(db)
    try:
        return codec.decode(data)
    finally:
        decoding_for.reset(token)


def _database(cls: type) -> Engine:
    db = decoding_for.get()
    if db is None:
        raise ValueError(f"a handle of {cls.__name__} belongs to a database")
    return db


@functools.cache
def handle_extension(cls: type) -> Extension | None:
    """How values of a handle class are encoded; None for a class that is no handle, or whose handles cannot be stored."""
    if issubclass(cls, Interned):
        codec = key_codec(cls)
        return lambda handle: codec.encode(handle._key), lambda data: intern(_database(cls), cls, codec.decode(data)), True
    if issubclass(cls, Handle) and not issubclass(cls, Input):
        return (
            lambda handle: handle._db.store.structs.address(handle),
            lambda address: _database(cls).store.structs.find(cls, address),
            True,
        )
    if not issubclass(cls, Input):
        return None
    codec = key_codec(cls)

    def decode(data: Any) -> Input:
        handle = _database(cls).find_input(cls, codec.decode(data))
        if handle is None:
            raise ValueError(f"there is no {cls.__name__} of that key any more")
        return handle

    encode = codec.encode
    if all(field.annotation in _TOLD_APART for field in cls._shape.keys):
        encode = functools.lru_cache(maxsize=_KEYS_KEPT)(encode)  # most keys and values speak of the same few inputs
    return lambda handle: encode(handle._key), decode, True
