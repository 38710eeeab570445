"""Definitions: functions, classes and lambdas as values of the unit that holds them."""

from __future__ import annotations

import pytest

from tests.languages.value_flow.reading import Reading, called, effects


def test_repeated_definitions_are_told_apart() -> None:
    """Each has its ordinal."""
    assert called("def f(): ...\nf()\ndef f(): ...\nf()", "") == ["f", "f#1"]
    assert called("if c:\n def f(): ...\nelse:\n def f(): ...\nf()", "") == ["f|f#1"]


def test_decorators_are_applied_from_the_inside() -> None:
    """The name is bound to what the outermost gives; each application has its ordinal."""
    reading = Reading("@a\n@b(1)\ndef f(): ...\nf()")
    assert reading.effects == ["b(a int)", "@b(a int)(f)", "@a(@b(a int)(f))", "@a(@b(a int)(f))()"]
    assert reading.sites == [1, 2, 0, 3]


def test_a_decorated_class() -> None:
    """Likewise."""
    assert called("@a\nclass C: ...\nC()", "") == ["@a(C)"]


def test_defaults_flow_into_parameters() -> None:
    """Of functions and lambdas, positional or not; numbers do not."""
    assert effects("def f(a, b=x, /, c=1, *, d=y): ...\nz = lambda e=x: 0", "") == ["f(b=x)", "f(d=y)", "<lambda1>(e=x)"]


def test_what_makes_a_class_is_told_its_keywords() -> None:
    """All but the metaclass, which belongs to the class."""
    assert effects("class C(A, metaclass=M, key=x, **y): ...", "") == ["class C(key=x, **y)"]


def test_the_names_that_class_patterns_take_by_position() -> None:
    """Those of a display of strings; what is computed is not known."""
    assert "matches a, b" in effects("class C:\n __match_args__ = ('a', 'b')", "C")
    assert not [each for each in effects("class C:\n __match_args__ = ('a', x)", "C") if each.startswith("matches")]


SETTING = {
    "first of all": ("self.a = 1\nself.b: B = g()", ["a", "b"]),
    "what stands before the class's": ("self.a = f(self.a)", ["a"]),
    "not behind another reading": ("self.a = 1\nself.b = f(self.a)", ["a"]),
    "not behind a call with it": ("super().__init__()\nself.a = 1", []),
    "not behind a return": ("if x: return\nself.a = 1", []),
    "behind a check": ("if not x: raise E\nself.a = x", ["a"]),
    "not in a branch": ("if x: self.a = 1\nself.b = 1", []),
    "not what another object has": ("x.a = self.b = 1", ["b"]),
}


@pytest.mark.parametrize("case", SETTING)
def test_the_attributes_that_an_initializer_sets_first(case: str) -> None:
    """They are there before anybody else sees the object."""
    body, wanted = SETTING[case]
    lines = "\n".join("  " + line for line in body.split("\n"))
    found = [each for each in effects(f"class C:\n def __init__(self, x):\n{lines}", "C.__init__") if each.startswith("sets")]
    assert found == ([f"sets {', '.join(wanted)}"] if wanted else [])


def test_lambdas_are_numbered_within_their_unit() -> None:
    """They are units like any other, by their names within it: where a unit stands is no part of its summary."""
    assert called("def run():\n f = lambda: 1\n g = lambda: 2\n g(f)") == ["<lambda2>"]


def test_a_lambda_of_a_lambda() -> None:
    """It belongs to the lambda."""
    reading = Reading("f = lambda x: lambda: x()", "<lambda1>")
    assert (reading.result, reading.cells) == ("<lambda1>", {"x": "<x>"})
    assert called("f = lambda x: lambda: x()", "<lambda1>.<lambda1>") == ["x"]


def test_bases_and_metaclass() -> None:
    """They belong to the class; calls among them are made by who defines it, and known to the class by their values only."""
    source = "class C(A, B[T], f(g), metaclass=M): ..."
    reading = Reading(source, "C")
    assert reading.bases == ["^A", "^B", "^f(^g)"]
    assert reading.effects == ["^f(^g)", "metaclass ^M"]
    assert reading.sites == [-1]
    assert effects(source, "") == ["f(g)", "class C()"]


def test_dead_definitions_are_nothing() -> None:
    """Nobody makes them."""
    assert Reading("def run():\n return\n def f(): ...\n f()", "run").effects == []


def test_star_imports() -> None:
    """They bind names that are not known here."""
    assert effects("from ..m import *\nx()", "") == ["..m:*", "x()"]


def test_parameters_that_an_initializer_keeps() -> None:
    """They are stored as they are, by `__init__` only, and the annotation of one is the attribute's."""
    source = "class C:\n def __init__(self, a, b: B):\n  self.a = a\n  self.b = b\n  self.c = f(a)\n def m(self, a): self.a = a"
    found = effects(source, "C.__init__")
    assert [each for each in found if " keeps " in each or " = " in each] == [
        "<self>.a keeps <a>",
        "<self>.b keeps <b>|a ^B",
        "<self>.c = f(<a>)",
    ]
    assert "b: a ^B" in found
    assert "<self>.a = <a>" in effects(source, "C.m")
