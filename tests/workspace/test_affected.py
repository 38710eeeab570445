"""Affected: which tests each kind of change reaches, before and after the index has seen it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lestockage.cli import main
from lestockage.store.connection import StoreFile
from lestockage.store.projects import get_project
from lestockage.workspace.affected import affected_tests
from lestockage.workspace.workspace import Workspace
from tests.workspace.affected_tree import FILES
from tests.workspace.git_repository import Repository

if TYPE_CHECKING:
    from pathlib import Path

CORE, CLASSES = "tests/test_core.py", "tests/test_classes.py"
NEW = """\
def test_new():
    pass


class TestNew:
    def test_in(self):
        pass


def not_a_test():
    pass
"""
FIXTURES = {f"{CORE}::{name}" for name in ("test_fixture", "test_chained", "test_marked")}
ALL_OF_CORE = {f"{CORE}::test_{name}" for name in ("area", "limit", "constant", "gone", "nothing")} | FIXTURES


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Repository, Path]:
    """Return a repository with a small package and its tests, and a database that has indexed it."""
    folder = tmp_path_factory.mktemp("affected")
    repository = Repository(folder / "repo")
    for path, text in FILES.items():
        repository.write(path, text)
    repository.commit()
    with Workspace.open(folder / "index.db") as workspace:
        workspace.index(repository.folder, project="p")
    return repository, folder / "index.db"


def ask(database: Path, since: str | None) -> set[str]:
    """Return the ids of the affected tests."""
    with StoreFile.open(database, read_only=True) as store:
        return {test.id for test in affected_tests(store, get_project(store, "p"), since).tests}


CASES: list[tuple[str, str, str, str, set[str]]] = [
    ("nothing but layout", "app/core.py", "return LIMIT", "return (LIMIT)  # same", set()),
    ("a function", "app/core.py", "return LIMIT", "return LIMIT + 0", {f"{CORE}::test_limit", f"{CLASSES}::TestHeir::test_inherited"}),
    ("an overriding method", "app/core.py", "return 2", "return 5", {f"{CORE}::test_area"}),
    ("what a fixture and a set-up call", "app/core.py", "return 4", "return 5", FIXTURES | {f"{CLASSES}::Plain::test_case"}),
    ("a fixture", "tests/conftest.py", "return thing", "return [thing]", {f"{CORE}::test_chained"}),
    ("a test", CORE, "assert core", "assert core.LIMIT", {f"{CORE}::test_nothing"}),
    ("an inherited test", "tests/base.py", "assert limit()", "assert limit() > 1", {f"{CLASSES}::TestHeir::test_inherited"}),
]


@pytest.mark.parametrize(("path", "old", "new", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_change_of_a_symbol(indexed: tuple[Repository, Path], path: str, old: str, new: str, expected: set[str]) -> None:
    """The tests that can reach it and no others, told against git and told against the index's last run."""
    repository, database = indexed
    assert FILES[path].count(old) == 1
    repository.write(path, FILES[path].replace(old, new))
    try:
        assert ask(database, "HEAD") == expected
        assert ask(database, None) == expected
    finally:
        repository.write(path, FILES[path])


def test_a_constant_reaches_who_says_it(indexed: tuple[Repository, Path]) -> None:
    """Against git, a rebound name reaches the units that say it, in its module and where it is imported."""
    repository, database = indexed
    repository.write("app/core.py", FILES["app/core.py"].replace("LIMIT = 9", "LIMIT = 8"))
    try:
        assert ask(database, "HEAD") == {f"{CORE}::test_limit", f"{CORE}::test_constant", f"{CLASSES}::TestHeir::test_inherited"}
    finally:
        repository.write("app/core.py", FILES["app/core.py"])


def test_what_importing_runs_reaches_every_importer(indexed: tuple[Repository, Path]) -> None:
    """A statement of a module that is no definition reaches all tests of the modules that import it, through others too."""
    repository, database = indexed
    repository.write("app/core.py", FILES["app/core.py"] + "\n\nprint(LIMIT)\n")
    try:
        assert ask(database, "HEAD") >= ALL_OF_CORE | {f"{CLASSES}::TestHeir::test_own"}
    finally:
        repository.write("app/core.py", FILES["app/core.py"])


def test_a_deleted_function_reaches_its_callers(indexed: tuple[Repository, Path], tmp_path: Path) -> None:
    """Whether the tables still have it, or are of after the deletion."""
    repository, database = indexed
    repository.write("app/core.py", FILES["app/core.py"].replace("def gone():\n    return 3\n", ""))
    try:
        assert ask(database, "HEAD") == {f"{CORE}::test_gone"}
        with Workspace.open(tmp_path / "after.db") as workspace:
            workspace.index(repository.folder, project="p")
        assert ask(tmp_path / "after.db", "HEAD") == {f"{CORE}::test_gone"}
    finally:
        repository.write("app/core.py", FILES["app/core.py"])


def test_new_and_deleted_test_files(indexed: tuple[Repository, Path]) -> None:
    """Tests that the index has not seen are listed; those of a file that is gone are not."""
    repository, database = indexed
    repository.write(
        "tests/test_new.py",
        NEW,
    )
    (repository.folder / CLASSES).unlink()
    try:
        for since in ("HEAD", None):
            assert ask(database, since) == {"tests/test_new.py::test_new", "tests/test_new.py::TestNew::test_in"}
    finally:
        (repository.folder / "tests/test_new.py").unlink()
        repository.write(CLASSES, FILES[CLASSES])


def test_an_automatic_fixture_reaches_all_below_it(indexed: tuple[Repository, Path]) -> None:
    """A conftest's fixture with `autouse` is everybody's."""
    repository, database = indexed
    repository.write("tests/conftest.py", FILES["tests/conftest.py"].replace("fixture(name='thing')", "fixture(autouse=True)"))
    try:
        found = ask(database, "HEAD")
    finally:
        repository.write("tests/conftest.py", FILES["tests/conftest.py"])
    assert found == ALL_OF_CORE | {f"{CLASSES}::{name}" for name in ("TestHeir::test_own", "TestHeir::test_inherited", "Plain::test_case")}


def test_the_command(indexed: tuple[Repository, Path], capsys: pytest.CaptureFixture[str]) -> None:
    """One id a line for a test runner, a summary on standard error, the reasons in JSON."""
    repository, database = indexed
    repository.write("app/core.py", FILES["app/core.py"].replace("return 2", "return 5"))
    try:
        assert main(["affected", "--since", "HEAD", "--db", str(database)]) == 0
        out, err = capsys.readouterr()
        assert out == f"{CORE}::test_area\n"
        assert err == "lestockage: 1 file changed since HEAD: 1 test affected.\n"
        assert main(["affected", "--db", str(database), "--json"]) == 0
        (selected,) = json.loads(capsys.readouterr().out)["tests"]
        assert [(step["qualified_name"], step["relation"]) for step in selected["path"]] == [
            ("app.core.Square.size", ""),
            ("app.core.area", "calls"),  # with what the test passes, whatever it declares
            ("tests.test_core.test_area", "calls"),
        ]
        assert main(["affected", "--since", "nowhere", "--db", str(database)]) == 2
        assert "nowhere" in capsys.readouterr().err
    finally:
        repository.write("app/core.py", FILES["app/core.py"])
