"""Types: methods of what annotations, constructors, literals and results make known."""

from __future__ import annotations

import pytest

from tests.queries.cases import Case, case
from tests.queries.trees import Tree

C = "class C:\n    def m(self): ...\n"

CALLS = [
    case("a variable made by a class", C + "def f():\n    x = C()\n    x.m()", "m.f", "m.C", "m.C.m"),
    case("a variable of the module", C + "x = C()\ndef f(): x.m()", "m.f", "m.C.m"),
    case("of another module", {"a.py": C + "x = C()", "b.py": "import a\ndef f(): a.x.m()"}, "b.f", "a.C.m"),
    case("a variable that is assigned twice is not guessed", C + "def f():\n    x = C()\n    x = y\n    x.m()", "m.f", "m.C", unresolved=1),
    case("a variable of an enclosing function", C + "def f():\n    x = C()\n    def g(): x.m()", "m.f.g", "m.C.m"),
    case("an annotated parameter", C + "def f(x: C): x.m()", "m.f", "m.C.m"),
    case("a quoted annotation", C + "def f(x: 'C'): x.m()", "m.f", "m.C.m"),
    case("an optional one", C + "def f(x: C | None): x.m()", "m.f", "m.C.m"),
    case("a union: what has it", C + "class D: ...\ndef f(x: C | D): x.m()", "m.f", "m.C.m"),
    case("a union: either", C + "class D:\n    def m(self): ...\ndef f(x: C | D): x.m()", "m.f", "m.C.m?", "m.D.m?"),
    case("a keyword-only parameter", C + "def f(*, x: C): x.m()", "m.f", "m.C.m"),
    case("a parameter that is assigned", C + "def f(x: C):\n    x = x or y\n    x.m()", "m.f", "m.C.m"),
    case(
        "an annotated parameter of a method, by its class's name",
        "class C:\n    class D:\n        def m(self): ...\n    def f(self, x: D): x.m()",
        "m.C.f",
        "m.C.D.m",
    ),
    case("an annotated variable", C + "def f():\n    x: C = y\n    x.m()", "m.f", "m.C.m"),
    case("an annotation that is no class", "def D(): ...\ndef f(x: D): x.m()", "m.f", unresolved=1),
    case("a type variable is not a class", "T = TypeVar('T')\ndef f(x: T): x.m()", "m.f", unresolved=1),
    case("what the class has not is not found elsewhere", C + "class D:\n    def n(self): ...\ndef f(x: C): x.n()", "m.f", unresolved=1),
    case("a type outside", "from pathlib import Path\ndef f(x: Path): x.exists()", "m.f", "<pathlib.Path.exists>"),
    case("a builtin type", "def f(x: str): x.join([])", "m.f", "<builtins.str.join>"),
    case("a generic builtin", "def f(x: list[int]): x.append(1)", "m.f", "<builtins.list.append>"),
    case("its name in typing", "from typing import List\ndef f(x: List[int]): x.append(1)", "m.f", "<builtins.list.append>"),
    case("a literal", "def f(): ','.join([])", "m.f", "<builtins.str.join>"),
    case("a literal's attribute that does not exist", "def f(): ','.jion([])", "m.f", unresolved=1),
    case("a variable with a literal", "def f():\n    x = []\n    x.append(1)", "m.f", "<builtins.list.append>"),
    case("a builtin's result", "def f(): str(1).upper()", "m.f", "<builtins.str>", "<builtins.str.upper>"),
    case(
        "a method's result",
        "def f(): 'a'.upper().split().pop()",
        "m.f",
        "<builtins.str.upper>",
        "<builtins.str.split>",
        "<builtins.list.pop>",
    ),
    case("a result that is not known", "def f(): max(x).m()", "m.f", "<builtins.max>", unresolved=1),
    case("a subscripted builtin", "def f(): dict[str, int]()", "m.f", "<builtins.dict>"),
    case("an item outside is not known", "import os\ndef f(): os.environ['x'].strip()", "m.f", unresolved=1),
    case("type() tells nothing", "def f(x): type(x).m()", "m.f", "<builtins.type>", unresolved=1),
    case("a function's result", C + "def g() -> C: ...\ndef f(): g().m()", "m.f", "m.g", "m.C.m"),
    case(
        "of another file, annotated in its own names",
        {"a.py": C + "def g() -> C: ...", "b.py": "import a\nclass C: ...\ndef f(): a.g().m()"},
        "b.f",
        "a.g",
        "a.C.m",
    ),
    case("a method's result", C + "class D:\n    def g(self) -> C: ...\ndef f(x: D): x.g().m()", "m.f", "m.D.g", "m.C.m"),
    case("a variable that holds a result", C + "def g() -> C: ...\ndef f():\n    x = g()\n    x.m()", "m.f", "m.g", "m.C.m"),
    case("a function without annotation", C + "def g(): return C()\ndef f(): g().m()", "m.f", "m.g", "m.C.m"),
    case(
        "a function whose decorator is unknown gives what it says", C + "@wrap\ndef g() -> C: ...\ndef f(): g().m()", "m.f", "m.g", "m.C.m"
    ),
    case(
        "a cached one what it says",
        C + "from functools import lru_cache\n@lru_cache(None)\ndef g() -> C: ...\ndef f(): g().m()",
        "m.f",
        "m.g",
        "m.C.m",
    ),
    case("an async function gives it when awaited", C + "async def g() -> C: ...\nasync def f(): (await g()).m()", "m.f", "m.g", "m.C.m"),
    case("and not before", C + "async def g() -> C: ...\nasync def f(): g().m()", "m.f", "m.g", unresolved=1),
    case(
        "an async function may give something outside",
        "import x\nasync def g() -> x.X: ...\nasync def f(): (await g()).m()",
        "m.f",
        "m.g",
        "<x.X.m>",
    ),
    case("what is no coroutine is not awaited", C + "def g() -> C: ...\nasync def f(): (await g()).m()", "m.f", "m.g", unresolved=1),
    case("a result in a circle ends", "def g() -> x: ...\nx = g()\ndef f(): g().m()", "m.f", "m.g", unresolved=1),
    case("results in a circle end", "def g() -> x: ...\nx = g()\ndef f(): x.m()", "m.f", unresolved=1),
    case(
        "a class and a function of one name",
        C + "if x:\n    def D() -> C: ...\nelse:\n    class D:\n        def m(self): ...\ndef f(): D().m()",
        "m.f",
        "m.D?",
        "m.D#1?",
        "m.C.m?",
        "m.D.m?",
    ),
    case("a class's own attribute", C + "class D:\n    c = C\ndef f(): D.c().m()", "m.f", "m.C", "m.C.m"),
    case("an instance's class", C + "def f(x: C): x.__class__.m(x)", "m.f", "m.C.m"),
    case("a literal's class", "def f(): ''.__class__.join()", "m.f", "<builtins.str.join>"),
    case("a generic class", C + "def f(): C[int]().m()", "m.f", "m.C", "m.C.m"),
    case("an attribute of a function is not known", "def g(): ...\ndef f(): g.cache_clear()", "m.f", unresolved=1),
]


@pytest.mark.parametrize("wanted", CALLS)
def test_method_of_known_type(wanted: Case) -> None:
    """A call of a method leads to the type that is known of the object, and nowhere when none is."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller), tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved)


PROVENANCES = [
    ("def f(): ...\ndef g(): f()", "name"),
    ("import os\ndef g(): os.getcwd()", "attribute"),
    ("class C:\n    def f(self): ...\nclass D(C):\n    def g(self): self.f()", "self"),
    ("class C:\n    def f(self): ...\nclass D(C):\n    def g(self): super().f()", "super"),
    ("class C:\n    @classmethod\n    def g(cls): cls.f()\n    def f(self): ...", "cls"),
    ("def g(x: str): x.join()", "annotation"),
    ("def g():\n    x = ''\n    x.join()", "literal"),
    ("def g():\n    x = len\n    x()", "name"),
    ("def f(): ...\ndef g(h=f): h()", "value"),
    ("def g(): ''.join()", "literal"),
]


@pytest.mark.parametrize(("source", "provenance"), PROVENANCES)
def test_provenance(source: str, provenance: str) -> None:
    """An edge names the rule that found it."""
    tree = Tree({"m.py": source})
    found = {
        edge.provenance for unit in tree.units() if unit.qualified_name.endswith("g") for edge in unit.edges if edge.edge_type == "call"
    }
    assert {provenance} <= found <= {provenance, "name"}


def test_provenance_of_constructors() -> None:
    """A class is found by its name, its __init__ as a constructor."""
    tree = Tree({"m.py": "class C:\n    def __init__(self): ...\ndef f(): C()"})
    assert {(edge.qualified_name, edge.provenance) for edge in tree.edges("m.f")} == {("m.C", "name"), ("m.C.__init__", "constructor")}
