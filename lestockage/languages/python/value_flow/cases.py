"""Cases: a function that asks a parameter's object several questions is walked once for each way in which the answers may come out.

    if graph.is_multigraph():
        kind = MultiView
    else:
        kind = View
    if graph.is_directed():
        graph.view = kind(graph)

A question is a method without arguments in a test. Walked once, branches of different tests meet in between, and what belongs to one kind
of object is found in all. Walked by cases, each branch of either test is seen with those objects alone that answer so (`ANSWERS`);
which these are, the linker finds out from methods that give a constant. What may answer now so, now otherwise (`while queue.more()`) takes
any branch at any test: a last walk is for that, in which what branches leave is joined only if there is such an object.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from lestockage.languages.python.control_flow.flow import own_statements
from lestockage.languages.python.value_flow.names import publish
from lestockage.languages.python.value_flow.opcodes import ANSWERS
from lestockage.languages.python.value_flow.statements import body
from lestockage.languages.python.value_flow.states import restore, snapshot

if TYPE_CHECKING:
    from lestockage.languages.python.unit import Code
    from lestockage.languages.python.value_flow.builder import Builder

Asked = tuple[str, tuple[str, ...]]
"""The name of a parameter, and the methods that it is asked by."""

QUESTIONS: Final = 2
"""Methods that are told apart, each of which doubles the cases."""

LONGEST: Final = 60
"""Statements of a function that is walked by cases."""


def asked_most(b: Builder) -> Asked | None:
    """Return of which parameter the code that was walked has asked most, where that was at least twice, and by which methods."""
    if b.number > LONGEST or not b.asked:
        return None
    name, tests = max(b.asked.items(), key=lambda each: len(each[1]))
    if len(tests) < 2:
        return None
    methods = list(tests.values())
    return name, tuple(sorted(set(methods), key=lambda each: (-methods.count(each), each))[:QUESTIONS])


def walk(node: Code, b: Builder, asked: Asked | None) -> None:
    """Step through a unit's code: once, or once in each case of what is asked."""
    if asked is None:
        _walk(node, b)
        return
    name, methods = asked
    env, paths, dirty = snapshot(b)
    parameter = b.objects[name]
    for answers in (*product((True, False), repeat=len(methods)), ()):
        restore((dict(env), dict(paths), dict(dirty)), b)
        b.number = 0
        b.block = b.stands = b.stands + 1
        found = b.use(parameter)
        if not answers:
            found = b.where = b.use(b.join([_asked(found, method, None, b) for method in methods]))
        for method, answer in zip(methods, answers, strict=False):
            found = _asked(found, method, answer, b)
        b.answers = dict(zip(methods, answers, strict=False))
        b.objects = {name: found}
        b.entire = {found: parameter}
        b.env[name] = found
        _walk(node, b)


def _asked(found: int, method: str, answer: bool | None, b: Builder) -> int:  # an answer is no switch
    """Return what of a value answers so."""
    result = b.variable()
    b.emit((ANSWERS, result, found, method, answer))
    return result


def _walk(node: Code, b: Builder) -> None:
    body(own_statements(node), b)
    if b.live:
        publish(b)
