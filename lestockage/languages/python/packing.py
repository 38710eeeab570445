"""Packing: plain trees as MessagePack, with packers that are kept: making one costs more than packing what a small unit has to say."""

from __future__ import annotations

import msgpack  # type: ignore[import-untyped]  # has no stubs

_KEPT_BUFFER = 1 << 16  # bytes: a packer that held more is dropped, because its buffer never shrinks

_idle: list[msgpack.Packer] = []
"""Packers at rest: one that is packing is in nobody else's hands, since a packer is not re-entrant."""


def pack(tree: object) -> bytes:
    """Return the MessagePack bytes of a tree; lone surrogates are written as the three bytes that UTF-8 would give them."""
    packer = _idle.pop() if _idle else msgpack.Packer()
    try:
        data: bytes = packer.pack(tree)
    except UnicodeEncodeError:  # the option that allows for them slows every string down
        return msgpack.Packer(unicode_errors="surrogatepass").pack(tree)  # type: ignore[no-any-return]
    if len(data) < _KEPT_BUFFER:
        _idle.append(packer)
    return data
