"""Connect: brings what external names stand for in step with what projects offer; only names that a change can concern are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.projects.catalogue import Catalogue
from lestockage.projects.resolver import ABSENT, LINKED, MISSING, PARTIAL, Resolver
from lestockage.store.clock import now
from lestockage.store.external_refs import ExternalRef, delete_refs, externals_by_step, refs_of, steps_of, write_refs, write_steps
from lestockage.store.global_symbols import inheriting, starring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lestockage.projects.resolver import Meaning
    from lestockage.store.connection import StoreFile
    from lestockage.store.external_refs import External


class Connected(NamedTuple):
    """What connecting took: external names that were resolved, references written or deleted, rows of other projects that were read."""

    resolved: int
    written: int
    rows_read: int


def concerned(store: StoreFile, changed: Iterable[str]) -> list[External]:
    """Return the external nodes, of any project, of which the meaning may be another one now that some names have changed."""
    names = set(changed)
    return externals_by_step(store, names) if names else []


def connect(store: StoreFile, externals: Iterable[External], lost: Mapping[str, bytes]) -> Connected:
    """Resolve external nodes, and write what differs; `lost` are the bodies of symbols that have just gone, by qualified name."""
    wanted = {external[0]: external for external in externals}
    if not wanted:
        return Connected(0, 0, 0)
    catalogue = Catalogue(store)
    resolver = Resolver(catalogue)
    known = refs_of(store, wanted)
    known_steps = steps_of(store, known)
    rows: list[ExternalRef] = []
    dropped: list[int] = []
    added: list[tuple[str, int]] = []
    removed: list[tuple[str, int]] = []
    at = now()
    for external_id, project_id, name in wanted.values():
        meaning, steps = _meaning(resolver, project_id, name)
        before = known.get(external_id)
        if meaning.state == ABSENT or meaning.project_id in (None, project_id):
            if before is not None:
                dropped.append(external_id)
            continue
        row = _row((external_id, project_id), meaning, before, lost, at)
        if row != before:
            rows.append(row)
        old = known_steps.get(external_id, set())
        added += [(step, external_id) for step in sorted(steps - old)]
        removed += [(step, external_id) for step in sorted(old - steps)]
    delete_refs(store, dropped)
    write_refs(store, rows)
    write_steps(store, added, removed)
    return Connected(len(wanted), len(rows) + len(dropped), catalogue.rows_read)


def _meaning(resolver: Resolver, project_id: int, name: str) -> tuple[Meaning, frozenset[str]]:
    """Return what an external name means.

    A name that comes from one of several modules that are starred, or of several base classes outside the project, is said to be of one of
    them; when that one lacks it, the others are asked.
    """
    meaning, steps = resolver.resolve(project_id, name)
    holder, _, last = name.rpartition(".")
    if meaning.state == MISSING and holder:
        store = resolver.catalogue.store
        others = [other for stars in starring(store, project_id, holder) for other in reversed(stars)]
        for class_name, bases in inheriting(store, project_id, holder):
            steps |= {class_name}
            others += bases
        for other in dict.fromkeys(others):
            found, more = resolver.resolve(project_id, f"{other}.{last}")
            steps |= more
            if found.state == LINKED:
                return found, steps
    return meaning, steps


def _row(external: tuple[int, int], meaning: Meaning, before: ExternalRef | None, lost: Mapping[str, bytes], at: int) -> ExternalRef:
    assert meaning.project_id is not None  # noqa: S101  # it has a provider
    symbol = meaning.symbol if meaning.state in (LINKED, PARTIAL) else None
    is_ambiguous = int(bool(meaning.rivals))
    symbol_id = None if symbol is None else symbol.node_id
    row = ExternalRef(*external, meaning.project_id, symbol_id, meaning.name, meaning.state, is_ambiguous, None, None, None)
    if meaning.state != MISSING or before is None:
        return row
    if before.state == MISSING:
        return row._replace(lost_name=before.lost_name, lost_body=before.lost_body, lost_at=before.lost_at)
    if before.state != LINKED or before.qualified_name is None:
        return row
    return row._replace(lost_name=before.qualified_name, lost_body=lost.get(before.qualified_name), lost_at=at)
