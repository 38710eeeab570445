"""Arrays: numpy arrays and scalars, and Arrow tables."""

from __future__ import annotations

from typing import Any

import msgpack
import pytest

from lestockage.engine.codec import codec_for
from lestockage.errors import DecodingError, EncodingError, UnencodableType

np = pytest.importorskip("numpy")
pa = pytest.importorskip("pyarrow")

ARRAYS = [
    np.arange(6).reshape(2, 3),
    np.arange(6).reshape(2, 3).T,
    np.array(3.5),
    np.zeros((0, 4), "f4"),
    np.array([1, 2], ">i2"),
    np.array([True, False]),
    np.array(["a", "bcd"]),
    np.array([b"x", b""]),
    np.array(["2020-01-01"], "M8[D]"),
    np.array([1], "m8[ns]"),
    np.array([1 + 2j], "c8"),
]


@pytest.mark.parametrize("array", ARRAYS, ids=[f"{array.dtype.str} {array.shape}" for array in ARRAYS])
def test_an_array_comes_back(array: Any) -> None:
    """Element type, byte order, shape and values come back, in an array that can be written to."""
    codec = codec_for(np.ndarray)
    back = codec.decode(codec.encode(array))
    assert back.dtype == array.dtype
    assert back.dtype.str == array.dtype.str
    assert back.shape == array.shape
    assert np.array_equal(back, array)
    assert back.flags.writeable


def test_the_layout_in_memory_does_not_show() -> None:
    """Equal arrays give equal bytes whether rows or columns lie together."""
    codec = codec_for(np.ndarray)
    array = np.arange(6).reshape(2, 3)
    assert codec.encode(array) == codec.encode(np.asfortranarray(array))


def test_an_array_is_copied() -> None:
    """Arrays can change, so copies are made."""
    codec = codec_for(np.ndarray)
    array = np.zeros(3)
    codec.copy(array)[0] = 1
    assert array[0] == 0
    assert not codec.is_immutable


def test_a_declared_element_type_is_held() -> None:
    """An annotation that names the element type takes no other."""
    codec = codec_for(np.ndarray[Any, np.dtype[np.float64]])
    assert codec.decode(codec.encode(np.zeros(2))).dtype == np.float64
    with pytest.raises(EncodingError, match="an array of int64"):
        codec.encode(np.zeros(2, "i8"))
    with pytest.raises(DecodingError):
        codec.decode(codec_for(np.ndarray).encode(np.zeros(2, "i8")))
    other = codec_for(np.ndarray[Any, np.dtype[Any]])
    assert other.decode(other.encode(np.zeros(2, "i8"))).dtype == np.int64


@pytest.mark.parametrize("scalar", [np.float64(-0.0), np.int8(-3), np.bool_(True), np.datetime64("2020-01-01"), np.str_("ab")], ids=repr)
def test_a_scalar_comes_back(scalar: Any) -> None:
    """A numpy scalar keeps its class, also where it is a subclass of a Python number."""
    codec = codec_for(type(scalar))
    back = codec.decode(codec.encode(scalar))
    assert type(back) is type(scalar)
    assert repr(back) == repr(scalar)
    assert codec.is_immutable


def test_numpy_numbers_are_no_python_numbers() -> None:
    """`numpy.float64` is a subclass of float, and not taken for one."""
    with pytest.raises(EncodingError, match="float64"):
        codec_for(float).encode(np.float64(1.0))


@pytest.mark.parametrize("array", [np.array([object()]), np.zeros(1, [("a", "i4")])], ids=["objects", "records"])
def test_objects_and_records_are_refused(array: Any) -> None:
    """Element types that are no plain data are refused."""
    with pytest.raises(EncodingError, match="elements of type"):
        codec_for(np.ndarray).encode(array)


@pytest.mark.parametrize(
    "tree",
    [
        ["O", [1], b"\0" * 8],
        ["<i8", [1], b"\0" * 7],
        ["<i8", [-1], b""],
        ["<i8", [2**62, 2**62], b""],
        ["<i8", 1, b"\0" * 8],
        ["<i8", ["1"], b"\0" * 8],
        ["<M8[xx]", [1], b"\0" * 8],
        [5, [1], b"\0" * 8],
        ["<i8", [1], "text"],
        ["<i8", [1]],
    ],
    ids=str,
)
def test_hostile_arrays_are_refused(tree: Any) -> None:
    """Objects, lying shapes and unknown element types give a DecodingError."""
    with pytest.raises(DecodingError):
        codec_for(np.ndarray).decode(msgpack.packb(tree))


@pytest.mark.parametrize("tree", [["<i4", b"\0" * 8], ["<f8", b"\0"], ["O", b"\0" * 8], ["<f8", "x"]], ids=str)
def test_hostile_scalars_are_refused(tree: Any) -> None:
    """A scalar of another class, or bytes that do not fill it, give a DecodingError."""
    with pytest.raises(DecodingError):
        codec_for(np.float64).decode(msgpack.packb(tree))


def test_other_classes_of_the_libraries_are_refused() -> None:
    """A library's other classes are not storable."""
    for annotation in (np.random.Generator, np.void, np.generic, pa.Array):
        with pytest.raises(UnencodableType):
            codec_for(annotation)


def test_a_table_comes_back() -> None:
    """A table keeps schema, metadata, nulls and values; how its chunks were put together does not show."""
    codec = codec_for(pa.Table)
    table = pa.table({"a": [1, None, 3], "b": ["x", "y", None]}).replace_schema_metadata({"k": "v"})
    back = codec.decode(codec.encode(table))
    assert back.equals(table, check_metadata=True)
    chunked = pa.concat_tables([table.slice(0, 1), table.slice(1)])
    assert codec.encode(chunked) == codec.encode(pa.concat_tables([table.slice(0, 2), table.slice(2)]))
    assert codec.is_immutable
    assert codec.copy(table) is table


def test_hostile_tables_are_refused() -> None:
    """Bytes that are no table, or half of one, give a DecodingError."""
    codec = codec_for(pa.Table)
    data = codec.encode(pa.table({"a": list(range(100))}))
    stream = msgpack.unpackb(data)
    for broken in (b"", b"abc", stream[: len(stream) // 2], stream[:100] + b"\xff" * 50 + stream[150:]):
        with pytest.raises(DecodingError):
            codec.decode(msgpack.packb(broken))
