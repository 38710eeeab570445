"""Global symbols: what a project offers to others, symbol by symbol, and the names that its modules pass on."""

# ruff: noqa: S608  # SQL is put together from constants of this package; values are always parameters

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lestockage.store.json_lists import id_list, read_list, sorted_list

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.store.connection import StoreFile


class GlobalSymbol(NamedTuple):
    """A symbol that can be reached from outside by a dotted name.

    `bases` is None but for classes: JSON, for each base the dotted names that it may be. `body_hash` tells equal code under another name.
    `call_gives` is the dotted name, to be looked up in the project, of the class of which calling a function gives an object, `read_gives`
    that of a property; None where the code does not say.
    """

    node_id: int
    project_id: int
    name: str
    qualified_name: str
    node_type: str
    signature: str | None
    visibility: str
    file_path: str
    ordinal: int
    start_line: int | None
    start_column: int | None
    end_line: int | None
    end_column: int | None
    body_hash: bytes
    bases: str | None
    call_gives: str | None
    read_gives: str | None

    @property
    def interface(self) -> tuple[object, ...]:
        """What others see of it: a change of this makes references to it be resolved again, a change of anything else does not."""
        return self.node_id, self.node_type, self.signature, self.visibility, self.bases, self.call_gives, self.read_gives


class ModuleNames(NamedTuple):
    """What a module's import statements bind: `imports` and `stars` as JSON, `exports` the names in `__all__`, None without.

    `is_dynamic`: its code may put other names into it as it runs.
    """

    file_path: str
    module: str
    imports: str
    stars: str
    exports: str | None
    is_dynamic: int


COLUMNS: Final = ", ".join(f"s.{column}" for column in GlobalSymbol._fields)
"""The columns of a `GlobalSymbol`, of a table called `s`."""

_FIELDS: Final = GlobalSymbol._fields
_UPSERT: Final = (
    f"INSERT INTO global_symbols ({', '.join(_FIELDS)}) VALUES ({', '.join('?' * len(_FIELDS))})"
    f" ON CONFLICT (node_id) DO UPDATE SET {', '.join(f'{field} = excluded.{field}' for field in _FIELDS[1:])}"
)
_NAMED: Final = (
    f"SELECT {COLUMNS} FROM global_symbols AS s WHERE s.project_id = ? AND s.qualified_name = ?"
    " ORDER BY s.file_path LIKE '%.pyi', s.file_path, s.ordinal"
)
_MODULE: Final = (
    f"SELECT {', '.join(ModuleNames._fields)} FROM module_names WHERE project_id = ? AND module = ?"
    " ORDER BY file_path LIKE '%.pyi', file_path"
)


def symbols_of_files(store: StoreFile, project_id: int, paths: Iterable[str]) -> dict[int, GlobalSymbol]:
    """Return what some files of a project offer, by the node's id."""
    found = store.query(
        f"SELECT {COLUMNS} FROM json_each(?) CROSS JOIN global_symbols AS s ON s.project_id = ? AND s.file_path = json_each.value",
        (sorted_list(paths), project_id),
    )
    return {row[0]: GlobalSymbol._make(row) for row in found}


def symbol_named(store: StoreFile, project_id: int, qualified_name: str) -> GlobalSymbol | None:
    """Return a project's symbol of that name: source before stubs, the first of repeated definitions."""
    row = store.row(_NAMED, (project_id, qualified_name))
    return None if row is None else GlobalSymbol._make(row)


def symbols_with_body(store: StoreFile, project_id: int, body_hash: bytes) -> list[GlobalSymbol]:
    """Return the symbols of a project that have a body, by qualified name."""
    found = store.query(
        f"SELECT {COLUMNS} FROM global_symbols AS s WHERE s.body_hash = ? AND +s.project_id = ? ORDER BY s.qualified_name, s.file_path",
        (body_hash, project_id),
    )
    return [GlobalSymbol._make(row) for row in found]


def has_modules_below(store: StoreFile, project_id: int, name: str) -> bool:
    """Tell whether a project has modules whose names begin with `name` and a dot."""
    return (
        store.row("SELECT 1 FROM module_names WHERE project_id = ? AND module >= ? AND module < ?", (project_id, f"{name}.", f"{name}/"))
        is not None
    )


def upsert_symbols(store: StoreFile, rows: Iterable[GlobalSymbol]) -> int:
    """Write symbols, and return how many there were."""
    return store.executemany(_UPSERT, rows)


def delete_symbols(store: StoreFile, node_ids: Iterable[int]) -> None:
    """Delete symbols that nobody can reach any more though their nodes are there."""
    store.execute("DELETE FROM global_symbols WHERE node_id IN (SELECT value FROM json_each(?))", (id_list(node_ids),))


def module_named(store: StoreFile, project_id: int, module: str) -> ModuleNames | None:
    """Return what a module's imports bind; of several files of that name, source before stubs."""
    row = store.row(_MODULE, (project_id, module))
    return None if row is None else ModuleNames._make(row)


def names_of_files(store: StoreFile, project_id: int, paths: Iterable[str]) -> dict[str, ModuleNames]:
    """Return what the imports of some files bind, by path."""
    found = store.query(
        "SELECT m.file_path, m.module, m.imports, m.stars, m.exports, m.is_dynamic FROM json_each(?) CROSS JOIN module_names AS m"
        " ON m.project_id = ? AND m.file_path = json_each.value",
        (sorted_list(paths), project_id),
    )
    return {row[0]: ModuleNames._make(row) for row in found}


def starring(store: StoreFile, project_id: int, module: str) -> list[list[str]]:
    """Return the stars of each module of a project that takes everything from `module`."""
    found = store.query(
        "SELECT stars FROM module_names WHERE project_id = ? AND EXISTS (SELECT 1 FROM json_each(stars) WHERE value = ?)"
        " ORDER BY file_path",
        (project_id, module),
    )
    return [read_list(row[0]) for row in found]


def inheriting(store: StoreFile, project_id: int, base: str) -> list[tuple[str, list[str]]]:
    """Return the classes of a project that have a base of that dotted name, each with the names of all its bases in order."""
    found = store.query(
        "SELECT qualified_name, bases FROM global_symbols INDEXED BY global_symbols_classes WHERE project_id = ? AND bases IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM json_tree(bases) WHERE atom = ?) ORDER BY qualified_name, node_id",
        (project_id, base),
    )
    return [(name, [each for several in read_list(bases) for each in several]) for name, bases in found]


def upsert_names(store: StoreFile, project_id: int, rows: Iterable[ModuleNames]) -> None:
    """Write what modules' imports bind."""
    store.executemany(
        "INSERT INTO module_names (project_id, file_path, module, imports, stars, exports, is_dynamic) VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (project_id, file_path) DO UPDATE SET module = excluded.module, imports = excluded.imports,"
        " stars = excluded.stars, exports = excluded.exports, is_dynamic = excluded.is_dynamic",
        [(project_id, *row) for row in rows],
    )


def delete_names(store: StoreFile, project_id: int, paths: Iterable[str]) -> None:
    """Delete what the imports of files bound that are gone."""
    store.executemany("DELETE FROM module_names WHERE project_id = ? AND file_path = ?", [(project_id, path) for path in paths])


def modules_of(store: StoreFile, project_id: int) -> list[str]:
    """Return the names of a project's modules, by name."""
    rows: list[Any] = store.query("SELECT DISTINCT module FROM module_names WHERE project_id = ? ORDER BY module", (project_id,))
    return [row[0] for row in rows]
