"""References: what a call names, and what stays unknown."""

from __future__ import annotations

import pytest

from lestockage.languages.facts import Site
from lestockage.languages.python.references import LONGEST_PATH
from tests.languages.surveying import facts, sites, targets


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("f()", ["name:f"]),
        ("a.b.c()", ["name:a.b.c"]),
        ("f().g()", ["name:f.().g", "name:f"]),
        ("a[0].g()", ["name:a.[].g"]),
        ("f()()", ["name:f.()", "name:f"]),
        ("f(g(h()))", ["name:f", "name:g", "name:h"]),
        ("f(*a(), k=b(), **c())", ["name:f", "name:a", "name:b", "name:c"]),
        ("''.join(a)", ["literal:str.join"]),
        ("f'{a()}'.strip()", ["literal:str.strip", "name:a"]),
        ("b''.join(a)", ["literal:bytes.join"]),
        ("(1).bit_length()", ["literal:int.bit_length"]),
        ("1.5.hex()", ["literal:float.hex"]),
        ("1j.conjugate()", ["literal:complex.conjugate"]),
        ("True.real()", ["literal:bool.real"]),
        ("[].append(1)", ["literal:list.append"]),
        ("[x for x in y].sort()", ["literal:list.sort"]),
        ("{}.get(1)", ["literal:dict.get"]),
        ("{a: b for a in c}.get(1)", ["literal:dict.get"]),
        ("{1}.pop()", ["literal:set.pop"]),
        ("{a for a in b}.pop()", ["literal:set.pop"]),
        ("().index(1)", ["literal:tuple.index"]),
    ],
)
def test_a_call_names_its_target(call: str, expected: list[str]) -> None:
    """A target is a root and steps; calls come in the order in which they are opened."""
    assert targets(call) == expected


def test_an_awaited_result_is_a_step() -> None:
    """What a coroutine gives is one step further than the coroutine."""
    assert targets("async def f():\n    (await g()).h()", "f") == ["name:g.().await.h", "name:g"]


@pytest.mark.parametrize(
    "call",
    ["(a or b)()", "(lambda: 0)()", "(a if b else c).d()", "(a + b).c()", "(a := b)()", "None.x()", "(-1).x()", "(x for x in y).send(1)"],
)
def test_a_computed_target_is_counted(call: str) -> None:
    """What no name leads to is no call of anything, but it is not forgotten."""
    found = facts(call)
    assert (found.calls, found.unresolvable) == ((), 1)


def test_an_endless_chain_is_computed() -> None:
    """A chain longer than any that people write is not followed to its end for every call along it."""
    assert facts("f" + ".a" * LONGEST_PATH + "()").unresolvable == 0
    assert facts("f" + ".a" * (LONGEST_PATH + 1) + "()").unresolvable == 1


METHOD = """
class C:
    {decorators}
    def {name}({parameters}):
        {body}
"""


@pytest.mark.parametrize(
    ("decorators", "name", "parameters", "body", "expected"),
    [
        ("", "m", "self", "self.x()", ["self:self.x"]),
        ("", "m", "this, /", "this.x()", ["self:this.x"]),
        ("", "m", "self", "self()", ["self:self"]),
        ("", "m", "self", "[self.x() for y in z]", ["self:self.x"]),
        ("", "m", "self", "self = other; self.x()", ["name:self.x"]),
        ("", "m", "self", "del self; self.x()", ["name:self.x"]),
        ("", "m", "*self", "self.x()", ["name:self.x"]),
        ("", "m", "", "self.x()", ["name:self.x"]),
        ("", "m", "*, self", "self.x()", ["name:self.x"]),
        ("@classmethod", "m", "cls", "cls.x()", ["cls:cls.x"]),
        ("@builtins.classmethod", "m", "cls", "cls.x()", ["cls:cls.x"]),
        ("", "__new__", "cls", "cls.x()", ["cls:cls.x"]),
        ("", "__init_subclass__", "cls", "cls.x()", ["cls:cls.x"]),
        ("@staticmethod", "m", "self", "self.x()", ["name:self.x"]),
        ("@property", "m", "self", "self.x()", ["self:self.x"]),
        ("@a()[0]", "m", "self", "self.x()", ["self:self.x"]),
    ],
)
def test_the_receiver_of_a_method_is_known(decorators: str, name: str, parameters: str, body: str, expected: list[str]) -> None:
    """The first parameter of a method is its object, that of a class method its class, unless it is bound again."""
    text = METHOD.format(decorators=decorators or "# none", name=name, parameters=parameters, body=body)
    assert targets(text, f"C.{name}") == expected


def test_a_plain_function_has_no_receiver() -> None:
    """A parameter called self is a parameter, and in a function inside a method a name of the method."""
    assert targets("def f(self): self.x()", "f") == ["name:self.x"]
    assert targets("class C:\n    def m(self):\n        def f(): self.x()", "C.m.f") == ["name:self.x"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("super().m()", ["super:.m", "name:super"]),
        ("super(C, self).m()", ["super:C.m", "name:super"]),
        ("super(a.C, self).m().n()", ["super:a.C.m.().n", "super:a.C.m", "name:super"]),
        ("super()", ["name:super"]),
        ("super(C)", ["name:super"]),
        ("super(C).m()", ["name:super.().m", "name:super"]),
        ("super(f(), self).m()", ["name:super.().m", "name:super", "name:f"]),
        ("super(C, self, k=1).m()", ["name:super.().m", "name:super"]),
    ],
)
def test_super_is_a_root(body: str, expected: list[str]) -> None:
    """A method looked up after a class is told from one looked up on an object; `super` itself is called too."""
    assert targets(f"class C:\n    def m(self):\n        {body}", "C.m") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[f() for f in g()]", ["bound:f", "name:g"]),
        ("[f() for f in f()]", ["bound:f", "name:f"]),
        ("[f() for f in g if f() for h in f(h)]", ["bound:f", "bound:f", "bound:f"]),
        ("{f(): x() for f, x in y}", ["bound:f", "bound:x"]),
        ("{a() for b in c if b() for a in b()}", ["bound:a", "bound:b", "bound:b"]),
        ("(f.x() for *f, g.h in y)", ["bound:f.x"]),
        ("[[f() for f in g] for g in h] + [f()]", ["bound:f", "name:f"]),
        ("(lambda: (f := g), f())", ["name:f"]),
        ("[(f := x) for y in z] + [f()]", ["name:f"]),
    ],
)
def test_comprehensions_hide_names(text: str, expected: list[str]) -> None:
    """A name bound by a comprehension is never taken for one outside; its first iterable is outside."""
    assert targets(text) == expected


def test_comprehensions_of_a_class_body_look_past_it() -> None:
    """Names of a class body are not seen from comprehensions in it, except in the first iterable."""
    assert targets("class C:\n    k = [f() for x in g()]", "C") == ["closure:f", "name:g"]


@pytest.mark.parametrize(
    ("text", "around", "inside"),
    [
        ("lambda f: f(g())", [], ["name:f", "name:g"]),
        ("lambda *f, k=f(), **g: (f(), g(), k())", ["name:f"], ["name:f", "name:g", "name:k"]),
        ("h(lambda: [(f := x) for y in z] + [f(), y()])", ["name:h"], ["name:f", "name:y"]),
        ("[lambda: f(g()) for f in h(lambda: f())]", ["name:h"], ["bound:f", "name:g"]),
        ("[lambda f: f(g()) for f, g in h]", [], ["name:f", "bound:g"]),
        ("[lambda: [f() for f in g()] for f in g]", [], ["bound:f", "name:g"]),
        ("[lambda: (f := f()) for f in g]", [], ["name:f"]),
    ],
)
def test_a_lambda_reads_names_as_a_function_does(text: str, around: list[str], inside: list[str]) -> None:
    """A lambda's defaults are the code around it; what it does not bind is looked up outside, unless a comprehension around it binds it."""
    assert targets(text) == around
    assert targets(text, "<lambda1>") == inside


def test_a_comprehension_reaches_lambdas_in_lambdas() -> None:
    """A lambda further in reads the comprehension's variable too, but not where a lambda between them binds the name."""
    text = "[lambda f: lambda: (f(), g()) for f, g in h]"
    assert targets(text, "<lambda1>.<lambda1>") == ["name:f", "bound:g"]


def test_a_lambda_has_no_receiver() -> None:
    """`self` is a name of the method around it, or a parameter."""
    assert targets("class C:\n    def m(self): lambda: self.x()", "C.m.<lambda1>") == ["name:self.x"]
    assert targets("class C:\n    m = lambda self: self.x()", "C.<lambda1>") == ["name:self.x"]


def test_applying_a_decorator_is_a_call() -> None:
    """Decorators are called by the scope that holds the definition, one with arguments twice."""
    text = "@a.b\n@c(1)\ndef f(): pass\n@d\nclass C:\n    @e\n    def m(self): pass\n"
    assert targets(text) == ["name:a.b", "name:c", "name:c.()", "name:d"]
    assert targets(text, "C") == ["name:e"]
    assert targets(text, "f") == []


def test_heads_are_evaluated_outside() -> None:
    """Defaults, annotations, bases and keywords are code of the unit that holds the definition."""
    text = "def f(a: b() = c(), *, d=e()) -> g(): h()\nclass C(i(), k=j()): m()\n"
    assert targets(text) == ["name:b", "name:c", "name:e", "name:g", "name:i", "name:j"]
    assert targets(text, "f") == ["name:h"]
    assert targets(text, "C") == ["name:m"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f()", [(0, 0)]),
        ("\n\nx = a.b(1)", [(2, 6)]),
        ("a.b().b()", [(0, 6), (0, 2)]),
        ("f()()", [(0, 3), (0, 0)]),
        ("é.é()", [(0, 3)]),
        ("(a\n  .b\n  .c)()", [(2, 3)]),
        ("import a, b as c", [(0, 7), (0, 10)]),
        ("from a import (b,\n c)", [(0, 15), (1, 1)]),
    ],
)
def test_a_site_is_where_the_name_is(text: str, expected: list[tuple[int, int]]) -> None:
    """Each call and import has a place, told apart from every other on the line; a call without a name is where its target ends."""
    assert [tuple(site) for site in sites(text)] == expected


def test_sites_count_from_the_unit() -> None:
    """Lines are counted from the unit's first line, which is its first decorator's."""
    text = "\n\n@deco\n@deco\ndef f():\n    g()\n"
    assert sites(text, "f") == (Site(3, 4),)
    assert sites("\n" + text, "f") == (Site(3, 4),)
    assert sites(text) == (Site(2, 1), Site(3, 1))


def test_ordinals_lead_to_sites() -> None:
    """Every call, import and base finds its own place by its ordinal."""
    text = "class C(\n  A,\n  b.B,\n):\n    import x\n    f()\n    (a or b)()\n    @d\n    def m(self): pass\n"
    found = facts(text, "C")
    places = sites(text, "C")
    assert [places[base.ordinal] for base in found.bases] == [Site(1, 2), Site(2, 4)]
    assert [places[imported.ordinal] for imported in found.imports] == [Site(4, 11)]
    assert [places[call.ordinal] for call in found.calls] == [Site(5, 4), Site(7, 5)]
    assert len(places) == 6
