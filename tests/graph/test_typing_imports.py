"""Typing imports: what only a type checker sees closes no circle of imports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage.graph.cycles import import_cycles
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.graph.handle import Handle

GUARDED = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from b import B\n"


def circles(handle: Handle, **counted: bool) -> list[list[str]]:
    """The names of the members of each circle."""
    return [[node.qualified_name for node in cycle.members] for cycle in import_cycles(handle, **counted)]


@pytest.mark.parametrize(
    ("head", "is_circle"),
    [
        (GUARDED, False),
        ("import typing as t\n\nif t.TYPE_CHECKING:\n    import b\n", False),
        ("import typing_extensions\n\nif typing_extensions.TYPE_CHECKING:\n    import b\n", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING: import b\n", False),
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    from b import (\n        B,\n        B as C,\n    )\n", False),
        ("from typing import TYPE_CHECKING\n\nif not TYPE_CHECKING:\n    pass\nelse:\n    import b\n", False),
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING and len('x'):\n    import b\n", False),
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    pass\nelse:\n    import b\n", True),
        ("from typing import TYPE_CHECKING\n\nif not TYPE_CHECKING:\n    import b\n", True),
        ("from typing import TYPE_CHECKING\n\nif TYPE_CHECKING or len('x'):\n    import b\n", True),
        (f"{GUARDED}import b\n", True),
        ("import os\n\nif os.name:\n    import b\n", True),
        ("FLAG = 1\n\nif FLAG:\n    import b\n", True),
        ("import b\n", True),
    ],
)
def test_a_circle_is_one_of_modules_that_run(tmp_path: Path, head: str, *, is_circle: bool) -> None:
    """However the test is written; asked for, what type checkers see counts in every case."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(f'"""Docs."""\n{head}\n\nclass A:\n    pass\n')
    (tmp_path / "src" / "b.py").write_text("from a import A\n\n\nclass B(A):\n    pass\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tmp_path / "src")
        assert circles(workspace) == ([["a", "b"]] if is_circle else [])
        assert circles(workspace, with_typing=True) == [["a", "b"]]


def test_an_import_within_a_function_runs_all_the_same(tmp_path: Path) -> None:
    """A module that type checkers see imported, and that a function imports as well: a circle where functions count."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(f"{GUARDED}\n\ndef f():\n    import b\n    return b\n")
    (tmp_path / "src" / "b.py").write_text("import a\n\n\nclass B:\n    pass\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tmp_path / "src")
        assert circles(workspace) == []
        assert circles(workspace, with_deferred=True) == [["a", "b"]]


def test_a_circle_falls_apart_where_types_close_it(tmp_path: Path) -> None:
    """Of five modules in a ring of types, two import each other when they run: those are the circle."""
    (tmp_path / "src").mkdir()
    for name, following in zip("vwxyz", "wxyzv", strict=True):
        (tmp_path / "src" / f"{name}.py").write_text(f"from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    import {following}\n")
    with (tmp_path / "src" / "w.py").open("a") as file:
        file.write("import x\n")
    with (tmp_path / "src" / "x.py").open("a") as file:
        file.write("import w\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tmp_path / "src")
        assert circles(workspace) == [["w", "x"]]
        assert circles(workspace, with_typing=True) == [list("vwxyz")]
