"""Rows: a file's symbols and edges as the intel tables hold them, and the digests that tell whether they are what was written."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

import operator
from itertools import chain
from typing import Final, NamedTuple

import msgpack  # type: ignore[import-untyped]  # has no stubs
from blake3 import blake3

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.python.linker.targets import decode
from lestockage.languages.python.signature import visibility
from lestockage.queries.buckets import bucket_count, bucket_files
from lestockage.queries.edges import edges_of
from lestockage.queries.file_facts import file_facts
from lestockage.queries.inputs import LinkedFile, Project, SourceFile
from lestockage.queries.meaning import Meaning
from lestockage.queries.modules import module_name
from lestockage.queries.outline import file_failure, outline, positions

__all__ = [
    "EdgeFact",
    "NodeFact",
    "UnitEdges",
    "ask_but_for_calls",
    "file_analyses",
    "file_edges",
    "file_failure",
    "file_nodes",
    "file_rows_digest",
    "positions",
    "project_rows",
]

NO_SITE: Final = -1
"""The site of an edge that is not said anywhere: containment."""

Callee = tuple[str | None, str, int]
"""Path (None outside the project), qualified name, ordinal."""


class NodeFact(NamedTuple):
    """A symbol as it is stored, but for its place: `ordinal` counts the symbols of the file with that qualified name."""

    qualified_name: str
    ordinal: int
    symbol_name: str
    node_type: str
    signature: str | None
    visibility: str
    complexity: int | None
    content_hash: bytes


class EdgeFact(NamedTuple):
    """One outgoing edge: the callee, the edge's type, its site, how sure it is and why.

    The site is an ordinal within the caller, `NO_SITE`, or below that a statement (`data_edges.statement_of`).
    """

    path: str | None
    qualified_name: str
    ordinal: int
    edge_type: str
    site: int
    confidence: float
    provenance: str


class UnitEdges(NamedTuple):
    """All edges that leave one unit; `index` is its place among the file's symbols and positions."""

    qualified_name: str
    ordinal: int
    index: int  # type: ignore[assignment]  # hides a tuple's method, which nobody calls on this
    edges: tuple[EdgeFact, ...]
    unresolved: int


def _qualified(module: str, name: str) -> str:
    return f"{module}.{name}" if name else module


@query(durable=False)
def file_nodes(db: Database, file: SourceFile) -> tuple[NodeFact, ...]:
    """Return the file's symbols in the order of its positions; none for a file that can't be read. Shields from places."""
    module = module_name(db, file)
    nodes = []
    for symbol, facts in zip(outline(db, file).symbols, file_facts(db, file), strict=True):
        name = _qualified(module, symbol.name)
        nodes.append(
            NodeFact(
                name,
                symbol.ordinal,
                name.rpartition(".")[2],
                symbol.kind,
                symbol.signature,
                symbol.visibility if symbol.name else visibility(module),
                None if facts is None else facts.complexity,
                symbol.content_hash,
            )
        )
    return tuple(nodes)


@query(durable=False, eq=operator.eq)  # there is no zero among the confidences, whose sign would count
def file_edges(db: Database, file: SourceFile) -> tuple[UnitEdges, ...]:
    """Return the edges that leave each unit of the file, containment first. Shields from places."""
    module = module_name(db, file)
    found = outline(db, file)
    names: dict[Meaning, Callee] = {}
    calls = _calls(db, file)
    units = []
    for place, symbol in enumerate(found.symbols):
        if not symbol.has_facts:
            continue
        collected = [
            EdgeFact(file.path, _qualified(module, child.name), child.ordinal, "containment", NO_SITE, 1.0, "containment")
            for child in found.children(place)
        ]
        said = edges_of(db, file, symbol.name, symbol.ordinal)
        callees = []
        for meaning in said.callees:
            callee = names.get(meaning)
            if callee is None:
                callee = names[meaning] = _callee(db, meaning)
            callees.append(callee)
        for edge_type, callee_index, site, is_exact, provenance in said.edges:
            collected.append(EdgeFact(*callees[callee_index], edge_type, site, 1.0 if is_exact else 0.5, provenance))
        called, unresolved = calls.get((symbol.name, symbol.ordinal), ((), 0))
        collected += called
        units.append(UnitEdges(_qualified(module, symbol.name), symbol.ordinal, place, tuple(collected), said.unresolved + unresolved))
    return tuple(units)


def _calls(db: Database, file: SourceFile) -> dict[tuple[str, int], tuple[list[EdgeFact], int]]:
    """Return the call edges of each unit of a file, and how many of its calls lead nowhere that is known."""
    linked = LinkedFile.get(db, project=file.project, path=file.path)
    if linked is None:
        return {}
    modules: dict[str, str] = {}
    found = {}
    for unit in decode(linked.calls):
        edges = []
        for path, name, ordinal, site, confidence, rule in unit.targets:
            if path is None:
                edges.append(EdgeFact(None, name, 0, "call", site, confidence, rule))
                continue
            dotted = modules.get(path)
            if dotted is None:
                source = SourceFile.get(db, project=file.project, path=path)
                dotted = modules[path] = "" if source is None else module_name(db, source)
            edges.append(EdgeFact(path, _qualified(dotted, name), ordinal, "call", site, confidence, rule))
        found[unit.name, unit.ordinal] = edges, unit.unresolved
    return found


def file_analyses(db: Database, file: SourceFile) -> list[tuple[bytes, bytes, bytes]]:
    """Return content hash, flow graph and measures of every unit of the file, each hash once."""
    found = {
        symbol.content_hash: (symbol.content_hash, facts.control_flow, facts.metrics)
        for symbol, facts in zip(outline(db, file).symbols, file_facts(db, file), strict=True)
        if facts is not None
    }
    return list(found.values())


def _callee(db: Database, meaning: Meaning) -> Callee:
    if meaning.file is None:
        return None, meaning.name, 0
    if meaning.kind == "module":
        return meaning.file.path, meaning.name, 0
    return meaning.file.path, _qualified(module_name(db, meaning.file), meaning.name), meaning.ordinal


def ask_but_for_calls(db: Database, file: SourceFile) -> None:
    """Ask for what a file's rows are made of before it is known what its calls lead to."""
    file_failure(db, file)
    file_nodes(db, file)
    file_analyses(db, file)
    positions(db, file)
    for symbol in outline(db, file).symbols:
        if symbol.has_facts:
            edges_of(db, file, symbol.name, symbol.ordinal)


@query
def file_rows_digest(db: Database, file: SourceFile) -> bytes:
    """Return the 32 bytes of BLAKE3 over all that the tables hold of a file: nodes, edges, places, analyses, and why it failed."""
    rows = (file_failure(db, file), file_nodes(db, file), file_edges(db, file), positions(db, file), file_analyses(db, file))
    return blake3(msgpack.packb(rows, unicode_errors="surrogatepass")).digest()


@query
def bucket_rows(db: Database, project: str, number: int) -> tuple[tuple[str, bytes], ...]:
    """Return path and `file_rows_digest` of every file in one bucket of a project."""
    return tuple([(file.path, file_rows_digest(db, file)) for file in bucket_files(db, project, number)])


@query
def project_rows(db: Database, project: Project) -> tuple[tuple[str, bytes], ...]:
    """Return path and `file_rows_digest` of every file of the project, by path: what the tables are compared with."""
    parts = [bucket_rows(db, project.name, number) for number in range(bucket_count(db, project.name))]
    return tuple(sorted(chain.from_iterable(parts)))
