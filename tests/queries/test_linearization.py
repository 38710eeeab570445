"""Linearization: the order is Python's own."""

from __future__ import annotations

import random

import pytest

from lestockage.queries.linearization import linearize


@pytest.mark.parametrize("seed", range(40))
def test_order_is_that_of_python(seed: int) -> None:
    """Over random class graphs the order equals `__mro__`, and is refused exactly where Python refuses the class."""
    choices = random.Random(seed)  # noqa: S311  # repeatable on purpose
    classes: list[type] = []
    orders: dict[type | str, list[type | str]] = {}
    for number in range(14):
        bases = tuple(choices.sample(classes, min(len(classes), choices.randrange(4))))
        name = f"C{number}"
        found, is_consistent = linearize(name, [orders[base] for base in bases])
        try:
            made = type(name, bases, {})
        except TypeError:
            assert not is_consistent
            assert set(found) == {name, *(each for base in bases for each in orders[base])}
            continue
        assert is_consistent
        order: list[type | str] = [made, *found[1:]]
        assert order == list(made.__mro__[:-1])
        classes.append(made)
        orders[made] = order
