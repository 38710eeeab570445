"""References: what an expression names, and what stays unknown; and where calls and imports stand."""

from __future__ import annotations

import pytest

from lestockage.languages.facts import Site
from lestockage.languages.python.references import LONGEST_PATH
from tests.languages.surveying import facts, meant, sites, written
from tests.languages.value_flow.reading import Reading


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("f()", "name:f.()"),
        ("a.b.c()", "name:a.b.c.()"),
        ("f().g()", "name:f.().g.()"),
        ("a[0].g()", "name:a.[].g.()"),
        ("f()()", "name:f.().()"),
        ("''.join(a)", "literal:str.join.()"),
        ("f'{a()}'.strip()", "literal:str.strip.()"),
        ("b''.join(a)", "literal:bytes.join.()"),
        ("(1).bit_length()", "literal:int.bit_length.()"),
        ("1.5.hex()", "literal:float.hex.()"),
        ("1j.conjugate()", "literal:complex.conjugate.()"),
        ("True.real()", "literal:bool.real.()"),
        ("[].append(1)", "literal:list.append.()"),
        ("[x for x in y].sort()", "literal:list.sort.()"),
        ("{}.get(1)", "literal:dict.get.()"),
        ("{a: b for a in c}.get(1)", "literal:dict.get.()"),
        ("{1}.pop()", "literal:set.pop.()"),
        ("{a for a in b}.pop()", "literal:set.pop.()"),
        ("().index(1)", "literal:tuple.index.()"),
    ],
)
def test_an_expression_names_something(expression: str, expected: str) -> None:
    """A reference is a root and steps."""
    assert meant(f"meant = {expression}") == expected


def test_an_awaited_result_is_a_step() -> None:
    """What a coroutine gives is one step further than the coroutine."""
    assert meant("async def f():\n    meant = (await g()).h()\n    meant.x", "f") == "name:g.().await.h.()"


@pytest.mark.parametrize(
    "expression",
    ["(a or b)()", "(lambda: 0)()", "(a if b else c).d()", "(a + b).c()", "(a := b)()", "None.x()", "(-1).x()", "(x for x in y).send(1)"],
)
def test_a_computed_expression_names_nothing(expression: str) -> None:
    """What no name leads to is no reference."""
    assert meant(f"meant = {expression}") is None


def test_an_endless_chain_is_computed() -> None:
    """A chain longer than any that people write is not followed to its end."""
    assert meant("meant = f" + ".a" * LONGEST_PATH) is not None
    assert meant("meant = f" + ".a" * (LONGEST_PATH + 1)) is None


METHOD = """
class C:
    {decorators}
    def {name}({parameters}):
        {before}
        meant = {expression}
        meant.used
"""


@pytest.mark.parametrize(
    ("decorators", "name", "parameters", "before", "expression", "expected"),
    [
        ("", "m", "self", "", "self.x()", "self:self.x.()"),
        ("", "m", "this, /", "", "this.x()", "self:this.x.()"),
        ("", "m", "self", "", "self()", "self:self.()"),
        ("", "m", "self", "self = other", "self.x()", "name:self.x.()"),
        ("", "m", "self", "del self", "self.x()", "name:self.x.()"),
        ("", "m", "*self", "", "self.x()", "name:self.x.()"),
        ("", "m", "", "", "self.x()", "name:self.x.()"),
        ("", "m", "*, self", "", "self.x()", "name:self.x.()"),
        ("@classmethod", "m", "cls", "", "cls.x()", "cls:cls.x.()"),
        ("@builtins.classmethod", "m", "cls", "", "cls.x()", "cls:cls.x.()"),
        ("", "__new__", "cls", "", "cls.x()", "cls:cls.x.()"),
        ("", "__init_subclass__", "cls", "", "cls.x()", "cls:cls.x.()"),
        ("@staticmethod", "m", "self", "", "self.x()", "name:self.x.()"),
        ("@property", "m", "self", "", "self.x()", "self:self.x.()"),
        ("@a()[0]", "m", "self", "", "self.x()", "self:self.x.()"),
    ],
)
def test_the_receiver_of_a_method_is_known(  # noqa: PLR0917  # a method has that many parts
    decorators: str, name: str, parameters: str, before: str, expression: str, expected: str
) -> None:
    """The first parameter of a method is its object, that of a class method its class, unless it is bound again."""
    text = METHOD.format(
        decorators=decorators or "# none", name=name, parameters=parameters, before=before or "pass", expression=expression
    )
    assert meant(text, f"C.{name}") == expected


def test_a_plain_function_has_no_receiver() -> None:
    """A parameter called self is a parameter, and in a function inside a method a name of the method."""
    assert meant("def f(self): meant = self.x(); meant.y", "f") == "name:self.x.()"
    assert meant("class C:\n    def m(self):\n        def f(): meant = self.x(); meant.y", "C.m.f") == "name:self.x.()"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("super().m()", "super:.m.()"),
        ("super(C, self).m()", "super:C.m.()"),
        ("super(a.C, self).m().n()", "super:a.C.m.().n.()"),
        ("super()", "name:super.()"),
        ("super(C)", "name:super.()"),
        ("super(C).m()", "name:super.().m.()"),
        ("super(f(), self).m()", "name:super.().m.()"),
        ("super(C, self, k=1).m()", "name:super.().m.()"),
    ],
)
def test_super_is_a_root(expression: str, expected: str) -> None:
    """A method looked up after a class is told from one looked up on an object."""
    assert meant(f"class C:\n    def m(self):\n        meant = {expression}\n        meant.x", "C.m") == expected


def accessed(text: str, name: str = "") -> set[str | None]:
    """Return the names and attributes that a unit accesses."""
    return {written(access.reference) for access in facts(text, name).accesses}


@pytest.mark.parametrize(
    ("text", "around", "inside"),
    [
        ("lambda f: f(g())", set(), {"name:g"}),
        ("lambda *f, k=f(), **g: (f(), g(), k(), h())", {"name:f"}, {"name:h"}),
        ("h(lambda: [(f := x) for y in z] + [f(), y()])", {"name:h"}, {"name:x", "name:z", "name:y"}),
        ("[lambda: f(g()) for f in h(lambda: f())]", {"name:h"}, {"name:g"}),
        ("[lambda f: f(g()) for f, g in h]", {"name:h"}, set()),
        ("[lambda: f.x + g.y for f in h]", {"name:h"}, {"name:g", "name:g.y"}),
    ],
)
def test_a_lambda_reads_names_as_a_function_does(text: str, around: set[str], inside: set[str]) -> None:
    """A lambda's defaults are the code around it; what it does not bind is looked up outside, unless a comprehension around it binds it."""
    assert accessed(text) == around
    assert accessed(text, "<lambda1>") == inside


def test_a_comprehension_reaches_lambdas_in_lambdas() -> None:
    """A lambda further in reads the comprehension's variable too, but not where a lambda between them binds the name."""
    text = "[lambda f: lambda: (f(), g()) for f, g in h]"
    assert accessed(text, "<lambda1>.<lambda1>") == {"name:f"}


def test_a_lambda_has_no_receiver() -> None:
    """`self` is a name of the method around it."""
    assert accessed("class C:\n    def m(self): lambda: self.x", "C.m.<lambda1>") == {"name:self", "name:self.x"}


def test_only_what_other_facts_lead_to_is_kept_of_a_plain_function() -> None:
    """What a function's variables are assigned is asked by its own facts only, step by step, unless it holds another unit."""
    body = "def f():\n    a = g()\n    b = a.c\n    d = h()\n    b.e\n"
    assert {value.name for value in facts(body, "f").values} == {"a", "b"}
    assert {value.name for value in facts(body + "    lambda: d", "f").values} == {"a", "b", "d"}


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
    assert [places[ordinal] for ordinal in Reading(text, "C").sites] == [Site(5, 4), Site(6, 11), Site(7, 5)]
    assert len(places) == 6
