"""Shapes: declared types that the tests of the codec share."""

from __future__ import annotations

import dataclasses
import enum
import functools
from typing import Annotated, Any, Generic, Literal, NamedTuple, NewType, NotRequired, Required, TypedDict, TypeVar, Union

import pydantic

T = TypeVar("T")


class Color(enum.Enum):
    """A plain enum with an alias."""

    RED = 1
    BLUE = 2
    ROUGE = 1  # noqa: PIE796  # an alias, on purpose


class Level(enum.IntEnum):
    """An enum whose members are integers."""

    LOW = 1
    HIGH = 2


class Access(enum.Flag):
    """Flags with a named combination."""

    READ = 1
    WRITE = 2
    RUN = 4
    BOTH = 3


class Loose(enum.IntFlag):
    """Flags that keep bits without a name."""

    ONE = 1
    TWO = 2


class Point(NamedTuple):
    """A named tuple of plain fields."""

    x: int
    y: float
    label: str | None = None


class Path3(NamedTuple):
    """A named tuple of named tuples."""

    start: Point
    rest: tuple[Point, ...]


class Empty(NamedTuple):
    """A named tuple without fields."""


class Roomy(Point):
    """A named tuple that can take more attributes."""


@dataclasses.dataclass(frozen=True, slots=True)
class Frozen:
    """A frozen, slotted dataclass."""

    name: str
    places: tuple[int, ...] = ()


@dataclasses.dataclass
class Mutable:
    """A dataclass that can be changed, with a default."""

    items: list[int]
    note: str = "n"


@dataclasses.dataclass(frozen=True)
class Checked:
    """A dataclass whose own code would refuse what is read back, were it run."""

    value: int

    def __post_init__(self) -> None:
        """Refuse everything, once armed."""
        if self.armed:
            raise AssertionError("reading back ran code")

    armed = False


@dataclasses.dataclass
class NoFields:
    """A dataclass without fields."""


@dataclasses.dataclass(frozen=True)
class Linked:
    """A recursive dataclass."""

    value: int
    following: Linked | None = None


@dataclasses.dataclass
class Box(Generic[T]):
    """A generic dataclass."""

    held: T
    more: list[T] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Crate(Box[int]):
    """A subclass that says what its base's variable is."""


@dataclasses.dataclass(frozen=True)
class WithCache:
    """A dataclass that keeps something derived in its instances."""

    value: int

    @functools.cached_property
    def double(self) -> int:
        """Twice the value."""
        return self.value * 2


class Options(TypedDict, total=False):
    """A typed dictionary of plain values, one required."""

    name: Required[str]
    size: int


class Nested(TypedDict):
    """A typed dictionary of values that are not plain."""

    color: Color
    extra: NotRequired[Annotated[list[Color], "any metadata"]]


class FrozenModel(pydantic.BaseModel):
    """A frozen pydantic model."""

    model_config = pydantic.ConfigDict(frozen=True)

    name: str
    count: int = 0
    parts: tuple[Frozen, ...] = ()


class OpenModel(pydantic.BaseModel):
    """A model with extra and private attributes."""

    model_config = pydantic.ConfigDict(extra="allow")

    name: str = "open"
    items: list[int] = []
    _secret: int = 7
    _late: list[str] = pydantic.PrivateAttr()


class RootList(pydantic.RootModel[list[int]]):
    """A model that is one value."""


Meters = NewType("Meters", float)
Json = Union[dict[str, "Json"], list["Json"], str, int, float, bool, None]  # noqa: UP007  # a forward reference cannot stand beside |
Deep = tuple[int, "Deep | None"]
Word = Literal["a", "b", 1, True, None, b"x"]  # noqa: PYI061  # None among the others is the case in point
Mixed = Literal[Color.RED, "RED", Color.BLUE]
Anything = Any
