"""Branch report: what the work since a revision did to the design, told from the index and a copy of it that goes back."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from lestockage.errors import NoRepository, UnknownRevision
from lestockage.report.html import html
from lestockage.report.markdown import markdown
from lestockage.report.of_database import branch_of_database
from lestockage.store.connection import StoreFile
from lestockage.workspace.workspace import Workspace
from tests.report.conftest import AT, git

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.report.document import Cell, Document

BRANCHES = "\n".join(f"    if value == {number}:\n        return {number}" for number in range(12))
USE = "\n\nprint(total(1))\n"
IDLE = "\n\ndef _idle(value):\n    return {value: value, 1: 2}\n"
PLUS = "\n\ndef _plus(value):\n    return value + 1\n"
BEFORE = {
    "cart.py": f"from shop.price import tax\n\n\ndef total(value):\n    return tax(value) + _plus(value)\n{PLUS}{USE}",
    "price.py": f"def tax(value):\n    return value * 2\n\n\ndef rebate(value):\n    return [each for each in value if each]\n{IDLE}",
    "ship.py": "from shop.price import rebate\n\n\ndef send(value):\n    return rebate(value)\n",
}
AFTER = {
    "cart.py": f"from shop.price import tax\n\n\ndef total(value):\n    return tax(value)\n{PLUS}{USE}",
    "price.py": f"from shop import cart\n\n\ndef tax(value):\n{BRANCHES}\n    return cart.total(value)\n",
    "ship.py": f"def rebate(value):\n    return [each for each in value if each]\n\n\ndef send(value):\n    return rebate(value)\n{IDLE}",
}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose package lies in another one; its last commit is `BEFORE`, its work tree and index `AFTER`."""
    root = tmp_path_factory.mktemp("branch") / "tree"
    package = root / "outer" / "shop"
    package.mkdir(parents=True)
    (root / "outer" / "__init__.py").write_text("")
    (package / "__init__.py").write_text("")
    for name, text in BEFORE.items():
        (package / name).write_text(text.replace("from shop", "from outer.shop"))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "before")
    for name, text in AFTER.items():
        (package / name).write_text(text.replace("from shop", "from outer.shop"))
    with Workspace.open(root.parent / "index.db") as workspace:
        workspace.index(package)
    return root


@pytest.fixture(scope="module")
def document(repository: Path) -> Document:
    """Return what changed since the commit."""
    return branch_of_database(repository.parent / "index.db", "main", AT)


def rows(document: Document, key: str) -> list[tuple[Cell, ...]]:
    """Return the rows of one table."""
    return [row for section in document.sections for table in section.tables if table.key == key for row in table.rows]


def test_complexity_is_told_before_and_now(document: Document) -> None:
    """A function that became harder has both numbers; one that only moved to another file has not changed."""
    assert [row[:4] for row in rows(document, "branch-complexity")] == [("outer.shop.price.tax", 1, 13, 12)]


def test_new_cycles_are_told(document: Document) -> None:
    """The modules that import each other since, and the functions that call each other since."""
    assert rows(document, "branch-imports-new") == [("outer.shop.cart → outer.shop.price → outer.shop.cart",)]
    assert rows(document, "branch-calls-new") == [("outer.shop.cart.total → outer.shop.price.tax → outer.shop.cart.total",)]
    assert any("1 new or larger import cycle" in finding for finding in document.findings)


def test_coupling_is_told_by_pairs_of_modules(document: Document) -> None:
    """Which modules began to refer to each other, and which ceased to."""
    assert [row[:2] for row in rows(document, "branch-coupled")] == [("outer.shop.price", "outer.shop.cart")]
    assert [row[:2] for row in rows(document, "branch-uncoupled")] == [("outer.shop.ship", "outer.shop.price")]


def test_symbols_are_told_as_they_changed(document: Document) -> None:
    """A function that went to another file is told as moved, with its former name."""
    told = {(row[0], row[1], row[3]) for row in rows(document, "branch-symbols")}
    assert ("moved", "shop.ship.rebate", "shop.price.rebate") in {
        (change, str(name).removeprefix("outer."), was and str(was).removeprefix("outer.")) for change, name, was in told
    }


def test_what_lost_its_last_user_is_told(document: Document) -> None:
    """What nothing calls or imports any more is newly unused; what was unused elsewhere before is not news."""
    assert rows(document, "branch-unused") == [
        ("outer.shop.cart._plus", "sure", "cart.py"),
        ("outer.shop.ship.rebate", "likely", "ship.py"),
    ]


def test_the_other_way_round_tells_what_went(repository: Path, tmp_path: Path) -> None:
    """With the older state in the work tree, the cycles are gone, and no finding says that anything is worse."""
    tree = tmp_path / "tree"
    shutil.copytree(repository, tree)
    git(tree, "checkout", "-q", "-b", "later")
    git(tree, "commit", "-q", "-a", "-m", "later")
    git(tree, "checkout", "-q", "main")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tree / "outer" / "shop")
    found = branch_of_database(tmp_path / "index.db", "later", AT)
    assert len(rows(found, "branch-imports-gone")) == 1
    assert found.findings[0].startswith("1 pair of modules")


def test_the_file_and_the_tree_are_not_touched(repository: Path, document: Document) -> None:
    """After the report, the file's tables are what they were, with the root of the project in its place."""
    path = repository.parent / "index.db"
    with StoreFile.open(path, read_only=True) as store:
        before = store.query("SELECT * FROM intel_nodes ORDER BY id"), store.query("SELECT name, root FROM projects")
    again = branch_of_database(path, "main", AT)
    with StoreFile.open(path, read_only=True) as store:
        assert before == (store.query("SELECT * FROM intel_nodes ORDER BY id"), store.query("SELECT name, root FROM projects"))
    assert again == document


def test_an_index_that_is_behind_is_told(repository: Path, tmp_path: Path) -> None:
    """Where a file has changed since the index ran, the first finding says so."""
    changed = repository / "outer" / "shop" / "ship.py"
    text = changed.read_text()
    changed.write_text(text + "\n\nLATE = 1\n")
    try:
        assert "index" in branch_of_database(repository.parent / "index.db", "main", AT).findings[0]
    finally:
        changed.write_text(text)


def test_both_formats_tell_it(document: Document) -> None:
    """A page and Markdown are written of a document without charts."""
    assert "outer.<wbr>shop.<wbr>price.<wbr>tax" in html(document)
    assert "| `outer.shop.price.tax` | 1 | 13 | 12 |" in markdown(document, limit=20)


def test_what_git_does_not_know_is_refused(repository: Path, tmp_path: Path) -> None:
    """A revision that is none, and a tree that is in no repository, raise errors of ours."""
    with pytest.raises(UnknownRevision):
        branch_of_database(repository.parent / "index.db", "nowhere", AT)
    (tmp_path / "one.py").write_text("one = 1\n")
    with Workspace.open(tmp_path / "index.db") as workspace:
        workspace.index(tmp_path)
    with pytest.raises(NoRepository):
        branch_of_database(tmp_path / "index.db", "main", AT)
