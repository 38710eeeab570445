"""Export: the command that writes a whole view for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lestockage.analytics.export import TEXT_FORMATS
from lestockage.cli.analytics_session import analytics_session
from lestockage.cli.json_text import json_text
from lestockage.cli.table import quantity
from lestockage.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Iterator


def answer(  # noqa: PLR0913  # what to write, where, and as what
    *,
    view: str,
    form: str | None = None,
    output: str | None = None,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str | Iterator[str]:
    """Write a view to `output` and return how many rows that was, or yield it as text piece by piece.

    `as_json` asks for JSON, or with an output for the count as JSON.

    Raises:
        UnknownView: the file has none of that name.
        UnwritableOutput: the output cannot be written, or Parquet was asked for without one.
    """
    chosen = form or ("json" if as_json and output is None else "csv")
    if output is None:
        if chosen not in TEXT_FORMATS:
            raise UnwritableOutput("-", "Parquet is no text: name a file for it with -o")
        return _pieces(view, chosen, project, db)
    with analytics_session(db, project) as analytics:
        rows = analytics.export(view, chosen, output)
    if as_json:
        return json_text({"output": output, "format": chosen, "rows": rows})
    return f"{output}: {quantity(rows, 'row')}\n"


def _pieces(view: str, form: str, project: str | None, db: str | None) -> Iterator[str]:
    with analytics_session(db, project) as analytics, analytics.batches(view) as (schema, batches):
        yield from TEXT_FORMATS[form](schema, batches)
