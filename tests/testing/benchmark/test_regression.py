"""Regression: a changed count fails, a lost ratio beyond the margin fails, a slower machine does not; other work is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lestockage.errors import NotComparable
from lestockage.testing.benchmark.regression import read_result, regressions
from lestockage.testing.benchmark.results import Benchmark, Machine
from tests.testing.benchmark.small_result import result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def changed(change: Callable[[Any], object]) -> Benchmark:
    """A result with something changed in its only table, as plain data."""
    data = result().model_dump()
    change(data["tables"][0])
    return Benchmark.model_validate(data)


def samples(table: Any, way: int) -> Any:
    """One way of the first kind, as plain data."""
    return table["kinds"][0]["ways"][way]


def test_the_same_is_no_regression() -> None:
    """A result compared with itself, or measured on a machine half as fast, has nothing worse in it."""

    def slow(table: Any) -> None:
        for found in table["kinds"]:
            for way in found["ways"]:
                way["seconds"] = tuple(2 * second for second in way["seconds"])

    assert regressions(result(), result(), "kept.json") == []
    assert regressions(changed(slow), result(), "kept.json") == []


@pytest.mark.parametrize("count", ["executed", "visited", "loaded"])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_count_that_changed_is_told(count: str, by: int) -> None:
    """One more or one less, in one edit of one way, is told with both."""

    def change(table: Any) -> None:
        first, *rest = samples(table, 1)[count]
        samples(table, 1)[count] = (first + by, *rest)

    (line,) = regressions(changed(change), result(), "kept.json")
    assert line.startswith(f"one | symbol, in-process: {count} ")


def test_a_ratio_is_compared_within_the_margin() -> None:
    """1.9 times slower against the rebuild passes, 2.1 times does not; a margin of one's own decides otherwise."""

    def slower(by: float) -> Benchmark:
        def change(table: Any) -> None:
            way = samples(table, 1)
            way["seconds"] = tuple(by * second for second in way["seconds"])

        return changed(change)

    assert regressions(slower(1.9), result(), "kept.json") == []
    assert regressions(slower(2.1), result(), "kept.json") == [
        "one | symbol, in-process: 47.62 x faster than a rebuild instead of 100.00 x (margin 2)"
    ]
    assert regressions(slower(2.1), result(), "kept.json", margin=3) == []
    assert len(regressions(slower(1.9), result(), "kept.json", margin=1.5)) == 1


def test_sizes_are_compared_within_their_margin() -> None:
    """A quarter more bytes on disk or for each memo is let pass, more is told."""

    def grow(by: float) -> Benchmark:
        def change(table: Any) -> None:
            table["disk"][0]["first"] = round(1_000_000 * by)
            table["memory"][0]["held"] = round(1_000_000 * by)

        return changed(change)

    assert regressions(grow(1.25), result(), "kept.json") == []
    assert regressions(grow(1.3), result(), "kept.json") == [
        "reopened: bytes on disk 1,300,000 instead of 1,000,000 (margin 1.25)",
        "full rebuild: bytes a memo 1,300 instead of 1,000 (margin 1.25)",
    ]


def test_what_is_missing_or_other_is_told() -> None:
    """A kind that was not measured, and edits that are others; a memoizer that is not installed is passed over."""
    assert regressions(changed(lambda table: table.update(kinds=table["kinds"][1:])), result(), "k") == ["one | symbol: not measured"]

    def other(table: Any) -> None:
        table["kinds"][0]["edits"] = ("one", "two", "four")

    assert regressions(changed(other), result(), "k") == ["one | symbol: other edits (one, two, four instead of one, two, three)"]
    assert regressions(changed(lambda table: table["kinds"][0].update(ways=table["kinds"][0]["ways"][:4])), result(), "k") == []


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (result(edits=4), "edits is 3 there and 4 here"),
        (result(git="a..b"), "git is None there and a..b here"),
        (result(machine=Machine(system="Linux", architecture="x", cores=2, python="3.12.1")), "it was made with Python 3.11, this is 3.12"),
        (changed(lambda table: table.update(digest="e")), "the tree is not the one that was measured (<b>tree</b> of 2026-01-01)"),
    ],
    ids=["edits", "git", "python", "tree"],
)
def test_other_work_is_refused(new: Benchmark, reason: str) -> None:
    """Results of other edits, another tree or another Python are not compared."""
    with pytest.raises(NotComparable) as raised:
        regressions(new, result(), "kept.json")
    assert raised.value.reason == reason


def test_a_result_survives_its_file(tmp_path: Path) -> None:
    """What is read is what was written."""
    path = tmp_path / "kept.json"
    path.write_text(result().model_dump_json())
    assert read_result(path) == result()


def test_files_that_hold_no_result_are_refused(tmp_path: Path) -> None:
    """Missing, no JSON, no result, another format: each is told, with the way out."""
    path = tmp_path / "kept.json"
    with pytest.raises(NotComparable, match=r"no such file.*--json FILE"):
        read_result(path)
    path.write_text("[")
    with pytest.raises(NotComparable, match="it is no result"):
        read_result(path)
    path.write_text(json.dumps({**result().model_dump(mode="json"), "seed": "x"}))
    with pytest.raises(NotComparable, match=r"it is no result \(seed: "):
        read_result(path)
    path.write_text(json.dumps({**result().model_dump(mode="json"), "format": 2}))
    with pytest.raises(NotComparable, match="it has format 2, this release writes 1"):
        read_result(path)
