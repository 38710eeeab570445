"""Incremental: which queries run after an edit, counted; what does not change is not looked at again."""

from __future__ import annotations

import pytest

from tests.queries.trees import Tree

FILES: dict[str, str | bytes] = {
    "p/__init__.py": "from p.shapes import *\n",
    "p/shapes.py": """
        from p.base import Base

        class Shape(Base):
            def __init__(self, name):
                self.name = name

            def draw(self):
                self.show()

        def make(name):
            return Shape(name)
        """,
    "p/base.py": """
        class Base:
            def show(self):
                print(self)

        def unrelated():
            return 1
        """,
    "p/use.py": """
        import p

        def main():
            p.make("x").draw()

        def other():
            len([])
        """,
}


@pytest.fixture
def tree() -> Tree:
    """A package of four files that has been asked for everything."""
    tree = Tree(FILES)
    tree.ask()
    tree.everything()
    return tree


def test_second_ask_executes_nothing(tree: Tree) -> None:
    """What is known is not computed again."""
    assert tree.executed() == {}


def test_first_ask_reads_each_file_once() -> None:
    """A cold run parses and scans every file once, and reads the facts of every distinct unit once."""
    tree = Tree(FILES)
    executed = tree.executed()
    units = sum(node.node_type != "variable" for node in tree.nodes())
    assert (executed["parsed"], executed["scan"], executed["facts"], executed["edges_of"]) == (4, 4, units, units)


def test_body_edit_analyses_one_symbol(tree: Tree) -> None:
    """Editing a body runs one parse, one scan, the facts and edges of that unit, and firewalls of that file and its bucket only."""
    tree.replace("p/base.py", "return 1", "return abs(1)")
    executed = tree.executed()
    units = executed.pop("unit")
    assert units == 4
    assert executed == {
        "parsed": 1,
        "scan": 1,
        "facts": 1,
        "edges_of": 1,
        "outline": 1,
        "positions": 1,
        "file_failure": 1,
        "file_facts": 1,
        "file_shape": 1,
        "file_shape_digest": 1,
        "bucket_shapes": 1,
        "project_shapes": 1,
        "project_shapes_digest": 1,
        "file_nodes": 1,
        "file_edges": 1,
        "file_rows_digest": 1,
        "bucket_rows": 1,
        "project_rows": 1,
    }
    assert tree.calls("p.base.unrelated") == {"<builtins.abs>"}


def test_an_edit_that_moves_no_value_is_not_linked(tree: Tree) -> None:
    """Where no summary changes, the shape of the file is what it was, and nothing above it runs: nothing is linked."""
    tree.replace("p/base.py", "return 1", "return 2")
    executed = tree.executed()
    assert (executed["facts"], executed["file_shape"]) == (1, 1)
    assert not {"file_shape_digest", "project_shapes", "project_shapes_digest"} & executed.keys()


@pytest.mark.parametrize("line", ["\n", "# a comment\n"])
def test_a_line_at_the_top_analyses_nothing(tree: Tree, line: str) -> None:
    """A blank line or a comment at the top of a file moves positions and changes nothing else."""
    nodes = tree.nodes()
    before = dict(tree.ask())
    tree.write({"p/base.py": line.encode() + tree.sources["p/base.py"]})
    executed = tree.executed()
    assert not {"facts", "edges_of", "unit", "file_nodes", "file_edges", "namespace", "module_file", "file_shape"} & executed.keys()
    assert (executed["parsed"], executed["scan"], executed["positions"]) == (1, 1, 1)
    assert tree.nodes() == nodes
    assert {path for path, digest in tree.ask() if digest != before[path]} == {"p/base.py"}


def test_renaming_a_function_updates_callers_in_other_files(tree: Tree) -> None:
    """Callers of a renamed function are linked again; what refers to other names is not, and no caller is analysed."""
    tree.replace("p/shapes.py", "def make", "def build")
    executed = tree.executed()
    assert tree.calls("p.use.main") == set()
    assert tree.unresolved("p.use.main") == 2
    assert executed["facts"] == 2  # the function and the module that lists it
    assert executed["edges_of"] == 2  # these two
    assert executed["file_edges"] == 2  # of their file and the caller's
    shapes = ("file_shape", "file_shape_digest", "project_shapes", "project_shapes_digest")
    assert [executed[name] for name in shapes] == [1, 1, 1, 1]
    tree.replace("p/use.py", "p.make", "p.build")
    assert tree.calls("p.use.main") == {"p.shapes.build", "p.shapes.Shape.draw"}


def test_a_new_method_takes_over_from_a_base(tree: Tree) -> None:
    """A method that a subclass adds is what `self` finds first from now on; taking it away gives the base's back."""
    assert tree.calls("p.shapes.Shape.draw") == {"p.base.Base.show"}
    tree.replace("p/shapes.py", "    def draw", "    def show(self): ...\n\n    def draw")
    assert tree.calls("p.shapes.Shape.draw") == {"p.shapes.Shape.show"}
    tree.replace("p/shapes.py", "    def show(self): ...\n\n", "")
    assert tree.calls("p.shapes.Shape.draw") == {"p.base.Base.show"}


def test_a_missing_module_that_is_added() -> None:
    """Targets in a module that is not there are outside, until it is."""
    tree = Tree({"a.py": "from b import f\ndef g(): f()"})
    assert tree.calls("a.g") == {"<b.f>"}
    tree.write({"b.py": "def f(): ..."})
    assert tree.calls("a.g") == {"b.f"}
    tree.remove("b.py")
    assert tree.calls("a.g") == {"<b.f>"}


def test_a_file_that_breaks_and_is_mended(tree: Tree) -> None:
    """A file with a syntax error has no rows and exports nothing; mended, it is as before."""
    before = tree.everything()
    good = tree.sources["p/base.py"]
    tree.write({"p/base.py": b"class Base("})
    assert tree.everything()["p/base.py"] == ((), (), ((), (), ()))
    assert tree.calls("p.shapes.Shape.draw") == {"<p.base.Base.show>"}
    tree.write({"p/base.py": good})
    assert tree.everything() == before


def test_an_unrelated_file_looks_at_nothing_else(tree: Tree) -> None:
    """A new file is read, and no other unit's edges are found out again."""
    tree.write({"p/new.py": "def f(): ..."})
    executed = tree.executed()
    assert (executed["scan"], executed["facts"], executed["edges_of"]) == (1, 2, 2)


def test_equal_units_of_two_files_are_analysed_once() -> None:
    """Facts belong to content: the same function in another file is not analysed again."""
    tree = Tree({"a.py": "x = 1\ndef f(): len([])"})
    tree.ask()
    tree.write({"b.py": "y = 2\ndef f(): len([])"})
    assert tree.executed()["facts"] == 1


def test_going_back_computes_nothing_anew(tree: Tree) -> None:
    """An edit that is taken back needs no parser: scan and facts are known by content."""
    tree.replace("p/base.py", "return 1", "return 2")
    tree.ask()
    tree.replace("p/base.py", "return 2", "return 1")
    assert not {"parsed", "scan", "facts"} & tree.executed().keys()


def test_a_call_added_to_an_enclosing_function_leaves_the_inner_alone() -> None:
    """A nested function depends on the names of the function around it, not on what that calls."""
    tree = Tree({"a.py": "def f():\n    x = []\n    def g():\n        x.append(1)\n    g()\n"})
    tree.ask()
    tree.replace("a.py", "    g()\n", "    g()\n    len(x)\n")
    assert tree.executed()["edges_of"] == 1


def test_a_new_root_renames_modules(tree: Tree) -> None:
    """What a project file makes an import root changes the names of the modules below it."""
    tree = Tree({"lib/a.py": "def f(): ...", "lib/b.py": "import a\ndef g(): a.f()"})
    assert tree.calls("lib.b.g") == {"<a.f>"}
    tree.project.project_files = ("lib/pyproject.toml",)
    assert tree.calls("b.g") == {"a.f"}


def test_the_digest_tells_nodes_edges_and_places_apart(tree: Tree) -> None:
    """The rows' digest of a file changes with any of what the tables hold of it, and with nothing else."""
    digest = dict(tree.ask())
    tree.replace("p/use.py", "len([])", "len([])  # a comment")
    assert dict(tree.ask()) == digest
    tree.replace("p/use.py", "len([])", "len( [])")
    moved = dict(tree.ask())
    assert {path for path in moved if moved[path] != digest[path]} == {"p/use.py"}
