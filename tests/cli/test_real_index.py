"""The command line over a real workspace: what `index` writes and says, and how every kind of refusal ends."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lestockage.store.connection import StoreFile
from tests.workspace.tables import file_bytes, rows
from tests.workspace.zoo_tree import FILES, ZooTree

if TYPE_CHECKING:
    from tests.cli.conftest import Run


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ZooTree:
    """Return the package, not indexed, with the current folder beside it and no database named by the environment."""
    monkeypatch.delenv("LESTOCKAGE_DB", raising=False)
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return ZooTree(tmp_path)


def test_json_has_the_keys_of_the_interface(run: Run, tree: ZooTree) -> None:
    """One object, with exactly what is documented."""
    tree.write("broken.py", "def broken(:\n")
    ended = run("index", str(tree.root), "--db", str(tree.db), "--project", "zoo", "--jobs", "2", "--json")
    found = json.loads(ended.out)
    assert ended.status == 0
    assert list(found) == ["project", "files", "nodes", "edges", "executed", "reused", "failed", "seconds"]
    assert (found["project"], found["files"]) == ("zoo", len(FILES) + 1)
    assert found["executed"]["scan"] == len(FILES) + 1
    assert [(list(failure), failure["path"]) for failure in found["failed"]] == [(["path", "reason"], "broken.py")]


def test_a_second_run_says_that_nothing_changed(run: Run, tree: ZooTree) -> None:
    """Each command line is a process's worth: it opens and closes the file, and writes no byte the second time."""
    run("index", str(tree.root), "--db", str(tree.db))
    before = file_bytes(tree.db)
    ended = run("index", str(tree.root), "--db", str(tree.db), "--json")
    assert json.loads(ended.out)["executed"] == {}
    assert file_bytes(tree.db) == before
    assert "nothing changed" in run("index", str(tree.root), "--db", str(tree.db)).out


def test_the_other_commands_answer_from_what_was_indexed(run: Run, tree: ZooTree) -> None:
    """Symbols, show, callers, callees and status, over the tables that a real run has written."""
    run("index", str(tree.root), "--db", str(tree.db), "--project", "zoo")
    db = ("--db", str(tree.db), "--json")
    assert run("symbols", "meow", *db).status == 0
    assert "zoo.cat.meow" in run("show", "zoo.cat.meow", *db).out
    assert "zoo.keeper.feed" in run("callers", "zoo.cat.meow", *db).out
    assert "zoo.animal.noise" in run("callees", "zoo.cat.meow", *db).out
    assert run("status", *db).status == 0
    assert run("show", "zoo.cat.mew", *db).status == 1


def test_the_default_database_is_in_the_current_folder(run: Run, tree: ZooTree) -> None:
    """Without `--db` and the variable it is `.lestockage/index.db`, made with its folder."""
    assert run("index", str(tree.root)).status == 0
    assert rows(Path(".lestockage/index.db").absolute(), "SELECT name FROM projects") == [("src",)]


def test_the_variable_names_the_database_and_the_option_overrides_it(run: Run, tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """`LESTOCKAGE_DB` goes before the default, `--db` before both."""
    monkeypatch.setenv("LESTOCKAGE_DB", "variable.db")
    run("index", str(tree.root))
    assert [path.name for path in Path().iterdir()] == ["variable.db"]
    run("index", str(tree.root), "--db", "option.db")
    assert sorted(path.name for path in Path().iterdir()) == ["option.db", "variable.db"]


def test_a_database_inside_the_tree_is_no_part_of_it(run: Run, tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexing the current folder, whose own `.lestockage` holds the database, stays unchanged the second time."""
    monkeypatch.chdir(tree.root)
    run("index", ".")
    assert json.loads(run("index", ".", "--json").out)["executed"] == {}


# -- refusals ----------------------------------------------------------------------------------------------------------------------


def refused(run: Run, tree: ZooTree, *words: str) -> str:
    """Index into the tree's database; it must end with status 2, one line, and every byte as it was. Return the line."""
    before = file_bytes(tree.db)
    ended = run("index", str(tree.root), "--db", str(tree.db), *words)
    assert (ended.status, ended.out) == (2, "")
    assert ended.err.count("\n") == 1
    assert ended.err.startswith("lestockage: ")
    assert file_bytes(tree.db) == before
    return ended.err


def test_a_missing_path_is_refused(run: Run, tree: ZooTree) -> None:
    """Nothing is made, not even the folder of the default database."""
    ended = run("index", str(tree.root / "nowhere"))
    assert ended.status == 2
    assert "nowhere" in ended.err
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"no database at all, but a note of some length\n" * 20, b"short", b"SQLite format 3\0" + b"\xff" * 4000]
)
def test_what_is_no_database_is_refused(run: Run, tree: ZooTree, content: bytes) -> None:
    """A file of something else is left alone."""
    tree.db.write_bytes(content)
    assert str(tree.db) in refused(run, tree)


def test_somebody_else_s_database_is_refused(run: Run, tree: ZooTree) -> None:
    """A SQLite file with other tables is not ours to write to."""
    with closing(sqlite3.connect(tree.db)) as connection:
        connection.execute("CREATE TABLE notes (text)")
        connection.commit()
    assert str(tree.db) in refused(run, tree)


def test_a_database_of_a_newer_version_is_refused(run: Run, tree: ZooTree) -> None:
    """What a later release has written is left to it."""
    run("index", str(tree.root), "--db", str(tree.db))
    with closing(sqlite3.connect(tree.db)) as connection:
        connection.execute("PRAGMA user_version = 999")
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "newer" in refused(run, tree)


def test_a_locked_database_is_refused(run: Run, tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that writes all the time is named as the reason."""
    run("index", str(tree.root), "--db", str(tree.db))
    tree.replace("zoo/cat.py", "'meow'", "'MEOW'")
    plain_open = StoreFile.open
    monkeypatch.setattr(StoreFile, "open", lambda path, **options: plain_open(path, **{**options, "timeout": 0.05}))
    with closing(sqlite3.connect(tree.db, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert "another process" in refused(run, tree)
        connection.execute("ROLLBACK")
    assert run("index", str(tree.root), "--db", str(tree.db)).status == 0


def test_a_locked_database_can_be_read(run: Run, tree: ZooTree) -> None:
    """An unchanged tree needs no write, so nobody waits."""
    run("index", str(tree.root), "--db", str(tree.db))
    with closing(sqlite3.connect(tree.db, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        assert run("index", str(tree.root), "--db", str(tree.db)).status == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write every file")
def test_a_read_only_database_is_refused(run: Run, tree: ZooTree) -> None:
    """Permissions of the file are respected."""
    run("index", str(tree.root), "--db", str(tree.db))
    tree.db.chmod(0o444)
    assert str(tree.db) in refused(run, tree)


def test_a_database_that_the_system_lets_nobody_write_is_refused(run: Run, tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for whoever is superuser: the system's answer is what counts."""
    run("index", str(tree.root), "--db", str(tree.db))
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode, **options: not mode & os.W_OK and allowed(path, mode, **options))
    plain_open = os.open

    def refuse(path: str, flags: int, *rest: int, **options: int) -> int:
        if str(path) == str(tree.db) and flags & (os.O_WRONLY | os.O_RDWR):
            raise PermissionError(13, "Permission denied")
        return plain_open(path, flags, *rest, **options)

    monkeypatch.setattr(os, "open", refuse)
    assert str(tree.db) in refused(run, tree)


def test_a_folder_for_a_database_is_refused(run: Run, tree: ZooTree) -> None:
    """A folder is no file."""
    ended = run("index", str(tree.root), "--db", str(tree.root))
    assert (ended.status, ended.err.count("\n")) == (2, 1)


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_bad_usage_is_refused(run: Run, tree: ZooTree, jobs: str) -> None:
    """A number of jobs that is none ends with 2, and nothing is made."""
    assert run("index", str(tree.root), "--jobs", jobs).status == 2
    assert list(Path().iterdir()) == []
