"""Unencodable types: refused when the codec is asked for, with the type, where it sits, and the ways out."""

from __future__ import annotations

import abc
import collections
import dataclasses
import enum
import threading
from collections.abc import Callable, Iterator
from typing import Any, Generic, Literal, NamedTuple, TypeAlias, TypedDict, TypeVar, Union

import pydantic
import pytest

from lestockage.engine.codec import codec_for
from lestockage.errors import UnencodableType

T = TypeVar("T")


class Plain:
    """A class that says nothing of what it is made of."""


class Strings(list[str]):
    """A subclass of a built-in type."""


class Row(NamedTuple):
    """A record with a field that cannot be stored."""

    name: str
    handler: Plain


@dataclasses.dataclass
class Holder:
    """Another."""

    rows: tuple[Row, ...]


class Keys(TypedDict):
    """Another."""

    plain: Plain


class Model(pydantic.BaseModel):
    """Another."""

    secret: pydantic.SecretStr


@dataclasses.dataclass
class Abstract(abc.ABC):
    """A dataclass that cannot be made."""

    value: int

    @abc.abstractmethod
    def run(self) -> None:
        """Do nothing."""


@dataclasses.dataclass
class Failure(Exception):  # noqa: N818
    """A dataclass that is more than its fields."""

    value: int


class Descriptor:
    """A data descriptor."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> int:
        return 1

    def __set__(self, instance: Any, value: int) -> None:
        """Take no value."""


@dataclasses.dataclass
class Described:
    """A dataclass whose field is kept by a descriptor."""

    value: Descriptor = Descriptor()  # the documented way


class Slotted:
    """A base with a slot that is no field."""

    __slots__ = ("cache",)


@dataclasses.dataclass
class OnSlots(Slotted):
    """A dataclass on it."""

    value: int


@dataclasses.dataclass
class Unknown:
    """A dataclass with a name that is nowhere."""

    value: Nowhere  # noqa: F821  # type: ignore[name-defined]


@dataclasses.dataclass
class Growing(Generic[T]):
    """A generic that contains itself in ever larger forms."""

    inner: Growing[tuple[T]] | None


class Incomplete(pydantic.BaseModel):
    """A model with a name that is nowhere."""

    value: Nowhere  # noqa: F821  # type: ignore[name-defined]


class Sequel(enum.Enum):
    """An enum with the name of another."""

    ONE = 1


First = dataclasses.make_dataclass("Twin", [("a", int)])
Second = dataclasses.make_dataclass("Twin", [("a", int)])
Itself: TypeAlias = "Itself"
Union1 = Union[int, "Union1"]

REFUSED: list[tuple[Any, str, str, str]] = [
    (Plain, "Plain", "the declared type", "nothing says what its values are made of"),
    (list[Plain], "Plain", "an item of list[Plain], in the declared type", ""),
    (dict[str, tuple[int, Plain]], "Plain", "item 1 of tuple[int, Plain], in a value of dict[", ""),
    (dict[Plain, int], "Plain", "a key of dict[Plain, int]", ""),
    (Plain | None, "Plain", "the declared type", ""),
    (Holder, "Plain", "field 'handler' of Row, in an item of tuple[Row, ...], in field 'rows' of Holder", ""),
    (Keys, "Plain", "field 'plain' of Keys", ""),
    (Model, "SecretStr", "field 'secret' of Model", ""),
    (Strings, "Strings", "the declared type", "a subclass of list"),
    (collections.OrderedDict[str, int], "OrderedDict[str, int]", "", "a subclass of dict"),
    (Callable[[int], str], "Callable", "", "nothing says"),
    (Iterator[int], "Iterator[int]", "", ""),
    (type[int], "type[int]", "", ""),
    (type, "type", "", ""),
    (threading.Lock, "", "", ""),
    (T, "T", "", "a type variable stands for any type"),
    (list[T], "T", "an item of list[T]", "a type variable"),
    (Growing[int], "Growing[int]", "", "ever larger forms"),
    (Abstract, "Abstract", "the dataclass Abstract", "cannot be made empty"),
    (Failure, "Failure", "", "cannot be made empty"),
    (Described, "Described", "", "descriptor"),
    (OnSlots, "OnSlots", "", "slot 'cache'"),
    (Unknown, "Unknown", "the annotations of Unknown", "cannot be looked up"),
    (Incomplete, "Incomplete", "the model Incomplete", "cannot be looked up"),
    (First | Second | None, "None | Twin | Twin", "", "several of its members are called Twin"),
    ("Nowhere", "Nowhere", "", "cannot be looked up"),
    ("a b", "a b", "", "cannot be looked up"),
    ("Itself", "Itself", "", "only ever names itself"),
    (Union1, "int | Union1", "", "contains itself"),
    (Literal[Plain], "", "", "no literal"),  # type: ignore[valid-type]
    (1, "", "", "no type whose values are data"),
]


@pytest.mark.parametrize(("annotation", "named", "where", "reason"), REFUSED, ids=[str(case[0])[:40] for case in REFUSED])
def test_a_type_is_refused_when_declared(annotation: Any, named: str, where: str, reason: str) -> None:
    """The error names the innermost type, the way to it and the reason, and offers the ways out."""
    with pytest.raises(UnencodableType) as caught:
        codec_for(annotation, namespace=globals())
    assert caught.value.annotation.startswith(named)
    assert where in caught.value.where
    assert reason in caught.value.reason
    assert "durable=False" in str(caught.value)


def test_a_refused_type_leaves_nothing_behind() -> None:
    """What was read before a refusal is not taken for readable when it is asked for again."""
    for _ in range(2):
        with pytest.raises(UnencodableType):
            codec_for(Row)
        with pytest.raises(UnencodableType):
            codec_for(tuple[Row, ...])


def test_a_class_made_in_a_function_may_name_itself() -> None:
    """The annotations of a local class can mention the class, which no module knows."""

    @dataclasses.dataclass
    class Local:
        following: Local | None = None

    codec = codec_for(Local)
    assert codec.decode(codec.encode(Local(Local()))) == Local(Local())
