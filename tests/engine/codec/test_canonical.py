"""Canonical: a value has one encoding, in every process and whatever its history."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from lestockage.engine.codec import codec_for, digest
from tests.engine.codec import shapes
from tests.engine.codec.shapes import Color, Point

NAMES = vars(shapes)

PROGRAM = """
from typing import Any
from lestockage.engine.codec import codec_for
from tests.engine.codec.shapes import Color, Frozen, Mutable, Point, OpenModel, Access
parts = [
    (set[str], {"a", "bb", "ccc", "d"}), (frozenset[Color], frozenset(Color)), (set[int | str | None], {1, "a", None, "b"}),
    (set[tuple[str, int]], {("a", 1), ("b", 2), ("c", 3)}), (Any, {"x": {"p", "q", "r", 1, 2.5}}), (dict[str, set[str]], {"k": {"v", "w"}}),
    (Frozen | Mutable | None, Mutable([1])), (Mutable | None | Frozen, Mutable([1])), (list[str | int] | list[int | None], [1]),
    (Access, Access.READ | Access.RUN), (OpenModel, OpenModel(b=1, a={"s", "t"})), (float | set[Point], {Point(1, 2.0), Point(3, 4.0)}),
]
for annotation, value in parts:
    codec = codec_for(annotation)
    print(codec.encode(value).hex(), codec.signature.hex())
"""


def test_every_hash_seed_gives_the_same_bytes() -> None:
    """Hash seeds change the order of sets, never an encoding or a signature."""
    outputs = set()
    for seed in ("0", "1", "2", "77"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=True)
        outputs.add(done.stdout)
    assert len(outputs) == 1


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.sampled_from([0.0, -0.0, 1.0, float("inf")]),
    st.floats(allow_nan=False),
    st.sampled_from(["", "a", "1", "\ud800"]),
    st.text(max_size=3),
    st.sampled_from([b"", b"a", b"1"]),
    st.sampled_from([1j, bytearray(b"a"), Decimal("1.0"), Decimal(1), Fraction(1, 2)]),
)
HASHABLE = st.recursive(
    SCALARS.filter(lambda value: not isinstance(value, bytearray)),
    lambda inner: st.one_of(st.lists(inner, max_size=3).map(tuple), st.frozensets(inner, max_size=3)),
    max_leaves=4,
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.sets(HASHABLE, max_size=3),
    ),
    max_leaves=8,
)


def told(value: Any) -> Any:
    """Return something equal exactly for values that a query cannot tell apart: types, signs of zero and order of keys included."""
    cls = type(value)
    if cls in (list, tuple):
        return (cls.__name__, tuple(map(told, value)))
    if cls in (set, frozenset):
        return (cls.__name__, frozenset(map(told, value)))
    if cls is dict:
        return ("dict", tuple((told(key), told(item)) for key, item in value.items()))
    return (cls.__name__, repr(value))


@given(VALUES)
def test_anything_round_trips(value: Any) -> None:
    """A value of any built-in types comes back as what it was."""
    codec = codec_for(Any)
    assert told(codec.decode(codec.encode(value))) == told(value)


@given(VALUES, VALUES)
def test_values_that_differ_have_other_bytes(one: Any, other: Any) -> None:
    """Two values share an encoding exactly when nothing can tell them apart."""
    codec = codec_for(Any)
    assert (codec.encode(one) == codec.encode(other)) == (told(one) == told(other))


@given(st.lists(HASHABLE, max_size=8), st.randoms())
def test_the_history_of_a_set_does_not_show(items: list[Any], random: Any) -> None:
    """Adding in another order, or adding and removing more, gives the same bytes."""
    codec = codec_for(set)
    shuffled = list({told(item): item for item in items}.values())
    first = set(shuffled)
    random.shuffle(shuffled)
    second: set[Any] = set(range(1000, 1100))
    second -= set(range(1000, 1100))
    for item in shuffled:
        if not any(item == other for other in second):
            second.add(item)
    if frozenset(map(told, first)) == frozenset(map(told, second)):
        assert codec.encode(first) == codec.encode(second)


def test_the_order_of_a_dictionary_does_show() -> None:
    """A query can see the order of a dictionary's keys, so it counts."""
    for annotation in (dict[str, int], dict, dict[str, Any]):
        codec = codec_for(annotation)
        assert codec.encode({"a": 1, "b": 2}) != codec.encode({"b": 2, "a": 1})


@pytest.mark.parametrize(
    ("one", "other"), [(int | str, str | int), (Color | Point | None, None | Point | Color), (list[int | str] | str, str | list[str | int])]
)
def test_the_order_of_a_union_does_not_show(one: Any, other: Any) -> None:
    """`A | B` and `B | A` are one type, whichever spelling a process meets first."""
    assert codec_for(one).signature == codec_for(other).signature


def test_equal_keys_with_equal_bytes_stay_apart() -> None:
    """Two NaN keys of a dictionary are two entries, before and after."""
    nan = float("nan")
    codec = codec_for(dict[Decimal | float, int])
    value = {nan: 1, float("nan"): 2, Decimal("NaN"): 3, Decimal("NaN").copy_abs(): 4}
    assert list(codec.decode(codec.encode(value)).values()) == [1, 2, 3, 4]


def test_a_digest_is_the_bytes_or_their_hash() -> None:
    """Small encodings stand for themselves, but for those as long as a hash; others are hashed to 32 bytes: the length tells which."""
    assert digest(b"x" * 31) == b"x" * 31
    assert digest(b"x" * 32) == blake3(b"x" * 32).digest()
    assert digest(b"x" * 255) == b"x" * 255
    assert digest(b"x" * 256) == blake3(b"x" * 256).digest()
    assert len({digest(bytes(size)) for size in range(1_000)}) == 1_000


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=6))
def test_a_declared_list_counts_every_item(items: list[str]) -> None:
    """A list of an exact type holds its items and nothing else: equal lists, equal bytes."""
    codec = codec_for(list[str])
    assert Counter(codec.decode(codec.encode(items))) == Counter(items)
