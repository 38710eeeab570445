"""Declarations that cannot work are refused where they stand, each with a message that names the way out."""

from __future__ import annotations

import re
from collections.abc import Callable  # noqa: TC003  # evaluated with the declarations
from dataclasses import dataclass
from typing import Any

import pytest

from lestockage import Database, Input, Key, query, task
from lestockage.errors import DeclarationError


class File(Input):
    path: Key[str]


class Opaque:
    """A class without an encoding."""


@dataclass
class Changeable:
    items: tuple[int, ...]


def without_return(db: Database):  # type: ignore[no-untyped-def]  # noqa: ANN201
    return 1


def without_annotation(db: Database, x) -> int:  # type: ignore[no-untyped-def]  # noqa: ANN001
    return 1


def with_a_name_of_the_engine(db: Database, _memo: int) -> int:
    return _memo


def without_database() -> int:
    return 1


def variadic(db: Database, *xs: int) -> int:
    return 1


def of_list(db: Database, xs: list[int]) -> int:
    return 1


def of_nested_set(db: Database, xs: tuple[str, set[int] | None]) -> int:
    return 1


def of_changeable(db: Database, x: Changeable) -> int:
    return 1


def of_opaque(db: Database, x: Opaque) -> int:
    return 1


def of_function(db: Database, x: Callable[[], int]) -> int:
    return 1


def to_opaque(db: Database) -> list[Opaque]:
    return []


def undefined(db: Database, x: Missing) -> int:  # type: ignore[name-defined]  # noqa: F821
    return 1


def fine(db: Database, x: int) -> int:
    return x


async def coroutine(db: Database, x: int) -> int:
    return x


def _same(one: Any, other: Any) -> bool:
    return bool(one == other)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (without_return, "has no return annotation: write `-> type`"),
        (without_annotation, "parameter 'x' of query tests.typing.test_declarations.without_annotation has no annotation: write its type"),
        (with_a_name_of_the_engine, "has a name that the engine uses: call it otherwise"),
        (without_database, "takes no database: write `def without_database(db: Database, …)`"),
        (variadic, "takes *xs: 'int': a memo's key needs named parameters; pass a tuple instead"),
        (of_list, "is a list[int], which can change after the call and is no key: take a tuple"),
        (of_nested_set, "is a set[int], which can change after the call and is no key: take a tuple, a frozenset"),
        (of_changeable, "is a Changeable, which can change after the call and is no key: take a tuple, a frozenset, a frozen class"),
        (of_opaque, "is a Opaque, which cannot be part of a stored key"),
        (of_opaque, "declare @query(durable=False)"),
        (of_function, "declare @query(durable=False)"),
        (to_opaque, "Return a supported type, or declare @query(durable=False)"),
        (undefined, "name 'Missing' is not defined. Annotations are evaluated when the declaration is made: define or import"),
        (42, "42 is no function: write @query or @task above `def`"),
        (classmethod(fine), "is no function: write @query or @task above `def`, and below @staticmethod"),
    ],
)
def test_what_cannot_be_a_query_is_refused(function: Any, message: str) -> None:
    """The message says what is missing or wrong, and what to write instead."""
    with pytest.raises(DeclarationError, match=re.escape(message)):
        query(function)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"durrable": True}, "@query(…) has no option 'durrable': options are durable=, version=, eq=, no_eq=, traces=, lru="),
        ({"eq": _same, "no_eq": True}, "eq= and no_eq=True exclude each other: keep one"),
        ({"lru": 0}, "lru=0 is no capacity: give a positive number"),
        ({"lru": "many"}, "lru=many is no capacity"),
        ({"eq": 3}, "eq= takes a function"),
        ({"cycle_result": fine, "cycle_initial": fine}, "exclude each other: keep one kind"),
        ({"cycle_fn": fine}, "cycle_fn= has nothing to start from: give cycle_initial= too"),
    ],
)
def test_options_without_meaning_are_refused(options: dict[str, Any], message: str) -> None:
    """Unknown ones, wrong ones, and combinations."""
    with pytest.raises(DeclarationError, match=re.escape(message)):
        query(**options)(fine)


def test_an_async_query_has_no_cycle_options() -> None:
    """The message says where the circle belongs."""
    with pytest.raises(DeclarationError, match="move the circle into plain queries"):
        query(cycle_result=fine)(coroutine)


def test_a_task_has_fewer_options() -> None:
    """What a query may be told, a task may not all."""
    with pytest.raises(DeclarationError, match=re.escape("@task(…) has no option 'lru': options are version=, eq=")):
        task(lru=3)(fine)  # type: ignore[call-overload]
    with pytest.raises(DeclarationError, match=r"a task is a pure function\. Declare an async query"):
        task(coroutine)


def test_what_is_not_stored_may_take_anything() -> None:
    """`durable=False` is the way out that the messages name."""
    assert query(durable=False)(of_opaque)(Database(), Opaque()) == 1
    assert query(durable=False)(to_opaque)(Database()) == []


def test_a_field_needs_an_annotation() -> None:
    """A value in a class of handles without one is a mistake."""
    with pytest.raises(DeclarationError, match=r"Bad\.size has a value but no annotation: write `size: int = …`"):

        class Bad(Input):
            size = 3


def test_local_names_may_be_used_in_annotations() -> None:
    """A query declared inside a function finds the classes declared there."""

    class Local(Input):
        value: int

    class Holder(Input):
        local: Local | None = None

    @query
    def value(db: Database, local: Local) -> int:
        return local.value

    db = Database()
    holder = Holder(db, local=Local(db, value=3))
    assert holder.local is not None
    assert value(db, holder.local) == 3
