"""Classes: methods through the resolution order, constructors, super, and inheritance itself."""

# ruff: noqa: E501  # a case reads best in one piece

from __future__ import annotations

import pytest

from tests.queries.cases import Case, case
from tests.queries.trees import Tree

CALLS = [
    case(
        "a nested class whose body makes objects of its container",
        "class C:\n    x = C().x\n    def f(self): self.x.y()",
        "m.C.f",
        unresolved=1,
    ),
    case("a metaclass outside gives nothing known", "import x\nclass C(metaclass=x.M): ...\ndef f(): C.a()", "m.f", unresolved=1),
    case("a computed attribute", "class C:\n    def s(self): self.x = a or b\n    def c(self): self.x()", "m.C.c", unresolved=1),
    case(
        "an attribute of a class within is not self's",
        "class C:\n    class D:\n        def s(self): self.x = ''\n    def c(self): self.x()",
        "m.C.c",
        unresolved=1,
    ),
    case("an external name of no end", "import a\ndef f(): a.b.c.d.e.f.g.h.i.j.k.l.m.n.o()", "m.f", unresolved=1),
    case("a class's own class is not known", "class C: ...\ndef f(): C.__class__()", "m.f", unresolved=1),
    case("a base that would grow for ever", "import os\nclass C(os.A, C.x): ...\ndef f(): C.y()", "m.f", "<os.A.y>"),
    case("a method of self", "class C:\n    def a(self): ...\n    def b(self): self.a()", "m.C.b", "m.C.a"),
    case("whatever self is called", "class C:\n    def a(it): ...\n    def b(it): it.a()", "m.C.b", "m.C.a"),
    case("a method of a base", "class B:\n    def a(self): ...\nclass C(B):\n    def b(self): self.a()", "m.C.b", "m.B.a"),
    case(
        "a method that only subclasses have is not invented",
        "class B:\n    def b(self): self.a()\nclass C(B):\n    def a(self): ...",
        "m.B.b",
        unresolved=1,
    ),
    case(
        "the nearest of two",
        "class B:\n    def a(self): ...\nclass C(B):\n    def a(self): ...\n    def b(self): self.a()",
        "m.C.b",
        "m.C.a",
    ),
    case(
        "another class's method of that name is not found",
        "class B:\n    def a(self): ...\nclass C:\n    def b(self): self.a()",
        "m.C.b",
        unresolved=1,
    ),
    case(
        "a base in another file",
        {"a.py": "class B:\n    def a(self): ...", "m.py": "import a\nclass C(a.B):\n    def b(self): self.a()"},
        "m.C.b",
        "a.B.a",
    ),
    case(
        "a base through a re-export",
        {
            "p/__init__.py": "from .a import *",
            "p/a.py": "class B:\n    def a(self): ...",
            "m.py": "import p\nclass C(p.B):\n    def b(self): self.a()",
        },
        "m.C.b",
        "p.a.B.a",
    ),
    case(
        "the diamond: C3, not depth first",
        "class A:\n    def f(self): ...\nclass B(A): ...\nclass C(A):\n    def f(self): ...\nclass D(B, C):\n    def g(self): self.f()",
        "m.D.g",
        "m.C.f",
    ),
    case(
        "bases that Python would refuse: the one candidate",
        "class A: ...\nclass B(A):\n    def f(self): ...\nclass C(A, B):\n    def g(self): self.f()",
        "m.C.g",
        "m.B.f",
    ),
    case("classes that inherit from each other end", "class A(B): ...\nclass B(A):\n    def g(self): self.f()", "m.B.g", unresolved=1),
    case("a class that inherits from itself ends", "class A(A):\n    def g(self): self.f()", "m.A.g", unresolved=1),
    case(
        "behind an unknown base: the one candidate",
        "class B:\n    def f(self): ...\nclass C(make(), B):\n    def g(self): self.f()",
        "m.C.g",
        "m.B.f",
    ),
    case(
        "behind a base outside: the one candidate",
        "import x\nclass B:\n    def f(self): ...\nclass C(x.X, B):\n    def g(self): self.f()",
        "m.C.g",
        "m.B.f",
    ),
    case(
        "from a base outside",
        "from unittest import TestCase\nclass C(TestCase):\n    def g(self): self.assertEqual()",
        "m.C.g",
        "<unittest.TestCase.assertEqual>",
    ),
    case("from a builtin base", "class C(dict):\n    def g(self): self.update()", "m.C.g", "<builtins.dict.update>"),
    case("what a builtin base has not is not there", "class C(dict):\n    def g(self): self.updat()", "m.C.g", unresolved=1),
    case("from object", "class C:\n    def g(self): self.__repr__()", "m.C.g", "<builtins.object.__repr__>"),
    case(
        "Generic and ABC have no methods to give",
        "from abc import ABC\nfrom typing import Generic\nclass C(ABC, Generic[T]):\n    def g(self): self.f()",
        "m.C.g",
        unresolved=2 - 1,
    ),
    case("a generic base", "class B:\n    def f(self): ...\nclass C(B[int]):\n    def g(self): self.f()", "m.C.g", "m.B.f"),
    case("cls in a class method", "class C:\n    def a(self): ...\n    @classmethod\n    def b(cls): cls.a()", "m.C.b", "m.C.a"),
    case(
        "cls makes an object",
        "class C:\n    def __init__(self): ...\n    @classmethod\n    def b(cls): return cls()",
        "m.C.b",
        "m.C",
        "m.C.__init__",
    ),
    case(
        "the first parameter of a static method is nothing",
        "class C:\n    def a(self): ...\n    @staticmethod\n    def b(x): x.a()",
        "m.C.b",
        unresolved=1,
    ),
    case("nor are *args", "class C:\n    def a(self): ...\n    def b(*args): args.a()", "m.C.b", unresolved=1),
    case(
        "self in a function within a method",
        "class C:\n    def a(self): ...\n    def b(self):\n        def c(): self.a()",
        "m.C.b.c",
        "m.C.a",
    ),
    case(
        "not in one with a self of its own",
        "class C:\n    def a(self): ...\n    def b(self):\n        def c(self): self.a()",
        "m.C.b.c",
        unresolved=1,
    ),
    case(
        "self in a lambda within a method",
        "class C:\n    def a(self): ...\n    def b(self): return lambda: self.a()",
        "m.C.b.<lambda1>",
        "m.C.a",
    ),
    case(
        "self that was rebound is not known",
        "class C:\n    def a(self): ...\n    def b(self):\n        self = x\n        self.a()",
        "m.C.b",
        unresolved=1,
    ),
    case("a method of a named class", "class C:\n    def a(self): ...\ndef f(): C.a(x)", "m.f", "m.C.a"),
    case("a nested class's", "class C:\n    class D:\n        def a(self): ...\ndef f(): C.D.a(x)", "m.f", "m.C.D.a"),
    case("making an object calls class and __init__", "class C:\n    def __init__(self): ...\ndef f(): C()", "m.f", "m.C", "m.C.__init__"),
    case(
        "an inherited __init__, and __new__",
        "class B:\n    def __new__(cls): ...\n    def __init__(self): ...\nclass C(B): ...\ndef f(): C()",
        "m.f",
        "m.C",
        "m.B.__init__",
        "m.B.__new__",
    ),
    case("a class without any", "class C: ...\ndef f(): C()", "m.f", "m.C"),
    case("a constructor outside is not invented", "class C(dict): ...\ndef f(): C()", "m.f", "m.C"),
    case("a method of a new object", "class C:\n    def a(self): ...\ndef f(): C().a()", "m.f", "m.C", "m.C.a"),
    case("an object that is called", "class C:\n    def __call__(self): ...\ndef f(): C()()", "m.f", "m.C", "m.C.__call__"),
    case("an object that can't be", "class C: ...\ndef f(): C()()", "m.f", "m.C", unresolved=1),
    case(
        "a class made from self's",
        "class C:\n    def __init__(self): ...\n    def a(self): self.__class__()",
        "m.C.a",
        "m.C",
        "m.C.__init__",
    ),
    case(
        "reading a property calls it, and what it gives is not known",
        "class C:\n    @property\n    def p(self): ...\n    def a(self): self.p()",
        "m.C.a",
        "m.C.p",
        unresolved=1,
    ),
    case(
        "the result of a property",
        "class D:\n    def d(self): ...\nclass C:\n    @property\n    def p(self) -> D: ...\n    def a(self): self.p.d()",
        "m.C.a",
        "m.C.p",
        "m.D.d",
    ),
    case(
        "a property that gives what can be called",
        "class D:\n    def __call__(self): ...\nclass C:\n    @property\n    def p(self) -> D: ...\n    def a(self): self.p()",
        "m.C.a",
        "m.C.p",
        "m.D.__call__",
    ),
    case("a method under another name", "class C:\n    def a(self): ...\n    b = a\n    def c(self): self.b()", "m.C.c", "m.C.a"),
    case(
        "a class attribute that is an object",
        "class D:\n    def d(self): ...\nclass C:\n    x = D()\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "an annotated class attribute", "class D:\n    def d(self): ...\nclass C:\n    x: D\n    def c(self): self.x.d()", "m.C.c", "m.D.d"
    ),
    case("a class attribute of unknown value", "class C:\n    x = y\n    def c(self): self.x()", "m.C.c", unresolved=1),
    case(
        "an attribute assigned in __init__",
        "class D:\n    def d(self): ...\nclass C:\n    def __init__(self): self.x = D()\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "from an annotated parameter",
        "class D:\n    def d(self): ...\nclass C:\n    def __init__(self, x: D): self.x = x\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "annotated on assignment",
        "class D:\n    def d(self): ...\nclass C:\n    def __init__(self, x): self.x: D = x\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "assigned in a base",
        "class D:\n    def d(self): ...\nclass B:\n    def __init__(self): self.x = D()\nclass C(B):\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "assigned None too: what is not None",
        "class D:\n    def d(self): ...\nclass C:\n    x = None\n    def s(self): self.x = D()\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "assigned two things: either",
        "class D:\n    def d(self): ...\nclass E:\n    def d(self): ...\nclass C:\n    def s(self): self.x = D()\n    def t(self): self.x = E()\n    def c(self): self.x.d()",
        "m.C.c",
        "m.D.d?",
        "m.E.d?",
    ),
    case("assigned from itself, it ends", "class C:\n    def s(self): self.x = self.x.y\n    def c(self): self.x()", "m.C.c", unresolved=1),
    case(
        "assigned in a circle, it ends with what comes in",
        "class D:\n    def d(self): ...\nclass C:\n    def s(self):\n        self.x = self.y\n        self.x = D()\n    def t(self): self.y = self.x\n    def c(self): self.y.d()",
        "m.C.c",
        "m.D.d",
    ),
    case(
        "assigned from itself: what it was, and no further",
        "import os\nclass C:\n    def s(self):\n        self.x = os\n        self.x = self.x.path\n    def c(self): self.x.f()",
        "m.C.c",
        "<os.f>",
    ),
    case(
        "a name that grows in a circle ends",
        "import os\nclass C:\n    def s(self):\n        self.x = os\n        self.x = self.y\n        self.y = self.x.path\n    def c(self): self.x.f()",
        "m.C.c",
        "<os.f>",
    ),
    case("a metaclass's method", "class M(type):\n    def a(cls): ...\nclass C(metaclass=M): ...\ndef f(): C.a()", "m.f", "m.M.a"),
    case(
        "two classes of one name",
        "if x:\n    class C:\n        def a(self): ...\nelse:\n    class C:\n        def a(self): ...\ndef f(): C().a()",
        "m.f",
        "m.C?",
        "m.C#1?",
        "m.C.a?",
        "m.C.a#1?",
    ),
    case(
        "each with its own methods",
        "class C:\n    def a(self): ...\nclass C:\n    def b(self): self.c()\n    def c(self): ...",
        "m.C.b",
        "m.C.c",
    ),
]


@pytest.mark.parametrize("wanted", CALLS)
def test_member(wanted: Case) -> None:
    """A call of a member leads to what the resolution order finds first, and nowhere else."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller), tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved)


SUPER = [
    case("super", "class B:\n    def a(self): ...\nclass C(B):\n    def a(self): super().a()", "m.C.a", "m.B.a"),
    case("super with arguments", "class B:\n    def a(self): ...\nclass C(B):\n    def a(self): super(C, self).a()", "m.C.a", "m.B.a"),
    case(
        "super behind a named class",
        "class A:\n    def a(self): ...\nclass B(A):\n    def a(self): ...\nclass C(B):\n    def a(self): super(B, self).a()",
        "m.C.a",
        "m.A.a",
    ),
    case("super behind no class of the order", "class X: ...\nclass C:\n    def a(self): super(X, self).a()", "m.C.a", unresolved=1),
    case("super behind what is no class", "class C:\n    def a(self): super(x, self).a()", "m.C.a", unresolved=1),
    case(
        "super of a class without bases",
        "class C:\n    def __init__(self): super().__init__()",
        "m.C.__init__",
        "<builtins.object.__init__>",
    ),
    case("super of a base outside", "import x\nclass C(x.X):\n    def a(self): super().a()", "m.C.a", "<x.X.a>"),
    case(
        "super's next in the diamond",
        "class A:\n    def f(self): ...\nclass B(A): ...\nclass C(A):\n    def f(self): ...\nclass D(B, C):\n    def f(self): super().f()",
        "m.D.f",
        "m.C.f",
    ),
    case("super where there is no class", "def f(): super().f()", "m.f", unresolved=1),
    case("super's result", "class A:\n    def f(self) -> 'A': ...\nclass B(A):\n    def f(self): super().f().f()", "m.B.f", "m.A.f"),
    case("super() itself, called on", "class C:\n    def a(self): super()()", "m.C.a", unresolved=1),
]


@pytest.mark.parametrize("wanted", SUPER)
def test_super(wanted: Case) -> None:
    """A call through super leads behind the class in the resolution order; `super` itself is called too."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller), tree.unresolved(wanted.caller)) == (wanted.edges | {"<builtins.super>"}, wanted.unresolved)


BASES = [
    case("a class of the file", "class B: ...\nclass C(B): ...", "m.C", "m.B"),
    case("of another file", {"a.py": "class B: ...", "m.py": "from a import B as X\nclass C(X): ..."}, "m.C", "a.B"),
    case("outside", "import x\nclass C(x.X, Exception): ...", "m.C", "<x.X>", "<builtins.Exception>"),
    case("generic", "class B: ...\nclass C(B[int]): ...", "m.C", "m.B"),
    case("one of two", "try:\n    from x import B\nexcept ImportError:\n    class B: ...\nclass C(B): ...", "m.C", "m.B?", "<x.B>?"),
    case("computed", "class C(make()): ...", "m.C", unresolved=1),
    case("an enclosing class's name", "class B:\n    class A: ...\n    class C(A): ...", "m.B.C", "m.B.A"),
    case("a function is no base", "def f(): ...\nclass C(f): ...", "m.C", unresolved=1),
]


@pytest.mark.parametrize("wanted", BASES)
def test_inheritance_edge(wanted: Case) -> None:
    """A class leads to each of its bases."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller, "inheritance"), tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved)
