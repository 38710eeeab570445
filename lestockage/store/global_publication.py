"""Publication: brings what a project offers in step with its files, and tells which names others see otherwise now.

Made before the nodes of the files are written, for deleted nodes take their rows with them; finished when the nodes are there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from lestockage.store.frontier_rows import nodes_of_files
from lestockage.store.global_symbols import (
    GlobalSymbol,
    ModuleNames,
    delete_names,
    delete_symbols,
    names_of_files,
    symbols_of_files,
    upsert_names,
    upsert_symbols,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.store.connection import StoreFile


class OfferedSymbol(NamedTuple):
    """What a file offers of one symbol beside its node: the last columns of a `GlobalSymbol`."""

    body_hash: bytes
    bases: str | None
    call_gives: str | None
    read_gives: str | None


class Offer(NamedTuple):
    """What a file offers: the names its imports bind, and its symbols by qualified name and ordinal."""

    names: ModuleNames
    symbols: dict[tuple[str, int], OfferedSymbol]


class Published(NamedTuple):
    """What is different now: names that came, went or look different from outside, and what the body of each that went was."""

    changed: set[str]
    lost: dict[str, bytes]


class Publication:
    """One write of what some files of a project offer."""

    __slots__ = ("_known", "_names", "_paths", "_project_id", "_store")

    def __init__(self, store: StoreFile, project_id: int, paths: Iterable[str]) -> None:
        self._store = store
        self._project_id = project_id
        self._paths = list(paths)
        self._known = symbols_of_files(store, project_id, self._paths)
        self._names = names_of_files(store, project_id, self._paths)

    def finish(self, offers: Mapping[str, Offer]) -> Published:
        """Write what differs; a file that was named at the beginning and offers nothing is gone."""
        wanted = {symbol.node_id: symbol for symbol in self._wanted(offers)}
        known = self._known
        upsert_symbols(self._store, [symbol for node_id, symbol in wanted.items() if known.get(node_id) != symbol])
        gone = [symbol for node_id, symbol in known.items() if node_id not in wanted]
        if gone:
            delete_symbols(self._store, [symbol.node_id for symbol in gone])
        changed = {symbol.qualified_name for symbol in gone}
        for node_id, symbol in wanted.items():
            before = known.get(node_id)
            if before is None or before.interface != symbol.interface:
                changed.add(symbol.qualified_name)
        changed |= self._write_names(offers)
        present = {symbol.qualified_name for symbol in wanted.values()}
        return Published(changed, {symbol.qualified_name: symbol.body_hash for symbol in gone if symbol.qualified_name not in present})

    def _wanted(self, offers: Mapping[str, Offer]) -> Iterable[GlobalSymbol]:
        for node in nodes_of_files(self._store, self._project_id, offers):
            offered = offers[node.file_path or ""].symbols.get((node.qualified_name, node.ordinal))
            if offered is not None:
                yield GlobalSymbol(
                    *(node.id, self._project_id, node.symbol_name, node.qualified_name, node.node_type, node.signature),
                    *(node.visibility or "public", node.file_path or "", node.ordinal),
                    *(node.start_line, node.start_column, node.end_line, node.end_column),
                    **offered._asdict(),
                )

    def _write_names(self, offers: Mapping[str, Offer]) -> set[str]:
        """Write what imports bind, and return the names that are bound otherwise; `module.*` stands for stars and for what they take."""
        changed: set[str] = set()
        different = []
        for path, offer in offers.items():
            before = self._names.get(path)
            if before != offer.names:
                different.append(offer.names)
                changed |= _differences(before, offer.names)
        gone = [path for path in self._names if path not in offers]
        for path in gone:
            changed |= _differences(self._names[path], None)
        upsert_names(self._store, self._project_id, different)
        delete_names(self._store, self._project_id, gone)
        return changed


def _differences(before: ModuleNames | None, now: ModuleNames | None) -> set[str]:
    changed: set[str] = set()
    if before is None or now is None or before.module != now.module:
        for each in (before, now):
            if each is not None:
                changed |= {f"{each.module}.{bound}" for bound in json.loads(each.imports)}
                changed |= {f"{each.module}.*", *_and_packages(each.module)}
        return changed
    old: dict[str, Any] = json.loads(before.imports)
    new: dict[str, Any] = json.loads(now.imports)
    changed = {f"{now.module}.{bound}" for bound in old.keys() | new.keys() if old.get(bound) != new.get(bound)}
    if (before.stars, before.exports) != (now.stars, now.exports):
        changed.add(f"{now.module}.*")
    if before.is_dynamic != now.is_dynamic:
        changed.add(f"{now.module}.__getattr__")
    return changed


def _and_packages(module: str) -> list[str]:
    """Return a module's name and those of the packages around it."""
    parts = module.split(".")
    return [".".join(parts[: count + 1]) for count in range(len(parts))]
