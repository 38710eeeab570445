"""Non-edits: what does not change what a function does does not change its fingerprint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engine.fingerprint.conftest import Tree

Files = str | Mapping[str, str]
# ruff: noqa: E501  # programs, each on the line of its edit

NON_EDITS: dict[str, tuple[Files, Files]] = {
    "a comment": ("def ask(db):\n  return 1", "# more\ndef ask(db):  # and\n  # more\n  return 1"),
    "a docstring that appears": ("def ask(db):\n  db()", 'def ask(db):\n  """Words."""\n  db()'),
    "a docstring that appears above nothing else": ("def ask(db):\n  pass", 'def ask(db):\n  """Words."""'),
    "another docstring": ('def ask(db):\n  "a"\n  return None', 'def ask(db):\n  "b"\n  return None'),
    "a docstring that appears among constants": (
        "def ask(db):\n  if db: return 'a'\n  return (None, 'b', 2)",
        'def ask(db):\n  """Words."""\n  if db: return \'a\'\n  return (None, \'b\', 2)',
    ),
    "a helper's docstring": ("def h(): return 1\ndef ask(db): return h()", "def h():\n  'words'\n  return 1\ndef ask(db): return h()"),
    "a nested function's docstring": (
        "def ask(db):\n  def f(): return None\n  return f",
        "def ask(db):\n  def f():\n    'words'\n    return None\n  return f",
    ),
    "a class's docstring": ("class A:\n  n = 1\ndef ask(db): return A()", "class A:\n  'words'\n  n = 1\ndef ask(db): return A()"),
    "a method's docstring": (
        "class A:\n  def f(self): pass\ndef ask(db): return A()",
        "class A:\n  def f(self):\n    'words'\ndef ask(db): return A()",
    ),
    "a nested class's docstring": (
        "def ask(db):\n  class A:\n    n = 1\n    m = None\n  return A",
        "def ask(db):\n  class A:\n    'words'\n    n = 1\n    m = None\n  return A",
    ),
    "a module's docstring": ("def ask(db): return 1", "'words'\ndef ask(db): return 1"),
    "lines above": ("def ask(db):\n  return [x for x in db]", "\n\n\n\ndef ask(db):\n\n  return [x for x in db]"),
    "a call over several lines": ("def ask(db): return db(1, 2, a=3)", "def ask(db):\n  return db(\n    1,\n    2,\n    a=3,\n  )"),
    "a condition on its own line": ("def ask(db):\n  if db: pass\n  return 1", "def ask(db):\n  if db:\n    pass\n  return 1"),
    "a loop on its own line": (
        "def ask(db):\n  for x in db:\n    if x: continue\n    db(x)\n  else: db(0)\n  while db: pass\n  return 1",
        "def ask(db):\n  for x in db:\n    if x:\n      continue\n    db(x)\n  else:\n    db(0)\n  while db:\n    pass\n  return 1",
    ),
    "a try on more lines": (
        "def ask(db):\n  try: return db()\n  except (OSError, ValueError): pass\n  finally: db(1)\n  with db: pass\n  return 2",
        "def ask(db):\n  try:\n    return db()\n  except (\n    OSError,\n    ValueError,\n  ):\n    pass\n  finally:\n    db(1)\n  with db:\n    pass\n  return 2",
    ),
    "parentheses and quotes": ("def ask(db): return db + ('a' 'b')", 'def ask(db): return (db + "ab")'),
    "a number's spelling": ("def ask(db): return 1_000 + 0x10", "def ask(db): return 1000 + 16"),
    "a constant that the compiler folds": ("def ask(db): return 60 * 60", "def ask(db): return 3600"),
    "local names of the body": ("def ask(db):\n  a = db()\n  return a", "def ask(db):\n  b = db()\n  return b"),
    "local names of a helper": (
        "def h():\n  a = 1\n  return a\ndef ask(db): return h()",
        "def h():\n  b = 1\n  return b\ndef ask(db): return h()",
    ),
    "the order of definitions": (
        "def g(): return 1\ndef h(): return 2\ndef ask(db): return g() + h()",
        "def ask(db): return g() + h()\ndef h(): return 2\ndef g(): return 1",
    ),
    "the order of methods": (
        "class A:\n  def f(self): return 1\n  def g(self): return 2\ndef ask(db): return A()",
        "class A:\n  def g(self): return 2\n  def f(self): return 1\ndef ask(db): return A()",
    ),
    "another function of the module": (
        "def other(): return 1\ndef ask(db): return 1",
        "def other(): return 2\nX = 3\ndef ask(db): return 1",
    ),
    "another function of a used module": (
        {"app.py": "import helpers\ndef ask(db): return helpers.help()", "helpers.py": "def help(): return 1\ndef other(): return 1"},
        {"helpers.py": "import os\ndef other(): return 2\nN = os\ndef help(): return 1"},
    ),
    "a method with the name of a function": (
        "def run(): return 1\ndef ask(db): return db.run()",
        "def run(): return 2\ndef ask(db): return db.run()",
    ),
    "annotations of a helper": ("def h(a: int) -> int: return a\ndef ask(db): return h(1)", "def h(a): return a\ndef ask(db): return h(1)"),
    "a module level annotation": ("N = 1\ndef ask(db): return N", "N: int = 1\ndef ask(db): return N"),
    "an import for type checkers": (
        {
            "app.py": "def ask(db):\n  import helpers\n  return helpers.N",
            "slow.py": "X = 1",
            "helpers.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n  import slow\nN = 1",
        },
        {"slow.py": "X = 2"},
    ),
    "an import for type checkers, by its whole name": (
        {
            "app.py": "def ask(db):\n  import helpers\n  return helpers.N",
            "slow.py": "X = 1",
            "helpers.py": "import typing\nif typing.TYPE_CHECKING:\n  from slow import X\n  Y = X()\nN = 1",
        },
        {"slow.py": "X = 2"},
    ),
    "a comment and docstring of a lazily imported module": (
        {"app.py": "def ask(db):\n  import helpers\n  return helpers.N", "helpers.py": "N = 1\nclass A:\n  n = None"},
        {"helpers.py": "'words'\n# more\nN = 1\nclass A:\n  'words'\n\n  n = None"},
    ),
    "what a cache holds": (
        "from functools import lru_cache\n@lru_cache\ndef h(n): return n\ndef ask(db): return h(1)",
        "from functools import lru_cache\n@lru_cache\ndef h(n): return n\nh(1)\nh(2)\ndef ask(db): return h(1)",
    ),
    "what a dispatcher remembers": (
        "import functools\n@functools.singledispatch\ndef h(a): return 0\ndef ask(db): return h(1)",
        "import functools\n@functools.singledispatch\ndef h(a): return 0\nh(1)\nh('a')\ndef ask(db): return h(1)",
    ),
    "a value kept by the code itself": (
        "_kept = None\ndef ask(db):\n  global _kept\n  if _kept is None: _kept = 1\n  return _kept",
        "_kept = 7\ndef ask(db):\n  global _kept\n  if _kept is None: _kept = 1\n  return _kept",
    ),
    **{
        f"a cache filled by {how}": (
            f"from collections import Counter, deque\n_kept = {empty}\ndef ask(db):\n  {how}\n  return _kept",
            f"from collections import Counter, deque\n_kept = {full}\ndef ask(db):\n  {how}\n  return _kept",
        )
        for how, empty, full in (
            ("_kept[db] = 1", "{}", "{1: 2}"),
            ("_kept[1] = db()", "{}", "{1: 2}"),
            ("del _kept[db]", "{}", "{1: 2}"),
            ("_kept[db] += 1", "Counter()", "Counter(a=1)"),
            ("_kept.append(db)", "[]", "[1]"),
            ("_kept.appendleft(db)", "deque()", "deque([1])"),
            ("_kept.setdefault(db, 1)", "{}", "{1: 2}"),
            ("[_kept.add(x) for x in db]", "set()", "{1}"),
        )
    },
    "a lock": (
        "import threading\nlock = threading.Lock()\ndef ask(db):\n  with lock: return 1",
        "import threading\nlock = threading.Lock()\nlock.acquire()\ndef ask(db):\n  with lock: return 1",
    ),
    "an enum's alias for the same value, elsewhere": (
        "import enum\nclass E(enum.Enum):\n  A = 1\ndef ask(db): return E.A",
        "import enum\nclass E(enum.Enum):\n  'words'\n\n  A = 1\ndef ask(db): return E.A",
    ),
    "a far jump that a no-op lengthened": (
        "def ask(db):\n  for x in db:\n    if x: pass\n" + "    db(x)\n" * 60,
        "def ask(db):\n  for x in db:\n    if x:\n      pass\n" + "    db(x)\n" * 60,
    ),
}


@pytest.mark.parametrize("what", NON_EDITS)
def test_a_non_edit_keeps_the_fingerprint(tree: Tree, what: str) -> None:
    """The fingerprint is the same before and after."""
    before, after = NON_EDITS[what]
    assert tree.print_of(before) == tree.print_of(after)
