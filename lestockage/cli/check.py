"""Check: the command that tells whether a database file is sound."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity, table
from lestockage.cli.verdict import Verdict
from lestockage.workspace.upkeep import check_file


def answer(*, db: str | None = None, as_json: bool = False) -> Verdict:
    """Return what is wrong with the file, one finding a line; the status is 1 when there is any."""
    path = database_path(db)
    found = check_file(path)
    status = 1 if found else 0
    if as_json:
        return Verdict(json_text({"database": path, "findings": [finding._asdict() for finding in found]}), status)
    if not found:
        return Verdict(f"{path}: sound\n", status)
    return Verdict(f"{path}: {quantity(len(found), 'finding')}\n" + table(found, "  "), status)
