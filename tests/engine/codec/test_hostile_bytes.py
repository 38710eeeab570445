"""Hostile bytes: whatever a stored value holds, reading it gives a value of the declared type or a DecodingError, at a bounded cost."""

from __future__ import annotations

import resource
import sys
import tracemalloc
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lestockage.engine.codec import codec_for
from lestockage.errors import DecodingError
from tests.engine.codec import shapes
from tests.engine.codec.shapes import Access, Box, Color, Frozen, FrozenModel, Linked, Nested, OpenModel, Options, Path3, Point

NAMES = vars(shapes)
EVERY: list[Any] = [
    *(None, int, str, bytes, bytearray, complex, list[int], list[Point], tuple[int, str], tuple[()], tuple[Point, ...], dict[str, int]),
    *(
        dict[Color, int],
        dict[str, Color],
        set[int],
        frozenset[Color],
        Color,
        Access,
        Point,
        Path3,
        Frozen,
        Linked,
        Box[int],
        Options,
        Nested,
    ),
    *(FrozenModel, OpenModel, int | None, list[int] | tuple[int, ...], Decimal | str, Frozen | Point | None, Any, "Json", "Deep", "Word"),
    *(date, time, timedelta, datetime, timezone, ZoneInfo, Decimal, Fraction, UUID, Path),
]


def packed(tree: Any) -> bytes:
    """Return msgpack bytes of a tree that no codec wrote."""
    return msgpack.packb(tree, unicode_errors="surrogatepass")


WRONG: list[tuple[Any, bytes]] = [
    (int, b""),
    (int, b"\xc1"),
    (int, b"\x01\x01"),
    (int, b"\xcd\x01"),
    (int, packed("a")),
    (int, packed(True)),
    (int, msgpack.packb(msgpack.ExtType(1, b"\x01"))),
    (int, msgpack.packb(msgpack.ExtType(2, b"\x01" * 20))),
    (int, msgpack.packb(msgpack.Timestamp(1))),
    (str, b"\xa1\xff"),
    (list[int], packed(["a"])),
    (list[int], packed({})),
    (list[Point], packed([[1, 2.0]])),
    (list[Point], packed([[1, 2, None]])),
    (tuple[int, str], packed([1])),
    (tuple[()], packed([1])),
    (tuple[int, ...], packed(["a"])),
    (dict[str, int], packed({1: 1})),
    (dict[str, int], packed([])),
    (dict[str, Color], packed({1: "RED"})),
    (dict[Color, int], packed(["RED"])),
    (dict[Color, int], packed(["RED", 1, "RED", 2])),
    (dict[Color, int], packed({"RED": 1})),
    (set[int], packed([1, 1])),
    (set[int], packed({})),
    (frozenset[Color], packed(["RED", "ROUGE", "RED"])),
    (Color, packed("GREEN")),
    (Color, packed([])),
    (Color, packed({})),
    (Access, packed("NOPE")),
    (Access, packed(["READ", "WRITE"])),
    (Access, packed([1, 0])),
    (Access, packed(["NOPE", 0])),
    (Access, packed([64])),
    (Access, packed([])),
    (Access, packed(1)),
    (Point, packed([1, 2.0])),
    (Point, packed([1, 2.0, None, 4])),
    (Point, packed("abc")),
    (Path3, packed([[1, 2.0, None], [1]])),
    (Frozen, packed(["a"])),
    (Frozen, packed(["a", ["b"]])),
    (Linked, packed([1, [2, [3]]])),
    (Options, packed({"size": 1})),
    (Options, packed({"name": "a", "more": 1})),
    (Options, packed({"name": 1})),
    (Nested, packed({"color": "RED", 1: 2})),
    (Nested, packed({"color": "RED", "more": 2})),
    (Nested, packed([])),
    (FrozenModel, packed(["a", 1, []])),
    (FrozenModel, packed(["a", 1, [], 8])),
    (FrozenModel, packed(["a", 1, [], "x"])),
    (OpenModel, packed(["a", [], None, {}])),
    (OpenModel, packed(["a", [], None, {}, {"other": 1}])),
    (int | None, packed("a")),
    (list[int] | tuple[int, ...], packed([1])),
    (list[int] | tuple[int, ...], packed(["nope", [1]])),
    (Frozen | Point | None, packed(["Point", [1]])),
    (Frozen | Point | None, packed(1)),
    ("Word", packed("c")),
    (Any, packed([])),
    (Any, packed([9, 1])),
    (Any, packed(["nope", 1])),
    (Any, packed(["Decimal"])),
    (Any, packed([True, 1])),
    (Any, packed([2, 1, 1])),
    (Any, packed([2, [0]])),
    (Any, packed([4, 1])),
    (Any, packed({1: 2})),
    (Any, msgpack.packb(msgpack.Timestamp(1))),
    (complex, packed([1.0])),
    (complex, packed([1, 2])),
    (date, packed(0)),
    (date, packed(10**9)),
    (time, packed([25, 0, 0, 0, 0, None])),
    (time, packed([1])),
    (time, packed([1, 2, 3, 4, "0", None])),
    (timedelta, packed([0, 10**6, 0])),
    (timedelta, packed([0, 0])),
    (datetime, packed([2020, 13, 1, 0, 0, 0, 0, 0, None])),
    (datetime, packed([2020, 1, 1, 0, 0, 0, 0, 0, "../../../etc/passwd"])),
    (datetime, packed([2020, 1, 1, 0, 0, 0, 0, 0, "No/Such_Zone"])),
    (datetime, packed([2020, 1, 1, 0, 0, 0, 0, 0, [0, 1]])),
    (datetime, packed([2020, 1, 1, 0, 0, 0, 0, 0, 7])),
    (timezone, packed([10**15])),
    (timezone, packed("UTC")),
    (ZoneInfo, packed("tzdata.zoneinfo")),
    (Decimal, packed("one")),
    (Decimal, packed(" 1")),
    (Fraction, packed([1, 0])),
    (Fraction, packed([2, 4])),
    (Fraction, packed([1, "2"])),
    (UUID, packed(b"short")),
    (UUID, packed(b"x" * 17)),
    (Path, packed("a//b")),
]


@pytest.mark.parametrize(("annotation", "data"), WRONG, ids=[f"{case[0]}-{case[1].hex()[:20]}"[:60] for case in WRONG])
def test_wrong_bytes_are_refused(annotation: Any, data: bytes) -> None:
    """Bytes that spell no value of the type give a DecodingError that names the type."""
    codec = codec_for(annotation, namespace=NAMES)
    with pytest.raises(DecodingError) as caught:
        codec.decode(data)
    assert caught.value.expected == codec.spelled


@pytest.mark.parametrize("annotation", EVERY, ids=[str(annotation)[:50] for annotation in EVERY])
@pytest.mark.parametrize(
    "data",
    [
        b"\x91" * 1100,
        b"\x91" * 1024,
        b"\x91" * 1000 + b"\x01",
        b"\x81\x01" * 1000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
    ],
    ids=["array 1100", "array 1024", "array 1000", "map", "long array", "long map", "long bytes"],
)
def test_depth_and_lengths_are_refused(annotation: Any, data: bytes) -> None:
    """Deep nesting and absurd lengths give a DecodingError for every kind of type."""
    with pytest.raises(DecodingError):
        codec_for(annotation, namespace=NAMES).decode(data)


@pytest.mark.parametrize("size", [3000, 60_000, 3_000_000])
def test_lying_lengths_allocate_little(size: int) -> None:
    """Arrays inside arrays that each claim as many elements as there are bytes would multiply to gigabytes; they do not."""
    lie = b"\xdd" + size.to_bytes(4, "big")
    data = (lie * min(1000, size // 6)).ljust(size, b"\x00")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DecodingError):
        codec_for(list[int]).decode(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # KB on Linux
    assert grown < 100_000 or sys.platform == "darwin"


def test_honest_values_that_look_like_lies_are_read() -> None:
    """Bytes full of what could be heads of long arrays are bytes, and large arrays are arrays."""
    for annotation, value in ((bytes, b"\xdd\xdc" * 100_000), (list[int], [0xDDDDDDDD] * 20_000), (list[list[int]], [[0xDC] * 20] * 5000)):
        codec = codec_for(annotation)
        assert codec.decode(codec.encode(value)) == value


def test_a_refusal_costs_no_more_than_its_bytes() -> None:
    """Reading a megabyte that is no value allocates a few megabytes at most."""
    codec = codec_for(list[int])
    data = b"\xdd" + (999_990).to_bytes(4, "big") + b"\x00" * 999_989 + b"\xa0"
    tracemalloc.start()
    try:
        with pytest.raises(DecodingError):
            codec.decode(data)
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.floats(), st.text(max_size=5), st.binary(max_size=18)),
    lambda inner: st.one_of(st.lists(inner, max_size=9), st.dictionaries(st.text(max_size=3) | st.integers(0, 5), inner, max_size=3)),
    max_leaves=12,
)


@given(st.sampled_from(EVERY), TREES | st.sampled_from(["RED", "READ", "UTC", ["Frozen", ["a", []]]]))
def test_any_tree_is_a_value_or_an_error(annotation: Any, tree: Any) -> None:
    """Any well-formed msgpack is read as a value that encodes again, or refused."""
    codec = codec_for(annotation, namespace=NAMES)
    try:
        value = codec.decode(packed(tree))
    except DecodingError:
        return
    data = codec.encode(value)
    assert codec.encode(codec.decode(data)) == data  # not compared as values: a NaN inside differs from itself


@given(st.sampled_from(EVERY), st.binary(max_size=40))
def test_any_bytes_are_a_value_or_an_error(annotation: Any, data: bytes) -> None:
    """Any bytes at all are read as a value or refused with a DecodingError."""
    codec = codec_for(annotation, namespace=NAMES)
    try:
        codec.check(codec.decode(data))
    except DecodingError:
        return


def test_the_message_says_what_to_do() -> None:
    """The message names the type, the reason, and the way out."""
    with pytest.raises(DecodingError, match=r"are no Color.*compute the value again"):
        codec_for(Color).decode(packed("GREEN"))
