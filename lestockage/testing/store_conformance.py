"""Store conformance: what the engine relies on in whatever keeps its memos, one check for each claim, for the tests of a store of your own.

```python
@pytest.mark.parametrize("check", STORE_CHECKS, ids=lambda check: check.__name__)
def test_my_store(check, tmp_path):
    check(lambda: MyStore(tmp_path / "memos"))
```

A check is given a function that opens the store; what it opens a second time is another connection to the same contents. The last two are
about the whole: random writes and reads must come out as with `DictStore`, and an engine must run exactly the bodies that it has to.
"""

# ruff: noqa: S101  # checks are a test's assertions, in a place where users find them

from __future__ import annotations

import random
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from blake3 import blake3

from lestockage.engine.memostore import Member, Row, Suspect, Trace
from lestockage.testing.dict_store import DictStore
from lestockage.testing.store_scenario import run_scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from lestockage.engine.memostore import Dep, MemoStore

    Open = Callable[[], MemoStore]

_LARGE: Final = b"x" * 5_000
_WALKS: Final = 6
_STEPS: Final = 60


class _Undone(Exception):  # noqa: N818  # raised by a check to have a transaction fail
    """Ends a transaction that is to leave nothing."""


def _memo(number: int, deps: tuple[Dep, ...] = (), *, name: int = 1, digest: bytes = b"\x01", code: int = 1) -> Row:
    """A clean memo that read those nodes, each of which came to what its id spells."""
    reads = tuple(b"%d" % (dep if type(dep) is int else dep[0]) for dep in deps)  # type: ignore[index]  # a side, by exclusion
    return Row(number, name, b"key %d" % number, digest, 1, 1, False, deps, None, code, reads)


def _cell(number: int) -> Row:
    """The cell of an input."""
    return Row(number, 2, b"key %d" % number, b"\x01", 1, 1)


def _with_nodes(store: MemoStore, *rows: Row) -> None:
    """Insert nodes under the ids that they have; a check is the first to write."""
    with store.transaction():
        assert list(store.new_ids(len(rows))) == [row.id for row in rows]
        store.insert(rows)


def _seen(row: Row | None) -> tuple[Any, ...] | None:
    """What a reader may rely on in a row; its value is sometimes at hand."""
    return None if row is None else (*row[:7], row.effects, row.is_sound)


def what_was_inserted_is_found(open_store: Open) -> None:
    """A node is found by name and key, and by its id; one that is not there is not."""
    store = open_store()
    row = Row(1, 1, b"key 1", b"\x01", 3, 4, False, (), b"made", 1, ())
    _with_nodes(store, row)
    assert _seen(store.find(1, b"key 1")) == _seen(row)
    assert store.find(2, b"key 1") is None
    assert store.find(1, b"key 2") is None
    assert [_seen(found) for found in store.rows([1, 77])] == [_seen(row)]
    store.close()


def ids_are_never_given_twice(open_store: Open) -> None:
    """Ids of a transaction that ended well are not given again, by any connection."""
    one, other = open_store(), open_store()
    given: list[int] = []
    for store in (one, other, one):
        with store.transaction():
            given += store.new_ids(3)
    assert len(set(given)) == 9
    assert min(given) > 0
    one.close()
    other.close()


def a_failed_transaction_leaves_nothing(open_store: Open) -> None:
    """Whatever is raised inside a transaction undoes all of it; a block inside a block joins it."""
    store = open_store()
    with suppress(_Undone), store.transaction():
        store.insert([_memo(number) for number in store.new_ids(1)])
        store.set_revision(9)
        with store.transaction():
            store.put_name("a.query", b"code")
        raise _Undone
    assert store.find(1, b"key 1") is None
    assert (store.revision(), store.names()) == (1, {})
    store.close()


def what_was_committed_is_kept(open_store: Open) -> None:
    """Closed and opened again, a store holds what it held."""
    store = open_store()
    with store.transaction():
        name = store.put_name("a.query", b"code")
        store.insert([_memo(number, name=name, digest=blake3(_LARGE).digest()) for number in store.new_ids(1)])
        store.put_values([(blake3(_LARGE).digest(), _LARGE)])
        store.put_members([(7, Member(b"key", (1,)))])
        store.set_revision(5)
        store.set_generation(3)
    store.close()
    store = open_store()
    assert store.names() == {"a.query": (name, b"code")}
    found = store.find(name, b"key 1")
    assert found is not None
    assert store.value(found.digest or b"") == _LARGE
    assert store.member(7, b"key") == Member(b"key", (1,))
    assert (store.revision(), store.generation()) == (5, 3)
    store.close()


def names_keep_their_ids(open_store: Open) -> None:
    """A name has one id, whatever its code becomes; codes have one for each fingerprint of a name; pairs of names are recorded once."""
    store = open_store()
    with store.transaction():
        name, other = store.put_name("a.query", b"code 1"), store.put_name("b.query", b"code 1")
        assert store.put_name("a.query", b"code 2") == name != other
        first, second = store.put_code(name, b"code 1"), store.put_code(name, b"code 2")
        assert store.put_code(name, b"code 1") == first != second
        store.put_name_deps([(name, other), (name, other), (other, 9)])
        store.put_name_deps([(name, other)])
    assert store.name("a.query") == (name, b"code 2")
    assert store.name("c.query") is None
    assert (store.code(name, b"code 2"), store.code(name, b"code 3")) == (second, None)
    assert list(store.name_deps(name)) == [other]
    assert sorted(store.all_name_deps()) == sorted([(name, other), (other, 9)])
    store.close()


def values_are_under_their_hashes(open_store: Open) -> None:
    """A digest as long as a hash stands for bytes that were put, every other for itself; what was not put is not there."""
    store = open_store()
    hashed = blake3(_LARGE).digest()
    with store.transaction():
        store.put_values([(hashed, _LARGE)])
        store.put_values([(hashed, _LARGE)])
    assert store.value(hashed) == _LARGE
    assert store.value(b"few bytes") == b"few bytes"
    assert store.value(blake3(b"others").digest()) is None
    store.close()


def members_are_listed_by_class(open_store: Open) -> None:
    """Inputs are listed by their class, found by their key, replaced, and forgotten."""
    store = open_store()
    with store.transaction():
        store.put_members([(1, Member(b"a", (5, 0))), (1, Member(b"b", ())), (2, Member(b"a", (6,)))])
        store.put_members([(1, Member(b"a", (5, 9)))])
        store.delete_member(1, b"b")
    assert store.members(1) == [Member(b"a", (5, 9))]
    assert store.member(2, b"a") == Member(b"a", (6,))
    assert store.member(1, b"b") is None
    store.close()


def dirt_reaches_everything_above(open_store: Open) -> None:
    """A sweep dirties all that read the changed nodes, at any distance, and nothing else; it says why, and who was dirty before."""
    store = open_store()
    _with_nodes(store, _cell(1), _cell(2), _memo(3, (1,)), _memo(4, (2,)), _memo(5, (4, 3)), _memo(6, (2,)))
    cone = store.cone([1])
    assert store.dirty([3, 5]) == []
    with store.transaction():
        found = store.sweep([1])
    assert sorted(cone) == sorted(found)
    assert set(found) == {Suspect(3, 0, 1, has_sides=False, was_dirty=False), Suspect(5, 1, 3, has_sides=False, was_dirty=False)}
    assert sorted(store.dirty([1, 2, 3, 4, 5, 6])) == [3, 5]
    assert sorted(store.clean([1])) == [4, 6]
    with store.transaction():
        found = store.sweep([2])
    assert set(found) >= {Suspect(4, 0, 2, has_sides=False, was_dirty=False), Suspect(5, 0, 4, has_sides=False, was_dirty=True)}
    assert [suspect.dep for suspect in store.suspects(5) if suspect.dependent == 5] == [4, 3]
    assert {suspect.dependent for suspect in store.suspects(5)} == {3, 4, 5}
    store.close()


def dirt_stops_at_what_is_dirty(open_store: Open) -> None:
    """What is above a dirty node was dirtied when it was: a sweep that comes to it notes the reason and goes no further."""
    store = open_store()
    _with_nodes(store, _cell(1), _cell(2), _memo(3, (1, 2)), _memo(4, (3,)))
    with store.transaction():
        store.sweep([1])
        assert {suspect.dependent for suspect in store.sweep([2])} == {3}
    assert [suspect.dep for suspect in store.suspects(3) if suspect.dependent == 3] == [1, 2]
    store.close()


def what_is_due_has_no_dependency_to_blame(open_store: Open) -> None:
    """Nodes that are due anyway, one by one or all of a name, suspect 0; everything above them is dirty."""
    store = open_store()
    _with_nodes(store, _cell(1), _memo(2, (1,), name=5), _memo(3, (2,)), _memo(4, (1,), name=6))
    with store.transaction():
        assert store.invalidate([2]) == {2, 3}
    assert [(suspect.dependent, suspect.dep) for suspect in store.suspects(2)] == [(2, 0)]
    assert (store.has_clean(5), store.has_clean(6)) == (False, True)
    with store.transaction():
        assert store.sweep_name(6) == {4}
    assert not store.has_clean(6)
    store.close()


def what_holds_suspects_nothing(open_store: Open) -> None:
    """A node that was found to hold, or was written again, is clean, and holds in that revision."""
    store = open_store()
    _with_nodes(store, _cell(1), _memo(2, (1,)), _memo(3, (2,)))
    with store.transaction():
        store.sweep([1])
        store.put_verified([2], 7)
        store.update([_memo(3, (2,), digest=b"\x02")])
    assert store.suspects(2) == store.suspects(3) == []
    assert store.dirty([2, 3]) == []
    found = store.rows([2])[0]
    assert (found.changed_at, found.verified_at, found.is_dirty) == (1, 7, False)
    assert store.rows([3])[0].digest == b"\x02"
    store.close()


def edges_follow_what_was_read_last(open_store: Open) -> None:
    """Written again with other dependencies, a node hears of those, and of the earlier ones no more."""
    store = open_store()
    _with_nodes(store, _cell(1), _cell(2), _memo(3, (1,)))
    with store.transaction():
        store.update([_memo(3, (2,))])
        assert store.sweep([1]) == []
        assert {suspect.dependent for suspect in store.sweep([2])} == {3}
    assert store.deps([3, 77]) == {3: (2,)}
    store.close()


def sides_are_told_apart(open_store: Open) -> None:
    """Sides of a node are read in their order, and a suspect says that it was a side, at the place of its first read."""
    store = open_store()
    deps: tuple[Dep, ...] = (1, (2, b"f a"), (2, b"f b"))
    _with_nodes(store, _cell(1), _memo(2), _memo(3, deps))
    assert store.deps([3]) == {3: deps}
    with store.transaction():
        found = store.cone([2])
        store.put_suspects(found)
    assert found == [Suspect(3, 1, 2, has_sides=True, was_dirty=False)]
    assert store.dirty([3]) == [3]
    assert [suspect[:4] for suspect in store.suspects(3)] == [(3, 1, 2, True)]
    store.close()


def earlier_results_are_kept(open_store: Open) -> None:
    """A result that another one replaces is a trace of its code, the latest first; back in the row, it is none any more."""
    store = open_store()
    first, second = _memo(2, (1,)), _memo(2, (1,), digest=b"\x02")._replace(reads=(b"other",))
    _with_nodes(store, _cell(1), first)
    with store.transaction():
        store.update([second])
    assert store.present(2) == Trace((1,), (b"other",), b"\x02", None)
    assert store.traces(2, 1) == [Trace((1,), (b"other",), b"\x02", None), Trace((1,), (b"1",), b"\x01", None)]
    assert store.traces(2, 5) == []
    with store.transaction():
        store.update([first])
    assert [trace.digest for trace in store.traces(2, 1)] == [b"\x01", b"\x02"]
    with store.transaction():
        store.update([_memo(2, (1,), digest=b"\x03", code=5)])
        store.put_traces([(2, 5, Trace((), (), b"\x04", b"made"))])
    assert [trace.digest for trace in store.traces(2, 1)] == [b"\x01", b"\x02"]
    assert store.traces(2, 5)[1:] == [Trace((), (), b"\x04", b"made")]
    assert store.present(1) is None
    store.close()


def earlier_results_are_bounded(open_store: Open) -> None:
    """Of many results of one memo the latest are kept."""
    store = open_store()
    _with_nodes(store, _memo(1))
    with store.transaction():
        store.put_traces([(1, 1, Trace((9,), (b"%d" % number,), b"%d" % number, None)) for number in range(100)])
    found = [trace.digest for trace in store.traces(1, 1)][1:]
    assert 1 < len(found) < 100
    assert found == [b"%d" % number for number in range(99, 99 - len(found), -1)]
    store.close()


def what_is_at_hand_is_what_is_stored(open_store: Open) -> None:
    """A row that is at hand is that of the file, and after a write, one's own or another's that was noticed, the one written.

    `find`, which is called where nobody makes sure of other commits, has nothing at hand.
    """
    store, other = open_store(), open_store()
    _with_nodes(store, *(_memo(number) for number in range(1, 9)))
    store.foreign_commits()
    other.foreign_commits()
    assert all(store.find(1, b"key %d" % number) for number in range(1, 9))
    assert not any(store.at_hand(1, b"key %d" % number) for number in range(1, 9))
    assert all(_seen(store.look(1, b"key %d" % number)) == _seen(_memo(number)) for number in range(1, 9))
    store.read_ahead([1, 2, 3])
    found = store.at_hand(1, b"key 1")
    assert found is None or _seen(found) == _seen(store.find(1, b"key 1"))
    assert store.at_hand(2, b"key 2") is None
    with store.transaction():
        store.update([_memo(2, digest=b"\x02")])
    found = store.at_hand(1, b"key 2") or store.find(1, b"key 2")
    assert found is not None
    assert found.digest == b"\x02"
    store.read_ahead([3])
    with other.transaction():
        other.update([_memo(3, digest=b"\x03")])
    store.foreign_commits()
    found = store.at_hand(1, b"key 3") or store.find(1, b"key 3")
    assert found is not None
    assert found.digest == b"\x03"
    store.read_ahead([4])
    store.forget_at_hand()
    assert store.at_hand(1, b"key 4") is None
    store.close()
    other.close()


def commits_of_others_are_noticed(open_store: Open) -> None:
    """The number of foreign commits changes with a commit of another connection, and with none of one's own."""
    one, other = open_store(), open_store()
    before = one.foreign_commits()
    with one.transaction():
        one.set_generation(1)
    assert one.foreign_commits() == before
    with other.transaction():
        other.set_generation(2)
    assert one.foreign_commits() != before
    assert one.generation() == 2
    one.close()
    other.close()


def a_pinned_reader_sees_one_state(open_store: Open) -> None:
    """Pinned, a connection reads an earlier state, whatever others commit, until it is let go; so it does inside a snapshot."""
    one, other = open_store(), open_store()
    assert one.pin()
    assert one.is_pinned
    with other.transaction():
        other.set_revision(5)
    assert one.revision() == 1
    one.unpin()
    assert not one.is_pinned
    assert one.revision() == 5
    with one.snapshot():
        assert one.revision() == 5
        with other.transaction():
            other.set_revision(6)
        assert one.revision() == 5
    assert one.revision() == 6
    one.close()
    other.close()


def a_lease_has_one_holder(open_store: Open) -> None:
    """What one has taken another cannot take, until it is given back, or its holder has closed."""
    one, other = open_store(), open_store()
    assert one.leases.take(b"work")
    assert other.leases.is_held(b"work")
    assert not other.leases.take(b"work")
    assert not one.leases.is_held(b"work")
    with one.transaction():
        one.leases.drop(b"work")
    assert other.leases.take(b"work")
    other.close()
    assert one.leases.take(b"work")
    one.close()


def random_writes_come_out_as_with_a_dictionary(open_store: Open) -> None:
    """Nodes that are written, swept, verified and written again in random order are those of `DictStore`, after every step."""
    store = open_store()
    for seed in range(_WALKS):
        _walk(random.Random(seed), store, seed)  # noqa: S311  # no secret
    store.close()


def _walk(chance: random.Random, store: MemoStore, name: int) -> None:
    model = DictStore()
    with store.transaction(), model.transaction():
        offset = store.new_ids(1)[0]
        model.new_ids(offset)
    known: list[int] = []
    for _ in range(_STEPS):
        step = chance.choice(("insert", "insert", "update", "sweep", "verify", "invalidate"))
        chosen = chance.sample(known, min(len(known), chance.randint(1, 3)))
        with store.transaction(), model.transaction():
            if step == "insert" or not chosen:
                (number,) = store.new_ids(1)
                model.new_ids(1)
                row = _random_memo(chance, number, known, name)
                known.append(number)
                outcomes: list[Any] = [(each.insert([row])) for each in (store, model)]  # type: ignore[func-returns-value]  # both None
            elif step == "update":
                rows = [_random_memo(chance, number, [other for other in known if other < number], name) for number in chosen]
                outcomes = [each.update(rows) for each in (store, model)]  # type: ignore[func-returns-value]
            elif step == "sweep":
                cone = sorted(store.cone(chosen))
                outcomes = [sorted(each.sweep(chosen)) for each in (store, model)]
                assert cone == outcomes[0]
            elif step == "verify":
                outcomes = [each.put_verified(chosen, 3) for each in (store, model)]  # type: ignore[func-returns-value]
            else:
                outcomes = [each.invalidate(chosen) for each in (store, model)]
        assert outcomes[0] == outcomes[1], (step, chosen, outcomes)
        seen = [_everything(each, known, name) for each in (store, model)]
        assert seen[0] == seen[1], (step, chosen, [pair for pair in zip(*seen, strict=True) if pair[0] != pair[1]])


def _random_memo(chance: random.Random, number: int, below: list[int], name: int) -> Row:
    deps: list[Dep] = list(chance.sample(below, min(len(below), chance.randint(0, 3))))
    if deps and chance.random() < 0.3:
        deps[-1] = (deps[-1], b"side") if type(deps[-1]) is int else deps[-1]
    reads = tuple(b"%d" % chance.randint(0, 2) for _ in deps) if chance.random() < 0.9 else None
    return Row(number, name, b"key %d" % number, b"%d" % chance.randint(0, 9), 1, 2, False, tuple(deps), None, chance.randint(1, 2), reads)


def _everything(store: MemoStore, known: list[int], name: int) -> list[Any]:
    """All that a store says of these nodes, in an order of its own making."""
    return [
        sorted(filter(None, map(_seen, store.rows(known)))),
        sorted(store.deps(known).items()),
        [sorted(suspect for suspect in store.suspects(number) if suspect.dependent == number) for number in known],
        [store.traces(number, code) for number in known for code in (1, 2)],
        [_seen(store.find(name, b"key %d" % number)) for number in known],
        (sorted(store.dirty(known)), sorted(store.clean([name])), store.has_clean(name)),
    ]


def an_engine_runs_what_it_has_to(open_store: Open) -> None:
    """A database over the store, opened again after every change, gives the right answers and runs exactly the bodies it has to."""
    run_scenario(open_store)


STORE_CHECKS: Final[tuple[Callable[[Open], None], ...]] = (
    what_was_inserted_is_found,
    ids_are_never_given_twice,
    a_failed_transaction_leaves_nothing,
    what_was_committed_is_kept,
    names_keep_their_ids,
    values_are_under_their_hashes,
    members_are_listed_by_class,
    dirt_reaches_everything_above,
    dirt_stops_at_what_is_dirty,
    what_is_due_has_no_dependency_to_blame,
    what_holds_suspects_nothing,
    edges_follow_what_was_read_last,
    sides_are_told_apart,
    earlier_results_are_kept,
    earlier_results_are_bounded,
    what_is_at_hand_is_what_is_stored,
    commits_of_others_are_noticed,
    a_pinned_reader_sees_one_state,
    a_lease_has_one_holder,
    random_writes_come_out_as_with_a_dictionary,
    an_engine_runs_what_it_has_to,
)
"""Every check, in the order in which a new store may want to pass them."""
