"""HTML report: a result as one page that needs nothing else: no script, no network; light and dark, narrow and wide."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from lestockage.testing.benchmark.chart import svg_chart
from lestockage.testing.benchmark.sheet import HEADER, legend, provenance, remarks, rows

if TYPE_CHECKING:
    from lestockage.testing.benchmark.results import Benchmark, Table

_STYLE = """
:root { color-scheme: light dark; --ink: #1d2126; --page: #fff; --line: #d5d9df; --soft: #5c6470; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e7eb; --page: #16191d; --line: #343a42; --soft: #9aa3af; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); }
body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
th, td { padding: .15rem .7rem; text-align: right; white-space: nowrap; } th { border-bottom: 2px solid var(--line); }
th:nth-child(-n+2), td:nth-child(-n+2) { text-align: left; } tr.first td { border-top: 1px solid var(--line); }
dt { float: left; clear: left; width: 6rem; color: var(--soft); } dd { margin-left: 6rem; overflow-wrap: anywhere; }
svg { width: 100%; min-width: 44rem; height: auto; font: 11px system-ui, sans-serif; } svg text { fill: var(--ink); }
svg .axis { text-anchor: middle; fill: var(--soft); } svg .way { text-anchor: end; fill: var(--soft); } svg .kind { font-weight: 600; }
svg .grid { stroke: var(--line); } svg .spread { stroke: var(--ink); stroke-width: 1.5; } .soft { color: var(--soft); }
"""


def html_report(found: Benchmark) -> str:
    """Return the whole result as a page; whatever comes from a tree is escaped."""
    title = escape(f"Benchmark of {found.tree}")
    facts = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in provenance(found))
    tables = "".join(_table(table) for table in found.tables)
    notes = "".join(f"<p class='soft'>{escape(line)}</p>\n" for line in legend())
    return (
        "<!doctype html>\n<html lang='en'>\n<head><meta charset='utf-8'>\n"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>\n"
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n<body>\n<h1>{title}</h1>\n<dl>{facts}</dl>\n{tables}{notes}</body>\n</html>\n"
    )


def _table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADER)
    body = "".join(
        f"<tr{' class=first' if row.cells[0] else ''}>" + "".join(f"<td>{escape(cell)}</td>" for cell in row.cells) + "</tr>\n"
        for row in rows(table)
    )
    said = "".join(f"<li>{escape(line)}</li>\n" for line in remarks(table))
    return (
        f"<h2>{escape(table.name)}</h2>\n<div class='scroll'>{svg_chart(table)}</div>\n<ul>\n{said}</ul>\n"
        f"<div class='scroll'><table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}</tbody></table></div>\n"
    )
