"""Determinism: the same code has the same fingerprint in every process, from any folder, whatever was imported or asked before."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from lestockage.engine.fingerprint import fingerprint, forget

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.engine.fingerprint.conftest import Tree

FILES = {
    "app.py": """
import dataclasses, enum, functools, re, json, os, typing, decimal, pathlib
import pydantic
import pkg.near
from pkg.near import Near as Renamed
TABLE = {'a': len, 'b': {'x', 'y', 'z'}, 'c': frozenset({'p', 'q'}), 'd': [1, 2.5, None]}
TYPES = {int, str, Renamed, typing.Any}
FUNCTIONS = {pkg.near.one, pkg.near.two, len}
class E(enum.Flag):
    A = 1
    B = 2
@dataclasses.dataclass(frozen=True)
class D:
    a: int
    b: 'dict[str, Renamed]' = dataclasses.field(default_factory=dict)
class M(pydantic.BaseModel):
    a: int = 1
    b: list[E] = []
    @pydantic.field_validator('a')
    def check(cls, value): return value
class T(typing.NamedTuple):
    a: int
    b: D
@functools.lru_cache
def cached(n): return n in {'a', 'b', 'c'}
def first(n): return second(n - 1) if n else TABLE
def second(n): return first(n - 1), FUNCTIONS, TYPES
def ask(db):
    import lazy
    from pkg import far
    return first(1), D(1), M(), T(1, 2), E.A | E.B, cached(1), lazy, far, re.compile('x'), os.path.join, pathlib.Path, [x for x in TABLE]
def other(db): return second(1), D, ask
""",
    "pkg/__init__.py": "",
    "pkg/near.py": "from pkg import far\nclass Near:\n  def f(self): return far.N\ndef one(): return Near\ndef two(): return one\n",
    "pkg/far.py": "N = 1\n",
    "lazy.py": "import pkg.far\nimport json\nM = {1, 2}\n",
}

PROGRAM = """
import sys, importlib
from lestockage.engine.fingerprint import fingerprint, forget
for name in sys.argv[1:]:
    if name.startswith("import:"):
        importlib.import_module(name.partition(":")[2])
import app
order = [app.ask, app.other, app.second, app.T, app.E]
if "reversed" in sys.argv:
    found = {id(thing): fingerprint(thing) for thing in order[::-1]}
    print([found[id(thing)].hex() for thing in order])
else:
    print([fingerprint(thing).hex() for thing in order])
"""


def run(folder: Path, *arguments: str, seed: str = "0", options: tuple[str, ...] = ()) -> str:
    """Return what a new process prints."""
    paths = [str(folder), *(path for path in sys.path if path)]
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(paths)}
    done = subprocess.run(
        [sys.executable, *options, "-c", PROGRAM, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_every_process_agrees(trees: Callable[[str], Tree], tmp_path: Path) -> None:
    """Hash seeds, folders, what is loaded already, what was asked before, cached bytecode: none of it shows."""
    trees("one").write(FILES)
    trees("a/longer/place").write(FILES)
    first = run(tmp_path / "one")
    assert len(set(first.split(","))) == 5
    assert run(tmp_path / "one", seed="1") == first
    assert run(tmp_path / "one", seed="42", options=("-B",)) == first
    assert run(tmp_path / "one", "reversed", seed="3") == first
    assert run(tmp_path / "one", "import:lazy", "import:pkg.far", "import:json", seed="4") == first
    assert run(tmp_path / "a/longer/place") == first


HOSTILE = """
class Nasty:
    __slots__ = ('kept', '__dict__')
    def __init__(self): self.kept = 1
    def __getattribute__(self, name): ran.append(name); raise RuntimeError(name)
    def __getattr__(self, name): ran.append(name); raise RuntimeError(name)
    def __eq__(self, other): ran.append('eq'); raise RuntimeError
    def __hash__(self): ran.append('hash'); raise RuntimeError
    def __repr__(self): ran.append('repr'); raise RuntimeError
    def __bool__(self): ran.append('bool'); raise RuntimeError
    def __len__(self): ran.append('len'); raise RuntimeError
    def __iter__(self): ran.append('iter'); raise RuntimeError
    def __call__(self): ran.append('call'); raise RuntimeError
    @property
    def value(self): ran.append('value'); raise RuntimeError
class Items(list):
    def __iter__(self): ran.append('iter'); raise RuntimeError
    def __repr__(self): ran.append('repr'); raise RuntimeError
class Pairs(dict):
    def items(self): ran.append('items'); raise RuntimeError
class Text(str):
    def __repr__(self): ran.append('repr'); raise RuntimeError
class Described:
    def __get__(self, instance, owner): ran.append('get'); raise RuntimeError
class Owner:
    described = Described()
ran = []
nasty, items, pairs, text = Nasty(), Items([1]), Pairs(a=1), Text('a')
def ask(db): return nasty, items, pairs, text, Owner
def __getattr__(name): ran.append(name); raise AttributeError(name)
"""


def test_looking_runs_no_code_of_the_program(tree: Tree) -> None:
    """Attributes are read without asking the classes' own code, which may lie, fail or do anything."""
    module = tree.write(HOSTILE).load()
    module.ran.clear()
    fingerprint(module.ask)
    assert module.ran == []


def test_a_lazy_import_is_not_performed(tree: Tree) -> None:
    """A module that a body imports is read, not run, and so is what it imports."""
    files = {
        "app.py": "def ask(db):\n  import bomb\n  from package import inner, value\n  return bomb, inner, value",
        "bomb.py": "import fuse\nraise RuntimeError",
        "fuse.py": "raise RuntimeError",
        "package/__init__.py": "raise RuntimeError",
        "package/inner.py": "raise RuntimeError",
    }
    first = tree.print_of(files)
    assert not {"bomb", "fuse", "package", "package.inner"} & set(sys.modules)
    assert tree.print_of({"package/inner.py": "raise ValueError"}) != first
    assert {"module bomb", "module fuse", "module package", "module package.inner"} <= set(tree.names({}))


@pytest.mark.parametrize(
    "files",
    [
        {"broken.py": "def ("},
        {"broken.py": "import broken.inner"},
        {"broken/inner.py": "N = 1"},
        {},
    ],
    ids=["a syntax error", "no package", "a namespace package", "nothing"],
)
def test_a_lazy_import_of_what_cannot_be_read(tree: Tree, files: dict[str, str]) -> None:
    """A module that cannot be read counts by name; nothing fails."""
    app = {"app.py": "def ask(db):\n  import broken\n  import broken.other\n  from broken import inner\n  return broken"}
    assert len(tree.print_of({**app, **files})) == 32


def test_a_module_that_is_no_file(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module made at run time, without a spec, is the program's own and counts as far as its names are reached."""
    import types  # noqa: PLC0415

    made = types.ModuleType("made_up")
    made.f = lambda: 1  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "made_up", made)
    module = tree.write("import made_up\ndef ask(db): return made_up.f()").load()
    first = fingerprint(module.ask)
    made.f = lambda: 2  # type: ignore[attr-defined]
    assert fingerprint(tree.load().ask) != first


def test_functions_without_a_module(tree: Tree) -> None:
    """Code that was run by `exec` in a bare namespace has a fingerprint too."""
    del tree
    prints = set()
    for body in ("N", "N + 1"):
        space: dict[str, object] = {"N": 1}
        exec(f"def ask(db): return {body}", space)  # noqa: S102
        prints.add(fingerprint(space["ask"]))
    assert len(prints) == 2


def test_numpy_constants_count_by_content(tree: Tree) -> None:
    """A numpy array is a library's object, but its bytes are the program's."""
    pytest.importorskip("numpy")
    prints = {
        tree.print_of(f"import numpy\nN = numpy.array({values})\ndef ask(db): return N")
        for values in ([1, 2], [1, 3], [[1, 2]], [1.0, 2.0])
    }
    assert len(prints) == 4
    tree.print_of("import numpy\nN = numpy.array([object()])\ndef ask(db): return N")


def test_functions_of_extensions_count_by_name(tree: Tree) -> None:
    """A function made by Cython is told from its neighbours by name, and looks the same each time."""
    app = "from msgpack._cmsgpack import {name} as f\ndef ask(db): return f"
    prints = [tree.print_of(app.format(name=name)) for name in ("unpackb", "Packer", "unpackb")]
    assert prints[0] == prints[2] != prints[1]


def test_a_class_whose_object_was_pickled_is_the_same(tree: Tree) -> None:
    """Pickling, as for another process, leaves a note on the class, which is no part of its code."""
    module = tree.write("import typing\nclass T(typing.NamedTuple):\n  a: int\ndef ask(db): return T(1)").load()
    before = fingerprint(module.ask)
    pickle.dumps(module.T(1))
    assert "__slotnames__" in vars(module.T)
    forget()
    assert fingerprint(module.ask) == before


def test_threads_agree(tree: Tree) -> None:
    """Threads that look at the same code at once, through functions that ask for others on the way, get what one thread gets."""
    module = tree.write(FILES).load()
    things = [module.ask, module.other, module.second, module.T]

    def stop(thing: object) -> bytes | None:
        return fingerprint(module.cached.__wrapped__, stop_at=stop) if thing is module.cached else None

    expected = [fingerprint(thing, stop_at=stop) for thing in things]
    forget()
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: [fingerprint(thing, stop_at=stop) for thing in things], range(4)))
    assert found == [expected] * 4
