"""Markdown report: a result for a pull request or a page of documentation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lestockage.testing.benchmark.sheet import HEADER, legend, provenance, remarks, rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lestockage.testing.benchmark.results import Benchmark

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#|~&!])")


def markdown_report(found: Benchmark) -> str:
    """Return the whole result as Markdown; names are escaped."""
    parts = [f"# Benchmark of {_escaped(found.tree)}\n", "".join(f"- {label}: {_escaped(text)}\n" for label, text in provenance(found))]
    for table in found.tables:
        parts.append(f"## {_escaped(table.name)}\n")
        lines = [_line(HEADER), _line(["---", "---", *("---:" for _ in HEADER[2:])])]
        lines += [_line(map(_escaped, row.cells)) for row in rows(table)]
        parts += ["".join(lines), "".join(f"- {_escaped(line)}\n" for line in remarks(table))]
    parts.append("\n".join(legend()) + "\n")
    return "\n".join(parts)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
