"""Report: the command that writes what the index tells of a project as a page for people."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from lestockage.cli.database_path import database_path
from lestockage.cli.json_text import json_text
from lestockage.cli.progress_line import ProgressLine
from lestockage.errors import UnwritableOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lestockage.report.document import Document
    from lestockage.workspace.progress import Progress

_ROWS = {"html": 100, "md": 20}


def answer(  # noqa: PLR0913  # of what, since when, how much of it, and as what
    *,
    output: str | None = None,
    form: str | None = None,
    since: str | None = None,
    limit: int | None = None,
    project: str | None = None,
    db: str | None = None,
    as_json: bool = False,
) -> str:
    """Return the report of a project, or of what changed `since` a revision of git, or write it to `output` and return how large it is.

    `as_json` asks for what the report says as data, or with an output for its size as JSON.

    Raises:
        UnwritableOutput: the output cannot be written.
        AmbiguousProject: there are several projects, and none is named.
        NoRepository, UnknownRevision: `since` was given, and there is no git tree, or no such commit in it.
        MissingExtra: the packages of reports are not installed.
    """
    chosen = form or ("md" if output is not None and output.lower().endswith((".md", ".markdown")) else "html")
    rows = limit or _ROWS[chosen]
    with _watched() as progress:
        from lestockage.report.of_database import branch_of_database, report_of_database  # noqa: PLC0415  # its packages are heavy

        index, at = database_path(db), datetime.now(UTC)
        if since is None:
            document = report_of_database(index, at, project=project, limit=rows, progress=progress)
        else:
            document = branch_of_database(index, since, at, project=project, limit=rows, progress=progress)
        if as_json and output is None:
            return json_text(_object(document))
        text = _written(document, chosen, rows, progress)
    if output is None:
        return text
    try:
        with open(output, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except (OSError, ValueError) as error:
        raise UnwritableOutput(output, getattr(error, "strerror", None) or str(error)) from error
    size = len(text.encode())
    if as_json:
        return json_text({"output": output, "format": chosen, "bytes": size, "sections": [section.key for section in document.sections]})
    return f"{output}: {size / 1000:,.0f} kB\n"


def _written(document: Document, form: str, rows: int, progress: Progress | None) -> str:
    if form == "md":
        from lestockage.report.markdown import markdown  # noqa: PLC0415  # what is asked for only

        return markdown(document, limit=rows)
    from lestockage.report.html import html  # noqa: PLC0415  # draws

    return html(document, progress=progress)


@contextmanager
def _watched() -> Iterator[Progress | None]:
    """Return a block whose progress is shown where somebody could be watching."""
    if not ProgressLine.is_wanted():
        yield None
        return
    with ProgressLine() as line:
        yield line


def _object(document: Document) -> dict[str, object]:
    """Return what a document says as data; pictures, which show what is in the tables, are left out."""
    return {
        "title": document.title,
        "subject": document.subject,
        "made_at": document.made_at.isoformat(),
        "figures": [figure._asdict() for figure in document.figures],
        "findings": list(document.findings),
        "sections": [
            {
                "key": section.key,
                "title": section.title,
                "lead": list(section.lead),
                "tables": [
                    {
                        "key": table.key,
                        "caption": table.caption,
                        "total": table.total,
                        "rows": [dict(zip([column.title for column in table.columns], row, strict=True)) for row in table.rows],
                    }
                    for table in section.tables
                ],
            }
            for section in document.sections
        ],
    }
