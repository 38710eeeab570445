"""Explain: the command that tells why the analysis of a symbol last ran, or did not."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.message import say
from lestockage.cli.table import quantity
from lestockage.workspace.explanation import explain_last, explain_symbol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lestockage.workspace.explanation import Branch, Explanation

_OUTCOMES: Final = {
    "set": "was set",
    "new": "ran: there was no earlier result",
    "changed": "ran, and its result changed",
    "backdated": "ran, and its result came out equal (backdated)",
    "validated": "did not run: what it read came out equal",
    "recalled": "has the result of an earlier state again",
}


def answer(
    *, symbol: str | None = None, last: bool = False, project: str | None = None, db: str | None = None, as_json: bool = False
) -> str:
    """Return the last run that concerned a symbol as a tree from what was changed; the whole last run with `last`, or without a symbol.

    For people, what ran without an earlier result, and caused nothing, is counted by query; what is about the symbol has a star.
    """
    path = database_path(db)
    found = explain_last(path, project) if symbol is None or last else explain_symbol(path, symbol, project)
    if as_json:
        return json_text(_object(found))
    say(_headline(found))
    return "".join(_lines(found.trees))


def _headline(found: Explanation) -> str:
    what = found.symbol or found.project
    if found.run is None:
        return f"{what}: none of the last {quantity(found.later_runs, 'run')} did anything about it: nothing that it reads has changed."
    when = datetime.fromtimestamp(found.run.at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    counts = ", ".join(f"{outcome} {number:,}" for outcome, number in found.run.counts.items())
    since = f"; nothing was done about it in {quantity(found.later_runs, 'run')} since" if found.later_runs else ""
    omitted = f"; {found.run.omitted:,} are not kept" if found.run.omitted else ""
    return f"{what}: the run of {when} UTC ({counts}{omitted}){since}."


def _lines(trees: Sequence[Branch]) -> list[str]:
    """Return trees as lines, a step of a chain further in each."""
    counted: Counter[str] = Counter()
    pending: list[tuple[Branch, int]] = []
    for tree in reversed(trees):
        if tree.step.outcome == "new" and not tree.branches and not tree.is_about:
            counted[tree.step.call.partition("(")[0]] += 1
        else:
            pending.append((tree, 0))
    lines = []
    while pending:
        branch, depth = pending.pop()
        star = " *" if branch.is_about else ""
        lines.append(f"{'  ' * depth}{branch.step.call}: {_OUTCOMES[branch.step.outcome]}{star}\n")
        pending += [(each, depth + 1) for each in reversed(branch.branches)]
    if counted:
        each = ", ".join(f"{name} {number:,}" for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])))
        lines.append(f"{_OUTCOMES['new']}: {each}\n")
    return lines


def _object(found: Explanation) -> dict[str, object]:
    run = found.run
    return {
        "project": found.project,
        "symbol": found.symbol,
        "run": None if run is None else {"at": run.at, "counts": run.counts, "omitted": run.omitted},
        "later_runs": found.later_runs,
        "steps": _steps(found.trees),
    }


def _steps(trees: Sequence[Branch]) -> list[dict[str, object]]:
    """Return trees as a flat list, causes first: each step has its number and that of its cause, for a chain may be deeper than JSON's."""
    steps: list[dict[str, object]] = []
    pending: list[tuple[Branch, int | None]] = [(tree, None) for tree in reversed(trees)]
    while pending:
        branch, cause = pending.pop()
        number = len(steps)
        steps.append({"number": number, **branch.step._asdict(), "cause": cause, "is_about": branch.is_about})
        pending += [(each, number) for each in reversed(branch.branches)]
    return steps
