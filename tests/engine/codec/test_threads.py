"""Threads: codecs are shared by threads, and packing is not disturbed by code that runs in the middle of it."""

from __future__ import annotations

import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lestockage.engine.codec import codec_for, wire
from tests.engine.codec.shapes import Linked, Point


def test_many_threads_share_a_codec() -> None:
    """Threads that encode, decode and declare at once get what one thread gets."""
    barrier = threading.Barrier(4)

    def work(number: int) -> bool:
        barrier.wait()
        value = {"a": [Point(number, 2.0)] * 50}
        codec = codec_for(dict[str, list[Point]])
        return all(codec.decode(codec.encode(value)) == value for _ in range(50)) and codec_for(Linked).is_immutable

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))


def test_encoding_inside_encoding_is_safe() -> None:
    """A finalizer that encodes while another value is being packed changes nothing in either."""
    inner = codec_for(list[int])
    made: list[bytes] = []

    class Finalizer:
        def __init__(self) -> None:
            self.me = self  # a circle: only the collector ends it

        def __del__(self) -> None:
            made.append(inner.encode([1, 2, 3]))

    codec = codec_for(list[dict[str, Any]])
    value: list[dict[str, Any]] = [{"a": {"b": [number]}} for number in range(50)]
    expected = codec.encode(value)
    before = gc.get_threshold()
    gc.set_threshold(1)
    try:
        for _ in range(20):
            Finalizer()
            assert codec.encode(value) == expected
    finally:
        gc.set_threshold(*before)
    gc.collect()
    assert set(made) == {inner.encode([1, 2, 3])}


def test_a_large_value_leaves_no_large_buffer() -> None:
    """A packer that grew for a large value is not kept, and after an error none is kept that could be half full."""
    codec_for(bytes).encode(b"x" * 1_000_000)
    assert len(wire.pack(b"small")) < 100
    before = len(wire._packers)
    for bad in (2**70, "\ud800"):
        wire.pack([bad])
    assert len(wire._packers) <= before
