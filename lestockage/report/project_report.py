"""Project report: the document that tells of a project as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.report.document import Document
from lestockage.report.sections.complexity import complexity_section
from lestockage.report.sections.cycles import cycles_section
from lestockage.report.sections.evolution import changes, trends
from lestockage.report.sections.hotspots import hotspots
from lestockage.report.sections.structure import structure
from lestockage.report.sections.summary import figures, findings
from lestockage.report.sections.unread import unread
from lestockage.report.sections.unused import unused_section

if TYPE_CHECKING:
    from datetime import datetime

    from lestockage.report.facts import Facts

ROWS = 100
"""How many rows a table has where nothing else is said."""


def project_report(facts: Facts, made_at: datetime, *, subject: str = "", limit: int = ROWS) -> Document:
    """Return the document; `subject` says which state of the project it is about, tables have at most `limit` rows."""
    sections = (
        trends(facts, limit),
        changes(facts, limit),
        hotspots(facts, limit),
        structure(facts, limit),
        complexity_section(facts, limit),
        cycles_section(facts, limit),
        unused_section(facts, limit),
        unread(facts, limit),
    )
    found = tuple(section for section in sections if section is not None)
    return Document(facts.project.name, subject, made_at, figures(facts), findings(facts), found)
