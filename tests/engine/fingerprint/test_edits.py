"""Edits: every change to what a function does, near or far, is another fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.fingerprint.conftest import Tree

Files = str | Mapping[str, str]
# ruff: noqa: E501  # programs, each on the line of its edit

USES_HELPER = "import helpers\ndef ask(db): return helpers.help(db)\n"
FROM_HELPER = "from helpers import help\ndef ask(db): return help(db)\n"

EDITS: dict[str, tuple[Files, Files]] = {
    "an operator": ("def ask(db): return 1 + db", "def ask(db): return 1 - db"),
    "a number": ("def ask(db): return 1", "def ask(db): return 2"),
    "a number's type": ("def ask(db): return 1", "def ask(db): return 1.0"),
    "true for one": ("def ask(db): return 1", "def ask(db): return True"),
    "the sign of zero": ("def ask(db): return 0.0", "def ask(db): return -0.0"),
    "a text that was also the docstring": ('def ask(db):\n  "a"\n  return "a"', 'def ask(db):\n  "b"\n  return "b"'),
    "a tuple of constants": ("def ask(db): return (1, (2, 'a'))", "def ask(db): return (1, (2, 'b'))"),
    "a set of constants": ("def ask(db): return db in {1, 2}", "def ask(db): return db in {1, 3}"),
    "an attribute": ("def ask(db): return db.a", "def ask(db): return db.b"),
    "a parameter's name": ("def ask(db, a): return a", "def ask(db, b): return b"),
    "a parameter's kind": ("def ask(db, a): return a", "def ask(db, *, a): return a"),
    "a default": ("def ask(db, a=1): return a", "def ask(db, a=2): return a"),
    "a keyword default": ("def ask(db, *, a=1): return a", "def ask(db, *, a=2): return a"),
    "a default that is a function": ("def h(): return 1\ndef ask(db, a=h): return a()", "def h(): return 2\ndef ask(db, a=h): return a()"),
    "a generator": ("def ask(db): return [x for x in db]", "def ask(db): return (x for x in db)"),
    "a comprehension's inside": ("def ask(db): return [x + 1 for x in db]", "def ask(db): return [x + 2 for x in db]"),
    "a nested function": ("def ask(db):\n  def f(): return 1\n  return f()", "def ask(db):\n  def f(): return 2\n  return f()"),
    "a lambda": ("def ask(db): return map(lambda x: x, db)", "def ask(db): return map(lambda x: -x, db)"),
    "what a try covers": (
        "def ask(db):\n  a = db()\n  try: b = db(a)\n  except OSError: b = 1\n  return b",
        "def ask(db):\n  try:\n    a = db()\n    b = db(a)\n  except OSError: b = 1\n  return b",
    ),
    "the names of variables that are looked at": (
        "def ask(db):\n  a = 1\n  return sorted(locals())",
        "def ask(db):\n  b = 1\n  return sorted(locals())",
    ),
    "a helper": ("def h(): return 1\ndef ask(db): return h()", "def h(): return 2\ndef ask(db): return h()"),
    "a helper's helper": (
        "def g(): return 1\ndef h(): return g()\ndef ask(db): return h()",
        "def g(): return 2\ndef h(): return g()\ndef ask(db): return h()",
    ),
    "a helper in a circle": (
        "def g(n): return h(n)\ndef h(n): return g(n - 1)\ndef ask(db): return g(db)",
        "def g(n): return h(n)\ndef h(n): return g(n - 2)\ndef ask(db): return g(db)",
    ),
    "which of two helpers": (
        "def g(): return 1\ndef h(): return 2\ndef ask(db): return (g(), h())",
        "def g(): return 2\ndef h(): return 1\ndef ask(db): return (g(), h())",
    ),
    "a helper only nested code calls": (
        "def h(): return 1\ndef ask(db): return [h() for _ in db]",
        "def h(): return 2\ndef ask(db): return [h() for _ in db]",
    ),
    "a helper of another module": (
        {"app.py": USES_HELPER, "helpers.py": "def help(db): return 1"},
        {"helpers.py": "def help(db): return 2"},
    ),
    "a helper imported by name": (
        {"app.py": FROM_HELPER, "helpers.py": "def help(db): return 1"},
        {"helpers.py": "def help(db): return 2"},
    ),
    "a helper behind a package": (
        {
            "app.py": "import pkg.inner.deep\ndef ask(db): return pkg.inner.deep.f()",
            "pkg/__init__.py": "",
            "pkg/inner/__init__.py": "",
            "pkg/inner/deep.py": "def f(): return 1",
        },
        {"pkg/inner/deep.py": "def f(): return 2"},
    ),
    "a helper's helper in a third module": (
        {"app.py": USES_HELPER, "helpers.py": "import third\ndef help(db): return third.f()", "third.py": "def f(): return 1"},
        {"third.py": "def f(): return 2"},
    ),
    "a constant": ("N = 1\ndef ask(db): return N", "N = 2\ndef ask(db): return N"),
    "a constant of another module": (
        {"app.py": "import helpers\ndef ask(db): return helpers.N", "helpers.py": "N = 1"},
        {"helpers.py": "N = 2"},
    ),
    "a constant that only a helper reads": (
        "N = 1\ndef h(): return N\ndef ask(db): return h()",
        "N = 2\ndef h(): return N\ndef ask(db): return h()",
    ),
    "a tuple": ("N = (1, [2])\ndef ask(db): return N", "N = (1, [3])\ndef ask(db): return N"),
    "a list's items": ("N = [1]\ndef ask(db): return N", "N = [1, 2]\ndef ask(db): return N"),
    "a list's class": ("N = [1]\ndef ask(db): return N", "N = (1,)\ndef ask(db): return N"),
    "a dictionary's value": ("N = {'a': 1}\ndef ask(db): return N", "N = {'a': 2}\ndef ask(db): return N"),
    "a dictionary's order": ("N = {'a': 1, 'b': 2}\ndef ask(db): return N", "N = {'b': 2, 'a': 1}\ndef ask(db): return N"),
    "a set's item": ("N = {'a', 'b'}\ndef ask(db): return N", "N = {'a', 'c'}\ndef ask(db): return N"),
    "a byte array": ("N = bytearray(b'a')\ndef ask(db): return N", "N = bytearray(b'b')\ndef ask(db): return N"),
    "a function in a table": (
        "def h(): return 1\nN = {'h': h}\ndef ask(db): return N['h']()",
        "def h(): return 2\nN = {'h': h}\ndef ask(db): return N['h']()",
    ),
    "a function in a set": (
        "def g(): return 1\ndef h(): return 1\nN = {g, h}\ndef ask(db): return [f() for f in N]",
        "def g(): return 1\ndef h(): return 2\nN = {g, h}\ndef ask(db): return [f() for f in N]",
    ),
    "a default factory": (
        "from collections import defaultdict\nN = defaultdict(list)\ndef ask(db): return N",
        "from collections import defaultdict\nN = defaultdict(set)\ndef ask(db): return N",
    ),
    "a name that appears": ("def ask(db): return h()", "def h(): return 1\ndef ask(db): return h()"),
    "a name that hides a built-in": ("def ask(db): return len(db)", "def len(x): return 1\ndef ask(db): return len(db)"),
    "a pattern": ("import re\nN = re.compile('a')\ndef ask(db): return N", "import re\nN = re.compile('b')\ndef ask(db): return N"),
    "a pattern's flags": (
        "import re\nN = re.compile('a')\ndef ask(db): return N",
        "import re\nN = re.compile('a', re.I)\ndef ask(db): return N",
    ),
    "a decimal": (
        "from decimal import Decimal\nN = Decimal('1.0')\ndef ask(db): return N",
        "from decimal import Decimal\nN = Decimal('1.00')\ndef ask(db): return N",
    ),
    "a path": (
        "from pathlib import Path\nN = Path('a')\ndef ask(db): return N",
        "from pathlib import Path\nN = Path('b')\ndef ask(db): return N",
    ),
    "a namespace": (
        "from types import SimpleNamespace as S\nN = S(a=1)\ndef ask(db): return N.a",
        "from types import SimpleNamespace as S\nN = S(a=2)\ndef ask(db): return N.a",
    ),
    "a slice": ("N = slice(1, 2)\ndef ask(db): return db[N]", "N = slice(1, 3)\ndef ask(db): return db[N]"),
    "a closure's cell": (
        "def make(n):\n  def ask(db): return n\n  return ask\nask = make(1)",
        "def make(n):\n  def ask(db): return n\n  return ask\nask = make(2)",
    ),
    "a function in a closure": (
        "def make(f):\n  def ask(db): return f()\n  return ask\nask = make(lambda: 1)",
        "def make(f):\n  def ask(db): return f()\n  return ask\nask = make(lambda: 2)",
    ),
    "a decorator": (
        "def deco(f):\n  def inner(db): return f(db)\n  return inner\n@deco\ndef ask(db): return 1",
        "def deco(f):\n  def inner(db): return f(db) + 1\n  return inner\n@deco\ndef ask(db): return 1",
    ),
    "under a decorator": (
        "def deco(f):\n  def inner(db): return f(db)\n  return inner\n@deco\ndef ask(db): return 1",
        "def deco(f):\n  def inner(db): return f(db)\n  return inner\n@deco\ndef ask(db): return 2",
    ),
    "a decorator's argument": (
        "def deco(n):\n  def outer(f):\n    def inner(db): return f(db) * n\n    return inner\n  return outer\n@deco(1)\ndef ask(db): return 1",
        "def deco(n):\n  def outer(f):\n    def inner(db): return f(db) * n\n    return inner\n  return outer\n@deco(2)\ndef ask(db): return 1",
    ),
    "under functools.wraps": (
        "import functools\ndef deco(f): return functools.wraps(f)(lambda db: 0)\n@deco\ndef ask(db): return 1",
        "import functools\ndef deco(f): return functools.wraps(f)(lambda db: 0)\n@deco\ndef ask(db): return 2",
    ),
    "under lru_cache": (
        "from functools import lru_cache\n@lru_cache\ndef h(): return 1\ndef ask(db): return h()",
        "from functools import lru_cache\n@lru_cache\ndef h(): return 2\ndef ask(db): return h()",
    ),
    "under contextmanager": (
        "import contextlib\n@contextlib.contextmanager\ndef h(): yield 1\ndef ask(db):\n  with h() as a: return a",
        "import contextlib\n@contextlib.contextmanager\ndef h(): yield 2\ndef ask(db):\n  with h() as a: return a",
    ),
    "one case of a singledispatch": (
        "import functools\n@functools.singledispatch\ndef h(a): return 0\n@h.register\ndef _(a: int): return 1\ndef ask(db): return h(1)",
        "import functools\n@functools.singledispatch\ndef h(a): return 0\n@h.register\ndef _(a: int): return 2\ndef ask(db): return h(1)",
    ),
    "a partial's argument": (
        "from functools import partial\ndef h(a, b): return a\np = partial(h, 1)\ndef ask(db): return p(b=2)",
        "from functools import partial\ndef h(a, b): return a\np = partial(h, 2)\ndef ask(db): return p(b=2)",
    ),
    "a partial's keyword": (
        "from functools import partial\ndef h(a, b): return a\np = partial(h, b=1)\ndef ask(db): return p(2)",
        "from functools import partial\ndef h(a, b): return a\np = partial(h, b=2)\ndef ask(db): return p(2)",
    ),
    "a partial's function": (
        "from functools import partial\ndef h(a): return a\np = partial(h, 1)\ndef ask(db): return p()",
        "from functools import partial\ndef h(a): return -a\np = partial(h, 1)\ndef ask(db): return p()",
    ),
    "a bound method": (
        "class A:\n  def f(self): return 1\nf = A().f\ndef ask(db): return f()",
        "class A:\n  def f(self): return 2\nf = A().f\ndef ask(db): return f()",
    ),
    "the object behind a bound method": (
        "class A:\n  def __init__(self, n): self.n = n\n  def f(self): return self.n\nf = A(1).f\ndef ask(db): return f()",
        "class A:\n  def __init__(self, n): self.n = n\n  def f(self): return self.n\nf = A(2).f\ndef ask(db): return f()",
    ),
    "a bound method of C": ("f = 'a'.join\ndef ask(db): return f(db)", "f = 'b'.join\ndef ask(db): return f(db)"),
    "a method of C": ("f = str.upper\ndef ask(db): return f(db)", "f = str.lower\ndef ask(db): return f(db)"),
    "a function of C": ("from math import sin as f\ndef ask(db): return f(db)", "from math import cos as f\ndef ask(db): return f(db)"),
    "a function of the library": (
        "from textwrap import dedent as f\ndef ask(db): return f(db)",
        "from textwrap import shorten as f\ndef ask(db): return f(db)",
    ),
    "a method": (
        "class A:\n  def f(self): return 1\ndef ask(db): return A().f()",
        "class A:\n  def f(self): return 2\ndef ask(db): return A().f()",
    ),
    "a class attribute": ("class A:\n  n = 1\ndef ask(db): return A.n", "class A:\n  n = 2\ndef ask(db): return A.n"),
    "a class method": (
        "class A:\n  @classmethod\n  def f(cls): return 1\ndef ask(db): return A.f()",
        "class A:\n  @classmethod\n  def f(cls): return 2\ndef ask(db): return A.f()",
    ),
    "a static method's kind": (
        "class A:\n  @classmethod\n  def f(cls): return 1\ndef ask(db): return A.f()",
        "class A:\n  @staticmethod\n  def f(cls): return 1\ndef ask(db): return A.f()",
    ),
    "a property": (
        "class A:\n  @property\n  def f(self): return 1\ndef ask(db): return A().f",
        "class A:\n  @property\n  def f(self): return 2\ndef ask(db): return A().f",
    ),
    "a cached property": (
        "import functools\nclass A:\n  @functools.cached_property\n  def f(self): return 1\ndef ask(db): return A().f",
        "import functools\nclass A:\n  @functools.cached_property\n  def f(self): return 2\ndef ask(db): return A().f",
    ),
    "a base class": (
        "class B:\n  def f(self): return 1\nclass A(B): pass\ndef ask(db): return A().f()",
        "class B:\n  def f(self): return 2\nclass A(B): pass\ndef ask(db): return A().f()",
    ),
    "another base": ("class A(list): pass\ndef ask(db): return A()", "class A(dict): pass\ndef ask(db): return A()"),
    "a metaclass": (
        "class M(type):\n  def f(cls): return 1\nclass A(metaclass=M): pass\ndef ask(db): return A.f()",
        "class M(type):\n  def f(cls): return 2\nclass A(metaclass=M): pass\ndef ask(db): return A.f()",
    ),
    "a class's name": ("class A: pass\na = A()\ndef ask(db): return repr(a)", "class B: pass\na = B()\ndef ask(db): return repr(a)"),
    "slots": ("class A:\n  __slots__ = ('a',)\ndef ask(db): return A()", "class A:\n  __slots__ = ('b',)\ndef ask(db): return A()"),
    "an object's state": (
        "class A:\n  def __init__(self, n): self.n = n\na = A(1)\ndef ask(db): return a.n",
        "class A:\n  def __init__(self, n): self.n = n\na = A(2)\ndef ask(db): return a.n",
    ),
    "an object's state in slots": (
        "class A:\n  __slots__ = ('n', 'm')\n  def __init__(self, n): self.n = n\na = A(1)\ndef ask(db): return a.n",
        "class A:\n  __slots__ = ('n', 'm')\n  def __init__(self, n): self.n = n\na = A(2)\ndef ask(db): return a.n",
    ),
    "the value in a subclass of a list": (
        "class A(list): pass\na = A([1])\ndef ask(db): return a",
        "class A(list): pass\na = A([2])\ndef ask(db): return a",
    ),
    "the value in a subclass of a dictionary": (
        "class A(dict): pass\na = A(b=1)\ndef ask(db): return a",
        "class A(dict): pass\na = A(b=2)\ndef ask(db): return a",
    ),
    "the value in a subclass of a number": (
        "class A(int): pass\na = A(1)\ndef ask(db): return a",
        "class A(int): pass\na = A(2)\ndef ask(db): return a",
    ),
    "an enum's value": (
        "import enum\nclass E(enum.Enum):\n  A = 1\ndef ask(db): return E.A",
        "import enum\nclass E(enum.Enum):\n  A = 2\ndef ask(db): return E.A",
    ),
    "an enum's member": (
        "import enum\nclass E(enum.Enum):\n  A = 1\n  B = 2\nN = E.A\ndef ask(db): return N",
        "import enum\nclass E(enum.Enum):\n  A = 1\n  B = 2\nN = E.B\ndef ask(db): return N",
    ),
    "an enum's order": (
        "import enum\nclass E(enum.Enum):\n  A = 1\n  B = 2\ndef ask(db): return list(E)",
        "import enum\nclass E(enum.Enum):\n  B = 2\n  A = 1\ndef ask(db): return list(E)",
    ),
    "an enum's method": (
        "import enum\nclass E(enum.Enum):\n  A = 1\n  def f(self): return 1\ndef ask(db): return E.A.f()",
        "import enum\nclass E(enum.Enum):\n  A = 1\n  def f(self): return 2\ndef ask(db): return E.A.f()",
    ),
    "a combination of flags": (
        "import enum\nclass E(enum.Flag):\n  A = 1\n  B = 2\nN = E.A | E.B\ndef ask(db): return N",
        "import enum\nclass E(enum.Flag):\n  A = 1\n  B = 2\nN = E(0)\ndef ask(db): return N",
    ),
    "a named tuple's field": (
        "from typing import NamedTuple\nclass A(NamedTuple):\n  a: int\n  b: int\ndef ask(db): return A(1, 2)",
        "from typing import NamedTuple\nclass A(NamedTuple):\n  b: int\n  a: int\ndef ask(db): return A(1, 2)",
    ),
    "a named tuple's default": (
        "from typing import NamedTuple\nclass A(NamedTuple):\n  a: int = 1\ndef ask(db): return A()",
        "from typing import NamedTuple\nclass A(NamedTuple):\n  a: int = 2\ndef ask(db): return A()",
    ),
    "a named tuple's method": (
        "from typing import NamedTuple\nclass A(NamedTuple):\n  a: int\n  def f(self): return 1\ndef ask(db): return A(1).f()",
        "from typing import NamedTuple\nclass A(NamedTuple):\n  a: int\n  def f(self): return 2\ndef ask(db): return A(1).f()",
    ),
    "a dataclass's default": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int = 1\ndef ask(db): return A()",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int = 2\ndef ask(db): return A()",
    ),
    "a dataclass's factory": (
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n  a: list = field(default_factory=lambda: [1])\ndef ask(db): return A()",
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n  a: list = field(default_factory=lambda: [2])\ndef ask(db): return A()",
    ),
    "a dataclass's order of fields": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int\n  b: int\ndef ask(db): return A(1, 2)",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  b: int\n  a: int\ndef ask(db): return A(1, 2)",
    ),
    "a dataclass's settings": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int\ndef ask(db): return A(1)",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A:\n  a: int\ndef ask(db): return A(1)",
    ),
    "a field's settings": (
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n  a: int\ndef ask(db): return A(1)",
        "from dataclasses import dataclass, field\n@dataclass\nclass A:\n  a: int = field(compare=False)\ndef ask(db): return A(1)",
    ),
    "a dataclass's method": (
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int\n  def f(self): return 1\ndef ask(db): return A(1).f()",
        "from dataclasses import dataclass\n@dataclass\nclass A:\n  a: int\n  def f(self): return 2\ndef ask(db): return A(1).f()",
    ),
    "what an annotation names": (
        "from __future__ import annotations\nimport dataclasses\nclass B:\n  n = 1\n@dataclasses.dataclass\nclass A:\n  a: B\ndef ask(db): return A(1)",
        "from __future__ import annotations\nimport dataclasses\nclass B:\n  n = 2\n@dataclasses.dataclass\nclass A:\n  a: B\ndef ask(db): return A(1)",
    ),
    "what a dotted annotation names": (
        {
            "app.py": "from __future__ import annotations\nimport dataclasses, helpers\n@dataclasses.dataclass\nclass A:\n  a: helpers.B | helpers.No\ndef ask(db): return A(1)",
            "helpers.py": "class B:\n  n = 1",
        },
        {"helpers.py": "class B:\n  n = 2"},
    ),
    "a cell that is filled": (
        "def make():\n  def ask(db): return n\n  return ask\n  n = 1\nask = make()",
        "def make():\n  n = 1\n  def ask(db): return n\n  return ask\nask = make()",
    ),
    "a model's default": (
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int = 1\ndef ask(db): return A()",
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int = 2\ndef ask(db): return A()",
    ),
    "a model's constraint": (
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int = pydantic.Field(gt=1)\ndef ask(db): return A(a=5)",
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int = pydantic.Field(gt=2)\ndef ask(db): return A(a=5)",
    ),
    "a model's settings": (
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int\ndef ask(db): return A(a=5)",
        "import pydantic\nclass A(pydantic.BaseModel, frozen=True):\n  a: int\ndef ask(db): return A(a=5)",
    ),
    "a model's validator": (
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int\n  @pydantic.field_validator('a')\n  def f(cls, v): return v\ndef ask(db): return A(a=5)",
        "import pydantic\nclass A(pydantic.BaseModel):\n  a: int\n  @pydantic.field_validator('a')\n  def f(cls, v): return -v\ndef ask(db): return A(a=5)",
    ),
    "an import in the body": (
        {"app.py": "def ask(db):\n  import helpers\n  return helpers.help(db)", "helpers.py": "def help(db): return 1"},
        {"helpers.py": "def help(db): return 2"},
    ),
    "what that import imports": (
        {
            "app.py": "def ask(db):\n  from helpers import help\n  return help(db)",
            "helpers.py": "import third\ndef help(db): return third.f()",
            "third.py": "def f(): return 1",
        },
        {"third.py": "def f(): return 2"},
    ),
    "a relative import in a body": (
        {
            "app.py": "from pkg.mod import ask",
            "pkg/__init__.py": "",
            "pkg/mod.py": "def ask(db):\n  from . import other\n  return other.N",
            "pkg/other.py": "N = 1",
        },
        {"pkg/other.py": "N = 2"},
    ),
    "a relative import two levels up": (
        {
            "app.py": "from pkg.sub.mod import ask",
            "pkg/__init__.py": "",
            "pkg/sub/__init__.py": "",
            "pkg/other.py": "N = 1",
            "pkg/sub/mod.py": "def ask(db):\n  from ..other import N\n  return N",
        },
        {"pkg/other.py": "N = 2"},
    ),
    "an import that appears": (
        {"app.py": "def ask(db):\n  import nowhere_yet\n  return nowhere_yet.N"},
        {"nowhere_yet.py": "N = 2"},
    ),
    "a module handed on": (
        {"app.py": "import helpers\ndef ask(db): return getattr(helpers, 'N')", "helpers.py": "N = 1"},
        {"helpers.py": "N = 2"},
    ),
    "an attribute of a helper": (
        "def h(): return h.n\nh.n = 1\ndef ask(db): return h()",
        "def h(): return h.n\nh.n = 2\ndef ask(db): return h()",
    ),
    "a generic alias": (
        "class B:\n  n = 1\nN = list[B]\ndef ask(db): return N",
        "class B:\n  n = 2\nN = list[B]\ndef ask(db): return N",
    ),
    "a new type": (
        "from typing import NewType\nclass B:\n  n = 1\nN = NewType('N', B)\ndef ask(db): return N",
        "from typing import NewType\nclass B:\n  n = 2\nN = NewType('N', B)\ndef ask(db): return N",
    ),
    "a deep chain of attributes": (
        "import os\ndef ask(db): return os.path.join(db)",
        "import os\ndef ask(db): return os.path.basename(db)",
    ),
    "a table that is only read": (
        "N = {1: 2}\ndef ask(db): return N[db], N.get(1), [k for k in N if 1 < k < 3]",
        "N = {1: 3}\ndef ask(db): return N[db], N.get(1), [k for k in N if 1 < k < 3]",
    ),
    "a function with the name of a way to fill": (
        {"app.py": "import helpers\ndef ask(db): return helpers.update(db)", "helpers.py": "def update(db): return 1"},
        {"helpers.py": "def update(db): return 2"},
    ),
    "a key of something else": (
        "N = 1\ndef ask(db):\n  db[N] = 2",
        "N = 2\ndef ask(db):\n  db[N] = 2",
    ),
    "an asynchronous body": ("def ask(db): return 1", "async def ask(db): return 1"),
}


@pytest.mark.parametrize("what", EDITS)
def test_an_edit_changes_the_fingerprint(tree: Tree, what: str) -> None:
    """The fingerprint after the edit is another, and undoing the edit brings the first one back."""
    before, after = EDITS[what]
    first = tree.print_of(before)
    assert tree.print_of(before) == first
    assert tree.print_of(after) != first
    if what != "an import that appears":
        assert tree.print_of(before) == first
