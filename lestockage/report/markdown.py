"""Markdown: a document as GitHub's Markdown, for a pull request: the same sentences and tables, without pictures.

Everything is data: what Markdown or HTML would read as a sign of theirs is escaped, names stand in code spans, and nobody is mentioned.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lestockage.report.cell_text import cell_text

if TYPE_CHECKING:
    from lestockage.report.document import Cell, Column, Document, Section, Table

_SIGNS: Final = re.compile(r"([\\`*_{}\[\]<>#+!|~&$^=-])")
_MENTION: Final = re.compile(r"(?<=[@])(?=\w)")
_BACKTICKS: Final = re.compile(r"`+")
_RIGHT: Final = frozenset({"number", "percent"})


def markdown(document: Document, *, limit: int) -> str:
    """Return the text; tables have at most `limit` rows, and those of more than five rows are folded."""
    parts = [f"# {text(document.title)}", f"{text(document.subject)} · {document.made_at:%Y-%m-%d %H:%M %Z}".lstrip(" ·")]
    parts.append("\n".join(_rows([[text(each.label), f"**{text(each.value)}**", text(each.note)] for each in document.figures])))
    if document.findings:
        parts.append("\n".join(f"- {text(finding)}" for finding in document.findings))
    for section in document.sections:
        parts += _section(section, limit)
    return "\n\n".join(part for part in parts if part) + "\n"


def text(given: str) -> str:
    """Return a text that Markdown shows as it is, in one line."""
    return _MENTION.sub("\u200b", _SIGNS.sub(r"\\\1", " ".join(given.split())))


def code(given: str) -> str:
    """Return a code span, within a table or outside one, that shows a text as it is, in one line."""
    line = " ".join(given.split()).replace("|", "\\|")
    if not line:
        return ""
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _section(section: Section, limit: int) -> list[str]:
    parts = [f"## {text(section.title)}", *(text(sentence) for sentence in section.lead)]
    return [*parts, *(_table(table, limit) for table in section.tables)]


def _table(table: Table, limit: int) -> str:
    rows = table.rows[:limit]
    titles = [text(column.title) for column in table.columns]
    lines = _rows([[_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)] for row in rows], titles, table.columns)
    more = f" ({len(rows):,} of {table.total:,})" if table.total > len(rows) else f" ({table.total:,})"
    caption = f"{table.caption}{more}"
    body = "\n".join(lines)
    if len(rows) <= 5:
        return f"**{text(caption)}**\n\n{body}"
    # Within a line of HTML, Markdown's signs mean nothing, and HTML's do.
    plain = caption.replace("&", "&amp;").replace("<", "&lt;")
    return f"<details><summary>{plain}</summary>\n\n{body}\n\n</details>"


def _cell(cell: Cell, column: Column) -> str:
    shown = cell_text(cell, column)
    return code(shown) if column.kind in {"code", "id"} and cell is not None else text(shown)


def _rows(rows: list[list[str]], titles: list[str] | None = None, columns: tuple[Column, ...] = ()) -> list[str]:
    width = len(titles or rows[0])
    rule = ["--:" if number < len(columns) and columns[number].kind in _RIGHT else "---" for number in range(width)]
    return [f"| {' | '.join(cells)} |" for cells in (titles or [""] * width, rule, *rows)]
