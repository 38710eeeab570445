"""File outlines: the part of indexing that a memoizer can do too: for each file, its definitions with a digest of each, by content.

No name is resolved, so every file stands for itself; the result is all that is compared. The same tree, the same edits.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from lestockage.database import Database  # noqa: TC001  # declarations are evaluated
from lestockage.engine.annotations import Key  # noqa: TC001  # as above
from lestockage.engine.inputs import Input
from lestockage.engine.query import query
from lestockage.testing.benchmark.query_graph import GONE, QueryGraph
from lestockage.testing.benchmark.tree_state import write_state

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Mapping

    from lestockage.testing.benchmark.peers import Memoize
    from lestockage.testing.benchmark.source_tree import SourceTree

Outline = tuple[tuple[str, int, str], ...]
KINDS = ("one symbol", "1 % of symbols", "10 % of symbols", "add file", "whitespace")


class Source(Input):
    """One file."""

    path: Key[str]
    content: bytes


def outline_of(content: bytes) -> Outline:
    """Return name, number of lines and digest of every function and class of a file; nothing for one that does not parse."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(content)
        except (SyntaxError, ValueError):
            return ()
    return tuple(
        (node.name, (node.end_lineno or node.lineno) - node.lineno + 1, blake3(ast.dump(node).encode("utf-8", "surrogatepass")).hexdigest())
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    )


@query
def outline(db: Database, source: Source) -> Outline:  # noqa: ARG001  # every query takes the database
    """The outline of a file."""
    return outline_of(source.content)


def _asked(db: Database) -> dict[str, Outline]:
    return {source.path: outline(db, source) for source in Source.all(db)}


def _plain(world: Mapping[str, bytes], memoize: Memoize) -> dict[str, Outline]:
    remembered = memoize(outline_of)
    return {path: remembered(content) for path, content in world.items()}


def _remove(db: Database, path: str) -> None:
    source = Source.get(db, path=path)
    assert source is not None  # noqa: S101  # an edit removes what is there
    source.delete()


def file_outlines(tree: SourceTree) -> QueryGraph[str, bytes]:
    """Return the graph over a tree's files, edited by the tree's own editor."""

    def edited(edit: Callable[[], object]) -> Callable[[Mapping[str, bytes], random.Random], dict[str, Any]]:
        def changes(world: Mapping[str, bytes], _chance: random.Random) -> dict[str, Any]:
            write_state(tree.root, world)
            edit()
            after = tree.state()
            gone: dict[str, Any] = {path: GONE for path in world if path not in after}
            return gone | {path: content for path, content in after.items() if world.get(path) != content}

        return changes

    return QueryGraph(
        f"{tree.name}: outlines of files",
        inputs=tree.state(),
        put=lambda db, path, content: Source(db, path=path, content=content),
        remove=_remove,
        ask=_asked,
        plain=_plain,
        edits={edit.name: edited(edit.make) for edit in tree.edits if edit.name in KINDS},
        branch=edited(tree.make_branch),
    )
