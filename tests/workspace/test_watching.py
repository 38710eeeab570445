"""A tree under watch: each burst of saves is told once, with what changed, ran and is affected, and the index is that of the tree."""

from __future__ import annotations

import queue
import shutil
import threading
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.errors import UnreadableSource
from lestockage.workspace import watching, workspace
from lestockage.workspace.changes import find_changes
from lestockage.workspace.file_events import is_relevant
from lestockage.workspace.source_file import read_source
from lestockage.workspace.walk import Failure
from lestockage.workspace.watching import Saved, Watcher
from tests.workspace.tables import current, difference
from tests.workspace.zoo_tree import ZooTree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEST = "from zoo.keeper import feed\n\n\ndef test_feed():\n    assert feed()\n"
_PATIENCE = 30


class Watched:
    """A tree with a thread that watches it; what it tells is taken with `told`."""

    def __init__(self, tree: ZooTree) -> None:
        self.tree = tree
        self.stop = threading.Event()
        self._told: queue.Queue[Any] = queue.Queue()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        assert self.told() == "ready"

    def _watch(self) -> None:
        try:
            with Watcher(self.tree.db, str(self.tree.root), project="zoo") as watcher:
                self._told.put("ready")
                for saved in watcher.saves(self.stop):
                    self._told.put(saved)
        except BaseException as error:  # noqa: BLE001  # the test that waits is told
            self._told.put(error)

    def told(self) -> Any:
        """What is told next."""
        found = self._told.get(timeout=_PATIENCE)
        if isinstance(found, BaseException):
            raise found
        return found

    def saved(self, *paths: str) -> list[Saved]:
        """Bursts until all of some paths have been told of: one save may come in two bursts."""
        missing, found = set(paths), []
        while missing:
            saved = self.told()
            assert isinstance(saved, Saved)
            missing -= set(saved.files)
            found.append(saved)
        return found

    def end(self) -> None:
        """Stop watching."""
        self.stop.set()
        self._thread.join(_PATIENCE)
        assert not self._thread.is_alive()


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    """The zoo with a test, under watch."""
    tree = ZooTree(tmp_path)
    tree.write("tests/test_keeper.py", TEST)
    watched = Watched(tree)
    yield watched
    watched.end()
    assert difference(current(tree.db), current(tree.fresh())) == []


def _changes(saved: list[Saved]) -> set[tuple[str, str]]:
    places = [(each.change, each.new or each.old) for one in saved for each in one.changes if not each.is_from_members]
    return {(change, place.qualified_name) for change, place in places if place is not None}


def test_a_save_is_told_with_what_ran_and_what_it_affects(watched: Watched) -> None:
    """One changed body: its symbol, the minimum of work with the reason, its users and the test that reaches it."""
    watched.tree.replace("zoo/animal.py", "text.strip()", "text.strip().lower()")
    (saved,) = watched.saved("zoo/animal.py")
    assert _changes([saved]) == {("modified", "zoo.animal.noise")}
    assert {name: saved.report.executed.get(name) for name in ("parsed", "facts")} == {"parsed": 1, "facts": 1}
    assert any(reason.cause == "file('zoo/animal.py').content was set" and reason.executed for reason in saved.reasons)
    assert {"zoo.cat.meow", "zoo.keeper.feed"} <= {each.node.qualified_name for each in saved.reached}
    assert [test.id for test in saved.tests] == ["tests/test_keeper.py::test_feed"]


def test_renames_deletions_and_new_files_are_told(watched: Watched) -> None:
    """A file that moves is recognised, and whoever used what is gone is affected."""
    watched.tree.remove("zoo/cat.py")
    gone = watched.saved("zoo/cat.py")
    assert ("removed", "zoo.cat.meow") in _changes(gone)
    assert "zoo.keeper.feed" in {each.node.qualified_name for saved in gone for each in saved.reached}
    watched.tree.write("zoo/lion.py", "def roar():\n    return 1\n")
    assert ("added", "zoo.lion.roar") in _changes(watched.saved("zoo/lion.py"))


def test_an_error_in_between_is_told_and_survived(watched: Watched) -> None:
    """A file that does not parse is named; when it does again, its symbols are compared again."""
    watched.tree.write("zoo/cat.py", "def meow(:\n")
    (*_, broken) = watched.saved("zoo/cat.py")
    assert [failure.path for failure in broken.report.failed] == ["zoo/cat.py"]
    assert _changes([broken]) == set()
    watched.tree.write("zoo/cat.py", "def meow():\n    return 2\n")
    (*_, mended) = watched.saved("zoo/cat.py")
    assert mended.report.failed == ()
    assert ("modified", "zoo.cat.meow") in _changes([mended])


def test_what_is_finished_after_an_error_is_compared_with_what_was_before_it(tmp_path: Path) -> None:
    """Saved half way, again half way, then whole: the change of the whole is told; so is what goes while it is broken."""
    tree = ZooTree(tmp_path)
    whole = (tree.root / "zoo/cat.py").read_text()
    with Watcher(tree.db, str(tree.root), project="zoo") as watcher:
        told = []
        for text in ("def (", "def ( (", whole.replace("def meow(", "def purr("), f"{whole}\n\ndef hiss():\n    return 1\n", "def ("):
            tree.write("zoo/cat.py", text)
            saved = watcher.look()
            assert saved is not None
            told.append(_changes([saved]))
        tree.remove("zoo/cat.py")
        gone = watcher.look()
        assert gone is not None
    assert told[:2] == [set(), set()]
    assert ("renamed", "zoo.cat.purr") in told[2]
    assert {("renamed", "zoo.cat.meow"), ("added", "zoo.cat.hiss")} <= told[3]
    assert told[4] == set()
    assert {("removed", "zoo.cat.meow"), ("removed", "zoo.cat.hiss")} <= _changes([gone])


def test_a_file_that_cannot_be_read_has_not_lost_its_symbols(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knows what it holds; what it holds when it can be read again is compared with what it held before."""
    tree = ZooTree(tmp_path)
    whole = (tree.root / "zoo/cat.py").read_text()

    def refused(root: str, path: str) -> bytes:
        if path == "zoo/cat.py":
            raise UnreadableSource(path, "permission denied")
        return read_source(root, path)

    with Watcher(tree.db, str(tree.root), project="zoo") as watcher:
        tree.write("zoo/cat.py", f"{whole}\n\ndef hiss():\n    return 1\n")
        with monkeypatch.context() as patched:
            for module in (watching, workspace):
                patched.setattr(module, "find_changes", lambda tree, known: find_changes(tree, known, refused))
            closed = watcher.look()
        opened = watcher.look()
    assert closed is not None
    assert [failure.path for failure in closed.report.failed] == ["zoo/cat.py"]
    assert _changes([closed]) == set()
    assert opened is not None
    assert _changes([opened]) == {("added", "zoo.cat.hiss")}


def test_many_files_at_once_are_told_whole(watched: Watched) -> None:
    """As when a branch is switched: every file is in some burst, and there are fewer bursts than files."""
    paths = [f"zoo/m{number}.py" for number in range(40)]
    for path in paths:
        watched.tree.write(path, "def f():\n    return 1\n")
    assert len(watched.saved(*paths)) < len(paths)


def test_an_editors_own_files_are_nothing(watched: Watched) -> None:
    """Swap files, backups and a save through a temporary file: only the saved file is told of."""
    for name in (".cat.py.swp", "cat.py~", "4913", ".#cat.py~"):
        watched.tree.write(f"zoo/{name}", "junk")
    source = (watched.tree.root / "zoo/cat.py").read_text()
    watched.tree.write("zoo/cat.py.tmp", source + "\n\ndef hiss():\n    return 1\n")
    (watched.tree.root / "zoo/cat.py.tmp").rename(watched.tree.root / "zoo/cat.py")
    assert {path for saved in watched.saved("zoo/cat.py") for path in saved.files} == {"zoo/cat.py"}


def test_a_tree_that_goes_away_is_waited_for(watched: Watched, tmp_path: Path) -> None:
    """It is told once that it is gone; when it is back, watching goes on."""
    watched.tree.root.rename(tmp_path / "elsewhere")
    lost = watched.told()
    while isinstance(lost, Saved):  # the removal may come in pieces
        lost = watched.told()
    assert isinstance(lost, Failure)
    shutil.copytree(tmp_path / "elsewhere", watched.tree.root)
    watched.tree.write("zoo/late.py", "def late():\n    return 1\n")
    assert ("added", "zoo.late.late") in _changes(watched.saved("zoo/late.py"))


def test_memory_does_not_grow_with_the_saves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every so often what is in memory is dropped; what runs stays the minimum, as the file has all results."""
    monkeypatch.setattr(watching, "_FRESH_AFTER", 5)
    tree = ZooTree(tmp_path)
    sizes = []
    with Watcher(tree.db, str(tree.root), project="zoo") as watcher:
        assert watcher.look() is None
        for number in range(20):
            tree.write("zoo/lion.py", f"def roar():\n    return {number}\n")
            saved = watcher.look()
            assert saved is not None
            assert saved.report.executed["parsed"] == 1
            sizes.append(sum(len(table.entries) for table in watcher._workspace.db.ingredients))
    assert max(sizes[10:]) <= max(sizes[:10])
    assert difference(current(tree.db), current(tree.fresh())) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.py", True),
        ("a/b.pyi", True),
        (".gitignore", True),
        ("pyproject.toml", True),
        ("a/folder", True),
        ("a/.#b.py", False),
        ("a/b.py~", False),
        ("a/.b.py.swp", False),
        ("__pycache__/b.py", False),
        (".git/refs/heads/main", False),
        (".lestockage/index.db-wal", False),
    ],
)
def test_which_events_matter_is_told_by_name(path: str, expected: bool) -> None:
    """Sources, ignore files, project files and folders; nothing of editors, git or our own."""
    assert is_relevant("/tree", f"/tree/{path}") is expected
