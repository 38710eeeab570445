"""The engine against the model, over random programs and random steps; `make fuzz MINUTES=n` goes on with fresh seeds."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.conformance.durable_machine import DurableConformance
from tests.conformance.machine import Conformance

_SLICE = settings(max_examples=50, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck))


def test_every_step_answers_as_from_scratch_and_runs_the_minimum() -> None:
    """Values, exceptions, side outputs, executions and invariants, after every step of random programs in memory."""
    run_state_machine_as_test(Conformance, settings=_SLICE)


def test_every_step_answers_as_from_scratch_with_a_store_behind_it() -> None:
    """The same with a database file that is committed, closed and opened again between the steps."""
    run_state_machine_as_test(DurableConformance, settings=settings(_SLICE, max_examples=20))
