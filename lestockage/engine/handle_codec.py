"""Handle codec: how handles are encoded in keys and values: an input by its class and key."""

from __future__ import annotations

import functools
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from lestockage.engine.codec import Codec, Extension, codec_for
from lestockage.engine.inputs import Input

if TYPE_CHECKING:
    from lestockage.engine.runtime import Engine

decoding_for: ContextVar[Engine | None] = ContextVar("lestockage_decoding", default=None)
"""The database whose handles are being decoded."""


@functools.cache
def key_codec(cls: type[Input]) -> Codec:
    """The codec of a class's identifying fields, in order."""
    annotations = tuple(field.annotation for field in cls._shape.keys)
    return codec_for(tuple[annotations] if annotations else tuple[()])  # type: ignore[valid-type]  # built at run time


@functools.cache
def handle_extension(cls: type) -> Extension | None:
    """How values of a handle class are encoded; None for a class that is no handle, or whose handles cannot be stored."""
    if not issubclass(cls, Input):
        return None
    codec = key_codec(cls)

    def decode(data: Any) -> Input:
        db = decoding_for.get()
        if db is None:
            raise ValueError(f"a handle of {cls.__name__} belongs to a database")
        handle = db.find_input(cls, codec.decode(data))
        if handle is None:
            raise ValueError(f"there is no {cls.__name__} of that key any more")
        return handle

    return lambda handle: codec.encode(handle._key), decode, True
