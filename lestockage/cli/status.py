"""Status: the command that tells what a database holds."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.node_text import place
from lestockage.cli.table import quantity, table
from lestockage.store.memo_totals import count_traces, count_values, memo_totals
from lestockage.workspace.lookup import open_lookup

if TYPE_CHECKING:
    from lestockage.store.memo_totals import MemoTotals
    from lestockage.workspace.lookup import ProjectTotals


def answer(*, db: str | None = None, as_json: bool = False) -> str:
    """Return what each project has: files, symbols by kind, edges by type, the most called functions, what failed and what is stale."""
    path = database_path(db)
    with open_lookup(path) as lookup:
        found = lookup.totals()
        version = lookup.schema_version()
        memos = memo_totals(lookup.file)
        kept = {
            "memos": sum(each.memos for each in memos),
            "values": count_values(lookup.file),
            "earlier results": count_traces(lookup.file),
        }
    size = os.path.getsize(path)
    if as_json:
        return json_text(
            {
                "database": path,
                "schema_version": version,
                "bytes": size,
                "projects": [_project_object(totals) for totals in found],
                "kept": kept,
                "queries": [each._asdict() for each in memos],
            }
        )
    if not found:
        return f"{path}: no project yet; index a folder: lestockage index PATH\n"
    text = f"{path}: {quantity(len(found), 'project')}, {size:,} bytes\n" + "".join(_project_text(totals) for totals in found)
    return text + _memo_text(memos, kept) if memos else text


def _memo_text(memos: list[MemoTotals], kept: dict[str, int]) -> str:
    """What is kept of queries, the largest first: results, dirty ones among them, bytes of rows and values."""
    ranked = sorted(memos, key=lambda each: -(each.row_bytes + each.value_bytes))
    rows = [(each.memos, each.dirty, each.row_bytes + each.value_bytes, each.name.removeprefix("lestockage.queries.")) for each in ranked]
    title = ", ".join(f"{count:,} {what}" for what, count in kept.items())
    return f"\nkept: {title}\nresults, dirty ones, bytes, by query\n" + table(rows, "  ")


def _project_object(totals: ProjectTotals) -> dict[str, object]:
    return {
        "project": totals.project.name,
        "root": totals.project.root,
        "files": totals.files,
        "nodes": totals.nodes,
        "edges": totals.edges,
        "most_called": [
            {"qualified_name": called.node.qualified_name, "sites": called.sites, "callers": called.callers}
            for called in totals.most_called
        ],
        "failed": [{"path": path, "reason": reason} for path, reason in totals.failed],
        "stale": totals.stale,
    }


def _project_text(totals: ProjectTotals) -> str:
    parts = [f"\n{totals.project.name} ({totals.project.root}): {quantity(totals.files, 'file')}\n"]
    for title, counts in (("symbols", totals.nodes), ("edges", totals.edges)):
        if counts:
            parts.append(f"{title}\n" + table([(count, kind) for kind, count in counts.items()], "  "))
    if totals.most_called:
        rows = [(c.sites, c.node.qualified_name, place(c.node.file_path, c.node.start_line)) for c in totals.most_called]
        parts.append("most called, by call sites\n" + table(rows, "  "))
    if totals.failed:
        stale = sum(totals.stale.values())
        note = f"; {quantity(stale, 'symbol')} of their last good state are kept, marked stale" if stale else ""
        parts.append(f"failed: {quantity(len(totals.failed), 'file')}{note}\n" + table(totals.failed, "  "))
    return "".join(parts)
