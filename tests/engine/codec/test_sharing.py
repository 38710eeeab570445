"""Sharing: which values may be shared without copying, and what a copy protects."""

from __future__ import annotations

import collections
from datetime import datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import pytest

from lestockage.engine.codec import codec_for
from tests.engine.codec import shapes
from tests.engine.codec.shapes import (
    Access,
    Box,
    Color,
    Frozen,
    FrozenModel,
    Linked,
    Mutable,
    Nested,
    OpenModel,
    Options,
    Path3,
    Point,
    RootList,
)

NAMES = vars(shapes)

IMMUTABLE: list[Any] = [
    *(None, bool, int, float, complex, str, bytes, tuple[()], tuple[int, ...], tuple[int, Point], frozenset[str], int | None),
    *(
        Literal["a"],
        Color,
        Access,
        Point,
        Path3,
        Frozen,
        Linked,
        FrozenModel,
        datetime,
        Decimal,
        Path,
        UUID,
        Frozen | Point,
        "Deep",
        "Word",
    ),
]
MUTABLE: list[Any] = [
    *(list, list[int], dict[str, int], set[int], bytearray, Any, object, tuple[list[int], ...], tuple[int, list[int]], int | list[int]),
    *(frozenset[Any], Mutable, Box[int], Options, Nested, OpenModel, RootList, "Json", tuple[Mutable, ...]),
]


@pytest.mark.parametrize("annotation", IMMUTABLE, ids=str)
def test_immutable_types_are_shared(annotation: Any) -> None:
    """A type is immutable when nothing in its values can change; copying gives the value itself."""
    codec = codec_for(annotation, namespace=NAMES)
    assert codec.is_immutable
    value = object()
    assert codec.copy(value) is value


@pytest.mark.parametrize("annotation", MUTABLE, ids=str)
def test_mutable_types_are_not_shared(annotation: Any) -> None:
    """A type is mutable when anything in its values can change."""
    assert not codec_for(annotation, namespace=NAMES).is_immutable


COPIED: list[tuple[Any, Any, Any]] = [
    (list[int], [1], lambda copy: copy.append(2)),
    (list[list[int]], [[1]], lambda copy: copy[0].append(2)),
    (list[Mutable], [Mutable([1])], lambda copy: copy[0].items.append(2)),
    (tuple[list[int], ...], ([1],), lambda copy: copy[0].append(2)),
    (tuple[int, list[int]], (1, [2]), lambda copy: copy[1].append(2)),
    (dict[str, int], {"a": 1}, lambda copy: copy.update(b=2)),
    (dict[str, list[int]], {"a": [1]}, lambda copy: copy["a"].append(2)),
    (dict[Color, list[int]], {Color.RED: [1]}, lambda copy: copy[Color.RED].append(2)),
    (set[int], {1}, lambda copy: copy.add(2)),
    (frozenset[Any], frozenset({1}), lambda _copy: None),
    (bytearray, bytearray(b"a"), lambda copy: copy.append(98)),
    (Mutable, Mutable([1]), lambda copy: copy.items.append(2)),
    (Box[int], Box(1, [2]), lambda copy: copy.more.append(2)),
    (Options, {"name": "a"}, lambda copy: copy.update(size=2)),
    (Nested, {"color": Color.RED, "extra": [Color.RED]}, lambda copy: copy["extra"].clear()),
    (OpenModel, OpenModel(items=[1], more=[2]), lambda copy: (copy.items.append(2), copy.more.append(3))),
    (RootList, RootList([1]), lambda copy: copy.root.append(2)),
    (int | list[int], [1], lambda copy: copy.append(2)),
    (list[int] | list[str] | None, ["a"], lambda copy: copy.append(2)),
    (Frozen | Mutable | None, Mutable([1]), lambda copy: copy.items.append(2)),
    ("Json", {"a": [1, {}]}, lambda copy: copy["a"][1].update(b=2)),
    (Any, [1, {"a": [2]}], lambda copy: copy[1]["a"].append(3)),
    (object, "plain", lambda _copy: None),
]


@pytest.mark.parametrize(("annotation", "value", "change"), COPIED, ids=[str(case[0])[:40] for case in COPIED])
def test_changing_a_copy_leaves_the_value(annotation: Any, value: Any, change: Any) -> None:
    """Whatever is done to a copy, the value encodes as before; and the copy was equal."""
    codec = codec_for(annotation, namespace=NAMES)
    before = codec.encode(value)
    copy = codec.copy(value)
    assert type(copy) is type(value)
    assert codec.encode(copy) == before
    change(copy)
    assert codec.encode(value) == before


def test_a_copied_model_remembers_what_was_set() -> None:
    """A copy has the set of given fields, extra and private attributes of its own."""
    model = OpenModel(items=[1], more=2)
    copy = codec_for(OpenModel).copy(model)
    assert copy == model
    copy._secret = 8
    copy.items = [5]
    copy.name = "n"
    assert (model._secret, model.items, model.model_fields_set) == (7, [1], {"items", "more"})


def test_a_value_of_another_type_is_copied_deeply() -> None:
    """A value that is not of its declared type is still protected, though encoding it would refuse it."""
    codec = codec_for(list[Mutable])
    value = [{"a": [1]}]
    copy = codec.copy(value)
    copy[0]["a"].append(2)
    assert value == [{"a": [1]}]
    union = codec_for(int | list[int])
    value2 = {"a": [1]}
    assert union.copy(value2) == value2
    assert union.copy(value2)["a"] is not value2["a"]


def test_unhashable_metadata_does_not_matter() -> None:
    """A zone base class is no type of values, and a counter is none either: neither is taken for immutable."""
    for annotation in (tzinfo, collections.Counter):
        with pytest.raises(Exception, match="cannot be stored"):
            codec_for(annotation)
