"""Questions across projects: projects, refs, resolve, deps, breakage, forget, impact, through the command line and the library."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.cli import main
from lestockage.errors import UnknownProject
from lestockage.graph.impact import impact
from lestockage.projects import breakage, deps, refs, resolve
from lestockage.workspace.forget import forget
from lestockage.workspace.lookup import open_lookup
from lestockage.workspace.workspace import Workspace
from tests.projects.trees import LIBRARY, index, links, plant, rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def both(db: Path, lib: Path, app: Path) -> Path:
    """Return a database of application and library."""
    index(db, app)
    index(db, lib)
    return db


def ask(db: Path, *words: str, capsys: pytest.CaptureFixture[str], status: int = 0) -> Any:
    """Return what a command answers in JSON."""
    assert main([*words, "--db", str(db), "--json"]) == status
    return json.loads(capsys.readouterr().out)


def say(db: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command answers in text."""
    assert main([*words, "--db", str(db)]) == 0
    return capsys.readouterr().out


def test_projects_tell_who_they_are(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Distribution, version and import names come from the metadata, and every project is listed."""
    found = {each["name"]: each for each in ask(both, "projects", capsys=capsys)["projects"]}
    assert (found["lib"]["distribution"], found["lib"]["version"], found["lib"]["declared"]) == ("lib", "1.0", ["lib"])
    assert found["app"]["files"] == 2
    assert "lib 1.0" in say(both, "projects", capsys=capsys)


def test_refs_of_its_own_project_and_of_all(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --all-projects only the library's own uses are told; with it the application's too, under the names it uses."""
    own = ask(both, "refs", "lib.core.Thing", capsys=capsys)["references"]
    assert {each["project"] for each in own} == {"lib"}
    every = ask(both, "refs", "lib.core.Thing", "--all-projects", capsys=capsys)["references"]
    theirs = {(each["qualified_name"], each["edge_type"], each["name"]) for each in every if each["project"] == "app"}
    assert theirs == {("app.main", "import", "lib.Thing"), ("app.main.Mine", "inheritance", "lib.Thing")}


def test_refs_take_the_name_that_is_imported(both: Path) -> None:
    """A public name stands for the definition behind it, even one that nobody refers to by that name."""
    with open_lookup(both) as lookup:
        assert {each.symbol.qualified_name for each in refs(lookup, "lib.aliased", all_projects=True)} == {"lib.core.helper"}
        assert {each.symbol.qualified_name for each in refs(lookup, "lib.make", all_projects=True)} == {"lib.core.make"}
        assert refs(lookup, "lib.sub.old", all_projects=True)[0].site.node.qualified_name == "app.main.main"


def test_resolve_from_a_project_and_from_nowhere(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name leads through re-exports and base classes to its definition."""
    (meaning,) = ask(both, "resolve", "lib.Thing.method", "--from", "app", capsys=capsys)["meanings"]
    assert (meaning["project"], meaning["state"], meaning["qualified_name"]) == ("lib", "linked", "lib.core.Root.method")
    assert ask(both, "resolve", "lib.Thing.method", capsys=capsys)["meanings"] == [meaning]
    assert "lib/core.py:3" in say(both, "resolve", "lib.Thing.method", capsys=capsys)


def test_resolve_tells_what_is_not_known(both: Path) -> None:
    """An attribute of a variable is partial, a name that a module lacks is missing, and what nobody provides has no meaning."""
    with open_lookup(both) as lookup:
        states = {name: [each.state for each in resolve(lookup, name)] for name in ("lib.CONST.method", "lib.sub.nothing", "nobody.has")}
    assert states == {"lib.CONST.method": ["partial"], "lib.sub.nothing": ["missing"], "nobody.has": []}


def test_a_name_that_nobody_provides_is_an_error(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`resolve` ends with status 1 and says so; so does an unknown project with status 2."""
    assert "error" in ask(both, "resolve", "nobody.has", capsys=capsys, status=1)
    assert "error" in ask(both, "resolve", "lib.make", "--from", "nobody", capsys=capsys, status=2)


def test_deps_are_what_is_declared_and_what_is_used(both: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A declared dependency leads to the project that provides it, with how much is used."""
    (need,) = ask(both, "deps", "--project", "app", capsys=capsys)["dependencies"]
    assert (need["requirement"], need["provider"], need["version"], need["names"]) == ("lib>=1", "lib", "1.0", len(links(both)))
    assert need["uses"] > need["names"]
    assert '"app" -> "lib"' in say(both, "deps", "--graph", capsys=capsys)
    assert "lib>=1" in say(both, "deps", capsys=capsys)


def test_undeclared_and_unindexed_dependencies_are_told(db: Path, lib: Path, app: Path) -> None:
    """What is used without being declared is a dependency; what is declared and not indexed has no provider."""
    plant(app, {"pyproject.toml": '[project]\nname = "app"\nversion = "0.1"\ndependencies = ["other"]\n'})
    index(db, app)
    index(db, lib)
    with open_lookup(db) as lookup:
        found = [(each.distribution, each.requirement, each.provider) for each in deps(lookup, project="app")]
    assert found == [("other", "other", None), ("lib", None, "lib")]


def test_what_an_extra_needs_is_listed_where_it_is_there(both: Path, app: Path, lib: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A requirement of an extra that is not indexed is counted, and in the JSON; one that is indexed is listed as any other."""
    extras = '[project.optional-dependencies]\nfast = ["lib>=1"]\ndev = ["linter>=3; python_version > \'3\'"]\n'
    plant(app, {"pyproject.toml": f'[project]\nname = "app"\nversion = "0.1"\ndependencies = ["absent"]\n{extras}'})
    index(both, app)
    assert main(["deps", "--project", "app", "--db", str(both)]) == 0
    output = capsys.readouterr()
    assert [line.split()[1] for line in output.out.splitlines()] == ["absent", "lib>=1;"]
    assert output.err == "lestockage: 1 requirement of extras, not indexed, left out; --json lists all.\n"
    assert "linter" not in say(both, "deps", "--graph", capsys=capsys)
    assert [each["distribution"] for each in ask(both, "deps", "--project", "app", capsys=capsys)["dependencies"]] == [
        "absent",
        "lib",
        "linter",
    ]


def test_a_removed_symbol_is_breakage(both: Path, lib: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A function that is renamed without its body is reported where it is used, since when, and what it is called now."""
    plant(lib, {"lib/sub.py": "def starred(n):\n    return n\ndef new(a):\n    return a * 3\n"})
    index(both, lib)
    (found,) = ask(both, "breakage", capsys=capsys)["breakage"]
    assert (found["user"]["qualified_name"], found["name"], found["lost_name"], found["renamed_to"]) == (
        *("app.main.main", "lib.sub.old", "lib.sub.old"),
        ["lib.sub.new"],
    )
    text = say(both, "breakage", capsys=capsys)
    assert "`app.main.main` calls `lib.sub.old`, gone since 20" in text
    assert "`lib.sub.new` now" in text


def test_what_comes_back_is_no_breakage(both: Path, lib: Path) -> None:
    """A symbol that is there again is connected again, as if it had never gone."""
    before = rows(both)
    plant(lib, {"lib/sub.py": "def starred(n):\n    return n\n"})
    index(both, lib)
    plant(lib, {"lib/sub.py": LIBRARY["lib/sub.py"]})
    index(both, lib)
    with open_lookup(both) as lookup:
        assert breakage(lookup) == []
    assert rows(both) == before


def test_forgetting_the_library_undoes_it(both: Path, app: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After `forget` the database says what one says that never had the library, and the application's symbols stay."""
    assert ask(both, "forget", "lib", capsys=capsys)["files"] == 3
    fresh = tmp_path / "fresh.db"
    index(fresh, app)
    assert rows(both) == rows(fresh)
    assert links(both) == {}


def test_a_forgotten_library_comes_back_without_being_computed(both: Path, lib: Path) -> None:
    """The results of a forgotten project are kept until they are collected: indexing it again analyses nothing."""
    before = rows(both)
    with Workspace.open(both) as workspace:
        forget(workspace, "lib")
        report = workspace.index(lib)
    assert not {"parsed", "facts", "edges_of", "scan"} & report.executed.keys()
    assert rows(both) == before


def test_forgetting_what_is_not_there_is_an_error(both: Path) -> None:
    """An unknown project is refused, and nothing is lost."""
    before = rows(both)
    with Workspace.open(both) as workspace, pytest.raises(UnknownProject):
        forget(workspace, "nobody")
    assert rows(both) == before


def test_impact_goes_across_projects(both: Path) -> None:
    """A change of a library's function reaches its callers in the application, through inheritance and re-exports too."""
    with open_lookup(both) as lookup:
        reached = {each.node.qualified_name: each.relation for each in impact(lookup, "lib.core.Root.method")}
        again = {each.node.qualified_name for each in impact(lookup, "lib.sub.old")}
        callers = {site.node.qualified_name for site in lookup.callers(lookup.definitions("lib.core.make"))}
    assert reached["app.main.Mine.go"] == "calls"
    assert "app.main.main" in again
    assert callers == {"app.main.main"}


def test_an_override_in_the_application_reaches_the_callers_of_the_library(db: Path, lib: Path, app: Path) -> None:
    """A method that overrides a library's is followed to the library's method, and to who calls that."""
    plant(lib, {"lib/sub.py": "from lib.core import Root\ndef run(r: Root):\n    r.method()\ndef starred(n):\n    return n\n"})
    plant(app, {"app/main.py": "import lib\nclass Mine(lib.Thing):\n    def method(self, n=0):\n        return 2\n"})
    index(db, lib)
    index(db, app)
    with open_lookup(db) as lookup:
        reached = {each.node.qualified_name for each in impact(lookup, "app.main.Mine.method")}
    assert {"lib.core.Root.method", "lib.sub.run"} <= reached
