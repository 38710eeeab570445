"""Ledger: a small program over a file whose answers in every state are known, so that whatever happens to the file can be judged."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from lestockage import Database, Input, Key, query, task

if TYPE_CHECKING:
    from pathlib import Path

ACCOUNTS = 12
GROUP = 4


class Account(Input):
    """An amount, and a note about it."""

    number: Key[int]
    amount: int
    note: str


@task
def spelled(amount: int) -> str:
    """An amount in words that are longer than a hash."""
    return f"the sum of {amount:,} and no more than that, as far as is known"


@query
def entry(db: Database, account: Account) -> str:
    """One line."""
    return f"{account.number}: {spelled(db, account.amount)} ({account.note})"


@query
def parity(db: Database, account: Account) -> int:
    """A result that seldom changes."""
    return account.amount % 2


@query
def page(db: Database, number: int) -> tuple[str, ...]:
    """Some lines, and how many amounts are odd."""
    accounts = [account for account in Account.all(db) if account.number // GROUP == number]
    return (*[entry(db, account) for account in accounts], str(sum(parity(db, account) for account in accounts)))


@query
def ledger(db: Database) -> dict[int, tuple[str, ...]]:
    """Every page."""
    return {number: page(db, number) for number in range(ACCOUNTS // GROUP + 1)}


def state(step: int) -> dict[int, tuple[int, str]]:
    """The accounts of a step: amounts and notes change, and accounts come and go."""
    return {
        number: (number * 100 + (step if number % 3 == step % 3 else 0), f"note {step // 2}" if number == 1 else "none")
        for number in range(ACCOUNTS)
        if step < 1 or number != 3 + step % 4
    }


def write(db: Database, step: int) -> None:
    """Bring the inputs to a step, in one revision."""
    wanted = state(step)
    with db.write():
        for account in Account.all(db):
            if account.number not in wanted:
                account.delete()
        for number, (amount, note) in wanted.items():
            Account(db, number=number, amount=amount, note=note)


def found(db: Database) -> dict[int, tuple[int, str]]:
    """The accounts as they are."""
    return {account.number: (account.amount, account.note) for account in Account.all(db)}


def oracle(accounts: dict[int, tuple[int, str]]) -> dict[int, tuple[str, ...]]:
    """What `ledger` must be, worked out without a database."""
    pages: dict[int, tuple[str, ...]] = {}
    for number in range(ACCOUNTS // GROUP + 1):
        here = {key: value for key, value in sorted(accounts.items()) if key // GROUP == number}
        lines = [f"{key}: the sum of {amount:,} and no more than that, as far as is known ({note})" for key, (amount, note) in here.items()]
        pages[number] = (*lines, str(sum(amount % 2 for amount, _ in here.values())))
    return pages


def assert_sound(path: Path, *steps: int) -> int:
    """The file is intact, its inputs are those of one of the steps, and every answer is the oracle's; returns the step."""
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    raw.close()
    with Database(path) as db:
        assert db.check() == []
        accounts = found(db)
        step = next((step for step in steps if accounts == state(step)), None)
        assert step is not None, f"the inputs are of no committed step: {accounts}"
        assert ledger(db) == oracle(accounts)
        write(db, 7)
        assert ledger(db) == oracle(state(7))
        write(db, step)
    return step
