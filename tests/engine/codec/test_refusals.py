"""Refusals: a value that is not exactly of its declared type is refused, never converted, and the message says where it is."""

from __future__ import annotations

import collections
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any, Literal, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from lestockage.engine.codec import codec_for
from lestockage.errors import EncodingError
from tests.engine.codec import shapes
from tests.engine.codec.shapes import (
    Access,
    Box,
    Color,
    Frozen,
    FrozenModel,
    Level,
    Linked,
    Mutable,
    OpenModel,
    Options,
    Point,
    Roomy,
    WithCache,
)


class Number(int):
    """A subclass of int."""


class Text(str):
    """A subclass of str."""

    __slots__ = ()


class Pair(NamedTuple):
    """Another named tuple with the fields of Point."""

    x: int
    y: float
    label: str | None = None


class Sub(Frozen):
    """A subclass of a dataclass."""


class OtherZone(tzinfo):
    """A zone that no key names."""

    def utcoffset(self, dt: datetime | None) -> timedelta:
        """No offset."""
        return timedelta(0)


def strayed(value: Any, **attributes: Any) -> Any:
    """Return the value with attributes that are no fields."""
    for name, attribute in attributes.items():
        value.__dict__[name] = attribute
    return value


def without(value: Any, name: str) -> Any:
    """Return the value without one of its attributes."""
    object.__delattr__(value, name)
    return value


REFUSED: list[tuple[Any, Any, str, str]] = [
    (int, True, "value", "True and 1 are different values"),
    (int, 1.0, "value", "got float"),
    (int, Number(1), "value", "Number"),
    (int, Level.LOW, "value", "Level"),
    (float, 1, "value", "write it as a float"),
    (str, Text("a"), "value", "Text"),
    (str, b"a", "value", "got bytes"),
    (bytes, bytearray(b"a"), "value", "got bytearray"),
    (None, 0, "value", "expected None"),
    (complex, 1.0, "value", "got float"),
    (list[int], (1,), "value", "got tuple"),
    (list[int], [1, "a"], "value[1]", "got str"),
    (list[int], [True], "value[0]", "got bool"),
    (list[tuple[int, str]], [(1, "a"), (2, 3)], "value[1][1]", "got int"),
    (list[tuple[int, str]], [(1, "a", 3)], "value[0]", "tuple (1, 'a', 3)"),
    (list[tuple[int, str]], [[1, "a"]], "value[0]", "got list"),
    (tuple[int, ...], [1], "value", "got list"),
    (tuple[int, ...], Point(1, 2.0), "value", "Point"),
    (tuple[()], (1,), "value", "tuple (1,)"),
    (dict[str, int], {"a": "b"}, "value['a']", "got str"),
    (dict[str, int], {1: 1}, "value key 1", "got int"),
    (dict[str, int], collections.OrderedDict(a=1), "value", "OrderedDict"),
    (dict[Color, int], {Color.RED: 1.0}, "value[<Color.RED: 1>]", "got float"),
    (dict[str, list[Color]], {"a": [Color.RED, 1]}, "value['a'][1]", "got int"),
    (set[int], {True}, "value item True", "got bool"),
    (set[int], frozenset({1}), "value", "got frozenset"),
    (frozenset[Color], frozenset({1}), "value item 1", "got int"),
    (Color, 1, "value", "got int"),
    (Color, Level.LOW, "value", "Level"),
    (Access, 1, "value", "got int"),
    (Literal["a"], "b", "value", "str 'b'"),
    (Literal[1], True, "value", "got bool"),
    ("Mixed", "BLUE", "value", "str 'BLUE'"),
    (Literal[Color.RED], Color.BLUE, "value", "Color"),
    (Point, Pair(1, 2.0), "value", "Pair"),
    (Point, (1, 2.0, None), "value", "got tuple"),
    (Point, Point(1, 2), "value.y", "got int"),
    (tuple[Point, ...], (Point(1, 2.0), Point(1, 2.0, 3)), "value[1].label", "got int"),
    (Roomy, strayed(Roomy(1, 2.0), more=1), "value", "attribute 'more'"),
    (Frozen, Sub("a"), "value", "Sub"),
    (Frozen, Frozen("a", [1]), "value.places", "got list"),
    (WithCache, strayed(WithCache(1), more=2), "value", "attribute 'more'"),
    (Mutable, without(Mutable([1]), "items"), "value", "without its field 'items'"),
    (Linked, Linked(1, Linked(2, Linked("c"))), "value.following.following.value", "got str"),
    (Box[int], Box("a"), "value.held", "got str"),
    (Options, {"size": 1}, "value", "without the key 'name'"),
    (Options, {"name": "a", "other": 1}, "value", "key 'other'"),
    (Options, {"name": "a", "size": "b"}, "value['size']", "got str"),
    (Options, {Text("name"): "a"}, "value", "key 'name'"),
    (Options, [("name", "a")], "value", "got list"),
    ("Nested", {"color": 1}, "value['color']", "got int"),
    ("Nested", {"color": Color.RED, "more": 1}, "value", "key 'more'"),
    ("Nested", {}, "value", "without the key 'color'"),
    (FrozenModel, FrozenModel.model_construct(name=1), "value.name", "got int"),
    (FrozenModel, FrozenModel.model_construct(), "value", "without its field 'name'"),
    (FrozenModel, strayed(FrozenModel(name="a"), more=1), "value", "attribute 'more'"),
    (FrozenModel, OpenModel(), "value", "OpenModel"),
    (OpenModel, OpenModel(more=Point(1, 2.0)), "value extra attributes['more']", "Point"),
    (int | None, "a", "value", "expected None | int"),
    (list[int] | None, [1.0], "value[0]", "got float"),
    (list[int] | list[str], [1, "a"], "value", "list that none of them takes"),
    (Frozen | Mutable, Mutable([1.0]), "value.items[0]", "got float"),
    (Frozen | Mutable, 3, "value", "expected Frozen | Mutable"),
    (date, datetime(2020, 1, 1, tzinfo=UTC), "value", "got datetime.datetime"),
    (datetime, datetime(2020, 1, 1, tzinfo=OtherZone()), "value", "a zone of type OtherZone"),
    (timezone, ZoneInfo("UTC"), "value", "got zoneinfo.ZoneInfo"),
    (Path, PurePosixPath("a"), "value", "PurePosixPath"),
    (Decimal, 1, "value", "got int"),
    (Any, [1, {"a": (Point(1, 2.0),)}], "value[1]['a'][0]", "only a declared type can store"),
    (Any, {Color.RED: 1}, "value key <Color.RED: 1>", "only a declared type can store"),
    (object, Number(1), "value", "Number"),
    ("Json", {"a": [1, {2}]}, "value['a'][1]", "got set"),
    (int, type("Liar", (), {"__repr__": lambda _self: 1 / 0})(), "value", "Liar"),
]


@pytest.mark.parametrize(("annotation", "value", "path", "got"), REFUSED, ids=[str(case[0])[:40] for case in REFUSED])
def test_another_type_is_refused(annotation: Any, value: Any, path: str, got: str) -> None:
    """The error names the place inside the value, what was declared there, and what was found."""
    codec = codec_for(annotation, namespace=vars(shapes))
    with pytest.raises(EncodingError) as caught:
        codec.encode(value)
    assert caught.value.path == path
    assert got in str(caught.value)


@pytest.mark.parametrize(("annotation", "value", "path", "got"), REFUSED, ids=[str(case[0])[:40] for case in REFUSED])
def test_checking_refuses_what_encoding_refuses(annotation: Any, value: Any, path: str, got: str) -> None:
    """`check` raises the same error as `encode`."""
    del got
    with pytest.raises(EncodingError) as caught:
        codec_for(annotation, namespace=vars(shapes)).check(value)
    assert caught.value.path == path


def test_a_message_shows_no_more_of_a_value_than_helps() -> None:
    """Long values are cut in messages, and values that cannot be shown do not break them."""
    with pytest.raises(EncodingError) as caught:
        codec_for(Literal["a"]).encode("b" * 1000)
    assert len(str(caught.value)) < 250
    with pytest.raises(EncodingError):
        codec_for(Literal[1]).encode(10**5000)


def test_a_zone_from_an_open_file_is_refused() -> None:
    """A ZoneInfo that was read from a file has no key to find it by again, even when it was given one."""
    import importlib.resources  # noqa: PLC0415
    from zoneinfo import TZPATH  # noqa: PLC0415

    places = [Path(folder) / "Europe/Paris" for folder in TZPATH]
    place = next((found for found in places if found.exists()), None)
    if place is None:
        place = importlib.resources.files("tzdata.zoneinfo") / "Europe" / "Paris"  # type: ignore[assignment]
    for key, reason in ((None, "without a key"), ("Europe/Paris", "open file")):
        with place.open("rb") as file:
            zone = ZoneInfo.from_file(file, key=key)
        with pytest.raises(EncodingError, match=reason):
            codec_for(ZoneInfo).encode(zone)


def test_a_zone_made_without_the_cache_is_stored_by_its_key() -> None:
    """`ZoneInfo.no_cache` gives an unequal object for the same zone; the zone of that key comes back."""
    codec = codec_for(ZoneInfo)
    assert codec.decode(codec.encode(ZoneInfo.no_cache("Europe/Paris"))) is ZoneInfo("Europe/Paris")


def test_an_enum_member_that_its_class_does_not_know_is_refused() -> None:
    """An object that pretends to be a member is no member."""
    fake = object.__new__(Color)
    fake._name_ = "RED"
    with pytest.raises(EncodingError):
        codec_for(Color).encode(fake)
    flag = object.__new__(Access)
    flag._name_, flag._value_ = "READ", 1
    with pytest.raises(EncodingError, match="does not know"):
        codec_for(Access).encode(flag)
