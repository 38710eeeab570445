"""Singletons and defaults: an input class without a Key field has one input; a field with a default need not be given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from lestockage import Database, Input, query
from lestockage.errors import ArgumentError
from lestockage.testing import assert_executed

if TYPE_CHECKING:
    from lestockage.testing import EventLog


class Settings(Input):
    width: int = 80
    indent: str


@query
def rule(db: Database) -> str:
    settings = Settings.get(db)
    return "-" if settings is None else settings.indent + "-" * settings.width


def test_a_singleton_is_one_handle(db: Database) -> None:
    """Made twice, got, and enumerated: always the same."""
    settings = Settings(db, indent=" ")
    assert Settings(db, indent="\t") is settings
    assert Settings.get(db) is settings
    assert Settings.all(db) == (settings,)
    assert repr(settings) == "Settings()"


def test_queries_find_it_and_follow_it(db: Database, log: EventLog) -> None:
    """Its coming, its fields and its going are dependencies."""
    assert rule(db) == "-"
    settings = Settings(db, indent=" ", width=3)
    assert rule(db) == " ---"
    settings.width = 1
    assert rule(db) == " -"
    settings.delete()
    assert rule(db) == "-"
    assert_executed(log, rule, rule, rule, rule)


def test_a_default_fills_in(db: Database) -> None:
    """On creation only: an update leaves what is not given."""
    assert Settings(db, indent="").width == 80
    Settings(db, indent="", width=3)
    assert Settings(db, indent="x").width == 3


def test_a_field_without_default_must_be_given(db: Database) -> None:
    """Nothing is made when something is missing."""
    with pytest.raises(ArgumentError, match=r"Settings\.indent: no value was given and the field has no default"):
        Settings(db)  # type: ignore[call-arg]
    assert Settings.get(db) is None
