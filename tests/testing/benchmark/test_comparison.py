"""Comparison: exact counts, repeatable edits, every way measured, and wrong answers noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from lestockage.errors import Disagreement
from lestockage.testing.benchmark import GONE, Life, Way, Work, compare, four_ways
from lestockage.testing.benchmark.agreement import check_agreement
from tests.testing.benchmark import word_graph
from tests.testing.benchmark.word_graph import graph, sabotaged, unseen

if TYPE_CHECKING:
    from pathlib import Path

    from lestockage.testing.benchmark import Table

pytestmark = pytest.mark.usefixtures("heap_aside")

KINDS = ["one input", "1 % of inputs", "10 % of inputs", "every input", "same value", "branch switch", "add input", "remove input"]


def counts(table: Table) -> dict[tuple[str, str], tuple[tuple[int, ...], ...]]:
    """Executions, visits and loads of every way over every kind."""
    return {(kind.kind, way.way): (way.executed, way.visited, way.loaded) for kind in table.kinds for way in kind.ways}


def test_counts_are_those_of_the_edits(tmp_path: Path) -> None:
    """A graph of forty words: an edit runs the words it changed and their total, a rebuild all, nothing changed nothing."""
    world = graph()
    table = compare(world, world.ways(peers=False), tmp_path, edits=2, memory=False)
    assert [kind.kind for kind in table.kinds] == KINDS
    executed = {key: found[0] for key, found in counts(table).items()}
    changed = {"one input": 1, "1 % of inputs": 1, "10 % of inputs": 4, "every input": 40}
    for kind, number in changed.items():
        assert executed[kind, "full rebuild"] == (41,) * 2
        assert executed[kind, "in-process"] == executed[kind, "reopened"] == (number + 1,) * 2
    assert executed["add input", "in-process"] == (2, 2)
    assert executed["remove input", "full rebuild"] == (40, 39)
    for kind in ("same value", "branch switch"):
        assert executed[kind, "in-process"] == executed[kind, "reopened"] == (0, 0)
    assert all(executed[kind, "unchanged"] == (0, 0) for kind in KINDS)


def test_two_runs_count_the_same(tmp_path: Path) -> None:
    """Equal graphs and seeds: equal edits, states and counts; another seed makes other edits."""
    tables = []
    for number, seed in enumerate((1, 1, 2)):
        world = graph(seed=seed)
        kinds = ["10 % of inputs", "branch switch"]
        tables.append(compare(world, world.ways(peers=False), tmp_path / str(number), edits=2, kinds=kinds, memory=False))
    assert counts(tables[0]) == counts(tables[1])
    assert [kind.edits for kind in tables[0].kinds] == [kind.edits for kind in tables[1].kinds]
    assert [kind.edits for kind in tables[0].kinds] != [kind.edits for kind in tables[2].kinds]
    assert tables[0].digest == tables[1].digest


def test_memoizers_do_the_same_work(tmp_path: Path) -> None:
    """Plain code runs everything, `functools.cache` and the caches in files what changed; their answers are compared too."""
    pytest.importorskip("diskcache")
    pytest.importorskip("joblib")
    world = graph(10)
    table = compare(world, world.ways(), tmp_path, edits=2, kinds=["one input"], memory=False)
    (kind,) = table.kinds
    assert {way.way: way.executed for way in kind.ways[4:]} == {
        "plain rebuild": (10, 10),
        "functools.cache": (1, 1),
        "diskcache": (1, 1),
        "joblib.Memory": (1, 1),
    }
    assert table.compared == 2 * len(kind.ways)


def test_a_stale_answer_is_noticed(tmp_path: Path) -> None:
    """A query that reads behind the database's back: what stays open disagrees with a rebuild, and the error says where and how."""

    def edit(world: Any, _chance: Any) -> dict[str, str]:
        unseen["more"] = unseen.get("more", 0) + 1
        return {"000": world["000"]}

    unseen.clear()
    world = graph(ask=sabotaged, plain=None, edits={"hidden": edit})
    with pytest.raises(Disagreement, match=r"'in-process' disagrees with 'full rebuild' after hidden, edit 1 \(000\): \d+ instead of \d+"):
        compare(world, world.ways(), tmp_path, edits=1, kinds=["hidden"], memory=False)


def test_sparing_builds_anew_after_the_last_edit_alone(tmp_path: Path) -> None:
    """A kind ends with an edit that was as much work as the one before; one rebuild is compared with the last answers."""
    sizes = [1, 2, 4, 4, 4]

    def edit(world: Any, _chance: Any) -> dict[str, str]:
        return {key: f"{world[key]} more" for key in sorted(world)[: sizes.pop(0)]}

    world = graph(edits={"growing": edit})
    table = compare(world, world.ways(peers=False), tmp_path, edits=5, kinds=["growing"], sparing=True, memory=False)
    assert {way.way: way.executed for kind in table.kinds for way in kind.ways} == {
        "full rebuild": (41,),
        "in-process": (2, 3, 5),
        "reopened": (2, 3, 5),
        "unchanged": (0, 0, 0),
    }
    assert table.compared == 3 * 3 + 4
    assert sizes == [4, 4]


def test_sparing_makes_a_large_edit_once(tmp_path: Path) -> None:
    """What runs a tenth of what there is says how much that is at the first time; what runs less, at the second."""
    world = graph()
    table = compare(
        world, world.ways(peers=False), tmp_path, edits=5, kinds=["1 % of inputs", "10 % of inputs"], sparing=True, memory=False
    )
    assert {kind.kind: len(kind.edits) for kind in table.kinds} == {"1 % of inputs": 2, "10 % of inputs": 1}


@pytest.mark.parametrize("edits", [1, 3])
def test_sparing_notices_a_stale_answer(tmp_path: Path, edits: int) -> None:
    """Nothing contradicts an open database in between: the one rebuild of the kind does."""

    def edit(world: Any, _chance: Any) -> dict[str, str]:
        unseen["more"] = unseen.get("more", 0) + 1
        return {"000": world["000"]}

    unseen.clear()
    world = graph(ask=sabotaged, plain=None, edits={"hidden": edit})
    ways = world.ways(peers=False)[:2]
    with pytest.raises(Disagreement, match=rf"'in-process' disagrees with 'full rebuild' after hidden, edit {min(edits, 2)} \(000\)"):
        compare(world, ways, tmp_path, edits=edits, kinds=["hidden"], sparing=True, memory=False)


def test_sparing_compares_the_other_ways_after_each_edit(tmp_path: Path) -> None:
    """A way that errs after the first edit and is right again after the last is found out."""
    world = graph()
    answers = iter([1, 2])

    class Erring:
        """A session that is asked twice, and is wrong the first time."""

        def update(self) -> None:
            pass

        def answer(self) -> object:
            return next(answers)

        def work(self) -> Work:
            return Work(0)

        def memos(self) -> int:
            return 0

        def close(self) -> None:
            pass

    ways = [*world.ways(peers=False)[:2], Way("mine", Life.KEPT, lambda _folder: Erring())]
    with pytest.raises(Disagreement, match=r"'mine' disagrees with 'in-process' after one input, edit 1"):
        compare(world, ways, tmp_path, edits=2, kinds=["one input"], sparing=True, memory=False)


def test_a_memoizer_that_cannot_do_the_work_is_noticed(tmp_path: Path) -> None:
    """A memoized function that reads the world past its arguments is stale after the next edit."""
    state: dict[str, str] = {}

    def nothing_but_a_name(path: str) -> int:
        return word_graph.count(state[path])

    def program(world: Any, memoize: Any) -> int:
        state.clear()
        state.update(world)
        counted = memoize(remembered)
        return sum(counted(path) for path in world)

    remembered = nothing_but_a_name
    world = graph(5, plain=program)
    with pytest.raises(Disagreement, match=r"'functools.cache' disagrees"):
        compare(world, [way for way in world.ways() if way.life is not Life.REOPENED], tmp_path, edits=1, kinds=["one input"], memory=False)


def test_memory_and_bytes_are_measured(tmp_path: Path) -> None:
    """A rebuild holds as many memos as queries were asked; what finds nothing changed allocates less; files grow."""
    world = graph(60)
    table = compare(world, world.ways(peers=False), tmp_path, edits=2, kinds=["every input"])
    memory = {found.way: found for found in table.memory}
    assert memory["full rebuild"].memos == memory["in-process"].memos == 61
    assert memory["unchanged"].peak < memory["full rebuild"].peak
    assert memory["full rebuild"].per_memo == memory["full rebuild"].held / 61
    assert {disk.way for disk in table.disk} == {"in-process", "reopened"}
    assert all(0 < disk.first < disk.last for disk in table.disk)
    assert world.digest() == table.digest


def test_an_edit_that_is_not_possible_is_left_out(tmp_path: Path) -> None:
    """No edit, no row; and an edit that runs out of places ends its kind."""
    left = ["000", "001"]
    world = graph(5, change=None, add=None, edits={"never": lambda _w, _c: {}, "twice": lambda _w, _c: {left.pop(): GONE} if left else {}})
    table = compare(world, world.ways(peers=False), tmp_path, edits=5, kinds=["never", "twice"], memory=False)
    assert [(kind.kind, kind.edits) for kind in table.kinds] == [("twice", ("001", "000"))]


def test_a_key_cannot_go_without_remove(tmp_path: Path) -> None:
    """An edit that removes needs a way to delete an input."""
    world = graph(2, remove=None, change=None, edits={"gone": lambda _w, _c: {"000": GONE}})
    with pytest.raises(TypeError, match="an edit removed '000', and there is no `remove`"):
        compare(world, world.ways(peers=False), tmp_path, edits=1, kinds=["gone"], memory=False)


def test_the_first_way_builds_everything(tmp_path: Path) -> None:
    """There must be answers that nothing remembered: the others are compared with them."""
    world = graph(2)
    with pytest.raises(ValueError, match="the first way must be a full rebuild"):
        compare(world, four_ways(world.open)[1:], tmp_path)


def test_progress_is_told(tmp_path: Path) -> None:
    """Everything that takes its time says what it is, and counts up to its end: the first state, each kind, memory."""
    told: list[tuple[str, int, int]] = []
    world = graph(3)
    compare(world, world.ways(peers=False), tmp_path, edits=2, kinds=["one input"], progress=lambda *at: told.append(at))
    assert [at for at in told if at[0] == "one input"] == [("one input", 0, 2), ("one input", 1, 2), ("one input", 2, 2)]
    assert [at for at in told if at[0] == "first state"] == [("first state", 0, 2), ("first state", 1, 2), ("first state", 2, 2)]
    assert list(dict.fromkeys(at[0] for at in told)) == ["first state", "one input: first state", "one input", "memory"]
    assert [at[1:] for at in told if at[0] == "memory"] == [(0, 4), (1, 4), (3, 4), (4, 4)]


def test_sessions_of_ones_own(tmp_path: Path) -> None:
    """Whatever opens, updates, answers and counts is a way; a failing one is closed."""
    world = graph(3)
    closed: list[bool] = []

    class Failing:
        """A session that cannot answer."""

        def update(self) -> None:
            raise OSError("broken")

        def answer(self) -> object:
            return None

        def work(self) -> Work:
            return Work(0)

        def memos(self) -> int:
            return 0

        def close(self) -> None:
            closed.append(True)

    with pytest.raises(OSError, match="broken"):
        compare(world, [Way("mine", Life.FRESH, lambda _folder: Failing())], tmp_path, edits=1, memory=False)
    assert closed == [True]


@pytest.mark.parametrize(
    ("found", "wanted", "line"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, "'b' is missing: 2"),
        ({"a": 1, "b": 2}, {"a": 1}, "'b' should not be there: 2"),
        ({"a": 1}, {"a": 2}, "'a': 1 instead of 2"),
        ({1, 2}, {2, 3}, "missing: 3; should not be there: 1"),
        ((1, (2, 3)), (1, (2, 4)), "[1] [1] 3 instead of 4"),
        ((1,), (1, 2), "(1,) instead of (1, 2)"),
        (list(range(9)), list(range(9, 18)), "[4] 4 instead of 13; and more"),
    ],
)
def test_differences_are_told(found: object, wanted: object, line: str) -> None:
    """The first differences of two answers, in the words of what they are."""
    with pytest.raises(Disagreement) as raised:
        check_agreement(found, wanted, way="w", other="v", when="an edit")
    assert line in str(raised.value)
