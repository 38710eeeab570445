"""Round trip: what was encoded comes back as the same value of the same type."""

from __future__ import annotations

import math
import struct
from collections.abc import Collection, Iterable, Mapping, MutableMapping, MutableSequence, MutableSet, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Annotated, Any, Final, List, LiteralString, Optional, Tuple, Union  # noqa: UP035  # old spellings count too
from uuid import UUID, uuid1
from zoneinfo import ZoneInfo

import pytest

from lestockage.engine.codec import codec_for
from tests.engine.codec import shapes
from tests.engine.codec.shapes import (
    Access,
    Box,
    Checked,
    Color,
    Crate,
    Empty,
    Frozen,
    FrozenModel,
    Level,
    Linked,
    Loose,
    Mutable,
    Nested,
    NoFields,
    OpenModel,
    Options,
    Path3,
    Point,
    Roomy,
    RootList,
    WithCache,
)

NAMES = vars(shapes)
PARIS = ZoneInfo("Europe/Paris")

CASES: list[tuple[Any, list[Any]]] = [
    (None, [None]),
    (bool, [True, False]),
    (int, [0, 1, -1, 127, 128, 2**63 - 1, 2**63, 2**64 - 1, 2**64, -(2**63), -(2**63) - 1, 10**100, -(10**100)]),
    (float, [0.0, -0.0, 1.5, math.inf, -math.inf, 5e-324]),
    (complex, [0j, complex(-0.0, math.inf), 1.5 + 2j]),
    (str, ["", "a", "é漢😀", "\x00", "\ud800", "a\udfff\ud83d\ude00"]),
    (LiteralString, ["a"]),
    (bytes, [b"", b"\x00\xff"]),
    (bytearray, [bytearray(), bytearray(b"ab")]),
    (list, [[], [1, "a", [2.5, None]]]),
    (list[int], [[], [1, 2], [2**70]]),
    (List[str], [["\ud800", "b"]]),  # noqa: UP006
    (tuple, [(), (1, [2])]),
    (Tuple, [(1,)]),  # noqa: UP006
    (tuple[()], [()]),
    (tuple[int], [(1,)]),
    (tuple[int, str, bool | None], [(1, "a", None), (2, "", True)]),
    (tuple[str, ...], [(), ("a",), tuple("abcdef")]),
    (tuple[tuple[int, ...], ...], [(), ((), (1,))]),
    (tuple[Point, ...], [(), (Point(1, 2.0), Point(3, 4.0, "x"))]),
    (dict, [{}, {"a": 1}, {1: "x", None: 2, (3,): [4]}]),
    (dict[str, int], [{}, {"b": 1, "a": 2}]),
    (dict[int | str, float], [{1: 1.0, "1": 2.0}]),
    (dict[str, list[Color]], [{"a": [Color.RED]}]),
    (dict[Color, int], [{Color.BLUE: 1, Color.RED: 2}]),
    (dict[tuple[int, str], Point], [{(1, "a"): Point(1, 1.0)}]),
    (dict[Frozen, Mutable], [{Frozen("a"): Mutable([1])}]),
    (set, [set(), {1, "a", (2,)}]),
    (set[int], [set(), {3, 1, 2}]),
    (frozenset[str], [frozenset(), frozenset("abc")]),
    (frozenset[frozenset[int]], [frozenset({frozenset({1}), frozenset()})]),
    (set[int | str | None], [{1, "a", None}]),
    (set[Color], [{Color.RED, Color.BLUE}]),
    (Optional[int], [None, 3]),  # noqa: UP045
    (Union[int, str, None], [1, "1", None]),  # noqa: UP007
    (int | float, [1, 1.0]),
    (str | bytes, ["a", b"a"]),
    (list[int] | None, [None, [1]]),
    (list[int] | list[str], [[1], ["a"], []]),
    (list[int] | tuple[int, ...] | set[int], [[1], (1,), {1}]),
    (tuple[int, ...] | tuple[str, ...], [(1,), ("a",), ()]),
    (Point | Path3 | None, [None, Point(1, 2.0), Path3(Point(1, 2.0), ())]),
    (Frozen | Mutable, [Frozen("a"), Mutable([1])]),
    (Frozen | FrozenModel | str, [Frozen("a"), FrozenModel(name="a"), "a"]),
    (Decimal | str, ["1", Decimal(1)]),
    (Decimal | Fraction | UUID | bytes, [Decimal("1.0"), Fraction(1, 2), UUID(int=7), b"x"]),
    (date | int | datetime, [date(2020, 1, 1), 5, datetime(2020, 1, 1)]),
    (dict[str, int] | Options | list[int], [{"a": 1}, {"name": "x"}, [1]]),
    (int | Any, [1, "a", [1], {"a": (1,)}]),
    (Color | str, [Color.RED, "RED"]),
    (Color | Level | None, [Color.RED, Level.LOW, None]),
    ("Json", [None, {"a": [1, {"b": None}], "c": True}, [], "x", 1.5]),
    ("Deep", [(1, None), (1, (2, (3, None)))]),
    ("list[Json]", [[], [[], {}]]),
    ("Word", ["a", "b", 1, True, None, b"x"]),
    ("Mixed", [Color.RED, Color.BLUE, "RED"]),
    ("Meters", [1.5]),
    (Annotated[int, "metadata", ["unhashable"]], [3]),
    (Final[int], [3]),
    (list[Annotated[str, ["unhashable"]]], [["a"]]),
    (Sequence[int], [[1], (1,)]),
    (MutableSequence[int], [[1]]),
    (AbstractSet[int], [{1}, frozenset({1})]),
    (MutableSet[int], [{1}]),
    (Collection[str], [["a"], ("a",), {"a"}, frozenset({"a"})]),
    (Iterable[str], [["a"], ("a",)]),
    (Mapping[str, int], [{"a": 1}]),
    (MutableMapping[str, int], [{"a": 1}]),
    (Mapping, [{"a": 1, 2: "b"}]),
    (Color, [Color.RED, Color.BLUE]),
    (Level, [Level.LOW]),
    (Access, [Access.READ, Access.BOTH, Access.READ | Access.RUN, Access(0), ~Access.READ]),
    (Loose, [Loose.ONE, Loose(3), Loose(8), Loose(9), Loose(0)]),
    (Point, [Point(1, 2.0), Point(1, 2.0, "a")]),
    (Path3, [Path3(Point(1, -0.0), (Point(2, 3.0, "z"),))]),
    (Empty, [Empty()]),
    (Roomy, [Roomy(1, 2.0)]),
    (Frozen, [Frozen("a", (1, 2))]),
    (Mutable, [Mutable([]), Mutable([1], "\ud800")]),
    (Checked, [Checked(1)]),
    (NoFields, [NoFields()]),
    (Linked, [Linked(1), Linked(1, Linked(2, Linked(3)))]),
    (Box[int], [Box(1, [2])]),
    (Box[Point], [Box(Point(1, 2.0))]),
    (Box[list[int]], [Box([1], [[2]])]),
    (Crate, [Crate(1, [2])]),
    (Options, [{"name": "a"}, {"size": 1, "name": "a"}]),
    (Nested, [{"color": Color.RED}, {"color": Color.RED, "extra": [Color.BLUE]}]),
    (FrozenModel, [FrozenModel(name="a"), FrozenModel(name="a", count=0), FrozenModel(name="b", parts=(Frozen("x"),))]),
    (RootList, [RootList([1, 2])]),
    (OpenModel, [OpenModel(), OpenModel(name="a", more={"x": [1]}, items=[3])]),
    (date, [date.min, date.max]),
    (time, [time(1, 2, 3, 4, fold=1), time(0, tzinfo=UTC)]),
    (timedelta, [timedelta.min, timedelta.max, timedelta(microseconds=-1)]),
    (datetime, [datetime.min, datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=PARIS), datetime(2020, 1, 1, tzinfo=UTC)]),
    (timezone, [UTC, timezone(timedelta(hours=-3, microseconds=1)), timezone(timedelta(0), "zero")]),
    (ZoneInfo, [PARIS, ZoneInfo("UTC"), ZoneInfo("Etc/GMT+3")]),
    (timezone | ZoneInfo, [UTC, PARIS]),
    (Decimal, [Decimal(text) for text in ("0", "-0", "1.00", "1E+5", "NaN", "-sNaN12", "Infinity", "1E-999999")]),
    (Fraction, [Fraction(0), Fraction(-3, 4), Fraction(10**40, 7)]),
    (UUID, [UUID(int=0), UUID(int=2**128 - 1)]),
    (Path, [Path(), Path("a/b.txt"), Path("/x")]),
    (PurePath, [PurePath("a")]),
    (PurePosixPath, [PurePosixPath("/a/../b")]),
    (PureWindowsPath, [PureWindowsPath(r"C:\a\b")]),
]


@pytest.mark.parametrize(("annotation", "values"), CASES, ids=[str(case[0])[:40] for case in CASES])
def test_a_value_comes_back(annotation: Any, values: list[Any]) -> None:
    """Every supported type gives back equal values of exactly the same types."""
    codec = codec_for(annotation, namespace=NAMES)
    for value in values:
        back = codec.decode(codec.encode(value))
        assert type(back) is type(value)
        if not isinstance(value, set | frozenset):  # prints in the order of its history
            assert repr(back) == repr(value)
        if not isinstance(value, float | complex | Decimal):  # NaN differs from itself, and a signalling one raises
            assert back == value


@pytest.mark.parametrize(("annotation", "values"), CASES, ids=[str(case[0])[:40] for case in CASES])
def test_encoding_again_gives_the_same_bytes(annotation: Any, values: list[Any]) -> None:
    """A decoded value encodes to the bytes that it came from."""
    codec = codec_for(annotation, namespace=NAMES)
    for value in values:
        data = codec.encode(value)
        assert codec.encode(codec.decode(data)) == data


@pytest.mark.parametrize(("annotation", "values"), CASES, ids=[str(case[0])[:40] for case in CASES])
def test_values_of_a_type_have_bytes_of_their_own(annotation: Any, values: list[Any]) -> None:
    """Different values of one declared type never share an encoding."""
    codec = codec_for(annotation, namespace=NAMES)
    assert len({codec.encode(value) for value in values}) == len(values)


@pytest.mark.parametrize(("annotation", "values"), CASES, ids=[str(case[0])[:40] for case in CASES])
def test_checking_accepts_what_encoding_accepts(annotation: Any, values: list[Any]) -> None:
    """`check` passes every value that can be encoded."""
    for value in values:
        codec_for(annotation, namespace=NAMES).check(value)


def test_nan_keeps_its_bits() -> None:
    """A NaN comes back with sign and payload, since `struct` and `copysign` can see them."""
    codec = codec_for(float)
    for bits in (0x7FF8000000000001, 0xFFF8000000000000):
        value = struct.unpack(">d", bits.to_bytes(8, "big"))[0]
        assert struct.pack(">d", codec.decode(codec.encode(value))) == bits.to_bytes(8, "big")


def test_a_uuid_keeps_how_safely_it_was_made() -> None:
    """`is_safe` is no part of a UUID's equality, and comes back all the same."""
    codec = codec_for(UUID)
    made = uuid1()
    assert codec.decode(codec.encode(made)).is_safe is made.is_safe


def test_reading_back_runs_no_code_of_the_class() -> None:
    """A dataclass is restored without `__init__` or `__post_init__`."""
    codec = codec_for(Checked)
    data = codec.encode(Checked(3))
    Checked.armed = True
    try:
        assert codec.decode(data).value == 3
    finally:
        Checked.armed = False


def test_which_fields_of_a_model_were_set_comes_back() -> None:
    """A model remembers which fields were given, extra ones among them, and its private attributes."""
    model = OpenModel(items=[1], more=2)
    model._secret = 9
    model._late = ["x"]
    codec = codec_for(OpenModel)
    back = codec.decode(codec.encode(model))
    assert back == model
    assert back.model_fields_set == {"items", "more"}
    assert (back._secret, back._late) == (9, ["x"])
    assert back.model_dump(exclude_unset=True) == {"items": [1], "more": 2}


def test_a_fold_decides_between_two_moments() -> None:
    """The two half hours past two of a night in October are different values."""
    codec = codec_for(datetime)
    first, second = (datetime(2020, 10, 25, 2, 30, tzinfo=PARIS, fold=fold) for fold in (0, 1))
    assert codec.encode(first) != codec.encode(second)
    assert codec.decode(codec.encode(second)).utcoffset() == timedelta(hours=1)


def test_cached_properties_are_left_out() -> None:
    """What `cached_property` keeps in an instance is derived, and no part of the value."""
    codec = codec_for(WithCache)
    before = codec.encode(WithCache(2))
    value = WithCache(2)
    assert value.double == 4
    assert codec.encode(value) == before


def test_type_variables_are_replaced_at_any_depth() -> None:
    """A generic's variable is known inside the types of its fields."""
    codec = codec_for(Box[int])
    assert codec.spelled == "Box[int]"
    assert codec.decode(codec.encode(Box(1, [2]))) == Box(1, [2])
