"""Evaluate: how much of the corpus the index gets right, by category: `python -m tests.calls.evaluate [CATEGORY] [--json] [--wrong]`."""

from __future__ import annotations

import argparse
import json
from typing import NamedTuple

from tests.calls.found import found
from tests.calls.programs import Edge, Program, programs


class Verdict(NamedTuple):
    """One program judged: edges that are right, wrong and missing."""

    program: Program
    right: frozenset[Edge]
    wrong: frozenset[Edge]
    missing: frozenset[Edge]

    @property
    def is_exact(self) -> bool:
        """Nothing wrong, nothing missing."""
        return not self.wrong and not self.missing


class Score(NamedTuple):
    """Several programs judged."""

    programs: int
    exact: int
    right: int
    wrong: int
    missing: int

    @property
    def precision(self) -> float:
        """The share of the edges found that are right; 1 when none is found."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of the edges expected that are found; 1 when none is expected."""
        return self.right / (self.right + self.missing) if self.right + self.missing else 1.0

    @property
    def exactness(self) -> float:
        """The share of the programs that are exactly right."""
        return self.exact / self.programs


def judge(program: Program) -> Verdict:
    """Compare what the index finds in a program with what it must find; targets outside the program count only where they are named."""
    inside, outside = found(program.files)
    expected = program.expected
    every = inside | outside
    return Verdict(program, expected & every, frozenset((inside - expected) | (outside & program.forbidden)), expected - every)


def score(verdicts: list[Verdict]) -> Score:
    """Add up verdicts."""
    return Score(
        len(verdicts),
        sum(verdict.is_exact for verdict in verdicts),
        sum(len(verdict.right) for verdict in verdicts),
        sum(len(verdict.wrong) for verdict in verdicts),
        sum(len(verdict.missing) for verdict in verdicts),
    )


def main() -> None:
    """Print a table by category, with --wrong every edge that is wrong or missing, with --json all of it as one object."""
    parser = argparse.ArgumentParser(prog="python -m tests.calls.evaluate", description=__doc__)
    parser.add_argument("category", nargs="?")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.add_argument("--wrong", action="store_true", help="also list every edge that is wrong or missing")
    arguments = parser.parse_args()
    verdicts = [judge(program) for program in programs(arguments.category)]
    if not verdicts:
        parser.error(f"there is no category {arguments.category}")
    by_category: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        by_category.setdefault(verdict.program.category, []).append(verdict)
    print(_json(by_category, verdicts) if arguments.json else _table(by_category, verdicts, wrong=arguments.wrong))  # noqa: T201  # a command


def _json(by_category: dict[str, list[Verdict]], verdicts: list[Verdict]) -> str:
    def figures(several: list[Verdict]) -> dict[str, float]:
        found = score(several)
        return {**found._asdict(), "precision": found.precision, "recall": found.recall, "exactness": found.exactness}

    inexact = {
        f"{verdict.program.category}/{verdict.program.name}": {"wrong": sorted(verdict.wrong), "missing": sorted(verdict.missing)}
        for verdict in verdicts
        if not verdict.is_exact
    }
    categories = {category: figures(several) for category, several in by_category.items()}
    return json.dumps({"total": figures(verdicts), "categories": categories, "inexact": inexact}, indent=2)


def _table(by_category: dict[str, list[Verdict]], verdicts: list[Verdict], *, wrong: bool) -> str:
    lines = [f"{'category':24} programs exact precision recall"]
    for category, several in [*by_category.items(), ("all", verdicts)]:
        of = score(several)
        lines.append(f"{category:24} {of.programs:8} {of.exactness:5.0%} {of.precision:9.3f} {of.recall:6.3f}")
    if wrong:
        for verdict in verdicts:
            if not verdict.is_exact:
                lines.append(f"\n{verdict.program.category}/{verdict.program.name}: {verdict.program.claim}")
                lines += [f"  wrong    {caller} -> {callee}" for caller, callee in sorted(verdict.wrong)]
                lines += [f"  missing  {caller} -> {callee}" for caller, callee in sorted(verdict.missing)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
