"""Declared values: whatever a declared type holds comes back as it was, and its bytes are the same on every platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from lestockage.engine.codec import codec_for
from tests.engine.codec.shapes import Access, Color, Frozen, FrozenModel, Level, Mutable, Point

_TEXT = st.text(st.characters(), max_size=4)  # lone surrogates too
_OFFSETS = st.builds(timezone, st.timedeltas(timedelta(hours=-23), timedelta(hours=23)))
_POINTS = st.builds(Point, st.integers(), st.floats(), st.none() | _TEXT)
_FROZEN = st.builds(Frozen, _TEXT, st.lists(st.integers(-(2**70), 2**70), max_size=3).map(tuple))
_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    datetime: st.datetimes(timezones=st.none() | st.just(UTC) | _OFFSETS | st.timezones()),
    Decimal: st.decimals(),
    int: st.integers() | st.integers(2**60, 2**70) | st.integers(-(2**600), 2**600),
    float: st.floats(),
    Color | Level | None: st.sampled_from([*Color, *Level, None]),
    Access: st.sampled_from([Access(bits) for bits in range(8)]),
    Point: _POINTS,
    Frozen: _FROZEN,
    FrozenModel: st.builds(FrozenModel, name=_TEXT, count=st.integers(), parts=st.lists(_FROZEN, max_size=2).map(tuple)),
    Mutable | Point: st.builds(Mutable, st.lists(st.integers(), max_size=3), _TEXT) | _POINTS,
    dict[str, list[Point | None]]: st.dictionaries(_TEXT, st.lists(_POINTS | st.none(), max_size=3), max_size=3),
    frozenset[int | str | bytes]: st.frozensets(st.integers() | _TEXT | st.binary(max_size=3), max_size=6),
}
_CASES = st.sampled_from(list(_VALUES)).flatmap(lambda declared: st.tuples(st.just(declared), _VALUES[declared], _VALUES[declared]))


def _told(value: Any) -> Any:
    """Something equal exactly for values that a query cannot tell apart; `repr` shows types, signs of zero, zones and folds.

    Of a set, the printed order is its history.
    """
    return frozenset(map(repr, value)) if isinstance(value, frozenset) else repr(value)


@given(_CASES)
def test_what_a_declared_type_holds_comes_back(case: tuple[Any, Any, Any]) -> None:
    """Values of exactly the same type that print the same, zones and folds of moments included; encoding them again changes nothing."""
    declared, value, _ = case
    codec = codec_for(declared)
    data = codec.encode(value)
    back = codec.decode(data)
    assert type(back) is type(value)
    assert _told(back) == _told(value)
    assert codec.encode(back) == data


@given(_CASES)
def test_declared_values_that_differ_have_other_bytes(case: tuple[Any, Any, Any]) -> None:
    """Two values of one declared type share their bytes only when nothing that prints tells them apart."""
    declared, one, other = case
    codec = codec_for(declared)
    if _told(one) != _told(other):
        assert codec.encode(one) != codec.encode(other)


def test_the_bytes_are_written_down() -> None:
    """A change of the encoding, or a platform that encodes in another way, makes other bytes than those of the day this was written."""
    values: list[tuple[Any, Any]] = [
        (Any, [1, 1.0, True, 0.0, -0.0, "a", b"a", (1,), [1], {"b": 1, "a": 2}, {3, 1, 2}, None, float("inf"), 2**200, -(2**31), 2**63]),
        (Any, ["\ud800", "", b"", (), [], {}, set(), frozenset(), 1j, Decimal("1.00")]),
        (dict[str, list[Point | None]], {"k": [Point(1, -0.0, "x"), None]}),
        (FrozenModel, FrozenModel(name="n", parts=(Frozen("f", (1, 2**70)),))),
        (datetime, datetime(2020, 10, 25, 2, 30, fold=1, tzinfo=timezone(timedelta(hours=2)))),
        (Color | Level | None, Level.HIGH),
    ]
    encoded = b"".join(codec_for(declared).encode(value) for declared, value in values)
    assert blake3(encoded).hexdigest() == "0adec9d0d018cbe0e2488b3519f39b8953b320a2453dd6270659c7d8d5757d83"
