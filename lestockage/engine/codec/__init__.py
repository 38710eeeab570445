"""Codec: the canonical, typed encoding of values to bytes that the durable store addresses them by.

`codec_for(annotation)` compiles a declared type once; `codec.encode` and `codec.decode` are one call of msgpack's C code and a generated
check or reconstruction. The same value gives the same bytes in every process; two values that a query could tell apart give different ones.
A value that is not exactly of its declared type is refused, never converted, and so is a type whose values cannot be stored. Bytes are
never trusted: reading runs no code that they name, and nothing is allocated that they do not pay for.

Two things are left out on purpose: which objects inside a value are the same object, and what `cached_property` keeps in an instance.
"""

from lestockage.engine.codec.codec import Codec, Extension, Resolver, codec_for
from lestockage.engine.codec.wire import digest

__all__ = ["Codec", "Extension", "Resolver", "codec_for", "digest"]
