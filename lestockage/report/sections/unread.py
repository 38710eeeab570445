"""Unread: files that could not be read, of which a report knows nothing, or what they were before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.document import Column, Section, Table
from lestockage.report.sections.place import counted

if TYPE_CHECKING:
    from lestockage.report.facts import Facts


def unread(facts: Facts, limit: int) -> Section | None:
    """Return the section; None when every file was read."""
    if not facts.failed:
        return None
    lead = (f"{counted(len(facts.failed), 'file')} could not be read: what is said of them is their last good state, if there was one.",)
    table = Table(
        "unread-table",
        "Files that could not be read",
        (Column("file", "code"), Column("why", "prose")),
        tuple(facts.failed[:limit]),
        len(facts.failed),
    )
    return Section("unread", "Files not read", lead, (), (table,))
