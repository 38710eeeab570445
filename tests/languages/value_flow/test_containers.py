"""Containers: displays, comprehensions, and what is done with elements."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import Reading, called, effects

DISPLAYS = {
    "a list": ("return [f, c]", ["list0[0] <- f", "list0[1] <- <c>"]),
    "a tuple with numbers": ("return 1, f", ["tuple0[1] <- f"]),
    "texts": ("return ['a', f]", ["list0[0] <- a str", "list0[1] <- f"]),
    "behind a star that is known": (
        "x = (f, c); return [d, *x]",
        ["tuple0[0] <- f", "tuple0[1] <- <c>", "list1[0] <- <d>", "list1[1] <- f", "list1[2] <- <c>"],
    ),
    "a set": ("return {f, c}", ["set0[*] <- f", "set0[*] <- <c>"]),
    "behind a star": ("return [f, *c, d]", ["list0[0] <- f", "list0[*] <- <d>", "list0 += <c>"]),
    "a dict": ("return {'a': f, 2: c, None: d}", ["dict0['a'] <- f", "dict0[2] <- <c>", "dict0['None'] <- <d>"]),
    "keys that are no constants": ("return {c: f}", ["dict0[*] <- f", "dict0 has <c>"]),
    "spread into a dict": ("return {**c, 'a': f}", ["dict0['a'] <- f", "dict0 += <c>"]),
    "a list comprehension": ("return [x for x in c]", ["list0[*] <- each of <c>"]),
    "a generator expression": ("return (f for x in c)", ["generator0[*] <- f"]),
    "a dict comprehension": ("return {x: f for x in c}", ["dict0[*] <- f", "dict0 has each of <c>"]),
    "nested clauses": ("return [y for x in c for y in x]", ["list0[*] <- each of each of <c>"]),
    "an item": ("c['a'] = f", ["<c>['a'] = f"]),
    "an item under a computed key": ("c[d] = f", ["<c>[<d>] = f"]),
    "a slice": ("c[1:2] = d", ["<c>[*] = <d>"]),
    "an augmented item": ("c['a'] += d", ["<c>['a'] iadd <d>", "<c>['a'] = (<c>['a'] iadd <d>)"]),
    "a deleted item": ("del c[d]", ["<c>.__delitem__(<d>)"]),
    "a bytes key": ("c[b'x'] = f", ["<c>[\"b'x'\"] = f"]),
    "a key that cannot be written": ("c['\\ud800'] = f", ["<c>[\"'\\\\ud800'\"] = f"]),
    "a huge key": (f"c[{1 << 70}] = f", [f"<c>['{1 << 70}'] = f"]),
}


@pytest.mark.parametrize("case", DISPLAYS)
def test_what_goes_in(case: str) -> None:
    """Every element of a container goes in under its key, or under none that is known."""
    body, wanted = DISPLAYS[case]
    assert effects(f"def run(c, d):\n {body}\ndef f(): ...") == wanted


def test_a_long_display_is_data() -> None:
    """Its texts go in once, its other elements one by one, all of them under no key."""
    texts = ", ".join(f"'{number}'" for number in range(20))
    assert effects(f"def run(): return [{texts}, f, g]") == ["list0[*] <- a str", "list0[*] <- f", "list0[*] <- g"]


def test_arguments_are_spread() -> None:
    """`*a` and `**k` are told apart from other arguments."""
    assert effects("def run(a, k): f(a, *a, x=k, **k)") == ["f(<a>, *<a>, x=<k>, **<k>)"]


def test_slices_and_items() -> None:
    """A slice is a container again, and its bounds are known where they are constant."""
    assert called("def run(a, i):\n a[1:][i]()\n a[i:][0]()\n a[:-2:2]()\n a[:-2]()") == [
        "<a>[1:None][<i>]",
        "<a>[:][0]",
        "<a>[:]",
        "<a>[None:-2]",
    ]


def test_keys_that_methods_ask_for() -> None:
    """They are told; other arguments are not."""
    assert effects("def run(a): a.get('x', 'y'); a.add('x')") == ["<a>.get('x', a str)", "<a>.add(a str)"]


def test_the_elements_of_an_async_iterable() -> None:
    """They are told apart from others."""
    assert called("async def run(a):\n async for x in a: x()\n [y() async for y in a]") == ["async each of <a>", "async each of <a>"]


def test_a_display_that_is_unpacked_at_once_is_no_container() -> None:
    """Nor is one of pairs that are swapped."""
    reading = Reading("def run(a, b):\n a, b = b, a\n return a", "run")
    assert reading.effects == []
    assert reading.result == "<b>"
