"""Operations: which special methods an expression or statement may run."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import Reading, called, effects

OPERATIONS = {
    "an operator": ("return c + d", ["<c> add <d>"]),
    "of a literal": ("return 1 + d", ["a int add <d>"]),
    "of literals": ("return 1 + 2", []),
    "augmented": ("c |= d", ["<c> ior <d>"]),
    "a comparison": ("return c < d", ["<c> lt <d>"]),
    "a chain": ("return c < d <= c", ["<c> lt <d>", "<d> le <c>"]),
    "identity": ("return c is d", []),
    "in": ("return c not in d", ["<d>.__contains__(<c>)"]),
    "a sign": ("return -c", ["<c>.__neg__()"]),
    "not": ("return not c", ["<c>.__bool__()"]),
    "a test": ("if c: pass", ["<c>.__bool__()"]),
    "a test of a comparison": ("if c == d: pass", ["<c> eq <d>"]),
    "tests in a test": ("if c and not d: pass", ["<c>.__bool__()", "<d>.__bool__()"]),
    "or as a value": ("return c or d", ["<c>.__bool__()"]),
    "a loop's test": ("while c: pass", ["<c>.__bool__()"]),
    "an assertion": ("assert c, d.x", ["<c>.__bool__()"]),
    "a condition of a comprehension": ("return {x for x in c if d}", ["<d>.__bool__()", "set0[*] <- each of <c>"]),
    "a formatted value": ("return f'{c}{d!r}{1}'", ["<c>.__format__()", "<d>.__repr__()"]),
    "a nested format": ("return f'{c:{d}}'", ["<c>.__format__()", "<d>.__format__()"]),
    "with": ("with c as x: x.m", ["<c>.__enter__()", "<c>.__exit__()"]),
    "with two": ("with c, d: pass", ["<c>.__enter__()", "<d>.__enter__()", "<d>.__exit__()", "<c>.__exit__()"]),
    "with that is left": ("with c: return", ["<c>.__enter__()", "<c>.__exit__()"]),
    "raise": ("raise c from d", ["raise <c>", "raise <d>"]),
    "a deleted attribute": ("del c.x", ["<c>.__delattr__()", "del <c>.x"]),
    "an attribute": ("c.x = d", ["<c>.x = <d>"]),
    "an augmented attribute": ("c.x += d", ["<c>.x iadd <d>", "<c>.x = (<c>.x iadd <d>)"]),
    "super": ("super().m()", ["super()", "super(?, ?).m()"]),
    "super with arguments": ("super(c, d).m()", ["super(<c>, <d>)", "super(<c>, <d>).m()"]),
}


@pytest.mark.parametrize("case", OPERATIONS)
def test_operations(case: str) -> None:
    """What may run code is there, and what cannot is not."""
    body, wanted = OPERATIONS[case]
    assert effects(f"def run(c, d):\n {body}") == wanted


def test_what_with_binds() -> None:
    """What `__enter__` gives."""
    assert called("def run(c):\n with c as x: x()") == ["<c>.__enter__()"]
    assert called("async def run(c):\n async with c as x: x()") == ["await <c>.__aenter__()"]


def test_results() -> None:
    """Everything that may be returned, and nothing for a function that only ends."""
    assert Reading("def run(c):\n if c: return f\n return g()", "run").result == "f|g()"
    assert Reading("def run(c):\n return", "run").result == "?"
    assert Reading("run = lambda x: x.y", "run.<lambda1>".removeprefix("run.")).result == "<x>.y"


def test_a_return_in_finally_replaces() -> None:
    """What was being returned is forgotten."""
    assert Reading("def run():\n try: return f\n finally: return g", "run").result == "g"
    assert Reading("def run():\n try: return f\n finally: g()", "run").result == "f"


def test_super_needs_the_object() -> None:
    """The parameter that holds it is a variable, though nothing names it."""
    assert Reading("class C:\n def run(self): super().m()", "C.run").parameters == [("self", 1, "<self>")]


def test_generators() -> None:
    """What is yielded is apart from what is returned."""
    reading = Reading("def run(c):\n yield f\n x = yield c\n y = yield from g()\n return y", "run")
    assert (reading.flags, reading.yields, reading.result) == (2, "<c>|f", "from g()")


def test_what_is_sent_in() -> None:
    """It is the value of `yield`."""
    assert called("def run():\n x = yield\n x()") == ["sent"]


def test_a_dead_yield_makes_a_generator() -> None:
    """As it does for Python."""
    assert Reading("def run():\n return\n yield", "run").flags == 2
    assert Reading("def run():\n return\n lambda: (yield)", "run").flags == 0


def test_coroutines() -> None:
    """They are flagged, and what awaiting gives is a value of its own."""
    reading = Reading("async def run(c):\n return await c.m()", "run")
    assert (reading.flags, reading.result) == (1, "await <c>.m()")


def test_sites_are_those_of_the_calls() -> None:
    """Calls have their ordinals as sites, everything else its statement; definitions in dead code have neither."""
    reading = Reading("def run(c):\n c.a(b()).d()\n if c:\n  c[0]\n return\n e()", "run")
    assert sorted(reading.sites) == [0, 1, 2]
    assert reading.places == {0, 1, 2}
