"""Names: what a plain name in a call stands for, by Python's scopes."""

from __future__ import annotations

import pytest

from tests.queries.cases import Case, case
from tests.queries.trees import Tree

NAMES = [
    case("a function of the module", "def f(): ...\ndef g(): f()", "m.g", "m.f"),
    case("a function defined further down", "def g(): f()\ndef f(): ...", "m.g", "m.f"),
    case("module code calls too", "def f(): ...\nf()", "m", "m.f"),
    case("recursion", "def f(): f()", "m.f", "m.f"),
    case("a builtin", "def f(): len([])", "m.f", "<builtins.len>"),
    case("a name that nothing binds is not guessed", "def f(): nowhere()", "m.f", unresolved=1),
    case("a function of another file is not found by its bare name", {"a.py": "def f(): ...", "b.py": "def g(): f()"}, "b.g", unresolved=1),
    case("a module's function hides the builtin", "def len(x): ...\ndef f(): len(1)", "m.f", "m.len"),
    case(
        "a nested function, and not the module's of that name",
        """
        def h(): ...
        def f():
            def h(): ...
            h()
        """,
        "m.f",
        "m.f.h",
    ),
    case(
        "from two levels in",
        """
        def f():
            def a(): ...
            def b():
                def c():
                    a()
        """,
        "m.f.b.c",
        "m.f.a",
    ),
    case(
        "a nested function calls itself",
        """
        def f():
            def a():
                a()
        """,
        "m.f.a",
        "m.f.a",
    ),
    case(
        "methods don't see the names of their class",
        """
        class C:
            def a(self): ...
            def b(self):
                a()
        """,
        "m.C.b",
        unresolved=1,
    ),
    case(
        "methods see past their class to the module",
        """
        def a(): ...
        class C:
            def a(self): ...
            def b(self):
                a()
        """,
        "m.C.b",
        "m.a",
    ),
    case(
        "a class body sees its own names",
        """
        class C:
            def a(): ...
            a()
        """,
        "m.C",
        "m.C.a",
    ),
    case(
        "a lambda in a class body sees past it",
        """
        def a(): ...
        class C:
            def a(self): ...
            b = lambda: a()
        """,
        "m.C.<lambda1>",
        "m.a",
    ),
    case("a parameter is not the function of its name", "def f(): ...\ndef g(f): f()", "m.g", unresolved=1),
    case("nor is a lambda's", "def f(): ...\ndef g(): return lambda f: f()", "m.g.<lambda1>", unresolved=1),
    case("nor a comprehension's target", "def f(): ...\ndef g(): return [f() for f in x]", "m.g", unresolved=1),
    case("nor a variable", "def f(): ...\ndef g():\n    for f in x: f()", "m.g", unresolved=1),
    case("nor an enclosing function's variable", "def f(): ...\ndef g():\n    f = x\n    def h(): f()", "m.g.h", unresolved=1),
    case("a deleted name is not guessed", "def f(): ...\ndef g():\n    del f\n    f()", "m.g", unresolved=1),
    case("nor is what a comprehension around a lambda binds", "def f(): ...\n[lambda: f() for f in x]", "m.<lambda1>", unresolved=1),
    case("a lambda calls for itself", "def f(): ...\ndef g(): return lambda x: f(x)", "m.g.<lambda1>", "m.f"),
    case("and not for what holds it", "def f(): ...\ndef g(): return lambda x: f(x)", "m.g"),
    case(
        "what a lambda reads is looked up from where it stands",
        "def g():\n    def f(): ...\n    return lambda: f()",
        "m.g.<lambda1>",
        "m.g.f",
    ),
    case("an alias of a function", "def f(): ...\ng = f\ndef h(): g()", "m.h", "m.f"),
    case("an alias within a function", "def f(): ...\ndef h():\n    g = f\n    g()", "m.h", "m.f"),
    case("an alias that is assigned twice is not followed", "def f(): ...\ng = f\ng = x\ndef h(): g()", "m.h", unresolved=1),
    case("aliases in a circle end", "a = b\nb = a\ndef h(): a()", "m.h", unresolved=1),
    case("aliases in a circle within a function end", "def h():\n    a = b\n    b = a\n    a()", "m.h", unresolved=1),
    case(
        "global reaches the module",
        "def f(): ...\ndef g():\n    def f(): ...\n    def h():\n        global f\n        f()",
        "m.g.h",
        "m.f",
    ),
    case(
        "nonlocal reaches the enclosing function",
        "def g():\n    def f(): ...\n    def h():\n        nonlocal f\n        f()",
        "m.g.h",
        "m.g.f",
    ),
    case(
        "a name that some function rebinds is what can be called",
        "def f(): ...\ndef s():\n    global f\n    f = 1\ndef g(): f()",
        "m.g",
        "m.f",
    ),
    case("two definitions are two candidates", "if x:\n    def f(): ...\nelse:\n    def f(): ...\ndef g(): f()", "m.g", "m.f?", "m.f#1?"),
    case("a definition and an assignment: the definition, not certain", "def f(): ...\nf = wrap(f)\ndef g(): f()", "m.g", "m.f?"),
    case(
        "overloads stand back behind the implementation",
        "from typing import overload\n@overload\ndef f(x: int): ...\n@overload\ndef f(x: str): ...\ndef f(x): ...\ndef g(): f(1)",
        "m.g",
        "m.f#2",
    ),
    case("a decorator is called by the code that holds it", "def d(f): ...\n@d\ndef g(): ...", "m", "m.d"),
    case("a decorator with arguments", "def d(n): ...\n@d(1)\ndef g(): ...", "m", "m.d", unresolved=1),
    case("the result of a call is not the function", "def f(): ...\ndef g(): f()()", "m.g", "m.f", unresolved=1),
    case("an item under a key", "def f(): ...\ndef h(): ...\nt = {1: f, 2: h}\ndef g(): t[1]()", "m.g", "m.f"),
    case("an item under a key that is not known", "def f(): ...\ndef h(): ...\nt = {1: f, 2: h}\ndef g(): t[x]()", "m.g", "m.f?", "m.h?"),
    case("a computed callee", "def f(): ...\ndef g(): (f or x)()", "m.g", "m.f"),
    case("a computed callee that nothing is known of is counted", "def g(): (x or y)()", "m.g", unresolved=1),
    case("a walrus binds", "def f(): ...\ndef g():\n    if f := x: f()", "m.g", unresolved=1),
]


@pytest.mark.parametrize("wanted", NAMES)
def test_name(wanted: Case) -> None:
    """A call of a name leads to what Python's scopes say, and nowhere else."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller), tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved)
