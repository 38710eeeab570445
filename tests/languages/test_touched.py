"""Touched: what of a file two versions of it differ in."""

from __future__ import annotations

import pytest

from lestockage.languages.python.touched import Touched, touched

BASE = """'Doc.'
import os
X = 1


def f(a):
    def g():
        return a
    return g


class C:
    def m(self):
        return X
"""


@pytest.mark.parametrize(
    ("old", "new", "changed", "deleted", "rebound", "runs_anew"),
    [
        ("return X", "return  (X)  # same", "", "", "", False),
        ("Doc", "Other", "", "", "", False),
        ("return X", "return -X", "C.m", "", "", False),
        ("return a", "return -a", "f f.g", "", "", False),
        ("X = 1", "X = 2", "", "", "X", False),
        ("import os", "import os, re", "", "", "os re", False),
        ("import os", "from os import *", "", "", "os", True),
        ("import os\nX = 1", "X = 1\nimport os", "", "", "", True),
        ("X = 1", "X = 1\nprint(X)", "", "", "", True),
        ("def m(self):\n        return X", "pass", "C", "C.m", "", False),
        ("def f(a)", "def f(a, b)", "f", "", "", False),
        ("class C:", "def h(): pass\n\n\nclass C:", "h", "", "", False),
        ("class C:", "class C(", "", "C C.m f f.g", "", True),
    ],
)
def test_an_edit(old: str, new: str, changed: str, deleted: str, rebound: str, runs_anew: bool) -> None:  # noqa: PLR0917  # the columns of a table
    """Each kind of edit touches what it names, and nothing else."""
    assert BASE.count(old) == 1
    found = touched(BASE.encode(), BASE.replace(old, new).encode())
    assert found == Touched(*(frozenset(names.split()) for names in (changed, deleted, rebound)), runs_anew)


def test_a_file_that_comes_or_goes() -> None:
    """Everything in it is new, or gone."""
    new = touched(None, BASE.encode())
    assert new.changed == {"f", "f.g", "C", "C.m"}
    assert new.rebound == {"X", "os"}
    assert touched(BASE.encode(), None).deleted == {"f", "f.g", "C", "C.m"}


def test_a_lambda_touches_what_holds_it() -> None:
    """Whoever has the lambda runs it: its holder counts as changed with it, a class too."""
    before = b"class C:\n    m = lambda self: 1\ndef f(): return lambda: lambda: 2\nX = lambda: 3\n"
    assert touched(before, before.replace(b"1", b"4")).changed == {"C", "C.<lambda1>"}
    assert touched(before, before.replace(b"2", b"4")).changed == {"f", "f.<lambda1>", "f.<lambda1>.<lambda1>"}
    assert touched(before, before.replace(b"3", b"4")) == Touched(frozenset({"<lambda1>"}), frozenset(), frozenset({"X"}), runs_anew=False)
