"""Rows: nodes and edges as the tables take them."""

from __future__ import annotations

from lestockage.languages.sites import decode_sites
from lestockage.queries.rows import NO_SITE, file_edges, file_nodes, positions
from tests.queries.trees import Tree

SOURCE = """
X = 1

class C:
    '''A class.'''
    y: int

    def m(self, a):
        return len(a) if a else X

def f(): ...

def f():
    C()
"""


def test_nodes() -> None:
    """Every symbol is a node under its module's name, in source order, with what is known of it."""
    tree = Tree({"p/__init__.py": "", "p/m.py": SOURCE})
    nodes = file_nodes(tree.db, tree.file("p/m.py"))
    assert [(node.qualified_name, node.ordinal, node.symbol_name, node.node_type, node.complexity) for node in nodes] == [
        ("p.m", 0, "m", "module", 1),
        ("p.m.X", 0, "X", "variable", None),
        ("p.m.C", 0, "C", "class", 1),
        ("p.m.C.y", 0, "y", "variable", None),
        ("p.m.C.m", 0, "m", "method", 2),
        ("p.m.f", 0, "f", "function", 1),
        ("p.m.f", 1, "f", "function", 1),
    ]
    assert [node.signature for node in nodes] == [None, None, "class C", "int", "def m(self, a)", "def f()", "def f()"]
    assert len({node.content_hash for node in nodes}) == 7


def test_visibility_of_a_module_is_that_of_its_name() -> None:
    """A module is protected by its last name."""
    tree = Tree({"p/_m.py": "", "p/m.py": "_x = 1"})
    assert [(node.qualified_name, node.visibility) for node in tree.nodes()] == [
        ("p._m", "protected"),
        ("p.m", "public"),
        ("p.m._x", "protected"),
    ]


def test_edges_are_tied_to_places_by_ordinals() -> None:
    """An edge's site, looked up among the positions of its unit, is where it is said; containment is said nowhere."""
    tree = Tree({"m.py": SOURCE})
    tree.ask()
    file = tree.file("m.py")
    placed = positions(tree.db, file)
    lines = tree.sources["m.py"].decode().split("\n")
    said = {}
    for found in file_edges(tree.db, file):
        for edge in found.edges:
            if edge.site > NO_SITE:
                site = decode_sites(placed.sites[found.index])[edge.site]
                said[edge.qualified_name] = lines[placed.spans[found.index].line - 1 + site.line][site.column :]
    assert said == {"builtins.len": "len(a) if a else X", "m.C": "C()"}


def test_containment() -> None:
    """Every symbol but the module is contained in exactly one other."""
    tree = Tree({"m.py": SOURCE})
    edges = [(found.qualified_name, edge) for found in tree.units() for edge in found.edges if edge.edge_type == "containment"]
    assert [(caller, edge.qualified_name, edge.ordinal) for caller, edge in edges] == [
        ("m", "m.X", 0),
        ("m", "m.C", 0),
        ("m", "m.f", 0),
        ("m", "m.f", 1),
        ("m.C", "m.C.y", 0),
        ("m.C", "m.C.m", 0),
    ]
    assert {(edge.path, edge.site, edge.confidence, edge.provenance) for _, edge in edges} == {("m.py", NO_SITE, 1.0, "containment")}


def test_every_internal_callee_is_a_node() -> None:
    """An edge that stays in the project leads to a symbol that is there, by path, qualified name and ordinal."""
    tree = Tree({"m.py": SOURCE, "n.py": "from m import *\nimport m as z\ndef g(): z.f(); C().m(X)\nclass D(C): ..."})
    nodes = {
        (file.path, node.qualified_name, node.ordinal)
        for file in (tree.file("m.py"), tree.file("n.py"))
        for node in file_nodes(tree.db, file)
    }
    callees = {(edge.path, edge.qualified_name, edge.ordinal) for found in tree.units() for edge in found.edges if edge.path is not None}
    assert callees <= nodes
    assert len(callees) == 9
