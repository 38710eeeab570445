"""Verify: the command that runs stored queries again and compares."""

from __future__ import annotations

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity
from lestockage.cli.verdict import Verdict
from lestockage.workspace.upkeep import verify_file


def answer(*, sample: float = 1.0, db: str | None = None, as_json: bool = False) -> Verdict:
    """Return the calls whose bodies give something else than is stored, one a line; the status is 1 when there is any."""
    path = database_path(db)
    count, found = verify_file(path, sample)
    status = 1 if found else 0
    if as_json:
        differing = [{"call": each.call, "kept": repr(each.kept), "found": repr(each.found)} for each in found]
        return Verdict(json_text({"database": path, "verified": count, "differing": differing}), status)
    lines = "".join(f"  {each.call}: {_shortened(each.found)} instead of {_shortened(each.kept)}\n" for each in found)
    return Verdict(f"{path}: {quantity(count, 'stored result')} computed again, {len(found):,} of them differ\n{lines}", status)


def _shortened(value: object) -> str:
    """A value in a few words."""
    text = str(value) if isinstance(value, Exception) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
