"""Module names: what Python code would write to import a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lestockage.languages.python.module_names import import_roots, module_name
from lestockage.workspace.module_names import package_prefix
from tests.workspace.planting import plant

if TYPE_CHECKING:
    from pathlib import Path


def named(*paths: str, prefix: str = "") -> dict[str, str]:
    """Return the module name of each path in a tree that holds just these."""
    roots = import_roots(paths)
    return {path: module_name(path, roots, prefix) for path in paths}


# -- above the tree ----------------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_no_package_has_no_prefix(tmp_path: Path) -> None:
    """Names in a folder without `__init__.py` begin inside it, also when the folder above is a package."""
    plant(tmp_path, "pkg/__init__.py", "pkg/data/a.py")
    assert package_prefix(tmp_path / "pkg" / "data") == ""


def test_a_package_is_its_own_prefix(tmp_path: Path) -> None:
    """The folder of a package that is indexed itself begins the names."""
    plant(tmp_path, "pkg/__init__.py")
    assert package_prefix(tmp_path / "pkg") == "pkg"


def test_a_subpackage_has_the_packages_around_it_as_prefix(tmp_path: Path) -> None:
    """The unbroken chain of `__init__.py` files upwards decides, and ends where one is missing."""
    plant(tmp_path, "__init__.py", "top/pkg/__init__.py", "top/pkg/sub/__init__.py", "top/pkg/sub/in/__init__.pyi")
    assert package_prefix(tmp_path / "top" / "pkg" / "sub" / "in") == "pkg.sub.in"


def test_a_stub_package_is_named_for_what_it_describes(tmp_path: Path) -> None:
    """`name-stubs` holds the types of `name` (PEP 561)."""
    plant(tmp_path, "pkg-stubs/__init__.pyi")
    assert package_prefix(tmp_path / "pkg-stubs") == "pkg"


def test_the_root_of_the_file_system_ends_the_chain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search upwards ends even where every folder claims to be a package."""
    monkeypatch.setattr("os.path.isfile", lambda _path: True)
    assert package_prefix("/a/b") == "a.b"


# -- inside the tree ---------------------------------------------------------------------------------------------------------------


def test_a_package_at_the_root() -> None:
    """Names follow the folders; `__init__` stands for its folder."""
    assert named("pkg/__init__.py", "pkg/a.py", "pkg/sub/__init__.py", "pkg/sub/b.py", "top.py") == {
        "pkg/__init__.py": "pkg",
        "pkg/a.py": "pkg.a",
        "pkg/sub/__init__.py": "pkg.sub",
        "pkg/sub/b.py": "pkg.sub.b",
        "top.py": "top",
    }


def test_a_tree_that_is_a_package() -> None:
    """Given a prefix, every name begins with it, and the root's own `__init__.py` is the prefix."""
    assert named("__init__.py", "a.py", "sub/b.py", prefix="net.pkg") == {
        "__init__.py": "net.pkg",
        "a.py": "net.pkg.a",
        "sub/b.py": "net.pkg.sub.b",
    }


def test_a_folder_without_init_is_a_package_part() -> None:
    """Namespace packages need no `__init__.py`."""
    assert named("google/cloud/storage/__init__.py", "google/cloud/storage/a.py")["google/cloud/storage/a.py"] == "google.cloud.storage.a"


def test_names_begin_below_src() -> None:
    """In a `src` layout the folder `src` is no part of a name, at the top and in a project within the project."""
    assert named("src/pkg/__init__.py", "src/single.py", "libs/one/src/one/a.py", "tests/test_a.py") == {
        "src/pkg/__init__.py": "pkg",
        "src/single.py": "single",
        "libs/one/src/one/a.py": "one.a",
        "tests/test_a.py": "tests.test_a",
    }


def test_a_package_called_src_is_a_package() -> None:
    """A `src` with an `__init__.py`, or inside a package, is a name like any other."""
    assert named("src/__init__.py", "src/a.py")["src/a.py"] == "src.a"
    assert named("pkg/__init__.py", "pkg/src/a.py")["pkg/src/a.py"] == "pkg.src.a"


@pytest.mark.parametrize("marker", ["pyproject.toml", "setup.cfg", "setup.py"])
def test_names_begin_below_a_project_within_the_project(marker: str) -> None:
    """A folder with a project file of its own is where its names begin."""
    assert named(f"libs/one/{marker}", "libs/one/one/a.py")["libs/one/one/a.py"] == "one.a"


def test_a_setup_script_in_a_package_marks_nothing() -> None:
    """A `setup.py` beside an `__init__.py` is a module, as numpy's were."""
    assert named("pkg/__init__.py", "pkg/sub/setup.py", "pkg/sub/a.py")["pkg/sub/a.py"] == "pkg.sub.a"


def test_names_begin_below_what_no_import_can_name() -> None:
    """A folder whose name is no identifier cannot be part of a name, unless it lies inside a package."""
    assert named("lib/python3.11/site-packages/pkg/a.py", "my-scripts/run.py", "pkg/__init__.py", "pkg/odd-data/b.py") == {
        "lib/python3.11/site-packages/pkg/a.py": "pkg.a",
        "my-scripts/run.py": "run",
        "pkg/__init__.py": "pkg",
        "pkg/odd-data/b.py": "pkg.odd-data.b",
    }


def test_stubs_are_named_for_what_they_describe() -> None:
    """A stub file has the name of its module, and `name-stubs` that of its package."""
    assert named("a.pyi", "pkg-stubs/__init__.pyi", "pkg-stubs/b.pyi") == {
        "a.pyi": "a",
        "pkg-stubs/__init__.pyi": "pkg",
        "pkg-stubs/b.pyi": "pkg.b",
    }


def test_an_init_without_a_package_keeps_its_name() -> None:
    """Where an `__init__.py` stands for no folder there is nothing else to call it."""
    assert named("my-scripts/__init__.py")["my-scripts/__init__.py"] == "my-scripts"
    assert named("__init__.py")["__init__.py"] == "__init__"


def test_a_deeper_root_wins() -> None:
    """Roots within roots: the deepest above a file decides."""
    roots = import_roots(["libs/one/setup.py", "libs/one/src/one/a.py", "libs/one/tests/b.py"])
    assert roots == {"", "libs/one/", "libs/one/src/"}
    assert module_name("libs/one/src/one/a.py", roots) == "one.a"
    assert module_name("libs/one/tests/b.py", roots) == "tests.b"


folder_name = st.sampled_from(["a", "b", "src", "x-y", "pkg"])
file_name = st.sampled_from(["__init__.py", "m.py", "setup.py", "n.pyi"])
tree_path = st.tuples(st.lists(folder_name, max_size=4), file_name).map(lambda parts: "/".join([*parts[0], parts[1]]))


@given(st.lists(tree_path, min_size=1, max_size=8, unique=True))
def test_roots_are_outside_packages_and_in_no_order(paths: list[str]) -> None:
    """Whatever the tree: its roots do not depend on the order of the paths, lie in no package, and give every file a name."""
    roots = import_roots(paths)
    assert roots == import_roots(paths[::-1])
    packages = {path.removesuffix("__init__.py") for path in paths if path.endswith("__init__.py")}
    assert not {root for root in roots if root and any(root.startswith(package) for package in packages)}
    assert all(module_name(path, roots) for path in paths)
