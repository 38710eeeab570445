"""Absent: what the queries say of symbols, files and projects that are not there (any more)."""

from __future__ import annotations

from lestockage import Database, unloaded
from lestockage.queries.attributes import assigned_attribute, assignments
from lestockage.queries.classes import bases, inherited, member, order
from lestockage.queries.edges import edges_of
from lestockage.queries.exports import exported, hidden_builtins, origins, public_names
from lestockage.queries.inputs import Project, SourceFile, content_digest
from lestockage.queries.meaning import UNKNOWN
from lestockage.queries.modules import files, module_file
from lestockage.queries.namespace import namespace
from lestockage.queries.outline import outline
from lestockage.queries.results import result
from lestockage.queries.rows import file_failure, file_rows_digest
from lestockage.queries.scopes import bound
from lestockage.queries.unit import unit
from tests.queries.trees import Tree


def test_a_symbol_that_is_gone() -> None:
    """A unit that the file does not define has no code, names, bases, members or edges."""
    tree = Tree({"a.py": "X = 1"})
    db, file = tree.db, tree.file("a.py")
    assert unit(db, file, "C", 0) is None
    assert namespace(db, file, "C", 0) is None
    assert bound(db, file, "C", 0, "f") is None
    assert bases(db, file, "C", 0).bases == ()
    assert len(order(db, file, "C", 0).classes) == 1
    assert inherited(db, file, "C", 0, "f") is None
    assert member(db, file, "C", 0, "f") is None
    assert assignments(db, file, "C", 0) == ()
    assert assigned_attribute(db, file, "C", 0, "f") is None
    assert result(db, file, "f", 0) == UNKNOWN
    assert edges_of(db, file, "f", 0).edges == ()


def test_a_variable_is_no_unit() -> None:
    """A variable has no code of its own."""
    tree = Tree({"a.py": "X = 1"})
    assert unit(tree.db, tree.file("a.py"), "X", 0) is None


def test_a_file_that_cannot_be_read_exports_nothing() -> None:
    """A file with a syntax error binds no name and hides none."""
    tree = Tree({"a.py": "from os import *\ndef len(:"})
    db, file = tree.db, tree.file("a.py")
    assert exported(db, file, "len") is None
    assert public_names(db, file) == ()
    assert hidden_builtins(db, file) == ()
    assert module_file(db, file.project, "a") is None
    assert (file_failure(db, file) or "").startswith("line 2")


def test_the_reason_of_a_failure_counts_as_a_row() -> None:
    """Another reason is another digest, so that what is shown of a failing file is current."""
    tree = Tree({"a.py": "def f(:"})
    before = file_rows_digest(tree.db, tree.file("a.py"))
    tree.write({"a.py": "\ndef f(:"})
    assert file_rows_digest(tree.db, tree.file("a.py")) != before


def test_a_stub_stands_in_for_source_that_cannot_be_read() -> None:
    """A file that can't be read is as if it were absent, so the next of its name is taken."""
    tree = Tree({"a.py": "def f(:", "a.pyi": "def f(): ...", "b.py": "import a\ndef g(): a.f()"})
    assert [edge.path for edge in tree.edges("b.g")] == ["a.pyi"]


def test_files_without_a_project() -> None:
    """A project that nobody has described has no files and no modules."""
    db = Database()
    assert files(db, "none") == ()
    assert module_file(db, "none", "a.b") is None


def test_projects_do_not_see_each_other() -> None:
    """A module of another project is outside, whatever its name."""
    tree = Tree({"a.py": "import b\ndef g(): b.f()"})
    source = b"def f(): ..."
    tree.sources["b.py"] = source
    Project(tree.db, name="other", prefix="", project_files=(), files=("b.py",))
    SourceFile(tree.db, project="other", path="b.py", content=unloaded(content_digest(source)))
    assert tree.calls("a.g") == {"<b.f>"}


def test_values_of_queries_are_compared_with_their_own_kind_only() -> None:
    """What a query keeps in memory equals nothing but another of its kind."""
    tree = Tree({"a.py": "X = 1"})
    file = tree.file("a.py")
    for value in (outline(tree.db, file), namespace(tree.db, file, "", 0), origins(tree.db, file)):
        assert value == value  # noqa: PLR0124  # its own method is what is tested
        assert value != "a.py"
