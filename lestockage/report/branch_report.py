"""Branch report: the document that tells what the work since a revision did to the design of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from lestockage.report.document import Document, Figure
from lestockage.report.sections.branch import (
    complexity_changes,
    coupling_changes,
    cycle_changes,
    new_cycles,
    symbol_changes,
    unused_changes,
)
from lestockage.report.sections.place import counted

if TYPE_CHECKING:
    from datetime import datetime

    from lestockage.report.design import Design
    from lestockage.workspace.symbol_diff import SymbolDiff


class Branch(NamedTuple):
    """Two states of a project, and the symbols that differ; `since` is what the older one was asked by."""

    project: str
    since: str
    before: Design
    after: Design
    symbols: SymbolDiff


def branch_report(branch: Branch, made_at: datetime, *, subject: str, limit: int) -> Document:
    """Return the document; tables have at most `limit` rows."""
    sections = (
        complexity_changes(branch.before, branch.after, branch.symbols, limit),
        cycle_changes(branch.before, branch.after, limit),
        coupling_changes(branch.before, branch.after, limit),
        symbol_changes(branch.symbols, limit),
        unused_changes(branch.before, branch.after, branch.symbols, limit),
    )
    title = f"{branch.project}: what changed since {branch.since}"
    return Document(title, subject, made_at, _figures(branch.before, branch.after), _findings(branch), sections)


def _figures(before: Design, after: Design) -> tuple[Figure, ...]:
    """Return the numbers as they are, with what they were."""
    return (
        _figure("lines", before.lines, after.lines),
        _figure("functions", len(before.functions), len(after.functions)),
        _figure("complexity", before.complexity, after.complexity),
        _figure("hard functions", before.hard, after.hard, less_is_better=True),
        _figure("coupled pairs of modules", len(before.references), len(after.references)),
        _figure("import cycles", len(before.imports), len(after.imports), less_is_better=True),
        _figure("cycles of calls", len(before.calls), len(after.calls)),
        _figure("unused definitions", len(before.unused), len(after.unused), less_is_better=True),
    )


def _figure(label: str, before: int, after: int, *, less_is_better: bool = False) -> Figure:
    tone = "plain" if not less_is_better or before == after else "good" if after < before else "bad"
    return Figure(label, f"{after:,}", "as before" if before == after else f"{after - before:+,} from {before:,}", tone)


def _findings(branch: Branch) -> tuple[str, ...]:
    """Return what a reviewer should look at, or that there is nothing."""
    before, after = branch.before, branch.after
    found = []
    for what, old, new in (("import", before.imports, after.imports), ("call", before.calls, after.calls)):
        fresh = new_cycles(old, new)
        if fresh:
            found.append(f"{counted(len(fresh), f'new or larger {what} cycle')}, first of all {' → '.join([*fresh[0], fresh[0][0]])}.")
    hard = after.hard - before.hard
    if hard > 0:
        found.append(f"{counted(hard, 'more function')} above complexity 10.")
    pairs = len(after.references.keys() - before.references.keys())
    if pairs:
        found.append(f"{counted(pairs, 'pair')} of modules that did not refer to each other now do.")
    if not found:
        found.append("No new cycle, no more hard functions, no new coupling.")
    if branch.symbols.failed:
        found.append(f"{counted(len(branch.symbols.failed), 'file')} could not be compared symbol by symbol.")
    return tuple(found)
