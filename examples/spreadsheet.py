"""Spreadsheet: cells with formulas; circular references show an error, or iterate to a fixpoint; `python -m examples.spreadsheet`.

A formula is a number, or names of cells and numbers joined by `+`, `*` or `max`: `=a1+2`, `=max(a1,b1)`.
"""

from __future__ import annotations

import re

from lestockage import Database, Input, Key, query


class Cell(Input):
    """One cell of the sheet, as it was typed."""

    name: Key[str]
    typed: str


@query
def references(db: Database, name: str) -> tuple[str, ...]:
    """The cells that a cell's formula names, in order."""
    cell = Cell.get(db, name=name)
    if cell is None or not cell.typed.startswith("="):
        return ()
    return tuple(re.findall(r"[a-z]+[0-9]+", cell.typed))


def _circular(_db: Database, _name: str) -> str:
    return "#CIRCULAR"


@query(cycle_result=_circular)
def shown(db: Database, name: str) -> str:
    """What a cell displays. Every cell of a circle shows the error, and so does whoever refers to one."""
    cell = Cell.get(db, name=name)
    if cell is None:
        return "0"
    if not cell.typed.startswith("="):
        return cell.typed
    operands = {each: shown(db, each) for each in references(db, name)}
    errors = [value for value in operands.values() if value.startswith("#")]
    return errors[0] if errors else _computed(cell.typed[1:], operands)


def _computed(formula: str, operands: dict[str, str]) -> str:
    """Apply a formula, with the values of the cells in place of their names."""
    if formula.startswith("max("):
        return str(max(int(operands.get(part, part)) for part in formula[4:-1].split(",")))
    total = 0
    for term in formula.split("+"):
        product = 1
        for factor in term.split("*"):
            product *= int(operands.get(factor, factor))
        total += product
    return str(total)


def _none_yet(_db: Database, _name: str) -> frozenset[str]:
    return frozenset()


@query(cycle_initial=_none_yet)
def precedents(db: Database, name: str) -> frozenset[str]:
    """Every cell that a cell depends on, directly or through others: the least fixpoint, circles or not."""
    direct = references(db, name)
    return frozenset(direct).union(*(precedents(db, each) for each in direct))


def main() -> None:
    """Fill a sheet, close a circle, and break it."""
    with Database() as db:
        for name, typed in {"a1": "2", "b1": "=a1+3", "c1": "=a1*b1", "d1": "=max(c1,b1)"}.items():
            Cell(db, name=name, typed=typed)
        print("d1 shows", shown(db, "d1"))
        Cell(db, name="a1", typed="=c1+1")
        print("d1 shows", shown(db, "d1"), "because a1 needs", *sorted(precedents(db, "a1")))
        Cell(db, name="a1", typed="4")
        print("d1 shows", shown(db, "d1"))


if __name__ == "__main__":
    main()
