"""Pushed: how values that queries push are written: each with the stable name of its class.

Names are looked up among what this process declares: nothing is imported for the sake of stored bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgpack  # type: ignore[import-untyped]  # it ships no types

from lestockage.engine import registry
from lestockage.engine.codec import codec_for
from lestockage.engine.handle_codec import Unaddressable, handle_extension
from lestockage.errors import CodecError, DecodingError

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 1 << 28
"""Bytes that one value may claim."""


def encoded(values: Iterable[Any]) -> list[tuple[str, bytes]]:
    """Pushed values, each as the name of its class and its bytes.

    Raises:
        Unaddressable: for a value that has no encoding; nobody has promised that it has.
    """
    try:
        return [(registry.input_name(type(value)), codec_for(type(value), extra=handle_extension).encode(value)) for value in values]
    except CodecError as error:
        raise Unaddressable("what was pushed has no encoding") from error


def decoded(entries: Iterable[tuple[str, bytes]]) -> tuple[Any, ...]:
    """The values that `encoded` was given.

    Raises:
        CodecError: when a class is not declared here, or bytes spell no value of it.
    """
    return tuple([codec_for(_class(name), extra=handle_extension).decode(data) for name, data in entries])


def _class(name: str) -> type[Any]:
    found = registry.accumulators.get(name)
    if found is None:
        raise DecodingError("accumulated values", f"there is no class {name!r}")
    return found


class PushedCodec:
    """The encoding of a tuple of accumulated values of any classes."""

    is_immutable = True
    has_foreign = True
    signature = b"accumulated values, 1".ljust(32)

    def encode(self, values: tuple[Any, ...]) -> bytes:
        """The bytes of collected values."""
        data: bytes = msgpack.packb(encoded(values))
        return data

    def decode(self, data: bytes) -> tuple[Any, ...]:
        """The collected values of some bytes."""
        try:
            return decoded(unpacked(data))
        except (ValueError, TypeError, msgpack.UnpackException) as error:
            raise DecodingError("accumulated values", str(error)[:200]) from error


def unpacked(data: bytes) -> Any:
    """A tree of tuples, numbers, texts and bytes; what a crafted file may claim costs nothing.

    Raises:
        ValueError: or msgpack's own, for bytes that spell none.
    """
    return msgpack.unpackb(data, use_list=False, max_map_len=0, max_ext_len=0, max_bin_len=_LONGEST, max_array_len=len(data))
