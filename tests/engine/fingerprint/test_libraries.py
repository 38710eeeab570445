"""Libraries: code of the standard library and of installed distributions counts by name and version, the program's own is walked."""

from __future__ import annotations

import gc
import importlib.metadata
import sys
import weakref
from typing import TYPE_CHECKING

import pytest

from lestockage.engine.fingerprint import cover, fingerprint
from lestockage.engine.fingerprint.origin import _installed, _origins, home_of, origin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.engine.fingerprint.conftest import Tree

APP = "import lib\ndef ask(db): return lib.f()"


@pytest.fixture(autouse=True)
def _forgetting() -> Iterator[None]:
    """What is known of packages is kept for the life of a process; these tests install other ones."""
    kept = dict(_origins)
    _installed.clear()
    yield
    _origins.clear()
    _origins.update(kept)
    _installed.clear()


def look(tree: Tree, files: dict[str, str] | str) -> bytes:
    """Return the fingerprint of `ask` in a process that knows of no packages yet."""
    _origins.clear()
    _installed.clear()
    return tree.print_of(files)


def test_a_library_counts_by_its_version(tree: Tree) -> None:
    """Another version is another fingerprint; another body under the same version is not looked at."""
    files = {"app.py": APP, "lib.py": "def f(): return 1", "lib-1.0.dist-info/METADATA": "Name: lib\n"}
    first = look(tree, files)
    assert look(tree, {"lib.py": "def f(): return 2"}) == first
    (tree.root / "lib-1.0.dist-info").rename(tree.root / "lib-1.1.dist-info")
    assert look(tree, files={"lib.py": "def f(): return 1"}) != first


def test_a_library_counts_only_where_it_is_used(tree: Tree) -> None:
    """A version that nothing refers to does not show."""
    files = {"app.py": "import lib\ndef ask(db): return 1", "lib/__init__.py": "", "lib-1.0.dist-info/METADATA": ""}
    first = look(tree, files)
    (tree.root / "lib-1.0.dist-info").rename(tree.root / "lib-2.0.dist-info")
    assert look(tree, {}) == first


@pytest.mark.parametrize(
    "app",
    [
        "from lib import f\ndef ask(db): return f()",
        "from lib import A\ndef ask(db): return A()",
        "from lib import a\ndef ask(db): return a",
        "from lib import N\ndef ask(db): return N",
        "import lib.inner\ndef ask(db): return lib.inner.f()",
        "import lib\ndef ask(db): return lib",
        "def ask(db):\n  import lib\n  return lib",
        "import lib\nclass B(lib.A): pass\ndef ask(db): return B()",
        "import lib\ndef ask(db): return lib.made_up",
        "from lib import deco\n@deco\ndef h(): return 1\ndef ask(db): return h()",
    ],
)
def test_every_way_to_refer_to_a_library_sees_its_version(tree: Tree, app: str) -> None:
    """Functions, classes, instances, modules, bases and imports in bodies all carry the version."""
    library = (
        "def f(): return 1\nclass A: pass\na = A()\nN = [A]\ndef __getattr__(name): return 1\n"
        "def deco(f):\n  def inner(): return f()\n  return inner\n"
    )
    files = {"app.py": app, "lib/__init__.py": library, "lib/inner.py": "def f(): return 1", "lib-1.0.dist-info/METADATA": ""}
    first = look(tree, files)
    (tree.root / "lib-1.0.dist-info").rename(tree.root / "lib-2.0.dist-info")
    assert look(tree, {}) != first


def test_what_a_library_wraps_is_the_programs(tree: Tree) -> None:
    """A function that a library's decorator keeps in its closure is walked, and so is an object of the program that it was given."""
    library = "def deco(given):\n  def outer(f):\n    def inner(): return f(given)\n    return inner\n  return outer\n"
    app = "import lib\nclass A:\n  def __init__(self, n): self.n = n\n@lib.deco(A({n}))\ndef h(a): return {m}\ndef ask(db): return h()\n"
    files = {"lib.py": library, "lib-1.0.dist-info/METADATA": ""}
    prints = {look(tree, {**files, "app.py": app.format(n=n, m=m)}) for n, m in ((1, 1), (2, 1), (1, 2))}
    assert len(prints) == 3


def test_the_objects_of_a_library_count_by_class(tree: Tree) -> None:
    """The state of a library's object is not looked at."""
    files = {"lib.py": "class A:\n  def __init__(self, n): self.n = n\n", "lib-1.0.dist-info/METADATA": ""}
    app = "import lib\na = lib.A({n})\ndef ask(db): return a.n"
    assert look(tree, {**files, "app.py": app.format(n=1)}) == look(tree, {**files, "app.py": app.format(n=2)})


def test_a_package_called_otherwise_than_its_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    """The version is found through importlib.metadata where the folder's name does not tell."""
    assert origin("blake3", "") == f"blake3 {importlib.metadata.version('blake3')}"
    assert origin("_pytest.python", "") == f"_pytest pytest {pytest.__version__}"
    monkeypatch.setattr(importlib.metadata, "packages_distributions", dict)
    _origins.clear()
    assert origin("_pytest", "") is None


def test_an_editable_install_is_the_program() -> None:
    """A package whose files are where they are written is walked, whatever is recorded of it in site-packages."""
    assert origin("lestockage", "") is None
    assert origin("tests", "") is None
    assert origin("__main__", "") is None
    assert origin("no_such_package", "") is None


def test_the_standard_library_is_pythons(trees: Callable[[str], Tree]) -> None:
    """Modules of the standard library count by name, unless a module of the program has taken the name."""
    assert origin("json.decoder", "") == "python"
    tree = trees("one")
    kept = sys.modules.pop("colorsys", None)
    try:
        files = {"app.py": "import colorsys\ndef ask(db): return colorsys.f()", "colorsys.py": "def f(): return 1"}
        first = look(tree, files)
        assert look(tree, {"colorsys.py": "def f(): return 2"}) != first
    finally:
        sys.modules.pop("colorsys", None)
        if kept is not None:
            sys.modules["colorsys"] = kept


def test_an_installed_package_is_the_program_to_its_own_queries(tree: Tree) -> None:
    """A query of an installed package is walked within its package; others still see the version only."""
    files = {
        "lib/__init__.py": "",
        "lib/app.py": "from lib import help\nimport other\ndef ask(db): return help.f() + other.f()",
        "lib/help.py": "def f(): return 1",
        "lib-1.0.dist-info/METADATA": "",
        "other.py": "def f(): return 1",
        "other-1.0.dist-info/METADATA": "",
    }

    def look_inside(more: dict[str, str]) -> bytes:
        _origins.clear()
        _installed.clear()
        return fingerprint(tree.write(more).function("ask", "lib.app"))

    first = look_inside(files)
    assert home_of("lib.app") == "lib"
    assert look_inside({"other.py": "def f(): return 2"}) == first
    assert look_inside({"lib/help.py": "def f(): return 2"}) != first


def test_few_walks_are_kept() -> None:
    """A new way to stop for every call does not fill the memory."""
    for _ in range(50):
        fingerprint(look, stop_at=lambda _thing: None)
    assert len(cover._walks) <= cover._KEPT


class Owner:
    """Something with a way to stop of its own."""

    def stop(self, thing: object) -> bytes | None:
        """Identify one function."""
        return b"one" if thing is home_of else None


def told(name: str) -> str:
    """A function that is walked up to that one, for behind it lies all of the package."""
    return home_of(name)


def test_a_walk_goes_with_what_stops_it() -> None:
    """A `stop_at` that is a method keeps nothing alive; equal methods of one object share what was found."""
    owner = Owner()
    first = fingerprint(told, stop_at=owner.stop)
    assert fingerprint(told, stop_at=owner.stop) == first
    assert len(cover._walks_of[owner]) == 1
    gone = weakref.ref(owner)
    del owner
    gc.collect()
    assert gone() is None
