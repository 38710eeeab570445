"""Imports: names that come from other modules, and the edges of import statements themselves."""

from __future__ import annotations

import pytest

from tests.queries.cases import Case, case
from tests.queries.trees import Tree

CALLS = [
    case("a star from above the tree gives nothing", {"a.py": "from ...x import *\ndef g(): f()"}, "a.g", unresolved=1),
    case(
        "a dotted import elsewhere does not make an absent module",
        {"p/__init__.py": "", "b.py": "import p, q.a\ndef g(): p.a.f()"},
        "b.g",
        unresolved=1,
    ),
    case("a function of a module", {"a.py": "def f(): ...", "b.py": "import a\ndef g(): a.f()"}, "b.g", "a.f"),
    case("by another name", {"a.py": "def f(): ...", "b.py": "import a as z\ndef g(): z.f()"}, "b.g", "a.f"),
    case("from a module", {"a.py": "def f(): ...", "b.py": "from a import f\ndef g(): f()"}, "b.g", "a.f"),
    case("from a module, by another name", {"a.py": "def f(): ...", "b.py": "from a import f as h\ndef g(): h()"}, "b.g", "a.f"),
    case("within a function", {"a.py": "def f(): ...", "b.py": "def g():\n    from a import f\n    f()"}, "b.g", "a.f"),
    case("within an enclosing function", {"a.py": "def f(): ...", "b.py": "def g():\n    import a\n    def h(): a.f()"}, "b.g.h", "a.f"),
    case("a name that the module has not is nowhere", {"a.py": "", "b.py": "import a\ndef g(): a.f()"}, "b.g", unresolved=1),
    case("a module is no function", {"a.py": "", "b.py": "import a\ndef g(): a()"}, "b.g", unresolved=1),
    case("a dotted module", {"p/__init__.py": "", "p/a.py": "def f(): ...", "b.py": "import p.a\ndef g(): p.a.f()"}, "b.g", "p.a.f"),
    case(
        "a dotted module by a name",
        {"p/__init__.py": "", "p/a.py": "def f(): ...", "b.py": "import p.a as z\ndef g(): z.f()"},
        "b.g",
        "p.a.f",
    ),
    case("a namespace package", {"p/q/a.py": "def f(): ...", "b.py": "import p.q.a\ndef g(): p.q.a.f()"}, "b.g", "p.q.a.f"),
    case(
        "a module from its package",
        {"p/__init__.py": "", "p/a.py": "def f(): ...", "b.py": "from p import a\ndef g(): a.f()"},
        "b.g",
        "p.a.f",
    ),
    case(
        "relative, same package",
        {"p/__init__.py": "", "p/a.py": "def f(): ...", "p/b.py": "from .a import f\ndef g(): f()"},
        "p.b.g",
        "p.a.f",
    ),
    case(
        "relative, a module", {"p/__init__.py": "", "p/a.py": "def f(): ...", "p/b.py": "from . import a\ndef g(): a.f()"}, "p.b.g", "p.a.f"
    ),
    case(
        "relative, from a package's own code", {"p/__init__.py": "from .a import f\ndef g(): f()", "p/a.py": "def f(): ..."}, "p.g", "p.a.f"
    ),
    case("relative, two levels", {"p/a.py": "def f(): ...", "p/q/b.py": "from ..a import f\ndef g(): f()"}, "p.q.b.g", "p.a.f"),
    case("relative, above the tree, is unknown", {"b.py": "from ...a import f\ndef g(): f()"}, "b.g", unresolved=1),
    case(
        "relative in an __init__.py at the root",
        {"__init__.py": "from . import a\ndef g(): a.f()", "a.py": "def f(): ..."},
        "__init__.g",
        "a.f",
    ),
    case(
        "re-exported", {"p/__init__.py": "from .a import f", "p/a.py": "def f(): ...", "b.py": "import p\ndef g(): p.f()"}, "b.g", "p.a.f"
    ),
    case(
        "re-exported twice, renamed on the way",
        {"a.py": "def f(): ...", "b.py": "from a import f as h", "c.py": "from b import h as k", "d.py": "import c\ndef g(): c.k()"},
        "d.g",
        "a.f",
    ),
    case(
        "a module attribute beats the module inside of the same name",
        {"p/__init__.py": "from .f import f", "p/f.py": "def f(): ...", "b.py": "from p import f\ndef g(): f()"},
        "b.g",
        "p.f.f",
    ),
    case(
        "a package that imports its own module",
        {"p/__init__.py": "from . import a", "p/a.py": "def f(): ...", "b.py": "import p\ndef g(): p.a.f()"},
        "b.g",
        "p.a.f",
    ),
    case(
        "so, absolutely",
        {"p/__init__.py": "from p import a", "p/a.py": "def f(): ...", "b.py": "import p\ndef g(): p.a.f()"},
        "b.g",
        "p.a.f",
    ),
    case("starred", {"a.py": "def f(): ...", "b.py": "from a import *\ndef g(): f()"}, "b.g", "a.f"),
    case(
        "starred through a package",
        {"p/__init__.py": "from .a import *", "p/a.py": "def f(): ...", "b.py": "import p\ndef g(): p.f()"},
        "b.g",
        "p.a.f",
    ),
    case("a star takes no private name", {"a.py": "def _f(): ...", "b.py": "from a import *\ndef g(): _f()"}, "b.g", unresolved=1),
    case(
        "but one that __all__ names", {"a.py": "__all__ = ['_f']\ndef _f(): ...", "b.py": "from a import *\ndef g(): _f()"}, "b.g", "a._f"
    ),
    case(
        "nor one that __all__ leaves out",
        {"a.py": "__all__ = ['h']\ndef f(): ...\ndef h(): ...", "b.py": "from a import *\ndef g(): f()"},
        "b.g",
        unresolved=1,
    ),
    case(
        "a star takes modules that __all__ names",
        {"p/__init__.py": "__all__ = ['a']", "p/a.py": "def f(): ...", "b.py": "from p import *\ndef g(): a.f()"},
        "b.g",
        "p.a.f",
    ),
    case(
        "the last star wins",
        {"a.py": "def f(): ...", "c.py": "def f(): ...", "b.py": "from a import *\nfrom c import *\ndef g(): f()"},
        "b.g",
        "c.f",
    ),
    case(
        "a module's own name beats its stars", {"a.py": "def f(): ...", "b.py": "from a import *\ndef f(): ...\ndef g(): f()"}, "b.g", "b.f"
    ),
    case("a star hides a builtin", {"a.py": "def len(x): ...", "b.py": "from a import *\ndef g(): len(1)"}, "b.g", "a.len"),
    case(
        "modules that star each other end, with the right answer",
        {
            "a.py": "from b import *\ndef f(): ...",
            "b.py": "from a import *\ndef h(): ...",
            "c.py": "import a, b\ndef g():\n    a.h()\n    b.f()\n    a.x()",
        },
        "c.g",
        "b.h",
        "a.f",
        unresolved=1,
    ),
    case(
        "modules that import each other's names end",
        {
            "a.py": "from b import x, h\ndef f(): ...",
            "b.py": "from a import x, f\ndef h(): ...",
            "c.py": "import a, b\ndef g():\n    a.h()\n    b.f()\n    a.x()",
        },
        "c.g",
        "b.h",
        "a.f",
        unresolved=1,
    ),
    case(
        "a star in a circle still finds what lies behind the next one",
        {
            "p/__init__.py": "from .x import *\nfrom .y import *",
            "p/x.py": "from p import *",
            "p/y.py": "def f(): ...",
            "b.py": "from p.x import f\ndef g(): f()",
        },
        "b.g",
        "p.y.f",
    ),
    case(
        "try and except: both candidates",
        {
            "a.py": "def f(): ...",
            "c.py": "def f(): ...",
            "b.py": "try:\n    from a import f\nexcept ImportError:\n    from c import f\ndef g(): f()",
        },
        "b.g",
        "a.f?",
        "c.f?",
    ),
    case(
        "try, or None: what can be called",
        {"a.py": "def f(): ...", "b.py": "try:\n    from a import f\nexcept ImportError:\n    f = None\ndef g(): f()"},
        "b.g",
        "a.f",
    ),
    case("outside the project", "import os.path as p\ndef g(): p.join()", "m.g", "<os.path.join>"),
    case("outside, dotted", "import os.path\ndef g(): os.path.join()", "m.g", "<os.path.join>"),
    case("outside, from", "from numpy import array as a\ndef g(): a()", "m.g", "<numpy.array>"),
    case("outside, a method of what was imported", "from os import path\ndef g(): path.join()", "m.g", "<os.path.join>"),
    case(
        "the result of a call outside is outside too, but not that of its own calls",
        "import numpy as np\ndef g():\n x = np.array(1)\n x.sum().item()",
        "m.g",
        "<numpy.array>",
        "<numpy.array().sum>",
        unresolved=1,
    ),
    case("outside, starred", "from numpy import *\ndef g(): array()", "m.g", "<numpy.array>"),
    case(
        "two stars outside: either", "from numpy import *\nfrom scipy import *\ndef g(): array()", "m.g", "<numpy.array>?", "<scipy.array>?"
    ),
    case("a star outside may hide a builtin", "from numpy import *\ndef g(): sum()", "m.g", "<builtins.sum>?"),
    case(
        "a missing module of the project is outside", {"p/__init__.py": "", "p/b.py": "from .a import f\ndef g(): f()"}, "p.b.g", "<p.a.f>"
    ),
    case("so, by its dotted name", {"p/__init__.py": "", "b.py": "import p.a\ndef g(): p.a.f()"}, "b.g", "<p.a.f>"),
    case("a file that can't be read exports nothing", {"a.py": "def f(:", "b.py": "from a import f\ndef g(): f()"}, "b.g", "<a.f>"),
    case(
        "source beats its stub",
        {"a.py": "def f(): ...", "a.pyi": "def f(): ...\ndef h(): ...", "b.py": "import a\ndef g():\n    a.f()\n    a.h()"},
        "b.g",
        "a.f",
        unresolved=1,
    ),
    case("a stub serves where there is no source", {"a.pyi": "def f(): ...", "b.py": "import a\ndef g(): a.f()"}, "b.g", "a.f"),
    case(
        "a package beats a module of its name",
        {"a.py": "def f(): ...", "a/__init__.py": "def h(): ...", "b.py": "import a\ndef g():\n    a.h()\n    a.f()"},
        "b.g",
        "a.h",
        unresolved=1,
    ),
    case("the import roots: src", {"src/p/a.py": "def f(): ...", "tests/b.py": "from p.a import f\ndef g(): f()"}, "tests.b.g", "p.a.f"),
    case("a variable of a module", {"a.py": "def f(): ...\nh = f", "b.py": "import a\ndef g(): a.h()"}, "b.g", "a.f"),
]


@pytest.mark.parametrize("wanted", CALLS)
def test_imported_name(wanted: Case) -> None:
    """A call through imports leads to the definition behind them, and nowhere else."""
    tree = Tree(wanted.files)
    calls = tree.calls(wanted.caller)
    imports = tree.edges(wanted.caller, "import")
    assert (calls, tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved), imports


IMPORTS = [
    case("a module", {"a.py": "", "b.py": "import a"}, "b", "a"),
    case("a dotted module: that one, not its package", {"p/__init__.py": "", "p/a.py": "", "b.py": "import p.a"}, "b", "p.a"),
    case("a function, and the module it is taken from", {"a.py": "def f(): ...", "b.py": "from a import f"}, "b", "a", "a.f"),
    case(
        "a re-export: the definition, and the module that was named",
        {"p/__init__.py": "from .a import f", "p/a.py": "def f(): ...", "b.py": "from p import f"},
        "b",
        "p",
        "p.a.f",
    ),
    case("a variable", {"a.py": "X = 1", "b.py": "from a import X"}, "b", "a", "a.X"),
    case("a variable of known value is still the variable", {"a.py": "def f(): ...\nX = f", "b.py": "from a import X"}, "b", "a", "a.X"),
    case("a module from its package", {"p/__init__.py": "", "p/a.py": "", "b.py": "from p import a"}, "b", "p.a"),
    case("a star: the module", {"a.py": "def f(): ...", "b.py": "from a import *"}, "b", "a"),
    case("outside", "import os.path\nfrom numpy import array", "m", "<os.path>", "<numpy.array>"),
    case("a name that is not there: the module, and one unresolved", {"a.py": "", "b.py": "from a import f"}, "b", "a", unresolved=1),
    case("a module that can't be read is outside", {"a.py": "def f(:", "b.py": "import a"}, "b", "<a>"),
    case("within a function: the function imports", {"a.py": "", "b.py": "def g():\n    import a"}, "b.g", "a"),
    case("a namespace package is known and leads nowhere", {"p/a.py": "", "b.py": "import p"}, "b"),
    case("above the tree", "from ...a import f\nfrom ... import *", "m", unresolved=2),
]


@pytest.mark.parametrize("wanted", IMPORTS)
def test_import_edge(wanted: Case) -> None:
    """An import statement leads to the module or symbol that it names."""
    tree = Tree(wanted.files)
    assert (tree.calls(wanted.caller, "import"), tree.unresolved(wanted.caller)) == (wanted.edges, wanted.unresolved)
