"""Libraries: versions beside each other, installed dependencies, and which of several projects a name comes from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.cli import main
from lestockage.projects import breakage, deps, resolve
from lestockage.workspace.libraries import index_library, index_with_dependencies
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import APPLICATION, LIBRARY, index, links, plant, rows

if TYPE_CHECKING:
    from pathlib import Path

NEWER = {**LIBRARY, "pyproject.toml": '[project]\nname = "lib"\nversion = "2.0"\n', "lib/sub.py": "def starred(n):\n    return n\n"}


def library(db: Path, root: Path) -> Any:
    """Index a tree as a library, and return the report."""
    with Workspace.open(db) as workspace:
        return index_library(workspace, str(root))


def providers(db: Path, project: str = "app", name: str = "lib.make") -> list[tuple[str, tuple[str, ...]]]:
    """Return from which project a name comes in the code of another, with the rivals."""
    with open_lookup(db) as lookup:
        return [(each.project, each.rivals) for each in resolve(lookup, name, project=project)]


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """Return the next version of the library, which lacks a function."""
    return plant(tmp_path / "newer", NEWER)


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """Return a folder of site-packages: `lib`, which needs `deep`, a plain module, and `stray`, which nobody needs."""
    info = "Metadata-Version: 2.1\nName: {}\nVersion: {}\n{}"
    return plant(
        tmp_path / "venv" / "lib" / "python3.11" / "site-packages",
        {
            **{path: text for path, text in LIBRARY.items() if path.startswith("lib/")},
            "deep.py": "def bottom():\n    return 1\n",
            "stray.py": "def nobody():\n    return 1\n",
            "lib-1.5.dist-info/METADATA": info.format("Lib", "1.5", 'Requires-Dist: deep>=3\nRequires-Dist: stray; extra == "never"\n'),
            "lib-1.5.dist-info/RECORD": "lib/__init__.py,,\nlib/core.py,,\nlib/sub.py,,\n",
            "deep-3.1.dist-info/METADATA": info.format("deep", "3.1", ""),
            "deep-3.1.dist-info/RECORD": "deep.py,,\n",
            "stray-1.dist-info/METADATA": info.format("stray", "1", ""),
            "stray-1.dist-info/RECORD": "stray.py,,\n",
        },
    )


def test_two_versions_side_by_side(db: Path, lib: Path, newer: Path, app: Path) -> None:
    """Each version is a project; the newest that the requirement allows is taken, and there is no ambiguity."""
    for root in (app, lib, newer):
        library(db, root) if root != app else index(db, app)
    assert providers(db) == [("lib==2.0", ())]
    plant(app, {"pyproject.toml": '[project]\nname = "app"\nversion = "0.1"\ndependencies = ["lib>=1,<2"]\n'})
    index(db, app)
    assert providers(db) == [("lib==1.0", ())]


def test_an_upgrade_is_told_as_breakage(db: Path, lib: Path, newer: Path, app: Path) -> None:
    """What the newer version lacks is gone for the application that moves to it."""
    library(db, lib)
    index(db, app)
    assert links(db)["lib.sub.old"] == ("linked", "lib.sub.old")
    library(db, newer)
    with open_lookup(db) as lookup:
        found = [(each.name, each.lost_name, each.provider) for each in breakage(lookup)]
    assert found == [("lib.sub.old", "lib.sub.old", "lib==2.0")]


def test_upgraded_and_removed_versions_are_as_from_scratch(tmp_path: Path, db: Path, lib: Path, newer: Path, app: Path) -> None:
    """Add 1, use it, add 2, forget 1: the rows are those of a database that never had version 1."""
    library(db, lib)
    index(db, app)
    library(db, newer)
    assert main(["forget", "lib==1.0", "--db", str(db)]) == 0
    fresh = tmp_path / "fresh.db"
    index(fresh, app)
    library(fresh, newer)
    assert rows(db) == rows(fresh)


def test_back_to_the_first_version_executes_nothing(db: Path, lib: Path, newer: Path, app: Path) -> None:
    """Version 1, 2, 1 again: the way back runs no query and no task, as versions of their own and in place."""
    for way in (library, index):
        way(db, lib)
        way(db, newer)
        assert way(db, lib).executed == {}
    index(db, app)


def test_switching_in_place_analyses_nothing_on_the_way_back(db: Path, tmp_path: Path, app: Path) -> None:
    """One tree whose files become those of the next version and then what they were: what is not stored, or has no traces, runs again."""
    tree = plant(tmp_path / "tree", LIBRARY)
    index(db, tree)
    index(db, app)
    before = rows(db)
    plant(tree, NEWER)
    index(db, tree)
    plant(tree, LIBRARY)
    report = index(db, tree)
    read = {"files", "modules", "outline", "namespace", "positions", "file_facts", "file_nodes", "file_edges"}
    assert report.executed.keys() <= read | {"file_shape", "project_shapes"} | {"unit"}  # which has no traces
    assert rows(db) == before


def test_installed_dependencies_are_indexed_once(db: Path, app: Path, environment: Path, tmp_path: Path) -> None:
    """What the project declares and what that needs is indexed, by its installed version; a second project finds it there."""
    needing = '[project]\nname = "other"\nversion = "1"\ndependencies = ["lib"]\n'
    other = plant(tmp_path / "other", {**APPLICATION, "pyproject.toml": needing})
    with Workspace.open(db) as workspace:
        first = index_with_dependencies(workspace, str(app), environment=str(environment.parents[2]))
        second = index_with_dependencies(workspace, str(other), environment=str(environment.parents[2]))
    assert [report.project for report in first.dependencies] == ["deep==3.1", "lib==1.5"]
    assert (second.dependencies, second.shared) == ((), ("deep==3.1", "lib==1.5"))
    assert providers(db) == [("lib==1.5", ())]
    with open_lookup(db) as lookup:
        assert [(each.installed, each.provider) for each in deps(lookup, project="app")] == [("1.5", "lib==1.5")]


def test_what_is_not_installed_is_told(db: Path, app: Path, environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A declared dependency that the environment lacks is named, one of an extra or another system is not; a tree may declare none."""
    needs = '["lib", "absent>2", "other; python_version < \'3\'"]'
    extras = '[project.optional-dependencies]\ndev = ["linter"]\n'
    plant(app, {"pyproject.toml": f'[project]\nname = "app"\nversion = "0.1"\ndependencies = {needs}\n{extras}'})
    words = ["index", str(app), "--with-dependencies", "--environment", str(environment), "--db", str(db)]
    assert main(words) == 0
    assert capsys.readouterr().err == "lestockage: Not installed, so not indexed: absent.\n"
    (app / "pyproject.toml").unlink()
    assert main(words) == 0
    assert "declares no dependencies" in capsys.readouterr().err
    assert main(["index", str(environment / "lib"), "--as-library", "--db", str(db)]) == 0
    assert not capsys.readouterr().err


def test_dependencies_are_told_one_by_one_and_not_held(db: Path, app: Path, environment: Path) -> None:
    """Who waits is told which dependency is next; in memory nothing of one is left when the next begins."""
    seen: list[tuple[str, int, int]] = []
    held: list[int] = []
    with Workspace.open(db) as workspace:

        def step(stage: str, done: int, total: int) -> None:
            seen.append((stage, done, total))
            if stage == "dependencies":
                held.append(sum(query.memos for query in workspace.db.stats().values()))

        index_with_dependencies(workspace, str(app), environment=str(environment), progress=step)
    assert [each for each in seen if each[0] == "dependencies"] == [("dependencies", 0, 2), ("dependencies", 1, 2), ("dependencies", 2, 2)]
    assert held == [0, 0, 0]


def test_a_run_that_was_ended_goes_on_where_it_was(db: Path, app: Path, environment: Path) -> None:
    """A dependency that was indexed before the interrupt is there; the rest follows at the next run, and nothing is known to differ."""

    def end(stage: str, done: int, total: int) -> None:
        if (stage, done, total) == ("dependencies", 1, 2):
            raise KeyboardInterrupt

    with Workspace.open(db) as workspace, pytest.raises(KeyboardInterrupt):
        index_with_dependencies(workspace, str(app), environment=str(environment), progress=end)
    with Workspace.open(db) as workspace:
        found = index_with_dependencies(workspace, str(app), environment=str(environment))
    assert ([each.project for each in found.dependencies], found.shared) == (["lib==1.5"], ("deep==3.1",))
    assert providers(db) == [("lib==1.5", ())]


def test_the_installed_version_goes_before_a_newer_one(db: Path, app: Path, environment: Path, newer: Path) -> None:
    """Where the environment was looked at, its version is taken though the requirement allows a newer one."""
    library(db, newer)
    with Workspace.open(db) as workspace:
        index_with_dependencies(workspace, str(app), environment=str(environment))
    assert providers(db) == [("lib==1.5", ())]


def test_libraries_are_other_peoples_code(db: Path, app: Path, environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is unused, and which tests are affected, is told of a library where it is named, by the files of that distribution alone."""
    with Workspace.open(db) as workspace:
        index_with_dependencies(workspace, str(app), environment=str(environment))
    plant(environment, {"stray.py": "def nobody():\n    return 2\n", "test_stray.py": "def test_nobody():\n    pass\n"})
    plant(environment, {"lib/sub.py": "def starred(n):\n    return n + 1\n"})
    found = {}
    for words in (["affected"], ["affected", "--project", "lib==1.5"], ["unused"], ["unused", "--project", "deep==3.1"]):
        assert main([*words, "--db", str(db), "--json"]) == 0
        found[" ".join(words)] = json.loads(capsys.readouterr().out)
    assert found["affected"] == {"changes": [], "tests": []}
    assert [each["file_path"] for each in found["affected --project lib==1.5"]["changes"]] == ["lib/sub.py"]
    assert {each["project"] for each in found["unused"]} == {"app"}
    assert [each["qualified_name"] for each in found["unused --project deep==3.1"]] == ["deep.bottom"]


def test_as_library_takes_what_is_installed(db: Path, environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder or module of site-packages stands for its distribution, named for its version."""
    assert main(["index", str(environment / "lib"), "--as-library", "--db", str(db), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["project"] == "lib==1.5"
    assert library(db, environment / "deep.py").project == "deep==3.1"
    assert library(db, environment / "lib").executed == {}


def test_the_command_indexes_dependencies_too(db: Path, app: Path, environment: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`index --with-dependencies` says what it indexed, and what was there."""
    words = ["index", str(app), "--with-dependencies", "--environment", str(environment), "--db", str(db)]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["project"] for each in found["dependencies"]] == ["deep==3.1", "lib==1.5"]
    assert main(words) == 0
    assert "already there: deep==3.1, lib==1.5" in capsys.readouterr().out
    assert main([*words[:-1], f"{db}.fresh"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines if line.startswith(("deep", "lib", "app"))] == ["deep==3.1", "lib==1.5", "app"]
    assert sum("executed" in line for line in lines) == 1  # of the project that was asked for
    assert main(["index", str(app), "--with-dependencies", "--environment", str(app / "nowhere"), "--db", str(db)]) == 2


def test_undeclared_rivals_are_ambiguous(db: Path, lib: Path, app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two projects provide a name and nothing prefers one: the first by name is taken, and the other is told."""
    plant(app, {"pyproject.toml": '[project]\nname = "app"\nversion = "0.1"\n'})
    metadata = '[project]\nname = "fork"\nversion = "1"\n[tool.setuptools]\npackages = ["lib"]\n'
    fork = plant(tmp_path / "fork", {**LIBRARY, "pyproject.toml": metadata})
    for root in (app, lib, fork):
        index(db, root)
    assert providers(db) == [("fork", ("lib",))]
    with open_lookup(db) as lookup:
        assert deps(lookup, project="app")[0].ambiguous == len(links(db))
    assert main(["resolve", "lib.make", "--from", "app", "--db", str(db)]) == 0
    assert "ambiguous" in capsys.readouterr().err


def test_a_declared_dependency_goes_before_others(db: Path, lib: Path, app: Path, tmp_path: Path) -> None:
    """The project that the metadata asks for is taken, though another has a module of that name; its own module goes before both."""
    index(db, plant(tmp_path / "aaa", {"lib/__init__.py": "def make():\n    return 0\n"}))
    index(db, lib)
    index(db, app)
    assert providers(db) == [("lib", ())]
    own = plant(tmp_path / "own", {"lib/__init__.py": "def make():\n    return 1\n", "main.py": "import lib\nlib.make()\n"})
    index(db, own)
    assert providers(db, "own") == [("own", ())]


def test_a_namespace_package_is_shared(db: Path, tmp_path: Path) -> None:
    """Projects that have parts of one namespace package see each other's parts."""
    index(db, plant(tmp_path / "one", {"space/one/__init__.py": "def f():\n    return 1\n"}))
    two = {"space/two/__init__.py": "from space.one import f\nfrom space import three\ndef g():\n    return f() + three.h()\n"}
    index(db, plant(tmp_path / "two", two))
    index(db, plant(tmp_path / "three", {"space/three.py": "from space.two import g\ndef h():\n    return g\n"}))
    found = links(db)
    assert found["space.one.f"] == ("linked", "space.one.f")
    assert found["space.three.h"] == ("linked", "space.three.h")
    assert found["space.two.g"] == ("linked", "space.two.g")


LEFT = "from right import *\nfrom right import lost, f\nclass A:\n    def m(self):\n        f()\n"
RIGHT = "from left import *\nfrom left import lost, A\nclass B(A):\n    def n(self):\n        self.m()\ndef f():\n    pass\n"


def test_projects_that_need_each_other(db: Path, tmp_path: Path) -> None:
    """Circular dependencies connect, also where a name is passed around in a circle without ever being defined."""
    index(db, plant(tmp_path / "left", {"left/__init__.py": LEFT}))
    index(db, plant(tmp_path / "right", {"right/__init__.py": RIGHT}))
    found = links(db)
    assert found["right.f"] == ("linked", "right.f")
    assert found["left.A.m"] == ("linked", "left.A.m")
    assert "linked" not in {state for name, (state, _) in found.items() if name.endswith(".lost")}


def test_modules_that_all_take_everything_from_each_other(db: Path, tmp_path: Path) -> None:
    """There are more ways through such a circle than could ever be gone; each module is looked through once, and what is there is found."""
    modules = [f"m{number}" for number in range(16)]
    files = {f"maze/{name}.py": "".join(f"from maze.{other} import *\n" for other in modules if other != name) for name in modules}
    files["maze/m9.py"] += "def treasure():\n    pass\n"
    index(db, plant(tmp_path / "maze", {"maze/__init__.py": "", **files}))
    user = "from maze import m0\nm0.treasure()\nm0.nothing()\n"
    index(db, plant(tmp_path / "user", {"user/__init__.py": user}))
    found = links(db)
    assert found["maze.m0.treasure"] == ("linked", "maze.m9.treasure")
    assert found["maze.m0.nothing"][0] != "linked"
