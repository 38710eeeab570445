"""Tests: what `isinstance`, comparisons and patterns tell of a value."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import Reading, called

TESTS = {
    "isinstance": ("if isinstance(c, K): c()", ["isinstance", "(<c> is K)"]),
    "its else": ("if isinstance(c, K): pass\nelse: c()", ["isinstance", "(<c> is no K)"]),
    "behind both": ("if isinstance(c, K): pass\nc()", ["isinstance", "<c>"]),
    "behind a return": ("if not isinstance(c, K): return\nc()", ["isinstance", "(<c> is K)"]),
    "one of several": ("if isinstance(c, (K, L)): c()", ["isinstance", "(<c> is K)|(<c> is L)"]),
    "none of several": ("if isinstance(c, K | L): pass\nelse: c()", ["isinstance", "((<c> is no K) is no L)"]),
    "and": ("if isinstance(c, K) and c(): c()", ["isinstance", "(<c> is K)", "(<c> is K)"]),
    "or": ("if isinstance(c, K) or c(): c()", ["isinstance", "(<c> is no K)", "<c>"]),
    "of an attribute": ("if isinstance(c.x, K): c.x()", ["isinstance", "(<c>.x is K)"]),
    "of an attribute, behind a call": ("if isinstance(c.x, K):\n d()\n c.x()", ["isinstance", "<d>", "<c>.x"]),
    "in an expression": ("return c() if isinstance(c, K) else c()", ["isinstance", "(<c> is K)", "(<c> is no K)"]),
    "in an operand": ("return isinstance(c, K) and c()", ["isinstance", "(<c> is K)"]),
    "in an assertion": ("assert isinstance(c, K)\nc()", ["isinstance", "(<c> is K)"]),
    "in a comprehension": ("[x() for x in c if isinstance(x, K)]", ["isinstance", "(each of <c> is K)"]),
    "of a global": ("if isinstance(h, K): h()\nh()", ["isinstance", "(h is K)", "h"]),
    "in a loop's test": ("while isinstance(c, K): c = c.x\nc()", ["isinstance", "((... is K).x|<c> is no K)"]),
    "type is": ("if type(c) is K: c()", ["type", "(<c> is K)"]),
    "of what is not known": ("x = None\nif isinstance(x, K): x()", ["isinstance", "a K"]),
    "callable": ("if callable(c): c()", ["callable", "<c>"]),
    "is not None": ("x = c or None\nif x is not None: x()", ["<c>"]),
}


@pytest.mark.parametrize("case", TESTS)
def test_what_a_test_tells(case: str) -> None:
    """Behind a test, the value is what the test asked for; behind both outcomes, what it was."""
    body, wanted = TESTS[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    assert called(f"def run(c, d):\n{lines}") == wanted


PATTERNS = {
    "a capture": ("case x: x()", ["<c>"]),
    "a value": ("case m.X: c()", ["<c>"]),
    "None": ("case None: c()\ncase _: c()", ["?", "<c>"]),
    "a sequence": ("case [x, (y, _)]: x(); y()", ["<c><0/2>", "<c><1/2><0/2>"]),
    "a starred one": ("case [x, *y, z]: y(); z()", ["<c><1..1>", "<c><-1/-1>"]),
    "a mapping": ("case {'a': x, **r}: x(); r()", ["<c>['a']", "dict0"]),
    "a class": ("case K(): c()", ["(<c> is K)"]),
    "the next case": ("case K(): pass\ncase _: c()", ["(<c> is no K)"]),
    "a class that asks for more": ("case K(x=1): pass\ncase _: c()", ["<c>"]),
    "a class with a guard": ("case K() if d: pass\ncase _: c()", ["<c>"]),
    "as": ("case K() as x: x()", ["(<c> is K)"]),
    "an attribute": ("case K(a=x): x()", ["(<c> is K).a"]),
    "a position": ("case K(x): x()", ["(<c> is K).K-0"]),
    "alternatives": ("case K() | L() as x: x()", ["(<c> is K)|(<c> is L)"]),
    "a guard": ("case x if x(): x()", ["<c>", "<c>"]),
    "behind what matches all": ("case _: d()\ncase K(): c()", ["<d>"]),
}


@pytest.mark.parametrize("case", PATTERNS)
def test_patterns(case: str) -> None:
    """Each case captures parts of the subject, and tells what the subject is."""
    body, wanted = PATTERNS[case]
    lines = "\n".join("  " + line for line in body.split("\n"))
    assert called(f"def run(c, d):\n match c:\n{lines}") == wanted


def test_behind_a_match() -> None:
    """What no case or any case has left."""
    body = " x = f\n match c:\n  case 1: x = g\n  case 2: return\n  case _ if c: x = h\n x()"
    assert called(f"def run(c):\n{body}") == ["f|g|h"]
    assert called("def run(c):\n x = f\n match c:\n  case 1: x = g\n  case _: x = h\n x()") == ["g|h"]


def test_the_parts_of_a_display_are_known() -> None:
    """A subject that is made on the spot is matched element by element."""
    assert called("match (f, g):\n case (x, y): y()", "") == ["g"]


CASES = {
    "two questions, by cases": (
        "if c.a():\n x = d.p\nelse:\n x = d.q\nif c.b(): x()",
        [
            "<c> if a if b.a",
            "<c> if a if b.b",
            "<d>.p",
            "<c> if a if not b.a",
            "<c> if a if not b.b",
            "<c> if not a if b.a",
            "<c> if not a if b.b",
            "<d>.q",
            "<c> if not a if not b.a",
            "<c> if not a if not b.b",
            "<c> if maybe a|<c> if maybe b.a",
            "<c> if maybe a|<c> if maybe b.b",
            "<d>.p|<d>.q",
        ],
    ),
    "one question twice": (
        "if c.a(): d.p()\nif not c.a(): d.q()",
        [
            *("<c> if a.a", "<d>.p", "<c> if a.a"),
            *("<c> if not a.a", "<c> if not a.a", "<d>.q"),
            *("<c> if maybe a.a", "<d>.p", "<c> if maybe a.a", "<d>.q"),
        ],
    ),
    "in an expression": (
        "x = d.p if c.a() else d.q\nif c.a() and d: x()",
        ["<c> if a.a", "<c> if a.a", "<d>.p", "<c> if not a.a", "<c> if not a.a", "<c> if maybe a.a", "<c> if maybe a.a", "<d>.p|<d>.q"],
    ),
    "a question once": ("if c.a(): c.b()\nelse: c.d()", ["<c>.a", "<c>.b", "<c>.d"]),
    "of a name that is bound again": ("c = c.x\nif c.a(): c.b()\nif c.a(): c.d()", ["<c>.x.a", "<c>.x.b", "<c>.x.a", "<c>.x.d"]),
    "with an argument": ("if c.a(1): c.b()\nif c.a(1): c.d()", ["<c>.a", "<c>.b", "<c>.a", "<c>.d"]),
    "of three methods, the two that are asked most": (
        "if c.a(): d()\nif c.a(): d()\nif c.b(): d()\nif c.b(): d()\nif c.z(): d.z()",
        None,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_more_than_once_makes_cases(case: str) -> None:
    """Each branch of either test is seen with what may answer so, and no other."""
    body, wanted = CASES[case]
    lines = "\n".join(" " + line for line in body.split("\n"))
    found = called(f"def run(c, d):\n{lines}")
    if wanted is None:
        assert {each.removeprefix("<c> ").rpartition(".")[0] for each in found if each.startswith("<c>")} == {
            *(f"if {a}a if {b}b" for a in ("", "not ") for b in ("", "not ")),
            "if maybe a|<c> if maybe b",
        }
    else:
        assert found == wanted


def test_a_parameter_that_is_returned_in_every_case_is_returned() -> None:
    """What one caller passes, it gets back: not what others pass."""
    source = "def run(c):\n if c.a(): pass\n if c.b(): pass\n return c\n"
    assert Reading(source, "run").result == "<c>"
