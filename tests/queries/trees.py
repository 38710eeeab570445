"""Trees: small source trees in a database of their own, and what the queries say of them in a form that is easy to compare."""

from __future__ import annotations

from contextlib import contextmanager
from textwrap import dedent
from typing import TYPE_CHECKING

from lestockage import Database, unloaded
from lestockage.queries.inputs import Project, SourceFile, content_digest
from lestockage.queries.linking import Linking
from lestockage.queries.rows import EdgeFact, NodeFact, UnitEdges, file_edges, file_nodes, positions, project_rows
from lestockage.store.connection import StoreFile
from lestockage.store.projects import ensure_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT = "tree"


@contextmanager
def project_file(path: Path) -> Iterator[StoreFile]:
    """Open an empty file that knows the project."""
    with StoreFile.open(path) as store:
        with store.transaction():
            ensure_project(store, PROJECT, "/tree")
        yield store


class Tree:
    """A source tree as a dictionary of files, in step with a database in memory."""

    def __init__(self, files: dict[str, str | bytes], *, store: Path | None = None) -> None:
        self.sources: dict[str, bytes] = {}
        self.db = Database(store)
        self.db.set_loader(SourceFile, "content", lambda file: self.sources[file.path])
        self.linking = Linking()
        self.project = Project(self.db, name=PROJECT, prefix="", project_files=(), files=())
        self.write(files)

    def write(self, files: dict[str, str | bytes]) -> None:
        """Add or change files, in one revision; text is dedented."""
        with self.db.write():
            for path, source in files.items():
                content = dedent(source).encode() if isinstance(source, str) else source
                self.sources[path] = content
                SourceFile(self.db, project=PROJECT, path=path, content=unloaded(content_digest(content)))
            self.project.files = tuple(sorted(self.sources))

    def replace(self, path: str, old: str, new: str) -> None:
        """Change one piece of one file's text."""
        before = self.sources[path]
        assert old.encode() in before
        self.write({path: before.replace(old.encode(), new.encode())})

    def remove(self, path: str) -> None:
        """Take a file away."""
        del self.sources[path]
        with self.db.write():
            self.file(path).delete()
            self.project.files = tuple(sorted(self.sources))

    def file(self, path: str) -> SourceFile:
        """The input of a file."""
        found = SourceFile.get(self.db, project=PROJECT, path=path)
        assert found is not None
        return found

    def ask(self) -> tuple[tuple[str, bytes], ...]:
        """Ask for the root of everything."""
        self.linking.update(self.db, self.project)
        return project_rows(self.db, self.project)

    def everything(self) -> dict[str, object]:
        """All that the tables would hold, by path."""
        self.linking.update(self.db, self.project)
        files = SourceFile.all(self.db)
        return {file.path: (file_nodes(self.db, file), file_edges(self.db, file), positions(self.db, file)) for file in files}

    def executed(self) -> dict[str, int]:
        """Ask for everything; how often each query ran for it, by its last name."""
        before = self.db.executions()
        self.ask()
        self.everything()
        return {
            name.rpartition(".")[2]: count - before.get(name, 0)
            for name, count in self.db.executions().items()
            if count > before.get(name, 0)
        }

    def units(self) -> list[UnitEdges]:
        """Every unit of every file with its edges."""
        self.linking.update(self.db, self.project)
        return [unit for file in SourceFile.all(self.db) for unit in file_edges(self.db, file)]

    def nodes(self) -> list[NodeFact]:
        """Every symbol of every file."""
        return [node for file in SourceFile.all(self.db) for node in file_nodes(self.db, file)]

    def edges(self, caller: str, edge_type: str = "call") -> list[EdgeFact]:
        """The edges of one type that leave the units of that qualified name."""
        return [edge for unit in self.units() if unit.qualified_name == caller for edge in unit.edges if edge.edge_type == edge_type]

    def calls(self, caller: str, edge_type: str = "call") -> set[str]:
        """What a unit calls: qualified names, external ones in angle brackets, a question mark behind those that are not certain."""
        return {shown(edge) for edge in self.edges(caller, edge_type)}

    def unresolved(self, caller: str) -> int:
        """How many of a unit's references have no known target."""
        return sum(unit.unresolved for unit in self.units() if unit.qualified_name == caller)


def shown(edge: EdgeFact) -> str:
    """A callee as the tests write it."""
    name = edge.qualified_name if edge.path is not None else f"<{edge.qualified_name}>"
    name = f"{name}#{edge.ordinal}" if edge.ordinal else name
    return name if edge.confidence == 1.0 else f"{name}?"
