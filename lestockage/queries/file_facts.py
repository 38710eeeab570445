"""File facts: the facts of all units of a file, looked up once for all that describe the file as a whole."""

# ruff: noqa: TC001  # the engine evaluates annotations when a query is declared

from __future__ import annotations

from lestockage.database import Database
from lestockage.engine.query import query
from lestockage.languages.facts import Facts
from lestockage.queries.inputs import SourceFile
from lestockage.queries.outline import outline
from lestockage.queries.reading import facts_of


@query(durable=False)
def file_facts(db: Database, file: SourceFile) -> tuple[Facts | None, ...]:
    """Return the facts of each symbol of the file, in the order of its outline; None for a variable. Shields from nothing."""
    return tuple([facts_of(db, file, symbol.content_hash) if symbol.has_facts else None for symbol in outline(db, file).symbols])
