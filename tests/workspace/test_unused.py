"""Unused: what is found, how sure it is, and every kind of use that other tools take for none."""

# ruff: noqa: E501  # small programs read best as one line each

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lestockage.cli import main
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.workspace.libraries import index_library
from lestockage.workspace.unused import find_entry_points, find_unused
from lestockage.workspace.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path


def index(folder: Path, files: dict[str, str]) -> Path:
    """Write a tree, index it, and return the database."""
    for path, text in files.items():
        file = folder / "src" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with Workspace.open(folder / "index.db") as workspace:
        workspace.index(folder / "src", project="p")
    return folder / "index.db"


def unused(folder: Path, files: dict[str, str]) -> dict[str, tuple[str, str]]:
    """Return the sureness and reason of each finding by qualified name."""
    with StoreFile.open(index(folder, files), read_only=True) as store:
        return {each.node.qualified_name: (each.sureness, each.reason) for each in find_unused(store, get_project(store, "p"))}


USED = {
    "dunder": "class _C:\n    def __len__(self):\n        return 1\n\nprint(_C())\n",
    "callback": "def _on(x):\n    return x\n\nprint(sorted([1], key=_on))\n",
    "value in a table": "def _on():\n    pass\n\nTABLE = {'on': _on}\nprint(TABLE)\n",
    "method as an attribute": "class _C:\n    def _go(self):\n        pass\n\ndef run(c):\n    return c._go\n\nprint(_C, run)\n",
    "decorator that registers": "import flask\napp = flask.Flask()\n\n@app.route('/')\ndef _index():\n    pass\n",
    "__all__": "__all__ = ['offered']\n\ndef offered():\n    pass\n",
    "__all__ extended": "__all__ = []\n__all__ += ['offered']\n\ndef offered():\n    pass\n",
    "__main__ guard": "def main():\n    pass\n\nif __name__ == '__main__':\n    main()\n",
    "override of an external base": "import threading\n\nclass _T(threading.Thread):\n    def run(self):\n        pass\n\nprint(_T())\n",
    "override of a base that is not known": "class _T(make()):\n    def run(self):\n        pass\n\nprint(_T())\n",
    "override of a used method": (
        "class _B:\n    def _do(self):\n        pass\n\nclass _D(_B):\n    def _do(self):\n        pass\n\ndef run(b: _B):\n    b._do()\n\nprint(_D, run)\n"
    ),
    "property": "class _C:\n    @property\n    def _size(self):\n        return 1\n\nprint(_C()._size)\n",
    "property with a setter": (
        "class _C:\n    @property\n    def _s(self):\n        return 1\n\n    @_s.setter\n    def _s(self, v):\n        pass\n\nprint(_C()._s)\n"
    ),
    "protocol": "import enum\n\nclass _C(enum.Flag):\n    A = 1\n\n\nclass D:\n    def _repr_html_(self):\n        return ''\n\nprint(_C, D)\n",
    "name that says so": "for _ in range(3):\n    pass\n\n_ = 1\n",
    "module's own __getattr__": "def __getattr__(name):\n    return name\n",
    "returned closure": "def _make():\n    def inner():\n        pass\n    return inner\n\nprint(_make())\n",
    "annotation": "class _C:\n    pass\n\ndef run(c: _C):\n    return c\n\nprint(run)\n",
}


@pytest.mark.parametrize("text", USED.values(), ids=USED.keys())
def test_what_is_used_is_not_reported(tmp_path: Path, text: str) -> None:
    """Each way of using a symbol without calling it keeps it."""
    assert unused(tmp_path, {"m.py": text}) == {}


def test_tests_and_what_pytest_uses_are_not_reported(tmp_path: Path) -> None:
    """Tests, their classes and set-up, fixtures, hooks and marks, and tests that another file's class inherits."""
    files = {
        "base.py": "class Shared:\n    def test_shared(self):\n        pass\n",
        "test_a.py": (
            "import unittest\nimport pytest\nfrom base import Shared\n\npytestmark = []\n\n\n@pytest.fixture\ndef thing():\n    return 1\n\n\n"
            "def test_a(thing):\n    pass\n\n\nclass TestB(Shared):\n    def setup_method(self):\n        pass\n\n    def test_b(self):\n        pass\n\n\n"
            "class Case(unittest.TestCase):\n    def setUp(self):\n        pass\n\n    def test_c(self):\n        pass\n"
        ),
        "conftest.py": "def pytest_configure(config):\n    pass\n",
    }
    assert unused(tmp_path, files) == {}


def test_commands_of_the_metadata_are_not_reported(tmp_path: Path) -> None:
    """Scripts and plugins of pyproject.toml, and nothing when that file is broken."""
    metadata = "[project]\nname = 'a'\n[project.scripts]\nrun = 'm:main'\n[project.entry-points.plugins]\nx = 'm:Plugin'\n"
    files = {"m.py": "def main():\n    pass\n\n\nclass Plugin:\n    pass\n", "pyproject.toml": metadata}
    assert unused(tmp_path, files) == {}
    (tmp_path / "src" / "pyproject.toml").write_text("broken = [")
    assert set(unused(tmp_path, {})) == {"m.main", "m.Plugin"}


def test_entry_points_of_other_metadata_are_not_reported(tmp_path: Path) -> None:
    """Commands of setup.cfg, and of what is installed beside the code."""
    code = "def main():\n    pass\n\n\nclass Plugin:\n    pass\n\n\ndef idle():\n    pass\n"
    files = {
        "m.py": code,
        "setup.cfg": "[metadata]\nname = a\n[options.entry_points]\nconsole_scripts =\n    run = m:main\n    again = m:main [extra]\n",
        "a-1.dist-info/entry_points.txt": "[plugins]\nx = m:Plugin\n\n[console_scripts]\nrun: m.py = broken\n",
        "b-1.dist-info/entry_points.txt": "no section\n",
    }
    assert set(unused(tmp_path, files)) == {"m.idle"}


def test_compiled_modules_may_use_anything(tmp_path: Path) -> None:
    """Nothing is sure of a distribution that has modules without source."""
    info = {"m-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: m\nVersion: 1\n", "m-1.dist-info/RECORD": "m.py,,\nfast.abi3.so,,\n"}
    files = {"m.py": "def _gone():\n    pass\n", **info}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    with Workspace.open(tmp_path / "index.db") as workspace:
        name = index_library(workspace, str(tmp_path / "m.py")).project
        (found,) = find_unused(workspace, get_project(workspace.file, name))
    assert (found.node.qualified_name, found.sureness) == ("m._gone", "possible")
    assert found.reason == "nothing refers to it, but a compiled module of the project may"


def test_what_is_unused_is_found(tmp_path: Path) -> None:
    """By kind and sureness: private, public, spoken of in a string only, and what only unused code or itself refers to."""
    text = (
        "def _private():\n    _chained()\n\n\ndef _chained():\n    pass\n\n\ndef public():\n    pass\n\n\ndef _again(n):\n    return _again(n - 1)\n\n\n"
        "class _Gone:\n    def _member(self):\n        return _Gone\n\n\ndef _named():\n    pass\n\n\nX = 1\nprint(getattr(object(), '_named'))\n\n\n"
        "def outer():\n    def inner():\n        pass\n\n\nprint(outer)\n\n\nclass Kept:\n    def _m(self):\n        pass\n\n\nprint(Kept)\n"
    )
    found = unused(tmp_path, {"m.py": text})
    assert {name: sureness for name, (sureness, _) in found.items()} == {
        "m._private": "sure",
        "m._chained": "sure",
        "m._again": "sure",
        "m._Gone": "sure",
        "m.outer.inner": "sure",
        "m.Kept._m": "sure",
        "m.public": "likely",
        "m.X": "likely",
        "m._named": "possible",
    }
    assert found["m._private"][1] == "nothing refers to it"
    assert found["m._chained"][1] == "only unused code, or its own, refers to it"
    assert "a string in m.py" in found["m._named"][1]


def test_nothing_is_surer_than_what_uses_it(tmp_path: Path) -> None:
    """A private name that only a public one uses, through another or from within a class, is as likely as that; one of private code is sure."""
    text = (
        "def public():\n    return _near()\n\n\ndef _near():\n    return _far\n\n\n_far = 1\n\n\n"
        "class Public:\n    def go(self):\n        return _inner()\n\n\ndef _inner():\n    pass\n\n\n"
        "def _alone():\n    return _with\n\n\n_with = 2\n"
    )
    found = unused(tmp_path, {"m.py": text})
    assert {name: sureness for name, (sureness, _) in found.items()} == {
        "m.public": "likely",
        "m._near": "likely",
        "m._far": "likely",
        "m.Public": "likely",
        "m._inner": "likely",
        "m._alone": "sure",
        "m._with": "sure",
    }
    assert found["m._near"][1] == "only unused code, or its own, refers to it, of which m.public may be used after all"


def test_entry_points_say_why(tmp_path: Path) -> None:
    """What is used from outside, each with how."""
    database = index(
        tmp_path, {"m.py": "__all__ = ['a']\n\ndef a():\n    pass\n\n\ndef b():\n    pass\n", "test_m.py": "def test_x():\n    pass\n"}
    )
    with StoreFile.open(database, read_only=True) as store:
        found = {each.node.qualified_name: each.reason for each in find_entry_points(store, get_project(store, "p"))}
    assert found == {"m.__all__": "Python itself uses it", "m.a": "`__all__` offers it", "test_m.test_x": "a test"}


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A line each, the same as JSON, or a word that there is none."""
    database = str(index(tmp_path, {"m.py": "def _gone():\n    pass\n"}))
    assert main(["unused", "--db", database]) == 0
    assert capsys.readouterr().out.split()[:4] == ["sure", "function", "m._gone", "m.py:1"]
    main(["unused", "--db", database, "--json", "--project", "p"])
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["qualified_name"], found["sureness"], found["reason"]) == ("m._gone", "sure", "nothing refers to it")
    (tmp_path / "src" / "m.py").write_text("def _gone():\n    pass\n\nprint(_gone)\n")
    assert main(["unused", "--db", database]) == 0
    assert capsys.readouterr() == ("", "lestockage: Nothing that is not used was found.\n")


def test_what_other_projects_use_is_used(tmp_path: Path) -> None:
    """A function, a class by a re-export, a method through inheritance and what a variable holds are used where another project does."""
    text = (
        "def called():\n    _inner()\n\n\ndef _inner():\n    pass\n\n\ndef idle():\n    pass\n\n\n"
        "class Base:\n    def hook(self):\n        pass\n\n    def spare(self):\n        pass\n\n\n"
        "class Tool:\n    def turn(self):\n        pass\n\n    def stop(self):\n        pass\n\n\nTOOL = Tool()\n"
    )
    database = index(tmp_path, {"lib/__init__.py": "from lib.core import *\n", "lib/core.py": text})
    with StoreFile.open(database, read_only=True) as store:
        alone = {each.node.qualified_name for each in find_unused(store, get_project(store, "p"))}
    assert alone == {"lib.core.called", "lib.core._inner", "lib.core.idle", "lib.core.Base", "lib.core.TOOL"} | {
        "lib.core.Tool.turn",
        "lib.core.Tool.stop",
    }
    app = tmp_path / "app"
    app.mkdir()
    (app / "main.py").write_text(
        "import lib\n\nclass Mine(lib.Base):\n    def go(self):\n        return self.hook()\n\ndef run():\n    lib.called()\n    lib.TOOL.turn()\n"
    )
    with Workspace.open(database) as workspace:
        workspace.index(app)
        project = get_project(workspace.file, "p")
        assert {each.node.qualified_name for each in find_unused(workspace, project)} == {
            "lib.core.idle",
            "lib.core.Base.spare",
            "lib.core.Tool.stop",
        }
        reasons = {each.node.qualified_name: each.reason for each in find_entry_points(workspace, project)}
        assert reasons["lib.core.called"] == "the project app uses it"
        (app / "main.py").write_text("")
        workspace.index(app)
        assert {each.node.qualified_name for each in find_unused(workspace, project)} == alone


def test_a_file_is_parsed_once_for_each_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command keeps what it parsed: asked again it parses nothing, and after an edit the one file, indexed or not."""
    database = index(tmp_path, {f"m{number}.py": f"def _gone{number}():\n    pass\n" for number in range(3)})

    def parsed() -> int:
        with Workspace.open(database) as workspace:
            find_unused(workspace, get_project(workspace.file, "p"))
            return sum(workspace.db.executions().values())

    assert parsed() == 3
    assert main(["unused", "--db", str(database)]) == 0
    first = capsys.readouterr().out
    assert parsed() == 0
    (tmp_path / "src" / "m1.py").write_text("def _gone1():\n    pass\n\nprint(_gone1)\n")
    assert parsed() == 1
    assert main(["unused", "--db", str(database)]) == 0
    assert capsys.readouterr().out == "".join(line for line in first.splitlines(keepends=True) if "_gone1" not in line)
    assert parsed() == 0


def test_a_file_that_cannot_be_written_is_answered_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may only read the database is answered too, and changes no byte of it."""
    database = index(tmp_path, {"m.py": "def _gone():\n    pass\n"})
    before = database.read_bytes()
    monkeypatch.setattr("lestockage.workspace.said.os.access", lambda *_: False)
    assert main(["unused", "--db", str(database)]) == 0
    assert database.read_bytes() == before
    assert main(["unused", "--db", str(tmp_path / "absent.db")]) == 2
