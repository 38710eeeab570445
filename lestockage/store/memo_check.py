"""Memo check: whether the stored memos are what they claim to be: sound rows, edges mirrored, clean over clean, values under their hashes.

Reads everything once, a slice of rows at a time, in one snapshot; writes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from blake3 import blake3

from lestockage.store.memo_nodes import key_hash
from lestockage.store.row_seal import member_seal, node_seal, unpack_ids
from lestockage.store.trace_blobs import places_of, unpack_deps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.engine.memostore import Dep
    from lestockage.store.connection import StoreFile

_SLICE: Final = 2_000
_SHOWN: Final = 20
"""Findings of one kind that are listed; a broken file would list every row."""
_PRIME: Final = (1 << 61) - 1
_EDGES: Final = "memo_edges e JOIN memo_nodes d ON d.id = e.dep JOIN memo_nodes n ON n.id = e.dependent"
_UNREAD: Final = "NOT EXISTS (SELECT 1 FROM memo_edges e WHERE e.dep = s.dep AND e.dependent = s.dependent)"
_NODES: Final = (
    "SELECT id, name, key, digest, changed_at, verified_at, dirty, seal, hash, deps FROM memo_nodes WHERE id > ? ORDER BY id LIMIT ?"
)
_STATE: Final = "(SELECT coalesce(max(value), 1) FROM memo_state WHERE name = '{}')"
_RULES: Final = tuple(
    line.strip().split(": ", 1)
    for line in f"""
    order: SELECT id, 'changed in ' || changed_at || ', verified in ' || verified_at FROM memo_nodes WHERE changed_at > verified_at
    order: SELECT id, 'of ' || verified_at || ', later than the store' FROM memo_nodes WHERE verified_at > {_STATE.format("revision")}
    id: SELECT id, 'not given yet' FROM memo_nodes WHERE id >= {_STATE.format("next id")}
    id: SELECT max(id), 'one of ' || count(*) || ' such' FROM memo_nodes WHERE deps NOTNULL GROUP BY hash, name, key HAVING count(*) > 1
    name: SELECT id, 'its name ' || name || ' is not there' FROM memo_nodes WHERE name NOT IN (SELECT id FROM memo_names)
    green: SELECT n.id, 'clean over ' || d.id || ', which is dirty' FROM {_EDGES} WHERE d.dirty = 1 AND n.dirty = 0
    green: SELECT n.id, 'clean over ' || d.id || ', changed since' FROM {_EDGES} WHERE n.dirty = 0 AND d.changed_at > n.verified_at
    suspect: SELECT id, 'dirty for no reason' FROM memo_nodes WHERE dirty = 1 AND id NOT IN (SELECT dependent FROM memo_suspects)
    suspect: SELECT dependent, 'suspects ' || dep || ' and is clean' FROM memo_suspects JOIN memo_nodes ON id = dependent WHERE dirty = 0
    suspect: SELECT dependent, 'gone, and suspects ' || dep FROM memo_suspects WHERE dependent NOT IN (SELECT id FROM memo_nodes)
    suspect: SELECT s.dependent, 'suspects ' || s.dep || ', which it does not read' FROM memo_suspects s WHERE dep != 0 AND {_UNREAD}
    """.strip().splitlines()  # noqa: S608  # put together from constants
)
"""Kind of finding, and the SQL that lists nodes with what is wrong about each."""


class Finding(NamedTuple):
    """Something that is not as it must be: of which kind, and what; `kind` is a word to count by."""

    kind: str
    detail: str


def memo_findings(file: StoreFile) -> Iterator[Finding]:
    """Everything that is wrong with the memo tables of a file; nothing for a sound one."""
    with file.snapshot():
        yield from _nodes(file)
        yield from _members(file)
        yield from _values(file)
        for kind, sql in _RULES:
            for node, detail in file.query(f"{sql} LIMIT {_SHOWN}"):
                yield Finding(kind, f"node {node}: {detail}")


def _nodes(file: StoreFile) -> Iterator[Finding]:
    """Seals, hashes, and whether dependencies and edges are the same."""
    shown = 0
    wanted = 0
    last = 0
    while rows := file.query(_NODES, (last, _SLICE)):
        last = rows[-1][0]
        for row in rows:
            number = row[0]
            deps = unpack_deps(row[9])
            if shown < _SHOWN:
                for problem in _problems(row, deps):
                    shown += 1
                    yield Finding("damage", f"node {number}: {problem}")
            for dep, position in places_of(deps or ()).items():
                wanted = (wanted + _mixed(dep, number, position)) % _PRIME
    found = 0
    for edge in _edges(file):
        found = (found + _mixed(*edge)) % _PRIME
    if wanted != found:
        yield Finding("mirror", "the edges are not those of the dependencies that the nodes list")


def _problems(row: tuple[Any, ...], deps: tuple[Dep, ...] | None) -> Iterator[str]:
    """What is wrong with one row by itself."""
    number, name, key, digest, changed_at, verified_at, dirty, seal, hashed, _ = row
    if seal != node_seal(number, name, key, digest, changed_at, verified_at, dirty):
        yield "bytes have changed"
    elif hashed != key_hash(name, key):
        yield "it cannot be found by its key"
    if deps is None:
        yield "bytes of its dependencies have changed"


def _edges(file: StoreFile) -> Iterator[tuple[int, int, int]]:
    """Every edge, in the order of the table."""
    last = (-1, -1)
    sql = "SELECT dep, dependent, position FROM memo_edges WHERE (dep, dependent) > (?, ?) ORDER BY dep, dependent LIMIT ?"
    while rows := file.query(sql, (*last, _SLICE)):
        last = rows[-1][:2]
        yield from rows


def _mixed(dep: int, dependent: int, position: int) -> int:
    """A number for an edge; sums over equal sets of edges are equal, and over others hardly ever."""
    number = (dep * 0x9E3779B97F4A7C15 + dependent * 0xC2B2AE3D27D4EB4F + position * 0x165667B19E3779F9) % _PRIME
    return number * number % _PRIME * number % _PRIME


def _members(file: StoreFile) -> Iterator[Finding]:
    """Seals of inputs, and whether their cells are there."""
    cells: set[int] = set()
    for name, key, packed, seal in file.query("SELECT name, key, cells, seal FROM memo_members"):
        found = unpack_ids(packed)
        if found is None or seal != member_seal(name, key, packed):
            yield Finding("damage", f"an input of name {name}: bytes have changed")
        else:
            cells.update(found)
    cells.discard(0)
    there = {row[0] for row in file.query("SELECT id FROM memo_nodes")} if cells else set()
    for number in sorted(cells - there)[:_SHOWN]:
        yield Finding("id", f"node {number}: an input's cell, and it is not there")


def _values(file: StoreFile) -> Iterator[Finding]:
    """Whether values are under their hashes, one at a time: they may be large."""
    shown = 0
    last = b""
    while hashes := file.query("SELECT hash FROM memo_values WHERE hash > ? ORDER BY hash LIMIT ?", (last, _SLICE)):
        last = hashes[-1][0]
        for (found,) in hashes:
            row = file.row("SELECT bytes FROM memo_values WHERE hash = ?", (found,))
            if row is not None and blake3(row[0]).digest() != found and shown < _SHOWN:
                shown += 1
                yield Finding("damage", f"value {found.hex()[:16]}: its bytes are not those of its hash")
