"""Regression: whether a new result is worse than one that was kept: counts exactly, ratios within a margin, never times."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from lestockage.errors import NotComparable
from lestockage.testing.benchmark.ratios import speed_up
from lestockage.testing.benchmark.results import FORMAT, Benchmark
from lestockage.testing.benchmark.way import REBUILD

if TYPE_CHECKING:
    import os
    from collections.abc import Iterator
    from pathlib import Path

    from lestockage.testing.benchmark.results import KindResult, Table

MARGIN: Final = 2.0
"""A way may be this many times less ahead of the full rebuild than it was: what two runs of one program on a busy machine differ by."""
SIZE_MARGIN: Final = 1.25
"""Memory for each memo and bytes on disk may be this many times what they were."""
_COUNTS: Final = ("executed", "visited", "loaded")


def read_result(path: Path) -> Benchmark:
    """Return a result that was kept in a file.

    Raises:
        NotComparable: there is no such file, or it holds no result of this format.
    """
    try:
        found = Benchmark.model_validate_json(path.read_bytes())
    except OSError as error:
        raise NotComparable(path, (error.strerror or str(error)).lower()) from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise NotComparable(path, f"it is no result ({where or 'the file'}: {first['msg'].lower()})") from error
    if found.format != FORMAT:
        raise NotComparable(path, f"it has format {found.format}, this release writes {FORMAT}")
    return found


def regressions(new: Benchmark, kept: Benchmark, file: str | os.PathLike[str], *, margin: float = MARGIN) -> list[str]:
    """Return what is worse in a new result, a line each; empty when nothing is.

    Every count of every way must be as it was, edit by edit: fewer executions are reported too, and mean that the kept result is to be
    made again. Ways that only one result has (a memoizer that is not installed) are not compared. `file` is where the kept one is from.

    Raises:
        NotComparable: other edits, another tree, another release of Python.
    """
    reason = next(_obstacles(new, kept), None)
    if reason is not None:
        raise NotComparable(file, reason)
    found: list[str] = []
    for mine, theirs in zip(new.tables, kept.tables, strict=True):
        for kind in theirs.kinds:
            now = mine.kind(kind.kind)
            found += [f"{kind.kind}: not measured"] if now is None else _counts(now, kind) + _ratios(now, kind, margin)
        found += _sizes(mine, theirs)
    return found


def _obstacles(new: Benchmark, kept: Benchmark) -> Iterator[str]:
    """Why two results are not of the same work."""
    for name in ("edits", "seed", "git", "peers"):
        mine, theirs = getattr(new, name), getattr(kept, name)
        if mine != theirs:
            yield f"{name} is {theirs} there and {mine} here"
    versions = [found.machine.python.rpartition(".")[0] for found in (kept, new)]
    if versions[0] != versions[1]:
        yield f"it was made with Python {versions[0]}, this is {versions[1]}"
    if [table.digest for table in new.tables] != [table.digest for table in kept.tables]:
        yield f"the tree is not the one that was measured ({kept.tree} of {kept.date})"


def _counts(now: KindResult, then: KindResult) -> list[str]:
    if now.edits != then.edits:
        return [f"{then.kind}: other edits ({', '.join(now.edits)} instead of {', '.join(then.edits)})"]
    found = []
    for old in then.ways:
        new = now.way(old.way)
        for count in _COUNTS if new is not None else ():
            mine, theirs = getattr(new, count), getattr(old, count)
            if mine != theirs:
                found.append(f"{then.kind}, {old.way}: {count} {_listed(mine)} instead of {_listed(theirs)}")
    return found


def _ratios(now: KindResult, then: KindResult, margin: float) -> list[str]:
    found = []
    for old in then.ways:
        new = now.way(old.way)
        if new is None or old.way == REBUILD:
            continue
        before, after = speed_up(then, old), speed_up(now, new)
        if before is not None and after is not None and after < before / margin:
            found.append(f"{then.kind}, {old.way}: {after:.2f} x faster than a rebuild instead of {before:.2f} x (margin {margin:g})")
    return found


def _sizes(now: Table, then: Table) -> list[str]:
    disks = [(old, new) for old in then.disk for new in now.disk if new.way == old.way]
    pairs = [(f"{old.way}: bytes on disk", old.first, new.first) for old, new in disks]
    pairs += [
        (f"{old.way}: bytes a memo", round(old.per_memo), round(new.per_memo))
        for old in then.memory
        for new in now.memory
        if old.way == new.way and old.per_memo and new.per_memo
    ]
    return [f"{what} {new:,} instead of {old:,} (margin {SIZE_MARGIN:g})" for what, old, new in pairs if new > old * SIZE_MARGIN]


def _listed(counts: tuple[int, ...]) -> str:
    return "/".join(map(str, counts))
