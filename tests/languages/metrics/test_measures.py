"""Measures: the numbers of one unit, on code written for each rule."""

from __future__ import annotations

import ast
import math
from textwrap import dedent

import msgpack  # type: ignore[import-untyped]
import pytest

from lestockage.errors import CorruptAnalysis
from lestockage.languages.python.control_flow.flow import build, own_statements
from lestockage.languages.python.metrics import halstead, measures
from lestockage.languages.python.metrics.aggregate import (
    Part,
    cognitive_total,
    group_metrics,
    maintainability,
    mccabe_total,
    symbol_metrics,
)
from lestockage.languages.python.metrics.halstead import Halstead
from lestockage.languages.python.survey import parse
from lestockage.queries.measured_symbols import unit_trees
from lestockage.store.analysis_cache import MeasuredNode
from tests.languages.metrics.oracles import part

COGNITIVE = {
    "if a:\n    pass": 1,
    "if a:\n    pass\nelif b:\n    pass\nelse:\n    pass": 3,
    "if a:\n    pass\nelse:\n    for x in y:\n        pass": 4,
    "for x in y:\n    if x:\n        while x:\n            pass": 6,
    "if a and b and c:\n    pass": 2,
    "if a and b or c and d:\n    pass": 4,
    "if a and not (b and c):\n    pass": 3,
    "try:\n    pass\nexcept A:\n    if x:\n        pass": 3,
    "try:\n    pass\nfinally:\n    if x:\n        pass": 1,
    "match a:\n    case 1:\n        if b:\n            pass\n    case _:\n        pass": 3,
    "return a if b else (c if d else e)": 3,
    "return lambda x: 1 if x else 2": 2,
    "return lambda: lambda x: 1 if x else 2": 3,
    "if a:\n    return lambda x: x and a": 2,
    "def inner(f=lambda: 1 if a else 2):\n    if a:\n        pass\nreturn inner": 3,
    "while a:\n    pass\nelse:\n    pass": 2,
    "with a:\n    if b:\n        pass": 1,
    "return [x for x in y if x]": 0,
    "def inner():\n    if a:\n        pass\nx = 1": 2,
    "def inner():\n    if a:\n        pass\nreturn inner": 1,
    "if a:\n    def inner():\n        if a:\n            pass": 4,
    "class Inner:\n    def method(self):\n        if a:\n            pass": 0,
}


def function(body: str) -> Part:
    """Return a function of that body with all that is nested in it."""
    tree = ast.parse("def f():\n" + "\n".join("    " + line for line in body.splitlines()))
    assert isinstance(tree.body[0], ast.FunctionDef)
    return part(tree.body[0])


@pytest.mark.parametrize("body", COGNITIVE)
def test_cognitive_complexity_follows_the_rules(body: str) -> None:
    """Structures count one and their level, `else` and boolean sequences one, nested functions a level more."""
    assert cognitive_total(function(body)) == COGNITIVE[body]


def test_nesting_counts_blocks() -> None:
    """A branch in a loop in a branch is three levels deep."""
    assert function("if a:\n    for x in y:\n        if x:\n            pass").measures.nesting == 3


def test_nested_functions_add_to_mccabe_and_class_bodies_too() -> None:
    """A nested function adds its whole complexity, a nested class what its body and methods decide."""
    nested = function("def g():\n    if a:\n        pass\nclass C:\n    if b:\n        x = 1\n    def m(self):\n        pass")
    assert mccabe_total(nested) == 1 + 2 + 1 + 1


def test_unreachable_statements_are_counted() -> None:
    """What follows a return, and the loop that never ends, is unreachable."""
    source = b"def f():\n    while True:\n        pass\n    a = 1\n    b = 2\n"
    parsed = parse(source)
    found = measures.decode(parsed.facts(parsed.scan.symbols[1].content_hash).metrics)
    assert (found.statements, found.unreachable) == (4, 2)


def test_halstead_counts_operators_and_operands() -> None:
    """`x = a.b(1) + 1`: assignment, attribute, call and sum on x, a and 1 twice."""
    tokens = parse(b"x = a.b(1) + 1\n")._units
    (unit,) = tokens.values()
    assert halstead.count(unit.tokens) == Halstead(4, 3, 4, 4)


def test_halstead_volume_is_length_by_vocabulary() -> None:
    """Volume is length times the logarithm of the vocabulary; nothing has none."""
    assert Halstead(2, 2, 3, 5).volume == 8 * math.log2(4)
    assert (Halstead(0, 0, 0, 0).volume, Halstead(1, 0, 1, 0).difficulty, Halstead(0, 0, 0, 0).effort) == (0, 0, 0)
    assert Halstead(4, 2, 4, 6).difficulty == 6


def test_maintainability_is_within_bounds() -> None:
    """No code is perfectly maintainable; more volume, decisions and lines make it worse, down to 0."""
    assert maintainability(Halstead(0, 0, 0, 0), 1, 0) == 100
    small, large = maintainability(Halstead(2, 2, 3, 5), 1, 3), maintainability(Halstead(90, 900, 30_000, 40_000), 400, 9_000)
    assert 100 > small > 50 > large == 0


def test_a_group_sums_its_functions() -> None:
    """A file's numbers are those of all functions, nested ones too; the worst are told apart."""
    module = ast.parse("def f():\n    if a:\n        pass\n    def g():\n        pass\nclass C:\n    def m(self):\n        x = b and c\n")
    whole = part(module)
    found = group_metrics([whole])
    assert (found.functions, found.worst_mccabe, found.mccabe, found.worst_cognitive) == (3, 3, 4, 1)
    assert group_metrics([]).maintainability == 100
    assert symbol_metrics(whole.nested[0]).mccabe == 3


def test_measures_survive_their_encoding() -> None:
    """What is stored is what was measured."""
    tree = ast.parse(dedent("def f(x):\n    def g():\n        return x\n    return g\n")).body[0]
    assert isinstance(tree, ast.FunctionDef)
    found = measures.measure(build(tree), own_statements(tree), tree.body[:1], ["x", "{If"], 1)
    assert found.definitions == (-1,)
    assert measures.decode(measures.encode(found)) == found


@pytest.mark.parametrize("data", [b"", b"\x01", msgpack.packb([99]), msgpack.packb([1, "x"]), msgpack.packb([1, *"1234567", [1] * 4, []])])
def test_damaged_measures_are_refused(data: bytes) -> None:
    """Bytes that are none of ours raise an error of ours."""
    with pytest.raises(CorruptAnalysis):
        measures.decode(data)


def test_what_is_in_a_head_is_beside_the_definition() -> None:
    """A lambda in a function's head stands between the function and what that holds, and parts neither."""
    parsed = parse(b"def f(a=lambda: 1):\n    def g(): pass\n    class C: pass\n")
    nodes = [
        MeasuredNode(
            place,
            1,
            "m.py",
            f"m.{symbol.name}".rstrip("."),
            0,
            symbol.kind,
            span.line,
            span.end_line,
            parsed.facts(symbol.content_hash).metrics,
        )
        for place, (symbol, span) in enumerate(zip(parsed.scan.symbols, parsed.scan.spans, strict=True))
    ]
    (root,) = unit_trees(nodes)
    assert [tree.node.qualified_name for tree in root.nested] == ["m.f", "m.<lambda1>"]
    assert [tree.node.qualified_name for tree in root.nested[0].nested] == ["m.f.g", "m.f.C"]
