"""Definitions: functions, classes and lambdas as values of the unit that holds them."""

from __future__ import annotations

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
    assert effects(source, "") == ["f(g)"]


def test_dead_definitions_are_nothing() -> None:
    """Nobody makes them."""
    assert Reading("def run():\n return\n def f(): ...\n f()", "run").effects == []


def test_star_imports() -> None:
    """They bind names that are not known here."""
    assert effects("from ..m import *\nx()", "") == ["..m:*", "x()"]
