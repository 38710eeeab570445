"""Flow graph: what each construct looks like, on the smallest code that has it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from lestockage.languages.python.control_flow.dependence import control_dependences, program_dependences
from lestockage.languages.python.control_flow.encoding import decode, encode
from lestockage.languages.python.control_flow.flow import build
from lestockage.languages.python.control_flow.kinds import ON_EXCEPTION
from lestockage.languages.python.control_flow.reaching import def_use_chains, reaching_definitions

if TYPE_CHECKING:
    from lestockage.languages.python.control_flow.flow_graph import FlowGraph

UNREACHABLE = {
    "return 1\na": [1],
    "raise a\nb": [1],
    "while True:\n    pass\na": [2],
    "while 1:\n    if a:\n        break\nb": [],
    "while True:\n    if a:\n        return\n    continue\n    b": [4],
    "if False:\n    a\nb": [1],
    "if True:\n    a\nelse:\n    b": [2],
    "if not 0:\n    a\nelse:\n    b": [2],
    "if a and False:\n    b": [1],
    "if a or True:\n    b\nelse:\n    c": [2],
    "for x in y:\n    break\n    z\nelse:\n    w": [2],
    "try:\n    return a\nfinally:\n    b\nc": [3],
    "try:\n    return a\nexcept E:\n    b\nc": [],
    "try:\n    a\nfinally:\n    return 1\nc": [3],
    "with a:\n    return b\nc": [],
    "with a:\n    return 1\nc": [2],
    "match a:\n    case _:\n        return 1\nb": [3],
    "match a:\n    case 1:\n        return 1\nb": [],
    "assert False\na": [],
    "try:\n    pass\nexcept KeyboardInterrupt:\n    a": [],
    "while True:\n    try:\n        continue\n    finally:\n        break\na": [],
}


def graph(body: str) -> FlowGraph:
    """Return the graph of a function of that body, through its encoding."""
    node = ast.parse("def f(p):\n" + "\n".join("    " + line for line in body.splitlines())).body[0]
    assert isinstance(node, ast.FunctionDef)
    return decode(encode(build(node)))


@pytest.mark.parametrize("body", UNREACHABLE)
def test_unreachable_statements_are_known(body: str) -> None:
    """Exactly the statements that no path leads to are unreachable."""
    assert graph(body).unreachable_statements() == UNREACHABLE[body]


def chains(body: str) -> set[tuple[int, int, str]]:
    """Return the def-use chains of a function by statements."""
    found = graph(body)
    return {
        (found.points[source].statement, found.points[target].statement, found.names[name])
        for source, target, name in def_use_chains(found)
    }


def test_a_rebinding_hides_what_was_bound_before() -> None:
    """The last binding on the way is the one that is read."""
    assert chains("x = 1\nx = 2\nx") == {(1, 2, "x")}


def test_branches_join() -> None:
    """What either branch binds may be read behind them; the parameter where one of them binds nothing."""
    assert chains("if p:\n    p = 1\np") == {(-1, 0, "p"), (-1, 2, "p"), (1, 2, "p")}


def test_an_exhausted_loop_binds_nothing() -> None:
    """Behind a loop the target holds its last item, or what it held before."""
    assert {(0, 3, "x"), (1, 3, "x")} <= chains("x = 1\nfor x in p:\n    pass\nx")


def test_an_assignment_that_raises_may_not_have_happened() -> None:
    """A handler may see the value from before, or the new one."""
    assert {(0, 4, "x"), (2, 4, "x")} <= chains("x = 1\ntry:\n    x = p()\nexcept E:\n    x")


def test_a_body_that_runs_later_reads_every_binding() -> None:
    """A generator expression reads a variable when it is asked for an element: what is bound behind it counts."""
    assert {(0, 1, "x"), (2, 1, "x")} <= chains("x = 1\ng = (x for _ in p)\nx = 2\nnext(g)")


def test_comprehension_variables_are_their_own() -> None:
    """The target of a comprehension is no variable around it; what `:=` binds in it is."""
    assert chains("x = 1\n[x for x in p]\nx") == {(0, 2, "x"), (-1, 1, "p"), (1, 1, "x@1")}
    assert (0, 1, "y") in chains("[y := x for x in p]\ny")


def test_a_lambda_is_no_part_of_what_holds_it() -> None:
    """Its defaults are evaluated where it stands; what its body reads and binds is its own."""
    assert chains("x = 1\nlambda a=x: [y := p for p in a]\ny") == {(0, 1, "x")}


def test_a_lambda_returns_its_body() -> None:
    """A lambda's graph is that of a function with one statement, which is its body."""
    node = ast.parse("lambda a: a or b", mode="eval").body
    assert isinstance(node, ast.Lambda)
    found = decode(encode(build(node)))
    function = ast.parse("def f(a): return a or b").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert found == decode(encode(build(function)))
    assert {point.statement for point in found.points} == {-1, 0}


def test_targets_bind_from_left_to_right() -> None:
    """`x = x.next = p` sets the attribute of the new x."""
    assert chains("x = x.next = p") == {(-1, 0, "p"), (0, 0, "x")}


def test_reaching_definitions_are_per_point() -> None:
    """Each point knows the bindings that may hold when it is reached."""
    found = graph("x = 1\nx = 2")
    assert reaching_definitions(found)[4] == {(0, found.names.index("p")), (3, found.names.index("x"))}


def decided(body: str) -> set[tuple[int, int]]:
    """Return control dependences by statements."""
    found = graph(body)
    return {(found.points[source].statement, found.points[target].statement) for source, target, _ in control_dependences(found)}


def test_a_branch_decides_its_bodies_only() -> None:
    """What follows a branch runs in either case and depends on the entry alone."""
    assert decided("if p:\n    a\nelse:\n    b\nc") == {(0, 1), (0, 2), (-1, 0), (-1, 3)}


def test_a_loop_decides_its_next_round() -> None:
    """The test of a loop decides the body and the test itself."""
    assert {(0, 0), (0, 1)} <= decided("while p:\n    a\nb")


def test_an_early_exit_decides_what_follows() -> None:
    """Behind `if p: return`, everything depends on the branch."""
    assert {(0, 1), (0, 2)} <= decided("if p:\n    return\na")


def test_an_endless_loop_has_dependences_too() -> None:
    """What never ends is analysed all the same."""
    assert (1, 2) in decided("while True:\n    if p:\n        a")


def test_what_may_raise_decides_the_handler() -> None:
    """A handler depends on what may raise in its block."""
    assert (1, 2) in decided("try:\n    a()\nexcept E:\n    b")


def test_a_program_dependence_graph_has_both() -> None:
    """Control and data dependences come together."""
    found = program_dependences(graph("x = p\nif x:\n    x"))
    assert found.control
    assert found.data


def test_what_cannot_raise_has_no_exception() -> None:
    """Constants bound to names raise nothing, so nothing leaves the function that way."""
    assert not graph("x = 1\npass\nreturn 2").may_raise()
    assert graph("x = p()").may_raise()
    assert not graph("while True:\n    pass").may_return()


def test_a_return_in_a_try_passes_its_finally() -> None:
    """The exit is reached from behind the `finally` only."""
    found = graph("try:\n    return 1\nfinally:\n    a = 1")
    into_exit = [edge.source for edge in found.edges if edge.target == 1]
    assert [found.points[source].statement for source in into_exit] == [0]


def test_loops_are_told_by_their_back_edges() -> None:
    """One loop has one edge back; a branch has none."""
    assert sum(edge.is_back for edge in graph("for x in p:\n    a").edges) == 1
    assert not any(edge.is_back for edge in graph("if p:\n    a").edges)


def test_suspension_points_are_marked() -> None:
    """A yield leaves the frame, and may come back with an exception."""
    found = graph("yield p")
    (index,) = [index for index, point in enumerate(found.points) if point.suspends]
    assert any(edge.source == index and edge.kind == ON_EXCEPTION for edge in found.edges)


class Newer(ast.stmt):
    """A statement of a Python to come."""

    _fields = ("name", "value")


class NewerExpression(ast.expr):
    """An expression of a Python to come."""

    _fields = ("inner",)


def test_syntax_of_a_newer_python_is_walked() -> None:
    """A statement that nothing is known of binds its name and falls through; of an expression, the parts are read."""
    module = ast.parse("x = 1\nx")
    module.body.insert(1, Newer(name=ast.Name("y", ast.Store()), value=ast.Constant(1)))
    module.body.append(ast.Expr(NewerExpression(inner=ast.Name("y", ast.Load()))))
    found = decode(encode(build(module)))
    chains = {(found.points[source].statement, found.points[target].statement) for source, target, _ in def_use_chains(found)}
    assert chains == {(0, 2), (1, 3)}
    assert found.unreachable_statements() == []


def test_a_finally_that_only_an_exception_enters_goes_on_with_it() -> None:
    """Where `finally` ends, there is no other way than out: dependences are found all the same."""
    found = graph("try:\n    raise p\nfinally:\n    if p:\n        a")
    decided = {found.points[each.target].statement for each in control_dependences(found) if found.points[each.source].statement == 2}
    assert decided == {3}
