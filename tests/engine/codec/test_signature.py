"""Signature: what changes when the same bytes would mean another value."""

from __future__ import annotations

import dataclasses
import enum
from typing import Any, Literal, NamedTuple, TypedDict

import pytest

from lestockage.engine.codec import codec_for
from tests.engine.codec import shapes
from tests.engine.codec.shapes import Linked, OpenModel


def _dataclass(*fields: Any) -> Any:
    return dataclasses.make_dataclass("Made", fields)


def _row(**fields: Any) -> Any:
    return NamedTuple("Made", list(fields.items()))  # made here on purpose


CHANGES: list[tuple[str, Any, Any]] = [
    ("a field's type", _dataclass(("a", int)), _dataclass(("a", str))),
    ("a field's name", _dataclass(("a", int), ("b", int)), _dataclass(("a", int), ("c", int))),
    ("the order of fields", _dataclass(("a", int), ("b", int)), _dataclass(("b", int), ("a", int))),
    ("a named tuple's field", _row(a=int), _row(b=int)),
    ("a required key", TypedDict("Made", {"a": int}), TypedDict("Made", {"a": int}, total=False)),  # type: ignore[operator]
    ("an enum's members", enum.Enum("Made", "A B"), enum.Enum("Made", "A C")),
    ("a flag's bits", enum.Flag("Made", {"A": 1, "B": 2}), enum.Flag("Made", {"A": 2, "B": 1})),
    ("a literal", Literal["a"], Literal["b"]),
    ("an item", list[int], list[str]),
    ("a container", list[int], tuple[int, ...]),
    ("a set's class", set[int], frozenset[int]),
    ("deep inside", dict[str, list[_dataclass(("a", int))]], dict[str, list[_dataclass(("b", int))]]),  # type: ignore[misc]
]


@pytest.mark.parametrize(("what", "before", "after"), CHANGES, ids=[case[0] for case in CHANGES])
def test_a_changed_layout_changes_the_signature(what: str, before: Any, after: Any) -> None:
    """Fields renamed, reordered or retyped, other members, other containers: each is another signature."""
    assert codec_for(before).signature != codec_for(after).signature, what


def test_an_unchanged_layout_keeps_the_signature() -> None:
    """Two classes of the same name and fields have one signature, as a class has after a restart."""
    assert codec_for(_dataclass(("a", int))).signature == codec_for(_dataclass(("a", int))).signature
    assert len(codec_for(OpenModel).signature) == 32


def test_recursive_types_have_signatures() -> None:
    """A type that contains itself is described once."""
    assert codec_for(Linked).signature == codec_for(Linked).signature
    assert codec_for("Json", namespace=vars(shapes)).signature != codec_for("Deep", namespace=vars(shapes)).signature
