"""Bench: the command that measures what edits of a tree cost, in every way of getting at the index, and compares with a kept result."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from lestockage.cli.message import say
from lestockage.cli.progress_line import ProgressLine
from lestockage.cli.table import quantity
from lestockage.cli.verdict import Verdict
from lestockage.errors import UnwritableOutput
from lestockage.testing.benchmark.html_report import html_report
from lestockage.testing.benchmark.markdown_report import markdown_report
from lestockage.testing.benchmark.regression import MARGIN, read_result, regressions
from lestockage.testing.benchmark.text_report import text_report
from lestockage.testing.benchmark.tree_benchmark import DEFAULTS, Options, benchmark_tree

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.testing.benchmark.results import Benchmark

_REPORTS: dict[str, Callable[[Benchmark], str]] = {".html": html_report, ".md": markdown_report}
_STANDARD_OUTPUT = "-"


def answer(  # noqa: PLR0913  # what to edit, and where results go
    *,
    tree: str = ".",
    project: str | None = None,
    edits: int | None = None,
    seed: int | None = None,
    git: str | None = None,
    no_peers: bool = False,
    no_memory: bool = False,
    json_file: str | None = None,
    report: str | None = None,
    check: str | None = None,
    margin: float | None = None,
) -> str | Verdict:
    """Measure a tree and return the result as text, or as JSON where it is to go to standard output; files are written beside.

    With `check`, the edits of the result in that file are made again, and the verdict says what is worse now.

    Raises:
        UnwritableOutput: a file cannot be written, or the report's name does not say what it is; told before anything is measured.
        NotComparable: the result to compare with cannot be read, or is of other work.
        Disagreement, PathNotFound, NoRepository, UnknownRevision: see `benchmark_tree`.
    """
    if report is not None and Path(report).suffix not in _REPORTS:
        raise UnwritableOutput(report, f"its name ends in none of {', '.join(_REPORTS)}")
    for name in (report, json_file):
        if name is not None and name != _STANDARD_OUTPUT:
            _write(name, None)
    kept = None if check is None else read_result(Path(check))
    if kept is not None:
        options, project = Options(kept.edits, kept.seed, kept.git, kept.peers), kept.tree
    else:
        options = Options(edits or DEFAULTS.edits, seed or DEFAULTS.seed, git, not no_peers)
    with ProgressLine() if ProgressLine.is_wanted() else nullcontext() as progress:
        found = benchmark_tree(tree, options, name=project, memory=not no_memory, progress=progress)
    as_json = found.model_dump_json(indent=1) + "\n"
    if json_file is not None and json_file != _STANDARD_OUTPUT:
        _write(json_file, as_json)
    if report is not None:
        _write(report, _REPORTS[Path(report).suffix](found))
    text = as_json if json_file == _STANDARD_OUTPUT else text_report(found)
    if kept is None or check is None:
        return text
    worse = regressions(found, kept, check, margin=margin or MARGIN)
    say(f"{quantity(len(worse), 'regression')} against {check}, of {kept.date}.")
    if json_file == _STANDARD_OUTPUT:
        return Verdict(text, 1 if worse else 0)
    return Verdict("".join(f"{line}\n" for line in worse), 1 if worse else 0)


def _write(name: str, text: str | None) -> None:
    """Write a file, or with None see whether it could be: what is there stays."""
    try:
        if text is None:
            with Path(name).open("a", encoding="utf-8"):
                return
        Path(name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UnwritableOutput(name, (error.strerror or str(error)).lower()) from error
