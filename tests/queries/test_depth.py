"""Depth: chains of definitions far longer than Python's stack are followed, and never crash."""

from __future__ import annotations

from tests.queries.trees import Tree


def test_a_long_chain_of_module_variables() -> None:
    """A thousand variables of a module, each assigned from the one before, lead to the function at the end."""
    lines = ["def v0(): ...", *[f"v{n} = v{n - 1}" for n in range(1, 1000)], "def f(): v999()"]
    assert Tree({"m.py": "\n".join(lines)}).calls("m.f") == {"m.v0"}


def test_a_long_chain_of_local_variables() -> None:
    """A thousand variables of a function, each assigned from the one before, lead to the function at the end."""
    lines = ["def f():", "    v0 = len", *[f"    v{n} = v{n - 1}" for n in range(1, 1000)], "    v999()"]
    tree = Tree({"m.py": "\n".join(lines)})
    assert (tree.calls("m.f"), tree.unresolved("m.f")) == ({"<builtins.len>"}, 0)


def test_a_long_chain_of_re_exports() -> None:
    """Two hundred modules, each importing a name from the next."""
    files: dict[str, str | bytes] = {f"m{n}.py": f"from m{n - 1} import f" for n in range(1, 200)}
    tree = Tree({**files, "m0.py": "def f(): ...", "a.py": "import m199\ndef g(): m199.f()"})
    assert tree.calls("a.g") == {"m0.f"}


def test_a_long_line_of_classes() -> None:
    """Three hundred classes, each inheriting from the one before, have the first one's method."""
    lines = ["class C0:\n    def m(self): ...", *[f"class C{n}(C{n - 1}): ..." for n in range(1, 300)], "def f(x: C299): x.m()"]
    assert Tree({"m.py": "\n".join(lines)}).calls("m.f") == {"m.C0.m"}
