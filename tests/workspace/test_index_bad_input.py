"""Bad input: whatever is wrong with one file, the run finishes, the rest is indexed, and the failure is told with path and reason."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import PathNotFound, UnreadableSource
from lestockage.workspace import changes, source_file
from tests.workspace.tables import current, difference, edges_of, file_bytes, rows
from tests.workspace.zoo_tree import FILES, ZooTree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from lestockage.workspace.report import IndexReport


@pytest.fixture
def tree(tmp_path: Path) -> ZooTree:
    """Return the package, indexed."""
    tree = ZooTree(tmp_path)
    tree.index()
    return tree


@pytest.fixture(params=["same process", "reopened"])
def again(request: pytest.FixtureRequest, tree: ZooTree) -> Callable[[], IndexReport]:
    """Return a function that indexes once more: in this process, or after closing and opening the file."""

    def index() -> IndexReport:
        if request.param == "reopened":
            tree.reopen()
        return tree.index()

    return index


def assert_fresh(tree: ZooTree) -> None:
    """Compare the tables with those of a new database."""
    assert difference(current(tree.db), current(tree.fresh())) == []


def stale(tree: ZooTree) -> set[tuple[str, int]]:
    """Return which files have nodes that are stale or not."""
    return set(rows(tree.db, "SELECT DISTINCT file_path, stale FROM intel_nodes WHERE file_path IS NOT NULL"))


def found_in(tree: ZooTree, path: str) -> set[str]:
    """Return the qualified names in one file."""
    return {name for (name,) in rows(tree.db, f"SELECT qualified_name FROM intel_nodes WHERE file_path = '{path}'")}  # noqa: S608


def current_to_stale(tree: ZooTree) -> int:
    """Return how many edges lead from what is current to what is stale."""
    joined = "intel_edges JOIN intel_nodes a ON a.id = caller_id JOIN intel_nodes b ON b.id = callee_id"
    ((count,),) = rows(tree.db, f"SELECT count(*) FROM {joined} WHERE b.stale AND NOT a.stale")  # noqa: S608
    return int(count)


CURRENT = {(path, 0) for path in FILES}


# -- syntax errors -----------------------------------------------------------------------------------------------------------------


def test_a_syntax_error_is_reported_and_the_rest_is_indexed(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """The failure has path and line, and an edit made elsewhere at the same time is in the tables."""
    tree.write("zoo/cat.py", "def broken(:\n")
    tree.replace("zoo/animal.py", "text.strip()", "len(text)")
    report = again()
    assert [path for path, _ in report.failed] == ["zoo/cat.py"]
    assert "line 1" in report.failed[0].reason
    assert ("builtins.len", 1) in edges_of(tree.db, "zoo.animal.noise")
    assert_fresh(tree)


def test_the_last_good_rows_of_a_broken_file_are_marked(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """They stay, marked as stale, with their own edges; nobody else's edges lead to them."""
    own = edges_of(tree.db, "zoo.cat.meow")
    assert stale(tree) == CURRENT
    tree.write("zoo/cat.py", "def broken(:\n")
    again()
    assert stale(tree) == CURRENT - {("zoo/cat.py", 0)} | {("zoo/cat.py", 1)}
    assert edges_of(tree.db, "zoo.cat.meow") == own
    assert current_to_stale(tree) == 0


def test_a_file_that_stays_broken_is_reported_each_time_and_costs_nothing(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """The second run over a broken file executes nothing, writes nothing, and still says so."""
    tree.write("zoo/cat.py", "def broken(:\n")
    first = again()
    second = again()
    assert second.failed == first.failed != ()
    assert (second.executed, second.written) == ({}, 0)


def test_a_repaired_file_is_current_again(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Put back as it was: no mark is left, its ids are the old ones, and its callers lead to it again."""
    before = set(rows(tree.db, "SELECT id, qualified_name FROM intel_nodes WHERE file_path IS NOT NULL"))
    tree.write("zoo/cat.py", "def broken(:\n")
    again()
    tree.write("zoo/cat.py", FILES["zoo/cat.py"])
    report = again()
    assert report.failed == ()
    assert stale(tree) == CURRENT
    assert set(rows(tree.db, "SELECT id, qualified_name FROM intel_nodes WHERE file_path IS NOT NULL")) == before
    assert ("zoo.cat.meow", 1) in edges_of(tree.db, "zoo.keeper.feed")
    assert_fresh(tree)


def test_a_broken_file_that_is_deleted_leaves_nothing(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """Stale rows go with the file, and so does the failure."""
    tree.write("zoo/cat.py", "def broken(:\n")
    again()
    tree.remove("zoo/cat.py")
    assert again().failed == ()
    assert found_in(tree, "zoo/cat.py") == set()
    assert_fresh(tree)


def test_a_file_that_was_never_good_has_no_rows(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """A new file with a syntax error is reported, and nothing is made up for it."""
    tree.write("zoo/new.py", "class (\n")
    assert [path for path, _ in again().failed] == ["zoo/new.py"]
    assert found_in(tree, "zoo/new.py") == set()
    assert_fresh(tree)


# -- bytes -------------------------------------------------------------------------------------------------------------------------

SOUND = {
    "an empty file": (b"", set()),
    "a BOM": (b"\xef\xbb\xbfdef f():\n    pass\n", {"odd.f"}),
    "CRLF": (b"def f():\r\n    return g()\r\n\r\n\r\ndef g():\r\n    pass\r\n", {"odd.f", "odd.g"}),
    "carriage returns alone": (b"def f():\r    return 1\r", {"odd.f"}),
    "PEP 263": ("# -*- coding: latin-1 -*-\ndef f\xe9():\n    pass\n".encode("latin-1"), {"odd.f\xe9"}),
    "names beyond ASCII": ("def naïve_\U0001d4d0():\n    pass\n".encode(), {"odd.naïve_A"}),
    "no newline at the end": (b"def f(): pass", {"odd.f"}),
    "a lone surrogate in a string": (b"def f(x='\\ud800'):\n    pass\n", {"odd.f"}),
    "a match statement": (b"def f(x):\n    match x:\n        case [a, *_]: return a\n", {"odd.f"}),
    "expressions nested deeply": (b"def f():\n    return " + b"-" * 3000 + b"1\n", {"odd.f"}),
    "calls nested deeply": (b"def f():\n    return " + b"f(" * 90 + b")" * 90 + b"\n", {"odd.f"}),
    "a long chain of attributes": (b"def f(x):\n    return x" + b".a()" * 900 + b"\n", {"odd.f"}),
}


@pytest.mark.parametrize("case", SOUND)
def test_unusual_sources_are_indexed(tree: ZooTree, case: str) -> None:
    """What Python can read is read: nothing fails, the symbols are there, and a run after reopening changes nothing."""
    source, names = SOUND[case]
    tree.write("odd.py", source)
    assert tree.index().failed == ()
    assert found_in(tree, "odd.py") == {"odd", *names}
    tree.reopen()
    assert tree.index().executed == {}
    assert_fresh(tree)


UNSOUND = {
    "no UTF-8": b"x = '\xff\xfe'\n",
    "an encoding that nobody knows": b"# coding: klingon\nx = 1\n",
    "a declared encoding that it does not have": b"# coding: ascii\nx = '\xe9'\n",
    "a NUL byte": b"x = 1\x00\n",
    "syntax newer than the interpreter": b"type Alias[T: int = 3] = list[T]\n",
    "syntax of Python 2": b"print 'hello'\n",
    "brackets nested too deeply": b"x = " + b"(" * 5000 + b")" * 5000 + b"\n",
    "indentation nested too deeply": b"".join(b" " * n + b"if 1:\n" for n in range(120)) + b" " * 120 + b"pass\n",
    "an unfinished string": b"x = '''abc\n",
}


@pytest.mark.parametrize("case", UNSOUND)
def test_sources_that_cannot_be_read_are_reported(tree: ZooTree, case: str) -> None:
    """One line of reason each, and the rest is as before; once mended the file is as any other."""
    tree.write("odd.py", UNSOUND[case])
    report = tree.index()
    assert [path for path, _ in report.failed] == ["odd.py"]
    assert report.failed[0].reason.strip()
    assert "\n" not in report.failed[0].reason
    assert stale(tree) == CURRENT
    tree.reopen()
    assert tree.index().failed == report.failed
    tree.write("odd.py", "def f():\n    pass\n")
    assert tree.index().failed == ()
    assert_fresh(tree)


@pytest.mark.no_cover  # others cover it; measured line by line it takes twice as long
def test_a_file_of_fifty_thousand_lines_is_indexed(tmp_path: Path) -> None:
    """Size alone is no failure."""
    tree = ZooTree(tmp_path, {"long.py": "".join(f"def f{n}(x):\n    y = x + {n}\n    return f{n // 2}(y)\n\n\n" for n in range(10_000))})
    report = tree.index()
    assert (report.failed, report.nodes, report.edges) == ((), 10_001, 20_000)
    tree.reopen()
    assert tree.index().executed == {}


# -- files -------------------------------------------------------------------------------------------------------------------------


def refusing(monkeypatch: pytest.MonkeyPatch, path: str, why: str) -> None:
    """Have reading one file fail."""
    read = source_file.read_source

    def refuse(root: str, name: str) -> bytes:
        if name == path:
            raise UnreadableSource(name, why)
        return read(root, name)

    monkeypatch.setattr(changes.find_changes, "__defaults__", (refuse,))


def test_a_file_that_cannot_be_read_keeps_its_rows_as_stale(
    tree: ZooTree, again: Callable[[], IndexReport], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last good rows are marked, its reason is told in every run, and when it can be read again all is as it was."""
    tree.replace("zoo/cat.py", "'meow'", "'MEOW'")
    with monkeypatch.context() as patched:
        refusing(patched, "zoo/cat.py", "permission denied")
        assert again().failed == (("zoo/cat.py", "permission denied"),)
        assert again().failed == (("zoo/cat.py", "permission denied"),)
        assert stale(tree) == CURRENT - {("zoo/cat.py", 0)} | {("zoo/cat.py", 1)}
        assert current_to_stale(tree) == 0
        assert_fresh(tree)
    assert again().failed == ()
    assert stale(tree) == CURRENT
    assert_fresh(tree)


def test_a_file_that_becomes_readable_without_a_change_is_current_again(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """The content is what it was before it could not be read; the marks still have to go."""
    os.utime(tree.root / "zoo/cat.py", ns=(1, 1))
    with monkeypatch.context() as patched:
        refusing(patched, "zoo/cat.py", "permission denied")
        tree.index()
    assert tree.index().failed == ()
    assert stale(tree) == CURRENT
    assert_fresh(tree)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read every file")
def test_a_file_without_permission_is_reported(tree: ZooTree) -> None:
    """The operating system's refusal is the reason."""
    (tree.root / "zoo/cat.py").write_text("x = 1\n")
    (tree.root / "zoo/cat.py").chmod(0)
    assert tree.index().failed == (("zoo/cat.py", "permission denied"),)


def test_a_file_that_vanishes_while_it_is_read_is_reported(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was listed and is gone: this run says so, and the next one has it removed."""
    tree.replace("zoo/cat.py", "'meow'", "'MEOW'")
    read = source_file.read_source

    def vanish(root: str, name: str) -> bytes:
        source = read(root, name)
        if name == "zoo/cat.py":
            tree.remove(name)
        return source

    with monkeypatch.context() as patched:
        patched.setattr(changes.find_changes, "__defaults__", (vanish,))
        report = tree.index()
    assert [path for path, _ in report.failed] == ["zoo/cat.py"]
    assert "vanished" in report.failed[0].reason
    assert tree.index().failed == ()
    assert found_in(tree, "zoo/cat.py") == set()
    assert_fresh(tree)


def test_a_file_written_while_it_is_read_is_read_again(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded is a content with the status that belongs to it."""
    tree.replace("zoo/cat.py", "'meow'", "'MEOW'")
    read = source_file.read_source
    times = iter(range(2))

    def late(root: str, name: str) -> bytes:
        source = read(root, name)
        if name == "zoo/cat.py" and next(times, None) is not None:
            tree.write(name, source + b"\n\ndef late():\n    pass\n")
        return source

    with monkeypatch.context() as patched:
        patched.setattr(changes.find_changes, "__defaults__", (late,))
        tree.index()
    assert "zoo.cat.late" in found_in(tree, "zoo/cat.py")
    assert_fresh(tree)


def test_links_that_lead_in_circles_do_not(tree: ZooTree) -> None:
    """A link to itself is reported; a link to a folder above is not followed."""
    (tree.root / "zoo/self.py").symlink_to("self.py")
    (tree.root / "zoo/up").symlink_to("..")
    report = tree.index()
    assert [path for path, _ in report.failed] == ["zoo/self.py"]
    assert report.files == len(FILES)


def test_a_folder_named_like_a_file_is_a_folder(tree: ZooTree) -> None:
    """`x.py/` holds modules like any other folder, or none."""
    tree.write("x.py/inner.py", "def f():\n    pass\n")
    report = tree.index()
    assert report.failed == ()
    assert {name.rpartition(".")[2] for name in found_in(tree, "x.py/inner.py")} == {"inner", "f"}
    assert_fresh(tree)


def test_a_file_that_becomes_a_folder_is_removed(tree: ZooTree, again: Callable[[], IndexReport]) -> None:
    """The rows of the file go."""
    tree.remove("zoo/cat.py")
    (tree.root / "zoo/cat.py").mkdir()
    assert again().failed == ()
    assert found_in(tree, "zoo/cat.py") == set()
    assert_fresh(tree)


def test_a_name_that_is_no_utf8_is_reported(tree: ZooTree) -> None:
    """It could not be stored as text; the name is shown escaped, in every run."""
    with open(os.fsencode(tree.root) + b"/bad\xff.py", "wb") as file:
        file.write(b"x = 1\n")
    assert [path for path, _ in tree.index().failed] == ["bad\\xff.py"]
    tree.reopen()
    report = tree.index()
    assert ([path for path, _ in report.failed], report.executed, report.written) == (["bad\\xff.py"], {}, 0)


def test_a_pipe_named_like_a_module_is_not_waited_for(tree: ZooTree) -> None:
    """Reading it would never end."""
    os.mkfifo(tree.root / "zoo/pipe.py")
    assert [path for path, _ in tree.index().failed] == ["zoo/pipe.py"]


def test_a_folder_that_cannot_be_listed_keeps_its_rows(tree: ZooTree, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is below it is unknown, which is not gone."""
    scandir = os.scandir
    before = found_in(tree, "zoo/cat.py")

    def refuse(path: str) -> object:
        if str(path).rstrip("/").endswith("/zoo"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", refuse)
        assert tree.index().failed == (("zoo/", "permission denied"),)
        assert tree.index().failed == (("zoo/", "permission denied"),)
    assert found_in(tree, "zoo/cat.py") == before
    tree.index()
    assert_fresh(tree)


def test_a_tree_without_python_has_no_symbols(tmp_path: Path) -> None:
    """An empty project is a project."""
    tree = ZooTree(tmp_path, {"README.md": "nothing\n"})
    report = tree.index()
    assert (report.files, report.nodes, report.edges, report.failed) == (0, 0, 0, ())
    assert rows(tree.db, "SELECT name FROM projects") == [("zoo",)]


def test_a_path_that_does_not_exist_changes_nothing(tree: ZooTree) -> None:
    """It is refused before anything is written."""
    before = file_bytes(tree.db)
    with pytest.raises(PathNotFound):
        tree.workspace.index(tree.root / "nowhere")
    assert file_bytes(tree.db) == before
