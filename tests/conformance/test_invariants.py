"""The machine and the invariants can fail: each test takes one promise of the engine away, and one of the two must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from lestockage.engine import cycle, effects, eviction, fetch, inputs, node, publish, runtime, specify, verify, write
from lestockage.engine.node import MISSING, STALE, Memo
from tests.conformance import scenarios
from tests.conformance.machine import Conformance, CycleConformance, StructConformance

if TYPE_CHECKING:
    from collections.abc import Callable

Sabotage = "Callable[[pytest.MonkeyPatch], None]"

_BUDGET = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def _skip_the_reverse_edge(patch: pytest.MonkeyPatch) -> None:
    """Publishing forgets to tell a second reader's dependency about it."""
    patch.setattr(publish, "add", lambda nodes, _node: nodes)


def _keep_old_reverse_edges(patch: pytest.MonkeyPatch) -> None:
    """Publishing keeps the memo among the dependents of what it reads no more."""
    patch.setattr(publish, "_drop_edges", lambda *_args: None)


def _verify_out_of_order(patch: pytest.MonkeyPatch) -> None:
    """Verification looks at the dependency that was read last first."""
    in_order = verify.in_read_order
    patch.setattr(verify, "in_read_order", lambda db, memo: list(reversed(in_order(db, memo))))


def _never_backdate(patch: pytest.MonkeyPatch) -> None:
    """An equal result counts as a change."""
    patch.setattr(publish, "_is_same", lambda *_args: False)


def _always_backdate(patch: pytest.MonkeyPatch) -> None:
    """A different result counts as none."""
    patch.setattr(publish, "_is_same", lambda *_args: True)


def _forget_to_mark(patch: pytest.MonkeyPatch) -> None:
    """A write dirties nobody."""
    patch.setattr(write, "mark", lambda *_args: None)


def _forget_to_mark_members(patch: pytest.MonkeyPatch) -> None:
    """A new or deleted input dirties nobody."""
    patch.setattr(inputs, "mark", lambda *_args: None)


def _mark_one_level(patch: pytest.MonkeyPatch) -> None:
    """Dirt reaches the readers of a changed cell and not those above."""

    def shallow(db: Any, source: Any) -> None:
        for reader in node.each(source.dependents):
            reader.suspects = node.add(reader.suspects, source)
            if type(reader) is Memo:
                reader.value = STALE
        db.counts.marked += 1

    patch.setattr(write, "mark", shallow)


def _keep_suspects(patch: pytest.MonkeyPatch) -> None:
    """A validated memo serves its value and stays dirty."""

    def turn_green(_db: Any, memo: Memo) -> None:
        memo.value = memo.last if memo.last is not MISSING else STALE

    patch.setattr(verify, "turn_green", turn_green)


def _validate_everything(patch: pytest.MonkeyPatch) -> None:
    """A dirty memo is taken for unchanged."""
    advance = verify._advance
    patch.setattr(verify, "_advance", lambda db, step: False if advance(db, step) is True else advance(db, step))


def _execute_everything(patch: pytest.MonkeyPatch) -> None:
    """A dirty memo is executed without a look at what it read."""
    patch.setattr(verify, "_advance", lambda _db, _step: True)


def _drop_untracked_reads(patch: pytest.MonkeyPatch) -> None:
    """An untracked read leaves no trace."""
    patch.setattr(runtime.Engine, "report_untracked_read", lambda _db: None)


def _forget_presence(patch: pytest.MonkeyPatch) -> None:
    """Looking up a key that has no input is no dependency."""
    get = inputs.Input.get.__func__  # type: ignore[attr-defined]  # a class method

    def untracked(cls: Any, db: Any, **key: Any) -> Any:
        frame = node_frame()
        before = dict(frame.reads) if frame is not None else None
        found = get(cls, db, **key)
        if frame is not None and before is not None and found is None:
            frame.reads.clear()
            frame.reads.update(before)
        return found

    patch.setattr(inputs.Input, "get", classmethod(untracked))


def node_frame() -> Any:
    """The running frame."""
    return fetch.current()


def _forget_reads_of_the_failed(patch: pytest.MonkeyPatch) -> None:
    """A caller that catches an exception does not depend on what led to it."""
    original = fetch.obtain

    def obtain(db: Any, memo: Memo, caller: Any) -> Any:
        before = None if caller is None else dict(caller.reads)
        try:
            return original(db, memo, caller)
        except Exception:
            if caller is not None and before is not None:
                caller.reads.clear()
                caller.reads.update(before)
            raise

    patch.setattr(fetch, "obtain", obtain)


def _evict_nothing(patch: pytest.MonkeyPatch) -> None:
    """Values over the capacity stay."""
    patch.setattr(eviction, "evict", lambda *_args: None)


def _evict_dependencies_too(patch: pytest.MonkeyPatch) -> None:
    """An evicted memo is forgotten altogether."""
    evict = eviction.evict

    def forgetting(db: Any, table: Any) -> None:
        evict(db, table)
        for memo in table.entries.values():
            if memo.last is MISSING and memo.verified_at:
                publish.unlink(db, memo)

    patch.setattr(eviction, "evict", forgetting)


def _backdate_against_a_provisional_value(patch: pytest.MonkeyPatch) -> None:
    """A cycle's members are published as they come, in the first iteration."""

    def settle(db: Any, frame: Any, value: Any, _invoke: Any) -> Any:
        group = cycle.find(frame.group)
        cycle.effects.settle(db, frame)
        publish.publish(db, frame.memo, {read: None for read in frame.reads if read is not frame.memo}, value)
        if group.head is frame:
            cycle.abandon(db, group)
        db.release(frame)
        return value

    from lestockage.engine import execute  # noqa: PLC0415  # the module, whose name `Engine.execute` shadows elsewhere

    patch.setattr(execute, "settle", settle)


def _iterate_once(patch: pytest.MonkeyPatch) -> None:
    """A cycle is taken to have converged after its first iteration."""
    improve = cycle._improve

    def improved(db: Any, frame: Any, value: Any) -> Any:
        found = improve(db, frame, value)
        cycle.find(frame.group).has_changed = False
        return found

    patch.setattr(cycle, "_improve", improved)


def _keep_discarded_structs(patch: pytest.MonkeyPatch) -> None:
    """A struct that is not made again lives on."""
    patch.setattr(effects, "discard_struct", lambda *_args: None)


def _forget_changed_fields(patch: pytest.MonkeyPatch) -> None:
    """A struct's field gets its new value, and nobody is told."""
    make = __import__("lestockage.engine.tracked", fromlist=["make"])
    original = make.make

    def quiet(db: Any, frame: Any, cls: Any, key: Any, values: Any) -> Any:
        ages = {facet: facet.changed_at for facet in db.facets.get(frame.memo, {}).values()}
        handle = original(db, frame, cls, key, values)
        for facet in handle._facets:
            facet.changed_at = ages.get(facet, facet.changed_at)
        return handle

    patch.setattr(make, "make", quiet)


def _ignore_specified_values(patch: pytest.MonkeyPatch) -> None:
    """A specified value is lost."""
    patch.setattr(specify, "publish", lambda *_args, **_kwargs: None)


def _ignore_side_outputs(patch: pytest.MonkeyPatch) -> None:
    """What a second execution pushes is not compared with what the first did."""
    settle = effects.settle

    def deaf(db: Any, frame: Any) -> None:
        outputs = db.facets.get(frame.memo, {}).get(effects.OUTPUTS)
        age = None if outputs is None else outputs.changed_at
        settle(db, frame)
        if outputs is not None:
            outputs.changed_at = age

    patch.setattr(effects, "settle", deaf)


def _leave_claims(patch: pytest.MonkeyPatch) -> None:
    """Claims are not given back after a failure."""
    patch.setattr(runtime.Engine, "release", lambda _db, _frame: None)


def _never_take_back(patch: pytest.MonkeyPatch) -> None:
    """Going back to the value before is a change like any other."""
    patch.setattr(write, "_suspects", lambda *_args: False)


def _always_take_back(patch: pytest.MonkeyPatch) -> None:
    """Going back to the value before is no change, even if somebody has looked in between."""
    patch.setattr(write, "_suspects", lambda *_args: True)


SABOTAGES = [
    _skip_the_reverse_edge,
    _keep_old_reverse_edges,
    _verify_out_of_order,
    _never_backdate,
    _always_backdate,
    _forget_to_mark,
    _forget_to_mark_members,
    _mark_one_level,
    _keep_suspects,
    _validate_everything,
    _execute_everything,
    _drop_untracked_reads,
    _forget_presence,
    _forget_reads_of_the_failed,
    _evict_nothing,
    _evict_dependencies_too,
    _backdate_against_a_provisional_value,
    _iterate_once,
    _keep_discarded_structs,
    _forget_changed_fields,
    _ignore_specified_values,
    _ignore_side_outputs,
    _leave_claims,
    _never_take_back,
    _always_take_back,
]


_MACHINES: dict[Any, type[Conformance]] = {
    _backdate_against_a_provisional_value: CycleConformance,
    _iterate_once: CycleConformance,
    _keep_discarded_structs: StructConformance,
    _forget_changed_fields: StructConformance,
    _ignore_specified_values: StructConformance,
}
"""Where the general programs would need long to get to what is broken."""


def _look(machine: type[Conformance]) -> None:
    for scenario in scenarios.IN_MEMORY:
        scenarios.play(scenario)
    run_state_machine_as_test(machine, settings=_BUDGET)


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.__name__.strip("_"))
def test_a_broken_engine_is_noticed(sabotage: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this one promise, some program answers wrongly, runs too much or leaves an inconsistent database."""
    sabotage(monkeypatch)
    with pytest.raises(Exception):  # noqa: B017, PT011  # a broken engine may fail in any way; it may not pass
        _look(_MACHINES.get(sabotage, Conformance))


def test_the_budget_is_passed_by_the_engine_as_it_is() -> None:
    """The same programs and steps find nothing in the engine as it is."""
    for machine in (Conformance, StructConformance, CycleConformance):
        run_state_machine_as_test(machine, settings=settings(_BUDGET, max_examples=20))
