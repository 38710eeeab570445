"""No caller, and no body, can change what the next caller or the comparison sees; what is declared immutable is shared."""

from __future__ import annotations

from collections.abc import Callable  # noqa: TC003  # evaluated with the declarations
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt  # evaluated with the declarations
import pytest
from pydantic import BaseModel

from lestockage import Database, Input, Key, Tracked, query, task
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.engine.query import Query
    from lestockage.testing import EventLog


class Source(Input):
    text: str


@dataclass
class Box:
    items: list[str] = field(default_factory=list)


class Model(BaseModel):
    items: list[str]


class Pair(NamedTuple):
    left: list[str]
    right: int


@dataclass(frozen=True)
class Frozen:
    items: tuple[str, ...]


KEPT: list[Any] = []
"""What the bodies below return, kept by them as a body may."""


def _keep(value: Any) -> Any:
    KEPT.append(value)
    return value


@query
def a_list(db: Database, source: Source) -> list[str]:
    return _keep(source.text.split())


@query
def a_nested_list(db: Database, source: Source) -> tuple[list[list[str]], ...]:
    return _keep(([source.text.split()],))


@query
def a_dict(db: Database, source: Source) -> dict[str, list[int]]:
    return _keep({word: [1] for word in source.text.split()})


@query
def a_set(db: Database, source: Source) -> set[str]:
    return _keep(set(source.text.split()))


@query
def a_bytearray(db: Database, source: Source) -> bytearray:
    return _keep(bytearray(source.text.encode()))


@query
def a_dataclass(db: Database, source: Source) -> Box:
    return _keep(Box(source.text.split()))


@query
def a_model(db: Database, source: Source) -> Model:
    return _keep(Model(items=source.text.split()))


@query
def a_named_tuple(db: Database, source: Source) -> Pair:
    return _keep(Pair(source.text.split(), 1))


@query
def an_array(db: Database, source: Source) -> npt.NDArray[np.int64]:
    return _keep(np.array([len(word) for word in source.text.split()], dtype=np.int64))


@query
def an_optional_list(db: Database, source: Source) -> list[str] | None:
    return _keep(source.text.split())


def _spoil_array(value: Any) -> None:
    value[0] = 99


MUTABLE: list[tuple[Query[..., Any], Callable[[Any], object]]] = [
    (a_list, lambda value: value.append("x")),
    (a_nested_list, lambda value: value[0][0].append("x")),
    (a_dict, lambda value: value["one"].append(2)),
    (a_set, lambda value: value.clear()),
    (a_bytearray, lambda value: value.extend(b"x")),
    (a_dataclass, lambda value: value.items.append("x")),
    (a_model, lambda value: value.items.append("x")),
    (a_named_tuple, lambda value: value.left.append("x")),
    (an_array, _spoil_array),
    (an_optional_list, lambda value: value.append("x")),
]
mutable = pytest.mark.parametrize(("ask", "spoil"), MUTABLE, ids=[ask.__name__ for ask, _ in MUTABLE])


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Every test starts with bodies that have kept nothing."""
    KEPT.clear()


@mutable
def test_what_a_caller_spoils_is_its_own(db: Database, log: EventLog, ask: Query[..., Any], spoil: Callable[[Any], object]) -> None:
    """The first result, a hit, and a hit inside another query: each caller has its own."""
    source = Source(db, text="one two")
    expected = repr(ask(db, source))
    for _ in range(2):
        spoil(ask(db, source))

    @query
    def inside(db: Database) -> str:
        spoil(ask(db, source))
        return repr(ask(db, source))

    assert (inside(db), repr(ask(db, source))) == (expected, expected)
    assert_executed(log, ask, inside)


@mutable
def test_what_the_body_kept_is_not_the_memo(db: Database, ask: Query[..., Any], spoil: Callable[[Any], object]) -> None:
    """The body may hold on to what it returned, and change it afterwards."""
    source = Source(db, text="one two")
    first = ask(db, source)
    expected = repr(first)
    spoil(KEPT[0])
    assert repr(ask(db, source)) == expected


@mutable
def test_the_comparison_sees_the_original(db: Database, log: EventLog, ask: Query[..., Any], spoil: Callable[[Any], object]) -> None:
    """Spoilt copies do not make an equal result look changed, nor a changed one equal."""
    source = Source(db, text="one two")

    @query
    def above(db: Database) -> str:
        return repr(ask(db, source))

    above(db)
    spoil(ask(db, source))
    spoil(KEPT[0])
    log.clear()
    source.text = "one two"
    source.text = "one  two" if ask is not a_bytearray else "one two"
    above(db)
    assert log.executed == ([] if ask is a_bytearray else [f"{ask.__name__}(Source())"])


@query
def a_tuple(db: Database, source: Source) -> tuple[str, ...]:
    return tuple(source.text.split())


@query
def a_frozen_dataclass(db: Database, source: Source) -> Frozen:
    return Frozen(tuple(source.text.split()))


@query
def a_frozenset(db: Database, source: Source) -> frozenset[str]:
    return frozenset(source.text.split())


@query
def a_handle(db: Database, source: Source) -> Source | None:
    return source


@pytest.mark.parametrize("ask", [a_tuple, a_frozen_dataclass, a_frozenset, a_handle], ids=lambda ask: ask.__name__)
def test_what_is_declared_immutable_is_shared(db: Database, ask: Query[..., Any]) -> None:
    """Every caller has the identical object: immutable results pay nothing."""
    source = Source(db, text="one two")
    assert ask(db, source) is ask(db, source)


class Bag(Input):
    name: Key[str]
    items: list[str]


class Made(Tracked):
    name: Key[str]
    items: list[str]


@query
def made(db: Database, bag: Bag) -> Made:
    return Made(db, name="made", items=[*bag.items])


@query
def count(db: Database, bag: Bag) -> int:
    return len(bag.items) + len(made(db, bag).items)


def test_a_cell_is_not_changed_behind_its_back(db: Database, log: EventLog) -> None:
    """Neither through the list that was given, nor through the one that was read; setting is the only way."""
    given = ["a"]
    bag = Bag(db, name="b", items=given)
    given.append("x")
    bag.items.append("y")
    assert (bag.items, count(db, bag)) == (["a"], 2)
    log.clear()
    bag.items = ["a", "b"]
    assert count(db, bag) == 4
    assert_executed(log, count, made)


def test_a_tracked_field_is_not_changed_behind_its_back(db: Database) -> None:
    """A reader that changes its list leaves the struct as it was made."""
    bag = Bag(db, name="b", items=["a"])
    made(db, bag).items.append("x")
    assert made(db, bag).items == ["a"]


@task
def split(text: str) -> list[str]:
    return text.split()


def test_a_task_result_is_protected_too(db: Database) -> None:
    """Tasks are shared by everybody, so all the more."""
    split(db, "a b").append("x")
    split(db, "a b").append("y")
    assert split(db, "a b") == ["a", "b"]


class Opaque:
    """A class that the engine knows nothing of."""

    def __init__(self) -> None:
        self.items: list[str] = []


@query(durable=False)
def opaque(db: Database) -> list[Opaque]:
    return [Opaque()]


def test_objects_of_unknown_classes_are_shared_and_their_containers_are_not(db: Database) -> None:
    """With `durable=False`: a list is protected, what it holds is the program's own affair."""
    first = opaque(db)
    first.append(Opaque())
    second = opaque(db)
    assert len(second) == 1
    assert second[0] is opaque(db)[0] is first[0]
